# SPDX-License-Identifier: Apache-2.0
"""A venue, units and incidents for the tests of units; everything is invented.

The venue, in metres east and north of its corner: a yard of 100 by 100 and a hall of 100 by 50 to the east of it,
joined by a door in their common wall; stairs of 20 m lead from the hall to a stand in the north.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hamkor.agencies.rules import Grant, Viewer
from hamkor.common.errors import HamkorError
from hamkor.common.ids import new_id
from hamkor.events.rules import Event
from hamkor.incidents.commands import report_incident
from hamkor.incidents.facts import INCIDENT
from hamkor.incidents.rules import Incident
from hamkor.journal.commands import Envelope
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import export_journal, get_documents
from hamkor.operation.rules.places import Place
from hamkor.plans.commands import record_plan
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Post
from hamkor.units import commands
from hamkor.units.facts import UNIT
from hamkor.units.rules import Unit
from hamkor.venues.rules.features import Area, Feature, Opening, Passage, Route, Venue
from hamkor.venues.rules.geometry import LineString, Point, Polygon, plane_around

NOW = datetime(2027, 3, 21, 18, 0, tzinfo=UTC)
STREAM = "01957a3c-0000-7000-8000-000000000001"
CORNER = (69.25, 41.31)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def viewer(name: str, role: Any = "operator", agency: Any = "iib") -> Viewer:
    return Viewer(person=f"person:{name}", agency=agency, grants=(Grant(role=role, agency=agency),))


OPERATOR = viewer("operator")
MEDIC = viewer("medic", "liaison", "tty")
FIRE = viewer("fire", "liaison", "fvv")
CREW = viewer("crew", "field", "tty")
AUDITOR = viewer("auditor", "auditor", "kom")


def envelope(who: Viewer, *, after: timedelta = timedelta(0)) -> Envelope:
    at = NOW + after
    return Envelope(stream=STREAM, command_id=new_id(at), at=at, by=who.person, agency=who.agency)


def position(east_m: float, north_m: float) -> tuple[float, float]:
    return plane_around(CORNER).to_positions([(east_m, north_m)])[0]


def place(east_m: float, north_m: float) -> Place:
    return Place(point=position(east_m, north_m))


def box(east_m: float, north_m: float, width_m: float, depth_m: float) -> Polygon:
    corners = [(0.0, 0.0), (width_m, 0.0), (width_m, depth_m), (0.0, depth_m), (0.0, 0.0)]
    return Polygon(coordinates=(tuple(position(east_m + x, north_m + y) for x, y in corners),))


def line(*points: tuple[float, float]) -> LineString:
    return LineString(coordinates=tuple(position(*point) for point in points))


def door(**values: Any) -> Feature:
    properties: Any = {"from_": "yard", "to": "hall", **values}
    return Feature(id="door", geometry=Point(coordinates=position(100, 25)), properties=Opening(**properties))


def drawing(*more: Feature, entrance: Feature | None = None) -> Venue:
    yard = Feature(id="yard", geometry=box(0, 0, 100, 100), properties=Area(use="concourse"))
    hall = Feature(id="hall", geometry=box(100.2, 0, 100, 50), properties=Area(use="hall"))
    stand = Feature(id="stand", geometry=box(150, 70, 50, 30), properties=Area(use="seating"))
    unseen = Feature(id="unseen", properties=Area(use="hall"))
    unseen_door = Feature(id="unseen-door", properties=Opening(from_="hall", to="unseen"))
    stairs = Feature(
        id="stairs",
        geometry=line((160, 70), (160, 50)),
        properties=Passage(from_="hall", to="stand", form="stairs"),
    )
    features = (yard, hall, stand, unseen, unseen_door, stairs, entrance or door(), *more)
    return Venue(type="FeatureCollection", features=features)


def road(id: str, *points: tuple[float, float], **values: Any) -> Feature:
    return Feature(id=id, geometry=line(*points), properties=Route(purpose="emergency_access", **values))


def store_with_event(venue: Venue | None = None) -> MemoryStore:
    store = MemoryStore()
    event = Event(format="hamkor-event-1", id="e", name="Event", kind="fair")
    post = Post(id="aid", title="First aid", role="medical", agency="tty", place=("hall",))
    plan = Plan(event=event, venue=venue or drawing(), posts=(post,))
    record_plan(store, envelope(OPERATOR), plan=plan)
    return store


def send(store: MemoryStore, verb: Any, who: Viewer, *, after: timedelta = timedelta(0), **keys: Any) -> str:
    sent = envelope(who, after=after)
    verb(store, sent, viewer=who, **keys)
    return str(sent.command_id)


def registered(store: MemoryStore, call_sign: str, who: Viewer = OPERATOR, **keys: Any) -> str:
    given: dict[str, Any] = {"agency": "tty", "capabilities": ["medic"], **keys}
    return send(store, commands.register_unit, who, call_sign=call_sign, **given)


def reported(store: MemoryStore, *, after: timedelta = timedelta(0), **keys: Any) -> str:
    return send(store, report_incident, OPERATOR, after=after, **({"type": "medical"} | keys))


def unit(store: MemoryStore, unit_id: str) -> Unit:
    found = get_documents(store, STREAM).get(UNIT, unit_id)
    assert found is not None
    return found


def incident(store: MemoryStore, incident_id: str) -> Incident:
    found = get_documents(store, STREAM).get(INCIDENT, incident_id)
    assert found is not None
    return found


def refused(store: MemoryStore, code: str, verb: Any, who: Viewer, **keys: Any) -> HamkorError:
    """Asserts that a command is refused by a code, and that nothing has changed."""
    before = export_journal(store, STREAM)
    with pytest.raises(HamkorError) as caught:
        verb(store, envelope(who), viewer=who, **keys)
    assert caught.value.code == code
    assert caught.value.message.in_english()
    assert export_journal(store, STREAM) == before
    return caught.value
