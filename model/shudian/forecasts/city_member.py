"""What a city's printed figures look like in its posterior: before any, without the figure itself, and after all.

A figure foretold by the others is the test that a city with few of them can have. Figures that are not fitted, those of
role `later` above all, are foretold by all that are.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from shudian.calibrate.calibration import NO_HISTORY
from shudian.calibrate.city_member import CityMember, Pairs
from shudian.draws import draws_of
from shudian.forecasts.prediction import World
from shudian.forecasts.prior_predictive import Place, asked_by, places
from shudian.observe.elsewhere import city_reports
from shudian.observe.reports import Report
from shudian.observe.rules import load_rules
from shudian.posterior_file import Posterior


@dataclass(frozen=True, slots=True)
class Foretold:
    """One printed number of a city."""

    before: Place
    """With Zhengzhou's structure and the city's priors."""
    others: Place | None
    """With all fitted figures but this one; None for a figure that is not fitted."""
    after: Place
    """With all fitted figures."""

    @property
    def report(self) -> Report:
        """The report that prints it."""
        return self.after.report

    @property
    def fitted(self) -> bool:
        """Whether the city's posterior is fitted to it."""
        return self.others is not None

    @property
    def holds(self) -> bool:
        """Whether it lies in the 90 % interval that is foretold of it without it."""
        return (self.others or self.after).inside


def foretold(member: CityMember, home: Posterior) -> tuple[Foretold, ...]:
    """Every number that is printed of the city and that the model can read, the fitted ones first.

    `home` is the posterior whose structure the city shares.
    """
    reports = member.target.observer.reports
    names = {figure.identifier for report in reports for figure in report.figures}
    unfitted = [
        reading
        for report in city_reports(member.evidence.city, member.target.model, member.evidence.load())
        if report.figure.identifier not in names
        for reading in report.readings
    ]
    before, after = (_placed((*reports, *unfitted), member, home, pairs) for pairs in (member.before, member.chosen))
    others = [
        place for report in reports for place in _placed((report,), member, home, member.without[report.identifier])
    ]
    beside = [*others, *[None] * (len(after) - len(others))]
    return tuple(Foretold(*entry) for entry in zip(before, beside, after, strict=True))


def _placed(reports: tuple[Report, ...], member: CityMember, home: Posterior, pairs: Pairs) -> tuple[Place, ...]:
    model = member.target.model
    values = member.target.latent.fixed(member.uncertain(home.names, home.values, pairs))
    made = datetime.date.today().isoformat()
    world = World(model, load_rules(model), draws_of(model, values, member.seed), made, NO_HISTORY)
    return places([question for report in reports for question in asked_by(report)], world, member.seed)
