"""A manifest read as what it is: a file that anybody may have changed, of which every field is checked before use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from shudian.answers.requests import AnyRequest, written_words
from shudian.cities import own_city
from shudian.files import read_bytes
from shudian.kinds import (
    LEAST_DRAWS,
    MOST_DRAWS,
    NO_WORDS,
    InputError,
    Label,
    Parameter,
    Phrase,
    Place,
    Review,
    Scenario,
    Seen,
    Segment,
)
from shudian.parameters import city_titles
from shudian.quantities import MONTHS, check_range, placed, show
from shudian.review_file import COST_PER_JOB, MOST, check_start
from shudian.schedules import Schedule, check_order
from shudian.simulate import STEPS_PER_MONTH
from shudian.structure import load_model
from shudian.toml_file import nearest
from shudian.units import parse_unit

FORM = 10
"""Number of this form of manifest; a reader refuses any other."""
_LARGEST = 5_000_000
"""Bytes; a run of every shipped package has two hundred thousand."""
_MOST_SCENARIOS = 100
_ROUNDING = 1e-9
"""Share of a lever's range by which a value at its end may have been rounded beyond it."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ShortDigest = Annotated[str, Field(pattern=r"^([0-9a-f]{16}|edited)$")]
Number = Annotated[float, Field(allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", protected_namespaces=())


class LabelEntry(_Table):
    """A text in both languages."""

    zh: str
    en: str


class SegmentEntry(_Table):
    """One piece of a schedule."""

    start: Annotated[float, Field(ge=0, lt=MONTHS)]
    value: Number
    ramp: Annotated[float, Field(ge=0, le=MONTHS)]


class SeenEntry(_Table):
    """How an indicator is seen."""

    indicator: Name
    place: Literal["city", "china"]
    definition: str
    variable: str
    reading: Literal["total", "increase", "mean", "end"]
    factor: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    unit: Name
    delay: Annotated[float, Field(ge=0, le=MONTHS)]
    bias: Annotated[float, Field(gt=-1, allow_inf_nan=False)]
    error: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    rounding: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class ReviewEntry(_Table):
    """A review in full."""

    date: Annotated[float, Field(ge=0, lt=MONTHS)]
    seen: SeenEntry
    asked: Literal["level", "growth", "cost_per_job"]
    at_least: bool
    threshold: Number
    passed: dict[str, list[SegmentEntry]]
    failed: dict[str, list[SegmentEntry]]
    after: Literal["", "passed", "failed"]
    target: str
    target_threshold: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class ScenarioEntry(_Table):
    """A scenario in full."""

    name: Name
    title: LabelEntry
    question: LabelEntry
    base: str
    levers: dict[str, list[SegmentEntry]]
    assumptions: dict[str, list[SegmentEntry]]
    fixed: dict[str, Number]
    same_budget_as: Literal[""]
    """Money is scaled already."""
    city: str
    kind: Literal["package", "shock"]
    notes: list[LabelEntry]
    evidence: list[str]
    place: str
    retrospective: bool
    reviews: Annotated[list[ReviewEntry], Field(max_length=MOST)]
    file_digest: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


class PairingEntry(_Table):
    """Which scenario is asked about, and what each is compared with."""

    asked: str
    references: dict[str, str]
    originals: dict[str, str]


class PosteriorEntry(_Table):
    """Which posterior the run rested on."""

    why: Literal["calibrated", "asked", "elsewhere", "stale"]
    file: str
    city: str
    digest: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
    made: str
    until: str
    own_priors: list[str]
    given: dict[str, Number]


class _Manifest(_Table):
    """What `shudian.report.manifest.describe` writes of every answer."""

    form: int
    question: str
    command: str
    city: str
    calibrated: bool
    posterior: PosteriorEntry
    model_digest: ShortDigest
    draws_digest: ShortDigest
    data_digest: Digest
    inputs: dict[str, Digest]
    versions: dict[str, str]
    platform: str
    processor: str
    git_revision: str
    files: dict[str, Digest]


class AskedManifest(_Manifest):
    """The manifest of an answer to a request, which is asked again to repeat it."""

    request: dict[str, Any]
    told: dict[str, Any]


class Manifest(_Manifest):
    """The manifest of a run, with its scenarios in full."""

    pairing: PairingEntry
    draws: Annotated[int, Field(ge=1, le=MOST_DRAWS)]
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    method: Literal["euler", "rk4"]
    engine: Literal["kernel", "pysd"]
    model_file: str
    targets_file: str
    steps_per_month: Annotated[int, Field(ge=STEPS_PER_MONTH, le=STEPS_PER_MONTH)]
    scenarios: Annotated[list[ScenarioEntry], Field(min_length=1, max_length=_MOST_SCENARIOS)]
    engines: dict[str, str]
    now: str
    """The first month in which the city could still choose."""


M = TypeVar("M", bound=_Manifest)
R = TypeVar("R", bound=AnyRequest)


def read_manifest_file(file: Path) -> Manifest:
    """What the manifest at `file` says.

    Raises InputError, naming the entry, for one that is unknown, missing, twice there, of another type or out of range.
    """
    found = _read(file, "run", Manifest)
    _check_names(file, found)
    return found


def read_asked(file: Path, question: str, kind: type[R]) -> tuple[AskedManifest, R]:
    """What the manifest of `question` at `file` says, and its request; raises InputError as `read_manifest_file`."""
    found = _read(file, question, AskedManifest)
    return found, _request(found.request, kind, LEAST_DRAWS.get(question, 1), file)


def _read(file: Path, question: str, kind: type[M]) -> M:
    data = _data(file)
    form = data.get("form")
    if form != FORM:
        raise InputError("this manifest has form {form}; this version reads form {own}", form=show(form), own=FORM).at(
            file
        )
    if isinstance(told := data.get("question"), str) and told != question:
        raise InputError(
            "this is the manifest of another command, which repeats it: shudian {told} --repeat", told=told
        ).at(file)
    try:
        found = kind.model_validate(data)
    except ValidationError as error:
        _complain(file, error, kind)
    own = own_city(found.city)
    with placed(file):
        # the digest of the file says whether it is still that city
        if own is None or str(own) not in found.inputs:
            _check_city(found.city)
    return found


def _request(words: Mapping[str, Any], kind: type[R], least: int, file: Path) -> R:
    """The request that `words` are, each of the type that its field has."""
    known = get_type_hints(kind)
    hints = {word: known[word] for word in written_words(kind)}
    if unknown := [*words.keys() - hints.keys()]:
        name, near = show(f"request.{unknown[0]}"), nearest(unknown[0], hints)
        raise InputError("{name} is not known here{nearest}", name=name, nearest=near).at(file)
    if missing := [*hints.keys() - words.keys()]:
        raise InputError("{name} is missing, and a manifest has it", name=show(f"request.{missing[0]}")).at(file)
    given = {}
    for name, hint in hints.items():
        try:
            given[name] = TypeAdapter(hint, config=ConfigDict(strict=True, allow_inf_nan=False)).validate_json(
                json.dumps(words[name])
            )
        except ValidationError:
            raise _unlike(name, words[name], file) from None
    for name, low, high in (("draws", least, MOST_DRAWS), ("seed", 0, 2**63 - 1)):
        if given[name] is not None and not low <= given[name] <= high:
            raise _unlike(name, given[name], file)
    return kind(**given)


def _unlike(word: str, value: Any, file: Path) -> InputError:
    return InputError("{name} cannot be {value}", name=show(f"request.{word}"), value=show(value)).at(file)


def scenario_of(entry: ScenarioEntry, parameters: Mapping[str, Parameter], file: Path, now: float) -> Scenario:
    """The Scenario that `entry` tells; raises InputError for a parameter or a value that no scenario can have."""
    with placed(f"{file}: {show(entry.name)}"):
        levers = {name: _schedule(name, pieces, "lever", parameters) for name, pieces in entry.levers.items()}
        assumed = {
            name: _schedule(name, pieces, "assumption", parameters) for name, pieces in entry.assumptions.items()
        }
        reviews = tuple(_review(review, parameters, file) for review in entry.reviews)
        for name, value in entry.fixed.items():
            check_uncertain(name, value, parameters)
        _check_city(entry.city)
    return Scenario(
        name=entry.name,
        title=_label(entry.title),
        question=_label(entry.question),
        base=entry.base,
        levers=levers,
        assumptions=assumed,
        fixed=entry.fixed,
        same_budget_as=entry.same_budget_as,
        city=entry.city,
        kind=entry.kind,
        notes=tuple(_label(note) for note in entry.notes),
        evidence=tuple(entry.evidence),
        place=Place(file, 1),
        now=now,
        retrospective=entry.retrospective,
        reviews=reviews,
    )


def _review(entry: ReviewEntry, parameters: Mapping[str, Parameter], file: Path) -> Review:
    """The Review that `entry` tells; raises InputError for what no review reads or decides."""
    branches = [
        {name: _schedule(name, pieces, "lever", parameters) for name, pieces in branch.items()}
        for branch in (entry.passed, entry.failed)
    ]
    starts = [schedule[0].start for branch in branches for schedule in branch.values() if schedule]
    if any(start < entry.date for start in starts):
        raise InputError("a review decides from its own month on, and not before it")
    seen = Seen(**entry.seen.model_dump())
    parse_unit(seen.unit)
    if seen.indicator != COST_PER_JOB and seen.variable not in load_model():
        raise InputError("{name} is not known here{nearest}", name=show(seen.variable), nearest=NO_WORDS)
    review = Review(
        date=entry.date,
        seen=seen,
        asked=entry.asked,
        at_least=entry.at_least,
        threshold=entry.threshold,
        passed=branches[0],
        failed=branches[1],
        after=entry.after,
        target=entry.target,
        target_threshold=entry.target_threshold,
        place=Place(file, 1),
    )
    check_start(review)
    return review


def check_uncertain(name: str, value: float, parameters: Mapping[str, Parameter]) -> None:
    """Raise InputError unless `name` is an uncertain parameter that can have `value`, internal unit."""
    _check_value(value, _parameter(name, "uncertain", parameters))


def _data(file: Path) -> dict[str, Any]:
    content = read_bytes(file, _LARGEST)
    try:
        data = json.loads(content.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError("this is not the manifest of a run ({reason})", reason=_reason(error)).at(file) from None
    except RecursionError:
        raise InputError("the file is nested too deeply").at(file) from None
    except InputError as error:
        raise error.at(file) from None
    except ValueError:  # Python refuses to read an integer of more than 4300 digits
        raise InputError("a number in the file has thousands of digits").at(file) from None
    if not isinstance(data, dict):
        raise InputError("this is not the manifest of a run (it is {what})", what=show(data)).at(file)
    return data


def _reason(error: UnicodeDecodeError | json.JSONDecodeError) -> Phrase:
    """What Python says of `error`, in its own words."""
    if isinstance(error, json.JSONDecodeError):
        return Phrase(
            "{what}: line {line} column {column} (char {position})",
            what=Phrase(error.msg),
            line=error.lineno,
            column=error.colno,
            position=error.pos,
        )
    last = error.end - 1
    alone = last == error.start
    return Phrase(
        "'{encoding}' codec can't decode {bytes} in position {position}: {reason}",
        encoding=error.encoding,
        bytes=f"byte 0x{error.object[last]:02x}" if alone else "bytes",
        position=error.start if alone else f"{error.start}-{last}",
        reason=error.reason,
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError("{name} is there twice; keep one of them", name=show(key))
        found[key] = value
    return found


def _no_number(word: str) -> NoReturn:
    raise InputError("{value} is not a number", value=show(word))


def _complain(file: Path, error: ValidationError, kind: type[_Manifest]) -> NoReturn:
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    match first["type"]:
        case "missing":
            raise InputError("{name} is missing, and a manifest has it", name=show(place)).at(file) from None
        case "extra_forbidden":
            known = _names(first["loc"][:-1], kind)
            raise InputError(
                "{name} is not known here{nearest}", name=show(place), nearest=nearest(str(first["loc"][-1]), known)
            ).at(file) from None
        case _:
            raise InputError("{name} cannot be {value}", name=show(place), value=show(first["input"])).at(
                file
            ) from None


def _names(location: tuple[int | str, ...], kind: type[_Manifest]) -> list[str]:
    """The names that the table at `location` may hold."""
    tables: dict[str, type[BaseModel]] = {
        "pairing": PairingEntry, "posterior": PosteriorEntry, "levers": SegmentEntry, "assumptions": SegmentEntry,
        "title": LabelEntry, "question": LabelEntry, "notes": LabelEntry, "scenarios": ScenarioEntry,
        "reviews": ReviewEntry, "seen": SeenEntry, "passed": SegmentEntry, "failed": SegmentEntry,
    }  # fmt: skip
    inner = [tables[step] for step in location if isinstance(step, str) and step in tables]
    return [*(inner[-1] if inner else kind).model_fields]


def _check_names(file: Path, found: Manifest) -> None:
    """Raise InputError unless every scenario has a name of its own and every name that is used is one's."""
    names = [scenario.name for scenario in found.scenarios]
    if len({*names}) < len(names):
        raise InputError("two scenarios have the same name; give each its own").at(file)
    pairing = found.pairing
    if missing := {*names} - pairing.references.keys():
        raise InputError("“pairing.references” lacks {name}", name=show(min(missing))).at(file)
    used = [pairing.asked, *pairing.references, *pairing.references.values(), *pairing.originals]
    for name in (*used, *pairing.originals.values()):
        if name not in names:
            raise InputError("no scenario is called {name}{nearest}", name=show(name), nearest=nearest(name, names)).at(
                file
            )
    inputs = input_names(found.model_file, found.targets_file, found.city)
    if inputs != found.inputs.keys():
        raise InputError("“inputs” does not name the files of this run").at(file)


def input_names(model_file: str, targets_file: str, city: str) -> set[str]:
    """The files that somebody wrote and a run rests on, besides its scenarios, which its manifest tells in full."""
    own = own_city(city)
    return {name for name in (model_file, targets_file, str(own) if own else "") if name}


def _check_city(name: str) -> None:
    if name not in city_titles():
        raise InputError("“city” must name a city{nearest}", nearest=nearest(name, city_titles()))


def _schedule(
    name: str, pieces: list[SegmentEntry], role: Literal["lever", "assumption"], parameters: Mapping[str, Parameter]
) -> Schedule:
    parameter = _parameter(name, role, parameters)
    schedule: Schedule = ()
    for piece in pieces:
        segment = Segment(piece.start, piece.value, piece.ramp)
        _check_value(segment.value, parameter)
        check_order(schedule, segment)
        schedule = (*schedule, segment)
    return schedule


def _parameter(name: str, role: str, parameters: Mapping[str, Parameter]) -> Parameter:
    known = [parameter.name for parameter in parameters.values() if parameter.role == role]
    if name not in known:
        raise InputError("{name} is not known here{nearest}", name=show(name), nearest=nearest(name, known))
    return parameters[name]


def _check_value(value: float, parameter: Parameter) -> None:
    check_range(value, parameter, show(value), _ROUNDING * (parameter.high - parameter.low))


def _label(entry: LabelEntry) -> Label:
    return Label(entry.zh, entry.en)
