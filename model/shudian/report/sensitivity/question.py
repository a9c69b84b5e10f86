"""shudian sensitivity as a question."""

from __future__ import annotations

from shudian.answers.sensitivity import Sensitivity, SensitivityRequest, sensitivity
from shudian.parameters import HOME
from shudian.report.folder import Output
from shudian.report.manifest import Origin, tables_digest
from shudian.report.question import Question
from shudian.report.sensitivity.data import data
from shudian.report.sensitivity.document import short, whole
from shudian.report.sensitivity.figures import write_figures
from shudian.wording import say


def output(found: Sensitivity) -> Output:
    """Document, every index, share and worth as tables, and the figures."""
    tables = tuple(data(found))
    told = {"package": found.package.name, "packages": [*found.scenarios], "model_runs": found.parameters.runs}
    origin = Origin(
        "sensitivity", found.request, HOME, found.grounds, found.model.digest, found.draws_digest,
        tables_digest(tables), told,
    )  # fmt: skip
    return Output(
        origin,
        lambda language: whole(found, language),
        tables,
        lambda folder, language: write_figures(found, folder, language),
    )


QUESTION = Question(
    "sensitivity",
    SensitivityRequest,
    sensitivity,
    lambda key, language: say(f"sensitivity_doing_{key}", language),
    lambda found, _request, language: short(found, language),
    lambda found, _place, language: whole(found, language),
    output,
)
