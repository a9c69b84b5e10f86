"""What a person is handed after a run: verdicts, tables, figures and a folder with the data."""

from __future__ import annotations
