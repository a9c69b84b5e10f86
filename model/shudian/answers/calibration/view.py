"""All numbers that the calibration report shows, computed once from a Calibration."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.output_change import OutputChange
from shudian.answers.calibration.artefact import artefact
from shudian.answers.calibration.article import Said, said_in_article
from shudian.answers.calibration.by_form import FormWeights, form_weights
from shudian.answers.calibration.change import Change, change
from shudian.answers.calibration.conflicts import Conflict, conflicts, contradicted
from shudian.answers.calibration.foretold import Foretelling, foretellings, total_error
from shudian.answers.calibration.learning import Learned, Pair, correlations, learned, strongest_pairs
from shudian.answers.calibration.literature import Studied, package_effects, studied
from shudian.answers.calibration.moves import Move, moves
from shudian.answers.calibration.power import Scaled, scaled
from shudian.answers.calibration.questions import Answer, answers, questions
from shudian.answers.calibration.rereading import Rereading, reread
from shudian.answers.calibration.tension import Tension, tensions
from shudian.calibrate.batch_error import BatchErrors, batch_errors
from shudian.calibrate.calibration import Calibration
from shudian.calibrate.leave_one_out import LeftOut
from shudian.calibrate.ranks import Summary, summary
from shudian.calibrate.target import HISTORY
from shudian.draws import draws_of, prior_draws
from shudian.forecasts.backtest import Backtest, as_data
from shudian.forecasts.prior_predictive import PriorPredictive, prior_predictive
from shudian.kinds import Figure, Label, Scenario
from shudian.observe.comparison import Comparison, compare
from shudian.observe.reports import excluded
from shudian.observe.rules import load_rules
from shudian.paths import seeds_folder
from shudian.posterior_file import Posterior, posterior_digest

Array = NDArray[np.float64]
NO_POLICY = "no_policy"
REACHED = "/reached"
"""Ends the name of the chance that a target is reached."""
PAIRS, MATRIX = 20, 25
"""Pairs in the list of correlations, and parameters in the heat map."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What the report shows."""

    calibration: Calibration
    posterior: Posterior
    digest: str
    """Of the posterior."""
    answers: tuple[Answer, ...]
    """Of every question, under the policy that was decided and then without policy."""
    prior: PriorPredictive
    """Where each reported number falls before anything is fitted."""
    comparisons: tuple[Comparison, ...]
    contradicted: tuple[Comparison, ...]
    reread: Mapping[str, Rereading]
    """Of each of `contradicted`, by its report."""
    article: tuple[Said, ...]
    conflicts: tuple[Conflict, ...]
    learned: tuple[Learned, ...]
    pairs: tuple[Pair, ...]
    matrix: Array
    """Correlations of the first MATRIX of `learned`."""
    scaled: tuple[Scaled, ...]
    """What each group of priors and reports does to the chances under the policy that was decided."""
    studied: tuple[Studied, ...]
    """What each study found, and the same experiment in the model; empty without studies."""
    packages: tuple[tuple[Scenario, OutputChange], ...]
    """What each shipped package changes in output against no policy."""
    moves: tuple[Move, ...]
    """Empty where no report was left out; so are the next two."""
    foretold: tuple[Foretelling, ...]
    """What the other reports foretell of each."""
    foretold_error: float
    """Monte Carlo standard error of the sum of its log densities."""
    forms: tuple[FormWeights, ...]
    tensions: tuple[Tension, ...]
    batch_errors: BatchErrors
    """Of the means of the parameters' latent numbers and of the log-likelihood."""
    answer_errors: BatchErrors
    """Of each of `answers` under the policy that was decided: its mean and, where it has a threshold, its chance."""
    excluded: tuple[tuple[Figure, Label], ...]
    change: Change | None
    """Against the posterior before; None where there is none."""
    studies: tuple[tuple[str, Mapping[str, Any]], ...]
    """Of each kept study of the method: its name and content."""
    ranks: Summary | None
    """What known truths say of the sampler, where that study is kept."""

    def asked(self, package: str) -> tuple[Answer, ...]:
        """The answers under one package."""
        return tuple(answer for answer in self.answers if answer.package == package)


def view_of(
    calibration: Calibration,
    *,
    before: Posterior | None = None,
    without: Sequence[LeftOut] = (),
    studies: Path | None = None,
    later: Backtest | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> View:
    """The View of `calibration`.

    `before` is the posterior that it replaces; `without` holds the posterior without each report; `studies` is the
    folder of kept studies (default: the shipped one); `later` is this calibration's own score on later figures, which
    then stands for those of the kept studies.
    """
    target = calibration.target
    model, latent = target.model, target.latent
    prior = prior_draws(model, calibration.uncertain.shape[1], calibration.seed)
    posterior = draws_of(model, latent.fixed(calibration.uncertain), calibration.seed)
    asked = questions(model)
    found = answers(model, asked, (HISTORY, NO_POLICY), prior, posterior)
    progress(0.5)
    run, rules = target.run(calibration.uncertain, None), load_rules(model)
    comparisons = compare(target.observer, run, calibration.seed)
    prior_uncertain = prior.values[[prior.names.index(name) for name in latent.names]]
    strange, foretold = contradicted(comparisons), prior_predictive(calibration.evidence)
    parameters = learned(target, prior_uncertain, calibration.uncertain)
    decided = [answer for answer in found if answer.package == HISTORY]
    whole = {answer.question.key: answer.posterior for answer in decided}
    kept = artefact(calibration, decided)
    shown = [entry.parameter.name for entry in parameters[:MATRIX]]
    progress(0.8)
    folder = studies or seeds_folder() / "studies"
    known_truths = folder / "simulation_based_calibration.csv"
    return View(
        calibration=calibration,
        posterior=kept,
        digest=posterior_digest(kept),
        answers=found,
        prior=foretold,
        comparisons=comparisons,
        contradicted=strange,
        reread={
            again.report.identifier: again
            for again in reread(strange, foretold.fitted, posterior, model, rules, calibration.evidence.city)
        },
        article=said_in_article(calibration, comparisons),
        conflicts=conflicts(comparisons, parameters),
        learned=parameters,
        pairs=strongest_pairs(latent, calibration.uncertain, PAIRS),
        matrix=correlations(latent, calibration.uncertain, shown),
        scaled=scaled(target, calibration.uncertain, run, decided, rules),
        moves=moves(model, latent, asked, whole, without),
        foretold=foretellings(without, target.observer.reports, calibration.seed),
        foretold_error=total_error(without) if without else 0.0,
        forms=form_weights(calibration, without, decided) if without else (),
        tensions=tensions(target, calibration.uncertain, calibration.log_likelihood, parameters),
        batch_errors=batch_errors(
            calibration.diagnostics.names,
            np.vstack([latent.latent(calibration.uncertain), calibration.log_likelihood]),
            calibration.batch,
        ),
        answer_errors=batch_errors(*_quantities(decided), calibration.batch),
        studied=studied(target, prior_uncertain, calibration.uncertain),
        packages=package_effects(model, posterior),
        excluded=excluded(model, calibration.evidence.load()),
        change=change(before, kept, model.parameters) if before else None,
        studies=((f"backtest-{later.cut_off}", as_data(later)),) if later else _studies(folder),
        ranks=summary(known_truths) if known_truths.is_file() else None,
    )


def _quantities(asked: Sequence[Answer]) -> tuple[tuple[str, ...], Array]:
    """Every amount, and as a number of 0 or 1 every target: names, and values [quantity, draw]."""
    names, values = [], []
    for answer in asked:
        names.append(answer.question.key)
        values.append(answer.posterior)
        if answer.question.threshold is not None:
            names.append(f"{answer.question.key}{REACHED}")
            values.append((answer.posterior >= answer.question.threshold).astype(np.float64))
    return tuple(names), np.array(values)


def _studies(folder: Path) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    found = [(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json"))]
    return tuple(entry for entry in found if isinstance(entry[1], dict))
