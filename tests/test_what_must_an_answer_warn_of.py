"""Does an answer warn where it goes beyond the evidence, rests on priors, or uses a definition nobody reports?

It does not establish that the thresholds are the right ones, nor that a lever inside its evidence is safe: the
evidence says what was announced somewhere, not what it did.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toy
from shudian.analysis.reported import Band
from shudian.analysis.verdicts import Measure
from shudian.analysis.warnings import (
    OUTPUT,
    Learning,
    learning,
    lever_evidence,
    outside,
    policy_effects,
    standings,
)
from shudian.answers.limits import limits_of
from shudian.answers.world import World
from shudian.draws import prior_draws
from shudian.evidence import load_figures
from shudian.grounds import Grounds
from shudian.kinds import Caution, InputError, Model, Prior, Scenario, Segment
from shudian.observe.rules import load_rules
from shudian.posterior_file import Posterior, read_posterior
from shudian.report.words.cautions import caution_of
from shudian.report.words.warning_text import lever_caution, prior_caution
from shudian.scenarios import list_scenarios, load_scenario
from shudian.structure import load_model
from shudian.targets import load_definitions, load_endings, load_targets

MODEL, FIGURES, TARGETS = load_model(), load_figures(), load_targets()
RULES, EVIDENCE = load_rules(MODEL), lever_evidence(MODEL, FIGURES)
TITLES = {name: load_scenario(name, MODEL.parameters).title for name in list_scenarios(kind="package")}


def package(name: str) -> Scenario:
    return load_scenario(name, MODEL.parameters)


def with_lever(name: str, value: float) -> Scenario:
    return replace(package("no_policy"), levers={name: (Segment(36.0, value),)})


# Levers


@pytest.mark.parametrize("name", ["no_policy", "baseline", "zhengzhou_2025", "hangzhou_mode", "shenzhen_mode"])
def test_what_the_evidence_holds_is_not_warned_of(name: str) -> None:
    assert outside(package(name), EVIDENCE) is None


def test_the_ranges_are_those_of_the_documents() -> None:
    """Checked by hand against the printed figures: 2亿元, 5 parks, 30 %, stacked cap 300万元, award 300万元."""
    printed = {"fund_size": 2e4, "municipal_parks": 5, "production_subsidy_rate": 0.3, "production_subsidy_cap": 300}
    printed |= {"quality_award": 300, "rent_relief_rate": 0.8}
    assert {name: EVIDENCE[name].high for name in printed} == pytest.approx(printed)
    assert all(EVIDENCE[name].printed for name in printed)
    assert not EVIDENCE["ai_support"].printed
    assert "support_end" not in EVIDENCE


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(EVIDENCE)), st.floats(0, 1), st.floats(0, 1))
def test_exactly_the_levers_beyond_are_named(name: str, share: float, past: float) -> None:
    known = EVIDENCE[name]
    inside = known.low + share * (known.high - known.low)
    assert outside(with_lever(name, inside), EVIDENCE) is None
    value = known.high + (0.01 + past) * (1 + known.high)
    found = outside(with_lever(name, value), EVIDENCE)
    assert found is not None
    assert [(beyond.evidence.lever.name, beyond.value) for beyond in found.levers] == [(name, value)]


def test_a_lever_beyond_for_one_month_is_found_and_below_is_beyond_too() -> None:
    levers = {"fund_size": (Segment(40.0, 3e4), Segment(41.0, 1e4)), "approval_days": (Segment(36.0, 10.0),)}
    found = outside(replace(package("no_policy"), levers=levers), EVIDENCE)
    assert found is not None
    assert {beyond.evidence.lever.name: beyond.value for beyond in found.levers} == {
        "fund_size": 3e4, "approval_days": 10.0
    }  # fmt: skip


def test_several_levers_are_one_warning_that_names_each() -> None:
    found = outside(package("hangzhou_from_now"), EVIDENCE)
    assert found is not None
    caution = lever_caution(found, TITLES)
    assert len(found.levers) > 2
    assert all(beyond.evidence.lever.label.zh in caution.long.zh for beyond in found.levers)
    assert f"{len(found.levers)}项" in caution.long.zh
    assert f"{len(found.levers)} levers" in caution.long.en
    # one range ends in a figure, one in a package although figures print amounts, and the others in packages alone
    assert "最高值见HZJ-001" in caution.long.zh
    assert "年度财政预算为2亿元/年，资料与随附方案所见" in caution.long.zh
    assert caution.long.zh.count("没有印出金额或数量") == 3


# Priors


def toy_answer(rate: str, spread: float) -> tuple[Learning, Model]:
    """A package of one lever (from 0 to 1) that adds `rate`; size is uniform, and so its posterior within `spread`."""
    rates = {
        "effect": lambda lever, effect: lever * effect,
        "size": lambda lever, size: lever * size,
        "both": lambda lever, size, effect: lever * size * effect,
    }
    model = toy.model({"sold": ("nothing", rates[rate])}, {}, fixed="size effect nothing", scheduled="lever")
    priors = {
        "size": Prior("uniform", {"low": 0.0, "high": 1.0}),
        "effect": Prior("nil_or_normal", {"nil_probability": 0.5, "mean": 0.5, "sd": 0.1}),
    }
    parameters = {
        name: replace(p, prior=priors.get(name), role=p.role if name in (*priors, "lever") else "constant", value=0.0)
        for name, p in model.parameters.items()
    }
    model = replace(model, parameters=parameters)
    draws = prior_draws(model, 4000, seed=8)
    values = draws.values[[draws.names.index(name) for name in priors]]
    values[0] = 0.5 + spread * (values[0] - 0.5)
    posterior = Posterior(tuple(priors), values, np.zeros(4000, dtype=np.int64), np.zeros(4000), {})
    with_it = replace(package("no_policy"), name="with", levers={"lever": (Segment(0.0, 1.0),)})
    without = replace(with_it, name="without", levers={})
    measure = Measure("sold", "sold", "increase_over_year", "1")
    # no reports lie behind it, and so nothing that it could be older than
    with patch("shudian.grounds._belonging", lambda _, asked: asked):
        return learning(model, [with_it], without, posterior, 4000, 2, measure)[0], model


def test_an_answer_that_only_an_effect_makes_is_all_prior() -> None:
    found, model = toy_answer("effect", 0.1)
    assert policy_effects(model) == ("effect",)
    assert found.untouched == pytest.approx(1, abs=0.05)
    assert abs(found.learned) < 0.1
    assert abs(found.effects_learned) < 0.1
    assert found.mostly_prior


def test_an_answer_that_data_make_is_not_prior() -> None:
    found, _ = toy_answer("size", 0.1)
    assert found.untouched == 0
    assert found.learned == pytest.approx(1 - 0.1**2, abs=1e-3)
    assert not found.mostly_prior


@pytest.mark.parametrize("spread", [0.2, 1.0])
def test_the_share_of_the_effects_is_that_of_the_formula(spread: float) -> None:
    """For size times effect: E[size²] Var[effect] / Var[size effect]."""
    found, _ = toy_answer("both", spread)
    size, size2 = 0.5, 0.25 + spread**2 / 12
    effect, effect2 = 0.25, 0.5 * (0.25 + 0.01)
    expected = size2 * (effect2 - effect**2) / (size2 * effect2 - size**2 * effect**2)
    assert found.untouched == pytest.approx(expected, abs=0.05)
    assert found.mostly_prior


def test_a_package_that_does_nothing_is_not_called_prior() -> None:
    same = learning(MODEL, [package("no_policy")], package("no_policy"), read_posterior(), 200, 1)[0]
    assert same.after.low == same.after.high == 0
    assert not same.mostly_prior


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_what_is_learned_of_the_effects_is_learned_against_their_priors(share: float) -> None:
    """Draws in which a share of the effects is known for sure, and the others are as the reports leave them."""
    effects = policy_effects(MODEL)
    known = effects[: round(share * len(effects))]
    shipped = read_posterior()
    values = shipped.values.copy()
    for name in known:
        row = values[shipped.names.index(name)]
        row[:] = row[row != 0][0]
    handed = replace(shipped, values=values, handed=True)
    found = learning(MODEL, [package("zhengzhou_2025")], package("no_policy"), handed, 400, 3)[0]
    assert found.effects_learned == pytest.approx(len(known) / len(effects), abs=0.1)
    assert (found.untouched == 0) == (share == 1)


def test_the_shipped_packages_rest_on_priors_and_the_same_seed_says_the_same() -> None:
    """The calibration report says that every policy effect keeps its prior; here it shows in the answer."""
    asked = [package("zhengzhou_2025")]
    found, again = (learning(MODEL, asked, package("no_policy"), read_posterior(), 400, 3)[0] for _ in range(2))
    assert found == again
    assert found.mostly_prior
    assert abs(found.effects_learned) < 0.1


# Definitions


def states(**changed: object) -> dict[str, str]:
    arguments = {"figures": FIGURES, "endings": {}} | changed
    found = standings(TARGETS, arguments["figures"], RULES, arguments["endings"])  # type: ignore[arg-type]
    return {entry.definition: entry.state for entry in found}


def test_what_was_never_reported_and_what_has_fallen_silent_is_told_apart() -> None:
    found = states()
    assert found["content_market"] == "never"
    assert found["local_output"] == "silent"
    assert found["allocated_market"] == "reported"


def test_a_new_report_of_the_definition_ends_the_silence() -> None:
    new = replace(FIGURES["ZM03"], identifier="NEW", period_start="2025-01-01", period_end="2025-12-31")
    assert states(figures=FIGURES | {"NEW": new})["local_output"] == "reported"
    # a target, a derived number or a count under another definition is no report of it
    for other in (
        replace(new, role="target"), replace(new, role="derived"), replace(new, bound="forecast"),
        replace(new, definition="billings"), replace(new, geography="xian"),
    ):  # fmt: skip
        assert states(figures=FIGURES | {"NEW": other})["local_output"] == "silent"


def test_a_definition_that_was_given_up_is_said_to_be(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[definitions]\nmine = { zh = "我的口径", en = "Mine", ended = "2026年1月" }\n', encoding="utf-8")
    assert load_endings(own) == {"mine": "2026-01"}
    assert load_definitions(own)["mine"].en == "Mine"
    assert load_endings() == {}
    assert states(endings={"local_output": "2026-01"})["local_output"] == "ended"


def test_a_wrong_month_is_refused_with_its_line(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[definitions]\nmine = { zh = "我的口径", en = "Mine", ended = "soon" }\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.toml:2.*soon.*not a month"):
        load_endings(own)


# Words


def cautions(posterior: Posterior | None, *names: str) -> tuple[Caution, ...]:
    scenarios = [package(name) for name in names]
    grounds = Grounds(posterior, "calibrated" if posterior else "asked")
    world = World(MODEL, grounds, tuple(TARGETS), load_definitions(), {"allocated_market": "2026-01"})
    found = limits_of(scenarios, package("no_policy"), world, draws=200)
    return tuple(caution_of(limit, load_definitions()) for limit in found)


def test_every_kind_is_said_in_both_languages_and_shortly_too() -> None:
    found = cautions(read_posterior(), "no_policy", "zhengzhou_2025", "talent_first") + cautions(None)
    assert {entry.kind for entry in found} == {
        "lever", "prior", "uncalibrated", "unstated", "never", "silent", "ended"
    }  # fmt: skip
    for entry in found:
        assert re.search("[\u4e00-\u9fff]", entry.long.zh)
        assert not re.search("[\u4e00-\u9fff]", entry.long.en)
        assert len(entry.short.zh) < len(entry.long.zh)
        assert len(entry.short.en) < len(entry.long.en)
        assert "{" not in entry.short.zh + entry.short.en + entry.long.zh + entry.long.en
    assert [entry.subject for entry in found if entry.kind == "lever"] == ["talent_first"]
    assert [entry.subject for entry in found if entry.kind == "prior"] == ["zhengzhou_2025", "talent_first"]


@pytest.mark.parametrize(
    ("changes", "said", "not_said"),
    [
        ({"untouched": 0.77}, "仍有77%", "只消去"),
        ({"untouched": 0.2, "learned": 0.31}, "只消去了先验方差的31%", "仍有20%"),
        ({"untouched": 0.2, "learned": -0.1}, "只消去了先验方差的不到1%", "-10%"),
    ],
)
def test_the_reason_is_the_one_that_holds(changes: dict[str, float], said: str, not_said: str) -> None:
    found = Learning(
        package("zhengzhou_2025"), package("no_policy"), OUTPUT, Band(2, 0, 9), Band(2, 0, 5),
        learned=0.9, untouched=0.1, effects=18, effects_learned=0.0,
    )  # fmt: skip
    assert not found.mostly_prior
    found = replace(found, **changes)
    assert found.mostly_prior
    caution = prior_caution(found)
    assert said in caution.short.zh
    assert not_said not in caution.short.zh
    # what policy effects have learned is never said to be nothing where it is something
    assert "基本保持先验" in caution.long.zh
    assert "基本保持先验" not in prior_caution(replace(found, effects_learned=0.4)).long.zh


def test_without_a_posterior_everything_is_prior_and_no_answer_is_singled_out() -> None:
    kinds = [entry.kind for entry in cautions(None, "zhengzhou_2025")]
    assert kinds[0] == "uncalibrated"
    assert "prior" not in kinds
