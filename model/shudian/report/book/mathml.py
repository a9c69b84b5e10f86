"""An equation set as mathematics: MathML from the expression tree, every name a link to what it stands for.

The language's `ratio` and `smooth_minimum` are shown as the one step that they are; what each means is said once, in
the book's legend. A long sum or product is set as several formulas in a row, so that a line can break between them.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from shudian.equations.language import TINY, Expression
from shudian.explain import as_ratio, as_smooth_minimum
from shudian.quantities import FIRST_YEAR

Named = Callable[[str], Markup]
"""An identifier -> how it is written: HTML that may be a link."""
_SIGN = {"add": "+", "subtract": "−", "multiply": "·", "less": "<"}
_RANK = {"less": 0, "add": 1, "subtract": 1, "negate": 1, "multiply": 2}
_STRONGEST = 4
_CALLED = {"exp": "exp", "log": "ln", "minimum": "min", "maximum": "max"}
_OVER = Markup("<mo>/</mo>")
_LONG = 90
"""Characters of plain text from which on a formula is set in pieces."""


def equation_markup(left: Markup, node: Expression, named: Named) -> Markup:
    """`left` = the formula of `node`, in one piece or, where it is long, in several."""
    pieces = _pieces(node, named)
    whole = Markup("<math><mrow>{}<mo>=</mo>{}</mrow></math>").format(left, pieces[0])
    return Markup(" ").join([whole, *(Markup("<math><mrow>{}</mrow></math>").format(piece) for piece in pieces[1:])])


def name_markup(text: str, address: str) -> Markup:
    """A name inside a formula, as a link to `address`, or bare where there is none."""
    if not address:
        return Markup("<mtext>{}</mtext>").format(text)
    return Markup('<mtext><a href="{}">{}</a></mtext>').format(address, text)


def _pieces(node: Expression, named: Named) -> list[Markup]:
    """The formula, cut at signs and commas if it is long, so that a line can end there."""
    whole = _set(node, named)[0]
    if len(whole.striptags()) <= _LONG or as_ratio(node):
        return [whole]
    if smooth := as_smooth_minimum(node):
        sharpness, capacities = smooth
        head = Markup("<msub><mi>softmin</mi>{}</msub>").format(_row(_set(sharpness, named)[0]))
        return _enclosed(head, _in_turn(capacities, named))
    if node.operation in _CALLED:
        return _enclosed(Markup("<mi>{}</mi>").format(_CALLED[node.operation]), _in_turn(node.operands, named))
    if node.operation == "divide":
        above, below = node.operands
        return [*_enclosed(Markup(""), _pieces(above, named)), _OVER + _bracketed(below, _STRONGEST, named)]
    if node.operation not in ("add", "subtract", "multiply"):
        return [whole]
    rank = _RANK[node.operation]
    left, right = (
        _enclosed(Markup(""), pieces) if _RANK.get(operand.operation, _STRONGEST) < least else pieces
        for operand, least, pieces in zip(
            node.operands, (rank, rank + (node.operation == "subtract")), (_pieces(o, named) for o in node.operands),
            strict=True,
        )
    )  # fmt: skip
    return [*left, _sign(node) + right[0], *right[1:]]


def _in_turn(operands: tuple[Expression, ...], named: Named) -> list[Markup]:
    """The operands of a call one after another, with commas between them."""
    found: list[Markup] = []
    for place, operand in enumerate(operands):
        pieces = _pieces(operand, named)
        comma = Markup("<mo>,</mo>") if place < len(operands) - 1 else Markup("")
        found += [*pieces[:-1], pieces[-1] + comma]
    return found


def _enclosed(head: Markup, pieces: list[Markup]) -> list[Markup]:
    """`pieces` in brackets behind `head`; the brackets stand in different pieces, and so keep their height."""
    first, *others = pieces
    opened = [head + Markup('<mo stretchy="false">(</mo>') + first, *others]
    return [*opened[:-1], opened[-1] + Markup('<mo stretchy="false">)</mo>')]


def _set(node: Expression, named: Named) -> tuple[Markup, int]:
    """The formula and how strongly it binds."""
    short = _idiom(node, named)
    if short:
        return short
    if node.operation == "variable":
        return named(node.name), _STRONGEST
    if node.operation == "constant":
        return Markup("<mn>{}</mn>").format("0" if node.value == TINY else f"{node.value:g}"), _STRONGEST
    if node.operation == "divide":
        above, below = node.operands
        return _divided(above, below, named), _STRONGEST
    if node.operation == "power":
        base, exponent = node.operands
        raised = Markup("<msup>{}{}</msup>")
        return raised.format(_row(_bracketed(base, _STRONGEST, named)), _row(_set(exponent, named)[0])), _STRONGEST - 1
    if node.operation == "negate":
        return Markup("<mo>−</mo>") + _bracketed(node.operands[0], _RANK["multiply"], named), _RANK["negate"]
    if node.operation in _SIGN:
        return _joined(node, named), _RANK[node.operation]
    if node.operation == "by_year":
        return _by_year(node, named), _STRONGEST
    if node.operation == "where":
        return _cases(node, named), _STRONGEST
    return _call(_CALLED[node.operation], node.operands, named), _STRONGEST


def _idiom(node: Expression, named: Named) -> tuple[Markup, int] | None:
    if ratio := as_ratio(node):
        above, below, otherwise = ratio
        fraction = _divided(above, below, named)
        if otherwise.operation == "constant" and otherwise.value == 0:
            return fraction, _STRONGEST
        told = Markup("<msub><mrow><mo>[</mo>{}<mo>]</mo></mrow><mrow><mtext>0:</mtext>{}</mrow></msub>")
        return told.format(fraction, _set(otherwise, named)[0]), _STRONGEST
    if smooth := as_smooth_minimum(node):
        sharpness, capacities = smooth
        inner = Markup("<mo>,</mo>").join(_set(capacity, named)[0] for capacity in capacities)
        told = Markup("<msub><mi>softmin</mi>{}</msub><mrow><mo>(</mo>{}<mo>)</mo></mrow>")
        return told.format(_row(_set(sharpness, named)[0]), inner), _STRONGEST
    return None


def _divided(above: Expression, below: Expression, named: Named) -> Markup:
    return Markup("<mfrac>{}{}</mfrac>").format(_row(_set(above, named)[0]), _row(_set(below, named)[0]))


def _joined(node: Expression, named: Named) -> Markup:
    left, right = node.operands
    rank = _RANK[node.operation]
    sign = _sign(node)
    return _bracketed(left, rank, named) + sign + _bracketed(right, rank + (node.operation == "subtract"), named, True)


def _bracketed(node: Expression, least: int, named: Named, behind: bool = False) -> Markup:
    """The formula in brackets if it binds less than `least`, or begins with a minus `behind` another sign."""
    text, rank = _set(node, named)
    if rank >= least and not (behind and node.operation == "negate"):
        return text
    return Markup("<mrow><mo>(</mo>{}<mo>)</mo></mrow>").format(text)


def _sign(node: Expression) -> Markup:
    """The sign between two operands, with room around it, which a dot between names would not have."""
    return Markup('<mo lspace="0.25em" rspace="0.25em">{}</mo>').format(_SIGN[node.operation])


def _row(text: Markup) -> Markup:
    return Markup("<mrow>{}</mrow>").format(text)


def _call(name: str, operands: tuple[Expression, ...], named: Named) -> Markup:
    inner = Markup("<mo>,</mo>").join(_set(operand, named)[0] for operand in operands)
    return Markup("<mrow><mi>{}</mi><mo>(</mo>{}<mo>)</mo></mrow>").format(name, inner)


def _by_year(node: Expression, named: Named) -> Markup:
    rows = [
        Markup("<mtr><mtd><mn>{}</mn><mo>:</mo></mtd><mtd>{}</mtd></mtr>").format(FIRST_YEAR + year, _set(o, named)[0])
        for year, o in enumerate(node.operands)
    ]
    return Markup("<mrow><mo>{{</mo><mtable>{}</mtable></mrow>").format(Markup("").join(rows))


def _cases(node: Expression, named: Named) -> Markup:
    condition, then, otherwise = (_set(operand, named)[0] for operand in node.operands)
    rows = Markup("<mtr><mtd>{}</mtd><mtd>{}</mtd></mtr><mtr><mtd>{}</mtd><mtd><mo>…</mo></mtd></mtr>")
    table = rows.format(then, condition, otherwise)
    return Markup("<mrow><mo>{{</mo><mtable>{}</mtable></mrow>").format(table)
