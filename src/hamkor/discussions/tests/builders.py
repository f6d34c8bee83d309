# SPDX-License-Identifier: Apache-2.0
"""People, events and files for the tests of discussions; everything is invented."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

from hamkor.agencies.rules import Grant, Viewer
from hamkor.common.ids import new_id
from hamkor.events.rules import Event
from hamkor.journal.commands import Envelope
from hamkor.journal.memory import MemoryStore
from hamkor.plans.commands import record_plan
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Duty

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
STREAM = "01957a3c-0000-7000-8000-000000000001"


def viewer(name: str, role: Any = "planner", agency: Any = "iib") -> Viewer:
    return Viewer(person=f"person:{name}", agency=agency, grants=(Grant(role=role, agency=agency),))


COORDINATOR = viewer("chief", "coordinator", "hok")
PLANNER = viewer("planner")
COLLEAGUE = viewer("colleague")
MEDIC = viewer("medic", "liaison", "tty")
AUDITOR = viewer("auditor", "auditor", "kom")
STRANGER = Viewer(person="person:stranger")


def envelope(who: Viewer, *, after: timedelta = timedelta(0)) -> Envelope:
    at = NOW + after
    return Envelope(stream=STREAM, command_id=new_id(at), at=at, by=who.person, agency=who.agency)


def store_with_event() -> MemoryStore:
    store = MemoryStore()
    duty = Duty(id="count-people", phase="conduct")
    plan = Plan(event=Event(format="hamkor-event-1", id="e", name="Event", kind="fair"), duties=(duty,))
    record_plan(store, envelope(COORDINATOR), plan=plan)
    return store


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TABLE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def types(main: str, extra: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    override = f'<Override PartName="/main.xml" ContentType="{main}"/>'
    return f'<?xml version="1.0"?><Types xmlns="{space}">{override}{extra}</Types>'.encode()


def office(main: str = WORD, *, extra_types: str = "", **parts: bytes) -> bytes:
    """Returns an office document; parts are given as `word__document`, with `__` for `/` and `.xml` added."""
    named = {name.replace("__", "/") + ".xml": content for name, content in parts.items()}
    return archive({"[Content_Types].xml": types(main, extra_types), "word/document.xml": b"<w/>", **named})


def archive(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def pdf(body: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + body + b"\ntrailer << /Root 1 0 R >>\n%%EOF\n"
    )
