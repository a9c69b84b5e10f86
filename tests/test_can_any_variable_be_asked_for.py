"""Can a notebook have any variable of the model, kept by a run or not, on the draws of the answer?

Does NOT establish that the variables are right.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shudian as sd
from shudian.face.run import RunAnswer

ANSWER: list[RunAnswer] = []
NAMES = [equation.name for equation in sd.model().equations]


def answer() -> RunAnswer:
    if not ANSWER:
        ANSWER.append(sd.run("zhengzhou_2025", draws=40, against="no_policy"))
    return ANSWER[0]


def kept() -> set[str]:
    return {variable.name for variable in answer().answer.outcomes[0].variables}


@settings(max_examples=12, deadline=None)
@given(names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
def test_a_variable_is_the_same_whoever_keeps_it(names: list[str]) -> None:
    """Beside others and alone, kept or run again: to the last bit."""
    found = answer().to_dataset(names)
    assert [*found.data_vars] == [part for name in names for part in (name, f"{name}_yearly")]
    alone = answer().to_dataset(names[-1:])
    assert found[names[-1]].identical(alone[names[-1]])
    whole = answer().to_dataset()
    for name in {*names} & kept():
        assert whole[name].identical(found[name])
        assert whole[f"{name}_yearly"].identical(found[f"{name}_yearly"])
    assert found.attrs == whole.attrs


def test_what_was_not_kept_hangs_together_with_what_was() -> None:
    """Two ways to the same number: the three kinds of firms are all of them, in each draw and year."""
    assert "startups" not in kept()
    found = answer().to_dataset(["startups", "established", "lead_firms", "active_firms"])
    firms = found["startups_yearly"] + found["established_yearly"] + found["lead_firms_yearly"]
    np.testing.assert_allclose(firms, found["active_firms_yearly"], rtol=1e-12)


def test_a_series_is_a_table_of_quantiles() -> None:
    table = answer().series("city_orders", "初创退出")
    assert [*dict.fromkeys(table["variable"])] == ["city_orders", "startup_exit"]
    assert (np.diff(table[["q05", "q25", "q50", "q75", "q95"]], axis=1) >= 0).all()
    dataset = answer().to_dataset(["city_orders"])
    rows = table[(table["variable"] == "city_orders") & (table["scenario"] == "no_policy")]
    assert np.array_equal(rows["q50"], dataset["city_orders"].sel(scenario="no_policy", quantile=0.5))
    assert {*table["unit"]} == {sd.model().unit_of(name) for name in ("city_orders", "startup_exit")}
    assert table.attrs["model_digest"] == sd.model().digest
    assert {*answer().series()["variable"]} == kept()


@pytest.mark.parametrize(
    ("name", "said"),
    [("city_order", "“city_orders”"), ("fund_size", "is given to the model"), ("zzz", "nothing in the model")],
)
def test_a_name_that_is_none_is_refused(name: str, said: str) -> None:
    with pytest.raises(sd.InputError, match=said):
        answer().series(name)
    with pytest.raises(sd.InputError, match=said):
        answer().to_dataset([name])
