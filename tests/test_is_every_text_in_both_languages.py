"""Is every text that a planner can see there in Chinese and in English, and can the shipped font draw it?

Does not establish that a translation is right, nor that error sentences (English only) are translated.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

import shudian
from shudian.analysis.contested_forms import load_contested_forms
from shudian.analysis.design import Sort, Stage
from shudian.analysis.missing_statistics import load_missing_statistics
from shudian.analysis.policy_sensitivity import Rule
from shudian.analysis.results import Reading
from shudian.analysis.structures import Data
from shudian.analysis.verdicts import ADDITIONAL, MEASURES
from shudian.evidence import load_city, load_sources
from shudian.kinds import Basis, CautionKind, Kind, Label, Language, Polarity, Role
from shudian.observe.elsewhere import city_reports
from shudian.parameters import HOME, city_titles
from shudian.paths import seeds_folder
from shudian.priors import ARGUMENTS
from shudian.report.design.tables import COLUMNS
from shudian.report.render.figure_page import FONT
from shudian.report.run.fan_charts import PATHS
from shudian.scenarios import list_scenarios, load_scenario
from shudian.structure import load_model
from shudian.targets import load_definitions, load_targets
from shudian.wording import locale_language, say, texts, width, wrap

PACKAGE = Path(shudian.__file__).parent
SENSITIVITY_COLUMNS = """
outcome prior posterior kept levers rule best parameter worth flips factor members first error total share
standard_error told keeps unit package from to draws threshold threshold_high support statistic definition move
"""
"""Heads that the sensitivity's tables and files compute."""
CALLS = {
    "say": "{}",
    "both": "{}",
    "labelled": "{}",
    "_in_both": "{}",
    "named": "{}",
    "help_of": "help_{}",
    "_field": "field_{}",
    "_section": "section_{}",
}
"""Functions whose first argument is a key, and the key that they make of it."""
OUTCOMES = ("nothing_allowed", "out_of_reach", "barely", "reached")
DESIGN = [
    *("common", "common_nearest"),
    *(f"{outcome}{ending}" for outcome in OUTCOMES for ending in ("", "_short")),
    *(f"target_{reading}" for reading in get_args(Reading)),
    *(f"way_{way}" for way in ("raised", "lowered", "mixed", "idle", "kept")),
    *(f"kind_{kind}" for kind in get_args(Sort)),
    *(f"column_{column}" for column in COLUMNS),
]


def keys_in_code() -> set[str]:
    """Every key that the code can ask for, as a regular expression where part of it is computed."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
                found |= {CALLS[node.func.id].format(pattern) for pattern in patterns(node.args[0])}
    return found


def keys_in_page() -> set[str]:
    """Every key that the page's scripts and its frame ask for, as a regular expression where part of it is computed."""
    assets = PACKAGE / "page" / "assets"
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in assets.glob("*.js"))
    frame = (assets / "page.html.j2").read_text(encoding="utf-8")
    keys = {key + (r"\w+" if computed else "") for key, computed in re.findall(r'"(page_\w*)"( \+)?', scripts)}
    named = re.findall(r'data-(?:say|label)="(page_[^"]*)"', frame)
    return keys | {re.sub(r"{{.*?}}", r"\\w+", key) for key in named} | keys_in_book()


def keys_in_book() -> set[str]:
    """Every key that the model book's frame asks for, as `keys_in_page`."""
    frame = (PACKAGE / "report" / "book" / "assets" / "book.html.j2").read_text(encoding="utf-8")
    asked = re.findall(r'\b(?:t|field)\("(\w+)"( \+)?', frame)
    return {f"book_{key}" + (r"\w+" if computed else "") for key, computed in asked}


def patterns(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from patterns(node.body)
        yield from patterns(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else r"\w+" for part in node.values)


def computed_keys() -> set[str]:
    """Keys of which the code computes a part, spelled out from what they are computed from."""
    model = load_model()
    sectors = {thing.sector for thing in (*model.equations, *model.parameters.values())}
    return {
        *(f"role_{role}" for role in get_args(Role)),
        *(f"kind_{kind}" for kind in get_args(Kind)),
        *(f"basis_{basis}" for basis in get_args(Basis)),
        *(f"polarity_{polarity}" for polarity in get_args(Polarity)),
        *(f"sector_{sector}" for sector in sectors),
        *(measure.label for measure in MEASURES),
        *(f"additional_{measure.label}" for measure in MEASURES if measure.name in ADDITIONAL),
        *(f"axis_{path.name}" for path in PATHS),
        *(f"line_{path.beside}" for path in PATHS if path.beside),
        *(f"distribution_{name}" for name in ARGUMENTS),
        *(f"threshold_{target.measure}" for target in load_targets()),
        *(f"figure_market_{key}" for key in ("some", "all", "none")),
        *(f"said_{key}" for key in ("data_digest", "model_digest", "draws_digest")),
        *(f"sensitivity_{part}_{rule}" for part in ("rule", "unit") for rule in get_args(Rule)),
        *(f"sensitivity_stretch_{key}" for key in ("below", "between", "above", "always")),
        *(f"sensitivity_doing_{key}" for key in ("sobol", "levers", "policy", "statistics")),
        *(f"sensitivity_column_{key}" for key in SENSITIVITY_COLUMNS.split()),
        *(f"design_{key}" for key in DESIGN),
        *(f"progress_design_{stage}" for stage in get_args(Stage)),
        *(f"legend_{function}" for function in ("ratio", "softmin", "if")),
        *(f"warning_{kind}_{form}" for kind in get_args(CautionKind) for form in ("short", "long")),
        "warning_levers_long",
        "warning_unlearned_short",
        *(f"warning_lever_{key}" for key in ("printed", "mixed", "assumed")),
        *(f"warning_effects_{key}" for key in ("kept", "moved")),
        *(f"why_{form}{kind}" for form in ("", "surest_", "also_", "no_", "lean_") for kind in ("driver", "brake")),
        *(f"why_headline_{key}" for key in ("both", "driver", "brake", "none", "lean")),
        *(f"why_reading_{reading}" for reading in get_args(Reading)),
        *(f"why_{key}" for key in ("untold", "slight", "idle")),
        *(f"why_title_{key}" for key in ("run", "difference")),
        *(f"sensitivity_figure_structures_{key}" for key in ("hollow", "filled")),
        *(f"structures_data_{data}" for data in get_args(Data)),
        *(f"structures_all_{data}" for data in ("nothing", "unasked")),
    }


def labels() -> dict[str, Label]:
    model = load_model()
    found = {f"{e.name}": e.label for e in model.equations}
    found |= {f"{e.name} (meaning)": e.meaning for e in model.equations}
    found |= {f"{e.name} (why)": e.why for e in model.equations if e.why.en or e.why.zh}
    found |= {f"{p.name}": p.label for p in model.parameters.values()}
    found |= {f"{p.name} (meaning)": p.meaning for p in model.parameters.values()}
    for city in city_titles():
        found |= {f"{p.name} (note, {city})": p.note for p in load_city(city).values()}
        reports = city_reports(city, load_model(city)) if city != HOME else ()
        found |= {f"{r.figure.identifier} (reading)": r.reason for r in reports if r.reason}
    found |= {f"{source.identifier} (title)": source.title for source in load_sources().values()}
    for loop in model.loops:
        found |= {loop.name: loop.label, f"{loop.name} (meaning)": loop.meaning}
    for name in list_scenarios():
        scenario = load_scenario(name, model.parameters)
        found |= {name: scenario.title, f"{name} (question)": scenario.question}
        found |= {f"{name} (note {number})": note for number, note in enumerate(scenario.notes)}
    for target in load_targets():
        found |= {target.identifier: target.label, f"{target.identifier} (note)": target.note}
    for entry in load_missing_statistics(model, ["ZM07"], ["market_2027"]):
        found |= {entry.identifier: entry.label, f"{entry.identifier} (note)": entry.note}
    for form in load_contested_forms(model):
        found |= {form.name: form.label, f"{form.name} (question)": form.question}
        found |= {f"{form.name} (nil)": form.when_nil, f"{form.name} (otherwise)": form.otherwise}
    return found | dict(load_definitions()) | dict(city_titles())


def test_every_text_that_the_code_asks_for_exists() -> None:
    assert not {key for key in keys_in_code() | keys_in_page() if not met_by([key], texts())}
    assert computed_keys() <= texts().keys()


def test_every_text_is_asked_for() -> None:
    asked = keys_in_code() | keys_in_page() | computed_keys()
    # keys that are chosen in one place and said in another, so that the call does not show them
    chosen = set(re.findall(r'"((?:finding|figure_market_axis|list|mark)_?\w*)"', all_code()))
    assert not texts().keys() - met_by(asked | chosen, texts())


def met_by(patterns: Iterable[str], keys: Iterable[str]) -> set[str]:
    """Those of `keys` that meet one of `patterns`, most of which are a key themselves."""
    open_ = [re.compile(pattern) for pattern in patterns if not pattern.isidentifier()]
    plain = {pattern for pattern in patterns if pattern.isidentifier()}
    return {key for key in keys if key in plain or any(pattern.fullmatch(key) for pattern in open_)}


def all_code() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))


def test_both_languages_have_the_same_places() -> None:
    wrong = {}
    for key, entry in texts().items():
        places = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in entry.values()]
        # a unit may be said in one language and go without saying in the other
        same = len(places) == 2 and places[0] - {"unit"} == places[1] - {"unit"}
        if set(entry) != {"zh", "en"} or not all(text.strip() for text in entry.values()) or not same:
            wrong[key] = entry
    assert not wrong


def test_every_label_is_in_both_languages() -> None:
    wrong = [
        name
        for name, label in labels().items()
        if not re.search(r"[\u4e00-\u9fff]", label.zh) or not re.search(r"[A-Za-z]{2}", label.en)
    ]
    assert not wrong


def test_the_font_draws_every_character() -> None:
    drawn = {*TTFont(FONT).getBestCmap()}
    said = [text for entry in texts().values() for text in entry.values()]
    said += [text for label in labels().values() for text in (label.zh, label.en)]
    said += [path.read_text(encoding="utf-8") for path in seeds_folder().glob("*") if path.suffix in (".csv", ".toml")]
    missing = {character for text in said for character in text if ord(character) not in drawn and character != "\n"}
    assert not missing


def test_a_missing_key_or_place_fails() -> None:
    with pytest.raises(KeyError):
        say("no_such_text", "zh")
    with pytest.raises(KeyError):
        say("said_written", "en")


@pytest.mark.parametrize(
    ("settings", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": ""}, "en"),
    ],
)
def test_the_locale_decides(settings: dict[str, str], language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in settings.items():
        monkeypatch.setenv(variable, value)
    assert locale_language() == language


@given(st.text(alphabet="政策组合abc de，。（）“”1%", max_size=80), st.integers(12, 60))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, columns: int) -> None:
    lines = wrap(text, columns).split("\n")
    assert "".join("".join(lines).split()) == "".join(text.split())
    # only a piece that cannot be broken may stand out: a word, or a run of punctuation
    for line in lines:
        assert width(line) <= columns or not re.search(r"[\u4e00-\u9fff]{3}| \w", line)
