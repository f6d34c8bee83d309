# SPDX-License-Identifier: Apache-2.0
"""Who sees what: every kind of live document by every role, and what a party may not know of another."""

from __future__ import annotations

import importlib
from typing import Any

import msgspec
import pytest

from hamkor.agencies.rules import ROLES, Grant, Viewer
from hamkor.alarms.rules.alarms import Alarm, AlarmRule
from hamkor.centre.rules.visibility import LIVE_KINDS, PLAN_KINDS, is_visible_kind, visible
from hamkor.centre.tests.builders import NOW
from hamkor.incidents.rules.incidents import Former, Incident, MedicalDetail, MissingPerson
from hamkor.journal.rules import Kind, find_kind
from hamkor.operation.rules.handovers import Handover
from hamkor.operation.rules.jobs import Job
from hamkor.operation.rules.posts import PostState
from hamkor.operation.rules.running import Operation
from hamkor.operation.rules.runs import ContingencyRun
from hamkor.operation.rules.stops import ShowStop
from hamkor.orders.rules import Addressee, Limits, Message, MessageTemplate, Receipt
from hamkor.plans.rules.roster import Person
from hamkor.telemetry.rules.devices import Device, DeviceState
from hamkor.telemetry.rules.zones import ZoneState
from hamkor.units.rules import RollCall, Sortie, Unit

X = "person:x"
AID = Addressee(kind="post", id="aid", agency="tty")
LIMITS = Limits(profile="x", deliver_s=1, see_s=1, answer_s=1, escalate_s=1)


def receipt(to: Addressee) -> Receipt:
    return Receipt(addressee=to, awaited_from=NOW, answer="refused", words="No crew.", by=X, answered_at=NOW)


def message(*to: Addressee, agency: Any = "fvv", sender: str = X) -> Message:
    return Message(
        id="m",
        number=1,
        sort="order",
        urgency="flash",
        sender=sender,
        agency=agency,
        to=to or (AID,),
        text="Come.",
        sent_at=NOW,
        limits=LIMITS,
        receipts=tuple(receipt(each) for each in to or (AID,)),
        state="refused",
    )


def alarm(sort: Any = "threshold", *to: str) -> Alarm:
    return Alarm(
        id="a",
        rule="r",
        title="Dense",
        sort=sort,
        subject_kind="zone",
        subject="z",
        priority=1,
        raised_at=NOW,
        last_at=NOW,
        to=("operators", *to),
    )


INCIDENT = Incident(
    id="i",
    number=1,
    type="medical",
    state="reported",
    priority=1,
    source="radio",
    reporter="The woman in seat 12",
    card_112="112-7",
    reported_at=NOW,
    reported_by=X,
    agency="tty",
    known={"conscious": "no"},
    former=(Former(field="known", value={"conscious": "yes"}, at=NOW, by=X),),
)
DOCUMENTS: dict[str, Any] = {
    "operation": Operation(mode="real", phase_since=NOW, opened_at=NOW, opened_by=X),
    "job": Job(id="j", source="free", title="Fetch water", agency="tty"),
    "post_state": PostState(id="p", by=X),
    "contingency_run": ContingencyRun(id="c", contingency="crush", started_at=NOW, started_by=X),
    "show_stop": ShowStop(
        id="s", action="stop_show", standing="holder", sign="Waves", ordered_at=NOW, ordered_by=X
    ),
    "handover": Handover(id="h", prepared_at=NOW, by=X, agency="tty"),
    "alarm_rule": AlarmRule(id="r", title="Dense", sort="threshold", priority=1),
    "alarm": alarm(),
    "alarm of two": alarm("silent_order", X, "agency:tty"),
    "zone_state": ZoneState(id="z", band=1, since=NOW),
    "device_state": DeviceState(id="d", state="live", since=NOW, last_at=NOW),
    "incident": INCIDENT,
    "medical_detail": MedicalDetail(id="i", condition="Unconscious.", updated_at=NOW, by=X),
    "missing_person": MissingPerson(id="i", clothes="A red jacket.", updated_at=NOW, by=X),
    "unit": Unit(id="u", call_sign="T-4", agency="tty", travels="foot", size=2, state="free", since=NOW),
    "sortie": Sortie(
        id="t", unit="u", incident="i", agency="tty", priority=1, reported_at=NOW, sent_at=NOW, sent_by=X
    ),
    "roll_call": RollCall(id="q", asked_at=NOW, by=X, units=("u",), deadline_at=NOW),
    "message": message(),
    "message to all": message(Addressee(kind="all", id="all"), AID),
    "message_template": MessageTemplate(id="t", title="Come", sort="order", urgency="flash", text="Come."),
}

# One letter for each role: coordinator, planner, liaison, commission, organiser, venue, legal, operator, dispatcher,
# field, controller, auditor; then somebody without a role, an administrator without one, and the server.
#   .  whole    o  without its restricted fields    x  hidden
# The documents are the ambulance's, the message is for its post; who looks is of the ambulance ...
TABLE_OWN = {
    "operation": "............ xxx",
    "job": "............ xxx",
    "post_state": ".........x.. xxx",
    "contingency_run": ".........x.. xxx",
    "show_stop": "............ xxx",
    "handover": ".x.......xx. xxx",
    "alarm_rule": ".........x.. xxx",
    "alarm": ".........x.. xxx",
    "alarm of two": ".........x.. xxx",
    "zone_state": ".........x.. xxx",
    "device_state": ".........x.. xxx",
    "incident": ".........x.. xxx",
    "medical_detail": "xx.xxxxx.xxx xxx",
    "missing_person": ".........xxx xxx",
    "unit": "............ xxx",
    "sortie": "............ xxx",
    "roll_call": ".........x.. xxx",
    "message": ".o........o. xxx",
    "message to all": ".o.......oo. xxx",
    "message_template": ".........xx. xxx",
}
# ... or of the police.
TABLE_OTHER = {
    "operation": "............ xxx",
    "job": ".........x.. xxx",
    "post_state": ".........x.. xxx",
    "contingency_run": ".........x.. xxx",
    "show_stop": "............ xxx",
    "handover": ".xx.xx...xx. xxx",
    "alarm_rule": ".........x.. xxx",
    "alarm": ".........x.. xxx",
    "alarm of two": ".xx.xx...xx. xxx",
    "zone_state": ".........x.. xxx",
    "device_state": ".........x.. xxx",
    "incident": ".oo.oo...xo. xxx",
    "medical_detail": "xxxxxxxx.xxx xxx",
    "missing_person": ".........xxx xxx",
    "unit": ".........x.. xxx",
    "sortie": ".........x.. xxx",
    "roll_call": ".........x.. xxx",
    "message": ".xx.xx...xx. xxx",
    "message to all": ".oo.oo...oo. xxx",
    "message_template": ".........xx. xxx",
}


def viewers(agency: Any) -> list[Viewer]:
    people = [
        Viewer(person=f"person:{role}", agency=agency, grants=(Grant(role=role, agency=agency),))
        for role in ROLES
    ]
    nobody = Viewer(person="person:nobody", agency=agency)
    keeper = Viewer(person="person:keeper", agency=agency, is_administrator=True)
    return [*people, nobody, keeper, Viewer(person="system:watch")]


def letters(name: str, agency: Any) -> str:
    kind, document = name.partition(" ")[0], DOCUMENTS[name]
    found = ""
    for viewer in viewers(agency):
        seen = visible(viewer, kind, document)
        found += "x" if seen is None else "." if seen is document else "o"
    return f"{found[:12]} {found[12:]}"


@pytest.mark.parametrize(("agency", "table"), [("tty", TABLE_OWN), ("iib", TABLE_OTHER)])
def test_everybody_sees_what_the_table_says(agency: str, table: dict[str, str]) -> None:
    assert {name: letters(name, agency) for name in DOCUMENTS} == table


def test_the_table_knows_every_live_kind() -> None:
    assert {name.partition(" ")[0] for name in DOCUMENTS} == set(LIVE_KINDS)


LIVE_ROOMS = ("operation", "alarms", "incidents", "units", "orders", "telemetry")


@pytest.mark.parametrize("room", LIVE_ROOMS)
def test_every_kind_of_the_live_rooms_has_a_rule(room: str) -> None:
    facts = importlib.import_module(f"hamkor.{room}.facts")
    kinds = [value.kind for value in vars(facts).values() if isinstance(value, Kind)]
    assert kinds
    assert [kind for kind in kinds if not is_visible_kind(kind)] == []


@pytest.mark.parametrize("kind", ["comment", "approval", "attachment", "secret", "", "Incident"])
def test_what_nobody_has_thought_about_is_hidden_from_everybody(kind: str) -> None:
    for viewer in viewers("tty"):
        assert visible(viewer, kind, INCIDENT) is None


def test_the_plan_is_for_those_who_may_read_it() -> None:
    person = Person(id="p", agency="iib")
    assert all(find_kind(kind) is not None for kind in PLAN_KINDS)
    for viewer in viewers("iib"):
        is_shown = visible(viewer, "person", person) is not None
        assert is_shown == bool(viewer.roles)


def test_devices_are_for_those_who_keep_them() -> None:
    device = Device(id="d", sort="counter", generation=1, registered_at=NOW, registered_by=X, issued_at=NOW)
    shown = [viewer.roles for viewer in viewers("iib") if visible(viewer, "device", device)]
    assert shown == [("coordinator",)]


LIAISON = Viewer(person="person:l", agency="iib", grants=(Grant(role="liaison", agency="iib"),))


def test_an_incident_of_others_comes_without_what_leads_to_a_person() -> None:
    seen = visible(LIAISON, "incident", INCIDENT)
    assert seen is not None
    assert (seen.reporter, seen.card_112, seen.known, seen.former) == (None, None, {}, ())
    assert seen.number == 1
    assert b"seat 12" not in msgspec.json.encode(seen)
    supporting = msgspec.structs.replace(INCIDENT, supporting=("iib",))
    assert visible(LIAISON, "incident", supporting) is supporting
    fight = msgspec.structs.replace(
        INCIDENT, type="fight", known={"people": "9"}, reporter=None, card_112=None, former=()
    )
    assert visible(LIAISON, "incident", fight) is fight, "numbers of a fight lead to nobody"


def test_who_reported_in_the_field_sees_their_report_and_no_other() -> None:
    field = Viewer(person=X, agency="iib", grants=(Grant(role="field", agency="iib"),))
    assert visible(field, "incident", INCIDENT) is INCIDENT
    other = msgspec.structs.replace(INCIDENT, reported_by="person:y")
    assert visible(field, "incident", other) is None


def test_an_addressee_does_not_hear_what_another_one_said() -> None:
    both = message(AID, Addressee(kind="agency", id="iib", agency="iib"))
    seen = visible(LIAISON, "message", both)
    assert seen is not None
    assert [each.words for each in seen.receipts] == [None, "No crew."]
    assert [each.by for each in seen.receipts] == [None, X]
    assert [each.answer for each in seen.receipts] == ["refused", "refused"]
    sender = Viewer(person=X, agency="iib", grants=(Grant(role="liaison", agency="iib"),))
    assert visible(sender, "message", both) is both


def test_a_word_to_one_person_is_not_for_their_colleagues() -> None:
    to_one = message(Addressee(kind="person", id="person:medic", agency="tty"))
    colleague = Viewer(person="person:c", agency="tty", grants=(Grant(role="liaison", agency="tty"),))
    assert visible(colleague, "message", to_one) is None
    medic = Viewer(person="person:medic", agency="tty", grants=(Grant(role="field", agency="tty"),))
    assert visible(medic, "message", to_one) is to_one


def test_an_alarm_for_one_in_the_field_reaches_them_only() -> None:
    field = Viewer(person=X, agency="tty", grants=(Grant(role="field", agency="tty"),))
    for to, is_seen in (((X,), True), (("all",), True), (("agency:tty",), False), (("person:y",), False)):
        assert (visible(field, "alarm", alarm("threshold", *to)) is not None) == is_seen


def test_a_role_at_one_agency_gives_nothing_at_another() -> None:
    """Two roles of one person: only the one that acts counts for its own party."""
    both = Viewer(
        person="person:b",
        agency="tty",
        grants=(Grant(role="planner", agency="tty"), Grant(role="liaison", agency="iib")),
    )
    seen = visible(both, "message", message())
    assert seen is not None, "planners of a party read its messages"
    assert seen.receipts[0].words is None, "but only who acts for it hears what was said"
    assert visible(both, "medical_detail", DOCUMENTS["medical_detail"]) is None
