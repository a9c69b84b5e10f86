"""Do engines that we did not write give the same series from the exported files, and a file's faults their names?

PySD and simlin each read the files with parsers and integrators of their own. Not established: that Vensim and
Stella themselves open them, that the equations are right (all engines run the same ones), and that a diagram can be
read.
"""

from __future__ import annotations

import contextlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reference import evaluate
from reviewed import decided_once
from shudian.budget import equalise
from shudian.draws import Draws, central_draw, prior_draws
from shudian.equations.language import TINY, Expression, by_year, exp, log, maximum, minimum, ratio, where
from shudian.exchange import vensim, xmile
from shudian.exchange.export import Format, baseline_file, export
from shudian.exchange.model_file import read_model_file
from shudian.exchange.pysd_engine import Translated, run_file, run_with_pysd, translate, translate_text
from shudian.exchange.simlin_witness import loop_scores
from shudian.grounds import reference_draw, standing_posterior
from shudian.kinds import InputError, Label, Model, Scenario, Segment
from shudian.scenarios import load_scenario, schedule_matrix
from shudian.schedules import Schedule
from shudian.schedules import values as schedule_values
from shudian.simulate import STEPS_PER_MONTH, bare_run, simulate
from shudian.structure import load_model
from toy import NOWHERE, equation, from_function, parameter
from witness import complaints, run_with_simlin

Array = NDArray[np.float64]
AGREED = 1e-9
TEXTS: Mapping[Format, Callable[[Model, Scenario, Draws], str]] = {
    "mdl": vensim.equations_text,
    "xmile": xmile.equations_text,
}
FORMATS = sorted(TEXTS)
PLAIN = Scenario("plain", Label("", ""), Label("", ""), "", {}, {}, {}, "", "", "package", (), (), NOWHERE)


@cache
def scenario(name: str) -> Scenario:
    return equalise(load_scenario(name, load_model().parameters), load_model())


@cache
def text(format: Format, name: str) -> str:
    return TEXTS[format](load_model(), scenario(name), central_draw(load_model()))


@cache
def engine(format: Format) -> Translated:
    return translate_text(text(format, "baseline"), f".{format}")


def watched() -> tuple[str, ...]:
    """All stocks, all outcomes."""
    return tuple(e.name for e in load_model().equations if e.kind == "stock" or e.sector == "outcomes")


def difference(ours: Array, theirs: Array) -> float:
    """The greatest relative difference of any two numbers."""
    largest = np.maximum(np.abs(ours), np.abs(theirs))
    return float(np.max(np.abs(ours - theirs) / np.where(largest == 0, 1, largest)))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", decided_once())
def test_pysd_agrees_on_all_stocks_and_outcomes(name: str, format: Format) -> None:
    # the baseline's file with the scenario's schedules set: reading 18 files would take minutes (see below)
    shipped, translated = load_model(), engine(format)
    rows = schedule_matrix(scenario(name), shipped.scheduled)

    values = {p.name: row if np.ptp(row) else float(row[0]) for p, row in zip(shipped.scheduled, rows, strict=True)}
    ours = bare_run(shipped, scenario(name), central_draw(shipped), watched())[:, :, 0]
    assert difference(ours, translated.run(values, watched())) < AGREED


@pytest.mark.parametrize("format", FORMATS)
def test_the_shipped_files_run_whole_with_their_diagrams(format: Format) -> None:
    # if this alone fails, they may be stale (test_is_the_exported_model_fresh.py)
    shipped, file = load_model(), baseline_file(format)
    medians = reference_draw(shipped, standing_posterior("zhengzhou"))
    ours = bare_run(shipped, scenario("baseline"), medians, watched())[:, :, 0]
    assert complaints(file) == ()
    assert difference(ours, run_with_simlin(file, watched())) < AGREED
    assert difference(ours, translate(read_model_file(file)).run({}, watched())) < AGREED


@pytest.mark.slow
@pytest.mark.parametrize("name", decided_once())
def test_pysd_agrees_on_the_file_of_every_scenario(name: str) -> None:
    # seconds for each file, so that every scenario is read in one format only, and half of them in each
    shipped, format = load_model(), FORMATS[decided_once().index(name) % 2]
    theirs = translate_text(text(format, name), f".{format}").run({}, watched())
    assert difference(bare_run(shipped, scenario(name), central_draw(shipped), watched())[:, :, 0], theirs) < AGREED


def test_pysd_agrees_on_other_draws_of_the_parameters() -> None:
    shipped = load_model()
    draws = prior_draws(shipped, 3, seed=5)
    counted: list[tuple[int, int]] = []
    theirs = run_with_pysd(
        shipped, scenario("integration_plus"), draws, progress=lambda done, of: counted.append((done, of))
    )
    ours = simulate(shipped, scenario("integration_plus"), draws)
    assert counted == [(1, 3), (2, 3), (3, 3)]
    assert list(theirs) == list(ours)
    for name in ours:
        assert difference(ours[name].values, theirs[name].values) < AGREED
        assert theirs[name].attrs == ours[name].attrs
    assert theirs["month"].equals(ours["month"])


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", decided_once())
def test_simlin_agrees_and_has_no_complaint_of_units(name: str, format: Format, tmp_path: Path) -> None:
    shipped, file = load_model(), tmp_path / f"{name}.{format}"
    file.write_text(text(format, name), encoding="utf-8")
    assert complaints(file) == ()
    ours = bare_run(shipped, scenario(name), central_draw(shipped), watched())[:, :, 0]
    assert difference(ours, run_with_simlin(file, watched())) < AGREED


@pytest.mark.parametrize("format", FORMATS)
def test_simlin_would_complain_of_a_wrong_unit(format: Format, tmp_path: Path) -> None:
    file = tmp_path / f"wrong.{format}"
    found = "national_gross_market * national_growth_rate"
    assert found in text(format, "baseline")
    file.write_text(text(format, "baseline").replace(found, "national_gross_market"), encoding="utf-8")
    assert any("national_market_growth" in complaint for complaint in complaints(file))


def test_the_named_loops_push_the_way_that_they_are_said_to(tmp_path: Path) -> None:
    # by what simlin measures in runs, where we only know what the equations' authors meant
    loops, active = load_model().loops, set()
    files: list[tuple[str, Format]] = [("zhengzhou_2025", "mdl"), ("hangzhou_mode", "mdl"), ("shanghai_mode", "xmile")]
    for name, format in files:
        file = tmp_path / f"{name}.{format}"
        file.write_text(text(format, name), encoding="utf-8")
        scores = loop_scores(file, loops)
        for loop in loops:
            pushing = scores[loop.name] if loop.polarity == "reinforcing" else -scores[loop.name]
            assert np.isfinite(pushing).all()
            assert (pushing >= 0).all(), (name, loop.name)
            active |= {loop.name} if pushing.any() else set()
    assert len(active) > len(loops) - 3


LEAVES = st.sampled_from([Expression("variable", name=name) for name in "abcd"] + [Expression("constant", value=1.0)])


def combined(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    # kept away from zero and overflow, where the engines' answers are no longer numbers
    return st.one_of(
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda a, b: a - b, inner, inner),
        st.builds(lambda a, b: a * b, inner, inner),
        st.builds(lambda a, b: a / (1 + b * b), inner, inner),
        st.builds(lambda a, b: ratio(a, maximum(b, 0), 1), inner, inner),
        st.builds(lambda a, b: (1 + a * a) ** -minimum(1, maximum(b, 0)), inner, inner),
        st.builds(lambda a: -a, inner),
        st.builds(lambda a: exp(-(a * a)), inner),
        st.builds(lambda a: log(1 + a * a + TINY), inner),
        st.builds(lambda a, b, c: where(a < b, c, a), inner, inner, inner),
        st.builds(lambda a, b, c: by_year(a, b, c), inner, inner, inner),
    )


VALUES = {"a": 0.7, "b": 3.25, "c": -1.5, "d": 0.0}


@pytest.mark.parametrize("format", FORMATS)
@given(expressions=st.lists(st.recursive(LEAVES, combined, max_leaves=12), min_size=20, max_size=30))
@settings(max_examples=3, suppress_health_check=list(HealthCheck))
def test_any_expression_means_the_same_to_pysd(format: Format, expressions: list[Expression]) -> None:
    names = [f"x_{position}" for position in range(len(expressions))]
    small = Model(
        stocks=(),
        static=(),
        dynamic=tuple(equation(n, "auxiliary", e) for n, e in zip(names, expressions, strict=True)),
        parameters={name: parameter(name) for name in VALUES},
        loops=(),
        digest="",
    )
    draws = Draws(tuple(VALUES), np.array([[value] for value in VALUES.values()]), 0, False, "")
    theirs = translate_text(TEXTS[format](small, PLAIN, draws), f".{format}").run({}, names)
    for time in (0, 11, 12, 24, 96):
        values = {name: np.float64(value) for name, value in VALUES.items()} | {"time": np.float64(time)}
        ours = np.array([float(evaluate(expression, values)) for expression in expressions])
        np.testing.assert_allclose(theirs[:, time], ours, rtol=1e-12, atol=1e-300)


@st.composite
def any_schedule(draw: st.DrawFn) -> Schedule:
    starts = sorted(draw(st.sets(st.integers(0, 95), max_size=4)))
    numbers = st.sampled_from([0.0, 1.0, 100.0, 0.1, -0.05, 41.666666666666664])
    ramps = st.sampled_from([0.0, 0.0, 3.0, 12.0, 7.5, 60.0])
    return tuple(Segment(float(start), draw(numbers), draw(ramps) if start else 0.0) for start in starts)


@pytest.mark.parametrize("format", FORMATS)
@given(schedules=st.lists(any_schedule(), min_size=10, max_size=25))
@settings(max_examples=3, suppress_health_check=list(HealthCheck))
def test_any_schedule_means_the_same_to_pysd(format: Format, schedules: list[Schedule]) -> None:
    # ramps that a later step cuts short among them
    levers = {f"lever_{position}": schedule for position, schedule in enumerate(schedules)}
    parameters = {name: parameter(name, "lever") for name in levers}
    small = Model((), (), (), parameters, (), "")
    plan = Scenario("plan", Label("", ""), Label("", ""), "", levers, {}, {}, "", "", "package", (), (), NOWHERE)
    draws = Draws((), np.empty((0, 1)), 0, False, "")
    theirs = translate_text(TEXTS[format](small, plan, draws), f".{format}").run({}, list(levers))
    for row, schedule in zip(theirs, schedules, strict=True):
        np.testing.assert_allclose(row, schedule_values(schedule, np.arange(97.0), 1.0), rtol=1e-14, atol=1e-14)


def test_every_number_has_a_unit_a_range_and_a_point() -> None:
    file = text("mdl", "zhengzhou_2025")
    entries = dict(re.findall(r"^([a-z]\w*) = (.*?\n\t~\t.*?)\n\t~\t", file, re.MULTILINE | re.DOTALL))
    assert set(entries) == {e.name for e in load_model().equations} | set(load_model().parameters)
    for name in load_model().parameters:
        value, unit = entries[name].split("\n\t~\t")
        assert re.fullmatch(r"\S+ \[[-\d.e]+,[-\d.e]+,[\d.e-]+\]", unit), (name, unit)
        assert re.fullmatch(r"-?\d+\.\d+|-?[\d.]+e-?\d+", value) or "Time <" in value, (name, value)
    equations = "".join(entry.split("\n\t~\t")[0] for entry in entries.values())
    assert '"' not in equations
    assert not re.search(r"\^ [^()+*/,]* \^", equations)


def test_the_xmile_file_lists_every_variable_in_one_group() -> None:
    root = ET.fromstring(text("xmile", "baseline"))
    space = {"x": "http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"}
    names = [e.get("name") for tag in ("stock", "flow", "aux") for e in root.iterfind(f".//x:{tag}", space)]
    grouped = [e.get("name") for e in root.iterfind(".//x:group/x:entity", space)]
    assert sorted(map(str, grouped)) == sorted(map(str, names))
    flows = [e.text for tag in ("inflow", "outflow") for e in root.iterfind(f".//x:{tag}", space)]
    assert all(flows.count(flow) <= 2 for flow in flows)
    for tag in ("inflow", "outflow"):
        ends = [e.text for e in root.iterfind(f".//x:{tag}", space)]
        assert len(ends) == len(set(ends)), "XMILE's flow has one source and one sink"


def small_model() -> Model:
    change = from_function("change", "flow", lambda level, target, delay: (target - level) / delay)
    level = from_function("level", "stock", lambda change: change, initial="first")
    parameters = {"first": parameter("first"), "delay": parameter("delay"), "target": parameter("target", "lever")}
    return Model((level,), (), (change,), parameters, (), "")


def edited(folder: Path, old: str = "", new: str = "", format: Format = "mdl") -> Path:
    """The exported small model with one passage replaced."""
    small = small_model()
    draws = Draws(("first", "delay"), np.array([[1.0], [1.0]]), 0, False, "")
    written = TEXTS[format](small, PLAIN, draws)
    assert old in written
    file = folder / f"edited.{format}"
    file.write_text(written.replace(old, new, 1) if old else written, encoding="utf-8")
    return file


DRAWS = Draws(("first", "delay"), np.array([[0.0, 2.0], [4.0, 8.0]]), 1, False, "")


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_left_as_it_was_gives_our_own_run(format: Format, tmp_path: Path) -> None:
    theirs = run_file(edited(tmp_path, format=format), small_model(), DRAWS, ["level", "change"])
    ours = bare_run(small_model(), PLAIN, DRAWS, ["level", "change"])
    for name, series in zip(("level", "change"), ours, strict=True):
        assert difference(series.T, theirs[name].values) < AGREED


@pytest.mark.parametrize("format", FORMATS)
def test_an_edited_equation_is_the_one_that_is_run(format: Format, tmp_path: Path) -> None:
    file = edited(tmp_path, "target - level", "2 * target - level", format)
    theirs = run_file(file, small_model(), DRAWS, ["level"])["level"].values
    steps = np.arange(0, 97 * STEPS_PER_MONTH, STEPS_PER_MONTH)
    for row, (first, delay) in zip(theirs, DRAWS.values.T, strict=True):
        np.testing.assert_allclose(row, 2 + (first - 2) * (1 - 1 / (STEPS_PER_MONTH * delay)) ** steps, rtol=1e-9)


@pytest.mark.parametrize("format", FORMATS)
def test_an_edited_number_holds_in_every_draw(format: Format, tmp_path: Path) -> None:
    old, new = {"mdl": ("first = 1.0", "first = 5.0"), "xmile": ("1.0</eqn>", "5.0</eqn>")}[format]
    series = run_file(edited(tmp_path, old, new, format), small_model(), DRAWS, ["level"])["level"].values
    np.testing.assert_array_equal(series[:, 0], [5.0, 5.0])


MISTAKES = {
    "unreadable": (
        "target - level)",
        "target - - * level)",
        "edited.mdl:",
        "“change” cannot be read",
        r"begins with “\* level",
    ),
    "undefined": ("/ delay", "/ delai", "edited.mdl:", "“change” uses “delai”", "“delay”"),
    "unknown function": ("(target - level)", "FOO(target - level)", "edited.mdl:", "the function “foo”"),
    "circle": ("(target - level)", "(change - level)", "without a stock between them: change"),
    "twice": ("first =", "delay = 2 ~~|\n\nfirst =", "edited.mdl:", "“delay” is defined more than once"),
    "no end": ("\t|\n\nfirst =", "\n\nfirst =", "nothing more can be read"),
    "another horizon": ("FINAL TIME = 96", "FINAL TIME = 48", "“final_time” must be 96"),
    "renamed": ("level = INTEG", "height = INTEG", "uses “level”, which nothing defines"),
    "not a number": ("/ delay", "/ (delay - delay)", "cannot run this model|is not a number from month"),
    "data": ("/ delay", "/ GET DIRECT CONSTANTS('a.xlsx', 'b', 'C1')", "needs data|cannot be read"),
    "subscripts": ("first = ", "things: one, two ~~|\nfirst = ", "subscripts are not run here"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_an_edited_file_is_named_in_one_sentence(mistake: str, tmp_path: Path) -> None:
    old, new, *expected = MISTAKES[mistake]
    with pytest.raises(InputError) as raised:
        run_file(edited(tmp_path, old, new), small_model(), DRAWS, ["level"])
    assert "\n" not in str(raised.value)
    for part in expected:
        assert re.search(part, str(raised.value)), str(raised.value)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.txt", "hello", "ends in one of .mdl"),
        ("notes.mdl", "hello", "not a model that can be read"),
        ("empty.mdl", "", "not a model that can be read"),
        ("binary.mdl", "a\0b", "not a model that can be read"),
        ("notes.xmile", "hello", "this is not XML"),
        ("page.xml", "<html><body/></html>", "not a model that can be read"),
        ("other.mdl", "a = 1.0 ~ ~ |\n" + "INITIAL TIME = 0 ~~| FINAL TIME = 96 ~~| TIME STEP = 1 ~~| SAVEPER = 1 ~~|",
         "another model"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_our_model_is_refused(name: str, content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        run_file(tmp_path / name, small_model(), DRAWS, ["level"])
    with pytest.raises(InputError, match="cannot be read"):
        run_file(tmp_path / "absent.mdl", small_model(), DRAWS, ["level"])


@pytest.mark.parametrize("header", ["{UTF-8}", "{UTF-7}"])
def test_a_file_is_never_evaluated(header: str, tmp_path: Path) -> None:
    # PySD evaluates a table's limits and copies a comment into Python source; both would leave a file behind
    proof = tmp_path / "proof"
    call = f"__import__('pathlib').Path({str(proof)!r}).touch()"
    table = f"([{call},(0,0)],(0,0),(1,1))"
    if header == "{UTF-7}":
        table = table.replace("[", "+AFs-")
    for old, new in (
        ("(target - level)", f"WITH LOOKUP(level, {table})"),
        ("\t~\t：", f'\t~\t"""; {call}; """'),
        ("\t~\tDmnl", f"\t~\t') or {call} or ('"),
    ):
        file = edited(tmp_path, old, new)
        file.write_text(file.read_text(encoding="utf-8").replace("{UTF-8}", header), encoding="utf-8")
        with contextlib.suppress(InputError):
            run_file(file, small_model(), DRAWS, ["level"])
        assert not proof.exists(), old


def test_a_budget_must_be_equalised_before_it_is_exported() -> None:
    unequal = load_scenario("hangzhou_mode_same_budget", load_model().parameters)
    with pytest.raises(ValueError, match="equalise"):
        export(load_model(), unequal, "xmile")
