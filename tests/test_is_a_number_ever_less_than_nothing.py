"""Is a number that rounds to nothing written as nothing, and never with a minus?

Looks at how the program writes numbers. Does not establish that the page, which is written in another language, does
so, nor what a spreadsheet makes of the number in a cell.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import shudian
from shudian.kinds import LANGUAGES
from shudian.report.render.numbers import percent, significant
from shudian.report.run.strip import signed


def test_no_number_is_written_as_less_than_nothing() -> None:
    """A format that rounds may leave a minus before nothing, unless it is told not to (`z`)."""
    bare = re.compile(r"^[+]?,?\.\d+[f%]$")
    for path in sorted((Path(shudian.__file__).parent / "report").rglob("*.py")):
        if path.name in ("plots.py", "charts.py"):  # coordinates
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
                spec = "".join(part.value for part in node.format_spec.values if isinstance(part, ast.Constant))
                assert not bare.match(str(spec)), f"{path.name}:{node.lineno}: {spec}"


@given(st.floats(-1.0, 1.0))
def test_a_cell_never_says_less_than_nothing(value: float) -> None:
    tiny = value * 1e-4
    texts = [significant(tiny), significant(-0.0), percent(max(tiny, 0.0), 4000)]
    texts += [signed(tiny, unit, language) for unit in ("亿元", "人") for language in LANGUAGES]
    assert not [text for text in texts if re.match(r"[-−]0(?:\.0+)?(?![\d.])", text)], texts
