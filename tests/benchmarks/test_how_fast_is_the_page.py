"""How long does the page's engine take from a moved slider to numbers, and from there to a painted frame?

Run with `make bench`; it prints a table and asserts no time. A bare page paints a few lines of the result; what the
real page draws besides comes on top.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from engine_page import chromium, engine_page, shipped

pytestmark = pytest.mark.benchmark

_DRAG = """
async ([lever, start, low, high, events, pause]) => {
  // a dragged slider: an event every `pause` milliseconds; each waits for the frame that shows it or a newer one
  const S = Shudian.scenario, out = document.body.appendChild(document.createElement("canvas")).getContext("2d");
  const engine = Shudian.engine.create(Shudian.data, { workers: 2 });
  const base = S.fromPreset("zhengzhou_2025");
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
  const moved = (i) => S.withLever(base, lever, [{ start, value: low + ((high - low) * i) / events, ramp: 0 }]);
  await engine.run("live", base);
  for (let i = 0; i < 8; i++) await engine.run("live", moved(i + 0.5));
  const waits = [], runs = [], readings = [], waiting = [];
  const paint = (result) => {
    out.clearRect(0, 0, 300, 150);
    for (const { q50 } of Object.values(result.series)) {
      out.beginPath();
      q50.forEach((y, x) => out.lineTo(x * 3, 150 - (150 * y) / q50[96]));
      out.stroke();
    }
  };
  const pending = [];
  for (let i = 0; i < events; i++) {
    const began = performance.now();
    waiting.push(began);
    pending.push(engine.run("live", moved(i)).then(async (result) => {
      if (!result) return;
      runs.push(performance.now() - began);
      readings.push(engine.lastReading);
      paint(result);
      await frame();
      // everything asked before this value is now answered
      while (waiting.length && waiting[0] <= began) waits.push(performance.now() - waiting.shift());
    }));
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  await Promise.all(pending);
  const busy = performance.now();
  await engine.contributions(moved(events));
  const contributions = performance.now() - busy;
  const later = performance.now();
  await engine.loops(moved(events));
  const loops = performance.now() - later;
  engine.close();
  return { waits, runs, readings, contributions, loops };
}
"""


def told(values: Sequence[float]) -> str:
    least, median, high, most = np.quantile(values, (0.0, 0.5, 0.95, 1.0))
    return f"least {least:6.1f}  median {median:6.1f}  95 % {high:6.1f}  most {most:6.1f} ms  (n = {len(values)})"


@pytest.mark.parametrize("pause", [100, 16])
def test_from_the_slider_to_the_frame(pause: int, capsys: pytest.CaptureFixture[str]) -> None:
    data = shipped()[0]
    with chromium() as browser, engine_page(browser, data) as page:
        found: Mapping[str, list[float]] = page.ask(_DRAG, ["fund_size", 36, 0, 100_000, 120, pause])
    with capsys.disabled():
        print(f"\n{data['meta']['draws']} draws, 2 workers, an event every {pause} ms, load {os.getloadavg()[0]:.1f}")
        print("input to result  ", told(found["runs"]))
        print("input to frame   ", told(found["waits"]))
        print("reading of it    ", told(found["readings"]))
        print(f"contributions {found['contributions']:.0f} ms, loops {found['loops']:.0f} ms")
    assert len(found["waits"]) == 120
