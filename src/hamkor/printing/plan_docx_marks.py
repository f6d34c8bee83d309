# SPDX-License-Identifier: Apache-2.0
"""What a DOCX needs beside paragraphs: shading, repeated headings, fields, bookmarks, languages."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Pt, RGBColor

INK = "16222D"
QUIET = "52616F"
GREEN = "0F5F57"
PALE = "F1F4F6"
LINE = "D5DCE2"
TONES = {"red": "B3121D", "amber": "B04A08", "info": "1D5FA6", "good": GREEN, "quiet": QUIET}
MARKS = {"red": "◆ ", "amber": "▲ ", "good": "✓ "}
SMALL_PT = 8
CELL_MARGIN_TWIPS = 50
"""Narrower than usual: long words of headings must fit into narrow columns."""


def add_text(paragraph: Any, text: str, *, bold: bool = False, tone: str = "", size_pt: float = 0) -> Any:
    """Adds a run of text and returns it; a tone is a name of `TONES` or a colour."""
    run = paragraph.add_run(text)
    run.bold = bold or None
    if tone:
        run.font.color.rgb = RGBColor.from_string(TONES.get(tone, tone))
    if size_pt:
        run.font.size = Pt(size_pt)
    return run


def element(tag: str, **attributes: Any) -> Any:
    """Returns an element such as ``w:shd`` with attributes of the same name space."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def shade(cell: Any, colour: str) -> None:
    """Fills a cell."""
    cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill=colour))  # noqa: SLF001 - no public way


def turn(cell: Any) -> None:
    """Lets the text of a cell run upwards."""
    cell._tc.get_or_add_tcPr().append(element("w:textDirection", val="btLr"))  # noqa: SLF001 - no public way


def repeat_heading(row: Any) -> None:
    """Repeats a row on every page of its table."""
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))  # noqa: SLF001 - no public way


def keep_row(row: Any) -> None:
    """Keeps a row on one page."""
    row._tr.get_or_add_trPr().append(element("w:cantSplit"))  # noqa: SLF001 - no public way


def describe_table(table: Any, title: str) -> None:
    """Gives a table the title that is read out before it."""
    table._tbl.tblPr.append(element("w:tblCaption", val=title))  # noqa: SLF001 - no public way


def rule_table(table: Any, widths: list[int]) -> None:
    """Gives a table thin lines between its rows and fixed widths in EMU."""
    properties = table._tbl.tblPr  # noqa: SLF001 - no public way
    borders = element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(f"w:{side}", val="single", sz=4, space=0, color=LINE))
    properties.append(borders)
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=CELL_MARGIN_TWIPS, type="dxa"))
    properties.append(margins)
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Emu(width)
        for cell in column.cells:
            cell.width = Emu(width)


def add_field(paragraph: Any, code: str) -> None:
    """Adds a field such as ``PAGE`` that the program fills in."""
    field = element("w:fldSimple", instr=code)
    run = element("w:r")
    text = element("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - no public way


def add_bookmark(paragraph: Any, name: str, number: int) -> None:
    """Marks a paragraph as the aim of links."""
    paragraph._p.append(element("w:bookmarkStart", id=number, name=name))  # noqa: SLF001 - no public way
    paragraph._p.append(element("w:bookmarkEnd", id=number))  # noqa: SLF001 - no public way


def add_link(paragraph: Any, name: str, text: str) -> None:
    """Adds a text that leads to a bookmark of the document."""
    link = element("w:hyperlink", anchor=name, history=1)
    run = add_text(paragraph, text)
    link.append(run._r)  # noqa: SLF001 - no public way
    paragraph._p.append(link)  # noqa: SLF001 - no public way


def describe_picture(shape: Any, text: str) -> None:
    """Gives a picture the words for those who do not see it."""
    shape._inline.docPr.set("descr", text)  # noqa: SLF001 - no public way


def set_language(document: Any, language: str) -> None:
    """Sets the language of every text that has none of its own."""
    properties = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element("w:lang", val=language, eastAsia=language, bidi="ar-SA"))


def align_right(paragraph: Any) -> None:
    """Sets a paragraph at the right."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def align_middle(paragraph: Any) -> None:
    """Sets a paragraph in the middle."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
