"""Can a title, a note or a label from a stranger's file act on the reader: in the terminal, a spreadsheet, a document?

Every command writes what hostile scenarios make of it, and every file that it writes is read again by a library that
is not ours. Does NOT establish that a text which looks like another one is told apart (homoglyphs), nor what each
spreadsheet program does with a cell that begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from PIL import Image

from commands import Terminal
from shudian.kinds import InputError
from shudian.parameters import city_titles
from shudian.plain_text import acting, json_text, one_line, unlike_formula, visible
from shudian.report.document import entries
from shudian.report.render.csv_tables import Column, CsvTable, csv_bytes, labelled
from shudian.report.render.markdown import code, grid, markdown, paragraph
from shudian.scenarios import load_scenario
from shudian.structure import load_model
from shudian.targets import load_definitions, load_targets
from shudian.toml_file import TomlFile

PARAMETERS = load_model().parameters
SHOWN = (
    "=1+1", '=HYPERLINK("http://evil.invalid","click")', "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "＝1+1",
    "＋1", "－1", "＠SUM(A1)", " =1+1", "\u3000=1+1", "'=1+1", "-5",
    "a|b", "|", "||a||", "a\\|b", "\\", "a\\", "`rm -rf /`",
    "``", "*a*", "**a**", "_a_", "__init__", "~~a~~", "# a", "> a", "- a", "1. a", "---", "[a](http://evil.invalid)",
    "![a](http://evil.invalid/x.png)", "[a]: http://evil.invalid", "<script>alert(1)</script>", "<img src=x onerror=y>",
    "<!-- a", "</td></table>", "&lt;b&gt;", "&#x3d;1+1",
    "[bold]a[/bold]", "[red on blue]", "[/]", "[link=http://evil.invalid]a",
    ":smile:", "$x^2$", "$x_{", "$\\frac{1}{0}$", "\\alpha", "%s %d {} {0} {name} ${x}", "a\nb", "a\tb", "a\r\nb",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 喆㐂\U0002000b", "e\u0301",
    "字" * 400, "a" * 400, "a b " * 200, "…–—“”",
)  # fmt: skip
"""What is seen and stays, and what some format would take for a command."""
HIDING = ("a\u200bb", "\ufeffa", "a\u00adb", "a\u2060b", "a\u3164b", "a\u115fb", "a\U000e0041b", "a\u034fb")
"""What hides and does nothing."""
ACTING = (
    "\x1b[31ma", "\x1b]0;a\x07", "\x1b]8;;http://evil.invalid\x1b\\a", "a\x1b[2J\x1b[H", "\x9b31ma",
    "a\x00b", "a\x07b",
    "a\x08b", "a\x0bb", "a\x0cb", "a\x1fb", "a\x7fb", "a\x85b", "a\x9cb",
    "a\u2028b", "a\u2029b", "a\u202eb", "a\u202ab",
    "a\u2066b\u2069", "a\u200fb", "a\u061cb", "a\ufffeb", "a\uffffb", "a\ufdd0b", "a\U0001fffeb", "a\U0010ffffb",
)  # fmt: skip
"""What acts on a terminal, turns the direction of writing, or may not stand in XML."""
LEFT = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f]\u200d(?=[\u2600-\u27bf\U0001f000-\U0001faff])")
COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def raw(text: str) -> list[str]:
    """The characters of `text` that act or hide, but for line breaks and the joiners of emoji."""
    kept = LEFT.sub("", text).replace("\n", "")
    controls = [c for c in kept if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    return controls + [c for c in kept if ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF]


# The filter itself


@given(st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(SHOWN + HIDING + ACTING))
def test_what_is_shown_holds_nothing_that_acts(text: str) -> None:
    shown = visible(text)
    assert not raw(shown)
    assert visible(shown) == shown
    shown.encode()
    if not raw(text) and not set(text) & set(
        "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    ):
        assert shown == text
    assert "\n" not in one_line(text)
    assert acting(one_line(text)) == acting(text)
    assert json.loads(json_text([text])) == [text]
    assert not raw(json_text([text]))


def test_every_character_that_unicode_calls_a_control_is_spelt() -> None:
    for code_point in range(0x110000):
        character = chr(code_point)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in "\n\t":
            assert visible(character).startswith("\\"), hex(code_point)
    assert visible("\t\r\n") == " \n"
    assert visible("中文 ，“”…—😀ä\u3000") == "中文 ，“”…—😀ä\u3000"


@given(st.text(max_size=12) | st.sampled_from(SHOWN + HIDING + ACTING))
def test_no_cell_of_a_spreadsheet_is_a_formula(text: str) -> None:
    table = CsvTable("t", (labelled("csv_year", "year"), labelled("csv_loop", "loop")), [(text, -5.0)])
    ((head, other), (cell, number)) = csv.reader(io.StringIO(csv_bytes(table).decode("utf-8-sig"), newline=""))
    assert (head, other, number) == ("year", "loop", "-5")
    assert not is_formula(cell)
    assert cell in (visible(text), f"'{visible(text)}")


def test_a_head_is_an_identifier_and_stands_once() -> None:
    label = labelled("csv_year", "year").label
    for names in (("年",), ("Year",), ("a b",), ("",), ("1a",), ("a\n",), ("a", "a")):
        with pytest.raises(ValueError, match="not different identifiers"):
            csv_bytes(CsvTable("t", tuple(Column(name, label) for name in names), []))


@given(st.lists(st.text(max_size=12) | st.sampled_from(SHOWN + HIDING + ACTING), min_size=1, max_size=4))
def test_a_table_of_markdown_keeps_its_columns_and_its_texts(cells: list[str]) -> None:
    check_markdown(grid(cells, [cells, cells[::-1]]), len(cells))


@given(st.text(max_size=12) | st.sampled_from(SHOWN + HIDING + ACTING))
def test_a_text_in_markdown_is_a_text(text: str) -> None:
    check_markdown(f"{paragraph(text)}\n")
    check_markdown(f"# {paragraph(text)}\n\n**{paragraph('a' + text + 'b')}**\n", bold=True)
    check_markdown(markdown((entries(text, text),)), bulleted=True)
    (token,) = (t for t in COMMONMARK.parse(f"a {code(f'x{text}')} b") if t.type == "inline")
    (inner,) = (t for t in token.children or () if t.type == "code_inline")
    assert inner.content.strip() == visible(f"x{text}").replace("\n", " ").strip()


# What is refused where it is read


def scenario(folder: Path, name: str, title: Sequence[str], note: Sequence[str] = ("注", "Note")) -> Path:
    """A scenario file whose title and note in Chinese and English are those."""
    texts = [json.dumps(text) for text in (*title, *note)]
    path = folder / f"{name}.toml"
    path.write_text(
        'base = "zhengzhou_2025"\n'
        f"title = {{ zh = {toml(texts[0])}, en = {toml(texts[1])} }}\n"
        f"question = {{ zh = {toml(texts[0])}, en = {toml(texts[1])} }}\n"
        f"notes = [ {{ zh = {toml(texts[2])}, en = {toml(texts[3])} }} ]\n"
        '[levers]\nfund_size = { 2026-07 = "2 亿元" }\n',
        encoding="utf-8",
    )
    return path


def toml(text: str) -> str:
    """A JSON text as TOML writes it: what JSON writes as a pair of surrogates is one character."""
    return re.sub(
        r"\\ud[89ab]..\\ud[c-f]..", lambda m: f"\\U{ord(json.loads(chr(34) + m[0] + chr(34))):08x}", text
    ).replace("\x7f", "\\u007f")


@pytest.mark.parametrize("text", ACTING)
def test_what_acts_is_refused_with_file_and_line(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = acting(text)
    for line, texts in ((2, ((text, "a"), ("a", "b"))), (2, (("a", text), ("a", "b"))), (4, (("a", "b"), ("a", text)))):
        path = scenario(tmp_path, "mine", *texts)
        with pytest.raises(
            InputError, match=rf":{line}: “\w+” holds the invisible character {re.escape(name)}; delete"
        ):
            load_scenario(path, PARAMETERS)
    ended = Terminal(monkeypatch, capsys)("check", str(path), "--lang", "zh")
    assert ended.code == 2
    assert f"看不见的字符{name}" in ended.err
    assert not raw(ended.out + ended.err)


def test_what_hides_is_left_out_and_line_breaks_become_spaces(tmp_path: Path) -> None:
    found = load_scenario(scenario(tmp_path, "mine", ("a\u200b\ufeffb", "a\n\tb"), ("\u00ada", "a\r\nb")), PARAMETERS)
    assert (found.title.zh, found.title.en, found.notes[0].zh, found.notes[0].en) == ("ab", "a b", "a", "a b")


def test_a_surrogate_alone_is_no_toml(tmp_path: Path) -> None:
    path = scenario(tmp_path, "mine", ("a", "b"))
    path.write_text(path.read_text(encoding="utf-8").replace('zh = "a"', 'zh = "\\ud800"'), encoding="utf-8")
    with pytest.raises(InputError, match=":2: this line is not TOML"):
        load_scenario(path, PARAMETERS)


def test_nothing_that_is_shipped_acts_or_hides() -> None:
    model = load_model()
    labels = [thing.label for thing in (*model.equations, *model.parameters.values(), *model.loops, *load_targets())]
    labels += [*load_definitions().values(), *city_titles().values()]
    assert not [label for label in labels if raw(label.zh + label.en)]


# What an error repeats


ECHOED = (
    ("check", "{}"), ("run", "{}"), ("run", "{}.toml"), ("compare", "no_policy", "{}"), ("why", "{}"),
    ("brief", "{}", "-o", "x"), ("sensitivity", "{}"), ("design", "--target", "{}=1"),
    ("design", "--target", "local_output={}"), ("explain", "{}"), ("diff", "{}"), ("diff", "{}.mdl"),
    ("run", "--set", "{}"), ("run", "--set", "fund_size={}"), ("run", "--with", "{}"), ("run", "--targets", "{}"),
    ("run", "--city", "{}"), ("run", "--posterior", "{}"), ("run", "--repeat", "{}"), ("run", "--draws", "{}"),
    ("{}",), ("run", "--{}"), ("new", "{}"), ("score", "{}"), ("calibrate", "--until", "{}"),
    ("calibrate", "--without", "{}"), ("diagram", "{}", "-o", "x.svg"),
    ("export", "-o", "x.mdl", "--scenario", "{}"),
)  # fmt: skip


@pytest.mark.parametrize("words", ECHOED, ids=" ".join)
def test_an_error_repeats_nothing_that_acts(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    hostile = "x\x1b[31m\x07\u202e\u2028\ufffe\udcff\ny"
    for language in ("zh", "en"):
        ended = Terminal(monkeypatch, capsys)(*(word.format(hostile) for word in words), "--lang", language)
        assert ended.code == 2
        assert not raw(ended.out + ended.err)
        assert ended.err.count("\n") == 1, ended.err


# What the commands write


HOSTILE = SHOWN + HIDING + ACTING


@pytest.fixture
def scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Scenario files whose titles and notes hold all of HOSTILE, and that are read as if nothing were refused.

    A manifest or a file of a later version might bring in what the readers refuse: the writers stand alone.
    """
    monkeypatch.setattr(TomlFile, "line_of", lambda _self, text, *_keys: text)
    monkeypatch.chdir(tmp_path)
    quarter = -(-len(HOSTILE) // 12)
    names = []
    for number in range(12):
        titles = HOSTILE[number * quarter : (number + 1) * quarter]
        title = [titles[0], titles[1 % len(titles)]]
        names.append(scenario(tmp_path, f"s{number}", title, (" ".join(titles), "\n".join(titles))).name)
    return names


@pytest.fixture
def targets(tmp_path: Path) -> str:
    """A file with a target whose names and labels are hostile."""
    label = '{ zh = "=一|$x_{", en = "=b|`[red]$x^2$" }'
    (tmp_path / "targets.toml").write_text(
        f'[definitions]\n"=甲|" = {label}\n["@目标"]\nlabel = {label}\nmeasure = "level_at_year_end"\nyear = 2028\n'
        f'threshold = "5 万人"\njudged_under = "unstated"\nevidence = []\ndocument_date = "2026"\nnote = {label}\n'
        'definitions = { "=甲|" = "fte_jobs" }\n',
        encoding="utf-8",
    )
    return "targets.toml"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys, paints=True)


def done(terminal: Terminal, *words: str) -> str:
    """What a command prints, which does not act."""
    ended = terminal(*words)
    assert ended.code == 0, ended.err[-500:]
    assert not raw(ended.out + ended.err)
    return ended.out


@pytest.mark.usefixtures("asked_once")
def test_run(terminal: Terminal, scenarios: list[str], targets: str) -> None:
    for language in ("zh", "en"):
        words = ("--draws", "8", "--targets", targets, "--lang", language, "-o", language, "--full")
        assert SHOWN[language == "en"][:9] in done(terminal, "run", *scenarios, *words)
        check_folder(Path(language))
    same_csv_files("zh", "en")


def test_compare(terminal: Terminal, scenarios: list[str], targets: str) -> None:
    done(terminal, "compare", *scenarios[:7], "--draws", "8", "--targets", targets, "--lang", "en", "-o", "out")
    check_folder(Path("out"))


def test_why(terminal: Terminal, scenarios: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "simlin", None)
    for number, language in ((3, "en"), (10, "zh")):
        out = f"out{number}"
        done(
            terminal,
            "why",
            scenarios[number],
            "--draws",
            "20",
            "--against",
            scenarios[6],
            "--lang",
            language,
            "-o",
            out,
        )
        check_folder(Path(out))


@pytest.mark.parametrize("first", [pytest.param(0, marks=pytest.mark.slow), 4, pytest.param(8, marks=pytest.mark.slow)])
def test_brief(terminal: Terminal, scenarios: list[str], first: int) -> None:
    language = "en" if first else "zh"
    done(terminal, "brief", *scenarios[first : first + 4], "--draws", "20", "--lang", language, "-o", "out")
    check_folder(Path("out"))


@pytest.mark.slow
def test_sensitivity(terminal: Terminal, scenarios: list[str]) -> None:
    few = ("--draws", "400", "--base-runs", "64", "--outcome", "local_output")
    done(terminal, "sensitivity", *scenarios[:6], *few, "--lang", "en", "-o", "out")
    done(terminal, "sensitivity", *scenarios[6:], *few, "--lang", "zh", "-o", "other")
    check_folder(Path("out"))
    check_folder(Path("other"))


@pytest.mark.slow
def test_design(terminal: Terminal, scenarios: list[str]) -> None:
    words = (
        "design",
        "--prior",
        "--target",
        "local_output=30亿元",
        "--draws",
        "50",
        "--levers",
        "fund_size",
        "--lang",
        "en",
    )
    done(terminal, *words, "--base", scenarios[0], "-o", "out")
    check_folder(Path("out"))


def test_a_repeat_and_a_list_act_on_nothing(terminal: Terminal, scenarios: list[str]) -> None:
    done(terminal, "run", *scenarios[4:6], "--draws", "8", "-o", "out")
    done(terminal, "run", "--repeat", "out")
    for words in (("check", *scenarios), ("list",), ("explain", "local_output"), ("explain", "market_2027")):
        done(terminal, *words)


@pytest.mark.slow
@pytest.mark.usefixtures("asked_once")
@pytest.mark.parametrize(
    "words",
    [
        ("compare", "shenzhen_mode", "no_policy", "--draws", "20"), ("why", "--draws", "20"),
        ("design", "--prior", "--target", "local_output=30亿元", "--draws", "50", "--levers", "fund_size"),
    ],
)  # fmt: skip
def test_csv_files_are_the_same_in_both_languages(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for language in ("zh", "en"):
        done(Terminal(monkeypatch, capsys), *words, "--lang", language, "-o", language)
    same_csv_files("zh", "en")


def same_csv_files(one: str, other: str) -> None:
    names = sorted(path.name for path in Path(one).glob("*.csv"))
    assert len(names) > 1
    assert [Path(one, name).read_bytes() for name in names] == [Path(other, name).read_bytes() for name in names]


# Reading what was written, with other people's libraries


def check_folder(folder: Path) -> None:
    """Every file of the folder opens, and nothing in it acts."""
    checks = {
        ".csv": check_csv,
        ".md": lambda path: check_markdown(path.read_text(encoding="utf-8"), bold=True, bulleted=True),
        ".json": lambda path: json.loads(path.read_text(encoding="utf-8")), ".svg": ElementTree.parse,
        ".png": check_picture, ".docx": check_document, ".xlsx": check_workbook, ".html": check_page,
        ".toml": lambda path: load_scenario(path, PARAMETERS), ".parquet": lambda _path: None,
    }  # fmt: skip
    paths = [path for path in folder.rglob("*") if path.is_file()]
    assert paths
    for path in paths:
        checks[path.suffix](path)
        if path.suffix in (".csv", ".md", ".json", ".svg", ".html", ".toml"):
            assert not raw(path.read_text(encoding="utf-8-sig")), path
    for place in {path.parent for path in paths if path.suffix == ".csv"}:
        check_dictionary(place)


def is_formula(cell: str) -> bool:
    return bool(re.match(r"\s*[=+\-@＝＋－＠]", cell)) and not re.fullmatch(r"-\d+(\.\d+)?(e[+-]\d+)?", cell)


def check_csv(path: Path) -> None:
    head, *rows = table_of(path)
    assert rows or path.stem.startswith(("policy_flips", "statistics"))
    assert {len(row) for row in rows} <= {len(head)}
    assert not [cell for row in rows for cell in row if is_formula(cell)]


def table_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def check_dictionary(folder: Path) -> None:
    told = table_of(folder / "columns.csv")
    assert told[0] == ["file", "column", "label_zh", "label_en", "unit"]
    heads = [(path.name, head) for path in folder.glob("*.csv") for head in table_of(path)[0]]
    assert sorted(heads) == sorted((row[0], row[1]) for row in told[1:])
    assert all(re.fullmatch("[a-z][a-z0-9_]*", head) for _, head in heads)
    assert all(row[2] and row[3] for row in told[1:])


def check_markdown(text: str, columns: int = 0, bold: bool = False, bulleted: bool = False) -> None:
    """Nothing in `text` is markup but headings, tables, and what is allowed."""
    tokens = COMMONMARK.parse(text)
    kinds = {token.type for token in leaves(tokens)}
    allowed = {
        "inline",
        "text",
        "text_special",
        "softbreak",
        "heading",
        "paragraph",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    allowed |= {"strong"} if bold else set()
    allowed |= {"bullet_list", "list_item"} if bulleted else set()
    allowed |= {"code_inline"} if "shudian why" in text else set()
    breaks = [token for token in leaves(tokens) if token.type == "html_inline"]
    assert {token.content for token in breaks} <= {"<br>"}
    assert {re.sub("_(open|close)$", "", kind) for kind in kinds} - {"html_inline"} <= allowed
    if columns:
        assert sum(token.type == "th_open" for token in tokens) == columns
        assert sum(token.type == "td_open" for token in tokens) == 2 * columns
    for block in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.strip().split("\n")}) == 1, block


def leaves(tokens: Sequence[object]) -> Iterator[object]:
    for token in tokens:
        yield token
        yield from getattr(token, "children", None) or ()


def check_picture(path: Path) -> None:
    with Image.open(path) as picture:
        picture.load()


def check_document(path: Path) -> None:
    document = docx.Document(str(path))
    texts = [p.text for p in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert not [text for text in (*texts, document.core_properties.title) if raw(text)]


def check_workbook(path: Path) -> None:
    cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert not [cell.value for cell in cells if isinstance(cell.value, str) and raw(cell.value)]


def check_page(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert not re.findall(r"<(script|iframe|object|embed|form|base|link)\b|<[^>]* on\w+ *=|<[^>]*evil\.invalid", page)


def test_a_formula_is_one_in_any_width() -> None:
    assert [unlike_formula(text) for text in ("=1", "＝1", " =1", "a=1", "1", "")] == [
        "'=1",
        "'＝1",
        "' =1",
        "a=1",
        "1",
        "",
    ]
