"""Do the same equations with another city's data give what was reported there?

Its draws come from the priors, structure and all, so that nothing is fitted yet; what the city's own posterior
foretells is in `city_member`. It runs without policy: what other cities paid is not known well enough to be a history.
Wide priors hold much, so a figure inside proves little; one that lies outside under every reading says that equations,
data or definition are wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shudian.calibrate.calibration import NO_HISTORY
from shudian.draws import prior_draws
from shudian.forecasts.prediction import Question, World
from shudian.forecasts.prior_predictive import DRAWS, Place, places
from shudian.kinds import Figure
from shudian.observe.elsewhere import CityReport, city_reports
from shudian.observe.rules import load_rules
from shudian.observe.words import printed_bounds
from shudian.parameters import HOME, city_titles
from shudian.structure import load_model


@dataclass(frozen=True, slots=True)
class CityPlace:
    """One printed figure of another city in the prediction of that city."""

    report: CityReport
    places: tuple[Place, ...]
    """One for each of its readings."""

    @property
    def holds(self) -> bool:
        """Whether it lies in the 90 % interval of one of its readings at least."""
        return any(place.inside for place in self.places)


def other_cities(
    draws: int = DRAWS, seed: int = 1, figures: Mapping[str, Figure] | None = None
) -> tuple[CityPlace, ...]:
    """Every figure that a city's file reads, city by city; raises InputError for a mistake in one of the files.

    `figures` stand for those of seeds/figures.csv, which are the default.
    """
    found: list[CityPlace] = []
    for city in city_titles():
        if city == HOME:
            continue
        model = load_model(city)
        reports = city_reports(city, model, figures)
        if not any(report.readings for report in reports):
            found += [CityPlace(report, ()) for report in reports]
            continue
        world = World(model, load_rules(model), prior_draws(model, draws, seed), "", NO_HISTORY)
        for report in reports:
            asked = []
            for reading in report.readings:
                bounds = printed_bounds(reading.figures[0])
                assert bounds is not None  # a reading has a level
                asked.append(Question(reading, "level", bounds))
            found.append(CityPlace(report, places(asked, world, seed)))
    return tuple(found)
