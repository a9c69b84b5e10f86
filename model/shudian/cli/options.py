"""Options that mean the same in every command, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from shudian.analysis.value import MOST_VALUE
from shudian.cli.terminal import help_of
from shudian.kinds import LEAST_DRAWS, MOST_DRAWS, Language
from shudian.paths import scenarios_folder, seeds_folder


def scenario_names(incomplete: str) -> list[str]:
    """What a shell offers where a scenario may be named: the shipped ones, and files of that kind in this folder."""
    own = [path.name for pattern in ("*.toml", "*.xlsx") for path in sorted(Path().glob(pattern))]
    return [name for name in (*_shipped_names(), *own) if name.startswith(incomplete)]


def _shipped_names() -> list[str]:
    # names of files alone: to read them would take as long as a run
    return sorted(path.stem for path in scenarios_folder().glob("*.toml") if path.stem != "targets")


def _cities(incomplete: str) -> list[str]:
    names = ["zhengzhou", *sorted(path.stem for path in (seeds_folder() / "cities").glob("*.toml"))]
    own = [path.name for path in sorted(Path().glob("*.toml"))]
    return [name for name in (*names, *own) if name.startswith(incomplete)]


Method = Literal["euler", "rk4"]
Engine = Literal["kernel", "pysd"]
Several = list[str] | None

AgainstOption = Annotated[str, typer.Option("--against", help=help_of("against"), autocompletion=scenario_names)]
BudgetOption = Annotated[bool, typer.Option("--same-budget", help=help_of("budget"))]
CityOption = Annotated[str, typer.Option("--city", help=help_of("city"), autocompletion=_cities)]
DrawsOption = Annotated[int | None, typer.Option("--draws", min=1, max=MOST_DRAWS, help=help_of("draws"))]
LoopDrawsOption = Annotated[
    int | None, typer.Option("--draws", min=LEAST_DRAWS["why"], max=MOST_DRAWS, help=help_of("draws"))
]
FullOption = Annotated[bool, typer.Option("--full", help=help_of("full"))]
LanguageOption = Annotated[Language, typer.Option("--lang", help=help_of("lang"))]
NowOption = Annotated[str, typer.Option("--now", help=help_of("now"))]
OutOption = Annotated[Path | None, typer.Option("-o", "--out", help=help_of("out"))]
PosteriorOption = Annotated[str, typer.Option("--posterior", help=help_of("posterior"))]
PriorOption = Annotated[bool, typer.Option("--prior", help=help_of("prior"))]
PriorOfOption = Annotated[Several, typer.Option("--prior-of", help=help_of("prior_of"))]
RepeatOption = Annotated[Path | None, typer.Option("--repeat", help=help_of("repeat"))]
RetrospectiveOption = Annotated[bool, typer.Option("--retrospective", help=help_of("retrospective"))]
SeedOption = Annotated[int, typer.Option("--seed", min=0, max=2**63 - 1, help=help_of("seed"))]
SetOption = Annotated[Several, typer.Option("--set", help=help_of("set"))]
ConditionOption = Annotated[Several, typer.Option("--set", help=help_of("set_uncertain"))]
TargetsOption = Annotated[str, typer.Option("--targets", help=help_of("targets"))]
ValueOption = Annotated[float, typer.Option("--value", min=0, max=MOST_VALUE, help=help_of("value"))]
WithOption = Annotated[Several, typer.Option("--with", help=help_of("with"), autocompletion=scenario_names)]
