"""Are the answers to "what would it take" on the page those of the model that runs in it, and told with their command?

Does NOT establish that a design finds the cheapest mix: see test_is_the_designed_mix_the_cheapest.
"""

from __future__ import annotations

import json
import shlex

import pytest
from playwright.sync_api import Browser

from planner_visit import visiting
from shudian.analysis.design_goal import read_goal
from shudian.kinds import LANGUAGES, Model
from shudian.page import designs as kept
from shudian.page.designs import QUESTIONS, designs, designs_file
from shudian.report.design.words import target_text


def test_the_answers_are_this_models() -> None:
    stored = json.loads(designs_file().read_text(encoding="utf-8"))
    assert stored["digest"] == kept.digest(), "the answers are stale: run python tests/studies/designs.py"
    assert [(entry["target"], entry["probability"]) for entry in stored["answers"]] == list(QUESTIONS)


def test_an_answer_of_another_model_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "digest", lambda: "another")
    assert designs() == {"stale": True, "answers": []}


def test_each_answer_names_its_question_and_what_was_tried(model: Model) -> None:
    for entry in designs()["answers"]:
        goal = read_goal(entry["target"], entry["by"], entry["probability"], "", model)
        assert entry["question"] == {language: target_text(goal, language) for language in LANGUAGES}
        assert entry["runs"] > 100
        assert entry["levers"] > 10
        words = shlex.split(entry["command"])
        assert words[:4] == ["shudian", "design", "--target", entry["target"]]


def test_the_start_screen_opens_them_in_both_languages(browser: Browser, page_file: object) -> None:
    with visiting(browser, page_file, (1280, 720)) as visit:  # type: ignore[arg-type]
        for language in LANGUAGES:
            visit.page.click("#designs")
            told = visit.page.locator("#dialog details")
            assert told.count() == len(QUESTIONS)
            for number, entry in enumerate(designs()["answers"]):
                text = told.nth(number).text_content() or ""
                assert entry["answer"][language] in text
                assert entry["command"] in text
            visit.page.keyboard.press("Escape")
            visit.page.click("#language")
            visit.painted()
