"""`shudian calibrate --city`: a city's own posterior, or that of every city that has figures, and its report."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from shudian.calibrate.calibration import LEAST_ESS
from shudian.calibrate.city_member import CityMember, fit_city
from shudian.evidence import load_city
from shudian.grounds import grounds_of
from shudian.kinds import InputError, Language
from shudian.parameters import HOME, city_titles
from shudian.posterior_file import posterior_digest, read_posterior, shipped_member, write_posterior
from shudian.report.calibration.city_member import CityView, city_view, write_city
from shudian.report.calibration.command import Told, Wish
from shudian.report.folder import draft, publish
from shudian.wording import say

ALL = "all"


@dataclass(frozen=True, slots=True)
class CityDone:
    """What came of one city."""

    view: CityView
    posterior: Path
    report: Path


def cities_of(wish: Wish) -> tuple[str, ...]:
    """The cities that are asked for; raises InputError for one that is not known, and for options that go with none."""
    if wish.until:
        raise InputError(
            "--until does not go with --city, because the structure is that of {home}'s posterior, which "
            "knows later figures; leave it out",
            home=HOME,
        )
    if wish.city != ALL:
        load_city(wish.city)
        return (wish.city,)
    if wish.without or wish.with_ or wish.out:
        raise InputError("--city all renews what is shipped; leave --without, --with and -o out")
    return tuple(city for city in city_titles() if city != HOME)


def carry_out_cities(wish: Wish, language: Language, told: Told) -> Iterator[CityDone | InputError]:
    """Each city's posterior, written with its report; of `all`, for one that has no figures, the sentence that says so.

    Raises InputError for a mistake in the wish, for one city that has no figures, and for figures that leave too few
    draws: then nothing is written.
    """
    cities = cities_of(wish)
    for city in cities:
        try:
            yield _carry_out(replace(wish, city=city), language, told)
        except InputError as error:
            if len(cities) == 1:
                raise
            yield error


def _carry_out(wish: Wish, language: Language, told: Told) -> CityDone:
    evidence = wish.evidence
    target = evidence.target()
    place = shipped_member(wish.city)
    if wish.out is None and not os.access(place.parent, os.W_OK):
        raise InputError("{path} cannot be written; name a new folder with -o", path=place.parent)
    home = grounds_of(HOME).posterior
    assert home is not None
    with draft(wish.out) as folder:
        began = time.monotonic()
        member = fit_city(
            evidence, home.names, home.values, seed=wish.seed, target=target,
            progress=lambda share: told(say("progress_calibrate", language), share),
        )  # fmt: skip
        if not member.passed:
            _refuse(member)
        told(say("progress_write", language), 0.0)
        view = city_view(member, home, posterior_digest(read_posterior()), time.monotonic() - began)
        write_city(view, folder, language)
        told(say("progress_write", language), 1.0)
        if wish.out is not None:
            write_posterior(view.posterior, folder / "posterior.parquet")
        report = publish(folder, wish.out, posterior_digest(view.posterior))
        if wish.out is None:
            write_posterior(view.posterior, place)
    return CityDone(view, place if wish.out is None else report / "posterior.parquet", report)


def _refuse(member: CityMember) -> NoReturn:
    worst = max(member.without, key=lambda name: member.without[name].effective)
    raise InputError(
        "the figures of {city} fit the structure of {home} in too few of its draws: they leave "
        "{effective:.0f} independent draws, and {least:.0f} are needed; without {worst} there are "
        "{others:.0f} (--without {again} -o FOLDER)",
        city=member.evidence.city,
        home=HOME,
        effective=member.chosen.effective,
        least=LEAST_ESS,
        worst=worst,
        others=member.without[worst].effective,
        again=worst,
    )
