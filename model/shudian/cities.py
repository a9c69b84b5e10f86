"""What a name of a city means: a shipped city, or one of somebody's own in a file of the same form as seeds/cities."""

from __future__ import annotations

from pathlib import Path

from shudian.files import read_bytes
from shudian.kinds import InputError, Label
from shudian.parameters import CITY_TABLES, HOME, city_titles, title_of
from shudian.paths import seeds_folder
from shudian.toml_file import nearest, read_toml

_ENDINGS = (".toml", ".toml.txt")


def own_city(city: str) -> Path | None:
    """The file that `city` names, whether it is there or not; None for a name."""
    path = Path(city)
    return path if city.endswith(_ENDINGS) or len(path.parts) > 1 else None


def city_path(city: str) -> Path:
    """The file of a city; raises InputError for a name that is no city's, and for Zhengzhou, which needs none."""
    if own := own_city(city):
        return own
    known = city_titles()
    if city == HOME or city not in known:
        raise InputError(
            "there is no city “{name}”; a city of your own is named by its file, as in my_city.toml{nearest}",
            name=city,
            nearest=nearest(city, known),
        )
    return seeds_folder() / "cities" / f"{city}.toml"


def city_title(city: str) -> Label:
    """What `city` is called; raises InputError for what is no city."""
    return city_titles()[HOME] if city == HOME else title_of(city_path(city))


def city_content(city: str) -> bytes:
    """What decides whether a city of somebody's own is still the same; nothing for one that is shipped.

    Raises InputError for a file that cannot be read.
    """
    own = own_city(city)
    return read_bytes(own) if own else b""


def is_city_file(path: Path) -> bool:
    """Whether the file at `path` tells of a city and not of a scenario; raises InputError for what is not TOML."""
    data = read_toml(path).data
    if "base" in data:
        return False
    inner = [entry for table in data.values() if isinstance(table, dict) for entry in table.values()]
    # a table whose name is misspelt is known by what stands in it
    told = any(isinstance(entry, dict) and "basis" in entry for entry in inner)
    return told or "parameters" in data or ("title" in data and {*data} <= {*CITY_TABLES})
