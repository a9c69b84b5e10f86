"""`shudian.sweep`: outcomes all over a space of levers and assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Unpack

import numpy as np

from shudian.analysis.cluster import executor_on
from shudian.analysis.sweep import hits
from shudian.analysis.sweep_space import Layout, at_point
from shudian.analysis.value import VALUE
from shudian.answers.handed import as_given, counted, number, text, texts
from shudian.answers.handed import flag as flagged
from shudian.answers.requests import ASKED
from shudian.answers.sweep import Sweep, SweepRequest
from shudian.answers.sweep import sweep as swept
from shudian.face.asked import CityOptions, Settings, settings, words
from shudian.face.tidy import dataset_of, frame_of
from shudian.kinds import InputError, Language, Scenario
from shudian.quantities import FIRST_YEAR
from shudian.report.render.html import html
from shudian.report.sweep.document import whole
from shudian.report.sweep.tables import data, goal_heads, shown_value
from shudian.report.sweep.words import best_text, headline

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Vary = Mapping[str, object] | Sequence[str]
"""`{"fund_size": "0..4 亿元", "municipal_parks": [0, 4, 8], "open_locations": None}`, or texts as --vary takes them."""


def sweep(
    package: str = ASKED,
    vary: Vary = (),
    *,
    layout: Layout = "grid",
    points: int | None = None,
    by: int = 2027,
    outcomes: Sequence[str] = (),
    start: str = "",
    value: float = VALUE,
    targets: str = "",
    retrospective: bool = False,
    set: Settings = (),
    on: object = None,
    **asked: Unpack[CityOptions],
) -> SweepAnswer:
    """What `shudian sweep` answers, as numbers; every word means what the command's option of that name means.

    `vary` names what is moved: over a range or values as the command writes them, over a list of amounts, or with None
    over all that is allowed. `start` is --from. `on` may be a dask client too; wherever tasks are done, the numbers are
    the same. Raises InputError with the nearest name for every mistake.
    """
    request = SweepRequest(
        text("package", package), read_vary(vary), text("layout", layout),  # type: ignore[arg-type]
        None if points is None else counted("points", points, 2), counted("by", by, FIRST_YEAR),
        texts("outcomes", outcomes), text("start", start), number("value", value), text("targets", targets),
        flagged("retrospective", retrospective), settings=settings(set), **words(asked, CityOptions),
    )  # fmt: skip
    with executor_on(on) as executor:
        return SweepAnswer(swept(request, executor=executor))


def read_vary(given: object) -> tuple[str, ...]:
    """What is moved, as --vary writes each; raises InputError for what is no text, list of amounts or None."""
    if not isinstance(given, Mapping):
        return texts("vary", given)
    return tuple(_one(str(name), over) for name, over in given.items())


def _one(name: str, over: object) -> str:
    if over is None:
        return name
    if isinstance(over, str) or (isinstance(over, Real) and not isinstance(over, bool)):
        return f"{name}={over}"
    if not isinstance(over, Iterable):
        raise InputError(
            "{name} is {given}; it must be a text, a list of amounts or None", name=f"vary[{name}]",
            given=as_given(over),
        )  # fmt: skip
    return f"{name}={';'.join(str(value) for value in over)}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SweepAnswer:
    """What `sweep` found."""

    found: Sweep

    def frame(self) -> pd.DataFrame:
        """One row for a point: what is moved, chances and gains, quantiles of outcomes and of their changes, regret."""
        return self.frames()["points"]

    def frames(self) -> dict[str, pd.DataFrame]:
        """Every table by name, as the command writes them: `points`, `pairs`, `boxes`, `forms`."""
        return {table.stem: frame_of(table) for table in data(self.found)}

    def to_dataset(self) -> xr.Dataset:
        """`frame` over what is moved where every combination of values was run, otherwise over points."""
        frame = self.frame()
        moved = [name for name in frame.columns if name.startswith("lever_")]
        if self.found.request.layout == "latin":
            return dataset_of(frame, "point")
        return dataset_of(frame.drop(columns="point"), *moved)

    def experiments(self) -> tuple[pd.DataFrame, dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]]:
        """Each pair of a point and a kept draw: its levers and uncertain parameters, and what came of it.

        In the form that PRIM and CART of the EMA Workbench read. Outcomes are called as in `frame`, a goal's is 1 where
        it is reached; `point` and `draw` stand in the frame under `policy` and `scenario`.
        """
        import pandas as pd

        found = self.found
        points, _, draws = found.points.kept.shape
        columns: dict[str, object] = {
            one.parameter.name: np.repeat([shown_value(one.parameter, v) for v in found.points.values[:, row]], draws)
            for row, one in enumerate(found.space)
        }
        columns |= {p.name: np.tile(line[:draws], points) for p, line in zip(*found.worlds, strict=True)}
        columns |= {"policy": np.repeat(np.arange(1, points + 1), draws), "scenario": np.tile(np.arange(draws), points)}
        outcomes = {one.name: found.points.kept[:, row].ravel() for row, one in enumerate(found.asked)}
        reached = hits(found.goals, found.points.kept)
        for row, head in enumerate(goal_heads(found.goals)):
            outcomes[f"reaches_{head}"] = reached[:, row].ravel().astype(np.float64)
        return pd.DataFrame(columns), outcomes

    def scenario(self, point: int) -> Scenario:
        """The scenario that was run at `point`, as `frame` counts them from 1, to be written down or asked about."""
        found = self.found
        if not 1 <= point <= found.points.size:
            raise InputError("there is no point {point}; they go from 1 to {last}", point=point, last=found.points.size)
        return at_point(found.base, found.space, found.points.values[point - 1], found.start, point)

    def say(self, language: Language = "en") -> str:
        """How far chances and outcomes move, and the point with the greatest expected net benefit."""
        return ("" if language == "zh" else " ").join((headline(self.found, language), best_text(self.found, language)))

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        return html(whole(self.found, "en"))
