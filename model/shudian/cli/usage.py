"""What is wrong with a command line, as a sentence of ours: the parser's own words come in English only."""

from __future__ import annotations

import re
import sys
import typing
from typing import Any

import typer

UsageError: Any = typer.BadParameter.__base__
"""What the parser raises. typer exports only this one by name, from itself or from click as its version has it."""


def usage_sentence(error: Any) -> str:
    """The sentence for what the parser refused; its own words where it found something that is not known here."""
    from shudian.quantities import show
    from shudian.toml_file import nearest

    context = error.ctx
    command = "shudian" if context is None or context.parent is None else f"shudian {context.info_name}"
    match type(error).__name__:
        case "NoSuchOption":
            options = [name for parameter in context.command.params for name in parameter.opts if name[:1] == "-"]
            return f"“{command}” has no option {error.option_name}{nearest(error.option_name, options)}"
        case "BadOptionUsage" if any(word.startswith(f"{error.option_name}=") for word in sys.argv):
            return f"{error.option_name} is written without a value"
        case "BadOptionUsage":
            return f"{error.option_name} needs a value behind it"
        case "MissingParameter":
            return f"“{command}” needs {error.param.opts[0]}; see: {command} --help"
        case "BadParameter" if error.param is not None:
            name = error.param.opts[0]
            return f"{name} cannot be {show(_written(error.param.opts))}; write {_allowed(context, error.param.name)}"
    if hasattr(context, "command") and hasattr(context.command, "commands"):
        wanted = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
        return f"there is no command {show(wanted)}{nearest(wanted, context.command.commands)}"
    if extra := re.search(r"extra argument.*\((.*)\)", error.message):
        return f"“{command}” takes no {show(extra[1])}; see: {command} --help"
    return str(error.message)


def _written(names: list[str]) -> str:
    """What stands on the command line as the value of the option called one of `names`."""
    for word, following in zip(sys.argv, [*sys.argv[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name in names:
            return value if equals else following
    return ""


def _allowed(context: Any, name: str) -> str:
    """What the command's function says that its argument `name` may be."""
    hints = typing.get_type_hints(context.command.callback, include_extras=True)
    kind, option = typing.get_args(hints[name])[:2]
    # an optional number is a number where it is given
    kinds = [part for part in typing.get_args(kind) or (kind,) if part is not type(None)]
    if typing.get_origin(kind) is typing.Literal:
        return f"one of {', '.join(kinds)}"
    number = "a whole number" if kinds == [int] else "a number"
    if option.min is None:
        return number
    return f"{number} from {option.min:g} on" if option.max is None else f"{number} from {option.min} to {option.max}"
