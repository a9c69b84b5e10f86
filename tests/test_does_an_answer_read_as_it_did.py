"""Does what an answer says change only when somebody meant it to?

Every word and number of each question's table.md and of what the terminal tells first, in both languages, is kept in
tests/goldens. After a change that was meant, `make goldens` writes them anew, and the difference is read as any other.

Does not establish that what is kept is right, nor that figures, workbooks and pages look as they did.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from questions import QUESTIONS, TOLD
from shudian.kinds import LANGUAGES

GOLDENS = Path(__file__).parent / "goldens"
NAMES = tuple(
    f"{question.name}.{language}.{ending}"
    for question in QUESTIONS
    for language in LANGUAGES
    for ending in ("md", "txt")
)
NEAR = 40
"""Characters of a changed line that are shown on either side of a change."""


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_reads_as_it_did(answered: Path, name: str, request: pytest.FixtureRequest) -> None:
    now, kept = (answered / TOLD / name).read_text(encoding="utf-8"), GOLDENS / name
    if request.config.getoption("--renew-goldens"):
        kept.write_text(now, encoding="utf-8")
    before = kept.read_text(encoding="utf-8") if kept.exists() else ""
    if now != before:
        pytest.fail(f"{told_apart(before, now, name)}\n\nIf that was meant: make goldens", pytrace=False)


def test_no_text_is_kept_of_what_is_not_asked() -> None:
    assert {path.name for path in GOLDENS.iterdir()} == set(NAMES)


def test_a_difference_is_shown_where_it_is() -> None:
    before = f"# 甲\n\n{'很' * 200}，产值为 1,230 百万元{'。' * 200}\n留下\n去掉\n"
    now = f"# 甲\n\n{'很' * 200}，产值为 1,240 百万元{'。' * 200}\n留下\n"
    shown = told_apart(before, now, "run.zh.md").splitlines()
    assert shown[0] == "tests/goldens/run.zh.md, line 3:"
    assert "产值为 [-1,230-]{+1,240+} 百万元" in shown[1]
    assert len(shown[1]) < 5 * NEAR
    assert shown[2:] == ["tests/goldens/run.zh.md, line 5:", "  - 去掉"]


def told_apart(before: str, now: str, name: str) -> str:
    """Where two texts differ, line by line, and within a line word by word: `[-was-]{+is+}`."""
    old, new = before.splitlines(), now.splitlines()
    shown = []
    for kind, i, i_end, j, j_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        shown.append(f"tests/goldens/{name}, line {i + 1}:")
        paired = min(i_end - i, j_end - j)
        shown += [_within(one, other) for one, other in zip(old[i:i_end], new[j:j_end], strict=False)]
        shown += [f"  - {line}" for line in old[i + paired : i_end]]
        shown += [f"  + {line}" for line in new[j + paired : j_end]]
    return "\n".join(shown)


def _within(before: str, now: str) -> str:
    old, new = (re.findall(r"[−\d][\d,.]*|[A-Za-z]+|.", line) for line in (before, now))
    shown = []
    for kind, i, i_end, j, j_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now_is = "".join(old[i:i_end]), "".join(new[j:j_end])
        if kind != "equal":
            shown.append((f"[-{was}-]" if was else "") + (f"{{+{now_is}+}}" if now_is else ""))
        elif len(was) > 2 * NEAR:
            shown.append(f"{was[:NEAR]} … {was[-NEAR:]}")
        else:
            shown.append(was)
    return "  " + "".join(shown)
