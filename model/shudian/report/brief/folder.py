"""The brief's folder: Word, HTML, workbook, figures, and the manifest from which the run can be repeated."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

from shudian.compare.verdicts import Pairing
from shudian.kinds import InputError, Language
from shudian.report import sheets
from shudian.report.brief.book import results_book
from shudian.report.brief.content import gather
from shudian.report.brief.document import write_document
from shudian.report.brief.html import page_of
from shudian.report.brief.layout import MOST_PACKAGES
from shudian.report.brief.pictures import write_pictures
from shudian.report.job import REFERENCE, Answer, Plan, Request, plan
from shudian.report.manifest import describe
from shudian.scenarios import load_scenario
from shudian.structure import load_model


def plan_brief(request: Request, against: str = REFERENCE) -> Plan:
    """The Plan of a brief on the packages of `request`, each compared with `against` on the same draws.

    Raises InputError for a mistake in the request, and for more packages than two pages hold.
    """
    parameters = load_model().parameters
    named = tuple(dict.fromkeys(load_scenario(name, parameters).name for name in request.scenarios))
    if len(named) > MOST_PACKAGES:
        raise InputError(f"a brief of two pages compares at most {MOST_PACKAGES} packages, not {len(named)}")
    # the plan asks about what is named first, which tells here what `against` is called under the shocks
    work = plan(replace(request, scenarios=(against, *request.scenarios)))
    reference = work.pairing.asked
    chosen = {scenario.name.partition("+")[0]: scenario for scenario in work.scenarios}
    packages = [chosen[name] for name in named if chosen[name].name != reference]
    if not packages:
        raise InputError(f"a brief needs a package beside “{against}”, with which it is compared")
    scenarios = (*(scenario for scenario in work.scenarios if scenario.name == reference), *packages)
    pairing = Pairing(packages[0].name, {scenario.name: reference for scenario in scenarios}, {})
    return replace(work, scenarios=scenarios, pairing=pairing)


def write_brief(answer: Answer, folder: Path, language: Language, command: str) -> None:
    """Write the brief on `answer` into the empty `folder`; `command` is the one that repeats it."""
    brief = gather(answer, command, language, datetime.date.today())
    pictures = write_pictures(answer.outcomes, answer.verdicts, folder / "figures", language)
    write_document(brief, pictures, folder / f"brief_{language}.docx")
    (folder / f"brief_{language}.html").write_text(page_of(brief, pictures), encoding="utf-8")
    sheets.save(results_book(brief, answer), folder / f"results_{language}.xlsx")
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    manifest = json.dumps(describe(answer, command, files), ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(manifest + "\n", encoding="utf-8")
