"""Does `shudian calibrate` write what it says, refuse mistakes, go on after an interrupt, and shout where it must?

Does NOT establish that the sampler is right: it is replaced by draws from the priors.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibrations import left_out, stand_in
from commands import Terminal
from shudian import posterior_file as posterior_module
from shudian.answers.calibration import fit, kept
from shudian.calibrate.calibration import Calibration, Evidence
from shudian.calibrate.leave_one_out import LeftOut
from shudian.calibrate.workers import worker_processes
from shudian.grounds import grounds_of
from shudian.paths import seeds_folder
from shudian.posterior_file import read_posterior
from shudian.report.calibration import command
from shudian.report.calibration import folder as report_folder

HEAD = (seeds_folder() / "figures.csv").read_text(encoding="utf-8").split("\n")[0]
ROW = (
    "NEW-1,crews_per_day,日均在拍剧组,Crews on set per day,zhengzhou,crews_on_set,90,90,100,剧组,2025-01-01,2025-08-31,"
    ",bin,,90余部,origin_article,B,calibration,a second report"
)


@dataclass
class Sampler:
    """Stands in for the sampler and remembers how often it was asked."""

    rhat: float = 1.0
    interrupted: bool = False
    asked: list[tuple[Evidence, int]] = field(default_factory=list)

    def __call__(self, evidence: Evidence, *, seed: int, progress: Callable[[float], None], **_: Any) -> Calibration:
        self.asked.append((evidence, seed))
        progress(0.5)
        if self.interrupted:
            raise KeyboardInterrupt
        return stand_in(evidence, seed=seed, rhat=self.rhat)


@dataclass(frozen=True)
class Place:
    """Where a command is run, with stand-ins for everything slow."""

    run: Terminal
    folder: Path
    shipped: Path
    sampler: Sampler


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Place:
    work, seeds = tmp_path / "work", tmp_path / "seeds"
    work.mkdir()
    seeds.mkdir()
    monkeypatch.chdir(work)
    shipped = seeds / "posterior.parquet"
    for module in (posterior_module, command):
        monkeypatch.setattr(module, "shipped_posterior", lambda: shipped)
    monkeypatch.setattr(kept, "cache_folder", lambda: tmp_path / "cache")
    sampler = Sampler()
    monkeypatch.setattr(fit, "calibrate", sampler)
    monkeypatch.setattr(fit, "leave_one_out", refits)
    monkeypatch.setattr(report_folder, "write_figures", lambda *_: {})  # drawn in the report's own tests
    return Place(Terminal(monkeypatch, capsys), work, shipped, sampler)


def refits(found: Calibration, **_: Any) -> tuple[LeftOut, ...]:
    return (left_out(found, "ZM07", found.uncertain[:, ::2]), left_out(found, "ZN03"))


def test_the_shipped_posterior_is_renewed_and_is_the_one_that_answers_run_on(place: Place) -> None:
    ended = place.run("calibrate", "--lang", "en", "--seed", "3")
    assert ended.code == 0, ended.err
    assert place.sampler.asked == [(Evidence(), 3)]
    made = read_posterior(place.shipped)
    np.testing.assert_array_equal(made.values, stand_in(seed=3).uncertain)
    assert made.about["seed"] == 3
    assert made.about["diagnostics"]["log_evidence"] == pytest.approx([-20.0, -20.2, -19.8, -20.1])
    assert len(made.about["verdicts"]) == 9
    assert grounds_of("zhengzhou").calibrated
    (report,) = (place.folder / "results").iterdir()
    assert report.name.split("-")[-1] in command_digest(made)
    assert {path.name for path in report.iterdir()} == {
        "report.html", "report.zh.html", "report.en.html", "tables",
    }  # fmt: skip
    assert (report / "tables" / "leave_one_out.csv").exists()
    assert "no earlier calibration" in ended.out
    assert str(place.shipped) in ended.out.replace("\n", "")


def command_digest(made: posterior_module.Posterior) -> str:
    return posterior_module.posterior_digest(made)[:6]


def test_other_figures_go_into_a_folder_and_are_compared_with_the_shipped_ones(place: Place) -> None:
    place.run("calibrate", "--no-refits")
    before = place.shipped.read_bytes()
    extra = place.folder / "more.csv"
    extra.write_text(f"{HEAD}\n{ROW}\n{ROW.replace('NEW-1', 'NEW-2').replace(',calibration,', ',context,')}\n", "utf-8")
    ended = place.run(
        "calibrate", "--with", "more.csv", "--without", "ZM07", "-o", "mine", "--lang", "en", "--no-refits"
    )
    assert ended.code == 0, ended.err
    assert place.shipped.read_bytes() == before
    made = read_posterior(place.folder / "mine" / "posterior.parquet")
    assert made.about["without"] == ["ZM07"]
    assert Path(made.about["with"]) == extra
    assert "NEW-1" in {report["id"] for report in made.about["reports"]}
    assert "Figures added: NEW-1" in ended.out
    assert "not fitted: NEW-2" in ended.out.replace("\n", " ")
    assert "Figures removed: ZM07" in ended.out
    assert grounds_of("zhengzhou", str(place.folder / "mine" / "posterior.parquet")).calibrated
    assert (place.folder / "mine" / "report.html").exists()
    assert not (place.folder / "mine" / ".shudian").exists()


def test_a_figure_that_brings_its_source_is_fitted_and_its_source_is_shown(place: Place) -> None:
    columns = "id,indicator,geography,definition,value,unit,period_start,period_end,publisher,published,weather"
    row = "NEW-1,crews_per_day,zhengzhou,crews_on_set,93,剧组,2025-09-01,2025-10-31,Evening Post,2025-11-05,fine"
    (place.folder / "more.csv").write_text(f"{columns}\n{row}\n", "utf-8")
    ended = place.run("calibrate", "--with", "more.csv", "-o", "mine", "--lang", "en", "--no-refits")
    assert ended.code == 0, ended.err
    assert "not used: weather" in ended.err
    made = read_posterior(place.folder / "mine" / "posterior.parquet")
    (report,) = (report for report in made.about["reports"] if report["id"] == "NEW-1")
    assert report["available"] == "2025-11-05"
    table = (place.folder / "mine" / "tables" / "reports.csv").read_text(encoding="utf-8-sig")
    (line,) = (line for line in table.splitlines() if line.startswith("NEW-1,"))
    assert "Evening Post 2025-11-05" in line
    assert grounds_of("zhengzhou", str(place.folder / "mine" / "posterior.parquet")).calibrated


@pytest.mark.parametrize(("number", "strange"), [("90,90,100", False), ("90000,90000,100000", True)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_figure_that_nobody_expected_is_named_before_it_is_fitted(
    place: Place, language: str, number: str, strange: bool
) -> None:
    place.run("calibrate", "--no-refits")
    (place.folder / "more.csv").write_text(f"{HEAD}\n{ROW.replace('90,90,100', number)}\n", "utf-8")
    place.sampler.rhat = 1.2
    ended = place.run("calibrate", "--with", "more.csv", "-o", "mine", "--lang", language, "--no-refits")
    asked = "请核对" if language == "zh" else "Check"
    assert (f"{asked}" in ended.err and "NEW-1" in ended.err) == strange
    # and where the sampler fails, what the draws contradict is named beside the parameters
    assert ended.code == 1
    assert "ZW03" in ended.err


def test_a_cut_off_is_kept_with_the_posterior(place: Place) -> None:
    ended = place.run("calibrate", "--until", "2025-03-31", "-o", "early", "--no-refits", "--lang", "en")
    assert "published by 2025-03-31" in ended.out
    assert "ZM07" in ended.out[ended.out.index("published by 2025-03-31") :]
    assert (place.folder / "early" / "backtest-2025-03-31.json").exists()
    # the shipped study of the other date is not this calibration's score
    page = (place.folder / "early" / "report.en.html").read_text(encoding="utf-8")
    assert "backtest-2025-03-31" in page
    assert "backtest-2024-12-31" not in page
    about = read_posterior(place.folder / "early" / "posterior.parquet").about
    assert about["until"] == "2025-03-31"
    assert all((report["available"] or "") <= "2025-03-31" for report in about["reports"])
    assert not place.shipped.exists()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_contradiction_cannot_be_overlooked(place: Place, language: str) -> None:
    ended = place.run("calibrate", "--no-refits", "--lang", language)
    assert ended.code == 0
    said = "与其余数字和模型矛盾" if language == "zh" else "Contradicts the other figures and the model"
    first = ended.out.index(f"!!! {said}")
    assert "ZW03" in ended.out[first:]
    (report,) = (place.folder / "results").iterdir()
    page = (report / "report.html").read_text(encoding="utf-8")
    assert 0 < page.index(said) < page.index("<section")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--until", "2025-03-31"), "-o"),
        (("--without", "ZM07"), "-o"),
        (("--until", "March 2025", "-o", "x"), "March 2025"),
        (("--until", "2025-02-30", "-o", "x"), "2025-02-30"),
        (("--until", "2020-01-01", "-o", "x"), "--until"),
        (("--until", "2099-01-01", "-o", "x"), "2099-01-01"),
        (("--without", "ZM99", "-o", "x"), "ZM99"),
        (("--with", "absent.csv", "-o", "x"), "absent.csv"),
        (("-o", "full"), "full"),
    ],
)
def test_a_mistake_gets_one_sentence_before_anything_is_sampled(
    place: Place, words: tuple[str, ...], found: str
) -> None:
    (place.folder / "full").mkdir()
    (place.folder / "full" / "mine.txt").write_text("mine")
    for language in ("en", "zh"):
        ended = place.run("calibrate", *words, "--lang", language)
        assert ended.code == 2
        assert ended.err.count("\n") == 1
        assert found in ended.err
        assert any("\u4e00" <= character <= "\u9fff" for character in ended.err) == (language == "zh")
    assert not place.sampler.asked
    assert [path.name for path in place.folder.rglob("*")] == ["full", "mine.txt"]
    assert not place.shipped.exists()


def test_a_sampler_that_fails_its_diagnostics_leaves_the_posterior_alone(place: Place) -> None:
    place.run("calibrate", "--no-refits")
    before = place.shipped.read_bytes()
    place.sampler.rhat = 1.2
    ended = place.run("calibrate", "--no-refits", "--seed", "8", "--lang", "en", "-o", "mine")
    assert ended.code == 1
    assert "does not pass" in ended.err
    assert "log_likelihood (R-hat 1.200" in ended.err
    assert place.shipped.read_bytes() == before
    assert not (place.folder / "mine").exists()


def test_an_interrupt_leaves_everything_as_it_was_and_says_how_to_go_on(place: Place) -> None:
    place.sampler.interrupted = True
    ended = place.run("calibrate", "--lang", "en")
    assert ended.code == 130
    assert "the same command goes on where it stopped" in ended.err
    assert not place.shipped.exists()
    assert not [*place.folder.iterdir()]


def test_an_interrupted_report_does_not_cost_the_sampling(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> tuple[LeftOut, ...]:
        raise KeyboardInterrupt

    monkeypatch.setattr(fit, "leave_one_out", interrupted)
    monkeypatch.setattr(kept, "diagnose", lambda *_: stand_in().diagnostics)
    assert place.run("calibrate").code == 130
    monkeypatch.setattr(fit, "leave_one_out", refits)
    assert place.run("calibrate").code == 0
    assert len(place.sampler.asked) == 1
    np.testing.assert_array_equal(read_posterior(place.shipped).values, stand_in(seed=1).uncertain)
    place.run("calibrate")
    assert len(place.sampler.asked) == 2


def test_an_interrupt_ends_the_workers_at_once() -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted_at_work()
    # the pool's own thread waits for them too; who comes second does not see at once that they are gone
    until = time.monotonic() + 30
    while multiprocessing.active_children() and time.monotonic() < until:
        time.sleep(0.05)
    assert not multiprocessing.active_children()


def interrupted_at_work() -> None:
    with worker_processes(2) as executor:
        executor.submit(time.sleep, 600)
        while not multiprocessing.active_children():
            time.sleep(0.05)
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"NEW-1": "ZC01"}, "ZC01"), ({"剧组,2025": "人,2025"}, "more.csv:2"), ({"crews_on_set": "crew_on"}, "crew_on"),
        ({"90,90,100": "-90,-90,100"}, "-90"), ({",bin,,": ",bin,-120,"}, "-120"), ({"90,90,100": "9O,90,100"}, "9O"),
        ({"2025-": "2050-"}, "2050"), ({"2025-": "2029-"}, "2029"), ({"90,90,100": "80,80,90"}, "ZC01"),
        ({",calibration,": ",context,"}, "more.csv"), ({",bin,": ",forecast,"}, "NEW-1"), ({ROW: ""}, "more.csv"),
    ],
)  # fmt: skip
def test_a_mistake_in_an_added_figure_is_never_sampled(place: Place, changes: dict[str, str], found: str) -> None:
    """The same figure under a second name is a mistake too: it would count twice."""
    row = ROW
    for old, new in changes.items():
        assert old in row
        row = row.replace(old, new)
    (place.folder / "more.csv").write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    for language in ("en", "zh"):
        ended = place.run("calibrate", "--with", "more.csv", "-o", "x", "--lang", language)
        assert ended.code == 2
        assert ended.err.count("\n") == 1
        assert found in ended.err
        assert ("：" in ended.err) == (language == "zh")
    assert not place.sampler.asked
