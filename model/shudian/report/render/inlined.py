"""What a page that needs no network carries in itself: the font, and the hashes by which a policy knows its parts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from shudian.report.render.figure_page import FONT


def font_face() -> str:
    """CSS that makes the shipped font "Shudian Sans"."""
    code = base64.b64encode(FONT.read_bytes()).decode()
    return (
        '@font-face{font-family:"Shudian Sans";font-display:swap;'
        f'src:url(data:font/otf;base64,{code}) format("opentype")}}'
    )


def hashes(contents: Sequence[str]) -> str:
    """Sources of a Content-Security-Policy that allow exactly the elements with these contents."""
    digests = (base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() for content in contents)
    return " ".join(f"'sha256-{digest}'" for digest in digests)
