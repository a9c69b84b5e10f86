"""Does “what if this parameter were …” keep to what was reported, and is a prior of one's own the posterior it implies?

Asked of posteriors whose conditional distributions are known by formula, and of the shipped one, whose worlds must go
on to fit the reports. Does NOT establish that the sampler's posterior is right, nor that a condition far out in its
tail is as exact as one in its middle; how many draws are near enough was chosen by looking at the shipped posterior.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toy
from commands import Terminal
from posteriors import stand_in
from shudian import posterior_file as posterior_module
from shudian.analysis.beliefs import beliefs
from shudian.analysis.results import evaluate
from shudian.analysis.verdicts import Pairing, judge, judged, reached
from shudian.answers.plan import Request, plan
from shudian.answers.run import carry_out
from shudian.answers.world import in_one_world
from shudian.conditioning import FEWEST, NEAREST, believing, conditioned
from shudian.draws import draws_of, effective_draws, prior_draws
from shudian.grounds import Grounds, expected_target, posterior_draws
from shudian.kinds import InputError, Model, Prior
from shudian.latent import latent_of
from shudian.own_priors import REFUSED_BELOW, WARNED_BELOW, read_own_prior, reweighted, weights
from shudian.posterior_file import Posterior, read_posterior, write_posterior
from shudian.priors import cumulative, log_density, quantile
from shudian.report.run.short import basis
from shudian.report.words.belief_text import posterior_text
from shudian.scenarios import load_scenario
from shudian.structure import load_model
from shudian.targets import load_definitions, load_targets, market_of

NORMAL = Prior("normal", {"mean": 1.0, "sd": 2.0})
LOGNORMAL = Prior("lognormal", {"median": 0.3, "sigma": 0.5})
NIL = Prior("nil_or_normal", {"nil_probability": 0.4, "mean": 0.5, "sd": 0.3})
MIXING = np.array([[1.0, 0, 0, 0], [0.9, 0.3, 0, 0], [-0.5, 0.4, 0.6, 0], [0, 0, 0, 1.0]])
"""Latent numbers are this times round noise; the last is independent of the others."""
COVARIANCE = MIXING @ MIXING.T
DRAWS = 4000


def model_of(*priors: Prior) -> Model:
    made = toy.model({}, {}, fixed=" ".join(f"p{n}" for n in range(len(priors))))
    ranges = {"lognormal": (0.0, 50.0), "nil_or_normal": (-2.0, 3.0)}
    parameters = {
        p.name: replace(p, prior=prior, low=ranges.get(prior.distribution, (-50, 50))[0],
                        high=ranges.get(prior.distribution, (-50, 50))[1])
        for p, prior in zip(made.parameters.values(), priors, strict=True)
    }  # fmt: skip
    return replace(made, parameters=parameters)


def posterior_of(model: Model, values: np.ndarray) -> Posterior:
    names = tuple(model.parameters)
    draws = values.shape[1]
    return Posterior(names, values, np.arange(draws) % 4, np.zeros(draws), {"reports": [], "city": "zhengzhou"})


LATENT = MIXING @ np.random.default_rng(7).standard_normal((4, DRAWS))
SMOOTH = model_of(NORMAL, LOGNORMAL, NORMAL, LOGNORMAL)
CORRELATED = posterior_of(SMOOTH, latent_of(SMOOTH).uncertain(LATENT))


def conditional(given_rows: Sequence[int], at: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the latent numbers, given some of them: the textbook's formula."""
    gain = COVARIANCE[:, given_rows] @ np.linalg.inv(COVARIANCE[np.ix_(given_rows, given_rows)])
    return gain @ np.asarray(at), COVARIANCE - gain @ COVARIANCE[given_rows]


def value_at(row: int, z: float) -> float:
    return float(latent_of(SMOOTH).uncertain(np.full((4, 1), z))[row, 0])


@pytest.mark.parametrize(
    ("rows", "at"),
    [([0], [0.0]), ([0], [1.3]), ([1], [-1.3]), ([2], [1.0]), ([0, 2], [0.6, -0.3]), ([0, 3], [0.8, 1.0])],
)
def test_a_condition_gives_the_conditional_distribution(rows: list[int], at: list[float]) -> None:
    made = conditioned(CORRELATED, SMOOTH, {f"p{row}": value_at(row, z) for row, z in zip(rows, at, strict=True)})
    z = latent_of(SMOOTH).latent(made.values)
    mean, covariance = conditional(rows, at)
    error = np.sqrt(np.diag(covariance).clip(0) / made.size)
    # the slopes are estimated too, from all draws
    slope_error = np.abs(at).max() / np.sqrt(DRAWS)
    assert (abs(z.mean(axis=1) - mean) < 4 * (error + slope_error) + 1e-4).all()
    np.testing.assert_allclose(np.cov(z), covariance, atol=0.17)
    for row, value in zip(rows, at, strict=True):
        np.testing.assert_array_equal(made.values[row], value_at(row, value))


def test_to_overwrite_would_not() -> None:
    mean, _ = conditional([0], [1.3])
    assert abs(LATENT[1].mean() - mean[1]) > 1


@pytest.mark.parametrize("rows", [[0], [1, 3]])
def test_the_order_of_the_draws_does_not_matter(rows: list[int]) -> None:
    shuffled = np.random.default_rng(3).permutation(DRAWS)
    other = posterior_of(SMOOTH, CORRELATED.values[:, shuffled])
    given_ = {f"p{row}": value_at(row, 0.5) for row in rows}
    one, two = (np.sort(conditioned(p, SMOOTH, given_).values, axis=1) for p in (CORRELATED, other))
    np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-9)
    own = [read_own_prior("p0=normal(2, 1)", SMOOTH.parameters)]
    np.testing.assert_allclose(weights(CORRELATED, own)[shuffled], weights(other, own), rtol=1e-12)


def test_nil_is_conditioned_on_as_nil_and_stays_nil_elsewhere() -> None:
    model = model_of(NIL, NIL, NORMAL)
    z = np.array([[1.0, 0, 0], [0.5, 0.8, 0], [0.7, 0, 0.7]]) @ np.random.default_rng(5).standard_normal((3, DRAWS))
    posterior = posterior_of(model, latent_of(model).uncertain(z))
    nil = posterior.values[0] == 0
    found = conditioned(posterior, model, {"p0": 0.0})
    np.testing.assert_allclose(found.values, posterior.values[:, nil], rtol=1e-9)
    np.testing.assert_array_equal(found.values[1] == 0, posterior.values[1, nil] == 0)
    other = conditioned(posterior, model, {"p0": 0.5})
    assert found.size > FEWEST <= other.size
    np.testing.assert_array_equal(other.values[0], 0.5)
    near = {*map(float, posterior.values[1, ~nil])}
    assert {*map(float, other.values[1])} <= near


@given(st.floats(-4, 4))
@settings(max_examples=60, deadline=None)
def test_what_is_refused_lies_outside_the_values_that_are_offered(z: float) -> None:
    value = value_at(0, z)
    try:
        made = conditioned(CORRELATED, SMOOTH, {"p0": value})
    except InputError as error:
        said = re.fullmatch(r"--set p0=.*: only (\d+) of .* from (\S+) to (\S+)", str(error))
        assert said is not None
        assert int(said[1]) < FEWEST
        low, high = float(said[2]), float(said[3])
        assert not low <= value <= high
        for end in (low, high, (low + high) / 2):
            assert conditioned(CORRELATED, SMOOTH, {"p0": end}).size >= FEWEST
    else:
        assert FEWEST <= made.size <= NEAREST


def test_two_values_that_do_not_go_together_are_refused_with_what_would() -> None:
    # p1 follows p0 closely
    with pytest.raises(InputError, match=r"--set p0=.*write a value from"):
        conditioned(CORRELATED, SMOOTH, {"p0": value_at(0, 1.2), "p1": value_at(1, -1.2)})


def test_a_posterior_of_another_prior_is_what_reweighting_gives() -> None:
    """Normal priors and a normal report on a sum: both posteriors are known by formula."""
    model = model_of(NORMAL, NORMAL)
    design, noise = np.array([[1.0, 1.0]]), 0.5

    def exact(means: Sequence[float], sds: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
        precision = np.diag(1 / np.square(sds)) + design.T @ design / noise**2
        covariance = np.linalg.inv(precision)
        return covariance @ (np.array(means) / np.square(sds) + design[0] * 2.6 / noise**2), covariance

    mean, covariance = exact([1, 1], [2, 2])
    values = np.random.default_rng(11).multivariate_normal(mean, covariance, 20_000).T
    made = reweighted(posterior_of(model, values), ["p0=normal(2, 1)"], model.parameters)
    mean, covariance = exact([2, 1], [1, 2])
    assert made.effective is not None
    assert REFUSED_BELOW < made.effective < 20_000
    error = np.sqrt(np.diag(covariance) / made.effective)
    assert (abs(made.values.mean(axis=1) - mean) < 4 * error).all()
    np.testing.assert_allclose(np.cov(made.values), covariance, rtol=0.1)
    fresh = np.random.default_rng(12).multivariate_normal(mean, covariance, 20_000).T
    levels = [0.05, 0.25, 0.5, 0.75, 0.95]
    one, other = (np.quantile(drawn, levels, axis=1) for drawn in (made.values, fresh))
    assert (abs(one - other) < 6 * error * 2).all()


def test_weights_are_the_priors_ratio_whatever_reports_there_were() -> None:
    own = [read_own_prior("p0＝normal（2，sd=1）", SMOOTH.parameters), read_own_prior("p1=uniform", SMOOTH.parameters)]
    found = weights(CORRELATED, own)
    x, y = CORRELATED.values[:2]
    ratio = np.exp(-0.5 * (x - 2) ** 2 + 0.5 * ((x - 1) / 2) ** 2) * y * np.exp(0.5 * (np.log(y / 0.3) / 0.5) ** 2)
    np.testing.assert_allclose(found, ratio / ratio.sum(), rtol=1e-9)


def test_the_prior_that_it_had_changes_nothing() -> None:
    made = reweighted(CORRELATED, ["p0=normal(1, 2)"], SMOOTH.parameters)
    np.testing.assert_array_equal(made.values, CORRELATED.values)
    assert made.effective == pytest.approx(DRAWS)


def test_nil_keeps_its_own_probability() -> None:
    model = model_of(NIL)
    posterior = posterior_of(model, prior_draws(model, DRAWS, 2).values)
    made = reweighted(posterior, ["p0=nil_or_normal(0.1, 0.5, 0.3)"], model.parameters)
    assert made.effective is not None
    assert float((made.values == 0).mean()) == pytest.approx(0.1, abs=4 * 0.3 / made.effective**0.5)
    without = reweighted(posterior, ["p0=normal(0.5, 0.3)"], model.parameters)
    assert (without.values != 0).all()
    with pytest.raises(InputError, match="no draw of “p0” is exactly nil"):
        reweighted(CORRELATED, ["p0=nil_or_normal(0.1, 0.5, 0.3)"], SMOOTH.parameters)


PRIORS = [
    (NORMAL, -3.0, 4.0), (LOGNORMAL, 0.0, 2.0), (LOGNORMAL, 0.1, 50.0), (Prior("beta", {"mean": 0.4, "sd": 0.2}), 0, 1),
    (Prior("beta", {"mean": 3.0, "sd": 0.7}), 1, 6), (Prior("uniform", {}), -1, 3), (NIL, -0.2, 3.0),
    (Prior("triangular", {"mode": 0.3}), 0, 1), (Prior("triangular", {"mode": 0.0}), 0, 1),
    (Prior("triangular", {"mode": 1.0}), 0, 1),
]  # fmt: skip


@pytest.mark.parametrize(("prior", "low", "high"), PRIORS)
def test_the_density_is_the_slope_of_the_cumulative_probability(prior: Prior, low: float, high: float) -> None:
    x = quantile(prior, low, high, np.linspace(0.02, 0.98, 41))
    if prior is NIL:
        assert log_density(prior, low, high, np.zeros(1))[0] == pytest.approx(np.log(0.4))
        x = x[abs(x) > 1e-3]
    step = 1e-6 * (high - low)
    slope = (cumulative(prior, low, high, x + step) - cumulative(prior, low, high, x - step)) / (2 * step)
    np.testing.assert_allclose(np.exp(log_density(prior, low, high, x)), slope, rtol=1e-4)
    assert (log_density(prior, low, high, np.array([low - 0.1, high + 0.1])) == -np.inf).all()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("p0", "write it as name=distribution"), ("p9=uniform", "p9"), ("p0=gauss(1, 2)", "“gauss” is not a"),
        ("p0=normal(1)", r"normal\(mean, sd\)"), ("p0=normal(1, 2, 3)", r"normal\(mean, sd\)"),
        ("p0=normal(mean=1, mean=2)", r"normal\(mean, sd\)"), ("p0=normal(1, -2)", "sd must be above 0"),
        ("p0=normal(90, 1)", "outside the range"), ("p0=normal(1 人, 1)", "wrong unit"),
        ("p0=normal(a, 1)", "not a number"),
    ],
)  # fmt: skip
def test_a_prior_that_is_none_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as refusal:
        read_own_prior(text, SMOOTH.parameters)
    assert str(refusal.value).startswith(f"--prior-of {text}: ")


def test_too_few_effective_draws_are_refused_and_few_are_told() -> None:
    def worth(own: str) -> float:
        return effective_draws(weights(CORRELATED, [read_own_prior(own, SMOOTH.parameters)]))

    for own, warned in (("p0=normal(1, 0.25)", True), ("p0=normal(1, 1.5)", False)):
        assert worth(own) >= REFUSED_BELOW
        assert (worth(own) < WARNED_BELOW) == warned
        said = " ".join(posterior_text(reweighted(CORRELATED, [own], SMOOTH.parameters), "en"))
        assert ("Warning" in said) == warned
        assert f"{worth(own):,.0f} independent draws" in said
    assert worth("p0=normal(1, 0.1)") < REFUSED_BELOW
    with pytest.raises(InputError, match="recalibrate: shudian calibrate"):
        reweighted(CORRELATED, ["p0=normal(1, 0.1)"], SMOOTH.parameters)


MODEL = load_model()
PACKAGE = load_scenario("zhengzhou_2025", MODEL.parameters)
HOME = Grounds(stand_in(2000), "calibrated")


def test_a_reference_follows_into_the_world_and_packages_of_two_worlds_are_refused() -> None:
    other = replace(PACKAGE, name="mine", fixed={"national_growth_2026": 0.02})
    grounds, rest = in_one_world(HOME, MODEL, [other], ["fund_size=2亿元"], [])
    assert rest == ("fund_size=2亿元",)
    assert grounds.posterior is not None
    assert grounds.posterior.given == other.fixed
    assert grounds.before is HOME.posterior
    with pytest.raises(InputError, match="differ in “national_growth_2026”"):
        in_one_world(HOME, MODEL, [PACKAGE, other], [], [])
    same, _ = in_one_world(HOME, MODEL, [PACKAGE, other], ["national_growth_2026=20 %/年"], [])
    assert same.posterior is not None
    assert [*same.posterior.given] == ["national_growth_2026"]


def test_without_a_posterior_a_value_is_set_as_it_was_and_no_prior_can_be_reweighted() -> None:
    prior = Grounds(None, "asked")
    assert in_one_world(prior, MODEL, [PACKAGE], ["national_growth_2026=20 %/年"], []) == (
        prior,
        ("national_growth_2026=20 %/年",),
    )
    with pytest.raises(InputError, match="--prior-of reweights"):
        believing(prior, MODEL, ["national_growth_2026=normal(0.25, 0.125)"], {})
    with pytest.raises(InputError, match="a value and a prior at once"):
        believing(HOME, MODEL, ["national_growth_2026=normal(0.25, 0.125)"], {"national_growth_2026": 0.02})


@pytest.mark.parametrize("cut", [1.0, 1.6, 9.0])
def test_the_prior_that_makes_a_target_likely_is_moved_as_far_as_the_formula_says(cut: float) -> None:
    """Where a latent number is normal with mean m and variance v, a prior moved by d gives it the mean m + d v."""
    model = model_of(NORMAL, LOGNORMAL, NORMAL)
    noise = np.random.default_rng(21).standard_normal((4, 6000))
    z = np.array([0.2 + 0.5 * noise[0], 0.1 + 0.9 * noise[1], noise[2]])
    reading = z[0] + z[1] + 0.3 * noise[3]
    drawn = draws_of(model, latent_of(model).uncertain(z), 1, "x")
    hits = {"far": (reading > cut).astype(float), "likely": (reading > 0).astype(float), "low": (-reading > 0.2) * 1.0}
    found = beliefs(model, drawn, hits)
    assert "likely" not in found
    assert found["low"].parameter.name == "p1"
    assert found["low"].moved == pytest.approx(-0.5 / 0.81, abs=0.08)
    far = found["far"]
    assert far.likely == (cut < 5)
    if not far.likely:
        assert far.chance == hits["far"].mean() == 0
        return
    assert far.parameter.name == "p1"
    assert far.moved == pytest.approx((cut - 0.3) / 0.81, abs=0.12)
    assert far.after == pytest.approx(0.3 * np.exp(0.5 * far.moved))
    # the prior thus moved, written out, is what reweighting makes of it
    own = f"p1=lognormal({far.after}, 0.5)"
    posterior = posterior_of(model, drawn.values)
    weight = weights(posterior, [read_own_prior(own, model.parameters)])
    assert float(weight @ hits["far"]) == pytest.approx(far.chance, abs=1e-3)
    assert effective_draws(weight) == pytest.approx(far.effective, rel=1e-3)


def test_errors_are_those_of_what_the_draws_are_worth() -> None:
    assert HOME.posterior is not None
    names, market = ("baseline", "no_policy"), market_of(load_targets())
    draws = posterior_draws(MODEL, HOME.posterior, 100, 1)
    runs = [evaluate(MODEL, load_scenario(n, MODEL.parameters), draws, judged(MODEL, [market])) for n in names]
    pairing = Pairing("baseline", dict.fromkeys(names, "no_policy"), {})
    worth = replace(HOME, posterior=replace(HOME.posterior, effective=25.0))
    each, few = (judge("zhengzhou", runs, [market], load_definitions(), pairing, (), 1, g) for g in (HOME, worth))
    assert (each.carried, few.carried) == (100, 25)
    for definition in market.definitions:
        pairs = [(v.rows[0].targets[market.identifier], v.rows[0].gains) for v in (each, few)]
        for usual, wide in zip(*pairs, strict=True):
            assert wide[definition].value == usual[definition].value
            assert wide[definition].error == pytest.approx(2 * usual[definition].error)
    assert few.finding.noise == pytest.approx(min(1, 2 * each.finding.noise))


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    assert HOME.posterior is not None
    write_posterior(HOME.posterior, tmp_path / "posterior.parquet")
    monkeypatch.setattr(posterior_module, "shipped_posterior", lambda: tmp_path / "posterior.parquet")
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


def test_a_run_says_its_world_and_can_be_repeated_to_the_bit(terminal: Terminal) -> None:
    words = ("--set", "national_growth_2026=25 %/年", "--prior-of", "national_growth_2027=normal(0.25, 0.2)")
    ended = terminal("run", "baseline", *words, "--draws", "40", "--out", "r", "--lang", "en")
    assert ended.code == 0, ended.err
    said = " ".join(ended.out.split())
    for part in ("= 25% a year", "national_growth_2027=normal(0.25, 0.2)", "independent draws", "Without that"):
        assert part in said
    recorded = json.loads(Path("r/manifest.json").read_text(encoding="utf-8"))["posterior"]
    assert recorded["own_priors"] == ["national_growth_2027=normal(0.25, 0.2)"]
    assert [*recorded["given"]] == ["national_growth_2026"]
    assert terminal("run", "--repeat", "r/manifest.json", "--lang", "en").code == 0
    assert "= 25% a year" in Path("r/table.md").read_text(encoding="utf-8")


def test_too_far_a_value_is_refused_in_a_sentence(terminal: Terminal) -> None:
    far = terminal("run", "baseline", "--set", "national_growth_2026=79 %/年", "--draws", "40", "--lang", "zh")
    assert (far.code, far.out) == (2, "")
    assert re.search(r"只有\d+次接近该值，而至少需要200次；请写-?[\d.]+到[\d.]+ 1/年之间的值", far.err)


@pytest.mark.parametrize(
    ("setting", "said"),
    [("platform_guarantee=0.2@2027-02", "which is an intervention"), ("national_growth_2026=79 %/年", "a priori")],
)
def test_an_intervention_and_a_value_set_on_the_priors_are_said_to_be_one(setting: str, said: str) -> None:
    request = Request(("baseline",), settings=(setting,), draws=20, prior=True)
    assert said in basis(carry_out(plan(request)).verdicts, "en")
    assert said not in basis(carry_out(plan(replace(request, settings=()))).verdicts, "en")


def test_conditioned_worlds_of_the_shipped_posterior_fit_the_reports_and_overwritten_ones_do_not() -> None:
    posterior = read_posterior()
    target, latent = expected_target(posterior), latent_of(MODEL)
    place = [posterior.names.index(name) for name in latent.names]
    market = market_of(load_targets())
    name = "production_share_trend"
    column = posterior.values[posterior.names.index(name)]
    value = float(np.quantile(column, 0.9))
    made = conditioned(posterior, MODEL, {name: value})
    kept = made.values[place][:, :500]
    over = posterior.values[place][:, :500]
    over[latent.names.index(name)] = value
    fit, bad, usual = (
        np.median(target.observer.total(target.run(v))) for v in (kept, over, posterior.values[place][:, :500])
    )
    assert fit > usual - 2
    assert bad < usual - 8
    narrow = abs(column - value) < 0.15 * column.std()
    chances = {}
    for what, values in (("given", kept), ("near", posterior.values[place][:, narrow]), ("over", over)):
        run = evaluate(
            MODEL, PACKAGE, draws_of(MODEL, latent.fixed(values), 1, "x"), [*market.definitions.values()], 2027
        )
        chances[what] = reached(run, market, "local_output").mean()
    assert abs(chances["given"] - chances["near"]) < 4 * (0.1 * 0.9 / narrow.sum()) ** 0.5
    assert chances["over"] - chances["near"] > 0.15
    assert posterior_draws(MODEL, made, made.size, 1).calibrated
