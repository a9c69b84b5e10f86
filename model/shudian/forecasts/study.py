"""How a register fared on what came after it: scored once, before anything was fitted to it, and published.

Made with `python -m shudian.forecasts.study`. What the register has no row for is foretold by the draws that were
frozen with it or, without these, asked of its posterior as long as that one stands; the study keeps those forecasts.
It stays as it came out, whatever is later thought of how a figure is to be read: `shudian score` scores the register
by today's reading of the figures.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from shudian.files import write_text
from shudian.forecasts.kept import study_path
from shudian.forecasts.plain_data import row_data, summary_data
from shudian.forecasts.register import Register
from shudian.forecasts.scored import Scored, families_of, summary_of
from shudian.forecasts.scores import score
from shudian.forecasts.scoring import NotScored, Scores, score_seeds
from shudian.grounds import standing_posterior
from shudian.kinds import InputError, Label
from shudian.parameters import HOME
from shudian.paths import seeds_folder
from shudian.toml_file import read_toml

NOTE = Label(
    "登记表的后验没有用过这些数，区间明显偏窄；其中NAT-107、NAT-015在写先验时已记在备注里，仍未说中。"
    "逐条原因见 seeds/README.md。",
    "Nothing had been fitted to these numbers, and the intervals are far too narrow. NAT-107 and NAT-015 stood in "
    "notes when the priors were written, and were missed all the same. Each miss and its reason: seeds/README.md.",
)


def as_data(scores: Scores, misses: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """The study as plain data, for JSON.

    `misses` gives the reason of each number outside its 50 % interval, by figure and measure. A summary stands for all
    numbers that count, for those of the model's city and of the rest, for those that the register foretold, for those
    that its draws or its posterior foretold later (another period or definition), for all with each bin and rounding
    taken at the number that is printed, and for each family of indicators. What only another posterior was asked is
    not scored: it is no forecast of this register.
    """
    own = [row for row in scores.rows if row.origin != "now" or _is_registers_own(scores.register)]
    rows = [row for row in own if not row.in_fit and row.certainty != "open"]
    counted = [row for row in rows if row.counts]
    parts = {
        "all": counted,
        "city": [row for row in counted if row.figure.geography == HOME],
        "elsewhere": [row for row in counted if row.figure.geography != HOME],
        "registered": [row for row in counted if row.register_row],
        "computed": [row for row in counted if not row.register_row],
        "at_the_printed_number": [_at_the_number(row) for row in counted],
    }
    return {
        "register": scores.register.made,
        "note": {"zh": NOTE.zh, "en": NOTE.en},
        "register_sha256": hashlib.sha256(scores.register.path.read_bytes()).hexdigest(),
        "posterior_made": scores.register.rows[0].posterior_made,
        "summaries": {name: summary_data(summary_of(part)) for name, part in parts.items()},
        "families": {name: summary_data(summary) for name, summary in families_of(counted).items()},
        "rows": [
            row_data(row)
            | {"register_row": row.register_row, "reason": misses.get((row.figure.identifier, row.measure), "")}
            | ({} if row.register_row else {"quantiles": _kept(row)})
            for row in rows
        ],
        "not_scored": [
            *(_not_scored(NotScored(name, phrase, "not_asked")) for name, phrase in _not_asked(scores, own).items()),
            *(_not_scored(entry) for entry in scores.left),
        ],
    }


def _is_registers_own(register: Register) -> bool:
    """Whether the posterior that stands is the one from which `register` was made."""
    posterior = standing_posterior(HOME)
    return posterior is not None and posterior.about["inputs_digest"] == register.rows[0].inputs_digest


def _not_asked(scores: Scores, own: Sequence[Scored]) -> dict[str, str]:
    found = {row.figure.identifier: row.figure.phrase for row in scores.rows if row not in own and not row.in_fit}
    return {name: phrase for name, phrase in found.items() if name not in {row.figure.identifier for row in own}}


def _kept(row: Scored) -> list[float]:
    return [float(f"{value:.6g}") for value in row.forecast.quantiles]


def _at_the_number(row: Scored) -> Scored:
    value = row.figure.value
    if row.measure != "level" or value is None or row.figure.bound not in ("bin", "approximate"):
        return row
    printed = (value, value)
    return replace(row, printed=printed, score=score(row.forecast, printed))


def _not_scored(entry: NotScored) -> dict[str, Any]:
    why = {"zh": entry.why.zh, "en": entry.why.en} if entry.why else None
    return {"figure": entry.identifier, "phrase": entry.phrase, "reason": entry.reason, "why": why}


def load_misses(made: str) -> dict[tuple[str, str], str]:
    """Figure and measure -> why the number lies outside the 50 % interval.

    Raises InputError where no file gives the reasons, or it is no TOML.
    """
    file = read_toml(seeds_folder() / "studies" / f"misses-{made}.toml")
    return {(entry["figure"], entry["measure"]): entry["reason"] for entry in file.data["miss"]}


def write_study() -> Path:
    """Score the newest register on the seeds and write the study; its path.

    Raises InputError if it is published already, or if no draws were frozen with the register and the posterior is
    missing or not the one of the register.
    """
    scores = score_seeds()
    path = study_path(scores.register.made)
    if path.exists():
        raise InputError(
            "{path} is published and stays as it came out; score the register today with: shudian score", path=path
        )
    if not scores.register.has_draws and not _is_registers_own(scores.register):
        raise InputError("the posterior is not the one that this register was made from").at(scores.register.path)
    data = as_data(scores, load_misses(scores.register.made))
    write_text(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n", replace=False)
    return path


if __name__ == "__main__":
    print(write_study())
