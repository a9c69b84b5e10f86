"""Does the package work where there is no checkout?

One new environment borrows its third-party packages from this one; another is empty and gets what is pinned, by its
digests (`make studies`: with every Python that is found). Does not establish anything about Windows.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).resolve().parent.parent
VENDOR = CHECKOUT / "model" / "shudian" / "page" / "assets" / "vendor"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("built")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(CHECKOUT)], folder)
    return folder


@pytest.fixture(scope="module")
def elsewhere(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment outside the checkout with the wheel in it and no way to the checkout."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder, with_pip=False)
    paths = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)})
    wheel = str(only(built, "*.whl"))
    run([sys.executable, "-m", "pip", "--python", str(folder), "install", "--no-deps", "--no-index", wheel], folder)
    # A folder named in a .pth file joins the path, but .pth files inside it, such as the checkout's, are not read.
    Path(paths["purelib"], "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return Path(paths["scripts"])


def test_what_is_tried_as_oldest_is_what_is_declared() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = dict(requirement.lower().split(">=") for requirement in project["dependencies"])
    lines = (CHECKOUT / "constraints-lowest.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.lower().split("==") for line in lines if not line.startswith("#"))
    assert declared
    for name, bound in declared.items():
        # 3.1 is 3.1.0
        assert re.fullmatch(re.escape(bound) + r"(\.0)*", pinned[name]), name


def pins(text: str) -> dict[str, str]:
    """Each package and its version, of a file of constraints or of requirements."""
    found = re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;]+)", text, flags=re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("name", ["build", "run", "test"])
def test_what_is_locked_is_what_is_constrained_and_has_digests(name: str) -> None:
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    constrained = pins((CHECKOUT / "constraints.txt").read_text(encoding="utf-8"))
    assert pins(text)
    assert pins(text).items() <= constrained.items()
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block
    assert "://" not in text


def test_everything_declared_is_locked() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = [requirement for extra in project["optional-dependencies"].values() for requirement in extra]
    for name, declared in (("run", project["dependencies"]), ("test", [*project["dependencies"], *optional])):
        locked = pins((CHECKOUT / "requirements" / f"{name}.txt").read_text(encoding="utf-8"))
        wanted = {re.sub(r"[-_.]+", "-", re.split("[>=]", requirement)[0]).lower() for requirement in declared}
        assert wanted <= locked.keys()
    everything = pins((CHECKOUT / "requirements" / "test.txt").read_text(encoding="utf-8"))
    built = pins((CHECKOUT / "requirements" / "build.txt").read_text(encoding="utf-8"))
    constrained = pins((CHECKOUT / "constraints.txt").read_text(encoding="utf-8"))
    assert constrained.keys() == everything.keys() | built.keys(), "a constraint that nothing needs"


def test_what_has_no_wheel_for_windows_is_asked_for_by_nothing_else() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].items()
    others = [*project["dependencies"], *(each for name, extra in extras if name != "witness" for each in extra)]
    assert not [requirement for requirement in others if requirement.startswith("pysimlin")]
    if sys.platform == "linux":
        # elsewhere its tests are skipped, and nowhere in silence
        assert importlib.util.find_spec("simlin")


def pythons() -> list[Any]:
    """Every Python from 3.11 to 3.14 on this machine, one of each; others than ours are for `make studies`."""
    found: list[Any] = [sys.executable]
    for minor in range(11, 15):
        built_here = sorted(Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python"))
        there = [str(path) for path in built_here] or [shutil.which(f"python3.{minor}")]
        if there[-1] and minor != sys.version_info.minor:
            found.append(pytest.param(there[-1], marks=pytest.mark.study))
    return found


@pytest.mark.parametrize("python", pythons())
def test_the_wheel_runs_in_an_empty_environment(python: str, built: Path, tmp_path: Path) -> None:
    """As somebody else installs it: what is pinned, by its digests, and the wheel; nothing is borrowed."""
    run([python, "-m", "venv", "new"], tmp_path)
    scripts = tmp_path / "new" / ("Scripts" if sys.platform == "win32" else "bin")
    install = [str(scripts / "python"), "-m", "pip", "install", "--quiet", "--no-build-isolation"]
    for name in ("build", "run"):
        run([*install, "--require-hashes", "-r", str(CHECKOUT / "requirements" / f"{name}.txt")], tmp_path)
    run([*install, "--no-deps", "--no-index", str(only(built, "*.whl"))], tmp_path)
    run([*install[:3], "check"], tmp_path)
    told = run(
        [str(scripts / "shudian"), "run", "zhengzhou_2025", "--draws", "20", "--lang", "en", "-o", "r"], tmp_path
    )
    assert "10 billion" in told or "local output" in told
    assert (tmp_path / "r" / "manifest.json").is_file()


def run(command: list[str], folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=folder, env=environment | {"PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def shipped(folder: str) -> set[str]:
    files = (path for path in (CHECKOUT / folder).rglob("*") if path.is_file())
    return {path.relative_to(CHECKOUT).as_posix() for path in files if "__pycache__" not in path.parts}


def test_wheel_carries_all_seeds_and_scenarios_and_the_package_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(only(built, "*.whl")) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    data = {f"shudian/{name}" for name in shipped("seeds") | shipped("scenarios")}
    package = {name.removeprefix("model/") for name in shipped("model/shudian")}
    assert names == data | package


def test_wheel_carries_font_strings_and_licences(built: Path) -> None:
    with zipfile.ZipFile(only(built, "*.whl")) as wheel:
        names = wheel.namelist()
    assert {"shudian/py.typed", "shudian/strings/run.toml"} <= set(names)
    assert any(name.startswith("shudian/fonts/") and name.endswith(".otf") for name in names)
    licences = {Path(name).name for name in names if "/licenses/" in name}
    vendored = {path.name for path in VENDOR.iterdir() if path.name.endswith(("-LICENSE", "-NOTICE"))}
    assert licences == {"LICENSE", "OFL.txt"} | vendored
    assert "echarts-NOTICE" in vendored


def test_source_archive_carries_the_tests_and_what_runs_them(built: Path) -> None:
    with tarfile.open(only(built, "*.tar.gz")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    top = {"LICENSE", "Makefile", "README.md", "README.zh.md", "constraints.txt", "pyproject.toml", ".ci/run"}
    top |= {
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CITATION.cff",
        "CONTRIBUTING.md",
        "docs/conf.py",
        "docs/index.md",
        "requirements/run.txt",
    }
    wanted = top | shipped("seeds") | shipped("scenarios") | shipped("tests") | shipped("notebooks")
    assert wanted <= names


def test_commands_work_far_from_the_checkout(elsewhere: Path, tmp_path: Path) -> None:
    where = run([str(elsewhere / "python"), "-c", "import shudian.paths as p; print(p.seeds_folder())"], tmp_path)
    assert elsewhere.parent in Path(where.strip()).parents
    listed = run([str(elsewhere / "shudian"), "list"], tmp_path)
    names = {Path(name).stem for name in shipped("scenarios") if name.endswith(".toml")} - {"targets"}
    assert names
    assert {name for name in names if name not in listed} == set()
    run([str(elsewhere / "shudian"), "check"], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_figure_with_a_source_of_its_own_needs_no_edit_of_what_is_installed(elsewhere: Path, tmp_path: Path) -> None:
    columns = "id,indicator,geography,definition,value,unit,period_start,period_end,publisher,published,address"
    row = "NEW-1,crews_per_day,zhengzhou,crews_on_set,93,剧组,2025-09-01,2025-10-31,河南日报,2025-11-05,"
    (tmp_path / "new.csv").write_text(f"{columns}\n{row}\n", encoding="utf-8")
    assert "NEW-1" in run([str(elsewhere / "shudian"), "score", "new.csv"], tmp_path)
    code = (
        "import pathlib; from shudian.calibrate.calibration import Evidence; "
        "print([r.identifier for r in Evidence(extra=pathlib.Path('new.csv')).target().observer.reports])"
    )
    assert "NEW-1" in run([str(elsewhere / "python"), "-c", code], tmp_path)
