"""What a published study of a register keeps: what its posterior was asked of later, and how its intervals did."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shudian.forecasts.register import Register
from shudian.forecasts.scores import LEVELS, Forecast
from shudian.kinds import InputError
from shudian.observe.rows import Measure
from shudian.paths import seeds_folder
from shudian.toml_file import read_text


def study_path(made: str) -> Path:
    """Where the study of the register of the day `made` stands."""
    return seeds_folder() / "studies" / f"score-{made}.json"


@dataclass(frozen=True, slots=True)
class Record:
    """How the intervals of frozen forecasts did on what was published after them."""

    made: str
    """The day of the register, ISO."""
    numbers: int
    held: float
    """Share of the numbers inside the 90 % intervals."""
    widening: float | None
    """How many times as wide, on the logarithmic scale, they would have had to be to hold 90 %."""


def latest_record() -> Record | None:
    """That of the newest published study, or None where there is none."""
    paths = sorted((seeds_folder() / "studies").glob("score-*.json"))
    if not paths:
        return None
    study: Any = json.loads(read_text(paths[-1]))
    found = study["summaries"]["all"]
    return Record(study["register"], found["numbers"], found["inside_90"] / found["numbers"], found["widening"])


def kept_forecasts(register: Register) -> Mapping[tuple[str, Measure], Forecast]:
    """Figure and measure -> the forecast of `register`'s own posterior, as the study of it keeps them.

    Empty where there is no study of this register. Raises InputError for a study that is not as it was written.
    """
    path = study_path(register.made)
    if not path.exists():
        return {}
    try:
        study: Any = json.loads(read_text(path))
        if study["register_sha256"] != hashlib.sha256(register.path.read_bytes()).hexdigest():
            return {}
        kept = [row for row in study["rows"] if not row["register_row"]]
        found = {(row["figure"], row["measure"]): Forecast(tuple(map(float, row["quantiles"]))) for row in kept}
    except (ValueError, KeyError, TypeError):
        found = None
    if found is None or any(len(forecast.quantiles) != len(LEVELS) for forecast in found.values()):
        raise InputError("this is not a study that shudian.forecasts.study has written").at(path)
    return found
