"""What a scenario file says besides levers and assumptions: its texts, its city, its kind, what it rests on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from shudian.kinds import Label, Scenario
from shudian.parameters import city_titles
from shudian.quantities import show
from shudian.toml_file import TomlFile, nearest


def city_in(file: TomlFile, default: str) -> str:
    """The city that `file` names by its identifier or its title; `default` where it names none."""
    if "city" not in file.data:
        return default
    titles = {text: name for name, title in city_titles().items() for text in (title.zh, title.en)}
    written = file.data.get("city")
    if isinstance(written, str) and written in titles:
        return titles[written]
    return str(choice_in(file, "city", tuple(city_titles()), default))


def choice_in(file: TomlFile, key: str, allowed: Sequence[str], default: str) -> Any:
    """The word at `key`, one of `allowed`, or `default`; raises InputError for another."""
    value = file.data.get(key, default)
    if value not in allowed:
        file.fail(
            "“{key}” cannot be {value}{nearest}", key, key=key, value=show(value), nearest=nearest(str(value), allowed)
        )
    return value


def notes_of_base(file: TomlFile, base: Scenario | None) -> tuple[Label, ...]:
    """The notes that `file` takes over from its base; none where it says that it does not."""
    inherit = file.data.get("inherit_notes", True)
    if not isinstance(inherit, bool):
        file.fail("“inherit_notes” is true or false", "inherit_notes")
    return base.notes if base and inherit else ()


def notes_in(file: TomlFile) -> tuple[Label, ...]:
    """The notes of `file` itself."""
    notes = file.data.get("notes", [])
    if not isinstance(notes, list):
        file.fail('“notes” is a list: notes = [ { zh = "…", en = "…" } ]', "notes")
    return tuple(label_in(file, note, "notes") for note in notes)


def label_in(file: TomlFile, value: object, key: str) -> Label:
    """A text in both languages; one that is written once stands for both."""
    # one planner writes for herself and in one language; what is shipped has both
    if isinstance(value, str) and value.strip():
        value = {"zh": value, "en": value}
    return file.label(value, key)


def evidence_in(file: TomlFile, known: Collection[str] | None) -> tuple[str, ...]:
    """The figures and sources that `file` names, each one of `known` where that is given."""
    evidence = file.data.get("evidence", [])
    if not isinstance(evidence, list) or not all(isinstance(item, str) for item in evidence):
        file.fail('“evidence” is a list of figures and sources: evidence = ["ZG08"]', "evidence")
    for item in evidence:
        if known is not None and item not in known:
            file.fail(
                "there is no figure or source {name}{nearest}",
                "evidence",
                name=show(item),
                nearest=nearest(item, known),
            )
    return tuple(evidence)
