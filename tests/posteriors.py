"""A posterior for tests: draws from the priors, written as if they had been calibrated.

Its numbers mean nothing. What is tested with it is how a posterior is kept, chosen, refused and named.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from shudian.draws import prior_draws
from shudian.grounds import expected_target
from shudian.posterior_file import Posterior, write_posterior
from shudian.structure import load_model

BATCHES = 4


def stand_in(draws: int = 600, **about: Any) -> Posterior:
    """`draws` prior draws of the shipped model, in four batches; `about` overrides what it says of itself."""
    plain = _plain(draws)
    if not about:
        return plain
    told = {**plain.about, "inputs_digest": "", **about}
    made = replace(plain, about=told)
    if told["inputs_digest"]:
        return made
    return replace(made, about=told | {"inputs_digest": expected_target(made).inputs_digest})


@cache
def _plain(draws: int) -> Posterior:
    # many tests ask for the same one, and its digest takes as long as a small run
    made_from = load_model()
    prior = prior_draws(made_from, draws, seed=99)
    names = tuple(p.name for p in made_from.fixed if p.role == "uncertain")
    values = prior.values[[prior.names.index(name) for name in names]].astype(np.float32).astype(np.float64)
    about: dict[str, Any] = {
        "form": 1, "made": "2026-11-23", "city": "zhengzhou", "model_digest": made_from.digest, "inputs_digest": "",
        "scenario": "zhengzhou_2025", "until": "", "seed": 99, "batches": BATCHES, "excluded": [],
        "reports": [
            {"id": "ZM03", "figures": ["ZM03"], "phrase": "…", "available": "2025-02-01"},
            {"id": "ZM07", "figures": ["ZM07"], "phrase": "…", "available": "2026-01-26"},
            {"id": "ZC01", "figures": ["ZC01"], "phrase": "…", "available": None},
        ],
        "diagnostics": {"seconds": 1.5}, "verdicts": {}, "medians": {},
    }  # fmt: skip
    likelihood = -(np.arange(draws) % 97) / 8.0
    made = Posterior(names, values, np.arange(draws) % BATCHES, likelihood, about)
    return replace(made, about=about | {"inputs_digest": expected_target(made).inputs_digest})


def write_stand_in(path: Path, draws: int = 600, **about: Any) -> Path:
    """`stand_in` written to `path`."""
    write_posterior(stand_in(draws, **about), path)
    return path
