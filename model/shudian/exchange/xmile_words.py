"""The elements of an XMILE file that are read or say nothing about numbers; every other one is refused by its name.

A closed list, because an element that is passed over may be one that changes the numbers. The format:
https://docs.oasis-open.org/xmile/xmile/v1.0/xmile-v1.0.html, chapters 2 to 4
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree as ET

from shudian.kinds import InputError, Phrase

_Words: TypeAlias = "Mapping[str, _Words | None]"
"""What may stand within an element; None if nothing within it says anything about numbers."""

_FLOOR: _Words = {"non_negative": {}}
_ABOUT: _Words = {
    "doc": None, "documentation": None, "units": {}, "format": None, "display": None, "range": {}, "scale": {},
}  # fmt: skip
_GRAPH: _Words = {**_ABOUT, "xscale": {}, "yscale": {}, "xpts": {}, "ypts": {}}
_AUXILIARY: _Words = {**_ABOUT, "eqn": {}, "gf": _GRAPH}
_BEHAVIOUR: _Words = {**_FLOOR, "stock": _FLOOR, "flow": _FLOOR}
_SPECS: _Words = {"start": {}, "stop": {}, "dt": {}, "savestep": {}, "save_step": {}, "pause": {}}
_MODEL: _Words = {
    "doc": None,
    "sim_specs": _SPECS,
    "behavior": _BEHAVIOUR,
    "variables": {
        "aux": _AUXILIARY,
        "flow": {**_AUXILIARY, **_FLOOR},
        "stock": {**_AUXILIARY, **_FLOOR, "inflow": {}, "outflow": {}},
        "gf": _GRAPH,
        "group": {"doc": None, "documentation": None, "display": None, "entity": {}},
    },
    "views": None,
}
_FILE: _Words = {
    "header": None, "model_units": None, "dimensions": None, "style": None, "sensi_specs": None,
    "sim_specs": _SPECS, "behavior": _BEHAVIOUR, "data": {"export": None}, "model": _MODEL,
}  # fmt: skip
"""Dimensions of a file say nothing by themselves; a variable that has one is refused."""
_SEVERAL = {
    "doc", "documentation", "units", "format", "display", "views", "eqn", "inflow", "outflow", "entity", "export",
}  # fmt: skip
"""What may stand in one element more than once, or is counted where it is read; each variable may, too."""
_NOT_RUN = {
    "model": Phrase("modules"), "module": Phrase("modules"), "macro": Phrase("macros"),
    "import": Phrase("data from other files"), "dimensions": Phrase("subscripts"), "element": Phrase("subscripts"),
    "conveyor": Phrase("conveyors"), "queue": Phrase("queues"), "oven": Phrase("ovens"),
}  # fmt: skip


def check_words(path: Path, text: str, root: ET.Element) -> None:
    """Raise InputError for the first element of `root` that is neither read nor known to say nothing about numbers.

    Elements have their names without the file's own namespace; `text` is the file's, for line and spelling. What a
    tool adds beside the model in a namespace of its own is settings of that tool, and passed over.
    """
    for model in root.findall("model"):
        if model.get("resource"):
            raise _refusal(path, text, root, root, model, "import")
    beside: _Words = {child.tag: None for child in root if child.tag.startswith("{")}
    _check(path, text, root, root, {**_FILE, **beside})


def _check(path: Path, text: str, root: ET.Element, parent: ET.Element, words: _Words) -> None:
    seen = Counter[str]()
    for child in parent:
        seen[child.tag] += 1
        within = words.get(child.tag, {})
        once = child.tag not in _SEVERAL and parent.tag != "variables" and within is not None
        if child.tag not in words or (once and seen[child.tag] > 1):
            raise _refusal(path, text, root, parent, child, child.tag)
        if within is not None:
            _check(path, text, root, child, within)


def _refusal(path: Path, text: str, root: ET.Element, parent: ET.Element, child: ET.Element, kind: str) -> InputError:
    line, spelled = _found(text, root, child)
    if kind in _NOT_RUN:
        return InputError("{what} are not run here; write the model without them", what=_NOT_RUN[kind]).at(
            f"{path}:{line}"
        )
    if sum(other.tag == child.tag for other in parent) > 1 and child is not parent.find(child.tag):
        return InputError("“<{tag}>” stands here a second time; keep one of the two", tag=spelled).at(f"{path}:{line}")
    _, parent_spelled = _found(text, root, parent)
    return InputError(
        "“<{tag}>” within “<{parent}>” is not read here and may change the numbers; take it out, and say "
        "in an equation what it does",
        tag=spelled,
        parent=parent_spelled,
    ).at(f"{path}:{line}")


def _found(text: str, root: ET.Element, element: ET.Element) -> tuple[int, str]:
    """Line and spelling of an element, by its number among those of its name; ElementTree does not keep them."""
    name = element.tag.rpartition("}")[2]
    alike = [other for other in root.iter() if other.tag.rpartition("}")[2] == name]
    number = next(number for number, other in enumerate(alike) if other is element)
    begins = re.compile(
        rf"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<((?:[\w.-]+:)?{re.escape(name)})(?=[\s/>])", re.DOTALL
    )
    places = [found for found in begins.finditer(text) if found[1]]
    return text.count("\n", 0, places[number].start()) + 1, places[number][1]
