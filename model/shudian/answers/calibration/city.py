"""Another city's calibration: what its own figures made of its draws, beside what it shares with Zhengzhou's."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from shudian.answers.calibration.artefact import described
from shudian.answers.calibration.request import CalibrationRequest
from shudian.calibrate.calibration import LEAST_ESS, NO_HISTORY
from shudian.calibrate.city_member import CityMember, fit_city
from shudian.evidence import load_city
from shudian.forecasts.city_member import Foretold, foretold
from shudian.grounds import SHARED_DRAW, grounds_of
from shudian.kinds import InputError, Parameter, Told
from shudian.parameters import HOME
from shudian.posterior_file import FORM, Posterior, posterior_digest, read_posterior
from shudian.units import conversion

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Shifted:
    """One uncertain parameter before and after the city's figures."""

    parameter: Parameter
    before: Array
    """[draw], in the unit that people read: Zhengzhou's posterior, or the city's prior where it is the city's own"""
    after: Array
    shift: float
    """Move of the mean on the scale on which the prior is a standard normal, in standard deviations of `before`."""
    own: bool
    """Whether it is the city's own."""


@dataclass(frozen=True, slots=True, eq=False)
class CityView:
    """Everything that the report tells."""

    member: CityMember
    posterior: Posterior
    """As it is on file."""
    figures: tuple[Foretold, ...]
    weights: tuple[tuple[Array, float], ...]
    """Of each fitted report: the weight of each thing that its words may mean, and of its being wrong."""
    moved: tuple[Shifted, ...]
    """The parameter that moved most first."""

    @property
    def city(self) -> str:
        """The city's identifier."""
        return self.member.evidence.city


def city_view(member: CityMember, home: Posterior, digest: str, seconds: float) -> CityView:
    """The view of `member`, which shares the structure of `home`; `digest` is that of `home` as it is on file."""
    after = member.uncertain(home.names, home.values, member.chosen)
    explained = member.target.observer.explanations(member.target.run(after, None))
    return CityView(
        member,
        _on_file(member, home, digest, seconds),
        foretold(member, home),
        tuple(explained),
        _moved(member, home, after),
    )


def _on_file(member: CityMember, home: Posterior, digest: str, seconds: float) -> Posterior:
    evidence, target, chosen = member.evidence, member.target, member.chosen
    about: dict[str, Any] = {
        "form": FORM,
        "made": datetime.date.today().isoformat(),
        "city": evidence.city,
        "model_digest": target.model.digest,
        "inputs_digest": target.inputs_digest,
        "ingredients": target.ingredients,
        "scenario": NO_HISTORY,
        "until": "",
        "without": list(evidence.without),
        "with": str(evidence.extra.resolve()) if evidence.extra else "",
        "seed": member.seed,
        "reports": [described(report) for report in target.observer.reports],
        "excluded": [],
        "shared": {
            "digest": digest,
            "reports": home.reports,
            "until": home.data_until,
            "effective": chosen.effective,
        },
        "diagnostics": {"structures": chosen.structures, "pairs": chosen.pairs, "seconds": round(seconds, 1)},
        "verdicts": {},
        "medians": {},
    }
    names = (SHARED_DRAW, *member.local)
    values = np.vstack([chosen.shared.astype(np.float64), chosen.local])
    return Posterior(names, values, home.batch[chosen.shared], chosen.log_likelihood, about)


def _moved(member: CityMember, home: Posterior, after: Array) -> tuple[Shifted, ...]:
    latent, own = member.target.latent, {*member.local}
    before = member.uncertain(home.names, home.values, member.before)
    # of one seed, so that the many numbers that mean nil are the same in both
    z = latent.latent(before), latent.latent(after)
    found = []
    for row, parameter in enumerate(latent.parameters):
        factor = conversion(parameter.unit, parameter.display_unit)
        shift = float((z[1][row].mean() - z[0][row].mean()) / max(float(z[0][row].std()), 1e-9))
        found.append(Shifted(parameter, before[row] * factor, after[row] * factor, shift, parameter.name in own))
    return tuple(sorted(found, key=lambda entry: -abs(entry.shift)))


def check_city(request: CalibrationRequest) -> None:
    """Raise InputError for a city that is not known, and for an end of the figures, which goes with none."""
    if request.until:
        raise InputError(
            "--until does not go with --city, because the structure is that of {home}'s posterior, which "
            "knows later figures; leave it out",
            home=HOME,
        )
    load_city(request.city)


def fit_member(request: CalibrationRequest, told: Told = lambda _doing, _share: None) -> CityView:
    """The calibration of another city than Zhengzhou on its own figures.

    Raises InputError for a mistake in the request, for a city that has no figures, and for figures that leave too few
    draws.
    """
    check_city(request)
    evidence = request.evidence
    target = evidence.target()
    home = grounds_of(HOME).posterior
    assert home is not None
    began = time.monotonic()
    member = fit_city(
        evidence, home.names, home.values, seed=request.seed, target=target,
        progress=lambda share: told("calibrate", share),
    )  # fmt: skip
    if not member.passed:
        _refuse(member)
    told("write", 0.0)
    return city_view(member, home, posterior_digest(read_posterior()), time.monotonic() - began)


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
