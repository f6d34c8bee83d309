# SPDX-License-Identifier: Apache-2.0
"""People, a venue, readings and rules for the tests of alarms; everything is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hamkor.agencies.rules import Grant, Viewer
from hamkor.alarms.facts import ALARM
from hamkor.alarms.rules.alarms import Alarm, AlarmRule
from hamkor.alarms.rules.evaluating import Context
from hamkor.alarms.rules.evaluating.context import Way
from hamkor.common.ids import new_id
from hamkor.events.rules import Attendance, Event
from hamkor.journal.commands import Envelope
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents
from hamkor.plans.commands import record_plan
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.readiness import Contingency, HazardEntry, Step, StopAuthority
from hamkor.plans.rules.services import Weather
from hamkor.venues.rules.features import Area, Device, Feature, Opening, Structure, Venue

NOW = datetime(2027, 3, 21, 18, 0, tzinfo=UTC)
T0 = NOW.timestamp()
STREAM = "01957a3c-0000-7000-8000-0000000000a1"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def viewer(name: str, role: Any = "operator", agency: Any = "iib") -> Viewer:
    return Viewer(person=f"person:{name}", agency=agency, grants=(Grant(role=role, agency=agency),))


COORDINATOR = viewer("chief", "coordinator", "hok")
OPERATOR = viewer("operator")
MEDIC = viewer("medic", "liaison", "tty")
FIELD = viewer("field", "field", "mg")
AUDITOR = viewer("auditor", "auditor", "kom")
STRANGER = Viewer(person="person:stranger")
INGEST = Viewer(person="system:ingest")
WATCH = Viewer(person="system:watch")

PEN = Area(use="standing", enclosed=True, stated_capacity=1000, standing_density_per_m2=3, usable_area_m2=500)
SQUARE = Area(use="square", stated_capacity=5000)
STAND = Area(use="seating", reserved_places=True, seats=800, seats_unusable=20)
STAGE = Structure(structure="stage_roof", wind_limit_m_s=18, wind_action="Lower the roof.")
TENT = Structure(structure="tent", wind_limit_m_s=12)
VENUE = Venue(
    type="FeatureCollection",
    features=(
        Feature(id="pen", properties=PEN),
        Feature(id="square", properties=SQUARE),
        Feature(id="stand", properties=STAND),
        Feature(id="gate", properties=Opening(from_="outside", to="square")),
        Feature(id="door", properties=Opening(from_="square", to="pen")),
        Feature(id="exit", properties=Opening(from_="square", to="outside")),
        Feature(id="camera", properties=Device(device="camera", covers=("pen",))),
        Feature(id="roof", properties=STAGE),
        Feature(id="tent-1", properties=TENT),
        Feature(id="tent-2", properties=TENT),
    ),
)
CRUSH = Contingency(
    id="c-crush", title="Crushing", hazards=("h-crush",), steps=(Step(action="Stop", owner="mg"),)
)
STOP = StopAuthority(id="stop", holder="chief", agency="iib", may=("stop_show",), signs=("Waves", "Fire"))
PLAN = Plan(
    event=Event(format="hamkor-event-1", id="e", name="Event", kind="fair"),
    attendance=Attendance(permitted=6000),
    venue=VENUE,
    weather=Weather(wind_limit_m_s=15, lightning_limit_km=8, heat_limit_c=38),
    hazards=(HazardEntry(id="h-crush", catalogue="crowd-crush"),),
    contingencies=(CRUSH,),
    stop=(STOP,),
)
CONTEXT = Context(
    capacities={"pen": 1000.0, "square": 5000.0, "event": 6000.0},
    ways={
        "gate": Way(gains=("square", "event")),
        "door": Way(gains=("pen",), loses=("square",)),
    },
    kinds={
        "pen": "zone",
        "square": "zone",
        "event": "event",
        "gate": "opening",
        "door": "opening",
        "cam": "device",
    },
    covers={"cam": ("pen",)},
    devices={"c1": "gate", "c2": "door", "d1": "pen"},
)


def rule(**values: Any) -> AlarmRule:
    base: dict[str, Any] = {
        "id": "r",
        "title": "Title",
        "sort": "threshold",
        "measure": "density",
        "limit": 4.0,
        "priority": 2,
        "action": "Act.",
    }
    return AlarmRule(**{**base, **values})


def envelope(who: Viewer, *, after: timedelta = timedelta(0), **values: Any) -> Envelope:
    at = NOW + after
    given = {"stream": STREAM, "command_id": new_id(at), "at": at, **values}
    return Envelope(by=who.person, agency=who.agency, **given)


def store_with_event() -> MemoryStore:
    store = MemoryStore()
    record_plan(store, envelope(COORDINATOR, after=-MINUTE), plan=PLAN)
    return store


def alarms(store: MemoryStore) -> tuple[Alarm, ...]:
    return get_documents(store, STREAM).all(ALARM)
