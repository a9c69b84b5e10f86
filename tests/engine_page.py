"""The page's engine in headless Chromium, without the rest of the page: a test asks, the model in the page answers."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, sync_playwright

from made_once import made_once
from shudian.draws import Draws
from shudian.kinds import Scenario
from shudian.page import build, data
from shudian.page.draws import constants, packed
from shudian.page.engine import engine_source

ASSETS = Path(data.__file__).with_name("assets")
SCRIPTS = tuple(name for name in build.SCRIPTS if not name.startswith(("vendor/", "ui-")))
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

_RAW = """
async (scenarios) => {
  // one worker with all draws, asked for the bare numbers of each scenario
  const { data, scenario: S } = Shudian, P = data.scheduled.length, F = data.fixed.names.length;
  const { few, column } = Shudian.draws.of(data), D = few.length, fixed = new Float64Array(D * F);
  data.fixed.names.forEach((name, p) => few.forEach((place, d) => { fixed[d * F + p] = column(name)[place]; }));
  const source = document.getElementById("engine").textContent;
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  worker.postMessage({ kind: "start", now: 60 });
  worker.postMessage({ kind: "draws", name: "few", draws: D, first: 0, fixed });
  const text = (array) => {
    const raw = new Uint8Array(array.buffer);
    let out = "";
    for (let i = 0; i < raw.length; i += 32768) out += String.fromCharCode(...raw.subarray(i, i + 32768));
    return btoa(out);
  };
  const answers = [];
  for (const scenario of scenarios) {
    const rows = S.scheduleRows(scenario), schedule = new Float64Array(rows[0].length * P);
    rows.forEach((row, p) => row.forEach((value, t) => { schedule[t * P + p] = value; }));
    const changes = Object.keys(scenario.fixed).map((name) => [data.fixed.names.indexOf(name), scenario.fixed[name]]);
    const reply = await new Promise((resolve, reject) => {
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage({ kind: "run", slot: "raw", job: 1, schedule, from: 0, changes });
    });
    answers.push([text(reply.out), text(reply.now), text(schedule)]);
  }
  worker.terminate();
  return answers;
}
"""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the page computes of one scenario."""

    months: NDArray[np.float64]
    """[kept variable, month, draw]"""
    now: NDArray[np.float64]
    """[equation, draw]: every equation at the end of 2027."""
    schedules: NDArray[np.float64]
    """[scheduled parameter, step]"""


@dataclass(frozen=True, slots=True)
class EnginePage:
    """A page in which the engine is loaded."""

    page: Page
    data: Mapping[str, Any]

    def ask(self, script: str, argument: object = None) -> Any:
        """What `script`, the text of a function, returns for `argument`."""
        return self.page.evaluate(script, argument)

    def numbers(self, scenarios: Sequence[Mapping[str, Any]]) -> Iterator[Numbers]:
        """The bare numbers of each scenario."""
        draws = self.data["meta"]["draws"]
        for out, now, schedule in self.ask(_RAW, list(scenarios)):
            yield Numbers(
                _array(out).reshape(len(self.data["kept"]), -1, draws),
                _array(now).reshape(-1, draws),
                _array(schedule).reshape(-1, len(self.data["scheduled"])).T,
            )


def _array(text: str) -> NDArray[np.float64]:
    return np.frombuffer(base64.b64decode(text), dtype="<f8")


@cache
def shipped() -> tuple[Mapping[str, Any], str]:
    """The page's data and the worker's source, made once for all tests."""
    return made_once("shipped", lambda: (data.page_data(), engine_source()))


def with_draws(draws: Draws) -> Mapping[str, Any]:
    """The page's data with other draws."""
    found = dict(shipped()[0])
    count = draws.values.shape[1]
    found["fixed"] = {"names": list(draws.names), "constants": constants(draws)}
    found["draws"] = packed(draws, np.arange(count), count)
    found["whole"] = None
    found["meta"] = {**found["meta"], "draws": count}
    return found


def plain(scenario: Scenario) -> dict[str, Any]:
    """A scenario as the page has it."""

    def table(schedules: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: [{"start": s.start, "value": s.value, "ramp": s.ramp} for s in segments]
            for name, segments in schedules.items()
        }

    return {
        "name": scenario.name, "title": {"zh": scenario.title.zh, "en": scenario.title.en}, "base": scenario.base,
        "levers": table(scenario.levers), "assumptions": table(scenario.assumptions), "fixed": dict(scenario.fixed),
        "shocks": [],
    }  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """Headless Chromium: the machine's own, or Playwright's. Without any, the test is skipped, but not in CI."""
    with sync_playwright() as playwright:
        own = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        program = own or playwright.chromium.executable_path
        if not Path(program).exists() and not os.environ.get("CI"):
            pytest.skip("there is no Chromium on this machine")
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def engine_page(browser: Browser, page_data: Mapping[str, Any]) -> Iterator[EnginePage]:
    """A page with the engine and `page_data`; anything that it logs or throws fails the test."""
    scripts = "".join(f"<script>{(ASSETS / name).read_text(encoding='utf-8')}</script>" for name in SCRIPTS)
    text = json.dumps(page_data).replace("<", "\\u003c")
    page = browser.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    page.set_content(
        f'<!doctype html><meta charset="utf-8"><script type="application/json" id="data">{text}</script>'
        f'<script type="text/plain" id="engine">{shipped()[1]}</script>{scripts}'
        '<script>Shudian.data = JSON.parse(document.getElementById("data").textContent);</script>'
    )
    page.evaluate("() => Shudian.draws.of(Shudian.data).unpack()")
    yield EnginePage(page, page_data)
    page.close()
    assert troubles == []
