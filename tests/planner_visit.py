"""A visit of the planner's page in a browser: what a planner does there, for the tests to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Download, Page, expect

from made_once import made_once
from shudian.page import build

DEFINITIONS = ("local_output", "allocated_market", "content_market")
"""Of the market."""
MOVING, SETTLED = 24, 33
"""Draws while a slider moves and of a settled change: fewer than the shipped page has, so that no test that asks what
the page does, and not what it computes, need wait for the others. Most of a visit's time goes with their number; of
less than 20 no interval is told."""


@cache
def small_page() -> str:
    """The page with these draws, made once for all tests."""
    return made_once("small_page", lambda: build.page_text(MOVING, SETTLED))


ENOUGH = 700
"""Draws of a settled change that carry an answer, also where a condition or a prior leaves a part of them."""


@cache
def ample_page() -> str:
    """The page with `ENOUGH` draws of a settled change, made once for all tests."""
    return made_once("ample_page", lambda: build.page_text(MOVING, ENOUGH))


@cache
def full_page() -> str:
    """The page as it is shipped, made once for all tests."""
    return made_once("full_page", build.page_text)


@dataclass
class Visit:
    """A page in a browser, and all that it said and asked for."""

    page: Page
    file: Path
    troubles: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, fragment: str = "") -> Page:
        self.page.goto("about:blank")
        self.page.goto(self.file.as_uri() + fragment)
        self.painted()
        return self.page

    def painted(self) -> None:
        """Wait until everything that was asked for is computed and drawn."""
        self.page.locator('html[data-busy="no"]').wait_for(state="attached", timeout=180_000)

    def chances(self) -> dict[str, str]:
        return {d: self.page.locator(f'[data-definition="{d}"] .chance').inner_text() for d in DEFINITIONS}

    def text(self, locator: str) -> str:
        return self.page.locator(locator).inner_text()

    def message(self) -> str:
        return self.text("#message")

    def state(self) -> Any:
        """What is chosen now, as the page keeps it."""
        return self.page.evaluate("() => JSON.parse(JSON.stringify(Shudian.state.history.now))")

    def drag(self, lever: str, share: float, *, settle: bool = True) -> None:
        """Pull a slider with the mouse to `share` of its way, and wait for what comes of it unless more follows."""
        slider = self.page.locator(f'[data-slider="{lever}"]')
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        assert box
        across = [box["x"] + 8 + (box["width"] - 16) * part for part in (0.1, share / 2, share)]
        self.page.mouse.move(across[0], box["y"] + box["height"] / 2)
        self.page.mouse.down()
        for x in across[1:]:
            self.page.mouse.move(x, box["y"] + box["height"] / 2)
        self.page.mouse.up()
        if settle:
            self.painted()

    def drop(self, name: str, text: str) -> None:
        """Let a file fall on the page."""
        self.page.evaluate(
            """([name, text]) => {
              const dataTransfer = new DataTransfer();
              dataTransfer.items.add(new File([text], name));
              document.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
            }""",
            [name, text],
        )
        expect(self.page.locator("#message")).not_to_be_empty()
        self.painted()

    def tab(self, name: str) -> None:
        self.page.click(f"#tab-{name}")
        self.painted()

    def saved(self, locator: str) -> bytes:
        """The file that a click saves."""
        self.page.locator(locator).evaluate("(node) => node.closest('details')?.setAttribute('open', '')")
        with self.page.expect_download(timeout=180_000) as waiting:
            self.page.click(locator)
        download: Download = waiting.value
        return Path(download.path()).read_bytes()


@contextmanager
def visiting(browser: Browser, file: Path, size: tuple[int, int], **context: Any) -> Iterator[Visit]:
    """A fresh visit in a window of that size; whatever the page complains of or asks from elsewhere fails the test."""
    width, height = size
    window = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **context)
    found = Visit(window.new_page(), file)
    found.page.on("pageerror", lambda error: found.troubles.append(str(error)))
    found.page.on("console", lambda message: found.troubles.append(message.text))
    found.page.on("dialog", lambda dialog: found.troubles.append(dialog.message))
    found.page.on("request", lambda request: found.requests.append(request.url))
    found.open()
    yield found
    window.close()
    assert found.troubles == []
    own = (file.as_uri(), "data:", "blob:", "about:")
    assert [address for address in found.requests if not address.startswith(own)] == []
