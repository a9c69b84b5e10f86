"""The tables of what studies of other places say, and of what has become of each package's effect."""

from __future__ import annotations

import math

from numpy import float64
from numpy.typing import NDArray

from shudian.analysis.verdicts import YEAR
from shudian.answers.calibration.view import View
from shudian.evidence import load_sources
from shudian.kinds import Language
from shudian.observe.effects import Effect
from shudian.observe.effects_file import HALF_RANGE
from shudian.report.calibration.columns import table_of
from shudian.report.document import Table
from shudian.report.render.cells import Chance
from shudian.wording import say


def study_table(view: View, language: Language) -> Table:
    """What studies of other places found, and the same experiment in the model before and after, in per cent."""
    sources = load_sources()
    rows = tuple(
        (
            entry.effect.identifier,
            entry.effect.label.text(language),
            sources[entry.effect.study].title.text(language),
            studied_text(entry.effect, language),
            finding_text(entry.effect, language),
            *_changed(entry.prior),
            *_changed(entry.posterior),
            Chance(entry.told),
            entry.effect.note.text(language),
        )
        for entry in view.studied
    )
    columns = (
        "finding", "what", "source", "study", "found", "prior_median", "prior_90", "posterior_median", "posterior_90",
        "tells", "note",
    )  # fmt: skip
    title, note = say("calibration_table_studies", language), say("calibration_below_studies", language)
    return table_of(language, "studies", title, note, columns, rows)


def studied_text(effect: Effect, language: Language) -> str:
    """Where, when and by which method a study looked."""
    place, design = (say(f"calibration_study_{key}", language) for key in (effect.place, effect.design))
    key = "calibration_study_years" if effect.years else "calibration_study_in"
    return say(key, language, place=place, design=design, **({"years": effect.years} if effect.years else {}))


def finding_text(effect: Effect, language: Language) -> str:
    """What a study found: a range, a direction, or nothing significant."""
    if effect.finding != "estimate":
        return say(f"calibration_found_{effect.finding}", language)
    low, high = (100 * math.expm1(effect.estimate + side * HALF_RANGE * effect.error) for side in (-1, 1))
    return say("calibration_found_estimate", language, low=f"{low:+.3g}", high=f"{high:+.3g}")


def package_table(view: View, language: Language) -> Table:
    """What each shipped package changes in output, by the priors alone and by all that is known, in per cent."""
    rows = tuple(
        (package.title.text(language), *_changed(change.prior), *_changed(change.posterior))
        for package, change in view.packages
    )
    columns = ("package", "prior_median", "prior_90", "posterior_median", "posterior_90")
    title, note = say("calibration_table_packages", language, year=YEAR), say("calibration_below_packages", language)
    return table_of(language, "package_effects", title, note, columns, rows)


def _changed(quantiles: NDArray[float64]) -> tuple[float, tuple[float, float]]:
    low, middle, high = (100 * float(value) for value in quantiles)
    return middle, (low, high)
