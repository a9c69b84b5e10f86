"""Are the loop weights that `explain --loops` prints shares, and are loops that cannot act without weight?

It does not establish that Loops That Matter is the right measure of importance, nor does it speak of uncertainty.
"""

from __future__ import annotations

import sys

import numpy as np
import pytest

from shudian.answers.loop_weights import loop_weights
from shudian.kinds import InputError
from shudian.report.words.loop_text import loop_weights_text
from shudian.scenarios import load_scenario
from shudian.structure import load_model

MODEL = load_model()


def weights(name: str) -> dict[str, np.ndarray]:
    return loop_weights(MODEL, load_scenario(name, MODEL.parameters))


def test_weights_are_shares_of_all_named_loops() -> None:
    total = np.sum(list(weights("baseline").values()), axis=0)
    assert total.shape == (8,)
    # In the first month nothing has moved yet, and no loop has a score.
    np.testing.assert_allclose(total, [11 / 12, *[1] * 7], rtol=1e-12)


def test_a_loop_without_its_lever_has_no_weight() -> None:
    """No fund, no recycling; no support, no budget to exhaust, no seekers of it."""
    without, with_fund = weights("no_policy"), weights("zhengzhou_2025")
    for name in ("R5", "R6", "B5", "B7"):
        assert not without[name].any(), name
    assert with_fund["R6"][-1] > 0
    assert not with_fund["R6"][:2].any(), "no fund before October 2025"


def test_the_text_names_the_method_and_every_loop_asked_for() -> None:
    scenario = load_scenario("baseline", MODEL.parameters)
    text = loop_weights_text(MODEL.loops[:3], MODEL, scenario, "en")
    assert sorted(line[:2] for line in text.splitlines()[2:5]) == ["R1", "R2", "R3"]
    assert "Loops That Matter" in text
    assert "2030" in text


def test_without_simlin_the_user_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "simlin", None)
    with pytest.raises(InputError, match="pip install pysimlin"):
        weights("baseline")
