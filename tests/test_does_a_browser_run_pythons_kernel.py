"""Does the kernel as WebAssembly give, in a browser, the bits that it gives in Python?

On toy models with numbers of every kind, in real headless Chromium. Does NOT establish that the page asks it rightly
(tests/test_does_the_page_compute_what_python_computes.py), nor how fast it is (tests/benchmarks).
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser

import toy
from shudian.equations.language import by_year, exp, log, maximum, minimum, where
from shudian.kernel import compile_model
from shudian.kernel.wasm import LANES, wasm_module, with_exports
from shudian.kinds import Model

MONTHS, STEPS = 26, 3
EVERYTHING = toy.model(
    stocks={
        "level": ("first", lambda rate, wave: rate + wave),
        "other": ("second", lambda level, lever: level * lever),
    },
    dynamic={
        "share": lambda level, other, a, b: maximum(level, a) / (minimum(other, b) - level),
        "rate": lambda share, level, other, a, b: share + where(level < b, a, -other),
        "wave": lambda time, a, b, level: exp(a * time) * log(b + level) + level**a + (by_year(a, b, a) - b) * a**level,
        "seen": lambda wave, lever: wave - lever,
    },
    static={"first": lambda a, b: exp(a) * log(b), "second": lambda a, b: b**a},
    fixed="a b",
    scheduled="lever",
)
SPECIAL = (0.0, -0.0, 1.0, -1.0, 12.0, 1e300, -1e300, 5e-324, -5e-324, 1e-310, np.inf, -np.inf, np.nan, 709.7, -745.0)

_RUN = """
([code, lanes, slots, months, steps, wanted, fixed, schedules]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const numbers = (text) => new Float64Array(bytes(text).buffer);
  const module = new WebAssembly.Module(bytes(code)), memory = new WebAssembly.Memory({ initial: 16 });
  const { prepare_block, follow } = new WebAssembly.Instance(module, { env: { __linear_memory: memory } }).exports;
  const draws = numbers(fixed), schedule = numbers(schedules), size = wanted.length * (months + 1) * lanes;
  let room = slots * lanes * 8;
  const place = (bytes) => (room += bytes) - bytes;
  const at = { fixed: place(draws.length * 8), schedule: place(schedule.length * 8) };
  Object.assign(at, { wanted: place(wanted.length * 8), out: place(size * 8) });
  new Float64Array(memory.buffer, at.fixed, draws.length).set(draws);
  new Float64Array(memory.buffer, at.schedule, schedule.length).set(schedule);
  new BigInt64Array(memory.buffer, at.wanted, wanted.length).set(wanted.map(BigInt));
  const [n, width, half, end, each] = [wanted.length, lanes, Math.floor(months / 2), months, steps].map(BigInt);
  prepare_block(0, at.fixed);
  for (const [from, until] of [[0n, half], [half, end]]) {
    follow(at.schedule, at.wanted, n, at.out, width, from, until, end, each, 0);
  }
  return {
    out: btoa(String.fromCharCode(...new Uint8Array(memory.buffer, at.out, size * 8))),
    imports: WebAssembly.Module.imports(module), exports: WebAssembly.Module.exports(module),
  };
}
"""


def text(values: NDArray[np.float64]) -> str:
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f8").tobytes()).decode()


def in_browser(
    browser: Browser, model: Model, fixed: NDArray[np.float64], schedules: NDArray[np.float64], outputs: list[str]
) -> dict[str, Any]:
    """What `Kernel.run` gives, as `out`, and what the module asks for and offers."""
    module = wasm_module(model)
    program = module.program
    wanted = [program.slot_of[name] for name in outputs]
    code = base64.b64encode(module.code).decode()
    page = browser.new_page()
    columns = []
    for first in range(0, fixed.shape[1], LANES):
        block = text(fixed[:, first : first + LANES])
        asked = [code, LANES, program.slots, MONTHS, STEPS, wanted, block, text(schedules.T)]
        found: dict[str, Any] = page.evaluate(_RUN, asked)
        numbers = np.frombuffer(base64.b64decode(found["out"]), dtype="<f8")
        columns.append(numbers.reshape(len(outputs), MONTHS + 1, LANES))
    page.close()
    return found | {"out": np.concatenate(columns, axis=2)}


def test_any_numbers_give_the_same_bits(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signs of nil and what is no number among them; in two parts, of which the second begins where the first ends."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # no toy in the cache of whoever runs the tests
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    generator = np.random.default_rng(1)
    shape = (2, 24)
    fixed = np.where(generator.random(shape) < 0.2, generator.choice(SPECIAL, shape), generator.lognormal(0, 1, shape))
    schedules = generator.normal(size=(1, MONTHS * STEPS))
    outputs = [equation.name for equation in EVERYTHING.equations]
    found = in_browser(browser, EVERYTHING, fixed, schedules, outputs)["out"]
    wanted = compile_model(EVERYTHING).run(fixed, schedules, outputs, months=MONTHS, steps_per_month=STEPS)
    assert np.array_equal(found, wanted, equal_nan=True)
    assert np.array_equal(np.signbit(found[~np.isnan(wanted)]), np.signbit(wanted[~np.isnan(wanted)]))
    assert np.isfinite(wanted).mean() > 0.2
    assert np.isnan(wanted).any()


def test_the_module_asks_for_memory_alone(browser: Browser, model: Model) -> None:
    """No function of a library, which every browser would round in its own way."""
    fixed = np.array([[parameter.value] * LANES for parameter in model.fixed])
    schedules = np.repeat([[parameter.value] for parameter in model.scheduled], MONTHS * STEPS, axis=1)
    found = in_browser(browser, model, fixed, schedules, ["fte_jobs"])
    assert found["imports"] == [{"module": "env", "name": "__linear_memory", "kind": "memory"}]
    assert found["exports"] == [{"name": name, "kind": "function"} for name in ("prepare_block", "follow")]
    wanted = compile_model(model).run(fixed, schedules, ["fte_jobs"], months=MONTHS, steps_per_month=STEPS)
    assert found["out"].tobytes() == wanted.tobytes()


def test_the_same_model_gives_the_same_bytes(model: Model) -> None:
    assert wasm_module(model).code == wasm_module(model).code


def test_what_is_no_object_file_is_refused() -> None:
    with pytest.raises(ValueError, match="no WebAssembly"):
        with_exports(b"\x7fELF", ["follow"])
    with pytest.raises(ValueError, match="names no function"):
        with_exports(wasm_module(EVERYTHING).code, ["follow"])
