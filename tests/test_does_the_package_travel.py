"""Does the package work where there is no checkout?

Does not establish that the pinned dependencies install on an empty machine (`.ci/run` does that), nor
anything about Windows: the new environment here borrows its third-party packages from this one.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

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
    top |= {"ARCHITECTURE.md", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "docs/conf.py", "docs/index.md"}
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
