"""Can only what is still to come be chosen, unless the past is what is asked about, and does every answer say so?

Does not establish that the month after the last evidence is the month in which the city really stands, nor that what
was decided was done as it was decided.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from commands import Terminal
from shudian.analysis.doses import decided, dose_response
from shudian.analysis.latest import FELT, latest
from shudian.analysis.results import evaluate
from shudian.analysis.verdicts import read
from shudian.analysis.warnings import Unsaid
from shudian.answers.compare import CompareRequest, compare
from shudian.answers.limits import limits_of_the_past
from shudian.answers.plan import RunRequest, plan
from shudian.answers.run import carry_out
from shudian.answers.sensitivity import SensitivityRequest, packages_of
from shudian.budget import equalise
from shudian.evidence import load_parameters
from shudian.grounds import draws_from, standing_posterior
from shudian.kinds import LANGUAGES, InputError
from shudian.now import default_now, read_now
from shudian.quantities import write_month
from shudian.report.run.short import ending, years_text
from shudian.report.run.tables import years
from shudian.report.words.cautions import cautions
from shudian.scenario_changes import with_settings
from shudian.scenario_past import departure, is_prospective, is_retrospective
from shudian.scenario_text import to_toml
from shudian.scenarios import list_scenarios, load_scenario, record_of
from shudian.structure import load_model

PARAMETERS = load_parameters()
HEAD = 'title = "我的"\nquestion = "会怎样？"\n'
NOW = default_now()


def written(folder: Path, text: str, base: str = "zhengzhou_2025") -> Path:
    path = folder / "mine.toml"
    path.write_text(f'base = "{base}"\n{HEAD}{text}', encoding="utf-8")
    return path


def test_now_is_the_month_after_the_last_evidence() -> None:
    assert write_month(NOW) == "2026-05"
    assert read_now("") == NOW
    assert read_now("2027年1月") == 48
    with pytest.raises(InputError, match=r"--now 1999-01: .*outside the horizon"):
        read_now("1999-01")


@pytest.mark.parametrize("now", ["", "2027-01"])
@pytest.mark.parametrize(
    "line", ["fund_size = '2 亿元'", "fund_size = { now = '2 亿元' }", "fund_size.现在 = '2 亿元'"]
)
def test_a_lever_without_a_month_moves_now(tmp_path: Path, line: str, now: str) -> None:
    line = line.replace("现在", '"现在"')
    first = read_now(now)
    scenario = load_scenario(written(tmp_path, f"[levers]\n{line}"), PARAMETERS, now=first)
    assert [(segment.start, segment.value) for segment in scenario.levers["fund_size"]] == [(33, 1e4), (first, 2e4)]
    set_now = with_settings(load_scenario("zhengzhou_2025", PARAMETERS, now=first), ["fund_size=2亿元"], PARAMETERS)
    assert set_now.levers == scenario.levers


def test_what_befell_the_city_may_be_thought_otherwise_in_the_past(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, "[assumptions]\nplatform_guarantee = { 2025-01 = 0.2 }"), PARAMETERS)
    assert scenario.assumptions["platform_guarantee"][0].start == 24


@pytest.mark.parametrize("key", ["retrospective", '"回溯"'])
def test_a_file_that_says_so_may_choose_in_the_past(tmp_path: Path, key: str) -> None:
    line = "[levers]\nfund_size = { 2025-10 = '2 亿元' }"
    with pytest.raises(InputError, match=r"mine.toml:5: “fund_size” is changed from 2025-10 on, which is past"):
        load_scenario(written(tmp_path, line), PARAMETERS)
    scenario = load_scenario(written(tmp_path, f"{key} = true\n{line}"), PARAMETERS)
    assert scenario.retrospective
    assert is_retrospective(scenario, record_of(scenario, PARAMETERS))
    # what was past is still to come for whoever stood there
    assert not load_scenario(written(tmp_path, line), PARAMETERS, now=33.0).retrospective


def test_a_file_may_repeat_the_past_as_it_was(tmp_path: Path) -> None:
    """Of its base, or of what was decided: a file that is written in full does."""
    line = "[levers]\nfund_size = { 2025-10 = '1 亿元', 2026-07 = '2 亿元' }"
    for base in ("zhengzhou_2025", "baseline"):
        assert load_scenario(written(tmp_path, line, base), PARAMETERS).levers["fund_size"][-1].start == 42
    begun = load_scenario(written(tmp_path, "[levers]\nfund_size = '2 亿元'\nmunicipal_parks = 8"), PARAMETERS)
    again = tmp_path / "again.toml"
    again.write_text(to_toml(begun, PARAMETERS), encoding="utf-8")
    found = load_scenario(again, PARAMETERS)
    assert (found.levers, found.retrospective) == (begun.levers, False)


def test_what_is_written_anew_as_it_was_is_no_choice(tmp_path: Path) -> None:
    """Another month of the same amount is none either; a ramp out of nothing begins where it begins."""
    line = "[levers]\nfund_size = { 2025-11 = '1 亿元', 2027-01 = '2 亿元' }"
    scenario = load_scenario(written(tmp_path, line), PARAMETERS)
    record = record_of(scenario, PARAMETERS)
    assert departure(scenario, record) == 48
    assert is_prospective(scenario, record)
    assert plan(RunRequest((str(scenario.place.path),), draws=2)).reference.name == "zhengzhou_2025"
    ramp = "retrospective = true\n[levers]\nplus_programme = { 2026-01 = { value = '1 亿元/年', ramp = '12 个月' } }"
    rising = load_scenario(written(tmp_path, ramp, "no_policy"), PARAMETERS)
    assert departure(rising, load_scenario("no_policy", PARAMETERS)) == 36


@pytest.mark.parametrize("flag", ["", "retrospective = true\n"])
def test_equal_budgets_scale_the_past_only_where_it_is_asked_about(tmp_path: Path, flag: str) -> None:
    line = f"{flag}same_budget_as = 'hangzhou_mode'\n[levers]\nfund_size = {{ 2027-01 = '2 亿元' }}"
    scenario = load_scenario(written(tmp_path, line), PARAMETERS)
    scaled = equalise(scenario, load_model(), standing_posterior("zhengzhou"))
    assert scaled.levers != scenario.levers
    assert departure(scaled, scenario) >= NOW


@pytest.mark.parametrize("name", list_scenarios(kind="package"))
def test_every_shipped_package_is_of_one_kind_and_says_which(name: str) -> None:
    scenario = load_scenario(name, PARAMETERS)
    record = record_of(scenario, PARAMETERS)
    if name.endswith("_from_now"):
        assert departure(scenario, record) == NOW
        assert "从现在起" in scenario.title.zh
        assert "rom now" in scenario.title.en
    assert is_retrospective(scenario, record) + is_prospective(scenario, record) == (name != "zhengzhou_2025")
    if is_prospective(scenario, record):
        assert not scenario.retrospective


@pytest.mark.parametrize("now", range(int(NOW), 54))
def test_no_shipped_scenario_grows_old(now: int) -> None:
    """Each can be read in every month from now to June 2027, and chooses what it chose: nothing is left to the past."""
    for name in list_scenarios():
        scenario, today = (load_scenario(name, PARAMETERS, now=float(month)) for month in (now, NOW))
        record = record_of(scenario, PARAMETERS)
        assert is_retrospective(scenario, record) == is_retrospective(today, record_of(today, PARAMETERS)), name
        assert scenario.kind == "package" or all(
            {segment.start for segment in schedule} == {now} for schedule in scenario.assumptions.values()
        ), name
        own = {lever: schedule[-1].value for lever, schedule in scenario.levers.items()}
        assert own == {lever: schedule[-1].value for lever, schedule in today.levers.items()}, name


def test_every_shipped_package_runs_in_a_later_month() -> None:
    answer = carry_out(plan(RunRequest((), now="2027-06", draws=2)))
    assert {row.scenario.name for row in answer.verdicts.rows} >= {*list_scenarios(kind="package")}


def test_a_setting_in_the_past_is_refused_with_how_to_ask() -> None:
    settings = ("fund_size=2亿元@2025-10",)
    with pytest.raises(InputError, match=r"--set fund_size=2亿元@2025-10: 2025-10 is past.*add --retrospective"):
        plan(RunRequest(("zhengzhou_2025",), settings=settings, draws=2))
    work = plan(RunRequest(("zhengzhou_2025",), settings=settings, draws=2, retrospective=True))
    assert [segment.start for segment in work.asked.levers["fund_size"]] == [33]
    assert plan(RunRequest(("zhengzhou_2025",), settings=settings, draws=2, now="2025-10")).now == 33


def test_the_two_kinds_never_stand_in_one_table_unsaid() -> None:
    alone = carry_out(plan(RunRequest(("fund_from_now", "parks_from_now"), draws=2)))
    assert not [caution for caution in cautions(alone.verdicts) if caution.kind == "mixed"]
    both = carry_out(plan(RunRequest(("fund_from_now", "shenzhen_mode", "zhengzhou_2025"), draws=2)))
    (told,) = [caution for caution in cautions(both.verdicts) if caution.kind == "mixed"]
    assert "Shenzhen mode" in told.long.en.split("differ from")[0]
    assert "From now: a fund of 200 million" in told.long.en.split("differ from")[1]
    marked = {row.scenario.name for row in both.verdicts.rows if row.scenario.title.zh.endswith("（回溯）")}
    assert marked == {"shenzhen_mode"}


@pytest.mark.parametrize("base", ["", "baseline", "no_policy", "shenzhen_mode"])
def test_a_file_that_is_another_past_says_so_or_is_warned_of(
    tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever it is built on: `check`, `run`, `compare` and `sensitivity` tell, unless the file itself does."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "[levers]\nfund_size = '2 亿元'", base)
    asked = carry_out(plan(RunRequest(("mine.toml",), draws=2)))
    (told,) = [caution for caution in cautions(asked.verdicts) if caution.kind == "unsaid"]
    assert all("zhengzhou_2025" in told.long.text(language) for language in LANGUAGES)
    compared = compare(CompareRequest(("mine.toml", "fund_from_now"), draws=2))
    assert [limit.scenario.name for limit in compared.choice.verdicts.limits if isinstance(limit, Unsaid)] == ["mine"]
    loaded = load_scenario("mine.toml", PARAMETERS)
    assert limits_of_the_past([loaded], {}, PARAMETERS) == (
        Unsaid(loaded, departure(loaded, record_of(loaded, PARAMETERS))),
    )
    terminal = Terminal(monkeypatch, capsys)
    assert told.long.zh in terminal("check", "mine.toml", "--lang", "zh").err
    written(tmp_path, "retrospective = true\n[levers]\nfund_size = { 2026-07 = '2 亿元' }", base)
    assert told.long.zh not in terminal("check", "mine.toml", "--lang", "zh").err
    asked = carry_out(plan(RunRequest(("mine.toml",), draws=2)))
    assert not [caution for caution in cautions(asked.verdicts) if caution.kind == "unsaid"]


def test_a_file_without_a_base_has_no_past_but_its_own(tmp_path: Path) -> None:
    """What was decided does not hold in it before its first date: a later date of the same amount is refused."""
    line = "[levers]\nfund_size = { 2025-12 = '1 亿元' }"
    for base in ("", "baseline"):
        with pytest.raises(InputError, match="“fund_size” is changed from 2025-12 on, which is past"):
            load_scenario(written(tmp_path, line, base), PARAMETERS)
    load_scenario(written(tmp_path, line), PARAMETERS)


def test_a_file_beside_it_does_not_rewrite_what_was_decided(tmp_path: Path) -> None:
    own = written(tmp_path, "[levers]\nfund_size = { 2025-10 = '3 亿元' }", "baseline")
    own.rename(tmp_path / "zhengzhou_2025.toml")
    with pytest.raises(InputError, match="which is past"):
        load_scenario(tmp_path / "zhengzhou_2025.toml", PARAMETERS)


def test_a_copy_of_what_was_decided_asks_about_no_past(tmp_path: Path) -> None:
    """So that a lever which somebody then writes into the copy without a month moves now, and not from 2023 on."""
    text = to_toml(load_scenario("zhengzhou_2025", PARAMETERS), PARAMETERS)
    assert "retrospective" not in text
    copy = tmp_path / "copy.toml"
    copy.write_text(re.sub(r"(?m)^fund_size = .*$", 'fund_size = "2 亿元"', text), encoding="utf-8")
    assert load_scenario(copy, PARAMETERS).levers["fund_size"][-1].start == NOW


def test_a_package_of_the_past_is_marked_where_others_stand_against_it() -> None:
    verdicts = carry_out(plan(RunRequest(("fund_from_now",), draws=2, against="shenzhen_mode"))).verdicts
    assert verdicts.row("shenzhen_mode").scenario.title.zh.endswith("（回溯）")
    assert [caution.kind for caution in cautions(verdicts)].count("mixed") == 1
    standing = carry_out(plan(RunRequest(("fund_from_now",), draws=2, against="no_policy"))).verdicts
    assert not standing.row("no_policy").scenario.title.zh.endswith("（回溯）")


@pytest.mark.parametrize(
    ("packages", "reference"),
    [(("fund_from_now", "parks_from_now"), "zhengzhou_2025"), (("zhengzhou_2025",), "baseline"), ((), "no_policy"),
     (("fund_from_now+demand_stalls",), "zhengzhou_2025+demand_stalls"), (("no_policy",), "no_policy")],
)  # fmt: skip
def test_a_sensitivity_stands_against_what_a_run_does(packages: tuple[str, ...], reference: str) -> None:
    _, found = packages_of(SensitivityRequest(packages), load_model())
    assert found.name == reference
    assert packages in ((), ("no_policy",)) or found.name == plan(RunRequest(packages, draws=2)).reference.name


@pytest.mark.parametrize(
    ("names", "reference"),
    [
        (("zhengzhou_2025",), "baseline"),
        (("zhengzhou_2025+demand_stalls", "zhengzhou_2025"), "baseline"),
        (("fund_from_now", "zhengzhou_plus_shenzhen"), "zhengzhou_2025"),
        (("fund_from_now", "zhengzhou_2025"), "zhengzhou_2025"),
        (("baseline",), "no_policy"),
        (("zhengzhou_2025", "shenzhen_mode"), "no_policy"),
        (("fund_from_now", "shenzhen_mode"), "no_policy"),
    ],
)
def test_a_package_stands_against_what_would_be_without_its_decision(names: tuple[str, ...], reference: str) -> None:
    work = plan(RunRequest(names, draws=2))
    assert work.reference.name.startswith(reference)
    assert plan(RunRequest(names, draws=2, against="shanghai_mode")).reference.name.startswith("shanghai_mode")


def test_what_begins_now_is_told_beyond_the_year_of_the_targets() -> None:
    answer = carry_out(plan(RunRequest(("fund_from_now",), draws=20, against="zhengzhou_2025")))
    (found,) = answer.verdicts.years
    assert (found.scenario, found.other) == ("fund_from_now", "zhengzhou_2025")
    row = answer.verdicts.row("fund_from_now")
    assert found.differences["output"][0] == row.additional["output"]
    assert found.differences["jobs"][-1] == row.additional["jobs_later"]
    for language in LANGUAGES:
        said = years_text(answer.verdicts, language)
        assert all(str(year) in said for year in (2027, 2028, 2029, 2030))
        assert [table.head[1:] for table in years(answer.verdicts, language)] == [("2027", "2028", "2029", "2030")]
    assert not carry_out(plan(RunRequest(("shenzhen_mode",), draws=2))).verdicts.years


@pytest.mark.parametrize("name", ["fund_size", "overseas_service_window", "annual_budget"])
def test_the_latest_month_of_a_lever_is_the_last_in_which_enough_of_it_is_left(name: str) -> None:
    """By running the months around it; of the budget, which does not bind, nothing is left from the start."""
    model, package = load_model(), load_scenario("zhengzhou_2025", PARAMETERS)
    draws = draws_from(model, standing_posterior("zhengzhou"), 40, 1)
    found = dose_response(model, PARAMETERS[name], package, draws)
    until = latest(found, model, draws)
    if name == "annual_budget":
        assert (until.half, until.last) == (None, None)
        return
    given = decided(package, found.given, NOW)
    names = [measure.variable for measure in FELT]
    rest = evaluate(model, given, draws, names, 2027)

    def brings(start: float) -> np.ndarray:
        run = evaluate(model, decided(given, {name: until.dose}, start), draws, names, 2027)
        return np.array([np.abs(read(run, m) - read(rest, m)).mean() for m in FELT])

    whole = brings(NOW)
    for share, month in ((0.5, until.half), (0.1, until.last)):
        assert month is not None
        left = [brings(start) / np.where(whole > 0, whole, np.inf) for start in (month, month + 1)]
        assert left[0].max() >= share > left[1].max()


def test_two_kinds_of_packages_are_warned_of_first() -> None:
    verdicts = carry_out(plan(RunRequest(("parks_from_now", "hangzhou_mode"), draws=20))).verdicts
    (said,) = (caution for caution in cautions(verdicts) if caution.kind == "mixed")
    for language in LANGUAGES:
        assert said.short.text(language) in ending(verdicts, language, "parks_from_now")[0]


def test_what_was_still_to_come_then_may_be_asked_about_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With an earlier now a file that begins then is read so by each command, its manifest included."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "[levers]\nfund_size = { 2026-02 = '2 亿元' }")
    terminal = Terminal(monkeypatch, capsys)
    for words in (("run", "mine.toml"), ("compare", "mine.toml"), ("why", "mine.toml")):
        ended = terminal(*words, "--now", "2026-01", "--draws", "20", "--lang", "en")
        assert ended.code == 0, ended.err
    assert terminal("run", "mine.toml", "--draws", "20", "--lang", "en").code == 2
