# SPDX-License-Identifier: Apache-2.0
"""People, a drawing and reports for the tests of incidents; everything is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hamkor.agencies.rules import Grant, Viewer
from hamkor.common.errors import HamkorError
from hamkor.common.ids import new_id
from hamkor.events.rules import Event, Participation
from hamkor.incidents import commands
from hamkor.incidents.facts import INCIDENT
from hamkor.incidents.rules import Incident
from hamkor.journal.commands import Envelope
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import export_journal, get_documents
from hamkor.operation.rules.places import Place
from hamkor.plans.commands import record_plan
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.readiness import Contingency, HazardEntry
from hamkor.venues.rules.features import Area, Feature, Opening, Venue
from hamkor.venues.rules.geometry import Point, Polygon

NOW = datetime(2027, 3, 21, 18, 0, tzinfo=UTC)
STREAM = "01957a3c-0000-7000-8000-000000000001"
EAST, NORTH = 69.25, 41.31
MINUTE = timedelta(minutes=1)


def viewer(name: str, role: Any = "operator", agency: Any = "iib") -> Viewer:
    return Viewer(person=f"person:{name}", agency=agency, grants=(Grant(role=role, agency=agency),))


OPERATOR = viewer("operator")
COLLEAGUE = viewer("colleague")
DISPATCHER = viewer("dispatcher", "dispatcher", "tty")
MEDIC = viewer("medic", "liaison", "tty")
FIRE = viewer("fire", "liaison", "fvv")
GUARD = viewer("guard", "field", "mg")
COORDINATOR = viewer("chief", "coordinator", "hok")
AUDITOR = viewer("auditor", "auditor", "kom")


def envelope(who: Viewer, *, after: timedelta = timedelta(0)) -> Envelope:
    at = NOW + after
    return Envelope(stream=STREAM, command_id=new_id(at), at=at, by=who.person, agency=who.agency)


def square(east: float, north: float, size: float = 0.001) -> Polygon:
    ring = ((0.0, 0.0), (size, 0.0), (size, size), (0.0, size), (0.0, 0.0))
    return Polygon(coordinates=(tuple((east + x, north + y) for x, y in ring),))


def drawing() -> Venue:
    yard = Feature(id="yard", geometry=square(EAST, NORTH), properties=Area(use="concourse"))
    gate = Feature(
        id="gate", geometry=Point(coordinates=(EAST, NORTH)), properties=Opening(from_="outside", to="yard")
    )
    unseen = Feature(id="unseen", properties=Area(use="hall"))
    return Venue(type="FeatureCollection", features=(yard, gate, unseen))


def store_with_event() -> MemoryStore:
    store = MemoryStore()
    codes: Any = ("iib", "tty", "fvv", "mg", "hok")
    event = Event(
        format="hamkor-event-1",
        id="e",
        name="Event",
        kind="fair",
        agencies=tuple(Participation(agency=code) for code in codes),
    )
    plan = Plan(
        event=event,
        venue=drawing(),
        hazards=(HazardEntry(id="push", catalogue="crowd-crush"),),
        contingencies=(
            Contingency(id="c-push", title="Pressure", hazards=("push",)),
            Contingency(id="c-storm", title="Storm", hazards=("thunderstorm",)),
        ),
    )
    record_plan(store, envelope(COORDINATOR), plan=plan)
    return store


def reported(
    store: MemoryStore, who: Viewer = OPERATOR, *, after: timedelta = timedelta(0), **keys: Any
) -> str:
    sent = envelope(who, after=after)
    commands.report_incident(store, sent, viewer=who, **(keys or {"text": "Somebody fell."}))
    return str(sent.command_id)


def incident(store: MemoryStore, incident_id: str) -> Incident:
    found = get_documents(store, STREAM).get(INCIDENT, incident_id)
    assert found is not None
    return found


def send(store: MemoryStore, verb: Any, who: Viewer, *, after: timedelta = timedelta(0), **keys: Any) -> Any:
    return verb(store, envelope(who, after=after), viewer=who, **keys)


def refused(store: MemoryStore, code: str, verb: Any, who: Viewer, **keys: Any) -> HamkorError:
    """Asserts that a command is refused by a code, and that nothing has changed."""
    before = export_journal(store, STREAM)
    with pytest.raises(HamkorError) as caught:
        verb(store, envelope(who), viewer=who, **keys)
    assert caught.value.code == code
    assert caught.value.message.in_english()
    assert export_journal(store, STREAM) == before
    return caught.value


def at_point(east_m: float = 0.0, north_m: float = 0.0) -> Place:
    """A place so many metres from the corner of the yard, near enough for tests."""
    return Place(point=(EAST + east_m / 83_600, NORTH + north_m / 111_200))
