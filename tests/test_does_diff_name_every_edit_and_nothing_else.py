"""Does `diff` name what an analyst changed in an exported file, and stay silent about what only looks different?

Does NOT establish that a file which Vensim or Stella itself saved is read: the rewritings here are what their
manuals and files show, made by us. (test_do_equations_that_say_the_same_look_the_same.py tries single equations.)
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from shudian.draws import central_draw
from shudian.exchange import differences, vensim, xmile
from shudian.exchange.differences import Differences, compare_file, differences_of
from shudian.exchange.export import Format, baseline_file
from shudian.exchange.model_file import read_model_file
from shudian.kinds import InputError, Language, Model, Scenario
from shudian.messages import in_language
from shudian.report.words.difference_text import describe
from shudian.scenarios import load_scenario

FORMATS: tuple[Format, ...] = ("mdl", "xmile")
NAME = r"\b(?!e\d)[a-z][a-z_0-9]*\b"
FUNCTION = re.compile(r"\b(EXP|LN|MIN|MAX|RAMP)\(")


@pytest.fixture(scope="module")
def baseline(model: Model) -> Scenario:
    return load_scenario("baseline", model.parameters)


@pytest.fixture(scope="module")
def texts(model: Model, baseline: Scenario) -> Mapping[Format, str]:
    # a diagram takes seconds to lay out, and one that is out of date is as good here
    _, mark, diagram = baseline_file("mdl").read_text(encoding="utf-8").partition("\\\\\\---///")
    written = {format: exported(model, baseline, format) for format in FORMATS}
    return written | {"mdl": written["mdl"] + mark + diagram}


def exported(model: Model, scenario: Scenario, format: Format) -> str:
    return (vensim if format == "mdl" else xmile).equations_text(model, scenario, central_draw(model))


Compare = Callable[[Format, str], Differences]


@pytest.fixture(scope="module")
def compared(model: Model, baseline: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Compares the text of a file with the baseline, whose own export is read once."""
    folder = tmp_path_factory.mktemp("files")
    read = differences._fresh
    fresh: dict[str, Any] = {}

    def once(model: Model, scenario: Scenario, path: Path, draws: Any) -> Any:
        key = f"{scenario.name}{path.suffix}"
        if key not in fresh:
            fresh[key] = read(model, scenario, path, draws)
        return fresh[key]

    def comparison(format: Format, text: str) -> Differences:
        place = folder / f"edited.{format}"
        place.write_bytes(text.encode())
        return differences_of(model, baseline, read_model_file(place))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differences, "_fresh", once)
        yield comparison


def found(all_of_them: Differences) -> set[tuple[str, str]]:
    return {(change.name, change.what) for change in all_of_them.changes}


# --- what only looks different ---------------------------------------------------------------------------------


def respelled(equation: str, chance: random.Random, spaces: bool) -> str:
    """The same equation in other spelling: numbers, names, functions, brackets, spaces."""

    def name(match: re.Match[str]) -> str:
        word = match[0].replace("_", " ") if spaces and chance.random() < 0.5 else match[0]
        word = chance.choice((word, word.upper(), word.title()))
        return f"( {word} )" if chance.random() < 0.3 else word

    def whole(match: re.Match[str]) -> str:
        return chance.choice((match[0], f"{match[0]}.0", f"{match[0]}e0", f"({match[0]}.)"))

    text = re.sub(r"(?<![\w.-])\d+(?![\w.])", whole, equation)
    text = re.sub(NAME, name, text)
    text = FUNCTION.sub(lambda match: chance.choice((match[0], match[0].lower(), match[0].title())), text)
    return text if text.startswith("INTEG") else f"( {text} )"


def rewritten_mdl(text: str, chance: random.Random) -> str:
    equations, sketch = text.split("\\\\\\---///", 1)
    encoding, *entries = re.split(r"(?<=\})\n|(?<=\|)\n", equations)
    rest = [entry for entry in entries if entry.strip()]
    rewritten = []
    for entry in rest:
        head, tilde, tail = entry.partition("~")
        left, equals, right = head.partition(" = ")
        if equals:
            right = respelled(re.sub(r"\s*\\\n\s*", " ", right).strip(), chance, spaces=True)
            right = re.sub(" ", lambda _: " \\\n\t\t" if chance.random() < 0.1 else " ", right)
            tail = re.sub(r"(\[[^,\]]*,[^,\]]*),[^\]]*\]", r"\1]", tail)
            entry = f"{left.replace('_', ' ').title()}\n  =\n\t{right}\n\t{tilde}{' '.join(tail.split(' '))}"
        rewritten.append(entry)
    chance.shuffle(rewritten)
    moved = re.sub(r"(?<=,)\d{2,4},\d{2,4}(?=,)", lambda _: f"{chance.randrange(900)},{chance.randrange(900)}", sketch)
    whole = "\n\n".join([encoding, *rewritten]) + "\n\\\\\\---///" + moved
    return whole.replace("\n", "\r\n") if chance.random() < 0.5 else whole


def rewritten_xmile(text: str, chance: random.Random) -> str:
    root = ET.fromstring(text)
    (variables,) = (element for element in root.iter() if element.tag.endswith("variables"))
    for element in variables:
        element.set("name", chance.choice((element.get("name", ""), element.get("name", "").replace("_", " ").title())))
        for part in element:
            if part.tag.endswith("eqn"):
                spelled = respelled(str(part.text), chance, spaces=False)
                # PySD reads no line break in a stock's initial value
                broken = 0.0 if element.tag.endswith("stock") else 0.1
                part.text = re.sub(" ", lambda _, share=broken: "\n  " if chance.random() < share else " ", spelled)
    children = list(variables)
    chance.shuffle(children)
    variables[:] = children
    ET.register_namespace("", root.tag[1:].split("}")[0])
    return ET.tostring(root, encoding="unicode")


# each example is a whole file, and a smaller seed is not a simpler one
@settings(max_examples=3, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(seed=st.integers(0, 2**32))
@pytest.mark.parametrize("format", FORMATS)
def test_another_spelling_is_no_difference(
    format: Format, seed: int, texts: Mapping[Format, str], compared: Compare
) -> None:
    rewrite = rewritten_mdl if format == "mdl" else rewritten_xmile
    text = rewrite(texts[format], random.Random(seed))
    assert text != texts[format]
    assert compared(format, text).changes == ()


@pytest.mark.parametrize("format", FORMATS)
def test_a_fresh_export_has_no_differences(format: Format, texts: Mapping[Format, str], compared: Compare) -> None:
    nothing = compared(format, texts[format])
    assert (nothing.changes, nothing.comments, nothing.older) == ((), (), False)
    assert len(describe(nothing, "zh").splitlines()) == 1


# --- edits -----------------------------------------------------------------------------------------------------

Edit = tuple[str, str, str]
"""The variable whose entry is edited, a pattern that stands there once, what takes its place."""
ANY = r"(?:\s|\\)*"
NUMBER = r"(= |<eqn>)([\d.]+)(?=\n|</eqn>)"
INSIDE: dict[str, tuple[Mapping[Format, Edit] | Edit, set[tuple[str, str]]]] = {
    "a constant": (
        ("production_share_paid", NUMBER, r"\g<1>0.33"),
        {("production_share_paid", "value")},
    ),
    "a constant, in its last digits": (
        ("production_share_paid", NUMBER, r"\g<1>\2 * 1.0000001"),
        {("production_share_paid", "value")},
    ),
    "a unit": (("ad_market", "wanyuan/month", "wanyuan/person"), {("ad_market", "unit")}),
    "an operator": (("live_price_change", "/ price_adj", "* price_adj"), {("live_price_change", "equation")}),
    "the date of a step": (
        ("open_locations", r"((?i:time) (?:<|&lt;)) 21(?=\W)", r"\1 24"),
        {("open_locations", "equation")},
    ),
    "a cause": (("ad_market", r"national_gross_market(?= \*)", "paid_market"), {("ad_market", "equation")}),
    "a function": (("national_sameness", r"(?i:ln)(?=\()", "EXP"), {("national_sameness", "equation")}),
    "a threshold": (
        ("own_sameness_change", r"0\.000000001(?= (?:<|&lt;))", "0.001"),
        {("own_sameness_change", "equation")},
    ),
    "a comparison": (("platform_break", r"<(?= pl)|&lt;", "&gt;"), {("platform_break", "equation")}),
    "an exponent's sign": (("guarantee_change", r"\(-guarantee_supply_sensitivity\)", "guarantee_supply_sensitivity"),
                           {("guarantee_change", "equation")}),
    "an initial value": (
        ("free_share", r"free_share_initial", "2 * free_share_initial"),
        {("free_share", "initial")},
    ),
    "the sign of a flow": (
        {
            "mdl": ("free_share", r"INTEG\(free", "INTEG(-free"),
            "xmile": ("free_share", r"inflow>free_shift</inflow", "outflow>free_shift</outflow"),
        },
        {("free_share", "equation")},
    ),
    "a range": (
        {
            "mdl": ("production_share_paid", r"\[[^\]]*\]", "[0.01,?]"),
            "xmile": ("production_share_paid", r' max="[^"]*"', ' max="0.9"'),
        },
        {("production_share_paid", "range")},
    ),
    "what is subtracted from what": (
        ("free_shift", "free_share_ceiling - free_share", "free_share - free_share_ceiling"),
        {("free_shift", "equation")},
    ),
    "the time step": (
        {"mdl": ("TIME STEP", r"0\.125", "0.0625"), "xmile": ("", r"<dt>0\.125", "<dt>0.0625")},
        {("time_step", "value")},
    ),
    "the order in MAX, which changes nothing": (
        ("guarantee_change", rf"MAX\(0,{ANY}national_sameness\)", "MAX(national_sameness, 0)"),
        set(),
    ),
    "the time step as a fraction, which changes nothing": (
        {"mdl": ("TIME STEP", r"0\.125", "1 / 8"), "xmile": ("", r"<dt>0\.125", '<dt reciprocal="true">8')},
        set(),
    ),
    "a unit's spelling, which changes nothing": (("ad_market", "wanyuan/month", "wanyuan * Months^-1"), set()),
}  # fmt: skip


def entry(format: Format, name: str) -> str:
    """A pattern for all that the file says about `name`."""
    if not name:
        return r"(?s:.*)"
    return rf"(?s:(?<=\n){name} = .*?\n\t\|)" if format == "mdl" else rf'(?s:<(\w+) name="{name}">.*?</\1>)'


def edited(text: str, format: Format, edit: Edit) -> str:
    name, pattern, replacement = edit
    if format == "mdl":
        replacement = replacement.replace("&gt;", ">")
    place = re.search(entry(format, name), text)
    assert place, name
    changed, count = re.subn(pattern, replacement, place[0])
    assert count == 1, (pattern, count, place[0])
    return text[: place.start()] + changed + text[place.end() :]


def for_format(edit: Mapping[Format, Edit] | Edit, format: Format) -> Edit:
    return edit if isinstance(edit, tuple) else edit[format]


@pytest.mark.parametrize("what", INSIDE)
@pytest.mark.parametrize("format", FORMATS)
def test_an_edit_is_named_and_nothing_else(
    format: Format, what: str, texts: Mapping[Format, str], compared: Compare
) -> None:
    edit, expected = INSIDE[what]
    result = compared(format, edited(texts[format], format, for_format(edit, format)))
    assert found(result) == expected
    assert result.comments == ()


@pytest.mark.parametrize("format", FORMATS)
def test_variables_that_come_go_and_change_names_are_named(
    format: Format, texts: Mapping[Format, str], compared: Compare
) -> None:
    text = texts[format]
    added = {
        "mdl": "tax_base = 3 + live_price ~ wanyuan ~ mine |\n\n",
        "xmile": '<aux name="tax_base"><eqn>3 + live_price</eqn><units>wanyuan</units></aux>',
    }
    place = re.search(entry(format, "quality_works"), text)
    assert place
    text = text[: place.start()] + added[format] + text[place.end() :]
    if format == "xmile":
        text = text.replace('<entity name="quality_works" />', "")
    text = re.sub(r"\bfree_shift_rate\b", "viewers_moving", text)
    result = compared(format, text)
    expected = {("quality_works", "removed"), ("tax_base", "added"), ("free_shift_rate", "renamed")}
    assert found(result) == expected
    assert {c.name: (c.before, c.after) for c in result.changes}["free_shift_rate"][1] == "viewers_moving"

    # under another name and with another number it is no longer the same variable
    text = edited(text, format, ("viewers_moving", NUMBER, r"\g<1>0.77"))
    expected = expected - {("free_shift_rate", "renamed")}
    expected |= {("free_shift_rate", "removed"), ("viewers_moving", "added"), ("free_shift", "equation")}
    assert found(compared(format, text)) == expected


def test_a_floor_under_a_stock_is_named(texts: Mapping[Format, str], compared: Compare) -> None:
    floor = edited(texts["xmile"], "xmile", ("free_share", "<units>", "<non_negative /><units>"))
    assert found(compared("xmile", floor)) == {("free_share", "floor")}


@pytest.mark.parametrize("format", FORMATS)
def test_a_comment_is_told_apart(format: Format, texts: Mapping[Format, str], compared: Compare) -> None:
    result = compared(format, edited(texts[format], format, ("ad_market", "advertising pays", "advertisers   pay")))
    assert (result.changes, result.comments) == ((), ("ad_market",))
    assert "ad_market" in describe(result, "zh")


@pytest.mark.parametrize("format", FORMATS)
def test_all_edits_in_one_file_are_all_named(format: Format, texts: Mapping[Format, str], compared: Compare) -> None:
    text, expected = texts[format], set()
    taken: set[str] = set()
    for edit, changes in INSIDE.values():
        one = for_format(edit, format)
        if one[0] not in taken:
            taken.add(one[0])
            text = edited(text, format, one)
            expected |= changes
    result = compared(format, text)
    assert found(result) == expected
    assert len(expected) >= 10
    for language in ("zh", "en"):
        said = describe(result, language)
        for change in result.changes:
            words = [change.name, *re.findall(r"\w+", change.before), *re.findall(r"\w+", change.after)]
            assert change.values or all(word in said for word in words), change


def test_a_number_of_ours_comes_with_what_it_was_allowed_to_be(
    texts: Mapping[Format, str], compared: Compare, model: Model
) -> None:
    ours = model.parameters["production_share_paid"]
    beyond = edited(texts["mdl"], "mdl", (ours.name, r"= [\d.]+", f"= {ours.value * 10}"))
    result = compared("mdl", beyond)
    languages: tuple[tuple[Language, str], ...] = (("zh", "超出允许范围"), ("en", "outside the allowed range"))
    for language, outside in languages:
        said = describe(result, language)
        assert outside in said
        assert ours.label.text(language) in said
        assert "+900%" in said
    inside = edited(texts["mdl"], "mdl", (ours.name, r"= [\d.]+", f"= {ours.value * 1.01}"))
    said = describe(compared("mdl", inside), "en")
    assert "outside" not in said
    assert "+1%" in said


# --- mistakes, and where a file comes from -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.mdl", "nothing that could be a model", "a.mdl"),
        ("a.xmile", "<xmile", "not XML"),
        ("a.mdl", "cup = INTEG(-1, 3) ~ degree ~ |\nINITIAL TIME = 0 ~ ~ |\nFINAL TIME = 9 ~ ~ |\nTIME STEP = 1 ~ ~ |\n"
                  "SAVEPER = 1 ~ ~ |\n", "another model"),
        ("a.txt", "cup = 1", "ends in one of"),
        ("a.mdl", None, "ad_market.*free_shares"),
        ("a.mdl", None, r"a\.mdl:\d+: .*ad_market"),
        ("a.mdl", None, "no_such_scenario"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_edited_export_is_refused(
    name: str, text: str | None, expected: str, tmp_path: Path, texts: Mapping[Format, str]
) -> None:
    place = tmp_path / name
    broken = {
        "ad_market.*free_shares": ("ad_market", "free_share", "free_shares"),
        r"a\.mdl:\d+: .*ad_market": ("ad_market", r"\*", r"* \\* /"),
        "no_such_scenario": ("", "Scenario: baseline", "Scenario: no_such_scenario"),
    }
    place.write_text(text if text is not None else edited(texts["mdl"], "mdl", broken[expected]), encoding="utf-8")
    with pytest.raises(InputError, match=expected) as error:
        compare_file(place)
    assert in_language(error.value, "zh") != str(error.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        compare_file(tmp_path / "absent.mdl")


@pytest.mark.parametrize("encoding", ["utf-16", "gbk"])
@pytest.mark.parametrize("format", FORMATS)
def test_the_file_says_so_in_every_encoding_that_is_read(
    format: Format, encoding: str, model: Model, tmp_path: Path
) -> None:
    place = tmp_path / f"file.{format}"
    text = exported(model, load_scenario("hangzhou_mode", model.parameters), format)
    text = text.replace(model.digest, "0123456789abcdef")
    place.write_bytes(text.encode(encoding))
    itself = compare_file(place)
    assert (itself.scenario.name, itself.changes, itself.older, itself.nearest) == ("hangzhou_mode", (), True, None)


@pytest.mark.parametrize("format", FORMATS)
def test_the_file_says_from_which_scenario_and_version_it_comes(format: Format, model: Model, tmp_path: Path) -> None:
    place = tmp_path / f"file.{format}"
    text = exported(model, load_scenario("hangzhou_mode", model.parameters), format)
    place.write_text(text.replace(model.digest, "0123456789abcdef"), encoding="utf-8")
    itself = compare_file(place)
    assert (itself.scenario.name, itself.changes, itself.older) == ("hangzhou_mode", (), True)
    other = compare_file(place, "baseline")
    assert {change.what for change in other.changes} <= {"equation", "value"}
    assert other.changes
