"""A mistake in an equation file, told in one sentence with file and line instead of in Python's own words."""

from __future__ import annotations

import linecache
import re
import traceback
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from shudian.kinds import InputError, Phrase, Place
from shudian.toml_file import nearest

FUNCTIONS = {
    "exp": "(x)", "log": "(x)", "minimum": "(a, b)", "maximum": "(a, b)", "where": "(a < b, then, otherwise)",
    "by_year": "(first, second, …)", "ratio": "(numerator, denominator, otherwise)",
    "smooth_minimum": "(sharpness, first, second, …)",
}  # fmt: skip
"""What an equation may call, and how."""
DECORATORS = {
    "stock": '("firm", "中文名称", "English name", initial="first_value")',
    "flow": '("firm/month", "中文名称", "English name")',
    "auxiliary": '("firm", "中文名称", "English name")',
}
"""What stands above an equation, and how."""
_LONGEST = 100
"""Characters of a line that are quoted."""
_OWN = ("shudian.equations.language", __name__)


class EquationFileError(InputError, ValueError):
    """A mistake in an equation; a ValueError as well, for whoever builds expressions by hand."""


def fail(template: str, /, **values: object) -> NoReturn:
    """Raise EquationFileError as it is made; whoever knows the place puts it in front."""
    raise EquationFileError(template, **values)


@contextmanager
def told_of(function: Callable[..., object], causes: Collection[str]) -> Iterator[None]:
    """Tell what goes wrong while `function`, that of an equation with these `causes`, is called."""
    path = function.__code__.co_filename
    try:
        yield
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
        place = Place(Path(path), (lines and lines[-1]) or function.__code__.co_firstlineno)
        raise EquationFileError(complaint(error, place, causes)).at(place) from error


@contextmanager
def told_of_files() -> Iterator[None]:
    """Tell what goes wrong while equation files are imported; an error that arises elsewhere stays as it is."""
    try:
        yield
    except EquationFileError:
        raise
    except Exception as error:
        place = _place(error)
        if place is None:
            raise
        raise EquationFileError(complaint(error, place, ())).at(place) from error


def complaint(error: Exception, place: Place, causes: Collection[str]) -> Phrase:
    """The sentence for `error`, which arose at `place`, in an equation with these `causes` or outside of any."""
    line = " ".join(linecache.getline(str(place.path), place.line).split())
    written = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
    if isinstance(error, EquationFileError):
        return error.said
    if isinstance(error, SyntaxError):
        return Phrase(
            "Python cannot read “{written}”; look there, and in the line before, for a bracket, colon or indent",
            written=written,
        )
    known = {**FUNCTIONS, **DECORATORS}
    if isinstance(error, NameError):
        name = (re.findall(r"'(\w+)'", str(error)) or [""])[0]
        return Phrase("nothing here is called “{name}”{nearest}", name=name, nearest=nearest(name, [*causes, *known]))
    if isinstance(error, ImportError) and error.name:
        return Phrase(
            "“{written}” asks for what is not there; equations are written with {functions}",
            written=written,
            functions=", ".join(known),
        )
    called = re.match(r"(\w+)\(\) (?:takes|missing|got)", str(error))
    if called and called[1] in known:
        return Phrase(
            "“{name}” is written as {name}{form}, and not as in “{written}”",
            name=called[1],
            form=known[called[1]],
            written=written,
        )
    return Phrase(
        "“{written}” is no equation; write one with + - * / ** and {functions}",
        written=written,
        functions=", ".join(FUNCTIONS),
    )


def _place(error: Exception) -> Place | None:
    if isinstance(error, SyntaxError):
        return Place(Path(error.filename), error.lineno or 1) if error.filename else None
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        name = frame.f_globals.get("__name__", "")
        if name.startswith("shudian.equations.") and name not in _OWN:
            return Place(Path(frame.f_code.co_filename), line)
    return None
