"""The register: dated predictions of what will be reported, written once and never changed."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shudian.files import read_bytes, told, write_text
from shudian.forecasts.frozen import Frozen, frozen_from, read_frozen, write_frozen
from shudian.forecasts.items import ITEMS, is_fitted, to_be_printed
from shudian.forecasts.naive import Naive, naive, naive_ratio
from shudian.forecasts.prediction import Prediction, Question, World, predictions, questions, world_of
from shudian.forecasts.scores import LEVELS, Forecast
from shudian.grounds import grounds_of
from shudian.kinds import InputError
from shudian.observe.reports import Report, load_reports
from shudian.observe.rows import Measure
from shudian.parameters import HOME
from shudian.paths import seeds_folder
from shudian.posterior_file import Posterior
from shudian.toml_file import read_text
from shudian.units import conversion

CHECKSUMS = "SHA256SUMS"
"""The file beside the registers that holds their digests, in the form that sha256sum checks."""
FITTED = "FIGURES"
"""The file beside the registers that holds, a line for each, the figures to which its posterior was fitted."""
_LARGEST = 20_000_000
"""Bytes: seven times what the draws have."""
TYPICAL = "typical"
"""In the column `grade`: the reports that are foretold have the errors of no grade, but the typical ones."""

_MODEL_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
REPORTED_QUANTILES = {f"reported_{100 * level:g}%": level for level in LEVELS}
MODEL_QUANTILES = {f"model_{100 * level:g}%": level for level in _MODEL_LEVELS}
_DAMPED = "damped_trend"
_NAIVE = ("no_change", "last_growth", _DAMPED, "naive_figures")
_ORIGIN = ("scenario", "model_digest", "inputs_digest", "posterior_made", "data_until", "grade")
COLUMNS = (
    "id", "made", "indicator", "geography", "definition", "measure", "reading", "period_start", "period_end", "unit",
    *REPORTED_QUANTILES, *MODEL_QUANTILES, "crps_error", *_NAIVE, *_ORIGIN,
)  # fmt: skip
_OLDER = tuple(column for column in COLUMNS if column != _DAMPED)
"""The columns of registers that were frozen before there was a damped trend."""


@dataclass(frozen=True, slots=True)
class Row:
    """One frozen prediction."""

    identifier: str
    made: str
    indicator: str
    geography: str
    definition: str
    measure: Measure
    reading: str
    period_start: str
    period_end: str
    unit: str
    """`1` for a ratio to the year before."""
    reported: Forecast
    """Of what a report would print."""
    model: tuple[float, ...]
    """The model's own quantity: 5, 25, 50, 75 and 95 %."""
    crps_error: float
    """By how much a CRPS from the kept quantiles differs at most from that of the draws."""
    naive: Naive
    """In `unit`; without a damped trend where the register has none."""
    origin: tuple[str, ...]
    """Scenario, digests of model and inputs, when the posterior was made, until when its data reach, whose errors."""

    @property
    def inputs_digest(self) -> str:
        """What its posterior was made from."""
        return self.origin[_ORIGIN.index("inputs_digest")]

    @property
    def posterior_made(self) -> str:
        """When its posterior was made, ISO."""
        return self.origin[_ORIGIN.index("posterior_made")]

    @property
    def data_until(self) -> datetime.date:
        """The last day of which the prediction knew anything."""
        return datetime.date.fromisoformat(self.origin[_ORIGIN.index("data_until")])

    def factor_to(self, unit: str) -> float | None:
        """What to multiply the row's numbers by so that they are in `unit` over its whole period, or None.

        A year's titles are twelve times the mean in titles a month. A ratio has no unit.
        """
        if self.measure == "ratio_to_year_before":
            return 1.0
        first, last = (datetime.date.fromisoformat(day) for day in (self.period_start, self.period_end))
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        tried = ((self.unit, unit, 1.0), (f"{self.unit}*month", unit, months), (self.unit, f"{unit}*month", 1 / months))
        for own, other, factor in tried:
            try:
                return conversion(own, other) * factor
            except InputError:
                continue
        return None


@dataclass(frozen=True, slots=True)
class Register:
    """The predictions of one day."""

    path: Path
    rows: tuple[Row, ...]
    fitted: frozenset[str] | None = None
    """Identifiers of the figures to which its posterior was fitted; None where nothing lists them."""
    has_damped_trend: bool = True
    """Whether the damped trend was frozen too; the earliest registers have none."""
    has_draws: bool = False
    """Whether draws were frozen beside the rows; the earliest registers have none."""

    @property
    def draws(self) -> Frozen | None:
        """The draws that were frozen with the rows; raises InputError if they are not what was written."""
        return read_frozen(draws_of(self.path)) if self.has_draws else None

    @property
    def made(self) -> str:
        """The day, ISO."""
        return self.rows[0].made

    def row_for(self, question: Question) -> Row | None:
        """The row that foretold what `question` asks, or None; an ambiguous period was never foretold."""
        figure, rule = question.report.figures[0], question.report.rule
        if len(question.report.alternatives) > 1:
            return None
        indicator = rule.indicator.removesuffix("_growth") if rule.is_ratio else rule.indicator
        wanted = (indicator, figure.geography, rule.definition, question.measure)
        end = figure.period_end or figure.period_start
        for row in self.rows:
            same = (row.indicator, row.geography, row.definition, row.measure) == wanted and row.period_end == end
            if same and (row.reading == "end" or row.period_start == figure.period_start):
                return row if row.factor_to(figure.unit) is not None else None
        return None


def registers_folder() -> Path:
    """Where the frozen registers stand."""
    return seeds_folder() / "register"


def predict_rows(world: World, posterior: Posterior, made: datetime.date) -> tuple[Row, ...]:
    """The predictions that a register made on `made` holds: of every item but what `posterior` was fitted to."""
    known = load_reports(world.model)
    about = posterior.about
    names = {name for report in about["reports"] for name in report["figures"]}
    fitted = [report for report in known if any(figure.identifier in names for figure in report.figures)]
    asked = [
        question
        for item in ITEMS
        for figure in to_be_printed(item, world.rules, made)
        for question in questions(figure, world.model, world.rules)
        if not is_fitted(question.report, fitted)
    ]
    origin = (
        str(about["scenario"]), str(about["model_digest"]), str(about["inputs_digest"]), world.made,
        posterior.data_until, TYPICAL,
    )  # fmt: skip
    found = predictions(asked, world)
    return tuple(_row(q, p, known, made, origin) for q, p in zip(asked, found, strict=True))


def _row(q: Question, p: Prediction, known: Sequence[Report], made: datetime.date, origin: tuple[str, ...]) -> Row:
    figure, quantity = q.report.figures[0], q.report.alternatives[0].quantity
    is_level = q.measure == "level"
    rule, factor = q.report.rule, q.report.display_factor
    simple = naive(quantity, rule, known).times(factor) if is_level else naive_ratio(quantity, rule, known)
    return Row(
        identifier=figure.identifier if is_level else f"{figure.identifier}/growth",
        made=made.isoformat(),
        indicator=figure.indicator,
        geography=figure.geography,
        definition=figure.definition,
        measure=q.measure,
        reading=quantity.reading,
        period_start=figure.period_start,
        period_end=figure.period_end,
        unit=figure.unit if is_level else "1",
        reported=p.reported,
        model=tuple(p.model.quantile(level) for level in _MODEL_LEVELS),
        crps_error=p.kept_error,
        naive=simple,
        origin=origin,
    )


def freeze_today() -> tuple[Path, int]:
    """Write today's register from the shipped posterior; its path and how many rows it has.

    Raises InputError if the posterior is missing or stale, and if today has a register.
    """
    posterior = grounds_of(HOME).posterior
    assert posterior is not None
    world, today = world_of(posterior), datetime.date.today()
    rows = predict_rows(world, posterior, today)
    fitted = [name for report in posterior.about["reports"] for name in report["figures"]]
    return freeze(rows, fitted=fitted, frozen=frozen_from(world, posterior, today.isoformat())), len(rows)


def freeze(
    rows: Sequence[Row], folder: Path | None = None, fitted: Sequence[str] = (), frozen: Frozen | None = None
) -> Path:
    """Write `rows` as the register of their day; its path.

    Beside it stand the `frozen` draws, the digests of both and the `fitted` figures. Raises InputError if that day has
    a register, or if it cannot be written.
    """
    folder = folder or registers_folder()
    path = folder / f"{rows[0].made}.csv"
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(row) for row in rows)
    files = (path, draws_of(path))
    if any(file.exists() for file in files):
        raise InputError("this day has a register already, and a register is never written again").at(path)
    with told(path):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        write_text(path, text.getvalue())
        if frozen is not None:
            write_frozen(frozen, draws_of(path))
        if fitted:
            _append(folder / FITTED, f"{path.name}  {' '.join(fitted)}\n")
        written = [file for file in files if file.exists()]
        _append(folder / CHECKSUMS, "".join(f"{_digest(file)}  {file.name}\n" for file in written))
    except BaseException:
        for file in files:
            file.unlink(missing_ok=True)  # so that the day is not lost
        raise
    return path


def draws_of(path: Path) -> Path:
    """Where the draws of the register at `path` stand, if it has any."""
    return path.with_suffix(".parquet")


def _digest(path: Path) -> str:
    return hashlib.sha256(read_bytes(path, _LARGEST)).hexdigest()


def _append(path: Path, line: str) -> None:
    write_text(path, (read_text(path) if path.exists() else "") + line, replace=True)


def newest_register() -> Path:
    """The path of the latest register; raises InputError if there is none."""
    found = sorted(registers_folder().glob("????-??-??.csv"))
    if not found:
        raise InputError("there is no register of forecasts yet; make one with: shudian score --freeze")
    return found[-1]


def load_register(path: Path | None = None) -> Register:
    """The register at `path`, or the newest; raises InputError if it is missing, damaged or was changed."""
    path = path or newest_register()
    text = read_text(path)
    digests, draws = frozen_digests(path.parent), draws_of(path)
    has_draws = draws.exists() or draws.name in digests
    for file in (path, draws) if has_draws else (path,):
        if digests and digests.get(file.name) != _digest(file):
            raise InputError("this register is not what was frozen; take the file back as it was").at(file)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        columns = tuple(reader.fieldnames or ())
        if columns not in (COLUMNS, _OLDER):
            raise ValueError
        rows = tuple(_read(cells) for cells in reader)
        if not rows:
            raise ValueError
    except (ValueError, TypeError, KeyError, csv.Error):
        raise InputError("this is not a register that shudian score has written").at(path) from None
    return Register(path, rows, _fitted(path), columns == COLUMNS, has_draws)


def _fitted(path: Path) -> frozenset[str] | None:
    beside = path.with_name(FITTED)
    lines = read_text(beside).splitlines() if beside.exists() else []
    listed = {name: frozenset(figures) for name, *figures in (line.split() for line in lines if line.strip())}
    return listed.get(path.name)


def frozen_digests(folder: Path) -> dict[str, str]:
    """Name -> SHA-256 of the frozen files in `folder`."""
    path = folder / CHECKSUMS
    if not path.exists():
        return {}
    lines = re.findall(r"^([0-9a-f]{64}) [ *](\S+)$", read_text(path), re.MULTILINE)
    return {name: digest for digest, name in lines}


def _cells(row: Row) -> list[str]:
    simple = row.naive
    return [
        row.identifier, row.made, row.indicator, row.geography, row.definition, row.measure, row.reading,
        row.period_start, row.period_end, row.unit,
        *(f"{value:.6g}" for value in (*row.reported.quantiles, *row.model)),
        f"{row.crps_error:.2g}",
        *("" if value is None else f"{value:.6g}" for value in (simple.no_change, simple.growth, simple.damped)),
        " ".join(simple.figures), *row.origin,
    ]  # fmt: skip


def _read(cells: dict[str, str]) -> Row:
    if cells["measure"] not in ("level", "ratio_to_year_before"):
        raise ValueError
    no_change, growth, damped = (_number(cells.get(name, "")) for name in ("no_change", "last_growth", _DAMPED))
    return Row(
        identifier=cells["id"],
        made=datetime.date.fromisoformat(cells["made"]).isoformat(),
        indicator=cells["indicator"],
        geography=cells["geography"],
        definition=cells["definition"],
        measure="level" if cells["measure"] == "level" else "ratio_to_year_before",
        reading=cells["reading"],
        period_start=cells["period_start"],
        period_end=cells["period_end"],
        unit=cells["unit"],
        reported=Forecast(tuple(float(cells[column]) for column in REPORTED_QUANTILES)),
        model=tuple(float(cells[column]) for column in MODEL_QUANTILES),
        crps_error=float(cells["crps_error"]),
        naive=Naive(no_change, growth, damped, tuple(cells["naive_figures"].split())),
        origin=tuple(cells[column] for column in _ORIGIN),
    )


def _number(cell: str) -> float | None:
    return float(cell) if cell else None
