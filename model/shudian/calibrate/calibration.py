"""Reports -> Calibration: the posterior draws, how they came about and whether the sampler can be trusted."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.added import add_figures
from shudian.calibrate.run import BATCHES, sample
from shudian.calibrate.sampler import Settings
from shudian.calibrate.target import Target, target_of
from shudian.evidence import load_figures
from shudian.kernel.compiled import cache_folder
from shudian.kinds import Figure, InputError, Model
from shudian.mistakes import Mistakes
from shudian.observe.effects_file import literature_of, load_effects
from shudian.observe.elsewhere import own_reports
from shudian.observe.reports import CALIBRATION, Report, load_reports
from shudian.parameters import HOME
from shudian.scenarios import load_scenario
from shudian.structure import load_model

Array = NDArray[np.float64]
WORST_RHAT, LEAST_ESS = 1.01, 400.0
NO_HISTORY = "no_policy"
"""The past of other cities: what they paid is not known well enough to be a history."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which figures speak; everything that a worker needs to build the target again.

    Of another city than Zhengzhou these are its own alone: see `observe.elsewhere.own_reports`.
    """

    city: str = HOME
    figures: Path | None = None
    """A figures.csv of its own; None is the shipped one."""
    extra: Path | None = None
    """A file of one's own, added to it; see `calibrate.added`."""
    until: datetime.date | None = None
    without: tuple[str, ...] = ()

    def load(self) -> dict[str, Figure]:
        """The figures by identifier; raises InputError for all mistakes, such as an identifier used twice."""
        mistakes = Mistakes()
        figures, added = self._gathered(load_model(self.city), mistakes)
        mistakes.tell()
        return {**figures, **added}

    @property
    def added(self) -> dict[str, Figure]:
        """The figures of `extra` by identifier; raises InputError as `load`."""
        own = load_figures(self.figures)
        return {name: figure for name, figure in self.load().items() if name not in own}

    def figures_without(self, model: Model) -> tuple[str, ...]:
        """The figures among what is left out; the others are findings of studies."""
        studied = {effect.identifier for effect in load_effects(model) if effect.is_used}
        return tuple(name for name in self.without if name not in studied)

    def _gathered(self, model: Model, mistakes: Mistakes) -> tuple[dict[str, Figure], dict[str, Figure]]:
        figures = load_figures(self.figures)
        return figures, add_figures(self.extra, figures, model, self.city, mistakes) if self.extra else {}

    def target(self, model: Model | None = None) -> Target:
        """The target of these figures, for the shipped model of the city or for `model`."""
        model = model or load_model(self.city)
        mistakes = Mistakes()
        figures, added = self._gathered(model, mistakes)
        reports: tuple[Report, ...] = ()
        with mistakes.noted():
            reports = self._reports(model, {**added, **figures}, added)
        mistakes.tell()
        if not reports and self.city != HOME and not self.without:
            raise InputError(
                "no figure of {city} that could be fitted is known, so its answers stay uncalibrated; add rows "
                "of role “calibration” with --with FILE",
                city=self.city,
            )
        if not reports:
            raise InputError("no figure is left to fit; choose a later --until, or leave fewer out")
        if self.extra is not None and not added.keys() & {f.identifier for r in reports for f in r.figures}:
            raise InputError(
                "none of its figures is fitted; one that is has the role “calibration”, a number or a growth "
                "rate and, with --until, a source of that day or before"
            ).at(self.extra)
        if self.city != HOME:
            # what studies found comes with the structure, which is that of the home city's posterior
            return target_of(model, reports, load_scenario(NO_HISTORY, model.parameters))
        return target_of(model, reports, literature=literature_of(model, until=self.until, without=self.without))

    def _reports(self, model: Model, figures: Mapping[str, Figure], added: Mapping[str, Figure]) -> tuple[Report, ...]:
        if self.city == HOME:
            return load_reports(model, figures, until=self.until, without=self.figures_without(model))
        for figure in added.values():
            if figure.role == CALIBRATION and figure.geography != self.city:
                raise InputError(
                    "{figure} is a figure of “{place}”, and only those of “{city}” are fitted with --city {again}; "
                    "give it the role “context”",
                    figure=figure.identifier,
                    place=figure.geography,
                    city=self.city,
                    again=self.city,
                ).at(figure.place)
        return own_reports(self.city, model, figures, without=self.without)


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Of every parameter, the log-likelihood last: rank-normalised split R-hat, and effective numbers of draws."""

    names: tuple[str, ...]
    rhat: Array
    bulk: Array
    tail: Array

    @property
    def passed(self) -> bool:
        """Whether every parameter meets the standard (R-hat below 1.01, both numbers above 400)."""
        return bool(self.rhat.max() < WORST_RHAT and min(self.bulk.min(), self.tail.min()) > LEAST_ESS)


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """A posterior and how it came about."""

    evidence: Evidence
    target: Target
    uncertain: Array
    """[uncertain parameter, draw], internal units; the draws of one batch stand together."""
    batch: NDArray[np.int64]
    log_likelihood: Array
    log_evidence: Array
    """[batch]"""
    evaluations: int
    seconds: float
    seed: int
    diagnostics: Diagnostics

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the uncertain parameters."""
        return self.target.latent.names


def calibrate(
    evidence: Evidence,
    *,
    seed: int = 1,
    settings: Settings | None = None,
    batches: int = BATCHES,
    checkpoints: Path | None = None,
    executor: Executor | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> Calibration:
    """The posterior of `evidence`; see `shudian.calibrate.run.sample` for what is kept and taken up again.

    Raises InputError for a mistake in the evidence.
    """
    began = time.monotonic()
    target = evidence.target()
    found = sample(
        partial(Evidence.target, evidence), target.inputs_digest,
        seed=seed, checkpoints=checkpoints or cache_folder(), settings=settings, batches=batches, executor=executor,
        progress=progress,
    )  # fmt: skip
    uncertain = stored(np.concatenate([target.latent.uncertain(b.z) for b in found], axis=1))
    batch = np.repeat(np.arange(len(found)), [b.z.shape[1] for b in found])
    log_likelihood = target.observer.total(target.run(uncertain, None))
    return Calibration(
        evidence=evidence,
        target=target,
        uncertain=uncertain,
        batch=batch,
        log_likelihood=log_likelihood,
        log_evidence=np.array([b.log_evidence for b in found]),
        evaluations=sum(b.evaluations for b in found),
        seconds=time.monotonic() - began,
        seed=seed,
        diagnostics=diagnose(target.latent.names, uncertain, log_likelihood, batch),
    )


def stored(uncertain: Array) -> Array:
    """Values as the artefact keeps them: single precision, so that what is checked is what is shipped."""
    return uncertain.astype(np.float32).astype(np.float64)


def diagnose(names: tuple[str, ...], uncertain: Array, log_likelihood: Array, batch: NDArray[np.int64]) -> Diagnostics:
    """Diagnostics over batches (Vehtari et al. 2021) of draws that stand batch by batch."""
    from arviz_stats.base.array import BaseArray  # a second to import

    values = np.concatenate([uncertain, log_likelihood[None]])
    by_batch = values.reshape(len(values), len(np.unique(batch)), -1)
    array_stats: Any = BaseArray()
    axes = {"chain_axis": 1, "draw_axis": 2}
    return Diagnostics(
        names=(*names, "log_likelihood"),
        rhat=np.asarray(array_stats.rhat(by_batch, method="rank", **axes)),
        bulk=np.asarray(array_stats.ess(by_batch, method="bulk", **axes)),
        tail=np.asarray(array_stats.ess(by_batch, method="tail", prob=(0.05, 0.95), **axes)),
    )
