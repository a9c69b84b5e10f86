"""Several mistakes told at once: who mends a file learns of all of them, and not of one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from shudian.kinds import InputError, Phrase

MOST = 20
"""Mistakes that are told at once; the rest of a file that has more is not looked at."""


class ManyMistakesError(InputError):
    """Several mistakes, each with a sentence of its own; its text has one on each line."""

    def __init__(self, errors: Sequence[InputError]) -> None:
        *others, last = (error.said for error in errors)
        for mistake in reversed(others):
            last = Phrase("{mistake}\n{others}", mistake=mistake, others=last)
        super().__init__(last)
        self.args = (errors,)
        self.errors = tuple(errors)

    def at(self, place: object) -> Self:
        """The same mistakes, each with `place` in front of what it says."""
        return type(self)([error.at(place) for error in self.errors])


def sentences_of(error: InputError) -> tuple[Phrase, ...]:
    """What is said of each mistake that `error` tells of."""
    return tuple(one.said for one in error.errors) if isinstance(error, ManyMistakesError) else (error.said,)


class Mistakes:
    """What is wrong with one thing, collected until it is told."""

    def __init__(self) -> None:
        self._errors: list[InputError] = []

    def note(self, error: InputError) -> None:
        """Keep what `error` tells and nothing has told yet; raises ManyMistakesError where there are more than MOST."""
        known = {str(kept) for kept in self._errors}
        each = error.errors if isinstance(error, ManyMistakesError) else [error]
        self._errors += [one for one in each if str(one) not in known]
        if len(self._errors) > MOST:
            self.tell()

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Keep the InputError that the block ends with, if it does, and go on behind the block."""
        try:
            yield
        except InputError as error:
            kept = error
        else:
            return
        self.note(kept)

    def tell(self) -> None:
        """Raise what was kept: one mistake as it is, several as ManyMistakesError; nothing where there is none."""
        if len(self._errors) == 1:
            raise self._errors[0]
        if len(self._errors) > MOST:
            more = InputError("there are more mistakes than these {count}; mend these first", count=MOST)
            raise ManyMistakesError([*self._errors[:MOST], more])
        if self._errors:
            raise ManyMistakesError(self._errors)
