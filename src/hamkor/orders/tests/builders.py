# SPDX-License-Identifier: Apache-2.0
"""People, a plan with posts and channels, and messages for the tests of orders; everything is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from hamkor.agencies.rules import Grant, Viewer
from hamkor.common.ids import new_id
from hamkor.events.rules import Event, Participation
from hamkor.journal.commands import Envelope
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents
from hamkor.operation.rules.system import SYSTEM_WATCH
from hamkor.orders.commands import send_message
from hamkor.orders.facts import MESSAGE
from hamkor.orders.rules import Addressee, Message
from hamkor.orders.rules.writing import Draft
from hamkor.plans.commands import record_plan
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.readiness import Channel, Communications, Contingency, Link, StopAuthority
from hamkor.plans.rules.roster import Duty, Person, Post

NOW = datetime(2027, 3, 21, 14, 0, tzinfo=UTC)
STREAM = "01957a3c-0000-7000-8000-000000000001"
S = timedelta(seconds=1)


def viewer(name: str, role: Any = "operator", agency: Any = "iib") -> Viewer:
    return Viewer(person=f"person:{name}", agency=agency, grants=(Grant(role=role, agency=agency),))


COORDINATOR = viewer("chief", "coordinator", "hok")
OPERATOR = viewer("operator")
DISPATCHER = viewer("dispatcher", "dispatcher", "tty")
MEDIC = viewer("medic", "liaison", "tty")
FIRE = viewer("fire", "liaison", "fvv")
GUARD = viewer("guard", "field", "iib")
PARAMEDIC = viewer("paramedic", "field", "tty")
PLANNER = viewer("planner", "planner", "hok")
AUDITOR = viewer("auditor", "auditor", "kom")
STRANGER = Viewer(person="person:stranger")
WATCH = SYSTEM_WATCH

GATE = Addressee(kind="post", id="gate-3")
AID = Addressee(kind="post", id="aid")
TO_TTY = Addressee(kind="agency", id="tty")
TO_ALL = Addressee(kind="all", id="all")

EVENT = Event(
    format="hamkor-event-1",
    id="e",
    name="Event",
    kind="fair",
    agencies=tuple(Participation(agency=code) for code in ("iib", "tty", "fvv", "pub")),
)
CHANNELS = (
    Channel(id="net", sort="radio", network="repeater", works=True),
    Channel(id="net-2", sort="radio", network="repeater", works=True),
    Channel(id="direct", sort="radio", network="none needed", works=True),
    Channel(id="phone", sort="phone", network="mobile", works=True),
    Channel(id="dead", sort="landline", network="old wire", works=False),
    Channel(id="untested", sort="runner"),
)
LINKS = (
    Link(
        id="hq-gate",
        between=("hq", "gate-3"),
        primary="net",
        alternate="dead",
        contingency="phone",
        emergency="untested",
    ),
    Link(id="iib-tty", between=("tty", "iib"), primary="net-2", alternate="none", contingency="direct"),
)
PLAN = Plan(
    event=EVENT,
    people=(Person(id="gate-chief", agency="iib"), Person(id="gate-second", agency="iib")),
    duties=(Duty(id="count-people", phase="conduct", person="gate-chief", deputy="gate-second"),),
    posts=(
        Post(id="hq", title="Headquarters", role="command", agency="iib"),
        Post(id="gate-3", title="Gate 3", role="gate", agency="iib"),
        Post(id="gate-4", title="Gate 4", role="gate", agency="iib"),
        Post(id="aid", title="First aid", role="medical", agency="tty"),
    ),
    communications=Communications(channels=CHANNELS, links=LINKS),
    contingencies=(Contingency(id="crush", title="Crush"),),
    stop=(StopAuthority(id="stop-gate", holder="gate-3", may=("stop_entry",), deputy="gate-4"),),
)


def envelope(who: Viewer, *, after: timedelta = timedelta(0)) -> Envelope:
    at = NOW + after
    return Envelope(stream=STREAM, command_id=new_id(at), at=at, by=who.person, agency=who.agency)


def store_with_plan(plan: Plan = PLAN) -> MemoryStore:
    store = MemoryStore()
    record_plan(store, envelope(COORDINATOR), plan=plan)
    return store


def draft(*to: Addressee, **values: Any) -> Draft:
    given = {"text": "Stop the entry.", "urgency": "flash", **values}
    return Draft(to=to or (GATE,), **given)


def sent(store: MemoryStore, who: Viewer, message: Draft, *, after: timedelta = timedelta(0)) -> str:
    order = envelope(who, after=after)
    send_message(store, order, viewer=who, message=message)
    return str(order.command_id)


def message_of(store: MemoryStore, message_id: str) -> Message:
    found = get_documents(store, STREAM).get(MESSAGE, message_id)
    assert found is not None
    return found


def without(plan: Plan, **values: Any) -> Plan:
    return msgspec.structs.replace(plan, **values)
