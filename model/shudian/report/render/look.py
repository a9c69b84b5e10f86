"""How a Word file looks: letters, sizes and edges of the page, plain or as an official document of China."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Style = Literal["plain", "gbt9704"]
Fonts = tuple[str, str]
"""For Latin and for Chinese letters; a machine without them takes its own."""


@dataclass(frozen=True, slots=True)
class Look:
    """Letters in points, edges of the page in centimetres."""

    text: Fonts
    title: Fonts
    head: Fonts
    subhead: Fonts
    title_size: float
    head_size: float
    subhead_size: float
    caption_size: float
    text_size: float
    step_size: float
    """Of numbered steps."""
    list_size: float
    note_size: float
    reference_size: float
    table_sizes: tuple[float, float, float]
    """Of heads, of cells, and of what stands below a cell's first line."""
    top: float
    bottom: float
    left: float
    right: float
    ink: str
    """Colour of titles and heads."""
    pitch: float = 0.0
    """Exact distance of lines of running text; 0 for what the letters need."""
    indent: float = 0.0
    """Of the first line of a paragraph."""
    foot_size: float = 8.0
    mirrored: bool = False
    """Whether the page's number stands at the outer edge, with a dash on either side."""
    top_line: bool = True
    """Whether a line stands above every page."""
    fallbacks: tuple[tuple[str, str], ...] = ()
    """Font -> the fonts that a machine without it takes, as the file's table of fonts says."""

    @property
    def width(self) -> float:
        """Of the text, on A4."""
        return 21.0 - self.left - self.right


PLAIN = Look(
    text=("Times New Roman", "宋体"), title=("Arial", "黑体"), head=("Arial", "黑体"), subhead=("Arial", "黑体"),
    title_size=17, head_size=11.5, subhead_size=10.5, caption_size=9.5, text_size=10.5, step_size=9.5, list_size=8.5,
    note_size=8, reference_size=7.5, table_sizes=(8, 8.5, 7.5), top=1.5, bottom=1.5, left=1.5, right=1.5, ink="08306B",
)  # fmt: skip
GBT9704 = Look(
    text=("Times New Roman", "仿宋_GB2312"), title=("Times New Roman", "方正小标宋简体"),
    head=("Times New Roman", "黑体"),
    subhead=("Times New Roman", "楷体_GB2312"), title_size=22, head_size=16, subhead_size=16, caption_size=12,
    text_size=16, step_size=16, list_size=16, note_size=10.5, reference_size=10.5,
    table_sizes=(10.5, 10.5, 9), top=3.7, bottom=3.5,
    left=2.8, right=2.6, ink="000000", pitch=28.9, indent=32, foot_size=14, mirrored=True, top_line=False,
    fallbacks=(
        ("方正小标宋简体", "FZXiaoBiaoSong-B05S;华文中宋;STZhongsong;宋体"),
        ("仿宋_GB2312", "仿宋;FangSong;华文仿宋;STFangsong"),
        ("楷体_GB2312", "楷体;KaiTi;华文楷体;STKaiti"),
    ),
)  # fmt: skip
"""GB/T 9704-2012: A4, edges of 37, 35, 28 and 26 mm, 22 lines of 28 letters of size 3 (16 points), page numbers of
size 4. What only an office that issues a document can give it, such as its red head and its number, is left to that."""
LOOKS: dict[Style, Look] = {"plain": PLAIN, "gbt9704": GBT9704}
