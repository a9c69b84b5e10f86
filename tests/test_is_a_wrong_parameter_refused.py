"""Is a parameter or a city file with a mistake refused, with file, line and what to do?

Does NOT establish that a number is right, nor that an equation uses it: the model's build checks the second.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from shudian import evidence, parameters
from shudian.kinds import InputError, Parameter

UNCERTAIN = """[share_paid]
label = { zh = "付费占比", en = "Paid share" }
meaning = { zh = "付费市场的占比。", en = "Share of the paid market." }
unit = "%"
role = "uncertain"
prior = { distribution = "beta", mean = 12, sd = 4 }
range = [2, 40]
basis = "assumed"
evidence = ["NAT-125"]
note = { zh = "介于两份报告之间的估计。", en = "A guess between two reports." }
"""
NOTE = '{ zh = "介于两份报告之间的估计。", en = "A guess between two reports." }'
LEVER = """[fund]
label = { zh = "基金", en = "Fund" }
meaning = { zh = "基金。", en = "The fund." }
unit = "亿元/年"
role = "lever"
value = 1
range = [0, 10]
basis = "measured"
evidence = ["ZG08"]
note = { zh = "宣布的规模。", en = "As announced." }
"""
DATED = LEVER.replace('"亿元/年"', '"date"').replace("= 1", '= "2031-01"').replace("[0, 10]", '["2025-01", "2031-01"]')


def read(folder: Path, *texts: str) -> dict[str, Parameter]:
    """The parameters of a folder with one file per text: a.toml, b.toml ..."""
    for name, text in zip("abc", texts, strict=False):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return evidence.load_parameters(folder)


def test_values_arrive_in_internal_units(tmp_path: Path) -> None:
    found = read(tmp_path, UNCERTAIN + "\n" + LEVER, DATED.replace("[fund]", "[support_end]"))
    share, fund, end = found["share_paid"], found["fund"], found["support_end"]
    assert share.prior is not None
    assert share.prior.arguments == pytest.approx({"mean": 0.12, "sd": 0.04})
    assert (share.low, share.high) == pytest.approx((0.02, 0.4))
    assert 0.1 < share.value < 0.12
    assert (share.unit, share.display_unit, share.sector, share.place.line) == ("1", "%", "a", 1)
    assert (fund.value, fund.high, fund.unit) == (pytest.approx(10_000 / 12), pytest.approx(1e5 / 12), "wanyuan/month")
    assert (end.value, end.low, end.unit, end.display_unit) == (96, 24, "month", "date")


def test_the_shipped_parameters_and_cities_load() -> None:
    shipped = evidence.load_parameters()
    assert {p.basis for p in shipped.values()} <= {"measured", "derived", "assumed"}
    for city in evidence.city_titles():
        assert set(evidence.load_city(city, shipped)) == set(shipped)


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ('unit = "%"\n', "", 1, "“unit” is missing"),
        ('basis = "assumed"\n', "", 1, "“basis” is missing"),
        ('role = "uncertain"\n', "", 1, "“role” is missing"),
        ("label = {", "labl = {", 2, "“labl” is not known here; did you mean “label”?"),
        (', en = "Paid share"', "", 2, "“label” needs a text in both languages"),
        ('meaning = { zh = "付费市场的占比。", en = "Share of the paid market." }\n', "", 1, "“meaning” needs a text"),
        ('unit = "%"', 'unit = "furlong"', 4, "the unit “furlong” is not known"),
        ('unit = "%"', "unit = 3", 4, "“unit” must be a text"),
        ('"uncertain"', '"uncertian"', 5, "“uncertian” is not a role; did you mean “uncertain”?"),
        ('"beta"', '"bata"', 6, "“bata” is not a distribution; did you mean “beta”?"),
        ("sd = 4", "s = 4", 6, "“s” is not known here"),
        (", sd = 4", "", 6, "a beta prior needs: mean, sd; “sd” is missing"),
        ("mean = 12", "mean = 50", 6, "the prior's mean lies outside the range (2 to 40 %)"),
        ("sd = 4", "sd = -4", 6, "the prior's sd must be above 0"),
        ("mean = 12", "mean = nan", 6, "“mean” must be a finite number, not nan"),
        ("mean = 12", 'mean = "12"', 6, "“mean” must be a finite number, not '12'"),
        ("mean = 12", "mean = true", 6, "“mean” must be a finite number, not True"),
        ('prior = { distribution = "beta", mean = 12, sd = 4 }\n', "", 1, "“share_paid” is uncertain and needs a"),
        ("prior = {", "value = 3 #", 6, "“share_paid” is uncertain and has a prior, not a value"),
        ("range = [2, 40]", "range = [40, 2]", 7, "the first number of “range” must be below the second"),
        ("range = [2, 40]", "range = 2", 7, "“range” needs the least and the greatest value"),
        ("range = [2, 40]", "range = [2, inf]", 7, "“range” must be a finite number, not inf"),
        ("NAT-125", "NAT-25", 9, "there is no figure or source “NAT-25”; did you mean “NAT-125”?"),
        ('["NAT-125"]', '"NAT-125"', 9, "“evidence” is a list of figures and sources"),
        (f"note = {NOTE}\n", "", 1, '“note” needs a text in both languages: note = { zh = "…", en = "…" }'),
        (NOTE, '"A guess between two reports."', 10, '“note” needs a text in both languages: note = { zh = "…", en'),
        ("介于两份报告之间的估计。", " ", 10, "“note” needs a text in both languages"),
        (', en = "A guess between two reports."', "", 10, "“note” needs a text in both languages"),
        ('basis = "assumed"', 'basis = "guessed"', 8, "“guessed” is not a basis"),
        ('"assumed"\nevidence = ["NAT-125"]', '"measured"', 1, "“evidence” is missing; a measured number names"),
        ('note =', 'scales_with_budget = true\nnote =', 10, "only a lever has it"),
        ('note =', 'local = "yes"\nnote =', 10, "“local” is true or false, and only an uncertain parameter has it"),
        ('note =', 'needs = ["fund_size"]\nnote =', 10, "“needs” is a list of levers, and only a lever has it"),
        ("[share_paid]", "[Share]", 1, "“Share” is not a name: use small letters"),
        ("[share_paid]", "share = 1\n[share_paid]", 1, "“share” must be a table"),
        ("range = [2, 40]", "range = [2, 40]\nrange = [2, 30]", 8, "this line is not TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused(tmp_path: Path, old: str, new: str, line: int, sentence: str) -> None:
    assert UNCERTAIN.count(old) == 1
    with pytest.raises(InputError) as error:
        read(tmp_path, UNCERTAIN.replace(old, new))
    assert str(error.value).startswith(f"{tmp_path / 'a.toml'}:{line}: ")
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("value = 1", "value = 11", ":6: the value lies outside the range (0 to 10 亿元/年)"),
        ("value = 1\n", "", ":1: “fund” is lever and needs a value"),
        ("value = 1", 'prior = { distribution = "uniform" }', ":6: “fund” is lever and has a value, not a prior"),
        (
            'note = { zh = "宣布的规模。", en = "As announced." }',
            'note = "As announced."',
            ':10: “note” needs a text in both languages: note = { zh = "…", en = "…" }',
        ),
    ],
)
def test_a_mistake_in_a_lever_is_refused(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, LEVER.replace(old, new))
    assert str(error.value) == f"{tmp_path / 'a.toml'}{sentence}"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ('"2031-1"', ":6: “value” must be a month such as \"2027-01\", not '2031-1'"),
        ("96", ':6: “value” must be a month such as "2027-01", not 96'),
        ('"2031-02"', ":6: the value lies outside the range (2025-01 to 2031-01)"),
    ],
)
def test_a_wrong_month_is_refused(tmp_path: Path, written: str, sentence: str) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, DATED.replace('value = "2031-01"', f"value = {written}"))
    assert str(error.value) == f"{tmp_path / 'a.toml'}{sentence}"


def test_one_name_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, LEVER, UNCERTAIN + "\n" + LEVER)
    assert str(error.value) == (
        f"{tmp_path / 'b.toml'}:{UNCERTAIN.count(chr(10)) + 2}: "
        f"the parameter “fund” is already defined at {tmp_path / 'a.toml'}:1"
    )


CITY = """title = { zh = "某市", en = "Some city" }

[parameters.share_paid]
prior = { distribution = "beta", mean = 20, sd = 4 }
basis = "measured"
evidence = ["SHH-004"]
note = { zh = "付费作品较多。", en = "More of its titles are paid for." }
"""


def test_a_city_changes_only_what_it_names(tmp_path: Path) -> None:
    home = read(tmp_path, UNCERTAIN + "\n" + LEVER)
    path = tmp_path / "city.txt"
    path.write_text(CITY, encoding="utf-8")
    city = parameters.read_city(path, home, evidence.known_evidence())
    assert city["fund"] == home["fund"]
    changed = city["share_paid"]
    assert changed.prior is not None
    assert changed.prior.arguments["mean"] == pytest.approx(0.2)
    assert changed.value > home["share_paid"].value
    assert (changed.low, changed.high, changed.place.line) == (home["share_paid"].low, home["share_paid"].high, 3)


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("share_paid", "share_payed", 3, "there is no parameter “share_payed”; did you mean “share_paid”?"),
        ("mean = 20", "mean = 50", 4, "the prior's mean lies outside the range (2 to 40 %)"),
        ("basis", "range = [0, 1]\nbasis", 5, "“range” is not known here"),
        ("SHH-004", "SHH-4", 6, "there is no figure or source “SHH-4”"),
        (
            '{ zh = "付费作品较多。", en = "More of its titles are paid for." }',
            '"More."',
            7,
            "“note” needs a text in both",
        ),
        ("付费作品较多。", "", 7, "“note” needs a text in both languages"),
        ('title = { zh = "某市", en = "Some city" }', "", 1, "“title” needs a text in both languages"),
    ],
)
def test_a_mistake_in_a_city_is_refused(tmp_path: Path, old: str, new: str, line: int, sentence: str) -> None:
    home = read(tmp_path, UNCERTAIN)
    path = tmp_path / "city.txt"
    path.write_text(CITY.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as error:
        parameters.read_city(path, home, evidence.known_evidence())
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert sentence in str(error.value)


def test_a_city_without_a_file_is_refused() -> None:
    with pytest.raises(InputError, match="there is no city “hangzou”"):
        evidence.load_city("hangzou")
