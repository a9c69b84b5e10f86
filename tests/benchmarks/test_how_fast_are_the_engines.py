"""How fast are the engines that run our model, on the same machine, the same scenario, the same outputs?

Run with `make bench`; it prints one table. An engine's series must agree with ours before its time counts; no time
is asserted. Each engine is called as its own manual says, with everything compiled or translated beforehand, and on
as many cores as it uses by itself. BPTK-Py needs an environment of its own: name that Python in BPTK_PYTHON.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shudian.draws import Array, central_draw, prior_draws
from shudian.equations.language import Expression
from shudian.exchange import vensim, xmile
from shudian.exchange.pysd_engine import translate_text
from shudian.kinds import Model, Scenario
from shudian.scenarios import load_scenario, schedule_matrix
from shudian.simulate import STEPS_PER_MONTH, bare_run
from shudian.structure import load_model

pytestmark = pytest.mark.benchmark

DRAWS = 1000
Row = tuple[str, str, float, float, str]
"""Engine, version, seconds for one run, runs a second, how that was found."""


def seconds(action: Callable[[], object], repetitions: int) -> float:
    """The shortest of several times, which the rest of the machine disturbed least."""
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def agree(ours: Array, theirs: Array) -> None:
    np.testing.assert_allclose(theirs, ours, rtol=1e-9)


def test_engines_side_by_side(tmp_path: Path) -> None:
    model = load_model()
    scenario = load_scenario("zhengzhou_2025", model.parameters)
    outputs = [e.name for e in model.equations if e.sector == "outcomes"]
    central, draws = central_draw(model), prior_draws(model, DRAWS, seed=1)
    ours = bare_run(model, scenario, central, outputs)[:, :, 0]
    mdl, xmile_file = tmp_path / "model.mdl", tmp_path / "model.xmile"
    mdl.write_text(vensim.equations_text(model, scenario, central), encoding="utf-8")
    xmile_file.write_text(xmile.equations_text(model, scenario, central), encoding="utf-8")

    one = seconds(lambda: bare_run(model, scenario, central, outputs), 20)
    many = seconds(lambda: bare_run(model, scenario, draws, outputs), 5)
    rows: list[Row] = [("shudian kernel, all cores", version("llvmlite"), one, DRAWS / many, "measured")]

    translated = translate_text(mdl.read_text(encoding="utf-8"), ".mdl")
    agree(ours, translated.run({}, outputs))
    values = [dict(zip(draws.names, map(float, draw), strict=True)) for draw in draws.values.T[:5]]
    pysd_many = seconds(lambda: [translated.run(v, outputs) for v in values], 1) / len(values)
    pysd_one = seconds(lambda: translated.run({}, outputs), 3)
    rows.append(("PySD", version("pysd"), pysd_one, 1 / pysd_many, f"extrapolated from {len(values)} runs"))

    rows += simlin_rows(mdl, ours, outputs, [dict(zip(draws.names, draw, strict=True)) for draw in draws.values.T])
    rows += bptk_rows(model, scenario, xmile_file, ours, outputs)
    print(f"\n{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{len(model.equations)} equations, 768 Euler steps, {len(outputs)} outputs each month, {scenario.name}")
    print(f"{'engine':<28}{'version':<10}{'ms, one run':>12}{'runs/s':>12}{'ours is':>12}  of {DRAWS:,} draws")
    for name, number, single, rate, how in rows:
        print(f"{name:<28}{number:<10}{single * 1e3:>12.2f}{rate:>12,.1f}{DRAWS / many / rate:>11,.0f}x  {how}")


def simlin_rows(file: Path, ours: Array, outputs: list[str], overrides: list[dict[str, float]]) -> list[Row]:
    simlin = pytest.importorskip("simlin")
    model = simlin.load(file)

    def run(given: dict[str, float] | None = None) -> Array:
        simulation = model.simulate(given)
        simulation.run_to_end()
        return np.array([simulation.get_series(name) for name in outputs])

    simulation = model.simulate()

    def again(given: dict[str, float]) -> None:
        # its fastest way: the compiled simulation is kept, and only numbers are set
        simulation.reset()
        for name, value in given.items():
            simulation.set_value(name, value)
        simulation.run_to_end()
        for name in outputs:
            simulation.get_series(name)

    agree(ours, run())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one = seconds(run, 10)
        fresh = seconds(lambda: [run(given) for given in overrides[:100]], 1) / 100
        kept = seconds(lambda: [again(given) for given in overrides[:300]], 1) / 300
    return [
        ("simlin", version("pysimlin"), one, 1 / fresh, "extrapolated from 100 runs"),
        ("simlin, kept compiled", version("pysimlin"), kept, 1 / kept, "extrapolated from 300 runs"),
    ]


def bptk_rows(model: Model, scenario: Scenario, file: Path, ours: Array, outputs: list[str]) -> list[Row]:
    python = os.environ.get("BPTK_PYTHON")
    if not python:
        return []
    asked = json.dumps({"file": str(file), "names": outputs, "model": as_data(model, scenario)})
    script = Path(__file__).with_name("bptk.py")
    done = subprocess.run([python, str(script)], input=asked, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    rows: list[Row] = []
    for key, name in (("rust", "BPTK-Py, Rust"), ("compiled", "BPTK-Py, XMILE to Python")):
        agree(ours, np.array(found[key]["series"]).T)
        seconds_each = found[key]["seconds"]
        rows.append((name, found["version"], seconds_each, 1 / seconds_each, "extrapolated from 1 run"))
    return rows


def as_data(model: Model, scenario: Scenario) -> dict[str, Any]:
    """Equations and numbers as lists, for an engine that takes neither of our files."""
    central = central_draw(model)
    constants = dict(zip(central.names, map(float, central.values[:, 0]), strict=True))
    matrix = schedule_matrix(scenario, model.scheduled)
    equations = {e.name: tree(e.expression) for e in model.static + model.dynamic}
    for parameter, row in zip(model.scheduled, matrix, strict=True):
        node: list[Any] = ["constant", float(row[-1])]
        for step in np.flatnonzero(np.diff(row))[::-1]:
            past = ["less", ["variable", "time"], ["constant", float(step + 1) / STEPS_PER_MONTH]]
            node = ["where", past, ["constant", float(row[step])], node]
        equations[parameter.name] = node
    stocks = {e.name: [e.initial, tree(e.expression)] for e in model.stocks}
    return {"constants": constants, "stocks": stocks, "equations": equations}


def tree(node: Expression) -> list[Any]:
    """An expression as nested lists."""
    if node.operation == "variable":
        return ["variable", node.name]
    if node.operation == "constant":
        return ["constant", node.value]
    return [node.operation, *map(tree, node.operands)]
