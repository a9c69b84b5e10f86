"""One entry of the book for each variable and each number: its formula, what touches it, its pictures and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from markupsafe import Markup

from shudian.amounts import amount_text
from shudian.analysis.doses import RESPONSES, DoseResponse
from shudian.answers.book import Book
from shudian.exchange.names import sector_label
from shudian.exchange.polarity import polarities
from shudian.explain import ground_of
from shudian.kinds import Equation, Language, Loop, Parameter
from shudian.parameters import DATE
from shudian.report.book.mathml import equation_markup, name_markup
from shudian.report.book.plots import band_svg, belief_svg
from shudian.report.document import one_line
from shudian.report.render.numbers import significant
from shudian.report.run.tables import measure_head
from shudian.report.words.captions import reader_amount
from shudian.report.words.dose_text import flat_text
from shudian.report.words.explanation import range_text
from shudian.structure import TIME
from shudian.units import unit_label
from shudian.wording import say

Plain = Mapping[str, Any]
_SIGN = {1: "+", -1: "−", 0: "±"}


def anchor(name: str, kind: str) -> str:
    """The identifier of an entry's element: what it is and what it is called."""
    return f"{kind}-{name}"


class Entries:
    """The entries of one book in one language."""

    def __init__(self, book: Book, doses: Mapping[str, DoseResponse], language: Language) -> None:
        self.book, self.doses, self.language = book, doses, language
        self.loops = {loop.name: loop for loop in book.model.loops}

    def address(self, name: str) -> str:
        """Where the book tells of a variable, a number, a loop or a piece of evidence; empty where it does not."""
        kinds = (
            ("e", self._equations), ("p", self.book.model.parameters), ("loop", self.loops), ("f", self.book.figures),
            ("s", self.book.sources), ("x", self._effects),
        )  # fmt: skip
        return next((f"#{anchor(name, kind)}" for kind, known in kinds if name in known), "")

    def link(self, name: str) -> Markup:
        """A variable or a number by its label, as a link."""
        thing = self._equations.get(name) or self.book.model.parameters.get(name)
        label = thing.label.text(self.language) if thing else name
        return Markup('<a href="{}" title="{}">{}</a>').format(self.address(name), name, label)

    def cited(self, identifiers: Iterable[str]) -> list[Markup]:
        """Figures and sources by their identifiers, as links."""
        return [Markup('<a href="{}">{}</a>').format(self.address(name), name) for name in identifiers]

    def equation(self, equation: Equation) -> Plain:
        """The entry of a variable."""
        found, ground = self.book.explanations[equation.name], ground_of(equation, self.book.model)
        causes = [c for c in equation.causes if c != TIME]
        return {
            "id": anchor(equation.name, "e"),
            "name": equation.name,
            "label": equation.label.text(self.language),
            "kind": say(f"kind_{equation.kind}", self.language),
            "unit": unit_label(equation.unit, self.language) or "1",
            "meaning": equation.meaning.text(self.language),
            "why": equation.why.text(self.language),
            "ground": ground,
            "formula": self.formula(equation),
            "initial": self.link(equation.initial) if equation.initial else "",
            "causes": [self._signed(cause, equation.name, cause) for cause in causes],
            "effects": [self._signed(equation.name, e.name, e.name) for e in found.effects],
            "loops": [self.loop_link(loop) for loop in found.loops],
            "evidence": self.cited(equation.evidence),
        }

    def formula(self, equation: Equation) -> Markup:
        """Name = expression; of a stock, its change in a month."""
        left = name_markup(self._written(equation.name), "")
        if equation.kind == "stock":
            left = Markup("<mfrac><mrow><mi>d</mi>{}</mrow><mrow><mi>d</mi><mi>t</mi></mrow></mfrac>").format(left)
        return equation_markup(left, equation.expression, self._named)

    def loop_link(self, loop: Loop) -> Markup:
        """A loop as a link."""
        told = Markup('<a href="#{}">{} {}</a>')
        return told.format(anchor(loop.name, "loop"), loop.name, loop.label.text(self.language))

    def loop(self, loop: Loop) -> Plain:
        """The entry of a loop."""
        around = (*loop.variables, loop.variables[0])
        return {
            "id": anchor(loop.name, "loop"),
            "name": loop.name,
            "label": loop.label.text(self.language),
            "polarity": say(f"polarity_{loop.polarity}", self.language),
            "meaning": loop.meaning.text(self.language),
            "path": [self.link(name) for name in around],
            "switch": self.link(loop.switch),
        }

    def parameter(self, parameter: Parameter) -> Plain:
        """The entry of a number."""
        belief = self.book.beliefs.get(parameter.name)
        found = self.book.explanations[parameter.name]
        date = parameter.display_unit == DATE
        return {
            "id": anchor(parameter.name, "p"),
            "name": parameter.name,
            "label": parameter.label.text(self.language),
            "role": say(f"role_{parameter.role}", self.language),
            "sector": sector_label(parameter.sector).text(self.language),
            "unit": "" if date else unit_label(parameter.display_unit, self.language) or "1",
            "meaning": parameter.meaning.text(self.language),
            "value": amount_text(parameter.value, parameter, self.language),
            "range": range_text(parameter, self.language),
            "basis": say(f"basis_{parameter.basis}", self.language),
            "note": parameter.note.text(self.language),
            "uses": [self.link(e.name) for e in found.effects],
            "loops": [self.loop_link(loop) for loop in found.loops],
            "evidence": self.cited(parameter.evidence),
            "belief": self._belief(parameter) if belief else None,
            "plates": list(self._plates(parameter)),
            "flat": [flat_text(flat, dose, self.language) for dose in self._dose(parameter) for flat in dose.flat],
        }

    def _belief(self, parameter: Parameter) -> Plain:
        belief, prior = self.book.beliefs[parameter.name], parameter.prior
        assert prior is not None
        alt = say("book_belief_alt", self.language, label=parameter.label.text(self.language))
        rows = [("before", belief.before, belief.nil[0]), ("after", belief.after, belief.nil[1])]
        return {
            "picture": belief_svg(belief, alt),
            "distribution": say(f"distribution_{prior.distribution}", self.language),
            "low": amount_text(float(belief.edges[0]), parameter, self.language),
            "high": amount_text(float(belief.edges[-1]), parameter, self.language),
            "rows": [
                (
                    say(f"book_belief_{key}", self.language),
                    *(amount_text(v, parameter, self.language) for v in told),
                    nil,
                )
                for key, told, nil in rows
                if told
            ],
            "nil": any(belief.nil),
            "learned": belief.learned,
        }

    def _dose(self, parameter: Parameter) -> tuple[DoseResponse, ...]:
        return (self.doses[parameter.name],) if parameter.name in self.doses else ()

    def _plates(self, parameter: Parameter) -> Iterable[tuple[str, Markup]]:
        for dose in self._dose(parameter):
            ends = (dose.doses[0], dose.doses[-1])
            ticks = [(end, amount_text(end, parameter, self.language)) for end in ends]
            for measure in RESPONSES:
                head = one_line(measure_head(measure, self.language))
                bands = [
                    tuple(reader_amount(v, measure.unit, self.language)[0] for v in (b.low, b.median, b.high))
                    for b in dose.gains[measure.name]
                ]
                yield head, band_svg(dose.doses, [(a, b, c) for a, b, c in bands], head, axis_number, ticks=ticks)

    def _signed(self, cause: str, effect: str, told: str) -> Markup:
        sign = polarities(self.book.model).get((cause, effect))
        text = Markup('{}<span class="sign">{}</span>') if sign is not None else Markup("{}{}")
        return text.format(self.link(told), _SIGN[sign] if sign is not None else "")

    def _named(self, name: str) -> Markup:
        return name_markup(self._written(name), self.address(name))

    def _written(self, name: str) -> str:
        """A name in a formula: in English the identifier, as in the equation files, in Chinese the label."""
        thing = self._equations.get(name) or self.book.model.parameters.get(name)
        return thing.label.zh if thing and self.language == "zh" else name

    @cached_property
    def _equations(self) -> Mapping[str, Equation]:
        return {equation.name: equation for equation in self.book.model.equations}

    @cached_property
    def _effects(self) -> frozenset[str]:
        return frozenset(effect.identifier for effect in self.book.effects)


def axis_number(value: float) -> str:
    """A number on an axis."""
    return significant(value)
