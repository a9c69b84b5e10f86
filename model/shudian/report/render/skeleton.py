"""A Word file taken apart into pieces that somebody else can fill: every block's own XML, with marks for what changes.

The pieces are cut out of a file that `word` has written, so that letters, sizes, edges and languages have one source.
"""

from __future__ import annotations

import base64
import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from shudian.kinds import Language
from shudian.report import document as told
from shudian.report.document import Document, Figure, Reference, Table
from shudian.report.render.look import PLAIN
from shudian.report.render.word import word

Plain = dict[str, Any]
TOP = ("⟦left⟧", "⟦right⟧")
"""Marks of what stands above every page."""
_CELL = "⟦text⟧\n⟦text⟧"
_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_DOCUMENT, _LINKS, _PROPERTIES = "word/document.xml", "word/_rels/document.xml.rels", "docProps/core.xml"


def word_skeleton(language: Language, foot: str) -> Plain:
    """The pieces of a plain Word file: `blocks` by kind, `cells`, `tables`, and the file's `parts`.

    Of `parts`, those that are `filled` are texts with marks; the others are `kept` as they are, [name, CRC-32, size,
    deflated in base 64].
    """
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "picture.png"
        picture.write_bytes(_PICTURE)
        file = word(_specimen(picture), language, "⟦title⟧", TOP, foot)
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        body = etree.fromstring(archive.read(_DOCUMENT)).find(qn("w:body"))
        assert body is not None
        header = next(name for name in archive.namelist() if name.startswith("word/header"))
        filled = {name: archive.read(name).decode() for name in (_DOCUMENT, _LINKS, _PROPERTIES, header)}
    filled[_DOCUMENT] = re.sub(r"(<w:body>).*(<w:sectPr\b)", r"\1⟦body⟧\2", filled[_DOCUMENT], flags=re.DOTALL)
    filled[_LINKS] = re.sub(r"<Relationship [^>]*hyperlink[^>]*/>", "", filled[_LINKS])
    filled[_LINKS] = filled[_LINKS].replace("</Relationships>", "⟦links⟧</Relationships>")
    picture_name = next(name for name in _names(file) if name.startswith("word/media/"))
    return {
        **_pieces(body),
        "picture": picture_name,
        "parts": {"filled": filled, "kept": kept_parts(file, {*filled, picture_name})},
    }


def kept_parts(file: bytes, others: Collection[str]) -> list[list[Any]]:
    """The entries of an archive but for `others`: [name, CRC-32, size, deflated in base 64]."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return [
            [entry.filename, entry.CRC, entry.file_size, base64.b64encode(_deflated(archive.read(entry))).decode()]
            for entry in archive.infolist()
            if entry.filename not in others
        ]


def _names(file: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return archive.namelist()


def _deflated(content: bytes) -> bytes:
    packing = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    return packing.compress(content) + packing.flush()


def _specimen(picture: Path) -> tuple[Document, Document]:
    """Every kind of block that the brief has, once, in the order of `_pieces`."""
    headed = Table("", (_CELL, _CELL), ((_CELL, _CELL),))
    return (
        (
            told.title("⟦text⟧"), told.heading("⟦text⟧"), told.paragraphs("⟦text⟧"), told.finding("⟦text⟧"),
            told.entries("⟦text⟧"),
            told.steps("⟦text⟧"), told.notes("⟦text⟧"),
            Reference("⟦text⟧", "http://⟦link⟧"), Reference("⟦text⟧", "⟦link⟧"), Reference("⟦text⟧"),
            Figure(picture, "⟦alt⟧", "⟦text⟧"), headed, Table("", (), ((_CELL, _CELL),)),
        ),
        (told.heading("⟦text⟧"),),
    )  # fmt: skip


_KINDS = ("title", "heading", "paragraph", "finding", "list", "steps", "note", "reference", "named", "only",
          "caption", "figure")  # fmt: skip


def _pieces(body: Any) -> Plain:
    found = [child for child in body if child.tag != qn("w:sectPr")]
    paragraphs_ = [child for child in found if child.tag == qn("w:p")]
    headed, labelled = [child for child in found if child.tag == qn("w:tbl")]
    *others, first = paragraphs_
    blocks = {kind: _xml(paragraph) for kind, paragraph in zip(_KINDS, others, strict=True)}
    blocks["page"] = _xml(first)
    blocks["reference"] = re.sub(r'r:id="\w+"', 'r:id="⟦id⟧"', blocks["reference"]).replace("http://⟦link⟧", "⟦link⟧")
    blocks["figure"] = re.sub(r'cx="\d+" cy="\d+"', 'cx="⟦wide⟧" cy="⟦high⟧"', blocks["figure"])
    head, row = headed.findall(qn("w:tr"))
    (label_row,) = labelled.findall(qn("w:tr"))
    cells = dict(zip(("head_first", "head", "first", "cell"), (*_cells(head), *_cells(row)), strict=True))
    cells["label"] = next(_cells(label_row))
    return {
        "blocks": blocks,
        "cells": cells,
        "table": _xml(headed.find(qn("w:tblPr"))),
        "rows": {"head": _xml(head.find(qn("w:trPr"))), "row": _xml(row.find(qn("w:trPr")))},
        "width": PLAIN.width,
    }


def _cells(row: Any) -> Iterator[Plain]:
    """Of each cell its properties and its first and its further lines."""
    for cell in row.findall(qn("w:tc")):
        first, further = cell.findall(qn("w:p"))
        properties = re.sub(r'(<w:tcW [^>]*w:w=")\d+', r"\1⟦wide⟧", _xml(cell.find(qn("w:tcPr"))))
        yield {"properties": properties, "first": _xml(first), "further": _xml(further)}


def _xml(element: Any) -> str:
    """An element's XML without the names of its spaces, which the document's root has."""
    return re.sub(r' xmlns:(?!a=|pic=)\w+="[^"]*"', "", etree.tostring(element, encoding="unicode", with_tail=False))
