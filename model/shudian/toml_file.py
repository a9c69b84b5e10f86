"""Reading TOML that people write: every mistake gets its file, its line and the nearest right spelling."""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from shudian.files import read_bytes
from shudian.kinds import NO_WORDS, InputError, Label, Phrase, Place
from shudian.mistakes import Mistakes
from shudian.plain_text import acting, one_line


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A parsed TOML file, or a workbook that says the same, that still knows where each key stands."""

    path: Path
    data: dict[str, Any]
    places: dict[tuple[str, ...], Place]

    def place(self, *keys: str) -> Place:
        """Where the key path `keys` is written; the nearest enclosing table if it is inside an inline table.

        A table that is one of several [[tables]] has its number, from 0 on, behind its name.
        """
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.places:
                return self.places[keys[:length]]
        return self.places.get((), Place(self.path, 1))

    def fail(self, template: str, /, *keys: str, **values: object) -> NoReturn:
        """Raise InputError, as it is made, with the place of `keys` in front."""
        raise InputError(template, **values).at(self.place(*keys))

    def label(self, value: object, *keys: str) -> Label:
        """`value` as a Label; it must be a table with the texts `zh` and `en`, both filled in."""
        if isinstance(value, dict) and set(value) == {"zh", "en"}:
            zh, en = value["zh"], value["en"]
            if isinstance(zh, str) and isinstance(en, str) and zh.strip() and en.strip():
                return Label(self.line_of(zh, *keys), self.line_of(en, *keys))
        self.fail('“{key}” needs a text in both languages: {key} = {{ zh = "…", en = "…" }}', *keys, key=keys[-1])

    def line_of(self, text: str, *keys: str) -> str:
        """`text` on one line; refuses a character that would act on a reader's screen instead of being shown."""
        if found := acting(text):
            self.fail(
                "“{column}” holds the invisible character {character}; delete it",
                *keys,
                column=keys[-1],
                character=found,
            )
        return one_line(text)

    def only(self, allowed: Iterable[str], *keys: str) -> None:
        """Refuse every key in the table at `keys` that is not among `allowed`."""
        table: Any = self.data
        for key in keys:
            table = table[key]
        names, mistakes = list(allowed), Mistakes()
        for key in table:
            if key not in names:
                with mistakes.noted():
                    self.fail("“{key}” is not known here{nearest}", *keys, key, key=key, nearest=nearest(key, names))
        mistakes.tell()


def read_text(path: Path) -> str:
    """The text of a file that a person wrote, in UTF-8, in GB18030 (which GBK is a part of) or in UTF-16.

    Raises InputError for a missing, empty or huge file, and for one in another encoding.
    """
    if path.name.endswith(".toml.txt"):
        raise InputError("Windows has added .txt to the file's name; rename it to {name}", name=path.stem).at(path)
    if not path.exists() and (renamed := Path(f"{path}.txt")).is_file():
        raise InputError("Windows has added .txt to the file's name; rename it to {name}", name=path.name).at(renamed)
    content = read_bytes(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = _in_other_encoding(content)
        if found is None:
            line = error.object[: error.start].count(b"\n") + 1
            raise InputError(
                "the file is not UTF-8 text; save it again as UTF-8 (in Notepad: Save as, Encoding, UTF-8)"
            ).at(f"{path}:{line}") from None
        text = found
    if not text.strip():
        raise InputError("the file is empty").at(path)
    return text


def _in_other_encoding(content: bytes) -> str | None:
    """`content` as Excel and Notepad save it in China; None where that gives characters that nobody writes."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "gb18030")
    except UnicodeDecodeError:
        return None
    strange = any(unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs") for character in re.sub(r"\s", "", text))
    return None if strange else text


def read_toml(path: Path) -> TomlFile:
    """Parse the TOML file at `path`; raises InputError with file and line on any mistake in it."""
    text = read_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        lines = text.split("\n")
        line = int(found.group(1)) if found else len(lines)
        raise InputError(_not_toml(lines[line - 1], str(error))).at(f"{path}:{line}") from None
    except RecursionError:
        raise InputError("the file is nested too deeply").at(path) from None
    except ValueError:  # Python refuses to read an integer of more than 4300 digits
        raise InputError("a number in the file has thousands of digits").at(path) from None
    return TomlFile(path, data, {keys: Place(path, line) for keys, line in _lines(text).items()})


_NARROW = dict(zip("，＝｛｝［］【】＃．：－", ",={}[][]#.=-", strict=True))
"""What a Chinese keyboard writes where TOML needs a character of its own."""


_HOLDING = (
    ("found invalid character ", ""),
    ("illegal character ", ""),
    ("cannot declare ('", "',) twice"),
    ("cannot declare ", " twice"),
    ("cannot mutate immutable namespace ", ""),
    ("cannot redefine namespace ", ""),
    ("duplicate inline table key ", ""),
    ("expected '", "'"),
    ('expected "', '"'),
)
"""Reasons of Python's TOML reader that hold a part of the file: what it says before and after it."""


def _reason(error: str) -> Phrase:
    reason = re.sub(r" \(at .*\)$", "", error)
    reason = reason[:1].lower() + reason[1:]
    for before, after in _HOLDING:
        if reason.startswith(before) and reason.endswith(after):
            held = reason.removeprefix(before).removesuffix(after)
            return Phrase(f"{before}{{what}}{after}", what=held)
    return Phrase(reason)


def _not_toml(line: str, error: str) -> Phrase:
    key = re.match(r"\s*((?!\s)[^\x00-\x7f][^=＝]{0,40}?)\s*[=＝]", line)
    if key and error.startswith("Invalid statement"):
        return Phrase(
            'this line is not TOML; put a Chinese key in straight quotes: "{key}" = …', key=key[1].strip("“”‘’")
        )
    closed_in_chinese = line.rstrip(" \r,}]").endswith(("”", "’")) and error.startswith(("Unterminated", "Illegal"))
    if closed_in_chinese or (re.search("[“”‘’]", line) and error.startswith("Invalid value")):
        return Phrase('this line is not TOML; write straight quotes (") instead of Chinese ones')
    code = re.sub(r""""[^"]*("|$)|'[^']*('|$)|#.*""", "", line)
    date = re.search(r"(\d{4}\s*[年/]\s*\d{1,2}\s*月?)\s*=", code)
    if date:
        return Phrase(
            'this line is not TOML; write the month as 2027-01, or in straight quotes: "{date}" = …',
            date=date[1].strip(),
        )
    wide = next((character for character in code if character in _NARROW), None)
    if wide:
        return Phrase("this line is not TOML; write {narrow} instead of {wide}", narrow=_NARROW[wide], wide=wide)
    return Phrase("this line is not TOML: {reason}", reason=_reason(error))


_OFFERED, _SLIP = 4, 0.85
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*""")


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(r"""[\w-]+|"[^"]*"|'[^']*'""", dotted))


def _lines(text: str) -> dict[tuple[str, ...], int]:
    table: tuple[str, ...] = ()
    lines: dict[tuple[str, ...], int] = {}
    counts: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        header = re.match(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?$", line)
        if header:
            names = _split(header.group(1))
            if line.lstrip().startswith("[["):
                counts[names] = counts.get(names, -1) + 1
            for length in range(1, len(names) + 1):
                lines.setdefault(names[:length], number)
            table = ()
            for length, name in enumerate(names, 1):
                numbered = names[:length] in counts
                table = (*table, name, *([str(counts[names[:length]])] if numbered else []))
            lines.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key and line[key.end() : key.end() + 1] == "=":
            lines.setdefault(table + _split(key.group(1)), number)
    return lines


def nearest(name: str, allowed: Iterable[str]) -> Phrase:
    """The end of an error sentence: the right spelling nearest to `name`, or what is allowed if none is near.

    Of several names that `name` is a mere part of none is nearer than the others: the shortest few are offered.
    """
    names = list(dict.fromkeys(allowed))
    if slip := difflib.get_close_matches(name, names, n=1, cutoff=_SLIP):
        return Phrase("; did you mean “{name}”?", name=slip[0])
    parts = [one for one in names if len(name) > 1 and name.casefold() in one.casefold()]
    if len(parts) > 1:
        return Phrase("; did you mean one of: {names}?", names=tuple(sorted(parts, key=len)[:_OFFERED]))
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6) or parts[:1]
    if close:
        return Phrase("; did you mean “{name}”?", name=close[0])
    return Phrase("; allowed are: {names}", names=tuple(names)) if len(names) <= 12 else NO_WORDS
