"""shudian run as a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shudian.analysis.verdicts import MEASURES, YEAR, Verdicts
from shudian.answers.plan import RunRequest, plan
from shudian.answers.requests import ASKED
from shudian.answers.run import Answer, carry_out
from shudian.evidence import load_figures
from shudian.kinds import LANGUAGES, Language
from shudian.report.document import Document
from shudian.report.folder import Output
from shudian.report.manifest import run_origin
from shudian.report.question import Question
from shudian.report.render.parquet_tables import write_quantiles, write_yearly
from shudian.report.run.document import full, short, whole
from shudian.report.run.figures import write_figures
from shudian.report.run.spreadsheet import monthly_table, verdict_table
from shudian.report.words import structures
from shudian.report.words.cautions import cautions
from shudian.report.words.finding_text import basis_text
from shudian.wording import say


def output(answer: Answer) -> Output:
    """Document, verdicts and quantiles as tables, everything as data, draws as parquet, and the figures."""
    verdicts, outcomes = answer.verdicts, answer.outcomes
    reported = list(load_figures().values())

    def parquets(folder: Path) -> None:
        write_quantiles(outcomes, folder / "monthly_quantiles.parquet")
        write_yearly(outcomes, folder / "yearly_draws.parquet")

    return Output(
        run_origin(answer),
        lambda language: whole(verdicts, language),
        (verdict_table(verdicts), *structures.csv(verdicts), monthly_table(outcomes)),
        lambda folder, language: write_figures(outcomes, verdicts, reported, folder, language),
        summary(verdicts),
        parquets,
    )


def _ask(request: RunRequest, told: Callable[[str, float], None]) -> Answer:
    return carry_out(plan(request, with_bases=True), told)


def _short(answer: Answer, request: RunRequest, language: Language) -> Document:
    return short(answer.verdicts, request.scenarios[0] if request.scenarios else ASKED, language)


QUESTION = Question(
    "run",
    RunRequest,
    _ask,
    lambda name, language: say("progress_run", language, name=name),
    _short,
    lambda answer, place, language: full(answer.verdicts, place, language),
    output,
)


def summary(verdicts: Verdicts) -> dict[str, Any]:
    """The verdicts as data: probabilities with their errors, definitions, amounts, labels in both languages."""
    return {
        "finding_numbers": asdict(verdicts.finding),
        "basis": {language: basis_text(verdicts, language) for language in LANGUAGES},
        "draws": verdicts.draws,
        "seed": verdicts.seed,
        "year": YEAR,
        "asked": verdicts.pairing.asked,
        "reference": verdicts.reference,
        "definitions": {name: asdict(label) for name, label in verdicts.definitions.items()},
        "targets": {
            target.identifier: {
                "label": asdict(target.label),
                "threshold": target.threshold,
                "unit": target.unit,
                "measure": target.measure,
                "year": target.year,
                "definitions": dict(target.definitions),
                "judged_under": target.official_definition,
                "evidence": target.evidence,
                "note": asdict(target.note),
            }
            for target in verdicts.targets
        },
        "standing": {d: [asdict(standing) for standing in found] for d, found in verdicts.standing.items()},
        "measures": {
            m.name: {"variable": m.variable, "reading": m.reading, "unit": m.unit, "since": m.since, "year": m.year}
            for m in MEASURES
        },
        "warnings": [asdict(caution) for caution in cautions(verdicts)],
        "structures": structures.data(verdicts),
        "alike": [asdict(pair) for pair in verdicts.alike],
        "reported": [
            {
                "figure": comparison.figure.identifier,
                "phrase": comparison.figure.phrase,
                "printed": comparison.printed,
                "unit": comparison.figure.unit,
                "variable": comparison.variable.name,
                "start": comparison.start,
                "end": comparison.end,
                "model": asdict(comparison.model),
                "would_print": asdict(comparison.report),
                "inside": comparison.inside,
            }
            for comparison in verdicts.reported
        ],
        "scenarios": {
            row.scenario.name: {
                "title": asdict(row.scenario.title),
                "notes": [asdict(note) for note in row.scenario.notes],
                "targets": {t: {d: asdict(p) for d, p in found.items()} for t, found in row.targets.items()},
                "reference": verdicts.pairing.references[row.scenario.name],
                "original": verdicts.pairing.originals.get(row.scenario.name, ""),
                "against_reference": {d: asdict(gain) for d, gain in row.gains.items()},
                "measures": {name: asdict(band) for name, band in row.measures.items()},
                "additional": {name: asdict(band) for name, band in row.additional.items()},
                "changes": {name: asdict(band) for name, band in row.changes.items()},
                "against_original": {d: asdict(gain) for d, gain in row.turns.items()},
            }
            for row in verdicts.rows
        },
    }
