"""Does every number of the calibration report follow from the draws, and does the report say what it must?

Does NOT establish that the posterior is right, nor that a reader draws the right conclusion: the draws here come from
the priors, and what is checked is what the report makes of them.
"""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrations import left_out, stand_in
from shudian.analysis.contested_forms import load_contested_forms
from shudian.answers.calibration.article import LEVERS
from shudian.answers.calibration.change import FALL, change, log_evidence
from shudian.answers.calibration.moves import _weighted, median_error, weighted_median
from shudian.answers.calibration.questions import Question, chance
from shudian.answers.calibration.view import View, view_of
from shudian.calibrate.calibration import Calibration, Evidence
from shudian.calibrate.ranks import LOG_LIKELIHOOD, judged
from shudian.calibrate.simulation_based import OUTCOMES
from shudian.draws import draws_of
from shudian.evidence import load_figures
from shudian.kinds import Label, Language
from shudian.observe.comparison import Comparison
from shudian.observe.words import printed_bounds
from shudian.posterior_file import Posterior
from shudian.report.calibration import left_out_tables, more_tables, tables, words
from shudian.report.calibration.columns import table_of
from shudian.report.calibration.folder import all_tables, write_report
from shudian.report.calibration.tables import phrase_text
from shudian.report.document import Table
from shudian.report.render.cells import Chance, Printed, in_percent, shown, signed
from shudian.report.render.csv_tables import csv_bytes, csv_table
from shudian.scenarios import load_scenario
from shudian.simulate import simulate
from shudian.structure import load_model
from test_can_a_strangers_text_do_harm import check_dictionary

BOTH: tuple[Language, Language] = ("zh", "en")


@cache
def calibration() -> Calibration:
    return stand_in()


MODEL = load_model()
UNCERTAIN = tuple(p.name for p in MODEL.fixed if p.prior is not None)
FEWEST_OF_A_FORM = 100


@cache
def earlier() -> View:
    return view_of(stand_in(Evidence(without=("ZM07",)), seed=6))


def before() -> Posterior:
    return earlier().posterior


@pytest.fixture(scope="module")
def view() -> View:
    half = calibration().uncertain[:, :100]
    without = [left_out(calibration(), "ZM07", half), left_out(calibration(), "ZC01", calibration().uncertain)]
    without += [left_out(calibration(), name) for name in ("ZE02", "ZE05", "ZD11", "ZN03")]
    return view_of(calibration(), before=before(), without=without)


@pytest.fixture(scope="module")
def folder(view: View, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("report")
    write_report(view, place, "zh")
    return place


def yearly(variable: str, year: int, package: str) -> np.ndarray:
    """Increase of a cumulative variable over a year, computed from a plain run."""
    draws = draws_of(MODEL, calibration().target.latent.fixed(calibration().uncertain), 0)
    run = simulate(MODEL, load_scenario(package, MODEL.parameters), draws, outputs=[variable])[variable]
    return (run.sel(month=f"{year + 1}-01-01") - run.sel(month=f"{year}-01-01")).values / 1e4


# Targets


@pytest.mark.parametrize("package", ["zhengzhou_2025", "no_policy"])
@pytest.mark.parametrize("definition", ["local_output", "allocated_market", "content_market"])
def test_a_target_is_reached_as_often_as_a_plain_run_reaches_it(view: View, package: str, definition: str) -> None:
    (answer,) = [a for a in view.asked(package) if a.question.key == f"market_2027/{definition}"]
    expected = yearly(f"cumulative_{definition}", 2027, package)
    np.testing.assert_allclose(answer.posterior, expected, rtol=1e-9)
    assert answer.question.threshold == pytest.approx(100)
    assert chance(answer.posterior, answer.question) == np.mean(expected >= 100)


def test_the_table_of_targets_shows_prior_and_posterior_of_every_definition(view: View) -> None:
    table = tables.target_table(view, "en")
    market = [row for row in table.rows if row[0] == "Market of 10 billion yuan in 2027"]
    assert len(market) == 3
    for row, definition in zip(market, ("local_output", "allocated_market", "content_market"), strict=True):
        expected = yearly(f"cumulative_{definition}", 2027, "zhengzhou_2025")
        assert row[3] == Chance(np.mean(expected >= 100))
        assert row[7] == pytest.approx(np.median(expected))
        assert row[8] == pytest.approx(tuple(np.quantile(expected, (0.05, 0.95))))


# Reports


def test_each_report_has_a_row_with_its_own_numbers(view: View) -> None:
    rows = {row[0]: row for row in tables.fit_table(view, "en").rows}
    assert len(rows) == len(calibration().target.observer.reports)
    # 80-odd crews, January to August 2025: the mean of crews on set over these months
    draws = draws_of(MODEL, calibration().target.latent.fixed(calibration().uncertain), 0)
    history = load_scenario("zhengzhou_2025", MODEL.parameters)
    crews = simulate(MODEL, history, draws, outputs=["crews_on_set"])["crews_on_set"]
    expected = np.trapezoid(crews.sel(month=slice("2025-01-01", "2025-09-01")).values, axis=1) / 8
    row = rows["ZC01"]
    assert row[4] == "80余部"
    assert row[5] == Printed(80.0)
    assert row[7] == pytest.approx(np.median(expected))
    assert row[9] == pytest.approx(tuple(np.quantile(expected, (0.05, 0.95))))


def test_a_contradicted_report_is_loud_everywhere(view: View, folder: Path) -> None:
    assert "ZW03" in [c.report.identifier for c in view.contradicted]
    assert all(c.faulty > 0.5 for c in view.contradicted)
    loud = tables.fit_table(view, "zh")
    named = {str(loud.rows[n][0]).split("、")[0] for n in loud.loud}
    assert named >= {c.report.identifier for c in view.contradicted}
    for language, sentence in (("zh", "与其余数字和模型矛盾"), ("en", "Contradicts the other figures and the model")):
        alarms = words.alarms(view, language)  # type: ignore[arg-type]
        assert any(alarm.startswith(sentence) and "ZW03" in alarm for alarm in alarms)
        page = (folder / f"report.{language}.html").read_text(encoding="utf-8")
        assert page.index(sentence) < page.index("<section")


def test_nothing_is_called_contradicted_that_is_not(view: View) -> None:
    calm = replace(view, contradicted=(), change=None)
    assert not any("ZW03" in alarm for alarm in words.alarms(calm, "en"))


# The article


def test_every_figure_of_the_article_stands_beside_the_model(view: View) -> None:
    rows = [(said.figure.identifier, said.printed, said.standing) for said in view.article]
    expected = {
        ("ZN01", 504.4, "fitted"), ("NAT-077", 21.9, "fitted"), ("NAT-078", 42.8, "shown"), ("ZN02", 64.7, "shown"),
        ("ZM07", 38.5, "fitted"), ("ZM07", 35.7, "fitted"), ("ZE05", 800, "fitted"), ("ZW04", 40000, "fitted"),
        ("ZC01", 80, "fitted"), ("ZG08", 1, "input"), ("ZG09", 5, "input"), ("ZG10", 16, "none"),
        ("ORG-005", 2, "input"), ("SZN-001", 30, "input"), ("SZN-002", 100, "input"),
    }  # fmt: skip
    assert expected <= {*rows}
    for said in view.article:
        assert (said.draws is not None) == (said.standing in ("fitted", "shown"))


def test_an_input_is_read_from_the_scenario(view: View) -> None:
    found = {said.figure.identifier: said for said in view.article if said.standing == "input"}
    assert found.keys() == LEVERS.keys()
    for said in found.values():
        assert said.value == pytest.approx(said.printed)


def test_total_jobs_are_direct_and_indirect_ones(view: View) -> None:
    draws = {said.figure.identifier: said.draws for said in view.article}
    factor = next(c for c in view.comparisons if c.figure.identifier == "NAT-077").report.rule.factor_median
    assert draws["NAT-077"] is not None
    assert draws["NAT-078"] is not None
    np.testing.assert_allclose(draws["ZN02"], draws["NAT-077"] / factor + draws["NAT-078"], rtol=1e-6)


# Conflicts


def test_conflicts_hold_the_pairs_that_are_known_to_disagree(view: View) -> None:
    groups = {c.family: {r.report.identifier for r in c.reports} for c in view.conflicts if c.place == "zhengzhou"}
    assert groups["firms"] >= {"ZE01", "ZE02", "ZE03"}
    assert groups["market"] >= {"ZM03", "ZM07"}
    assert groups["workers"] >= {"ZW01", "ZW03"}
    assert groups["titles_share"] >= {"ZD11", "ZD12", "ZD16"}
    assert groups["titles"] >= {"ZD02", "ZD03"}
    ratios = {ratio.parameter.name for c in view.conflicts for ratio in c.ratios}
    assert ratios >= {"registered_ratio", "coverage_ratio", "filed_ratio", "reviewed_ratio"}


def test_the_weights_of_a_reports_meanings_add_up(view: View) -> None:
    for comparison in view.comparisons:
        assert sum(reading.weight for reading in comparison.readings) == pytest.approx(1)
    market = next(c for c in view.conflicts if c.family == "market" and c.place == "zhengzhou")
    rows = [row for row in tables.conflict_table(market, "en").rows if row[0] == "ZM07"]
    assert [row[3] for row in rows] == ["2025-01 to 2025-08", "2025-01 to 2025-12", "2024-09 to 2025-08"]


def test_each_of_two_outlets_is_quoted_in_its_own_words(view: View) -> None:
    market = next(c for c in view.conflicts if c.family == "market" and c.place == "zhengzhou")
    quoted = {row[0]: str(row[1]) for row in tables.conflict_table(market, "en").rows}
    assert "+27.4%" in quoted["ZM03"]
    assert "+28.3%" in quoted["ZM04"]


def test_the_articles_table_says_which_meaning_the_models_number_is_of(view: View) -> None:
    remarks = {str(row[0]): str(row[-1]) for row in reversed(tables.article_table(view, "en").rows)}
    for name in ("ZM07", "ZE05"):
        comparison = next(c for c in view.comparisons if c.report.identifier == name)
        assert tables.period_text(comparison.best, "en") in remarks[name]
    assert "likeliest" not in remarks["ZW04"], "one meaning needs no remark"


# Parameters


def test_prior_draws_learn_nothing_and_a_narrowed_parameter_does(view: View) -> None:
    assert len(view.learned) == len(calibration().names)
    assert abs(np.mean([entry.share for entry in view.learned])) < 0.05
    row = calibration().names.index("coverage_ratio")
    narrow = calibration().uncertain.copy()
    logarithm = np.log(narrow[row])
    narrow[row] = np.exp(logarithm.mean() + 0.5 * (logarithm - logarithm.mean()))
    found = view_of(replace(calibration(), uncertain=narrow)).learned
    assert found[0].parameter.name == "coverage_ratio"
    # lognormal: the latent number is the standardised logarithm, and half the width is a quarter of the variance
    assert found[0].share == pytest.approx(0.75, abs=0.06)
    assert not found[0].kept


def test_the_parameter_table_holds_every_parameter_in_its_own_unit(view: View) -> None:
    rows = {row[0]: row for row in more_tables.parameter_table(view, "en").rows}
    assert rows.keys() == {*calibration().names}
    hazard = calibration().uncertain[calibration().names.index("startup_hazard")] * 12  # shown a year, kept a month
    assert rows["startup_hazard"][6] == pytest.approx(np.median(hazard))
    assert rows["startup_hazard"][7] == pytest.approx(tuple(np.quantile(hazard, (0.05, 0.95))))


def test_shocks_after_the_last_report_are_not_reached_and_what_is_measured_is(view: View) -> None:
    reached = {entry.parameter.name: entry.reached for entry in view.learned}
    assert not any(reached[f"order_shock_{year}"] for year in (2028, 2029, 2030))
    assert not reached["indirect_jobs_ratio"]
    assert reached["coverage_ratio"]
    assert reached["registered_ratio"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_fault_on_known_truths_is_named(language: Language) -> None:
    generator = np.random.default_rng(4)
    sound = {name: generator.random(200) for name in (*UNCERTAIN, LOG_LIKELIHOOD, *OUTCOMES)}
    assert not judged(sound).faults
    spoilt = {name: sound[name] ** 3 for name in (LOG_LIKELIHOOD, OUTCOMES[0], UNCERTAIN[0])}
    told = words.ranks_text(judged(sound | spoilt), "", language)
    labels = MODEL.equation(OUTCOMES[0]).label, MODEL.parameters[UNCERTAIN[0]].label
    for label in (*labels, Label("对数似然", "Log-likelihood")):
        assert label.text(language) in told
    assert "seeds/README.md" in told
    assert "seeds/README.md" not in words.ranks_text(judged(sound), "", language)
    other = words.ranks_text(judged(sound), "of others", language)
    assert ("另一组报道" if language == "zh" else "other reports") in other
    every = judged({name: values**2 for name, values in sound.items()})
    assert words.ranks_text(every, "", language).count("、" if language == "zh" else ", ") > 2


def test_a_sampler_that_loses_variance_is_named(view: View) -> None:
    narrow = calibration().target.latent.uncertain(
        0.8 * np.random.default_rng(1).standard_normal(calibration().uncertain.shape)
    )
    lost = view_of(replace(calibration(), uncertain=narrow))
    assert lost.learned[0].lost == pytest.approx(0.36, abs=0.05)
    assert any("too narrow" in alarm for alarm in words.alarms(lost, "en"))
    assert not any("too narrow" in alarm for alarm in words.alarms(view, "en"))


def test_all_effects_of_policy_are_named_as_unidentified(view: View) -> None:
    said = " ".join(words.unidentified(view, "zh"))
    effects = [p for p in MODEL.fixed if p.prior and p.prior.distribution == "nil_or_normal"]
    missing = [p.name for p in effects if p.label.zh not in said]
    assert sorted(missing) == ["platform_break_size", "private_full_chain_bases"]


def test_correlations_are_those_of_the_latent_numbers(view: View) -> None:
    z = calibration().target.latent.latent(calibration().uncertain)
    names = calibration().names
    strongest = view.pairs[0]
    rows = [names.index(strongest.first.name), names.index(strongest.second.name)]
    assert strongest.correlation == pytest.approx(np.corrcoef(z[rows])[0, 1])
    assert abs(strongest.correlation) >= abs(view.matrix[~np.eye(len(view.matrix), dtype=bool)]).max() - 1e-12


# Leaving one out


def test_a_move_is_the_answer_without_less_the_answer_with(view: View) -> None:
    by_key = {(m.report, m.question.key): m for m in view.moves}
    local = yearly("cumulative_local_output", 2027, "zhengzhou_2025")
    move = by_key["ZM07", "market_2027/local_output"]
    assert move.median == pytest.approx(np.median(local[:100]) - np.median(local))
    assert move.chance == pytest.approx(np.mean(local[:100] >= 100) - np.mean(local >= 100))
    assert by_key["ZC01", "firms"].median == 0
    assert not by_key["ZC01", "firms"].told
    assert by_key["ZC01", "firms"].chance is None


def test_a_move_by_weights_is_the_weighted_answer_less_the_plain_one(view: View) -> None:
    by_key = {(m.report, m.question.key): m for m in view.moves}
    local = yearly("cumulative_local_output", 2027, "zhengzhou_2025")
    weights = left_out(calibration(), "ZN03").weights
    move = by_key["ZN03", "market_2027/local_output"]
    assert not move.refitted
    assert move.chance == pytest.approx(weights @ (local >= 100) - np.mean(local >= 100))
    order = np.argsort(local)
    middle = np.searchsorted(np.cumsum(weights[order]), 0.5)
    assert local[order][middle - 1] <= np.median(local) + move.median <= local[order][middle + 1]


def test_the_error_of_a_weighted_move_is_that_of_repeated_sampling() -> None:
    """Draws x from a normal, weighted by exp(x/2): the median goes from 0 to 1/2."""
    question = next(answer.question for answer in earlier().answers if answer.question.threshold is not None)
    asked = replace(question, threshold=1.0)
    moved = []
    for seed in range(300):
        x = np.random.default_rng(seed).standard_normal(1600)
        weights = np.exp(x / 2)
        moved.append(_weighted("", asked, x, weights / weights.sum()))
    for shift, error, truth in (("median", "median_error", 0.5), ("chance", "chance_error", 0.15)):
        found = np.array([getattr(one, shift) for one in moved])
        assert np.mean([getattr(one, error) for one in moved]) == pytest.approx(found.std(), rel=0.25)
        assert found.mean() == pytest.approx(truth, abs=0.02)


def test_a_median_without_weights_is_the_median() -> None:
    for size in (11, 12):
        values = np.random.default_rng(size).standard_normal(size)
        assert weighted_median(values, np.full(size, 1 / size)) == pytest.approx(np.median(values))


def test_what_leaving_out_tells_is_in_words_and_tables_and_otherwise_how_to_get_it(view: View) -> None:
    untold = replace(view, foretold=(), forms=())
    for language in BOTH:
        assert "--no-refits" in " ".join(left_out_tables.foretold_text(untold, language))
        assert "--no-refits" in " ".join(left_out_tables.form_text(untold, language))
        told = " ".join(left_out_tables.foretold_text(view, language))
        assert "--no-refits" not in told
        total = sum(one.log_density for one in view.foretold)
        assert f"{total:.1f}" in told
    rows = left_out_tables.foretold_table(view, "en").rows
    assert {row[0] for row in rows} == {"ZM07", "ZC01", "ZE02", "ZE05", "ZD11", "ZN03"}
    assert [row[0] for row in rows].count("ZM07") == 2, "a level and a growth rate"
    *families, every = left_out_tables.family_table(view, "en").rows
    for column in (1, 2, 4, 6, 8, 9):
        assert every[column] == pytest.approx(sum(row[column] for row in families))


def test_every_contested_form_has_a_row_and_every_target_under_it(view: View) -> None:
    forms = load_contested_forms(MODEL)
    assert {one.form.name for one in view.forms} == {form.name for form in forms}
    table = left_out_tables.form_answer_table(view, "en")
    targets = sum(answer.question.threshold is not None for answer in view.asked("zhengzhou_2025"))
    assert len(table.rows) == len(forms) * targets
    values = calibration().uncertain[UNCERTAIN.index("platform_break_size")]
    local = yearly("cumulative_local_output", 2027, "zhengzhou_2025") >= 100
    (answer,) = [
        a
        for one in view.forms
        if one.form.name == "platform_break"
        for a in one.answers
        if a.question.key == "market_2027/local_output"
    ]
    nil = values == 0
    assert min(nil.sum(), (~nil).sum()) < FEWEST_OF_A_FORM or answer.nil == np.mean(local[nil])
    assert answer.posterior == np.mean(local)


def test_a_batch_that_sits_elsewhere_is_shouted(view: View) -> None:
    assert not any("batches disagree" in alarm for alarm in words.alarms(view, "en"))
    errors, row = view.batch_errors, UNCERTAIN.index("coverage_ratio")
    between = errors.between.copy()
    between[row] = 20 * errors.by_draws[row]
    shouted = replace(view, batch_errors=replace(errors, between=between))
    label = MODEL.parameters["coverage_ratio"].label.text("en")
    assert any("batches disagree" in alarm and label in alarm for alarm in words.alarms(shouted, "en"))
    assert label in words.batches_text(shouted, "en")


def test_the_error_of_a_median_is_that_of_repeated_sampling() -> None:
    samples = np.random.default_rng(3).standard_normal((400, 900))
    spread = np.median(samples, axis=1).std()
    assert np.mean([median_error(sample) for sample in samples]) == pytest.approx(spread, rel=0.15)


# What changed


def test_what_changed_names_the_figure_and_every_verdict(view: View) -> None:
    found = view.change
    assert found is not None
    assert found.added == ("ZM07",)
    assert found.removed == found.altered == ()
    assert len(found.turned) == 6
    for turned in found.turned:
        assert turned.before == before().about["verdicts"][turned.key]["chance"]
    assert any("ZM07" in line for line in words.change_lines(found, "en"))
    old, new = before().values, view.posterior.values
    by = (np.median(new, axis=1) - np.median(old, axis=1)) / old.std(axis=1)
    assert found.moved[0].by == pytest.approx(by[np.argmax(np.abs(by))])


def test_the_same_posterior_has_not_changed(view: View) -> None:
    same = change(view.posterior, view.posterior, MODEL.parameters)
    assert (same.added, same.removed, same.altered) == ((), (), ())
    assert not same.moved
    assert not any(turned.real for turned in same.turned)
    assert not same.misfit


def test_a_number_that_was_altered_is_found(view: View) -> None:
    reports = [dict(report) for report in view.posterior.about["reports"]]
    crews = next(report for report in reports if report["id"] == "ZC01")
    crews["printed"] = {"ZC01": crews["printed"]["ZC01"] | {"bounds": [800.0, 900.0]}}
    other = replace(view.posterior, about=view.posterior.about | {"reports": reports})
    assert change(view.posterior, other, MODEL.parameters).altered == ("ZC01",)


def test_another_model_is_compared_by_verdicts_only(view: View) -> None:
    other = replace(view.posterior, about=view.posterior.about | {"model_digest": "other"})
    found = change(other, view.posterior, MODEL.parameters)
    assert found.other_model
    assert not found.moved
    assert found.evidence is None
    assert len(found.turned) == 6


@given(fall=st.floats(-30, 30), error=st.floats(0, 3))
def test_a_fall_of_the_evidence_is_named_only_beyond_noise(fall: float, error: float) -> None:
    view_now, diagnostics = before(), dict(before().about["diagnostics"])
    values = np.array([-1.0, -1 + error, -1 - error, -1.0])
    told = [float(value) for value in values]
    then = replace(before(), about=before().about | {"diagnostics": diagnostics | {"log_evidence": told}})
    now_values = [value - fall for value in told]
    now = replace(view_now, about=before().about | {"diagnostics": diagnostics | {"log_evidence": now_values}})
    noise = 2 * np.sqrt(2) * np.std(values, ddof=1) / 2
    if abs(fall - max(FALL, noise)) > 1e-6:
        assert change(then, now, MODEL.parameters).misfit == (fall > max(FALL, noise))


def test_log_evidence_is_averaged_as_a_probability() -> None:
    assert log_evidence([np.log(0.1), np.log(0.3)])[0] == pytest.approx(np.log(0.2))


# On paper


class Addresses(HTMLParser):
    """Collects what a page would ask the network for, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data")]
        assert tag not in ("script", "link", "iframe", "object")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("language", BOTH)
def test_the_page_needs_nothing_else(folder: Path, language: Language) -> None:
    page = (folder / f"report.{language}.html").read_text(encoding="utf-8")
    addresses = Addresses()
    addresses.feed(page)
    own = re.compile(r"data:image/svg\+xml;base64,|#s\d+$|report\.(zh|en)\.html$")
    assert addresses.found
    assert not [address[:60] for address in addresses.found if not own.match(address)]
    assert "url(" not in page
    assert "@import" not in page


@pytest.mark.parametrize("language", BOTH)
def test_the_page_shows_every_table(view: View, folder: Path, language: Language) -> None:
    page = html.unescape((folder / f"report.{language}.html").read_text(encoding="utf-8"))
    for table in all_tables(view, language):
        for row in table.rows:
            for cell in row:
                assert shown(cell) in page
    assert "nan" not in re.sub(r"base64,[^\"]*|financ\w*|[a-z]+nan|nan[a-z]+", "", page.lower())


def test_the_page_asked_for_is_the_one_to_open(folder: Path) -> None:
    assert (folder / "report.html").read_bytes() == (folder / "report.zh.html").read_bytes()
    for name in ("targets", "reports", "learning", "correlations", "moves"):
        for ending in ("zh.png", "zh.svg", "en.png", "en.svg"):
            assert (folder / "figures" / f"{name}_{ending}").stat().st_size > 10_000


def written(table: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_bytes(csv_table(table)).decode("utf-8-sig"), newline="")))


@given(
    st.lists(
        st.tuples(st.floats(-1e9, 1e9), st.floats(0, 1), st.text('年亿，,"\n;a ', max_size=5)), min_size=1, max_size=5
    )
)
def test_a_spreadsheet_holds_the_numbers_unrounded(rows: list[tuple[float, float, str]]) -> None:
    columns = ("model_median", "share", "model_90", "phrase")
    table = table_of("en", "t", "", "", columns, tuple((x, Chance(p), (x, x + 1), text) for x, p, text in rows))
    read = written(table)
    assert read[0] == ["model_median", "share", "model_90_low", "model_90_high", "phrase"]
    assert len(read) == len(rows) + 1
    for line, (x, p, text) in zip(read[1:], rows, strict=True):
        assert [float(cell) for cell in line[:4]] == pytest.approx([x, p, x, x + 1], rel=1e-6, abs=1e-7)
        assert line[4] == text


def test_the_heads_of_the_files_are_the_same_in_both_languages_and_explained(view: View, folder: Path) -> None:
    chinese, english = (list(all_tables(view, language)) for language in ("zh", "en"))
    assert [written(table)[0] for table in chinese] == [written(table)[0] for table in english]
    check_dictionary(folder / "tables")
    assert {path.stem for path in (folder / "tables").iterdir()} == {table.stem for table in chinese} | {"columns"}


def test_no_number_of_a_real_table_is_written_for_eyes_only(view: View) -> None:
    """A minus that is no hyphen, or a comma for thousands, makes a number a text in a spreadsheet."""
    quoted = {figure.phrase for figure in load_figures().values()}
    number = re.compile(r"[+−]\d[\d.,]*|−?\d{1,3}(,\d{3})+(\.\d+)?")
    for table in all_tables(view, "en"):
        for line in written(table):
            assert not [cell for cell in line if number.fullmatch(cell) and cell not in quoted], line


def test_a_meaning_is_shown_in_the_words_that_it_holds(view: View) -> None:
    """ZM03 and ZM04 are one report; the weight beside a row must be that of the words in it."""
    (said,) = (table for table in all_tables(view, "en") if table.stem == "reports")
    words, printed, weight = (said.column(name) for name in ("phrase", "printed", "meaning"))
    for comparison, row in zip(view.comparisons, said.rows, strict=True):
        named = [f for f in comparison.report.figures if phrase_text(f) == row[words]]
        assert named
        number = row[printed]
        if isinstance(number, tuple):
            assert number == printed_bounds(named[0])
        elif number is not None:
            assert isinstance(number, Printed)
            assert number.value == named[0].value
        if len(comparison.readings) > 1:
            assert isinstance(cell := row[weight], Chance)
            held = [r.weight for r in comparison.readings if named[0].identifier in r.alternative.figures]
            assert cell.value == max(held)


def test_a_difference_of_probabilities_is_in_points_wherever_it_is_written() -> None:
    gain = Chance(0.028, signed=True)
    table = table_of("en", "t", "", "", ("chance_after", "change_points"), ((Chance(0.97), gain),))
    assert shown(gain) == "+2.8"
    assert written(table)[1] == ["0.97", "2.8"]


def test_a_chance_is_never_nothing_nor_certain() -> None:
    assert [in_percent(value) for value in (0.0, 0.3, 1.0)] == ["<1%", "30%", ">99%"]
    assert [signed(value) for value in (1.5, -0.25, 0.0)] == ["+1.50", "−0.25", "0"]


def test_no_answer_is_a_question_without_its_definition(view: View) -> None:
    asked: list[Question] = [answer.question for answer in view.answers if answer.question.threshold is not None]
    assert all(question.definition is not None for question in asked)


def test_every_comparison_is_inside_if_its_words_meet_the_interval(view: View) -> None:
    for comparison in view.comparisons:
        assert comparison.inside() == meets(comparison)


def meets(comparison: Comparison) -> bool:
    """Whether the printed words and the predictive interval overlap, by counting draws."""
    assert comparison.printed is not None
    low, high = comparison.printed
    below = np.mean(comparison.predictive < low)
    above = np.mean(comparison.predictive > high)
    return bool(below < 0.95 and above < 0.95)
