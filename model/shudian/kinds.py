"""The nouns of the project, all frozen.

A function anywhere in the package takes these and returns these. Quantities inside them are in the
internal units (万元, month, person, firm, title ...) that `shudian.units` defines; text that a
person reads comes as a `Label` with both languages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

if TYPE_CHECKING:
    from shudian.equations.language import Expression

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, Language] = ("zh", "en")
Basis = Literal["measured", "derived", "assumed"]
Grade = Literal["A", "B", "C"]
Kind = Literal["stock", "flow", "auxiliary"]
Role = Literal["constant", "uncertain", "lever", "assumption", "switch"]
Polarity = Literal["reinforcing", "balancing"]
FigureReading = Literal["total", "increase", "mean", "end"]
"""A flow's sum over a period, a cumulative stock's increase over it, a level's mean over it or value at its end."""
ModelChangeKind = Literal["lever", "variable", "equation"]
CautionKind = Literal[
    "idle", "mixed", "unsaid", "lever", "prior", "uncalibrated", "own_draws", "changed", "unstated", "never",
    "silent", "ended",
]  # fmt: skip

MOST_DRAWS = 20_000
"""More do not fit into a small machine's memory with all packages; notebooks can go further scenario by scenario."""
Told = Callable[[str, float], None]
"""Told the key or the name of what is being done, and the share that is done."""
LEAST_DRAWS = {"why": 20, "sensitivity": 200, "design": 50}
"""Below which a question has no answer; every other takes any number."""
FEWEST = 20
"""Draws below which neither a chance nor a 90 % interval is told: the 5 % at either end are then less than one draw."""
SCHEDULED_ROLES: tuple[Role, ...] = ("lever", "assumption")
"""Roles whose value is chosen by a scenario and may change with time; the other roles are fixed in a run."""


@dataclass(frozen=True, slots=True, init=False)
class Phrase:
    """A sentence for a person, or a part of one: an English template, which is also the key to the Chinese, and values.

    The template holds `{name}` for each value, as in `str.format`; what a value holds is never read as a template, and
    a template without values is taken to the letter. A value that is a Phrase, or a tuple of names and Phrases, is
    translated with the sentence (`shudian.messages`); any other stays as it is.
    """

    template: str
    values: Mapping[str, object]

    def __init__(self, template: str, /, **values: object) -> None:
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        shown = {name: _listed(value) if isinstance(value, tuple) else value for name, value in self.values.items()}
        return self.template.format(**shown) if shown else self.template

    def __bool__(self) -> bool:
        return bool(self.template)

    def __hash__(self) -> int:
        return hash(self.template)


NO_WORDS = Phrase("")


def _listed(names: tuple[object, ...]) -> str:
    return ", ".join(map(str, names))


class PhraseError(Exception):
    """An error that says a Phrase."""

    def __init__(self, sentence: str | Phrase, /, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence if isinstance(sentence, Phrase) else Phrase(sentence, **values)

    def __str__(self) -> str:
        return str(self.sentence)


class InputError(PhraseError):
    """A mistake in something a person wrote; its text is one sentence for that person, never a traceback."""

    places: tuple[str, ...] = ()
    """Where it was written, the widest first: file and line, an option."""

    def at(self, place: object) -> Self:
        """The same error with `place` in front of what it says."""
        # not by copy(): where dask is installed, tblib has exceptions copied so that both share what they hold
        placed = type(self).__new__(type(self), *self.args)
        placed.__dict__ |= self.__dict__
        placed.places = (str(place), *self.places)
        return placed

    @property
    def said(self) -> Phrase:
        """All that it says: the sentence, with the places in front."""
        said = self.sentence
        for place in reversed(self.places):
            said = Phrase("{place}: {sentence}", place=place, sentence=said)
        return said

    def __str__(self) -> str:
        return str(self.said)


@dataclass(frozen=True, slots=True)
class Label:
    """One text in both languages."""

    zh: str
    en: str

    def text(self, language: Language) -> str:
        """The text in `language`."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written, for error messages."""

    path: Path
    line: int
    cell: str = ""
    """Sheet and cell where the file is a workbook, as in `杠杆!D7`; `line` is then the cell's row."""

    def __str__(self) -> str:
        return f"{self.path} {self.cell}" if self.cell else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Source:
    """A document that figures and parameters cite."""

    identifier: str
    title: Label
    body: str
    """The organisation that speaks in the document."""
    published: str
    """As printed: a date, a month, a year, or empty where the page shows none."""
    address: str
    grade: Grade
    place: Place
    reprint: bool = False
    """True where `address` leads to a reprint or a quotation, because the document itself was not found online."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One reported number, as printed, in the unit in which it was printed."""

    identifier: str
    indicator: str
    """Identifier of what was counted, e.g. `market`, `firms`, `titles_online`."""
    label: Label
    geography: str
    definition: str
    """口径: which way of counting, e.g. `local_output`, `allocated_market`, `heads`, `registered`."""
    value: float | None
    low: float | None
    high: float | None
    unit: str
    period_start: str
    period_end: str
    bound: str
    growth_percent: float | None
    """Growth on the year before, printed with the figure."""
    phrase: str
    source: str
    grade: Grade
    role: str
    note: str
    place: Place
    period_alternatives: tuple[tuple[str, str], ...] = ()
    """Where the printed period is ambiguous, every period that it may mean: (start, end), ISO dates."""
    own_source: Source | None = None
    """The document that the row itself describes; None where `source` names one of sources.toml, or none."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A distribution over one parameter, arguments in internal units; see `shudian.priors`."""

    distribution: str
    arguments: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that an equation uses."""

    name: str
    sector: str
    label: Label
    meaning: Label
    unit: str
    """Internal unit, in the spelling of `shudian.units`."""
    display_unit: str
    """The unit in which people write and read it, e.g. `亿元`."""
    role: Role
    value: float
    """Value of a constant or switch, default of a lever or assumption, prior median of an uncertain one."""
    prior: Prior | None
    low: float
    """Least and greatest value that a scenario may give it."""
    high: float
    basis: Basis
    evidence: tuple[str, ...]
    """Identifiers of figures or sources."""
    note: Label
    """Why this value."""
    place: Place
    scales_with_budget: bool = False
    """True for a lever that a `same_budget` scenario scales."""
    whole: bool = False
    """True for a lever that is counted or is on or off: half a park cannot be chosen."""
    local: bool = False
    """True for an uncertain parameter that describes the city: what is learned of it in one says nothing of another."""
    needs: tuple[str, ...] = ()
    """Levers without which this lever does nothing."""
    limit: Label | None = None
    """In a clause, what does not bind where a change of this lever does nothing although what it needs is there."""


@dataclass(frozen=True, slots=True)
class Equation:
    """One variable of the model: how it follows from its causes."""

    name: str
    kind: Kind
    unit: str
    label: Label
    meaning: Label
    sector: str
    causes: tuple[str, ...]
    expression: Expression
    initial: str
    """For a stock the parameter or static auxiliary that holds its first value; otherwise empty."""
    evidence: tuple[str, ...]
    place: Place
    why: Label = Label("", "")
    """Why it has this form and not another; empty where nothing was chosen."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A named feedback loop: its links in order, its polarity and the switch that cuts it."""

    name: str
    label: Label
    meaning: Label
    polarity: Polarity
    variables: tuple[str, ...]
    """Each causes the next, and the last causes the first."""
    switch: str


@dataclass(frozen=True, slots=True)
class ModelChange:
    """One thing that somebody changed in a model: a lever or a variable that is new, or another equation."""

    kind: ModelChangeKind
    name: str
    label: Label


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Equations and parameters, names resolved, ordered and unit-checked by `shudian.structure.build`.

    Two models are the same only if they are one object; `digest` says whether their equations are alike.
    """

    stocks: tuple[Equation, ...]
    static: tuple[Equation, ...]
    """Auxiliaries that depend on unscheduled parameters only, in order of evaluation."""
    dynamic: tuple[Equation, ...]
    """All other auxiliaries and the flows, in order of evaluation."""
    parameters: Mapping[str, Parameter]
    loops: tuple[Loop, ...]
    digest: str
    """Hash of every equation and every parameter's name, role and unit."""
    city: str = ""
    """The city whose parameters these are; empty where nobody says."""
    origin: Model | None = None
    """The shipped model that somebody changed into this one; None for one that is as it was built."""
    changes: tuple[ModelChange, ...] = ()
    """What was changed, in order; the loops are those of the origin that are still there."""

    @property
    def equations(self) -> tuple[Equation, ...]:
        """All equations: stocks, static, dynamic."""
        return self.stocks + self.static + self.dynamic

    def equation(self, name: str) -> Equation:
        """The equation of variable `name`; raises KeyError if there is none."""
        for equation in self.equations:
            if equation.name == name:
                return equation
        raise KeyError(name)

    def unit_of(self, name: str) -> str:
        """The internal unit of variable `name`; raises KeyError if there is none."""
        return self.equation(name).unit

    def __repr__(self) -> str:
        return (
            f"model of {len(self.equations)} equations ({len(self.stocks)} stocks), {len(self.parameters)} parameters "
            f"and {len(self.loops)} loops, digest {self.digest}"
            + "".join(f"; changed: {change.kind} {change.name}" for change in self.changes)
        )

    def __contains__(self, name: object) -> bool:
        return any(e.name == name for e in self.equations)

    @property
    def scheduled(self) -> tuple[Parameter, ...]:
        """Levers and assumptions, in a fixed order."""
        return tuple(p for p in self.parameters.values() if p.role in SCHEDULED_ROLES)

    @property
    def fixed(self) -> tuple[Parameter, ...]:
        """Constants, uncertain parameters and switches, in a fixed order."""
        return tuple(p for p in self.parameters.values() if p.role not in SCHEDULED_ROLES)


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a schedule: from `start` (month after 2023-01) on the value is `value`.

    With `ramp` > 0 the value moves there linearly over that many months.
    """

    start: float
    value: float
    ramp: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """An indicator as the city sees it: a figure of the year that ended `delay` months ago, in error and rounded."""

    indicator: str
    place: str
    """`city` or `china`."""
    definition: str
    """口径: which way of counting."""
    variable: str
    reading: FigureReading
    factor: float
    """How many times the variable the definition counts."""
    unit: str
    """Internal unit of what is read."""
    delay: float
    """Months from the end of the period to the review."""
    bias: float
    """Share by which the figure is too high on average."""
    error: float
    """Standard deviation of the logarithm of the figure over what is true."""
    rounding: float
    """To a multiple of this; 0 for none."""


@dataclass(frozen=True, slots=True)
class Review:
    """A date at which what the city sees decides between two ways to go on."""

    date: float
    """Months after 2023-01."""
    seen: Seen
    asked: Literal["level", "growth", "cost_per_job"]
    """What is held against the threshold: the figure, its change on the year before as a share, or the money that the
    year cost for each job that it added."""
    at_least: bool
    """Whether the review is passed by a figure that is not below the threshold, or by one that is."""
    threshold: float
    passed: Mapping[str, tuple[Segment, ...]]
    """Levers that are decided anew where the review is passed; each replaces what was planned from its first date."""
    failed: Mapping[str, tuple[Segment, ...]]
    after: Literal["", "passed", "failed"] = ""
    """How the review before must have ended for this one to be held; empty where it is held in any case."""
    target: str = ""
    """The target of whose threshold the figure is taken as a share, or empty."""
    target_threshold: float = 1.0
    place: Place = field(default_factory=lambda: Place(Path(), 0), compare=False)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is chosen: lever schedules, and the planner's own assumptions, kept apart."""

    name: str
    title: Label
    question: Label
    base: str
    levers: Mapping[str, tuple[Segment, ...]]
    """Merged with every base; a lever that is absent keeps its default throughout."""
    assumptions: Mapping[str, tuple[Segment, ...]]
    fixed: Mapping[str, float]
    """Uncertain parameters that the scenario sets to one value in every draw."""
    same_budget_as: str
    """Name of the scenario whose fiscal cost this one is scaled to, or empty."""
    city: str
    kind: Literal["package", "shock"]
    notes: tuple[Label, ...]
    evidence: tuple[str, ...]
    place: Place
    now: float = 0.0
    """The month in which it was read: the first in which the city can still choose."""
    retrospective: bool = False
    """Whether it may choose before `now`: it asks what if the past had been another."""
    reviews: tuple[Review, ...] = ()
    """In the order of time; what they decide comes on top of `levers`."""


@dataclass(frozen=True, slots=True)
class Caution:
    """One warning of what an answer cannot carry."""

    kind: CautionKind
    subject: str
    """Name of the scenario or target that it is about; empty where it is about the whole answer."""
    short: Label
    """For a figure: one line."""
    long: Label
    """For a document: a sentence or a few."""


@dataclass(frozen=True, slots=True)
class Target:
    """An official goal, judged under one or more definitions."""

    identifier: str
    label: Label
    measure: Literal["increase_over_year", "level_at_year_end"]
    """`increase_over_year` reads a cumulative stock at both ends of the year."""
    year: int
    threshold: float
    unit: str
    definitions: Mapping[str, str]
    """Name of the definition -> variable that measures it."""
    official_definition: str
    """The definition the target's own document uses, or `unstated`."""
    evidence: tuple[str, ...]
    note: Label
    place: Place = field(default_factory=lambda: Place(Path("targets.toml"), 0))
