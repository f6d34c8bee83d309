# SPDX-License-Identifier: Apache-2.0
"""The blocks a section is made of: plain data that the template lays out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.plans.rules.plan import Plan
from hamkor.printing.words import part_word

Block = dict[str, Any]
Section = dict[str, Any]
Cell = str | dict[str, Any]
Row = Sequence[Cell]
Column = tuple[Any, ...]

NOT_IN_PLAN = N_("Not in the plan.")
NOT_KNOWN_PART = N_("Not known: what was given of the plan does not say.")
NONE_KNOWN = N_("None: the plan says there are none.")
LONGEST_WORD = 24
LONG_TEXT = 700


def section(
    id_: str, title: str, blocks: Sequence[Block], *, is_wide: bool = False, starts_page: bool = False
) -> Section:
    """Returns a section; `is_wide` turns its pages, `starts_page` begins a new one."""
    return {"id": id_, "title": title, "blocks": list(blocks), "wide": is_wide, "starts_page": starts_page}


def note(text: str, tone: str = "quiet") -> Block:
    """Returns a line of text; tone is ``quiet`` or ``strong``."""
    return {"type": "note", "text": text, "tone": tone}


def heading(text: str) -> Block:
    """Returns a heading inside a section."""
    return {"type": "heading", "text": text}


def facts(rows: Iterable[tuple[str, str]]) -> Block:
    """Returns pairs of a label and a value."""
    return {"type": "facts", "rows": [list(row) for row in rows]}


def table(columns: Sequence[Column], rows: Iterable[Row], language: str) -> Block:
    """Returns a table.

    Args:
        columns: Title as a marked text, share of the width, and ``right`` for numbers.
        rows: Cells in the order of the columns.
        language: Language of the titles.
    """
    cells = [[cell if isinstance(cell, dict) else {"text": cell} for cell in row] for row in rows]
    return {
        "type": "table",
        "breaks": any(is_long(cell["text"] + cell.get("small", "")) for row in cells for cell in row),
        "columns": [
            {
                "title": translate(column[0], language),
                "share": column[1],
                "align": column[2] if len(column) > 2 else "left",
            }
            for column in columns
        ],
        "rows": cells,
    }


def is_long(text: str) -> bool:
    """True when a text may need more than a page in a narrow cell, so that its row must be free to break."""
    return len(text) > LONG_TEXT


def cell(text: str, *, bold: bool = False, small: str = "", tone: str = "") -> Cell:
    """Returns a cell with a second, smaller line; tone is ``red``, ``amber``, ``good`` or ``quiet``."""
    return {"text": text, "bold": bold, "small": small, "tone": tone}


def absence(plan: Plan, part: str, language: str) -> list[Block] | None:
    """Returns the one line for a part that is unknown, absent or empty; None when there is something to show."""
    value = getattr(plan, part)
    if value is None:
        is_complete = plan.event.extent == "complete"
        return [note(translate(NOT_IN_PLAN if is_complete else NOT_KNOWN_PART, language))]
    return [note(translate(NONE_KNOWN, language))] if value == () else None


def part_section(
    plan: Plan, part: str, language: str, blocks: Sequence[Block] | None, *, is_wide: bool = False
) -> Section:
    """Returns the section of a part under its usual heading; without blocks it says that there is nothing."""
    if blocks is None:
        return section(part, part_word(part, language), absence(plan, part, language) or [])
    return section(part, part_word(part, language), blocks, is_wide=is_wide)


def breakable(value: Any) -> Any:
    """Returns the data with breaking points in words too long for a cell, and none inside ranges."""
    if isinstance(value, str):
        kept = re.sub(r"(\d)–(\d)", "\\1–\u2060\\2", value)
        return re.sub(rf"[^\s\u00a0]{{{LONGEST_WORD},}}", lambda found: _broken(found.group()), kept)
    if isinstance(value, dict):
        return {key: breakable(item) for key, item in value.items()}
    return [breakable(item) for item in value] if isinstance(value, (list, tuple)) else value


def _broken(word: str) -> str:
    return "\u200b".join(word[at : at + 12] for at in range(0, len(word), 12))
