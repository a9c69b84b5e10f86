"""PySD as a second engine: the exported file, or one that an analyst edited, run by code that is not ours."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shudian.draws import Array, Draws
from shudian.exchange.export import exported_with
from shudian.exchange.mistakes import place
from shudian.exchange.model_file import ModelFile, check_ours, floored, read_model_file, value
from shudian.exchange.plain_model import PlainModel, plain_model
from shudian.exchange.pysd_process import ModelProcess, ProcessEndedError, TooSlowError, model_process
from shudian.exchange.vensim import equations_text
from shudian.grounds import reference_draw
from shudian.kinds import InputError, Model, Phrase, Scenario
from shudian.posterior_file import Posterior
from shudian.quantities import MONTHS
from shudian.simulate import STEPS_PER_MONTH, as_run

if TYPE_CHECKING:
    import xarray as xr

_NOTHING = 1e-9
"""What is left of a stock below zero by rounding."""
Progress = Callable[[int, int], None]
_IDENTIFIERS = itertools.count(1)
_FAILURES = {
    "zero": Phrase("divides by zero"),
    "large": Phrase("comes to a number that is too large"),
    "deep": Phrase("is nested too deeply"),
    "other": Phrase("asks for something that PySD cannot compute"),
}


@dataclass(frozen=True, slots=True)
class Translated:
    """A model file as a PySD model, in the process that builds and runs models.

    PySD keeps the values that it is given, so that each run must be given the same names.
    """

    file: ModelFile
    _model: PlainModel
    _identifier: int
    _process: ModelProcess

    def run(self, values: Mapping[str, float | Array], outputs: Sequence[str]) -> Array:
        """`outputs` at the start of each month, [output, month], with `values` in place of the file's numbers.

        A value may be an array with a number for each step. Raises InputError if PySD fails, takes too much of time
        or memory, or an output is not a finite number.
        """
        names = self._model.names
        series = {names[name]: given for name, given in values.items() if isinstance(given, np.ndarray)}
        request = {
            "do": "run",
            "model": self._identifier,
            "values": {names[name]: given for name, given in values.items() if not isinstance(given, np.ndarray)},
            "series": list(series),
            "steps": STEPS_PER_MONTH,
            "outputs": [names[name] for name in outputs],
            "times": MONTHS + 1,
        }
        numbers = np.array(list(series.values()), dtype=np.float64).tobytes()
        answer, found = self._ask(request, numbers)
        if answer.get("failed") == "unknown":
            self.build()
            answer, found = self._ask(request, numbers)
        self._check(answer)
        if len(found) != 8 * len(outputs) * (MONTHS + 1):
            raise self._ended()
        table: Array = np.frombuffer(found).reshape(len(outputs), -1)
        for name, row in zip(outputs, table, strict=True):
            if not np.isfinite(row).all():
                month = int(np.argmin(np.isfinite(row)))
                raise InputError(
                    "“{name}” is not a number from month {month} on; check its causes", name=name, month=month
                ).at(self.file.path)
        return table

    def build(self) -> None:
        """Let PySD make its model, which `run` needs; raises InputError if it cannot."""
        answer, _ = self._ask({"do": "build", "model": self._identifier, "variables": self._model.variables})
        self._check(answer)

    def _ask(self, request: Mapping[str, Any], numbers: bytes = b"") -> tuple[dict[str, Any], bytes]:
        path, process = self.file.path, self._process
        try:
            return process.ask(request, numbers)
        except TooSlowError:
            raise InputError("this model takes more than {seconds:g} seconds", seconds=process.seconds).at(
                path
            ) from None
        except ProcessEndedError:
            raise self._ended() from None

    def _ended(self) -> InputError:
        return InputError("this model ended the process in which PySD runs it").at(self.file.path)

    def _check(self, answer: Mapping[str, Any]) -> None:
        if "failed" not in answer:
            return
        failed, path = answer["failed"], self.file.path
        if failed == "memory":
            raise InputError(
                "this model needs more than {mebibytes} MiB of memory", mebibytes=self._process.mebibytes
            ).at(path)
        if failed == "forbidden":
            raise InputError("this model asks for more than to be computed, and is not run").at(path)
        why = _FAILURES.get(failed, _FAILURES["other"])
        names = {new: name for name, new in self._model.names.items()}
        if answer["name"] in names:
            name = names[answer["name"]]
            raise InputError("PySD cannot run this model: “{name}” {why}", name=name, why=why).at(
                place(path, self.file.variables.get(name))
            )
        raise InputError("PySD cannot run this model: it {why}", why=why).at(path)


def translate(file: ModelFile) -> Translated:
    """`file` as a PySD model; raises InputError if it asks PySD for more than to compute."""
    model = Translated(file, plain_model(file), next(_IDENTIFIERS), model_process())
    model.build()
    return model


def translate_text(text: str, suffix: str) -> Translated:
    """The text of a model file with the given suffix as a PySD model."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"shudian{suffix}"
        path.write_text(text, encoding="utf-8")
        return translate(read_model_file(path))


def run_with_pysd(
    model: Model,
    scenario: Scenario,
    draws: Draws,
    outputs: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """What `simulate` returns for an Euler run, computed by PySD from the exported file, a draw at a time.

    A ramp that is not over at the end of the horizon makes a lever's own last value differ by one step: the
    kernel holds the schedule of the last step. Raises ValueError for an unequalised budget.
    """
    engine = translate_text(equations_text(model, scenario, draws), ".mdl")
    free = [name for name in draws.names if name not in scenario.fixed]
    names = _outputs(model, outputs)
    about = {"scenario": scenario.name, "city": model.city or scenario.city, "model_digest": model.digest}
    return _as_run(model, names, _each_draw(engine, draws, free, names, progress), draws, about)


def run_file(
    path: Path,
    model: Model,
    draws: Draws,
    outputs: Sequence[str] | None = None,
    progress: Progress | None = None,
    posterior: Posterior | None = None,
) -> xr.Dataset:
    """What the edited model file at `path` gives, in the form of `simulate`: its structure, its levers.

    A fixed parameter takes the value of each draw if the file left it as it was exported, and otherwise the
    file's own in every draw. It may have been exported with the medians of `posterior` or of the priors.
    Raises InputError if the file is not a model, not this model, or cannot be run.
    """
    file = read_model_file(path)
    names = _outputs(model, outputs)
    check_ours(file, model, names)
    central = reference_draw(model, exported_with(file, model, posterior))
    exported = dict(zip(central.names, map(float, central.values[:, 0]), strict=True))
    free = [name for name, number in exported.items() if value(file, name) == number]
    floors = floored(file)
    series = _each_draw(translate(file), draws, free, (*names, *floors), progress)
    for one in series:
        _check_floors(file, floors, one[len(names) :])
    series = [one[: len(names)] for one in series]
    about = {"scenario": path.stem, "city": "", "model_digest": "edited"}
    return _as_run(model, names, series, draws, about)


def _check_floors(file: ModelFile, floors: Sequence[str], series: Array) -> None:
    for name, row in zip(floors, series, strict=True):
        if row.min() < -_NOTHING:
            month = int(np.argmax(row < -_NOTHING))
            raise InputError(
                "the stock “{name}” would fall below zero in month {month}, which <non_negative> forbids and a "
                "run does not prevent; write its outflow as MIN(outflow, stock / DT)",
                name=name,
                month=month,
            ).at(place(file.path, file.variables[name]))


def _outputs(model: Model, outputs: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(outputs) if outputs is not None else tuple(e.name for e in model.equations if e.sector == "outcomes")


def _each_draw(
    engine: Translated, draws: Draws, free: Sequence[str], outputs: Sequence[str], progress: Progress | None
) -> list[Array]:
    rows = {name: draws.values[draws.names.index(name)] for name in free}
    series = []
    for draw in range(draws.values.shape[1]):
        series.append(engine.run({name: float(row[draw]) for name, row in rows.items()}, outputs))
        if progress is not None:
            progress(draw + 1, draws.values.shape[1])
    return series


def _as_run(
    model: Model, outputs: Sequence[str], series: Sequence[Array], draws: Draws, about: Mapping[str, str]
) -> xr.Dataset:
    engine: dict[str, str | int] = {
        "method": "euler",
        "steps_per_month": STEPS_PER_MONTH,
        "engine": "pysd",
        "pysd": version("pysd"),
    }
    return as_run(model, outputs, np.stack(series, axis=2), draws, {**about, **engine})
