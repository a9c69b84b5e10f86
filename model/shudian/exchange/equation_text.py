"""An equation's text, in Vensim's spelling or XMILE's, read by precedence into PySD's abstract syntax.

PySD has a parser of its own, which is not used: it reads `a :AND: b :OR: c` as `a AND (b OR c)`, `-2 ^ 2` as 4 and
`7 MOD 3 * 2` as `7 MOD 6`, knows XMILE's words in one case only, and evaluates parts of the text as Python.
Precedence: https://docs.oasis-open.org/xmile/xmile/v1.0/xmile-v1.0.html, section 3.3.1, and
https://www.vensim.com/documentation/operators.html. Where a reader could take an equation in two ways, or tools
differ, it is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from typing import Any, Literal

from pysd.translators.structures import abstract_expressions as syntax

from shudian.exchange.variables import identifier
from shudian.kinds import PhraseError

Spelling = Literal["mdl", "xmile"]

_DEEPEST = 50
"""Far more than people write; each level takes several calls of this reader and of PySD's builder."""
_MOST_POINTS = 10_000
"""Far more than people write; a run looks each up by itself."""
_NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_NAME = {"mdl": r"[^\W\d][\w'$]*(?:\s+[\w'$]+)*", "xmile": r"[^\W\d][\w$.]*"}
_WORDS = {"mdl": (":AND:", ":OR:", ":NOT:", ":NA:"), "xmile": ("AND", "OR", "NOT", "MOD", "IF", "THEN", "ELSE")}
_TOKEN = {
    spelling: re.compile(
        r"(?P<space>(?:\s|\\(?=\s)|\{[^}]*\})+)"
        rf"|(?P<number>{_NUMBER})"
        r'|(?P<quoted>"(?:\\.|[^"\\])*")'
        r"|(?P<text>'[^']*')"
        rf"|(?P<word>{'|'.join(_WORDS[spelling]) if spelling == 'mdl' else '(?!)'})"
        rf"|(?P<name>{_NAME[spelling]})"
        rf"|(?P<sign><>|<=|>={'|//' if spelling == 'xmile' else ''}|[-+*/^<>=(),\[\]])",
        re.IGNORECASE,
    )
    for spelling in _NAME
}
_COMPARISONS = ("=", "<>", "<=", "<", ">=", ">")
_SHOWN = 30


class EquationError(PhraseError):
    """An equation that cannot be read; says what is wrong as a phrase that follows a semicolon."""


def read_equation(text: str, spelling: Spelling) -> Any:
    """The right side of an equation; raises EquationError.

    Functions stand in the tree as calls by the name that the file uses, whatever they mean. XMILE's `IF a THEN b
    ELSE c` is a call of `if_then_else`, its `a MOD b` one of `mod`.
    """
    reader = _Reader(text, spelling)
    tree = reader.expression()
    reader.end()
    return tree


def read_table(text: str) -> syntax.LookupsStructure:
    """A table as Vensim writes it, `([(0,0)-(10,1)],(0,0),(10,1))`; raises EquationError."""
    reader = _Reader(text, "mdl")
    tree = reader.table()
    reader.end()
    return tree


def table_of(xs: Sequence[float], ys: Sequence[float], kind: str = "interpolate") -> syntax.LookupsStructure:
    """A table through these points; raises EquationError unless there are two, and x never falls."""
    if len(xs) != len(ys) or len(xs) < 2:
        raise EquationError("a table has two points or more, and as many x as y")
    if len(xs) > _MOST_POINTS:
        raise EquationError("a table has at most {most} points; leave some out", most=_MOST_POINTS)
    if any(after < before for before, after in pairwise(xs)):
        raise EquationError("the points of a table are in the order of x, from the smallest on")
    limits = ((min(xs), max(xs)), (min(ys), max(ys)))
    return syntax.LookupsStructure(tuple(xs), tuple(ys), *limits, kind)


class _Reader:
    """What is left of an equation; each method takes one thing off its front."""

    def __init__(self, text: str, spelling: Spelling) -> None:
        self.text, self.spelling = text, spelling
        self.tokens = list(_tokens(text, spelling))
        self.place = self.depth = 0

    def expression(self) -> Any:
        return self._logical(":OR:", lambda: self._logical(":AND:", self._not))

    def end(self) -> None:
        if self.place < len(self.tokens):
            self._fail()

    def table(self) -> syntax.LookupsStructure:
        self._need("(")
        if self._take("["):
            while not self._take("]"):
                if self._next()[0] != "number" and self._next()[1] not in ("-", "+", "(", ")", ","):
                    self._fail()
                self.place += 1
            self._need(",")
        numbers: list[float] = []
        pairs = self._next()[1] == "("
        while True:
            if pairs:
                self._need("(")
                numbers.append(self._signed())
                self._need(",")
            numbers.append(self._signed())
            if pairs:
                self._need(")")
            if not self._take(","):
                break
        self._need(")")
        if pairs:
            return table_of(numbers[::2], numbers[1::2])
        # Vensim's older form: all x, then all y
        return table_of(numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :])

    def _signed(self) -> float:
        sign = -1 if self._any(("-", "+")) == "-" else 1
        return sign * self._number()

    def _number(self) -> float:
        kind, text, _ = self._next()
        if kind != "number":
            self._fail()
        self.place += 1
        if not math.isfinite(float(text)):
            raise EquationError("the number {number} is too large", number=text[:_SHOWN])
        return float(text)

    def _logical(self, operator: str, operand: Callable[[], Any]) -> Any:
        parts = [operand()]
        while self._take(operator):
            parts.append(operand())
        return parts[0] if len(parts) == 1 else syntax.LogicStructure([operator] * (len(parts) - 1), tuple(parts))

    def _not(self) -> Any:
        if not self._take(":NOT:"):
            return self._comparison()
        with self._deeper():
            twice = self._next()[1] == ":NOT:"
            negated = self._not() if twice else self._sum()
        if not twice and self._any(_COMPARISONS):
            # some tools negate a before they compare
            word = ":NOT:" if self.spelling == "mdl" else "NOT"
            raise EquationError("{word} stands before a comparison without brackets; write {word} (a < b)", word=word)
        return syntax.LogicStructure([":NOT:"], (negated,))

    def _comparison(self) -> Any:
        left = self._sum()
        operator = self._any(_COMPARISONS)
        if not operator:
            return left
        right = self._sum()
        if self._any(_COMPARISONS):
            joined = ":AND:" if self.spelling == "mdl" else "AND"
            raise EquationError("two comparisons stand in a row; write a < b {joined} b < c", joined=joined)
        return syntax.LogicStructure([operator], (left, right))

    def _sum(self) -> Any:
        return self._chain(self._product(), ("+", "-"), self._product)

    def _product(self) -> Any:
        # XMILE's MOD and its division // have the rank of * and /
        tree = self._chain(self._unary(), ("*", "/"), self._unary)
        with ExitStack() as levels:
            while operator := self._any(("mod", "//")):
                # what stands before it is within it
                levels.enter_context(self._deeper())
                called = _call("mod" if operator == "mod" else "safediv", tree, self._unary())
                tree = self._chain(called, ("*", "/"), self._unary)
        return tree

    def _chain(self, first: Any, operators: Sequence[str], operand: Callable[[], Any]) -> Any:
        signs: list[str] = []
        operands = [first]
        while sign := self._any(operators):
            signs.append(sign)
            operands.append(operand())
        return syntax.ArithmeticStructure(signs, tuple(operands)) if signs else first

    def _unary(self) -> Any:
        return self._signed_part(self._power)

    def _signed_part(self, part: Callable[[], Any]) -> Any:
        with self._deeper():
            if self._take("+"):
                return self._signed_part(part)
            if not self._take("-"):
                return part()
            operand = self._signed_part(part)
        return -operand if isinstance(operand, float) else syntax.ArithmeticStructure(["negative"], (operand,))

    def _power(self) -> Any:
        base = self._atom()
        if not self._take("^"):
            return base
        return syntax.ArithmeticStructure(["^"], (base, self._signed_part(self._exponent)))

    def _exponent(self) -> Any:
        exponent = self._atom()
        if self._next()[1] == "^" and self.spelling == "mdl":
            raise EquationError("a power of a power stands without brackets; write (a ^ b) ^ c or a ^ (b ^ c)")
        if not self._take("^"):
            return exponent
        return syntax.ArithmeticStructure(["^"], (exponent, self._signed_part(self._exponent)))

    def _atom(self) -> Any:
        kind, text, _ = self._next()
        if kind == "number":
            return self._number()
        if kind in ("name", "quoted"):
            self.place += 1
            return self._named(identifier(text))
        if self._take("("):
            tree = self.expression()
            self._need(")")
            return tree
        if self._take("if"):
            return self._choice()
        if self._take(":NA:"):
            return _call(":na:")
        return self._fail()

    def _choice(self) -> Any:
        parts = [self.expression()]
        for word in ("then", "else"):
            if not self._take(word):
                raise EquationError("IF needs THEN and ELSE, as in IF a < b THEN a ELSE b")
            parts.append(self.expression())
        return _call("if_then_else", *parts)

    def _named(self, name: str) -> Any:
        if self._next()[1] == "[":
            raise EquationError("subscripts are not run here; give each element a variable of its own")
        if not self._take("("):
            return syntax.ReferenceStructure(name)
        if name == "with_lookup" and self.spelling == "mdl":
            argument = self.expression()
            self._need(",")
            tree = syntax.InlineLookupsStructure(argument, self.table())
            self._need(")")
            return tree
        arguments: list[Any] = []
        if not self._take(")"):
            arguments.append(self._argument())
            while self._take(","):
                arguments.append(self._argument())
            self._need(")")
        if (self.spelling, name, len(arguments)) == ("mdl", "time_base", 2):
            # Vensim's own word for a straight line, which some tools write for a + b * Time
            climbed = syntax.ArithmeticStructure(["*"], (arguments[1], syntax.ReferenceStructure("time")))
            return syntax.ArithmeticStructure(["+"], (arguments[0], climbed))
        return _call(name, *arguments)

    def _argument(self) -> Any:
        kind, text, _ = self._next()
        if kind == "text":
            self.place += 1
            return text.strip("'")
        return self.expression()

    def _next(self) -> tuple[str, str, int]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "", len(self.text))

    def _take(self, sign: str) -> bool:
        found = self._next()[0] in ("sign", "word") and self._next()[1] == sign
        self.place += found
        return found

    def _any(self, signs: Sequence[str]) -> str:
        return next((sign for sign in signs if self._take(sign)), "")

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            self._fail()

    def _fail(self) -> Any:
        rest = " ".join(self.text[self._next()[2] :].split())
        if not self.text.strip():
            raise EquationError("nothing stands after the equals sign")
        if not rest:
            raise EquationError("it ends too early")
        raise EquationError("what is wrong begins with “{text}”", text=rest[:_SHOWN])

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise EquationError("too many parts stand in one another; give the inner parts names of their own")
        yield
        self.depth -= 1


def _tokens(text: str, spelling: Spelling) -> Iterator[tuple[str, str, int]]:
    """Kind, text and place of each part; words are spelled as in PySD's syntax."""
    place = 0
    while place < len(text):
        found = _TOKEN[spelling].match(text, place)
        if found is None:
            raise EquationError("what is wrong begins with “{text}”", text=" ".join(text[place:].split())[:_SHOWN])
        kind, part = str(found.lastgroup), found[0]
        if kind == "name" and part.upper() in _WORDS[spelling]:
            kind, part = "word", {"AND": ":AND:", "OR": ":OR:", "NOT": ":NOT:"}.get(part.upper(), part.lower())
        elif kind == "word":
            part = part.upper()
        if kind != "space":
            yield kind, part, place
        place = found.end()


def _call(name: str, *arguments: Any) -> syntax.CallStructure:
    return syntax.CallStructure(syntax.ReferenceStructure(name), arguments)
