"""Changes that do nothing, in words: which, why, and the command with which they act."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from shudian.analysis.idle import LEAST, Idle, Idleness, example_of, moved
from shudian.analysis.results import LAST_YEAR
from shudian.analysis.verdicts import YEAR
from shudian.kinds import LANGUAGES, Caution, Label, Language, Parameter, Scenario
from shudian.parameters import DATE
from shudian.quantities import MONTHS, write_month, write_value
from shudian.report.words.captions import joined, within
from shudian.wording import say


def idle_caution(found: Idleness, parameters: Mapping[str, Parameter]) -> Caution:
    """What does nothing in a scenario, and why."""

    def values(language: Language) -> dict[str, str]:
        said = joined([idle_clause(entry, language) for entry in found.changes], language)
        command = _command(found, parameters)
        acts = say("idle_acts", language, command=command, assumed=_assumed(found, language)) if command else ""
        return {"scenario": found.scenario.title.text(language), "said": said, "acts": acts}

    short, long = (
        Label(*(say(key, language, **values(language)).rstrip() for language in LANGUAGES))
        for key in ("warning_idle_short", "warning_idle_long")
    )
    return Caution("idle", found.scenario.name, short, long)


def idle_clause(found: Idle, language: Language) -> str:
    """Why one change does nothing."""
    limit = found.parameter.limit
    key = found.reason
    mostly = key == "limit" and found.whole < 1
    return say(
        f"idle_{key}_mostly" if mostly else f"idle_{key}",
        language,
        lever=found.parameter.label.text(language),
        needs=_listed([p.label for p in found.needs if p.display_unit != DATE], language),
        through=_listed(found.through, language),
        limit=limit.text(language) if limit else "",
        month=write_month(min(found.start, MONTHS)),
        year=YEAR,
        last=LAST_YEAR,
        share=_share(found.share),
        whole=_share(found.whole),
        least=f"{100 * LEAST:g}%",
    )


def _assumed(idleness: Idleness, language: Language) -> str:
    """Which of the values that the command gives to what is wanting are nobody's printed numbers."""
    wanted = dict.fromkeys(lever for entry in idleness.changes for lever in entry.needs if entry.reason != "off")
    labels = [lever.label for lever in wanted if lever.basis == "assumed"]
    return say("idle_acts_assumed", language, levers=_listed(labels, language)) if labels else ""


def _command(idleness: Idleness, parameters: Mapping[str, Parameter]) -> str:
    """The run in which what does nothing for want of another lever does something; empty where nothing is wanting."""
    scenario, before = idleness.scenario, idleness.before
    wanted = {lever.name: entry.start for entry in idleness.changes for lever in entry.needs if entry.reason != "off"}
    if not wanted:
        return ""
    if idleness.set:
        name, settings = before.name, [*_settings(scenario, before, parameters)]
    else:
        name, settings = str(scenario.place.path), []
    settings += [
        _setting(parameters[lever], example_of(parameters[lever], parameters), _said(start, scenario))
        for lever, start in wanted.items()
    ]
    return " ".join(["shudian run", name, *(f'--set "{setting}"' for setting in settings)])


def _settings(scenario: Scenario, before: Scenario, parameters: Mapping[str, Parameter]) -> Iterator[str]:
    for parameter in moved(scenario, before, parameters):
        if parameter.name in scenario.fixed:
            yield _setting(parameter, scenario.fixed[parameter.name], None)
        for own, other in ((scenario.levers, before.levers), (scenario.assumptions, before.assumptions)):
            for segment in own.get(parameter.name, ()):
                if segment not in other.get(parameter.name, ()):
                    yield _setting(parameter, segment.value, _said(segment.start, scenario))


def _said(start: float, scenario: Scenario) -> float | None:
    """A month as a setting says it: not at all where that is what goes without saying."""
    return None if start == scenario.now else start


def _setting(parameter: Parameter, value: float, start: float | None) -> str:
    written = write_value(value, parameter).strip('"')
    return f"{parameter.name}={written}" + ("" if start is None else f"@{write_month(start)}")


def _listed(labels: Sequence[Label], language: Language) -> str:
    return joined([within(label.text(language), language) for label in labels], language, "、", " and ")


def _share(share: float) -> str:
    # what is not all is not called 100 %
    return f"{math.floor(100 * share)}%"
