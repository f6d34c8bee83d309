# SPDX-License-Identifier: Apache-2.0
"""Rosters, duty matrices and calendars of a plan as files other programs open, and changes read back from them."""

from __future__ import annotations

from typing import Any

from hamkor.common.i18n import DEFAULT_LANGUAGE, LANGUAGES, translate
from hamkor.common.messages import N_, Message
from hamkor.plans.rules.edits import Edit
from hamkor.plans.rules.plan import Plan
from hamkor.sheets import matrix, roster
from hamkor.sheets.calendar import CalendarZoneError, write_calendar
from hamkor.sheets.drawing import venue_geojson
from hamkor.sheets.grids import Grid, open_grids
from hamkor.sheets.rules import Origin, SheetFault, SheetUnusableError, fold, quote
from hamkor.sheets.tables import Column
from hamkor.sheets.words import Words, spellings
from hamkor.sheets.writing import ABOUT, LISTS, write_workbook

__all__ = [
    "CalendarZoneError",
    "find_origin",
    "read_duty_matrix",
    "read_roster",
    "venue_geojson",
    "write_calendar",
    "write_duty_matrix",
    "write_roster",
]

UNKNOWN_SHEET = N_("The sheet “{said}” is not known here. Delete it. Known sheets: {words}.")
DOUBLE_SHEET = N_("The sheet “{said}” stands twice. Keep one of the two.")
MISSING_SHEET = N_("The sheet “{said}” is missing. Put it back, or export a new file.")
OTHER_EVENT = N_("This file belongs to the event “{said}”, not to “{event}”. Give the file of this event.")


def write_roster(plan: Plan, language: str, *, number: int | None = None) -> bytes:
    """Returns people, posts and shifts as an .xlsx workbook.

    Args:
        plan: The plan.
        language: One of the four languages.
        number: Number of the last entry of the record the plan was taken from: it comes back with the file, so that
            changes can be read against the same plan.
    """
    words = Words(plan, language)
    origin = Origin(roster.FORM, plan.event.id, language, number)
    return write_workbook(roster.roster_sheets(plan), roster.roster_lists(plan, words), words, origin)


def write_duty_matrix(plan: Plan, language: str, *, number: int | None = None) -> bytes:
    """Returns the duties with the role of every agency as an .xlsx workbook; arguments as for `write_roster`."""
    words = Words(plan, language)
    origin = Origin(matrix.FORM, plan.event.id, language, number)
    return write_workbook(matrix.duties_sheets(words), matrix.duties_lists(words), words, origin)


def find_origin(content: bytes) -> Origin | None:
    """Returns what a workbook says about where it came from, or None.

    Raises:
        SheetUnusableError: It is no workbook, is dangerous, or holds formulas, merged or hidden cells.
    """
    return _origin_of(open_grids(content))


def read_roster(content: bytes, *, plan: Plan) -> list[Edit]:
    """Returns what a roster changes in the plan: nothing when it was not touched.

    Args:
        content: The file.
        plan: The plan the file was written from; with a newer one, changes made since would be taken back.

    Raises:
        SheetUnusableError: With every fault; nothing is taken then.
    """
    sheets = (roster.PEOPLE.title, roster.POSTS.title, roster.SHIFTS.title)
    columns = (roster.PEOPLE.columns, roster.POSTS.columns, roster.SHIFTS.columns)
    return _read(content, plan, dict(zip(sheets, columns, strict=True)), roster.read_roster_grids)


def read_duty_matrix(content: bytes, *, plan: Plan) -> list[Edit]:
    """Returns what a duty matrix changes in the plan; arguments and errors as for `read_roster`."""
    columns = matrix.duties_table(Words(plan, DEFAULT_LANGUAGE)).columns
    return _read(content, plan, {matrix.TITLE: columns}, matrix.read_duties_grids)


def _read(content: bytes, plan: Plan, sheets: dict[str, tuple[Column, ...]], read: Any) -> list[Edit]:
    grids = open_grids(content)
    faults: list[SheetFault] = []
    known = _known_sheets(grids, list(sheets), faults)
    origin = _origin_of(grids)
    if origin is not None and origin.event != plan.event.id:
        facts = {"said": origin.event, "event": plan.event.id}
        faults.append(SheetFault("other-event", "", "", quote(origin.event), Message(OTHER_EVENT, facts)))
    if faults:
        raise SheetUnusableError(faults)
    words = Words(plan, origin.language if origin else _language_of(known, sheets))
    edits: list[Edit] = read(known, words, faults)
    if faults:
        raise SheetUnusableError(
            sorted(faults, key=lambda fault: [grid.title for grid in grids].index(fault.sheet))
        )
    return edits


def _known_sheets(grids: list[Grid], titles: list[str], faults: list[SheetFault]) -> dict[str, Grid]:
    """Returns the sheets by their marked title; adds faults for strange, double and missing ones."""
    found: dict[str, Grid] = {}
    for grid in grids:
        title = next((t for t in (*titles, ABOUT, LISTS) if fold(grid.title) in spellings(t)), None)
        said = quote(grid.title)
        if title is None:
            message = Message(UNKNOWN_SHEET, {"said": said, "words": [Message(t) for t in titles]})
            faults.append(SheetFault("unknown-sheet", grid.title, "", said, message))
        elif title in found:
            faults.append(
                SheetFault("double-sheet", grid.title, "", said, Message(DOUBLE_SHEET, {"said": said}))
            )
        else:
            found[title] = grid
    for title in titles:
        if title not in found:
            message = Message(MISSING_SHEET, {"said": Message(title)})
            faults.append(SheetFault("missing-sheet", "", "", "", message))
    return found


def _origin_of(grids: list[Grid]) -> Origin | None:
    about = next((grid for grid in grids if fold(grid.title) in spellings(ABOUT)), None)
    if about is None:
        return None
    said = {about.at(row, 1): about.at(row, 2) for row in range(1, len(about.rows) + 1)}
    form, event, language, number = (said.get(key) for key in ("form", "event", "language", "number"))
    if not isinstance(form, str) or event is None or language not in LANGUAGES:
        return None
    is_number = isinstance(number, int) and not isinstance(number, bool) and number >= 0
    return Origin(form, str(event), str(language), int(number) if is_number else None)  # type: ignore[arg-type] # checked


def _language_of(grids: dict[str, Grid], sheets: dict[str, tuple[Column, ...]]) -> str:
    """Returns the language in which most headings of a workbook are written."""

    def count(language: str) -> int:
        return sum(
            fold(str(grids[title].at(1, index))) == fold(translate(column.title, language))
            for title, columns in sheets.items()
            for column in columns
            for index in range(1, len(columns) + 1)
        )

    return max(LANGUAGES, key=count)
