"""Do the documents build without a warning and without a network, do their links hold, and does their code run?

A block that is not run says why, and its commands are still parsed, options, values and all. Does NOT establish that a
page is easy to follow. The notebooks' outputs are made by `make docs`; their own tests run them.
"""

from __future__ import annotations

import ast
import html.parser
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer.main

from commands import Terminal
from shudian.cli import app
from shudian.equations import market
from shudian.figure_columns import NEEDED
from shudian.scenarios import list_scenarios, load_scenario
from shudian.structure import load_model

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = {path.relative_to(DOCS).as_posix(): path for path in sorted(DOCS.rglob("*.md")) if "made" not in path.parts}
TWINS = sorted(path.name for path in (DOCS / "zh").glob("*.md"))
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
LOADED = ("src", "data-src", "srcset", "poster")
"""Attributes by which a page brings something in."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page, and why it is not run, if it is not."""

    page: str
    kind: str
    text: str
    excuse: str


def blocks(page: str) -> list[Block]:
    text = PAGES[page].read_text(encoding="utf-8")
    found = re.findall(r"^(?:% not run: ([^\n]*)\n)?^```([^\n]*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [Block(page, kind, text, excuse) for excuse, kind, text in found]


BLOCKS = [block for page in PAGES for block in blocks(page)]
CONSOLE = [block for block in BLOCKS if block.kind == "console"]
PYTHON = [block for block in BLOCKS if block.kind == "python"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents, built from a copy, with nothing executed and each warning an error."""
    folder = tmp_path_factory.mktemp("docs")
    for name in ("seeds", "notebooks"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "model").symlink_to(ROOT / "model")
    for paper in ROOT.glob("*.md"):
        shutil.copy(paper, folder)
    shutil.copytree(DOCS, folder / "docs", ignore=shutil.ignore_patterns("made", "__pycache__"))
    out = folder / "out"
    environment = {name: value for name, value in os.environ.items() if name != "SHUDIAN_DOCS"}
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", str(out)]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return out


class _Page(html.parser.HTMLParser):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.brought: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("id", "name") and value:
                self.anchors.add(value)
            if name == "href" and value:
                (self.brought if tag == "link" else self.links).append(value)
            if name in LOADED and value:
                self.brought.append(value)


@pytest.fixture(scope="module")
def read(built: Path) -> dict[str, _Page]:
    return {path.relative_to(built).as_posix(): _Page(path) for path in built.rglob("*.html")}


def test_they_build_without_a_warning(built: Path) -> None:
    for name in ("index", "en/planner", "zh/planner", "en/analyst", "en/contributor", "made/api", "made/equations_zh"):
        assert (built / f"{name}.html").is_file()


def test_no_page_brings_anything_from_a_network(built: Path, read: dict[str, _Page]) -> None:
    assert len(read) > 25
    for name, page in read.items():
        assert [found for found in page.brought if re.match(r"(https?:)?//", found)] == [], name
    for path in [*built.rglob("*.css"), *built.rglob("*.html")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", text), path
    # a script that would load another names it; what remains are comments and namespaces
    for path in built.rglob("*.js"):
        assert not re.search(r"(import|src\s*=|fetch\()\s*\(?['\"]https?://", path.read_text(encoding="utf-8")), path


def test_every_link_inside_holds(built: Path, read: dict[str, _Page]) -> None:
    checked = 0
    for name, page in read.items():
        for link in page.links:
            if re.match(r"[a-z]+:", link):
                continue
            place, _, anchor = unquote(link).partition("#")
            target = ((built / name).parent / place).resolve() if place else built / name
            assert target.is_file(), f"{name}: {link}"
            if anchor and target.suffix == ".html":
                assert anchor in read[target.relative_to(built.resolve()).as_posix()].anchors, f"{name}: {link}"
            checked += 1
    assert checked > 1000


def test_every_equation_is_there_as_mathematics(built: Path) -> None:
    for language in ("en", "zh"):
        text = (built / "made" / f"equations_{language}.html").read_text(encoding="utf-8")
        assert text.count("<math>") >= len(load_model().equations)
        assert all(f'id="e-{equation.name}"' in text for equation in load_model().equations)


def test_every_command_and_function_is_told(built: Path) -> None:
    import shudian as sd

    commands = (built / "made" / "commands.html").read_text(encoding="utf-8")
    for name, command in COMMANDS.items():
        assert f"shudian {name}" in commands
        assert all(option in commands for parameter in command.params for option in parameter.opts if option[:1] == "-")
    functions = (built / "made" / "api.html").read_text(encoding="utf-8")
    assert all(f'id="shudian.{name}"' in functions for name in sd.__all__)


@pytest.mark.parametrize("name", TWINS)
def test_both_languages_say_the_same_things(name: str) -> None:
    one, other = (PAGES[f"{language}/{name}"].read_text(encoding="utf-8") for language in ("en", "zh"))
    assert len(re.findall(r"^#+ ", one, re.MULTILINE)) == len(re.findall(r"^#+ ", other, re.MULTILINE))
    kinds = [
        [(b.kind, bool(b.excuse)) for b in blocks(f"{language}/{name}") if "{" not in b.kind]
        for language in ("en", "zh")
    ]
    assert kinds[0] == kinds[1]
    for first, second in zip(blocks(f"en/{name}"), blocks(f"zh/{name}"), strict=False):
        if first.kind == "python" and not first.excuse:
            # run once: only what is written for people is in another language
            assert shape(first.text) == shape(second.text)


def shape(code: str) -> str:
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value + " ":
            node.value = ""
    return ast.dump(tree)


@pytest.mark.parametrize("page", sorted({block.page for block in PYTHON if block.page.startswith("en/")}))
@pytest.mark.slow
def test_the_code_of_a_page_runs_from_top_to_bottom(page: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in blocks(page):
        if block.kind == "python" and not block.excuse:
            exec(compile(block.text, page, "exec"), names)
    if page == "en/notebook.md":
        assert names["months"]["fte_jobs"].sizes == {"scenario": 3, "month": 97, "quantile": 5}
        assert names["own"].frame()["unit"].unique().tolist() == ["人/亿元"]
        assert names["draws"].sizes["draw"] == 500
        assert [change.name for change in names["model"].changes] == ["tax_credit", "startup_exit"]
    if page == "en/priors.md":
        assert (tmp_path / "jobs.pdf").stat().st_size > 1000


def lines(block: Block) -> list[list[str]]:
    found = [line for line in block.text.splitlines() if line.startswith("shudian ")]
    return [shlex.split(line, comments=True) for line in found]


@pytest.mark.parametrize("block", CONSOLE, ids=lambda block: f"{block.page}: {block.text[:30]}")
def test_every_command_line_is_one(block: Block) -> None:
    """Every command with its options and values, and every scenario that it names."""
    for _, command, *words in lines(block):
        context = COMMANDS[command].make_context(command, [*words])
        named = [context.params.get(name) for name in ("scenarios", "scenario", "packages", "with_", "against")]
        listed = [found if isinstance(found, list) else [found] for found in named if found]
        # calibrate takes a file of figures --with it
        for name in [name for found in listed for name in found if isinstance(name, str)]:
            parts = name.split("+")
            assert parts[0].endswith((".toml", ".xlsx")) or {*parts} <= {*list_scenarios()}, name


@pytest.mark.parametrize("block", CONSOLE, ids=lambda block: f"{block.page}: {block.text[:30]}")
def test_every_command_line_runs_or_says_why_not(
    block: Block, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    if block.excuse:
        named = re.findall(r"tests/\w+\.py", block.excuse)
        assert named or len(block.excuse) > 20
        assert all((ROOT / name).is_file() for name in named)
        return
    assert lines(block)
    for _, *words in lines(block):
        ended = Terminal(monkeypatch, capsys, writes=False)(*words)
        assert ended.code == 0, ended.err


def test_every_block_is_of_a_kind_that_is_asked() -> None:
    assert CONSOLE
    assert PYTHON
    directives = ("{toctree}", "{eval-rst}")
    assert {block.kind for block in BLOCKS} - {*directives} <= {"console", "python", "toml", "text"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_example_scenario_is_right(language: str, tmp_path: Path) -> None:
    example, review = (block.text for block in blocks(f"{language}/scenario.md") if block.kind == "toml")
    path = tmp_path / "my_package.toml"
    path.write_text(f"{example}\n{review}", encoding="utf-8")
    scenario = load_scenario(path, load_model().parameters)
    assert [segment.value for segment in scenario.levers["fund_size"]] == [1e4, 2e4]
    assert scenario.levers["municipal_parks"][-1].ramp == 12
    assert scenario.reviews == load_scenario("evaluate_and_exit", load_model().parameters).reviews


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_example_of_figures_is_read_and_fitted(language: str, tmp_path: Path) -> None:
    from shudian.calibrate.calibration import Evidence

    (example,) = (block.text for block in blocks(f"{language}/evidence.md") if block.kind == "text")
    assert len(example.splitlines()[0].split(",")) > len(NEEDED)
    path = tmp_path / "new.csv"
    path.write_text(example, encoding="utf-8")
    figure = Evidence(extra=path).added["NEW-1"]
    assert (figure.indicator, figure.geography, figure.value) == ("crews_per_day", "zhengzhou", 93)
    assert figure.own_source is not None
    reports = Evidence(extra=path).target().observer.reports
    assert "NEW-1" in {fitted.identifier for report in reports for fitted in report.figures}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_example_equation_is_the_shipped_one(language: str) -> None:
    (code,) = (block.text for block in blocks(f"{language}/changing.md") if block.kind == "python")
    assert code.strip() in Path(market.__file__).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_tree_and_the_counts_are_true(language: str) -> None:
    tree = next(b.text for b in blocks(f"{language}/contributor.md") if "seeds/ " in b.text)
    for folder in re.findall(r"^(\S+/) ", tree, flags=re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder
    model, told = load_model(), PAGES[f"{language}/model.md"].read_text(encoding="utf-8")
    counts = {"en": "{} stocks, {} named feedback loops", "zh": "{}个存量，{}个有名称的反馈回路"}
    assert counts[language].format(len(model.stocks), len(model.loops)) in told
