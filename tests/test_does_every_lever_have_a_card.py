"""Does every lever have a card whose numbers stand in the figures that it cites, and is a wrong card refused?

Does NOT establish that a side effect is real or that an example is told fairly: a person read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shudian.evidence import known_evidence, load_figures, load_parameters
from shudian.kinds import InputError
from shudian.page.cards import Statement, load_cards
from shudian.paths import seeds_folder

PARAMETERS = load_parameters()
KNOWN = known_evidence()
TEXT = (seeds_folder() / "lever_cards.toml").read_text(encoding="utf-8")


def statements() -> Iterator[tuple[str, Statement]]:
    for lever, card in load_cards(PARAMETERS, KNOWN).items():
        yield lever, card.says
        for example in card.examples:
            yield lever, example.statement


def test_every_lever_has_one() -> None:
    cards = load_cards(PARAMETERS, KNOWN)
    assert set(cards) == {name for name, parameter in PARAMETERS.items() if parameter.role == "lever"}
    cities = {example.city.en for card in cards.values() for example in card.examples}
    assert cities == {"Zhengzhou", "Hangzhou", "Shenzhen", "Shanghai"}


@pytest.mark.parametrize(("lever", "statement"), list(statements()))
def test_every_number_stands_in_a_figure_that_is_cited(lever: str, statement: Statement) -> None:
    figures = [figure for identifier, figure in load_figures().items() if identifier in statement.sources]
    printed = {
        float(n.replace(",", "")) for f in figures for n in re.findall(r"\d[\d,]*\.?\d*", f"{f.phrase} {f.note}")
    }
    amounts = {v for f in figures for v in (f.value, f.low, f.high) if v is not None} | printed
    dates = {int(part) for f in figures for d in (f.period_start, f.period_end) for part in re.findall(r"\d+", d)}
    # 亿元 may be told as 万元, and millions of yuan in English
    allowed = {round(v * scale, 6) for v in amounts for scale in (1, 10, 100, 1e-2, 1e-3, 1e4, 1e-4)} | dates
    for text in (statement.text.zh, statement.text.en):
        dated = re.sub(r"\d{4}(年|—|-)?\d*(月|年)?|[A-Z][a-z]+ \d{4}", "", text)
        for number in re.findall(r"\d[\d,]*\.?\d*", dated):
            assert round(float(number.replace(",", "").rstrip(".")), 6) in allowed, (lever, text, number)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[fund_size]", "[fund_sise]", "“fund_sise” is not known here; did you mean “fund_size”?"),
        ('sources = ["ZG09"]', 'sources = ["ZG99X"]', "there is no figure or source “ZG99X”"),
        ('city = "shenzhen"', 'city = "shenzen"', "“city” must name a city; did you mean “shenzhen”?"),
        ("gains = {", "gain = {", "“gain” is not known here; did you mean “gains”?"),
        ('sources = ["ZG09"]', 'sources = "ZG09"', "“sources” is a list of figures and sources"),
        ("says = { text", "says = { texts", "“says” needs “text” and “sources”"),
    ],
)
def test_a_wrong_card_is_refused_with_its_line(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "lever_cards.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"lever_cards.toml:\d+: ") as error:
        load_cards(PARAMETERS, KNOWN, path)
    assert said in str(error.value)


def test_examples_are_a_list(tmp_path: Path) -> None:
    path = tmp_path / "lever_cards.toml"
    path.write_text(TEXT.split("examples = [")[0] + 'examples = "none"\n', encoding="utf-8")
    with pytest.raises(InputError, match="“examples” is a list of tables"):
        load_cards({"fund_size": PARAMETERS["fund_size"]}, KNOWN, path)


def test_a_lever_without_a_card_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lever_cards.toml"
    path.write_text(TEXT.split("\n[support_end]")[0] + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="the lever “support_end” has no card"):
        load_cards(PARAMETERS, KNOWN, path)
