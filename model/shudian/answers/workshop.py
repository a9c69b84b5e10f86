"""What a workshop is played with: the announced package, what each move at the table and each shock changes, and seats.

Who sits at a table, which levers lie in whose hand and how far a move is tried belong to the exercise; every result is
that of a run, which the move's settings repeat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from shudian.analysis.cost import Price, prices
from shudian.analysis.results import evaluate
from shudian.analysis.verdicts import Pairing, Verdict, Verdicts, judge, judged
from shudian.answers.chosen import changed
from shudian.answers.plan import Request, plan
from shudian.answers.requests import ASKED, REFERENCE
from shudian.answers.run import Answer, carry_out
from shudian.kinds import Model
from shudian.now import read_now
from shudian.observe.effects_file import load_effects
from shudian.quantities import placed, read_start, write_month

LATER = (0, 6)
"""So many months after now the moves of each round begin to hold; the first begins with the shipped shocks."""
PACKAGES = (ASKED, "baseline", "hangzhou_mode", "shenzhen_mode")
SHOCKS = ("rivals_escalate", "guarantee_withdrawn", "demand_stalls")


@dataclass(frozen=True, slots=True)
class Role:
    """Who sits at a table, and which results and levers are this seat's."""

    name: str
    definition: str
    """The definition of the market in which the seat speaks: dealt out so that all three are at the table."""
    targets: tuple[str, ...]
    measures: tuple[str, ...]
    moves: tuple[str, ...] = ()
    shocks: tuple[str, ...] = ()


ROLES = (
    Role(
        "development", "allocated_market", ("market_2027", "lead_firms_2027"), ("entry", "output", "jobs"),
        ("fund_size", "talent_training", "approval_days"), ("demand_stalls",),
    ),
    Role("finance", "local_output", ("market_2027",), ("cost", "net", "output"), ("annual_budget", "fund_size")),
    Role("parks", "local_output", ("market_2027", "full_chain_bases_2027"), ("firms", "jobs"),
         ("municipal_parks", "open_locations", "rent_relief_rate", "ai_support")),
    Role("culture", "content_market", ("market_2027", "quality_works_2027"), ("output", "jobs_later"),
         ("script_incubation", "quality_award", "overseas_support", "plus_programme")),
    Role("platform", "content_market", ("market_2027", "lead_firms_2027"), ("firms", "output"),
         ("production_subsidy",), ("guarantee_withdrawn",)),
    Role("rival", "allocated_market", ("market_2027",), ("firms", "output", "output_later"), (),
         ("rivals_escalate", "guarantee_withdrawn", "demand_stalls")),
)  # fmt: skip
"""In the order in which seats are doubled where a table has more people than roles."""
MOVES: Mapping[str, tuple[str, ...]] = {
    "fund_size": ("fund_size=2 亿元",),
    "municipal_parks": ("municipal_parks=8 个园区",),
    "open_locations": ("open_locations=200 处",),
    "production_subsidy": (
        "production_subsidy_rate=0.3", "production_subsidy_cap=100 万元/部", "production_subsidy_eligible_share=0.05",
    ),
    "script_incubation": ("script_incubation=0.2 亿元/年",),
    "quality_award": ("quality_award=100 万元/部",),
    "rent_relief_rate": ("rent_relief_rate=0.4",),
    "ai_support": ("ai_support=0.2 亿元/年",),
    "talent_training": ("talent_training=5000 人/年",),
    "overseas_support": ("overseas_support=0.3 亿元/年",),
    "plus_programme": ("plus_programme=0.4 亿元/年",),
    "approval_days": ("approval_days=10 日",),
    "annual_budget": ("annual_budget=0.5 亿元/年",),
}  # fmt: skip
"""Move -> what `--set` makes of the announced package; the amounts are examples, and each table chooses its own."""


@dataclass(frozen=True, slots=True)
class WorkshopRequest:
    """What is asked of a workshop."""

    people: int = 12
    draws: int | None = None
    """None: as many as the posterior has."""
    seed: int = 1
    now: str = ""
    """The month that the game calls now; empty for that after the last evidence."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the kit of a workshop tells."""

    request: WorkshopRequest
    months: tuple[str, ...]
    """From when on what is chosen in each round holds."""
    answer: Answer
    """The packages, as `run` answers."""
    moved: Verdicts
    """The announced package under each move and each shock, compared draw by draw with itself as it is."""
    prices: Mapping[tuple[str, int], Price]
    """What the announced package adds costs, as `compare` has it."""
    studies: Mapping[str, int]
    """Lever -> how many findings of studies elsewhere led what it does; of the others the effects are priors."""

    @property
    def package(self) -> Verdict:
        """The announced package."""
        return self.answer.verdicts.row(ASKED)

    def move(self, name: str) -> Verdict:
        """The announced package under a move."""
        return self.moved.row(f"{ASKED}_{name}")

    def shock(self, name: str) -> Verdict:
        """The announced package under a shock."""
        return self.moved.row(f"{ASKED}+{name}")


def rounds(now: str = "") -> tuple[str, ...]:
    """The month from which each round's choices hold; raises InputError where one is beyond the horizon."""
    first = read_now(now)
    months = tuple(write_month(first + later) for later in LATER)
    with placed(f"--now {now}"):
        read_start(months[-1])
    return months


def settings(move: str, month: str) -> tuple[str, ...]:
    """What `--set` is given to make a move from `month` on."""
    return tuple(f"{setting}@{month}" for setting in MOVES[move])


def seats(people: int) -> tuple[Mapping[Role, int], ...]:
    """Of each table its roles, and how many people play each: as many tables as have all roles, as equal as can be."""
    tables = max(1, people // len(ROLES))
    sizes = [people // tables + (number < people % tables) for number in range(tables)]
    return tuple(Counter(ROLES[seat % len(ROLES)] for seat in range(size)) for size in sizes)


def workshop(request: WorkshopRequest, told: Callable[[str, float], None] = lambda _what, _share: None) -> Workshop:
    """Run the packages, and the announced one under every move and shock, all on the same draws.

    `told` is given the name of what is run and the share that is done. Raises InputError for more draws than there are.
    """
    months = rounds(request.now)
    asked = Request(PACKAGES, draws=request.draws, seed=request.seed, against=REFERENCE, now=request.now)
    work = plan(asked)
    answer = carry_out(work, lambda name, share: told(name, 0.5 * share))
    names = tuple(f"{ASKED}+{name}" for name in SHOCKS)
    struck = plan(replace(asked, scenarios=names))
    model, targets = answer.model, work.world.targets
    moves = [changed(work.asked, settings(move, months[0]), model.parameters, f"_{move}") for move in MOVES]
    scenarios = (work.asked, work.reference, *moves, *struck.scenarios)
    runs = []
    for done, scenario in enumerate(scenarios):
        told(scenario.name, 0.5 + 0.5 * done / len(scenarios))
        runs.append(evaluate(model, scenario, answer.draws, judged(model, targets)))
    references = {scenario.name: work.reference.name for scenario in (work.asked, work.reference, *moves)}
    others = [s for s in struck.scenarios if s.name not in struck.pairing.references.values()]
    pairing = Pairing(
        ASKED, {**struck.pairing.references, **references}, {scenario.name: ASKED for scenario in (*moves, *others)}
    )
    moved = judge(work.world.city, runs, targets, work.world.definitions, pairing, (), request.seed, work.world.grounds)
    return Workshop(request, months, answer, moved, prices(runs[0], runs[1]), _studies(model))


def _studies(model: Model) -> Mapping[str, int]:
    """Levers that studies put to a test; a budget is only what lets them be paid."""
    tested = [
        {setting.partition("=")[0] for setting in effect.treatment} - {"annual_budget"}
        for effect in load_effects(model)
        if effect.is_used
    ]
    return Counter(lever for levers in tested for lever in levers)
