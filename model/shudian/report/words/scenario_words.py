"""A scenario in words: what is chosen and when, what happens to the city, what is decided later, on what grounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shudian.amounts import amount_text
from shudian.kinds import Language, Parameter, Scenario
from shudian.parameters import HOME, city_titles
from shudian.quantities import write_month
from shudian.report.words.captions import joined
from shudian.report.words.explanation import field, section
from shudian.report.words.review_text import review_text
from shudian.schedules import Schedule
from shudian.wording import say


def scenario_text(
    scenario: Scenario, base: Scenario | None, parameters: Mapping[str, Parameter], language: Language
) -> str:
    """Everything that `scenario` says, section by section, without markup; what it keeps of `base` by name alone."""
    title = scenario.title.text(language)
    if scenario.retrospective:
        title = say("title_retrospective", language, title=title)
    lines = [f"{title}  {scenario.name}", "", scenario.question.text(language)]
    if base:
        lines.append(field("base", f"{base.title.text(language)}  {base.name}", language))
    if scenario.city != HOME:
        lines.append(field("city", city_titles()[scenario.city].text(language), language))
    if scenario.same_budget_as:
        lines.append(field("budget", scenario.same_budget_as, language))
    before = base.levers if base else {}
    own = {name: schedule for name, schedule in scenario.levers.items() if schedule != before.get(name)}
    kept = [parameters[name].label.text(language) for name in scenario.levers if name not in own]
    sections = {
        "levers": [*_settings(own, parameters, language)],
        "kept": [joined(kept, language, "、", ", ")] if kept else [],
        "assumptions": [
            *_settings(scenario.assumptions, parameters, language),
            *_fixed(scenario, parameters, language),
        ],
        "reviews": reviews_of(scenario, language),
        "notes": [note.text(language) for note in scenario.notes],
        "evidence_cited": [joined(scenario.evidence, language, "、", ", ")] if scenario.evidence else [],
    }
    for key, said in sections.items():
        lines += section(key, said, language) if said else []
    return "\n".join(lines)


def steps_text(schedule: Schedule, parameter: Parameter, language: Language) -> str:
    """What a lever or an assumption is, and from when."""
    told = []
    for segment in schedule:
        value = amount_text(segment.value, parameter, language)
        ramp = say("review_ramp", language, months=f"{segment.ramp:g}") if segment.ramp else ""
        always = segment.start == 0 and not ramp
        month = write_month(segment.start)
        told.append(value if always else say("step_told", language, month=month, value=value, ramp=ramp))
    return joined(told, language, "；", "; ")


def reviews_of(scenario: Scenario, language: Language) -> list[str]:
    """What each review of `scenario` looks at and what follows."""
    return [review_text(review, language, scenario.city) for review in scenario.reviews]


def _settings(
    schedules: Mapping[str, Schedule], parameters: Mapping[str, Parameter], language: Language
) -> Iterator[str]:
    for name, schedule in schedules.items():
        parameter = parameters[name]
        yield _line(parameter, steps_text(schedule, parameter, language), language)


def _fixed(scenario: Scenario, parameters: Mapping[str, Parameter], language: Language) -> Iterator[str]:
    for name, value in scenario.fixed.items():
        yield _line(parameters[name], amount_text(value, parameters[name], language), language)


def _line(parameter: Parameter, said: str, language: Language) -> str:
    return f"{parameter.label.text(language)}  {parameter.name}{'：' if language == 'zh' else ': '}{said}"
