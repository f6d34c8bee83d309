# SPDX-License-Identifier: Apache-2.0
"""A sheet as a table of items: which columns it has, and what its rows say differently from the plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from hamkor.common.i18n import translate
from hamkor.common.messages import N_, Message
from hamkor.sheets.grids import Grid, Value, address
from hamkor.sheets.rules import NotTakenError, SheetFault, fold, plain, quote
from hamkor.sheets.taking import NEEDED, take_id, take_text, to_second
from hamkor.sheets.words import Words, find_agency, spellings

AGENCY = "agency:"
"""Beginning of the key of a column that belongs to one agency."""

UNKNOWN_COLUMN = N_("The column “{said}” is not known here. Delete it. Known columns: {words}.")
DOUBLE_COLUMN = N_("The column “{said}” stands twice, also at {other}. Keep one of them.")
MISSING_COLUMN = N_("The column “{column}” is missing. Put it back, or export a new file.")
STRAY = N_("The value stands outside the table, under no heading. Delete it or move it.")
FIXED = N_("This cell cannot be changed here: “{said}”. It must stay “{kept}”.")
FIXED_NEW = N_("This cell is filled in from the plan. Leave it empty in a new row.")
DOUBLE_ID = N_("The id “{said}” stands twice, also at {other}. Give each row its own.")
NOT_VALID = N_("The row cannot be used: {detail}. Correct it or delete the row.")


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column of a table.

    Args:
        key: Field of the item.
        title: Heading, a marked text; the name itself for the column of an agency.
        hint: What may stand here, a marked text: the comment of the heading.
        width: Width in letters.
        show: Value of the cell from an item.
        take: Value of the field from the cell; raises `NotTakenError`.
        choices: Name of the list to choose from, empty when there is none.
        is_required: True when the cell may not be empty.
        is_fixed: True when the cell only informs.
        is_localised: True when the field may hold the text in several languages.
        is_optional: True when the column may be absent.
    """

    key: str
    title: str
    hint: str
    width: float
    show: Callable[[Any, Words], Value]
    take: Callable[[Value, Words], Any] = take_text
    choices: str = ""
    is_required: bool = False
    is_fixed: bool = False
    is_localised: bool = False
    is_optional: bool = False

    def is_titled(self, said: str) -> bool:
        """True when a heading means this column, in any language."""
        if self.key.startswith(AGENCY):
            return find_agency(said) == self.key.removeprefix(AGENCY)
        return fold(said) in spellings(self.title)

    def heading(self, language: str) -> str:
        """Returns the heading in the language."""
        return self.title if self.key.startswith(AGENCY) else translate(self.title, language)


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet.

    Args:
        title: Title of the sheet, a marked text.
        part: Part of the plan whose items the rows are.
        noun: Beginning of the ids of new rows that have none.
        columns: Columns in the usual order; the first bears the id.
        body: Struct of an item.
    """

    title: str
    part: str
    noun: str
    columns: tuple[Column, ...]
    body: Any


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row that was read.

    Args:
        number: Row in the sheet, from 1.
        id: Id of the item.
        item: The item of the plan; None when the row is new.
        values: Fields that differ from the plan; all that were given in a new row.
        cells: Address by key of column.
    """

    number: int
    id: str
    item: Any
    values: dict[str, Any]
    cells: dict[str, str]


def same(one: Value, other: Value) -> bool:
    """True when two cells say the same: to the second, without regard to white space around."""
    one, other = _blank_as_none(one), _blank_as_none(other)
    if isinstance(one, str) and isinstance(other, str):
        return plain(one) == plain(other)
    if isinstance(one, datetime) and isinstance(other, datetime):
        return to_second(one) == to_second(other)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-12)
    return one is None and other is None


def _blank_as_none(value: Value) -> Value:
    """Returns None for a text of which a cell can show nothing."""
    return None if isinstance(value, str) and not plain(value) else value


def find_columns(
    grid: Grid, columns: Sequence[Column], faults: list[SheetFault], language: str
) -> dict[int, Column]:
    """Returns the columns of a sheet by their number, from the headings in its first row; adds faults."""
    found: dict[int, Column] = {}
    for index in range(1, max((len(row) for row in grid.rows), default=0) + 1):
        said = grid.at(1, index)
        if said is None:
            faults += _stray_values(grid, index)
            continue
        column = next((column for column in columns if column.is_titled(str(said))), None)
        if column is None:
            known = [column.heading(language) for column in columns if not column.is_optional]
            facts = {"said": quote(said), "words": known}
            faults.append(
                _fault("unknown-column", grid, address(1, index), said, Message(UNKNOWN_COLUMN, facts))
            )
        elif column in found.values():
            other = next(address(1, at) for at, known in found.items() if known is column)
            facts = {"said": quote(said), "other": other}
            faults.append(
                _fault("double-column", grid, address(1, index), said, Message(DOUBLE_COLUMN, facts))
            )
        else:
            found[index] = column
    for column in columns:
        if not column.is_optional and column not in found.values():
            message = Message(MISSING_COLUMN, {"column": column.heading(language)})
            faults.append(_fault("missing-column", grid, "A1", None, message))
    return found


def _stray_values(grid: Grid, index: int) -> Iterator[SheetFault]:
    for row in range(2, len(grid.rows) + 1):
        value = grid.at(row, index)
        if value is not None:
            yield _fault("stray-value", grid, address(row, index), value, Message(STRAY))


class TableReader:
    """Reads the rows of one sheet against the items of the plan and collects every fault.

    Args:
        grid: The sheet.
        table: What it should hold.
        words: Names of the plan in the language of the sheet.
        faults: Where faults are added.
    """

    def __init__(self, grid: Grid, table: Table, words: Words, faults: list[SheetFault]) -> None:
        self.grid = grid
        self._table = table
        self._words = words
        self._faults = faults
        self._columns = find_columns(grid, table.columns, faults, words.language)

    def read(self, items: Sequence[Any]) -> list[Row]:
        """Returns the rows in their order; nothing when headings are at fault."""
        if not self.is_readable:
            return []
        known = {item.id: item for item in items}
        taken: dict[str, str] = {}
        rows = []
        for number in self.numbers():
            id_ = self._id_of(number, set(known) | set(taken), taken)
            if id_ is not None:
                rows.append(self._row(number, id_, known.get(id_)))
        return rows

    def numbers(self) -> list[int]:
        """Returns the numbers of the rows in which something stands."""
        return [
            number
            for number in range(2, len(self.grid.rows) + 1)
            if any(self.grid.at(number, index) is not None for index in self._columns)
        ]

    def take(self, number: int, key: str) -> tuple[Any, str]:
        """Returns the value of a cell and its address; None, with a fault, when it cannot be taken."""
        index, column = next((i, c) for i, c in self._columns.items() if c.key == key)
        return self._taken(column, self.grid.at(number, index), address(number, index)), address(
            number, index
        )

    def fault(self, code: str, cell: str, said: Value, message: Message) -> None:
        """Adds a fault of this sheet."""
        self._faults.append(_fault(code, self.grid, cell, said, message))

    @property
    def is_readable(self) -> bool:
        """True when all columns are there that must be."""
        required = {column.key for column in self._table.columns if not column.is_optional}
        return required <= {column.key for column in self._columns.values()}

    def _id_of(self, number: int, used: set[str], taken: dict[str, str]) -> str | None:
        index = next(i for i, column in self._columns.items() if column.key == "id")
        cell, said = address(number, index), self.grid.at(number, index)
        try:
            id_ = take_id(said, self._words)
        except NotTakenError as error:
            self.fault(error.code, cell, said, error.message)
            return None
        if id_ is None:
            id_ = next(
                f"{self._table.noun}-{n}"
                for n in range(1, len(used) + 2)
                if f"{self._table.noun}-{n}" not in used
            )
        if id_ in taken:
            self.fault("double-id", cell, said, Message(DOUBLE_ID, {"said": id_, "other": taken[id_]}))
            return None
        taken[id_] = cell
        return id_

    def _row(self, number: int, id_: str, item: Any) -> Row:
        values: dict[str, Any] = {}
        cells = {column.key: address(number, index) for index, column in self._columns.items()}
        for index, column in self._columns.items():
            if column.key == "id":
                continue
            said = self.grid.at(number, index)
            before = None if item is None else column.show(item, self._words)
            if same(said, before) and (item is not None or not column.is_required):
                continue
            self._take_into(values, column, item, (said, before, cells[column.key]))
        return Row(number=number, id=id_, item=item, values=values, cells=cells)

    def _take_into(
        self, values: dict[str, Any], column: Column, item: Any, cell: tuple[Value, Value, str]
    ) -> None:
        said, before, at = cell
        if column.is_fixed:
            message = Message(FIXED, {"said": quote(said or ""), "kept": quote(before or "")})
            self.fault("fixed-cell", at, said, message if item is not None else Message(FIXED_NEW))
            return
        count = len(self._faults)
        value = self._taken(column, said, at)
        if len(self._faults) > count or (item is not None and self._means(column, before, value)):
            return
        if column.is_localised and item is not None and isinstance(old := getattr(item, column.key), dict):
            value = {**old, self._words.language: value} if value else value
        values[column.key] = value

    def _means(self, column: Column, before: Value, value: Any) -> bool:
        """True when what stood in the cell before means the same value."""
        try:
            return bool(column.take(before, self._words) == value)
        except NotTakenError:
            return False

    def _taken(self, column: Column, said: Value, at: str) -> Any:
        if said is None and column.is_required:
            self.fault("empty-cell", at, said, Message(NEEDED))
            return None
        try:
            return column.take(said, self._words)
        except NotTakenError as error:
            self.fault(error.code, at, said, error.message)
            return None


def checked(reader: TableReader, row: Row, body: Any, values: dict[str, Any]) -> Any:
    """Returns the item a row makes, judged as the plan judges it; None, with a fault, when it is not valid."""
    try:
        item = body(id=row.id, **values) if row.item is None else msgspec.structs.replace(row.item, **values)
        msgspec.convert(msgspec.to_builtins(item), body)
    except (msgspec.ValidationError, TypeError) as error:
        message = Message(NOT_VALID, {"detail": quote(error)})
        reader.fault("bad-row", row.cells["id"], row.id, message)
        return None
    return item


def _fault(code: str, grid: Grid, cell: str, said: Value, message: Message) -> SheetFault:
    return SheetFault(code, grid.title, cell, "" if said is None else quote(said), message)
