"""Is the answer moved by a group of priors or reports as much as a calibration with them scaled would move it?

It does not establish that weights reach as far as a new calibration: where too few draws carry a shift none is told.
The reference is a sum over a grid of one parameter, by scipy.
"""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from calibrations import stand_in
from shudian.answers.calibration.power import FACTORS, FEWEST, Scaled, scaled
from shudian.answers.calibration.view import view_of
from shudian.evidence import load_figures
from shudian.indicators import Rule
from shudian.kinds import Figure, Label
from shudian.observe.likelihood import Observer
from shudian.observe.reports import Alternative, Quantity, Report
from shudian.observe.rules import load_rules
from shudian.observe.words import Statement
from shudian.report.calibration.more_tables import power_table
from shudian.structure import load_model

Array = NDArray[np.float64]
RULES = load_rules(load_model())
GRADE = RULES.errors["B"]
PRINTED, THRESHOLD = 1.4, 1.3
DRAWS = 200_000


def figure(grade: str) -> Figure:
    return replace(load_figures()["ZM01"], grade=grade)


def report() -> Report:
    rule = Rule("market", "city", "d", "x", "end", "", 1.0, 0.0, 0.0, False, Label("", ""))
    said = Statement(PRINTED, PRINTED, "about", 0.07)
    alternative = Alternative(Quantity("x", "end", 12.0, 24.0), said, None, ("", ""), ())
    wide = replace(GRADE, level=math.hypot(GRADE.level, RULES.wide.level))
    return Report("R", (figure("B"),), rule, (alternative,), GRADE, wide, None)


def density(z: Array, errors: float = 1.0, faulty: float = 1.0) -> Array:
    """Of the report, where the logarithm of what is counted is 0.3 z, by scipy."""
    wrong, y = GRADE.faulty * faulty, 0.3 * z
    sound = stats.norm(y, math.hypot(GRADE.level * errors, 0.07)).pdf(math.log(PRINTED))
    wide = stats.norm(y, math.hypot(math.hypot(GRADE.level * errors, RULES.wide.level), 0.07)).pdf(math.log(PRINTED))
    return np.asarray((1 - wrong) * sound + wrong * wide)


def chance(weight: Array, z: Array) -> float:
    return float(weight[np.exp(0.3 * z) >= THRESHOLD].sum() / weight.sum())


@pytest.fixture(scope="module")
def found() -> dict[str, Scaled]:
    """One parameter of the market's sector, seen by one report; the draws are its posterior by resampling."""
    generator = np.random.default_rng(5)
    prior = generator.standard_normal(4 * DRAWS)
    weight = density(prior)
    z = prior[generator.choice(prior.size, DRAWS, p=weight / weight.sum())]
    observer = Observer((report(),))
    run = np.ones((1, 25, DRAWS))
    run[0, 24] = np.exp(0.3 * z)
    latent = SimpleNamespace(latent=lambda _values: z[None], parameters=(SimpleNamespace(sector="market"),))
    target: Any = SimpleNamespace(observer=observer, latent=latent)
    answer: Any = SimpleNamespace(question=SimpleNamespace(threshold=THRESHOLD), posterior=run[0, 24])
    return {entry.kind: entry for entry in scaled(target, z[None], run, [answer], RULES)}


GRID = np.linspace(-8, 8, 20_001)
NORMAL = stats.norm.pdf(GRID)


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("kind", ["priors", "reports", "errors", "faulty"])
def test_a_shift_is_that_of_the_scaled_density(kind: str, place: int, found: dict[str, Scaled]) -> None:
    factor = FACTORS[place]
    changed = {
        "priors": NORMAL**factor * density(GRID),
        "reports": NORMAL * density(GRID) ** factor,
        "errors": NORMAL * density(GRID, errors=factor),
        "faulty": NORMAL * density(GRID, faulty=factor),
    }[kind]
    by_grid = chance(changed, GRID) - chance(NORMAL * density(GRID), GRID)
    shift = found[kind].shifts[place]
    assert shift == pytest.approx(by_grid, abs=0.006)
    assert found[kind].effective > FEWEST


def test_a_prior_trusted_less_lets_the_report_speak(found: dict[str, Scaled]) -> None:
    """The report lies above what the prior expects: less prior or more report is more chance."""
    less, more = found["priors"].shifts
    assert less is not None
    assert more is not None
    assert less > 0.01 > -0.01 > more
    less, more = found["reports"].shifts
    assert less is not None
    assert more is not None
    assert more > 0 > less


def test_every_group_has_a_row_and_few_draws_none() -> None:
    view = view_of(stand_in())
    groups = {(entry.kind, entry.group) for entry in view.scaled}
    sectors = {parameter.sector for parameter in view.calibration.target.latent.parameters}
    assert {group for kind, group in groups if kind == "priors"} == sectors
    assert {group for kind, group in groups if kind == "errors"} == {"A", "B", "C"}
    # so few draws carry nothing
    assert all(entry.shifts == (None, None) for entry in view.scaled)
    for language in ("zh", "en"):
        table = power_table(view, language)  # type: ignore[arg-type]
        assert len(table.rows) == len(view.scaled)
        assert len({row[:2] for row in table.rows}) == len(table.rows)
