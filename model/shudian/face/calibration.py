"""`shudian.calibration`: the uncertain parameters fitted to the reported figures; nothing that is shipped changes.

The command's own name is that of the package in which the sampler stands, which an attribute of the face would hide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shudian.analysis.reported import band
from shudian.answers.calibration.artefact import artefact
from shudian.answers.calibration.city import CityView, fit_member
from shudian.answers.calibration.learning import LEVELS, Learned, learned
from shudian.answers.calibration.questions import answers, questions
from shudian.answers.calibration.request import CalibrationRequest
from shudian.answers.handed import counted, text, texts
from shudian.calibrate.calibration import Calibration, Diagnostics
from shudian.calibrate.calibration import calibrate as fitted
from shudian.calibrate.target import HISTORY
from shudian.draws import Array, draws_of, prior_draws
from shudian.face.given import PosteriorDraws
from shudian.face.own_model import opened
from shudian.grounds import joined
from shudian.kinds import InputError, Language
from shudian.observe.comparison import compare
from shudian.observe.likelihood import Observer
from shudian.parameters import HOME
from shudian.posterior_file import Posterior, write_posterior
from shudian.report.calibration.city_member import document, headline
from shudian.report.document import finding
from shudian.report.render.html import html
from shudian.report.words.captions import evidence_words
from shudian.wording import say

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

_QUANTILES = ("q05", "q25", "q50", "q75", "q95")
"""What each of LEVELS is called."""


def calibration(
    city: str = HOME, *, until: str = "", without: Sequence[str] = (), with_: str | Path = "", seed: int = 1
) -> CalibrationAnswer | CityCalibrationAnswer:
    """What `shudian calibrate` finds for `city`, as numbers; it takes minutes, and writes nothing.

    Another city than Zhengzhou is fitted to its own figures on the structure of Zhengzhou's posterior, which takes
    seconds. `until` is the last day on which a figure may have been published, `2024-12-31`, of Zhengzhou's; `without`
    are reports or findings that are left out; `with_` is a file of figures of one's own. The same arguments give the
    same draws on the same machine, and one that was interrupted is taken up where it stood. In a script, call it below
    `if __name__ == "__main__":`, because it starts processes. Raises InputError for a mistake in the figures, and for
    a city that has none.
    """
    request = CalibrationRequest(
        text("until", until), texts("without", without), Path(text("with_", with_)) if with_ else None,
        counted("seed", seed, 0), city=text("city", city),
    )  # fmt: skip
    if request.city != HOME:
        return CityCalibrationAnswer(fit_member(request))
    return CalibrationAnswer(fitted(request.evidence, seed=request.seed))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CalibrationAnswer:
    """What `calibration` found: draws of the posterior, how far they can be trusted, and what they learned."""

    found: Calibration

    @property
    def posterior(self) -> PosteriorDraws:
        """The draws, as `shudian.posterior()` gives the shipped ones; look at `diagnostics` first."""
        return PosteriorDraws(_posterior(self.found), opened(self.found.target.model))

    @property
    def passed(self) -> bool:
        """Whether the independent batches agree, by the standard that the shipped posterior has met."""
        return self.found.diagnostics.passed

    @property
    def diagnostics(self) -> Diagnostics:
        """Of every parameter, the log-likelihood last: R-hat, and effective numbers of draws."""
        return self.found.diagnostics

    def parameters(self) -> pd.DataFrame:
        """One row for a parameter, the one that learned most first: quantiles of prior and posterior, in `unit`.

        `share` of the prior's variance is gone and the mean has moved by `shift`, in prior standard deviations, both on
        the scale on which the prior is normal; `reached` says whether any report hangs on it.
        """
        import pandas as pd

        diagnostics = self.diagnostics
        place = {name: row for row, name in enumerate(diagnostics.names)}
        rows = []
        for entry in _learned(self.found):
            row, parameter = place[entry.parameter.name], entry.parameter
            quantiles = {
                f"{of}_{level}": value
                for of, values in (("prior", entry.prior), ("posterior", entry.posterior))
                for level, value in zip(_QUANTILES, values.tolist(), strict=True)
            }
            rows.append(
                {
                    "parameter": parameter.name, "label_zh": parameter.label.zh, "label_en": parameter.label.en,
                    "unit": parameter.display_unit, **quantiles, "share": entry.share, "shift": entry.shift,
                    "reached": entry.reached, "rhat": diagnostics.rhat[row], "ess_bulk": diagnostics.bulk[row],
                    "ess_tail": diagnostics.tail[row],
                }
            )  # fmt: skip
        return pd.DataFrame(rows)

    def reports(self) -> pd.DataFrame:
        """One row for a report: what was printed, and what such a report would print by these draws, in `unit`.

        `low` to `high` is the 5-95 % range with the report's own error, `inside` says whether what was printed lies in
        it, and `faulty` is the probability that the report is wrong.
        """
        target = self.found.target
        return _reports(target.observer, target.run(self.found.uncertain, None), self.found.seed)

    def frame(self) -> pd.DataFrame:
        """As `parameters`."""
        return self.parameters()

    def to_datatree(self) -> xr.DataTree:
        """As `shudian.posterior().to_datatree()`."""
        return self.posterior.to_datatree()

    def to_parquet(self, path: str | Path) -> None:
        """Write the draws as a posterior file, on which `run(..., posterior=path)` and every command can answer.

        Raises InputError for draws whose batches do not agree, and where it cannot be written.
        """
        if not self.passed:
            raise InputError("the batches of this calibration do not agree, so that no answer may rest on it")
        write_posterior(_posterior(self.found), Path(path))

    def say(self, language: Language = "en") -> str:
        """On what it is fitted, and whether the draws can be trusted."""
        found, posterior = self.diagnostics, _posterior(self.found)
        return say(
            "calibrate_passed" if self.passed else "calibrate_failed", language,
            draws=f"{posterior.size:,}", evidence=evidence_words(posterior, language), until=posterior.data_until,
            rhat=f"{found.rhat.max():.3f}", effective=f"{min(found.bulk.min(), found.tail.min()):,.0f}",
        )  # fmt: skip

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        return html((finding(self.say()),))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CityCalibrationAnswer:
    """What `calibration` found of another city: Zhengzhou's structure, led to the city's own figures."""

    found: CityView

    @property
    def posterior(self) -> PosteriorDraws:
        """The draws of every parameter, as `shudian.posterior(city)` gives the shipped ones."""
        return PosteriorDraws(joined(self.found.posterior), opened(self.found.member.target.model))

    @property
    def effective(self) -> float:
        """How many independent draws carry it; with too few there is no answer."""
        return self.found.member.chosen.effective

    def parameters(self) -> pd.DataFrame:
        """One row for a parameter, the one that moved most first: quantiles before and after, in `unit`.

        `before` is Zhengzhou's posterior or, of what is the city's `own`, the city's prior; the mean has moved by
        `shift`, in standard deviations of that, on the scale on which the prior is normal.
        """
        import pandas as pd

        rows = []
        for entry in self.found.moved:
            parameter = entry.parameter
            told = {
                f"{of}_{name}": value
                for of, values in (("before", entry.before), ("after", entry.after))
                for name, value in zip(_QUANTILES, np.quantile(values, LEVELS).tolist(), strict=True)
            }
            rows.append(
                {
                    "parameter": parameter.name, "label_zh": parameter.label.zh, "label_en": parameter.label.en,
                    "unit": parameter.display_unit, **told, "shift": entry.shift, "own": entry.own,
                }
            )  # fmt: skip
        return pd.DataFrame(rows)

    def reports(self) -> pd.DataFrame:
        """As `CalibrationAnswer.reports`, of the city's own figures that are fitted."""
        target, posterior = self.found.member.target, joined(self.found.posterior)
        values = posterior.values[[posterior.names.index(name) for name in target.latent.names]]
        return _reports(target.observer, target.run(values, None), self.found.member.seed)

    def frame(self) -> pd.DataFrame:
        """As `parameters`."""
        return self.parameters()

    def to_datatree(self) -> xr.DataTree:
        """As `shudian.posterior(city).to_datatree()`."""
        return self.posterior.to_datatree()

    def to_parquet(self, path: str | Path) -> None:
        """Write the draws as a posterior file, on which `run(..., city=..., posterior=path)` can answer.

        Raises InputError where it cannot be written.
        """
        write_posterior(self.found.posterior, Path(path))

    def say(self, language: Language = "en") -> str:
        """On how many of its figures the city is calibrated, what it shares, and how many draws carry it."""
        return headline(self.found, language)

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        return html(document(self.found, "en"))


def _reports(observer: Observer, run: Array, seed: int) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for comparison in compare(observer, run, seed):
        printed = comparison.printed or (np.nan, np.nan)
        would, rule = band(comparison.predictive), comparison.report.rule
        rows.append(
            {
                "report": comparison.report.identifier, "indicator": rule.indicator,
                "definition": comparison.figure.definition,
                "unit": "1" if rule.is_ratio else comparison.figure.unit,
                "printed_low": printed[0], "printed_high": printed[1], "median": would.median,
                "low": would.low, "high": would.high, "inside": comparison.inside(), "faulty": comparison.faulty,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


@lru_cache(maxsize=2)
def _posterior(found: Calibration) -> Posterior:
    """What the command would write, with the verdicts of these draws."""
    model, latent = found.target.model, found.target.latent
    prior = prior_draws(model, found.uncertain.shape[1], found.seed)
    drawn = draws_of(model, latent.fixed(found.uncertain), found.seed)
    return artefact(found, answers(model, questions(model), (HISTORY,), prior, drawn))


@lru_cache(maxsize=2)
def _learned(found: Calibration) -> tuple[Learned, ...]:
    prior = prior_draws(found.target.model, found.uncertain.shape[1], found.seed)
    rows = [prior.names.index(name) for name in found.names]
    return learned(found.target, prior.values[rows], found.uncertain)
