"""The brief's folder: Word, HTML, workbook, figures, and the manifest from which the run can be repeated."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

from shudian.analysis.verdicts import Pairing
from shudian.answers.plan import Plan, Request, plan
from shudian.answers.run import Answer
from shudian.kinds import InputError, Language
from shudian.report.brief.book import results_book
from shudian.report.brief.content import gather
from shudian.report.brief.document import first_page, second_page
from shudian.report.brief.layout import MOST_PACKAGES, shrink
from shudian.report.brief.pictures import write_pictures
from shudian.report.folder import seal
from shudian.report.manifest import run_origin
from shudian.report.render import sheets
from shudian.report.render.html import page
from shudian.report.render.look import LOOKS, Style
from shudian.report.render.word import word
from shudian.wording import say

STYLE = Path(__file__).with_name("brief.css").read_text(encoding="utf-8")
OFFICIAL = Path(__file__).with_name("gbt9704.css").read_text(encoding="utf-8")
HTML_TEXT = 18.2
"""Width of the page's text on A4, in centimetres."""


def plan_brief(request: Request) -> Plan:
    """The Plan of a brief on the packages of `request`, each compared with its reference on the same draws.

    Raises InputError for a mistake in the request, and for more packages than two pages hold.
    """
    work = plan(request)
    references = work.pairing.references
    packages = [scenario for scenario in work.scenarios if scenario.name not in references.values()]
    if len(packages) > MOST_PACKAGES:
        raise InputError(
            "a brief of two pages compares at most {most} packages, not {count}",
            most=MOST_PACKAGES,
            count=len(packages),
        )
    if not packages:
        raise InputError(
            "a brief needs a package beside “{against}”, with which it is compared",
            against=next(iter(references.values())),
        )
    used = {references[package.name] for package in packages}
    asked = work.pairing.asked if work.pairing.asked not in used else packages[0].name
    kept = tuple(scenario for scenario in work.scenarios if scenario in packages or scenario.name in used)
    pairing = Pairing(asked, {scenario.name: references[scenario.name] for scenario in kept}, {})
    return replace(work, scenarios=kept, pairing=pairing)


def write_brief(
    answer: Answer, folder: Path, language: Language, command: str, style: Style = "plain"
) -> None:  # fmt: skip
    """Write the brief on `answer` into the empty `folder`; `command` is the one that repeats it.

    The plain `style` has two pages; that of GB/T 9704 has as many as its large letters need.
    """
    brief = gather(answer, command, language, datetime.date.today())
    pictures = write_pictures(answer.outcomes, answer.verdicts, folder / "figures", language)
    shown, look = {"market": pictures["market"]}, LOOKS[style]
    pages, top = (first_page(brief), second_page(brief, shown)), (brief.kicker, say("brief_kind", language))
    foot = say("brief_page", language, page="{page}", pages="{pages}")
    share = shrink(shown.values(), look.width) if style == "plain" else 1.0
    file = word(pages, language, brief.headline, top, foot, share, look=look)
    (folder / f"brief_{language}.docx").write_bytes(file)
    sheet = STYLE + f"figure img {{ width: {shrink(shown.values(), HTML_TEXT):z.1%}; }}\n"
    sheet += OFFICIAL if style == "gbt9704" else ""
    html = page(pages, language, brief.headline, sheet, top)
    (folder / f"brief_{language}.html").write_text(html, encoding="utf-8")
    sheets.save(results_book(brief, answer), folder / f"results_{language}.xlsx")
    seal(run_origin(answer), folder, command)
