"""Is a finding of the literature a report about an experiment that the model really runs, and worth what it is said?

Does NOT establish that a study is right, that its case is like ours (distances, standard errors that are not printed
and treatments are assumed), nor that nothing was left out. It checks the arithmetic of the density, the experiments
against the runs that answers use, the file's mistakes, and that no prior rests on a figure that a finding brings in.
"""

from __future__ import annotations

import csv
import datetime
import math
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import integrate

from shudian.analysis.output_change import output_changes
from shudian.calibrate.calibration import Evidence
from shudian.calibrate.experiments import Experiments
from shudian.draws import draws_of, prior_draws
from shudian.evidence import load_figures
from shudian.kinds import InputError, Parameter
from shudian.latent import latent_of
from shudian.messages import in_language
from shudian.observe.effects import SIGNIFICANT, STARTS_AT, Effect, Finding, Literature, arms_of
from shudian.observe.effects_file import COLUMNS, literature_of, load_effects
from shudian.observe.rules import Distance, load_transfer
from shudian.paths import seeds_folder
from shudian.posterior_file import read_posterior
from shudian.scenarios import load_scenario
from shudian.simulate import simulate
from shudian.structure import load_model

Array = NDArray[np.float64]
MODEL = load_model()
ALL = load_effects(MODEL)
USED = [effect for effect in ALL if effect.is_used]
FILE = seeds_folder() / "effects.csv"
TRANSFER = load_transfer()
FINDINGS: tuple[Finding, ...] = ("increase", "decrease", "nil")
DISTANCES: tuple[Distance, ...] = ("near", "middle", "far")


def finding(kind: Finding, error: float, distance: Distance, estimate: float = 0.0, study: str = "") -> Effect:
    """A finding of which only this matters."""
    source = replace(USED[0].source, identifier=study or "study")
    return replace(USED[0], finding=kind, error=error, estimate=estimate, distance=distance, source=source)


def density(effect: Effect, ours: float | Array, transfer: object = TRANSFER) -> Array:
    """What is the chance that the study prints this, if the model's effect is `ours`?"""
    literature = Literature((effect,), transfer)  # type: ignore[arg-type]
    return np.exp(literature.log_likelihood(np.atleast_1d(ours)[None])[0])


# --- what a finding is worth -----------------------------------------------------------------------------------------


@given(st.floats(0.005, 0.3), st.sampled_from(DISTANCES), st.floats(-0.8, 0.8))
def test_what_can_be_printed_of_an_effect_has_probability_one(error: float, distance: Distance, ours: float) -> None:
    told = sum(density(finding(kind, error, distance), ours)[0] for kind in FINDINGS)
    assert told == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("ours", [-0.3, 0.0, 0.08, 0.5])
def test_the_density_of_an_estimate_is_a_density(ours: float, distance: Distance) -> None:
    """Over all numbers that could be printed."""
    error = 0.1

    def at(estimate: float) -> float:
        return float(density(finding("estimate", error, distance, estimate), ours)[0])

    edges = [-20, -3, -1, -1.96 * error, 1.96 * error, 1, 3, 20]
    total = math.fsum(integrate.quad(at, low, high, limit=200)[0] for low, high in pairwise(edges))
    assert total == pytest.approx(1, abs=2e-3)


@pytest.mark.parametrize("ours", [-0.1, 0.0, 0.06])
@pytest.mark.parametrize("distance", DISTANCES)
def test_a_made_study_prints_what_the_density_says(distance: Distance, ours: float) -> None:
    """The story told with random numbers: the study's truth, its estimate, and whether it is printed."""
    generator = np.random.default_rng(3)
    count, error = 1_000_000, 0.04
    noise, factor = generator.standard_normal((2, count))
    truths = {
        "ours": ours * np.exp(TRANSFER.differs[distance] * factor),
        "nil": np.zeros(count),
        "any": TRANSFER.widest * factor,
    }
    unrelated = TRANSFER.unrelated[distance]
    chances = {"ours": 1 - unrelated, "nil": unrelated / 2, "any": unrelated / 2}
    told = dict.fromkeys(FINDINGS, 0.0)
    for case, truth in truths.items():
        estimate = truth + error * noise
        nil = np.abs(estimate) < SIGNIFICANT * error
        printed = ~nil | (generator.random(count) < TRANSFER.nil_printed)
        for kind, which in (("increase", ~nil & (estimate > 0)), ("decrease", ~nil & (estimate < 0)), ("nil", nil)):
            told[kind] += chances[case] * float((which & printed).sum() / printed.sum())  # type: ignore[index]
    for kind in FINDINGS:
        assert density(finding(kind, error, distance), ours)[0] == pytest.approx(told[kind], abs=4e-3)


@given(st.floats(0.005, 0.3), st.sampled_from(DISTANCES))
def test_the_more_a_lever_does_here_the_more_probable_that_a_study_finds_it(error: float, distance: Distance) -> None:
    ours = np.linspace(-1, 1, 41)
    assert (np.diff(density(finding("increase", error, distance), ours)) > -1e-9).all()
    assert (np.diff(density(finding("decrease", error, distance), ours)) < 1e-9).all()
    nil = density(finding("nil", error, distance), ours)
    assert nil.argmax() == 20
    assert nil == pytest.approx(nil[::-1])


@pytest.mark.parametrize("kind", [*FINDINGS, "estimate"])
def test_the_farther_a_study_the_less_it_tells(kind: Finding) -> None:
    ours = np.linspace(-0.6, 0.6, 61)
    ratios = []
    for distance in DISTANCES:
        told = density(finding(kind, 0.06, distance, 0.2), ours)
        ratios.append(told.max() / told.min())
    assert ratios[0] > ratios[1] > ratios[2] > 1


def test_an_absurd_study_is_taken_for_one_that_tells_nothing_of_us() -> None:
    effects = (finding("estimate", 0.05, "near", 3.0, "absurd"), finding("estimate", 0.05, "near", 0.2, "sober"))
    literature = Literature(effects, TRANSFER)
    told = literature.told(np.full((2, 1), 0.2))[:, 0]
    assert told[0] < 0.1
    assert told[1] > 0.8


def test_findings_of_one_study_tell_of_us_together() -> None:
    """A second finding that cannot be ours takes the first with it; of another study it does not."""
    good, bad = finding("estimate", 0.03, "far", 0.2, "one"), finding("estimate", 0.03, "far", 0.5, "one")
    together = Literature((good, bad), TRANSFER).told(np.array([[0.2], [-0.2]]))
    alone = Literature((good,), TRANSFER).told(np.array([[0.2]]))
    assert together.shape == (1, 1)
    assert together[0, 0] < alone[0, 0] - 0.2


# --- the experiments -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def experiments() -> Experiments:
    return Experiments(MODEL, literature_of(MODEL))


def test_an_experiment_is_the_ratio_of_the_runs_that_answers_use(experiments: Experiments) -> None:
    """By what runs scenarios, at its finer step; the trapezoid by hand."""
    latent = latent_of(MODEL)
    values = latent.uncertain(np.random.default_rng(5).standard_normal((len(latent.names), 40)))
    ours = experiments.effects(latent.fixed(values))
    for effect, found in zip(experiments.literature.effects, ours, strict=True):
        first, last = (int(STARTS_AT + month) for month in effect.months)
        expected = np.zeros(40)
        for arm, sign in arms_of(effect, MODEL):
            run = simulate(MODEL, arm, draws_of(MODEL, latent.fixed(values), 0), outputs=effect.outcome)
            inside = [run[name].to_numpy()[:, first : last + 1] for name in effect.outcome]
            means = [series.sum(axis=1) - (series[:, 0] + series[:, -1]) / 2 for series in inside]
            expected += sign * np.log(means[0] / means[1] if len(means) == 2 else means[0])
        error = np.abs(found - expected) / (np.abs(expected) + 0.01)
        assert np.median(error) < 0.02, effect.identifier
        assert np.quantile(error, 0.9) < 0.1, effect.identifier
        assert error.max() < 1, effect.identifier  # it has the same sign, if it is more than nothing


def test_what_the_sampler_takes_first_and_later_is_the_whole_likelihood() -> None:
    """Longer steps are made up for, report by report; what is made up is little, so that few moves are lost by it."""
    target, posterior = Evidence().target(), read_posterior()
    z = target.latent.latent(posterior.values[:, ::100])
    reports, later = len(target.observer.reports), target.later(z)
    assert target.studied is not None
    np.testing.assert_allclose(target.first(z) + later[:reports], target.terms(z), atol=1e-9)
    np.testing.assert_allclose(later[reports:], target.studied(z), atol=1e-12)
    assert 0.01 < later[:reports].sum(axis=0).std() < 1


def test_a_city_in_which_policy_does_nothing_shows_nothing(experiments: Experiments) -> None:
    latent = latent_of(MODEL)
    z = np.random.default_rng(2).standard_normal((len(latent.names), 30))
    values = latent.uncertain(z)
    for name in ("delivery_share", "park_delivery_share", "fund_realisation"):
        values[latent.names.index(name)] = 0.0
    assert experiments.effects(latent.fixed(values)) == pytest.approx(0, abs=1e-9)


def test_every_experiment_moves_something(experiments: Experiments) -> None:
    latent = latent_of(MODEL)
    z = np.random.default_rng(2).standard_normal((len(latent.names), 200))
    effects = experiments.effects(latent.fixed(latent.uncertain(z)))
    assert (np.abs(effects) > 1e-4).mean(axis=1).min() > 0.2


# --- what a package changes ------------------------------------------------------------------------------------------


def test_what_a_package_changes_is_told_draw_by_draw_and_a_package_changes_nothing_of_itself() -> None:
    """Against the runs that answers use: output of 2027 is what is cumulated in months 48 to 60."""
    package, other = (load_scenario(name, MODEL.parameters) for name in ("zhengzhou_2025", "no_policy"))
    draws = prior_draws(MODEL, 60, 9)
    found, itself = output_changes(MODEL, [(package, other), (other, other)], draws, 2027, 60)
    cumulated = "cumulative_local_output"
    runs = [simulate(MODEL, each, draws, outputs=(cumulated,))[cumulated].to_numpy() for each in (package, other)]
    treated, untreated = (run[:, 60] - run[:, 48] for run in runs)
    expected = np.quantile(treated / untreated - 1, [0.05, 0.5, 0.95])
    # both ends are the same draws here, once as the priors' and once as a posterior's
    assert found.posterior == pytest.approx(expected, rel=1e-9)
    assert found.prior == pytest.approx(expected, rel=1e-9)
    assert found.posterior[1] > 0
    assert not itself.posterior.any()


# --- known truths ----------------------------------------------------------------------------------------------------


def made_finding(effect: Effect, truth: float, deviation: float, generator: np.random.Generator) -> Effect:
    """`effect` as it would be printed if its place had the effect `truth`: drawn again until it is printed."""
    while True:
        estimate = truth + deviation * generator.standard_normal()
        nil = abs(estimate) < SIGNIFICANT * effect.error
        if nil and generator.random() >= TRANSFER.nil_printed:
            continue
        if effect.finding == "estimate":
            return replace(effect, estimate=estimate)
        return replace(effect, finding="nil" if nil else "increase" if estimate > 0 else "decrease")


def ranks_of_truths(
    experiments: Experiments, tells: Callable[[np.random.Generator, Distance], bool], truths: int
) -> Array:
    """Where a truth's effects lie among prior draws that are weighted by studies made from it, [truth, finding]."""
    latent = latent_of(MODEL)
    generator = np.random.default_rng(23)
    values = latent.uncertain(generator.standard_normal((len(latent.names), 1500)))
    ours, literature = experiments.effects(latent.fixed(values)), experiments.literature
    ranks = []
    for truth in range(truths):
        told = {e.study: tells(generator, e.distance) for e in literature.effects}
        made = []
        for effect, own in zip(literature.effects, ours[:, truth], strict=True):
            if told[effect.study]:
                there = own * math.exp(TRANSFER.differs[effect.distance] * generator.standard_normal())
                made.append(made_finding(effect, there, effect.error, generator))
            else:
                wide = math.hypot(effect.error, TRANSFER.widest) if generator.random() < 0.5 else effect.error
                made.append(made_finding(effect, 0.0, wide, generator))
        logarithms = Literature(tuple(made), TRANSFER).log_likelihood(ours).sum(axis=0)
        weights = np.exp(logarithms - logarithms.max())
        weights[truth] = 0
        # nil effects are ties, and a tie lies below with its own chance
        below = (ours < ours[:, [truth]]) + (ours == ours[:, [truth]]) * generator.random((len(ours), 1))
        ranks.append(below @ weights / weights.sum())
    return np.array(ranks)


def as_believed(generator: np.random.Generator, distance: Distance) -> bool:
    """With the chance that the likelihood has."""
    return bool(generator.random() >= TRANSFER.unrelated[distance])


def never(_generator: np.random.Generator, _distance: Distance) -> bool:
    """No study tells anything of this city."""
    return False


@pytest.mark.slow
def test_truths_lie_anywhere_among_what_studies_made_from_them_leave(experiments: Experiments) -> None:
    """And not where every study is of a place that is nothing like the city, although it is believed to be."""
    # 400 ranks: their mean has a standard error of 0.0144, the share in the middle half one of 0.025
    right, wrong = (ranks_of_truths(experiments, tells, 400) for tells in (as_believed, never))
    middle = [((ranks > 0.25) & (ranks < 0.75)).mean(axis=0) - 0.5 for ranks in (right, wrong)]
    assert np.abs(right.mean(axis=0) - 0.5).max() < 0.055
    assert np.abs(middle[0]).max() < 0.09
    assert max(np.abs(wrong.mean(axis=0) - 0.5).max(), np.abs(middle[1]).max()) > 0.09


# --- the shipped file ------------------------------------------------------------------------------------------------


def test_every_study_of_a_policy_that_is_known_is_run_or_says_why_not() -> None:
    """Rows 23 to 35 of the priors are what studies found of policies; the model book lists each with its experiment."""
    named = {figure for effect in ALL for figure in effect.figures}
    assert {f"PRI-{number:03d}" for number in range(23, 36)} <= named
    for effect in ALL:
        assert effect.note.zh, effect.identifier
        assert effect.note.en, effect.identifier


def test_the_printed_range_is_the_one_that_is_used() -> None:
    figures, effects = load_figures(), {effect.identifier: effect for effect in ALL}
    film, printed = effects["EF01"], figures["PRI-025"]
    assert printed.low is not None
    assert printed.high is not None
    # 6.3 and 55.4 %: (log 1.063 + log 1.554) / 2 = 0.251, and (0.441 - 0.061) / 3.29 = 0.115
    assert film.estimate == pytest.approx((math.log1p(printed.low / 100) + math.log1p(printed.high / 100)) / 2)
    assert (film.estimate, film.error) == pytest.approx((0.251, 0.1155), abs=1e-3)


@pytest.mark.parametrize(
    "parameter", [p for p in MODEL.parameters.values() if p.role == "uncertain"], ids=lambda p: p.name
)
def test_no_prior_rests_on_a_figure_that_a_study_brings_in(parameter: Parameter) -> None:
    used = {figure for effect in USED for figure in effect.figures} | {effect.study for effect in USED}
    assert not {*parameter.evidence} & used


def test_a_study_that_had_not_appeared_is_not_known() -> None:
    then = literature_of(MODEL, until=datetime.date(2024, 12, 31))
    assert "xie_zhu_2025" not in then.studies
    assert {"button_2019", "lu_wang_zhu_2019"} <= {*then.studies}
    assert "xie_zhu_2025" in literature_of(MODEL, until=datetime.date(2025, 12, 31)).studies


def test_a_finding_can_be_left_out_and_makes_another_posterior() -> None:
    whole, without = Evidence().target(), Evidence(without=("EF06",)).target()
    assert whole.inputs_digest != without.inputs_digest
    assert len(whole.observer.reports) == len(without.observer.reports)
    assert {*whole.ingredients["study"]} - {*without.ingredients["study"]} == {"EF06"}


# --- mistakes --------------------------------------------------------------------------------------------------------

MISTAKES: dict[str, tuple[Callable[[dict[str, str]], dict[str, str]], str]] = {
    "lever": (lambda row: row | {"treatment": "fund_sise=2 亿元"}, "did you mean “fund_size”"),
    "amount": (lambda row: row | {"treatment": "fund_size=200 亿元"}, "lies outside the range of “fund_size”"),
    "outcome": (lambda row: row | {"outcome": "active_firm"}, "did you mean “active_firms”"),
    "source": (lambda row: row | {"source": "buton_2019"}, "did you mean “button_2019”"),
    "figure": (lambda row: row | {"figures": "PRI-925"}, "there is no figure or source “PRI-925”"),
    "finding": (lambda row: row | {"finding": "increased"}, "“finding” cannot be “increased”; did you mean “increase”"),
    "distance": (lambda row: row | {"distance": "nearby"}, "“distance” cannot be “nearby”; did you mean “near”"),
    "range": (lambda row: row | {"low": "60"}, "must not fall"),
    "number": (lambda row: row | {"high": "much"}, "is not a number"),
    "fall": (lambda row: row | {"low": "-120"}, "an outcome cannot fall by more than all of it"),
    "months": (lambda row: row | {"from_month": "40"}, "“from_month” must be below “to_month”"),
    "error": (lambda row: row | {"finding": "nil", "error": "0"}, "“error” must be above 0"),
    "empty": (lambda row: row | {"label_en": ""}, "“label_en” is empty"),
    "twice": (lambda row: row | {"id": "EF02"}, "the id “EF02” is already used"),
    "study": (lambda row: row | {"distance": "near"}, "are findings of one study"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_row_is_told_with_its_line(mistake: str, tmp_path: Path) -> None:
    change, told = MISTAKES[mistake]
    with FILE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[0] = change(rows[0])
    path = tmp_path / "effects.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(InputError, match=re.escape(told)) as raised:
        load_effects(MODEL, path)
    line = 3 if mistake in ("twice", "study") else 2
    assert f"effects.csv:{line}" in str(raised.value)
    assert re.search("[\u4e00-\u9fff]", in_language(raised.value, "zh"))


def test_a_column_too_many_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "effects.csv"
    path.write_text(f"{','.join(COLUMNS)},more\n", "utf-8")
    with pytest.raises(InputError, match="the columns must be"):
        load_effects(MODEL, path)
