"""What else the model's variables are called: by definitions, targets and the tables' columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shudian.analysis.verdicts import MEASURES
from shudian.explain import find
from shudian.kinds import LANGUAGES, Equation, InputError, Label, Model, Parameter, Scenario, Target
from shudian.scenarios import list_scenarios, load_scenario, names_a_file
from shudian.targets import load_definitions, load_targets
from shudian.toml_file import nearest
from shudian.wording import say, short


def aliases(model: Model, targets: Sequence[Target], definitions: Mapping[str, Label]) -> dict[str, str]:
    """Other names for variables: of definitions (口径), of targets with one definition, of the tables' columns."""
    found: dict[str, str] = {}
    for measure in MEASURES:
        for language in LANGUAGES:
            column = say(measure.label, language, year=measure.year, since=measure.since)
            found[column] = measure.variable
    for target in targets:
        for definition, variable in target.definitions.items():
            name = definition if definition in model else variable
            label = definitions[definition]
            found |= dict.fromkeys(
                (definition, label.zh, label.en, *(short(text) for text in (label.zh, label.en))), name
            )
    return found


def target_named(text: str, targets: Sequence[Target]) -> Target | None:
    """The target whose identifier or label is `text`."""
    wanted = text.strip().casefold()
    names = {name.casefold(): t for t in targets for name in (t.label.en, t.label.zh, t.identifier)}
    return names.get(wanted)


def scenario_named(text: str, parameters: Mapping[str, Parameter]) -> Scenario | None:
    """The scenario that `text` names, as in `shudian run`, or None for a text that is near no scenario's name.

    Raises InputError for a mistake in its file, and for a name that is nearly a scenario's.
    """
    try:
        return load_scenario(text, parameters)
    except InputError:
        if names_a_file(text) or nearest(text, list_scenarios()):
            raise
        return None


def thing_named(text: str, model: Model) -> Equation | Parameter:
    """The variable or parameter that `text` names: by identifier or label, a definition, a target that has one.

    Raises InputError with the nearest names for anything else.
    """
    targets = load_targets()
    target = target_named(text, targets)
    if target is not None and len(target.definitions) > 1:
        raise InputError(
            "“{text}” is a target; say under which definition: {definitions}",
            text=text,
            definitions=tuple(target.definitions),
        )
    named = next(iter(target.definitions.values())) if target else text
    return find(model, named, aliases(model, targets, load_definitions()))


def outcome_named(text: str, model: Model) -> Equation:
    """`thing_named` where it is a variable; raises InputError for a parameter too."""
    subject = thing_named(text, model)
    if isinstance(subject, Parameter):
        raise InputError(
            "“{text}” is given to the model; name what comes out of it, such as local_output or fte_jobs", text=text
        )
    return subject
