"""Does the model in the planner's page give Python's numbers, and are its verdicts read as Python reads them?

In real headless Chromium. Does NOT establish that the page shows what the engine answers, nor how fast it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from engine_page import EnginePage, engine_page, plain, shipped, with_draws
from random_scenarios import random_scenario
from shudian.analysis.cost import prices
from shudian.analysis.reported import band
from shudian.analysis.results import evaluate, reduce
from shudian.analysis.verdicts import MEASURES, YEAR, Pairing, Verdict, judge, paired, read
from shudian.analysis.warnings import shipped_packages
from shudian.answers.chosen import natural_reference
from shudian.answers.run import needed
from shudian.budget import equalise
from shudian.draws import Draws, draws_of, prior_draws
from shudian.grounds import Grounds, posterior_draws
from shudian.kinds import Model, Scenario, Segment
from shudian.page.data import OUTPUTS, carried
from shudian.posterior_file import read_posterior
from shudian.scenario_changes import combine
from shudian.scenarios import list_scenarios, load_scenario, schedule_matrix
from shudian.simulate import bare_run, simulate
from shudian.targets import load_definitions, load_targets

RANDOM = 200
ROUNDED = 1e-12
"""How far apart sums and products may be that are the same but for the order in which they are taken."""


@pytest.fixture(scope="module")
def few(model: Model) -> Draws:
    """Twelve draws of the posterior, chosen otherwise than the page's, and four of the priors."""
    posterior = posterior_draws(model, read_posterior(), 12, 7)
    return draws_of(model, np.hstack([posterior.values, prior_draws(model, 4, 7).values]), 7)


@pytest.fixture(scope="module")
def bare(browser: Browser, few: Draws) -> Iterator[EnginePage]:
    with engine_page(browser, with_draws(few)) as page:
        yield page


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[EnginePage]:
    with engine_page(browser, shipped()[0]) as page:
        page.ask("() => { window.engine = Shudian.engine.create(Shudian.data, { workers: 2 }); }")
        yield page


def compare_with_python(page: EnginePage, model: Model, draws: Draws, scenarios: list[Scenario]) -> None:
    """Every number, to the last bit."""
    equations = [equation.name for equation in model.equations]
    kept = [equations.index(name) for name in page.data["kept"]]
    for scenario, found in zip(scenarios, page.numbers([plain(s) for s in scenarios]), strict=True):
        run = bare_run(model, scenario, draws, equations)
        assert np.array_equal(found.schedules, schedule_matrix(scenario, model.scheduled)), scenario
        assert np.isfinite(run).all()
        assert found.months.tobytes() == run[kept].tobytes(), scenario
        assert found.now.tobytes() == run[:, 60].tobytes(), scenario


def test_every_shipped_scenario_agrees(bare: EnginePage, model: Model, few: Draws) -> None:
    packages = [equalise(s, model) for s in shipped_packages(model).values() if not s.reviews]
    asked = load_scenario("zhengzhou_2025", model.parameters)
    struck = [combine(asked, load_scenario(n, model.parameters)) for n in list_scenarios(kind="shock")]
    compare_with_python(bare, model, few, packages + struck)


@pytest.mark.slow
def test_random_scenarios_agree(bare: EnginePage, model: Model, few: Draws) -> None:
    generator = np.random.default_rng(6)
    compare_with_python(bare, model, few, [random_scenario(model, generator) for _ in range(RANDOM)])


def verdict(model: Model, draws: Draws, scenario: Scenario, reference: Scenario) -> tuple[Verdict, Any]:
    targets = load_targets()
    outputs = list(dict.fromkeys([*needed(model, targets), *OUTPUTS]))
    runs = [reduce(s, simulate(model, s, draws, outputs=outputs)) for s in (reference, scenario)]
    names = (reference.name, scenario.name)
    pairing = Pairing(names[1], dict.fromkeys(names, names[0]), {})
    found = judge("zhengzhou", runs, targets, load_definitions(), pairing, (), 1, Grounds(None, "asked"))
    return found.row(scenario.name), (found.standing, runs[1])


def told(found: object) -> dict[str, float]:
    return {name: getattr(found, name) for name in found.__dataclass_fields__}  # type: ignore[attr-defined]


def agree(found: dict[str, float], wanted: object) -> None:
    """To the last bit, except for an error, whose squares are added up in another order."""
    expected: dict[str, Any] = told(wanted)
    if "error" in expected:
        expected["error"] = pytest.approx(expected["error"], rel=ROUNDED)
    assert found == expected


def agree_but_for_units(found: dict[str, float], wanted: object) -> None:
    """The same but for the rounding of a unit's factor, which Python and page take at different moments."""
    assert found == pytest.approx(told(wanted), rel=ROUNDED, abs=ROUNDED)


def compare_verdicts(page: EnginePage, model: Model, draws: Draws, scenario: Scenario, found: Any) -> None:
    """All that the page reads from a run, against the same question in Python."""
    measured_by = load_scenario(natural_reference([scenario], model.parameters), model.parameters)
    reference = replace(measured_by, assumptions=scenario.assumptions, fixed=scenario.fixed)
    wanted, (standing, outcome) = verdict(model, draws, scenario, reference)
    assert found["draws"] == draws.values.shape[1]
    for target, definitions in wanted.targets.items():
        for definition, probability in definitions.items():
            agree(found["probability"][target][definition], probability)
    for definition, gain in wanted.gains.items():
        agree(found["probability_gain"][definition], gain)
    for name, interval in wanted.measures.items():
        agree_but_for_units(found["measures"][name], interval)
    for name, interval in wanted.additional.items():
        agree_but_for_units(found["additional"][name], interval)
    for definition, years in standing.items():
        for entry in years:
            shown = found["standing"][str(entry.year)][definition]
            assert shown["reached"] == entry.reached.value
            assert shown["median"] == pytest.approx(1e-4 * entry.amount.median, rel=ROUNDED)
    for output in page.data["outputs"]:
        series = outcome.quantiles[outcome.index(output["name"])] * output["factor"]
        for level, key in enumerate(("q05", "q25", "q50", "q75", "q95")):
            assert list(found["series"][output["name"]][key]) == list(series[:, level])
    now = bare_run(model, scenario, draws, [e["name"] for e in page.data["equations"]])[:, 60]
    lower, upper = (np.quantile(now, 0.5, axis=1, method=side) for side in ("lower", "higher"))
    medians = lower + 0.5 * (upper - lower)
    assert [*found["now"].values()] == [m * e["factor"] for m, e in zip(medians, page.data["equations"], strict=True)]


@pytest.mark.parametrize("shock", ["", "demand_stalls"])
def test_verdicts_are_read_as_python_reads_them(page: EnginePage, model: Model, shock: str) -> None:
    shocks = [load_scenario(shock, model.parameters)] if shock else []
    scenario = combine(load_scenario("shenzhen_mode", model.parameters), *shocks)
    found = page.ask("(s) => engine.run('verdict', s)", plain(replace(scenario, base="shenzhen_mode")))
    compare_verdicts(page, model, carried().draws, scenario, found)


@pytest.mark.slow
def test_ten_random_states_are_read_as_python_reads_them(page: EnginePage, model: Model) -> None:
    """Without values of one's own for uncertain parameters, whose draws are the question of another file."""
    generator = np.random.default_rng(16)
    for _ in range(10):
        scenario = replace(random_scenario(model, generator), fixed={})
        found = page.ask("(s) => engine.run('verdict', s)", plain(scenario))
        compare_verdicts(page, model, carried().draws, scenario, found)


def states(model: Model) -> list[Scenario]:
    """Shipped packages, each with a lever moved from now on or as if in the past, and anything within the ranges."""
    generator, parameters = np.random.default_rng(61), model.parameters
    packages = (load_scenario(name, parameters) for name in list_scenarios(kind="package"))
    # the page refuses reviews
    shipped_ones = [package for package in packages if not package.reviews]
    now = shipped_ones[0].now
    moved = [
        replace(
            one, levers={**one.levers, "municipal_parks": (*one.levers.get("municipal_parks", ()), Segment(at, 9.0))}
        )
        for one in shipped_ones
        for at in (now, now - 1)
    ]
    return [*shipped_ones, *moved, *(random_scenario(model, generator) for _ in range(40))]


def test_a_state_is_measured_by_what_run_measures_it_by(page: EnginePage, model: Model) -> None:
    asked = states(model)
    found = page.ask("(all) => all.map((s) => Shudian.reference.nameOf(s))", [plain(s) for s in asked])
    assert found == [natural_reference([scenario], model.parameters) for scenario in asked]
    assert len({*found}) == 3


def test_a_change_is_paired_as_python_pairs_it(page: EnginePage, model: Model) -> None:
    draws = carried().draws
    before = load_scenario("zhengzhou_2025", model.parameters)
    after = replace(before, levers={**before.levers, "municipal_parks": (Segment(36.0, 8.0),)}, base=before.name)
    found = page.ask("([s, other]) => engine.run('change', s, {against: other})", [plain(after), plain(before)])[
        "change"
    ]
    targets = load_targets()
    one, other = (evaluate(model, s, draws, needed(model, targets)) for s in (after, before))
    assert found["against"] == before.name
    for measure in MEASURES:
        agree_but_for_units(found["measures"][measure.name], band(read(one, measure) - read(other, measure)))
    for target in targets:
        for definition in target.definitions:
            agree(found["probability"][target.identifier][definition], paired(one, other, target, definition))
    assert found["measures"]["parks"]["median"] > 0


@pytest.mark.parametrize("name", ["integration_plus", "no_policy"])
def test_prices_are_those_of_a_comparison(page: EnginePage, model: Model, name: str) -> None:
    draws, targets = carried().draws, load_targets()
    one, other = (
        evaluate(model, load_scenario(n, model.parameters), draws, needed(model, targets)) for n in (name, "no_policy")
    )
    wanted = prices(one, other)
    found = page.ask("(s) => engine.run('cost', s)", plain(load_scenario(name, model.parameters)) | {"base": name})
    for key, what in (("cost_per_job", "jobs"), ("cost_per_output", "output")):
        price = wanted[what, YEAR]
        assert found[key]["saving"] == math.isnan(price.median)
        if not found[key]["saving"]:
            bounds = {n: v if math.isfinite(v) else None for n, v in told(price).items() if n != "nothing"}
            shown = {n: found[key][n] for n in bounds}
            assert shown == pytest.approx(bounds, rel=ROUNDED)
            assert found[key]["positive_share"] == pytest.approx(1 - price.nothing)


def test_a_drag_gives_what_a_fresh_run_gives(page: EnginePage) -> None:
    """What is kept of the last run changes nothing, however the schedules moved between the two."""
    assert (
        page.ask("""async () => {
      const S = Shudian.scenario, same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
      let s = S.fromPreset("zhengzhou_2025");
      const moves = [
        ["fund_size", 36, 30000], ["fund_size", 36, 50000], ["municipal_parks", 60, 9], ["approval_days", 3, 10],
        ["fund_size", 90, 10000], ["national_growth_shift", 40, -0.01], ["talent_training", 95, 100],
      ];
      for (const [name, start, value] of moves) {
        s = S.withLever(s, name, [{ start, value, ramp: 0 }]);
        const kept = await engine.run("drag", s);
        engine.forget("fresh");
        const fresh = await engine.run("fresh", s);
        if (!same(kept, fresh)) return name;
      }
      return "";
    }""")
        == ""
    )


def test_the_newest_value_wins_and_is_never_dropped(page: EnginePage) -> None:
    answers = page.ask("""async () => {
      const S = Shudian.scenario, base = S.fromPreset("zhengzhou_2025");
      const values = Array.from({ length: 12 }, (_, i) => 1000 * (i + 1));
      const moved = (value) => S.withLever(base, "fund_size", [{ start: 36, value, ramp: 0 }]);
      const runs = values.map((value) => engine.run("race", moved(value)));
      return (await Promise.all(runs)).map((found) => found && found.scenario.levers.fund_size.at(-1).value);
    }""")
    assert answers[-1] == 12000
    assert answers[1:-1] == [None] * 10


def test_contributions_add_up(page: EnginePage, model: Model) -> None:
    found, result = page.ask("""async () => {
      const s = Shudian.scenario.fromPreset("zhengzhou_plus_shenzhen");
      return [await engine.contributions(s), await engine.run("shares", s)];
    }""")
    levers, total = found["levers"], found["total"]
    for name in total:
        assert sum(lever[name]["mean"] for lever in levers.values()) == pytest.approx(
            total[name]["mean"], rel=1e-9, abs=1e-12
        )
    for definition, gain in result["probability_gain"].items():
        assert total[definition] == pytest.approx({"mean": gain["value"], "error": gain["error"]}, rel=1e-9, abs=1e-12)
    scenario = load_scenario("zhengzhou_plus_shenzhen", model.parameters)
    reference = load_scenario(natural_reference([scenario], model.parameters), model.parameters)
    one, other = (schedule_matrix(s, model.scheduled) for s in (scenario, reference))
    moved = {p.name for p, a, b in zip(model.scheduled, one, other, strict=True) if not np.array_equal(a, b)}
    subsidy = set(page.data["lever_groups"][0])
    still = set(levers) - moved - (subsidy if moved & subsidy else set())
    assert still
    assert all(levers[name][m] == {"mean": 0, "error": 0} for name in still for m in total)
    draws = carried().draws
    jobs = [bare_run(model, s, draws, ["fte_jobs"])[0, 60] for s in (scenario, reference)]
    assert total["jobs"]["mean"] == pytest.approx(float((jobs[0] - jobs[1]).mean()), rel=1e-6)


def test_a_lone_lever_has_the_whole_contribution(page: EnginePage) -> None:
    found = page.ask("""() => engine.contributions(Shudian.scenario.withLever(
        Shudian.scenario.fromPreset("no_policy"), "municipal_parks", [{ start: 40, value: 6, ramp: 12 }]))""")
    assert found["levers"]["municipal_parks"] == found["total"]
    assert found["total"]["cost"]["mean"] > 0


def test_a_newer_question_replaces_an_older_one(page: EnginePage) -> None:
    older, newer = page.ask("""async () => {
      const s = Shudian.scenario.fromPreset("hangzhou_mode"), other = Shudian.scenario.fromPreset("talent_first");
      const asked = [engine.contributions(s), engine.contributions(other)];
      return Promise.all(asked);
    }""")
    assert older is None
    assert newer["total"]["cost"]["mean"] > 0


def test_a_cut_loop_changes_what_python_says(page: EnginePage, model: Model) -> None:
    found = page.ask("() => engine.loops(Shudian.scenario.fromPreset('zhengzhou_2025'))")
    assert list(found) == [loop.name for loop in model.loops]
    draws = carried().draws
    scenario = load_scenario("zhengzhou_2025", model.parameters)
    for loop in (model.loops[0], model.loops[-1]):
        cut = replace(scenario, fixed={loop.switch: 0.0})
        jobs = [bare_run(model, s, draws, ["fte_jobs"])[0, 60] for s in (scenario, cut)]
        assert found[loop.name]["jobs"] == float(np.median(jobs[0] - jobs[1]))


def test_all_possible_worlds_answer_as_python_does(page: EnginePage, model: Model) -> None:
    every, scenario = carried().every, load_scenario("shenzhen_mode", model.parameters)
    found = page.ask("(s) => engine.settle(s)", plain(replace(scenario, base="shenzhen_mode")))
    assert found["draws"] > page.data["meta"]["draws"]
    compare_verdicts(page, model, every, scenario, found)


def test_a_run_in_all_worlds_gives_way_to_what_is_newer(page: EnginePage) -> None:
    older, quick, newer = page.ask("""async () => {
      const s = Shudian.scenario.fromPreset("hangzhou_mode"), other = Shudian.scenario.fromPreset("talent_first");
      const older = engine.settle(s);
      await new Promise((done) => setTimeout(done, 50));
      engine.halt();
      const quick = engine.run("quick", other);
      const newer = engine.settle(other);
      return Promise.all([older, quick, newer]);
    }""")
    assert older is None
    assert quick["draws"] < newer["draws"]
    assert newer["measures"]["jobs"] == pytest.approx(quick["measures"]["jobs"], rel=0.1)


def test_the_page_carries_what_it_says(model: Model) -> None:
    """The draws that the page carries differ from all draws by what it states, and by less than as many plain ones."""
    data = shipped()[0]
    assert data["meta"]["calibrated"]
    assert data["meta"]["draws"] >= 200
    stated = {(d["kind"], d["statistic"]): d for d in data["meta"]["subset"]["largest_deviations"]}
    chosen = carried()
    scenario = load_scenario("zhengzhou_2025", model.parameters)
    output = next(m for m in MEASURES if m.name == "jobs")
    shares = [
        bare_run(model, scenario, d, [output.variable, "cumulative_local_output"]) for d in (chosen.every, chosen.draws)
    ]
    full, few = (run[0, 60] for run in shares)
    width = np.quantile(full, 0.95) - np.quantile(full, 0.05)
    assert abs(np.median(few) - np.median(full)) <= abs(stated["measure", "q50"]["relative"]) * width + 1e-6
    full, few = ((run[1, 60] - run[1, 48]) >= 1e6 for run in shares)
    assert abs(few.mean() - full.mean()) <= abs(stated["target", "probability"]["relative"]) + 1e-12
    assert abs(stated["target", "probability"]["relative"]) < 0.02
