"""Reviews in words: what is looked at, what follows, and how often each branch is taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from shudian.amounts import amount_text
from shudian.analysis.reviewing import Held
from shudian.evidence import load_vocabulary
from shudian.kinds import Language, Parameter, Review, Segment
from shudian.parameters import HOME
from shudian.quantities import write_month
from shudian.report.document import Table
from shudian.report.render.numbers import percent
from shudian.report.words.captions import amount, joined, within
from shudian.structure import load_model
from shudian.targets import load_targets
from shudian.wording import say


def review_text(review: Review, language: Language, city: str = HOME) -> str:
    """What a review looks at, how well it sees, and what follows."""
    parameters = load_model(city).parameters
    return say(
        "review_told",
        language,
        date=write_month(review.date),
        after=say(f"review_after_{review.after}", language) if review.after else "",
        rule=rule_text(review, language),
        seen=_seen(review, language),
        passed=_follows(review.passed, parameters, language),
        failed=_follows(review.failed, parameters, language),
    )


def rule_text(review: Review, language: Language) -> str:
    """What passes a review."""
    kind = {"growth": "growth", "cost_per_job": "cost", "level": "target" if review.target else "level"}[review.asked]
    key = f"review_{kind}_{'at_least' if review.at_least else 'below'}"
    return say(key, language, what=_what(review, language), threshold=_threshold(review, language))


def indicator_text(indicator: str, place: str, definition: str, language: Language) -> str:
    """What is looked at, and how it is counted."""
    words = load_vocabulary()
    labels = [(words["indicator"], indicator), (words["definition"], definition)]
    names = [within(table[name].text(language), language) if name in table else name for table, name in labels]
    if not definition:
        return names[0]
    key = "review_what_china" if place == "china" else "review_what"
    return say(key, language, indicator=names[0], definition=names[1])


def in_short(several: Sequence[Held], draws: int, language: Language) -> str:
    """How often reviews are passed and how often they are wrong, in two lines; what a single one asks for too."""
    told = [
        say(
            "review_short" if len(several) == 1 else "review_shorter",
            language,
            date=write_month(one.review.date),
            rule=rule_text(one.review, language),
            passed=percent(one.passed, draws),
            wrong=percent(one.wrong, draws),
        )
        for one in several
    ]
    listed = joined(told, language, "，", ", ")
    return listed if len(several) == 1 else say("review_several", language, reviews=listed)


def one_way_lines(found: Iterable[Held], draws: int, language: Language) -> Iterator[str]:
    """What to know of each review that went one way only in all of `draws`, or was held in none."""
    for one in found:
        key = {0.0: "failed", 1.0: "passed"}.get(one.passed) if one.held else "unheld"
        if key:
            date, count = write_month(one.review.date), round(one.held * draws)
            yield say(f"review_always_{key}", language, date=date, count=count, draws=draws)


def reviews_table(found: Iterable[tuple[str, Sequence[Held]]], draws: int, language: Language) -> Table:
    """The reviews of each package, by its title: what passes, and how often each branch is taken."""
    head = ("package", "review", "review_held", "review_passed", "review_failed", "review_wrong")
    rows = tuple(
        (
            title,
            f"{write_month(one.review.date)} {rule_text(one.review, language)}",
            *(percent(share, draws) for share in (one.held, one.passed, 1 - one.passed, one.wrong)),
        )
        for title, several in found
        for one in several
    )
    below = (say("below_reviews", language),)
    return Table(say("table_reviews", language), tuple(say(f"column_{k}", language) for k in head), rows, below=below)


def _what(review: Review, language: Language) -> str:
    if review.target:
        return next(t.label.text(language) for t in load_targets() if t.identifier == review.target)
    return indicator_text(review.seen.indicator, review.seen.place, review.seen.definition, language)


def _threshold(review: Review, language: Language) -> str:
    if review.asked == "growth" or review.target or review.seen.unit == "1":
        return _percent(review.threshold)
    return amount(review.threshold, review.seen.unit, language)


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"


def _seen(review: Review, language: Language) -> str:
    seen, more = review.seen, ""
    if seen.bias:
        direction = say("review_high" if seen.bias > 0 else "review_low", language)
        more += say("review_biased", language, direction=direction, bias=_percent(abs(seen.bias)))
    if seen.rounding:
        share = review.asked == "growth" or seen.unit == "1"
        step = _percent(seen.rounding) if share else amount(seen.rounding, seen.unit, language)
        more += say("review_rounded", language, rounding=step)
    return say("review_seen", language, delay=f"{seen.delay:g}", error=_percent(seen.error), more=more)


def _follows(levers: Mapping[str, tuple[Segment, ...]], parameters: Mapping[str, Parameter], language: Language) -> str:
    told = [
        say(
            "review_lever",
            language,
            lever=within(parameters[name].label.text(language), language),
            month=write_month(segment.start),
            value=amount_text(segment.value, parameters[name], language),
            ramp=say("review_ramp", language, months=f"{segment.ramp:g}") if segment.ramp else "",
        )
        for name, schedule in levers.items()
        for segment in schedule
    ]
    return joined(told, language, "，", ", ") or say("review_as_planned", language)
