"""Does the brief say the same in Word, in HTML and in the workbook, in both languages, on two pages?

Does NOT establish that Word breaks the pages as LibreOffice does, nor that the sentences persuade anybody.
"""

from __future__ import annotations

import datetime
import html
import json
import math
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import docx
import numpy as np
import openpyxl
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from commands import Terminal
from shudian.analysis.cost import SAVING, price, prices
from shudian.analysis.results import data_digest
from shudian.analysis.verdicts import MEASURES
from shudian.answers.plan import Request
from shudian.answers.run import Answer, carry_out
from shudian.kinds import InputError, Language
from shudian.report.brief.comparison_sheet import named
from shudian.report.brief.content import Brief, gather
from shudian.report.brief.folder import plan_brief, write_brief
from shudian.report.brief.layout import MOST_PACKAGES, with_room
from shudian.report.manifest import differences, read_manifest, run_origin
from shudian.report.render.csv_tables import harmless
from shudian.report.render.numbers import percent, significant
from shudian.report.render.sheets import save
from shudian.wording import say

ASKED = ("zhengzhou_2025", "shenzhen_mode", "baseline")
COMMAND = "shudian brief zhengzhou_2025 shenzhen_mode baseline -o there --draws 60 --seed 3"
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@cache
def answer() -> Answer:
    return carry_out(plan_brief(Request(ASKED, draws=60, seed=3)))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    """The brief's folder in each language."""
    found: dict[Language, Path] = {}
    for language in LANGUAGES:
        found[language] = tmp_path_factory.mktemp(f"brief_{language}")
        write_brief(answer(), found[language], language, COMMAND)
    return found


@cache
def brief(language: Language) -> Brief:
    return gather(answer(), COMMAND, language, datetime.date.today())


def word_tables(folder: Path, language: Language) -> list[list[list[str]]]:
    tables = docx.Document(str(folder / f"brief_{language}.docx")).tables
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]


def word_text(folder: Path, language: Language) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(str(folder / f"brief_{language}.docx")).paragraphs)


def html_text(folder: Path, language: Language) -> str:
    page = (folder / f"brief_{language}.html").read_text(encoding="utf-8")
    return html.unescape(re.sub(r"<style>.*?</style>|src=\"data:[^\"]*\"", "", page, flags=re.DOTALL))


def html_tables(folder: Path, language: Language) -> list[list[list[str]]]:
    found = []
    for table in re.findall(r"<table>(.*?)</table>", html_text(folder, language), flags=re.DOTALL):
        rows = re.findall(r"<tr>(.*?)</tr>", table, flags=re.DOTALL)
        cells = [re.findall(r"<t[hd] [^>]*?>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in rows]
        found.append([[re.sub("<.*?>", "", cell) for cell in row] for row in cells])
    return found


def numbers(text: str) -> list[str]:
    return re.findall(r"[−+]?\d+(?:,\d{3})*(?:\.\d+)?", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_and_html_have_the_same_tables_and_sentences(folders: dict[Language, Path], language: Language) -> None:
    said = brief(language)
    expected = [[list(table.head), *(list(row) for row in table.told)] for table in with_room(said)]
    assert word_tables(folders[language], language)[:2] == expected
    assert html_tables(folders[language], language)[:2] == expected
    word, page = word_text(folders[language], language), html_text(folders[language], language)
    told = (said.headline, said.question, said.conclusion, *said.confidence, *(text for _, text in said.advice))
    for sentence in (*told, *said.outcomes.below, *said.contents.below):
        assert sentence in word
        assert sentence in page
    assert said.conclusion.count("。" if language == "zh" else ". ") <= 1
    assert {head for head, _ in said.advice} >= {
        say(f"brief_advice_{name}_head", language) for name in ("definition", "collect", "leave")
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_order_is_that_of_a_report_to_leaders(folders: dict[Language, Path], language: Language) -> None:
    parts = ("question", "conclusion", "contents", "outcomes", "confidence", "advice", "assumed", "sources", "repeat")
    heads = [say(f"brief_{part}_title", language) for part in parts]
    word = docx.Document(str(folders[language] / f"brief_{language}.docx"))
    assert [p.text for p in word.paragraphs if p.style is not None and p.style.name == "Heading 2"] == heads
    assert re.findall(r"<h2>(.*?)</h2>", html_text(folders[language], language)) == heads


def test_the_tables_are_those_of_the_verdicts() -> None:
    verdicts = answer().verdicts
    asked, reference = verdicts.row("zhengzhou_2025"), verdicts.row("no_policy")
    said = brief("zh")
    rows = {row[0]: row[1:] for row in said.outcomes.told}
    for target in verdicts.targets:
        for definition in target.definitions:
            chances = [percent(row.targets[target.identifier][definition].value, 60) for row in (reference, asked)]
            assert any(cells[0] == chances[0] and cells[1].startswith(chances[1]) for cells in rows.values())
    median, added = rows["2027年本地产值（亿元）"][1].split("\n")
    assert median == significant(asked.measures["output"].median, 2)
    assert numbers(added)[0] == f"+{significant(asked.additional['output'].median, 2)}"
    contents = {row[0]: row[1:] for row in said.contents.told}
    assert contents["产业基金"][:2] == ("1亿元", "—")
    # of what is set there only the fund is printed for this city; another city's share of titles is nowhere
    assert contents["补贴覆盖面"][:2] == ("—", "5%△")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_compares_packages_in_columns_with_charts(
    folders: dict[Language, Path], language: Language
) -> None:
    book = openpyxl.load_workbook(folders[language] / f"results_{language}.xlsx")
    sheet = book.worksheets[0]
    assert sheet.title == say("brief_sheet_comparison", language)
    names = [cell.value for cell in sheet[4][1:]]
    verdicts = answer().verdicts
    order = ["no_policy", *ASKED]
    assert names == [verdicts.row(name).scenario.title.text(language) for name in order]
    output = next(measure for measure in MEASURES if measure.name == "output")
    label = say("brief_row_level", language, measure=named(output, language))
    row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == label)
    assert list(row[1:5]) == [verdicts.row(name).measures["output"].median for name in order]
    assert len(sheet._charts) == 5
    chances = sheet._charts[0]
    assert len(chances.series) == len(order)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_has_the_numbers_of_the_verdicts(folders: dict[Language, Path], language: Language) -> None:
    book = openpyxl.load_workbook(folders[language] / f"results_{language}.xlsx")
    sheet = book[say("brief_sheet_verdicts", language)]
    found: dict[str, list[list[Any]]] = {}
    for _, package, quantity, _, *values in sheet.iter_rows(min_row=5, values_only=True):
        found.setdefault(str(package), []).append([quantity, *values])
    for package in brief(language).packages:
        cells = found[package.title.text(language)]
        chances = [100 * chance.value for chance in package.chances.values()]
        assert [chance[1] for chance in cells[:3]] == pytest.approx(chances, rel=1e-12)
        bands = [band for band in (package.output, package.jobs, package.cost) if band]
        for values, band in zip(cells[3:], bands, strict=False):
            assert values[1:4] == pytest.approx([band.median, band.low, band.high], rel=1e-12)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_yearly_sheet_agrees_with_the_verdicts(folders: dict[Language, Path], language: Language) -> None:
    book = openpyxl.load_workbook(folders[language] / f"results_{language}.xlsx")
    rows = list(book[say("brief_sheet_years", language)].iter_rows(min_row=5, values_only=True))
    for package in brief(language).packages:
        own = [row for row in rows if row[0] == package.title.text(language) and row[3] == 2027]
        cost = next(row for row in own if row[1] == say("brief_measure_cost", language))
        assert cost[4:] == pytest.approx(
            [package.cost.low, cost[5], package.cost.median, cost[7], package.cost.high], rel=1e-12
        )
        added = say("brief_additional", language, measure=say("brief_measure_jobs", language))
        jobs = [row for row in own if row[1] == added]
        assert len(jobs) == (0 if package.jobs is None else 1)
        if package.jobs:
            assert jobs[0][6] == pytest.approx(package.jobs.median, rel=1e-12)


def test_both_languages_have_the_same_numbers(folders: dict[Language, Path]) -> None:
    chinese, english = (brief(language) for language in LANGUAGES)
    assert chinese.packages == english.packages
    # English counts money in millions
    money, seen = ("（亿元）", "（万元）"), 0
    for one, other in zip(chinese.outcomes.told, english.outcomes.told, strict=True):
        scale = 100 if money[0] in one[0] else 10 if money[1] in one[0] else 1
        for one_cell, other_cell in zip(one[1:], other[1:], strict=True):
            for one_number, other_number in zip(numbers(one_cell), numbers(other_cell), strict=True):
                wanted = scale * float(one_number.replace(",", "").replace("−", "-"))
                found = float(other_number.replace(",", "").replace("−", "-"))
                assert found == pytest.approx(wanted, rel=0.006, abs=1 if scale > 1 else 0)
                seen += 1
    assert seen > 100
    for one_sentence, other_sentence in zip(chinese.confidence, english.confidence, strict=True):
        shares = [sorted(re.findall(r"[<>]?\d+%", sentence)) for sentence in (one_sentence, other_sentence)]
        assert shares[0] == shares[1]
    books = [openpyxl.load_workbook(folders[lang] / f"results_{lang}.xlsx") for lang in LANGUAGES]
    for one_sheet, other_sheet in zip(*(book.worksheets for book in books), strict=True):
        cells = [[[v for v in row if isinstance(v, float)] for row in s.values] for s in (one_sheet, other_sheet)]
        assert cells[0] == cells[1]


def test_the_brief_says_what_repeats_it_and_the_manifest_does(folders: dict[Language, Path]) -> None:
    for language, folder in folders.items():
        repeat = dict(brief(language).repeat)
        values = list(repeat.values())
        assert COMMAND in values
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["command"] == COMMAND
        digests = " / ".join(values)
        for digest in (manifest["model_digest"], manifest["data_digest"], manifest["posterior"]["digest"]):
            assert digest[:16] in digests
        assert (manifest["draws"], manifest["seed"]) == (60, 3)
        word = docx.Document(str(folder / f"brief_{language}.docx"))
        told = [cell.text for table in word.tables[2:] for row in table.rows for cell in row.cells]
        assert set(values) <= set(told)
        assert all(value in html_text(folder, language) for value in values)
        for name in (f"brief_{language}.docx", f"brief_{language}.html", f"results_{language}.xlsx"):
            assert name in manifest["files"]
    work, before = read_manifest(folders["zh"])
    again = carry_out(work)
    assert not differences(run_origin(again), before)
    assert data_digest(again.outcomes) == data_digest(answer().outcomes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_is_made_for_chinese_readers(folders: dict[Language, Path], language: Language) -> None:
    word = docx.Document(str(folders[language] / f"brief_{language}.docx"))
    for style, family in (("Normal", "宋体"), ("Title", "黑体"), ("Heading 2", "黑体"), ("Caption", "黑体")):
        fonts = word.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == family
        assert fonts.get(qn("w:eastAsiaTheme")) is None
    table = word.tables[0]
    assert all(cell._tc.tcPr.find(qn("w:shd")) is not None for cell in table.rows[0].cells)
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    width = sum(int(column.width or 0) for column in table.columns)
    section = word.sections[0]
    assert width <= section.page_width - section.left_margin - section.right_margin + 1000
    assert "PAGE" in section.footer._element.xml
    assert "NUMPAGES" in section.footer._element.xml
    captions = [p.text for p in word.paragraphs if p.style is not None and p.style.name == "Caption"]
    assert captions == [say("brief_figure_market", language, year=2027)]
    assert len(word.inline_shapes) == 1
    assert word.inline_shapes[0].width.cm <= 18.01
    # one break, so that there are two pages where neither overflows
    breaks = [p for p in word.paragraphs if p.paragraph_format.page_break_before]
    assert [p.text for p in breaks] == [say("brief_confidence_title", language)]
    lang = word.styles["Normal"].element.rPr.find(qn("w:lang"))
    assert (lang.get(qn("w:val")), lang.get(qn("w:eastAsia"))) == ("zh-CN" if language == "zh" else "en-US", "zh-CN")


def test_the_official_look_has_the_edges_and_letters_of_the_standard(tmp_path: Path) -> None:
    write_brief(answer(), tmp_path, "zh", COMMAND, "gbt9704")
    word = docx.Document(str(tmp_path / "brief_zh.docx"))
    section = word.sections[0]
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(edge.mm) for edge in edges if edge is not None] == [37, 35, 28, 26]
    fonts = {name: word.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Normal", "Title")}
    assert fonts == {"Normal": "仿宋_GB2312", "Title": "方正小标宋简体"}
    assert word.styles["Normal"].font.size.pt == 16
    question = next(p for p in word.paragraphs if p.text == brief("zh").question)
    assert question.runs[0].font.size.pt == 16
    assert question.paragraph_format.first_line_indent.pt == 32
    # 22 lines of it fill the page between the edges
    assert (
        22 * question.paragraph_format.line_spacing.pt
        <= 72 * 22.5 / 2.54
        < 23 * question.paragraph_format.line_spacing.pt
    )
    assert "PAGE" in section.footer._element.xml
    assert "PAGE" in section.even_page_footer._element.xml
    # no machine need have these fonts
    table = next(p for p in word.part.package.iter_parts() if str(p.partname) == "/word/fontTable.xml")
    assert "altName" in table.blob.decode()
    page = (tmp_path / "brief_zh.html").read_text(encoding="utf-8")
    assert "margin: 37mm 26mm 35mm 28mm" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_needs_nothing_else(folders: dict[Language, Path], language: Language) -> None:
    page = (folders[language] / f"brief_{language}.html").read_text(encoding="utf-8")
    assert not re.findall(r'(?:src|href)="(?!data:|https?://)', page)
    assert not re.findall(r'src="http', page)
    assert page.count("data:image/svg+xml;base64,") == 1


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice to lay the pages out")
@pytest.mark.slow
def test_the_document_has_two_pages_even_with_all_that_it_can_hold(tmp_path: Path) -> None:
    names = ("zhengzhou_2025", "shenzhen_mode_same_budget", "hangzhou_mode_same_budget", "hangzhou_from_now",
             "integration_plus")  # fmt: skip
    assert len(names) == MOST_PACKAGES
    full = carry_out(plan_brief(Request(names, shocks=("demand_stalls",), draws=60, seed=3)))
    for language in LANGUAGES:
        folder = tmp_path / language
        folder.mkdir()
        write_brief(full, folder, language, COMMAND)
        path = folder / f"brief_{language}.docx"
        command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        pdf = (tmp_path / f"brief_{language}.pdf").read_bytes()
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_parts_after_the_target_year_is_not_said_to_bring_nothing(language: Language) -> None:
    """Reviews and ends of support come later: a row of noughts would be read as what the package brings."""
    request = Request(("evaluate_and_exit",), draws=30, against="zhengzhou_2025")
    said = gather(carry_out(plan_brief(request)), COMMAND, language, datetime.date(2026, 12, 1)).conclusion
    assert "2028" in said
    assert not re.search(r"(?<!\d)0 ?(亿元|million|人|people)", said)


def test_a_brief_may_be_against_another_package() -> None:
    work = plan_brief(Request(ASKED, shocks=("demand_stalls",), draws=30, against="hangzhou_mode"))
    assert [s.name for s in work.scenarios] == [
        f"{name}+demand_stalls" for name in ("hangzhou_mode", "zhengzhou_2025", "shenzhen_mode", "baseline")
    ]
    assert set(work.pairing.references.values()) == {"hangzhou_mode+demand_stalls"}
    assert work.pairing.asked == "zhengzhou_2025+demand_stalls"
    with pytest.raises(InputError, match="needs a package beside “no_policy”"):
        plan_brief(Request(("no_policy",)))
    with pytest.raises(InputError, match="at most 5 packages, not 6"):
        plan_brief(Request((*ASKED, "hangzhou_mode", "shanghai_mode", "talent_first")))


@given(
    st.lists(st.tuples(st.floats(0, 1e4), st.floats(-1e3, 1e4)), min_size=20, max_size=60).filter(
        lambda pairs: sum(gain for _, gain in pairs) > 1
    )
)
def test_a_price_is_what_the_draws_say(pairs: list[tuple[float, float]]) -> None:
    cost, gain = (np.array(values) for values in zip(*pairs, strict=True))
    found = price(cost, gain)
    if (cost <= 0).mean() > SAVING:
        assert math.isnan(found.median)
        return
    assert found.low <= found.median <= found.high
    assert found.nothing == sum(g <= 0 for g in gain) / len(gain)
    own = sorted(c / g if g > 0 else math.inf for c, g in pairs)
    assert {found.low, found.median, found.high} <= {*own}
    assert sum(value <= found.high for value in own) >= 0.95 * len(own)
    assert sum(value < found.low for value in own) <= 0.05 * len(own)


def test_what_brings_nothing_has_no_price_and_its_double_costs_the_same() -> None:
    cost, gain = np.array([3.0, 5.0] * 20), np.array([1.0, 3.0] * 20)
    assert price(cost, -gain).median == price(cost, 0 * gain).median == math.inf
    one, two = price(cost, gain), price(2 * cost, 2 * gain)
    assert one == two
    assert (one.median, one.low, one.high) == (5 / 3, 5 / 3, 3.0)


def test_what_does_not_cost_more_has_no_price() -> None:
    gain = np.ones(40)
    assert math.isnan(price(np.r_[-1.0, -1.0, -1.0, np.ones(37)], gain).median)
    assert price(np.r_[-1.0, -1.0, np.ones(38)], gain).median == 1
    runs = {outcome.scenario.name: outcome for outcome in answer().outcomes}
    assert math.isnan(prices(runs["no_policy"], runs["no_policy"])["jobs", 2027].median)


def test_a_title_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = '=HYPERLINK("http://example.invalid")'
    save(book, tmp_path / "b.xlsx")
    read = openpyxl.load_workbook(tmp_path / "b.xlsx").active
    assert read is not None
    assert (read["A1"].data_type, read["A1"].value) == ("s", '=HYPERLINK("http://example.invalid")')
    assert [harmless(text) for text in ("=1+1", "@a", "-5", "郑州")] == ["'=1+1", "'@a", "'-5", "郑州"]


def test_the_command_writes_the_folder_and_repeats(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(monkeypatch, capsys, paints=True)
    words = ("brief", "zhengzhou_2025", "-o", "there", "--draws", "40", "--lang", "en")
    assert terminal(*words).code == 0
    names = sorted(path.name for path in Path("there").iterdir())
    assert names == ["brief_en.docx", "brief_en.html", "figures", "manifest.json", "results_en.xlsx"]
    assert sorted(path.name for path in Path("there/figures").iterdir()) == [
        "1_market_en.png", "1_market_en.svg", "2_gain_en.png", "2_gain_en.svg",
    ]  # fmt: skip
    assert terminal(*words).code == 2
    assert terminal("run", "--repeat", "there", "--lang", "en").code == 0
    assert terminal("brief", "no_policy", "-o", "other", "--lang", "zh").err.startswith("除比较基准")
    assert not Path("other").exists()
