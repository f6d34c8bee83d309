# SPDX-License-Identifier: Apache-2.0
"""Workbooks to read: a plan to write, changes made as a person makes them, and files nobody should make."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import msgspec
import openpyxl

from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.sheets.rules import SheetFault, SheetUnusableError

PARTS_GIVEN: dict[str, Any] = {
    "event": {
        "format": "hamkor-event-1",
        "id": "fair",
        "name": {"uz": "Yarmarka", "en": "Fair"},
        "kind": "fair",
        "agencies": [{"agency": "iib"}, {"agency": "fvv"}],
        "starts_at": "2027-03-21T18:00:00",
        "ends_at": "2027-03-21T22:00:00",
        "programme": [
            {"id": "show", "title": {"uz": "Koʻrik", "en": "Show"}, "starts_at": "2027-03-21T19:00:00"}
        ],
    },
    "people": [
        {
            "id": "p1",
            "agency": "iib",
            "position": {"uz": "Navbatchi", "en": "Duty officer"},
            "phone": "+998 90 000 00 00",
            "available": True,
            "unavailable": [{"starts_at": "2027-03-21T18:00:00", "ends_at": "2027-03-21T20:00:00"}],
        },
        {"id": "p2", "agency": "fvv", "position": "=cmd|' /C calc'!A0", "name": "@evil\t\r-1"},
    ],
    "posts": [
        {
            "id": "gate",
            "title": {"uz": "Darvoza", "en": "Gate"},
            "role": "gate",
            "agency": "iib",
            "needed": 4,
            "confirmed": {"low": 2, "high": 3, "source": "list"},
            "starts_at": "2027-03-21T17:00:00",
            "ends_at": "2027-03-21T22:00:00",
            "shifts": [
                {"person": "p1", "starts_at": "2027-03-21T17:00:00", "ends_at": "2027-03-21T20:00:00"},
                {"person": "p2", "starts_at": "2027-03-21T20:00:00", "ends_at": "2027-03-21T22:00:00"},
            ],
        },
        {"id": "fire", "title": "+fire", "role": "fire", "agency": "fvv", "critical": True},
    ],
    "duties": [
        {"id": "d1", "title": "Command", "phase": "conduct", "accountable": ["iib"], "supporting": ["fvv"],
         "person": "p1", "deputy": "p2"},
        {"id": "d2", "title": {"uz": "Reja", "en": "Plan"}, "phase": "preparation", "deputy": "none"},
    ],
    "tasks": [
        {"id": "t1", "title": "Fence; a, b", "phase": "preparation", "starts_at": "2027-03-20T08:00:00",
         "ends_at": "2027-03-20T12:00:00", "agency": "iib"},
        {"id": "t2", "title": "Report", "phase": "analysis", "ends_at": "2027-03-25T12:00:00"},
    ],
}  # fmt: skip


def small_plan(**parts: Any) -> Plan:
    """A plan with a roster and duties."""
    given = {**PARTS_GIVEN, **parts}
    values = {}
    for part in PARTS:
        if given.get(part.name) is not None:
            wanted = tuple[part.body, ...] if part.is_list else part.body
            values[part.name] = msgspec.convert(given[part.name], wanted)
    return Plan(**values)


def changed(content: bytes, change: Callable[[Any], None]) -> bytes:
    """The workbook after a person changed it in a program."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    result = io.BytesIO()
    book.save(result)
    return result.getvalue()


def repacked(content: bytes, replaced: dict[str, Callable[[bytes], bytes] | bytes]) -> bytes:
    """The archive with members replaced or added."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            change = replaced.get(name, old.read(name))
            new.writestr(name, change(old.read(name)) if callable(change) else change)
        for name, body in replaced.items():
            if name not in old.namelist() and isinstance(body, bytes):
                new.writestr(name, body)
    return result.getvalue()


def faults_of(read: Callable[..., Any], content: bytes, plan: Plan) -> tuple[SheetFault, ...]:
    """The faults of a file that must have some."""
    try:
        edits = read(content, plan=plan)
    except SheetUnusableError as error:
        return error.faults
    raise AssertionError(f"taken: {edits}")
