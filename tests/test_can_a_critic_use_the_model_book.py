"""Can a critic use the model book: is everything in it, do its links lead somewhere, do formulas say the equations?

Does not establish that a reason is a good one, that the checklists are filled in to their authors' taste, or that the
pictures are beautiful: they were looked at, in both languages, wide, narrow and printed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from lxml import html as lxml_html
from markupsafe import escape
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

from commands import Terminal
from shudian.analysis.doses import DoseResponse
from shudian.answers.book import Book, book_of, boundary_of
from shudian.answers.record_of_tests import read_tests
from shudian.equations.language import Expression
from shudian.equations.text import read_equation
from shudian.explain import ground_of
from shudian.kinds import LANGUAGES, Equation, InputError, Label, Language
from shudian.report.book.build import book_text, doses_of
from shudian.report.book.chapters import CHAPTERS
from shudian.report.book.mathml import equation_markup, name_markup
from shudian.report.words.scenario_words import reviews_of, steps_text
from shudian.structure import load_model

MODEL = load_model()
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m{{ 7 * 7 }}"


@pytest.fixture(scope="module")
def book() -> Book:
    return book_of()


@pytest.fixture(scope="module")
def doses(book: Book) -> dict[str, DoseResponse]:
    return doses_of(book)


@pytest.fixture(scope="module")
def texts(book: Book, doses: dict[str, DoseResponse]) -> dict[Language, str]:
    return {language: book_text(book, doses, language) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_its_entry_once(book: Book, texts: dict[Language, str], language: Language) -> None:
    found = Counter(re.findall(r' id="([^"]+)"', texts[language]))
    wanted = [
        *CHAPTERS,
        *(f"e-{equation.name}" for equation in MODEL.equations),
        *(f"p-{name}" for name in MODEL.parameters),
        *(f"loop-{loop.name}" for loop in MODEL.loops),
        *(f"scenario-{scenario.name}" for scenario in book.scenarios),
        *(f"target-{target.identifier}" for target in book.targets),
        *(f"f-{name}" for name in book.figures),
        *(f"s-{name}" for name in book.sources),
        *(f"form-{weighed.form.name}" for weighed in book.forms),
        *(f"test-{file.name}" for file in book.tests.files),
    ]
    assert [name for name in wanted if found[name] != 1] == []
    assert [name for name, count in found.items() if count > 1] == []
    labels = [thing.label for thing in (*MODEL.equations, *MODEL.parameters.values())]
    assert [label for label in labels if str(escape(label.text(language))) not in texts[language]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_into_the_book_and_nothing_is_fetched(texts: dict[Language, str], language: Language) -> None:
    page = lxml_html.fromstring(texts[language])
    targets = {f"#{name}" for name in page.xpath("//@id")}
    assert {href for href in page.xpath("//@href") if href not in targets} == set()
    assert page.xpath("//@src") == []
    assert page.xpath("//@style") == []
    assert [name for element in page.iter() for name in element.attrib if name.startswith("on")] == []
    assert re.findall(r"\bbook_\w+", re.sub(r"<script>.*", "", texts[language], flags=re.DOTALL)) == []
    assert len(texts[language].encode()) < 10_000_000


def test_the_levers_have_plates_and_every_uncertain_number_a_picture(book: Book, texts: dict[Language, str]) -> None:
    page = lxml_html.fromstring(texts["en"])
    for parameter in MODEL.parameters.values():
        (entry,) = page.xpath(f'//section[@id="p-{parameter.name}"]')
        pictures = 4 if parameter.role == "lever" else int(parameter.prior is not None)
        assert len(entry.xpath(".//svg")) == pictures, parameter.name
    assert len(page.xpath('//section[@id="modes"]//section//svg')) == len(book.modes) > 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scenario_tells_its_amounts_and_what_it_decides_later(
    book: Book, texts: dict[Language, str], language: Language
) -> None:
    page = lxml_html.fromstring(texts[language])
    reviewed = 0
    for scenario in book.scenarios:
        (entry,) = page.xpath(f'//*[@id="scenario-{scenario.name}"]')
        said = entry.text_content()
        wanted = [steps_text(s, MODEL.parameters[n], language) for n, s in scenario.levers.items()]
        assert [text for text in (*wanted, *reviews_of(scenario, language)) if text not in said] == []
        reviewed += len(scenario.reviews)
    assert reviewed >= 3


class Formula:
    """MathML read back as the text of an equation, by a reader of its own."""

    def __init__(self, markup: str) -> None:
        self.whole = ElementTree.fromstring(f"<all>{markup}</all>")

    def text(self) -> str:
        return "".join(self.of(child) for math in self.whole for child in math).partition("=")[2]

    def of(self, node: ElementTree.Element) -> str:
        parts = [self.of(child) for child in node]
        match node.tag:
            case "mtext":
                return "".join(node.itertext())
            case "mo" | "mn" | "mi":
                return {"−": "-", "·": "*", "min": "minimum", "max": "maximum", "ln": "log"}.get(
                    node.text or "", node.text or ""
                )
            case "mfrac":
                return f"(({parts[0]})/({parts[1]}))"
            case "msup":
                return f"(({parts[0]})**({parts[1]}))"
            case "msub" if parts[0] == "softmin":
                return f"smooth_minimum({parts[1]},"
            case "msub":
                above, below = self.fraction(node[0])
                return f"ratio({above},{below},{parts[1].removeprefix('0:')})"
            case "mtable":
                return self.table(node)
        return "".join(parts)

    def fraction(self, node: ElementTree.Element) -> tuple[str, str]:
        (fraction,) = node.findall("mfrac")
        return self.of(fraction[0]), self.of(fraction[1])

    def table(self, node: ElementTree.Element) -> str:
        cells = [[self.of(cell) for cell in row] for row in node]
        if cells[0][0].endswith(":"):
            return f"by_year({','.join(row[1] for row in cells)})"
        return f"where({cells[0][1]},{cells[0][0]},{cells[1][0]})"


OPERATIONS = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "negate": np.negative,
    "power": np.power, "exp": np.exp, "log": np.log, "minimum": np.minimum, "maximum": np.maximum, "less": np.less,
    "where": np.where, "by_year": lambda *knots: np.sum([knot * (1 + i) for i, knot in enumerate(knots)], axis=0),
}  # fmt: skip
"""What each operation gives; of `by_year` only that each knot stands in its place matters here."""


def worth(node: Expression, values: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    if node.operation == "variable":
        return values[node.name]
    if node.operation == "constant":
        return np.full(40, node.value)
    return np.asarray(OPERATIONS[node.operation](*(worth(operand, values) for operand in node.operands)))


@pytest.mark.parametrize("equation", MODEL.equations, ids=lambda equation: equation.name)
def test_a_formula_read_back_is_the_equation(equation: Equation) -> None:
    """It names the operands, all of them, and comes to the same wherever it is computed."""
    markup = equation_markup(name_markup("left", ""), equation.expression, lambda name: name_markup(name, f"#{name}"))
    operands = {node.name for node in equation.expression.walk() if node.operation == "variable"}
    assert set(re.findall(r'href="#(\w+)"', markup)) == operands
    text = Formula(markup).text().replace("{", "")
    text = re.sub(r"smooth_minimum\(([^,()]*),\(", r"smooth_minimum(\1,", text)
    read = read_equation(text, lambda name: Expression("variable", name=name))
    chance = np.random.default_rng(1)
    for low, high in ((0.05, 0.95), (0.5, 20.0), (0.0, 1.0)):
        values = {name: low + (high - low) * chance.random(40) for name in sorted(operands)}
        with np.errstate(all="ignore"):
            ours, shown = worth(equation.expression, values), worth(read, values)
        # a quotient by next to nothing, which the book writes as nothing, is beyond any use
        fair = np.abs(ours) < 1e6
        np.testing.assert_allclose(shown[fair], ours[fair], rtol=1e-9)


def test_the_boundary_is_that_of_the_graph() -> None:
    found = boundary_of(MODEL)
    parts = [found.loops, found.outcomes, found.carried, found.drivers, found.beginnings]
    assert Counter(e.name for part in parts for e in part) == Counter(e.name for e in MODEL.equations)
    looped = {name for loop in MODEL.loops for name in loop.variables} - {"fund_cash", "fund_investment"}
    # the fund's own loop turns apart from the others: nothing in the city reaches it
    assert looped - {e.name for e in found.loops} == {"fund_invested", "fund_return", "fund_reinvestment"}
    assert "national_gross_market" in {e.name for e in found.drivers}
    assert "fund_cash" in {e.name for e in found.carried}


def test_a_strangers_text_does_nothing(book: Book, doses: dict[str, DoseResponse]) -> None:
    scenario = replace(book.scenarios[0], title=Label(HOSTILE, HOSTILE), question=Label(HOSTILE, HOSTILE))
    name, figure = next(iter(book.figures.items()))
    figures = {**book.figures, name: replace(figure, phrase=HOSTILE)}
    text = book_text(replace(book, scenarios=(scenario,), figures=figures), doses, "en")
    assert text.count("<script>") == 1
    assert "<img" not in text
    assert "\x1b" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3
    assert "{{ 7 * 7 }}" in text


def test_the_same_book_gives_the_same_bytes(
    book: Book, doses: dict[str, DoseResponse], texts: dict[Language, str]
) -> None:
    assert book_text(book, doses, "zh") == texts["zh"]


def test_an_equation_without_a_reason_stands_among_the_failures(texts: dict[Language, str]) -> None:
    untold = [equation.name for equation in MODEL.equations if ground_of(equation, MODEL) == "untold"]
    page = lxml_html.fromstring(texts["en"])
    (failures,) = page.xpath('//section[@id="failures"]')
    linked = set(failures.xpath(".//a/@href"))
    assert {f"#e-{name}" for name in untold} <= linked


RECORD = """<testsuites><testsuite timestamp="2026-12-01T05:06:07.1+00:00">
<testcase classname="tests.test_a_question" name="test_one[zh]"/>
<testcase classname="tests.test_a_question" name="test_one[en]"><failure message="no"/></testcase>
<testcase classname="tests.test_a_question" name="test_two"><skipped/></testcase>
</testsuite></testsuites>"""


def test_a_test_is_told_with_its_worst_outcome(tmp_path: Path) -> None:
    (tmp_path / "test_a_question.py").write_text(
        '"""Is it?\n\nNo more."""\ndef test_one(): "It is."\ndef test_two(): pass\ndef test_new(): pass\n'
    )
    record = tmp_path / "record.xml"
    record.write_text(RECORD)
    found = read_tests(record, tmp_path)
    assert found.made == "2026-12-01 05:06"
    (file,) = found.files
    assert [(case.name, case.asks, case.outcome) for case in file.cases] == [
        ("test_one", "It is.", "failed"), ("test_two", "", "skipped"), ("test_new", "", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "document type"),
        ("passed", "no record|not a record"),
        ("<a><testcase classname='tests.test_a_question' name='test_one'/></a>", "not a record"),
        ("<testsuite timestamp='2026-12-01T05:06:07'/>", "not a record"),
        (RECORD.replace("test_a_question", "somebody.elses"), "not a record"),
        (RECORD.replace("2026-12-01T05:06:07.1+00:00", "yesterday"), "does not say when it was made"),
        (RECORD.replace(' timestamp="2026-12-01T05:06:07.1+00:00"', ""), "does not say when it was made"),
        (None, "cannot be read"),
    ],
)
def test_a_record_that_is_none_is_refused(tmp_path: Path, content: str | None, wrong: str) -> None:
    record = tmp_path / "record.xml"
    if content is not None:
        record.write_text(content)
    with pytest.raises(InputError, match=wrong):
        read_tests(record, tmp_path)


def test_the_command_keeps_what_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    taken = tmp_path / "model.html"
    taken.write_text("mine")
    ended = Terminal(monkeypatch, capsys)("document", "-o", str(taken), "--lang", "en")
    assert ended.code == 2
    assert "already exists" in ended.err
    assert taken.read_text() == "mine"


@pytest.mark.parametrize(("language", "head"), [("zh", "为什么是这个形式："), ("en", "Why this form: ")])
def test_a_terminal_tells_the_reason_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: Language, head: str
) -> None:
    ended = Terminal(monkeypatch, capsys)("explain", "city_share", "--lang", language)
    assert head + MODEL.equation("city_share").why.text(language) in ended.out
    assert head not in Terminal(monkeypatch, capsys)("explain", "paid_market", "--lang", language).out


@pytest.fixture
def opened(browser: Browser, texts: dict[Language, str], tmp_path: Path) -> Iterator[tuple[Page, list[str]]]:
    path = tmp_path / "model.html"
    path.write_text(texts["en"], encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "request", lambda request: None if request.url.startswith(("file:", "data:")) else troubles.append(request.url)
    )
    page.goto(path.as_uri())
    yield page, troubles
    page.close()


@pytest.mark.slow
def test_a_name_is_found_and_nothing_is_asked_of_a_network(opened: tuple[Page, list[str]]) -> None:
    page, troubles = opened
    page.fill("#search", "title completions")
    page.locator('#found a[href="#e-title_completions"]').click()
    assert page.evaluate("location.hash") == "#e-title_completions"
    page.fill("#search", "no such thing anywhere")
    assert page.locator("#found").inner_text() == "nothing found"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert troubles == []
