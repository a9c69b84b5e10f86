"""Can a person read the diagrams: nothing over anything else, nothing cut off, nothing missing, signs as named?

Does not establish that a diagram is beautiful or that its links can be followed without effort: pictures were
looked at by eye for that. Nor that Vensim itself draws the sketch as meant; PySD and simlin stand in for it here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import combinations, pairwise
from math import prod
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFont

from shudian.draws import central_draw
from shudian.exchange.curves import Box, meet
from shudian.exchange.draft import sectors_of
from shudian.exchange.layout import FONT_SIZE, LINE, Node, View, view
from shudian.exchange.placement import Block, Boxes, Edge, Lines, Part, place
from shudian.exchange.places import kept, placed
from shudian.exchange.polarity import polarities
from shudian.exchange.sketch import sketch
from shudian.exchange.vensim import vensim_text
from shudian.kinds import InputError, Language
from shudian.report.diagrams.causal_loops import all_arrows, arrows, loop_view
from shudian.report.diagrams.diagram import causal_loops, draw, stock_and_flow
from shudian.report.diagrams.places import all_places
from shudian.report.diagrams.reach import lever_links
from shudian.report.render.figure_page import FONT
from shudian.scenarios import load_scenario
from shudian.structure import TIME, links, load_model, signed_flows

MODEL = load_model()
BY_NAME = {equation.name: equation for equation in MODEL.equations}
LABELS = {thing.name: thing.label for thing in (*MODEL.equations, *MODEL.parameters.values())}
SECTORS = sectors_of(MODEL)
TEXTS: dict[str, Callable[[str], str]] = {
    "zh": lambda name: LABELS[name].zh,
    "en": lambda name: LABELS[name].en,
    "file": lambda name: name,
}
DRAWN = [(sector, text, text == "file") for sector in SECTORS for text in TEXTS]


@cache
def drawn(sector: str, text: str, complete: bool) -> View:
    return view(MODEL, sector, TEXTS[text], complete=complete)


@cache
def font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, 100)


def measured(node: Node) -> Box:
    """The label's box with its width by the letters of the shipped font, not by the layout's estimate."""
    width = max((font().getlength(line) * FONT_SIZE / 100 for line in node.lines), default=node.label.width)
    return Box(node.label.x, node.label.y, width, node.label.height)


def boxes(node: Node) -> list[Box]:
    if node.kind == "flow":
        return [node.body, measured(node)]
    return [node.body] if node.kind in ("stock", "cloud") else [measured(node)]


@pytest.mark.parametrize(("sector", "text", "complete"), DRAWN)
def test_no_box_or_label_lies_over_another(sector: str, text: str, complete: bool) -> None:
    nodes = drawn(sector, text, complete).nodes
    for one, other in combinations(nodes, 2):
        for a in boxes(one):
            for b in boxes(other):
                assert not meet(a, b), f"{one.name or 'cloud'} and {other.name or 'cloud'}"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("levers", [False, True])
def test_no_label_of_the_loop_diagram_lies_over_another(language: Language, levers: bool) -> None:
    nodes = loop_view(MODEL, language, levers=levers).nodes
    assert not [(a.name, b.name) for a, b in combinations(nodes, 2) if meet(measured(a), measured(b))]


@pytest.mark.parametrize(("sector", "text", "complete"), DRAWN)
def test_a_label_fits_its_box_and_the_sheet(sector: str, text: str, complete: bool) -> None:
    sheet = drawn(sector, text, complete)
    for node in sheet.nodes:
        label = measured(node)
        assert label.left > 0
        assert label.right < sheet.width
        assert label.top > 0
        assert label.bottom < sheet.height
        if node.kind == "stock":
            assert label.width < node.body.width
            assert len(node.lines) * LINE < node.body.height
        if node.name:
            shown = "".join(node.lines).strip("<>")
            assert re.sub(r"\s", "", shown) == re.sub(r"[\s_]", "", TEXTS[text](node.name))


@pytest.mark.parametrize(("sector", "text", "complete"), DRAWN)
def test_a_link_ends_at_its_nodes(sector: str, text: str, complete: bool) -> None:
    sheet = drawn(sector, text, complete)
    assert sheet.links
    for link in sheet.links:
        for point, position in ((link.curve.start, link.cause), (link.curve.end, link.effect)):
            node = sheet.nodes[position]
            near = Box(point[0], point[1], 24, 24)
            assert any(meet(near, box) for box in (node.body, node.label)), node.name


@pytest.mark.parametrize(("sector", "text", "complete"), DRAWN)
def test_a_pipe_joins_what_its_flow_moves(sector: str, text: str, complete: bool) -> None:
    """Every stock of the sector has exactly the pipes of its equation, each on the right side of its valve."""
    sheet = drawn(sector, text, complete)
    found: set[tuple[str, str, int]] = set()
    for pipe in sheet.pipes:
        flow, source, sink = (sheet.nodes[i] for i in (pipe.flow, pipe.source, pipe.sink))
        assert source.kind in ("stock", "cloud")
        assert sink.kind in ("stock", "cloud")
        (x, y), (u, v) = pipe.points
        assert min(x, u) < flow.body.x < max(x, u)
        assert y == v == flow.body.y
        for end, point in ((source, x), (sink, u)):
            assert point in (end.body.left, end.body.right)
            assert end.body.top <= y <= end.body.bottom
        found |= {(end.name, flow.name, sign) for end, sign in ((source, -1), (sink, 1)) if end.name}
    ours = [stock for stock in MODEL.stocks if stock.sector == sector]
    expected = {(stock.name, flow, sign) for stock in ours for flow, sign in signed_flows(stock, BY_NAME)}
    assert expected <= found
    assert all(sign == dict(signed_flows(BY_NAME[stock], BY_NAME))[flow] for stock, flow, sign in found)


@pytest.mark.parametrize("sector", SECTORS)
def test_every_cause_is_linked_and_nothing_else(sector: str) -> None:
    sheet = drawn(sector, "file", True)
    shown = Counter((sheet.nodes[link.cause].name, sheet.nodes[link.effect].name) for link in sheet.links)
    ours = [equation for equation in MODEL.equations if equation.sector == sector]
    causes = [(c, e.name) for e in ours if e.kind != "stock" for c in e.causes if c != TIME]
    assert shown == Counter(causes + [(e.initial, e.name) for e in ours if e.initial])
    assert not [sheet.nodes[link.effect].name for link in sheet.links if sheet.nodes[link.effect].ghost]


def test_everything_has_one_place_over_all_views_that_is_no_ghost() -> None:
    places = Counter(
        node.name for sector in SECTORS for node in drawn(sector, "file", True).nodes if node.name and not node.ghost
    )
    assert places == Counter([*BY_NAME, *MODEL.parameters])


@pytest.mark.parametrize("called", ["outreach", "出海与联动", "going abroad AND reaching out"])
def test_a_sector_may_be_called_by_its_label(called: str, tmp_path: Path) -> None:
    draw(MODEL, called, "zh", tmp_path / "called.svg")
    stock_and_flow(MODEL, "outreach", "zh", tmp_path / "named.svg")
    assert (tmp_path / "called.svg").read_bytes() == (tmp_path / "named.svg").read_bytes()


def test_a_sector_that_is_not_there_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(InputError, match="did you mean “policy”"):
        view(MODEL, "polcy", str)


coordinates = st.tuples(st.integers(0, 40), st.integers(0, 40))


@given(coordinates, coordinates, coordinates, st.tuples(st.integers(1, 9), st.integers(1, 9)))
def test_a_line_is_over_a_rectangle_exactly_if_a_fine_walk_along_it_steps_inside(
    a: tuple[int, int], b: tuple[int, int], centre: tuple[int, int], half: tuple[int, int]
) -> None:
    start, end, middle, reach = (np.array(x, dtype=np.float32)[:, None] for x in (a, b, centre, half))
    said = bool(Lines(start, end).cover(Boxes(middle, reach)).all())
    steps = np.linspace(0, 1, 4001)[:, None]
    aside = np.abs(np.array(a) + steps * (np.array(b) - np.array(a)) - np.array(centre)) - np.array(half)
    if (aside < -0.02).all(axis=1).any():
        assert said
    if not (aside < 0.02).all(axis=1).any():
        assert not said


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2)), min_size=2, max_size=9),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12),
)
def test_placed_blocks_stay_on_the_grid_and_apart(sizes: list[tuple[int, int]], pairs: list[tuple[int, int]]) -> None:
    blocks = [Block((Part(i, 2 * w, 2 * h, 1, 1),), w, h) for i, (w, h) in enumerate(sizes)]
    edges = [Edge(a, b, 1) for a, b in pairs if a != b and max(a, b) < len(blocks)]
    spots = place(blocks, edges, (14, 10), [None] * len(blocks), 3)
    cells = [(x + i, y + j) for (x, y), (w, h) in zip(spots, sizes, strict=True) for i in range(w) for j in range(h)]
    assert len(set(cells)) == len(cells)
    assert all(0 <= x < 14 and 0 <= y < 10 for x, y in cells)
    assert spots == place(blocks, edges, (14, 10), [None] * len(blocks), 3)


def test_the_kept_places_are_those_of_the_drawings_of_now() -> None:
    renew = "renew them with: python -m shudian.report.diagrams.places"
    assert all_places() == kept(), renew


@given(st.lists(st.tuples(st.integers(1, 2), st.integers(1, 2)), min_size=2, max_size=5), st.integers(1, 3))
def test_what_is_kept_is_what_would_be_found(sizes: list[tuple[int, int]], sweeps: int) -> None:
    blocks = [Block((Part(number, 2, 2, 2, 2),), *size) for number, size in enumerate(sizes)]
    edges, known = [Edge(0, 1, 1)], [None] * len(blocks)
    found = place(blocks, edges, (12, 9), known, sweeps)
    assert placed(blocks, edges, (12, 9), known, sweeps) == found == placed(blocks, edges, (12, 9), known, sweeps)


def test_the_signs_of_a_loops_links_multiply_to_its_polarity() -> None:
    """The named polarity was stated with the loop; the signs come from the equations."""
    signs = polarities(MODEL)
    for loop in MODEL.loops:
        product = prod(signs[link] for link in links(loop))
        assert product == (1 if loop.polarity == "reinforcing" else -1), loop.name


def test_what_is_left_of_a_loop_is_still_that_loop() -> None:
    """Leaving variables out keeps each loop closed, through variables of its own in their order, with its polarity."""
    for loop in MODEL.loops:
        ours = {arrow.cause: arrow for arrow in arrows(MODEL) if loop.name in arrow.loops}
        kept = [name for name in loop.variables if name in ours]
        assert len(kept) == len(ours) >= 2, loop.name
        assert [ours[name].effect for name in kept] == [*kept[1:], kept[0]]
        assert prod(arrow.sign for arrow in ours.values()) == (1 if loop.polarity == "reinforcing" else -1)
    assert len(loop_view(MODEL, "zh").nodes) <= 40


def test_every_lever_is_in_the_loop_diagram_and_no_part_of_it_stands_alone() -> None:
    drawn = all_arrows(MODEL)
    assert drawn[: len(arrows(MODEL))] == arrows(MODEL)
    assert nx.is_weakly_connected(nx.DiGraph([(arrow.cause, arrow.effect) for arrow in drawn]))
    assert not nx.is_weakly_connected(nx.DiGraph([(arrow.cause, arrow.effect) for arrow in arrows(MODEL)]))
    levers = {parameter.name for parameter in MODEL.scheduled if parameter.role == "lever"}
    assert {arrow.cause for arrow in drawn} >= levers
    assert not {arrow.effect for arrow in drawn} & levers


def test_an_arrow_of_a_lever_stands_for_a_path_whose_signs_multiply_to_its_own() -> None:
    signs = polarities(MODEL)
    shown = {name for arrow in arrows(MODEL) for name in (arrow.cause, arrow.effect)}
    for link in lever_links(MODEL, shown):
        assert link.path[0] == link.cause
        assert link.path[-1] == link.effect
        assert not shown & {*link.path[:-1]}
        assert link.sign == prod(signs[step] for step in pairwise(link.path))


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sketch") / "baseline.mdl"
    text = vensim_text(MODEL, load_scenario("baseline", MODEL.parameters), central_draw(MODEL))
    path.write_text(text, encoding="utf-8")
    return path


def test_pysd_finds_in_each_view_what_has_its_place_there(model_file: Path) -> None:
    from pysd.translators.vensim.vensim_file import VensimFile

    parsed = VensimFile(model_file)
    parsed.parse()
    parsed.parse_sketch([])
    found = list(parsed.sections[0].views_dict.values())
    own = [{n.name for n in drawn(sector, "file", True).nodes if n.name and not n.ghost} for sector in SECTORS]
    assert found == own


def test_simlin_reads_every_object_of_the_sketch(model_file: Path) -> None:
    """Its reader was written by others for files of Vensim: a stock, a flow, an alias where we mean one."""
    simlin = pytest.importorskip("simlin", reason="it has no wheel for Windows")

    project = simlin.load(model_file).project
    (sheet,) = json.loads(project.serialize_json())["models"][0]["views"]
    kinds = Counter(element["type"] for element in sheet["elements"])
    own = Counter(equation.kind for equation in MODEL.equations)
    ghosts = sum(node.ghost for sector in SECTORS for node in drawn(sector, "file", True).nodes)
    assert kinds["stock"] == own["stock"]
    assert kinds["flow"] + kinds["aux"] == own["flow"] + own["auxiliary"] + len(MODEL.parameters)
    # simlin lets a flow leave one stock and enter one; round a stock with more it reads auxiliaries and a net flow
    ends = Counter((flow, sign) for stock in MODEL.stocks for flow, sign in signed_flows(stock, BY_NAME))
    shared = {flow for (flow, _), count in ends.items() if count > 1}
    sums = [dict(signed_flows(stock, BY_NAME)).keys() for stock in MODEL.stocks]
    allowed = set().union(*(flows for flows in sums if flows & shared))
    read = {
        element["name"].replace("\\n", " ").replace(" ", "_")
        for element in sheet["elements"]
        if element["type"] == "flow"
    }
    assert {e.name for e in MODEL.equations if e.kind == "flow"} - read <= allowed
    assert kinds["alias"] == ghosts
    assert kinds["group"] == len(SECTORS)
    assert project.render_svg_string().count("<text") >= len(BY_NAME) + len(MODEL.parameters)


def test_the_sketch_numbers_its_objects_in_order_and_refers_only_to_what_is_there() -> None:
    for text in sketch(MODEL).split("*", 1)[1].split("\n*"):
        rows = [row.split(",") for row in text.splitlines() if re.match(r"(1|10|11|12),", row)]
        assert [int(row[1]) for row in rows] == list(range(1, len(rows) + 1))
        names = {row[1] for row in rows if row[0] in ("10", "12", "11")}
        assert {end for row in rows if row[0] == "1" for end in row[2:4]} <= names
        for valve, name in pairwise(rows):
            if valve[0] == "11":
                assert BY_NAME[name[2]].kind == "flow"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_picture_is_written_and_repeats_to_the_byte(tmp_path: Path, language: Language, ending: str) -> None:
    for name, write in (
        ("loops", lambda path: causal_loops(MODEL, language, path)),
        ("technology", lambda path: stock_and_flow(MODEL, "technology", language, path)),
    ):
        first, second = tmp_path / f"{name}_1.{ending}", tmp_path / f"{name}_2.{ending}"
        write(first)
        write(second)
        assert first.read_bytes() == second.read_bytes()
        if ending == "svg":
            assert ElementTree.parse(first).getroot().tag.endswith("svg")
        else:
            with Image.open(first) as picture:
                assert picture.width > 1500
                assert len(picture.convert("L").getcolors() or range(256)) > 20
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("name", ["loops.pdf", "loops", "missing/loops.svg"])
def test_a_file_that_cannot_be_written_is_refused_and_nothing_is_left(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=re.escape(name)):
        causal_loops(MODEL, "en", tmp_path / name)
    assert not list(tmp_path.iterdir())
