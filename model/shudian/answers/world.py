"""Which one world an answer is about: the uncertain parameters that its settings and files give a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shudian.analysis.contested_forms import NESTING, ContestedForm, load_contested_forms
from shudian.conditioning import believing
from shudian.grounds import Grounds
from shudian.kinds import InputError, Model, Parameter, Role, Scenario
from shudian.own_priors import read_own_prior
from shudian.quantities import placed
from shudian.scenario_changes import read_setting, with_settings


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
