"""What all tests share: how hypothesis searches, the model, the answers to the questions, and a browser."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from shudian.kinds import Model
from shudian.structure import load_model

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from shudian.report.question import Question

# No deadline: compiling a kernel inside one example is slow once and says nothing about the code.
settings.register_profile("search", deadline=None)
# The same examples every time, so that a red build is red because of the change.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable" if os.environ.get("CI") else "search")

# Output is as wide as COLUMNS says, and a parallel run of the tests inherits that of the terminal it was started from.
os.environ.pop("COLUMNS", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--renew-goldens", action="store_true", help="write tests/goldens anew instead of comparing with it"
    )


def pytest_collection_finish() -> None:
    # what has been collected and imported stays to the end, and is not looked through again and again for garbage
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def model() -> Model:
    return load_model()


@pytest.fixture(scope="session", autouse=True)
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    from made_once import Shared

    if "PYTEST_XDIST_WORKER" in os.environ:
        Shared.folder = tmp_path_factory.getbasetemp().parent


@pytest.fixture(scope="session")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `questions.ask_all` has asked each question, this worker's own."""
    from filelock import FileLock

    from questions import ask_all

    own = tmp_path_factory.mktemp("answered")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        ask_all(own)
        return own
    shared = tmp_path_factory.getbasetemp().parent / "answered"
    with FileLock(f"{shared}.lock"):
        if shared.exists():
            shutil.copytree(shared, own, dirs_exist_ok=True)
        else:
            ask_all(own)
            shutil.copytree(own, shared)
    return own


@pytest.fixture
def asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that ask the same compute the answer once, and tell and write it each time.

    No request holds the language in which, or the length at which, its answer is told.
    """
    from shudian.cli import asking

    tell_answer, answers = asking.tell_answer, dict[str, Any]()

    def telling(question: Question[Any, Any], request: Any, *others: Any) -> None:
        def ask(request: Any, doing: Any) -> Any:
            if repr(request) not in answers:
                answers[repr(request)] = question.ask(request, doing)
            return answers[repr(request)]

        tell_answer(replace(question, ask=ask), request, *others)

    monkeypatch.setattr(asking, "tell_answer", telling)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import expect

    from engine_page import chromium

    # How long a page may take is no question of these tests, and machines are shared.
    expect.set_options(timeout=180_000)
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The planner's page with few draws, written once."""
    from planner_visit import small_page

    path = tmp_path_factory.mktemp("page") / "planner.html"
    path.write_text(small_page(), encoding="utf-8", newline="")
    return path
