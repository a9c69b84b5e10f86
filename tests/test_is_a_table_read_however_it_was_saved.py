"""Are figures and scenario files read in whatever encoding, with whatever separator and dates Excel saved them?

Does NOT establish that a file in an encoding outside China (Shift JIS, Latin-1) is told apart from GB18030.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from commands import Terminal
from shudian.evidence import load_figures, load_parameters, read_figures
from shudian.kinds import InputError
from shudian.paths import seeds_folder
from shudian.scenarios import load_scenario


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)


ENCODINGS = ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le-bom", "utf-16-be-bom")
ROW = {
    "id": "N01", "indicator": "market", "geography": "china", "definition": "gross_market", "value": "1,234.5",
    "unit": "亿元", "period_start": "2026/1/1", "period_end": "2026年6月", "phrase": "“上半年，市场规模”",
}  # fmt: skip
CHINESE = dict(zip(ROW, ("编号", "指标", "地区", "口径", "数值", "单位", "起始日期", "截止日期", "原文"), strict=True))


def encoded(text: str, encoding: str) -> bytes:
    if encoding.endswith("-bom"):
        return ("\ufeff" + text).encode(encoding.removesuffix("-bom"))
    return text.encode(encoding)


def table(separator: str, heads: list[str], above: str = "") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([heads, list(ROW.values())])
    return above + text.getvalue()


def read(path: Path) -> tuple[object, ...]:
    found = read_figures(path)
    assert not found.unread
    (entry,) = found.figures
    figure = entry.figure
    return figure.value, figure.period_start, figure.period_end, figure.phrase, figure.indicator


def refusal(path: Path) -> str:
    """The sentence with which the figures at `path` are refused."""
    with pytest.raises(InputError) as raised:
        read_figures(path)
    return str(raised.value)


@pytest.mark.parametrize("separator", [",", ";", "\t", "，", "；"])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("above", ["", "2026年上半年数据\n\n", "\n\n"])
def test_a_figures_file_means_the_same_however_it_was_saved(
    tmp_path: Path, encoding: str, separator: str, above: str
) -> None:
    wanted = (1234.5, "2026-01-01", "2026-06-30", ROW["phrase"], "market")
    for heads in ([*ROW], [name.upper().replace("_", " ") for name in ROW], [*CHINESE.values()]):
        path = tmp_path / "new.csv"
        path.write_bytes(encoded(table(separator, heads, above), encoding))
        assert read(path) == wanted


def test_a_workbook_of_figures_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active
    book.active.append(["标题"])
    book.active.append([*ROW])
    book.active.append([*ROW.values()])
    book.save(tmp_path / "new.xlsx")
    assert read(tmp_path / "new.xlsx")[0] == 1234.5


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026", "2026", ("2026-01-01", "2026-12-31")),
        ("2026年", "2026年2月", ("2026-01-01", "2026-02-28")),
        ("46023", "46053", ("2026-01-01", "2026-01-31")),
        ("Jan 2026", "2026.3", ("2026-01-01", "2026-03-31")),
        ("20260101", "2026年3月31日", ("2026-01-01", "2026-03-31")),
    ],
)
def test_a_period_begins_with_its_first_day_and_ends_with_its_last(
    tmp_path: Path, start: str, end: str, days: tuple[str, str]
) -> None:
    text = table(",", [*ROW]).replace("2026/1/1", start).replace("2026年6月", end)
    (tmp_path / "new.csv").write_text(text, encoding="utf-8")
    assert read(tmp_path / "new.csv")[1:3] == days


@pytest.mark.parametrize("value", ["1.234,5", "10⁵", "½", "n.a.", "1 234", "1,23,4", "5万5"])
def test_a_doubtful_number_is_not_read(tmp_path: Path, value: str) -> None:
    (tmp_path / "new.csv").write_text(table(";", [*ROW]).replace("1,234.5", value), encoding="utf-8")
    assert refusal(tmp_path / "new.csv").startswith(f"{tmp_path / 'new.csv'}:2: “value” ")


def with_cells(path: Path, cells: dict[str, object], number_format: str = "General") -> Path:
    """A workbook of one figure in which `cells` are written, in this format where they are numbers."""
    book = openpyxl.Workbook()
    assert book.active
    row = {**ROW, "growth_percent": "", **cells}
    book.active.append([*row])
    book.active.append([*row.values()])
    for cell in book.active[2]:
        if isinstance(cell.value, (int, float)):
            cell.number_format = number_format
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("number_format", "growth"),
    [("0%", 25), ("0.0%", 25), ('0.00"%"', 0.25), (r"0.00\%", 0.25), ("General", 0.25), ('0.00"‰"', 0.025)],
)
def test_a_cell_of_a_workbook_is_read_as_it_is_shown(tmp_path: Path, number_format: str, growth: float) -> None:
    path = with_cells(tmp_path / "new.xlsx", {"growth_percent": 0.25}, number_format)
    (entry,) = read_figures(path).figures
    assert entry.figure.growth_percent == growth


def test_a_cell_that_shows_another_amount_or_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    assert read(with_cells(path, {"value": 5}, '0"亿元"'))[0] == 5
    for number_format in ('0.0"万元"', "¥#,##0", "0.0,", '0!.0,"万"', "[$$-409]0"):
        with pytest.raises(InputError, match=r"Sheet!E2: the cell's format"):
            read_figures(with_cells(path, {"value": 5}, number_format))
    with pytest.raises(InputError, match=r"Sheet!E2: the formula has no result"):
        read_figures(with_cells(path, {"value": "=1+1"}))
    said = refusal(with_cells(path, {"period_end": 2026.1}))
    assert "Sheet!H2: “period_end” can be January or October" in said
    assert "2026-10" in said


@pytest.mark.parametrize(
    ("column", "text", "meant"),
    [("value", "50亿元", 50), ("value", "5万", 0.0005), ("value", "300万元", 0.03), ("value", "1.2万亿元", 12_000),
     ("growth_percent", "2.5成", 25), ("growth_percent", "25‰", 2.5), ("growth_percent", "25个百分点", 25),
     ("growth_percent", "-3.5", -3.5), ("growth_percent", "百分之三", 3)],
)  # fmt: skip
def test_a_number_with_a_unit_of_its_own_is_converted(tmp_path: Path, column: str, text: str, meant: float) -> None:
    (entry,) = read_figures(with_cells(tmp_path / "new.xlsx", {column: text})).figures
    assert getattr(entry.figure, column) == meant


@pytest.mark.parametrize(
    "value", ["约50", ">50", "≥50", "50-60", "50—60亿元", "50～60", "50至60", "50余", "50亿元以上", "近50"]
)
def test_a_number_that_is_bounded_in_words_names_the_columns_for_it(tmp_path: Path, value: str) -> None:
    said = refusal(with_cells(tmp_path / "new.xlsx", {"value": value}))
    assert all(word in said for word in ("“bound”", "“low”", "“high”"))


def test_a_number_of_another_kind_is_not_read(tmp_path: Path) -> None:
    for column, text in (("value", "50人"), ("value", "50%"), ("growth_percent", "2亿元")):
        assert "unit of its line" in refusal(with_cells(tmp_path / "new.xlsx", {column: text}))


def test_a_cell_without_a_column_is_refused_and_so_are_two_columns_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    head, line = (
        ",".join([*ROW, "growth_percent"]),
        ",".join(["N01", *list(ROW.values())[1:4], "12", *list(ROW.values())[5:]]),
    )
    for ending in ("", ","):
        path.write_text(f"{head}{ending}\n{line},1,789\n", encoding="utf-8")
        assert "needs quotes" in refusal(path)
    path.write_text(f"{head}\n{line},1,,\n", encoding="utf-8")
    assert read_figures(path).figures
    path.write_text(f"{head},数值\n{line},1,789\n", encoding="utf-8")
    with pytest.raises(InputError, match="two columns are called “value”"):
        read_figures(path)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_shipped_figures_and_a_scenario_are_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    shipped = (seeds_folder() / "figures.csv").read_text(encoding="utf-8")
    if encoding != "gbk":  # which lacks some of their characters
        (tmp_path / "figures.csv").write_bytes(encoded(shipped, encoding))
        found = load_figures(tmp_path / "figures.csv")
        assert [f.value for f in found.values()] == [f.value for f in load_figures().values()]
    text = 'base = "baseline"\ntitle = "我的方案"\nquestion = "会怎样？"\n[levers]\n"产业基金" = "2亿元"\n'
    (tmp_path / "mine.toml").write_bytes(encoded(text, encoding))
    assert load_scenario(tmp_path / "mine.toml", load_parameters()).title.zh == "我的方案"


def test_a_file_of_which_nothing_is_read_is_a_mistake(tmp_path: Path, terminal: Terminal) -> None:
    path = tmp_path / "new.csv"
    for text in (table(",", [*ROW]).replace("gross_market", "none"), table(",", [*ROW]).split("\n")[0] + "\n"):
        path.write_text(text, encoding="utf-8")
        assert terminal("score", str(path)).code == 2
    with pytest.raises(InputError, match="holds no figure"):
        read_figures(path)
