# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import msgspec
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamkor.common.i18n import LANGUAGES, translate
from hamkor.folder.tests.strategies import plans
from hamkor.plans.rules.edits import AddItem, RemoveItem, SetFields
from hamkor.plans.rules.plan import Plan
from hamkor.sheets.matrix import duties_table
from hamkor.sheets.queries import find_origin, read_duty_matrix, read_roster, write_duty_matrix, write_roster
from hamkor.sheets.roster import PEOPLE, POSTS, SHIFTS
from hamkor.sheets.rules import Origin
from hamkor.sheets.tests.books import changed, faults_of, small_plan
from hamkor.sheets.words import POST_ROLES, Words, letters, spellings

PLAN = small_plan()


def _roster(language: str = "en") -> bytes:
    return write_roster(PLAN, language, number=12)


def _set(sheet: int, **cells: Any) -> Any:
    def change(book: Any) -> None:
        for cell, value in cells.items():
            book.worksheets[sheet][cell] = value

    return change


def _append(sheet: int, *cells: Any) -> Any:
    return lambda book: book.worksheets[sheet].append(cells)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_untouched_file_changes_nothing(language: str) -> None:
    assert read_roster(_roster(language), plan=PLAN) == []
    assert read_duty_matrix(write_duty_matrix(PLAN, language), plan=PLAN) == []
    assert read_roster(changed(_roster(language), lambda book: None), plan=PLAN) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans("people", "posts", "duties"), st.sampled_from(LANGUAGES))
def test_no_plan_is_changed_by_an_untouched_file(plan: Plan, language: str) -> None:
    assert read_roster(write_roster(plan, language), plan=plan) == []
    assert read_duty_matrix(write_duty_matrix(plan, language), plan=plan) == []


def test_a_file_says_where_it_came_from() -> None:
    assert find_origin(_roster("ru")) == Origin("hamkor-roster-1", "fair", "ru", 12)
    without = changed(_roster(), lambda book: book.remove(book.worksheets[-1]))
    assert find_origin(without) is None
    assert read_roster(without, plan=PLAN) == []


def test_changes_are_told_field_by_field() -> None:
    content = changed(_roster(), _set(1, B2="North gate", G2="5", H2="2–3", F2="yes", I2="21.03.2027 16:30"))
    assert read_roster(content, plan=PLAN) == [
        SetFields(
            part="posts",
            id="gate",
            fields={
                "title": {"uz": "Darvoza", "en": "North gate"},
                "critical": True,
                "needed": 5.0,
                "starts_at": "2027-03-21T16:30:00",
            },
            seen={
                "title": {"uz": "Darvoza", "en": "Gate"},
                "critical": None,
                "needed": 4.0,
                "starts_at": "2027-03-21T17:00:00",
            },
        )
    ]


@pytest.mark.parametrize(
    "written",
    [
        "2027-03-21 16:30",
        "2027-03-21T16:30:00",
        "21.3.2027, 16:30",
        datetime.fromisoformat("2027-03-21 16:30"),
    ],
)
def test_moments_are_taken_in_every_form(written: Any) -> None:
    (edit,) = read_roster(changed(_roster(), _set(1, I2=written)), plan=PLAN)
    assert isinstance(edit, SetFields)
    assert edit.fields == {"starts_at": "2027-03-21T16:30:00"}


@pytest.mark.parametrize(
    ("written", "taken"),
    [("1 200,5", 1200.5), ("80-120", {"low": 80.0, "high": 120.0}), (7, 7.0), (None, None)],
)
def test_numbers_are_taken_in_every_form(written: Any, taken: Any) -> None:
    (edit,) = read_roster(changed(_roster(), _set(1, G2=written)), plan=PLAN)
    assert isinstance(edit, SetFields)
    assert edit.fields == {"needed": taken}


def test_words_of_any_language_are_understood() -> None:
    content = changed(_roster("uz"), _set(1, C2=translate("fire", "ru"), D2="МЧС"))
    (edit,) = read_roster(content, plan=PLAN)
    assert isinstance(edit, SetFields)
    assert edit.fields == {"role": "fire", "agency": "fvv"}


def test_headings_of_another_language_are_understood() -> None:
    def mix(book: Any) -> None:
        other = openpyxl.load_workbook(io.BytesIO(_roster("ru")))
        for own, foreign in zip(book.worksheets[:3], other.worksheets, strict=False):
            own.title = foreign.title
            for cell in foreign[1]:
                own[cell.coordinate] = cell.value

    assert read_roster(changed(_roster("uz"), mix), plan=PLAN) == []


def test_columns_and_rows_may_be_put_in_another_order() -> None:
    def shuffle(book: Any) -> None:
        sheet = book.worksheets[1]
        rows = [[cell.value for cell in reversed(row)] for row in sheet.iter_rows(max_col=10)]
        for number, row in enumerate([rows[0], *reversed(rows[1:])], 1):
            for column, value in enumerate(row, 1):
                sheet.cell(number, column).value = value
        shifts = book.worksheets[2]
        for cell in shifts[2]:
            other = shifts.cell(3, cell.column)
            cell.value, other.value = other.value, cell.value

    assert read_roster(changed(_roster(), shuffle), plan=PLAN) == []


def test_rows_are_added_and_taken_out() -> None:
    def change(book: Any) -> None:
        book.worksheets[0].append([None, "Police", "Driver"])
        book.worksheets[0].append(["p3", "iib", "Clerk", None, 998901234567])
        book.worksheets[1].append(["tower", "Tower", "command"])
        book.worksheets[1].delete_rows(3)
        book.worksheets[2].append(
            ["tower · Tower", "p3", datetime.fromisoformat("2027-03-21 18:00"), "2027-03-21 19:00"]
        )

    assert read_roster(changed(_roster(), change), plan=PLAN) == [
        AddItem(part="people", body={"id": "person-1", "agency": "iib", "position": "Driver"}),
        AddItem(
            part="people", body={"id": "p3", "agency": "iib", "position": "Clerk", "phone": "998901234567"}
        ),
        AddItem(
            part="posts",
            body={
                "id": "tower",
                "title": "Tower",
                "role": "command",
                "shifts": [
                    {"person": "p3", "starts_at": "2027-03-21T18:00:00", "ends_at": "2027-03-21T19:00:00"}
                ],
            },
        ),
        RemoveItem(part="posts", id="fire"),
    ]


def test_a_changed_shift_changes_the_shifts_of_its_post_alone() -> None:
    (edit,) = read_roster(
        changed(_roster(), _set(2, D2=datetime.fromisoformat("2027-03-21 19:00"))), plan=PLAN
    )
    assert isinstance(edit, SetFields)
    assert list(edit.fields) == ["shifts"]
    assert [shift["ends_at"][11:16] for shift in edit.fields["shifts"]] == ["19:00", "22:00"]


def test_letters_of_the_matrix_become_roles() -> None:
    content = write_duty_matrix(PLAN, "en")
    book = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.value for cell in book[3]][5:7] == ["A", "S"]
    (edit,) = read_duty_matrix(changed(content, _set(0, F3=None, G3="а")), plan=PLAN)  # a Cyrillic letter
    assert isinstance(edit, SetFields)
    assert (edit.id, edit.fields) == ("d1", {"accountable": ["fvv"], "supporting": None})
    (edit,) = read_duty_matrix(changed(content, _set(0, F3=None)), plan=PLAN)
    assert isinstance(edit, SetFields)
    assert edit.fields == {"accountable": []}


def test_an_agency_may_be_added_to_the_matrix() -> None:
    content = changed(write_duty_matrix(PLAN, "en"), _set(0, J1="Ambulance", J2="S", I2="nobody"))
    (edit,) = read_duty_matrix(content, plan=PLAN)
    assert isinstance(edit, SetFields)
    assert edit.fields == {"supporting": ["ambulance"]} or list(edit.fields) == ["supporting"]


@pytest.mark.parametrize(
    ("sheet", "cells", "place", "code"),
    [
        (1, {"G2": "many"}, "Posts!G2", "bad-number"),
        (1, {"G2": -1}, "Posts!G2", "bad-number"),
        (1, {"G2": True}, "Posts!G2", "bad-number"),
        (1, {"C2": "gardener"}, "Posts!C2", "bad-choice"),
        (1, {"C2": None}, "Posts!C2", "empty-cell"),
        (1, {"D3": "KGB"}, "Posts!D3", "unknown-agency"),
        (1, {"I2": "tomorrow"}, "Posts!I2", "bad-moment"),
        (1, {"I2": "46102.5"}, "Posts!I2", "bad-moment"),
        (1, {"I2": "2027-02-30 10:00"}, "Posts!I2", "bad-moment"),
        (1, {"A3": "gate"}, "Posts!A3", "double-id"),
        (1, {"A3": "no spaces"}, "Posts!A3", "bad-id"),
        (1, {"L5": "?"}, "Posts!L5", "stray-value"),
        (1, {"K1": "Colour"}, "Posts!K1", "unknown-column"),
        (1, {"K1": "Needed"}, "Posts!K1", "double-column"),
        (1, {"G1": None}, "Posts!A1", "missing-column"),
        (1, {"B2": "=1+1"}, "Posts!B2", "formula"),
        (1, {"B2": "#REF!"}, "Posts!B2", "error-value"),
        (1, {"B2": "x" * 4001}, "Posts!B2", "too-long"),
        (1, {"B2": datetime.fromisoformat("2027-01-01 00:00")}, "Posts!B2", "not-text"),
        (2, {"A2": "nowhere"}, "Shifts!A2", "unknown-post"),
        (2, {"B2": "p9"}, "Shifts!B2", "unknown-person"),
        (2, {"D2": "2027-03-21 16:00"}, "Shifts!D2", "ends-early"),
        (0, {"F2": "maybe"}, "People!F2", "bad-choice"),
        (0, {"G2": "all day"}, "People!G2", "bad-period"),
        (0, {"B2": None}, "People!B2", "empty-cell"),
    ],
)
def test_a_fault_names_its_cell(sheet: int, cells: dict[str, Any], place: str, code: str) -> None:
    faults = faults_of(read_roster, changed(_roster(), _set(sheet, **cells)), PLAN)
    assert (place, code) in {(fault.place, fault.code) for fault in faults}
    for language in LANGUAGES:
        assert all("{" not in fault.message.render(language) for fault in faults)


def test_every_fault_is_told() -> None:
    def spoil(book: Any) -> None:
        _set(0, B2="KGB", F3="maybe")(book)
        _set(1, G2="many", I2="soon")(book)

    faults = faults_of(read_roster, changed(_roster(), spoil), PLAN)
    assert [fault.place for fault in faults] == ["People!B2", "People!F3", "Posts!G2", "Posts!I2"]


@pytest.mark.parametrize(
    ("cells", "place", "code"),
    [
        ({"F2": "X"}, "Duties!F2", "bad-role"),
        ({"F2": "D"}, "Duties!F2", "deputy-letter"),
        ({"C2": "no-such"}, "Duties!C2", "unknown-duty"),
        ({"D2": None}, "Duties!D2", "no-title"),
        ({"E2": "Law"}, "Duties!E2", "fixed-cell"),
        ({"H2": "p9"}, "Duties!H2", "unknown-person"),
        ({"B2": "later"}, "Duties!B2", "bad-choice"),
    ],
)
def test_a_fault_of_the_matrix_names_its_cell(cells: dict[str, Any], place: str, code: str) -> None:
    faults = faults_of(read_duty_matrix, changed(write_duty_matrix(PLAN, "en"), _set(0, **cells)), PLAN)
    assert [(fault.place, fault.code) for fault in faults] == [(place, code)]


def test_sheets_must_be_the_right_ones() -> None:
    assert {f.code for f in faults_of(read_roster, write_duty_matrix(PLAN, "en"), PLAN)} == {
        "unknown-sheet",
        "missing-sheet",
    }
    other = msgspec.structs.replace(PLAN, event=msgspec.structs.replace(PLAN.event, id="other"))
    assert [f.code for f in faults_of(read_roster, _roster(), other)] == ["other-event"]


def test_texts_never_become_formulas() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_roster()))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    dangerous = [
        c for c in cells if isinstance(c.value, str) and c.value[:1] in {"=", "+", "-", "@", "\t", "\r"}
    ]
    assert len(dangerous) >= 4
    assert all(cell.quotePrefix and cell.number_format == "@" for cell in dangerous)


def test_a_sheet_helps_to_fill_it_in() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(_roster())).worksheets[1]
    assert sheet.freeze_panes == "B2"
    assert all(cell.comment is not None for cell in sheet[1])
    assert len(sheet.data_validations.dataValidation) == 3
    assert isinstance(sheet["I2"].value, datetime)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_and_letters_can_be_told_apart(language: str) -> None:
    for table in (PEOPLE, POSTS, SHIFTS, duties_table(Words(PLAN, language))):
        for column in table.columns:
            titled = [other for other in table.columns if other.is_titled(column.heading(language))]
            assert titled == [column]
    assert len(set(letters(language).values())) == 3
    assert len({word for table in POST_ROLES.values() for word in [spellings(table)]}) == len(POST_ROLES)
