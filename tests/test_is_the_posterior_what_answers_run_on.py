"""Does every answer run on the calibrated posterior, or say that it does not, and is a wrong posterior refused?

Does NOT establish that the shipped posterior is right, nor that it fits the reports: the posterior here is made of
prior draws, and its numbers mean nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from commands import Terminal
from posteriors import BATCHES, stand_in, write_stand_in
from shudian import grounds
from shudian import posterior_file as posterior_module
from shudian.budget import equalise
from shudian.calibrate.calibration import Evidence
from shudian.calibrate.target import Target, target_of
from shudian.exchange.differences import compare_file
from shudian.exchange.export import export_to
from shudian.exchange.vensim import equations_text
from shudian.grounds import (
    draws_from,
    expected_target,
    few_draws,
    grounds_of,
    posterior_draws,
    reference_draw,
    require_fresh,
    standing_posterior,
)
from shudian.kinds import InputError, Phrase
from shudian.messages import in_language
from shudian.observe.digest import among, changed
from shudian.posterior_file import Posterior, posterior_digest, read_posterior, write_posterior
from shudian.report.words.loop_text import loop_weights_text
from shudian.scenarios import load_scenario
from shudian.simulate import simulate
from shudian.structure import load_model

MODEL = load_model()
STORED = 600


@cache
def stood_in() -> Posterior:
    return stand_in(STORED)


@cache
def target_now() -> Target:
    return expected_target(stood_in())


SEEDS = st.integers(0, 2**63 - 1)
RUN = ("run", "zhengzhou_2025", "hangzhou_mode_same_budget", "--draws", "40", "--seed", "4")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A posterior that stands where the shipped one is looked for."""
    path = tmp_path_factory.mktemp("seeds") / "posterior.parquet"
    write_posterior(stood_in(), path)
    monkeypatch.setattr(posterior_module, "shipped_posterior", lambda: path)
    return path


def narrowed(share: float = 0.5) -> Posterior:
    """A posterior that leaves no doubt about anything, and is nowhere at the priors' medians."""
    low, high = (np.quantile(stood_in().values, level, axis=1, keepdims=True) for level in (share, share + 0.2))
    values = np.repeat((low + high) / 2, STORED, axis=1).astype(np.float32).astype(np.float64)
    return replace(stood_in(), values=values)


# On file


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_posterior(stood_in(), tmp_path / "p.parquet")
    found = read_posterior(tmp_path / "p.parquet")
    assert found.names == stood_in().names
    np.testing.assert_array_equal(found.values, stood_in().values)
    np.testing.assert_array_equal(found.batch, stood_in().batch)
    np.testing.assert_array_equal(found.log_likelihood, stood_in().log_likelihood)
    assert found.about == stood_in().about
    assert posterior_digest(found) == posterior_digest(stood_in())
    assert [path.name for path in tmp_path.iterdir()] == ["p.parquet"]


def test_anybody_can_read_it_without_shudian(tmp_path: Path) -> None:
    table = parquet.read_table(write_stand_in(tmp_path / "p.parquet", 40))
    assert table.column_names[:2] == ["batch", "log_likelihood"]
    assert {str(table.schema.field(name).type) for name in table.column_names[1:]} == {"float"}
    assert json.loads(table.schema.metadata[b"shudian"])["city"] == "zhengzhou"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_stand_in(tmp_path_factory.mktemp("small") / "p.parquet", 24)


@given(data=st.data())
def test_damage_is_refused_with_a_sentence_or_does_no_harm(small: Path, data: st.DataObject) -> None:
    whole = bytearray(small.read_bytes())
    place = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans(), label="cut off"):
        damaged = whole[:place]
    else:
        damaged = whole.copy()
        damaged[place] ^= data.draw(st.integers(1, 255))
    path = small.with_name(f"{hashlib.sha256(damaged).hexdigest()[:16]}.parquet")
    path.write_bytes(damaged)
    found, complaint = read_or_complain(path)
    path.unlink()
    if complaint is not None:
        assert str(complaint).startswith(f"{path}: ")
        assert "\n" not in str(complaint)
        assert in_language(complaint, "zh").startswith(f"{path}：")
    else:
        assert found is not None
        assert posterior_digest(found) == posterior_digest(read_posterior(small))


def read_or_complain(path: Path) -> tuple[Posterior | None, InputError | None]:
    try:
        return read_posterior(path), None
    except InputError as error:
        return None, error


def test_something_else_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "p.parquet"
    for content in (b"", b"posterior", pa.table({"batch": [1]}), {"form": 1}, stood_in().about | {"form": 7}):
        place.unlink(missing_ok=True)
        if isinstance(content, bytes):
            place.write_bytes(content)
        elif isinstance(content, pa.Table):
            parquet.write_table(content, place)
        else:
            write_posterior(replace(stood_in(), about=content), place)
        with pytest.raises(InputError, match=r"posterior that shudian|form 7|cannot be read"):
            read_posterior(place)
    with pytest.raises(InputError, match="shudian calibrate"):
        read_posterior(tmp_path / "absent.parquet")
    with pytest.raises(InputError, match="cannot be written"):
        write_posterior(stood_in(), tmp_path / "absent" / "p.parquet")


def test_a_number_changed_on_file_is_noticed(tmp_path: Path) -> None:
    table = parquet.read_table(write_stand_in(tmp_path / "p.parquet", 40))
    column = table.column_names[5]
    edited = table.set_column(5, column, pa.array(table[column].to_numpy() * np.float32(1.01)))
    parquet.write_table(edited, tmp_path / "edited.parquet")
    with pytest.raises(InputError, match="damaged"):
        read_posterior(tmp_path / "edited.parquet")


# Which draws


@given(SEEDS, st.integers(1, STORED), st.integers(1, STORED))
def test_fewer_draws_are_the_first_of_more(seed: int, one: int, other: int) -> None:
    few, many = sorted((one, other))
    smaller, larger = (posterior_draws(MODEL, stood_in(), count, seed) for count in (few, many))
    np.testing.assert_array_equal(smaller.values, larger.values[:, :few])
    assert smaller.calibrated
    assert smaller.names == tuple(p.name for p in MODEL.fixed)


@given(SEEDS, st.integers(1, STORED), st.permutations(range(STORED)))
def test_every_draw_is_another_row_and_the_batches_take_turns(seed: int, count: int, order: list[int]) -> None:
    # the number of its row stands in place of one parameter
    shuffled = stood_in().batch[order]
    model_name = stood_in().names[0]
    low, high = MODEL.parameters[model_name].low, MODEL.parameters[model_name].high
    values = stood_in().values.copy()
    values[0] = low + (high - low) * np.arange(STORED) / STORED
    drawn = posterior_draws(MODEL, replace(stood_in(), values=values, batch=shuffled), count, seed)
    row = drawn.values[drawn.names.index(model_name)]
    rows = np.rint((row - low) / (high - low) * STORED).astype(int)
    assert len(set(rows)) == count
    counted = np.bincount(shuffled[rows], minlength=BATCHES)
    assert counted.max() - counted.min() <= 1


def test_all_draws_of_a_row_belong_together() -> None:
    drawn = posterior_draws(MODEL, stood_in(), STORED, 3)
    found = drawn.values[[drawn.names.index(name) for name in stood_in().names]]
    kept = np.clip(stood_in().values, *(np.array([[getattr(MODEL.parameters[n], end)] for n in stood_in().names]) for end in ("low", "high")))  # noqa: E501  # fmt: skip
    assert {column.tobytes() for column in found.T} == {column.tobytes() for column in np.ascontiguousarray(kept.T)}


def test_a_seed_says_which_draws() -> None:
    same = [posterior_draws(MODEL, stood_in(), 50, seed) for seed in (1, 1, 2)]
    assert same[0].digest == same[1].digest != same[2].digest
    with pytest.raises(InputError, match=f"holds {STORED} draws"):
        posterior_draws(MODEL, stood_in(), STORED + 1, 1)


def test_constants_and_switches_keep_their_values_and_no_number_leaves_its_range() -> None:
    beyond = replace(stood_in(), values=stood_in().values + 1e-7 * np.abs(stood_in().values))
    drawn = posterior_draws(MODEL, beyond, STORED, 3)
    for parameter, row in zip(MODEL.fixed, drawn.values, strict=True):
        if parameter.role == "uncertain":
            assert parameter.low <= row.min() <= row.max() <= parameter.high
        else:
            assert (row == parameter.value).all()


def test_a_scenario_that_sets_an_uncertain_number_sets_it_in_every_draw() -> None:
    scenario = replace(load_scenario("baseline", MODEL.parameters), fixed={"national_growth_2026": 0.01})
    plain = replace(scenario, fixed={})
    draws = posterior_draws(MODEL, stood_in(), 20, 1)
    values = draws.values.copy()
    values[draws.names.index("national_growth_2026")] = 0.01
    outputs = ["cumulative_local_output"]
    one = simulate(MODEL, scenario, draws, outputs=outputs)
    other = simulate(MODEL, plain, replace(draws, values=values), outputs=outputs)
    np.testing.assert_array_equal(one[outputs[0]].values, other[outputs[0]].values)
    assert one.attrs["calibrated"] == "yes"
    assert one.attrs["posterior"] == posterior_digest(stood_in())


def test_the_reference_draw_is_the_median_of_each_parameter() -> None:
    drawn = reference_draw(MODEL, stood_in())
    medians = dict(zip(stood_in().names, np.median(stood_in().values, axis=1), strict=True))
    for parameter, value in zip(MODEL.fixed, drawn.values[:, 0], strict=True):
        assert value == np.clip(medians.get(parameter.name, parameter.value), parameter.low, parameter.high)
    assert drawn.calibrated
    assert not reference_draw(MODEL).calibrated
    few = few_draws(MODEL, stood_in(), 4, 1)
    np.testing.assert_array_equal(few.values[:, :1], drawn.values)
    np.testing.assert_array_equal(few.values[:, 1:], draws_from(MODEL, stood_in(), 3, 1).values)


def test_equal_budgets_are_equal_under_the_posterior() -> None:
    scenario = load_scenario("hangzhou_mode_same_budget", MODEL.parameters)
    certain = narrowed()
    factor = {
        name: equalise(scenario, MODEL, posterior).notes[-1].en
        for name, posterior in (("prior", None), ("posterior", certain))
    }
    assert factor["prior"] != factor["posterior"]
    scaled = equalise(scenario, MODEL, certain)
    wanted = load_scenario(scenario.same_budget_as, MODEL.parameters)
    draws = posterior_draws(MODEL, certain, 1, 8)
    costs = [
        float(simulate(MODEL, s, draws, outputs=["cumulative_fiscal_cost"])["cumulative_fiscal_cost"].values[0, 60])
        for s in (scaled, wanted)
    ]
    assert costs[0] == pytest.approx(costs[1], rel=1e-3)


# Fresh or stale


def test_a_posterior_of_another_model_or_other_evidence_is_refused() -> None:
    require_fresh(stood_in(), target_now())
    silent = {key: value for key, value in stood_in().about.items() if key != "ingredients"}
    for about, names, what in (
        ({"model_digest": "0"}, stood_in().names, "model equations;"),
        ({}, ("unheard_of", *stood_in().names[1:]), "model equations;"),
        ({"inputs_digest": "other"}, stood_in().names, "evidence and priors;"),
        ({"model_digest": "0", "inputs_digest": "other"}, stood_in().names, "model equations, evidence and priors;"),
    ):
        stale = replace(stood_in(), about=silent | about, names=names)
        with pytest.raises(InputError, match=f"made with other {what} renew it with: shudian calibrate") as error:
            require_fresh(stale, target_now())
        chinese = in_language(error.value, "zh")
        assert "shudian calibrate" in chinese
        assert "model" not in chinese


@pytest.mark.parametrize("kind", ["equation", "prior", "figure", "policy"])
@pytest.mark.parametrize("state", ["", "new ", "removed "])
def test_what_has_changed_is_told_by_name(kind: str, state: str) -> None:
    """One ingredient of each kind is what it was not, or was not there, or is there no more.

    What a report read is not there any more only if something that read it has changed: that is told.
    """
    made_from = {key: dict(named) for key, named in target_now().ingredients.items()}
    name = (
        "removed_one"
        if state == "removed "
        else min(n for n in made_from[kind] if kind == "figure" or n in target_now().read)
    )
    if state == "new ":
        del made_from[kind][name]
    else:
        made_from[kind][name] = "another"
    stale = replace(stood_in(), about={**stood_in().about, "inputs_digest": "other", "ingredients": made_from})
    if state == "removed " and kind != "figure":
        require_fresh(stale, target_now())
        return
    with pytest.raises(InputError) as error:
        require_fresh(stale, target_now())
    assert f"older than the {state}{kind} “{name}”; renew it" in str(error.value)
    chinese = in_language(error.value, "zh")
    assert f"“{name}”" in chinese
    assert not re.search("the |new|equation|prior “|figure|policy “", chinese), chinese


def test_many_changes_are_counted() -> None:
    made_from = {kind: dict.fromkeys(named, "another") for kind, named in target_now().ingredients.items()}
    stale = replace(stood_in(), about={**stood_in().about, "model_digest": "0", "ingredients": made_from})
    everything = sum(
        name in target_now().read or kind in ("figure", "study") for kind, named in made_from.items() for name in named
    )
    with pytest.raises(InputError, match=f"; and {everything - 5} more; renew") as error:
        require_fresh(stale, target_now())
    assert f"等，另有{everything - 5}项" in in_language(error.value, "zh")


def test_a_changed_prior_moves_its_own_ingredient_and_the_digest() -> None:
    """The two are read off the same things: what moves one moves the other."""
    parameter = next(p for p in MODEL.fixed if p.role == "uncertain")
    widened = replace(parameter, low=parameter.low - 1)
    model = replace(MODEL, parameters={**MODEL.parameters, parameter.name: widened})
    assert target_now().experiments is not None
    other = target_of(model, target_now().observer.reports, literature=target_now().experiments.literature)
    assert changed(target_now().ingredients, other.ingredients) == (Phrase("the prior “{name}”", name=parameter.name),)
    assert other.inputs_digest != target_now().inputs_digest


def test_the_shipped_posterior_says_what_it_was_made_from() -> None:
    shipped, target = read_posterior(), Evidence().target()
    # what no report depends on may have come or gone since
    assert among(shipped.about["ingredients"], target.read) == among(target.ingredients, target.read)


def test_a_stale_posterior_stops_a_run_and_nothing_is_written(shipped: Path, terminal: Terminal) -> None:
    write_stand_in(shipped, model_digest="0")
    for language, words in (("en", "renew it with: shudian calibrate"), ("zh", "已经过时")):
        ended = terminal(*RUN, "--lang", language)
        assert ended.code == 2
        assert words in ended.err
        assert ended.err.count("\n") == 1
    assert terminal("run", "--engine", "pysd", "--draws", "2").code == 2
    assert not list(Path.cwd().iterdir())
    assert standing_posterior("zhengzhou") is None


@pytest.mark.usefixtures("shipped")
def test_evidence_that_has_changed_makes_it_stale(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    assert standing_posterior("zhengzhou") is not None
    fewer = target_of(MODEL, target_now().observer.reports[1:])
    monkeypatch.setattr(grounds, "expected_target", lambda *_: fewer)
    assert standing_posterior("zhengzhou") is None
    assert "evidence and priors" in terminal(*RUN, "--lang", "en").err


def test_without_a_posterior_a_run_says_how_to_make_one(shipped: Path, terminal: Terminal) -> None:
    shipped.unlink()
    for language, words in (("en", "there is no posterior"), ("zh", "没有后验文件")):
        ended = terminal(*RUN, "--lang", language)
        assert ended.code == 2
        assert words in ended.err
        assert "shudian calibrate" in ended.err


@pytest.mark.usefixtures("shipped")
def test_more_draws_than_are_stored_are_refused_in_both_languages(terminal: Terminal) -> None:
    asked = ("run", "baseline", "--draws", str(STORED + 1))
    assert f"holds {STORED} draws, and {STORED + 1} were asked for" in terminal(*asked, "--lang", "en").err
    assert f"只有{STORED}次抽样，而要求的是{STORED + 1}次" in terminal(*asked, "--lang", "zh").err
    assert not list(Path.cwd().iterdir())
    assert terminal(*asked, "--prior", "--out", "r").code == 0


def test_both_options_at_once_are_refused(shipped: Path) -> None:
    with pytest.raises(InputError, match="exclude each other"):
        grounds_of("zhengzhou", str(shipped), prior=True)


# What an answer says


def said_everywhere(folder: Path, language: str) -> list[str]:
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    table = (folder / "table.md").read_text(encoding="utf-8")
    return [summary["basis"][language], table, (folder / "verdicts.csv").read_text(encoding="utf-8-sig")]


@pytest.mark.usefixtures("shipped")
def test_an_answer_says_that_it_is_calibrated_on_what_and_until_when(terminal: Terminal) -> None:
    for language, expected in (("zh", "由3条报道校准，数据截至2026-01-26"), ("en", "3 reports, data until 2026-01-26")):
        ended = terminal(*RUN, "--lang", language, "--out", language)
        assert ended.code == 0
        assert all(expected in text for text in said_everywhere(Path(language), language))
        assert not any("校准）" in text or "ncalibrated" in text for text in (*said_everywhere(Path(language), language), ended.out))  # noqa: E501  # fmt: skip
    summary = json.loads(Path("zh/summary.json").read_text(encoding="utf-8"))
    assert summary["calibrated"]
    assert summary["posterior"]["digest"] == posterior_digest(stood_in())
    assert summary["posterior"]["made"] == "2026-11-23"


def test_a_calibrated_run_is_repeated_bit_for_bit_and_refused_with_another_posterior(
    shipped: Path, terminal: Terminal
) -> None:
    assert terminal(*RUN, "--out", "r").code == 0
    assert "same bit for bit" in terminal("run", "--repeat", "r", "--lang", "en").out
    # the same draws, made again on another day
    write_posterior(replace(stood_in(), about={**stood_in().about, "made": "2027-01-01"}), shipped)
    assert terminal("run", "--repeat", "r").code == 0
    write_posterior(narrowed(), shipped)
    ended = terminal("run", "--repeat", "r", "--lang", "en")
    assert ended.code == 2
    assert "no longer the one of that run, which was made on 2026-11-23" in ended.err


def test_the_posterior_changes_the_answer(shipped: Path, terminal: Terminal) -> None:
    assert terminal(*RUN, "--out", "wide").code == 0
    write_posterior(narrowed(), shipped.with_name("narrow.parquet"))
    assert terminal(*RUN, "--posterior", str(shipped.with_name("narrow.parquet")), "--out", "narrow").code == 0
    for name, certain in (("wide", False), ("narrow", True)):
        summary = json.loads(Path(name, "summary.json").read_text(encoding="utf-8"))
        firms = summary["scenarios"]["zhengzhou_2025"]["measures"]["firms"]
        assert (firms["low"] == firms["high"]) == certain
        assert summary["calibrated"]
    assert "same bit for bit" in terminal("run", "--repeat", "narrow", "--lang", "en").out


def test_the_priors_are_there_for_the_asking_and_are_marked(shipped: Path, terminal: Terminal) -> None:
    shipped.unlink()
    for language, why in (("zh", "未校准（先验）：按要求"), ("en", "as asked for with --prior")):
        assert terminal(*RUN, "--prior", "--lang", language, "--out", language).code == 0
        assert all(why in text for text in said_everywhere(Path(language), language))
    assert not json.loads(Path("zh/summary.json").read_text(encoding="utf-8"))["calibrated"]
    assert terminal("run", "--repeat", "zh").code == 0


def test_another_city_runs_on_the_priors_and_says_why(shipped: Path, terminal: Terminal) -> None:
    for language, why in (("zh", "校准用的是郑州的统计数字"), ("en", "the calibration is to the figures of Zhengzhou")):
        ended = terminal(
            "run", "baseline", "--city", "hangzhou", "--draws", "40", "--lang", language, "--out", language
        )
        assert ended.code == 0
        assert all(why in text and "未校准" in text for text in said_everywhere(Path(language), language))
    words = ("run", "baseline", "--city", "hangzhou", "--draws", "40", "--posterior", str(shipped), "--out", "named")
    assert terminal(*words).code == 0
    assert not json.loads(Path("named/summary.json").read_text(encoding="utf-8"))["calibrated"]


def test_a_posterior_of_another_city_is_not_used_for_this_one(tmp_path: Path, terminal: Terminal) -> None:
    file = write_stand_in(tmp_path / "p.parquet", city="hangzhou", inputs_digest="of Hangzhou")
    grounds = grounds_of("zhengzhou", str(file))
    assert (grounds.calibrated, grounds.why, grounds.posterior_city) == (False, "elsewhere", "hangzhou")
    ended = terminal("run", "baseline", "--posterior", str(file), "--draws", "40", "--lang", "en", "--out", "r")
    assert "the calibration is to the figures of Hangzhou" in ended.out


def test_a_cut_off_date_stands_in_the_answer_and_is_part_of_the_evidence() -> None:
    early = stand_in(8, until="2024-12-31")
    assert early.data_until == "2024-12-31"
    assert early.about["inputs_digest"] != stood_in().about["inputs_digest"]
    require_fresh(early, expected_target(early))
    claimed = replace(stood_in(), about={**stood_in().about, "until": "2024-12-31"})
    with pytest.raises(InputError, match="evidence and priors"):
        require_fresh(claimed, expected_target(claimed))
    assert stand_in(8, reports=[{"id": "a", "available": None}]).data_until == "2026-11-23"


# Exported files and loops


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.mdl", "a.xmile"])
def test_an_exported_file_holds_the_medians_of_the_posterior_and_differs_in_nothing(
    name: str, shipped: Path, tmp_path: Path
) -> None:
    before = tmp_path / f"prior_{name}"
    shipped.rename(shipped.with_name("aside"))
    export_to(before, "hangzhou_mode_same_budget")
    write_posterior(narrowed(), shipped)
    after = tmp_path / name
    export_to(after, "hangzhou_mode_same_budget")
    assert before.read_text(encoding="utf-8") != after.read_text(encoding="utf-8")
    assert "numbers from the priors, uncalibrated" in before.read_text(encoding="utf-8")
    assert f"numbers from the posterior {posterior_digest(narrowed())[:8]}" in after.read_text(encoding="utf-8")
    # either shows by its own numbers with which it was exported
    assert not compare_file(before).changes
    assert not compare_file(after).changes


def write_baseline(path: Path) -> None:
    """What `export_to` writes, without its diagram, which takes long to lay out."""
    medians = reference_draw(MODEL, standing_posterior("zhengzhou"))
    path.write_text(equations_text(MODEL, load_scenario("baseline", MODEL.parameters), medians), encoding="utf-8")


def test_a_file_exported_before_the_last_calibration_is_not_taken_for_an_edited_one(
    shipped: Path, terminal: Terminal
) -> None:
    write_baseline(Path("m.mdl"))
    write_posterior(narrowed(), shipped)
    assert compare_file(Path("m.mdl")).recalibrated
    assert "before the last calibration" in terminal("diff", "m.mdl", "--lang", "en").out
    ended = terminal("run", "--model", "m.mdl", "--draws", "2", "--lang", "en")
    assert ended.code == 2
    assert "exported before the last calibration" in ended.err


def test_one_edit_of_an_exported_file_is_one_edit_in_a_calibrated_run(shipped: Path, terminal: Terminal) -> None:
    write_posterior(narrowed(), shipped)
    write_baseline(Path("m.mdl"))
    lines = Path("m.mdl").read_text(encoding="utf-8").split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("national_growth_2026 = "))
    lines[at] = "national_growth_2026 = 0.03"
    Path("m.mdl").write_text("\n".join(lines), encoding="utf-8")
    found = compare_file(Path("m.mdl"))
    assert [change.name for change in found.changes] == ["national_growth_2026"]
    ended = terminal("run", "--model", "m.mdl", "--draws", "2", "--lang", "en", "--out", "r")
    assert ended.code == 0
    assert "differences 1, variables 1" in ended.out
    assert json.loads(Path("r/summary.json").read_text(encoding="utf-8"))["calibrated"]


def test_loop_weights_say_which_run_they_are_of() -> None:
    scenario = load_scenario("baseline", MODEL.parameters)
    plain, calibrated = (loop_weights_text(MODEL.loops[:1], MODEL, scenario, "en", p) for p in (None, stood_in()))
    assert "uncalibrated prior" in plain.splitlines()[0]
    assert "calibrated on 3 reports" in calibrated.splitlines()[0]
