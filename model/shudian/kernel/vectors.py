"""LLVM IR for arithmetic on one vector of draws, exp and log among it.

exp and log are our own because a call of the C library would work on one draw at a time and round
differently from machine to machine. Nothing here may be fused or reordered: every machine gives
the same bits. Both are within 1 unit in the last place (tests measure it), and follow IEEE 754 at
infinities and NaN.
"""

from __future__ import annotations

import struct

LANES = 8
"""Draws per vector: one register of AVX-512, two of AVX2, four of NEON."""

# (e^r - 1 - r) / r^2 for |r| < ln(2)/2 and (log((1+s)/(1-s))/s - 2) / s^2 as a polynomial in s^2 for
# sqrt(1/2) < (1+s)/(1-s) < sqrt(2): interpolated at Chebyshev nodes in 60 digits; relative error below 2e-17.
_EXP = (
    "0x1.0000000000001p-1", "0x1.5555555555556p-3", "0x1.5555555553d4fp-5", "0x1.11111111109adp-7",
    "0x1.6c16c17893833p-10", "0x1.a01a01a7c8d47p-13", "0x1.a019b8ef67c6cp-16", "0x1.71de0d9c145d0p-19",
    "0x1.2891a8c1d838dp-22", "0x1.af38d53857513p-26",
)  # fmt: skip
_LOG = (
    "0x1.5555555555558p-1", "0x1.99999999952d7p-2", "0x1.2492492df281ap-2", "0x1.c71c62e3f11e6p-3",
    "0x1.7462b51cb66b1p-3", "0x1.39fe51a7c18f9p-3", "0x1.2b5900de53b32p-3",
)  # fmt: skip
_LOG2_E = float.fromhex("0x1.71547652b82fep+0")
# ln(2) in two parts, the first with so few bits that its product with any exponent is exact.
_LN2_HIGH = float.fromhex("0x1.62e42feep-1")
_LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
_ROUND = 1.5 * 2.0**52
"""Added to a small number it leaves the nearest integer in the low bits."""
_EXPONENT_ONE = 1023 << 52
_SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
_MANTISSA = (1 << 52) - 1


def literal(value: float) -> str:
    """`value` for every lane, exactly."""
    return f"splat (double 0x{struct.pack('>d', value).hex()})"


def _integer(value: int) -> str:
    return f"splat (i64 {value})"


class Emitter:
    """Lines of one function's body, for vectors of so many lanes.

    Each method appends one operation and returns its name.
    """

    def __init__(self, lanes: int) -> None:
        self.lines: list[str] = []
        self.lanes = lanes
        self.vector = f"<{lanes} x double>"
        self._integers = f"<{lanes} x i64>"
        self._truths = f"<{lanes} x i1>"

    def emit(self, instruction: str) -> str:
        """Append `instruction` and return the name of its result."""
        name = f"%v{len(self.lines)}"
        self.lines.append(f"  {name} = {instruction}")
        return name

    def do(self, instruction: str) -> None:
        """Append an instruction that has no result."""
        self.lines.append(f"  {instruction}")

    def load(self, address: str, slot: int) -> str:
        """The vector at `slot` of the array of vectors at `address`."""
        place = self.emit(f"getelementptr inbounds {self.vector}, ptr {address}, i64 {slot}")
        return self.emit(f"load {self.vector}, ptr {place}, align {8 * self.lanes}")

    def store(self, value: str, address: str, slot: int) -> None:
        """Put `value` at `slot` of the array of vectors at `address`."""
        place = self.emit(f"getelementptr inbounds {self.vector}, ptr {address}, i64 {slot}")
        self.do(f"store {self.vector} {value}, ptr {place}, align {8 * self.lanes}")

    def same_in_all_lanes(self, number: str) -> str:
        """The scalar double `number` in every lane."""
        first = self.emit(f"insertelement {self.vector} poison, double {number}, i64 0")
        return self.emit(
            f"shufflevector {self.vector} {first}, {self.vector} poison, <{self.lanes} x i32> zeroinitializer"
        )

    def add(self, a: str, b: str) -> str:
        """a + b."""
        return self.emit(f"fadd {self.vector} {a}, {b}")

    def subtract(self, a: str, b: str) -> str:
        """a - b."""
        return self.emit(f"fsub {self.vector} {a}, {b}")

    def multiply(self, a: str, b: str) -> str:
        """a * b."""
        return self.emit(f"fmul {self.vector} {a}, {b}")

    def divide(self, a: str, b: str) -> str:
        """a / b."""
        return self.emit(f"fdiv {self.vector} {a}, {b}")

    def negate(self, a: str) -> str:
        """-a."""
        return self.emit(f"fneg {self.vector} {a}")

    def compare(self, relation: str, a: str, b: str) -> str:
        """Whether `relation` (of LLVM's fcmp) holds, lane by lane."""
        return self.emit(f"fcmp {relation} {self.vector} {a}, {b}")

    def where(self, smaller: str, larger: str, then: str, otherwise: str) -> str:
        """`then` where `smaller < larger`, else `otherwise`."""
        return self.select(self.compare("olt", smaller, larger), then, otherwise)

    def select(self, condition: str, then: str, otherwise: str) -> str:
        """`then` where `condition` holds, else `otherwise`."""
        return self.emit(f"select {self._truths} {condition}, {self.vector} {then}, {self.vector} {otherwise}")

    def minimum(self, a: str, b: str) -> str:
        """The smaller; NaN if either is NaN."""
        return self._keep_nan(a, self.select(self.compare("olt", a, b), a, b))

    def maximum(self, a: str, b: str) -> str:
        """The larger; NaN if either is NaN."""
        return self._keep_nan(a, self.select(self.compare("olt", b, a), a, b))

    def _keep_nan(self, a: str, otherwise: str) -> str:
        # A comparison with NaN is false, so a NaN in the second place survives by itself.
        return self.select(self.compare("uno", a, a), a, otherwise)

    def exp(self, x: str) -> str:
        """e to the power `x`."""
        # e^x = 2^n e^r. 2^n is multiplied in two halves, so that results below 2^-1022 lose bits gradually
        # and those above the largest number become infinite. Comparisons are such that NaN stays NaN.
        x = self.select(self.compare("ogt", x, literal(710.0)), literal(710.0), x)
        x = self.select(self.compare("olt", x, literal(-746.0)), literal(-746.0), x)
        shifted = self.add(self.multiply(x, literal(_LOG2_E)), literal(_ROUND))
        n = self.subtract(shifted, literal(_ROUND))
        r = self.subtract(self.subtract(x, self.multiply(n, literal(_LN2_HIGH))), self.multiply(n, literal(_LN2_LOW)))
        tail = self.multiply(self.multiply(r, r), self.polynomial(r, _EXP))
        mantissa = self.add(literal(1.0), self.add(r, tail))
        whole_bits = self.reinterpret(shifted, self.vector, self._integers)
        half_bits = self.reinterpret(
            self.add(self.multiply(n, literal(0.5)), literal(_ROUND)), self.vector, self._integers
        )
        rest_bits = self.integers("sub", whole_bits, half_bits)
        return self.multiply(self.multiply(mantissa, self._power_of_two(half_bits)), self._power_of_two(rest_bits))

    def _power_of_two(self, low_bits: str) -> str:
        exponent = self.integers("shl", low_bits, _integer(52))
        return self.reinterpret(self.integers("add", exponent, _integer(_EXPONENT_ONE)), self._integers, self.vector)

    def log(self, x: str) -> str:
        """Natural logarithm; NaN below zero."""
        # x = 2^k m with sqrt(1/2) <= m < sqrt(2); log(m) = log(1+f) by s = f/(2+f), corrected by f^2/2 so
        # that no bits are lost near x = 1.
        subnormal = self.compare("olt", x, literal(2.0**-1022))
        normal = self.select(subnormal, self.multiply(x, literal(2.0**54)), x)
        bits = self.integers(
            "add", self.reinterpret(normal, self.vector, self._integers), _integer(_EXPONENT_ONE - _SQRT_HALF_BITS)
        )
        exponent_bits = self.integers("or", self.integers("lshr", bits, _integer(52)), _integer((1023 + 52) << 52))
        bias = self.select(subnormal, literal(2.0**52 + 1023 + 54), literal(2.0**52 + 1023))
        k = self.subtract(self.reinterpret(exponent_bits, self._integers, self.vector), bias)
        mantissa_bits = self.integers("add", self.integers("and", bits, _integer(_MANTISSA)), _integer(_SQRT_HALF_BITS))
        f = self.subtract(self.reinterpret(mantissa_bits, self._integers, self.vector), literal(1.0))
        s = self.divide(f, self.add(literal(2.0), f))
        z = self.multiply(s, s)
        remainder = self.multiply(z, self.polynomial(z, _LOG))
        half_square = self.multiply(literal(0.5), self.multiply(f, f))
        small = self.add(self.multiply(s, self.add(half_square, remainder)), self.multiply(k, literal(_LN2_LOW)))
        result = self.subtract(
            self.multiply(k, literal(_LN2_HIGH)), self.subtract(self.subtract(half_square, small), f)
        )
        result = self.select(self.compare("olt", x, literal(float("inf"))), result, x)
        result = self.select(self.compare("oeq", x, literal(0.0)), literal(float("-inf")), result)
        return self.select(self.compare("olt", x, literal(0.0)), literal(float("nan")), result)

    def power(self, base: str, exponent: str, log_of_base: str) -> str:
        """`base` to the power `exponent` as in IEEE 754, but NaN for every base below zero."""
        # Anything to the power 0 and 1 to any power are 1, even where infinity or NaN takes part.
        result = self.exp(self.multiply(exponent, log_of_base))
        is_one = self.compare("oeq", base, literal(1.0))
        is_zero = self.compare("oeq", exponent, literal(0.0))
        either = self.emit(f"or {self._truths} {is_one}, {is_zero}")
        return self.select(either, literal(1.0), result)

    def polynomial(self, x: str, coefficients: tuple[str, ...]) -> str:
        """The sum of coefficient i times x^i, paired (Estrin) so that the operations overlap."""
        terms = [literal(float.fromhex(coefficient)) for coefficient in coefficients]
        while len(terms) > 1:
            pairs = [terms[i : i + 2] for i in range(0, len(terms), 2)]
            terms = [self.add(p[0], self.multiply(x, p[1])) if len(p) == 2 else p[0] for p in pairs]
            x = self.multiply(x, x)
        return terms[0]

    def reinterpret(self, value: str, source: str, target: str) -> str:
        """The same bits as another type."""
        return self.emit(f"bitcast {source} {value} to {target}")

    def integers(self, instruction: str, a: str, b: str) -> str:
        """`instruction` on 64-bit integers."""
        return self.emit(f"{instruction} {self._integers} {a}, {b}")
