"""The source of the page's workers: the kernel that Python runs, as WebAssembly, and the scripts that ask it."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path

from shudian.kernel.wasm import wasm_module
from shudian.kinds import Model
from shudian.page.data import kept
from shudian.page.facts import Plain
from shudian.parameters import HOME
from shudian.quantities import MONTHS
from shudian.simulate import STEPS_PER_MONTH
from shudian.structure import load_model

_SCRIPTS = ("statistics.js", "kernel.js", "worker.js")


@cache
def engine_source() -> str:
    """The source of a worker: the compiled model as `Shudian.program`, and its scripts."""
    assets = Path(__file__).with_name("assets")
    scripts = [(assets / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    described = json.dumps(_program(load_model(HOME)), separators=(",", ":"))
    return "\n".join(["self.Shudian = {};", f"Shudian.program = {described};", *scripts])


def _program(model: Model) -> Plain:
    """The module and what its caller must know of it; a slot is a place for one vector."""
    module = wasm_module(model)
    program = module.program
    return {
        "code": base64.b64encode(module.code).decode(),
        "lanes": program.lanes,
        "slots": program.slots,
        "fixed": len(model.fixed),
        "scheduled": len(model.scheduled),
        "months": MONTHS,
        "steps": STEPS_PER_MONTH,
        "stocks": [program.slot_of[stock.name] for stock in model.stocks],
        "outputs": [program.slot_of[name] for name in kept(model)],
        "equations": [program.slot_of[equation.name] for equation in model.equations],
    }
