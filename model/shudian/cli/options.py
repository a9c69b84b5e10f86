"""Options that mean the same in every command, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from shudian.analysis.value import MOST_VALUE
from shudian.cli.terminal import help_of
from shudian.kinds import LEAST_DRAWS, MOST_DRAWS, Language

Method = Literal["euler", "rk4"]
Engine = Literal["kernel", "pysd"]
Several = list[str] | None

AgainstOption = Annotated[str, typer.Option("--against", help=help_of("against"))]
BudgetOption = Annotated[bool, typer.Option("--same-budget", help=help_of("budget"))]
CityOption = Annotated[str, typer.Option("--city", help=help_of("city"))]
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
WithOption = Annotated[Several, typer.Option("--with", help=help_of("with"))]
