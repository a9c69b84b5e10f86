"""How long does the page take from a moved slider to the frame that shows it, and from its rest to all possible worlds?

The whole page in headless Chromium, as it is built, charts and all. Run with `make bench`; it prints a table and
asserts no time. Other pages can be measured in turn with it, in the same minutes: name their files in OTHER_PAGES,
with a colon between them. It does not establish what a slower machine or a telephone does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from engine_page import chromium
from shudian.page.build import page_text

pytestmark = pytest.mark.benchmark

EVENTS, PAUSE = 150, 16
"""Values that a slider passes through, and milliseconds between two of them."""
ROUNDS = 3
_DRAG = """
async ([events, pause, lowest]) => {
  // each value waits for the frame that shows it or a newer one
  const { main, state } = Shudian, { data } = Shudian, name = "fund_size";
  const value = (i) => lowest + i, steps = (i) => [{ start: 36, value: value(i), ramp: 0 }];
  const moved = (i) => state.withSteps(state.history.now, name, steps(i));
  const shown = () => {
    const steps = main.context().result.scenario.levers[name] || [];
    return steps.length ? steps[steps.length - 1].value - value(0) : -1;
  };
  const until = async (done) => { while (!done()) await new Promise((resolve) => setTimeout(resolve, 5)); };
  const asked = [], waits = [];
  let painted = document.documentElement.dataset.painted, dragging = true;
  const look = () => setTimeout(() => { // behind the frame
    if (document.documentElement.dataset.painted !== painted) {
      painted = document.documentElement.dataset.painted;
      const last = shown();
      while (waits.length < asked.length && waits.length <= last) waits.push(performance.now() - asked[waits.length]);
    }
    if (dragging) requestAnimationFrame(look);
  }, 0);
  requestAnimationFrame(look);
  const begun = performance.now();
  for (let i = 0; i < events; i++) {
    await until(() => performance.now() >= begun + i * pause);
    asked.push(performance.now());
    main.change(moved(i), false);
  }
  await until(() => waits.length === events);
  dragging = false;
  const rest = performance.now();
  main.change(moved(events), true);
  await until(() => document.querySelector("#worlds").dataset.draws !== String(data.meta.draws));
  const settled = performance.now() - rest;
  await until(() => document.documentElement.dataset.busy === "no");
  return { waits, settled: [settled], quiet: [performance.now() - rest] };
}
"""
_ALONE = """
async (count) => {
  // whole runs of the few draws, from the first month on, one after the other by one worker
  const { data, scenario: S } = Shudian, engine = Shudian.engine.create(data, { workers: 1 });
  const base = S.fromPreset("zhengzhou_2025"), steps = (i) => [{ start: 0, value: 1000 + i, ramp: 0 }];
  const runs = [];
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    await engine.run("alone", S.withLever(base, "fund_size", steps(i)));
    runs.push(performance.now() - began - engine.lastReading);
  }
  return runs.slice(5);
}
"""


def told(values: Sequence[float]) -> str:
    least, median, high, most = np.quantile(values, (0.0, 0.5, 0.95, 1.0))
    return f"least {least:7.1f}  median {median:7.1f}  95 % {high:7.1f}  most {most:7.1f} ms  (n = {len(values)})"


def visited(browser: Browser, file: Path) -> Mapping[str, list[float]]:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(file.as_uri())
    page.locator('html[data-busy="no"]').wait_for(state="attached", timeout=180_000)
    for lowest in (1000, 2000):  # the first time a browser still compiles
        found: dict[str, list[float]] = page.evaluate(_DRAG, [EVENTS, PAUSE, lowest])
    found["alone"] = page.evaluate(_ALONE, 30)
    page.close()
    return found


def test_from_the_slider_to_the_frame(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "planner.html"
    own.write_text(page_text(), encoding="utf-8")
    files = [own, *(Path(name) for name in os.environ.get("OTHER_PAGES", "").split(":") if name)]
    found: dict[Path, dict[str, list[float]]] = {file: {} for file in files}
    loads = []
    with chromium() as browser:
        for _ in range(ROUNDS):
            for file in files:
                for what, values in visited(browser, file).items():
                    found[file].setdefault(what, []).extend(values)
                loads.append(os.getloadavg()[0])
    with capsys.disabled():
        print(f"\na value every {PAUSE} ms, {os.cpu_count()} cores, load {min(loads):.1f} to {max(loads):.1f}")
        for file, times in found.items():
            print(f"{file.name}, {file.stat().st_size / 1e6:.2f} MB")
            print("  value to painted frame    ", told(times["waits"]))
            print("  rest to all worlds in sight", told(times["settled"]))
            print("  rest to nothing to be done ", told(times["quiet"]))
            print("  whole run by one worker    ", told(times["alone"]))
    assert all(len(times["waits"]) == ROUNDS * EVENTS for times in found.values())
