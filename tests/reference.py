"""A second evaluator of equations, used only by tests: plain NumPy, one expression tree at a time.

It shares nothing with the kernel but the expression trees themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from shudian.equations.language import Expression
from shudian.kinds import Model

Array = NDArray[np.float64]
Values = dict[str, Array]


def evaluate(expression: Expression, values: Mapping[str, Array]) -> Array:
    """The value of `expression` given those of its variables, `time` among them."""
    if expression.operation == "variable":
        return values[expression.name]
    if expression.operation == "constant":
        return np.float64(expression.value)
    operands = [evaluate(operand, values) for operand in expression.operands]
    match expression.operation:
        case "where":
            return np.where(*operands)
        case "by_year":
            return operands[min(int(values["time"] // 12), len(operands) - 1)]
        case "negate":
            return -operands[0]
        case "minimum" | "maximum":
            a, b = operands
            smaller = a < b if expression.operation == "minimum" else b < a
            return np.where(np.isnan(a) | smaller, a, b)
        case "exp" | "log" | "less" | "add" | "subtract" | "multiply" | "divide" | "power":
            return getattr(np, expression.operation)(*operands)
    raise AssertionError(expression.operation)


def start(model: Model, fixed: Array) -> Values:
    """Values of the fixed parameters, static auxiliaries and stocks at the beginning."""
    values: Values = {parameter.name: fixed[i] for i, parameter in enumerate(model.fixed)}
    values["time"] = np.zeros(())
    for equation in model.static:
        values[equation.name] = evaluate(equation.expression, values)
    return values | {stock.name: values[stock.initial] for stock in model.stocks}


def everything(model: Model, values: Values, schedule: Array, time: float) -> Values:
    """`values` with those of the schedules, auxiliaries and flows at `time`; `by_year` is in static ones too."""
    values = values | {"time": np.float64(time)}
    values |= {parameter.name: schedule[i] for i, parameter in enumerate(model.scheduled)}
    for equation in model.static + model.dynamic:
        values[equation.name] = evaluate(equation.expression, values)
    return values


def derivatives(model: Model, values: Values, schedule: Array, time: float) -> Values:
    """Rate of change of each stock."""
    values = everything(model, values, schedule, time)
    return {stock.name: evaluate(stock.expression, values) for stock in model.stocks}


def integrate(
    model: Model,
    fixed: Array,
    schedules: Array,
    outputs: Sequence[str],
    *,
    months: int = 96,
    steps_per_month: int = 8,
    method: str = "euler",
) -> Array:
    """What `Kernel.run` returns, computed step by step."""
    result = np.empty((len(outputs), months + 1, fixed.shape[1]))
    step = 1 / steps_per_month
    with np.errstate(all="ignore"):
        values = start(model, fixed)
        for k in range(months * steps_per_month + 1):
            schedule = schedules[:, min(k, months * steps_per_month - 1)]
            time = k / steps_per_month
            if k % steps_per_month == 0:
                now = everything(model, values, schedule, time)
                for i, name in enumerate(outputs):
                    result[i, k // steps_per_month] = now[name]
            values = advance(model, values, schedule, time, step, method)
    return result


def advance(model: Model, values: Values, schedule: Array, time: float, step: float, method: str) -> Values:
    """The stocks one step later; schedule and time are those of the step's start in every stage."""
    first = derivatives(model, values, schedule, time)
    if method == "euler":
        return moved(values, first, step)
    second = derivatives(model, moved(values, first, step / 2), schedule, time)
    third = derivatives(model, moved(values, second, step / 2), schedule, time)
    fourth = derivatives(model, moved(values, third, step), schedule, time)
    total = {name: first[name] + 2 * second[name] + 2 * third[name] + fourth[name] for name in first}
    return moved(values, total, step / 6)


def moved(values: Values, rates: Values, step: float) -> Values:
    """`values` with each stock moved along its rate for `step` months."""
    return values | {name: values[name] + step * rate for name, rate in rates.items()}
