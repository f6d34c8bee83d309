# SPDX-License-Identifier: Apache-2.0
"""The gate before a workbook is opened: its directory and its XML, without unpacking more than is allowed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from posixpath import join, normpath
from typing import Any
from xml.sax import ContentHandler, SAXException

import msgspec
from defusedxml import DefusedXmlException, ElementTree, sax
from openpyxl.utils import column_index_from_string, get_column_letter

from hamkor.common.messages import N_, Message
from hamkor.sheets.rules import SheetFault, quote

MAX_FILE_BYTES = 10_000_000
MAX_UNPACKED_BYTES = 40_000_000
MAX_ENTRIES = 200
MAX_RATIO = 100
RATIO_COUNTS_FROM_BYTES = 1_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 200
MAX_CELLS = 200_000
MAX_NOTED = 50

_OLE = b"\xd0\xcf\x11\xe0"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ACTIVE = re.compile(
    r"vbaproject|macrosheets|activex|embeddings|externallinks|connections\.xml|querytables|ctrlprops|customui",
    re.IGNORECASE,
)

NOT_A_WORKBOOK = N_("This is not an .xlsx workbook. Open it in a spreadsheet program and save it as .xlsx.")
PROTECTED = N_("The file is an old .xls or is locked by a password. Save it as .xlsx without a password.")
TOO_LARGE = N_(
    "The file is larger than a roster can be (limit: {limit}). Keep only the rows of the plan and save it again."
)
BROKEN = N_("The file is damaged: {detail}. Save it again in a spreadsheet program, or export a new one.")
ENTITIES = N_("The file declares XML entities, which no spreadsheet program does. Export a new file.")
ACTIVE = N_(
    "The file holds macros, links to other files or embedded objects ({detail}). Save it as a plain .xlsx."
)


class GateClosedError(Exception):
    """The file must not be opened; holds the one fault."""

    def __init__(self, code: str, template: str, **facts: object) -> None:
        self.fault = SheetFault(code, "", "", "", Message(template, dict(facts)))
        super().__init__(code)


class Noted(msgspec.Struct):
    """What the XML of one sheet says beside values.

    Args:
        title: Title of the sheet.
        is_hidden: True when it is not shown.
        merged: Ranges of merged cells.
        hidden_rows: Numbers of rows that are not shown.
        hidden_columns: Letters of columns that are not shown.
        formulas: Addresses of formulas.
    """

    title: str
    is_hidden: bool = False
    merged: list[str] = []
    hidden_rows: list[int] = []
    hidden_columns: list[str] = []
    formulas: list[str] = []


def inspect(content: bytes) -> list[Noted]:
    """Returns what the sheets hold beside values, in the order of the workbook.

    Raises:
        GateClosedError: The file is no workbook, too large, damaged, or would do more than hold values.
    """
    if len(content) > MAX_FILE_BYTES:
        raise GateClosedError("sheet-too-large", TOO_LARGE, limit="10 MB")
    if content.startswith(_OLE):
        raise GateClosedError("sheet-locked", PROTECTED)
    if not content.startswith(b"PK"):
        raise GateClosedError("not-a-workbook", NOT_A_WORKBOOK)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(archive.infolist())
            return _inspect_sheets(archive)
    except DefusedXmlException:
        raise GateClosedError("sheet-entities", ENTITIES) from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise GateClosedError("sheet-broken", BROKEN, detail=quote(error)) from None
    except (SAXException, SyntaxError, LookupError, zipfile.LargeZipFile, zlib.error) as error:
        raise GateClosedError("sheet-broken", BROKEN, detail=quote(error)) from None


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    """Judges the directory of the archive: nothing is unpacked before it has passed."""
    names = [entry.filename for entry in entries]
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise GateClosedError("not-a-workbook", NOT_A_WORKBOOK)
    if len(entries) > MAX_ENTRIES:
        raise GateClosedError("sheet-too-large", TOO_LARGE, limit=MAX_ENTRIES)
    if len({name.casefold() for name in names}) < len(names):
        raise GateClosedError("sheet-broken", BROKEN, detail="duplicate entries")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise GateClosedError("sheet-too-large", TOO_LARGE, limit="40 MB")
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 0x1:
        raise GateClosedError("sheet-locked", PROTECTED)
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise GateClosedError("sheet-broken", BROKEN, detail=quote(entry.filename))
    packed = max(entry.compress_size, 1)
    if entry.file_size > RATIO_COUNTS_FROM_BYTES and entry.file_size > MAX_RATIO * packed:
        raise GateClosedError("sheet-too-large", TOO_LARGE, limit=f"1:{MAX_RATIO}")
    if _ACTIVE.search(entry.filename):
        raise GateClosedError("sheet-active", ACTIVE, detail=quote(entry.filename))


def _inspect_sheets(archive: zipfile.ZipFile) -> list[Noted]:
    noted = {path: Noted(title, state) for path, title, state in _sheets(archive)}
    budget = [MAX_CELLS]
    for name in archive.namelist():
        if name in noted:
            sax.parseString(archive.read(name), _SheetHandler(noted[name], budget), forbid_dtd=True)
        elif name.endswith((".xml", ".rels")):
            sax.parseString(archive.read(name), ContentHandler(), forbid_dtd=True)
    if b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise GateClosedError("sheet-active", ACTIVE, detail=".xlsm")
    return list(noted.values())


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str, bool]]:
    """Yields path, title and whether it is hidden for every sheet of the workbook."""
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
    targets = {item.get("Id"): item.get("Target") or "" for item in relations}
    for sheet in workbook.iter(f"{_MAIN}sheet"):
        target = targets[sheet.get(_RELATION)]
        path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        archive.getinfo(path)
        yield path, sheet.get("name") or "", sheet.get("state", "visible") != "visible"


class _SheetHandler(ContentHandler):
    """Walks one sheet: rows and cells must come in order, which is what every program writes."""

    def __init__(self, noted: Noted, budget: list[int]) -> None:
        super().__init__()
        self._noted = noted
        self._budget = budget
        self._row = 0
        self._column = 0

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802 - named by the parser
        """Notes one element."""
        step = {"row": self._on_row, "c": self._on_cell, "f": self._on_formula}.get(name.rpartition(":")[2])
        values = {key: attrs.getValue(key) for key in attrs.getNames()}  # type: ignore[attr-defined] # SAX attributes
        if step is not None:
            step(values)
        elif name == "mergeCell":
            self._note(self._noted.merged, values.get("ref", ""))
        elif name == "col" and values.get("hidden") in {"1", "true"}:
            self._note(self._noted.hidden_columns, get_column_letter(int(values["min"])))

    def _on_row(self, values: dict[str, str]) -> None:
        row = int(values.get("r", self._row + 1))
        if row <= self._row:
            raise GateClosedError("sheet-broken", BROKEN, detail=f"{self._noted.title}: row {row}")
        if row > MAX_ROWS:
            raise GateClosedError("sheet-too-large", TOO_LARGE, limit=MAX_ROWS)
        self._row, self._column = row, 0
        if values.get("hidden") in {"1", "true"}:
            self._note(self._noted.hidden_rows, row)

    def _on_cell(self, values: dict[str, str]) -> None:
        at = re.fullmatch(
            r"([A-Z]{1,3})(\d{1,7})", values.get("r", f"{get_column_letter(self._column + 1)}{self._row}")
        )
        column = column_index_from_string(at[1]) if at else 0
        if at is None or int(at[2]) != self._row or column <= self._column:
            raise GateClosedError("sheet-broken", BROKEN, detail=f"{self._noted.title}!{values.get('r')}")
        self._column = column
        self._budget[0] -= 1
        if column > MAX_COLUMNS or self._budget[0] < 0:
            raise GateClosedError("sheet-too-large", TOO_LARGE, limit=f"{MAX_COLUMNS} × {MAX_ROWS}")

    def _on_formula(self, _values: dict[str, str]) -> None:
        self._note(self._noted.formulas, f"{get_column_letter(max(self._column, 1))}{self._row}")

    @staticmethod
    def _note(notes: list[Any], note: Any) -> None:
        if len(notes) < MAX_NOTED:
            notes.append(note)
