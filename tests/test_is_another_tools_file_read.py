"""Is every legal file read, whichever tool wrote it, and every broken one refused in words that a person knows?

The files are in the forms that Vensim's, Stella's and simlin's manuals and files show; only simlin's are written by
the tool itself. Does NOT establish that every file of those tools is read: what they may write has no end.
"""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from reviewed import decided_once
from shudian.budget import equalise
from shudian.exchange import second_engine, vensim, xmile
from shudian.exchange.differences import compare_file
from shudian.exchange.equation_text import read_equation
from shudian.exchange.export import baseline_file
from shudian.exchange.forms import form, unit_form
from shudian.exchange.model_file import read_model_file
from shudian.exchange.pysd_engine import run_file, translate
from shudian.exchange.second_engine import second_opinion
from shudian.grounds import reference_draw, standing_posterior
from shudian.kinds import NO_WORDS, InputError, Language, Model, Phrase
from shudian.messages import in_language
from shudian.report.words.difference_text import describe, opinion_text
from shudian.scenarios import load_scenario
from test_do_other_engines_agree import DRAWS, edited, small_model
from test_does_an_edited_file_mean_what_it_says import mdl
from test_does_an_edited_file_mean_what_it_says import xmile as xmile_file

simlin = pytest.importorskip("simlin", reason="it has no wheel for Windows")

ISEE = 'xmlns:isee="http://iseesystems.com/XMILE"'
SPACED = (
    '<stock name="level"><eqn>1</eqn><inflow>my in</inflow><outflow>"my out"</outflow></stock>'
    '<flow name="my in"><eqn>1</eqn></flow><flow name="my out"><eqn>1</eqn></flow>'
)
DIMENSIONS = '<dimensions><dim name="x"/></dimensions>'
GRAPH = '<gf><xscale min="0" max="96"/><yscale min="0" max="2"/><ypts>0,1,2</ypts></gf>'
VENSIM: dict[str, str | bytes] = {
    "without a header": mdl({"a": "1"}).replace("{UTF-8}\n", ""),
    "with Windows' line ends": mdl({"a": "1"}).replace("\n", "\r\n"),
    "in GBK": mdl({"票价": "0.5", "a": "票价 * 2"}).encode("gbk"),
    "in UTF-16": mdl({"a": "1"}).encode("utf-16"),
    "quoted names": mdl({'"R&D spend (10%)"': "0.5", "a": '"R&D spend (10%)" * 2'}),
    "a quote in a quoted name": mdl({'"a \\"b\\" c"': "1", "a": '"a \\"b\\" c" + 0'}),
    "signs in a quoted name": mdl({'"x ~ y | z"': "1", "a": '"x ~ y | z" + 0'}),
    "signs in a plain name": mdl({"it's $": "1", "a": "it's $ + 0"}),
    "spaces for underscores": mdl({"x_y": "0.5", "a": "X  Y * 2"}),
    "a continued line": mdl({"a": "0.5 + \\\n\t\t0.5"}),
    "a number broken by a continued line": mdl({"a": "100e-\\\n\t\t2"}),
    "a name broken by a continued line": mdl({"long name": "1", "a": "long \\\n\t\tname"}),
    "supplementary": mdl({"a": "1"}).replace("a = 1\n\t~\t\n\t~\t\n", "a = 1\n\t~\t\n\t~\twhy\n\t~\t:SUPPLEMENTARY\n"),
    "unchangeable": mdl({"a": "1"}).replace("a = 1", "a == 1"),
    "entries in one line": "a = 1 ~~|" + mdl({"b": "2"}).removeprefix("{UTF-8}"),
    "reality checks": mdl({"a": "1"}) + "\ncheck :THE CONDITION: a > 0 :IMPLIES: a > -1 ~~|\n",
    "a group with a quotation mark": mdl({"a": "1"}) + '\n****\n\t.g\n****~\n\t\tabout it, "quoted\n\t|\n',
    "the older form of a table": "tb(0,96, 1,1) ~~|\n" + mdl({"a": "tb(Time)"}).removeprefix("{UTF-8}\n"),
    "a range without an end": mdl({"a": "1"}).replace("a = 1\n\t~\t", "a = 1\n\t~\twanyuan / (Month*Month) [0,?,0.5]"),
    "comments in braces": mdl({"a": "1"}).replace(
        "a = 1\n\t~\t",
        '{mine ~ "of | now}\n{too = 2} a {here}{x(1)} {:RAW:}= {one} 1 {it ~ is} ~ {no} month {[0,1]} [0,9]',
    ) + "{the end}\n",
    "braces in a quoted name": mdl({'"a {b"': "1", '"b}"': "0", "a": '"a {b" + "b}"'}),
    "spaces in its settings": mdl({"a": "1"}) + "\\\\\\---/// Sketch\n///---\\\\\\\n15: 0, 0, 0, 0, 1, 0\n",
    "spaces before brackets": mdl({"a": "IF THEN ELSE (1 > 0 , 1 , 3)"}),
}  # fmt: skip
XMILE: dict[str, str | bytes] = {
    "flows with spaces": xmile_file({"a": "level"}, SPACED),
    "a graph on an auxiliary": xmile_file({"a": "1 + 0 * b"}, f'<aux name="b"><eqn>TIME</eqn>{GRAPH}</aux>'),
    "a graph on a flow": xmile_file({"a": "1 + 0 * b"}, f'<flow name="b"><eqn>TIME</eqn>{GRAPH}</flow>'),
    "a graph alone": xmile_file({"a": "b(48)"}, f'<gf name="b">{GRAPH.removeprefix("<gf>")}'),
    "a graph on an auxiliary without an equation": xmile_file({"a": "b(48)"}, f'<aux name="b">{GRAPH}</aux>'),
    "a prefix": re.sub("<(/?)(?=[a-z])", r"<\1x:", xmile_file({"a": "1"})).replace("xmlns=", "xmlns:x="),
    "no namespace": re.sub(' xmlns="[^"]*"', "", xmile_file({"a": "1"})),
    "words of Stella": xmile_file({"a": "1"}, "", f'{ISEE} isee:x="1" method="Euler"').replace(
        "<model>", f'<isee:prefs {ISEE} layer="model"><isee:page/></isee:prefs><model>'
    ),
    "its own horizon": xmile_file({"a": "1"}).replace("<stop>96</stop>", "<stop>9</stop>").replace(
        "<model>", '<model><sim_specs method="Euler"><stop>96</stop></sim_specs>'
    ),
    "a line break in a name": xmile_file({"two\\nwords": "1", "a": "two_words"}),
    "quoted names": xmile_file({"R&amp;D (x)": "1", "a": '"R&D (x)"'}),
    "marks in a comment": xmile_file({}, '<aux name="a"><doc>see <b>this</b></doc><eqn>1</eqn><format/></aux>'),
    "any case of words": xmile_file({"a": "If 1 > 0 Then mAx(1, 0) Else 3"}),
    "an equation as it stands": xmile_file({}, '<aux name="a"><eqn><![CDATA[IF 1 < 2 THEN 1 ELSE 2]]></eqn></aux>'),
    "in GBK": xmile_file({"票价": "0.5", "a": "票价 * 2"}).replace("utf-8", "gbk").encode("gbk"),
    "in UTF-16": xmile_file({"a": "1"}).replace("utf-8", "utf-16").encode("utf-16"),
    "with a byte order mark": xmile_file({"a": "1"}).encode("utf-8-sig"),
    "a reciprocal step": xmile_file({"a": "1"}).replace("<dt>0.125</dt>", '<dt reciprocal="true">8</dt>'),
    "a step as a fraction": xmile_file({"a": "1"}).replace("<dt>0.125</dt>", "<dt>1/8</dt>"),
    "numbers with spaces": xmile_file({"a": "1"}).replace("<stop>96</stop>", "<stop> 96.0 </stop>"),
    "Vensim's control": xmile_file({"a": "1", "FINAL TIME": "96", "SAVEPER": "TIME_STEP", "TIME STEP": "0.125"}),
    "dimensions that nothing has": xmile_file({"a": "1"}).replace("<model>", f"{DIMENSIONS}<model>"),
    "floors that never bind": xmile_file(
        {"a": "level"}, '<stock name="level"><eqn>1</eqn><inflow>f</inflow><non_negative/></stock>'
        '<flow name="f"><eqn>0 - 1</eqn><non_negative/></flow>'
    ),
}  # fmt: skip
LEGAL = [("mdl", what) for what in VENSIM] + [("xmile", what) for what in XMILE]


@pytest.mark.parametrize(("format", "what"), LEGAL)
def test_a_legal_file_is_read(format: str, what: str, tmp_path: Path) -> None:
    text = (VENSIM if format == "mdl" else XMILE)[what]
    file = tmp_path / f"legal.{format}"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    np.testing.assert_array_equal(translate(read_model_file(file)).run({}, ["a"])[0], 1)


# --- broken files --------------------------------------------------------------------------------------------------

PROGRAMMERS_WORDS = re.compile(
    r"__\w|\b\w+(?:Error|Exception|Structure|Element|Visitor|Warning)\b|NoneType|\bdict\b|Traceback|\bobject\b"
    r"|“\s*”|\"\"|''|\bNone\b|\bat 0x"
)


def said_of(path: Path) -> Phrase:
    """What is said of the file, in no words where it is read."""
    try:
        read_model_file(path)
    except InputError as error:
        return error.said
    return NO_WORDS


def check_sentence(phrase: Phrase) -> None:
    said = str(phrase)
    place = re.match(r"\S+\.(?:mdl|xmile|xml)(?::\d+)?", said)
    assert place
    assert "\n" not in said
    chinese = in_language(phrase, "zh").removeprefix(place[0])
    for sentence in (said.removeprefix(place[0]), chinese):
        assert not PROGRAMMERS_WORDS.search(sentence), sentence
    # a word of English outside quotation marks was not translated
    left = re.sub("“[^“”]*”|XMILE|XML|PySD", "", chinese)
    assert re.search("[\u4e00-\u9fff]", left), said
    assert not re.search("[A-Za-z]{2,}", left), chinese


BROKEN = {
    "nothing.mdl": "",
    "nothing.xmile": "",
    "words.mdl": "hello",
    "words.xmile": "hello",
    "page.xml": "<html><body/></html>",
    "no_model.xmile": "<xmile/>",
    "no_specs.xmile": "<xmile><model/></xmile>",
    "two_models.xmile": "<xmile><model/><model name='a'/></xmile>",
    "empty_equation.mdl": mdl({"a": ""}),
    "empty_equation.xmile": xmile_file({"a": ""}),
    "no_equation.xmile": xmile_file({}, '<aux name="a"/>'),
    "no_name.xmile": xmile_file({}, "<aux><eqn>1</eqn></aux>"),
    "no_name.mdl": "= 1 ~~|" + mdl({}),
    "no_flow.xmile": xmile_file({}, '<stock name="s"><eqn>1</eqn><inflow/></stock>'),
    "data.mdl": mdl({"b": "1"}).replace("b = 1", "b := 1"),
    "raw_data.mdl": mdl({"b": "1"}).replace("b = 1", "b :RAW:"),
    "name_alone.mdl": mdl({"b": "1"}).replace("b = 1", "b"),
    "macro.mdl": ":MACRO: M(x)\nM = x ~~|\n:END OF MACRO:\n" + mdl({"a": "1"}),
    "macro.xmile": xmile_file({"a": "1"}).replace("<model>", '<macro name="m"><eqn>1</eqn></macro><model>'),
    "module.xmile": xmile_file({"a": "1"}, '<module name="m"/>'),
    "array.xmile": xmile_file({}, '<aux name="a"><dimensions><dim name="x"/></dimensions><eqn>1</eqn></aux>'),
    "conveyor.xmile": xmile_file({}, '<stock name="s"><eqn>1</eqn><conveyor><len>4</len></conveyor></stock>'),
    "queue.xmile": xmile_file({}, '<stock name="s"><eqn>1</eqn><queue/></stock>'),
    "import.xmile": xmile_file({"a": "1"}).replace("<model>", "<data><import/></data><model>"),
    "range.mdl": mdl({"a": "1"}).replace("a = 1\n\t~\t", "a = 1\n\t~\tx [low,high]"),
    "range.xmile": xmile_file({}, '<aux name="a"><eqn>1</eqn><range min="low"/></aux>'),
    "points.xmile": xmile_file({}, '<gf name="a"><ypts>1,two</ypts></gf>'),
    "no_points.xmile": xmile_file({}, '<gf name="a"/>'),
    "kind.xmile": xmile_file({}, '<gf name="a" type="curved"><xscale min="0" max="1"/><ypts>1,2</ypts></gf>'),
    "brace.mdl": mdl({"a": "1 {one"}),
    "braces.mdl": "{UTF-8}\n{mine a = 1 ~~|",
    "two_graphs.xmile": xmile_file({}, f'<aux name="a"><eqn>TIME</eqn>{GRAPH}{GRAPH}</aux>'),
    "elsewhere.xmile": xmile_file({"a": "1"}).replace("<model>", '<model resource="b.xmile">'),
    "circle.mdl": mdl({"a": "b", "b": "a"}),
    "first_values.mdl": mdl({"a": "INTEG(1, b)", "b": "INTEG(1, a)"}),
    "twice.xmile": xmile_file({"a": "1", "A": "2"}),
    "unknown.mdl": mdl({"a": "FOO(1)"}),
    "text.mdl": mdl({"a": "ABS('x')"}),
    "no_end.mdl": mdl({"a": "1"}).replace("\t|", ""),
    "no_step.mdl": mdl({"a": "1"}).replace("TIME STEP", "STEP SIZE"),
    "cut.xmile": xmile_file({"a": "1"})[:200],
    "open_quote.mdl": mdl({"a": '"b'}),
    "binary.mdl": "a\0b",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_in_words_that_a_person_knows(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(BROKEN[name], encoding="utf-8")
    said = said_of(tmp_path / name)
    assert str(said).startswith(str(tmp_path / name))
    check_sentence(said)


UNKNOWN = [
    "module", "event_poster", "sensi", "conveyor", "queue", "oven", "dimensions", "element", "leak", "mathml",
    "init_eqn", "macro", "import", "behavior", "sim_specs", "isee:delay_aux", "isee:summing", "AUX", "eqn", "gf",
    "aux", "stock", "group", "variables", "non_negative", "inflow", "doc", "views", "range", "format", "anything",
]  # fmt: skip
LEVELS = xmile_file(
    {},
    f"""<aux name="a">
<doc/><units>1</units><eqn>TIME / 48</eqn>{GRAPH}</aux>
<stock name="s"><eqn>2 * b</eqn><inflow>f</inflow></stock>
<flow name="f">
<eqn>s / 8</eqn><non_negative/></flow>
<gf name="t">{GRAPH.removeprefix("<gf>")}<aux name="b"><eqn>t(TIME)</eqn></aux>
<group name="g"><entity name="a"/></group>""",
).replace("</model>", "<views><view/></views></model><behavior><flow/></behavior>")


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_element_that_is_put_in_anywhere_is_refused_or_changes_no_number(name: str, tmp_path: Path) -> None:
    file = tmp_path / "put_in.xmile"
    file.write_text(LEVELS, encoding="utf-8")
    as_it_was = {one.name: one.tree for one in read_model_file(file).variables.values()}
    element = f'<{name} xmlns:isee="x" name="n" method="RK4"><eqn>7</eqn></{name}>'
    refused = 0
    for gap in re.finditer(r"(?<=>)(?=\s*<(?!\?|xmile))", LEVELS):
        text = LEVELS[: gap.start()] + element + LEVELS[gap.start() :]
        file.write_text(text, encoding="utf-8")
        if said := said_of(file):
            check_sentence(said)
            refused += 1
        else:
            # the same equations, and at most one more that nothing uses
            found = read_model_file(file).variables
            assert {one: found[one].tree for one in as_it_was} == as_it_was
    assert refused


@pytest.mark.parametrize(("name", "form"), [("range.mdl", "[0,10]"), ("range.xmile", '<range min="0" max="10"/>')])
def test_a_range_is_corrected_in_the_words_of_its_format(name: str, form: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(BROKEN[name], encoding="utf-8")
    said = said_of(tmp_path / name)
    assert str(said).endswith(form)
    assert f"“{form}”" in in_language(said, "zh")


@pytest.mark.parametrize("format", ["mdl", "xmile"])
def test_a_file_that_is_damaged_anywhere_is_read_or_refused_in_such_words(format: str, tmp_path: Path) -> None:
    chance = random.Random(12)
    whole = edited(tmp_path, format="mdl" if format == "mdl" else "xmile").read_text(encoding="utf-8")
    marks = [
        "",
        '"',
        "(",
        ")",
        "[",
        "|",
        "~",
        "=",
        ":",
        "<",
        ">",
        "&",
        "{",
        "}",
        "'",
        "\\",
        ",",
        " 1e",
        "价",
        "^",
        "\x0b",
    ]
    refused = 0
    for _ in range(300):
        place = chance.randrange(len(whole))
        text = whole[:place] + chance.choice(marks) + whole[place + chance.randrange(3) :]
        file = tmp_path / f"damaged.{format}"
        file.write_text(text, encoding="utf-8")
        said = said_of(file)
        refused += bool(said)
        if said:
            check_sentence(said)
    assert 30 < refused < 300


MANY = 20_000
HEAVY = {
    "spaces.mdl": "a" + " " * MANY + "b ~~|" + mdl({}),
    "no_end.mdl": mdl({"a": "1"}) + "x = " + "a" * MANY,
    "open_quote.mdl": mdl({"a": "1"}) + 'x = "' + "a" * MANY,
    "minuses.mdl": mdl({"a": "-" * MANY + "1"}),
    "nots.mdl": mdl({"a": ":NOT:" * MANY + "1"}),
    "sums.mdl": mdl({"a": "1" + "+1" * MANY}),
    "calls.mdl": mdl({"a": "ABS(" * MANY}),
    "powers.xmile": xmile_file({"a": "2" + "^2" * MANY}),
    "remainders.xmile": xmile_file({"a": "2" + " MOD 2" * MANY}),
    "choices.xmile": xmile_file({"a": "IF 1 THEN " * MANY + "1"}),
    "elements.xmile": "<xmile>" + "<a>" * MANY,
    "trends.xmile": xmile_file({"a": "TREND(" * 40 + "TIME" + ",2)" * 40}),
    "divisions.xmile": xmile_file({"a": "SAFEDIV(1, " * 40 + "TIME" + ")" * 40}),
    "chain.mdl": mdl({**{f"v{n}": f"v{n + 1}" for n in range(MANY // 10)}, f"v{MANY // 10}": "1"}),
    "points.mdl": mdl({"a": "WITH LOOKUP(Time, (" + ",".join(f"({n},1)" for n in range(MANY)) + "))"}),
    "points.xmile": xmile_file({}, f'<gf name="a"><xscale min="0" max="1"/><ypts>{"1," * MANY}1</ypts></gf>'),
    "braces.mdl": "{" * MANY + mdl({"a": "{" * MANY}),
    "comments.mdl": "{}" * MANY + mdl({"a": "{}" * MANY + "1"}),
    "names.mdl": mdl(
        {**{f"a{n}": f"a{n + 1} + a{n + 1}" for n in range(99)}, "a99": "1", "d": "DELAY FIXED(1, a0, 0)"}
    ),
}


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_file_is_read_or_refused_and_takes_no_time_without_end(name: str, tmp_path: Path) -> None:
    # what doubles at each step or goes a thousand levels deep would never come back, or in a traceback
    (tmp_path / name).write_text(HEAVY[name], encoding="utf-8")
    said = said_of(tmp_path / name)
    if said:
        check_sentence(said)


@pytest.mark.parametrize("equation", ["y / 1e-320", "y * 1e-320 / 1e-320", "1 / 1e-320", "y * 1e300 / 1e-300"])
def test_numbers_beyond_the_range_are_compared_without_a_fault(equation: str) -> None:
    assert form(read_equation(equation, "mdl")) != form(read_equation("y", "mdl"))


@pytest.mark.parametrize("sign", ["(", ")", "month*", "^", "month^9^", "month^(1/0)"])
def test_a_unit_of_any_length_is_compared(sign: str) -> None:
    assert unit_form(sign * MANY + "month") != unit_form("month")


def test_a_floor_that_would_bind_is_refused(tmp_path: Path) -> None:
    # change = (target - level) / delay, with a target of 0 less 1
    file = edited(tmp_path, "<eqn>first</eqn>", "<eqn>first</eqn><non_negative/>", "xmile")
    run_file(file, small_model(), DRAWS, ["level"])
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("target - level", "target - 3 - level"), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"“level” would fall below zero in month \d+.*MIN\(outflow, stock / DT\)"
    ) as raised:
        run_file(file, small_model(), DRAWS, ["level"])
    check_sentence(raised.value.said)


# --- through another tool ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".mdl", ".xmile"])
@pytest.mark.parametrize("format", ["mdl", "xmile"])
def test_a_round_trip_through_simlin_is_no_difference_and_an_edit_comes_first(
    format: str, suffix: str, tmp_path: Path
) -> None:
    file = tmp_path / f"saved{suffix}"
    simlin.load(baseline_file("mdl" if format == "mdl" else "xmile")).project.save_as(str(file))
    found = compare_file(file)
    assert (found.scenario.name, found.changes, found.comments) == ("baseline", (), ())
    assert set(found.dropped) <= {"range"}
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        assert len(describe(found, language).splitlines()) <= 5

    text = file.read_text(encoding="utf-8")
    name = "ad market" if suffix == ".mdl" else "ad_market"
    product = "national gross market * free share"
    old = f"{name} = {product}" if suffix == ".mdl" else f"<eqn>{product.replace(' ', '_').replace('_*_', ' * ')}</eqn>"
    assert text.count(old) == 1
    file.write_text(text.replace(old, old.replace("share", "share * 2")), encoding="utf-8")
    found = compare_file(file)
    assert [(change.name, change.what) for change in found.changes] == [("ad_market", "equation")]
    for language in languages:
        lines = describe(found, language).splitlines()
        first = next(number for number, line in enumerate(lines) if line.startswith("ad_market"))
        assert not any("253" in line for line in lines[:first])


@pytest.mark.slow
@pytest.mark.parametrize("name", decided_once())
def test_a_scenario_that_a_tool_has_dropped_is_recognised(name: str, model: Model, tmp_path: Path) -> None:
    posterior = standing_posterior("zhengzhou")
    scenario = equalise(load_scenario(name, model.parameters), model, posterior)
    written = tmp_path / "written.mdl"
    written.write_text(vensim.equations_text(model, scenario, reference_draw(model, posterior)), encoding="utf-8")
    saved = tmp_path / "saved.xmile"
    simlin.load(written).project.save_as(str(saved))
    found = compare_file(saved)
    assert found.scenario.name == name
    assert found.changes == ()
    assert found.nearest is not None
    assert found.nearest.same == found.nearest.of


def test_a_guessed_scenario_is_said_to_be_guessed(model: Model, tmp_path: Path) -> None:
    posterior = standing_posterior("zhengzhou")
    scenario = load_scenario("zhengzhou_2025", model.parameters)
    text = xmile.equations_text(model, scenario, reference_draw(model, posterior))
    file = tmp_path / "nameless.xmile"
    file.write_text(re.sub("<name>.*?</name>", "", text), encoding="utf-8")
    found = compare_file(file)
    assert found.scenario.name == "zhengzhou_2025"
    assert "nearest" in describe(found, "en")
    assert "最接近" in describe(found, "zh")
    file.write_text(text, encoding="utf-8")
    assert compare_file(file).nearest is None


# --- a second engine -----------------------------------------------------------------------------------------------


def opinion_of(text: str, folder: Path, format: str = "mdl") -> second_engine.SecondOpinion:
    file = folder / f"asked.{format}"
    file.write_text(text, encoding="utf-8")
    return second_opinion(file)


def test_simlin_says_whether_it_agrees(tmp_path: Path) -> None:
    given = {"y": "0.75 + 0.01 * Time", "level": "INTEG(y - level / 6, 0)", "b": "IF THEN ELSE(level > 3, y, 0)"}
    agreed = opinion_of(mdl(given), tmp_path)
    assert agreed.verdict == "agrees"
    assert "1e-9" in opinion_text(agreed, "en")
    # simlin smooths where Vensim holds back
    parted = opinion_of(mdl({**given, "z": "x + 1", "x": "DELAY FIXED(y, 2, 0)"}), tmp_path)
    assert parted.parting is not None
    assert (parted.verdict, parted.parting.name, parted.parting.month) == ("parts", "x", 1)
    assert "“x”" in opinion_text(parted, "zh")
    assert "2023" in opinion_text(parted, "en")
    unable = opinion_of(mdl({**given, "x": "GAME(y)"}), tmp_path)
    assert (unable.verdict, unable.parting) == ("unable", None)


def test_a_missing_second_engine_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "simlin", None)
    monkeypatch.setattr(second_engine, "find_spec", lambda _name: None)
    absent = opinion_of(mdl({"a": "1"}), tmp_path)
    assert absent.verdict == "absent"
    assert "pip install pysimlin" in opinion_text(absent, "zh")
