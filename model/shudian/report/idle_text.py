"""Changes that do nothing, in words: which, why, and the command with which they act."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from shudian.budget import equalise
from shudian.compare.idle import FEW, LEAST, Idle, example_of, idle, moved
from shudian.compare.results import LAST_YEAR
from shudian.compare.verdicts import YEAR, Pairing, judged
from shudian.draws import Draws
from shudian.grounds import draws_from, standing_posterior
from shudian.kinds import LANGUAGES, Caution, InputError, Label, Language, Model, Parameter, Scenario, Target
from shudian.parameters import DATE
from shudian.paths import scenarios_folder
from shudian.quantities import MONTHS, write_month, write_value
from shudian.report.captions import joined, within
from shudian.report.strings import say
from shudian.scenarios import base_of
from shudian.schedules import FIRST_CHOICE


def idle_cautions(
    scenarios: Sequence[Scenario], pairing: Pairing, model: Model, targets: Sequence[Target], draws: Draws
) -> tuple[Caution, ...]:
    """Of each scenario that was changed by settings, or is the planner's own, what does nothing in it and why."""
    return tuple(
        caution
        for scenario, before in _changed(scenarios, pairing, model.parameters)
        if (caution := idle_caution(scenario, before, model, targets, draws))
    )


def idle_caution(
    scenario: Scenario, before: Scenario, model: Model, targets: Sequence[Target], draws: Draws
) -> Caution | None:
    """What does nothing in `scenario` of that in which it differs from `before`; None where everything acts."""
    found = idle(model, scenario, before, draws, judged(model, targets))
    if not _set(scenario, before):
        # a file may repeat what its base says
        found = tuple(entry for entry in found if entry.reason != "same")
    if not found:
        return None

    def values(language: Language) -> dict[str, str]:
        said = joined([idle_clause(entry, language) for entry in found], language)
        command = _command(scenario, before, found, model.parameters)
        acts = say("idle_acts", language, command=command) if command else ""
        return {"scenario": scenario.title.text(language), "said": said, "acts": acts}

    short, long = (
        Label(*(say(key, language, **values(language)).rstrip() for language in LANGUAGES))
        for key in ("warning_idle_short", "warning_idle_long")
    )
    return Caution("idle", scenario.name, short, long)


def idle_in(scenario: Scenario, model: Model, targets: Sequence[Target]) -> Caution | None:
    """What does nothing in a planner's own scenario, on a few draws; None where everything acts or it has no base."""
    base = base_of(scenario, model.parameters)
    if base is None:
        return None
    posterior = standing_posterior(scenario.city)
    draws = draws_from(model, posterior, FEW, 1)
    return idle_caution(equalise(scenario, model, posterior), base, model, targets, draws)


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


def _changed(
    scenarios: Sequence[Scenario], pairing: Pairing, parameters: Mapping[str, Parameter]
) -> Iterator[tuple[Scenario, Scenario]]:
    """What was changed, and that in which it was: a package's settings in the package, an own file in its base."""
    by_name = {scenario.name: scenario for scenario in scenarios}
    references = {*pairing.references.values()} - {pairing.asked}
    for scenario in scenarios:
        if scenario.name in references:
            continue
        if scenario.name in pairing.originals:
            yield scenario, by_name[pairing.originals[scenario.name]]
        elif scenario.place.path.parent.resolve() != scenarios_folder().resolve():
            try:
                base = base_of(scenario, parameters)
            except InputError:  # a run that is repeated goes without the file that its base was
                continue
            if base:
                yield scenario, base


def _command(scenario: Scenario, before: Scenario, found: Sequence[Idle], parameters: Mapping[str, Parameter]) -> str:
    """The run in which what does nothing for want of another lever does something; empty where nothing is wanting."""
    wanted = {lever.name: entry.start for entry in found for lever in entry.needs if entry.reason != "off"}
    if not wanted:
        return ""
    if _set(scenario, before):
        name, settings = before.name, [*_settings(scenario, before, parameters)]
    else:
        name, settings = str(scenario.place.path), []
    settings += [
        _setting(parameters[lever], example_of(parameters[lever], parameters), start) for lever, start in wanted.items()
    ]
    return " ".join(["shudian run", name, *(f'--set "{setting}"' for setting in settings)])


def _set(scenario: Scenario, before: Scenario) -> bool:
    """Whether the two differ by settings on the command line, and not by a file."""
    return scenario.place == before.place


def _settings(scenario: Scenario, before: Scenario, parameters: Mapping[str, Parameter]) -> Iterator[str]:
    for parameter in moved(scenario, before, parameters):
        if parameter.name in scenario.fixed:
            yield _setting(parameter, scenario.fixed[parameter.name], FIRST_CHOICE)
        for own, other in ((scenario.levers, before.levers), (scenario.assumptions, before.assumptions)):
            for segment in own.get(parameter.name, ()):
                if segment not in other.get(parameter.name, ()):
                    yield _setting(parameter, segment.value, segment.start)


def _setting(parameter: Parameter, value: float, start: float) -> str:
    written = write_value(value, parameter).strip('"')
    return f"{parameter.name}={written}" + ("" if start == FIRST_CHOICE else f"@{write_month(start)}")


def _listed(labels: Sequence[Label], language: Language) -> str:
    return joined([within(label.text(language), language) for label in labels], language, "、", " and ")


def _share(share: float) -> str:
    # what is not all is not called 100 %
    return f"{math.floor(100 * share)}%"
