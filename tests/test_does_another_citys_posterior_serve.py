"""Does `shudian calibrate --city` keep what it says, and do answers rest on it, or say 未校准 with the reason?

Does NOT establish that the draws are right, which another file asks: here Zhengzhou's posterior is draws from the
priors, and each of them is paired with few draws of the city's own parameters.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from commands import Terminal
from posteriors import stand_in, write_stand_in
from shudian import grounds
from shudian import posterior_file as posterior_module
from shudian import shipped as shipped_module
from shudian.answers.calibration import city as city_fit
from shudian.calibrate import city_member as fitting
from shudian.calibrate.calibration import LEAST_ESS, Evidence
from shudian.grounds import SHARED_DRAW, grounds_of, posterior_draws
from shudian.kinds import InputError
from shudian.parameters import HOME, city_titles
from shudian.posterior_file import Posterior, posterior_digest, read_posterior, write_posterior
from shudian.report.calibration import city_command
from shudian.structure import load_model

DRAWS, COPIES = 800, 3
OTHERS = tuple(city for city in city_titles() if city != HOME)
FEW = ("--draws", "40")


def reports_of(city: str) -> int:
    try:
        return len(Evidence(city).target().observer.reports)
    except InputError:
        return 0


FIGURES = {city: reports_of(city) for city in OTHERS}
CITY = max(FIGURES, key=lambda city: FIGURES[city])
WITHOUT = min(FIGURES, key=lambda city: FIGURES[city])


@dataclass(frozen=True)
class Place:
    """Where a command is run, with a stand-in for Zhengzhou's posterior and few pairs."""

    run: Terminal
    folder: Path
    home: Path

    def member(self, city: str = CITY) -> Path:
        return self.home.parent / f"{city}.parquet"

    def calibrate(self, *words: str) -> None:
        ended = self.run("calibrate", "--city", CITY, *words)
        assert ended.code == 0, ended.err

    def renew_home(self) -> None:
        other = stand_in(DRAWS)
        write_posterior(replace(other, values=other.values[:, ::-1]), self.home)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Place:
    work, seeds = tmp_path / "work", tmp_path / "seeds"
    work.mkdir()
    seeds.mkdir()
    monkeypatch.chdir(work)
    home = write_stand_in(seeds / "posterior.parquet", DRAWS)
    monkeypatch.setattr(posterior_module, "shipped_posterior", lambda: home)
    for module in (grounds, city_command):
        monkeypatch.setattr(module, "shipped_member", lambda city: seeds / f"{city}.parquet")
    monkeypatch.setattr(city_fit, "fit_city", partial(fitting.fit_city, copies=COPIES))
    monkeypatch.setattr(fitting, "LEAST_ESS", 20.0)
    monkeypatch.setattr("shudian.report.run.question.write_figures", lambda *_: {})  # asked for in other files
    return Place(Terminal(monkeypatch, capsys), work, home)


def plain(text: str) -> str:
    return " ".join(text.split())


# What is shipped


@pytest.mark.parametrize("city", OTHERS)
def test_a_city_that_has_figures_is_shipped_calibrated_and_no_other(city: str) -> None:
    """Renewed with shudian calibrate --city all."""
    grounds = grounds_of(city)
    assert grounds.why == ("calibrated" if FIGURES[city] else "elsewhere"), grounds.reason
    if grounds.posterior is not None:
        assert grounds.posterior.reports == FIGURES[city]
        assert grounds.posterior.effective is not None
        assert grounds.posterior.effective >= LEAST_ESS
        assert posterior_draws(load_model(city), grounds.posterior, 10, 1).calibrated


# What is written, and what rests on it


@pytest.mark.parametrize(
    ("language", "short", "full"),
    [
        ("en", f"Calibrated on {FIGURES[CITY]} figure", f"fitted to {FIGURES[CITY]} figure"),
        ("zh", f"已用上海的{FIGURES[CITY]}条数字校准", f"由它的{FIGURES[CITY]}条数字校准"),
    ],
)
def test_answers_rest_on_it_and_say_so(place: Place, language: str, short: str, full: str) -> None:
    place.calibrate()
    posterior = grounds_of(CITY).posterior
    assert posterior is not None
    assert posterior.shared is not None
    worth = f"{posterior.effective:,.0f}"
    for words, said in (((), short), (("--full",), full)):
        ended = place.run("run", "baseline", "--city", CITY, *FEW, "--lang", language, *words)
        flat = ended.out.replace("\n", "") if language == "zh" else plain(ended.out)
        assert said in flat
        assert worth in flat
        assert str(posterior.shared["reports"]) in flat
    assert "未校准" in place.run("run", "baseline", "--city", CITY, "--prior", *FEW).out


def test_what_is_read_is_what_was_fitted(place: Place) -> None:
    place.calibrate("--seed", "7", "-o", "mine")
    file = place.folder / "mine" / "posterior.parquet"
    assert not place.member().exists()
    grounds = grounds_of(CITY, str(file))
    assert grounds.posterior is not None
    made = fitting.fit_city(Evidence(CITY), stand_in(DRAWS).names, stand_in(DRAWS).values, seed=7, copies=COPIES)
    wanted = made.uncertain(stand_in(DRAWS).names, stand_in(DRAWS).values, made.chosen)
    assert grounds.posterior.names == made.target.latent.names
    np.testing.assert_allclose(grounds.posterior.values, wanted, rtol=1e-6)
    assert grounds.posterior.effective == pytest.approx(made.chosen.effective)
    assert file.stat().st_size < 0.3 * place.home.stat().st_size, "the structure stands in Zhengzhou's file alone"
    # and for no other city
    assert grounds_of(HOME, str(file)).why == "elsewhere"


def test_the_report_tells_figures_moves_and_what_is_shared(place: Place) -> None:
    place.calibrate("-o", "mine", "--lang", "en")
    with (place.folder / "mine" / "figures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    fitted = [figure.identifier for r in Evidence(CITY).target().observer.reports for figure in r.figures]
    assert [row["figure"] for row in rows if row["standing"] == "calibration"] == fitted
    with (place.folder / "mine" / "parameters.csv").open(encoding="utf-8-sig", newline="") as file:
        parameters = list(csv.DictReader(file))
    own = [row for row in parameters if row["standing"].endswith("own")]
    model = load_model(CITY)
    assert len(own) == len(fitting.local_names(model))
    assert len(parameters) == sum(p.prior is not None for p in model.fixed)
    text = (place.folder / "mine" / "table.md").read_text(encoding="utf-8")
    assert all(name in text for name in fitted)
    assert f"{len(parameters) - len(own)} parameters keep Zhengzhou's posterior" in text


def test_a_run_on_it_is_repeated_and_refused_once_it_is_another(place: Place) -> None:
    place.calibrate()
    assert place.run("run", "baseline", "--city", CITY, *FEW, "--out", "r").code == 0
    assert place.run("run", "--repeat", "r/manifest.json").code == 0
    place.calibrate("--seed", "2")
    ended = place.run("run", "--repeat", "r/manifest.json", "--lang", "en")
    assert ended.code == 2
    assert "the posterior is no longer the one of that run" in ended.err


def test_a_figure_of_ones_own_is_added_and_one_is_left_out(place: Place) -> None:
    head = "id,indicator,geography,definition,value,unit,period_start,period_end,publisher,published,address"
    row = f"NEW-1,firms,{CITY},active_firms,300,家,2024-12-31,2024-12-31,Evening Post,2025-02-05,https://example.cn/1"
    (place.folder / "more.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    left = Evidence(CITY).target().observer.reports[0].identifier
    place.calibrate("--with", "more.csv", "--without", left, "-o", "mine")
    posterior = grounds_of(CITY, str(place.folder / "mine" / "posterior.parquet")).posterior
    assert posterior is not None
    named = {report["id"] for report in posterior.about["reports"]}
    assert "NEW-1" in named
    assert left not in named


# When it no longer holds


def damage(place: Place) -> None:
    content = bytearray(place.member().read_bytes())
    content[len(content) // 2] ^= 0xFF
    place.member().write_bytes(content)


def point_outside(place: Place) -> None:
    found = read_posterior(place.member())
    values = found.values.copy()
    values[found.names.index(SHARED_DRAW), 0] = DRAWS
    write_posterior(replace(found, values=values), place.member())


def tell_another_figure(place: Place) -> None:
    found = read_posterior(place.member())
    ingredients = {kind: dict(named) for kind, named in found.about["ingredients"].items()}
    ingredients["figure"] = dict.fromkeys(ingredients["figure"], "otherwise")
    write_posterior(replace(found, about={**found.about, "ingredients": ingredients}), place.member())


def state_a_parameter_less(place: Place) -> None:
    found = read_posterior(place.member())
    kept = [row for row, name in enumerate(found.names) if name != "initial_firms"]
    write_posterior(
        replace(found, names=tuple(found.names[row] for row in kept), values=found.values[kept]), place.member()
    )


@pytest.mark.parametrize(
    ("change", "en", "zh"),
    [
        (Place.renew_home, "made on another posterior of zhengzhou", "另一份zhengzhou后验"),
        (tell_another_figure, "the posterior is older than the figure", "已经过时"),
        (state_a_parameter_less, "when other parameters were the city's own", "哪些参数属于城市自身有了改动"),
        (point_outside, "is damaged", "已损坏"),
        (damage, "posterior", "该市的校准不能用"),
    ],
)
def test_a_posterior_that_no_longer_holds_is_left_and_the_reason_told(
    place: Place, monkeypatch: pytest.MonkeyPatch, change: Callable[[Place], None], en: str, zh: str
) -> None:
    place.calibrate()
    change(place)
    for language, reason in (("en", en), ("zh", zh)):
        ended = place.run("run", "baseline", "--city", CITY, *FEW, "--lang", language)
        assert ended.code == 0, ended.err
        assert "未校准" in ended.out
        assert reason in (ended.out.replace("\n", "") if language == "zh" else plain(ended.out))
    named = place.run("run", "baseline", "--city", CITY, *FEW, "--posterior", str(place.member()), "--lang", "en")
    assert named.code == 2, "a file that is asked for is used or refused"
    monkeypatch.setattr(shipped_module, "city_titles", lambda: {HOME: None, CITY: None})
    with pytest.raises(InputError, match=r"shudian calibrate|not a posterior|cannot be read"):
        shipped_module._posterior()


def test_without_a_posterior_of_its_own_nothing_changes(place: Place) -> None:
    grounds = grounds_of(CITY)
    assert (grounds.posterior, grounds.why, grounds.file, grounds.posterior_city) == (None, "elsewhere", "", HOME)
    home = grounds_of(HOME).posterior
    assert home is not None
    assert home.shared is None
    assert home.effective is None
    assert posterior_digest(home) == posterior_digest(read_posterior(place.home))


def test_zhengzhous_calibration_says_that_the_cities_are_left(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from shudian.answers.calibration.fit import Fitted
    from shudian.report.calibration import command, document

    place.calibrate()
    monkeypatch.setattr("shudian.cli.evidence.tell", said := Said())
    monkeypatch.setattr(document, "short", lambda *_: ())
    done = command.Done(Fitted(None, None), place.home, place.folder)  # type: ignore[arg-type]
    monkeypatch.setattr(command, "carry_out", lambda *_: done)
    assert place.run("calibrate", "--lang", "en").code == 0
    assert any("shudian calibrate --city all" in text for text in said.texts)


class Said:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: str, **_: bool) -> None:
        self.texts.append(text)


# All cities at once, and what is refused


def test_one_command_renews_every_city_that_has_figures(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "LEAST_ESS", 0.0)
    ended = place.run("calibrate", "--city", "all", "--lang", "en")
    assert ended.code == 0, ended.err
    for city, figures in FIGURES.items():
        assert place.member(city).is_file() == bool(figures)
        assert city_titles()[city].en in ended.out
        if figures:
            found: Posterior = read_posterior(place.member(city))
            assert (found.city, found.reports) == (city, figures)
        else:
            assert f"no figure of {city} that could be fitted is known" in plain(ended.out)


def test_figures_that_leave_too_few_draws_write_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "LEAST_ESS", 10.0 * DRAWS)
    ended = place.run("calibrate", "--city", CITY, "--lang", "en")
    assert ended.code == 2
    assert "independent draws, and" in ended.err
    assert "(--without " in ended.err
    assert not place.member().exists()
    assert not any((place.folder / "results").iterdir()) if (place.folder / "results").exists() else True


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--city", f"{CITY[:-1]}"), f"did you mean “{CITY}”"),
        (("--city", WITHOUT), f"no figure of {WITHOUT} that could be fitted is known"),
        (("--city", CITY, "--until", "2025-01-01"), "--until does not go with --city"),
        (("--city", CITY, "--prior-predictive"), "leave --city out"),
        (("--city", CITY, "--without", "ZM07", "-o", "x"), "“ZM07” is not a figure that the calibration uses"),
        (("--city", CITY, "--seed", "1", "--without", "ZM07"), "name a new folder for it with -o"),
        (("--city", "all", "-o", "x"), "--city all renews what is shipped"),
    ],
)
def test_a_slip_is_told_and_nothing_written(place: Place, words: tuple[str, ...], sentence: str) -> None:
    ended = place.run("calibrate", *words, "--lang", "en")
    assert ended.code == 2
    assert sentence in plain(ended.err)
    assert not (place.folder / "x").exists()
    assert not place.member().exists()


def test_a_figure_of_another_place_is_not_fitted_to_this_one(place: Place) -> None:
    head = "id,indicator,geography,definition,value,unit,period_start,period_end,publisher,published,address"
    row = (
        "NEW-1,crews_per_day,zhengzhou,crews_on_set,93,剧组,2025-09-01,2025-10-31,Evening Post,2025-11-05,https://e.cn"
    )
    (place.folder / "more.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    ended = place.run("calibrate", "--city", CITY, "--with", "more.csv", "-o", "x", "--lang", "en")
    assert ended.code == 2
    assert f"only those of “{CITY}” are fitted" in plain(ended.err)
