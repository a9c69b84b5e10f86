"""`shudian.sensitivity`: on which parameters outcomes hang, and which of them change the choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from shudian.analysis.value import VALUE
from shudian.answers.handed import counted, flag, number, one_by_one, texts
from shudian.answers.sensitivity import Sensitivity, SensitivityRequest
from shudian.answers.sensitivity import sensitivity as worked_out
from shudian.face.asked import Options, Settings, settings, words
from shudian.face.tidy import dataset_of, frame_of
from shudian.kinds import LEAST_DRAWS, Language
from shudian.report.render.html import html
from shudian.report.sensitivity.data import data
from shudian.report.sensitivity.document import whole
from shudian.report.sensitivity.words import sentences

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def sensitivity(
    *packages: str,
    outcomes: Sequence[str] = (),
    levers: bool = False,
    set: Settings = (),
    base_runs: int = 4096,
    value: float = VALUE,
    **asked: Unpack[Options],
) -> SensitivityAnswer:
    """What `shudian sensitivity` answers, as numbers; every word means what the command's option of that name means.

    `draws` and `model` may be one's own, as in `shudian.run`, and a variable that was added to the model is one of the
    `outcomes`. Indices are over the priors whatever is handed in; what one must believe for a target to be likely is
    left out there, because the priors of handed draws are not known. Raises InputError with the nearest name for every
    mistake.
    """
    request = SensitivityRequest(
        one_by_one(packages),
        texts("outcomes", outcomes),
        flag("levers", levers),
        counted("base_runs", base_runs, 1),
        number("value", value),
        settings=settings(set),
        **words(asked, Options, LEAST_DRAWS["sensitivity"]),
    )
    return SensitivityAnswer(worked_out(request))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SensitivityAnswer:
    """What `sensitivity` found."""

    found: Sensitivity

    def frames(self) -> dict[str, pd.DataFrame]:
        """Every table by name, as the command writes them: `sobol_parameters`, `posterior_shares`, `structures` ..."""
        return {table.stem: frame_of(table) for table in data(self.found)}

    def frame(self) -> pd.DataFrame:
        """One row for a factor of an outcome: its first-order and total Sobol index, with their errors.

        A factor is a parameter, or all others of a sector together (`others:SECTOR`); `members` are its parameters.
        """
        return self.frames()["sobol_parameters"]

    def to_dataset(self) -> xr.Dataset:
        """`frame` over outcomes and factors."""
        return dataset_of(self.frame(), "outcome", "factor")

    def say(self, language: Language = "en") -> str:
        """The finding: the choice, what changes it, what the first outcome hangs on."""
        return ("" if language == "zh" else " ").join(sentences(self.found, language)[:3])

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        return html(whole(self.found, "en"))
