"""The answer in sentences: what was found, what the good mixes have in common, and how far to trust it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from shudian.analysis.design import Design, Found, Habit
from shudian.analysis.design_goal import Goal
from shudian.kinds import Language, Parameter
from shudian.parameters import DATE
from shudian.quantities import write_month
from shudian.report.render.numbers import percent, significant
from shudian.report.words.captions import amount, joined
from shudian.report.words.finding_text import question_basis
from shudian.units import conversion, display_unit, reader_unit, with_unit
from shudian.wording import say


def headline(found: Design, language: Language) -> str:
    """Whether the target is reached, by what at which cost, or how near the best comes."""
    return _say_outcome("", found, language)


def short_headline(found: Design, language: Language) -> str:
    """The same in the length of a figure's title."""
    return _say_outcome("_short", found, language)


def _say_outcome(ending: str, found: Design, language: Language) -> str:
    goal, best = found.problem.goal, found.best
    return say(
        f"design_{outcome(found)}{ending}",
        language,
        target=target_text(goal, language),
        wanted=_share(goal.probability),
        chance=percent(best.fresh.probability, found.fresh),
        cost=money(best.fresh.cost.median, language),
        base=percent(found.base.fresh.probability, found.fresh),
        base_cost=money(found.base.fresh.cost.median, language),
        start=write_month(found.problem.box.start),
        budget=money(goal.budget, language) if goal.budget is not None else say("design_any_budget", language),
    )


def outcome(found: Design) -> Literal["nothing_allowed", "out_of_reach", "barely", "reached"]:
    """Of which kind the answer is."""
    goal, best = found.problem.goal, found.best
    if not best.kept_word or (goal.budget is not None and best.search.cost > goal.budget):
        return "nothing_allowed"
    if not best.reaches:
        return "out_of_reach"
    # what the search believed is not enough: fresh draws must bear it out
    return "barely" if best.fresh.probability < goal.probability - best.fresh.error else "reached"


def paragraphs(found: Design, language: Language) -> list[str]:
    """Everything that stands below the table, a paragraph each."""
    return [
        _mix(found, language),
        _optimism(found, language),
        *_cheaper(found, language),
        _common(found, language),
        _swings(found, language),
        *limits(found, language),
        say("design_counted", language, year=found.problem.goal.year, start=write_month(found.problem.box.start)),
        basis(found, language),
    ]


def target_text(goal: Goal, language: Language) -> str:
    """The target in a few words: `2027年分摊口径达到100亿元`."""
    return say(
        f"design_target_{goal.reading}",
        language,
        what=goal.label.text(language),
        amount=amount(goal.threshold, goal.unit, language),
        year=goal.year,
    )


def basis(found: Design, language: Language) -> str:
    """City, what the draws rest on, and how many of them were used for what."""
    problem = found.problem
    draws = say(
        "design_draws", language, searched=f"{found.searched:,}", fresh=f"{found.fresh:,}", runs=f"{found.runs:,}"
    )
    city, digest = found.model.city, found.model.digest
    return question_basis(problem.grounds, city, digest, draws, problem.seed, language)


def money(cost: float, language: Language) -> str:
    """A cost in 亿元 as it is written in running text."""
    return f"{significant(cost)}亿元" if language == "zh" else f"{significant(cost * 100, 0)} million yuan"


def value_text(parameter: Parameter, value: float, language: Language) -> str:
    """A lever's value with its unit."""
    if parameter.display_unit == DATE:
        return write_month(value) if value < parameter.high else say("design_never", language)
    if parameter.unit == "1":
        return f"{value:g}" if parameter.whole else f"{round(value * 100, 1):g}%"
    unit = reader_unit(parameter.display_unit, language)
    return with_unit(f"{float(f'{value / conversion(unit, parameter.unit):.3g}'):,g}", unit, language)


def mix_text(found: Design, mix: Found, language: Language) -> str:
    """The levers in which a mix departs from the base package, with their values."""
    levers = [(found.model.parameters[name], value) for name, value in mix.changes.items()]
    parts = [
        f"{lever.label.text(language)} {value_text(lever, value, language)}" for lever, value in levers if value != 0
    ]
    cut = [lever.label.text(language) for lever, value in levers if value == 0]
    if cut:
        parts.append(say("design_cut", language, levers=joined(cut, language, "、", ", ")))
    return joined(parts, language) if parts else say("design_no_change", language)


def _mix(found: Design, language: Language) -> str:
    best = found.best
    return say(
        "design_mix",
        language,
        mix=mix_text(found, best, language),
        base=found.problem.box.base.title.text(language),
        start=write_month(found.problem.box.start),
        owed=money(best.fresh.owed.median, language),
        low=money(best.fresh.cost.low, language),
        high=money(best.fresh.cost.high, language),
        over="" if found.problem.goal.budget is None else _over_text(best, language),
    )


def _over_text(best: Found, language: Language) -> str:
    return say("design_over", language, share=f"{best.fresh.over_budget * 100:z.0f}%")


def _optimism(found: Design, language: Language) -> str:
    best = found.best
    return say(
        "design_optimism",
        language,
        search=f"{best.search.probability * 100:z.1f}%",
        fresh=f"{best.fresh.probability * 100:z.1f}%",
        points=_points(best.optimism),
        error=f"{best.fresh.error * 100:z.1f}",
        gain=_points(best.fresh.gain),
        gain_error=f"{best.fresh.gain_error * 100:z.1f}",
    )


def _cheaper(found: Design, language: Language) -> list[str]:
    if not found.best.reaches or not found.cheaper:
        return []
    names = [f.scenario.title.text(language) for f in found.cheaper[:3]]
    return [say("design_cheaper", language, count=len(found.cheaper), names=joined(names, language, "、", ", "))]


def _common(found: Design, language: Language) -> str:
    habits = found.habits
    told = {way: [h for h in habits if h.way == way] for way in ("raised", "lowered")}
    told["mixed"] = [h for h in habits if h.way == "mixed" and h.matters]
    parts = [say(f"design_way_{way}", language, levers=_habits(some, language)) for way, some in told.items() if some]
    # where a lever does not matter, from what to what it varies says nothing
    names = {
        "idle": [h for h in habits if h.way == "mixed" and not h.matters],
        "kept": [h for h in habits if h.way == "kept"],
    }
    for way, some in names.items():
        if some:
            levers = joined([h.parameter.label.text(language) for h in some], language, "、", ", ")
            parts.append(say(f"design_way_{way}", language, levers=levers))
    key = "design_common" if found.best.reaches else "design_common_nearest"
    return say(key, language, count=found.good) + joined(parts, language) + ("。" if language == "zh" else ".")


def _habits(habits: Sequence[Habit], language: Language) -> str:
    parts = []
    for habit in habits:
        ends = dict.fromkeys(value_text(habit.parameter, v, language) for v in (habit.low, habit.high))
        span = joined(list(ends), language, "至", " to ")
        usual = value_text(habit.parameter, habit.usual, language)
        parts.append(say("design_habit", language, lever=habit.parameter.label.text(language), span=span, usual=usual))
    return joined(parts, language, "、", ", ")


def _swings(found: Design, language: Language) -> str:
    moving = sorted((h for h in found.habits if h.matters), key=lambda h: -abs(h.swing))
    idle = [h.parameter.label.text(language) for h in found.habits if not h.matters]
    told = [f"{h.parameter.label.text(language)} {_points(h.swing)}" for h in moving]
    return say(
        "design_swings",
        language,
        moving=joined(told, language, "、", ", ") or say("design_none", language),
        idle=joined(idle, language, "、", ", ") or say("design_none", language),
    )


def limits(found: Design, language: Language) -> list[str]:
    """What the best mix cannot carry: what rests on priors, and levers beyond the evidence."""
    kept, every = found.unlearned
    gain = found.best.fresh
    texts = [say("design_prior", language, kept=kept, all=every, gain=_points(gain.gain))]
    if found.above:
        parts = [
            say(
                "design_above",
                language,
                lever=known.lever.label.text(language),
                value=value_text(known.lever, found.best.changes[known.lever.name], language),
                most=value_text(known.lever, known.high, language),
                figure=known.high_from,
            )
            for known in found.above
        ]
        texts.append(say("design_beyond", language, levers=joined(parts, language)))
    if found.silent:
        names = [parameter.label.text(language) for parameter in found.silent]
        texts.append(say("design_silent", language, levers=joined(names, language, "、", ", ")))
    return texts


def _points(change: float) -> str:
    return f"{change * 100:+z.1f}".replace("-", "−")


def _share(probability: float) -> str:
    return f"{probability * 100:g}%"


def unit_of(parameter: Parameter) -> str:
    """The unit in which a lever's column is written; empty for a pure number or a date."""
    return "" if parameter.unit == "1" or parameter.display_unit == DATE else display_unit(parameter.display_unit)
