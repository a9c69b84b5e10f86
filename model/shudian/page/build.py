"""The planner's page as one HTML file: data, engine, charts and font inlined under a strict Content-Security-Policy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from shudian.files import check_free, write_text
from shudian.kinds import Language
from shudian.page.data import CARRIED, SETTLED, page_data
from shudian.page.engine import engine_source
from shudian.report.render.inlined import font_face, hashes
from shudian.wording import say

ASSETS = Path(__file__).with_name("assets")
SCRIPTS = (
    "support.js", "vendor/echarts.custom.min.js", "scenario.js", "reference.js", "plain-text.js", "toml.js",
    "amounts.js", "scenario-file.js", "share.js", "statistics.js", "draws.js", "priors.js", "beliefs.js",
    "world-draws.js", "reading.js", "worlds.js", "idle.js", "engine.js", "ui-text.js", "ui-message.js", "ui-state.js",
    "ui-beliefs.js", "ui-charts.js", "ui-csv.js", "ui-chart-card.js", "ui-difference.js", "ui-turns.js",
    "ui-figures.js", "ui-money.js", "ui-compact.js", "ui-panels.js", "ui-mechanism.js", "ui-doses.js",
    "ui-small-worlds.js", "ui-price.js", "ui-cards.js", "ui-about.js", "ui-graphs.js", "ui-share.js", "ui-steps.js",
    "ui-idle.js", "ui-levers.js", "ui-strip.js", "ui-verdict.js", "ui-print.js", "ui-keys.js", "ui-pins.js",
    "ui-replay.js", "ui-designs.js", "ui-story.js", "zip.js", "ui-brief-text.js", "ui-brief-words.js",
    "ui-brief-layout.js", "ui-brief-word.js", "ui-brief-picture.js", "ui-brief-sheet.js", "ui-brief-book.js",
    "ui-brief.js", "ui-main.js",
)  # fmt: skip
"""In the order in which they build on each other."""
LANGUAGE: Language = "zh"
"""The language in which the page opens."""


def build_page(out: Path, *, replace: bool = False, draws: int = CARRIED, settled: int = SETTLED) -> int:
    """Write the page to `out` and return its size in bytes; the same seeds, scenarios and version give the same bytes.

    It runs `draws` draws while a slider moves and `settled` afterwards. Raises InputError if `out` exists and is not
    to be replaced, or cannot be written.
    """
    check_free(out, replace)
    page = page_text(draws, settled)
    write_text(out, page, replace)
    return len(page.encode())


def page_text(draws: int = CARRIED, settled: int = SETTLED) -> str:
    """The whole page."""
    data = page_data(draws, settled)
    # the day of the build would make two builds of the same page differ
    data["meta"].pop("made", None)
    scripts = [_script((ASSETS / name).read_text(encoding="utf-8")) for name in SCRIPTS]
    styles = {"style": (ASSETS / "page.css").read_text(encoding="utf-8"), "font": font_face()}
    environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
    return environment.from_string((ASSETS / "page.html.j2").read_text(encoding="utf-8")).render(
        policy=_policy(scripts, list(styles.values())),
        title=say("page_title", LANGUAGE),
        loading=say("page_loading", LANGUAGE),
        noscript=_twice("page_noscript"),
        old_browser=_twice("page_old_browser"),
        data=_embedded(data),
        engine=_script(engine_source()),
        scripts=scripts,
        **styles,
    )


def _twice(key: str) -> str:
    return f"{say(key, 'zh')} {say(key, 'en')}"


def _embedded(data: Mapping[str, Any]) -> str:
    # no text in the data can end the script element that holds it
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _script(source: str) -> str:
    if "</script" in source.lower() or "<!--" in source:
        raise ValueError("a script of the page holds what would end its element")
    return source.strip()


def _policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """Nothing but what is in the file: scripts and styles by their hashes, workers and pictures of its own.

    A worker's policy is its page's: the model in it is WebAssembly, which counts as made from text.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {hashes(scripts)} 'wasm-unsafe-eval'",
            f"style-src {hashes(styles)}",
            "font-src data:",
            "img-src data: blob:",
            "worker-src blob:",
            "connect-src 'none'",
            "form-action 'none'",
            "base-uri 'none'",
        )
    )
