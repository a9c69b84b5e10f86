"""The numbers of the kit as tables: what a seat looks at, what its moves bring, what a shock does, what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from shudian.amounts import amount_text
from shudian.analysis.told import is_told
from shudian.analysis.verdicts import MEASURES, YEAR, Probability, Verdict, Verdicts
from shudian.answers.requests import REFERENCE
from shudian.answers.workshop import MOVES, SHOCKS, Role, Workshop, settings
from shudian.kinds import Language, Parameter
from shudian.report.brief.words import price_text
from shudian.report.document import Table, one_line
from shudian.report.render.numbers import percent
from shudian.report.run.tables import band_cell, measure_head, signed_points
from shudian.report.words.captions import definition_label, joined
from shudian.scenario_changes import read_setting
from shudian.scenarios import load_scenario
from shudian.units import conversion, reader_unit
from shudian.wording import say

CHANGED = tuple(next(measure for measure in MEASURES if measure.name == name) for name in ("cost", "output", "jobs"))
"""What a move is judged by at the table."""
_PRICES = {("jobs", YEAR): ("万元", 1), ("output", YEAR): ("", 2)}
"""What is priced on a card: the unit of its price, and digits after the point."""


def interests(role: Role, found: Workshop, language: Language) -> Table:
    """What the seat looks at: under the announced package, and how much more than without policy."""
    verdicts, row = found.answer.verdicts, found.package
    rows: list[tuple[str, ...]] = []
    for target in (target for name in role.targets for target in verdicts.targets if target.identifier == name):
        definition = role.definition if target is verdicts.market else next(iter(target.definitions))
        label = target.label.text(language)
        if target is verdicts.market:
            name = definition_label(definition, verdicts, language)
            label = say("workshop_by", language, target=label, definition=name)
        chance, move = row.targets[target.identifier][definition], row.moves[target.identifier][definition]
        points = _points(move, verdicts, language)
        rows.append((
            say("workshop_chance", language, target=label), percent(chance.value, verdicts.draws), points,
            _told(bool(points.strip("≈0—")), language),
        ))  # fmt: skip
    for measure in (next(m for m in MEASURES if m.name == name) for name in role.measures):
        more = row.additional[measure.name]
        cells = (band_cell(band, measure.unit, language) for band in (row.measures[measure.name], more))
        told = _told(is_told(more, measure.unit), language)
        rows.append((one_line(measure_head(measure, language)), *cells, told))
    reference = verdicts.row(verdicts.reference).scenario.title.text(language)
    head = (
        say("workshop_column_look", language), row.scenario.title.text(language),
        say("workshop_column_more", language, reference=reference), say("workshop_column_told", language),
    )  # fmt: skip
    below = (say("workshop_below_told", language), *([say("below_net", language)] if "net" in role.measures else []))
    return Table(say("workshop_table_interests", language), head, tuple(rows), below=below)


def _told(is_so: bool, language: Language) -> str:
    return say("workshop_yes" if is_so else "workshop_no", language)


def _points(move: Probability, verdicts: Verdicts, language: Language) -> str:
    """A difference of chances with its unit, or that there is none."""
    points = signed_points(move, verdicts.draws, language)
    return say("short_points", language, points=points) if points.strip("≈0—") else points


def prices(found: Workshop, language: Language) -> Table:
    """What one more job and one more yuan of output cost under the announced package."""
    rows = tuple((say(f"workshop_price_{key[0]}", language), price(key, found, language)) for key in _PRICES)
    head = (say("workshop_column_price", language), found.package.scenario.title.text(language))
    return Table(say("workshop_table_prices", language, year=YEAR), head, rows)


def price(key: tuple[str, int], found: Workshop, language: Language) -> str:
    """A price of the announced package, and its interval on a second line."""
    unit, digits = _PRICES[key]
    scale = conversion(unit, reader_unit(unit, language)) if unit else 1.0
    return price_text(found.prices[key], digits, language, scale)


def move_name(move: str, found: Workshop, language: Language) -> str:
    """What a move is called: its lever, or the instrument whose levers do nothing without each other."""
    levers = [lever for lever, _ in _amounts(move, found)]
    return levers[0].label.text(language) if len(levers) == 1 else say(f"instrument_{move}", language)


def _amounts(move: str, found: Workshop) -> list[tuple[Parameter, float]]:
    read = (read_setting(setting, found.answer.model.parameters) for setting in MOVES[move])
    return [(lever, value) for lever, value, _ in read]


def _change(move: str, found: Workshop, language: Language) -> str:
    """From what to what a move leads."""
    planned = found.package.scenario.levers
    told = []
    for lever, value in _amounts(move, found):
        now = planned[lever.name][-1].value if lever.name in planned else lever.value
        told.append(f"{amount_text(now, lever, language)} → {amount_text(value, lever, language)}")
    return joined(told, language, "\n", "\n")


def moves(names: Sequence[str], found: Workshop, language: Language) -> Table:
    """What each of the moves `names` changes in the announced package, and on what that rests."""
    rows = []
    for name in names:
        changes = found.move(name).changes
        count = max(found.studies.get(lever.name, 0) for lever, _ in _amounts(name, found))
        rows.append((
            move_name(name, found, language), _change(name, found, language),
            *(band_cell(changes[measure.name], measure.unit, language) for measure in CHANGED),
            _told(is_told(changes["output"], CHANGED[1].unit), language),
            say("workshop_studies", language, count=count) if count else say("workshop_prior", language),
        ))  # fmt: skip
    head = (say("workshop_column_move", language), say("workshop_column_amount", language), *_heads(language),
            say("workshop_column_told_output", language), say("workshop_column_rests", language))  # fmt: skip
    title = say("workshop_table_moves", language, month=found.months[0])
    below = say("workshop_below_moves", language, package=found.package.scenario.title.text(language))
    return Table(title, head, tuple(rows), below=(below,))


def _heads(language: Language) -> tuple[str, ...]:
    """Of the columns that say what is changed."""
    return tuple(measure_head(measure, language, "workshop_") for measure in CHANGED)


def definitions(verdicts: Verdicts, language: Language) -> str:
    """What the definitions of the market are called, in their order."""
    return " / ".join(definition_label(definition, verdicts, language) for definition in verdicts.market.definitions)


def chances(row: Verdict, verdicts: Verdicts) -> str:
    """The chance of the market target under each definition, in their order."""
    return " / ".join(percent(c.value, verdicts.draws) for c in row.targets[verdicts.market.identifier].values())


def shocks(names: Sequence[str], found: Workshop, language: Language) -> Table:
    """What each of the shocks `names` changes under the announced package, and what the package then still adds."""
    verdicts = found.moved
    rows = []
    for name in names:
        row = found.shock(name)
        rows.append((
            load_scenario(name, found.answer.model.parameters).title.text(language),
            *(band_cell(row.changes[measure.name], measure.unit, language) for measure in CHANGED[1:]),
            band_cell(row.additional["output"], CHANGED[1].unit, language),
            chances(row, verdicts),
        ))  # fmt: skip
    head = (say("workshop_column_shock", language), *_heads(language)[1:],
            say("workshop_column_still", language) + "\n" + measure_head(CHANGED[1], language).split("\n")[-1],
            say("workshop_column_chances", language))  # fmt: skip
    below = say(
        "workshop_below_shocks",
        language,
        definitions=definitions(verdicts, language),
        calm=chances(found.package, verdicts),
    )
    return Table(say("workshop_table_shocks", language), head, tuple(rows), below=(below,))


def commands(found: Workshop, language: Language) -> Table:
    """What repeats the numbers of the announced package, of each move and of each shock."""
    request, package = found.request, found.package.scenario
    common = f" --now {request.now}" if request.now else ""
    common += f" --draws {request.draws}" if request.draws else ""
    common += f" --seed {request.seed}" if request.seed != 1 else ""
    rows = [(package.title.text(language), f"shudian compare {package.name} baseline{common}")]
    for name in MOVES:
        said = " ".join(f'--set "{setting}"' for setting in settings(name, found.months[0]))
        rows.append((move_name(name, found, language), f"shudian run {package.name} {said}{common}"))
    for name in SHOCKS:
        title = load_scenario(name, found.answer.model.parameters).title.text(language)
        rows.append((title, f"shudian run {package.name}+{name}{common} --against {REFERENCE}"))
    return Table("", (), tuple(rows))
