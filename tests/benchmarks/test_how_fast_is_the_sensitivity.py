"""How long do Sobol indices take beside bare runs of the kernel on as many draws?

Run with `make bench`; it prints a table. Nothing about time is asserted. The issue asks for 2^15 base runs in a minute
on two cores; the last line says what the ratio measured here comes to for that many.
"""

from __future__ import annotations

import time

import pytest

from shudian.analysis.sensitivity import outcomes_asked, parameter_study
from shudian.draws import prior_draws
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run
from shudian.structure import load_model
from shudian.targets import load_definitions, load_targets

pytestmark = pytest.mark.benchmark

BASE, MANY = 2048, 2**15
MONTHS = 60
"""The horizon of the outcomes: the end of 2027."""


def test_ratio_to_bare_runs() -> None:
    model = load_model()
    asked = outcomes_asked(model, load_targets(), load_definitions())
    package, nothing = (load_scenario(name, model.parameters) for name in ("zhengzhou_2025", "no_policy"))
    variables = tuple(dict.fromkeys(outcome.variable for outcome in asked))
    draws = prior_draws(model, 8192, 1)
    bare_run(model, package, draws, variables, MONTHS)
    began = time.perf_counter()
    bare_run(model, package, draws, variables, MONTHS)
    bare = (time.perf_counter() - began) / 8192
    began = time.perf_counter()
    study = parameter_study(model, asked, package, nothing, BASE, 1)
    took = time.perf_counter() - began
    ratio = took / (study.runs * bare)
    runs = study.runs + 2 * (MANY - BASE) * (len(study.factors) + 2)
    print(
        f"\n{BASE:,} base samples of {len(study.factors)} factors, {study.runs:,} runs of {MONTHS} months, "
        f"{len(asked)} outcomes: {took:.1f} s, {ratio:.2f} times as long as bare runs ({bare * 1e6:.0f} us each)"
        f"\n{MANY:,} base samples take {runs:,} runs: about {runs * bare * ratio:.0f} s at this pace"
    )
    assert all(len(indices) == len(study.factors) for indices in study.indices)
