"""Is every number on the terminal whole, whatever its width, and does one package have one set of numbers?

Tables are tried with random cells at random widths, and the commands at the usual widths in both languages. Does not
establish that the layout is the best one, nor what a terminal shows that draws Chinese punctuation in another width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from commands import Terminal
from shudian.answers.compare import CompareRequest, compare
from shudian.answers.plan import Request, plan
from shudian.answers.run import carry_out
from shudian.kinds import Language
from shudian.report.comparison.tables import added, comparison_tables, short_table
from shudian.report.document import Table
from shudian.report.render.numbers import adding_up
from shudian.report.render.terminal import render
from shudian.report.run.tables import tables
from shudian.report.words import structures
from shudian.report.words.captions import places, spoken

WIDTHS = (60, 80, 100, 120, 160, 200)
LANGUAGES: tuple[Language, ...] = get_args(Language)
NUMBER = re.compile(r"[−+±<>≥≤]?\d[\d,.]*%?")
FEW = 60
ANSWER = carry_out(plan(Request(("zhengzhou_2025", "shenzhen_mode"), settings=("fund_size=3 亿元",), draws=FEW)))
COMPARISON = compare(CompareRequest(("zhengzhou_2025", "shenzhen_mode", "zhengzhou_2025+demand_stalls"), draws=FEW))
COMMANDS = {
    "one": ("run", "zhengzhou_2025"),
    "changed": ("run", "zhengzhou_2025", "--set", "fund_size=3 亿元"),
    "some": ("run", "zhengzhou_2025", "shenzhen_mode", "hangzhou_mode_same_budget", "talent_first"),
    "compare": ("compare", "zhengzhou_2025", "shenzhen_mode"),
}


def shown_tables() -> Iterator[tuple[Language, Table]]:
    for language in LANGUAGES:
        every_table = (*tables(ANSWER.verdicts, language), *structures.tables(ANSWER.verdicts, language))
        yield from ((language, table) for table in every_table)
        found = COMPARISON
        shocks = {shock.name: shock.title.text(language) for shock in found.choice.shocks}
        every = comparison_tables(found.assessment, found.choice, shocks, language)
        short = short_table(found.assessment, found.choice.verdicts, language)
        yield from ((language, table) for table in (*every, short))


def printed(table: Table, width: int) -> list[str]:
    file = StringIO()
    render(table, Console(file=file, width=width, markup=False, emoji=False, highlight=False))
    return [line.rstrip() for line in file.getvalue().splitlines()]


def numbers(text: str) -> set[str]:
    return {found.rstrip(",.") for found in NUMBER.findall(text)}


def told(table: Table) -> str:
    cells = [text for row in (table.head, *table.rows) for text in row]
    return "\n".join([table.title, *cells, *table.below])


@pytest.mark.parametrize("width", WIDTHS)
def test_no_table_of_an_answer_is_cut_at_any_width(width: int) -> None:
    for _, table in shown_tables():
        lines = printed(table, width)
        assert max(map(cell_len, lines)) <= width
        assert "…" not in "".join(lines)
        assert numbers("\n".join(lines)) == numbers(told(table))


CELLS = st.one_of(
    st.builds("{:,}".format, st.integers(-(10**9), 10**9)),
    st.builds("{:,}\n{:,} – {:,}".format, *[st.integers(-(10**7), 10**7)] * 3),
    st.sampled_from(("", "≈0", "+1 / +2 / −1", "reference", "基准", "5.08–none", "12%\n±0.7")),
)
LABELS = st.sampled_from(
    ("No policy", "郑州2025年一揽子措施", "Shanghai mode, transplanted, at the same cost", "x" * 90, "方案" * 40)
)
HEADS = st.sampled_from(("Output in 2027\n(million yuan)", "2027年末折合全职岗位\n（人）", "Allocated market"))


@given(st.data(), st.integers(1, 9), st.integers(1, 6), st.integers(40, 200))
def test_any_table_shows_every_number_within_the_width(
    data: st.DataObject, columns: int, rows: int, width: int
) -> None:
    head = ("Package", *(data.draw(HEADS) for _ in range(columns)))
    body = tuple((data.draw(LABELS), *(data.draw(CELLS) for _ in range(columns))) for _ in range(rows))
    lines = printed(Table("Title", head, body), width)
    assert max(map(cell_len, lines)) <= width
    assert "…" not in "".join(lines)
    wanted = {number for row in body for cell in row[1:] for number in re.findall(r"\d[\d,]*", cell)}
    assert wanted <= {*re.findall(r"\d[\d,]*\d|\d", "\n".join(lines))}


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys, writes=False)


@pytest.mark.usefixtures("asked_once")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_the_answer_comes_first_and_in_few_lines(
    command: str, language: Language, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = (*COMMANDS[command], "--draws", str(FEW), "--lang", language)
    monkeypatch.setenv("COLUMNS", "80")
    short = terminal(*words).out
    full = terminal(*words, "--full").out
    for lines in (short.splitlines(), full.splitlines()):
        assert max(cell_len(line.rstrip()) for line in lines) <= 80
    assert len(short.splitlines()) <= 32
    assert "--full" in short
    assert "…" not in short + full
    # the folder's name holds the time, and how many warnings are left out is no result
    kept = re.sub(r"另有\s*\d+|\d+\s+more|results.*", "", short)
    assert numbers(kept) <= numbers(full)


def test_one_package_has_one_set_of_numbers() -> None:
    run = ANSWER.verdicts.row("zhengzhou_2025")
    beside = COMPARISON.choice.verdicts.row("zhengzhou_2025")
    assert (run.measures, run.additional, run.targets, run.gains) == (
        beside.measures, beside.additional, beside.targets, beside.gains,
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_difference_is_the_median_draw_by_draw(language: Language) -> None:
    package, reference = COMPARISON.choice.runs["zhengzhou_2025"], COMPARISON.choice.runs["no_policy"]
    jobs = [run.read("fte_jobs", "level_at_year_end", 2027, "人") for run in (package, reference)]
    wanted = f"{float(f'{np.median(jobs[0] - jobs[1]):.3g}'):,.0f}"
    table = added(COMPARISON.assessment, COMPARISON.choice.verdicts, language)
    assert table.rows[0][3].split("\n")[0] == wanted


def test_every_command_takes_all_draws_unless_told_otherwise() -> None:
    work = plan(Request(("zhengzhou_2025",)))
    assert work.world.grounds.posterior is not None
    assert work.draws == work.world.grounds.posterior.size
    assert plan(Request(("zhengzhou_2025",), prior=True)).draws == work.draws


PARTS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12)


@given(PARTS, st.integers(0, 2))
def test_parts_add_up_as_they_are_printed(parts: list[float], digits: int) -> None:
    texts, total = adding_up(parts, sum(parts), digits)
    values = [float(text.replace(",", "").replace("−", "-")) for text in (*texts, total)]
    greatest = max(abs(value) for value in (*parts, sum(parts)))
    unit = 10.0 ** max(np.floor(np.log10(greatest or 1)) - 2, -digits)
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=1e-6)
    assert all(abs(value - part) <= unit + 1e-6 for value, part in zip(values, (*parts, sum(parts)), strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_contributions_of_levers_add_up_in_the_table(language: Language) -> None:
    found = COMPARISON
    shocks = {shock.name: shock.title.text(language) for shock in found.choice.shocks}
    every = comparison_tables(found.assessment, found.choice, shocks, language)
    for table in (table for table in every if "±" in table.rows[0][1] and "→" not in table.rows[0][1]):
        for column in range(1, 1 + len(found.assessment.outcomes)):
            *parts, total = (float(row[column].split("\n")[0].replace(",", "").replace("−", "-")) for row in table.rows)
            assert sum(parts) == pytest.approx(total, abs=1e-9), table.head[column]


@pytest.mark.parametrize("unit", ["人", "家", "部"])
@given(value=st.floats(0, 1e6))
def test_there_are_no_fractions_of_people_firms_and_titles(unit: str, value: float) -> None:
    for language in LANGUAGES:
        assert places(unit, language) == 0
        assert "." not in spoken(value, unit, language)
