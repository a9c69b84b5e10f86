"""The model and a scenario as a file for the field's own tools."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Literal

from shudian.budget import equalise
from shudian.draws import Draws, central_draw
from shudian.evidence import HOME
from shudian.exchange.model_file import ModelFile, value
from shudian.exchange.vensim import vensim_text
from shudian.exchange.xmile import xmile_text
from shudian.files import check_free, write_text
from shudian.grounds import reference_draw, standing_posterior
from shudian.kinds import InputError, Model, Scenario
from shudian.posterior_file import Posterior
from shudian.scenarios import load_scenario
from shudian.schedules import ROOT
from shudian.structure import load_model

Format = Literal["mdl", "xmile"]
FORMATS: tuple[Format, ...] = ("mdl", "xmile")
_TEXTS = {"mdl": vensim_text, "xmile": xmile_text}
_SUFFIXES: dict[str, Format] = {".mdl": "mdl", ".xmile": "xmile", ".xml": "xmile", ".stmx": "xmile"}


def export(model: Model, scenario: Scenario, format: Format, draws: Draws | None = None) -> str:
    """The file's text, with fixed parameters at the first of `draws` or, without draws, at their prior medians.

    The scenario's own settings come first. Raises ValueError for a scenario whose budget is not equalised.
    """
    return _TEXTS[format](model, scenario, draws or central_draw(model))


def export_to(
    path: Path, scenario: str = ROOT, format: Format | None = None, city: str = "", replace: bool = False
) -> None:
    """What `shudian export` does: write `scenario`, named as in `shudian run`, to `path`.

    Fixed parameters stand at the medians of the shipped posterior where it is fresh and of that city, and otherwise
    at those of the priors. Without `format` the ending of `path` says which; without `city` the scenario does.
    Raises InputError for any mistake, and for a file that exists unless `replace` is set.
    """
    wanted = format or format_of(path)
    check_free(path, replace)
    chosen = load_scenario(scenario, load_model(city or HOME).parameters)
    model = load_model(city or chosen.city)
    posterior = standing_posterior(city or chosen.city)
    text = export(model, equalise(chosen, model, posterior), wanted, reference_draw(model, posterior))
    write_text(path, text, replace)


def exported_with(file: ModelFile, model: Model, posterior: Posterior | None) -> Posterior | None:
    """`posterior` if more of the file's numbers are its medians than are the priors' medians, otherwise None.

    An analyst changes few numbers, so that the others say with which the file was exported.
    """

    def shared(draws: Draws) -> int:
        numbers = ((value(file, name), number) for name, number in zip(draws.names, draws.values[:, 0], strict=True))
        # a tool may round what it saves
        return sum(found is not None and math.isclose(found, number, rel_tol=1e-5) for found, number in numbers)

    return posterior if shared(reference_draw(model, posterior)) > shared(central_draw(model)) else None


def baseline_file(format: Format) -> Path:
    """The exported baseline that is shipped in the package."""
    return Path(__file__).with_name(f"baseline.{format}")


def require_fresh_export(format: Format) -> None:
    """Raise InputError unless the shipped baseline file is what the model, seeds and posterior of now export."""
    model, path = load_model(), baseline_file(format)
    medians = reference_draw(model, standing_posterior(HOME))
    fresh = export(model, load_scenario(ROOT, model.parameters), format, medians)
    if _rounded(path.read_text(encoding="utf-8")) != _rounded(fresh):
        raise InputError(
            "this export is older than the model or its posterior; renew it with: shudian export --scenario "
            "{name} --force -o {path}",
            name=ROOT,
            path=path,
        ).at(path)


def _rounded(text: str) -> str:
    # the last bits of a median are the machine's
    return re.sub(r"\d+\.\d+(e-?\d+)?", lambda number: f"{float(number[0]):.9g}", text)


def format_of(path: Path) -> Format:
    """The format that the name of `path` asks for; raises InputError if it asks for none."""
    if path.suffix.lower() not in _SUFFIXES:
        raise InputError("the name of a model file ends in one of {names}", names=tuple(_SUFFIXES)).at(path)
    return _SUFFIXES[path.suffix.lower()]
