"""An Explanation as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from shudian.amounts import amount_text
from shudian.explain import Explanation, formula, upstream
from shudian.kinds import Equation, Figure, Label, Language, Model, Parameter, Source, Target
from shudian.priors import quantile
from shudian.report.words.captions import amount, joined
from shudian.units import unit_label
from shudian.wording import say


def explanation_text(found: Explanation, model: Model, language: Language) -> str:
    """Everything about the subject of `found`, section by section, without markup."""
    subject = found.subject
    head = f"{subject.label.text(language)}  {subject.name}"
    lines = [head, "", subject.meaning.text(language)]
    if isinstance(subject, Parameter):
        lines.append(field("role", say(f"role_{subject.role}", language), language))
    else:
        lines.append(field("kind", say(f"kind_{subject.kind}", language), language))
        lines.append(field("unit", unit_label(subject.unit, language) or "1", language))
    lines.append(field("sector", say(f"sector_{subject.sector}", language), language))
    if isinstance(subject, Equation):
        lines += ["", *_equation(found, subject, model, language)]
        if why := subject.why.text(language):
            lines += ["", field("why", why, language)]
    if found.variables:
        lines += section("causes", [_variable(e, language) for e in found.variables], language)
    if found.effects:
        lines += section("effects", [_variable(e, language) for e in found.effects], language)
    if found.loops:
        lines += section("loops", list(_loops(found, language)), language)
    if found.parameters:
        numbers = [line for p in found.parameters for line in number_lines(p, language)]
        lines += section("numbers", numbers, language)
    if found.figures:
        lines += section("evidence", [_figure(f, language) for f in found.figures], language)
    if found.sources:
        lines += section("sources", [_source(s, language) for s in found.sources], language)
    return "\n".join(lines)


def target_text(target: Target, definitions: Mapping[str, Label], language: Language) -> str:
    """What a target asks for, and the variable that measures it under each definition."""
    threshold = amount(target.threshold, target.unit, language)
    lines = [f"{target.label.text(language)}  {target.identifier}", "", target.note.text(language)]
    lines.append(
        field("threshold", say(f"threshold_{target.measure}", language, year=target.year, amount=threshold), language)
    )
    measured = [f"{definitions[name].text(language)}: {variable}" for name, variable in target.definitions.items()]
    lines += section("definitions", measured, language)
    lines += section("evidence", [joined(target.evidence, language, "、", ", ")], language)
    return "\n".join(lines)


def deep_text(subject: Equation | Parameter, model: Model, language: Language) -> str:
    """Every number on which `subject` depends: what was measured first, then by distance."""
    numbers = upstream(model, subject)
    order = ("measured", "derived", "assumed")
    counts = {basis: sum(parameter.basis == basis for parameter, _ in numbers) for basis in order}
    lines = section("deep", [say("deep_counts", language, all=len(numbers), **counts)], language)
    for parameter, distance in sorted(numbers, key=lambda number: (order.index(number[0].basis), number[1])):
        name, value, *_ = number_lines(parameter, language)
        lines += [f"  {name}  {say('deep_distance', language, steps=distance)}", f"  {value}"]
    return "\n".join(lines)


def number_lines(parameter: Parameter, language: Language) -> Iterator[str]:
    """A parameter's value or prior, range, basis, evidence and note."""
    yield f"{parameter.label.text(language)}  {parameter.name}"
    if parameter.prior is None:
        value = say("number_value", language, value=amount_text(parameter.value, parameter, language))
    else:
        levels = quantile(parameter.prior, parameter.low, parameter.high, np.array([0.05, 0.5, 0.95]))
        low, median, high = (amount_text(float(level), parameter, language) for level in levels)
        value = say(
            "number_prior",
            language,
            distribution=say(f"distribution_{parameter.prior.distribution}", language),
            median=median,
            low=low,
            high=high,
        )
    scope = say("number_range", language, range=range_text(parameter, language))
    basis = say(f"basis_{parameter.basis}", language)
    cited = joined(parameter.evidence, language, "、", ", ")
    yield f"  {joined([value, scope, basis + (f' [{cited}]' if cited else '')], language)}"
    yield f"  {parameter.note.text(language)}"


def _equation(found: Explanation, subject: Equation, model: Model, language: Language) -> Iterator[str]:
    def named(name: str) -> str:
        if language == "en" or not (name in model or name in model.parameters):
            return name
        return (model.equation(name) if name in model else model.parameters[name]).label.zh

    text = formula(subject.expression, named)
    if subject.kind == "stock":
        yield say("equation_stock", language, name=named(subject.name), formula=text)
        if found.initial is not None:
            initial = found.initial
            yield say("equation_initial", language, name=initial.label.text(language), identifier=initial.name)
    else:
        yield f"{named(subject.name)} = {text}"
    for function in ("ratio", "softmin", "if"):
        if f"{function}(" in text:
            yield say(f"legend_{function}", language)


def _loops(found: Explanation, language: Language) -> Iterator[str]:
    for loop in found.loops:
        polarity = say(f"polarity_{loop.polarity}", language)
        brackets, colon = ("（{}）", "：") if language == "zh" else (" ({})", ": ")
        yield f"{loop.name} {loop.label.text(language)}{brackets.format(polarity)}{colon}{loop.meaning.text(language)}"


def _variable(equation: Equation, language: Language) -> str:
    return f"{equation.label.text(language)}  {equation.name}"


def _figure(figure: Figure, language: Language) -> str:
    period = " – ".join(dict.fromkeys(day for day in (figure.period_start, figure.period_end) if day))
    parts = [figure.label.text(language), period, f"“{figure.phrase}”" if figure.phrase else "", figure.source]
    return f"{figure.identifier}: " + joined([part for part in parts if part], language)


def _source(source: Source, language: Language) -> str:
    said = f"{source.identifier}: {source.title.text(language)} ({source.body}, {source.published or '—'})"
    if source.reprint:
        said += f" [{say('source_reprint', language)}]"
    return f"{said} {source.address}".rstrip()


def range_text(parameter: Parameter, language: Language) -> str:
    """The least and the greatest value that a scenario may give `parameter`."""
    low, high = (amount_text(value, parameter, language) for value in (parameter.low, parameter.high))
    number, _, unit = low.partition(" ")
    if number == "0" or unit == high.partition(" ")[2]:
        low = number  # English says a unit that both ends share once, behind the second
    return say("number_between", language, low=low, high=high)


def field(key: str, value: str, language: Language) -> str:
    """A line with the head `field_key`."""
    return f"{say(f'field_{key}', language)}{'：' if language == 'zh' else ': '}{value}"


def section(key: str, lines: Sequence[str], language: Language) -> list[str]:
    """Indented lines under the head `section_key`."""
    return ["", say(f"section_{key}", language), *(f"  {line}" for line in lines)]
