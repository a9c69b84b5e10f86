"""The functions that an edited file may use, in one closed list: what each means, and how it is said to PySD.

PySD's own reading of a function is used only where it is right. The rest is written out in stocks and arithmetic, as
the manuals define it: https://www.vensim.com/documentation/vensim_functions.html and XMILE 1.0, section 3.5
(https://docs.oasis-open.org/xmile/xmile/v1.0/xmile-v1.0.html). What is known and not run stands in `REFUSED` with
what to write instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pysd.translators.structures import abstract_expressions as syntax

from shudian.exchange.equation_text import Spelling
from shudian.exchange.pysd_syntax import PYSD_CALLS
from shudian.kinds import NO_WORDS, Phrase, PhraseError

_TIME, _STEP = syntax.ReferenceStructure("time"), syntax.ReferenceStructure("time_step")


class Helper(Protocol):
    """What a meaning may add to the model that is run."""

    def stock(self, flow: Callable[[Any], Any], initial: Any) -> Any:
        """A new stock whose net flow follows from itself."""

    def variable(self, tree: Any) -> Any:
        """A new auxiliary, so that what is used twice is computed once."""

    def constant(self, tree: Any) -> float | None:
        """What `tree` comes to if it is the same at all times."""


class MeaningError(PhraseError):
    """A use of a function that is not run; says what to write instead as a phrase that follows a semicolon."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function of one spelling."""

    takes: tuple[int, ...]
    """How many arguments it may have."""
    meaning: Callable[..., Any]
    """The tree that says to PySD what the function means, from a Helper and its arguments."""


def call(name: str, *arguments: Any) -> syntax.CallStructure:
    """A call of one of PySD's functions that mean what the list says."""
    assert PYSD_CALLS[name] == len(arguments)
    return syntax.CallStructure(syntax.ReferenceStructure(name), arguments)


def _arithmetic(operator: str, left: Any, right: Any) -> Any:
    return syntax.ArithmeticStructure([operator], (left, right))


def _plus(left: Any, right: Any) -> Any:
    return _arithmetic("+", left, right)


def _minus(left: Any, right: Any) -> Any:
    return _arithmetic("-", left, right)


def _times(left: Any, right: Any) -> Any:
    return _arithmetic("*", left, right)


def _over(left: Any, right: Any) -> Any:
    return _arithmetic("/", left, right)


def _same(name: str, arguments: int) -> Function:
    return Function((arguments,), lambda _, *parts: call(name, *parts))


def _where(left: Any, operator: str, right: Any, then: Any, otherwise: Any) -> Any:
    return call("if_then_else", syntax.LogicStructure([operator], (left, right)), then, otherwise)


def _smooth(helper: Helper, order: int, given: Any, time: Any, initial: Any) -> Any:
    """A chain of stocks that each approach the one before in a part of `time`."""

    def approach(level: Any) -> Any:
        return _over(_times(_minus(given, level), float(order)), time)

    time, initial = helper.variable(time), helper.variable(initial)
    for _ in range(order):
        given = helper.stock(approach, initial)
    return given


def _delay(helper: Helper, order: int, given: Any, time: Any, initial: Any) -> Any:
    """A chain of stocks that each let a part of `time` pass before they let out what came in."""
    part, initial = helper.variable(_over(time, float(order))), helper.variable(initial)

    def pass_on(level: Any) -> Any:
        return _minus(given, _over(level, part))

    for _ in range(order):
        given = _over(helper.stock(pass_on, _times(initial, part)), part)
    return given


def _ordered(helper: Helper, order: Any) -> int:
    number = helper.constant(order)
    if number is None or number != int(number) or not 1 <= number <= 20:
        raise MeaningError("its order is a whole number from 1 to 20")
    return int(number)


def _delay_n(helper: Helper, given: Any, time: Any, initial: Any, order: Any) -> Any:
    if helper.constant(time) is None:
        raise MeaningError("tools differ while its time changes; write DELAY3I or a time that stays")
    return _delay(helper, _ordered(helper, order), given, time, initial)


def _delay_fixed(helper: Helper, given: Any, time: Any, initial: Any) -> Any:
    length, step = helper.constant(time), helper.constant(_STEP)
    if length is None or not step or length < step or abs(length / step - round(length / step)) > 1e-6:
        raise MeaningError("its time is a number that stays and holds a whole number of time steps")
    return syntax.DelayFixedStructure(helper.variable(given), time, _times(initial, 1.0))


def _trend(helper: Helper, given: Any, time: Any, initial: Any) -> Any:
    given, time = helper.variable(given), helper.variable(time)
    start = _over(given, _plus(1.0, _times(initial, time)))
    average = helper.stock(lambda level: _over(_minus(given, level), time), start)
    return call("zidz", _minus(given, average), _times(time, call("abs", average)))


def _forecast(helper: Helper, given: Any, time: Any, horizon: Any) -> Any:
    given, time = helper.variable(given), helper.variable(time)
    average = _smooth(helper, 1, given, time, given)
    growth = call("zidz", _minus(given, average), _times(time, average))
    return _times(given, _plus(1.0, _times(growth, horizon)))


def _sample(helper: Helper, condition: Any, given: Any, initial: Any) -> Any:
    return syntax.SampleIfTrueStructure(condition, helper.variable(given), _times(initial, 1.0))


def _initial(helper: Helper, given: Any) -> Any:
    return syntax.InitialStructure(helper.variable(given))


def _previous(helper: Helper, given: Any, initial: Any) -> Any:
    return syntax.DelayFixedStructure(helper.variable(given), _STEP, _times(initial, 1.0))


def _integer(_: Helper, given: Any) -> Any:
    # towards zero, and a decimal number, where PySD's own would start a stock with a whole one
    return call("quantum", given, 1.0)


def _floor(helper: Helper, given: Any) -> Any:
    # XMILE: the next smaller whole number
    given = helper.variable(given)
    whole = helper.variable(call("quantum", given, 1.0))
    return _where(whole, ">", given, _minus(whole, 1.0), whole)


def _quantum(_: Helper, given: Any, unit: Any) -> Any:
    return _times(call("quantum", given, unit), 1.0)


def _modulo(helper: Helper, given: Any, divisor: Any) -> Any:
    given = helper.variable(given)
    return _minus(given, call("quantum", given, divisor))


def _remainder(helper: Helper, given: Any, divisor: Any) -> Any:
    # XMILE: never negative
    given, size = helper.variable(given), helper.variable(call("abs", divisor))
    rest = helper.variable(_minus(given, _times(size, call("quantum", _over(given, size), 1.0))))
    return _where(rest, "<", 0.0, _plus(rest, size), rest)


def _safe_division(helper: Helper, given: Any, divisor: Any, otherwise: Any = 0.0) -> Any:
    # XMILE: only what is exactly nothing is nothing
    divisor = helper.variable(divisor)
    return _where(divisor, "=", 0.0, otherwise, _over(given, divisor))


def _pulse(_: Helper, start: Any, width: Any) -> Any:
    # a width of nothing is one time step
    return _times(call("pulse", start, call("max", width, _STEP)), 1.0)


def _pulse_train(_: Helper, start: Any, width: Any, interval: Any, end: Any) -> Any:
    return _times(call("pulse_train", start, interval, width, end), 1.0)


def _xmile_pulse(_: Helper, volume: Any, start: Any, interval: Any = 0.0) -> Any:
    name = "Xpulse" if interval == 0.0 else "Xpulse_train"
    between = () if interval == 0.0 else (interval,)
    return _times(call(name, start, *between, volume), 1.0)


def _xmile_ramp(_: Helper, slope: Any, start: Any, end: Any = None) -> Any:
    return call("Xramp", slope, start) if end is None else call("ramp", slope, start, end)


def _started(meaning: Callable[..., Any], order: int) -> Function:
    return Function((2, 3), lambda helper, given, time, initial=None: meaning(
        helper, order, given, time, given if initial is None else initial
    ))  # fmt: skip


def _exactly(meaning: Callable[..., Any], order: int, takes: int) -> Function:
    return Function((takes,), _started(meaning, order).meaning)


def _n_last(meaning: Callable[..., Any]) -> Function:
    # XMILE's order of arguments: input, time, order, initial value
    return Function((3, 4), lambda helper, given, time, order, initial=None: meaning(
        helper, given, time, given if initial is None else initial, order
    ))  # fmt: skip


def _smooth_n(helper: Helper, given: Any, time: Any, initial: Any, order: Any) -> Any:
    return _smooth(helper, _ordered(helper, order), given, time, initial)


_ONE = ("abs", "arccos", "arcsin", "arctan", "cos", "exp", "ln", "sin", "sqrt", "tan")
_COMMON: Mapping[str, Function] = {
    **{name: _same(name, 1) for name in _ONE},
    "max": _same("max", 2),
    "min": _same("min", 2),
    "if_then_else": _same("if_then_else", 3),
    "step": _same("step", 2),
}
FUNCTIONS: Mapping[Spelling, Mapping[str, Function]] = {
    "mdl": {
        **_COMMON,
        **{name: _same(name, 1) for name in ("sinh", "cosh", "tanh")},
        "log": _same("log", 2),
        "power": _same("power", 2),
        "xidz": _same("xidz", 3),
        "zidz": _same("zidz", 2),
        "integer": Function((1,), _integer),
        "quantum": Function((2,), _quantum),
        "modulo": Function((2,), _modulo),
        "game": Function((1,), lambda _, given: given),
        "pulse": Function((2,), _pulse),
        "pulse_train": Function((4,), _pulse_train),
        "ramp": _same("ramp", 3),
        "initial": Function((1,), _initial),
        "active_initial": Function((2,), lambda helper, given, start: call(
            "active_initial", helper.variable(given), start
        )),
        "sample_if_true": Function((3,), _sample),
        "delay_fixed": Function((3,), _delay_fixed),
        "delay1": _exactly(_delay, 1, 2),
        "delay1i": _exactly(_delay, 1, 3),
        "delay3": _exactly(_delay, 3, 2),
        "delay3i": _exactly(_delay, 3, 3),
        "delay_n": Function((4,), _delay_n),
        "smooth": _exactly(_smooth, 1, 2),
        "smoothi": _exactly(_smooth, 1, 3),
        "smooth3": _exactly(_smooth, 3, 2),
        "smooth3i": _exactly(_smooth, 3, 3),
        "smooth_n": Function((4,), _smooth_n),
        "trend": Function((3,), _trend),
        "forecast": Function((3,), _forecast),
    },
    "xmile": {
        **_COMMON,
        "log10": Function((1,), lambda _, given: call("log", given, 10.0)),
        "int": Function((1,), _floor),
        "mod": Function((2,), _remainder),
        "safediv": Function((2, 3), _safe_division),
        "pulse": Function((2, 3), _xmile_pulse),
        "ramp": Function((2, 3), _xmile_ramp),
        "init": Function((1,), _initial),
        "previous": Function((2,), _previous),
        "delay": Function((2, 3), lambda helper, given, time, initial=None: _delay_fixed(
            helper, given, time, given if initial is None else initial
        )),
        "delay1": _started(_delay, 1),
        "delay3": _started(_delay, 3),
        "delayn": _n_last(_delay_n),
        "smth1": _started(_smooth, 1),
        "smth3": _started(_smooth, 3),
        "smthn": _n_last(_smooth_n),
        "trend": Function((2, 3), lambda helper, given, time, initial=0.0: _trend(helper, given, time, initial)),
        "forcst": Function((3,), _forecast),
    },
}  # fmt: skip
TABLES: Mapping[str, str] = {
    "lookup": "", "lookup_extrapolate": "extrapolate", "lookup_forward": "look_forward",
    "lookup_backward": "hold_backward",
}  # fmt: skip
"""Functions of a table and a place in it, and how they read between its points; empty if as the table says."""

_CHANCE = Phrase("a run with chance in it cannot be repeated; write its mean, and give what is uncertain a parameter")
_DATA = Phrase("it needs data from other files, which are not read; write a table, WITH LOOKUP(Time, ((0,1),(96,2)))")
_ARRAY = Phrase("it works on subscripts, which are not run here; write the sum or the choice out")
_ALLOCATION = Phrase("an allocation is not run here; write each share as an equation")
_MATERIAL = Phrase("write DELAY3, or the stocks and flows of its stages")
REFUSED: Mapping[str, Phrase] = {
    **dict.fromkeys((
        "random_0_1", "random_uniform", "random_normal", "random_exponential", "random_beta", "random_binomial",
        "random_gamma", "random_lookup", "random_negative_binomial", "random_pink_noise", "random_poisson",
        "random_triangular", "random_weibull", "random", "normal", "lognormal", "exprnd", "poisson", "uniform",
        "beta", "binomial", "gamma", "geometric", "logistic", "montecarlo", "negbinomial", "pareto", "triangular",
        "weibull",
    ), _CHANCE),
    **dict.fromkeys((
        "get_xls_data", "get_xls_constants", "get_xls_lookups", "get_xls_subscript", "get_direct_data",
        "get_direct_constants", "get_direct_lookups", "get_direct_subscript", "get_data_at_time",
        "get_data_between_times", "get_data_first_time", "get_data_last_time", "get_data_max", "get_data_mean",
        "get_data_median", "get_data_min", "get_data_stdv", "get_data_total_points", "get_vdf_constants",
        "get_123_data", "get_123_constants", "get_odbc_data", "get_odbc_constants", "tabbed_array",
    ), _DATA),
    **dict.fromkeys((
        "elmcount", "invert_matrix", "prod", "sum", "vmax", "vmin", "vector_select", "vector_sort_order",
        "vector_reorder", "vector_rank", "vector_elm_map", "vector_lookup", "mean", "size", "stddev", "rank",
    ), _ARRAY),
    **dict.fromkeys((
        "allocate_available", "allocate_by_priority", "find_market_price", "demand_at_price", "supply_at_price",
    ), _ALLOCATION),
    **dict.fromkeys(("delay_batch", "delay_conveyor", "delay_material", "delay_profile"), _MATERIAL),
    **dict.fromkeys(("lookup_invert", "lookupinv"), Phrase("write a second table with x and y exchanged")),
    ":na:": Phrase("a missing value has no place in a run; write a number"),
    "integ": Phrase("a stock is a variable of its own; write name = INTEG(flow, initial value)"),
    "get_time_value": Phrase("it asks for the clock; write the expression with Time"),
    "a_function_of": Phrase("the equation is still to be written"),
}  # fmt: skip
"""Functions that are known and not run, with what to do instead."""


def advice(name: str, spelling: Spelling) -> Phrase:
    """What to write instead of a function that is not run; empty if it is in no list."""
    other: Spelling = "xmile" if spelling == "mdl" else "mdl"
    if name in REFUSED:
        return REFUSED[name]
    if name in FUNCTIONS[other]:
        return Phrase("it belongs to the other format of model files; look up its name in this one")
    return NO_WORDS


def wanted(name: str, count: int, spelling: Spelling) -> Phrase:
    """How many arguments the function `name` takes, in words, and which one takes `count`."""
    first, *others = FUNCTIONS[spelling][name].takes
    takes = Phrase("{first} or {second}", first=first, second=others[0]) if others else Phrase(str(first))
    started = FUNCTIONS[spelling].get(f"{name}i")
    if started is None or count not in started.takes:
        return takes
    other = f"{name.upper()}I"
    return Phrase("{count}, and with an initial value {other} takes {more}", count=takes, other=other, more=count)
