"""The one place that decides from which draws an answer is computed, and whether a posterior still holds."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.calibration import Evidence
from shudian.calibrate.city_member import local_names
from shudian.calibrate.target import Target
from shudian.cities import own_city
from shudian.draws import Draws, central_draw, draws_of, prior_draws, prior_row
from shudian.kinds import NO_WORDS, InputError, Model, ModelChange, Phrase
from shudian.observe.digest import among, changed, prior_told
from shudian.parameters import HOME
from shudian.posterior_file import Posterior, posterior_digest, read_posterior, shipped_member, standing
from shudian.structure import load_model

PRIOR_DRAWS = 4000
"""How many draws an answer has that rests on the priors, which give as many as one likes."""
SHARED_DRAW = "shared_draw"
"""Column of a city's file: the draw of Zhengzhou's posterior from which a draw has all but its local parameters."""
NAMED = 5
"""So many of the things that have changed are told by name."""
Why = Literal["calibrated", "asked", "elsewhere", "stale", "handed"]
RENEW = "shudian calibrate"
"""The command that renews the shipped posterior; a city's own with --city behind it."""


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """What the draws of an answer rest on: a posterior, draws that somebody brought, or the priors and why."""

    posterior: Posterior | None
    why: Why
    """`asked`: somebody wanted the priors; `elsewhere`: no posterior is this city's; `stale`: its own is too old;
    `handed`: the draws are somebody's own."""
    file: str = ""
    """The posterior file that was named; empty for the shipped one."""
    posterior_city: str = HOME
    """The city to which the posterior belongs, whether it is used or not."""
    before: Posterior | None = None
    """The posterior as it was before somebody's own priors or a condition; None where it is used as it is."""
    changed: tuple[ModelChange, ...] = ()
    """What somebody changed in the model to which the draws were fitted."""
    reason: Phrase = NO_WORDS
    """Of `stale`: what has changed and how the posterior is renewed."""

    @property
    def calibrated(self) -> bool:
        """Whether the draws come from a posterior that was fitted here, to the model that is run."""
        return self.posterior is not None and not self.posterior.handed and not self.changed

    @property
    def draws(self) -> int:
        """How many draws an answer has where nobody asks for fewer: every one of the posterior.

        Then every command gives the same numbers for the same package.
        """
        return self.posterior.size if self.posterior else PRIOR_DRAWS


def grounds_of(city: str, file: str = "", prior: bool = False) -> Grounds:
    """What an answer about `city` rests on: the shipped posterior, that of `file`, or the priors if `prior` is set.

    Another city has its own shipped posterior, or the priors where there is none, or where it is stale or damaged: so
    has a city of somebody's own.
    Raises InputError for a posterior that is missing, damaged or stale, with the command that renews it.
    """
    if prior and file:
        raise InputError("--prior and --posterior exclude each other; leave one of them out")
    if prior:
        return Grounds(None, "asked")
    if not file and city != HOME:
        return _grounds_elsewhere(city)
    posterior = read_posterior(Path(file) if file else None)
    if posterior.city != city:
        return Grounds(None, "elsewhere", file, posterior.city)
    return Grounds(_belonging(load_model(city), posterior), "calibrated", file, city)


def _grounds_elsewhere(city: str) -> Grounds:
    place = shipped_member(city)
    if own_city(city) or not place.is_file():
        return Grounds(None, "elsewhere")
    try:
        return Grounds(_belonging(load_model(city), read_posterior(place)), "calibrated", posterior_city=city)
    except InputError as error:
        return Grounds(None, "stale", posterior_city=city, reason=error.said)


def standing_posterior(city: str) -> Posterior | None:
    """The shipped posterior where it is fresh and of `city`, for what shows one value of each parameter.

    None where it is missing, stale or another city's: such a file or diagram then shows the priors' medians. Raises
    InputError if it is damaged.
    """
    posterior = standing() if city == HOME else None
    if posterior is None:
        return None
    target = expected_target(posterior)
    return None if any(_staleness(posterior, target)) else completed(posterior, target.model)


def expected_target(posterior: Posterior, model: Model | None = None) -> Target:
    """What a posterior made now, of the same figures as `posterior`, would be made from.

    `model` is by default the shipped one of its city. Raises InputError for a mistake in the evidence.
    """
    about = posterior.about
    evidence = Evidence(
        city=posterior.city,
        extra=Path(about["with"]) if about.get("with") else None,
        until=datetime.date.fromisoformat(about["until"]) if about["until"] else None,
        without=tuple(about.get("without", ())),
    )
    return evidence.target() if model is None else _target(evidence, model)


@lru_cache(maxsize=4)
def _target(evidence: Evidence, model: Model) -> Target:
    return evidence.target(model)


def require_fresh(posterior: Posterior, target: Target) -> None:
    """Raise InputError, with what has changed by name, if a posterior of `target` would have other draws."""
    names, other = _staleness(posterior, target)
    if names:
        more = Phrase("; and {count} more", count=len(names) - NAMED) if len(names) > NAMED else NO_WORDS
        raise InputError(
            "the posterior is older than {names}{more}; renew it with: {command}, or see what the priors "
            "alone say with: shudian run --prior",
            names=names[:NAMED],
            more=more,
            command=renewal(posterior),
        )
    if other:
        raise InputError(
            "the posterior was made with other {what}; renew it with: {command}, or see what the priors "
            "alone say with: shudian run --prior",
            what=other,
            command=renewal(posterior),
        )


def renewal(posterior: Posterior) -> str:
    """The command that makes the posterior of the same city anew."""
    return calibrating(posterior.city)


def calibrating(city: str) -> str:
    """The command that makes a posterior of `city`; that of a city of somebody's own needs a folder."""
    if city == HOME:
        return RENEW
    return f"{RENEW} --city {city}" + (" -o FOLDER" if own_city(city) else "")


def joined(member: Posterior) -> Posterior:
    """A city's posterior as it is on file, with the structure that it shares with Zhengzhou's; any other as it is.

    Raises InputError where Zhengzhou's posterior is not the one that the city's was made on, or is stale itself, and
    where other parameters are the city's own today.
    """
    if SHARED_DRAW not in member.names:
        return member
    home, told = read_posterior(), member.about["shared"]
    if posterior_digest(home) != told["digest"]:
        raise InputError(
            "the posterior of {city} was made on another posterior of {home}; renew it with: {command}, or "
            "see what the priors alone say with: shudian run --prior",
            city=member.city,
            home=HOME,
            command=renewal(member),
        )
    own = {*local_names(load_model(member.city))}
    if {*member.names} != own | {SHARED_DRAW}:
        raise InputError(
            "the posterior of {city} was made when other parameters were the city's own; renew it with: "
            "{command}, or see what the priors alone say with: shudian run --prior",
            city=member.city,
            command=renewal(member),
        )
    home = _belonging(load_model(), home)
    shared = member.values[member.names.index(SHARED_DRAW)].astype(np.int64)
    if shared.min() < 0 or shared.max() >= home.size:
        raise InputError(
            "the posterior of {city} is damaged; renew it with: {command}", city=member.city, command=renewal(member)
        )
    rows = dict(zip(home.names, home.values[:, shared], strict=True))
    rows |= {name: row for name, row in zip(member.names, member.values, strict=True) if name in own}
    return replace(member, names=(*rows,), values=np.array([*rows.values()]), effective=float(told["effective"]))


def changed_since(posterior: Posterior, target: Target) -> tuple[Phrase, ...]:
    """What differs between the ingredients of `posterior` and those of `target`, as `changed` has it.

    Empty for a posterior that does not say what it was made from.
    """
    made_from = posterior.about.get("ingredients")
    return changed(made_from, target.ingredients) if made_from else ()


def _staleness(posterior: Posterior, target: Target) -> tuple[tuple[Phrase, ...], Phrase]:
    """What makes `posterior` another one than that of `target`, by name or in general; both empty for a fresh one.

    Of equations, priors and policies only those count on which what the reports read depends: the draws follow from
    no others. One that does not say what it was made from is held to all of them, by its digests.
    """
    uncertain = {p.name for p in target.model.fixed if p.role == "uncertain"}
    made_from = posterior.about.get("ingredients")
    if made_from:
        names = changed(among(made_from, target.read), among(target.ingredients, target.read))
        if names or uncertain & target.read <= {*posterior.names}:
            return names, NO_WORDS
    equations = posterior.about["model_digest"] != target.model.digest or {*posterior.names} != uncertain
    evidence = posterior.about["inputs_digest"] != target.inputs_digest
    if equations and evidence:
        return (), Phrase("model equations, evidence and priors")
    return (), Phrase("model equations") if equations else Phrase("evidence and priors") if evidence else NO_WORDS


def completed(posterior: Posterior, model: Model) -> Posterior:
    """`posterior` with a value of every uncertain parameter of `model`, and of no other, in its order.

    A parameter on which nothing depends that a report reads keeps its prior. Where the posterior has none of it, or
    has drawn it from another prior, its values are prior draws: by the posterior's own seed and the parameter's name,
    whatever stands beside it.
    """
    uncertain = tuple(p for p in model.fixed if p.role == "uncertain")
    rows = dict(zip(posterior.names, posterior.values, strict=True))
    drawn_from = (posterior.about.get("ingredients") or {}).get("prior", {})
    kept = [p.name in rows and drawn_from.get(p.name, told) == told for p in uncertain for told in [prior_told(p)]]
    if all(kept) and tuple(p.name for p in uncertain) == posterior.names:
        return posterior
    seed = int(posterior.about.get("seed", 0))
    values = [
        rows[p.name] if held else prior_row(p, posterior.size, seed) for p, held in zip(uncertain, kept, strict=True)
    ]
    return replace(posterior, names=tuple(p.name for p in uncertain), values=np.array(values))


@lru_cache(maxsize=8)
def _belonging(model: Model, posterior: Posterior) -> Posterior:
    """`posterior`, completed for `model`; raises InputError if it does not belong to it and the evidence of today."""
    if posterior.handed:
        return posterior
    model = model.origin or model
    posterior = joined(posterior)
    require_fresh(posterior, expected_target(posterior, model))
    return completed(posterior, model)


def posterior_draws(model: Model, posterior: Posterior, draws: int, seed: int) -> Draws:
    """`draws` different ones of the stored draws, with constants and switches at their values.

    `seed` says which ones and in which order. They come evenly from the batches, and the first n are the same for
    any number of draws; all draws that somebody brought keep their order. Raises InputError for more than are stored,
    and for a posterior that does not belong to `model` and the evidence of today.
    """
    posterior = _belonging(model, posterior)
    if draws > posterior.size:
        raise InputError(
            "the posterior holds {stored} draws, and {asked} were asked for; ask for fewer, or use the "
            "priors with --prior, which give as many as you like",
            stored=posterior.size,
            asked=draws,
        )
    brought = posterior.handed and draws == posterior.size
    chosen = np.arange(draws) if brought else order_of_draws(posterior, seed)[:draws]
    rows = dict(zip(posterior.names, posterior.values[:, chosen], strict=True))
    # a number at the end of its range may have been stored a rounding beyond it
    values = [
        np.clip(rows[p.name], p.low, p.high) if p.role == "uncertain" else np.full(draws, p.value) for p in model.fixed
    ]
    return draws_of(model, np.array(values), seed, _origin(posterior))


def order_of_draws(posterior: Posterior, seed: int) -> NDArray[np.intp]:
    """The place on file of every draw, in the order in which `posterior_draws` gives them.

    Shuffled within each batch, and the batches in turn.
    """
    batch = posterior.batch
    chance = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed))).random(batch.size)
    turn = np.empty(batch.size)
    for name in np.unique(batch):
        members = np.flatnonzero(batch == name)
        turn[members] = (chance[members].argsort().argsort() + 0.5) / members.size
    return np.lexsort((chance, turn))


def reference_draw(model: Model, posterior: Posterior | None = None) -> Draws:
    """One draw: every parameter at its posterior median or, without a posterior, at its prior median.

    Raises InputError for a posterior that does not belong to `model` and the evidence of today.
    """
    if posterior is None:
        return central_draw(model)
    posterior = _belonging(model, posterior)
    medians = dict(zip(posterior.names, np.median(posterior.values, axis=1), strict=True))
    values = [[np.clip(medians[p.name], p.low, p.high) if p.role == "uncertain" else p.value] for p in model.fixed]
    return draws_of(model, np.array(values), 0, _origin(posterior))


def _origin(posterior: Posterior) -> str:
    """The digest of the posterior of which draws are; empty for those that somebody brought."""
    return "" if posterior.handed else posterior_digest(posterior)


def draws_from(model: Model, posterior: Posterior | None, draws: int, seed: int) -> Draws:
    """From the posterior or, without one, from the priors: which draws an answer uses is decided here alone."""
    return posterior_draws(model, posterior, draws, seed) if posterior else prior_draws(model, draws, seed)


def few_draws(model: Model, posterior: Posterior | None, draws: int, seed: int) -> Draws:
    """The reference draw and then `draws` - 1 others, for engines that take seconds for each."""
    first, others = reference_draw(model, posterior), draws_from(model, posterior, draws, seed)
    return draws_of(model, np.hstack([first.values, others.values[:, : draws - 1]]), seed, others.posterior)
