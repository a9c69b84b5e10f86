"""Have two spellings of one equation one form, and two different equations two?

Does NOT establish that equations which are equal by more than the order of terms and factors are found equal: a
distributed product or a cancelled term is a difference, and meant to be one.
"""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pysd.translators.vensim.vensim_element import Component

from shudian.exchange.forms import form, unit_form
from shudian.exchange.infix import infix

Tree = Any
BINARY: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": operator.pow,
    "MIN": min, "MAX": max,
}  # fmt: skip
TREES: st.SearchStrategy[Tree] = st.recursive(
    st.sampled_from(["a", "b", "c", 2.0, 3.0, 0.5]),
    lambda inner: st.tuples(st.sampled_from(list(BINARY)), inner, inner) | st.tuples(st.just("neg"), inner),
    max_leaves=8,
)
VALUES = ({"a": 1.2345, "b": 0.7654, "c": 2.3456}, {"a": 0.3141, "b": 1.7182, "c": 0.5772})


def written(tree: Tree) -> str:
    match tree:
        case (function, left, right) if function.isalpha():
            return f"{function}({written(left)}, {written(right)})"
        case (sign, left, right):
            return f"({written(left)} {sign} {written(right)})"
        case ("neg", inner):
            return f"(-{written(inner)})"
    return str(tree)


def worth(tree: Tree, values: Mapping[str, float]) -> float:
    match tree:
        case (sign, left, right):
            left, right = worth(left, values), worth(right, values)
            result = BINARY[sign](left, right)
            if not isinstance(result, float):
                raise ValueError("not a real number")
            return result
        case ("neg", inner):
            return -worth(inner, values)
    return values[tree] if isinstance(tree, str) else tree


def parsed(text: str) -> Any:
    component = Component("x", ([], []), text)
    component.parse()
    return component.ast


def turned(tree: Tree, signs: str, chance: random.Random) -> Tree:
    """The tree with the two sides of some of the operations in `signs` exchanged."""
    match tree:
        case (sign, left, right):
            sides = (turned(left, signs, chance), turned(right, signs, chance))
            return (sign, *(sides[::-1] if sign in signs.split() and chance.random() < 0.5 else sides))
        case ("neg", inner):
            return ("neg", turned(inner, signs, chance))
    return tree


@given(tree=TREES, chance=st.randoms(use_true_random=False))
def test_the_order_of_what_is_added_or_multiplied_does_not_matter(tree: Tree, chance: random.Random) -> None:
    assert form(parsed(written(tree))) == form(parsed(written(turned(tree, "+ * MIN MAX", chance))))


@settings(max_examples=300)
@given(tree=TREES, chance=st.randoms(use_true_random=False))
def test_equations_of_one_form_have_one_value(tree: Tree, chance: random.Random) -> None:
    other = turned(tree, "+ - * / ^ MIN MAX", chance)
    same = form(parsed(written(tree))) == form(parsed(written(other)))
    try:
        pairs = [(worth(tree, values), worth(other, values)) for values in VALUES]
    except (ArithmeticError, ValueError):
        return
    if any(not math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6) for a, b in pairs):
        assert not same


@given(tree=TREES)
def test_an_equation_is_shown_as_it_is(tree: Tree) -> None:
    read = parsed(written(tree))
    assert form(parsed(infix(read))) == form(read)


def test_units_are_compared_by_what_they_mean() -> None:
    alike = (
        ("wanyuan/month/month", "wanyuan/(month*month)", "万元/月/月", "Wanyuan * Months^-2", "wanyuan/month**2"),
        ("Dmnl", "dmnl", "1", "dimensionless", "month/months"),
        ("1/month", "month^-1", "Dmnl / month"),
        ("clip/(", "CLIP/( "),
    )
    forms = [{unit_form(unit) for unit in group} for group in alike]
    assert [len(group) for group in forms] == [1] * len(alike)
    assert len(set.union(*forms)) == len(alike)
    assert unit_form("") != unit_form("Dmnl")
