"""The form of a scenario file as a JSON schema, from the parameters: editors complete and check what is typed.

It knows names, types and plain ranges. What hangs together (a unit, a base, an amount in its unit, the past) is for
`shudian check`; what the schema refuses, the reader refuses too, unless a lever is called by a spelling of its Chinese
name that no editor would offer.

`python -m shudian.scenario_schema` writes it anew, beside the shipped scenarios.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shudian.files import write_text
from shudian.kinds import LANGUAGES, InputError, Parameter
from shudian.now import NOW_WORDS
from shudian.parameters import DATE
from shudian.paths import scenarios_folder
from shudian.quantities import read_value, write_range
from shudian.review_file import MOST
from shudian.scenario_form import BRANCHES, RETROSPECTIVE, REVIEW, RULES
from shudian.structure import load_model
from shudian.units import conversion
from shudian.wording import say

FILE = "scenario.schema.json"
TITLE = "A scenario of Shudian"
"""By which a file of this form is known as ours."""
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_LABEL: dict[str, Any] = {
    "oneOf": [
        _TEXT,
        {
            "type": "object",
            "properties": {"zh": _TEXT, "en": _TEXT},
            "required": ["zh", "en"],
            "additionalProperties": False,
        },
    ]
}
_FLAG: dict[str, Any] = {"type": "boolean"}
_MONTH = {
    "anyOf": [
        {"enum": list(NOW_WORDS)},
        {"pattern": "20(2[3-9]|30)", "not": {"pattern": "^[0-9]{4}[-/](00?([^0-9]|$)|1[3-9]|[2-9][0-9])"}},
    ]
}
_FORMS: Mapping[str, dict[str, Any]] = {
    "base": {"type": "string"},
    "kind": {"enum": ["package", "shock"]},
    "title": _LABEL,
    "question": _LABEL,
    "evidence": {"type": "array", "items": _TEXT},
    "notes": {"type": "array", "items": _LABEL},
    "inherit_notes": _FLAG,
    "same_budget_as": _TEXT,
    "city": _TEXT,
    **dict.fromkeys(RETROSPECTIVE, _FLAG),
}
_TABLES = {"levers": ("lever",), "assumptions": ("assumption", "uncertain")}


def scenario_schema(parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    """The schema (draft 7) of a file in which `parameters` can be set, by identifier and by Chinese name."""
    forms = {**_FORMS, **{table: _table(table, roles, parameters) for table, roles in _TABLES.items()}}
    forms[REVIEW] = _reviews([*forms["levers"]["properties"]])
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": TITLE,
        "type": "object",
        "properties": {key: {"description": _told(key), **form} for key, form in forms.items()},
        "additionalProperties": False,
        "required": ["title", "question"],
        "if": {"properties": {"kind": {"const": "shock"}}, "required": ["kind"]},
        "then": {"properties": {"levers": False, REVIEW: False, "same_budget_as": False}},
        "else": {"required": ["base"]},
    }


def schema_text(parameters: Mapping[str, Parameter]) -> str:
    """The schema as the text of its file."""
    return json.dumps(scenario_schema(parameters), ensure_ascii=False, indent=1) + "\n"


def write_schema(folder: Path, parameters: Mapping[str, Parameter]) -> Path:
    """Write the schema into `folder` and return its path; an older one is replaced.

    Raises InputError where the file cannot be written, or is another's.
    """
    path = folder / FILE
    write_text(path, schema_text(parameters), replace=_is_ours(path))
    return path


def _is_ours(path: Path) -> bool:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("title") == TITLE


def _told(key: str) -> str:
    name = RETROSPECTIVE[0] if key in RETROSPECTIVE else key
    return "\n".join(say(f"schema_{name}", language) for language in LANGUAGES)


def _table(table: str, roles: tuple[str, ...], parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    settable = [parameter for parameter in parameters.values() if parameter.role in roles]
    found: dict[str, Any] = {}
    for parameter in settable:
        found[parameter.name] = _parameter(parameter)
    labels = [parameter.label.zh for parameter in settable]
    for parameter in settable:
        # a name that two share is refused, in the file as here
        if labels.count(parameter.label.zh) == 1:
            found.setdefault(parameter.label.zh, {"$ref": f"#/properties/{table}/properties/{parameter.name}"})
    return {"type": "object", "properties": found, "additionalProperties": False}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    ends = str(write_range(parameter))
    description = (
        f"{parameter.label.zh}：{parameter.meaning.zh}（{ends.replace(' to ', ' 至 ')}）\n"
        f"{parameter.label.en}: {parameter.meaning.en} ({ends})"
    )
    value = _value(parameter)
    if parameter.role == "uncertain":
        return {"description": description, **value}
    return {"description": description, "anyOf": [value, _schedule(value)]}


def _reviews(levers: Sequence[str]) -> dict[str, Any]:
    """The reviews of a scenario, which decide on `levers`."""
    amount = {"type": ["string", "number"]}
    decided = {"type": ["string", "number", "object"]}
    branch = {"type": "object", "propertyNames": {"enum": [*levers]}, "additionalProperties": decided}
    named = ("indicator", "place", "definition", "target")
    measured = (*RULES, "delay", "bias", "error", "rounding")
    properties = {
        "date": _TEXT,
        **dict.fromkeys(named, _TEXT),
        **dict.fromkeys(measured, amount),
        "after": {"enum": [*BRANCHES]},
        **dict.fromkeys(BRANCHES, branch),
    }
    review = {
        "type": "object",
        "properties": properties,
        "required": ["date"],
        "oneOf": [{"required": [rule]} for rule in RULES],
        "anyOf": [{"required": [name]} for name in ("indicator", "target")],
        "additionalProperties": False,
    }
    return {"type": "array", "maxItems": MOST, "items": review}


def _schedule(value: dict[str, Any]) -> dict[str, Any]:
    step = {
        "type": "object",
        "properties": {"value": value, "ramp": _TEXT},
        "required": ["value"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "propertyNames": _MONTH,
        "additionalProperties": {"anyOf": [value, step]},
        "minProperties": 1,
    }


def _value(parameter: Parameter) -> dict[str, Any]:
    """A text, or a bare number where the reader takes one for this parameter."""
    if parameter.display_unit == DATE:
        return _TEXT
    factor = conversion(parameter.display_unit, parameter.unit)
    low, high = (float(f"{end / factor:.12g}") for end in (parameter.low, parameter.high))
    try:
        read_value(low, parameter)
    except InputError:
        return _TEXT
    number = {"type": "integer" if parameter.whole else "number", "minimum": low, "maximum": high}
    return {"anyOf": [_TEXT, number]}


if __name__ == "__main__":
    print(write_schema(scenarios_folder(), load_model().parameters))
