"""What the page needs to write the brief's workbook: the parts of one that `shudian brief` lays out, fixed cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from openpyxl import Workbook

from shudian.amounts import amount_text
from shudian.analysis.reported import Reported, one_sided
from shudian.analysis.results import LAST_YEAR
from shudian.analysis.verdicts import ADDITIONAL, MEASURES, Measure
from shudian.kinds import Language, Model, Parameter, Target
from shudian.page.facts import Plain
from shudian.quantities import FIRST_YEAR
from shudian.report.brief import comparison_sheet as comparison
from shudian.report.brief.tables import SHOWN
from shudian.report.document import Document, Table, heading, notes, paragraphs, title
from shudian.report.render import sheet as sheets
from shudian.report.render.cells import Cell, Count
from shudian.report.render.skeleton import kept_parts
from shudian.report.render.undated import undated
from shudian.report.words.explanation import range_text
from shudian.targets import load_definitions
from shudian.units import conversion, display_unit, unit_label
from shudian.wording import say

SHEETS = ("comparison", "verdicts", "inputs", "years", "sources", "method")
_WHOLE = ("人", "家", "部")
_BOOK, _SHEET = "xl/workbook.xml", "xl/worksheets/sheet{}.xml"
_NUMBERS = (1.5, 150.5, 1500.5)
"""One for each of the formats that numbers have by their size."""


def book_skeleton(targets: Sequence[Target], language: Language) -> Plain:
    """The workbook's `parts` (as of `word_skeleton`), the numbers of its `styles`, how its sheets begin and end."""
    book, chances = Workbook(), sum(len(target.definitions) for target in targets)
    first = book.active
    assert first is not None
    book.remove(first)
    names = ("⟦reference⟧", "⟦package⟧")
    amounts: list[tuple[Cell, ...]] = [
        (comparison.label(measure, what, language), 0.0, 0.0)
        for measure in (comparison.measure(name) for name in SHOWN)
        for what in comparison.ROWS
    ]
    comparison.lay_out(
        book.create_sheet(say("brief_sheet_comparison", language)), "", names,
        [(f"⟦{number}⟧", 0.0, 0.0) for number in range(chances)], amounts,
        [(str(year), 0.0, 0.0) for year in range(FIRST_YEAR, LAST_YEAR + 1)], language,
    )  # fmt: skip
    for name in SHEETS[1:]:
        sheets.write(book.create_sheet(say(f"brief_sheet_{name}", language)), ())
    styles = _styles(book)
    content = io.BytesIO()
    book.save(content)
    file = undated(content)
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        filled = {name: archive.read(name).decode() for name in (_BOOK, *charts)}
        frame = archive.read(_SHEET.format(2)).decode()
    filled[_BOOK] = re.sub("<definedNames ?/>|<definedNames>.*</definedNames>", "", filled[_BOOK])
    filled[_BOOK] = filled[_BOOK].replace("<calcPr", "⟦names⟧<calcPr")
    own = [_SHEET.format(number) for number in range(1, len(SHEETS) + 1)]
    return {
        "parts": {"filled": filled, "kept": kept_parts(file, {*filled, *own, "xl/sharedStrings.xml"})},
        "strings": "xl/sharedStrings.xml",
        "sheets": own,
        "styles": styles,
        "frame": [frame[: frame.index("<dimension")], frame[frame.index("<pageMargins") : frame.index("</worksheet>")]],
        "widths": {"labels": comparison.LABELS, "names": comparison.NAMES},
    }


def _styles(book: Workbook) -> dict[str, int]:
    """The number of each kind of cell, as `render.sheet` writes it."""
    specimen = book.create_sheet("specimen")
    ruled: tuple[Cell, ...] = ("text", *_NUMBERS, Count(1.0), 1, None)
    told: Document = (
        title("title"), notes("note"), paragraphs("paragraph"), heading("heading"),
        Table("", tuple("abcdefg"), (ruled,)), Table("", (), (("label", "value", *_NUMBERS, None, None),)),
    )  # fmt: skip
    sheets.write(specimen, told)
    found: dict[str, int] = {}
    heads = 0
    for row in specimen.iter_rows():
        for cell in row:
            match cell.value:
                case "title" | "note" | "paragraph" | "heading" | "text" | "label" | "value":
                    found[str(cell.value)] = cell.style_id
                case "a" | "b":
                    found["head_first" if cell.value == "a" else "head"] = cell.style_id
                    heads = cell.row
                case float() if cell.row == heads + 1 and cell.column <= len(_NUMBERS) + 1:
                    found[f"number{cell.column - 2}"] = cell.style_id
                case float() if cell.row == heads + 1:
                    found["count"] = cell.style_id
                case int():
                    found["bare"] = cell.style_id
    book.remove(specimen)
    return found


def book_cells(model: Model, market: Target, leaning: Sequence[Reported], language: Language) -> Plain:
    """What stands in the workbook whatever is chosen: units, inputs, and which quantities are told year by year."""
    side, count, every = one_sided(leaning)
    return {
        "named": {name: comparison.named(comparison.measure(name), language) for name in SHOWN},
        "whole": [name for name in SHOWN if comparison.measure(name).unit in _WHOLE],
        "units": {
            "money": unit_label("亿元", language), "people": unit_label("人", language),
            "per_job": unit_label("万元/人", language),
        },
        "inputs": [
            _input(parameter, language)
            for parameter in sorted(model.scheduled, key=lambda parameter: parameter.role != "lever")
        ],
        "years": [*_quantities(model, market, language)],
        "leaning": say("basis_above" if side > 0 else "basis_below", language, count=count, all=every) if side else "",
    }  # fmt: skip


def _input(parameter: Parameter, language: Language) -> list[str]:
    """Name, kind, label, unit, default, range, and on what the default rests."""
    unit = unit_label(parameter.display_unit, language) if parameter.unit != "month" else ""
    return [
        parameter.name, say(f"role_{parameter.role}", language), parameter.label.text(language), unit,
        amount_text(parameter.value, parameter, language), range_text(parameter, language),
        say(f"basis_{parameter.basis}", language),
    ]  # fmt: skip


def _quantities(model: Model, market: Target, language: Language) -> Iterator[Plain]:
    """As `report.brief.book` tells them: levels of the market and of measures, then what is added of measures."""
    definitions = load_definitions()
    for definition, variable in market.definitions.items():
        label = definitions[definition].text(language)
        yield _quantity(model, variable, market.measure, display_unit(market.unit), label, language)
    for measure in MEASURES:
        if not measure.words and measure.name != "output":
            yield _of_measure(model, measure, say(f"brief_{measure.label}", language), language)
    for measure in MEASURES:
        if measure.name in ADDITIONAL and not measure.words:
            label = say("brief_additional", language, measure=say(f"brief_{measure.label}", language))
            yield {**_of_measure(model, measure, label, language), "added": True}


def _of_measure(model: Model, measure: Measure, label: str, language: Language) -> Plain:
    return _quantity(model, measure.variable, measure.reading, measure.unit, label, language)


def _quantity(model: Model, variable: str, reading: str, unit: str, label: str, language: Language) -> Plain:
    factor = conversion(model.equation(variable).unit, unit)
    shown = {"label": label, "unit": unit_label(unit, language), "whole": unit in _WHOLE, "added": False}
    return {"variable": variable, "reading": reading, "factor": factor, **shown}
