"""`shudian.why`: which feedback loops drove an outcome, and which carry its difference from another run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from shudian.answers.handed import text
from shudian.answers.requests import ASKED
from shudian.answers.why import Why, WhyRequest
from shudian.answers.why import why as answer
from shudian.face.asked import PairedOptions, Settings, settings, words
from shudian.face.tidy import dataset_of, frame_of
from shudian.kinds import LEAST_DRAWS, Language
from shudian.report.render.html import html
from shudian.report.why.document import whole
from shudian.report.why.table import effect_table
from shudian.report.why.words import headline, parts
from shudian.report.words.captions import joined

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def why(
    scenario: str = ASKED, outcome: str = "local_output", set: Settings = (), **asked: Unpack[PairedOptions]
) -> WhyAnswer:
    """What `shudian why` answers, as numbers: `outcome` is a variable or a definition, by name or by label.

    `set` and the rest are as in `shudian.run`. Of a changed model the named loops that are still there are asked, and
    a variable that was added may be the outcome. Raises InputError with the nearest name for every mistake.
    """
    request = WhyRequest(
        text("scenario", scenario),
        text("outcome", outcome),
        settings=settings(set),
        **words(asked, PairedOptions, LEAST_DRAWS["why"]),
    )
    return WhyAnswer(answer(request))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WhyAnswer:
    """What `why` found."""

    found: Why

    def frame(self) -> pd.DataFrame:
        """One row for a loop in a year, of the run (`against` is empty) and of its difference from the other run.

        `median`, `p05` and `p95` are what cutting the loop changes, draw by draw, in `unit`; `ltm_weight` is what Loops
        That Matter gives it.
        """
        return frame_of(effect_table(self.found))

    def to_dataset(self) -> xr.Dataset:
        """`frame` over the run and its difference (`against`), loops and years."""
        return dataset_of(self.frame(), "against", "loop", "year")

    def say(self, language: Language = "en") -> str:
        """What drove the outcome and its difference, in a sentence each."""
        said = [f"{headline(part, language)}{'。' if language == 'zh' else '.'}" for part in parts(self.found)]
        return joined(said, language, "", " ")

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        return html(whole(self.found, "en"))
