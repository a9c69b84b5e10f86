"""A sweep in sentences: what moves and by how much, what is best, what works only together, under which conditions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from shudian.amounts import amount_text
from shudian.analysis.design_limits import beyond_evidence
from shudian.analysis.discovery import Bound, Discovery
from shudian.analysis.reported import band
from shudian.analysis.sensitivity import Asked
from shudian.analysis.sweep import COST, JOBS, MEASURES, OUTPUT, Effect, Goal, Together
from shudian.analysis.sweep_space import Swept
from shudian.analysis.told import is_told
from shudian.answers.sweep import LEAST_TREE, Sweep
from shudian.evidence import load_figures
from shudian.kinds import Language
from shudian.quantities import write_month
from shudian.report.render.numbers import percent, worst_error
from shudian.report.words.captions import joined, spoken, within
from shudian.report.words.finding_text import question_basis
from shudian.wording import say, short

TOLD = (OUTPUT, JOBS, COST)
"""Outcomes of the headline, and beside the chances in tables and figures."""


def headline(found: Sweep, language: Language, every: bool = True) -> str:
    """How far the targets' chances move over the whole space: of all, or of the market and of those that move."""
    return say(
        "sweep_headline",
        language,
        package=found.base.title.text(language),
        start=write_month(found.start),
        levers=joined([swept_text(one, language) for one in found.space], language, "、", ", "),
        points=f"{found.points.size:,}",
        chances=joined(
            _chances(found, language, every) or [say("sweep_no_goal", language, year=found.request.by)], language
        ),
    )


def _chances(found: Sweep, language: Language, every: bool) -> list[str]:
    """Of each target, the definitions under which its chance moves, and those under which nothing can be told."""
    said = []
    for target in {goal.target.identifier: goal.target for goal in found.goals}.values():
        goals = [goal for goal in found.goals if goal.target is target]
        still = [goal for goal in goals if not moves(found, found.goals.index(goal))]
        said += [_chance(found, goal, language) for goal in goals if goal not in still]
        if still and (every or len(target.definitions) > 1):
            chances = [_still(found, goal, language) for goal in still]
            said.append(
                say(
                    "sweep_chance_still", language, target=target.label.text(language),
                    chances=joined(chances, language, "、", ", "),
                )
            )  # fmt: skip
    return said


def _still(found: Sweep, goal: Goal, language: Language) -> str:
    base = percent(base_chance(found, found.goals.index(goal)), found.draws)
    if len(goal.target.definitions) < 2:
        return base
    return say("sweep_chance_by", language, definition=definition_text(found, goal, language), base=base)


def range_lines(found: Sweep, language: Language) -> list[str]:
    """Between which medians the points' outcomes lie."""
    return [_range(found, found.outcome(name), language) for name in TOLD]


def swept_text(one: Swept, language: Language) -> str:
    """What is moved, and between which amounts."""
    low, high = (amount_text(value, one.parameter, language) for value in (one.low, one.high))
    return f"{one.parameter.label.text(language)} {low} – {high}"


def moves(found: Sweep, goal: int) -> bool:
    """Whether any point's chance can be told from that of the package as it is, among so many points."""
    limit = NormalDist().inv_cdf(1 - 0.025 / found.points.size)
    return bool((np.abs(found.points.gains[:, goal]) > limit * found.points.gain_errors[:, goal]).any())


def _chance(found: Sweep, goal: Goal, language: Language) -> str:
    place = found.goals.index(goal)
    chances = found.points.chances[:, place]
    base = base_chance(found, place)
    low, high, usual = (percent(float(value), found.draws) for value in (chances.min(), chances.max(), base))
    return say(
        "sweep_chance_moves", language, goal=goal_text(found, goal, language), low=low, high=high, base=usual
    )  # fmt: skip


def base_chance(found: Sweep, goal: int) -> float:
    """The chance of the package as it is."""
    one = found.goals[goal]
    return float((found.usual[one.outcome] >= one.target.threshold).mean())


def definition_text(found: Sweep, goal: Goal, language: Language) -> str:
    """The definition (口径) of a goal."""
    return within(short(found.world.definitions[goal.definition].text(language)), language)


def goal_text(found: Sweep, goal: Goal, language: Language) -> str:
    """A goal with its definition, where it has more than one."""
    label = goal.target.label.text(language)
    if len(goal.target.definitions) < 2:
        return label
    inside = definition_text(found, goal, language)
    return f"{label}（{inside}）" if language == "zh" else f"{label} ({inside})"


def outcome_text(asked: Asked, language: Language) -> str:
    """What an outcome is called, with its year."""
    if asked.name in {name for name, *_ in MEASURES[:-1]}:
        return say(f"measure_{asked.name}", language, year=asked.year, since=asked.year)
    return say("sensitivity_level", language, year=asked.year, label=asked.label.text(language))


def _range(found: Sweep, outcome: int, language: Language) -> str:
    asked, medians = found.asked[outcome], found.points.levels[:, outcome, 1]
    low, high = (spoken(float(value), asked.unit, language) for value in (medians.min(), medians.max()))
    return say("sweep_outcome_range", language, what=outcome_text(asked, language), low=low, high=high)


def point_text(found: Sweep, point: int, language: Language) -> str:
    """A point by the amounts of what is moved."""
    parts = [
        f"{one.parameter.label.text(language)} {amount_text(float(value), one.parameter, language)}"
        for one, value in zip(found.space, found.points.values[point], strict=True)
    ]
    return joined(parts, language, "、", ", ")


def best_text(found: Sweep, language: Language) -> str:
    """The point with the greatest expected net benefit, and whether that can be told from the package as it is."""
    best = found.best
    spread = band(found.benefits[best])
    mean, low, high = (
        spoken(value, "亿元", language) for value in (found.benefits[best].mean(), spread.low, spread.high)
    )
    return say(
        "sweep_best" if is_told(spread, "亿元") else "sweep_best_untold",
        language, year=found.request.by, value=f"{found.request.value:g}", point=point_text(found, best, language),
        benefit=mean, low=low, high=high,
    )  # fmt: skip


def regret_text(found: Sweep, language: Language) -> str:
    """In how many draws that point is the best, and what the best of each draw would bring more."""
    best = found.best
    share = percent(float(found.points.best[best]), found.points.kept.shape[2])
    return say(
        "sweep_regret", language, share=share, regret=spoken(float(found.points.regrets[best, 0]), "亿元", language)
    )


def kept_text(found: Sweep, language: Language) -> str:
    """That only some draws carry the comparison of points; empty where all do."""
    kept = found.points.kept.shape[2]
    return say("sweep_few_kept", language, kept=f"{kept:,}") if kept < found.draws else ""


def basis(found: Sweep, language: Language) -> str:
    """City, what the draws rest on, and how many points and draws were run."""
    counted = say("sweep_basis", language, points=f"{found.points.size:,}", draws=f"{found.draws:,}")
    world = found.world
    return question_basis(world.grounds, world.city, world.model.digest, counted, found.request.seed, language)


def sampling_error(found: Sweep) -> str:
    """The greatest standard error of a chance, in points."""
    return f"{100 * worst_error(found.draws):z.1f}"


def limits(found: Sweep, language: Language) -> list[str]:
    """Where the space lies beyond what any document prints."""
    ends = {one.parameter.name: one.high for one in found.space if one.parameter.role == "lever"}
    above, silent = beyond_evidence(ends, found.world.model, load_figures())
    said = []
    if above:
        names = [evidence.lever.label.text(language) for evidence in above]
        said.append(say("sweep_beyond", language, levers=joined(names, language, "、", ", ")))
    if silent:
        names = [lever.label.text(language) for lever in silent]
        said.append(say("sweep_assumed", language, levers=joined(names, language, "、", ", ")))
    return said


def pair_lines(found: Sweep, language: Language) -> list[str]:
    """The pairs that bring more or less together than apart, or that none does."""
    if len(found.space) < 2:
        return [say("sweep_pairs_one", language)]
    told = [_pair(found, pair, language) for pair in found.pairs if pair.told]
    return told or [say("sweep_pairs_none", language)]


def _pair(found: Sweep, pair: Together, language: Language) -> str:
    more = pair.beyond.mean * pair.both.mean > 0
    key = "only" if pair.only_together else "more" if more else "less"

    def end(one: Swept, value: float) -> str:
        return f"{one.parameter.label.text(language)} {amount_text(value, one.parameter, language)}"

    first, second = (_effect(found, pair.outcome, effect, language) for effect in pair.alone)
    beyond = Effect(abs(pair.beyond.mean), pair.beyond.error)
    return say(
        f"sweep_pair_{key}",
        language, one=end(pair.one, pair.ends[0]), other=end(pair.other, pair.ends[1]),
        what=pair_outcome(found, pair.outcome, language), first=first, second=second,
        both=_effect(found, pair.outcome, pair.both, language), beyond=_effect(found, pair.outcome, beyond, language),
    )  # fmt: skip


def pair_outcome(found: Sweep, name: str, language: Language) -> str:
    """What an outcome or goal of a pair is called."""
    for goal in found.goals:
        if goal.name == name:
            return goal_text(found, goal, language)
    return outcome_text(found.asked[found.outcome(name)], language)


def _effect(found: Sweep, name: str, effect: Effect, language: Language) -> str:
    if any(goal.name == name for goal in found.goals):
        points = f"{100 * effect.mean:+z.1f}".replace("-", "−")
        return f"{points}个百分点" if language == "zh" else f"{points} points"
    return spoken(effect.mean, found.asked[found.outcome(name)].unit, language)


def box_lines(found: Sweep, language: Language) -> list[str]:
    """Under which conditions each goal is reached, the first box of each."""
    if not found.discoveries and found.goals:
        return [say("sweep_boxes_few", language, least=LEAST_TREE)]
    return [_box(found, goal, one, language) for goal, one in zip(found.goals, found.discoveries, strict=True)]


def _box(found: Sweep, goal: Goal, discovery: Discovery, language: Language) -> str:
    share = percent(discovery.share, found.draws)
    name = goal_text(found, goal, language)
    if not discovery.boxes:
        return say("sweep_box_none", language, goal=name, share=share)
    box = discovery.boxes[0]
    return say(
        "sweep_box", language, goal=name, share=share,
        bounds=joined([bound_text(bound, language) for bound in box.bounds], language, "、", ", "),
        density=percent(box.density, found.draws), error=f"{100 * box.error:z.0f}",
        coverage=f"{100 * box.coverage:z.0f}%",
    )  # fmt: skip


def bound_text(bound: Bound, language: Language) -> str:
    """Between which amounts a factor lies, and whether anybody chooses it."""
    ends = {
        side: amount_text(value, bound.parameter, language) if math.isfinite(value) else ""
        for side, value in (("low", bound.low), ("high", bound.high))
    }
    key = "between" if all(ends.values()) else "above" if ends["low"] else "below"
    said = say(f"sweep_bound_{key}", language, what=bound.parameter.label.text(language), **ends)
    return said if bound.chosen else say("sweep_bound_world", language, bound=said)


def form_lines(found: Sweep, language: Language) -> list[str]:
    """Where another point is best under one of two contested forms, as far as that can be told."""
    said = []
    for one in found.forms:
        for side, text in enumerate((one.form.when_nil, one.form.otherwise)):
            best, lost = one.best[side], one.lost[side]
            if one.told[side] and best is not None and lost is not None:
                said.append(
                    say(
                        "sweep_form", language, form=one.form.label.text(language), end=text.text(language),
                        point=point_text(found, best, language), lost=spoken(lost, "亿元", language),
                    )
                )  # fmt: skip
    return said or [say("sweep_forms_none", language)]


def command_for(found: Sweep) -> str:
    """The command that runs the best point by itself."""
    levers = [one.parameter for one in found.space if one.parameter.role == "lever"]
    amounts = dict(zip([one.parameter.name for one in found.space], found.points.values[found.best], strict=True))
    sets = [f'--set "{lever.name}={amount_text(float(amounts[lever.name]), lever, "zh")}"' for lever in levers]
    return " ".join(["shudian run", found.request.package, *sets])


def chosen_rows(found: Sweep, count: int) -> Sequence[int]:
    """The points with the greatest expected net benefit."""
    order = np.argsort(-found.benefits.mean(axis=1), kind="stable")
    return [int(point) for point in order[:count]]
