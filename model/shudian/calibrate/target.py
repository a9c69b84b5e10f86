"""What is sampled: the log-likelihood of latent numbers, under the policy that was really decided.

What is cheap comes first: the reports, read from runs of longer steps. What shorter steps change in them, and what
studies of other places found, which takes more runs and tells of policy effects alone, comes in later.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.experiments import Experiments
from shudian.kernel import compile_model
from shudian.kinds import Model, Scenario
from shudian.latent import Latent, latent_of
from shudian.observe.digest import Ingredients, ingredients, inputs_digest, read_by
from shudian.observe.effects import Literature
from shudian.observe.likelihood import Observer
from shudian.observe.reports import Report
from shudian.observe.tabulated import Tabulated
from shudian.scenarios import load_scenario, schedule_matrix
from shudian.schedules import RECORD
from shudian.simulate import STEPS_PER_MONTH

Array = NDArray[np.float64]

LONGER = 2
"""How many times as long the sampler's own steps are: they move the log-likelihood of all reports by about a half."""
WIDER = 2.2
"""Distance of the nodes of shared scopes in a quick observer; it moves the log-likelihood of all reports by 0.03."""
PIECE = 250
"""So many draws at a time are read: the tables of more leave the processor's cache."""
HISTORY = RECORD
"""The scenario of what was decided in the years that the reports tell of."""


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """The posterior up to a constant: round normal prior in latent space, times the reports' likelihood."""

    model: Model
    latent: Latent
    observer: Observer
    schedules: Array
    steps_per_month: int = STEPS_PER_MONTH
    experiments: Experiments | None = None
    """What studies found; None where none of them is used."""

    @property
    def dimensions(self) -> int:
        """Number of uncertain parameters."""
        return len(self.latent.parameters)

    @property
    def inputs_digest(self) -> str:
        """Digest of the model, the reports and the policy of the past."""
        return inputs_digest(self.model, self.observer.reports, self.schedules, self._studies)

    @property
    def ingredients(self) -> Ingredients:
        """What the digest is a hash of, one by one."""
        return ingredients(self.model, self.observer.reports, self.schedules, self._studies)

    @property
    def _studies(self) -> Mapping[str, bytes]:
        return self.experiments.told if self.experiments else {}

    @property
    def read(self) -> frozenset[str]:
        """Equations and parameters on which what reports and experiments read depends; draws follow from no others."""
        return read_by(
            self.model, (*self.observer.variables, *(self.experiments.variables if self.experiments else ()))
        )

    def run(self, uncertain: Array, threads: int | None = 1) -> Array:
        """The observed variables, [variable, month, draw], for parameter values [parameter, draw]."""
        return compile_model(self.model).run(
            self.latent.fixed(uncertain), self.schedules, self.observer.variables,
            months=self.observer.months, steps_per_month=self.steps_per_month, threads=threads,
        )  # fmt: skip

    def terms(self, z: Array) -> Array:
        """The log-likelihood of each report, [report, draw], at latent numbers [parameter, draw]."""
        return self.told(self.observer.log_likelihood, z)

    def told(self, terms: Callable[[Array], Array], z: Array) -> Array:
        """`terms` [term, draw] of runs of the observed variables at latent numbers [parameter, draw]."""
        pieces = np.array_split(z, math.ceil(z.shape[1] / PIECE) or 1, axis=1)
        return np.concatenate([terms(self.run(self.latent.uncertain(piece))) for piece in pieces], axis=1)

    @property
    def studied(self) -> Callable[[Array], Array] | None:
        """The log-likelihood of each study, [study, draw], at latent numbers; None without studies."""
        experiments = self.experiments
        if experiments is None:
            return None
        return lambda z: experiments.terms(self.latent.fixed(self.latent.uncertain(z)))

    @property
    def first(self) -> Callable[[Array], Array]:
        """`terms` as the sampler begins with them."""
        return self.coarse.terms

    @property
    def coarse(self) -> Target:
        """The reports alone, read from runs of `LONGER` steps and from tables."""
        return replace(
            self,
            observer=quick(self.observer.reports),
            schedules=self.schedules[:, ::LONGER],
            steps_per_month=self.steps_per_month // LONGER,
            experiments=None,
        )

    @property
    def later(self) -> Callable[[Array], Array]:
        """What `first` leaves out, [term, draw]: what its steps change in each report, and the studies."""
        coarse, studied = self.coarse, self.studied

        def terms(z: Array) -> Array:
            changed = self.terms(z) - coarse.terms(z)
            return np.concatenate([changed, studied(z)]) if studied else changed

        return terms

    def log_likelihood(self, z: Array) -> Array:
        """The sum of `terms`, [draw]."""
        return self.observer.total(self.run(self.latent.uncertain(z)))


def quick(reports: tuple[Report, ...]) -> Observer:
    """An observer of `reports` whose log-likelihoods are some hundredths off, and three times as quick."""
    return Observer(reports, Tabulated.of, WIDER)


def target_of(
    model: Model,
    reports: tuple[Report, ...],
    history: Scenario | None = None,
    literature: Literature | None = None,
) -> Target:
    """The target of `reports` for `model`, and of the findings of `literature` where there are any.

    `history` is the scenario of the past, by default what was decided.
    """
    history = history or load_scenario(HISTORY, model.parameters)
    observer = Observer(reports)
    schedules = schedule_matrix(history, model.scheduled, observer.months, STEPS_PER_MONTH)
    experiments = Experiments(model, literature) if literature and literature.effects else None
    return Target(model, latent_of(model), observer, schedules, experiments=experiments)
