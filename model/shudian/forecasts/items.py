"""What a register foretells: which numbers will be printed, of which years, quarters and days."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shudian.indicators import Rule
from shudian.kinds import Figure, Label, Place
from shudian.observe.reports import Quantity, Report
from shudian.observe.rules import Rules
from shudian.parameters import HOME
from shudian.paths import seeds_folder

YEARS = (2025, 2026, 2027)
"""Every item is foretold for each of them, unless the posterior was fitted to just that number."""
PARTED = (2026, 2027)
"""Years of which the quarters, or the ends of the half-years, are foretold too."""

_SHARE = "%"

Parts = Literal["none", "quarters", "halves"]
"""Into what a year is parted: flows and shares into quarters, numbers of firms and people into half-years' ends."""
_QUARTERS = (("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31"))


@dataclass(frozen=True, slots=True)
class Item:
    """A kind of number that is printed again and again."""

    indicator: str
    geography: str
    definition: str
    unit: str
    parts: Parts = "none"

    @property
    def key(self) -> tuple[str, str, str]:
        """Indicator, geography, definition."""
        return self.indicator, self.geography, self.definition


# No market abroad: no variable of the model counts it, and observation.toml has no rule for it.
ITEMS = (
    Item("market", HOME, "local_output", "亿元", "quarters"),
    Item("market", HOME, "allocated_market", "亿元", "quarters"),
    Item("market", HOME, "content_market", "亿元"),
    Item("firms", HOME, "registered_firms", "家", "halves"),
    Item("firms", HOME, "active_firms", "家", "halves"),
    Item("firms_over_100_million", HOME, "market_scale", "家"),
    Item("firms_over_100_million", HOME, "billings", "家"),
    Item("workers", HOME, "heads", "人", "halves"),
    Item("workers", HOME, "full_time_equivalents", "人"),
    Item("titles_reviewed", HOME, "reviewed_titles", "部/月", "quarters"),
    Item("titles_filed", HOME, "filings", "部/月", "quarters"),
    Item("titles_made", HOME, "industry_estimate", "部/月", "quarters"),
    Item("titles_share", HOME, "industry_estimate", "%"),
    Item("crews_per_day", HOME, "crews_on_set", "剧组", "quarters"),
    Item("market", "china", "gross_market", "亿元", "quarters"),
    Item("market", "china", "paid_market", "亿元"),
    Item("market", "china", "ad_market", "亿元"),
    Item("market", "china", "manju", "亿元", "quarters"),
    Item("market", "china", "market_with_manju", "亿元", "quarters"),
    Item("market_share", "china", "ad_market", "%"),
    Item("market_share", "china", "manju", "%"),
    Item("titles_online", "china", "all_titles", "部"),
    Item("titles_online", "china", "live_titles", "部", "quarters"),
    Item("titles_online", "china", "ai_titles", "部", "quarters"),
    Item("titles_online", "china", "titles_with_ai", "部", "quarters"),
    Item("titles_online", "china", "manju", "部"),
    Item("titles_made", "china", "industry_estimate", "部/月"),
    Item("titles_share", "china", "live_titles", "%", "quarters"),
    Item("titles_share", "china", "ai_titles", "%", "quarters"),
    Item("plays_share", "china", "ai_titles", "%", "quarters"),
    Item("price_per_title", "china", "", "万元"),
    Item("production_cost", "china", "", "万元"),
    Item("production_cost", "china", "ai_titles", "万元"),
    Item("production_cost", "china", "ai_live_look", "万元"),
    Item("jobs_direct", "china", "direct_jobs", "万人"),
    Item("jobs_indirect", "china", "indirect_jobs", "万人"),
    Item("jobs_total", "china", "total_jobs", "万人"),
)
"""What is foretold."""


def to_be_printed(item: Item, rules: Rules, made: datetime.date) -> tuple[Figure, ...]:
    """The figures of `item` that a register made on `made` foretells, with a number in the place of the printed one."""
    place = "city" if item.geography == HOME else item.geography
    wanted = (item.indicator, place, item.definition)
    rule = next(r for r in rules.rules if (r.indicator, r.place, r.definition) == wanted)
    return tuple(_figure(item, rule, name, start, end, made) for name, start, end in periods(item))


def periods(item: Item) -> tuple[tuple[str, str, str], ...]:
    """Name, first and last day of each period of `item`; of what is read at an end, the last day is the one."""
    found = [(f"{year}", f"{year}-01-01", f"{year}-12-31") for year in YEARS]
    for year in PARTED:
        if item.parts == "quarters":
            quarters = enumerate(_QUARTERS, start=1)
            found += [(f"{year}Q{place}", f"{year}-{start}", f"{year}-{end}") for place, (start, end) in quarters]
        elif item.parts == "halves":
            found.append((f"{year}H1", f"{year}-01-01", f"{year}-06-30"))
    return tuple(found)


def is_fitted(report: Report, known: Sequence[Report]) -> bool:
    """Whether one of the `known` reports told for certain what `report` will tell: nothing is left to foretell."""
    wanted = _thing(report, report.alternatives[0].quantity)
    return any(
        _thing(other, other.alternatives[0].quantity) == wanted for other in known if len(other.alternatives) == 1
    )


def _thing(report: Report, quantity: Quantity) -> tuple[object, ...]:
    rule = report.rule
    start = quantity.end if quantity.reading == "end" else quantity.start
    return rule.indicator, rule.place, rule.definition, start, quantity.end


def _figure(item: Item, rule: Rule, name: str, start: str, end: str, made: datetime.date) -> Figure:
    what = "/".join(word for word in (item.geography, item.indicator, item.definition) if word)
    return Figure(
        identifier=f"{made}/{what}/{name}",
        indicator=item.indicator,
        label=Label("", ""),
        geography=item.geography,
        definition=item.definition,
        value=1.0,
        low=None,
        high=None,
        unit=item.unit,
        period_start=end if rule.reading == "end" else start,
        period_end=end,
        bound="exact",
        growth_percent=None if item.unit == _SHARE else 0.0,  # nobody prints by what part of itself a share grew
        phrase="",
        source="",
        grade="B",  # stands for none: what is foretold has the typical errors
        role="forecast",
        note="",
        place=Place(seeds_folder() / "register", 1),
    )
