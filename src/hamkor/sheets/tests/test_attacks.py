# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from defusedxml import EntitiesForbidden
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.xml import DEFUSEDXML

from hamkor.sheets import packing
from hamkor.sheets.queries import find_origin, read_roster, write_roster
from hamkor.sheets.rules import SheetUnusableError
from hamkor.sheets.tests.books import changed, faults_of, repacked, small_plan

PLAN = small_plan()
ROSTER = write_roster(PLAN, "en")
SHEET = "xl/worksheets/sheet2.xml"
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'


def _codes(content: bytes) -> list[str]:
    return [fault.code for fault in faults_of(read_roster, content, PLAN)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"id,agency\np1,iib\n",
        b"<html><table></table></html>",
        b"PK\x03\x04 nothing",
        b"\x00" * 100,
    ],
)
def test_other_files_are_refused(content: bytes) -> None:
    assert _codes(content)[0] in {"not-a-workbook", "sheet-broken"}


def test_old_and_locked_workbooks_are_refused() -> None:
    assert _codes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512) == ["sheet-locked"]


def test_a_plain_archive_is_no_workbook() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.txt", "a")
    assert _codes(content.getvalue()) == ["not-a-workbook"]


def test_bombs_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = repacked(ROSTER, {"xl/media/zeros.xml": b"0" * 20_000_000})
    assert len(bomb) < 100_000
    many = repacked(ROSTER, {f"xl/x{n}.bin": b"" for n in range(300)})
    opened: list[str] = []
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda self, name, pwd=None: opened.append(name))
    assert _codes(bomb) == ["sheet-too-large"]
    assert _codes(many) == ["sheet-too-large"]
    assert opened == []


def test_a_file_above_the_limit_is_not_opened() -> None:
    assert _codes(b"PK" + b"\x00" * packing.MAX_FILE_BYTES) == ["sheet-too-large"]


@pytest.mark.parametrize(
    "name", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "docProps/core.xml"]
)
def test_entities_are_refused_wherever_they_stand(name: str) -> None:
    assert _codes(repacked(ROSTER, {name: BOMB})) == ["sheet-entities"]
    assert _codes(repacked(ROSTER, {name: BOMB.decode().encode("utf-16")})) in (
        ["sheet-entities"],
        ["sheet-broken"],
    )


def test_the_library_below_refuses_entities_too() -> None:
    assert DEFUSEDXML
    with pytest.raises(ValueError, match="invalid XML") as refused:
        openpyxl.load_workbook(io.BytesIO(repacked(ROSTER, {SHEET: BOMB})), read_only=True)
    assert isinstance(refused.value.__cause__ or refused.value.__context__, EntitiesForbidden)


@pytest.mark.parametrize(
    "name",
    [
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/o.bin",
        "xl/activeX/a.xml",
        "xl/connections.xml",
    ],
)
def test_active_content_is_refused(name: str) -> None:
    assert _codes(repacked(ROSTER, {name: b"<x/>"})) == ["sheet-active"]


def test_a_workbook_with_macros_by_its_type_is_refused() -> None:
    types = {
        "[Content_Types].xml": lambda body: body.replace(b"spreadsheetml.sheet.main", b"macroEnabled.main")
    }
    content = repacked(ROSTER, {**types})
    assert _codes(content) in (["sheet-active"], ["sheet-broken"])


def test_a_claimed_dimension_costs_nothing() -> None:
    def claim(body: bytes) -> bytes:
        return body.replace(b'<dimension ref="A1:J3"', b'<dimension ref="A1:XFD1048576"')

    content = repacked(ROSTER, {SHEET: claim})
    assert content != ROSTER
    assert read_roster(content, plan=PLAN) == []


def test_far_rows_and_columns_are_refused() -> None:
    assert _codes(changed(ROSTER, lambda book: book.worksheets[1].cell(1_000_000, 1, "x"))) == [
        "sheet-too-large"
    ]
    assert _codes(changed(ROSTER, lambda book: book.worksheets[1].cell(1, 16_000, "x"))) == [
        "sheet-too-large"
    ]


def test_rows_out_of_order_are_refused() -> None:
    double = {
        SHEET: lambda body: body.replace(
            b"</sheetData>", b'<row r="2"><c r="A2" t="n"><v>1</v></c></row></sheetData>'
        )
    }
    assert _codes(repacked(ROSTER, {**double})) == ["sheet-broken"]


def test_what_a_person_cannot_see_is_refused() -> None:
    def hide(book: Any) -> None:
        sheet = book.worksheets[1]
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True
        sheet.merge_cells("A5:B6")
        book.worksheets[2].sheet_state = "hidden"

    faults = faults_of(read_roster, changed(ROSTER, hide), PLAN)
    assert {(fault.code, fault.place) for fault in faults} == {
        ("hidden-row", "Posts!3:3"),
        ("hidden-column", "Posts!C:C"),
        ("merged-cells", "Posts!A5:B6"),
        ("sheet-hidden", "Shifts"),
    }


def test_a_merge_of_everything_is_not_walked() -> None:
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    content = repacked(ROSTER, {SHEET: lambda body: body.replace(b"</sheetData>", merge)})
    assert "merged-cells" in _codes(content)


def test_formulas_are_refused_in_every_sheet() -> None:
    def calculate(book: Any) -> None:
        for sheet in book.worksheets:
            sheet["B3"] = '=WEBSERVICE("http://example.org")'

    faults = faults_of(read_roster, changed(ROSTER, calculate), PLAN)
    assert [fault.cell for fault in faults if fault.code == "formula"] == ["B3"] * 5


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(ROSTER) - 1), st.binary(min_size=1, max_size=8))
def test_damage_never_crashes_the_reader(at: int, noise: bytes) -> None:
    content = ROSTER[:at] + noise + ROSTER[at + len(noise) :]
    try:
        read_roster(content, plan=PLAN)
        find_origin(content)
    except SheetUnusableError:
        return


def test_an_empty_workbook_has_its_sheets_missing() -> None:
    content = io.BytesIO()
    openpyxl.Workbook().save(content)
    assert set(_codes(content.getvalue())) == {"unknown-sheet", "missing-sheet"}
