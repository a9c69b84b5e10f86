"""The scenarios of a plan: packages, what they are compared with, and both as settings change them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shudian.amounts import amount_text
from shudian.answers.requests import REFERENCE
from shudian.answers.world import bare, setting_role
from shudian.budget import equalise
from shudian.grounds import Grounds
from shudian.kinds import LANGUAGES, InputError, Label, Model, Parameter, Scenario
from shudian.quantities import MONTHS, write_month
from shudian.scenario_changes import combine, in_world_of, read_setting, with_settings
from shudian.scenario_past import departure, is_prospective, is_retrospective
from shudian.scenarios import load_scenario, package_and_shocks, record_of, schedule_matrix
from shudian.schedules import RECORD, ROOT
from shudian.wording import say


@dataclass(frozen=True, slots=True)
class Chosen:
    """A scenario to run, and the names of the runs with which it is compared."""

    scenario: Scenario
    reference: str
    original: str = ""
    settings: tuple[str, ...] = ()
    """What was changed in the original."""


def distinct(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Each scenario once; raises InputError where two files give theirs one name."""
    seen: dict[str, Chosen] = {}
    for entry in chosen:
        before = seen.setdefault(entry.scenario.name, entry).scenario
        if before.place.path.resolve() != entry.scenario.place.path.resolve():
            raise InputError(
                "{path} and {other} are both called “{name}”; rename one file",
                path=entry.scenario.place.path,
                other=before.place.path,
                name=before.name,
            )
    return list(seen.values())


def package_of(name: str) -> str:
    """The package of a name that may add shocks to it."""
    return package_and_shocks(name)[0]


def city_of(scenarios: Sequence[Scenario]) -> str:
    """The city of them all; raises InputError where they name several."""
    cities = {scenario.city for scenario in scenarios}
    if len(cities) > 1:
        raise InputError(
            "one run is about one city, but the scenarios name {names}; use --city", names=tuple(sorted(cities))
        )
    return cities.pop()


def struck(
    name: str,
    also: Sequence[str],
    parameters: Mapping[str, Parameter],
    now: float,
    known: Collection[str] | None = None,
) -> Scenario:
    """The scenario `name` as it is read in the month `now`, struck by each of its own shocks and of `also` once."""
    package, shocks = package_and_shocks(name)
    names = dict.fromkeys([package, *shocks, *also])
    return combine(*(load_scenario(part, parameters, known_evidence=known, now=now) for part in names))


def references(
    against: str,
    settings: Sequence[str],
    shocks: Sequence[str],
    parameters: Mapping[str, Parameter],
    grounds: Grounds,
    now: float,
) -> list[Chosen]:
    """What packages under `shocks` are compared with: as it is and, where settings act on it, changed."""
    plain = bare(struck(against, shocks, parameters, now), grounds)
    found = [Chosen(plain, plain.name)]
    outside = [s for s in settings if setting_role(s, parameters) != "lever"]
    if outside:
        ending = "_set" if len(outside) == len(settings) else "_outside"
        other = changed(plain, outside, parameters, ending)
        found.append(Chosen(other, other.name, plain.name, tuple(outside)))
    return found


def compared(entry: Chosen, base: Scenario, parameters: Mapping[str, Parameter]) -> list[Chosen]:
    """`entry` with its reference: `base` or, where the package makes assumptions of its own, `base` under them."""
    scenario = entry.scenario
    scheduled = [parameter for parameter in parameters.values() if parameter.role == "assumption"]
    # what a review decides is no part of the world
    worlds = [schedule_matrix(replace(one, reviews=()), scheduled) for one in (scenario, base)]
    if np.array_equal(worlds[0], worlds[1]) and scenario.fixed == base.fixed:
        return [replace(entry, reference=base.name)]
    reference = replace(
        in_world_of(base, scenario),
        name=f"{base.name}_beside_{scenario.name}",
        title=Label(
            *(
                say("title_beside", lang, reference=base.title.text(lang), package=scenario.title.text(lang))
                for lang in LANGUAGES
            )
        ),
    )
    return [Chosen(reference, reference.name), replace(entry, reference=reference.name)]


def equalised(chosen: Sequence[Chosen], model: Model, grounds: Grounds, purse: Scenario | None) -> tuple[Scenario, ...]:
    """The scenarios of `chosen` that cost what they say they cost as much as, or what `purse` costs if there is one."""
    found: dict[str, Scenario] = {}
    if purse:
        purse = equalise(purse, model, grounds.posterior)
    for entry in chosen:
        name = entry.scenario.name
        if entry.settings:
            # a value that was set is not scaled: it must be the one that the title names
            ending = name.removeprefix(entry.original)
            found[name] = changed(found[entry.original], entry.settings, model.parameters, ending)
        elif purse and name not in (purse.name, entry.reference):
            scaled = replace(entry.scenario, same_budget_as=purse.name)
            found[name] = equalise(scaled, model, grounds.posterior, reference=purse)
        else:
            found[name] = equalise(entry.scenario, model, grounds.posterior)
    return tuple(found.values())


def natural_reference(packages: Sequence[Scenario], parameters: Mapping[str, Parameter]) -> str:
    """What `packages` are compared with where nobody says: what would be, had nobody decided what is asked about.

    What begins now stands against what was decided, and that (the sixteen measures) against the opinion before it.
    Packages that are another past stand against none at all.
    """
    record = record_of(packages[0], parameters)
    others = [package for package in packages if departure(package, record) < MONTHS]
    if not others:
        return ROOT
    return RECORD if all(is_prospective(package, record) for package in others) else REFERENCE


def past_and_future(
    scenarios: Sequence[Scenario], references: Mapping[str, str], parameters: Mapping[str, Parameter]
) -> tuple[tuple[Scenario, ...], tuple[Scenario, ...]]:
    """The packages that choose otherwise than was decided in the past, and those that do so from now on.

    What was decided is of neither kind. `references` name the run with which each is compared: a standing one is left
    out, because its title says which past it is, and a package that stands there because somebody asked is not.
    """
    without = {name for name in references.values() if _standing(name)}
    asked = [scenario for scenario in scenarios if scenario.name not in without]
    record = record_of(asked[0], parameters) if asked else None
    past = tuple(scenario for scenario in asked if record and is_retrospective(scenario, record))
    return past, tuple(scenario for scenario in asked if record and is_prospective(scenario, record))


def _standing(reference: str) -> bool:
    """Whether the run called `reference` is a standing reference, perhaps struck, changed or in another's world."""
    return any(
        reference == name or reference.startswith((f"{name}+", f"{name}_set", f"{name}_outside", f"{name}_beside"))
        for name in (REFERENCE, ROOT, RECORD)
    )


def marked(
    scenarios: Sequence[Scenario], references: Mapping[str, str], parameters: Mapping[str, Parameter]
) -> tuple[Scenario, ...]:
    """`scenarios`, those that choose in the past with a mark behind the title where others begin now."""
    past, future = past_and_future(scenarios, references, parameters)
    if not (past and future):
        return tuple(scenarios)
    return tuple(
        replace(one, title=Label(*(say("title_retrospective", lang, title=one.title.text(lang)) for lang in LANGUAGES)))
        if one in past
        else one
        for one in scenarios
    )


def changed(scenario: Scenario, settings: Sequence[str], parameters: Mapping[str, Parameter], ending: str) -> Scenario:
    """`scenario` with `settings`, its name with `ending`; its title says what was changed."""
    other = with_settings(scenario, settings, parameters)
    said = [_setting(setting, parameters, scenario.now) for setting in settings]
    title = Label(
        f"{scenario.title.zh}，改为：{'、'.join(label.zh for label in said)}",
        f"{scenario.title.en}, changed: {', '.join(label.en for label in said)}",
    )
    return replace(other, name=scenario.name + ending, title=title)


def _setting(setting: str, parameters: Mapping[str, Parameter], now: float) -> Label:
    """What a setting was understood as: its amount in the parameter's own unit, and its date though none was given."""
    parameter, value, start = read_setting(setting, parameters, now)
    month = "" if start is None else write_month(start)
    zh, en = (f"（{month}起）", f" from {month}") if month else ("", "")
    amounts = {language: amount_text(value, parameter, language) for language in ("zh", "en")}
    return Label(f"{parameter.label.zh}{amounts['zh']}{zh}", f"{parameter.label.en.lower()} {amounts['en']}{en}")
