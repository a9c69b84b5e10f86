"""`shudian calibrate --city`: a city's own posterior, or that of every city that has figures, and its report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from shudian.answers.calibration.city import CityView, check_city, fit_member
from shudian.answers.calibration.request import CalibrationRequest
from shudian.cities import own_city
from shudian.kinds import InputError, Language, Told
from shudian.parameters import HOME, city_titles
from shudian.posterior_file import posterior_digest, shipped_member
from shudian.report.calibration.city_member import write_city
from shudian.report.calibration.command import evidence_of, in_words, publish_with, require_writable
from shudian.report.folder import draft
from shudian.wording import say

ALL = "all"


@dataclass(frozen=True, slots=True)
class CityDone:
    """What came of one city."""

    view: CityView
    posterior: Path
    report: Path


def cities_of(request: CalibrationRequest, out: Path | None) -> tuple[str, ...]:
    """The cities that are asked for; raises InputError for one that is not known, and for options that go with none."""
    if request.city != ALL:
        check_city(request)
        if own_city(request.city) and out is None:
            raise InputError("the posterior of a city of your own is not shipped; name a new folder for it with -o")
        return (request.city,)
    check_city(replace(request, city=HOME))
    if request.without or request.with_ or out:
        raise InputError("--city all renews what is shipped; leave --without, --with and -o out")
    return tuple(city for city in city_titles() if city != HOME)


def carry_out_cities(
    request: CalibrationRequest, out: Path | None, language: Language, told: Told
) -> Iterator[CityDone | InputError]:
    """Each city's posterior, written with its report; of `all`, for one that has no figures, the sentence that says so.

    Raises InputError for a mistake in the request, for one city that has no figures, and for figures that leave too few
    draws: then nothing is written.
    """
    cities = cities_of(request, out)
    for city in cities:
        try:
            yield _carry_out(replace(request, city=city), out, language, told)
        except InputError as error:
            if len(cities) == 1:
                raise
            yield error


def _carry_out(request: CalibrationRequest, out: Path | None, language: Language, told: Told) -> CityDone:
    evidence_of(request, out)
    place = require_writable(shipped_member(request.city), out)
    with draft(out) as folder:
        view = fit_member(request, in_words(told, language))
        write_city(view, folder, language)
        told(say("progress_write", language), 1.0)
        posterior, report = publish_with(view.posterior, posterior_digest(view.posterior), place, folder, out)
    return CityDone(view, posterior, report)
