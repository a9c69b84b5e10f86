"""The kit's folder: papers, rounds, slides, figures, and the manifest from which its numbers can be repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from shudian.answers.workshop import Workshop
from shudian.kinds import Language, Parameter, Scenario
from shudian.report.brief.pictures import write_pictures
from shudian.report.document import Document
from shudian.report.folder import seal
from shudian.report.manifest import run_origin
from shudian.report.render import sheets
from shudian.report.render.word import word
from shudian.report.words.captions import marked
from shudian.report.workshop.documents import cards, form, script, slides
from shudian.report.workshop.rounds import rounds_workbook
from shudian.report.workshop.slides import slides_page
from shudian.scenario_text import to_toml
from shudian.wording import say

_CARDS: Mapping[Language, float] = {"zh": 1.04, "en": 1.0}
_FORM = 1.25
"""How much larger than in a report letters are on what is read at a table; every card has room on one sheet."""


def write_kit(found: Workshop, folder: Path, language: Language, command: str) -> None:
    """Write the kit of `found` into the empty `folder`; `command` is the one that repeats it."""
    answer = found.answer
    pictures = write_pictures(answer.outcomes, answer.verdicts, folder / "figures", language)
    top = (say("workshop_title", language), marked("", answer.verdicts, language).strip())
    foot = say("brief_page", language, page="{page}", pages="{pages}")
    papers: Mapping[str, tuple[Sequence[Document], float]] = {
        "1_facilitator": ((script(found, language),), 1.0),
        "2_role_cards": (cards(found, language), _CARDS[language]),
        "5_closing_form": ((form(found, language),), _FORM),
    }
    for name, (pages, scale) in papers.items():
        file = word(pages, language, say("workshop_title", language), top, foot, scale=scale)
        (folder / f"{name}_{language}.docx").write_bytes(file)
    sheets.save(
        rounds_workbook(found.request.people, found.months, answer.model.parameters, language),
        folder / f"3_rounds_{language}.xlsx",
    )
    shown = slides_page(slides(found, pictures, language), language)
    (folder / f"4_slides_{language}.html").write_text(shown, encoding="utf-8", newline="\n")
    seal(run_origin(answer), folder, command)


def write_scenarios(scenarios: Sequence[Scenario], parameters: Mapping[str, Parameter], folder: Path) -> None:
    """Write each of `scenarios` into `folder`, as the scenario file of its name."""
    for scenario in scenarios:
        text = to_toml(scenario, parameters)
        (folder / f"{scenario.name}.toml").write_text(text, encoding="utf-8", newline="\n")
