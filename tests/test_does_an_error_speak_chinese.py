"""Can a planner who reads Chinese read every error: has each sentence a Chinese one that says the same?

Does NOT establish that a translation is right or reads well, nor that what Python and the operating system say
inside an error is always known.
"""

from __future__ import annotations

import ast
import copyreg
import inspect
import pickle
import re
import string
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

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
from shudian import toml_file
from shudian.kinds import Basis, InputError, Phrase, PhraseError, Role
from shudian.messages import catalogue, in_language
from shudian.mistakes import ManyMistakesError, sentences_of
from shudian.observe import digest
from shudian.toml_file import read_toml

PACKAGE = Path(shudian.__file__).parent
SAYING = {
    "InputError", "PhraseError", "EquationFileError", "EquationError", "MeaningError", "_UnfitError", "Phrase", "fail",
}  # fmt: skip
"""What takes a template as its first argument; the values follow by name."""
FOUND_AND_WANTED = {"found", "wanted"}
"""Values that `_same_unit` of dimensions.py adds to those that it is given; its template is its third argument."""
PASSED_ON = {
    ("calibrate/added.py", "line.sentence"),
    ("dimensions.py", "problem"),
    ("dimensions.py", "template"),
    ("equations/mistakes.py", "complaint(error, place, ())"),
    ("equations/mistakes.py", "complaint(error, place, causes)"),
    ("equations/mistakes.py", "template"),
    ("exchange/meaning.py", "template"),
    ("face/given.py", "found.reason"),
    ("figure_row.py", "template"),
    ("kinds.py", "sentence"),
    ("observe/effects_file.py", "template"),
    ("review_file.py", "template"),
    ("shipped.py", "grounds.reason"),
    ("toml_file.py", "_not_toml(lines[line - 1], str(error))"),
    ("toml_file.py", "template"),
    ("workbook_cells.py", "template"),
}
"""Places where a template, or a Phrase, goes on that was written out elsewhere."""
CHOSEN: dict[tuple[str, str], set[str]] = {
    ("observe/digest.py", "_TOLD[kind][_state(name in was.get(kind, {}), name in named)]"): {
        told for forms in digest._TOLD.values() for told in forms
    },
    ("parameters.py", "role"): {*get_args(Role)},
    ("parameters.py", "basis"): {*get_args(Basis)} - {"assumed"},
    ("scenarios.py", "base.kind"): {"package", "shock"},
    ("scenarios.py", "kind"): {"package", "shock"},
    ("schedules.py", "parameter.role"): {*get_args(Role)},
    ("schedules.py", "roles[0]"): {"lever", "assumption", "uncertain"},
    ("toml_file.py", "f'{before}{{what}}{after}'"): {"{what}".join(around) for around in toml_file._HOLDING},
}
"""Places where a template is one of several that are written out or named elsewhere: which."""
FOREIGN = {
    ("cli/usage.py", "str(error.message)"),
    ("exchange/functions.py", "str(first)"),
    ("files.py", "said"),
    ("posterior_file.py", "error.strerror"),
    ("report/manifest_file.py", "error.msg"),
    ("table_file.py", "str(error)"),
    ("toml_file.py", "reason"),
}
"""Places where a text of somebody else's program, or a number, stands where a template would."""


HOLE = re.compile(r"{\w.*?}")


def calls_in(path: Path) -> Iterator[tuple[str, ast.expr, set[str]]]:
    """Each call in the file at `path` that takes a template: the file, the template and the names of the values."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            names = {keyword.arg or "**" for keyword in node.keywords}
            if name in SAYING and node.args:
                yield path.relative_to(PACKAGE).as_posix(), node.args[0], names
            elif name == "_same_unit":
                yield path.relative_to(PACKAGE).as_posix(), node.args[2], names | FOUND_AND_WANTED


@cache
def all_calls() -> list[tuple[str, ast.expr, set[str]]]:
    return [call for path in sorted(PACKAGE.rglob("*.py")) for call in calls_in(path)]


def written_out() -> list[tuple[str, str, set[str]]]:
    """Each call whose template is written out there: the file, the template and the names of the values."""
    calls = [(file, node.value, names) for file, node, names in all_calls() if isinstance(node, ast.Constant)]
    return [(file, text, names) for file, text, names in calls if isinstance(text, str) and text]


OWN, FROM_OUTSIDE = catalogue()["own"], catalogue()["foreign"]


def holes(template: str) -> dict[str, str]:
    """The names in `template`, which is one with values, and how each is written; none in one without."""
    if not HOLE.search(template):
        return {}
    return {name: spec or "" for _, name, spec, _ in string.Formatter().parse(template) if name is not None}


def test_every_template_is_written_out_where_it_is_said_or_known_to_be_written_elsewhere() -> None:
    elsewhere = {(file, ast.unparse(node)) for file, node, _ in all_calls() if not isinstance(node, ast.Constant)}
    assert PASSED_ON | {*CHOSEN} | FOREIGN == elsewhere


def test_what_is_said_has_a_value_for_each_hole_and_no_other() -> None:
    # without values, a template is taken to the letter, and a hole in it would be a slip
    assert not [call for call in written_out() if call[2] != {*holes(call[1])}]


def test_the_catalogue_has_every_template_that_is_said_and_no_other() -> None:
    said = {template for _, template, _ in written_out()}.union(*CHOSEN.values())
    foreign = {template for template in said if template in FROM_OUTSIDE}
    assert said - foreign == {*OWN}
    assert not {*OWN} & {*FROM_OUTSIDE}
    assert len(said) > 350


def test_both_languages_say_what_was_found() -> None:
    wrong = []
    for english, chinese in (OWN | FROM_OUTSIDE).items():
        dropped = {"encoding": ""}.items() if english in FROM_OUTSIDE else set()  # Python's own word
        told = dict(holes(english).items() - dropped) == holes(chinese)
        translated = re.search("[\u4e00-\u9fff]", chinese) or not re.search("[A-Za-z]", HOLE.sub("", english))
        foreign = re.search(r"[,;?] |[;?]$|\.$", re.sub("“.*?”|{.*?}", "", chinese))
        if not told or not translated or foreign:
            wrong.append((english, chinese))
    assert not wrong


ANYTHING = st.text(max_size=20) | st.sampled_from([*OWN, "{0}", "{name}", "{", "}}", "a: b", "; allowed are: x"])
"""What may be found, and what would mislead somebody who read it as a template."""
MOST_HOLES = 12
"""Of a sentence; every sentence takes as many of the values drawn as it has."""


@settings(max_examples=50)
@given(words=st.lists(ANYTHING, min_size=MOST_HOLES, max_size=MOST_HOLES), number=st.integers(0, 10**6))
def test_a_sentence_gets_its_own_translation_whatever_was_found(words: list[str], number: int) -> None:
    wrong = []
    for english, chinese in OWN.items():
        kinds = holes(english)
        assert len(kinds) <= MOST_HOLES
        found = {name: number if spec else word for (name, spec), word in zip(kinds.items(), words, strict=False)}
        error = InputError(english, **found)
        placed = error.at("--set {x}: y").at("a b/c.toml:12")
        told, expected = (text.format(**found) if found else text for text in (english, chinese))
        said = [in_language(error, "zh"), in_language(placed, "zh"), in_language(error, "en"), str(error), str(placed)]
        place = "a b/c.toml:12{0}--set {{x}}: y{0}"
        if said != [expected, place.format("：") + expected, told, told, place.format(": ") + told]:
            wrong.append((english, expected, *said))
    assert not wrong


@given(ANYTHING, ANYTHING)
def test_a_part_of_a_sentence_is_translated_with_it_and_a_value_is_not(written: str, name: str) -> None:
    told = Phrase("{value} has no unit; {expected}", value=written, expected=Phrase("nothing"))
    outer = InputError(
        "{error}; other units that a figure may have: {names}", error=told, names=(name, Phrase("nothing"))
    )
    quoted = name if "“" in name else f"“{name}”"
    assert str(outer) == f"{written} has no unit; nothing; other units that a figure may have: {name}, nothing"
    assert in_language(outer, "zh") == f"{written}没有单位；空白；数字还可以用这些单位：{quoted}、空白"


@given(ANYTHING, ANYTHING)
def test_an_error_keeps_its_words_between_processes_and_among_others(one: str, other: str) -> None:
    errors = [InputError("“{key}” is missing", key=key).at("a.toml:1") for key in (one, other)]
    for error in (errors[0], ManyMistakesError(errors)):
        again = pickle.loads(pickle.dumps(error))
        assert (str(again), in_language(again, "zh")) == (str(error), in_language(error, "zh"))
    several = ManyMistakesError(errors).at("b.zip")
    assert str(several) == f"b.zip: a.toml:1: “{one}” is missing\nb.zip: a.toml:1: “{other}” is missing"
    assert in_language(several, "zh") == f"b.zip：a.toml:1：缺少“{one}”\nb.zip：a.toml:1：缺少“{other}”"
    assert [str(sentence) for sentence in sentences_of(several)] == [f"b.zip: {error}" for error in errors]


def test_an_error_that_is_placed_anew_leaves_the_old_one_where_it_was() -> None:
    """Also where something, as tblib does when dask is there, has changed how exceptions are copied."""
    with pytest.MonkeyPatch.context() as patch:
        shared = {InputError: lambda error: (InputError.__new__, (InputError, *error.args), error.__dict__)}
        patch.setattr(copyreg, "dispatch_table", copyreg.dispatch_table | shared)
        error = InputError("“{key}” is missing", key="a").at("a.toml:1")
        assert str(error.at("b.zip")) == f"b.zip: {error}" == "b.zip: a.toml:1: “a” is missing"


@given(st.text(max_size=60))
def test_what_the_catalogue_does_not_have_stays_as_it_is(text: str) -> None:
    assert in_language(Phrase(f"zebra {text} zebra"), "zh") == f"zebra {text} zebra"
    assert in_language(Phrase("zebra {text} zebra", text=text), "zh") == f"zebra {text} zebra"


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
    errors: list[InputError] = []

    def note(self: InputError, *said: Any, **values: object) -> None:
        PhraseError.__init__(self, *said, **values)
        # each of several mistakes is noted on its own
        if not isinstance(self, ManyMistakesError):
            errors.append(self)

    monkeypatch.setattr(InputError, "__init__", note)
    fixtures = {"tmp_path": tmp_path, "monkeypatch": monkeypatch}
    function(
        **arguments, **{name: fixtures[name] for name in inspect.signature(function).parameters if name in fixtures}
    )
    assert errors
    for error in errors:
        check(str(error), in_language(error, "zh"))


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
    translated = in_language(raised.value, "zh")
    assert translated.startswith(f"{sentence.split(': ')[0]}：这一行不符合TOML格式")
    assert chinese in translated


def forms(node: ast.expr) -> list[str]:
    """What the expression can say, with {} for every part that is computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)]
    return ["{}"]


def test_every_complaint_of_the_toml_reader_is_known() -> None:
    """Read from the reader's own code, so that a new Python with new complaints fails here."""
    tree = ast.parse(Path(inspect.getfile(tomllib.loads)).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    texts = [form for c in calls if getattr(c.func, "id", "") == "suffixed_err" for form in forms(c.args[2])]
    assert len(texts) > 20
    for text in texts:
        reason = toml_file._reason(f"{text.replace('{}', repr('x'))} (at line 1, column 2)")
        assert str(reason) == f"{text[:1].lower()}{text[1:]}".replace("{}", "'x'")
        check(f"a.toml:1: {reason}", f"a.toml:1：{in_language(reason, 'zh')}")
