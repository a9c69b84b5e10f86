"""What the page needs to write a brief as `shudian brief` does: the pieces of its file, and what no state changes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from statistics import NormalDist

from shudian.analysis import structures
from shudian.analysis.contested_forms import load_contested_forms
from shudian.analysis.ranking import SURE
from shudian.analysis.reported import Reported
from shudian.analysis.verdicts import MEASURES
from shudian.analysis.warnings import SAME, amounts_printed
from shudian.grounds import Grounds
from shudian.kinds import LANGUAGES, Caution, Figure, Language, Model, Parameter, Target
from shudian.page.brief_book import book_cells, book_skeleton
from shudian.page.facts import Plain, both
from shudian.parameters import DATE, HOME, city_titles
from shudian.posterior_file import Posterior
from shudian.report.brief import layout, tables, words
from shudian.report.document import one_line
from shudian.report.render import word_table
from shudian.report.render.skeleton import word_skeleton
from shudian.report.run.tables import measure_head
from shudian.report.words.belief_text import past_text
from shudian.report.words.captions import evidence_words, joined
from shudian.report.words.finding_text import grounds_text
from shudian.targets import market_of
from shudian.units import conversion, reader_unit, scaled_unit, unit_label, with_unit
from shudian.wording import say

_SCALES = (1e9, 1e6, 0.0)
"""Yuan from which on English says billions, millions and yuan."""


def brief_data(
    model: Model,
    posterior: Posterior | None,
    targets: Sequence[Target],
    reported: Sequence[Reported],
    cautions: Sequence[Caution],
    figures: Mapping[str, Figure],
) -> Plain:  # fmt: skip
    """Everything of a brief that hangs on no choice, for JSON."""
    forms = load_contested_forms(model)
    return {
        "measures": list(tables.SHOWN),
        "rules": {"small": words.SMALL, "named": words.MOST_NAMED, "made": words.MADE, "mark": tables.ASSUMED},
        "same": SAME,
        "printed": {p.name: amounts_printed(p, figures) for p in model.scheduled if p.role == "lever"},
        "layout": layout.limits(),
        "wide": _wide(),
        "widths": word_table.limits(),
        "amounts": {p.name: {language: _amounts(p, language) for language in LANGUAGES} for p in _counted(model)},
        "forms": {
            "least": structures.LEAST,
            "strong": structures.STRONG,
            "matters": structures.MATTERS,
            "notable": structures.NOTABLE,
            "sure": SURE,
            "levels": [NormalDist().inv_cdf(1 - 0.025 / (n + 1)) for n in range(len(forms))],
            "all": [
                {
                    "parameter": form.parameter.name, "prior_nil": form.prior_nil, "label": both(form.label),
                    "when_nil": both(form.when_nil), "otherwise": both(form.otherwise),
                }
                for form in forms
            ],
        },
        **{
            language: {
                **_said(language, posterior),
                "book": book_skeleton(targets, language),
                "cells": book_cells(model, market_of(targets), reported, language),
                "cautions": [caution.long.text(language) for caution in cautions],
            }
            for language in LANGUAGES
        },
    }  # fmt: skip


def _wide() -> str:
    """The characters that `shudian.wording.width` counts as two, as the inside of a pattern's brackets."""
    found: list[list[int]] = []
    for code in range(0x30000):
        if unicodedata.east_asian_width(chr(code)) in "WFA" and not 0xD800 <= code < 0xE000:
            if found and found[-1][1] == code - 1:
                found[-1][1] = code
            else:
                found.append([code, code])
    return "".join(f"\\u{{{first:x}}}" + (f"-\\u{{{last:x}}}" if last > first else "") for first, last in found)


def _counted(model: Model) -> list[Parameter]:
    return [parameter for parameter in model.scheduled if parameter.display_unit != DATE]


def _said(language: Language, posterior: Posterior | None) -> Plain:
    city = city_titles()[HOME].text(language)
    home = say("basis_home", language, city=city)
    heads = {m.name: one_line(measure_head(m, language)) for m in MEASURES if m.name in tables.SHOWN}
    return {
        "city": city,
        "heads": heads,
        "grounds": joined([home, *_grounds(posterior, language)], language, "", " "),
        "rests": joined([home, grounds_text(Grounds(posterior, "asked"), language)], language, "", " "),
        "word": word_skeleton(language, say("brief_page", language, page="{page}", pages="{pages}")),
    }


def _grounds(posterior: Posterior | None, language: Language) -> tuple[str, ...]:
    """As `report.run.short.basis` has it."""
    if posterior is None:
        return (grounds_text(Grounds(None, "asked"), language),)
    evidence = evidence_words(posterior, language)
    calibrated = say("short_calibrated", language, evidence=evidence, until=posterior.data_until)
    return (calibrated, *past_text(language))


def _amounts(parameter: Parameter, language: Language) -> Plain:
    """How `shudian.amounts.amount_text` writes amounts of a parameter that is no date.

    An amount times `into` is what `least` is compared with; the first scale whose `least` it reaches is taken, and
    the amount times `factor` has the tail `many` behind it, or `one` behind a 1.
    """
    label = unit_label(parameter.display_unit, language)
    if parameter.unit.startswith("1/") or (not label and parameter.name.endswith(("_rate", "_share"))):
        rest = label[1:] if language == "zh" else label.replace("per ", " a ")
        factor = 100 / conversion(parameter.display_unit, parameter.unit)
        return {"into": 1.0, "scales": [{"least": 0.0, "factor": factor, "many": f"%{rest}", "one": f"%{rest}"}]}
    shown = reader_unit(parameter.display_unit, language)
    is_money = language == "en" and re.search("(thousand|million)yuan", shown)
    into = conversion(parameter.unit, re.sub("(thousand|million)yuan", "yuan", shown)) if is_money else 1.0
    scales = []
    for least in _SCALES if is_money else _SCALES[-1:]:
        unit = scaled_unit(least / into, parameter.display_unit, parameter.unit, language)
        many, one = (with_unit(number, unit, language).removeprefix(number) for number in ("2", "1"))
        scales.append({"least": least, "factor": 1 / conversion(unit, parameter.unit), "many": many, "one": one})
    return {"into": into, "scales": scales}
