"""What a posterior follows from: a digest of all that was sampled, and each ingredient by name.

Draws depend on what the reports read and on its causes alone. A new output or cost account changes the digest, which
says what was sampled, and makes no posterior stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from shudian.kinds import Model, Parameter, Phrase
from shudian.observe.reports import Report
from shudian.structure import meaning

Ingredients = Mapping[str, Mapping[str, str]]
"""Kind (equation, prior, figure, study, policy) -> name -> hash."""


def inputs_digest(
    model: Model, reports: Sequence[Report], schedules: NDArray[np.float64], studies: Mapping[str, bytes]
) -> str:
    """Hash of the equations, the fixed parameters with their priors, the reports, the policy of the past and studies.

    `schedules` is [scheduled parameter, step] over the months that the reports tell of; `studies` is what is told of
    each finding.
    """
    digest = hashlib.sha256(model.digest.encode())
    for parameter in model.fixed:
        digest.update(_prior(parameter))
    for report in reports:
        digest.update(_report(report))
    digest.update(np.ascontiguousarray(schedules).tobytes())
    for told in studies.values():
        digest.update(told)
    return digest.hexdigest()[:16]


def ingredients(
    model: Model, reports: Sequence[Report], schedules: NDArray[np.float64], studies: Mapping[str, bytes]
) -> Ingredients:
    """What `inputs_digest` is a hash of, one by one."""
    rows = zip(model.scheduled, schedules, strict=True)
    return {
        "equation": {equation.name: _short(meaning(equation).encode()) for equation in model.equations},
        "prior": {parameter.name: prior_told(parameter) for parameter in model.fixed},
        "figure": {report.identifier: _short(_report(report)) for report in reports},
        "study": {name: _short(told) for name, told in studies.items()},
        "policy": {parameter.name: _short(np.ascontiguousarray(row).tobytes()) for parameter, row in rows},
    }


_TOLD = {
    "equation": ("the equation “{name}”", "the new equation “{name}”", "the removed equation “{name}”"),
    "prior": ("the prior “{name}”", "the new prior “{name}”", "the removed prior “{name}”"),
    "figure": ("the figure “{name}”", "the new figure “{name}”", "the removed figure “{name}”"),
    "study": ("the study “{name}”", "the new study “{name}”", "the removed study “{name}”"),
    "policy": ("the policy “{name}”", "the new policy “{name}”", "the removed policy “{name}”"),
}
"""How an ingredient is told that is another one now, that is new, and that is no longer there."""


def changed(was: Ingredients, now: Ingredients) -> tuple[Phrase, ...]:
    """Everything that differs between two sets of ingredients, each told as in `the new figure “ZM03”`."""
    return tuple(
        Phrase(_TOLD[kind][_state(name in was.get(kind, {}), name in named)], name=name)
        for kind, named in now.items()
        for name in {**named, **was.get(kind, {})}
        if named.get(name) != was.get(kind, {}).get(name)
    )


def _state(before: bool, after: bool) -> int:
    return 0 if before and after else 1 if after else 2


def read_by(model: Model, variables: Iterable[str]) -> frozenset[str]:
    """Every equation and parameter on which `variables` depend, by whatever chain of causes, first values included."""
    equations = {equation.name: equation for equation in model.equations}
    found: set[str] = set()
    left = list(variables)
    while left:
        name = left.pop()
        if name in found:
            continue
        found.add(name)
        if name in equations:
            left += [name for name in (*equations[name].causes, equations[name].initial) if name]
    return frozenset(found)


def among(made_from: Ingredients, names: Collection[str]) -> Ingredients:
    """The figures, and of the rest only what is called by one of `names`."""
    return {
        kind: {name: told for name, told in named.items() if kind in ("figure", "study") or name in names}
        for kind, named in made_from.items()
    }


def prior_told(parameter: Parameter) -> str:
    """The ingredient that is the prior of `parameter`, or its value where it has none."""
    return _short(_prior(parameter))


def _prior(parameter: Parameter) -> bytes:
    prior = parameter.prior
    told = (prior.distribution, sorted(prior.arguments.items())) if prior else parameter.value
    return repr((parameter.name, parameter.role, told, parameter.low, parameter.high)).encode()


def _report(report: Report) -> bytes:
    alternatives = [(a.quantity, a.level, a.growth, a.copied) for a in report.alternatives]
    return repr((report.identifier, alternatives, report.errors, report.wide, report.rule.scope_sigma)).encode()


def _short(told: bytes) -> str:
    return hashlib.sha256(told).hexdigest()[:8]
