"""shudian design as a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from shudian.analysis.design import Design
from shudian.answers.design import DesignRequest, design
from shudian.kinds import Language
from shudian.quantities import write_month
from shudian.report.design.document import short, whole
from shudian.report.design.figure import draw
from shudian.report.design.tables import mix_table
from shudian.report.folder import Output
from shudian.report.manifest import Origin, tables_digest
from shudian.report.question import Question
from shudian.report.render import figure_page as page
from shudian.scenario_text import to_toml
from shudian.wording import say

_SHARES: dict[str, tuple[float, float]] = {
    "front": (0.0, 0.3), "focus": (0.3, 0.2), "polish": (0.5, 0.35), "fresh": (0.85, 0.15)
}  # fmt: skip
"""Where each stage begins, and how long it is."""


@dataclass(frozen=True, slots=True)
class Designed:
    """A design with the words that ask it again on another day."""

    request: DesignRequest
    found: Design


def ask(request: DesignRequest, told: Callable[[str, float], None]) -> Designed:
    """As `shudian.answers.design.design`."""

    def stage(name: str, part: float) -> None:
        begin, length = _SHARES[name]
        told(name, begin + length * part)

    found = design(request, stage)
    # the first month that can be chosen moves on with the calendar, so that a repeat must name it
    return Designed(replace(request, start=write_month(found.problem.box.start)), found)


def output(designed: Designed) -> Output:
    """Document, the front as a table and figure, and every mix as a scenario file."""
    found = designed.found
    problem = found.problem
    goal = problem.goal
    told = {
        "target": {
            "asked": goal.asked,
            "variable": goal.variable,
            "reading": goal.reading,
            "year": goal.year,
            "threshold": goal.threshold,
            "unit": goal.unit,
            "probability": goal.probability,
            "median_cost_at_most_yiyuan": goal.budget,
        },
        "free": [axis.parameter.name for axis in problem.box.axes],
        "fixed": dict(problem.box.held),
        "draws": {"searched": found.searched, "fresh": found.fresh},
        "mixes_run": found.runs,
    }
    tables = (mix_table(found),)
    origin = Origin(
        "design", designed.request, found.model.city, problem.grounds, found.model.digest, found.draws_digest,
        tables_digest(tables), told,
    )  # fmt: skip

    def figures(folder: Path, language: Language) -> None:
        with page.style():
            page.save(draw(found, language), folder / f"front_{language}")

    def mixes(folder: Path) -> None:
        place = folder / "mixes"
        place.mkdir()
        for f in (*found.designed, *found.front):
            text = to_toml(f.scenario, found.model.parameters)
            (place / f"{f.scenario.name}.toml").write_text(text, encoding="utf-8", newline="\n")

    return Output(origin, lambda language: whole(found, language), tables, figures, add=mixes)


QUESTION = Question(
    "design",
    DesignRequest,
    ask,
    lambda stage, language: say(f"progress_design_{stage}", language),
    lambda designed, _request, language: short(designed.found, language),
    lambda designed, _place, language: whole(designed.found, language),
    output,
)
