"""Times BPTK-Py, run by a Python that has it, which cannot be ours because it pins older libraries.

Reads one JSON object and prints another: `compiled` is its own translation of the exported XMILE file to Python,
`rust` its Rust engine, which takes no file and gets the equations through BPTK-Py's modelling language.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable
from functools import reduce
from importlib.metadata import version
from pathlib import Path
from typing import Any

MONTHS = range(97)


def camel(name: str) -> str:
    """How BPTK-Py's translator spells our identifiers."""
    return re.sub(r"_+(\w)", lambda letter: letter[1].upper(), name)


def best(run: Callable[[], list[list[float]]]) -> dict[str, Any]:
    """The shorter of two times, and the series [month][output]."""
    times = []
    for _ in range(2):
        start = time.perf_counter()
        series = run()
        times.append(time.perf_counter() - start)
    return {"seconds": min(times), "series": series}


def compiled(file: str, names: list[str]) -> dict[str, Any]:
    from BPTK_Py.sdcompiler.compile import compile_xmile

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "compiled.py"
        compile_xmile(file, str(place), "py")
        spec = importlib.util.spec_from_file_location("compiled", place)
        module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
        spec.loader.exec_module(module)  # type: ignore[union-attr]

    def run() -> list[list[float]]:
        model = module.simulation_model()
        # it evaluates backwards from the moment asked for, so that each month must be asked for in turn
        return [[float(model.equation(camel(name), float(month))) for name in names] for month in MONTHS]

    return best(run)


def rust(model: dict[str, Any], names: list[str]) -> dict[str, Any]:
    from BPTK_Py import Model
    from BPTK_Py import sd_functions as sd
    from BPTK_Py._rust_engine import RustSdEngine

    built = Model(starttime=0.0, stoptime=96.0, dt=0.125)
    things = {name: built.constant(name) for name in model["constants"]}
    things |= {name: built.stock(name) for name in model["stocks"]}
    things |= {name: built.converter(name) for name in model["equations"]}
    calls = {
        "exp": sd.exp,
        "log": sd.ln,
        "minimum": sd.min,
        "maximum": sd.max,
        "where": sd.If,
        "negate": lambda a: 0.0 - a,
        "add": lambda a, b: a + b,
        "subtract": lambda a, b: a - b,
        "multiply": lambda a, b: a * b,
        "divide": lambda a, b: a / b,
        "power": lambda a, b: a**b,
        "less": lambda a, b: a < b,
    }

    def term(node: list[Any]) -> Any:
        operation, *operands = node
        if operation == "variable":
            return sd.time() if operands[0] == "time" else things[operands[0]]
        if operation == "constant":
            return operands[0]
        if operation == "by_year":
            knots = [term(knot) for knot in operands]
            years = list(enumerate(knots[:-1], start=1))[::-1]
            return reduce(lambda later, year: sd.If(sd.time() < 12.0 * year[0], year[1], later), years, knots[-1])
        return calls[operation](*map(term, operands))

    for name, value in model["constants"].items():
        things[name].equation = value
    for name, (initial, flows) in model["stocks"].items():
        things[name].initial_value = things[initial]
        things[name].equation = term(flows)
    for name, tree in model["equations"].items():
        things[name].equation = term(tree)
    loaded = RustSdEngine().load_model(built.to_json())

    def run() -> list[list[float]]:
        raw = loaded.simulate(names)
        table = {name: {float(moment): value for moment, value in series.items()} for name, series in raw.items()}
        return [[table[name][float(month)] for name in names] for month in MONTHS]

    return best(run)


def main() -> None:
    asked = json.load(sys.stdin)
    answer: dict[str, Any] = {"version": version("BPTK-Py")}
    answer["compiled"] = compiled(asked["file"], asked["names"])
    answer["rust"] = rust(asked["model"], asked["names"])
    print(json.dumps(answer))


if __name__ == "__main__":
    sys.setrecursionlimit(100_000)
    main()
