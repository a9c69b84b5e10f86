"""Does a file of figures give the same rows wherever it goes, may a row bring its source, and are all mistakes told?

Does NOT establish that a number is what its page prints, that a page exists, nor that every slip has the spelling that
was meant beside it; nor what a calibration makes of a row, for which the sampler's own tests stand.
"""

from __future__ import annotations

import csv
import datetime
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands import Terminal
from shudian.calibrate.calibration import Evidence
from shudian.evidence import load_figures, load_sources, load_vocabulary, read_figures, source_of
from shudian.figure_columns import COLUMN_NAMES, COLUMNS, NEEDED, SOURCE_COLUMNS
from shudian.forecasts import scoring
from shudian.forecasts.once import office_of
from shudian.kinds import Figure, InputError
from shudian.messages import in_language
from shudian.mistakes import MOST, Mistakes, sentences_of
from shudian.paths import seeds_folder

FIGURES, SOURCES, WORDS = load_figures(), load_sources(), load_vocabulary()
Cells = Mapping[str, str]
OWN: Cells = {"publisher": "河南日报", "published": "2026-03-05", "address": "https://example.cn/a,b"}
ROW: Cells = {
    "id": "NEW-1", "indicator": "crews_per_day", "geography": "zhengzhou", "definition": "crews_on_set", "value": "93",
    "unit": "剧组", "period_start": "2025-09-01", "period_end": "2025-10-31", "growth_percent": "", "bound": "",
    "role": "", "grade": "", **OWN,
}  # fmt: skip


def write(path: Path, rows: Sequence[Cells], columns: Sequence[str] | None = None, *, encoding: str = "utf-8-sig",
          separator: str = ",", called: Mapping[str, str] | None = None) -> Path:  # fmt: skip
    """A file with these rows, whose `columns` are `called` something else."""
    names = list(columns or rows[0])
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow([(called or {}).get(name, name) for name in names])
        writer.writerows([[row.get(name, "") for name in names] for row in rows])
    return path


def told(path: Path) -> tuple[str, ...]:
    """The sentences with which the figures at `path` are refused, without the path."""
    with pytest.raises(InputError) as raised:
        read_figures(path)
    return tuple(str(said).replace(f"{path}:", "") for said in sentences_of(raised.value))


def one(folder: Path, **cells: str) -> Figure:
    (reported,) = read_figures(write(folder / "new.csv", [{**ROW, **cells}])).figures
    return reported.figure


def placeless(figure: Figure) -> Figure:
    place = FIGURES["ZM01"].place
    source = figure.own_source and replace(figure.own_source, place=place)
    return replace(figure, place=place, own_source=source)


# One reader


def test_the_shipped_figures_are_the_same_as_a_file_of_ones_own() -> None:
    found = read_figures(seeds_folder() / "figures.csv")
    assert not found.unread
    assert {reported.figure.identifier: placeless(reported.figure) for reported in found.figures} == {
        name: placeless(figure) for name, figure in FIGURES.items()
    }
    assert {reported.certainty for reported in found.figures} == {"named"}


@st.composite
def files(draw: st.DrawFn) -> tuple[list[Cells], list[str], str, str, dict[str, str]]:
    """Rows of shipped figures under new names, with columns left out, in any order, encoding and with any names."""
    chosen = draw(st.lists(st.sampled_from([f for f in FIGURES.values() if f.value is not None]), min_size=1,
                           max_size=4, unique_by=lambda f: f.identifier))  # fmt: skip
    rows: list[Cells] = []
    for figure in chosen:
        row = {
            "id": f"X-{figure.identifier}", "indicator": figure.indicator, "geography": figure.geography,
            "definition": figure.definition, "value": f"{figure.value:g}", "unit": figure.unit,
            "low": "" if figure.low is None else f"{figure.low:g}",
            "high": "" if figure.high is None else f"{figure.high:g}", "bound": figure.bound,
            "period_start": figure.period_start, "period_end": figure.period_end, "phrase": figure.phrase,
            "role": draw(st.sampled_from(["context", "conflict", "target"])),
        }  # fmt: skip
        for column in ("indicator", "geography", "definition"):
            if row[column] and draw(st.booleans()):
                label = WORDS[column][row[column]].zh
                # two words of the vocabulary may have one label
                row[column] = label if [text.zh for text in WORDS[column].values()].count(label) == 1 else row[column]
        own = draw(st.booleans())
        rows.append({**row, **(OWN if own else {"source": figure.source})})
    optional = [c for c in ("phrase", "role", "address") if draw(st.booleans())]
    columns = draw(st.permutations([*NEEDED, "low", "high", "bound", "source", "publisher", "published", *optional]))
    chinese = {name: other for other, name in COLUMN_NAMES.items() if not other.isascii()}
    called = chinese if draw(st.booleans()) else {}
    return rows, list(columns), draw(st.sampled_from(["utf-8-sig", "gb18030"])), draw(st.sampled_from(",;\t")), called


@settings(max_examples=40, deadline=None)
@given(files())
def test_score_and_calibrate_read_the_same_rows(file: tuple[list[Cells], list[str], str, str, dict[str, str]]) -> None:
    rows, columns, encoding, separator, called = file
    if "role" not in columns:  # and a row without one is to be fitted
        columns.append("role")
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = write(Path(folder, "new.csv"), rows, columns, encoding=encoding, separator=separator, called=called)
        asked: list[Figure] = []
        patch.setattr(scoring, "readings", lambda reported, _rules: asked.append(reported.figure) or ())
        patch.setattr(scoring, "standing_posterior", lambda _city: None)
        scoring.score_file(path)
        added = Evidence(extra=path).added
    assert [figure.identifier for figure in asked] == [row["id"] for row in rows]
    assert {figure.identifier: figure for figure in asked} == added
    for row, figure in zip(rows, asked, strict=True):
        shipped = FIGURES[row["id"].removeprefix("X-")]
        assert (figure.indicator, figure.geography, figure.definition, figure.unit) == (
            shipped.indicator, shipped.geography, shipped.definition, shipped.unit,
        )  # fmt: skip
        assert (figure.value, figure.low, figure.high) == pytest.approx((shipped.value, shipped.low, shipped.high))
        source = source_of(figure)
        assert source is not None
        assert (source == SOURCES.get(shipped.source)) == ("source" in row)


def test_what_is_left_out_has_the_default_that_the_readme_gives(tmp_path: Path) -> None:
    found = one(tmp_path)
    assert (found.bound, found.role, found.grade) == ("exact", "calibration", "C")
    label = WORDS["indicator"]["crews_per_day"]
    assert found.label == label
    shipped = one(tmp_path, publisher="", published="", address="", source="origin_article", period_end="2025-09-30")
    assert shipped.grade == SOURCES["origin_article"].grade
    only = write(tmp_path / "only.csv", [ROW], NEEDED)
    assert read_figures(only).figures[0].figure.own_source is None
    between = one(tmp_path, value="", low="90", high="100")
    assert (between.bound, between.value, between.low, between.high) == ("interval", 95, 90, 100)
    assert one(tmp_path, bound="约").bound == "approximate"
    growth = one(tmp_path, value="", growth_percent="12")
    assert (growth.bound, growth.value, growth.growth_percent) == ("none", None, 12)


def test_a_column_that_is_no_ones_is_told_apart_from_a_slip_of_the_pen(tmp_path: Path) -> None:
    assert read_figures(write(tmp_path / "a.csv", [{**ROW, "weather": "fine"}])).ignored_columns == ("weather",)
    slip = told(write(tmp_path / "b.csv", [ROW], called={"growth_percent": "growth_precent", "unit": "unti"}))
    assert slip == (
        "1: there is no column “growth_precent”; did you mean “growth_percent”?",
        "1: these columns are missing: unit; a first line that will do is: id,indicator,geography,definition,value,"
        "unit,period_start,period_end,bound,growth_percent,publisher,published,address",
    )


# A source of its own


def test_a_row_brings_its_source(tmp_path: Path) -> None:
    source = one(tmp_path).own_source
    assert source is not None
    assert (source.body, source.published, source.address) == ("河南日报", "2026-03-05", "https://example.cn/a,b")
    assert source.title.zh == "河南日报 2026-03-05"
    assert one(tmp_path, source="三月快报").source == "三月快报"
    named = one(tmp_path, source="河南日报", publisher="", published="", address="").own_source
    assert named is not None
    assert (named.body, named.published) == ("河南日报", "")
    told_by = one(tmp_path, body="市文旅局").own_source
    assert told_by is not None
    assert told_by.body == "市文旅局"


def test_who_speaks_is_known_for_the_same_in_a_row_and_in_the_shipped_sources(tmp_path: Path) -> None:
    body = SOURCES["china_daily_2025_11"].body
    shipped = one(tmp_path, source="china_daily_2025_11", publisher="", published="", address="")
    assert office_of(shipped, SOURCES) == office_of(one(tmp_path, publisher=body), SOURCES) == body


@pytest.mark.parametrize(
    ("written", "published"),
    [("2026年3月5日", "2026-03-05"), ("2026/3/5", "2026-03-05"), ("Mar 2026", "2026-03"), ("2026", "2026"),
     ("2025-11/12", "2025-11/12"), ("2026-03（估计）", "2026-03"), ("46086", "2026-03-05"), ("", "")],
)  # fmt: skip
def test_a_date_of_publication_is_as_precise_as_it_is_written(tmp_path: Path, written: str, published: str) -> None:
    source = one(tmp_path, published=written).own_source
    assert source is not None
    assert source.published == published


@pytest.mark.parametrize("written", ["soon", "2026-13", "2026.1", "1826-03-05", "2026-3月", "03/05/2026"])
def test_a_date_of_publication_that_is_none_is_refused(tmp_path: Path, written: str) -> None:
    (sentence,) = told(write(tmp_path / "new.csv", [{**ROW, "published": written}]))
    assert sentence.startswith("2: “published” ")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"published": "2099-01-01"}, "the source of NEW-1 is dated 2099-01-01, which has not come yet"),
        ({"period_end": "2026-12-31"}, "NEW-1 ends on 2026-12-31, after what its source can know"),
        ({"publisher": ""}, "“publisher” is empty; a source that a row describes needs one"),
        ({"publisher": "河\x1b南"}, "“publisher” holds the invisible character U+001B; delete it"),
        ({"source": "origin_article"}, "“origin_article” is a source of “sources.toml” and is described there; leave"),
        (
            {**dict.fromkeys(OWN, ""), "source": "origin_articel"},
            "the source “origin_articel” has no block in “sources.toml”; describe a new one in the row, with "
            "“publisher”, “published” and “address”; did you mean “origin_article”?",
        ),
        ({"value": "-3"}, "NEW-1 prints -3; nothing that the model counts is below 0"),
        ({"growth_percent": "-130"}, "NEW-1 prints a growth of -130%"),
    ],
)
def test_a_source_of_its_own_obeys_the_checks_of_a_shipped_one(
    tmp_path: Path, cells: dict[str, str], sentence: str
) -> None:
    (said,) = told(write(tmp_path / "new.csv", [{"source": "", **ROW, **cells}]))
    assert sentence in said


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (dict.fromkeys(OWN, ""), "NEW-1 has no source; name one of “sources.toml” as “source”, or write"),
        ({"published": ""}, "the source of NEW-1 has no date; write as “published” when it appeared"),
        (
            {"definition": "heads"},
            "counts “crews_per_day” as “heads”, with which nothing in the model is compared",
        ),
        ({"definition": ""}, "NEW-1 says no “definition”; a figure to fit has one"),
        ({"unit": "亿元"}, "NEW-1 is printed in “亿元”, in which “crews_per_day” cannot be counted"),
        ({"id": "ZM01"}, "the id “ZM01” is already used at "),
    ],
)
def test_a_row_to_fit_says_all_that_a_fit_needs(tmp_path: Path, cells: dict[str, str], sentence: str) -> None:
    path = write(tmp_path / "new.csv", [{**ROW, **cells}])
    assert read_figures(path).figures
    with pytest.raises(InputError) as raised:
        Evidence(extra=path).target()
    (said,) = sentences_of(raised.value)
    assert sentence in str(said)
    assert in_language(said, "zh") != str(said)


def test_free_text_is_scored_and_never_fitted(tmp_path: Path) -> None:
    row = {name: text for name, text in ROW.items() if name != "definition"} | {
        "indicator": "全国市场规模", "geography": "全国", "unit": "亿元", "phrase": "…",
    }  # fmt: skip
    path = write(tmp_path / "older.csv", [row, {**row, "id": "NEW-2", "indicator": "AI漫剧"}])
    found = read_figures(path)
    assert [len(found.figures), len(found.unread)] == [1, 1]
    with pytest.raises(InputError) as raised:
        Evidence(extra=path).target()
    cannot, read = map(str, sentences_of(raised.value))
    assert "what “AI漫剧” of “china” counts cannot be told" in cannot
    assert "what NEW-1 counts was read from free text as “market”, “gross_market”" in read


def test_the_date_in_the_row_decides_what_was_known(tmp_path: Path) -> None:
    path = write(tmp_path / "new.csv", [ROW])

    def known(until: str) -> list[str]:
        reports = Evidence(extra=path, until=datetime.date.fromisoformat(until)).target().observer.reports
        return [figure.identifier for report in reports for figure in report.figures]

    assert "NEW-1" in known("2026-03-05")
    with pytest.raises(InputError, match="none of its figures is fitted"):
        known("2026-03-04")


# All mistakes at once

SLIPS = {
    "indicator": ("crews_per_dya", "did you mean “crews_per_day”?"),
    "geography": ("zhengzou", "did you mean “zhengzhou”?"),
    "definition": ("crews_on_sett", "did you mean “crews_on_set”?"),
    "value": ("9O", "“value”"),
    "unit": ("furlong", "the unit “furlong” is not known"),
    "growth_percent": ("inf", "“growth_percent” must be a finite number, not “inf”"),
    "bound": ("roughly", "“roughly” is not a known bound; allowed are: exact"),
    "role": ("calibrate", "did you mean “calibration”?"),
    "grade": ("D", "“D” is not a known grade; allowed are: A, B, C"),
    "period_start": ("2025-13-01", "“period_start” must be a date such as 2025-08-31, not “2025-13-01”"),
    "period_end": ("32.12.2025", "“period_end” must be a date such as 2025-08-31, not “32.12.2025”"),
    "published": ("soon", "“published” must be a date such as 2025-08-31, not “soon”"),
}
"""A column -> what is wrong in it, and what is said of that and of nothing else."""


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.tuples(st.integers(0, 4), st.sampled_from(sorted(SLIPS))), min_size=1, max_size=MOST),
    st.permutations([name for name in (*COLUMNS, *SOURCE_COLUMNS) if name in ROW]),
)
def test_as_many_mistakes_as_were_made_are_told(slips: set[tuple[int, str]], columns: list[str]) -> None:
    rows = [
        {**ROW, "id": f"N{number}"} | {column: SLIPS[column][0] for n, column in slips if n == number}
        for number in range(5)
    ]
    with tempfile.TemporaryDirectory() as folder:
        sentences = told(write(Path(folder, "new.csv"), rows, columns))
    assert len(sentences) == len(slips)
    for number, column in slips:
        assert [s for s in sentences if s.startswith(f"{number + 2}: ") and SLIPS[column][1] in s], (number, column)


def test_of_very_many_mistakes_the_first_are_told_and_that_there_are_more(tmp_path: Path) -> None:
    rows = [{**ROW, "id": f"N{number}", "value": "many"} for number in range(500)]
    sentences = told(write(tmp_path / "new.csv", rows))
    assert len(sentences) == MOST + 1
    assert [sentence.split(":")[0] for sentence in sentences[:MOST]] == [f"{line}" for line in range(2, MOST + 2)]
    assert sentences[-1] == f"there are more mistakes than these {MOST}; mend these first"
    assert len(told(write(tmp_path / "new.csv", rows[:MOST]))) == MOST


def test_a_mistake_is_told_once_however_often_it_is_found() -> None:
    mistakes = Mistakes()
    for _ in range(3):
        mistakes.note(InputError("a"))
    with pytest.raises(InputError, match=r"^a$"):
        mistakes.tell()


def test_mistakes_of_reading_and_of_fitting_are_told_together(tmp_path: Path) -> None:
    wrong = [{"value": "many"}, {"unit": "亿元"}, {"publisher": "", "published": "", "address": ""}, {"id": "ZM01"},
             {"period_start": "2019-01-01"}, {"definition": "registered_firms"}]  # fmt: skip
    rows = [{**ROW, "id": f"N{number}", "value": f"{70 + number}", **cells} for number, cells in enumerate(wrong)]
    with pytest.raises(InputError) as raised:
        Evidence(extra=write(tmp_path / "new.csv", rows)).target()
    lines = sorted(str(said).split(".csv:")[1].split(":")[0] for said in sentences_of(raised.value))
    assert lines == [f"{number + 2}" for number in range(len(wrong))]


@pytest.mark.parametrize("words", [("score", "new.csv"), ("calibrate", "--with", "new.csv", "-o", "x")])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_commands_refuse_a_file_in_the_same_words(
    words: tuple[str, ...], language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    rows = [{**ROW, "id": column, column: slip} for column, (slip, _) in SLIPS.items()]
    write(Path("new.csv"), rows, called={name: other for other, name in COLUMN_NAMES.items() if not other.isascii()})
    ended = Terminal(monkeypatch, capsys)(*words, "--lang", language)
    assert (ended.code, ended.out) == (2, "")
    lines = ended.err.splitlines()
    assert [line.split(": " if language == "en" else "：")[0] for line in lines] == [
        f"new.csv:{number + 2}" for number in range(len(SLIPS))
    ]
    # a column is called what the file calls it
    assert "“数值”" in lines[list(SLIPS).index("value")]
    assert not Path("x").exists()


def test_a_row_with_its_own_source_is_scored_where_there_is_no_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("new.csv"), [ROW], encoding="gb18030")
    ended = Terminal(monkeypatch, capsys)("score", "new.csv", "--lang", "en")
    assert ended.code == 0, ended.err
    assert "NEW-1" in ended.out
    assert [path.name for path in tmp_path.iterdir()] == ["new.csv"]
