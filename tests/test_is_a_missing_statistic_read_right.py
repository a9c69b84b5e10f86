"""Is the list of statistics that could be collected read as it is written, and is every mistake in it named?

Does not establish that the assumed errors are those that a survey or a trial would have.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from shudian.analysis.missing_statistics import (
    definitions_meant,
    load_missing_statistics,
    move,
    statistics_worth,
)
from shudian.kinds import InputError
from shudian.observe.reports import Quantity, load_reports
from shudian.structure import load_model
from shudian.targets import UNSTATED, load_targets
from shudian.value_of_information import Gain, both, told

MODEL = load_model()
REPORTS = [report.identifier for report in load_reports(MODEL)]
TARGETS = [target.identifier for target in load_targets()]
NAMES = 'label = { zh = "名称", en = "name" }\nnote = { zh = "假定", en = "assumed" }\n'


def test_the_shipped_list() -> None:
    found = {entry.identifier: entry for entry in load_missing_statistics(MODEL, REPORTS, TARGETS)}
    audited = found["audited_output"].statistic
    assert audited is not None
    assert audited.quantity == Quantity("cumulative_local_output", "increase", 24, 36)
    assert (audited.relative_error, audited.absolute_error) == (0.03, 0.0)
    pilot = found["subsidy_pilot"].statistic
    assert pilot is not None
    assert (pilot.parameter, pilot.relative_error, pilot.absolute_error) == ("subsidy_sensitivity", 0.0, 0.3)
    utilisation = found["set_utilisation"].statistic
    assert utilisation is not None
    assert utilisation.divided_by == Quantity("effective_capacity", "mean", 12, 24)
    assert found["period"].meaning_of == "ZM07"
    assert found["period_and_coverage"].together == ("period", "coverage")
    assert found["target_definition"].definition_of == "market_2027"


def test_an_absolute_error_is_in_the_parameters_own_unit(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(f'[a]\n{NAMES}parameter = "national_market_initial"\nabsolute_error = 2\n', encoding="utf-8")
    (entry,) = load_missing_statistics(MODEL, REPORTS, TARGETS, path)
    assert entry.statistic is not None
    assert MODEL.parameters["national_market_initial"].display_unit == "亿元/年"
    assert entry.statistic.absolute_error == pytest.approx(2e4 / 12)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\n", ":1: “a” must be a statistic"),
        ('[a]\nlabel = { zh = "名", en = "name" }\n', ":1: the statistic “a” lacks “note”"),
        (f"[a]\n{NAMES}", "says what it measures with exactly one of"),
        (f'[a]\n{NAMES}parameter = "coverage_ratio"\nmeaning_of = "ZM07"\n', "with exactly one of"),
        (f'[a]\n{NAMES}parameter = "coverage_ration"\nrelative_error = 0.1\n', ":4: .*did you mean “coverage_ratio”"),
        (f'[a]\n{NAMES}parameter = "coverage_ratio"\n', "needs one error above 0"),
        (f'[a]\n{NAMES}parameter = "coverage_ratio"\nrelative_error = -1\n', ":5: .*needs one error above 0"),
        (f'[a]\n{NAMES}parameter = "coverage_ratio"\nrelative_error = nan\n', ":5: .*needs one error above 0"),
        (f'[a]\n{NAMES}meaning_of = "ZM99"\n', ":4: “meaning_of” cannot be “ZM99”"),
        (f'[a]\n{NAMES}together = ["a", "b"]\n', ":4: “together” names two other statistics"),
        (f"[a]\n{NAMES}wrong = 1\n", ":4: “wrong” is not known here"),
        (
            f'[a]\n{NAMES}variable = "active_firms"\nreading = "end"\nrelative_error = 0.1\n',
            "“period” is its first and its last month",
        ),
        (
            f'[a]\n{NAMES}variable = "active_firms"\nreading = "ends"\nperiod = ["2025-01", "2025-12"]\n'
            "relative_error = 0.1\n",
            ":5: “reading” cannot be “ends”; did you mean “end”",
        ),
        (
            f'[a]\n{NAMES}variable = "active_firms"\nreading = "end"\nperiod = ["2025-12", "2025-01"]\n'
            "relative_error = 0.1\n",
            ":6: “2025-12” to “2025-01” is no period",
        ),
    ],
)
def test_a_mistake_is_named(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_missing_statistics(MODEL, REPORTS, TARGETS, path)


def test_what_a_definition_is_worth_is_asked_where_it_is_not_stated() -> None:
    """Two definitions, one surely reached and one never: which is meant tells all, and nothing else tells anything."""
    missing = {entry.identifier: entry for entry in load_missing_statistics(MODEL, REPORTS, TARGETS)}
    meant = definitions_meant(load_targets()[0], 3000, 1)
    assert np.bincount(meant) == pytest.approx([1000, 1000, 1000], abs=100)
    reached = (meant == 2).astype(float)
    chances = {"never": np.zeros(3000), "surely": np.ones(3000), UNSTATED: reached}
    measures = {"target_definition": told(meant.astype(float)), "period": told(np.arange(3000) % 2.0)}
    measures["period_and_coverage"] = both(measures["period"], measures["target_definition"])
    asked = [missing[name] for name in measures]
    definition, period, together = statistics_worth(asked, measures, chances, np.array([reached, 1 - reached]), 1)
    assert list(definition.chances) == [UNSTATED]
    assert definition.chances[UNSTATED].value == pytest.approx(1.0)
    assert definition.decision is None
    assert period.chances["never"] == Gain(0.0, 0.0)
    assert abs(period.chances[UNSTATED].value) < 0.01
    assert together.decision is not None
    # two in three are not the third: choosing with the answer is right always, without it in two of three
    assert together.decision.value == pytest.approx(1 / 3, abs=0.03)


def test_a_share_of_variance_is_a_move_of_the_probability() -> None:
    """Learning all of an even chance moves it from 50 % to 0 or 100 %: by 50 points; a negative share moves nothing."""
    assert move(Gain(1.0, 0.0), 0.5) == (0.5, 0.0)
    assert move(Gain(-0.1, 0.0), 0.5) == (0.0, 0.0)
