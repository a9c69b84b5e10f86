"""shudian compare as a question."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from shudian.analysis.reviewing import ReviewsWorth
from shudian.answers.compare import Compared, CompareRequest, compare, with_package_in_force
from shudian.kinds import Language
from shudian.quantities import write_month
from shudian.report.comparison import reviews
from shudian.report.comparison.document import full, shock_titles, short, whole
from shudian.report.comparison.figures import write_figures
from shudian.report.document import Document
from shudian.report.folder import Output
from shudian.report.manifest import Origin, written
from shudian.report.question import Question
from shudian.report.render.data import plain
from shudian.report.run.spreadsheet import quantity_table
from shudian.report.words import structures
from shudian.report.words.cautions import cautions
from shudian.wording import say


def data_digest(comparison: Compared) -> str:
    """Hash of every number that the runs gave, bit for bit."""
    digest = hashlib.sha256()
    for run in comparison.runs:
        digest.update(run.scenario.name.encode())
        digest.update(np.ascontiguousarray(run.yearly).tobytes())
    return digest.hexdigest()


def output(comparison: Compared) -> Output:
    """Document, quantities and structures as tables, every number of the assessment, and the figures."""
    work, choice = comparison.plan, comparison.choice
    verdicts = choice.verdicts
    told = {
        "scenarios": [written(scenario) for scenario in work.scenarios],
        "shocks": [shock.name for shock in choice.shocks],
    }
    origin = Origin(
        "compare", comparison.request, work.world.city, work.world.grounds, choice.model.digest, choice.draws.digest,
        data_digest(comparison), told,
    )  # fmt: skip
    beside = {"warnings": plain(cautions(verdicts)), "structures": structures.data(verdicts)}
    summary: dict[str, Any] = {**plain(comparison.assessment), **beside}
    tables = [quantity_table(verdicts, "comparison"), *structures.csv(verdicts)]
    if comparison.reviews:
        summary["reviews"] = [_worth(found) for found in comparison.reviews]
        tables.append(reviews.csv(comparison.reviews, verdicts))
    return Output(
        origin,
        lambda language: whole(comparison, language),
        tuple(tables),
        lambda folder, language: write_figures(comparison, shock_titles(comparison, language), folder, language),
        summary,
    )


def _worth(found: ReviewsWorth) -> dict[str, Any]:
    """What reviewing is worth, as data; ways are told by their answers."""
    words = {True: "passed", False: "failed", None: "not_held"}
    ways = {" ".join(words[answer] for answer in way): plain(benefit) for way, benefit in found.once.items()}
    held = [
        {"date": write_month(h.review.date), "held": h.held, "passed": h.passed, "wrong": h.wrong} for h in found.held
    ]
    return {
        "scenario": found.scenario, "held": held, "once": ways, "taken": plain(found.taken),
        "hindsight": plain(found.hindsight), "readings": plain(found.readings), "draws": found.draws,
        "signs": [
            {
                "indicator": sign.indicator, "definition": sign.definition,
                "gains": {f"{month:g}": plain(gain) for month, gain in sign.gains.items()},
                "told": {f"{month:g}": plain(gain) for month, gain in sign.told.items()},
            }
            for sign in found.signs
        ],
    }  # fmt: skip


def _short(comparison: Compared, request: CompareRequest, language: Language) -> Document:
    return short(comparison, request.scenarios[0], language)


QUESTION = Question(
    "compare",
    CompareRequest,
    lambda request, told: compare(with_package_in_force(request), told),
    lambda name, language: say("progress_run", language, name=name),
    _short,
    lambda comparison, _place, language: full(comparison, language),
    output,
)
