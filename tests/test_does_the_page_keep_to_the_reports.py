"""Does a value or a prior of the planner's own mean on the page what it means to `shudian run`, on the same draws?

In real headless Chromium, with all draws of the shipped posterior: which draws carry an answer, what their other
parameters are, and the chances that follow. Does NOT establish that conditioning or reweighting is right (that is
asked of Python, in test_does_what_if_keep_to_the_reports.py), nor that the page shows what its engine answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from engine_page import EnginePage, engine_page, plain, shipped
from shudian.analysis.results import evaluate
from shudian.analysis.verdicts import MEASURES, chance, measured, read
from shudian.conditioning import FEWEST, conditioned
from shudian.draws import Draws, draws_of
from shudian.grounds import posterior_draws, standing_posterior
from shudian.kinds import InputError, Model, Parameter, Scenario
from shudian.latent import latent_number
from shudian.own_priors import REFUSED_BELOW, effective_draws, read_own_prior, reweighted, weights
from shudian.posterior_file import Posterior
from shudian.priors import cumulative, log_density, quantile
from shudian.scenarios import load_scenario
from shudian.targets import load_targets, market_of

SWEPT = 9
"""Every so-maniest uncertain parameter is given values."""
LEVELS = (0.07, 0.62, 0.97)
TREND = "production_share_trend"
CONDITIONS = ({TREND: 0.9}, {"national_growth_2026": 0.15}, {TREND: 0.3, "national_growth_2026": 0.7})
"""Parameter -> the quantile of the posterior at which it is set."""
PRIORS = ("national_growth_2026=normal(0.25, 0.125)", f"{TREND}=normal(0.2, 0.15)")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[EnginePage]:
    with engine_page(browser, shipped()[0]) as found:
        found.ask(
            """() => {
              window.beliefs = Shudian.beliefs.of(Shudian.data);
              window.told = ({ fixed = {}, priors = {} }) => {
                const { refused, size, worth, few } = beliefs.told({ fixed, priors });
                return { refused, size, worth, few };
              };
              window.engine = Shudian.engine.create(Shudian.data, { workers: 2 });
            }"""
        )
        yield found


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    found = standing_posterior("zhengzhou")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def asked(model: Model) -> Scenario:
    return load_scenario("zhengzhou_2025", model.parameters)


def at(posterior: Posterior, name: str, level: float) -> float:
    # three digits, so that no draw is as far from it as another
    return float(f"{np.quantile(posterior.values[posterior.names.index(name)], level):.3g}")


def uncertain(model: Model) -> list[Parameter]:
    return [p for p in model.fixed if p.prior is not None]


def prior_of(text: str, model: Model) -> dict[str, Any]:
    """An own prior as the page has it."""
    own = read_own_prior(text, model.parameters)
    return {own.parameter.name: {"distribution": own.prior.distribution, "arguments": dict(own.prior.arguments)}}


def test_priors_are_those_of_python(page: EnginePage, model: Model) -> None:
    levels = np.array([1e-4, 0.03, 0.2, 0.5, 0.77, 0.98, 1 - 1e-4])
    cases, wanted = [], []
    for p in uncertain(model):
        assert p.prior is not None
        x = quantile(p.prior, p.low, p.high, levels)
        prior = {"distribution": p.prior.distribution, "arguments": dict(p.prior.arguments)}
        cases.append([prior, p.low, p.high, x.tolist(), levels.tolist()])
        latent = [latent_number(p, float(value)) for value in x]
        density = log_density(p.prior, p.low, p.high, x)
        wanted.append([cumulative(p.prior, p.low, p.high, x), (x - p.low) / (p.high - p.low), density, latent])
    found = page.ask(
        """(cases) => cases.map(([prior, low, high, values, levels]) => {
          const shape = Shudian.priors.shape(prior, low, high), share = (x) => (x - low) / (high - low);
          return [values.map(shape.cumulative), levels.map((u) => share(shape.quantile(u))),
            values.map(shape.logDensity), values.map(shape.latent)];
        })""",
        cases,
    )
    np.testing.assert_allclose(np.array(found), np.array(wanted), rtol=1e-9, atol=1e-10)


def test_as_many_draws_carry_a_value_as_in_python_and_too_few_are_refused(
    page: EnginePage, model: Model, posterior: Posterior
) -> None:
    names = [p.name for p in uncertain(model)][::SWEPT]
    cases = [(name, at(posterior, name, level)) for name, level in zip(names, LEVELS * len(names), strict=False)]
    cases += [(names[n], model.parameters[names[n]].high) for n in (1, 5, 8)]
    found = page.ask("(cases) => cases.map(([n, x]) => told({ fixed: { [n]: x } }))", cases)
    refused = 0
    for (name, value), told in zip(cases, found, strict=True):
        reason = told["refused"]
        if reason is None:
            made = conditioned(posterior, model, {name: value})
            assert told["size"] == told["worth"] == made.size, name
            continue
        refused += 1
        assert (reason["key"], reason["needed"]) == ("page_given_refused", FEWEST)
        with pytest.raises(InputError, match=f"only {reason['near']} of the {reason['draws']} draws .* {FEWEST} are"):
            conditioned(posterior, model, {name: value})
    assert 2 <= refused < len(cases) / 2


def test_values_that_do_not_go_together_are_refused_by_name(
    page: EnginePage, model: Model, posterior: Posterior
) -> None:
    names = [TREND, "national_growth_2026", "national_growth_2025"]
    fixed = {name: at(posterior, name, level) for name, level in zip(names, (0.97, 0.03, 0.97), strict=True)}
    told = page.ask("(fixed) => told({ fixed })", fixed)
    with pytest.raises(InputError, match=rf"only {told['refused']['near']} of") as refusal:
        conditioned(posterior, model, fixed)
    if told["refused"]["key"] == "page_given_refused":
        assert told["refused"]["name"] in str(refusal.value)
    else:
        assert all(name in str(refusal.value) for name in told["refused"]["names"])


def chances(model: Model, scenario: Scenario, draws: Draws) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    market = market_of(load_targets())
    variables = sorted({*market.definitions.values(), *(m.variable for m in MEASURES)})
    run = evaluate(model, scenario, draws, variables)
    amounts = {m.name: np.quantile(read(run, m), [0.05, 0.5, 0.95]) for m in MEASURES}
    assert all(len(measured(run, market, d)) == draws.values.shape[1] for d in market.definitions)
    return {d: chance(run, market, d) for d in market.definitions}, amounts


def agrees(found: dict[str, Any], wanted: tuple[dict[str, Any], dict[str, np.ndarray]], size: int) -> None:
    market = market_of(load_targets()).identifier
    for definition, probability in wanted[0].items():
        # a draw that lies at the threshold itself may fall on either side of it
        assert found["probability"][market][definition]["value"] == pytest.approx(probability.value, abs=1.5 / size)
    for name, band in wanted[1].items():
        shown = found["measures"][name]
        np.testing.assert_allclose([shown["low"], shown["median"], shown["high"]], band, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("levels", CONDITIONS, ids=lambda levels: "+".join(levels))
def test_a_value_gives_the_chances_of_python_which_overwriting_would_not(
    page: EnginePage, model: Model, posterior: Posterior, asked: Scenario, levels: dict[str, float]
) -> None:
    fixed = {name: at(posterior, name, level) for name, level in levels.items()}
    made = conditioned(posterior, model, fixed)
    draws = posterior_draws(model, made, made.size, 1)
    scenario = plain(asked) | {"fixed": fixed, "priors": {}}
    values = page.ask(
        """async (s) => [...await beliefs.values(s)].map(
          ([name, drawn]) => [name, Array.from(drawn).sort((a, b) => a - b)])""",
        scenario,
    )
    assert [name for name, _ in values] == list(draws.names)
    for (name, drawn), wanted in zip(values, draws.values, strict=True):
        spread = float(np.ptp(wanted)) or 1.0
        # Python reads values from a table, which is straight between its nodes
        assert np.abs(np.array(drawn) - np.sort(wanted)).max() < 1e-4 * spread, name
    found = page.ask("(s) => engine.settle(s)", scenario)
    assert found["draws"] == found["worth"] == found["worlds"] == made.size
    wanted_ = chances(model, asked, draws)
    agrees(found, wanted_, made.size)
    if list(levels) == [TREND]:
        every = posterior_draws(model, posterior, posterior.size, 1)
        over = every.values.copy()
        for name, value in fixed.items():
            over[every.names.index(name)] = value
        overwritten, _ = chances(model, asked, draws_of(model, over, 1, "x"))
        assert max(abs(overwritten[d].value - wanted_[0][d].value) for d in overwritten) > 0.05


def test_the_few_draws_of_a_moving_slider_meet_the_condition_too(
    page: EnginePage, posterior: Posterior, asked: Scenario
) -> None:
    scenario = plain(asked) | {"fixed": {TREND: at(posterior, TREND, 0.9)}, "priors": {}}
    few, whole = page.ask("async (s) => [await engine.run('few', s), await engine.settle(s)]", scenario)
    assert (few["draws"], few["worlds"], few["settled"]) == (page.data["meta"]["draws"], whole["draws"], False)
    market = page.data["market"]
    for definition, probability in few["probability"][market].items():
        full = whole["probability"][market][definition]["value"]
        assert abs(probability["value"] - full) < 4 * max(probability["error"], 0.01)


@pytest.mark.parametrize("own", [PRIORS[:1], PRIORS], ids=["one", "two"])
def test_own_priors_give_the_chances_of_python_at_once(
    page: EnginePage, model: Model, posterior: Posterior, asked: Scenario, own: tuple[str, ...]
) -> None:
    made = reweighted(posterior, own, model.parameters)
    assert made.effective is not None
    priors: dict[str, Any] = {}
    for text in own:
        priors |= prior_of(text, model)
    bare = plain(asked) | {"priors": {}}
    found, at_once, share = page.ask(
        """async ([bare, s]) => {
          await engine.settle(bare);
          engine.reweigh(s); // the browser translates a function that is called often
          const begun = performance.now(), quick = engine.reweigh(s), took = performance.now() - begun;
          const found = await engine.settle(s);
          return [found, quick, took / (performance.now() - begun - took)];
        }""",
        [bare, bare | {"priors": priors}],
    )
    draws = posterior_draws(model, made, made.size, 1)
    wanted = chances(model, asked, draws)
    market = page.data["market"]
    for answer in (found, at_once):
        assert answer["draws"] == made.size
        assert answer["worth"] == pytest.approx(made.effective, rel=1e-6)
        agrees(answer, wanted, made.size)
        for definition, probability in wanted[0].items():
            wider = np.sqrt(made.size / made.effective)
            shown = answer["probability"][market][definition]["error"]
            assert shown == pytest.approx(probability.error * wider, rel=0.02)
    # paths are read from strips of draws at once, and exactly a moment later
    for name, levels in found["series"].items():
        width = np.array(levels["q95"]) - np.array(levels["q05"])
        for level, series in levels.items():
            gap = np.abs(np.array(at_once["series"][name][level]) - np.array(series))
            room = width + 1e-9 * np.abs(series)
            assert (gap <= 0.05 * room).all(), (name, level)
            assert np.median(gap - 0.01 * room) <= 0, (name, level)
    # of the time of a run in all draws, on whatever machine
    assert share < 0.25


def test_too_few_effective_draws_are_refused_and_few_are_told(
    page: EnginePage, model: Model, posterior: Posterior
) -> None:
    mean = at(posterior, TREND, 0.5)
    seen = set()
    for sd in (0.002, 0.01, 0.02, 0.04, 0.08, 0.16):
        text = f"{TREND}=normal({12 * mean:.6g}, {sd})"
        own = read_own_prior(text, model.parameters)
        effective = effective_draws(weights(posterior, [own]))
        told = page.ask("(priors) => told({ priors })", prior_of(text, model))
        if effective < REFUSED_BELOW:
            assert told["refused"]["key"] == "page_prior_refused"
            assert told["refused"]["effective"] == round(effective)
            with pytest.raises(InputError, match=f"leave {effective:.0f} effective draws"):
                reweighted(posterior, [text], model.parameters)
        else:
            assert told["worth"] == pytest.approx(effective, rel=1e-6)
            assert told["few"] == (effective < page.data["beliefs"]["warned"])
        seen.add("refused" if told["refused"] else told["few"])
    assert seen == {"refused", True, False}


def test_a_value_and_a_prior_are_taken_together_as_python_takes_them(
    page: EnginePage, model: Model, posterior: Posterior
) -> None:
    fixed = {TREND: at(posterior, TREND, 0.6)}
    told = page.ask("told", {"fixed": fixed, "priors": prior_of(PRIORS[0], model)})
    made = conditioned(reweighted(posterior, PRIORS[:1], model.parameters), model, fixed)
    assert told["size"] == made.size
    assert told["worth"] == pytest.approx(made.effective, rel=1e-6)
    both = page.ask("told", {"fixed": fixed, "priors": prior_of(PRIORS[1], model)})
    assert both["refused"] == {"key": "page_value_and_prior", "name": TREND}


def test_what_the_page_says_of_the_past_is_what_run_says(page: EnginePage) -> None:
    from shudian.report.words.belief_text import past_text

    for language in ("zh", "en"):
        assert page.data["past"][language] == " ".join(past_text(language))  # type: ignore[arg-type]
        assert re.search(r"\d+%", page.data["past"][language])
