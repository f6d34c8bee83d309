# SPDX-License-Identifier: Apache-2.0
"""Verbs of units: who may, what moves with them, what is refused, what a second sending does."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.incidents.commands import advance_incident, merge_incidents
from hamkor.incidents.facts import INCIDENT
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents, list_entries, verify_journal
from hamkor.journal.rules import Documents, fold
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.system import SYSTEM_WATCH
from hamkor.units import commands
from hamkor.units.commands import (
    change_unit,
    dispatch_units,
    mark_late,
    reassign_unit,
    register_unit,
    release_unit,
    retire_unit,
    set_unit_state,
)
from hamkor.units.facts import ROLL_CALL, SORTIE, UNIT
from hamkor.units.queries import due_marks, get_responses, list_timers, list_units
from hamkor.units.rules import times_of
from hamkor.units.rules.units import SENT_STATES
from hamkor.units.tests.builders import (
    AUDITOR,
    CREW,
    FIRE,
    MEDIC,
    MINUTE,
    NOW,
    OPERATOR,
    SECOND,
    STREAM,
    envelope,
    incident,
    place,
    refused,
    registered,
    reported,
    send,
    store_with_event,
    unit,
)


@pytest.fixture
def store() -> MemoryStore:
    return store_with_event()


def documents_of(store: MemoryStore) -> Documents:
    return get_documents(store, STREAM)


def alarms(store: MemoryStore) -> list[Any]:
    return list(documents_of(store).all("alarm"))


def test_a_unit_is_registered_and_changed(store: MemoryStore) -> None:
    unit_id = registered(store, " TT  4 ", travels="vehicle", size=3, post="aid", home=place(10, 10))
    found = unit(store, unit_id)
    assert (found.call_sign, found.state, found.travels, found.size, found.post) == (
        "TT 4",
        "free",
        "vehicle",
        3,
        "aid",
    )
    send(store, change_unit, MEDIC, unit_id=unit_id, fields={"size": 2, "last_place": {"feature": "hall"}})
    send(
        store,
        change_unit,
        OPERATOR,
        unit_id=unit_id,
        fields={"capabilities": ["medic", "medic", "transport"]},
    )
    found = unit(store, unit_id)
    assert (found.size, found.last_place, found.capabilities) == (
        2,
        Place(feature="hall"),
        ("medic", "transport"),
    )
    refused(store, "call-sign-taken", register_unit, OPERATOR, call_sign="tt 4", agency="iib")
    send(store, retire_unit, OPERATOR, unit_id=unit_id, reason="Home.")
    again = registered(store, "TT 4")
    assert [each.id for each in list_units(OPERATOR, documents_of(store))] == [again]
    refused(store, "unit-retired", change_unit, OPERATOR, unit_id=unit_id, fields={"size": 5})
    refused(store, "unit-retired", retire_unit, OPERATOR, unit_id=unit_id)
    refused(store, "unit-retired", set_unit_state, OPERATOR, unit_id=unit_id, state="free")


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"call_sign": " \x00"}, "call-sign-empty"),
        ({"call_sign": "x" * 41}, "text-too-long"),
        ({"agency": "all"}, "agency-nobody"),
        ({"agency": "nobody"}, "unit-field-malformed"),
        ({"capabilities": ["fly"]}, "unit-field-malformed"),
        ({"travels": "boat"}, "unit-field-malformed"),
        ({"size": 0}, "unit-field-malformed"),
        ({"size": 10**9}, "unit-field-malformed"),
        ({"post": "nothing"}, "post-absent"),
        ({"home": Place(feature="nothing")}, "place-absent"),
    ],
)
def test_units_that_are_refused(store: MemoryStore, keys: dict[str, Any], code: str) -> None:
    refused(store, code, register_unit, OPERATOR, **{"call_sign": "A", "agency": "iib", **keys})


def test_the_incident_moves_with_its_units(store: MemoryStore) -> None:
    incident_id, first, second = (
        reported(store, place=place(5, 5)),
        registered(store, "A"),
        registered(store, "B"),
    )
    guard = registered(store, "C", agency="mg")
    send(
        store,
        dispatch_units,
        OPERATOR,
        incident_id=incident_id,
        unit_ids=[first, guard],
        task=" Look. ",
        after=SECOND,
    )
    found = incident(store, incident_id)
    assert (found.state, found.units, found.agency, found.supporting) == (
        "dispatched",
        (first, guard),
        "tty",
        ("mg",),
    )
    assert (unit(store, first).state, unit(store, first).task) == ("assigned", "Look.")
    send(store, set_unit_state, CREW, unit_id=first, state="en_route", after=30 * SECOND)
    send(store, set_unit_state, CREW, unit_id=first, state="on_scene", after=90 * SECOND)
    assert (incident(store, incident_id).state, unit(store, first).last_place) == ("on_scene", place(5, 5))
    send(store, dispatch_units, OPERATOR, incident_id=incident_id, unit_ids=[second], after=100 * SECOND)
    assert incident(store, incident_id).state == "on_scene"
    send(store, set_unit_state, CREW, unit_id=first, state="busy", after=110 * SECOND)
    assert unit(store, first).incident == incident_id
    send(store, set_unit_state, CREW, unit_id=first, state="free", after=200 * SECOND)
    free = unit(store, first)
    assert (free.state, free.incident, free.sortie, free.moments) == ("free", None, None, {})
    assert incident(store, incident_id).units == (guard, second)
    sortie = next(each for each in documents_of(store).all(SORTIE) if each.unit == first)
    times = times_of(sortie)
    assert (times.assign_s, times.turnout_s, times.travel_s, times.response_s) == (1.0, 29.0, 60.0, 90.0)
    assert (sortie.end, times.on_scene_s) == ("released", 110.0)
    report = get_responses(OPERATOR, documents_of(store))
    assert (report.incidents, report.median_s, report.p90_s, report.in_time) == (1, 90.0, 90.0, 1)


def test_an_incident_nobody_came_to_waits_again(store: MemoryStore) -> None:
    incident_id, unit_id = reported(store), registered(store, "A")
    send(store, dispatch_units, OPERATOR, incident_id=incident_id, unit_ids=[unit_id])
    send(store, release_unit, OPERATOR, unit_id=unit_id, reason="Broke down.")
    assert (incident(store, incident_id).state, incident(store, incident_id).units) == ("assessed", ())
    refused(store, "unit-not-sent", release_unit, OPERATOR, unit_id=unit_id)


def test_a_unit_is_given_to_another_incident_in_one_command(store: MemoryStore) -> None:
    first, second, unit_id = reported(store), reported(store, type="fire"), registered(store, "A")
    send(store, dispatch_units, OPERATOR, incident_id=first, unit_ids=[unit_id])
    refused(store, "unit-not-free", dispatch_units, OPERATOR, incident_id=second, unit_ids=[unit_id])
    refused(store, "unit-same-incident", reassign_unit, OPERATOR, unit_id=unit_id, incident_id=first)
    send(store, reassign_unit, OPERATOR, unit_id=unit_id, incident_id=second, reason="Fire.")
    assert (incident(store, first).units, incident(store, second).units) == ((), (unit_id,))
    assert (incident(store, first).state, incident(store, second).state) == ("assessed", "dispatched")
    ends = [(each.end, each.end_reason) for each in documents_of(store).all(SORTIE)]
    assert ends == [("reassigned", "Fire."), (None, None)]
    refused(store, "unit-not-free", retire_unit, OPERATOR, unit_id=unit_id)


def test_units_follow_a_merge(store: MemoryStore) -> None:
    into, taken, unit_id = reported(store), reported(store), registered(store, "A")
    send(store, dispatch_units, OPERATOR, incident_id=taken, unit_ids=[unit_id])
    send(store, merge_incidents, OPERATOR, into_id=into, from_id=taken)
    send(store, set_unit_state, OPERATOR, unit_id=unit_id, state="on_scene")
    assert (incident(store, into).state, incident(store, into).units) == ("on_scene", (unit_id,))
    refused(store, "unit-same-incident", reassign_unit, OPERATOR, unit_id=unit_id, incident_id=into)
    send(store, release_unit, OPERATOR, unit_id=unit_id)
    assert incident(store, into).units == ()
    send(store, dispatch_units, OPERATOR, incident_id=taken, unit_ids=[unit_id])
    assert unit(store, unit_id).incident == into


def test_dispatches_that_are_refused(store: MemoryStore) -> None:
    incident_id, unit_id, idle = reported(store), registered(store, "A"), registered(store, "B")
    send(store, set_unit_state, OPERATOR, unit_id=idle, state="off_duty")
    keys = {"incident_id": incident_id}
    refused(store, "units-missing", dispatch_units, OPERATOR, unit_ids=[], **keys)
    refused(store, "unit-absent", dispatch_units, OPERATOR, unit_ids=[unit_id, "x"], **keys)
    refused(store, "unit-not-free", dispatch_units, OPERATOR, unit_ids=[unit_id, idle], **keys)
    refused(store, "incident-absent", dispatch_units, OPERATOR, incident_id="x", unit_ids=[unit_id])
    send(store, advance_incident, OPERATOR, incident_id=incident_id, state="closed", outcome="Over.")
    refused(store, "incident-over", dispatch_units, OPERATOR, unit_ids=[unit_id], **keys)


def test_states_follow_each_other(store: MemoryStore) -> None:
    unit_id = registered(store, "A")
    for state in ("assigned", "en_route", "on_scene", "flying"):
        refused(store, "unit-transition-impossible", set_unit_state, OPERATOR, unit_id=unit_id, state=state)
    send(store, dispatch_units, OPERATOR, incident_id=reported(store), unit_ids=[unit_id])
    for state in ("busy", "off_duty"):
        refused(store, "unit-transition-impossible", set_unit_state, OPERATOR, unit_id=unit_id, state=state)
    send(store, set_unit_state, OPERATOR, unit_id=unit_id, state="on_scene")
    send(store, set_unit_state, OPERATOR, unit_id=unit_id, state="busy")
    refused(store, "unit-transition-impossible", set_unit_state, OPERATOR, unit_id=unit_id, state="off_duty")


def test_agencies_send_their_own_units(store: MemoryStore) -> None:
    fire, unit_id = reported(store, type="fire"), registered(store, "A", MEDIC)
    refused(store, "unit-not-yours", register_unit, MEDIC, call_sign="B", agency="fvv")
    refused(store, "unit-not-yours", dispatch_units, FIRE, incident_id=fire, unit_ids=[unit_id])
    send(store, dispatch_units, MEDIC, incident_id=fire, unit_ids=[unit_id])
    assert incident(store, fire).supporting == ("tty",)
    refused(store, "unit-not-yours", set_unit_state, FIRE, unit_id=unit_id, state="en_route")
    send(store, set_unit_state, CREW, unit_id=unit_id, state="en_route")
    refused(store, "not-allowed", change_unit, CREW, unit_id=unit_id, fields={"size": 2})
    refused(store, "not-allowed", release_unit, AUDITOR, unit_id=unit_id)
    refused(store, "unit-not-yours", change_unit, MEDIC, unit_id=unit_id, fields={"agency": "fvv"})


def test_what_takes_too_long_is_told_once(store: MemoryStore) -> None:
    slow, waiting, unit_id = reported(store, priority=1), reported(store, priority=1), registered(store, "A")
    send(store, dispatch_units, OPERATOR, incident_id=slow, unit_ids=[unit_id])
    assert due_marks(documents_of(store), NOW + MINUTE).units == ()
    timers = list_timers(documents_of(store), NOW + 2 * MINUTE)
    assert sorted((timer.step, timer.unit or "", timer.is_late) for timer in timers) == [
        ("assign", "", True),
        ("turnout", unit_id, True),
    ]
    due = due_marks(documents_of(store), NOW + 2 * MINUTE)
    assert (due.units, due.incidents) == ((unit_id,), (waiting,))
    keys = {"unit_ids": [unit_id], "incident_ids": [slow, waiting]}
    send(store, mark_late, SYSTEM_WATCH, after=2 * MINUTE, **keys)
    assert [(each.subject_kind, each.subject, each.priority) for each in alarms(store)] == [
        ("unit", unit_id, 2),
        ("incident", waiting, 1),
    ]
    assert due_marks(documents_of(store), NOW + 2 * MINUTE) == due_marks(Documents(), NOW)
    before = documents_of(store)
    send(store, mark_late, SYSTEM_WATCH, after=2 * MINUTE, **keys)
    assert documents_of(store) == before
    send(store, set_unit_state, OPERATOR, unit_id=unit_id, state="en_route", after=3 * MINUTE)
    send(
        store,
        dispatch_units,
        OPERATOR,
        incident_id=waiting,
        unit_ids=[registered(store, "B")],
        after=3 * MINUTE,
    )
    assert not any(alarm.is_active for alarm in alarms(store))
    assert due_marks(documents_of(store), NOW + 10 * MINUTE).units[:1] == (unit_id,)
    refused(store, "not-allowed", mark_late, OPERATOR, **keys)


def test_a_command_sent_twice_acts_once(store: MemoryStore) -> None:
    incident_id, unit_id, sent = reported(store), registered(store, "A"), envelope(OPERATOR)
    keys: dict[str, Any] = {"viewer": OPERATOR, "incident_id": incident_id, "unit_ids": [unit_id]}
    first = dispatch_units(store, sent, **keys)
    assert dispatch_units(store, sent, **keys) == first
    with pytest.raises(HamkorError, match="command-id-reused"):
        dispatch_units(store, sent, **{**keys, "task": "Other"})
    with pytest.raises(ValueError, match="cannot send a command as"):
        dispatch_units(store, envelope(MEDIC), **keys)
    assert len(documents_of(store).all(SORTIE)) == 1


def _random_command(store: MemoryStore, chance: random.Random, at: timedelta) -> None:
    documents = documents_of(store)
    who = chance.choice((OPERATOR, MEDIC, FIRE, CREW, AUDITOR))
    units = [each.id for each in documents.all(UNIT)] or ["x"]
    incidents = [each.id for each in documents.all(INCIDENT)] or ["x"]
    calls = [each.id for each in documents.all(ROLL_CALL)] or ["x"]
    one, where = {"unit_id": chance.choice(units)}, {"incident_id": chance.choice(incidents)}
    states = ["free", "en_route", "on_scene", "busy", "off_duty"]
    keys: dict[str, Any] = {
        "register_unit": {"call_sign": str(chance.randint(0, 20)), "agency": chance.choice(["tty", "fvv"])},
        "change_unit": {**one, "fields": {"size": chance.randint(0, 5)}},
        "retire_unit": one,
        "dispatch_units": {**where, "unit_ids": chance.sample(units, min(2, len(units)))},
        "reassign_unit": {**one, **where},
        "set_unit_state": {**one, "state": chance.choice(states)},
        "release_unit": one,
        "start_roll_call": {"minutes": 1},
        "answer_roll_call": {
            **one,
            "roll_call_id": chance.choice(calls),
            "answer": chance.choice(["ok", "help"]),
        },
        "end_roll_call": {"roll_call_id": chance.choice(calls), "reason": chance.choice([None, "a"])},
        "mark_late": {"unit_ids": units, "incident_ids": incidents},
        "mark_unanswered": {"roll_call_ids": calls[:1]},
        "merge_incidents": {"into_id": chance.choice(incidents), "from_id": chance.choice(incidents)},
    }
    verb = chance.choice(sorted(keys))
    who = SYSTEM_WATCH if verb.startswith("mark") else who
    command = merge_incidents if verb == "merge_incidents" else getattr(commands, verb)
    command(store, envelope(who, after=at), viewer=who, **keys[verb])


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_documents_are_the_fold_of_any_commands(chance: random.Random) -> None:
    store = store_with_event()
    for code in ("medical", "fire", "complaint"):
        reported(store, type=code)
    for step in range(40):
        before = documents_of(store)
        try:
            _random_command(store, chance, timedelta(seconds=20 * step))
        except HamkorError:
            assert documents_of(store) == before
    documents = documents_of(store)
    assert fold(list_entries(store, STREAM)) == documents
    assert verify_journal(store, STREAM)
    sent = {each.id for each in documents.all(UNIT) if each.incident is not None}
    assert {each.id for each in documents.all(UNIT) if each.state in SENT_STATES} <= sent
    assert {each for item in documents.all(INCIDENT) for each in item.units} == sent
    assert {each.unit for each in documents.all(SORTIE) if each.ended_at is None} == sent
