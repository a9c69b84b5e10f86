"""What each chapter of the book says besides the entries: tables of what was found, from the book's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from shudian.amounts import amount_text
from shudian.analysis.doses import DoseResponse
from shudian.analysis.reported import Reported, as_rate
from shudian.answers.book import Belief, Book, Mode, Weighed
from shudian.exchange.draft import sectors_of
from shudian.exchange.layout import view
from shudian.exchange.names import sector_label
from shudian.explain import ground_of
from shudian.kinds import Equation, Language, Scenario
from shudian.parameters import HOME
from shudian.quantities import FIRST_YEAR, MONTHS
from shudian.report.book import charts
from shudian.report.book.checklists import CHECKLISTS
from shudian.report.book.entries import Entries, anchor, axis_number
from shudian.report.book.plots import band_svg
from shudian.report.render.numbers import significant
from shudian.report.words.captions import amount, places, posterior_mark, shown_unit
from shudian.report.words.dose_text import flat_text
from shudian.report.words.scenario_words import reviews_of, steps_text
from shudian.simulate import STEPS_PER_MONTH
from shudian.units import conversion, display_unit, reader_unit, unit_label
from shudian.wording import say

Plain = Mapping[str, Any]
CHAPTERS = (
    "about", "boundary", "hypothesis", "map", "equations", "levers", "numbers", "structures", "modes", "scenarios",
    "evidence", "tests", "forecasts", "failures", "checklists",
)  # fmt: skip
"""In order; each is an element's identifier and a text `book_chapter_…`."""
LEFT_OUT = (
    "regulation", "titles", "households", "cities", "districts", "macro", "prices", "labour", "credit", "season",
)  # fmt: skip
"""What the model leaves out: texts `book_out_…` and `book_out_…_why`."""
HYPOTHESIS = ("question", "growth", "limits", "money", "ai", "policy", "rivals", "break")
"""Paragraphs `book_hypothesis_…`."""
CONTRACT = "test_does_the_model_behave"
"""The file of tests that is the behaviour contract."""
_SHOWN = 60
"""Months of a reference mode: to the end of 2027. What comes later is wide, and would leave no room for the data."""
_LEARNED = 0.05
"""Below this share of the prior's variance the data are said to have told nothing."""


def told(book: Book, doses: Mapping[str, DoseResponse], language: Language) -> Plain:
    """Everything that the template sets, by name."""
    entries = Entries(book, doses, language)
    model = book.model
    every = model.parameters.values()
    roles = ("assumption", "uncertain", "constant", "switch")
    return {
        "chapters": [(name, say(f"book_chapter_{name}", language)) for name in CHAPTERS],
        "basis": _basis(book, language),
        "counts": {
            "equations": len(model.equations), "stocks": len(model.stocks), "parameters": len(model.parameters),
            "loops": len(model.loops), "steps": STEPS_PER_MONTH, "draws": f"{book.draws.values.shape[1]:,}",
            "end": FIRST_YEAR + MONTHS // 12 - 1,
        },
        "boundary": {key: _links(entries, getattr(book.boundary, key)) for key in ("carried", "drivers", "outcomes")},
        "endogenous": [
            (sector_label(sector).text(language), _links(entries, _of(book.boundary.loops, sector)))
            for sector in sectors_of(model)
        ],
        "chosen": [entries.link(p.name) for p in model.scheduled if p.role == "lever"],
        "assumed": [entries.link(p.name) for p in model.scheduled if p.role == "assumption"],
        "left_out": [(say(f"book_out_{n}", language), say(f"book_out_{n}_why", language)) for n in LEFT_OUT],
        "hypothesis": [say(f"book_hypothesis_{name}", language) for name in HYPOTHESIS],
        "loops_picture": charts.loops_svg(model, language, entries.address, say("diagram_loops_title", language)),
        "loops": [entries.loop(loop) for loop in model.loops],
        "map": charts.map_svg(model, language, say("book_chapter_map", language)),
        "sectors": list(_sectors(book, entries, language)),
        "levers": [entries.parameter(p) for p in model.scheduled if p.role == "lever"],
        "numbers": [
            (say(f"book_numbers_{role}", language), [entries.parameter(p) for p in every if p.role == role])
            for role in roles
        ],
        "forms": [_form(weighed, entries, language) for weighed in book.forms],
        "modes": [_mode(mode, entries, language) for mode in book.modes],
        "scenarios": [_scenario(scenario, entries, language) for scenario in book.scenarios],
        "targets": list(_targets(book, entries, language)),
        "figures": list(_figures(book, entries, language)),
        "sources": [
            {
                "id": anchor(s.identifier, "s"), "name": s.identifier, "title": s.title.text(language), "body": s.body,
                "published": s.published, "address": s.address, "grade": s.grade,
            }
            for s in book.sources.values()
        ],
        "effects": [
            {
                "id": anchor(e.identifier, "x"), "name": e.identifier, "label": e.label.text(language),
                "treatment": "; ".join(e.treatment), "note": e.note.text(language), "is_used": e.is_used,
                "outcome": [entries.link(name) for name in e.outcome], "evidence": entries.cited((*e.figures, e.study)),
            }
            for e in book.effects
        ],
        "tests": list(_tests(book)),
        "record": book.tests,
        "contract": anchor(CONTRACT, "test"),
        "registers": [(r.path.name, r.made, len(r.rows)) for r in book.registers],
        "scored": list(_scored(book, entries, language)),
        "summary": book.scored.get("summaries", {}).get("all", {}),
        "failures": failures(book, doses, entries, language),
        "checklists": [
            (
                say(f"book_checklist_{name}", language),
                [
                    (say(f"book_check_{i}", language), say(f"book_check_{i}_met", language), _chapters(links, language))
                    for i, links in items.items()
                ],
            )
            for name, items in CHECKLISTS.items()
        ],
    }  # fmt: skip


def _basis(book: Book, language: Language) -> str:
    return say("book_basis", language, mark=posterior_mark(book.posterior, language), model=book.model.digest)


def _chapters(links: Sequence[str], language: Language) -> list[Markup]:
    link = Markup('<a href="#{}">{}</a>')
    return [link.format(name, say(f"book_chapter_{name}", language)) for name in links]


def _of(equations: Sequence[Equation], sector: str) -> list[Equation]:
    return [equation for equation in equations if equation.sector == sector]


def _links(entries: Entries, equations: Sequence[Equation]) -> list[Markup]:
    return [entries.link(equation.name) for equation in equations]


def _sectors(book: Book, entries: Entries, language: Language) -> Iterator[Plain]:
    model = book.model
    labels = {e.name: e.label for e in model.equations} | {n: p.label for n, p in model.parameters.items()}
    for sector in sectors_of(model):
        name = sector_label(sector).text(language)
        drawn = view(model, sector, lambda n: labels[n].text(language))
        yield {
            "id": anchor(sector, "sector"),
            "name": name,
            "picture": charts.sector_svg(model, drawn, entries.address, name),
            "entries": [entries.equation(e) for e in model.equations if e.sector == sector],
        }


def _form(weighed: Weighed, entries: Entries, language: Language) -> Plain:
    form = weighed.form
    return {
        "id": anchor(form.name, "form"),
        "label": form.label.text(language),
        "question": form.question.text(language),
        "parameter": entries.link(form.parameter.name),
        "nil": form.when_nil.text(language),
        "otherwise": form.otherwise.text(language),
        "before": f"{form.prior_nil:z.0%}",
        "after": "—" if weighed.nil is None else f"{weighed.nil:z.0%} ± {max(100 * weighed.error, 0.1):z.1f}",
        "other_before": f"{1 - form.prior_nil:z.0%}",
        "other_after": "—" if weighed.nil is None else f"{1 - weighed.nil:z.0%} ± {max(100 * weighed.error, 0.1):z.1f}",
    }


def _mode(mode: Mode, entries: Entries, language: Language) -> Plain:
    unit = display_unit(mode.variable.unit)
    into = reader_unit(unit, language)
    series = mode.series[:, : _SHOWN + 1] * conversion(mode.variable.unit, into)
    months = list(range(series.shape[1]))
    printed = [box for c in mode.printed if (box := _printed(c, unit, into))]
    years = [(12.0 * year, str(FIRST_YEAR + year)) for year in range(_SHOWN // 12 + 1)]
    bands = [(float(a), float(b), float(c)) for a, b, c in series.T]
    label = mode.variable.label.text(language)
    return {
        "link": entries.link(mode.variable.name),
        "unit": unit_label(into, language) or "1",
        "picture": band_svg(months, bands, label, axis_number, printed=printed, ticks=years),
        "printed": [
            {
                "figure": entries.cited([c.figure.identifier])[0],
                "period": f"{c.start} – {c.end}",
                "phrase": c.figure.phrase,
                "unit": unit_label(c.figure.unit, language),
                "model": "{} [{}–{}]".format(*(significant(v, 3) for v in (c.model.median, c.model.low, c.model.high))),
                "inside": c.inside,
            }
            for c in mode.printed
        ],
    }


def _printed(found: Reported, unit: str, into: str) -> tuple[float, float, float, float, str] | None:
    start, end = found.months
    low, high = found.printed
    rate = as_rate(found.figure.unit, low, high, end - start, unit)
    if rate is None or not (abs(rate[0]) < float("inf") and abs(rate[1]) < float("inf")):
        return None
    factor = conversion(unit, into)
    return start, end, rate[0] * factor, rate[1] * factor, f"{found.figure.identifier} {found.figure.phrase}"


def _scenario(scenario: Scenario, entries: Entries, language: Language) -> Plain:
    parameters = entries.book.model.parameters
    given = {**scenario.levers, **scenario.assumptions}
    return {
        "id": anchor(scenario.name, "scenario"),
        "name": scenario.name,
        "title": scenario.title.text(language),
        "question": scenario.question.text(language),
        "settings": [
            *((entries.link(n), steps_text(schedule, parameters[n], language)) for n, schedule in given.items()),
            *((entries.link(n), amount_text(value, parameters[n], language)) for n, value in scenario.fixed.items()),
        ],
        "reviews": reviews_of(scenario, language),
        "notes": [note.text(language) for note in scenario.notes],
        "evidence": entries.cited(scenario.evidence),
    }  # fmt: skip


def _targets(book: Book, entries: Entries, language: Language) -> Iterator[Plain]:
    for target in book.targets:
        threshold = amount(target.threshold, target.unit, language)
        yield {
            "id": anchor(target.identifier, "target"),
            "label": target.label.text(language),
            "asks": say(f"threshold_{target.measure}", language, year=target.year, amount=threshold),
            "measured": [entries.link(name) for name in target.definitions.values()],
            "note": target.note.text(language),
            "evidence": entries.cited(target.evidence),
        }


def _figures(book: Book, entries: Entries, language: Language) -> Iterator[Plain]:
    for figure in book.figures.values():
        period = " – ".join(dict.fromkeys(day for day in (figure.period_start, figure.period_end) if day))
        yield {
            "id": anchor(figure.identifier, "f"),
            "name": figure.identifier,
            "label": figure.label.text(language),
            "phrase": figure.phrase,
            "unit": figure.unit if figure.value is not None else "",
            "value": "" if figure.value is None else f"{figure.value:,.6g}",
            "period": period,
            "definition": figure.definition,
            "role": figure.role,
            "grade": figure.grade,
            "source": entries.cited([figure.source])[0] if figure.source else "",
        }


def _tests(book: Book) -> Iterator[Plain]:
    """The contract first, then every other file in the order of its name."""
    for file in sorted(book.tests.files, key=lambda f: (f.name != CONTRACT, f.name)):
        question = file.name.removeprefix("test_").replace("_", " ")
        yield {
            "id": anchor(file.name, "test"),
            "question": f"{question[:1].upper()}{question[1:]}?",
            "file": file,
            "asks": file.asks.split("\n\n"),
        }


def _scored(book: Book, entries: Entries, language: Language) -> Iterator[Plain]:
    """The numbers that the kept register was scored on, with the reason for each miss."""
    for row in book.scored.get("rows", ()):
        reason = book.misses.get((row["figure"], row["measure"]))
        is_level = row["measure"] == "level"
        unit = str(row["unit"]) if is_level else "1"
        factor, digits = (
            (conversion(unit, reader_unit(unit, language)), places(unit, language)) if is_level else (1.0, 2)
        )

        def written(*values: float, factor: float = factor, digits: int = digits) -> str:
            return "–".join(significant(v * factor, digits) if v < float("inf") else "∞" for v in dict.fromkeys(values))

        yield {
            "figure": entries.cited([row["figure"]])[0],
            "phrase": row["phrase"],
            "measure": say("book_forecast_level" if is_level else "book_forecast_growth", language),
            "unit": unit_label(shown_unit(unit, language), language) if is_level else "",
            "printed": written(*row["printed"]),
            "median": written(row["median"]),
            "interval": written(*row["interval_90"]),
            "inside_50": f"{row['inside_50']:z.0%}",
            "inside_90": f"{row['inside_90']:z.0%}",
            "reason": say(f"book_reason_{reason[0]}", language) if reason else "",
            "why": reason[1].text(language) if reason else "",
        }


def failures(book: Book, doses: Mapping[str, DoseResponse], entries: Entries, language: Language) -> Plain:
    """Where the model fails or does not know, found and not listed by hand."""
    outside = [c for mode in book.modes for c in mode.printed if not c.inside]
    untold = [p.name for p in book.model.fixed if p.prior and _told_nothing(book.beliefs[p.name])]
    return {
        "outside": [
            (entries.cited([c.figure.identifier])[0], c.figure.phrase, entries.link(c.variable.name)) for c in outside
        ],
        "unlearned": [entries.link(name) for name in untold],
        "priors": len(book.beliefs),
        "flat": [
            (entries.link(name), flat_text(flat, dose, language)) for name, dose in doses.items() for flat in dose.flat
        ],
        "unwritten": [entries.link(e.name) for e in book.model.equations if ground_of(e, book.model) == "untold"],
        "failed": [
            (anchor(file.name, "test"), case.name)
            for file in book.tests.files
            for case in file.cases
            if case.outcome == "failed"
        ],
        "city": HOME,
    }


def _told_nothing(belief: Belief) -> bool:
    return belief.learned is not None and belief.learned < _LEARNED
