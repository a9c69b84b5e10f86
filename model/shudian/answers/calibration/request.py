"""What is asked of a calibration."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from shudian.calibrate.calibration import Evidence
from shudian.kinds import InputError
from shudian.parameters import HOME


@dataclass(frozen=True, slots=True)
class CalibrationRequest:
    """The words of the command."""

    until: str = ""
    without: tuple[str, ...] = ()
    with_: Path | None = None
    seed: int = 1
    refits: bool = True
    city: str = HOME

    @property
    def evidence(self) -> Evidence:
        """The evidence to fit; raises InputError for a mistake in it."""
        until = _date(self.until) if self.until else None
        if self.with_ is not None and not self.with_.is_file():
            raise InputError("there is no such file").at(self.with_)
        return Evidence(self.city, until=until, without=self.without, extra=self.with_)


def _date(text: str) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise InputError("“{text}” is not a date; write it as 2025-03-31", text=text) from None
    if day > datetime.date.today():
        raise InputError("{text} has not come yet; leave --until out to use everything that is known", text=text)
    return day
