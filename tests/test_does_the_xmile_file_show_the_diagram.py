"""Does the view of the XMILE file show what the layout says: everything once, pipes at their stocks, links as bent?

Does not establish that the drawing is readable (test_can_a_person_read_the_diagram.py does), nor that Stella draws
it as meant: simlin, which reads both our formats, stands in for it here.
"""

from __future__ import annotations

import json
from cmath import rect
from collections import Counter, defaultdict
from math import cos, pi, sin
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudian.exchange.export import baseline_file
from shudian.exchange.layout import file_views, pixels
from shudian.exchange.views import add_view, takeoff
from shudian.structure import load_model, signed_flows
from witness import complaints

MODEL = load_model()
BY_NAME = {equation.name: equation for equation in MODEL.equations}
TAGS = {equation.name: {"auxiliary": "aux"}.get(equation.kind, equation.kind) for equation in MODEL.equations}


@pytest.fixture(scope="module")
def sheet() -> ET.Element:
    parent = ET.Element("model")
    add_view(parent, MODEL)
    (found,) = parent.iter("view")
    return found


def test_everything_has_one_place_that_is_no_alias(sheet: ET.Element) -> None:
    places = Counter((e.tag, e.get("name")) for e in sheet if e.tag in ("stock", "flow", "aux"))
    assert places == Counter(
        [*((tag, name) for name, tag in TAGS.items()), *(("aux", name) for name in MODEL.parameters)]
    )
    numbers = Counter(element.get("uid") for element in sheet if element.tag != "connector")
    assert set(numbers.values()) == {1}
    aliases = {element.get("uid"): element.findtext("of") for element in sheet.iter("alias") if element.get("x")}
    assert set(aliases.values()) <= {name for _, name in places}
    assert {end.get("uid") for link in sheet.iter("connector") for end in link.iter("alias")} <= aliases.keys()


def test_a_pipe_ends_at_the_stock_of_its_flow_or_at_a_cloud(sheet: ET.Element) -> None:
    moved: dict[tuple[str, int], str] = {}
    for stock in MODEL.stocks:
        for flow, sign in signed_flows(stock, BY_NAME):
            if BY_NAME[flow].sector == stock.sector:
                moved[flow, sign] = stock.name
    for flow in sheet.iter("flow"):
        start, end = flow.iter("pt")
        for point, sign in ((start, -1), (end, 1)):
            assert touched(sheet, point) == moved.get((flow.get("name", ""), sign)), flow.get("name")


def touched(sheet: ET.Element, point: ET.Element) -> str | None:
    """The stock on whose left or right edge the point lies, give or take the pixel of rounding."""
    x, y = place(point)
    for stock in sheet.iter("stock"):
        (shape,) = stock.iter("shape")
        across, down = abs(x - place(stock)[0]), abs(y - place(stock)[1])
        if across <= float(shape.get("width", "")) / 2 + 1 and down <= float(shape.get("height", "")) / 2:
            assert across >= float(shape.get("width", "")) / 2 - 1
            return stock.get("name")
    return None


def place(element: ET.Element) -> tuple[float, float]:
    return float(element.get("x", "")), float(element.get("y", ""))


def test_each_sector_stands_in_its_own_frame_as_laid_out(sheet: ET.Element) -> None:
    frames = {frame.get("name"): frame for frame in sheet.iter("group")}
    assert list(frames) == list(file_views(MODEL))
    bottom = -1.0
    for sector, drawn in file_views(MODEL).items():
        left, top = place(frames[sector])
        assert left == 0
        assert top > bottom
        bottom = top + float(frames[sector].get("height", ""))
        shown = Counter(
            (element.get("name") or element.findtext("of"), x, y - top)
            for element in sheet
            if element.tag not in ("group", "connector")
            for x, y in [place(element)]
            if top <= y <= bottom
        )
        nodes = [node for node in drawn.nodes if node.name]
        assert shown == Counter((node.name, *pixels((node.body.x, node.body.y))) for node in nodes)


def read_by_simlin(path: Path) -> tuple[dict[str, tuple[float, float]], dict[tuple[str, str], list[float]]]:
    """The place of everything that is no alias, and the arcs of the links between two such things."""
    simlin = pytest.importorskip("simlin", reason="it has no wheel for Windows")

    (view,) = json.loads(simlin.load(path).project.serialize_json())["models"][0]["views"]
    own: dict[int, Any] = {e["uid"]: e for e in view["elements"] if e["type"] in ("stock", "flow", "aux")}
    names = {uid: e["name"].replace("\\n", "_").replace(" ", "_") for uid, e in own.items()}
    arcs: dict[tuple[str, str], list[float]] = defaultdict(list)
    for link in view["elements"]:
        if link["type"] == "link" and {link["fromUid"], link["toUid"]} <= names.keys():
            arcs[names[link["fromUid"]], names[link["toUid"]]].append(link.get("arc", 0.0))
    return {names[uid]: (e["x"], e["y"]) for uid, e in own.items()}, arcs


def test_simlin_sees_the_same_diagram_in_both_files() -> None:
    """From a Vensim file it computes the arcs itself, from a point on them; from an XMILE file it takes ours."""
    places, arcs = read_by_simlin(baseline_file("xmile"))
    sketched, sketched_arcs = read_by_simlin(baseline_file("mdl"))
    assert places.keys() == {*BY_NAME, *MODEL.parameters}
    drawings = file_views(MODEL).values()
    # of a flow that is also repeated with a pipe, beside a stock of another sector, simlin keeps one or the other
    piped_twice = {
        drawn.nodes[pipe.flow].name for drawn in drawings for pipe in drawn.pipes if drawn.nodes[pipe.flow].ghost
    }
    for drawn in drawings:
        ours = [n.name for n in drawn.nodes if n.name in sketched and not n.ghost and n.name not in piped_twice]
        assert len(ours) > 5
        shifts = [tuple(a - b for a, b in zip(places[name], sketched[name], strict=True)) for name in ours]
        for name, shift in zip(ours, shifts, strict=True):
            assert max(abs(a - b) for a, b in zip(shift, shifts[0], strict=True)) <= 1, name
    assert len(arcs.keys() & sketched_arcs.keys()) > 0.95 * len(arcs)
    # in a sketch a link ends at the name of a flow, here at its valve
    plain = [ends for ends in arcs.keys() & sketched_arcs.keys() if "flow" not in {TAGS.get(name) for name in ends}]
    assert len(plain) > 0.5 * len(arcs)
    for ends in plain:
        for arc, theirs in zip(sorted(arcs[ends]), sorted(sketched_arcs[ends]), strict=True):
            assert abs((arc - theirs + 180) % 360 - 180) < 3, ends


def test_simlin_has_no_complaint_and_draws_everything() -> None:
    simlin = pytest.importorskip("simlin", reason="it has no wheel for Windows")

    assert complaints(baseline_file("xmile")) == ()
    picture = simlin.load(baseline_file("xmile")).project.render_svg_string()
    assert "unknown" not in picture
    ghosts = sum(node.ghost for drawn in file_views(MODEL).values() for node in drawn.nodes)
    assert picture.count("<text") >= len(BY_NAME) + len(MODEL.parameters) + ghosts


@given(
    st.floats(-pi, pi),
    st.floats(0.05, 1.9 * pi),
    st.floats(0.05, 0.95),
    st.sampled_from((-1, 1)),
    st.floats(10, 500),
)
def test_an_arc_leaves_along_the_tangent_of_its_circle(
    begin: float, sweep: float, part: float, turn: int, radius: float
) -> None:
    angles = [begin, begin + turn * part * sweep, begin + turn * sweep]
    points = [(radius * cos(angle) + 700, 300 - radius * sin(angle)) for angle in angles]
    found = takeoff(*points)
    assert 0 <= found < 360
    towards = rect(1, found * pi / 180) / rect(1, begin + turn * pi / 2)
    assert abs(towards - 1) < 0.01


def test_a_straight_link_leaves_straight_on() -> None:
    assert takeoff((0, 0), (5, 0), (10, 0)) == 0
    assert takeoff((0, 10), (0, 5), (0, 0)) == 90
    assert takeoff((10, 0), (5, 0), (0, 0)) == 180
    assert takeoff((0, 0), (0, 5), (0, 10)) == 270
