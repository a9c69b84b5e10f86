"""Where a scenario's name is looked up: a file's own folder and the shipped one, by name or by title."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shudian.kinds import InputError, Parameter
from shudian.quantities import placed, same_words, show
from shudian.schedules import RECORD, ROOT, nearest_or
from shudian.spreadsheet_file import is_workbook
from shudian.toml_file import TomlFile, read_toml
from shudian.workbook_file import read_workbook

NOT_SCENARIOS = ("targets",)
"""Files of the folder of scenarios that are none."""


@dataclass(frozen=True, slots=True)
class Library:
    """Where a scenario file's names are looked up."""

    parameters: Mapping[str, Parameter]
    folders: tuple[Path, ...]
    known_evidence: Collection[str] | None
    now: float

    @property
    def record(self) -> Path:
        """The shipped file that says what was decided, whatever stands beside the file that is read."""
        return self.folders[-1] / f"{RECORD}.toml"

    def find(self, file: TomlFile, key: str) -> Path:
        """The scenario file that the text at `key` of `file` names."""
        name = file.data[key]
        if not isinstance(name, str):
            file.fail(
                '“{key}” must be the name of a scenario in quotes, as in {key} = "{example}"',
                key,
                key=key,
                example=ROOT,
            )
        with placed(file.place(key)):
            return find_file(name, known_files(self.folders))


def known_files(folders: Iterable[Path]) -> dict[str, Path]:
    """The scenario files in `folders` by name; of two with one name the one in the earlier folder."""
    found: dict[str, Path] = {}
    for folder in folders:
        # a folder may hold many workbooks that are none of ours; one is read only when it is asked for by name
        for path in [*sorted(folder.glob("*.toml")), *sorted(folder.glob("*.xlsx"))]:
            if path.stem not in NOT_SCENARIOS and (path.suffix == ".toml" or path.stem.isidentifier()):
                found.setdefault(path.stem, path)
    return found


def find_file(name: str, known: Mapping[str, Path]) -> Path:
    """The scenario file of that name, or the only one with that title in Chinese or English."""
    if name in known:
        return known[name]
    titles = {(path, text) for path in known.values() for text in _titles(path)}
    found = sorted({path for path, text in titles if same_words(name, text)})
    if len(found) > 1:
        raise InputError(
            "“{name}” can mean {names}; write the English name",
            name=name,
            names=" or ".join(path.stem for path in found),
        )
    if not found:
        names = [*known, *sorted(text for _, text in titles)]
        raise InputError(
            "there is no scenario {name}{nearest}", name=show(name), nearest=nearest_or(name, names, "shudian list")
        )
    return found[0]


def _titles(path: Path) -> list[str]:
    if is_workbook(path):
        return []
    try:
        title = read_toml(path).data.get("title")
    except InputError:  # another file's mistake is no answer to the question which file has this title
        return []
    texts = title.values() if isinstance(title, dict) else [title]
    return [text for text in texts if isinstance(text, str)]


def read_file(path: Path, library: Library) -> TomlFile:
    """What the scenario file or workbook at `path` says; raises InputError for one that cannot be read."""
    return read_workbook(path, library.parameters) if is_workbook(path) else read_toml(path)
