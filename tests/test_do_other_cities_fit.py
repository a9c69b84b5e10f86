"""Do the same equations with another city's data give what was reported there, or is it said why not?

Does NOT establish that the model forecasts other cities: their priors are wide, several figures stand behind them, and
the figures of one city are not independent. Nor that their policies are right: they run without any.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len

from commands import Terminal
from shudian.evidence import load_figures
from shudian.forecasts.other_cities import CityPlace, other_cities
from shudian.kinds import InputError, Language
from shudian.observe.elsewhere import city_reports
from shudian.parameters import HOME, city_titles
from shudian.priors import quantile
from shudian.report.calibration.other_cities import screen_table, table
from shudian.structure import load_model

DRAWS = 400
COUNTED = ("market", "titles_", "crews_", "firms", "producers_")
"""Output, titles, crews and firms; the roles below are of reported outcomes."""
OUTCOMES = ("calibration", "later", "conflict", "context", "micro")
DIFFERENT = {"HDN-001", "XAN-002", "XAN-008"}
"""Nothing in the model has their definition, and the sentence says why."""


@cache
def found() -> Mapping[str, CityPlace]:
    return {entry.report.figure.identifier: entry for entry in other_cities(DRAWS)}


def printed_otherwise(name: str, **changes: object) -> CityPlace:
    figure = replace(load_figures()[name], **changes)  # type: ignore[arg-type]
    changed = other_cities(DRAWS, figures={**load_figures(), name: figure})
    return next(entry for entry in changed if entry.report.figure.identifier == name)


def test_every_outcome_reported_of_a_city_is_read_or_explained() -> None:
    places = {*city_titles()} - {HOME}
    due = {
        name
        for name, figure in load_figures().items()
        if figure.geography in places and figure.role in OUTCOMES and figure.indicator.startswith(COUNTED)
    }
    assert {"SHH-003", "SHH-004", "HDN-003", "HDN-006", "HDN-008", "XAN-001", "XAN-009"} <= due
    assert due <= {*found()}


def test_what_was_reported_lies_inside_or_another_definition_is_told() -> None:
    assert {name for name, entry in found().items() if not entry.holds} == DIFFERENT
    for name in DIFFERENT:
        reason = found()[name].report.reason
        assert reason is not None
        assert not found()[name].places, "a definition that the model has is tried, not excused"


def test_shanghais_output_is_gross_receipts() -> None:
    """Of the three definitions only what viewers everywhere pay for its titles holds near 7 billion yuan."""
    inside = {place.report.rule.variable: place for place in found()["SHH-003"].places}
    assert inside["cumulative_content_market"].inside
    assert not inside["cumulative_local_output"].inside
    assert inside["cumulative_local_output"].below > inside["cumulative_allocated_market"].below
    assert inside["cumulative_allocated_market"].below > inside["cumulative_content_market"].below


def test_crews_served_and_crews_on_set_are_told_apart() -> None:
    """Ten crews a day for ten months are the sixty on set only if each stays for the days that a title takes."""
    served, on_set = (load_figures()[name].value for name in ("HDN-006", "HDN-008"))
    assert served is not None
    assert on_set is not None
    days = load_model().parameters["shooting_days"]
    assert days.prior is not None
    low, high = quantile(days.prior, days.low, days.high, np.array([0.05, 0.95]))
    assert low < on_set / (served / 304) < high
    model = load_model("hengdian")
    assert [r.readings[0].rule.variable for r in city_reports("hengdian", model) if r.readings] == [
        *["title_completions"] * 4, "crews_on_set",
    ]  # fmt: skip


def test_what_a_prior_of_the_city_rests_on_is_no_forecast() -> None:
    used = {name for name, entry in found().items() if entry.report.used}
    assert {"XAN-008", "HDN-001"} <= used
    assert used.isdisjoint({"HDN-004", "HDN-005", "HDN-006", "HDN-008", "XAN-001"})
    assert used.isdisjoint({"SHH-003", "SHH-004", "HDN-003", "XAN-009"}), "the cities' own calibrations fit these"


@pytest.mark.parametrize("factor", [0.001, 100.0])
def test_what_the_city_cannot_give_is_outside(factor: float) -> None:
    value = load_figures()["HDN-006"].value
    assert value is not None
    assert not printed_otherwise("HDN-006", value=factor * value).holds


def test_a_city_without_figures_takes_no_part() -> None:
    assert {entry.report.city for entry in found().values()} == {"shanghai", "xian", "hengdian"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[reports.SHH-0]\nreason = { zh = "一", en = "a" }', "there is no figure or source “SHH-0”"),
        ("[reports.SHH-003]\n", "“SHH-003” needs “readings”, or a “reason” why its definition differs"),
        ('[reports.SHH-003]\nreadings = ["local_output"]', "“readings” is a list of tables"),
        ('[reports.SHH-003]\nreading = "total"\nreadings = []', "“reading” is not known here"),
        ('[reports.SHH-003]\nreason = "flow"', "“reason” needs a text in both languages"),
        ('[reports.SHH-003]\nreadings = [{ variable = "local_outpt", reading = "total" }]', "is no variable"),
        ('[reports.SHH-003]\nreadings = [{ variable = "local_output", reading = "totl" }]', "did you mean “total”"),
        ('[reports.SHH-004]\nreadings = [{ variable = "local_output", reading = "total" }]', "is printed in “部”"),
        ('[reports.SZN-006]\nreadings = [{ variable = "hits", reading = "total" }]', "is printed in “亿元”"),
        ('[reports.ORG-007]\nreadings = [{ variable = "hits", reading = "total" }]', "prints no level to read"),
    ],
)
def test_a_mistake_is_refused(text: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "shanghai.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=sentence) as refused:
        city_reports("shanghai", load_model("shanghai"), path=path)
    assert "shanghai.toml" in str(refused.value) or "figures.csv" in str(refused.value)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_shows_and_writes_it(
    language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("shudian.forecasts.other_cities.other_cities", lambda **_: tuple(found().values()))
    ended = Terminal(monkeypatch, capsys)(
        "calibrate", "--prior-predictive", "-o", str(tmp_path / "prior"), "--lang", language
    )
    assert ended.code == 0
    assert max(cell_len(line) for line in ended.out.splitlines() if str(tmp_path) not in line) <= 80
    with (tmp_path / "prior" / "other_cities.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = [name for name, entry in found().items() for _ in entry.places or [None]]
    assert [row["figure"] for row in rows] == expected
    document = (tmp_path / "prior" / "table.md").read_text(encoding="utf-8")
    for name, entry in found().items():
        assert name in ended.out
        assert entry.report.reason is None or entry.report.reason.text(language) in document
    assert len(table(list(found().values()), language).rows) == len(rows)
    told = " ".join(screen_table(list(found().values()), language).below)
    assert all(name in told for name in (*DIFFERENT, "SHH-003"))
