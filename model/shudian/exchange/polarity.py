"""Whether a cause raises or lowers its effect: the sign on each link of a diagram.

An equation's derivative is taken by differences at states that the model reaches under random numbers and
levers. It is a reading aid for diagrams; nothing is computed from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from shudian.draws import prior_draws
from shudian.equations.language import Expression
from shudian.kinds import Equation, Model
from shudian.structure import TIME

Array = NDArray[np.float64]

_STATES, _SEED = 48, 20230101
_STEP, _MONTHS, _LOOK = 0.25, 90, 6
"""Months between two steps, months in all, months between two looks at the derivatives."""
_AGREE = 0.75
"""Share of the states in which a link acts that must agree on its sign."""

_OPERATIONS: Mapping[str, Callable[..., Array]] = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "negate": np.negative,
    "power": np.power, "exp": np.exp, "log": np.log, "minimum": np.minimum, "maximum": np.maximum, "less": np.less,
    "where": np.where,
}  # fmt: skip


@cache
def polarities(model: Model) -> Mapping[tuple[str, str], int]:
    """(cause, effect) -> 1 where a rise of the cause raises the effect, -1 where it lowers it, 0 where it depends.

    For a stock the effect is its rate of change.
    """
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    with np.errstate(all="ignore"):
        values = _beginning(model)
        for step in range(int(_MONTHS / _STEP) + 1):
            values[TIME] = np.full(_STATES, step * _STEP)
            for equation in model.dynamic:
                values[equation.name] = _value(equation.expression, values)
            if step % int(_LOOK / _STEP) == 0:
                for equation in model.equations:
                    for cause in equation.causes:
                        up, down = counts.get((cause, equation.name), (0, 0))
                        rises, falls = _signs(equation, cause, values)
                        counts[cause, equation.name] = up + rises, down + falls
            rates = {stock.name: _value(stock.expression, values) for stock in model.stocks}
            for name, rate in rates.items():
                values[name] = values[name] + _STEP * rate
    return {link: (up > _AGREE * (up + down)) - (down > _AGREE * (up + down)) for link, (up, down) in counts.items()}


def _beginning(model: Model) -> dict[str, Array]:
    """Random numbers and levers, and the stocks with which they begin."""
    draws = prior_draws(model, _STATES, _SEED)
    values: dict[str, Array] = dict(zip(draws.names, draws.values, strict=True))
    chance = np.random.default_rng(_SEED)
    for parameter in model.scheduled:
        values[parameter.name] = parameter.low + (parameter.high - parameter.low) * chance.random(_STATES)
    values[TIME] = np.zeros(_STATES)
    for equation in model.static:
        values[equation.name] = _value(equation.expression, values)
    return values | {stock.name: values[stock.initial] for stock in model.stocks}


def _signs(equation: Equation, cause: str, values: Mapping[str, Array]) -> tuple[int, int]:
    """In how many states the effect rises with its cause, and in how many it falls."""
    step = 1e-4 * np.abs(values[cause]) + 1e-9
    above = _value(equation.expression, {**values, cause: values[cause] + step})
    below = _value(equation.expression, {**values, cause: values[cause] - step})
    change = above - below
    change = np.where(np.abs(change) > 1e-11 * (np.abs(above) + np.abs(below)), change, 0.0)
    return int((change > 0).sum()), int((change < 0).sum())


def _value(node: Expression, values: Mapping[str, Array]) -> Array:
    if node.operation == "variable":
        return values[node.name]
    if node.operation == "constant":
        return np.full(_STATES, node.value)
    operands = [_value(operand, values) for operand in node.operands]
    if node.operation == "by_year":
        return operands[min(int(values[TIME][0] // 12), len(operands) - 1)]
    return np.asarray(_OPERATIONS[node.operation](*operands))
