"""Which one world an answer is about: the uncertain parameters that its settings and files give a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from shudian.analysis.contested_forms import NESTING, ContestedForm, load_contested_forms
from shudian.conditioning import believing
from shudian.draws import Draws
from shudian.evidence import known_evidence
from shudian.grounds import Grounds, draws_from
from shudian.kinds import InputError, Label, Model, Parameter, Role, Scenario, Target
from shudian.own_priors import read_own_prior
from shudian.posterior_file import Posterior
from shudian.quantities import placed
from shudian.scenario_changes import read_setting, with_settings
from shudian.targets import load_definitions, load_endings, load_targets


def contested(grounds: Grounds, model: Model) -> tuple[tuple[ContestedForm, ...], frozenset[str]]:
    """The contested forms with the priors that are believed of them, and the parameters that leave them no doubt."""
    posterior = grounds.posterior
    if posterior is None:
        return load_contested_forms(model), frozenset()
    own = {one.parameter.name: one for one in (read_own_prior(t, model.parameters) for t in posterior.own_priors)}
    forms = tuple(
        replace(form, parameter=replace(form.parameter, prior=own[form.parameter.name].prior))
        if form.parameter.name in own
        else form
        for form in load_contested_forms(model)
    )
    certain = [name for name, one in own.items() if one.prior.distribution != NESTING]
    return forms, frozenset([*posterior.given, *certain])


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What a question is asked of: a model, what its draws rest on, and what outcomes are judged by."""

    model: Model
    grounds: Grounds
    targets: tuple[Target, ...]
    """The official ones, and the planner's own behind them."""
    definitions: Mapping[str, Label]
    """What each definition (口径) is called."""
    endings: Mapping[str, str]
    """In which month (`2026-01`) a definition was given up, for those of which that is known."""

    @property
    def city(self) -> str:
        """Whose model it is."""
        return self.model.city

    @property
    def posterior(self) -> Posterior | None:
        """The posterior that the draws come from; None where they come from the priors."""
        return self.grounds.posterior

    def draw(self, count: int, seed: int) -> Draws:
        """So many of the draws; raises InputError for more than there are."""
        return draws_from(self.model, self.posterior, count, seed)

    def contested(self) -> tuple[tuple[ContestedForm, ...], frozenset[str]]:
        """The contested forms as they are believed, and the parameters that leave them no doubt."""
        return contested(self.grounds, self.model)


def world_of(model: Model, grounds: Grounds, own_targets: str = "") -> World:
    """The World of `model` and `grounds` with the targets of the file `own_targets`, if there is one.

    Raises InputError for a mistake in it.
    """
    own = Path(own_targets) if own_targets else None
    definitions, endings = load_definitions(), load_endings()
    if own:
        definitions, endings = definitions | load_definitions(own), endings | load_endings(own)
    return World(model, grounds, targets_of(model, own_targets), definitions, endings)


def targets_of(model: Model, own: str) -> tuple[Target, ...]:
    """The official targets and those of the file `own`, if there is one."""
    units = {equation.name: equation.unit for equation in model.equations}
    known = known_evidence()
    official = load_targets(variables=units, known_evidence=known)
    if not own:
        return official
    added = load_targets(Path(own), variables=units, known_evidence=known)
    for target in added:
        if target.identifier in {known_target.identifier for known_target in official}:
            raise InputError("“{name}” is an official target; choose another name", name=target.identifier).at(
                target.place
            )
    return official + added


def in_one_world(
    grounds: Grounds, model: Model, scenarios: Sequence[Scenario], settings: Sequence[str], own_priors: Sequence[str]
) -> tuple[Grounds, tuple[str, ...]]:
    """`grounds` under the condition that `scenarios` and `settings` make, and the settings that are left to be run.

    What an uncertain parameter is cannot be chosen: where there is a posterior, its value is a condition on the whole
    answer, and `bare` scenarios are run in the draws that meet it. Where there is none, the settings stay as they are.
    Raises InputError for scenarios that make different conditions, and as `believing` does.
    """
    if grounds.posterior is None:
        return believing(grounds, model, own_priors, {}), tuple(settings)
    conditions = [setting for setting in settings if is_condition(setting, model.parameters)]
    worlds = [with_settings(scenario, conditions, model.parameters).fixed for scenario in scenarios]
    for scenario, world in zip(scenarios, worlds, strict=True):
        if world != worlds[0]:
            differ = min(name for name in {*world, *worlds[0]} if world.get(name) != worlds[0].get(name))
            raise InputError(
                "“{one}” and “{other}” differ in “{parameter}”, which nobody can choose; run them one at a time, "
                "or give it one value for all with --set {again}=…",
                one=scenarios[0].name,
                other=scenario.name,
                parameter=differ,
                again=differ,
            )
    rest = tuple(setting for setting in settings if setting not in conditions)
    return believing(grounds, model, own_priors, worlds[0]), rest


def bare(scenario: Scenario, grounds: Grounds) -> Scenario:
    """`scenario` without the values of uncertain parameters where the draws of `grounds` meet them already."""
    return replace(scenario, fixed={}) if grounds.posterior else scenario


def is_condition(setting: str, parameters: Mapping[str, Parameter]) -> bool:
    """Whether `setting` gives an uncertain parameter a value; raises InputError for a mistake in it."""
    return setting_role(setting, parameters) == "uncertain"


def setting_role(setting: str, parameters: Mapping[str, Parameter]) -> Role:
    """The role of the parameter that `setting` gives a value; raises InputError for a mistake in it."""
    with placed(f"--set {setting}"):
        return read_setting(setting, parameters)[0].role


def only_conditions(settings: Sequence[str], model: Model) -> None:
    """Raise InputError for one of `settings` that gives another than an uncertain parameter a value."""
    for setting in settings:
        if not is_condition(setting, model.parameters):
            with placed(f"--set {setting}"):
                raise InputError("only an uncertain parameter can be set here; put others into a scenario file")
