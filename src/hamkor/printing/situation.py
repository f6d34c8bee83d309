# SPDX-License-Identifier: Apache-2.0
"""The report of a situation on paper: the same sections, sentences and tables as its text."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.centre.rules.sections import Section
from hamkor.centre.rules.situation import SituationReport
from hamkor.centre.rules.telling import heading_of, is_drill, told
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.printing.plan_pdf import TYPST_LANGUAGES
from hamkor.printing.sections.blocks import breakable, is_long
from hamkor.printing.sections.signed import HASH_GROUP, grouped
from hamkor.printing.shown import say, words_of
from hamkor.printing.typesetting import compile_pdf

DRILL = N_("Drill")
DRILL_LINE = N_("This is a drill. Nothing of it is real.")
# Titles of columns whose values are compared by eye: they stand at the right.
_NUMBERS = frozenset({N_("Present"), N_("Needed"), N_("People/m²"), N_("People"), N_("Full")})


def situation_pdf(report: SituationReport, language: str, head_hash: str | None = None) -> bytes:
    """Returns the report of a situation as a PDF; on the pages of a drill stands that it is one.

    Args:
        report: The report, as its reader may know it.
        language: One of the four languages.
        head_hash: Hash of the last entry it takes into account, printed on every page; None when it is not known.
    """
    data = breakable(situation_as_data(report, language, head_hash))
    return compile_pdf("situation.typ", data=msgspec.json.encode(data).decode())


def situation_as_data(report: SituationReport, language: str, head_hash: str | None = None) -> dict[str, Any]:
    """Returns the texts of the printed report as plain data, which the template lays out."""
    return {
        "language": TYPST_LANGUAGES[language],
        "title": say(heading_of(report), language),
        "drill": translate(DRILL, language) if is_drill(report) else "",
        "drill_line": translate(DRILL_LINE, language) if is_drill(report) else "",
        "page": translate(N_("page {page} of {pages}"), language),
        "record": _record(report, language, head_hash),
        "sections": [_section(section, language) for section in told(report)],
    }


def _section(section: Section, language: str) -> dict[str, Any]:
    table = section.table
    columns = () if table is None else table.columns
    rows = () if table is None else table.rows
    cells = [[say(value, language) for value in row] for row in rows]
    return {
        "title": translate(section.title, language),
        "lines": [say(line, language) for line in section.lines],
        "columns": [
            {"title": translate(title, language), "share": share, "right": title in _NUMBERS}
            for title, share in columns
        ],
        "rows": cells,
        "breaks": any(is_long(cell) for row in cells for cell in row),
    }


def _record(report: SituationReport, language: str, head_hash: str | None) -> str:
    entry = words_of(N_("record up to entry {number}"), language, number=report.number)
    return entry if head_hash is None else f"{entry} · {grouped(head_hash[: 2 * HASH_GROUP])}"
