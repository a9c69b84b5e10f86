"""Can a planner who reads Chinese read every error: has each sentence a Chinese one that says the same?

Does NOT establish that a translation is right or reads well, nor that what Python and the operating system say
inside an error is always known.
"""

from __future__ import annotations

import ast
import inspect
import re
import string
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shudian
import test_does_the_command_line_serve as commands_test
import test_does_the_model_hold_together as model_test
import test_is_a_mistake_refused as scenario_test
import test_is_a_wrong_parameter_refused as parameter_test
import test_is_every_number_sourced as seeds_test
from commands import Terminal
from shudian.kinds import InputError
from shudian.messages import catalogue, in_language
from shudian.toml_file import read_toml

PACKAGE = Path(shudian.__file__).parent
RETURNED = {"complaint": "sentences", "_not_toml": "sentences", "nearest": "phrases", "nearest_or": "phrases"}
RETURNED |= {"usage_sentence": "sentences", "_allowed": "phrases"}
RETURNED |= {"show": "phrases", "write_range": "phrases", "_written_range": "phrases"}
"""Functions that return a part of an error, and the table of the catalogue where that part stands."""
PLACE = re.compile(r"^\{\}(:\d+|:\{\})?: ")


def forms(node: ast.expr) -> list[str]:
    """What the expression can say, with {} for every part that is computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)]
    if isinstance(node, ast.IfExp):
        return forms(node.body) + forms(node.orelse)
    if isinstance(node, ast.BoolOp):
        return [form for value in node.values for form in forms(value)]
    if isinstance(node, ast.BinOp):
        return ["".join(pair) for pair in product(forms(node.left), forms(node.right))]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "rstrip":
        return forms(node.func.value)
    return ["{}"]


def said(path: Path) -> Iterator[tuple[str, str]]:
    """Each sentence and part of one that the code at `path` can raise, with the table where it must stand."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name in RETURNED:
            returns = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value]
            parts = [form for value in returns for form in forms(value)]
            yield from ((part, RETURNED[node.name]) for part in parts if re.search("[a-z]{2}", part))
        elif isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            if name in ("InputError", "fail"):
                yield from ((PLACE.sub("", form), "sentences") for form in forms(node.args[0]))
            elif name in ("EquationError", "MeaningError"):
                yield from ((form, "phrases") for form in forms(node.args[0]))


@cache
def all_said() -> list[tuple[Path, str, str]]:
    return [(path, *what) for path in sorted(PACKAGE.rglob("*.py")) for what in said(path)]


def anonymous(template: str) -> str:
    """`template` as `forms` would write it: no names, single braces."""
    return "".join(text + ("{}" if name else "") for text, name, _, _ in string.Formatter().parse(template))


def test_every_sentence_that_can_be_raised_is_in_the_catalogue() -> None:
    known = {table: {anonymous(template) for template in entries} for table, entries in catalogue().items()}
    # only a place in front of a sentence that was raised elsewhere
    missing = [(path.name, text) for path, text, table in all_said() if text != "{}" and text not in known[table]]
    assert not missing
    assert len(all_said()) > 150


def test_no_sentence_of_the_catalogue_is_never_raised() -> None:
    raised = {text for _, text, table in all_said() if table == "sentences"}
    assert not [template for template in catalogue()["sentences"] if anonymous(template) not in raised]


def places(template: str) -> dict[str, str]:
    return {name: kind or "" for _, name, kind, _ in string.Formatter().parse(template) if name}


def test_both_languages_say_what_was_found() -> None:
    wrong = []
    for table, entries in catalogue().items():
        dropped = set() if table == "sentences" else {"kind", "encoding"}  # Python's own words
        for english, chinese in entries.items():
            told = {*places(english)} - dropped == {*places(chinese)} - dropped
            translated = re.search("[\u4e00-\u9fff]", chinese) or not re.search("[A-Za-z]", anonymous(english))
            foreign = re.search(r"[,;?] |[;?]$|\.$", re.sub("“.*?”|{.*?}", "", chinese))
            if not told or not translated or foreign:
                wrong.append((table, english, chinese))
    assert not wrong


NAMES = st.from_regex(r"[a-z]{1,6}_[0-9]{1,3}", fullmatch=True)
MOST_PLACES = 12
"""Of a sentence; every sentence takes as many of the names drawn as it has."""
SHOWN = {"list": "“{}”", "sentence": "缺少“x”"}


@settings(max_examples=15)
@given(names=st.lists(NAMES, min_size=MOST_PLACES, max_size=MOST_PLACES))
def test_a_sentence_gets_its_own_translation_whatever_was_found(names: list[str]) -> None:
    wrong = []
    for english, chinese in catalogue()["sentences"].items():
        kinds = places(english)
        assert len(kinds) <= MOST_PLACES
        found = {
            name: {"ending": "", "sentence": "“x” is missing"}.get(kind, drawn)
            for (name, kind), drawn in zip(kinds.items(), names, strict=False)
        }
        shown = {name: SHOWN.get(kind, "{}").format(found[name]) for name, kind in kinds.items()}
        sentence = re.sub(r"(\{\w+):\w+\}", r"\1}", english).format(**found)
        expected = chinese.format(**shown)
        said = [in_language(text, "zh") for text in (sentence, f"a b/c.toml:12: {sentence}")]
        if said != [expected, f"a b/c.toml:12：{expected}"] or in_language(sentence, "en") != sentence:
            wrong.append((english, expected, *said))
    assert not wrong


@given(st.text(max_size=60))
def test_what_the_catalogue_does_not_have_stays_as_it_is(text: str) -> None:
    assert in_language(f"zebra {text} zebra", "zh") == f"zebra {text} zebra"


KEPT = {
    "AI",
    "IP",
    "TOML",
    "UTF",
    "CSV",
    "levers",
    "assumptions",
    "definitions",
    "jobs_2028",
    "nan",
    "inf",
    "True",
    "true",
}
"""Words that are the same in Chinese: formats, tables of a file, values."""
QUOTED = r"“[^”]*”|\"[^\"]*\"|'[^']*'"


def check(english: str, chinese: str) -> None:
    """Assert that the two sentences name the same place, names and numbers, and that nothing is left in English."""
    place = re.match(r"(/\S+|\S+\.\w+(:\d+)?|--set .*?): ", english)
    if place:
        assert chinese.startswith(f"{place[1]}：")
        chinese = chinese.removeprefix(place[1])
    assert re.search("[\u4e00-\u9fff]", chinese), english
    # code that English writes without quotes may get quotes around it
    assert not Counter(re.findall("“([^”]*)”", english)) - Counter(re.findall("(?=“([^”]*)”)", chinese)), chinese
    english = english.removeprefix(place[1]) if place else english
    numbers = re.compile(r"\d[\d.,:-]*\d|\d")
    assert not Counter(numbers.findall(english)) - Counter(numbers.findall(chinese)), chinese
    left = {*re.findall("[A-Za-z_]{2,}[0-9_]*", re.sub(f"{QUOTED}|/\\S*", "", chinese))} - KEPT
    assert not left, chinese


WITHOUT = {"test_the_file_without_a_mistake_is_accepted", "test_a_number_in_an_equation_is_refused"}
"""The first has no mistake, the second one that only a programmer can make."""


def cases() -> Iterator[Any]:
    """Every call of a test that provokes mistakes, with each of its sets of arguments."""
    for module in (scenario_test, parameter_test, seeds_test, model_test):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            wanted = re.match("test_.*(a_mistake_|refused|wrong|circle|what_is_not_there|no_scenario|no_shock)", name)
            if (
                wanted
                and name not in WITHOUT
                and function.__module__ == module.__name__
                and not hasattr(function, "hypothesis")
            ):
                yield from calls(module, name, function)


def calls(module: ModuleType, name: str, function: Callable[..., None]) -> Iterator[Any]:
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    if not marks:
        yield pytest.param(function, {}, id=f"{module.__name__}-{name}")
        return
    (mark,) = marks
    names = [mark.args[0]] if isinstance(mark.args[0], str) else mark.args[0]
    for number, values in enumerate(mark.args[1]):
        arguments = dict(zip(names, values if len(names) > 1 else [values], strict=True))
        yield pytest.param(function, arguments, id=f"{module.__name__}-{name}-{number}")


@pytest.mark.parametrize(("function", "arguments"), list(cases()))
def test_every_mistake_that_is_tested_is_told_in_chinese(
    function: Callable[..., None], arguments: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences: list[str] = []

    def note(_: InputError, sentence: str) -> None:
        sentences.append(sentence)

    monkeypatch.setattr(InputError, "__init__", note)
    fixtures = {"tmp_path": tmp_path, "monkeypatch": monkeypatch}
    function(
        **arguments, **{name: fixtures[name] for name in inspect.signature(function).parameters if name in fixtures}
    )
    assert sentences
    for sentence in sentences:
        check(sentence, in_language(sentence, "zh"))


WORDS = next(iter(commands_test.test_a_mistake_gets_one_sentence.pytestmark)).args[1]


@pytest.mark.parametrize("words", WORDS)
def test_the_command_line_answers_in_the_language_of_the_run(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    terminal = Terminal(monkeypatch, capsys)
    english, chinese = terminal(*words, "--lang", "en").err, terminal(*words, "--lang=zh").err
    assert not re.search("[\u4e00-\u9fff]{3}", re.sub(QUOTED, "", english).split("; ")[0])
    check(english.rstrip(), chinese.rstrip())
    assert terminal(*words).err == chinese


@pytest.mark.parametrize(
    ("line", "english", "chinese"),
    [
        (
            '产业基金 = "1 亿元"',
            'put a Chinese key in straight quotes: "产业基金" = …',
            '英文直引号里，例如 "产业基金" = …',
        ),
        ('  “产业基金” = "1 亿元"', 'straight quotes: "产业基金" = …', '英文直引号里，例如 "产业基金" = …'),
        ("产业基金 ＝ 1", 'straight quotes: "产业基金" = …', '英文直引号里，例如 "产业基金" = …'),
        ("fund_size = “1 亿元”", "instead of Chinese ones", "请把中文引号改成英文直引号"),
        ("fund_size = 1 亿元", "expected newline", '须放在英文直引号里，例如 "1 亿元"'),
        ("fund_size ＝ 1", "write = instead of ＝", "请把“＝”改成英文的“=”"),
        ('fund_size = "1 亿元', "unterminated", "引号漏了"),
        ("fund_size = {2026-01 = 1", "unclosed", "没有闭合"),
        ("\u3000fund_size = 1", "invalid statement", "无法识别的语句"),
    ],
)
def test_a_slip_of_a_chinese_keyboard_is_explained(tmp_path: Path, line: str, english: str, chinese: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(f"[levers]\n{line}", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_toml(path)
    sentence = str(raised.value)
    assert re.match(rf"{re.escape(str(path))}:\d: this line is not TOML.*{re.escape(english)}", sentence)
    translated = in_language(sentence, "zh")
    assert translated.startswith(f"{sentence.split(': ')[0]}：这一行不符合TOML格式")
    assert chinese in translated


def test_every_complaint_of_the_toml_reader_is_known() -> None:
    """Read from the reader's own code, so that a new Python with new complaints fails here."""
    tree = ast.parse(Path(inspect.getfile(tomllib.loads)).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    texts = [form for c in calls if getattr(c.func, "id", "") == "suffixed_err" for form in forms(c.args[2])]
    assert len(texts) > 20
    for text in texts:
        sentence = f"a.toml:1: this line is not TOML: {text[:1].lower()}{text[1:]}".replace("{}", "'x'")
        check(sentence, in_language(sentence, "zh"))
