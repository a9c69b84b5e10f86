"""How identifiers, units, numbers and texts are spelled in the files of other system-dynamics tools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from shudian.kinds import Equation, Label, Model, Parameter

PURE_NUMBER = "Dmnl"
"""Vensim's word for a unit of 1, which every reader of both formats knows."""

SECTORS: dict[str, Label] = {
    "market": Label("市场", "Market"),
    "location": Label("选址与份额", "Location and share"),
    "works": Label("作品", "Works"),
    "finance": Label("资金", "Finance"),
    "firms": Label("企业", "Firms"),
    "talent": Label("人才", "Talent"),
    "technology": Label("技术", "Technology"),
    "outreach": Label("出海与联动", "Going abroad and reaching out"),
    "policy": Label("政策", "Policy"),
    "outcomes": Label("结果", "Outcomes"),
    "levers": Label("政策杠杆", "Levers"),
    "assumptions": Label("外部假设", "Assumptions"),
    "switches": Label("回路开关", "Loop switches"),
}
"""Groups in the order in which a file lists them."""


def sectors(model: Model) -> tuple[str, ...]:
    """The sectors of `model`'s equations and parameters, in the order of `SECTORS`; others come last."""
    things: list[Equation | Parameter] = [*model.equations, *model.parameters.values()]
    present = dict.fromkeys(thing.sector for thing in things)
    return tuple(sorted(present, key=lambda name: [*SECTORS, *present].index(name)))


def sector_label(sector: str) -> Label:
    """The sector's name in both languages; a sector that is not shipped is called by its identifier."""
    return SECTORS.get(sector, Label(sector, sector))


def unit_text(unit: str) -> str:
    """An internal unit without powers: `wanyuan/month**2` becomes `wanyuan/month/month`."""
    if unit == "1":
        return PURE_NUMBER
    above, *below = unit.split("/")
    return "/".join(["*".join(_factors(above)), *(factor for part in below for factor in _factors(part))])


def _factors(product: str) -> Iterator[str]:
    for name, power in re.findall(r"([a-z]+|1)(?:\*\*(\d))?", product):
        yield from [name] * int(power or 1)


def number(value: float) -> str:
    """The shortest text that reads back as `value` to the bit, without a needless `.0`.

    Never with an exponent where decimals do: tools that break long lines break `1e-09` at its minus.
    """
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{Decimal(repr(value)):f}" if 1e-12 < abs(value) < 1e15 else repr(value)


def decimal(value: float) -> str:
    """`number`, but always with a point: PySD keeps the state of a stock that begins with an integer as integers."""
    text = number(value)
    return text if re.search(r"[.e]", text) else f"{text}.0"


def step(low: float, high: float) -> float:
    """What a slider from `low` to `high` moves by: about a hundredth of the way, in one digit."""
    return float(f"{(high - low) / 100:.0e}") or 1.0
