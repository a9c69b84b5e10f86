"""Is a city in a file of one's own asked of as a shipped one is, and is it said how little is known of it?

Does not establish that the numbers of such a file are right, nor that the equations hold for that city: nothing is
fitted to it. Nor does it repeat every mistake of the form, which test_is_a_wrong_parameter_refused.py has.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer

import shudian as sd
from commands import Terminal
from shudian import cli
from shudian.cities import city_title
from shudian.city_text import city_template
from shudian.evidence import load_city, load_parameters
from shudian.kinds import InputError, Language
from shudian.parameters import HOME, city_titles
from shudian.paths import seeds_folder
from shudian.posterior_file import shipped_member
from shudian.report.words.city_words import city_file_text

COMMANDS: Any = typer.main.get_command(cli.app)
ASKING = sorted(
    name
    for name, command in COMMANDS.commands.items()
    for option in command.params
    if "--city" in option.opts and not option.is_flag
)
"""Every command that can be asked of a city."""
WORDS: dict[str, tuple[str, ...]] = {
    "brief": ("baseline", "-o", "out"), "calibrate": ("-o", "out"), "compare": ("baseline", "shenzhen_mode"),
    "design": ("--target", "local_output=100亿元"), "diff": ("m.mdl",), "export": ("-o", "out.mdl"),
    "run": ("baseline",), "sweep": ("--vary", "fund_size=0;1 亿元"), "why": (),
}  # fmt: skip
"""What each of them needs beside a city."""
SHIPPED = tuple(city for city in city_titles() if city != HOME)
UNFITTED = next(city for city in SHIPPED if not shipped_member(city).exists())
FITTED = next(city for city in SHIPPED if shipped_member(city).exists())
KAIFENG = """title = { zh = "开封", en = "Kaifeng" }

[parameters.initial_city_share]
prior = { distribution = "lognormal", median = 0.02, sigma = 0.6 }
basis = "assumed"
evidence = []
note = { zh = "估计。", en = "A guess." }
"""


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def copied(city: str, folder: Path) -> str:
    """A file of one's own that says of a city what the shipped one does."""
    path = folder / "mine.toml"
    path.write_bytes((seeds_folder() / "cities" / f"{city}.toml").read_bytes())
    return str(path)


def test_every_command_with_a_city_is_tried() -> None:
    assert sorted(WORDS) == ASKING


# What is answered


QUESTIONS: dict[str, Callable[[str], Any]] = {
    "run": lambda city: sd.run("shenzhen_mode", city=city, draws=20).frame(),
    "compare": lambda city: sd.compare("baseline", "shenzhen_mode", city=city, draws=20).frame(),
    "why": lambda city: sd.why("baseline", city=city, draws=20).frame(),
    "design": lambda city: sd.design("就业=4万人", levers=["approval_days"], city=city, draws=50).frame(),
    "sweep": lambda city: sd.sweep(vary=["fund_size=0;1 亿元"], city=city, draws=20).frame(),
    "model": lambda city: [(p.name, p.prior, p.value) for p in sd.model(city).parameters.values()],
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_shipped_citys_file_under_another_name_gives_its_numbers(question: str, tmp_path: Path) -> None:
    own, shipped = (QUESTIONS[question](city) for city in (copied(UNFITTED, tmp_path), UNFITTED))
    assert own.equals(shipped) if hasattr(own, "equals") else own == shipped


def test_no_posterior_is_taken_for_that_of_a_city_of_ones_own(tmp_path: Path) -> None:
    """Even where the file is that of a city which has one, and a posterior lies beside it."""
    city = copied(FITTED, tmp_path)
    Path(f"{city}.parquet").write_bytes(shipped_member(FITTED).read_bytes())
    own = sd.run("baseline", city=city, draws=20)
    assert not own.verdicts.grounds.calibrated
    assert own.frame().equals(sd.run("baseline", city=FITTED, draws=20, prior=True).frame())
    with pytest.raises(InputError, match="no posterior of"):
        sd.posterior(city)


@pytest.mark.slow
def test_figures_of_its_own_fit_it_as_they_do_a_shipped_one(terminal: Terminal) -> None:
    city = Path(copied(FITTED, Path()))
    assert terminal("calibrate", "--city", city.name, "-o", "fit", "--lang", "en").code == 0
    own = sd.run("baseline", city=city.name, posterior="fit/posterior.parquet", draws=20)
    assert own.verdicts.grounds.calibrated
    pd.testing.assert_frame_equal(own.frame(), sd.run("baseline", city=FITTED, draws=20).frame(), rtol=1e-6)
    prior = re.search(r"median = [0-9.]+", city.read_text(encoding="utf-8"))
    assert prior
    city.write_text(city.read_text(encoding="utf-8").replace(prior[0], "median = 0.11", 1), encoding="utf-8")
    with pytest.raises(InputError, match=f"renew it with: shudian calibrate --city {city.name} -o FOLDER"):
        sd.run("baseline", city=city.name, posterior="fit/posterior.parquet", draws=20)


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "kaifeng.toml"
    medians = []
    for median in ("0.02", "0.2"):
        path.write_text(KAIFENG.replace("0.02", median), encoding="utf-8")
        medians.append(sd.model(str(path)).parameters["initial_city_share"].value)
    assert medians[0] < 0.1 < medians[1]


@pytest.mark.parametrize(
    ("command", "language"),
    [("run", "zh"), *((command, "en") for command in ("run", "compare", "why", "sweep", "design"))],
)
def test_each_answer_says_on_what_it_rests(command: str, language: Language, terminal: Terminal) -> None:
    Path("kaifeng.toml").write_text(KAIFENG, encoding="utf-8")
    least = ("--draws", "50" if command == "design" else "20")
    narrow = ("--levers", "approval_days") if command == "design" else ()
    ended = terminal(
        command, *WORDS[command], *narrow, *least, "--city", "kaifeng.toml", "-o", "out", "--lang", language
    )
    assert ended.code == 0, ended.err
    # a table of mixes may be longer
    assert command == "design" or ended.out.count("\n") <= 32
    for text in (ended.out, Path("out/table.md").read_text(encoding="utf-8")):
        assert plain(city_file_text("kaifeng.toml", language)) in plain(text)
        assert ("未校准" if language == "zh" else "ncalibrated") in text
    said = json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))
    assert (said["city"], said["calibrated"], "kaifeng.toml" in said["inputs"]) == ("kaifeng.toml", False, True)
    if language == "en":
        assert terminal(command, "--repeat", "out").code == 0
        Path("kaifeng.toml").write_text(KAIFENG + "# another\n", encoding="utf-8")
        refused = terminal(command, "--repeat", "out", "--lang", language)
        assert refused.code == 2
        assert "“kaifeng.toml” is no longer the file of that run" in refused.err


def test_the_brief_and_the_export_are_that_citys(terminal: Terminal) -> None:
    Path("kaifeng.toml").write_text(KAIFENG, encoding="utf-8")
    city = ("--city", "kaifeng.toml")
    assert terminal("brief", "shenzhen_mode", "--draws", "5", *city, "-o", "out", "--lang", "en").code == 0
    (page,) = Path("out").glob("*.html")
    assert plain(city_file_text("kaifeng.toml", "en")) in plain(html.unescape(page.read_text(encoding="utf-8")))
    assert terminal("export", *city, "-o", "own.mdl").code == 0
    assert terminal("export", "-o", "home.mdl").code == 0
    assert Path("own.mdl").read_text(encoding="utf-8") != Path("home.mdl").read_text(encoding="utf-8")
    assert terminal("diff", "own.mdl", *city).code == 0
    assert terminal("diff", "own.mdl").code == 1


# What is refused


def _folder(path: Path) -> None:
    path.mkdir()


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1_000_000_000)


BROKEN: dict[str, tuple[Callable[[Path], Any], str]] = {
    "missing": (lambda _: None, "cannot be read"),
    "a folder": (_folder, "cannot be read"),
    "huge": (_huge, "at most 1,000,000 are read"),
    "binary": (lambda path: path.write_bytes(bytes(range(256)) * 9), "not UTF-8"),
    "empty": (lambda path: path.write_bytes(b""), "the file is empty"),
    "a scenario": (lambda path: path.write_text('base = "baseline"\n'), "this is a scenario's file"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_no_city_is_refused_in_a_sentence(broken: str, terminal: Terminal) -> None:
    make, sentence = BROKEN[broken]
    make(Path("mine.toml"))
    ended = terminal("run", "baseline", "--city", "mine.toml", "--lang", "en")
    assert ended.code == 2
    assert ended.err.startswith("mine.toml:")
    assert ended.err.count("\n") == 1
    assert sentence in plain_line(ended.err)


@pytest.mark.parametrize("command", ASKING)
def test_every_command_reads_the_file_that_it_is_given(command: str, terminal: Terminal) -> None:
    Path("mine.toml").write_text(KAIFENG.replace("median = 0.02", "median = 2"), encoding="utf-8")
    ended = terminal(command, *WORDS[command], "--city", "mine.toml", "--lang", "en")
    assert ended.code == 2
    assert plain_line(ended.err).startswith("mine.toml:4: the prior's median lies outside the range")
    assert not Path("out").exists()


def plain_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("initial_city_share", "inital_city_share", 3, "did you mean “initial_city_share”?"),
        ("median = 0.02", "median = 2", 4, "the prior's median lies outside the range (0.005 to 0.6)"),
        ("median = 0.02", 'median = "2 %"', 4, "“median” must be a finite number"),
        ("city_share]", "firms]", 4, "the prior's median lies outside the range (15 to 1300 家)"),
        (
            'city_share]\nprior = { distribution = "lognormal", median = 0.02',
            'firms]\nprior = { distribution = "lognormal", median = "20 家"',
            4,
            "not '20 家'; write it in 家, without quotes",
        ),
        ("median = 0.02, ", "", 4, "“median” is missing"),
        ('"lognormal"', '"lognormel"', 4, "did you mean “lognormal”?"),
        ("prior = {", "priors = {", 4, "did you mean “prior”?"),
        ('basis = "assumed"\n', "", 3, "“basis” is missing"),
        ("[parameters.", "[paramters.", 3, "“paramters” is not known here; did you mean “parameters”?"),
        ('title = { zh = "开封", en = "Kaifeng" }', "", 1, "“title” needs a text in both languages"),
        ("evidence = []", 'evidence = ["ZM7"]', 6, "there is no figure or source “ZM7”"),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, line: int, sentence: str, terminal: Terminal) -> None:
    assert old in KAIFENG
    Path("kaifeng.toml").write_text(KAIFENG.replace(old, new), encoding="utf-8")
    for words in (("run", "baseline", "--draws", "5", "--city"), ("check",)):
        ended = terminal(*words, "kaifeng.toml", "--lang", "en")
        assert ended.code == 2
        assert f"kaifeng.toml:{line}: " in ended.err
        assert sentence in plain_line(ended.err)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "kaifeng.toml"
    path.write_text(KAIFENG.replace("median = 0.02", "median = 2").replace("title", "titel"), encoding="utf-8")
    with pytest.raises(InputError) as error:
        sd.run("baseline", city=str(path), draws=5)
    said = str(error.value)
    assert "did you mean “title”?" in said
    assert "outside the range" in said


def test_each_kind_of_file_is_told_how_it_is_named(terminal: Terminal) -> None:
    Path("kaifeng.toml").write_text(KAIFENG, encoding="utf-8")
    ended = terminal("run", "kaifeng.toml", "--lang", "en")
    assert ended.code == 2
    assert "name it with --city" in ended.err
    ended = terminal("run", "baseline", "--city", "kaifeng", "--lang", "en")
    assert ended.code == 2
    assert "named by its file" in ended.err
    assert terminal("calibrate", "--city", "kaifeng.toml", "--lang", "en").code == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_however_it_was_saved(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "kaifeng.toml"
    path.write_text(KAIFENG, encoding=encoding)
    assert (
        load_city(str(path))["initial_city_share"].prior == sd.model(str(path)).parameters["initial_city_share"].prior
    )
    assert city_title(str(path)).zh == "开封"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_example_of_the_documents_is_right(language: str, tmp_path: Path) -> None:
    page = Path(__file__).parent.parent / "docs" / language / "city.md"
    (example,) = re.findall(r"(?s)```toml\n(.*?)```", page.read_text(encoding="utf-8"))
    path = tmp_path / "kaifeng.toml"
    path.write_text(example, encoding="utf-8")
    home = load_parameters()
    assert [name for name, found in load_city(str(path)).items() if found != home[name]] == ["initial_city_share"]


# What `shudian new --city` writes


def test_a_new_file_is_the_home_city_and_says_so(terminal: Terminal) -> None:
    assert terminal("new", "luoyang", "--city").code == 0
    here, home = load_city("luoyang.toml"), load_parameters()
    assert here == home
    local = sum(parameter.local for parameter in home.values())
    ended = terminal("check", "luoyang.toml", "--lang", "en")
    assert ended.code == 0
    assert f"gives 0 numbers; of the {local} that describe a city, {local} have" in plain_line(ended.out)
    again = terminal("new", "luoyang", "--city", "--lang", "en")
    assert again.code == 2
    for option in ("--xlsx", "--schema"):
        assert terminal("new", "other", "--city", option).code == 2


def test_every_number_of_a_city_is_offered_as_it_may_be_written(tmp_path: Path) -> None:
    """With its lines put in force the file says what it said before, number by number, in words of both languages."""
    path, text = tmp_path / "all.toml", city_template("all")
    path.write_text(re.sub(r"(?m)^# (?=\[parameters\.|prior = |basis = |evidence = |note = )", "", text), "utf-8")
    here, home = load_city(str(path)), load_parameters()
    for name, parameter in home.items():
        assert (here[name] != parameter) == parameter.local, name
        if not parameter.local:
            continue
        assert here[name].prior is not None
        assert parameter.prior is not None
        assert here[name].prior.distribution == parameter.prior.distribution
        assert here[name].prior.arguments == pytest.approx(parameter.prior.arguments, rel=1e-11)
        for said in (parameter.label, parameter.meaning):
            assert said.zh in text
            assert said.en in text
