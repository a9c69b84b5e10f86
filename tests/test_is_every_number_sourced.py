"""Does every number say where it comes from, and is one that does not refused with file and line?

Does NOT establish that a source says what is cited from it, nor that a page still exists: a person read them.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudian import evidence
from shudian.kinds import Figure, InputError
from shudian.observe.effects_file import load_effects
from shudian.paths import seeds_folder
from shudian.structure import load_model

FIGURES = evidence.load_figures()
SOURCES = evidence.load_sources()

ORIGIN_ARTICLE = {
    # id: value, unit, growth in percent, first day of the period
    "ZN01": (504.4, "亿元", 34.9, "2024-01-01"),
    "NAT-077": (21.9, "万人", None, "2024-01-01"),
    "NAT-078": (42.8, "万人", None, "2024-01-01"),
    "ZN02": (64.7, "万人", None, "2024-01-01"),
    "ZM07": (38.5, "亿元", 35.7, "2025-01-01"),
    "ZE05": (800, "家", None, "2025-08-31"),
    "ZW04": (40_000, "人", None, "2025-08-31"),
    "ZC01": (80, "剧组", None, "2025-01-01"),
    "ZG08": (1, "亿元", None, "2025-10-01"),
    "ZG09": (5, "个园区", None, "2025-10-01"),
    "ZG10": (16, "项", None, "2025-10-01"),
    "SZN-001": (30, "%", None, "2025-07-01"),
    "SZN-002": (100, "万元", None, "2025-07-01"),
    "ORG-001": (None, "date", None, "2024-10-01"),
    "ORG-002": (None, "date", None, "2025-08-01"),
    "ORG-003": (None, "date", None, "2025-10-01"),
    "ORG-004": (None, "date", None, "2027-01-01"),
    "ORG-005": (2, "亿元", None, "2024-02-01"),
    "ORG-006": (10, "项", None, "2024-02-01"),
    "ORG-007": (None, "date", None, "2025-07-01"),
}


def test_every_figure_of_the_origin_article_is_here() -> None:
    found = {
        i: (f.value, f.unit, f.growth_percent, f.period_start)
        for i, f in FIGURES.items()
        if f.source == "origin_article"
    }
    assert found == ORIGIN_ARTICLE


def test_direct_and_indirect_jobs_add_up_to_the_printed_total() -> None:
    direct, indirect, total = (FIGURES[i].value or 0 for i in ("NAT-077", "NAT-078", "ZN02"))
    assert direct + indirect == pytest.approx(total)


def test_every_source_is_cited_and_every_word_of_the_vocabulary_is_used() -> None:
    studied = {effect.study for effect in load_effects(load_model())}
    assert {figure.source for figure in FIGURES.values()} | studied == set(SOURCES)
    for column, words in evidence.load_vocabulary().items():
        used = {getattr(figure, column) for figure in FIGURES.values()}
        # a city that has districts only, and an indicator and two definitions that no report has and the register does
        assert set(words) - used <= {"hangzhou", "plays_share", "content_market", "full_time_equivalents"}, column


def test_the_seeds_readme_names_a_row_for_each_figure_of_the_article() -> None:
    readme = (seeds_folder() / "README.md").read_text(encoding="utf-8")
    assert [i for i in ORIGIN_ARTICLE if readme.count(i) < 2] == [], "each half, English and Chinese, has the table"
    cited = set(re.findall(r"\b(?:ORG|SZN|NAT|HZJ)-\d{3}\b|\bZ[A-Z]\d{2}\b", readme))
    assert cited <= set(FIGURES)


def last_digit(value: float) -> Decimal:
    """One unit of the last digit that is not a zero: 10 for 820, 0.1 for 2.2."""
    return Decimal(1).scaleb(int(Decimal(str(value)).normalize().as_tuple().exponent))


@pytest.mark.parametrize("figure", [f for f in FIGURES.values() if f.bound == "bin"], ids=lambda f: f.identifier)
def test_a_bin_is_what_the_printed_words_leave_open(figure: Figure) -> None:
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    below = bool(re.search(r"近|逼近|nearly", figure.phrase))
    step = last_digit(figure.value)
    value = Decimal(str(figure.value))
    expected = (value - step / 2, value) if below else (value, value + step)
    assert (Decimal(str(figure.low)), Decimal(str(figure.high))) == expected


def test_arithmetic_of_ours_is_never_calibrated_against() -> None:
    computed = {i for i, f in FIGURES.items() if f.source == "own_arithmetic" or i in ("NAT-111", "PRI-013")}
    assert {i for i, f in FIGURES.items() if f.role == "derived"} == computed


def test_one_report_is_counted_once() -> None:
    repeats = {i: f for i, f in FIGURES.items() if "do not count twice" in f.note}
    assert len(repeats) >= 10
    assert not {i for i, f in repeats.items() if f.role in ("calibration", "later")}
    assert all(re.search(r"same report as ([\w-]+)", f.note)[1] in FIGURES for f in repeats.values())  # type: ignore[index]


def test_no_note_of_a_fitted_or_derived_row_tells_of_a_later_one() -> None:
    """What was known when a row was written must be seen from its source's date, or a backtest is not what it says."""
    later = {i for i, f in FIGURES.items() if f.role == "later"}
    earlier = [f for f in FIGURES.values() if f.role in ("calibration", "forecast") and "2025" not in f.source]
    assert len(earlier) > 50
    for figure in earlier:
        assert not later & set(re.findall(r"[A-Z]{2}\d{2}|[A-Z]{3}-\d{3}", figure.note)), figure.identifier
        assert not re.search(r"\b2026\b|overtaken|actual", figure.note), figure.identifier


def test_the_disputed_period_of_the_city_market_keeps_its_three_readings() -> None:
    assert FIGURES["ZM07"].period_alternatives == (
        ("2025-01-01", "2025-08-31"),
        ("2025-01-01", "2025-12-31"),
        ("2024-09-01", "2025-08-31"),
    )


def test_no_seed_names_a_machine() -> None:
    written = [path for path in seeds_folder().rglob("*.*") if path.suffix in (".toml", ".csv", ".md")]
    assert len(written) > 10
    for path in written:
        assert not re.search(r"/(work|tmp|root|home)/", path.read_text(encoding="utf-8")), path


GOOD = {
    "id": "ZE05", "indicator": "firms", "label_zh": "企业", "label_en": "Firms", "geography": "zhengzhou",
    "definition": "registered_firms", "value": "800", "low": "800", "high": "900", "unit": "家",
    "period_start": "2025-01-01", "period_end": "2025-08-31", "period_alternatives": "", "bound": "bin",
    "growth_percent": "", "phrase": "超800家", "source": "origin_article", "grade": "B",
    "role": "calibration", "note": "",
}  # fmt: skip


def figures_file(folder: Path, *rows: dict[str, str]) -> Path:
    """A figures file with these rows; returns its path."""
    text = io.StringIO()
    writer = csv.DictWriter(text, evidence.COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "figures.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    """The sentence with which loading the figures at `path` is refused, without the path."""
    with pytest.raises(InputError) as error:
        evidence.load_figures(path)
    assert "\n" not in str(error.value)
    return str(error.value).replace(str(path), "")


def test_a_good_row_is_read(tmp_path: Path) -> None:
    figure = evidence.load_figures(figures_file(tmp_path, GOOD))["ZE05"]
    assert (figure.value, figure.low, figure.high, figure.place.line) == (800, 800, 900, 2)


def test_what_is_kept_in_memory_is_what_the_files_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sources.toml", "vocabulary.toml"):
        (tmp_path / name).write_bytes((seeds_folder() / name).read_bytes())
    monkeypatch.setattr(evidence, "seeds_folder", lambda: tmp_path)
    figures_file(tmp_path, GOOD)
    evidence.load_figures().clear()
    evidence.load_sources().clear()
    assert [*evidence.load_figures()] == ["ZE05"]
    assert evidence.load_sources().keys() == SOURCES.keys()
    figures_file(tmp_path, {**GOOD, "value": "801"})
    assert evidence.load_figures()["ZE05"].value == 801
    figures_file(tmp_path, {**GOOD, "source": "made_up"})
    with pytest.raises(InputError, match="made_up"):
        evidence.load_figures()
    (tmp_path / "sources.toml").write_text(
        (seeds_folder() / "sources.toml").read_text(encoding="utf-8").replace("[origin_article]", "[made_up]"), "utf-8"
    )
    assert evidence.load_figures()["ZE05"].source == "made_up"
    assert "made_up" in evidence.load_sources()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": ""}, "“id” is empty"),
        ({"label_zh": " "}, "“label_zh” is empty"),
        ({"unit": ""}, "“unit” is empty"),
        ({"unit": "furlong"}, "the unit “furlong” is not known"),
        ({"indicator": "firm"}, "“firm” is not a known indicator; did you mean “firms”?"),
        ({"geography": "zhengzou"}, "“zhengzou” is not a known geography; did you mean “zhengzhou”?"),
        ({"definition": "registered_firm"}, "did you mean “registered_firms”?"),
        (
            {"source": "origin_articel"},
            "a new one needs one; did you mean “origin_article”?",
        ),
        ({"bound": "roughly"}, "“roughly” is not a known bound; allowed are: exact, approximate"),
        ({"role": "calibrate"}, "did you mean “calibration”?"),
        ({"grade": "D"}, "“D” is not a known grade; allowed are: A, B, C"),
        ({"value": "many"}, "“value” must be a finite number, not “many”"),
        ({"value": "nan"}, "“value” must be a finite number, not “nan”"),
        ({"growth_percent": "inf"}, "“growth_percent” must be a finite number, not “inf”"),
        ({"value": "950"}, "“low”, “value” and “high” must not fall"),
        ({"low": ""}, "the bound “bin” needs both “low” and “high”"),
        ({"value": "", "bound": "exact"}, "“value” is empty exactly where the bound is “none”"),
        ({"period_start": "2025-13-01"}, "“period_start” must be a date such as 2025-08-31, not “2025-13-01”"),
        ({"period_start": "2025-09-01"}, "“period_start” is after “period_end”"),
        ({"period_alternatives": "2025-01-01"}, "“period_alternatives” holds periods"),
    ],
)
def test_a_mistake_in_a_row_is_refused(tmp_path: Path, change: dict[str, str], sentence: str) -> None:
    said = refusal(figures_file(tmp_path, {**GOOD, "id": "ZE04"}, {**GOOD, **change}))
    assert said.startswith(":3: ")
    assert sentence in said


def test_a_repeated_identifier_is_refused(tmp_path: Path) -> None:
    assert refusal(figures_file(tmp_path, GOOD, GOOD)) == ":3: the id “ZE05” is already used at :2"


def test_wrong_columns_and_broken_lines_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("id,value\nA,1\n", encoding="utf-8")
    assert refusal(path).startswith(":1: the columns must be: id,indicator")
    path.write_text(",".join(evidence.COLUMNS) + "\nZE05,firms\n", encoding="utf-8")
    assert refusal(path).startswith(f":2: the line has 2 cells; {len(evidence.COLUMNS)} are needed")
    path.write_text(",".join(evidence.COLUMNS) + '\nZE05,"fir"ms\n', encoding="utf-8")
    assert refusal(path).startswith(":2: this line is not CSV")
    path.write_bytes(b"id,\xff\xff")
    assert "not UTF-8" in refusal(path)


@given(st.dates(), st.dates())
def test_a_period_is_read_or_refused_but_never_swapped(start: datetime.date, end: datetime.date) -> None:
    cells = {**GOOD, "period_start": start.isoformat(), "period_end": end.isoformat()}
    with tempfile.TemporaryDirectory() as folder:
        path = figures_file(Path(folder), cells)
        if start > end:
            assert "is after" in refusal(path)
        else:
            figure = evidence.load_figures(path)["ZE05"]
            assert (figure.period_start, figure.period_end) == (cells["period_start"], cells["period_end"])


TITLED = '[a]\ntitle = { zh = "题", en = "t" }\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (TITLED + 'body = "b"\n', ":1: “grade” is missing"),
        (TITLED + 'body = "b"\ngrade = "E"\n', ":4: “E” is not a grade"),
        (TITLED + 'bodi = "b"\ngrade = "A"\n', ":3: “bodi” is not known here; did you mean “body”?"),
        (TITLED + 'body = 3\ngrade = "A"\n', ":3: “body” must be a text"),
        (TITLED + 'body = "b"\ngrade = "A"\n[a]\n', ":5: this line is not TOML"),
        (
            '[a]\nbody = "b"\ntitle = "t"\ngrade = "A"\n',
            ':3: “title” needs a text in both languages: title = { zh = "…", en = "…" }',
        ),
        ('[a]\ntitle = { zh = "", en = "t" }\nbody = "b"\ngrade = "A"\n', ":2: “title” needs a text in both"),
        ('[a]\nbody = "b"\ngrade = "A"\n', ":1: “title” needs a text in both languages"),
    ],
)
def test_a_mistake_in_a_source_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        evidence.load_sources(path)
    assert str(error.value).startswith(f"{path}{sentence}")
