"""What several test processes of one run need alike and what takes long to make: made by one of them for all."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class Shared:
    """Where the processes of one run find what one of them has made; nowhere, where there is one process."""

    folder: Path | None = None


def made_once(name: str, make: Callable[[], T]) -> T:
    """What `make` returns, from whichever process of this run asked for `name` first."""
    if Shared.folder is None:
        return make()
    from filelock import FileLock

    place = Shared.folder / f"{name}.pickle"
    with FileLock(f"{place}.lock"):
        if not place.exists():
            place.write_bytes(pickle.dumps(make()))
    found: T = pickle.loads(place.read_bytes())
    return found
