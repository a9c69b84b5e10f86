"""What a page can have printed: when it was known, and what cannot have been counted by then."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import replace

from shudian.kinds import Figure, InputError

_GRAIN = datetime.timedelta(days=45)
"""A page of the middle of October speaks of October, one of November of the year."""
AFTER = "之后"
"""Behind a date: the page appeared some time after it."""


def known_from(figure: Figure, published: str) -> datetime.date | None:
    """The day by which `figure` was surely known: the latest that its source's date may mean, or None."""
    date = printed_by(published)
    if date is None:
        return None
    ended = figure.period_end and datetime.date.fromisoformat(figure.period_end)
    return max(date, ended) if ended and figure.bound != "forecast" and ended.year <= date.year else date


def printed_by(published: str) -> datetime.date | None:
    """The latest day that a source's date may mean, or None where it has none."""
    found = re.findall(r"(20\d\d)(?:-(\d\d)(?!\d))?(?:-(\d\d)(?!\d))?", published)
    if not found:
        return None
    year, month, day = found[-1]
    several = re.search(r"-\d\d/(\d\d)$", published)
    month = several[1] if several else month
    if not month or AFTER in published:
        return datetime.date(int(year), 12, 31)
    last = calendar.monthrange(int(year), int(month))[1]
    return datetime.date(int(year), int(month), int(day) if day and not several else last)


def check_dates(figure: Figure, published: str) -> None:
    """Refuse what cannot have been counted yet when it was printed; raises InputError."""
    today = datetime.date.today()
    dated = re.search(r"20\d\d(-\d\d)?(-\d\d)?", published)
    if dated and dated[0] > today.isoformat()[: len(dated[0])]:
        raise InputError(
            "the source of {figure} is dated {published}, which has not come yet",
            figure=figure.identifier,
            published=published,
        ).at(figure.place)
    printed = None if AFTER in published else known_from(replace(figure, period_end=""), published)
    latest = min(min(printed, today) + _GRAIN, datetime.date(printed.year, 12, 31)) if printed else today
    if figure.period_end and datetime.date.fromisoformat(figure.period_end) > latest:
        raise InputError(
            "{figure} ends on {end}, after what its source can know; correct the period, or name the source "
            "that printed it",
            figure=figure.identifier,
            end=figure.period_end,
        ).at(figure.place)


def check_sign(figure: Figure) -> None:
    """Refuse what no run can give: on the logarithmic scale it would be equally improbable everywhere, and silent.

    Raises InputError.
    """
    printed = [number for number in (figure.value, figure.low, figure.high) if number is not None]
    if printed and min(printed) < 0:
        raise InputError(
            "{figure} prints {number:g}; nothing that the model counts is below 0",
            figure=figure.identifier,
            number=min(printed),
        ).at(figure.place)
    if figure.growth_percent is not None and figure.growth_percent <= -100:
        raise InputError(
            "{figure} prints a growth of {number:g}%; nothing can fall by all of itself or more",
            figure=figure.identifier,
            number=figure.growth_percent,
        ).at(figure.place)
