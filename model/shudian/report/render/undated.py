"""Office files without the hour at which they were written: the same answer gives the same file."""

from __future__ import annotations

import io
import re
import zipfile

_HOUR = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def undated(content: io.BytesIO) -> bytes:
    """The workbook or Word file in `content`, with one day for all in its properties and in its archive."""
    kept = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == "docProps/core.xml":
                part = _HOUR.sub(rb"\g<1>2026-01-01T00:00:00Z", part)
            new.writestr(zipfile.ZipInfo(entry.filename), part, zipfile.ZIP_DEFLATED)
    return kept.getvalue()
