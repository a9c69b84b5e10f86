"""[[review]] in a scenario file: when the city looks at what, as it would see it, and what follows from that."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from shudian.evidence import load_vocabulary
from shudian.indicators import Indicators, Rule, load_indicators
from shudian.kinds import FigureReading, InputError, Label, Parameter, Phrase, Place, Review, Seen, Target
from shudian.mistakes import Mistakes
from shudian.now import NOW_WORDS, read_start_or_now
from shudian.parameters import DATE
from shudian.quantities import MONTHS, comparable, measured, placed, read_quantity, same_words, show, write_month
from shudian.reviews import months_read
from shudian.scenario_form import BRANCHES, REVIEW, RULES, THEN
from shudian.schedules import Schedule, find_parameter, read_schedules
from shudian.structure import load_model
from shudian.targets import load_targets
from shudian.toml_file import TomlFile, nearest
from shudian.units import internal_unit, unit_label

MOST = 3
"""Reviews of one scenario: each may double the number of its ways."""
COST_PER_JOB = "cost_per_job"
_KEYS = (
    "date", "indicator", "place", "definition", "target", *RULES, "delay", "bias", "error", "rounding", "after",
    *BRANCHES,
)  # fmt: skip
_LEVEL, _GROWTH = RULES[:2], RULES[2:]
_LONGEST_DELAY, _WIDEST_ERROR, _MOST_BIAS = 36.0, 10.0, 10.0


def read_reviews(
    file: TomlFile, parameters: Mapping[str, Parameter], now: float, first: float, past: Collection[Review] = ()
) -> tuple[Review, ...]:
    """The reviews that `file` writes, in the order of time; none where it has none.

    None of them may be before month `first` unless it is one of `past`. Raises InputError with the places of all
    mistakes at once.
    """
    entries = file.data.get(REVIEW, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        file.fail("a review begins with a line [[{key}]] of its own", REVIEW, key=REVIEW)
    if len(entries) > MOST:
        _too_many(file, len(entries), MOST)
    mistakes, found = Mistakes(), list[Review]()
    for number in range(len(entries)):
        with mistakes.noted():
            review = _Block(file, number, parameters, now).read()
            if review.date < first and review not in past:
                file.fail(
                    "the review of {date} is past, and what is decided now begins in {now} or later; give it a later "
                    "date, or write retrospective = true, in a workbook 是 (yes) beside 回溯 (Retrospective)",
                    REVIEW, str(number), "date",
                    date=write_month(review.date), now=write_month(first),
                )  # fmt: skip
            if found and review.date <= found[-1].date:
                file.fail(
                    "the review of {date} comes after that of {before}; write reviews in the order of time, each month "
                    "once", REVIEW, str(number), "date",
                    date=write_month(review.date), before=write_month(found[-1].date),
                )  # fmt: skip
            if review.after and not number:
                file.fail("the first review has none before it; leave “after” out", REVIEW, str(number), "after")
            found.append(review)
    mistakes.tell()
    return tuple(found)


def check_number(file: TomlFile, inherited: Sequence[Review], own: Sequence[Review]) -> None:
    """Raise InputError where what is left of a base's reviews and a file's own ones are too many together."""
    count = len(inherited) + len(own)
    if count > MOST:
        _too_many(file, count, MOST - len(inherited))


def _too_many(file: TomlFile, count: int, place: int) -> NoReturn:
    file.fail(
        "{count} reviews are too many, because each may double the ways that the future takes; write at most {most}",
        REVIEW, str(place),
        count=count, most=MOST,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Block:
    """One review as it is written."""

    file: TomlFile
    number: int
    parameters: Mapping[str, Parameter]
    now: float

    @property
    def table(self) -> dict[str, Any]:
        block: dict[str, Any] = self.file.data[REVIEW][self.number]
        return block

    def place(self, *keys: str) -> Place:
        return self.file.place(REVIEW, str(self.number), *keys)

    def fail(self, template: str, /, *keys: str, **values: object) -> NoReturn:
        raise InputError(template, **values).at(self.place(*keys))

    def read(self) -> Review:
        mistakes = Mistakes()
        for key in self.table:
            if key not in _KEYS:
                with mistakes.noted():
                    self.fail("“{key}” is not known here{nearest}", key, key=key, nearest=nearest(key, _KEYS))
        mistakes.tell()
        date = self._date()
        key = self._rule_key()
        target = self._target()
        rule = self._indicator(target)
        is_growth, is_cost = key in _GROWTH, rule is None
        if is_growth and (is_cost or target):
            self.fail(
                "“{key}” asks for the change on the year before, which has no place beside “{other}”; write “at_least” "
                "or “below”", key,
                key=key, other=COST_PER_JOB if is_cost else "target",
            )  # fmt: skip
        seen = self._seen(rule, target, is_growth)
        after = self._word("after", ("passed", "failed"))
        threshold = self._threshold(key, seen, is_growth or target is not None)
        asked: Literal["level", "growth", "cost_per_job"] = (
            "growth" if is_growth else "cost_per_job" if is_cost else "level"
        )
        passed, failed = self._branches(date)
        review = Review(
            date=date,
            seen=seen,
            asked=asked,
            at_least=key.endswith("at_least"),
            threshold=threshold,
            passed=passed,
            failed=failed,
            after=after,
            target=target.identifier if target else "",
            target_threshold=target.threshold if target else 1.0,
            place=self.place(),
        )
        with placed(self.place("date")):
            check_start(review)
        return review

    def _date(self) -> float:
        if "date" not in self.table:
            self.fail('“date” is missing; say when the review is, as in date = "2028-03"')
        written = self.table["date"]
        with placed(self.place("date")):
            later = _later(written)
            date = self.now + later if later is not None else read_start_or_now(str(written), self.now)
            if date >= MONTHS:
                raise InputError(
                    "{date} lies outside the horizon, which runs from {first} to {last}",
                    date=written, first=write_month(0), last=write_month(MONTHS - 1),
                )  # fmt: skip
        return date

    def _rule_key(self) -> str:
        keys = [key for key in RULES if key in self.table]
        if not keys:
            self.fail(
                "this review has no threshold; write one of {keys}, as in "
                'at_least = "60 亿元" or growth_at_least = 0.1',
                keys=RULES,
            )
        if len(keys) > 1:
            self.fail("“{one}” and “{other}” exclude each other; keep one", keys[1], one=keys[0], other=keys[1])
        return keys[0]

    def _target(self) -> Target | None:
        if "target" not in self.table:
            return None
        targets = {target.identifier: target for target in load_targets()}
        written = self.table["target"]
        for name, target in targets.items():
            if isinstance(written, str) and (name == written or _means(written, target.label)):
                return target
        self.fail(
            "there is no target {name}{nearest}", "target", name=show(written), nearest=nearest(str(written), targets)
        )

    def _indicator(self, target: Target | None) -> Rule | None:
        """The rule that is read; None for what a job costs."""
        if target:
            return self._measure(target)
        known, labels = load_indicators(), load_vocabulary()
        # what is a ratio to the year before is asked for as growth
        read = [rule for rule in known.rules if not rule.is_ratio]
        names = dict.fromkeys([*(rule.indicator for rule in read), COST_PER_JOB])
        if "indicator" not in self.table:
            self.fail('“indicator” is missing; say what is looked at, as in indicator = "market"')
        written = self.table["indicator"]
        meant = [name for name in names if _called(written, name, labels["indicator"].get(name))]
        if not meant:
            known_as = [labels["indicator"][name] for name in names if name in labels["indicator"]]
            offered = [*names, *(label.zh for label in known_as), *(label.en for label in known_as)]
            self.fail(
                "there is no indicator {name}{nearest}",
                "indicator",
                name=show(written),
                nearest=nearest(str(written), offered),
            )
        if meant[0] == COST_PER_JOB:
            return None
        rules = [rule for rule in read if rule.indicator == meant[0]]
        places = [*dict.fromkeys(rule.place for rule in rules)]
        place = self._word("place", places) or ("city" if "city" in places else places[0])
        rules = [rule for rule in rules if rule.place == place]
        return self._defined({rule.definition: rule for rule in rules}, labels["definition"])

    def _measure(self, target: Target) -> Rule:
        """How the target's own number is read: as the observation model reads its variable, or as the target does."""
        if "indicator" in self.table or "place" in self.table:
            key = "indicator" if "indicator" in self.table else "place"
            self.fail("“{one}” and “{other}” exclude each other; keep one", key, one="target", other=key)
        labels = load_vocabulary()["definition"]
        found = {}
        for definition, variable in target.definitions.items():
            rules = [rule for rule in load_indicators().rules if rule.variable == variable and rule.place == "city"]
            reading: FigureReading = "increase" if target.measure == "increase_over_year" else "end"
            plain = Rule("", "city", definition, variable, reading, "", 1.0, 0.0, 0.0, False, Label("", ""))
            found[definition] = next((rule for rule in rules if rule.factor_median == 1), plain)
        return self._defined(found, labels)

    def _defined(self, rules: Mapping[str, Rule], labels: Mapping[str, Label]) -> Rule:
        written = self.table.get("definition")
        if written is None and len(rules) == 1:
            return next(iter(rules.values()))
        if written is None:
            self.fail(
                "say under which definition it is counted: definition is one of {names}",
                "indicator",
                names=tuple(rules),
            )
        for name, rule in rules.items():
            if _called(written, name, labels.get(name)):
                return rule
        known_as = [labels[name] for name in rules if name in labels]
        near = nearest(str(written), [*rules, *(label.zh for label in known_as), *(label.en for label in known_as)])
        self.fail(
            "“{key}” cannot be {value}{nearest}", "definition", key="definition", value=show(written), nearest=near
        )

    def _seen(self, rule: Rule | None, target: Target | None, is_growth: bool) -> Seen:
        known = load_indicators()
        if rule is None:
            if "definition" in self.table or "place" in self.table:
                key = "definition" if "definition" in self.table else "place"
                self.fail("“{key}” has no place beside “{other}”; leave it out", key, key=key, other=COST_PER_JOB)
            heads = next(r for r in known.rules if (r.indicator, r.place) == ("workers", "city"))
            plain = Seen(COST_PER_JOB, "city", heads.definition, "", "increase", 1.0, "wanyuan/person", 0, 0, 0, 0)
            error = math.hypot(known.typical.level, heads.scope_sigma)
        else:
            plain = Seen(
                rule.indicator or (target.identifier if target else ""), rule.place, rule.definition, rule.variable,
                rule.reading, rule.factor_median, _unit(rule), 0, 0, 0, 0,
            )  # fmt: skip
            error = default_error(rule, known, is_growth)
        return Seen(
            plain.indicator, plain.place, plain.definition, plain.variable, plain.reading, plain.factor, plain.unit,
            self._months("delay", known.delay),
            self._share("bias", 0.0, -0.99, _MOST_BIAS),
            self._share("error", error, 0.0, _WIDEST_ERROR),
            self._rounding("1" if is_growth else plain.unit),
        )  # fmt: skip

    def _months(self, key: str, default: float) -> float:
        if key not in self.table:
            return default
        with placed(self.place(key)):
            months = _amount(
                self.table[key], "month", Phrase("a delay is in whole months, as in {example}", example='"3 个月"')
            )
            if not 0 <= months <= _LONGEST_DELAY or months != round(months):
                raise InputError(
                    "{value} cannot be a delay; write whole months from 0 to {most:g}",
                    value=show(self.table[key]), most=_LONGEST_DELAY,
                )  # fmt: skip
        return months

    def _share(self, key: str, default: float, low: float, high: float) -> float:
        if key not in self.table:
            return default
        with placed(self.place(key)):
            share = _amount(self.table[key], "1", Phrase('“{key}” is a share, as in 0.1 or "10 %"', key=key))
            if not low <= share <= high:
                raise InputError(
                    "“{key}” lies between {low:g} and {high:g}, and {value} does not",
                    key=key, low=low, high=high, value=show(self.table[key]),
                )  # fmt: skip
        return share

    def _rounding(self, unit: str) -> float:
        if "rounding" not in self.table:
            return 0.0
        with placed(self.place("rounding")):
            rounding = _amount(self.table["rounding"], unit, _expected("rounding", unit))
            if rounding < 0:
                raise InputError("{value} is below 0 and no step of rounding", value=show(self.table["rounding"]))
        return rounding

    def _threshold(self, key: str, seen: Seen, is_share: bool) -> float:
        unit = "1" if is_share else seen.unit
        with placed(self.place(key)):
            return _amount(self.table[key], unit, _expected(key, unit))

    def _word(self, key: str, allowed: Sequence[str]) -> Any:
        value = self.table.get(key)
        if value is not None and value not in allowed:
            self.fail(
                "“{key}” cannot be {value}{nearest}",
                key,
                key=key,
                value=show(value),
                nearest=nearest(str(value), allowed),
            )
        return value or ""

    def _branches(self, date: float) -> tuple[dict[str, Schedule], dict[str, Schedule]]:
        found = []
        for branch in BRANCHES:
            entries = self.table.get(branch, {})
            if not isinstance(entries, dict):
                self.fail("“{key}” is a table of levers: [{review}.{key}]", branch, key=branch, review=REVIEW)
            read = _branch_file(self.file, self.number, branch, entries, self.parameters, date)
            schedules = read_schedules(read, branch, ("lever",), self.parameters, date, date)
            for name, schedule in schedules.items():
                if schedule[0].start < date:
                    key = next(k for k in entries if find_parameter(k, self.parameters, ("lever",)).name == name)
                    self.fail(
                        "“{name}” is decided from {start} on, which is before the review of {date} that decides it",
                        branch, key, name=key, start=write_month(schedule[0].start), date=write_month(date),
                    )  # fmt: skip
            found.append(schedules)
        if not found[0] and not found[1]:
            self.fail(
                "this review decides nothing; write what follows in [{review}.passed], in [{review}.failed] or in both",
                review=REVIEW,
            )
        return found[0], found[1]


def check_start(review: Review) -> None:
    """Raise InputError where what `review` reads would begin before the model does."""
    if review.date < months_read(review):
        raise InputError(
            "{date} is too early: what this review reads would begin before {start}, where the model does",
            date=write_month(review.date),
            start=write_month(0),
        )


def default_error(rule: Rule, known: Indicators, is_growth: bool) -> float:
    """Standard deviation of the logarithm of a figure by `rule`, or of its ratio to the one of the year before.

    What is not known of the definition itself is part of a level, and of no growth rate of its own series.
    """
    if is_growth:
        return known.typical.growth
    return math.hypot(known.typical.level, rule.scope_sigma, rule.factor_sigma)


def _unit(rule: Rule) -> str:
    unit = load_model().unit_of(rule.variable)
    return internal_unit(f"{unit}*month") if rule.reading == "total" else unit


def _later(written: object) -> float | None:
    """The months after now that `now + 18 months` says; None for anything else."""
    if not isinstance(written, str):
        return None
    found = re.fullmatch(r"(.+?)\s*\+\s*(\d{1,3})\s*(个月|months?)", comparable(written).strip())
    is_now = found and any(same_words(found[1].casefold(), word) for word in NOW_WORDS)
    return float(found[2]) if found and is_now else None


def _called(written: object, name: str, label: Label | None) -> bool:
    return isinstance(written, str) and (written == name or (label is not None and _means(written, label)))


def _means(written: str, label: Label) -> bool:
    return same_words(written, label.zh) or same_words(written.casefold(), label.en.casefold())


def _expected(key: str, unit: str) -> Phrase:
    if unit == "1":
        return Phrase('“{key}” is a share, as in 0.1 or "10 %"', key=key)
    shown = {"wanyuan": "亿元", "wanyuan/month": "亿元/年"}.get(unit) or unit_label(unit, "zh")
    return Phrase("“{name}” is in {unit}, as in {example}", name=key, unit=shown, example=f'"10 {shown}"')


def _amount(written: object, unit: str, expected: Phrase) -> float:
    try:
        quantity = read_quantity(written)
    except InputError as error:
        raise InputError("{error}; {expected}", error=error.said, expected=expected) from None
    return measured(quantity, unit, unit, show(written), expected)


def _branch_file(
    file: TomlFile,
    number: int,
    branch: str,
    entries: Mapping[str, Any],
    parameters: Mapping[str, Parameter],
    date: float,
) -> TomlFile:
    """A branch as the file that its levers alone would be; a date that is that of the review is written out."""
    places = {
        (branch, *keys[3:]): place for keys, place in file.places.items() if keys[:3] == (REVIEW, str(number), branch)
    }
    places[()] = file.place(REVIEW, str(number), branch)
    dates = {p.name for p in parameters.values() if p.display_unit == DATE}
    dates |= {p.label.zh for p in parameters.values() if p.display_unit == DATE}
    data = {
        key: write_month(date)
        if comparable(key) in dates and any(same_words(str(entry).casefold(), word) for word in THEN)
        else entry
        for key, entry in entries.items()
    }
    return TomlFile(file.path, {branch: data}, places)
