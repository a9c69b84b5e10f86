"""Model and scenario as an XMILE 1.0 file, the standard that Stella, simlin and PySD read.

The format: https://docs.oasis-open.org/xmile/xmile/v1.0/xmile-v1.0.html
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from shudian.draws import Draws
from shudian.exchange.content import Entry, groups, numbers_from
from shudian.exchange.expressions import XMILE
from shudian.exchange.names import number, sector_label, unit_text
from shudian.exchange.views import add_view
from shudian.kinds import Model, Parameter, Scenario
from shudian.quantities import MONTHS
from shudian.simulate import STEPS_PER_MONTH
from shudian.structure import signed_flows

_NAMESPACE = "http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"


def xmile_text(model: Model, scenario: Scenario, draws: Draws) -> str:
    """The XMILE file of `scenario` at the first of `draws`; raises ValueError for an unequalised budget."""
    root = _equations(model, scenario, draws)
    (body,) = root.findall("model")
    add_view(body, model)
    return _written(root)


def equations_text(model: Model, scenario: Scenario, draws: Draws) -> str:
    """`xmile_text` without its diagram, which takes seconds to lay out and no engine needs."""
    return _written(_equations(model, scenario, draws))


def _written(root: ET.Element) -> str:
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _equations(model: Model, scenario: Scenario, draws: Draws) -> ET.Element:
    root = ET.Element("xmile", {"version": "1.0", "xmlns": _NAMESPACE})
    _header(root, model, scenario, draws)
    specs = ET.SubElement(root, "sim_specs", {"method": "euler", "time_units": "month"})
    for tag, text in (("start", "0"), ("stop", str(MONTHS)), ("dt", str(1 / STEPS_PER_MONTH))):
        _add(specs, tag, text)
    variables = ET.SubElement(ET.SubElement(root, "model"), "variables")
    by_sector = groups(model, scenario, draws)
    for entries in by_sector.values():
        for entry in entries:
            _variable(variables, entry, model)
    # simlin looks for what a view names among the variables, and falls over a group that comes before it
    for sector, entries in by_sector.items():
        _group(variables, sector, entries)
    return root


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _header(root: ET.Element, model: Model, scenario: Scenario, draws: Draws) -> None:
    header = ET.SubElement(root, "header")
    _add(header, "vendor", "shudian")
    ET.SubElement(header, "product", {"version": "1.0", "lang": "en"}).text = "shudian"
    _add(header, "name", f"shudian {scenario.name}")
    origin = numbers_from(draws)
    about = f"{scenario.title.zh} / {scenario.title.en}; model {model.digest}; {origin.zh} / {origin.en}"
    _add(header, "caption", about)


def _group(variables: ET.Element, sector: str, entries: Iterable[Entry]) -> None:
    group = ET.SubElement(variables, "group", {"name": sector})
    label = sector_label(sector)
    _add(group, "doc", f"{label.zh} / {label.en}")
    for entry in entries:
        ET.SubElement(group, "entity", {"name": entry.name})


def _variable(variables: ET.Element, entry: Entry, model: Model) -> None:
    subject = entry.subject
    kind = "aux" if isinstance(subject, Parameter) else {"auxiliary": "aux"}.get(subject.kind, subject.kind)
    element = ET.SubElement(variables, kind, {"name": entry.name})
    _add(element, "doc", "\n".join(entry.note))
    if isinstance(subject, Parameter):
        _add(element, "eqn", entry.text(XMILE))
        _add(element, "units", unit_text(subject.unit))
        ET.SubElement(element, "range", {"min": number(subject.low), "max": number(subject.high)})
        return
    _add(element, "eqn", subject.initial or entry.text(XMILE))
    if subject.kind == "stock":
        by_name = {equation.name: equation for equation in model.equations}
        for name, sign in sorted(signed_flows(subject, by_name), key=lambda flow: -flow[1]):
            _add(element, "inflow" if sign > 0 else "outflow", name)
    _add(element, "units", unit_text(subject.unit))
