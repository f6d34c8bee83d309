# SPDX-License-Identifier: Apache-2.0
"""The blocks of a printed plan in a DOCX: one function per type of block."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.shared import Mm, Pt

from hamkor.printing.cards import SHAPES
from hamkor.printing.plan_docx_marks import (
    GREEN,
    MARKS,
    PALE,
    QUIET,
    SMALL_PT,
    TONES,
    add_text,
    align_middle,
    align_right,
    describe_picture,
    describe_table,
    keep_row,
    repeat_heading,
    rule_table,
    shade,
    turn,
)
from hamkor.printing.sections.blocks import Block

BANDS = {"low": "E7F1E6", "medium": "FBF3CD", "high": "FBDCC0", "extreme": "F3C3C4"}
TURNED_FROM = 8
CODE_MM = 34
MAP_HEIGHT_MM = 215


class Layout:
    """A document that is being filled.

    Args:
        document: The document of the library.
        unknown: Words for what is not known, shown quietly.
        pictures: PNG by name of drawing, and ``code``.
        code_remark: Words beside the square code.
    """

    def __init__(self, document: Any, unknown: str, pictures: dict[str, bytes], code_remark: str) -> None:
        self.document = document
        self._unknown = unknown
        self._pictures = pictures
        self._code_remark = code_remark
        self._title = ""
        self._show: dict[str, Callable[[Block], None]] = {
            "note": self._note,
            "heading": lambda block: self.heading(block["text"], 2),
            "facts": lambda block: self.facts(block["rows"]),
            "table": self._table,
            "duties": self._duties,
            "risk": self._risk,
            "contingency": self._contingency,
            "finding": self._finding,
            "map": self._map,
            "code": lambda _block: self.code(),
        }

    def show(self, block: Block) -> None:
        """Adds a block."""
        self._show[block["type"]](block)

    def heading(self, text: str, level: int) -> Any:
        """Adds a heading and returns its paragraph; tables that follow are read out by its name."""
        self._title = text
        return self.document.add_heading(text, level)

    def paragraph(self, text: str, *, tone: str = "", bold: bool = False, small: bool = False) -> Any:
        """Adds a paragraph and returns it."""
        made = self.document.add_paragraph()
        add_text(made, text, tone=tone, bold=bold, size_pt=SMALL_PT if small else 0)
        return made

    def facts(self, rows: Sequence[Sequence[str]]) -> None:
        """Adds pairs of a label and a value."""
        table = self._start_table([2, 3])
        for label, value in rows:
            cells = self._row(table)
            add_text(cells[0].paragraphs[0], label, tone="quiet")
            is_unknown = value == self._unknown
            add_text(cells[1].paragraphs[0], value, bold=not is_unknown, tone="quiet" if is_unknown else "")
        self._end_table(table, [2, 3])

    def grid(self, columns: Sequence[str], shares: Sequence[float], rows: Sequence[Sequence[str]]) -> None:
        """Adds a table of plain texts under headings."""
        block = {
            "columns": [
                {"title": c, "share": s, "align": "left"} for c, s in zip(columns, shares, strict=True)
            ],
            "rows": [[{"text": text} for text in row] for row in rows],
        }
        self._table(block)

    def code(self) -> None:
        """Adds the square code with its words."""
        if "code" not in self._pictures:
            return
        paragraph = self.document.add_paragraph()
        self._picture(paragraph, "code", self._code_remark, width_mm=CODE_MM)
        add_text(paragraph, f"  {self._code_remark}", tone="quiet")

    def _note(self, block: Block) -> None:
        is_strong = block["tone"] == "strong"
        self.paragraph(block["text"], bold=is_strong, tone="" if is_strong else "quiet")

    def _table(self, block: Block) -> None:
        columns = block["columns"]
        shares = [column["share"] for column in columns]
        table = self._start_table(shares)
        self._headings(table, [column["title"] for column in columns])
        for row in block["rows"]:
            for column, at, value in zip(columns, self._row(table), row, strict=True):
                self._cell(at, value)
                if column["align"] == "right":
                    align_right(at.paragraphs[0])
        for column, at in zip(columns, table.rows[0].cells, strict=True):
            if column["align"] == "right":
                align_right(at.paragraphs[0])
        self._end_table(table, shares)

    def _cell(self, at: Any, value: dict[str, Any]) -> None:
        tone = "quiet" if value["text"] == self._unknown else value.get("tone", "")
        text = MARKS.get(tone, "") + value["text"]
        add_text(at.paragraphs[0], text, bold=value.get("bold", False), tone=tone)
        if value.get("small"):
            at.paragraphs[0].add_run().add_break()
            add_text(at.paragraphs[0], value["small"], tone="quiet", size_pt=SMALL_PT)

    def _duties(self, block: Block) -> None:
        legend = " · ".join(f"{letter} {words}" for _, letter, words in block["legend"])
        self.paragraph(legend, tone="quiet", small=True)
        self.paragraph(block["count"], tone="quiet", small=True)
        agencies = block["agencies"]
        shares = [2.6 * 4, *([1.0] * len(agencies)), 2.1 * 4, 1.0 * 4]
        if len(agencies) < TURNED_FROM:
            shares = [2.6, *([1.0] * len(agencies)), 2.1, 1.0]
        table = self._start_table(shares)
        first, second, third = block["columns"]
        heads = self._headings(table, [first, *agencies, second, third])
        if len(agencies) >= TURNED_FROM:
            table.rows[0].height = Mm(28)
            for head in heads[1:-2]:
                turn(head)
        for group in block["groups"]:
            cells = self._row(table)
            merged = cells[0].merge(cells[-1])
            add_text(merged.paragraphs[0], group["title"], bold=True, tone="quiet", size_pt=SMALL_PT)
            shade(merged, PALE)
            for row in group["rows"]:
                self._duty_row(self._row(table), row)
        self._end_table(table, shares)

    def _duty_row(self, cells: Sequence[Any], row: dict[str, Any]) -> None:
        self._cell(cells[0], {"text": row["title"], "bold": True, "small": row["basis"]})
        for at, role in zip(cells[1:-2], row["cells"], strict=True):
            align_middle(at.paragraphs[0])
            colour = {"accountable": "FFFFFF", "doubled": TONES["red"], "deputy": QUIET}.get(role["role"], "")
            run = add_text(at.paragraphs[0], role["letter"], bold=True, tone=colour)
            run.italic = role["role"] == "deputy" or None
            if role["role"] == "accountable":
                shade(at, GREEN)
        self._cell(cells[-2], {"text": row["person"], "small": row["deputy"]})
        self._cell(cells[-1], {"text": row["state"], "bold": True, "tone": row["tone"]})

    def _risk(self, block: Block) -> None:
        steps = len(block["rows"])
        shares = [1.6, *([1.0] * steps)]
        table = self._start_table(shares)
        self._headings(
            table, [f"{block['likelihood']} ↓  {block['impact']} →", *map(str, range(1, steps + 1))]
        )
        for row in block["rows"]:
            cells = self._row(table)
            add_text(cells[0].paragraphs[0], str(row["likelihood"]), bold=True)
            for at, square in zip(cells[1:], row["cells"], strict=True):
                shade(at, BANDS[square["band"]])
                add_text(at.paragraphs[0], str(square["score"]), tone="quiet", size_pt=SMALL_PT)
                align_right(at.paragraphs[0])
                add_text(at.add_paragraph(), ", ".join(square["hazards"]), bold=True)
        self._end_table(table, shares)
        legend = self.document.add_table(rows=1, cols=len(block["bands"]))
        for at, (band, words) in zip(legend.rows[0].cells, block["bands"], strict=True):
            shade(at, BANDS[band])
            add_text(at.paragraphs[0], words, size_pt=SMALL_PT)
        self._after_table()
        if block["unplaced"]:
            self.paragraph(block["unplaced"], tone="quiet", small=True)

    def _contingency(self, block: Block) -> None:
        self.heading(block["title"], 2)
        table = self._start_table([1, 4])
        steps = [
            f"{index}. {action} — {who}, {within}"
            for index, (action, who, within) in enumerate(block["steps"], 1)
        ]
        lines = [
            *block["rows"],
            [block["steps_title"], "\n".join(steps) or block["no_steps"]],
            [block["message_title"], block["message"]],
        ]
        for label, value in lines:
            cells = self._row(table)
            add_text(cells[0].paragraphs[0], label, tone="quiet")
            add_text(cells[1].paragraphs[0], value, bold=label == block["message_title"])
        self._end_table(table, [1, 4])

    def _finding(self, block: Block) -> None:
        tone = block["severity"]
        head = self.heading(f"{SHAPES[tone]} {block['number']}. {block['heading']}", 2)
        head.runs[0].font.color.rgb = None
        about = self.document.add_paragraph()
        add_text(about, block["word"], bold=True, tone=tone, size_pt=SMALL_PT)
        add_text(about, f" · {block['subject']}", tone="quiet", size_pt=SMALL_PT)
        if block["measured"]:
            add_text(about, f"   {block['measured']}", bold=True)
            add_text(about, f"  {block['numbers']}", tone="quiet")
        lines = [self.paragraph(block["message"])]
        lines += [
            self.paragraph(words, tone="quiet", small=True) for words in (*block["notes"], block["source"])
        ]
        for line in (about, *lines):
            line.paragraph_format.keep_with_next = True
            line.paragraph_format.space_after = Pt(2)
        self.paragraph(f"→ {block['action']}", bold=True, tone="good")
        if block["accepted"]:
            self.paragraph(block["accepted"]).paragraph_format.left_indent = Mm(6)

    def _map(self, block: Block) -> None:
        for name in block["drawings"]:
            self._picture(self.document.add_paragraph(), name, self._title, width_mm=0)
        for remark in block["remarks"]:
            self.paragraph(remark, tone="quiet", small=True)
        if block["entries"]:
            half = (len(block["entries"]) + 1) // 2
            shares = [0.4, 3, 0.4, 3]
            table = self._start_table(shares)
            for left, right in zip(
                block["entries"], [*block["entries"][half:], *([["", ""]] * half)], strict=False
            ):
                if len(table.rows) == half:
                    break
                for at, words in zip(self._row(table), (*left, *right), strict=True):
                    add_text(at.paragraphs[0], words, size_pt=SMALL_PT)
            self._end_table(table, shares)

    def _picture(self, paragraph: Any, name: str, words: str, *, width_mm: float) -> None:
        """Adds a picture: of the width in millimetres, or as large as the page allows for 0."""
        width = Mm(width_mm) if width_mm else self._width()
        shape = paragraph.add_run().add_picture(io.BytesIO(self._pictures[name]), width=width)
        highest = Mm(MAP_HEIGHT_MM)
        if shape.height > highest:
            shape.width, shape.height = int(shape.width * highest / shape.height), highest
        describe_picture(shape, words)

    def _start_table(self, shares: Sequence[float]) -> Any:
        return self.document.add_table(rows=0, cols=len(shares))

    def _end_table(self, table: Any, shares: Sequence[float]) -> None:
        whole = self._width()
        rule_table(table, [int(whole * share / sum(shares)) for share in shares])
        describe_table(table, self._title)
        self._after_table()

    def _after_table(self) -> None:
        gap = self.document.add_paragraph()
        gap.paragraph_format.space_after = Pt(0)
        gap.paragraph_format.line_spacing = Pt(8)

    def _row(self, table: Any) -> Any:
        row = table.add_row()
        keep_row(row)
        for at in row.cells:
            at.paragraphs[0].paragraph_format.space_after = Pt(2)
        return row.cells

    def _headings(self, table: Any, titles: Sequence[str]) -> Any:
        cells = self._row(table)
        repeat_heading(table.rows[0])
        for at, title in zip(cells, titles, strict=True):
            add_text(at.paragraphs[0], title, bold=True, tone="quiet", size_pt=SMALL_PT)
        return cells

    def _width(self) -> int:
        page = self.document.sections[-1]
        return int(page.page_width - page.left_margin - page.right_margin)


def turn_page(document: Any, *, is_wide: bool) -> None:
    """Begins a section of pages, turned or upright."""
    page = document.add_section()
    if (page.orientation == WD_ORIENT.LANDSCAPE) != is_wide:
        page.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
        page.page_width, page.page_height = page.page_height, page.page_width
