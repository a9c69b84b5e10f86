"""Is the model that the EMA Workbench runs the one that a sweep runs, and do its PRIM and CART read what a sweep found?

The Workbench samples, runs and analyses here by itself. It does not establish that what PRIM finds is worth finding.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import shudian as sd
from shudian.kinds import InputError

VARY = {"fund_size": "0..4 亿元:3", "municipal_parks": "0;12"}


def test_the_workbench_runs_what_a_sweep_runs() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import Policy, Scenario, SequentialEvaluator

        model = sd.ema_model(vary=VARY, draws=12)
        answer = sd.sweep(vary=VARY, draws=12)
        frame, kept = answer.experiments()
        policies = [
            Policy(str(n), fund_size=row.fund_size, municipal_parks=int(row.municipal_parks))
            for n, row in frame[frame["scenario"] == 0].iterrows()
        ]
        worlds = [Scenario(str(draw), draw=draw) for draw in (0, 5, 11)]
        with SequentialEvaluator(model) as evaluator:
            experiments, outcomes = evaluator.perform_experiments(worlds, policies)
    assert len(experiments) == len(policies) * len(worlds)
    keys = ["fund_size", "municipal_parks"]
    ours = frame.assign(row=np.arange(len(frame))).set_index([*keys, "scenario"])["row"]
    rows = [ours[one.fund_size, one.municipal_parks, int(one.draw)] for one in experiments.itertuples()]
    assert {*outcomes} == {*kept}
    for name, values in outcomes.items():
        np.testing.assert_array_equal(values, kept[name][rows], err_msg=name)
    np.testing.assert_array_equal(model.worlds["production_margin"], frame["production_margin"][:12])


def test_prim_and_cart_read_what_a_sweep_found() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench.analysis import cart, prim

        answer = sd.sweep(vary={"municipal_parks": "0..12:13"}, draws=60)
        experiments, outcomes = answer.experiments()
        experiments = experiments[["municipal_parks", "full_chain_share", "production_margin"]]
        reached = outcomes["reaches_full_chain_bases_2027_open_full_chain"] == 1
        box = prim.Prim(experiments, reached, threshold=0.8).find_box()
        tree = cart.CART(experiments, reached, mass_min=0.05)
        tree.build_tree()
    assert box.box_lims[-1]["municipal_parks"][0] > 0
    assert len(tree.boxes) > 1


def test_a_month_is_no_lever_of_the_workbench() -> None:
    with pytest.raises(InputError, match="is a month"):
        sd.ema_model(vary=["support_end"], draws=2)
