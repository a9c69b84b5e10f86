"""`shudian.design`: from a target to the cheapest mix of levers that reaches it, or an honest no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from shudian.analysis.design import Design
from shudian.answers.design import DesignRequest
from shudian.answers.design import design as designed
from shudian.answers.handed import counted, flag, number, text, texts
from shudian.answers.requests import ASKED
from shudian.face.asked import CityOptions, Settings, settings, words
from shudian.face.tidy import dataset_of, frame_of
from shudian.kinds import LEAST_DRAWS, Language, Scenario
from shudian.quantities import FIRST_YEAR
from shudian.report.design.document import whole
from shudian.report.design.tables import mix_table
from shudian.report.design.words import headline
from shudian.report.render.html import html

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def design(
    target: str,
    *,
    by: int = 2027,
    probability: float = 0.5,
    budget: str = "",
    base: str = ASKED,
    levers: Sequence[str] = (),
    fix: Settings = (),
    start: str = "",
    set: Settings = (),
    retrospective: bool = False,
    **asked: Unpack[CityOptions],
) -> DesignAnswer:
    """What `shudian design` answers, as numbers; every word means what the command's option of that name means.

    `start` is --from: the month from which the mix acts, in the past only where it is `retrospective`; `fix` may be a
    mapping, as `set`; `draws` and `model` may be one's own, as in `shudian.run`. Of draws that are handed in one half
    is searched on, and the other stays fresh; a lever or variable that was added can be chosen and aimed at. Raises
    InputError with the nearest name for every mistake.
    """
    request = DesignRequest(
        text("target", target), counted("by", by, FIRST_YEAR), number("probability", probability),
        text("budget", budget), text("base", base), texts("levers", levers), settings(fix, "fix"), text("start", start),
        settings=settings(set), retrospective=flag("retrospective", retrospective),
        **words(asked, CityOptions, LEAST_DRAWS["design"]),
    )  # fmt: skip
    return DesignAnswer(designed(request))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DesignAnswer:
    """What `design` found."""

    found: Design

    def frame(self) -> pd.DataFrame:
        """One row for a mix: designed, on the front, the base, shipped; its results on fresh draws, its levers."""
        return frame_of(mix_table(self.found))

    def to_dataset(self) -> xr.Dataset:
        """`frame` over mixes."""
        return dataset_of(self.frame(), "scenario")

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The designed mixes, the best first; where the target is out of reach, those that come nearest."""
        return tuple(found.scenario for found in self.found.designed)

    def say(self, language: Language = "en") -> str:
        """Whether the target is reached, by what and at which cost, or how near the best comes."""
        return headline(self.found, language)

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        return html(whole(self.found, "en"))
