"""seeds/parameters/*.toml and seeds/cities/*.toml: every number that an equation uses.

Whatever is missing, misspelt or impossible is refused with the file and the line of the key.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from shudian import units
from shudian.files import read_bytes
from shudian.kinds import Basis, InputError, Label, Parameter, Phrase, Prior, Role
from shudian.mistakes import Mistakes
from shudian.paths import seeds_folder
from shudian.priors import ARGUMENTS, PURE_ARGUMENTS, complaint, median
from shudian.toml_file import TomlFile, nearest, read_toml

HOME = "zhengzhou"
"""The city that seeds/parameters describes; it needs no file in seeds/cities."""

DATE = "date"
"""The unit of a parameter that is a month, written `"2031-01"`; inside it is months after 2023-01."""

_KEYS = (
    "label",
    "meaning",
    "unit",
    "role",
    "prior",
    "value",
    "range",
    "basis",
    "evidence",
    "note",
    "scales_with_budget",
    "whole",
    "local",
    "needs",
    "limit",
)
_CITY_KEYS = ("prior", "value", "basis", "evidence", "note")
CITY_TABLES = ("title", "parameters", "reports")
"""What a city's file may hold."""


def read_parameters(folder: Path, known_evidence: Collection[str]) -> dict[str, Parameter]:
    """Every parameter in the TOML files of `folder`, in the order of file and key, in internal units.

    `known_evidence` holds the identifiers that `evidence` may name. Raises InputError on any mistake.
    """
    parameters: dict[str, Parameter] = {}
    for path in sorted(folder.glob("*.toml")):
        file = read_toml(path)
        for name in file.data:
            if name in parameters:
                file.fail(
                    "the parameter “{name}” is already defined at {place}",
                    name,
                    name=name,
                    place=parameters[name].place,
                )
            parameters[name] = _parameter(file, name, known_evidence)
    levers = [parameter.name for parameter in parameters.values() if parameter.role == "lever"]
    for parameter in parameters.values():
        for needed in parameter.needs:
            if needed not in levers:
                raise InputError(
                    "there is no lever “{needed}” for another to need{nearest}",
                    needed=needed,
                    nearest=nearest(needed, levers),
                ).at(parameter.place)
    return parameters


def read_city(path: Path, parameters: Mapping[str, Parameter], known_evidence: Collection[str]) -> dict[str, Parameter]:
    """`parameters` with the overrides of the city file at `path`; raises InputError on any mistake."""
    file, mistakes = read_toml(path), Mistakes()
    if "base" in file.data:
        file.fail("this is a scenario's file; a city's has the tables {names}", "base", names=CITY_TABLES)
    with mistakes.noted():
        file.only(CITY_TABLES)
    with mistakes.noted():
        _label(file, "title")
    changed = dict(parameters)
    with mistakes.noted():
        for name in _table(file, "parameters"):
            with mistakes.noted():
                changed[name] = _override(file, _known(file, name, parameters), known_evidence)
    mistakes.tell()
    return changed


def _known(file: TomlFile, name: str, parameters: Mapping[str, Parameter]) -> Parameter:
    if name not in parameters:
        near = nearest(name, parameters)
        file.fail("there is no parameter “{name}”{nearest}", "parameters", name, name=name, nearest=near)
    return parameters[name]


def together(lever: Parameter, parameters: Mapping[str, Parameter]) -> tuple[Parameter, ...]:
    """The levers that do nothing without each other, `lever` among them; it alone where there are none."""
    return tuple(p for p in parameters.values() if p is lever or (p.name in lever.needs and lever.name in p.needs))


def city_titles(folder: Path | None = None) -> dict[str, Label]:
    """The cities that have a file, by name, Zhengzhou first; raises InputError if a file has no title."""
    files = sorted((folder or seeds_folder() / "cities").glob("*.toml"))
    return {HOME: Label("郑州", "Zhengzhou")} | {path.stem: title_of(path) for path in files}


def title_of(path: Path) -> Label:
    """What the city of the file at `path` is called; raises InputError if the file has no title."""
    return _title(path, read_bytes(path))


@lru_cache(maxsize=64)
def _title(path: Path, _: bytes) -> Label:
    # a run names the city in each of its cautions; to parse all files for each took a quarter of its time
    return _label(read_toml(path), "title")


def _parameter(file: TomlFile, name: str, known_evidence: Collection[str]) -> Parameter:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        file.fail("“{name}” is not a name: use small letters, digits and _", name, name=name)
    _table(file, name)
    file.only(_KEYS, name)
    role: Role = _choice(file, get_args(Role), name, "role")
    unit = _text(file, name, "unit")
    internal = "month" if unit == DATE else _internal_unit(file, unit, name, "unit")
    low, high = _range(file, unit, role, name)
    prior, value = _prior_or_value(file, role, unit, low, high, name)
    marks = {mark: file.data[name].get(mark, False) for mark in ("scales_with_budget", "whole")}
    for mark, set_ in marks.items():
        if not isinstance(set_, bool) or (set_ and role != "lever"):
            file.fail("“{mark}” is true or false, and only a lever has it", name, mark, mark=mark)
    local = file.data[name].get("local", False)
    if not isinstance(local, bool) or (local and role != "uncertain"):
        file.fail("“local” is true or false, and only an uncertain parameter has it", name, "local")
    basis, evidence = _backing(file, known_evidence, name)
    return Parameter(
        name=name,
        sector=file.path.stem,
        label=_label(file, name, "label"),
        meaning=_label(file, name, "meaning"),
        unit=internal,
        display_unit=unit,
        role=role,
        value=value,
        prior=prior,
        low=low,
        high=high,
        basis=basis,
        evidence=evidence,
        note=_label(file, name, "note"),
        place=file.place(name),
        scales_with_budget=marks["scales_with_budget"],
        whole=marks["whole"],
        local=local,
        needs=_needs(file, role, name),
        limit=file.label(file.data[name]["limit"], name, "limit") if "limit" in file.data[name] else None,
    )


def _needs(file: TomlFile, role: Role, name: str) -> tuple[str, ...]:
    needs = file.data[name].get("needs", [])
    if not isinstance(needs, list) or not all(isinstance(item, str) for item in needs) or (needs and role != "lever"):
        file.fail('“needs” is a list of levers, and only a lever has it: needs = ["annual_budget"]', name, "needs")
    return tuple(needs)


def _override(file: TomlFile, parameter: Parameter, known_evidence: Collection[str]) -> Parameter:
    keys = ("parameters", parameter.name)
    _table(file, *keys)
    file.only(_CITY_KEYS, *keys)
    unit = parameter.display_unit
    prior, value = _prior_or_value(file, parameter.role, unit, parameter.low, parameter.high, *keys)
    basis, evidence = _backing(file, known_evidence, *keys)
    note = _label(file, *keys, "note")
    place = file.place(*keys)
    return replace(parameter, prior=prior, value=value, basis=basis, evidence=evidence, note=note, place=place)


def _prior_or_value(
    file: TomlFile, role: Role, unit: str, low: float, high: float, *keys: str
) -> tuple[Prior | None, float]:
    table = _at(file, *keys)
    wanted, other = ("prior", "value") if role == "uncertain" else ("value", "prior")
    if other in table:
        file.fail(
            "“{name}” is {role} and has a {wanted}, not a {other}",
            *keys,
            other,
            name=keys[-1],
            role=Phrase(role),
            wanted=wanted,
            other=other,
        )
    if wanted not in table:
        file.fail("“{name}” is {role} and needs a {wanted}", *keys, name=keys[-1], role=Phrase(role), wanted=wanted)
    if wanted == "prior":
        prior = _prior(file, unit, *keys)
        if problem := complaint(prior, low, high):
            file.fail("{problem} ({range})", *keys, "prior", problem=problem, range=_written_range(low, high, unit))
        return prior, median(prior, low, high)
    value = _number(file, table["value"], unit, *keys, "value")
    if not low <= value <= high:
        file.fail("the value lies outside the range ({range})", *keys, "value", range=_written_range(low, high, unit))
    return None, value


def _prior(file: TomlFile, unit: str, *keys: str) -> Prior:
    table = dict(_table(file, *keys, "prior"))
    distribution = _choice(file, tuple(ARGUMENTS), *keys, "prior", "distribution")
    names = ARGUMENTS[distribution]
    file.only(("distribution", *names), *keys, "prior")
    arguments = {}
    for name in names:
        if name not in table:
            file.fail(
                "a {distribution} prior needs: {names}; “{name}” is missing",
                *keys,
                "prior",
                distribution=distribution,
                names=tuple(names),
                name=name,
            )
        arguments[name] = _number(file, table[name], "1" if name in PURE_ARGUMENTS else unit, *keys, "prior", name)
    return Prior(distribution, arguments)


def _range(file: TomlFile, unit: str, role: Role, name: str) -> tuple[float, float]:
    table = _at(file, name)
    if "range" not in table and role == "switch":
        return 0.0, 1.0
    if "range" not in table and role == "constant" and "value" in table:
        value = _number(file, table["value"], unit, name, "value")
        return value, value
    ends = table.get("range")
    if not isinstance(ends, list) or len(ends) != 2:
        file.fail("“range” needs the least and the greatest value: range = [0, 1]", name, "range")
    low, high = (_number(file, end, unit, name, "range") for end in ends)
    if low >= high:
        file.fail("the first number of “range” must be below the second", name, "range")
    return low, high


def _backing(file: TomlFile, known_evidence: Collection[str], *keys: str) -> tuple[Basis, tuple[str, ...]]:
    table = _at(file, *keys)
    basis: Basis = _choice(file, get_args(Basis), *keys, "basis")
    evidence = table.get("evidence", [])
    if not isinstance(evidence, list) or not all(isinstance(item, str) for item in evidence):
        file.fail('“evidence” is a list of figures and sources: evidence = ["ZM07"]', *keys, "evidence")
    for item in evidence:
        if item not in known_evidence:
            file.fail(
                "there is no figure or source “{name}”{nearest}",
                *keys,
                "evidence",
                name=item,
                nearest=nearest(item, known_evidence),
            )
    if basis != "assumed" and not evidence:
        file.fail("“evidence” is missing; a {basis} number names its figures or sources", *keys, basis=Phrase(basis))
    return basis, tuple(evidence)


def _number(file: TomlFile, value: object, unit: str, *keys: str) -> float:
    if unit == DATE:
        return _months(file, value, *keys)
    if isinstance(value, str) and unit != "1":
        file.fail(
            "“{key}” must be a finite number, not {value}; write it in {unit}, without quotes", *keys,
            key=keys[-1], unit=unit, value=repr(value),
        )  # fmt: skip
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        file.fail("“{key}” must be a finite number, not {value}", *keys, key=keys[-1], value=repr(value))
    return units.to_internal(float(value), unit)[0]


def _months(file: TomlFile, value: object, *keys: str) -> float:
    written = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", value) if isinstance(value, str) else None
    if not written:
        file.fail('“{key}” must be a month such as "2027-01", not {value}', *keys, key=keys[-1], value=repr(value))
    return float((int(written[1]) - 2023) * 12 + int(written[2]) - 1)


def _written_range(low: float, high: float, unit: str) -> Phrase:
    if unit == DATE:
        ends = [f"{2023 + int(end) // 12}-{int(end) % 12 + 1:02d}" for end in (low, high)]
        return Phrase("{low} to {high}", low=ends[0], high=ends[1])
    per_unit = units.to_internal(1.0, unit)[0]
    low, high = low / per_unit, high / per_unit
    if unit == "1":
        return Phrase("{low:g} to {high:g}", low=low, high=high)
    return Phrase("{low:g} to {high:g} {unit}", low=low, high=high, unit=unit)


def _internal_unit(file: TomlFile, unit: str, *keys: str) -> str:
    try:
        return units.internal_unit(unit)
    except InputError as error:
        file.fail("{error}; write it as in 亿元, 万元/部, 人, 家, 日, %/年 or 1", *keys, error=error.said)


def _choice(file: TomlFile, allowed: tuple[Any, ...], *keys: str) -> Any:
    value = _text(file, *keys)
    if value not in allowed:
        file.fail(
            "“{value}” is not a {key}{nearest}", *keys, value=value, key=keys[-1], nearest=nearest(value, allowed)
        )
    return value


def _text(file: TomlFile, *keys: str) -> str:
    value = _at(file, *keys[:-1]).get(keys[-1])
    if value is None:
        file.fail("“{key}” is missing", *keys, key=keys[-1])
    if not isinstance(value, str) or not value.strip():
        file.fail("“{key}” must be a text that is not empty", *keys, key=keys[-1])
    return value


def _label(file: TomlFile, *keys: str) -> Label:
    return file.label(_at(file, *keys[:-1]).get(keys[-1]), *keys)


def _table(file: TomlFile, *keys: str) -> dict[str, Any]:
    table = _at(file, *keys[:-1]).get(keys[-1])
    if table is None:
        file.fail("“{key}” is missing", *keys, key=keys[-1])
    if not isinstance(table, dict):
        file.fail("“{key}” must be a table", *keys, key=keys[-1])
    return table


def _at(file: TomlFile, *keys: str) -> dict[str, Any]:
    table: Any = file.data
    for key in keys:
        table = table[key]
    return dict(table)
