"""What it would take: answers of `shudian design` to the shipped questions, as tests/studies/designs.py has kept them.

A design takes minutes, which nobody waits for on a page; what was found stands in seeds/studies/designs.json with a
digest of what it hangs on.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from shudian.answers.requests import ASKED
from shudian.grounds import standing_posterior
from shudian.kinds import Scenario
from shudian.page.facts import Plain
from shudian.parameters import HOME
from shudian.paths import scenarios_folder, seeds_folder
from shudian.posterior_file import posterior_digest
from shudian.scenarios import load_scenario
from shudian.structure import load_model

QUESTIONS = (
    ("local_output=100亿元", 0.5),
    ("allocated_market=100亿元", 0.5),
    ("full_chain_bases=1个园区", 0.8),
    ("plan_quality_works=50部", 0.5),
)
"""Target and the chance asked for; the content market is there by itself."""


def designs_file() -> Path:
    """Where the answers are kept."""
    return seeds_folder() / "studies" / "designs.json"


@cache
def digest() -> str:
    """Of the model, the posterior, the package on which mixes are built, and the targets."""
    model, posterior = load_model(HOME), standing_posterior(HOME)
    parts = [model.digest, posterior_digest(posterior) if posterior else ""]
    parts += [
        _written(load_scenario(ASKED, model.parameters)),
        (scenarios_folder() / "targets.toml").read_text("utf-8"),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _written(scenario: Scenario) -> str:
    """What is chosen and assumed, without words."""
    return repr((sorted(scenario.levers.items()), sorted(scenario.assumptions.items()), sorted(scenario.fixed.items())))


def designs() -> Plain:
    """The answers for JSON, and whether they are those of this model; none where there are none."""
    path = designs_file()
    kept: Plain = {"digest": "", "answers": []}
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))
    stale = kept["digest"] != digest()
    # what another model said is no answer
    return {
        "stale": stale,
        "answers": [] if stale else [{**entry, "command": _command(entry)} for entry in kept["answers"]],
    }


def _command(entry: Plain) -> str:
    return (
        f"shudian design --target {entry['target']} --by {entry['by']} --probability {entry['probability']:g} "
        f"--now {entry['now']} --draws {entry['draws']} --seed {entry['seed']}"
    )
