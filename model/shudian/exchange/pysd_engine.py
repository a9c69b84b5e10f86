"""PySD as a second engine: the exported file, or one that an analyst edited, run by code that is not ours."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shudian.draws import Array, Draws
from shudian.exchange.export import exported_with
from shudian.exchange.model_file import ModelFile, check_ours, first_line, quiet, read_model_file, value
from shudian.exchange.vensim import equations_text
from shudian.kinds import InputError, Model, Scenario
from shudian.posterior import Posterior, reference_draw
from shudian.quantities import MONTHS
from shudian.simulate import STEPS_PER_MONTH, as_run

if TYPE_CHECKING:
    import xarray as xr

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Translated:
    """A model file as a PySD model.

    PySD keeps the values that it is given, so that each run must be given the same names.
    """

    file: ModelFile
    _model: Any

    def run(self, values: Mapping[str, float | Callable[[], float]], outputs: Sequence[str]) -> Array:
        """`outputs` at the start of each month, [output, month], with `values` in place of the file's numbers.

        A value may be a function of nothing, called at each step. Raises InputError if PySD fails or an output
        is not a finite number.
        """
        names = [self.file.variables[name].name for name in outputs]
        params = {self.file.variables[name].name: given for name, given in values.items()}
        with quiet():
            try:
                table = self._model.run(
                    params=params, return_columns=names, return_timestamps=list(range(MONTHS + 1)), progress=False
                )
            except Exception as error:  # noqa: BLE001 - what an edited equation raises is not known
                raise InputError(f"{self.file.path}: PySD cannot run this model ({first_line(error)})") from None
        series: Array = table[names].to_numpy(dtype=np.float64).T
        for name, row in zip(outputs, series, strict=True):
            if not np.isfinite(row).all():
                month = int(np.argmin(np.isfinite(row)))
                raise InputError(f"{self.file.path}: “{name}” is not a number from month {month} on; check its causes")
        return series

    def time(self) -> float:
        """The time of the run that is going on."""
        return float(self._model.time())


def translate(file: ModelFile) -> Translated:
    """`file` as a PySD model, which takes seconds; raises InputError if PySD cannot make one of it."""
    import pysd
    from pysd.builders.python.python_model_builder import ModelBuilder

    section = file.abstract.sections[0]
    for element in section.elements:
        # PySD writes these into Python source as they are, where a crafted text would be run
        element.documentation = ""
        element.limits = (None, None)
    with tempfile.TemporaryDirectory() as folder, quiet():
        section.path = Path(folder) / "model.py"
        try:
            model = pysd.load(ModelBuilder(file.abstract).build_model())
        except Exception as error:  # noqa: BLE001 - what an edited equation raises is not known
            raise InputError(f"{file.path}: PySD cannot build this model ({first_line(error)})") from None
    return Translated(file, model)


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
    about = {"scenario": scenario.name, "city": scenario.city, "model_digest": model.digest}
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
    series = _each_draw(translate(file), draws, free, names, progress)
    about = {"scenario": path.stem, "city": "", "model_digest": "edited"}
    return _as_run(model, names, series, draws, about)


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
