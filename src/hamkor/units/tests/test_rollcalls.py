# SPDX-License-Identifier: Apache-2.0
"""Roll calls: everybody is accounted for, or somebody hears about it."""

from __future__ import annotations

from typing import Any

import pytest

from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents
from hamkor.operation.rules.system import SYSTEM_WATCH
from hamkor.units.commands import (
    answer_roll_call,
    dispatch_units,
    end_roll_call,
    mark_unanswered,
    set_unit_state,
    start_roll_call,
)
from hamkor.units.facts import ROLL_CALL
from hamkor.units.queries import due_marks, get_roll_call
from hamkor.units.tests.builders import (
    CREW,
    FIRE,
    MEDIC,
    MINUTE,
    NOW,
    OPERATOR,
    STREAM,
    refused,
    registered,
    reported,
    send,
    store_with_event,
)


@pytest.fixture
def store() -> MemoryStore:
    return store_with_event()


def open_alarms(store: MemoryStore) -> list[Any]:
    found: Any = get_documents(store, STREAM).all("alarm")
    return [alarm for alarm in found if alarm.is_active]


def test_everybody_in_service_is_asked_and_counted(store: MemoryStore) -> None:
    first, second = registered(store, "A", size=3), registered(store, "B", size=2, agency="fvv")
    send(store, set_unit_state, OPERATOR, unit_id=registered(store, "C"), state="off_duty")
    call = send(store, start_roll_call, OPERATOR)
    send(store, answer_roll_call, CREW, roll_call_id=call, unit_id=first, answer="ok", after=MINUTE)
    shown = get_roll_call(OPERATOR, get_documents(store, STREAM), call, at=NOW + MINUTE)
    assert shown.roll_call.units == (first, second)
    assert (shown.accounted.expected, shown.accounted.present, shown.accounted.unaccounted) == (5, 3, 2)
    assert (shown.accounted.unanswered, shown.left_s) == ((second,), 240.0)
    error = refused(store, "roll-call-incomplete", end_roll_call, OPERATOR, roll_call_id=call)
    assert "B" in error.message.in_english()
    send(store, answer_roll_call, OPERATOR, roll_call_id=call, unit_id=second, answer="missing", present=1)
    shown = get_roll_call(OPERATOR, get_documents(store, STREAM), call, at=NOW + MINUTE)
    assert (shown.accounted.unaccounted, shown.accounted.in_need) == (1, (second,))
    (alarm,) = open_alarms(store)
    assert (alarm.priority, alarm.subject, alarm.title["en"]) == (
        1,
        second,
        "Somebody is not accounted for: B",
    )
    send(store, end_roll_call, OPERATOR, roll_call_id=call)
    refused(
        store, "roll-call-ended", answer_roll_call, OPERATOR, roll_call_id=call, unit_id=first, answer="ok"
    )


def test_silence_is_noticed_once_and_an_answer_ends_it(store: MemoryStore) -> None:
    unit_id = registered(store, "A")
    call = send(store, start_roll_call, OPERATOR, minutes=2)
    assert due_marks(get_documents(store, STREAM), NOW + 2 * MINUTE).roll_calls == ()
    assert due_marks(get_documents(store, STREAM), NOW + 3 * MINUTE).roll_calls == (call,)
    for minute in (3, 4):
        send(store, mark_unanswered, SYSTEM_WATCH, roll_call_ids=[call], after=minute * MINUTE)
    (alarm,) = open_alarms(store)
    assert (alarm.subject, alarm.sort, alarm.priority) == (unit_id, "silent_order", 1)
    assert OPERATOR.person in alarm.to
    assert due_marks(get_documents(store, STREAM), NOW + 9 * MINUTE).roll_calls == ()
    send(store, answer_roll_call, CREW, roll_call_id=call, unit_id=unit_id, answer="ok", after=5 * MINUTE)
    assert open_alarms(store) == []


def test_a_scope_narrows_whom_it_asks(store: MemoryStore) -> None:
    own, other = registered(store, "A"), registered(store, "B", agency="fvv")
    incident_id = reported(store)
    send(store, dispatch_units, OPERATOR, incident_id=incident_id, unit_ids=[other])
    asked = {
        "own": send(store, start_roll_call, MEDIC),
        "incident": send(store, start_roll_call, OPERATOR, scope={"incident": incident_id}),
        "agency": send(store, start_roll_call, OPERATOR, scope={"agencies": ["fvv"]}),
        "unit": send(store, start_roll_call, OPERATOR, scope={"units": [own]}),
    }
    found = {call.id: call.units for call in get_documents(store, STREAM).all(ROLL_CALL)}
    assert {name: found[call] for name, call in asked.items()} == {
        "own": (own,),
        "incident": (other,),
        "agency": (other,),
        "unit": (own,),
    }
    refused(store, "unit-not-yours", start_roll_call, MEDIC, scope={"units": [other]})
    refused(store, "roll-call-empty", start_roll_call, OPERATOR, scope={"units": ["nothing"]})
    refused(store, "roll-call-time", start_roll_call, OPERATOR, minutes=0)
    refused(store, "roll-call-time", start_roll_call, OPERATOR, minutes=float("nan"))
    refused(store, "unit-field-malformed", start_roll_call, OPERATOR, scope={"everybody": True})


def test_answers_that_are_refused(store: MemoryStore) -> None:
    unit_id, late = registered(store, "A"), None
    call = send(store, start_roll_call, OPERATOR)
    late = registered(store, "B")
    keys = {"roll_call_id": call, "unit_id": unit_id}
    refused(store, "unit-field-malformed", answer_roll_call, OPERATOR, answer="fine", **keys)
    refused(store, "unit-field-malformed", answer_roll_call, OPERATOR, answer="ok", present=-1, **keys)
    refused(store, "unit-not-yours", answer_roll_call, FIRE, answer="ok", **keys)
    refused(store, "unit-not-asked", answer_roll_call, OPERATOR, roll_call_id=call, unit_id=late, answer="ok")
    refused(
        store, "roll-call-absent", answer_roll_call, OPERATOR, roll_call_id="x", unit_id=unit_id, answer="ok"
    )
    refused(store, "not-allowed", mark_unanswered, OPERATOR, roll_call_ids=[call])


def test_help_is_an_alarm_at_once(store: MemoryStore) -> None:
    unit_id = registered(store, "A")
    call = send(store, start_roll_call, OPERATOR)
    send(
        store,
        answer_roll_call,
        CREW,
        roll_call_id=call,
        unit_id=unit_id,
        answer="help",
        words=" At the stage. ",
    )
    (alarm,) = open_alarms(store)
    assert (alarm.title["en"], alarm.words, alarm.agency) == ("A unit needs help: A", "At the stage.", "tty")
