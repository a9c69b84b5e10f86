"""What distinguishes an edited model file from a fresh export, in words: both versions of each thing, side by side."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import groupby

from shudian.amounts import amount_text
from shudian.exchange.differences import Change, Differences
from shudian.exchange.names import unit_text
from shudian.exchange.second_engine import SecondOpinion
from shudian.kinds import Language, Parameter
from shudian.quantities import write_month, write_number
from shudian.report.words.captions import joined
from shudian.report.words.explanation import range_text
from shudian.wording import say, width, wrap

_COLUMNS = 110
_LISTED_COMMENTS = 20
"""A tool that keeps no Chinese changes every comment; a list of them all would hide what matters."""
_TOKEN = re.compile(r"\(\d{4}-\d{2}\)|[\w.]+|\S")


def describe(differences: Differences, language: Language) -> str:
    """All differences, variable by variable, then what another tool has not kept and whose comments were rewritten."""
    about = {
        "path": differences.path,
        "scenario": differences.scenario.name,
        "title": differences.scenario.title.text(language),
    }
    groups = [list(group) for _, group in groupby(differences.changes, key=lambda change: change.name)]
    key = "difference_some" if groups else "difference_none"
    lines = [say(key, language, **about, count=len(differences.changes), variables=len(groups))]
    if differences.nearest:
        about = {"scenario": differences.scenario.name, "same": differences.nearest.same, "of": differences.nearest.of}
        lines.append(wrap(say("difference_nearest", language, **about), _COLUMNS))
    if differences.older:
        lines.append(say("difference_older", language))
    if differences.recalibrated:
        lines.append(say("difference_recalibrated", language))
    for changes in groups:
        lines += ["", _heading(changes[0], language), *(line for c in changes for line in _lines(c, language))]
    if differences.dropped:
        lines += ["", *(say(f"difference_dropped_{w}", language, count=n) for w, n in differences.dropped.items())]
    if differences.comments:
        lines += ["", _comments(differences.comments, language)]
    return "\n".join(line.rstrip() for line in lines)


def opinion_text(opinion: SecondOpinion, language: Language) -> str:
    """In one sentence, whether a second engine computes the same from the file."""
    parting = opinion.parting
    about = (
        {}
        if parting is None
        else {
            "name": parting.name,
            "month": write_month(parting.month),
            "ours": f"{parting.ours:.6g}",
            "theirs": f"{parting.theirs:.6g}",
        }
    )
    return wrap(say(f"second_engine_{opinion.verdict}", language, **about), _COLUMNS)


def _heading(change: Change, language: Language) -> str:
    return f"{change.name}  {change.subject.label.text(language)}" if change.subject else change.name


def _comments(names: tuple[str, ...], language: Language) -> str:
    listed = joined(names[:_LISTED_COMMENTS], language, "、", ", ") + ("…" if len(names) > _LISTED_COMMENTS else "")
    return wrap(say("difference_comments", language, count=len(names), names=listed), _COLUMNS)


def _lines(change: Change, language: Language) -> Iterator[str]:
    yield f"  {say(f'difference_{change.what}', language)}"
    if change.values:
        yield from _numbers(change, change.values, language)
    elif change.what in ("added", "removed"):
        yield from _version(change.what == "added", change.before or change.after, language)
        yield f"      {say('difference_in_unit', language, unit=_or_none(change.unit, language))}"
    else:
        yield from _version(False, _or_none(change.before, language), language)
        yield from _version(True, _or_none(change.after, language), language)
        if change.what == "equation":
            yield from _place(change.before, change.after, language)
    if isinstance(change.subject, Parameter) and change.what in ("value", "equation", "range", "removed"):
        yield f"      {_known(change.subject, language)}"


def _version(new: bool, text: str, language: Language) -> Iterator[str]:
    mark = say("difference_after" if new else "difference_before", language)
    first, *rest = wrap(text, _COLUMNS - 6 - width(mark)).split("\n")
    yield f"    {mark} {first}"
    yield from (f"    {' ' * width(mark)} {line}" for line in rest)


def _or_none(text: str, language: Language) -> str:
    return text or say("difference_nothing", language)


def _numbers(change: Change, values: tuple[float, float], language: Language) -> Iterator[str]:
    before, after = values
    old, new = (_amount(text, number, change, language) for text, number in zip(_texts(values), values, strict=True))
    share = (after - before) / abs(before) * 100 if before else math.nan
    yield from _version(False, old, language)
    yield from _version(
        True,
        new + (f"  {_percent(share)}" if math.isfinite(share) else ""),
        language,
    )
    subject = change.subject
    if isinstance(subject, Parameter) and not subject.low <= after <= subject.high:
        yield f"      {say('difference_outside', language, range=range_text(subject, language))}"


def _texts(values: tuple[float, float]) -> tuple[str, str]:
    """Both numbers with as many digits as tell them apart."""
    for digits in (6, 9):
        old, new = (write_number(float(f"{value:.{digits}g}")) for value in values)
        if old != new:
            return old, new
    return write_number(values[0]), write_number(values[1])


def _amount(text: str, number: float, change: Change, language: Language) -> str:
    """The number in the file's unit and, where people write it in another one, in theirs."""
    subject = change.subject
    if not isinstance(subject, Parameter):
        return text
    plain = text if subject.unit == "1" else f"{text} {unit_text(subject.unit)}"
    if subject.display_unit == subject.unit or not math.isfinite(number):
        return plain
    own = amount_text(number, subject, language)
    return plain if own in (plain, text) else say("difference_that_is", language, amount=plain, own=own)


def _place(before: str, after: str, language: Language) -> Iterator[str]:
    """The part between the first and the last word that differ, where it is much shorter than the equation."""
    old, new = (list(_TOKEN.finditer(text)) for text in (before, after))
    start = _common(old, new)
    end = min(_common(old[::-1], new[::-1]), len(old) - start, len(new) - start)
    parts = [_part(text, tokens[start : len(tokens) - end]) for text, tokens in ((before, old), (after, new))]
    if len(parts[0]) + len(parts[1]) < (len(before) + len(after)) / 2:
        shown = {"before": _or_none(parts[0], language), "after": _or_none(parts[1], language)}
        yield f"      {say('difference_place', language, **shown)}"


def _part(text: str, tokens: list[re.Match[str]]) -> str:
    return text[tokens[0].start() : tokens[-1].end()] if tokens else ""


def _common(old: list[re.Match[str]], new: list[re.Match[str]]) -> int:
    """How many words both begin with."""
    pairs = zip(old, new, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a[0] != b[0]), min(len(old), len(new)))


def _known(parameter: Parameter, language: Language) -> str:
    return say(
        "difference_uncertain" if parameter.prior else "difference_parameter",
        language,
        role=say(f"role_{parameter.role}", language),
        value=amount_text(parameter.value, parameter, language),
        range=range_text(parameter, language),
    )


def _percent(share: float) -> str:
    digits = f"{share:+z,.0f}" if abs(share) >= 100 else f"{share:+.3g}"
    return digits.replace("-", "−") + "%"
