"""Where the seeds and the scenarios lie: at the top of a checkout, inside the package once it is installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def seeds_folder() -> Path:
    """The folder with sources, figures, parameters and cities."""
    return _folder("seeds")


def scenarios_folder() -> Path:
    """The folder with the shipped scenarios and the targets."""
    return _folder("scenarios")


def _folder(name: str) -> Path:
    shipped = _PACKAGE / name
    return shipped if shipped.is_dir() else _CHECKOUT / name


def tests_folder() -> Path | None:
    """The folder with the tests; None where the package is installed without them."""
    folder = _CHECKOUT / "tests"
    return folder if folder.is_dir() and _folder("seeds") == _CHECKOUT / "seeds" else None


def record_of_tests() -> Path:
    """Where `make test` leaves how the tests came out."""
    return _CHECKOUT / "build" / "tests.xml"
