"""Do the priors expect what was reported, and does the table that says so flag what they do not?

Does NOT establish that a prior is right where nothing is flagged: one that is far too wide expects everything.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest
from rich.cells import cell_len

from commands import Terminal
from shudian.calibrate.calibration import Evidence
from shudian.evidence import load_figures
from shudian.forecasts.prior_predictive import RARE, Place, PriorPredictive, prior_predictive
from shudian.kinds import Figure, Language
from shudian.observe.reports import LATER, load_reports
from shudian.posterior_file import shipped_posterior
from shudian.report.calibration.prior_predictive import document, finding, table
from shudian.report.render.markdown import markdown
from shudian.structure import load_model

DRAWS = 400
PLAIN = "ZE05"
"""A report of one meaning without a growth rate."""


@dataclass(frozen=True)
class Changed(Evidence):
    """The shipped figures with some of them printed otherwise."""

    figures_changed: Mapping[str, Figure] = field(default_factory=dict)

    def load(self) -> dict[str, Figure]:
        return {**load_figures(), **self.figures_changed}


@cache
def shipped() -> PriorPredictive:
    return prior_predictive(draws=DRAWS)


def with_(**changes: object) -> PriorPredictive:
    """Where everything falls if PLAIN had been printed otherwise."""
    figure = replace(load_figures()[PLAIN], **changes)  # type: ignore[arg-type]
    return prior_predictive(Changed(figures_changed={PLAIN: figure}), DRAWS)


def place_of(found: PriorPredictive, name: str = PLAIN) -> Place:
    (place,) = (p for p in (*found.fitted, *found.later) if p.figure.identifier == name)
    return place


def test_every_number_of_every_report_has_a_place() -> None:
    expected = []
    for report in load_reports(load_model()):
        expected += [(report.identifier, "level")] * any(a.level is not None for a in report.alternatives)
        expected += [(report.identifier, "ratio_to_year_before")] * any(
            a.growth is not None for a in report.alternatives
        )
    assert [(place.report.identifier, place.measure) for place in shipped().fitted] == expected
    assert len(table(shipped(), "zh").rows) == len(expected) + len(shipped().later)


def test_shares_are_shares() -> None:
    for place in (*shipped().fitted, *shipped().later):
        assert 0 <= place.below <= 1
        assert place.below + place.above <= 1 + 1e-12
        assert place.low <= place.median <= place.high
        assert 0 <= place.quantile <= 1


def test_the_median_stands_in_the_middle() -> None:
    middle = place_of(shipped()).median
    found = place_of(with_(value=float(f"{middle:.4g}"), low=None, high=None, bound="exact"))
    assert found.quantile == pytest.approx(0.5, abs=0.02)
    assert not found.side


@pytest.mark.parametrize(("factor", "side", "level"), [(1000.0, -1, 1.0), (0.001, 1, 0.0)])
def test_what_the_priors_do_not_expect_is_flagged_on_the_right_side(factor: float, side: int, level: float) -> None:
    middle = place_of(shipped()).median
    found = with_(value=factor * middle, low=None, high=None, bound="exact")
    assert place_of(found).side == side
    assert place_of(found).quantile == level
    assert PLAIN in finding(found, "en")
    # nothing else moves
    others = [p for p in found.fitted if p.figure.identifier != PLAIN]
    assert others == [p for p in shipped().fitted if p.figure.identifier != PLAIN]


@pytest.mark.parametrize(
    ("bound", "factor", "side"), [("at_least", 0.001, 0), ("at_least", 1000.0, -1), ("at_most", 1000.0, 0)]
)
def test_a_half_line_is_flagged_only_where_it_cannot_hold(bound: str, factor: float, side: int) -> None:
    middle = place_of(shipped()).median
    found = place_of(with_(value=factor * middle, low=None, high=None, bound=bound))
    assert found.side == side
    assert (found.side != 0) == (found.below > 1 - RARE)


def test_a_report_is_not_excused_by_the_chance_that_it_is_wrong() -> None:
    """A number that only a faulty report could print is flagged, though the likelihood would shrug it off."""
    extreme = max(place_of(shipped()).high, 1.0) * 20
    found = place_of(with_(value=extreme, low=None, high=None, bound="exact", grade="C"))
    assert found.report.errors.faulty > RARE
    assert found.side == -1


def test_later_figures_stand_apart_and_leave_the_others_alone() -> None:
    figure = load_figures()[PLAIN]
    day = {"period_start": "2026-03-31", "period_end": "2026-03-31", "period_alternatives": ()}
    later = replace(figure, identifier="LATER-1", role=LATER, **day)  # type: ignore[arg-type]
    beyond = replace(later, identifier="LATER-2", period_start="2040-01-01", period_end="2040-01-01")
    unknown = replace(later, identifier="LATER-3", indicator="nothing_of_the_model")
    evidence = Changed(figures_changed={f.identifier: f for f in (later, beyond, unknown)})
    found = prior_predictive(evidence, DRAWS)
    assert found.fitted == shipped().fitted
    assert [place.figure.identifier for place in found.later if place.figure.identifier.startswith("LATER")] == [
        "LATER-1"
    ]
    for language, words in (("zh", "没有用到"), ("en", "not used to calibrate")):
        assert words in markdown(document(found, language))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_says_and_writes_it_and_calibrates_nothing(
    language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    before = shipped_posterior().stat()
    place = tmp_path / "prior"
    ended = Terminal(monkeypatch, capsys)("calibrate", "--prior-predictive", "-o", str(place), "--lang", language)
    assert ended.code == 0
    assert max(cell_len(line) for line in ended.out.splitlines() if str(tmp_path) not in line) <= 80
    assert shipped_posterior().stat() == before
    with (place / "prior_predictive.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    whole = prior_predictive()
    assert [row["figure"] for row in rows] == [p.figure.identifier for p in (*whole.fitted, *whole.later)]
    levels = [p.quantile for p in (*whole.fitted, *whole.later)]
    assert all(math.isclose(float(row["level"]), level, abs_tol=1e-6) for row, level in zip(rows, levels, strict=True))
    assert [bool(row["flag"]) for row in rows] == [bool(p.side) for p in (*whole.fitted, *whole.later)]
    assert (place / "columns.csv").is_file()
    document = (place / "table.md").read_text(encoding="utf-8")
    assert all(row["figure"] in document for row in rows)


def test_other_figures_need_no_folder_and_a_folder_is_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run = Terminal(monkeypatch, capsys)
    ended = run("calibrate", "--prior-predictive", "--without", PLAIN)
    assert ended.code == 0
    (written,) = tmp_path.glob("results/*/prior_predictive.csv")
    assert PLAIN not in {line.split(",")[0] for line in written.read_text(encoding="utf-8-sig").splitlines()}
    ended = run("calibrate", "--prior-predictive", "-o", str(written.parent))
    assert ended.code == 2
