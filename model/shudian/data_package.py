"""seeds/datapackage.json: what the files of seeds/ hold, for those who read them with other tools.

Names and words come from the code that reads the heads, so that the descriptor (Frictionless Data Package 1.0) says
what is read. `python -m shudian.data_package` writes it anew.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from shudian import __version__
from shudian.figure_columns import BOUNDS, NEEDED, ROLES
from shudian.figure_columns import COLUMNS as FIGURE_COLUMNS
from shudian.files import write_text
from shudian.forecasts.register import COLUMNS as REGISTER_COLUMNS
from shudian.forecasts.register import MODEL_QUANTILES, REPORTED_QUANTILES
from shudian.kinds import LANGUAGES, Grade, Label
from shudian.observe.effects import Design, Finding, Region
from shudian.observe.effects_file import COLUMNS as EFFECT_COLUMNS
from shudian.observe.effects_file import USES
from shudian.observe.rules import Distance
from shudian.paths import seeds_folder
from shudian.structure import load_model
from shudian.wording import say

FILE = "datapackage.json"
Field = dict[str, Any]
_NUMBERS = ("value", "low", "high", "growth_percent", "error", "crps_error", "no_change", "last_growth", "damped_trend")
_DATES = ("period_start", "period_end", "made", "posterior_made", "data_until")
_UNITS = {"growth_percent": "%", "from_month": "month", "to_month": "month"} | dict.fromkeys(
    ("low", "high", "error"), "%"
)
_MEDIA = {
    ".csv": "text/csv", ".json": "application/json", ".md": "text/markdown", ".toml": "application/toml",
    ".parquet": "application/vnd.apache.parquet", "": "text/plain",
}  # fmt: skip
_ABOUT_A_TRUTH = {"seed": "integer", "inputs": "string", "sampler": "integer", "moves": "integer", "rhat": "number",
                  "extensions": "integer"}  # fmt: skip


def descriptor(folder: Path | None = None) -> dict[str, Any]:
    """The descriptor of the files in `folder` (default: the shipped seeds), each a resource."""
    folder = folder or seeds_folder()
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != FILE)
    return {
        "profile": "data-package",
        "name": "shudian-seeds",
        "title": _in_both("seeds_package"),
        "version": __version__,
        "licenses": [{"name": "MIT", "title": "MIT License"}],
        "resources": [_resource(path, path.relative_to(folder)) for path in paths],
    }


def descriptor_text(folder: Path | None = None) -> str:
    """The descriptor as the text of its file."""
    return json.dumps(descriptor(folder), ensure_ascii=False, indent=1) + "\n"


def _resource(path: Path, place: Path) -> dict[str, Any]:
    found = {
        "name": "-".join(place.with_suffix("").parts).lower().replace("_", "-") + place.suffix.replace(".", "-"),
        "path": place.as_posix(),
        "mediatype": _MEDIA[place.suffix],
    }
    if place.suffix != ".csv":
        return found | {"description": _in_both("seeds_others")}
    kind, fields = _table(place, _head(path))
    schema = {"fields": fields, "missingValues": [""]} | ({"primaryKey": "id"} if kind != "truths" else {})
    about = {"description": _in_both(f"seeds_{kind}"), "encoding": "utf-8", "format": "csv"}
    return found | {"profile": "tabular-data-resource"} | about | {"schema": schema}


def _head(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def _table(place: Path, head: Iterable[str]) -> tuple[str, list[Field]]:
    """What the file at `place` is, and its fields."""
    if place.name == "figures.csv":
        words: Mapping[str, tuple[str, ...]] = {"bound": BOUNDS, "role": ROLES, "grade": get_args(Grade)}
        needed = [column for column in NEEDED if column in ("id", "indicator", "geography", "unit")]
        return "figures", [_named("figures", name, words, needed) for name in FIGURE_COLUMNS]
    if place.name == "effects.csv":
        kinds = {"place": Region, "design": Design, "finding": Finding, "distance": Distance}
        words = {**{name: get_args(kind) for name, kind in kinds.items()}, "use": USES}
        needed = ["id", "source", *words]
        return "effects", [_named("effects", name, words, needed) for name in EFFECT_COLUMNS]
    if place.parent.name == "register":
        columns = [name for name in REGISTER_COLUMNS if name in [*head]]
        return "register", [_foretold(name) or _named("register", name, {}, ["id", "made", "unit"]) for name in columns]
    return "truths", [_rank(name) for name in head]


def _named(table: str, name: str, words: Mapping[str, tuple[str, ...]], needed: Iterable[str]) -> Field:
    kind = "number" if name in _NUMBERS else "date" if name in _DATES else "string"
    kind = "integer" if name in ("from_month", "to_month") else kind
    found: Field = {"name": name, "type": kind, "description": _in_both(f"seeds_{table}_{name}")}
    if kind in ("number", "integer"):
        own = table == "effects" or name == "growth_percent"
        found["unit"] = _UNITS[name] if own else "{unit}"
    limits: dict[str, Any] = {"enum": [*words[name]]} if name in words else {}
    if name in needed:
        limits["required"] = True
    return found | ({"constraints": limits} if limits else {})


def _foretold(name: str) -> Field | None:
    for key, quantiles in (("reported", REPORTED_QUANTILES), ("model", MODEL_QUANTILES)):
        if name in quantiles:
            told = _in_both(f"seeds_register_{key}", quantile=f"{100 * quantiles[name]:g}%")
            return {"name": name, "type": "number", "description": told, "unit": "{unit}"}
    return None


def _rank(name: str) -> Field:
    if name in _ABOUT_A_TRUTH:
        return {"name": name, "type": _ABOUT_A_TRUTH[name], "description": _in_both(f"seeds_truths_{name}")}
    model = load_model()
    labels = {parameter.name: parameter.label for parameter in model.parameters.values()}
    labels |= {equation.name: equation.label for equation in model.equations}
    # a study outlives the model that it was made with
    label = labels.get(name, Label(name, name))
    told = "\n".join(say("seeds_truths_rank", language, name=label.text(language)) for language in LANGUAGES)
    share = {"minimum": 0, "maximum": 1}
    return {"name": name, "type": "number", "description": told, "unit": "1", "constraints": share}


def _in_both(key: str, **values: object) -> str:
    return "\n".join(say(key, language, **values) for language in LANGUAGES)


if __name__ == "__main__":
    write_text(seeds_folder() / FILE, descriptor_text(), replace=True)
    print(seeds_folder() / FILE)
