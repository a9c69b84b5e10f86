"""scenarios/*.toml -> Scenario: what a city chooses, as a short difference from one base.

One rule merges a scenario with its base: from its first date on, the scenario's schedule of a lever
replaces the base's. A shock is a difference that any package can take on; it moves assumptions only.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from shudian.files import read_bytes
from shudian.kinds import SCHEDULED_ROLES, InputError, Label, Parameter, Phrase, Place, Role, Scenario
from shudian.mistakes import Mistakes
from shudian.now import default_now
from shudian.parameters import city_titles
from shudian.paths import scenarios_folder
from shudian.quantities import MONTHS, placed, same_words, show
from shudian.scenario_changes import combine
from shudian.scenario_form import RETROSPECTIVE
from shudian.scenario_past import leave_past, says_retrospective
from shudian.schedules import (
    RECORD,
    ROOT,
    Schedule,
    merge,
    nearest_or,
    read_schedules,
    values,
)
from shudian.spreadsheet_file import WORKBOOKS, is_workbook
from shudian.toml_file import TomlFile, nearest, read_toml
from shudian.workbook_file import read_workbook

_KEYS = (
    "base", "kind", "title", "question", "evidence", "notes", "inherit_notes", "same_budget_as", "city", "levers",
    "assumptions", *RETROSPECTIVE,
)  # fmt: skip
_NOT_SCENARIOS = ("targets",)


def list_scenarios(folder: Path | None = None, kind: Literal["package", "shock"] | None = None) -> tuple[str, ...]:
    """Names of the scenarios in `folder` (default: the shipped ones), of one `kind` or of both.

    Baseline and no_policy come first, shocks last, the others by name, so that a `_same_budget` variant
    follows its package. Raises InputError if a file is not TOML.
    """
    files = [path for path in (folder or scenarios_folder()).glob("*.toml") if path.stem not in _NOT_SCENARIOS]
    kinds = {path.stem: "shock" if read_toml(path).data.get("kind") == "shock" else "package" for path in files}
    names = sorted(kinds, key=lambda name: (kinds[name] == "shock", name != ROOT, name != "no_policy", name))
    return tuple(name for name in names if kind in (None, kinds[name]))


def load_scenario(
    name_or_path: str | Path,
    parameters: Mapping[str, Parameter],
    folder: Path | None = None,
    known_evidence: Collection[str] | None = None,
    now: float | None = None,
) -> Scenario:
    """The scenario of that name or title in `folder` (default: the shipped ones), or in that file.

    `package+shock` is the package struck by the shock, as `combine` has it. A scenario is merged with its bases: a
    base is looked for beside the file, then in `folder`. A lever with a value and no month has it from `now` on (months
    from 2023-01; default: `default_now`), or always where the file is retrospective. Notes and evidence are the
    scenario's own, then those of its bases, each once. `known_evidence` holds the identifiers that `evidence` may name;
    without it they are not checked. Raises InputError on any mistake.
    """
    if isinstance(name_or_path, str) and (named := package_and_shocks(name_or_path))[1]:
        package, *shocks = (
            load_scenario(part, parameters, folder, known_evidence, now) for part in (named[0], *named[1])
        )
        return combine(package, *shocks)
    shipped = folder or scenarios_folder()
    path = Path(name_or_path)
    endings = (".toml", ".toml.txt", *WORKBOOKS)
    if not (isinstance(name_or_path, Path) or path.name.endswith(endings) or len(path.parts) > 1):
        name = str(name_or_path)
        known = _known((shipped,))
        own = [Path(f"{name}{ending}") for ending in (".toml", ".xlsx") if Path(f"{name}{ending}").is_file()]
        if name not in known and own:
            known = {own[0].name: own[0]}
        path = _find(name, known)
    first = default_now() if now is None else now
    if folder is None and known_evidence is None and path.parent == shipped and path.suffix == ".toml":
        return _shipped(path, _Same(parameters), first, _digest(shipped))
    return _load(path, _Library(parameters, (path.parent, shipped), known_evidence, first), ())


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """Parameters as a key: equal to itself alone, as what is in it cannot be hashed."""

    parameters: Mapping[str, Parameter]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.parameters is other.parameters

    def __hash__(self) -> int:
        return id(self.parameters)


@lru_cache(maxsize=128)
def _shipped(path: Path, key: _Same, now: float, _: bytes) -> Scenario:
    # every answer reads all packages several times, to say which levers are beyond them
    return _load(path, _Library(key.parameters, (path.parent,), None, now), ())


def _digest(folder: Path) -> bytes:
    """Another one whenever a file of `folder` is another."""
    found = hashlib.blake2b()
    for path in sorted(folder.glob("*.toml")):
        content = read_bytes(path)
        found.update(f"{path.name}:{len(content)}:".encode() + content)
    return found.digest()


def package_and_shocks(name: str) -> tuple[str, tuple[str, ...]]:
    """The package that `name` means, and the shocks that strike it: `package+shock+shock`, each shock once.

    Raises InputError where nothing stands on one side of a plus sign.
    """
    # unlike Path.exists, this takes any text
    if os.path.exists(name):  # noqa: PTH110
        return name, ()
    package, *shocks = (part.strip() for part in name.replace("＋", "+").split("+"))
    if shocks and not all((package, *shocks)):
        raise InputError(
            "{name} lacks a name beside +; write a package and a shock, as in zhengzhou_2025+demand_stalls",
            name=show(name),
        )
    return package, tuple(dict.fromkeys(shocks))


def base_of(scenario: Scenario, parameters: Mapping[str, Parameter]) -> Scenario | None:
    """The scenario on which `scenario`, as its file has it, is built; None if it has no base or it is gone."""
    path = _known((scenario.place.path.parent, scenarios_folder())).get(scenario.base)
    return load_scenario(path, parameters, now=scenario.now) if path else None


def record_of(scenario: Scenario, parameters: Mapping[str, Parameter]) -> Scenario:
    """What was decided, as it is read in the month in which `scenario` was."""
    return load_scenario(RECORD, parameters, now=scenario.now)


def own_files(name_or_path: str, parameters: Mapping[str, Parameter], now: float) -> tuple[Path, ...]:
    """The files outside the shipped folder from which a scenario is read in month `now`, its bases and shocks too.

    Raises InputError as `load_scenario`.
    """
    package, shocks = package_and_shocks(name_or_path)
    found: list[Path] = []
    for name in (package, *shocks):
        scenario: Scenario | None = load_scenario(name, parameters, now=now)
        while scenario is not None and scenario.place.path.parent.resolve() != scenarios_folder().resolve():
            found.append(scenario.place.path)
            scenario = base_of(scenario, parameters)
    return tuple(found)


def unchanged(scenario: Scenario, base: Scenario, parameters: Mapping[str, Parameter]) -> bool:
    """Whether `scenario` is at every moment what `base` is, so that running it tells nothing new."""
    if (scenario.same_budget_as, scenario.city, scenario.fixed) != (base.same_budget_as, base.city, base.fixed):
        return False
    scheduled = [parameter for parameter in parameters.values() if parameter.role in SCHEDULED_ROLES]
    return np.array_equal(schedule_matrix(scenario, scheduled), schedule_matrix(base, scheduled))


def schedule_matrix(
    scenario: Scenario, scheduled: Sequence[Parameter], months: int = MONTHS, steps_per_month: int = 8
) -> NDArray[np.float64]:
    """What levers and assumptions are at the start of every time step: [scheduled parameter, step], internal units."""
    times = np.arange(months * steps_per_month) / steps_per_month
    schedules = {**scenario.levers, **scenario.assumptions}
    rows = [values(schedules.get(parameter.name, ()), times, parameter.value) for parameter in scheduled]
    return np.array(rows, dtype=np.float64).reshape(len(scheduled), len(times))


@dataclass(frozen=True, slots=True)
class _Library:
    """Where a scenario file's names are looked up."""

    parameters: Mapping[str, Parameter]
    folders: tuple[Path, ...]
    known_evidence: Collection[str] | None
    now: float

    @property
    def record(self) -> Path:
        """The shipped file that says what was decided, whatever stands beside the file that is read."""
        return self.folders[-1] / f"{RECORD}.toml"

    def find(self, file: TomlFile, key: str) -> Path:
        """The scenario file that the text at `key` of `file` names."""
        name = file.data[key]
        if not isinstance(name, str):
            file.fail(
                '“{key}” must be the name of a scenario in quotes, as in {key} = "{example}"',
                key,
                key=key,
                example=ROOT,
            )
        with placed(file.place(key)):
            return _find(name, _known(self.folders))


def _known(folders: Iterable[Path]) -> dict[str, Path]:
    """The scenario files in `folders` by name; of two with one name the one in the earlier folder."""
    found: dict[str, Path] = {}
    for folder in folders:
        # a folder may hold many workbooks that are none of ours; one is read only when it is asked for by name
        for path in [*sorted(folder.glob("*.toml")), *sorted(folder.glob("*.xlsx"))]:
            if path.stem not in _NOT_SCENARIOS and (path.suffix == ".toml" or path.stem.isidentifier()):
                found.setdefault(path.stem, path)
    return found


def _find(name: str, known: Mapping[str, Path]) -> Path:
    """The scenario file of that name, or the only one with that title in Chinese or English."""
    if name in known:
        return known[name]
    titles = {(path, text) for path in known.values() for text in _titles(path)}
    found = sorted({path for path, text in titles if same_words(name, text)})
    if len(found) > 1:
        raise InputError(
            "“{name}” can mean {names}; write the English name",
            name=name,
            names=" or ".join(path.stem for path in found),
        )
    if not found:
        names = [*known, *sorted(text for _, text in titles)]
        raise InputError(
            "there is no scenario {name}{nearest}", name=show(name), nearest=nearest_or(name, names, "shudian list")
        )
    return found[0]


def _titles(path: Path) -> list[str]:
    if is_workbook(path):
        return []
    try:
        title = read_toml(path).data.get("title")
    except InputError:  # another file's mistake is no answer to the question which file has this title
        return []
    texts = title.values() if isinstance(title, dict) else [title]
    return [text for text in texts if isinstance(text, str)]


def scenario_of(file: TomlFile, parameters: Mapping[str, Parameter]) -> Scenario:
    """The scenario that `file` tells, as one at its path would; raises InputError on any mistake in it."""
    return _told(file, file.path, _Library(parameters, (scenarios_folder(),), None, default_now()), ())


def _load(path: Path, library: _Library, chain: tuple[Path, ...]) -> Scenario:
    return _told(_read(path, library), path, library, chain)


def _told(file: TomlFile, path: Path, library: _Library, chain: tuple[Path, ...]) -> Scenario:
    if not path.stem.isidentifier():
        file.fail(
            "the file's name is the scenario's name; use letters, digits and _ only, as in my_plan{suffix}",
            suffix=path.suffix,
        )
    mistakes = Mistakes()
    with mistakes.noted():
        file.only(_KEYS)
    retrospective = says_retrospective(file)
    kind = _choice(file, "kind", ("package", "shock"), "package")
    base = _base(file, kind, library, (*chain, path))
    if kind == "shock" and "levers" in file.data:
        file.fail(
            "a shock happens to the city and sets [assumptions] only; put what the city chooses in a package", "levers"
        )
    levers: dict[str, Schedule] = {}
    assumptions: dict[str, Schedule] = {}
    with mistakes.noted():
        assumptions = read_schedules(file, "assumptions", ("assumption", "uncertain"), library.parameters, library.now)
    with mistakes.noted():
        undated = 0.0 if retrospective else library.now
        levers = read_schedules(file, "levers", ("lever",), library.parameters, library.now, undated)
    early = {name: schedule for name, schedule in levers.items() if schedule[0].start < library.now}
    # what was decided is no choice in the past: it is the past
    if early and not retrospective and path.resolve() != library.record.resolve():
        with mistakes.noted():
            decided = _load(library.record, library, (*chain, path)).levers if library.record.is_file() else {}
            leave_past(file, early, base.levers if base else {}, decided, library.parameters, library.now)
    mistakes.tell()
    fixed = {name: schedule[0].value for name, schedule in assumptions.items() if _is(library, name, "uncertain")}
    scheduled = {name: schedule for name, schedule in assumptions.items() if name not in fixed}
    return Scenario(
        name=path.stem,
        title=_label(file, file.data.get("title"), "title"),
        question=_label(file, file.data.get("question"), "question"),
        base=base.name if base else "",
        levers=merge(base.levers if base else {}, levers),
        assumptions=merge(base.assumptions if base else {}, scheduled),
        fixed={**(base.fixed if base else {}), **fixed},
        same_budget_as=_same_budget_as(file, kind, library),
        city=_city(file, base.city if base else "zhengzhou"),
        kind=kind,
        notes=tuple(dict.fromkeys(_notes(file) + _base_notes(file, base))),
        evidence=tuple(dict.fromkeys(_evidence(file, library) + (base.evidence if base else ()))),
        place=Place(path, 1),
        now=library.now,
        retrospective=retrospective,
    )


def _read(path: Path, library: _Library) -> TomlFile:
    return read_workbook(path, library.parameters) if is_workbook(path) else read_toml(path)


def _city(file: TomlFile, default: str) -> str:
    """The city that `file` names by its identifier or its title; `default` where it names none."""
    if "city" not in file.data:
        return default
    titles = {text: name for name, title in city_titles().items() for text in (title.zh, title.en)}
    written = file.data.get("city")
    if isinstance(written, str) and written in titles:
        return titles[written]
    return str(_choice(file, "city", tuple(city_titles()), default))


def _base(file: TomlFile, kind: str, library: _Library, chain: tuple[Path, ...]) -> Scenario | None:
    if "base" not in file.data and kind == "package":
        file.fail(
            '“base” is missing; name the package on which this one is built: base = "{example}"', "base", example=ROOT
        )
    if file.data.get("base", "") == "":
        return None
    path = library.find(file, "base")
    if path.resolve() in [link.resolve() for link in chain]:
        names = " → ".join([*(link.stem for link in chain), path.stem])
        file.fail(
            "the bases go round in a circle ({names}); build one of them on “{root}”", "base", names=names, root=ROOT
        )
    base = _load(path, library, chain)
    if base.kind != kind:
        file.fail(
            "“{name}” is a {kind}; a {own} can only be built on another {own}",
            "base",
            name=base.name,
            kind=Phrase(base.kind),
            own=Phrase(kind),
        )
    return base


def _same_budget_as(file: TomlFile, kind: str, library: _Library) -> str:
    if "same_budget_as" not in file.data:
        return ""
    path = library.find(file, "same_budget_as")
    other = _read(path, library)
    if kind == "shock" or other.data.get("kind") == "shock" or "same_budget_as" in other.data:
        file.fail("a package is scaled to the cost of another package that is not scaled itself", "same_budget_as")
    return path.stem


def _is(library: _Library, name: str, role: Role) -> bool:
    return library.parameters[name].role == role


def _choice(file: TomlFile, key: str, allowed: Sequence[str], default: str) -> Any:
    value = file.data.get(key, default)
    if value not in allowed:
        file.fail(
            "“{key}” cannot be {value}{nearest}", key, key=key, value=show(value), nearest=nearest(str(value), allowed)
        )
    return value


def _base_notes(file: TomlFile, base: Scenario | None) -> tuple[Label, ...]:
    inherit = file.data.get("inherit_notes", True)
    if not isinstance(inherit, bool):
        file.fail("“inherit_notes” is true or false", "inherit_notes")
    return base.notes if base and inherit else ()


def _notes(file: TomlFile) -> tuple[Label, ...]:
    notes = file.data.get("notes", [])
    if not isinstance(notes, list):
        file.fail('“notes” is a list: notes = [ { zh = "…", en = "…" } ]', "notes")
    return tuple(_label(file, note, "notes") for note in notes)


def _label(file: TomlFile, value: object, key: str) -> Label:
    # one planner writes for herself and in one language; what is shipped has both
    if isinstance(value, str) and value.strip():
        value = {"zh": value, "en": value}
    return file.label(value, key)


def _evidence(file: TomlFile, library: _Library) -> tuple[str, ...]:
    evidence = file.data.get("evidence", [])
    if not isinstance(evidence, list) or not all(isinstance(item, str) for item in evidence):
        file.fail('“evidence” is a list of figures and sources: evidence = ["ZG08"]', "evidence")
    for item in evidence:
        if library.known_evidence is not None and item not in library.known_evidence:
            file.fail(
                "there is no figure or source {name}{nearest}",
                "evidence",
                name=show(item),
                nearest=nearest(item, library.known_evidence),
            )
    return tuple(evidence)
