# SPDX-License-Identifier: Apache-2.0
"""People, a small event and commands for the tests of the operation; everything is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hamkor.agencies.rules import Grant, Viewer
from hamkor.common.errors import HamkorError
from hamkor.common.ids import new_id
from hamkor.events.rules import Event, Participation
from hamkor.journal.commands import Envelope
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import export_journal, get_documents
from hamkor.journal.rules import Documents
from hamkor.operation.commands import open_operation
from hamkor.operation.rules.jobs import Job
from hamkor.plans.commands import record_plan
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.readiness import Contingency, Step, StopAuthority
from hamkor.plans.rules.roster import Duty, Person, Post, Task
from hamkor.venues.rules.features import Area, Feature, Opening, Turnstiles, Venue
from hamkor.venues.rules.geometry import Point

# Eight in the morning in Tashkent, which is five hours ahead of UTC.
NOW = datetime(2027, 3, 21, 3, 0, tzinfo=UTC)
STREAM = "01957a3c-0000-7000-8000-000000000001"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def viewer(name: str, role: Any, agency: Any) -> Viewer:
    return Viewer(person=f"person:{name}", agency=agency, grants=(Grant(role=role, agency=agency),))


COORDINATOR = viewer("chief", "coordinator", "hok")
OPERATOR = viewer("operator", "operator", "mg")
SECOND = viewer("second", "operator", "mg")
POLICE = viewer("police", "liaison", "iib")
MEDIC = viewer("medic", "liaison", "tty")
ORGANISER = viewer("organiser", "organiser", "org")
NURSE = viewer("nurse", "field", "tty")
CONTROLLER = viewer("controller", "controller", "fvv")
AUDITOR = viewer("auditor", "auditor", "kom")
STRANGER = Viewer(person="person:stranger")


def local(hour: int, minute: int = 0, day: int = 21) -> datetime:
    return datetime(2027, 3, day, hour, minute)  # noqa: DTZ001 - times of a plan are local


def gate(id: str, **values: Any) -> Feature:
    return Feature(id=id, properties=Opening(**{"from_": "pen", "to": "outside", **values}))


PLAN = Plan(
    event=Event(
        format="hamkor-event-1",
        id="fair",
        name="Fair",
        kind="fair",
        doors_open_at=local(15),
        starts_at=local(18),
        ends_at=local(23),
        agencies=tuple(Participation(agency=code) for code in ("iib", "tty", "org", "mg")),
    ),
    venue=Venue(
        type="FeatureCollection",
        features=(
            Feature(
                id="pen",
                geometry=Point(coordinates=(69.25, 41.3)),
                properties=Area(use="standing", name="Pen"),
            ),
            gate("gate-a", name="Gate A", staffed_by=("gate",)),
            gate("gate-b", name="Gate B", emergency_only=True),
            gate("gate-locked", release="locked"),
            Feature(id="lanes", properties=Turnstiles(from_="outside", to="pen", lanes=4, name="Lanes")),
        ),
    ),
    people=(Person(id="chief", agency="iib"), Person(id="doctor", agency="tty")),
    duties=(
        Duty(id="watch", title="Watch the pen", phase="conduct", accountable=("iib",), starts_at=local(14)),
        Duty(id="quarrel", title="Two claim it", phase="conduct", accountable=("iib", "mg"), critical=True),
        Duty(id="papers", title="Papers", phase="preparation", accountable=("org",)),
    ),
    tasks=(
        Task(
            id="sweep",
            title="Sweep the pen",
            phase="conduct",
            agency="iib",
            starts_at=local(9),
            ends_at=local(10),
        ),
        Task(id="open", title="Open the gates", phase="conduct", agency="mg", after=("sweep", "permit")),
        Task(id="crews", title="Crews in place", phase="preparation", agency="tty", ends_at=local(13)),
        Task(id="permit", title="Permit", phase="preparation", agency="org", ends_at=local(10, day=1)),
    ),
    posts=(
        Post(
            id="aid",
            title="First aid",
            role="medical",
            agency="tty",
            needed=3,
            critical=True,
            starts_at=local(8),
            ends_at=local(23),
        ),
        Post(id="gate", title="Gate", role="gate", agency="mg", starts_at=local(14)),
        Post(id="free", title="Nobody's", role="other"),
    ),
    contingencies=(
        Contingency(
            id="crush",
            title="Density in the pen",
            decides="chief",
            steps=(
                Step(action="Music down", owner="org", within_min=1),
                Step(action="Side exits open", owner="mg", within_min=2.5),
                Step(action="Tell 112"),
            ),
            message={"uz": "Orqaga bir qadam.", "en": "One step back, please."},
        ),
        Contingency(id="storm", title="Storm", decides="none"),
    ),
    stop=(
        StopAuthority(
            id="police",
            holder="chief",
            agency="iib",
            may=("stop_show", "evacuate", "stop_entry"),
            deputy="doctor",
            signs=({"uz": "Toʻlqin", "en": "Waves in the crowd"},),
            within_min=2,
            steps=("chief", "gate"),
            channel="radio",
        ),
        StopAuthority(id="asks", holder="Somebody at the stage", agency="org", may=()),
    ),
)


def envelope(who: Viewer, *, after: timedelta = timedelta(0)) -> Envelope:
    at = NOW + after
    return Envelope(stream=STREAM, command_id=new_id(at), at=at, by=who.person, agency=who.agency)


def store_with_plan() -> MemoryStore:
    store = MemoryStore()
    record_plan(store, envelope(COORDINATOR), plan=PLAN)
    return store


def store_running(mode: Any = "real") -> MemoryStore:
    store = store_with_plan()
    open_operation(store, envelope(COORDINATOR), viewer=COORDINATOR, mode=mode)
    return store


def documents(store: MemoryStore) -> Documents:
    return get_documents(store, STREAM)


def job(store: MemoryStore, job_id: str) -> Job:
    found = documents(store).get("job", job_id)
    assert isinstance(found, Job)
    return found


def done(store: MemoryStore, verb: Any, who: Viewer, *, after: timedelta = timedelta(0), **keys: Any) -> str:
    """Sends a command and returns its id."""
    sent = envelope(who, after=after)
    verb(store, sent, viewer=who, **keys)
    return str(sent.command_id)


def refused(store: MemoryStore, code: str, verb: Any, who: Viewer, **keys: Any) -> None:
    """Asserts that a command is refused by a code with a sentence, and that nothing has changed."""
    before = export_journal(store, STREAM)
    with pytest.raises(HamkorError) as caught:
        done(store, verb, who, **keys)
    assert caught.value.code == code
    assert caught.value.message.in_english()
    assert export_journal(store, STREAM) == before
