"""How much of a lever brings how much: in words for `shudian explain`, as data for the lever's card on the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.cells import cell_len

from shudian.amounts import amount_text
from shudian.analysis.doses import RESPONSES, DoseResponse, Flat
from shudian.analysis.latest import Latest
from shudian.analysis.reported import Band
from shudian.analysis.verdicts import YEAR
from shudian.kinds import LANGUAGES, Language, Model
from shudian.posterior_file import Posterior
from shudian.quantities import write_month
from shudian.report.document import one_line
from shudian.report.run.tables import band_cell, measure_head
from shudian.report.words.captions import joined, posterior_mark, within
from shudian.report.words.idle_text import idle_clause
from shudian.wording import say

_BAR = 10
"""Signs in the longest bar."""


def response_text(found: DoseResponse, model: Model, posterior: Posterior | None, language: Language) -> str:
    """For each response the difference that every dose makes, with a bar; then where nothing answers, and why."""
    labels = [amount_text(dose, found.lever, language) for dose in found.doses]
    lines = ["", say("section_doses", language, year=YEAR), f"  {_terms(found, model, posterior, language)}"]
    room = max(cell_len(label) for label in labels)
    for measure in RESPONSES:
        head = one_line(measure_head(measure, language))
        at_rest = _cell(found.levels[measure.name], measure.unit, language)
        lines.append("  " + say("dose_head", language, response=head, rest=labels[found.rest], level=at_rest))
        gains = found.gains[measure.name]
        cells = [_cell(gain, measure.unit, language) for gain in gains]
        wide = max(cell_len(cell) for cell in cells)
        greatest = max(abs(gain.median) for gain in gains)
        for place, (label, cell, gain) in enumerate(zip(labels, cells, gains, strict=True)):
            if place != found.rest:
                row = f"    {_padded(label, room)}  {_padded(cell, wide)}  {_bar(gain.median, greatest)}"
                lines.append(row.rstrip())
    lines += [f"  {flat_text(flat, found, language)}" for flat in found.flat]
    return "\n".join(lines)


def latest_text(found: DoseResponse, until: Latest, language: Language) -> str:
    """Until when the lever can still matter for YEAR."""
    values = {"dose": amount_text(until.dose, found.lever, language), "now": write_month(found.package.now)}
    if until.half is None or until.last is None:
        return "\n" + say("latest_none", language, year=YEAR, **values)
    months = {"half": write_month(until.half), "last": write_month(until.last)}
    return "\n" + say("latest", language, year=YEAR, **values, **months)


def flat_text(flat: Flat, found: DoseResponse, language: Language) -> str:
    """Between which doses nothing answers, and why."""
    low, high = (amount_text(found.doses[place], found.lever, language) for place in (flat.first, flat.last))
    why = idle_clause(flat.why, language) if flat.why else say("dose_flat_other", language)
    return say("dose_flat", language, low=low, high=high, why=why)


def response_data(found: DoseResponse) -> dict[str, Any]:
    """The same numbers for the page; doses are in internal units, amounts in the measures' own."""
    return {
        "since": found.since,
        "draws": found.draws,
        "given": [[name, value] for name, value in found.given.items()],
        "doses": list(found.doses),
        "rest": found.rest,
        "levels": {name: asdict(band) for name, band in found.levels.items()},
        "gains": {name: [asdict(band) for band in bands] for name, bands in found.gains.items()},
        "flat": [
            {"first": flat.first, "last": flat.last, **{k: flat_text(flat, found, k) for k in LANGUAGES}}
            for flat in found.flat
        ],
    }


def _terms(found: DoseResponse, model: Model, posterior: Posterior | None, language: Language) -> str:
    settings = joined(list(_settings(found, model, language)), language, "、", ", ")
    return say(
        "dose_terms",
        language,
        package=found.package.title.text(language),
        month=write_month(found.since),
        given=say("dose_given", language, settings=settings) if settings else "",
        rest=amount_text(found.doses[found.rest], found.lever, language),
        draws=found.draws,
        mark=posterior_mark(posterior, language),
    )


def _settings(found: DoseResponse, model: Model, language: Language) -> Iterator[str]:
    for name, value in found.given.items():
        lever = model.parameters[name]
        yield f"{within(lever.label.text(language), language)} {amount_text(value, lever, language)}"


def _cell(band: Band, unit: str, language: Language) -> str:
    return one_line(band_cell(band, unit, language)).replace(" – ", "–")


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - cell_len(text))


def _bar(value: float, greatest: float) -> str:
    """As long as `value` is large, of the sign that it has; nothing where there is nothing."""
    signs = round(_BAR * abs(value) / greatest) if greatest else 0
    return ("+" if value > 0 else "-") * signs
