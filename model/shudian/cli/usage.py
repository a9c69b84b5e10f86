"""What is wrong with a command line, as a sentence of ours: the parser's own words come in English only."""

from __future__ import annotations

import re
import sys
import typing
from typing import Any

import typer

from shudian.kinds import Phrase

UsageError: Any = typer.BadParameter.__base__
"""What the parser raises. typer exports only this one by name, from itself or from click as its version has it."""


def usage_sentence(error: Any) -> Phrase:
    """The sentence for what the parser refused; its own words where it found something that is not known here."""
    from shudian.quantities import show
    from shudian.toml_file import nearest

    context = error.ctx
    command = "shudian" if context is None or context.parent is None else f"shudian {context.info_name}"
    match type(error).__name__:
        case "NoSuchOption":
            options = [name for parameter in context.command.params for name in parameter.opts if name[:1] == "-"]
            return Phrase(
                "“{command}” has no option {option}{nearest}",
                command=command,
                option=error.option_name,
                nearest=nearest(error.option_name, options),
            )
        case "BadOptionUsage" if any(word.startswith(f"{error.option_name}=") for word in sys.argv):
            return Phrase("{option} is written without a value", option=error.option_name)
        case "BadOptionUsage":
            return Phrase("{option} needs a value behind it", option=error.option_name)
        case "MissingParameter":
            return Phrase("“{command}” needs {name}; see: {command} --help", command=command, name=error.param.opts[0])
        case "BadParameter" if error.param is not None:
            return Phrase(
                "{option} cannot be {value}; write {allowed}",
                option=error.param.opts[0],
                value=show(_written(error.param.opts)),
                allowed=_allowed(context, error.param.name),
            )
    if hasattr(context, "command") and hasattr(context.command, "commands"):
        wanted = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
        near = nearest(wanted, context.command.commands)
        return Phrase("there is no command {name}{nearest}", name=show(wanted), nearest=near)
    if extra := re.search(r"extra argument.*\((.*)\)", error.message):
        return Phrase("“{command}” takes no {extra}; see: {command} --help", command=command, extra=show(extra[1]))
    return Phrase(str(error.message))


def _written(names: list[str]) -> str:
    """What stands on the command line as the value of the option called one of `names`."""
    for word, following in zip(sys.argv, [*sys.argv[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name in names:
            return value if equals else following
    return ""


def _allowed(context: Any, name: str) -> Phrase:
    """What the command's function says that its argument `name` may be."""
    hints = typing.get_type_hints(context.command.callback, include_extras=True)
    kind, option = typing.get_args(hints[name])[:2]
    # an optional number is a number where it is given
    kinds = [part for part in typing.get_args(kind) or (kind,) if part is not type(None)]
    if typing.get_origin(kind) is typing.Literal:
        return Phrase("one of {names}", names=", ".join(kinds))
    number = Phrase("a whole number") if kinds == [int] else Phrase("a number")
    if option.min is None:
        return number
    if option.max is None:
        return Phrase("{number} from {low:g} on", number=number, low=option.min)
    return Phrase("{number} from {low} to {high}", number=number, low=option.min, high=option.max)
