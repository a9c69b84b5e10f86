"""Does an analyst who makes a mistake in an equation file get one sentence with file and line, and what to write?

Does NOT establish that an equation that is accepted means what its writer wanted, nor that the sentence is the
kindest one. Mistakes in parameters have a test of their own.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import shudian
from shudian.equations.mistakes import DECORATORS, FUNCTIONS, told_of_files
from shudian.kinds import InputError, Model
from shudian.messages import in_language
from shudian.paths import scenarios_folder, seeds_folder
from shudian.structure import build, equations_of, load_model, shipped_equations

MODEL = load_model()
HEAD = """\
import math

import numpy as np

from shudian.equations.language import *
from shudian.equations.language import Term, auxiliary, exp, flow, log, maximum, minimum, ratio, stock, where


"""
FIXED = '''\
@auxiliary("firm", "试", "Trial")
def trial(active_firms: Term) -> Term:
    """A trial.

    中文：试一试。
    """
    return active_firms
'''
RESULT = "    return active_firms\n"
"""The line in which most mistakes stand. In what follows `>>` marks where the sentence must point."""

DECORATOR = '@auxiliary("firm", "试", "Trial")'
STOCK = f'@stock("firm", "试", "Trial", initial="{MODEL.stocks[0].initial}")'
CAUSE = "active_firms: Term"


def changed(old: str, new: str, *more: str) -> str:
    """The file without a mistake, with `new` for `old`, and so on in pairs."""
    text = FIXED
    for before, after in ((old, new), *zip(more[::2], more[1::2], strict=True)):
        assert before in text
        text = text.replace(before, after)
    return text


EXPRESSIONS = {
    # numbers
    "2 * active_firms": "the number 2 stands in an equation; give it a name in seeds/parameters",
    "active_firms * 0.5": "the number 0.5 stands",
    "active_firms / 12": "the number 12 stands",
    "active_firms + 1 / 12": "the number 0.08333",
    "-1 * active_firms": "the number -1 stands",
    "active_firms ** 2": "the number 2 stands",
    "2 ** active_firms": "the number 2 stands",
    "active_firms * float('nan')": "the number nan stands",
    "active_firms - 1e6": "the number 1000000.0 stands",
    "np.float64(2) * active_firms": "the number 2.0 stands",
    "active_firms * np.int64(3)": "the number 3 stands",
    "minimum(active_firms, 5)": "the number 5 stands",
    "where(active_firms < 5, 0, 1)": "the number 5 stands",
    "max(0, 5)": "the number 5 stands",
    # choices
    "active_firms if active_firms > 0 else 0": "cannot choose with if",
    "active_firms and 1": "cannot choose with if, and, or",
    "active_firms or 1": "write “where(a < b, then, otherwise)”",
    "not active_firms": "cannot choose",
    "0 < active_firms < 1": "cannot choose",
    "where(0 < active_firms < 1, 0, 1)": "cannot choose",
    "min(active_firms, 1)": "“minimum(a, b)” or “maximum(a, b)”",
    "max(active_firms, 0)": "“minimum(a, b)” or “maximum(a, b)”",
    "sorted([active_firms, active_firms * active_firms])[0]": "cannot choose",
    "any([active_firms])": "cannot choose",
    "bool(active_firms) * 1": "cannot choose",
    # comparisons
    "active_firms == 0": "compares with < and > only",
    "active_firms != 0": "compares with < and > only",
    "active_firms <= 1": "compares with < and > only",
    "active_firms >= 1": "compares with < and > only",
    "where(active_firms == 0, 0, 1)": "compares with < and > only",
    "active_firms in (0, 1)": "compares with < and > only",
    "active_firms < 1": "a comparison can only be the first argument of “where",
    "(active_firms > 0) * active_firms": "a comparison can only be the first argument of “where",
    "where(active_firms, 0, 1)": "the first argument of where() must be a comparison",
    "where(True, 0, 1)": "the first argument of where() must be a comparison",
    # functions and operators of Python's
    "abs(active_firms)": "is no equation; write one with + - * / **",
    "sum(active_firms)": "is no equation",
    "round(active_firms)": "is no equation",
    "int(active_firms)": "is no equation",
    "float(active_firms)": "is no equation",
    "len(active_firms)": "is no equation",
    "range(active_firms)": "is no equation",
    "pow(active_firms, 1, 1)": "is no equation",
    "math.exp(active_firms)": "is no equation",
    "math.sqrt(active_firms)": "is no equation",
    "np.exp(active_firms)": "is no equation",
    "np.minimum(active_firms, 1)": "is no equation",
    "np.where(active_firms < 1, 0, 1)": "cannot choose",
    "np.clip(active_firms, 0, 1)": "compares with < and > only|is no equation|cannot choose",
    "active_firms.exp()": "is no equation",
    "active_firms.value.real.nothing": "is no equation",
    "active_firms % 1": "is no equation",
    "active_firms // 1": "is no equation",
    "active_firms @ active_firms": "is no equation",
    "active_firms & active_firms": "is no equation",
    "active_firms | active_firms": "is no equation",
    "active_firms ^ 1": "is no equation",
    "~active_firms": "is no equation",
    "+active_firms": "is no equation",
    "active_firms << 1": "is no equation",
    "active_firms(1 + active_firms)": "is no equation",
    "active_firms[0]": "is no equation",
    "[active_firms]": "what “trial” gives back is no equation",
    "(active_firms, 1)": "what “trial” gives back is no equation",
    "{active_firms: 1}": "what “trial” gives back is no equation",
    "str(active_firms)": "what “trial” gives back is no equation",
    "f'{active_firms}'": "what “trial” gives back is no equation",
    "'active_firms'": "what “trial” gives back is no equation",
    "active_firms + '1'": "is no equation",
    "active_firms + None": "is no equation",
    "active_firms * True": "is no equation",
    "active_firms * 1j": "is no equation",
    "lambda: active_firms": "what “trial” gives back is no equation",
    "[x for x in active_firms]": "is no equation",
    "1 / 0": "is no equation",
    "{}['x']": "is no equation",
    "exec('1 +')": "is no equation|Python cannot read",
    "None": "“trial” gives nothing back; end it with a line that begins with return",
    "print()": "gives nothing back",
    # names
    "active_firm": "nothing here is called “active_firm”; did you mean “active_firms”?",
    "minimun(active_firms, 1)": "did you mean “minimum”?",
    "quite_another_thing": "nothing here is called “quite_another_thing”",
    # arguments
    "minimum(active_firms)": "“minimum” is written as minimum(a, b), and not as in “return minimum(active_firms)”",
    "maximum(active_firms, 0, 1)": "“maximum” is written as maximum(a, b)",
    "exp()": "“exp” is written as exp(x)",
    "exp(active_firms, base=1)": "“exp” is written as exp(x)",
    "log(active_firms, 1)": "“log” is written as log(x)",
    "where(active_firms < 1, 0)": "“where” is written as where(a < b, then, otherwise)",
    "ratio(active_firms, 1)": "“ratio” is written as ratio(numerator, denominator, otherwise)",
    "by_year()": "by_year() needs a value for 2023",
    "smooth_minimum()": "“smooth_minimum” is written as smooth_minimum(sharpness, first, second, …)",
    "smooth_minimum(active_firms)": "smooth_minimum() needs what it is the minimum of",
}  # fmt: skip


def read(text: str, folder: Path) -> tuple[Path, set[int]]:
    """Write `text` as an equation file; its path, and the lines that are marked in it."""
    path = folder / "trial.py"
    marked = {number for number, line in enumerate(text.split("\n"), 1) if ">>" in line}
    path.write_text(text.replace(">>", ""), encoding="utf-8")
    return path, marked


def load(path: Path) -> Model:
    """The shipped model with the equations of the file at `path`."""
    spec = importlib.util.spec_from_file_location("shudian.equations.trial", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings(), told_of_files():
        warnings.simplefilter("ignore")  # Python's own remarks on what is written there
        spec.loader.exec_module(module)
    return build([*shipped_equations(), *equations_of(module)], MODEL.parameters)


def refused(text: str, folder: Path) -> str:
    """What is said of the equation file `text`, without its place, which must be a line that is marked, if any is."""
    path, lines = read(text, folder)
    with pytest.raises(InputError) as raised:
        load(path)
    sentence = str(raised.value)
    place = re.match(rf"{re.escape(str(path))}:(\d+): ", sentence)
    assert place, sentence
    assert not lines or int(place[1]) in lines, sentence
    said = sentence[place.end() :]
    assert "\n" not in said
    assert not re.search(r"Expression|__|NoneType|TypeError|object|“”|''", said.replace("Term", "")), said
    chinese = in_language(raised.value, "zh")
    assert re.search("[\u4e00-\u9fff]", re.sub("“.*?”", "", chinese)), chinese
    return said


def test_the_file_without_a_mistake_is_accepted(tmp_path: Path) -> None:
    path, _ = read(HEAD + FIXED, tmp_path)
    assert "trial" in load(path)


@pytest.mark.parametrize("expression", list(EXPRESSIONS))
def test_a_wrong_expression(expression: str, tmp_path: Path) -> None:
    # what is wrong with a result is seen when the function has ended, and belongs to its first line
    text = HEAD + changed(RESULT, f"    return {expression}>>\n", DECORATOR, f"{DECORATOR}>>")
    said = refused(text, tmp_path)
    assert re.search("|".join(map(re.escape, EXPRESSIONS[expression].split("|"))), said), said


STATEMENTS = {
    "    if active_firms > 0:>>\n        return 1\n    return 0\n": "cannot choose with if",
    "    while active_firms:>>\n        pass\n": "cannot choose",
    "    for firm in active_firms:>>\n        pass\n": "is no equation",
    "    assert active_firms>>\n    return active_firms\n": "cannot choose",
    "    active_firms += 2>>\n    return active_firms\n": "the number 2",
    "    x = activ_firms>>\n    return x\n": "did you mean “active_firms”?",
    "    x = x + active_firms>>\n    return x\n": "nothing here is called “x”",
    "    raise ValueError('no')>>\n": "is no equation",
    "    import nothing_of_the_kind>>\n    return active_firms\n": "asks for what is not there",
    "    a, b = active_firms>>\n    return a\n": "is no equation",
    "    with active_firms:>>\n        return 1\n": "is no equation",
    "    del active_firms\n    return active_firms>>\n": "nothing here is called “active_firms”",
    "    global other\n    return other>>\n": "nothing here is called “other”",
    "    return (active_firms>>\n": "Python cannot read “return (active_firms”",
    "    return active_firms +>>\n": "Python cannot read",
    "    retrun active_firms>>\n": "Python cannot read “retrun active_firms”",
    "    return active_firms））>>\n": "Python cannot read",
    "    return active_firms × 2>>\n": "Python cannot read",
    "   return active_firms>>\n": "Python cannot read",
    "    return active_firms\n\treturn 1>>\n": "Python cannot read",
    "    return 'active_firms>>\n": "Python cannot read",
    "    return active_firms = 1>>\n": "Python cannot read",
}


@pytest.mark.parametrize("body", list(STATEMENTS))
def test_a_wrong_statement(body: str, tmp_path: Path) -> None:
    assert STATEMENTS[body] in refused(HEAD + changed(RESULT, body), tmp_path)


FILES = {
    "an equation without a decorator": (changed(f"{DECORATOR}\n", ""), "“trial” is no equation yet; write @stock"),
    "a decorator without brackets": (changed(DECORATOR, "@auxiliary>>"), "“auxiliary” is written as auxiliary("),
    "no English label": (changed(DECORATOR, '@auxiliary("firm", "试")>>'), "“auxiliary” is written as auxiliary("),
    "no first value": (changed(DECORATOR, '@stock("firm", "试", "Trial")>>'), "“stock” is written as stock("),
    "a misspelt decorator": (changed("@auxiliary", "@auxilary"), "called “auxilary”; did you mean “auxiliary”?"),
    "an empty label": (changed('"Trial"', '""'), "needs a label in Chinese and one in English"),
    "no docstring": (FIXED.split('    """')[0] + RESULT, "needs a docstring with a paragraph that begins with 中文："),
    "no Chinese meaning": (changed("    中文：试一试。\n", ""), "begins with 中文："),
    "no English meaning": (changed("A trial.\n\n    ", ""), "begins with its meaning in English"),
    "a misspelt unit": (changed('"firm"', '"frim"'), "unit “frim” of “trial” is not known; did you mean “firm”?"),
    "a part of a unit misspelt": (changed('"firm"', '"firm/mnth"'), "did you mean “month”?"),
    "another unit": (changed('"firm"', '"title"'), "the units of “trial” do not fit"),
    "a factor of twelve": (
        changed('"firm"', '"firm/year"', RESULT, "    return active_firms / time\n", CAUSE, f"{CAUSE}, time: Term"),
        "factor of 12",
    ),
    "a cause that nothing defines": (
        changed("active_firms", "activ_firms"),
        "uses “activ_firms”, which nothing defines; did you mean “active_firms”?",
    ),
    "a cause that is not used": (changed(CAUSE, f"{CAUSE}, fte_jobs"), "names “fte_jobs” as a cause and does not use"),
    "a name that is taken": (changed("def trial", "def local_output"), "“local_output” is already defined at"),
    "a parameter's name": (changed("def trial", "def fund_size"), "“fund_size” is already defined at"),
    "the name of time": (changed("def trial", "def time"), "“time” is the month that is being computed"),
    "the same name twice": (f"{FIXED}\n\n{changed(DECORATOR, f'{DECORATOR}>>')}", "“trial” is already defined at"),
    "a circle": (
        changed("active_firms", "trial_two") + "\n\n" + changed("active_firms", "trial", "def trial", "def trial_two"),
        "define each other without a stock",
    ),
    "itself as a cause": (changed("active_firms", "trial"), "define each other without a stock"),
    "a default": (changed(CAUSE, f"{CAUSE} = 1"), "write the causes of “trial” as plain names"),
    "causes with a star": (changed(CAUSE, f"*{CAUSE}"), "as plain names between commas, unlike “active_firms”"),
    "causes by name only": (changed(CAUSE, f"*, {CAUSE}"), "as plain names between commas, unlike “active_firms”"),
    "a stock that is no sum of flows": (changed(DECORATOR, STOCK), "must be a sum of flows"),
    "a stock of a parameter": (
        changed(DECORATOR, STOCK, "active_firms", "fund_size"), "must be a sum of flows",
    ),
    "a misspelt import": (
        f"from shudian.equations.language import minimun>>\n\n\n{FIXED}", "asks for what is not there",
    ),
    "a stray word at the top": (f"trial>>\n\n\n{FIXED}", "nothing here is called “trial”"),
}  # fmt: skip


@pytest.mark.parametrize("case", list(FILES))
def test_a_wrong_file(case: str, tmp_path: Path) -> None:
    text, words = FILES[case]
    said = refused(HEAD + text, tmp_path)
    assert words in said


def test_the_functions_that_are_named_are_those_of_the_language() -> None:
    from shudian.equations import language

    assert all(callable(getattr(language, name)) for name in (*FUNCTIONS, *DECORATORS))
    public = {name for name, thing in vars(language).items() if getattr(thing, "__module__", "") == language.__name__}
    assert {n for n in public if not n.startswith("_")} - {"Expression", "Term"} == {*FUNCTIONS, *DECORATORS}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    return national_gross_market * free_share", "    return 2 * national_gross_market", "数字2"),
        ("national_gross_market * (1 - free_share)", "national_gross_market * (1 - free_share", "Python读不懂"),
        ("@flow", "@flwo", "是不是“flow”"),
    ],
)
def test_the_command_says_it_without_a_traceback(old: str, new: str, words: str, tmp_path: Path) -> None:
    package = tmp_path / "model" / "shudian"
    shutil.copytree(Path(shudian.__file__).parent, package, ignore=shutil.ignore_patterns("__py*"))
    for folder in (seeds_folder(), scenarios_folder()):
        (tmp_path / folder.name).symlink_to(folder, target_is_directory=True)
    path = package / "equations" / "market.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "shudian", "check", "--lang", "zh"], capture_output=True, text=True, encoding="utf-8",
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path / "model"), "PYTHONUTF8": "1"}, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, ""), ended.stderr
    assert re.match(rf"{re.escape(str(path))}:\d+：", ended.stderr)
    assert ended.stderr.count("\n") == 1
    assert any(word in ended.stderr for word in words.split("|")), ended.stderr
