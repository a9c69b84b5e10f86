"""Which point of a sweep is best where each of two contested forms is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from shudian.analysis.contested_forms import ContestedForm
from shudian.analysis.structures import LEAST
from shudian.draws import Array, Draws


@dataclass(frozen=True, slots=True)
class FormBest:
    """The best point in the draws in which a contested form is nil, and in the others."""

    form: ContestedForm
    share: float
    """Of the draws in which it is nil."""
    best: tuple[int | None, int | None]
    """Where it is nil and otherwise: the point with the greatest mean benefit; None in fewer than LEAST draws."""
    lost: tuple[float | None, float | None]
    """亿元: what the best point of all draws brings less than that, in those draws, in the mean."""
    told: tuple[bool, bool]
    """Whether that can be told from nil among all forms."""


def best_by_form(forms: Sequence[ContestedForm], draws: Draws, benefits: Array) -> tuple[FormBest, ...]:
    """The FormBest of each form, of `benefits`, [point, draw], of the first of `draws`."""
    count = benefits.shape[1]
    overall = int(benefits.mean(axis=1).argmax())
    limit = NormalDist().inv_cdf(1 - 0.025 / max(1, 2 * len(forms) * len(benefits)))
    found = []
    for form in forms:
        nil = form.is_nil(draws)[:count]
        best: list[int | None] = []
        lost: list[float | None] = []
        told = []
        for group in (nil, ~nil):
            if group.sum() < LEAST:
                best.append(None)
                lost.append(None)
                told.append(False)
                continue
            inside = benefits[:, group]
            point = int(inside.mean(axis=1).argmax())
            behind = inside[point] - inside[overall]
            best.append(point)
            lost.append(float(behind.mean()))
            told.append(bool(behind.mean() > limit * behind.std() / np.sqrt(behind.size)))
        found.append(FormBest(form, float(nil.mean()), (best[0], best[1]), (lost[0], lost[1]), (told[0], told[1])))
    return tuple(found)
