"""Is another city's posterior right: Zhengzhou's structure, led to the city's own figures and by nothing else?

Does NOT establish that the structure is the same in every city, which is assumed, nor that a forecast of a city is
good: one to three figures, each of which may be wrong or mean several things, leave wide intervals.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from posteriors import stand_in
from shudian.calibrate.calibration import Evidence
from shudian.calibrate.city_member import CityMember, fit_city, local_names
from shudian.calibrate.sampler import Settings, advance, start
from shudian.calibrate.simulation_based import made_reports
from shudian.calibrate.target import Target
from shudian.evidence import load_figures
from shudian.forecasts.city_member import foretold
from shudian.kinds import InputError
from shudian.observe.likelihood import Observer
from shudian.observe.reports import CALIBRATION, Report
from shudian.parameters import HOME, city_titles
from shudian.posterior_file import Posterior
from shudian.structure import load_model

DRAWS, COPIES = 1000, 8
TRUTHS = 24
OTHERS = tuple(city for city in city_titles() if city != HOME)


def has_figures(city: str) -> bool:
    try:
        Evidence(city).target()
    except InputError:
        return False
    return True


WITH_FIGURES = tuple(city for city in OTHERS if has_figures(city))
ANY = WITH_FIGURES[0]
MANY = max(WITH_FIGURES, key=lambda city: len(Evidence(city).target().observer.reports))


@cache
def home() -> Posterior:
    """Prior draws in Zhengzhou's place: no test here hangs on what its posterior is."""
    return stand_in(DRAWS)


@cache
def shipped_target(city: str) -> Target:
    return Evidence(city).target()


def fitted(city: str, target: Target | None = None, **how: int) -> CityMember:
    found = home()
    return fit_city(Evidence(city), found.names, found.values, copies=COPIES, target=target, **how)


@cache
def member(city: str) -> CityMember:
    return fitted(city)


def uncertain(found: CityMember, pairs: str = "chosen") -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return found.uncertain(home().names, home().values, getattr(found, pairs))


def told(target: Target, *reports: Report) -> Target:
    """`target` with other reports of the same quantities."""
    return replace(target, observer=Observer(reports))


# Which figures are fitted


@pytest.mark.parametrize("city", WITH_FIGURES)
def test_only_the_citys_own_figures_are_fitted_and_none_that_came_later(city: str) -> None:
    """The nation's are in Zhengzhou's posterior already, and would count twice."""
    figures = [figure for report in shipped_target(city).observer.reports for figure in report.figures]
    assert {figure.role for figure in figures} == {CALIBRATION}
    assert {figure.geography.split("/")[0] for figure in figures} == {city}
    assert {figure.identifier for figure in figures} <= load_figures().keys()


@pytest.mark.parametrize("city", sorted({*OTHERS} - {*WITH_FIGURES}))
def test_a_city_without_figures_says_so(city: str) -> None:
    with pytest.raises(InputError, match=f"no figure of {city} that could be fitted is known"):
        Evidence(city).target()


def test_each_thing_that_a_figure_may_mean_keeps_a_weight() -> None:
    found = shipped_target(MANY)
    weights = found.observer.explanations(found.run(uncertain(member(MANY))))
    assert any(len(report.alternatives) > 1 for report in found.observer.reports)
    for report, (meanings, wrong) in zip(found.observer.reports, weights, strict=True):
        assert len(meanings) == len(report.alternatives)
        assert meanings.sum() == pytest.approx(1)
        assert (meanings > 0).all()
        assert 0 < wrong < 1


# What is shared, and what is the city's own


@pytest.mark.parametrize("city", OTHERS)
def test_what_a_citys_file_states_and_what_is_marked_is_its_own(city: str) -> None:
    model, zhengzhou = load_model(city), load_model()
    own = set(local_names(model))
    stated = {name for name, p in model.parameters.items() if p.prior != zhengzhou.parameters[name].prior}
    assert stated <= own
    assert {name for name in own - stated if not model.parameters[name].local} == set()
    assert {"initial_city_share", "initial_firms", "order_shock_2024"} <= own
    national = {name for name in own if name.startswith("national_") or name.endswith(("_sensitivity", "_elasticity"))}
    assert national == set(), "the nation and the mechanisms are shared"


@pytest.mark.parametrize("city", WITH_FIGURES)
def test_every_structural_draw_is_one_of_zhengzhous_with_all_that_ties_it_together(city: str) -> None:
    found = member(city)
    values, latent = uncertain(found), found.target.latent
    for row, name in enumerate(latent.names):
        if name not in found.local:
            np.testing.assert_array_equal(values[row], home().values[home().names.index(name), found.chosen.shared])
    assert np.isfinite(found.chosen.log_likelihood).all()
    np.testing.assert_allclose(found.target.observer.total(found.target.run(values)), found.chosen.log_likelihood)


def test_figures_that_say_nothing_leave_every_draw_where_it_was() -> None:
    target = shipped_target(ANY)
    flat = [
        replace(r, errors=replace(r.errors, level=1e6, growth=1e6), wide=replace(r.wide, level=1e6, growth=1e6))
        for r in target.observer.reports
    ]
    found = fitted(ANY, told(target, *flat))
    assert found.chosen.effective == pytest.approx(DRAWS, rel=1e-3)
    # but for the rounding of a weight, which puts a neighbour in a draw's place
    assert np.abs(found.chosen.shared - np.arange(DRAWS)).max() <= 1
    z = target.latent.latent(uncertain(found))[[target.latent.names.index(name) for name in found.local]]
    assert np.abs(z.mean(axis=1)).max() < 4.5 / DRAWS**0.5
    assert np.abs(z.std(axis=1) - 1).max() < 4.5 / (2 * DRAWS) ** 0.5


@pytest.mark.parametrize("city", WITH_FIGURES)
def test_structure_on_which_no_figure_depends_keeps_zhengzhous_posterior(city: str) -> None:
    found = member(city)
    latent = found.target.latent
    unread = [row for row, name in enumerate(latent.names) if name not in found.local and name not in found.target.read]
    assert unread
    before, after = (latent.latent(uncertain(found, pairs))[unread] for pairs in ("before", "chosen"))
    error = before.std(axis=1) * (1 / found.chosen.structures) ** 0.5
    assert np.abs((after.mean(axis=1) - before.mean(axis=1)) / error).max() < 4.5


# What the figures teach


def test_a_city_that_is_known_is_found_again() -> None:
    """Made-up figures of known cities: the truths lie where they should among the draws, pooled over all of them."""
    target = shipped_target(MANY)
    share, names = target.latent.names.index("initial_city_share"), home().names
    levels = []
    for seed in range(TRUTHS):
        generator = np.random.default_rng([seed, 5])
        # a draw that takes no part in the fit, and a place of the city's own
        left = np.arange(DRAWS) != seed
        truth = np.array(
            [
                target.latent.uncertain(generator.standard_normal((target.dimensions, 1)))[row]
                if name in local_names(target.model)
                else home().values[names.index(name), [seed]]
                for row, name in enumerate(target.latent.names)
            ]
        )
        reports = made_reports(target.observer, target.run(truth), 1.0, generator)
        found = fit_city(
            Evidence(MANY), names, home().values[:, left], copies=COPIES, target=told(target, *reports), seed=seed
        )
        draws = found.uncertain(names, home().values[:, left], found.chosen)
        levels.append(float((draws[share] < truth[share]).mean()))
    inside = np.abs(np.array(levels) - 0.5) < 0.45
    half = np.abs(np.array(levels) - 0.5) < 0.25
    # of 24, a right posterior has fewer than 17 inside 90 %, or outside 5 to 19 inside 50 %, once in a thousand
    assert inside.sum() >= 17, levels
    assert 5 <= half.sum() <= 19, levels


@pytest.mark.parametrize("factor", [0.3, 3.0])
def test_a_city_of_which_more_is_printed_is_larger(factor: float) -> None:
    target = shipped_target(ANY)
    moved = []
    for scale in (1.0, factor):
        scaled = [
            replace(
                r, alternatives=tuple(replace(a, level=a.level and a.level.over(1 / scale)) for a in r.alternatives)
            )
            for r in target.observer.reports
        ]
        found = fitted(ANY, told(target, *scaled))
        moved.append(float(np.median(uncertain(found)[target.latent.names.index("initial_city_share")])))
    assert (moved[1] > moved[0]) == (factor > 1)


@pytest.mark.slow
def test_the_sampler_that_moves_everything_finds_the_same() -> None:
    """Where Zhengzhou's draws are the priors', the calibration's own sampler can do what the weights do."""
    target = shipped_target(ANY)
    settings = Settings(particles=400, sweeps=4, last_stages=6)
    population = start(target.terms, target.dimensions, settings, (3,))
    left = settings.last_stages
    while population.temperature < 1 or left:
        left -= population.temperature == 1
        population = advance(population, target.terms, settings, (3,))
    row = target.latent.names.index("initial_city_share")
    found = member(ANY)
    ours = np.concatenate([target.latent.latent(uncertain(found))[[row]], found.chosen.log_likelihood[None]])
    theirs = np.stack([population.z[row], population.log_likelihood])
    # moves leave particles correlated: a quarter of them is taken to be independent
    error = np.hypot(ours.std(axis=1) / found.chosen.effective**0.5, theirs.std(axis=1) / 10)
    assert np.abs(ours.mean(axis=1) - theirs.mean(axis=1)).max() < 4 * error.max()
    np.testing.assert_allclose(ours.std(axis=1), theirs.std(axis=1), rtol=0.3)


# Foretelling one figure by the others


@pytest.mark.parametrize("city", WITH_FIGURES)
def test_a_figure_is_foretold_without_itself(city: str) -> None:
    """What it prints changes nothing of what is foretold of it, and what is foretold is what leaving it out gives."""
    target, found = shipped_target(city), member(city)
    reports = target.observer.reports
    for place, report in enumerate(reports):
        other = replace(
            report, alternatives=tuple(replace(a, level=a.level and a.level.over(0.2)) for a in report.alternatives)
        )
        changed = fitted(city, told(target, *reports[:place], other, *reports[place + 1 :]))
        name = report.identifier
        np.testing.assert_array_equal(changed.without[name].shared, found.without[name].shared)
        np.testing.assert_array_equal(changed.without[name].local, found.without[name].local)
        if len(reports) > 1:
            left = fitted(city, told(target, *reports[:place], *reports[place + 1 :]))
            np.testing.assert_array_equal(left.chosen.shared, found.without[name].shared)
            np.testing.assert_array_equal(left.chosen.local, found.without[name].local)
        else:
            assert found.without[name].effective == DRAWS


@pytest.mark.parametrize("city", WITH_FIGURES)
def test_every_printed_number_is_foretold_with_and_without_itself(city: str) -> None:
    entries = foretold(member(city), home())
    fitted_names = {r.identifier for r in shipped_target(city).observer.reports}
    assert {e.report.identifier for e in entries if e.fitted} == fitted_names
    for entry in entries:
        role = load_figures()[entry.report.figures[0].identifier].role
        assert entry.fitted == (role == CALIBRATION)
        assert (entry.others is None) == (not entry.fitted)
        assert entry.before.low < entry.before.median < entry.before.high
        narrower = np.log(entry.after.high / entry.after.low) < 1.05 * np.log(entry.before.high / entry.before.low)
        assert narrower or not entry.fitted
