"""The equations of a model as a C program, to measure the kernel against.

Written from the expression trees alone, in the way a C programmer would: locals, loops and the
C library's mathematics. The same text is compiled twice: for one draw at a time, and with
`-DVECTOR` for as many draws as fit a register, with GCC's vector types and its vector mathematics
(libmvec). The compiler may fuse multiplications with additions, which the kernel does not.
"""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shudian.equations.language import Expression
from shudian.kinds import Equation, Model

Array = NDArray[np.float64]

HEAD = """
#include <math.h>
#include <string.h>
#ifdef VECTOR
  #if defined(__AVX512F__)
    #define LANES 8
    #define MATH(name) _ZGVeN8##name
  #elif defined(__AVX2__)
    #define LANES 4
    #define MATH(name) _ZGVdN4##name
  #elif defined(__SSE2__)
    #define LANES 2
    #define MATH(name) _ZGVbN2##name
  #else
    #define LANES 2
    #define MATH(name) _ZGVnN2##name
  #endif
  typedef double T __attribute__((vector_size(8 * LANES)));
  typedef long L __attribute__((vector_size(8 * LANES)));
  T MATH(v_exp)(T); T MATH(v_log)(T); T MATH(vv_pow)(T, T);
  #define EXP MATH(v_exp)
  #define LOG MATH(v_log)
  #define POW MATH(vv_pow)
  static inline T all(double x) { return x - (T){0}; }
  static inline T select(L c, T a, T b) { return (T)((c & (L)a) | (~c & (L)b)); }
#else
  #define LANES 1
  typedef double T; typedef long L;
  #define EXP exp
  #define LOG log
  #define POW pow
  #define all(x) ((T)(x))
  #define select(c, a, b) ((c) ? (a) : (b))
#endif
static inline T load(const double *x) { T y; memcpy(&y, x, sizeof y); return y; }
static inline void save(double *x, T y) { memcpy(x, &y, sizeof y); }
static inline T least(T a, T b) { return select(a < b, a, b); }
static inline T most(T a, T b) { return select(b < a, a, b); }
long lanes(void) { return LANES; }
"""

INFIX = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "less": "<"}
CALLS = {"exp": "EXP", "log": "LOG", "power": "POW", "minimum": "least", "maximum": "most", "where": "select"}


def term(e: Expression) -> str:
    """`e` as a C expression."""
    if e.operation == "variable":
        return e.name + "_"
    if e.operation == "constant":
        return f"all({e.value!r})"
    parts = [term(operand) for operand in e.operands]
    if e.operation in INFIX:
        return f"({parts[0]} {INFIX[e.operation]} {parts[1]})"
    if e.operation == "negate":
        return f"(-{parts[0]})"
    if e.operation == "by_year":
        earlier = "".join(f"year <= {year} ? {part} : " for year, part in enumerate(parts[:-1]))
        return f"({earlier}{parts[-1]})"
    return f"{CALLS[e.operation]}({', '.join(parts)})"


def needed(equations: Sequence[Equation], roots: Iterable[str]) -> list[Equation]:
    """Those of `equations`, which are in order of evaluation, that `roots` depend on."""
    wanted = set(roots)
    kept = []
    for equation in reversed(equations):
        if equation.name in wanted:
            kept.append(equation)
            wanted.update(equation.causes)
    return kept[::-1]


def split(model: Model) -> tuple[list[Equation], list[Equation]]:
    """The equations that no time enters, and the others; `by_year` is time in disguise."""
    timeless: dict[str, Equation] = {}
    fixed = {parameter.name for parameter in model.fixed}
    for equation in model.static:
        by_year = any(node.operation == "by_year" for node in equation.expression.walk())
        if not by_year and all(cause in fixed or cause in timeless for cause in equation.causes):
            timeless[equation.name] = equation
    others = [equation for equation in model.static + model.dynamic if equation.name not in timeless]
    return list(timeless.values()), others


def locals_of(equations: Iterable[Equation]) -> list[str]:
    return [f"const T {e.name}_ = {term(e.expression)};" for e in equations]


def program(model: Model, outputs: Sequence[str]) -> str:
    """C text of `run(fixed, schedules, out, draws, months, steps)`; draws must be a multiple of the lanes."""
    width = len(model.scheduled)
    timeless, others = split(model)
    schedule = [f"const T {p.name}_ = all(row[{i}]);" for i, p in enumerate(model.scheduled)]
    causes = [cause for stock in model.stocks for cause in stock.causes]
    saved = [f"save(out + ({i} * (months + 1) + m) * draws + d, {name}_);" for i, name in enumerate(outputs)]
    rates = [f"const T rate_{stock.name} = {term(stock.expression)};" for stock in model.stocks]
    lines = [
        "void run(const double *fixed, const double *schedules, double *out, long draws, long months, long steps) {",
        "const double dt = 1.0 / steps;",
        "for (long d = 0; d < draws; d += LANES) {",
        *(f"const T {p.name}_ = load(fixed + {i} * draws + d);" for i, p in enumerate(model.fixed)),
        *locals_of(timeless),
        *(f"T {stock.name}_ = {stock.initial}_;" for stock in model.stocks),
        "for (long m = 0; m <= months; m++) {",
        "const long year = m / 12;",
        "{",
        "const T time_ = all((double)m);",
        f"const double *row = schedules + (m < months ? m * steps : months * steps - 1) * {width};",
        *schedule,
        *locals_of(needed(others, outputs)),
        *saved,
        "}",
        "if (m == months) break;",
        "for (long k = 0; k < steps; k++) {",
        "const T time_ = all((m * steps + k) * dt);",
        f"const double *row = schedules + (m * steps + k) * {width};",
        *schedule,
        *locals_of(needed(others, causes)),
        *rates,
        *(f"{stock.name}_ += dt * rate_{stock.name};" for stock in model.stocks),
        "} } } }",
    ]
    return HEAD + "\n".join(lines) + "\n"


class CProgram:
    """The compiled program; `run` takes and returns what `Kernel.run` does, on one core, by Euler's method."""

    def __init__(self, model: Model, outputs: Sequence[str], folder: Path, *, vector: bool) -> None:
        name = "vector" if vector else "scalar"
        source, library = folder / f"{name}.c", folder / f"{name}.so"
        source.write_text(program(model, outputs))
        options = ["-O3", "-march=native", "-shared", "-fPIC", *(["-DVECTOR"] if vector else [])]
        libraries = ["-lmvec", "-lm"] if vector else ["-lm"]
        subprocess.run(["cc", *options, "-o", library, source, *libraries], check=True)
        self.library = ctypes.CDLL(str(library))
        self.outputs = len(outputs)

    def run(self, fixed: Array, schedules: Array, months: int = 96, steps_per_month: int = 8) -> Array:
        draws = fixed.shape[1]
        assert draws % self.library.lanes() == 0
        fixed, by_step = np.ascontiguousarray(fixed), np.ascontiguousarray(schedules.T)
        out = np.empty((self.outputs, months + 1, draws))
        pointers = (ctypes.c_void_p(a.ctypes.data) for a in (fixed, by_step, out))
        self.library.run(*pointers, *(ctypes.c_long(n) for n in (draws, months, steps_per_month)))
        return out
