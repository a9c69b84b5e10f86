"""The whole answer of a run as Markdown."""

from __future__ import annotations

from shudian.compare.verdicts import Verdicts
from shudian.kinds import Language
from shudian.report import structures
from shudian.report.finding_text import basis_text, finding_text, notes
from shudian.report.markdown_text import bullets, paragraph
from shudian.report.strings import say
from shudian.report.tables import all_tables, table_markdown


def markdown(verdicts: Verdicts, language: Language) -> str:
    """The whole report as Markdown: finding, basis, all tables, notes."""
    parts = [f"# {say('report_title', language)}", f"**{paragraph(finding_text(verdicts, language))}**"]
    parts += [paragraph(text) for text in (structures.line(verdicts, language), basis_text(verdicts, language)) if text]
    for table in (*all_tables(verdicts, language), *structures.tables(verdicts, language)):
        parts += table_markdown(table)
    if verdicts.cautions:
        listed = [caution.long.text(language) for caution in verdicts.cautions]
        parts += [f"## {say('warnings_title', language)}", bullets(listed)]
    if noted := notes(verdicts, language):
        parts += [f"## {say('notes_title', language)}", bullets(noted)]
    return "\n\n".join(parts) + "\n"
