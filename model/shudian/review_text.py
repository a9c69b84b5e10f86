"""Review -> the lines of a scenario file that say it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from shudian.kinds import Review
from shudian.plain_text import visible
from shudian.quantities import write_month, write_number
from shudian.review_file import COST_PER_JOB
from shudian.scenario_form import BRANCHES, REVIEW
from shudian.schedules import Schedule
from shudian.units import unit_label


def review_lines(review: Review, line: Callable[[str, Schedule], str]) -> Iterator[str]:
    """The lines of `review`, with every default written out; `line` writes the schedule of a lever."""
    seen = review.seen
    unit = "1" if review.asked == "growth" or review.target else seen.unit
    yield from ("", f"[[{REVIEW}]]", f'date = "{write_month(review.date)}"')
    if review.target:
        yield f"target = {quoted(review.target)}"
    else:
        yield f"indicator = {quoted(seen.indicator)}"
    if not review.target and seen.indicator != COST_PER_JOB:
        yield f"place = {quoted(seen.place)}"
    if seen.indicator != COST_PER_JOB:
        yield f"definition = {quoted(seen.definition)}"
    yield f"{rule_key(review)} = {amount_in(review.threshold, unit)}"
    yield f'delay = "{write_number(seen.delay)} 个月"'
    yield f"bias = {write_number(seen.bias)}"
    yield f"error = {write_number(seen.error)}"
    yield f"rounding = {amount_in(seen.rounding, '1' if review.asked == 'growth' else seen.unit)}"
    if review.after:
        yield f"after = {quoted(review.after)}"
    for branch in BRANCHES:
        levers = review.passed if branch == "passed" else review.failed
        if levers:
            yield f"[{REVIEW}.{branch}]"
            yield from (line(name, schedule) for name, schedule in levers.items())


def rule_key(review: Review) -> str:
    """The key under which the threshold of `review` is written."""
    return ("growth_" if review.asked == "growth" else "") + ("at_least" if review.at_least else "below")


def quoted(text: str) -> str:
    """`text` as TOML holds it; JSON's escapes are TOML's, and what acts or hides stands as one."""
    return visible(json.dumps(text, ensure_ascii=False))


def amount_in(value: float, unit: str) -> str:
    """An amount in an internal unit, as a scenario file has it."""
    label = unit_label(unit, "zh")
    return f'"{write_number(value)} {label}"' if label else write_number(value)
