"""What is known, as plain data for the page: levers, parameters, figures, sources, reports, equations, loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from shudian import dates, numerals, quantities, unit_words
from shudian.analysis.reported import RATE_OF, Reported, as_rate
from shudian.analysis.warnings import LeverEvidence
from shudian.draws import Array
from shudian.exchange.curves import Box
from shudian.exchange.draft import sectors_of
from shudian.exchange.layout import Node, View, extent, nodes_of, view
from shudian.kinds import Equation, Figure, Label, Model, Parameter, Source
from shudian.page.cards import Card, Statement
from shudian.parameters import DATE
from shudian.priors import quantile
from shudian.report.words.captions import places
from shudian.units import conversion, display_unit, reader_unit, size, unit_label

Plain = dict[str, Any]
_LEVELS = (0.05, 0.5, 0.95)


def both(label: Label) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": label.zh, "en": label.en}


def shown_unit(unit: str) -> Plain:
    """The unit in which an internal `unit` is shown: its spelling, how many of it one `unit` is, and how it is read."""
    shown = display_unit(unit)
    return {"unit_display": shown, "factor": conversion(unit, shown), **read_unit(shown)}


def read_unit(shown: str) -> Plain:
    """How amounts in the unit `shown` are read in each language.

    The label of the reader's unit, how many of these (million yuan) one of `shown` is, and how many digits after the
    point are worth printing.
    """
    english = reader_unit(shown, "en")
    return {
        "unit_label": {"zh": unit_label(shown, "zh"), "en": unit_label(english, "en")},
        "scale": {"zh": 1, "en": conversion(shown, english)},
        "places": {"zh": places(shown, "zh"), "en": places(shown, "en")},
    }


def units() -> Plain:
    """How people write numbers, units and dates, and each unit's size (two whole numbers) and dimension."""
    names = dict.fromkeys(unit_words.grammar()["names"].values())
    sizes = {name: size([(name, 1)]) for name in names if name != unit_words.COUNT}
    return {
        "numerals": numerals.grammar(),
        "words": unit_words.grammar(),
        "dates": dates.grammar(),
        "rules": quantities.grammar(),
        "sizes": {name: [one.numerator, one.denominator, [*powers]] for name, (one, powers) in sizes.items()},
    }


def lever(parameter: Parameter, card: Card | None, evidence: LeverEvidence | None = None) -> Plain:
    """A lever or an assumption, with its range and, for a lever, its card and the range that the evidence holds."""
    date = parameter.display_unit == DATE
    switch = parameter.whole and (parameter.low, parameter.high) == (0, 1)
    found: Plain = {
        **_described(parameter),
        "kind": "date" if date else "switch" if switch else "number",
        "default": parameter.value,
        "scales_with_budget": parameter.scales_with_budget,
        "needs": list(parameter.needs),
        "limit": both(parameter.limit) if parameter.limit else None,
    }
    if evidence:
        found["evidence_range"] = [evidence.low, evidence.high]
        found["printed"] = evidence.printed
    if card:
        found |= {
            "says": _stated(card.says),
            "examples": [{"city": both(e.city), **_stated(e.statement)} for e in card.examples],
            "gains": both(card.gains),
            "side_effects": both(card.side_effects),
        }
    return found


def _stated(statement: Statement) -> Plain:
    return {"text": both(statement.text), "sources": list(statement.sources)}


def _described(parameter: Parameter) -> Plain:
    unit = "月" if parameter.display_unit == DATE else parameter.display_unit
    # `into` is the factor with which a scenario file is read, so that the page reads the same to the last bit
    return {
        "name": parameter.name,
        "label": both(parameter.label),
        "meaning": both(parameter.meaning),
        "unit_display": parameter.display_unit,
        "unit_label": {"zh": unit_label(unit, "zh"), "en": unit_label(reader_unit(unit, "en"), "en")},
        "factor": conversion(parameter.unit, unit),
        "factor_en": conversion(parameter.unit, reader_unit(unit, "en")),
        "unit": parameter.unit,
        "low": parameter.low,
        "high": parameter.high,
        "whole": parameter.whole,
        "into": conversion(unit, parameter.unit),
        "internal_label": unit_label(parameter.unit, "zh"),
        "basis": parameter.basis,
        "note": both(parameter.note),
        "evidence": list(parameter.evidence),
    }


def parameter(found: Parameter, drawn: Array | None, importance: Mapping[str, float] | None, grade: str) -> Plain:
    """A parameter that no lever moves: its prior, what the draws `drawn` [draw] of it are, and how much it matters.

    `learned` is the share of the prior's variance that the reports have removed, never below zero.
    """
    plain: Plain = {**_described(found), "sector": found.sector, "role": found.role, "value": found.value}
    plain["kind"] = "number"
    plain |= {"grade": grade, "prior": None, "posterior": None, "learned": None, "importance": importance}
    if found.prior is not None and drawn is not None:
        levels = np.linspace(0.0005, 0.9995, 1000)
        prior = quantile(found.prior, found.low, found.high, levels)
        spread = float(np.var(prior))
        low, median, high = (float(x) for x in quantile(found.prior, found.low, found.high, np.array(_LEVELS)))
        plain["prior"] = {
            "distribution": found.prior.distribution,
            "arguments": dict(found.prior.arguments),
            "q05": low,
            "q50": median,
            "q95": high,
        }
        below, middle, above = (float(x) for x in np.quantile(drawn, _LEVELS))
        plain["posterior"] = {"q05": below, "q50": middle, "q95": above}
        plain["learned"] = max(0.0, 1 - float(np.var(drawn)) / spread) if spread > 0 else 0.0
    return plain


def best_grade(evidence: tuple[str, ...], figures: Mapping[str, Figure], sources: Mapping[str, Source]) -> str:
    """The best grade among the figures and sources that are cited; empty if none is."""
    grades = [figures[e].grade if e in figures else sources[e].grade for e in evidence if e in {**figures, **sources}]
    return min(grades, default="")


def source(found: Source) -> Plain:
    """A document."""
    return {
        "title": both(found.title), "body": found.body, "published": found.published, "address": found.address,
        "grade": found.grade, "reprint": found.reprint,
    }  # fmt: skip


def figure(found: Figure) -> Plain:
    """A reported number as printed."""
    return {
        "label": both(found.label), "phrase": found.phrase, "value": found.value, "low": found.low, "high": found.high,
        "unit": found.unit, "period": [found.period_start, found.period_end], "definition": found.definition,
        "source": found.source, "grade": found.grade, "role": found.role,
    }  # fmt: skip


def reported(found: Reported, outputs: Mapping[str, Plain], sources: Mapping[str, Source]) -> Plain:
    """A reported figure in one of the periods that it may mean, beside the model's quantity.

    `start` and `end` are months after 2023-01; `series` is the output on whose chart it stands, with `series_low`
    and `series_high` what it means there (a total over a period becomes the rate that it comes to), or None.
    """
    start, end = found.months
    low, high = found.printed
    variable = found.variable.name
    series = RATE_OF.get(variable, variable)
    output = outputs.get(series)
    span = as_rate(found.figure.unit, low, high, end - start, output["unit_display"]) if output else None
    document = sources[found.figure.source]
    return {
        "figure": found.figure.identifier,
        "variable": variable,
        "label": both(found.figure.label),
        "start": start,
        "end": end,
        "low": low,
        "high": high,
        "unit": found.figure.unit,
        **read_unit(found.figure.unit),
        "definition": found.figure.definition,
        "model": {"median": found.model.median, "low": found.model.low, "high": found.model.high},
        "phrase": found.figure.phrase,
        "source": {"id": document.identifier, **source(document)},
        "series": series if span else None,
        "series_low": span[0] if span else None,
        "series_high": span[1] if span else None,
    }


def equation(found: Equation) -> Plain:
    """An equation of the model, without its expression."""
    return {
        "name": found.name, "label": both(found.label), "meaning": both(found.meaning), "kind": found.kind,
        "sector": found.sector, "causes": list(found.causes), "evidence": list(found.evidence),
        **shown_unit(found.unit),
    }  # fmt: skip


def diagram(model: Model) -> Plain:
    """Sector -> its stock-and-flow diagram in points, placed as `shudian diagram` places it.

    The lines of a label are in both languages; the places are those of the Chinese ones, and do not depend on them.
    """
    labels = {e.name: e.label for e in model.equations} | {n: p.label for n, p in model.parameters.items()}

    def drawn(sector: str) -> Plain:
        return _drawn(
            view(model, sector, lambda name: labels[name].zh), nodes_of(model, sector, lambda name: labels[name].en)
        )

    return {sector: drawn(sector) for sector in sectors_of(model)}


def _drawn(chinese: View, english: Sequence[Node]) -> Plain:
    width, height = extent(english)
    return {
        "width": max(chinese.width, width),
        "height": max(chinese.height, height),
        "nodes": [
            {
                "name": zh.name, "kind": zh.kind, "ghost": zh.ghost, "body": _box(zh.body), "label": _box(zh.label),
                "lines": {"zh": list(zh.lines), "en": list(en.lines)},
            }
            for zh, en in zip(chinese.nodes, english, strict=True)
        ],
        "pipes": [{"flow": p.flow, "source": p.source, "sink": p.sink, "points": p.points} for p in chinese.pipes],
        "links": [
            {"cause": k.cause, "effect": k.effect, "curve": [k.curve.start, k.curve.control, k.curve.end]}
            for k in chinese.links
        ],
    }  # fmt: skip


def _box(box: Box) -> list[float]:
    return [box.x, box.y, box.width, box.height]
