"""shudian sweep as a question."""

from __future__ import annotations

from pathlib import Path

from shudian.analysis.many import Executor
from shudian.answers.sweep import Sweep, SweepRequest, sweep
from shudian.kinds import Language
from shudian.report.folder import Output
from shudian.report.manifest import Origin, tables_digest
from shudian.report.question import Question
from shudian.report.render import figure_page as page
from shudian.report.sweep.document import short, whole
from shudian.report.sweep.figure import draw
from shudian.report.sweep.tables import data
from shudian.wording import say


def output(found: Sweep) -> Output:
    """Document, every point, pair, box and form as tables, and the maps."""
    tables = tuple(data(found))
    told = {
        "swept": [one.parameter.name for one in found.space],
        "points": found.points.size,
        "kept_draws": found.points.kept.shape[2],
    }
    world = found.world
    origin = Origin(
        "sweep", found.request, world.city, world.grounds, world.model.digest, found.draws_digest,
        tables_digest(tables), told,
    )  # fmt: skip

    def figures(folder: Path, language: Language) -> None:
        with page.style():
            page.save(draw(found, language), folder / f"sweep_{language}")

    return Output(origin, lambda language: whole(found, language), tables, figures)


def question_on(executor: Executor) -> Question[SweepRequest, Sweep]:
    """A sweep whose points are run by `executor`; where that is changes no number and stands in no manifest."""
    return Question(
        "sweep",
        SweepRequest,
        lambda request, told: sweep(request, told, executor),
        lambda stage, language: say(f"progress_sweep_{stage}", language),
        lambda found, _request, language: short(found, language),
        lambda found, _place, language: whole(found, language),
        output,
    )
