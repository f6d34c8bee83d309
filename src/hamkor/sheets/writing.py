# SPDX-License-Identifier: Apache-2.0
"""Tables as a workbook people like to work in: headings that stay, lists to choose from, hints, real dates."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.sheets.grids import Value
from hamkor.sheets.rules import Origin, plain
from hamkor.sheets.tables import AGENCY, Column, Table
from hamkor.sheets.words import Words

ABOUT = N_("About this file")
LISTS = N_("Lists")
EXPLANATION = N_(
    "Change cells, add rows and delete rows, then give the file back to Hamkor. Every change is shown before it is "
    "taken. Formulas, merged cells and hidden rows are not taken. Do not change this sheet."
)
LINE_PT = 14.0
MAX_HEIGHT_PT = 400.0
SPARE_ROWS = 200
"""Empty rows below the table that still offer the lists."""

_FORBIDDEN_START = ("=", "+", "-", "@", "'")
_HEAD = PatternFill("solid", fgColor="FFE4EBF0")
_QUIET = PatternFill("solid", fgColor="FFF4F6F8")
_DATE_FORMAT = "dd.mm.yyyy hh:mm"


def write_workbook(
    sheets: Sequence[tuple[Table, Sequence[Any]]],
    lists: Mapping[str, Sequence[str]],
    words: Words,
    origin: Origin,
) -> bytes:
    """Returns the workbook.

    Args:
        sheets: Tables with their items, in order.
        lists: Words to choose from, by the name of the list.
        words: Names of the plan in the language of the workbook.
        origin: What the file says of itself.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for table, items in sheets:
        _write_table(book, table, items, words=words, lists=lists)
    _write_lists(book, lists, words.language)
    _write_about(book, origin, words.language)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write_table(
    book: Workbook, table: Table, items: Sequence[Any], *, words: Words, lists: Mapping[str, Sequence[str]]
) -> None:
    sheet = book.create_sheet(translate(table.title, words.language))
    sheet.freeze_panes = "B2"
    columns = list(table.columns)
    for index, column in enumerate(columns, 1):
        _write_heading(sheet, index, column, words.language)
        last = len(items) + 1 + SPARE_ROWS
        _offer_choices(sheet, index, column, (lists, last, words.language))
    for number, item in enumerate(items, 2):
        for index, column in enumerate(columns, 1):
            cell = _put(sheet, number, index, column.show(item, words))
            cell.alignment = Alignment(
                vertical="top", wrap_text=True, horizontal="center" if column.key.startswith(AGENCY) else None
            )
            if column.is_fixed:
                cell.fill = _QUIET
        sheet.row_dimensions[number].height = _height(sheet[number], columns)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _height(cells: Sequence[Any], columns: Sequence[Column]) -> float:
    """Returns the height of a row in points: not every program measures wrapped lines when it opens a file."""
    texts = [str(cell.value or "") for cell in cells[: len(columns)]]
    lines = [
        sum(max(1, math.ceil(len(line) / max(1.0, column.width - 2))) for line in text.split("\n"))
        for text, column in zip(texts, columns, strict=False)
    ]
    return min(MAX_HEIGHT_PT, LINE_PT * max(lines, default=1) + 2)


def _write_heading(sheet: Any, index: int, column: Column, language: str) -> None:
    cell = _put(sheet, 1, index, column.heading(language))
    cell.font = Font(bold=True)
    cell.fill = _HEAD
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.comment = Comment(translate(column.hint, language), "Hamkor", height=110, width=260)
    sheet.column_dimensions[get_column_letter(index)].width = column.width


def _offer_choices(
    sheet: Any, index: int, column: Column, offer: tuple[Mapping[str, Sequence[str]], int, str]
) -> None:
    """Adds the list to choose from; what is not in it may still be typed, and is judged when it is read."""
    lists, last, language = offer
    if column.choices not in lists or not lists[column.choices]:
        return
    letter = get_column_letter(list(lists).index(column.choices) + 1)
    title = translate(LISTS, language).replace("'", "''")
    source = f"'{title}'!${letter}$2:${letter}${len(lists[column.choices]) + 1}"
    choice = DataValidation(
        type="list", formula1=source, allow_blank=True, errorStyle="warning", showErrorMessage=True
    )
    choice.add(f"{get_column_letter(index)}2:{get_column_letter(index)}{last}")
    sheet.add_data_validation(choice)


def _write_lists(book: Workbook, lists: Mapping[str, Sequence[str]], language: str) -> None:
    sheet = book.create_sheet(translate(LISTS, language))
    for index, (name, values) in enumerate(lists.items(), 1):
        _put(sheet, 1, index, name).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(index)].width = 30
        for number, value in enumerate(values, 2):
            _put(sheet, number, index, value)


def _write_about(book: Workbook, origin: Origin, language: str) -> None:
    sheet = book.create_sheet(translate(ABOUT, language))
    rows: list[tuple[str, Value]] = [
        ("form", origin.form),
        ("event", origin.event),
        ("language", origin.language),
        ("number", origin.number),
    ]
    for number, (key, value) in enumerate(rows, 1):
        _put(sheet, number, 1, key).font = Font(bold=True)
        _put(sheet, number, 2, value)
    text = _put(sheet, len(rows) + 2, 2, translate(EXPLANATION, language))
    text.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["B"].width = 80


def _put(sheet: Any, row: int, column: int, value: Value) -> Any:
    """Writes a value; a text is always a text, whatever it begins with."""
    cell = sheet.cell(row=row, column=column)
    if isinstance(value, str):
        text = plain(value)
        cell.value = text or None
        if text:
            cell.data_type = "s"
            cell.number_format = "@" if text.startswith(_FORBIDDEN_START) else "General"
            cell.quotePrefix = text.startswith(_FORBIDDEN_START)
    elif value is not None:
        cell.value = value
        if isinstance(value, datetime):
            cell.number_format = _DATE_FORMAT
    return cell
