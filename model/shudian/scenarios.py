"""scenarios/*.toml -> Scenario: what a city chooses, as a short difference from one base.

One rule merges a scenario with its base: from its first date on, the scenario's schedule of a lever
replaces the base's. A shock is a difference that any package can take on; it moves assumptions only.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shudian.files import State, state_of
from shudian.kinds import SCHEDULED_ROLES, InputError, Parameter, Phrase, Place, Review, Role, Scenario
from shudian.mistakes import Mistakes
from shudian.now import default_now
from shudian.paths import scenarios_folder
from shudian.quantities import MONTHS, show
from shudian.review_file import check_number, read_reviews
from shudian.reviews import decided_later, ways
from shudian.scenario_changes import combine
from shudian.scenario_file import choice_in, city_in, evidence_in, label_in, notes_in, notes_of_base
from shudian.scenario_form import RETROSPECTIVE, REVIEW
from shudian.scenario_library import NOT_SCENARIOS, Library, find_file, known_files, read_file
from shudian.scenario_past import leave_past, says_retrospective
from shudian.schedules import RECORD, ROOT, Schedule, merge, read_schedules, values
from shudian.spreadsheet_file import WORKBOOKS
from shudian.toml_file import TomlFile, read_toml

_KEYS = (
    "base", "kind", "title", "question", "evidence", "notes", "inherit_notes", "same_budget_as", "city", "levers",
    "assumptions", REVIEW, *RETROSPECTIVE,
)  # fmt: skip


def list_scenarios(folder: Path | None = None, kind: Literal["package", "shock"] | None = None) -> tuple[str, ...]:
    """Names of the scenarios in `folder` (default: the shipped ones), of one `kind` or of both.

    Baseline and no_policy come first, shocks last, the others by name, so that a `_same_budget` variant
    follows its package. Raises InputError if a file is not TOML.
    """
    place = folder or scenarios_folder()
    kinds = _kinds(place, state_of(place))
    names = sorted(kinds, key=lambda name: (kinds[name] == "shock", name != ROOT, name != "no_policy", name))
    return tuple(name for name in names if kind in (None, kinds[name]))


@lru_cache(maxsize=4)
def _kinds(folder: Path, _: State) -> Mapping[str, str]:
    files = [path for path in folder.glob("*.toml") if path.stem not in NOT_SCENARIOS]
    return {path.stem: "shock" if read_toml(path).data.get("kind") == "shock" else "package" for path in files}


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
    if not (isinstance(name_or_path, Path) or names_a_file(name_or_path)):
        name = str(name_or_path)
        known = known_files((shipped,))
        own = [Path(f"{name}{ending}") for ending in (".toml", ".xlsx") if Path(f"{name}{ending}").is_file()]
        if name not in known and own:
            known = {own[0].name: own[0]}
        path = find_file(name, known)
    first = default_now() if now is None else now
    if folder is None and known_evidence is None and path.parent == shipped and path.suffix == ".toml":
        return _shipped(path, _Same(parameters), first, state_of(shipped))
    return _load(path, Library(parameters, (path.parent, shipped), known_evidence, first), ())


def names_a_file(text: str) -> bool:
    """Whether `text` names a scenario's file, and not a scenario."""
    return Path(text).name.endswith((".toml", ".toml.txt", *WORKBOOKS)) or len(Path(text).parts) > 1


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """Parameters as a key: equal to itself alone, as what is in it cannot be hashed."""

    parameters: Mapping[str, Parameter]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.parameters is other.parameters

    def __hash__(self) -> int:
        return id(self.parameters)


@lru_cache(maxsize=128)
def _shipped(path: Path, key: _Same, now: float, _: State) -> Scenario:
    # every answer reads all packages several times, to say which levers are beyond them
    return _load(path, Library(key.parameters, (path.parent,), None, now), ())


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
    path = known_files((scenario.place.path.parent, scenarios_folder())).get(scenario.base)
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
    rest = [(one.same_budget_as, one.city, one.fixed, one.reviews) for one in (scenario, base)]
    if rest[0] != rest[1]:
        return False
    scheduled = [parameter for parameter in parameters.values() if parameter.role in SCHEDULED_ROLES]
    own, other = (schedule_matrix(replace(one, reviews=()), scheduled) for one in (scenario, base))
    return np.array_equal(own, other)


def schedule_matrix(
    scenario: Scenario, scheduled: Sequence[Parameter], months: int = MONTHS, steps_per_month: int = 8
) -> NDArray[np.float64]:
    """What levers and assumptions are at the start of every time step: [scheduled parameter, step], internal units.

    Raises ValueError for a scenario with reviews, which is several plain ones (`shudian.reviews.ways`).
    """
    if scenario.reviews:
        raise ValueError(f"“{scenario.name}” has reviews, and no schedule until they are held")
    times = np.arange(months * steps_per_month) / steps_per_month
    schedules = {**scenario.levers, **scenario.assumptions}
    rows = [values(schedules.get(parameter.name, ()), times, parameter.value) for parameter in scheduled]
    return np.array(rows, dtype=np.float64).reshape(len(scheduled), len(times))


def schedule_matrices(
    scenario: Scenario, scheduled: Sequence[Parameter], months: int = MONTHS, steps_per_month: int = 8
) -> list[NDArray[np.float64]]:
    """`schedule_matrix` of each way that reviews may lead; of a scenario without them, of itself alone."""
    return [schedule_matrix(plain, scheduled, months, steps_per_month) for _, plain in ways(scenario)]


def levers_apart(one: Scenario, other: Scenario, scheduled: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """Levers that at any time are, or after a review may be, at other amounts in one of the two than in the other."""
    levers = [parameter for parameter in scheduled if parameter.role == "lever"]
    rows, others = (zip(*schedule_matrices(scenario, levers), strict=True) for scenario in (one, other))
    pairs = zip(levers, rows, others, strict=True)
    return tuple(
        lever for lever, own, beside in pairs if {row.tobytes() for row in own} != {row.tobytes() for row in beside}
    )


def scenario_of(file: TomlFile, parameters: Mapping[str, Parameter]) -> Scenario:
    """The scenario that `file` tells, as one at its path would; raises InputError on any mistake in it."""
    return _told(file, file.path, Library(parameters, (scenarios_folder(),), None, default_now()), ())


def _load(path: Path, library: Library, chain: tuple[Path, ...]) -> Scenario:
    return _told(read_file(path, library), path, library, chain)


def _told(file: TomlFile, path: Path, library: Library, chain: tuple[Path, ...]) -> Scenario:
    if not path.stem.isidentifier():
        file.fail(
            "the file's name is the scenario's name; use letters, digits and _ only, as in my_plan{suffix}",
            suffix=path.suffix,
        )
    if "parameters" in file.data and "base" not in file.data:
        file.fail(
            "this is a city's file; name it with --city, as in: shudian run baseline --city {name}", "parameters",
            name=path.name,
        )  # fmt: skip
    mistakes = Mistakes()
    with mistakes.noted():
        file.only(_KEYS)
    retrospective = says_retrospective(file)
    kind = choice_in(file, "kind", ("package", "shock"), "package")
    base = _base(file, kind, library, (*chain, path))
    for key in ("levers", REVIEW) if kind == "shock" else ():
        if key in file.data:
            file.fail(
                "a shock happens to the city and sets [assumptions] only; put what the city chooses in a package", key
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
    reviews: tuple[Review, ...] = ()
    inherited = decided_later(base, levers).reviews if base else ()
    with mistakes.noted():
        first = 0.0 if retrospective else library.now
        reviews = read_reviews(file, library.parameters, library.now, first, base.reviews if base else ())
    mistakes.tell()
    if REVIEW in file.data:
        start = reviews[0].date if reviews else 0.0
        inherited = tuple(review for review in inherited if review.date < start)
        check_number(file, inherited, reviews)
    fixed = {name: schedule[0].value for name, schedule in assumptions.items() if _is(library, name, "uncertain")}
    scheduled = {name: schedule for name, schedule in assumptions.items() if name not in fixed}
    return Scenario(
        name=path.stem,
        title=label_in(file, file.data.get("title"), "title"),
        question=label_in(file, file.data.get("question"), "question"),
        base=base.name if base else "",
        levers=merge(base.levers if base else {}, levers),
        assumptions=merge(base.assumptions if base else {}, scheduled),
        fixed={**(base.fixed if base else {}), **fixed},
        same_budget_as=_same_budget_as(file, kind, library),
        city=city_in(file, base.city if base else "zhengzhou"),
        kind=kind,
        notes=tuple(dict.fromkeys(notes_in(file) + notes_of_base(file, base))),
        evidence=tuple(dict.fromkeys(evidence_in(file, library.known_evidence) + (base.evidence if base else ()))),
        place=Place(path, 1),
        now=library.now,
        retrospective=retrospective,
        reviews=inherited + reviews,
    )


def _base(file: TomlFile, kind: str, library: Library, chain: tuple[Path, ...]) -> Scenario | None:
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


def _same_budget_as(file: TomlFile, kind: str, library: Library) -> str:
    if "same_budget_as" not in file.data:
        return ""
    path = library.find(file, "same_budget_as")
    other = read_file(path, library)
    if kind == "shock" or other.data.get("kind") == "shock" or "same_budget_as" in other.data:
        file.fail("a package is scaled to the cost of another package that is not scaled itself", "same_budget_as")
    return path.stem


def _is(library: Library, name: str, role: Role) -> bool:
    return library.parameters[name].role == role
