# SPDX-License-Identifier: Apache-2.0
"""A workbook as plain values by address, with everything refused that a person could not see or foresee."""

from __future__ import annotations

import io
import warnings
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
import openpyxl
from openpyxl.utils import get_column_letter

from hamkor.common.messages import N_, Message
from hamkor.sheets.packing import BROKEN, GateClosedError, Noted, inspect
from hamkor.sheets.rules import SheetFault, SheetUnusableError, quote

Value = str | int | float | bool | datetime | date | time | timedelta | None

FORMULA = N_("This is a formula. Only values are read: put the value itself into the cell.")
ERROR_VALUE = N_("The cell holds the error {said}. Put a value into it or empty it.")
MERGED = N_("The cells {cells} are merged. Take the merging back, so that every row has its own values.")
HIDDEN_ROW = N_("Row {row} is hidden. Show all rows (clear the filter), or delete the row if it is to go.")
HIDDEN_COLUMN = N_("Column {column} is hidden. Show it, so that nothing is changed unseen.")
HIDDEN_SHEET = N_("The sheet is hidden. Show it or delete it.")


class Grid(msgspec.Struct, frozen=True):
    """The values of one sheet.

    Args:
        title: Title of the sheet.
        rows: Rows from the first; all cells that were given, None where nothing stands.
    """

    title: str
    rows: tuple[tuple[Value, ...], ...]

    def at(self, row: int, column: int) -> Value:
        """Returns the value in a row and column, both from 1; None outside."""
        cells = self.rows[row - 1] if row <= len(self.rows) else ()
        value = cells[column - 1] if column <= len(cells) else None
        return None if isinstance(value, str) and not value.strip() else value


def address(row: int, column: int) -> str:
    """Returns the address of a cell, row and column from 1: ``D7``."""
    return f"{get_column_letter(column)}{row}"


def open_grids(content: bytes) -> list[Grid]:
    """Returns the sheets of a workbook in their order.

    Raises:
        SheetUnusableError: It is no workbook, is dangerous, or holds formulas, merged or hidden cells.
    """
    try:
        noted = inspect(content)
    except GateClosedError as closed:
        raise SheetUnusableError([closed.fault]) from None
    faults = [fault for sheet in noted for fault in _faults_of(sheet)]
    grids, errors = _read(content)
    if faults or errors:
        raise SheetUnusableError([*faults, *errors])
    return grids


def _faults_of(noted: Noted) -> list[SheetFault]:
    title = noted.title
    faults = [SheetFault("sheet-hidden", title, "", "", Message(HIDDEN_SHEET))] if noted.is_hidden else []
    faults += [SheetFault("formula", title, cell, "", Message(FORMULA)) for cell in noted.formulas]
    faults += [
        SheetFault("merged-cells", title, cells, "", Message(MERGED, {"cells": quote(cells)}))
        for cells in noted.merged
    ]
    faults += [
        SheetFault("hidden-row", title, f"{row}:{row}", "", Message(HIDDEN_ROW, {"row": row}))
        for row in noted.hidden_rows
    ]
    faults += [
        SheetFault(
            "hidden-column", title, f"{letter}:{letter}", "", Message(HIDDEN_COLUMN, {"column": letter})
        )
        for letter in noted.hidden_columns
    ]
    return faults


def _read(content: bytes) -> tuple[list[Grid], list[SheetFault]]:
    """Returns the sheets, and the cells that hold errors."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            read = [_read_sheet(sheet) for sheet in workbook.worksheets]
    except Exception as error:  # noqa: BLE001 - a damaged file makes the library raise almost anything
        broken = Message(BROKEN, {"detail": quote(error)})
        raise SheetUnusableError([SheetFault("sheet-broken", "", "", "", broken)]) from None
    return [grid for grid, _ in read], [fault for _, faults in read for fault in faults]


def _read_sheet(sheet: Any) -> tuple[Grid, list[SheetFault]]:
    sheet.reset_dimensions()  # the dimension a file claims may be a million rows
    rows, faults = [], []
    for row, cells in enumerate(sheet.iter_rows(), 1):
        rows.append(tuple(cell.value for cell in cells))
        faults += [
            _error_fault(sheet.title, address(row, column), cell.value)
            for column, cell in enumerate(cells, 1)
            if cell.data_type == "e"
        ]
    return Grid(sheet.title, tuple(rows)), faults


def _error_fault(title: str, cell: str, value: Any) -> SheetFault:
    return SheetFault("error-value", title, cell, quote(value), Message(ERROR_VALUE, {"said": quote(value)}))
