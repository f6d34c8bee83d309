# SPDX-License-Identifier: Apache-2.0
"""Verbs of incidents: who may, what is recorded, what is refused, what a second sending does."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.incidents import commands
from hamkor.incidents.commands import (
    add_note,
    advance_incident,
    change_incident,
    link_report,
    merge_incidents,
    report_incident,
    strike_incident,
    strike_note,
)
from hamkor.incidents.facts import INCIDENT, INCIDENT_CREWED, MEDICAL_DETAIL, MISSING_PERSON, IncidentCrewed
from hamkor.incidents.rules import Affected
from hamkor.incidents.tests.builders import (
    AUDITOR,
    COLLEAGUE,
    COORDINATOR,
    DISPATCHER,
    FIRE,
    GUARD,
    MEDIC,
    MINUTE,
    NOW,
    OPERATOR,
    STREAM,
    at_point,
    envelope,
    incident,
    refused,
    reported,
    send,
    store_with_event,
)
from hamkor.journal.commands import perform
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents, list_entries, verify_journal
from hamkor.journal.rules import fold
from hamkor.operation.rules.places import Place

ALARM = "alarm"


@pytest.fixture
def store() -> MemoryStore:
    return store_with_event()


def alarms(store: MemoryStore) -> list[Any]:
    return list(get_documents(store, STREAM).all(ALARM))


def crewed(store: MemoryStore, incident_id: str, *units: str) -> None:
    """Writes down that units are sent, as the room of units does."""
    sent = envelope(OPERATOR)
    body = IncidentCrewed(id=incident_id, at=sent.at, by=sent.by, sent=units)
    perform(store, sent, lambda _documents: [INCIDENT_CREWED(body)], content=["crewed", list(units)])


def test_a_type_or_a_few_words_are_enough(store: MemoryStore) -> None:
    by_type, by_text = reported(store, type="medical"), reported(store, text="Old man\non the ground")
    first, second = incident(store, by_type), incident(store, by_text)
    assert (first.number, first.title, first.priority, first.agency) == (1, "", 2, "tty")
    assert first.missing_facts == ("place", "conscious", "breathing")
    assert (second.number, second.title, second.priority, second.agency) == (2, "Old man", 3, "iib")
    assert second.missing_facts == ("type", "place")
    assert (second.state, second.moments, second.reported_by) == (
        "reported",
        {"reported": NOW},
        "person:operator",
    )
    refused(store, "report-empty", report_incident, OPERATOR)
    refused(store, "report-empty", report_incident, OPERATOR, text=" \n ", place=at_point())


def test_a_report_may_say_everything_at_once(store: MemoryStore) -> None:
    parent = reported(store)
    found = incident(
        store,
        reported(
            store,
            GUARD,
            type="fire",
            text="Smoke\u202e from the kiosk.",
            title="Kiosk",
            place=Place(feature="gate", words=" left side "),
            priority=2,
            source="field",
            reporter="gate post",
            card_112="112-1",
            agency="iib",
            known={"burns": "paper", "inside": ""},
            parent=parent,
        ),
    )
    assert (found.text, found.title, found.priority, found.agency) == (
        "Smoke from the kiosk.",
        "Kiosk",
        2,
        "iib",
    )
    assert found.place == Place(feature="gate", words="left side")
    assert (found.known, found.missing_facts) == ({"burns": "paper"}, ("inside", "hurt"))
    assert (found.source, found.reporter, found.card_112, found.parent) == (
        "field",
        "gate post",
        "112-1",
        parent,
    )


def test_an_agency_that_does_not_take_part_answers_for_nothing(store: MemoryStore) -> None:
    assert incident(store, reported(store, type="traffic")).agency == "iib"
    assert incident(store, reported(store, MEDIC, type="power")).agency == "tty"
    assert incident(store, reported(store, MEDIC, type="fire")).agency == "fvv"


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"type": "earthquake"}, "field-malformed"),
        ({"priority": 7}, "field-malformed"),
        ({"source": "dream"}, "field-malformed"),
        ({"known": {"a": 1}}, "field-malformed"),
        ({"text": "x" * 4001}, "text-too-long"),
        ({"title": "x" * 121}, "text-too-long"),
        ({"agency": "all"}, "agency-nobody"),
        ({"place": Place(feature="nothing")}, "place-absent"),
        ({"place": Place(point=(999.0, 0.0))}, "field-malformed"),
        ({"place": Place(point=(float("nan"), 0.0))}, "field-malformed"),
        ({"parent": "nothing"}, "parent-absent"),
    ],
)
def test_reports_that_are_refused(store: MemoryStore, keys: dict[str, Any], code: str) -> None:
    refused(store, code, report_incident, OPERATOR, **{"text": "A text.", **keys})


def test_a_long_text_has_a_short_title(store: MemoryStore) -> None:
    title = incident(store, reported(store, text="word " * 100)).title
    assert len(title) <= 120
    assert title.endswith("word…")
    assert len(incident(store, reported(store, text="x" * 300)).title) == 120


@pytest.mark.parametrize(
    "text",
    [
        "They crush us, we cannot breathe!",
        "Нас давят, нечем дышать",
        "Одамлар эзилиб қоляпти, нафас ололмаймиз",
    ],
)
def test_words_of_crushing_raise_an_alarm_in_the_same_command(store: MemoryStore, text: str) -> None:
    incident_id = reported(store, text=text, place=at_point())
    (alarm,) = alarms(store)
    assert (alarm.sort, alarm.subject, alarm.place) == ("words", incident_id, at_point())
    assert incident(store, incident_id).alarms == (alarm.id,)


def test_words_written_later_raise_it_too(store: MemoryStore) -> None:
    incident_id = reported(store, type="medical")
    assert not alarms(store)
    send(store, change_incident, OPERATOR, incident_id=incident_id, fields={"priority": 1})
    assert not alarms(store)
    send(
        store,
        change_incident,
        OPERATOR,
        incident_id=incident_id,
        fields={"text": "They crush us, we cannot breathe"},
    )
    assert incident(store, incident_id).alarms == (alarms(store)[0].id,)


def test_the_third_report_from_one_place_raises_an_alarm(store: MemoryStore) -> None:
    first = reported(store, text="Push", place=at_point())
    send(store, link_report, OPERATOR, incident_id=first, text="The same", after=MINUTE)
    assert not alarms(store)
    third = reported(store, after=2 * MINUTE, type="fall", place=at_point(60))
    (alarm,) = alarms(store)
    assert (alarm.sort, alarm.subject, alarm.value) == ("cluster", first, 3.0)
    assert incident(store, third).alarms == (alarm.id,)
    reported(store, after=3 * MINUTE, text="More", place=at_point(20))
    assert len(alarms(store)) == 1


def test_lost_property_and_far_or_old_reports_raise_nothing(store: MemoryStore) -> None:
    reported(store, text="Push", place=at_point())
    reported(store, text="Push", place=at_point(300))
    reported(store, type="lost_property", place=at_point())
    reported(store, type="complaint", place=at_point())
    reported(store, text="Push", place=Place(words="at the tree"))
    reported(store, after=40 * MINUTE, text="Push", place=at_point())
    assert not alarms(store)


def test_a_change_is_merged_by_field_and_keeps_what_stood_there(store: MemoryStore) -> None:
    incident_id = reported(store, text="Somebody fell.")
    send(
        store,
        change_incident,
        OPERATOR,
        incident_id=incident_id,
        fields={"affected": {"injured": 2}, "known": {"a": "1"}},
    )
    send(
        store,
        change_incident,
        COLLEAGUE,
        incident_id=incident_id,
        fields={"affected": {"evacuated": 9}, "known": {"b": "2"}},
    )
    changed = {"type": "fall", "text": "Two fell.", "supporting_added": ["fvv", "mg"]}
    send(store, change_incident, COLLEAGUE, incident_id=incident_id, fields=changed, after=MINUTE)
    found = incident(store, incident_id)
    assert (found.affected, found.known) == (Affected(injured=2, evacuated=9), {"a": "1", "b": "2"})
    assert (found.type, found.priority, found.supporting) == ("fall", 2, ("fvv", "mg"))
    assert [(each.field, each.value, each.by) for each in found.former] == [
        ("type", None, "person:colleague"),
        ("text", "Somebody fell.", "person:colleague"),
        ("priority", 3, "person:colleague"),
    ]
    again = send(store, change_incident, OPERATOR, incident_id=incident_id, fields=changed)
    assert again.entries == ()


def test_a_chosen_priority_is_not_taken_back_by_a_type(store: MemoryStore) -> None:
    incident_id = reported(store, text="Somebody fell.", priority=4)
    send(store, change_incident, OPERATOR, incident_id=incident_id, fields={"type": "crowd_pressure"})
    assert incident(store, incident_id).priority == 4


def test_closing_names_what_is_missing(store: MemoryStore) -> None:
    incident_id = reported(store)
    child = reported(store, text="Part of it", parent=incident_id)
    crewed(store, incident_id, "u1")
    error = refused(
        store, "incident-unfinished", advance_incident, OPERATOR, incident_id=incident_id, state="closed"
    )
    text = error.message.in_english()
    for part in ("H-0001", "its type", "how it ended", "its units", "belongs to it"):
        assert part in text
    send(store, advance_incident, OPERATOR, incident_id=incident_id, state="closed", reason="Drill ended.")
    found = incident(store, incident_id)
    assert (found.state, found.close_reason, found.units) == ("closed", "Drill ended.", ("u1",))
    send(store, change_incident, OPERATOR, incident_id=child, fields={"type": "fall"})
    send(store, advance_incident, OPERATOR, incident_id=child, state="closed", outcome="Nobody hurt.")
    assert incident(store, child).outcome == "Nobody hurt."


def test_what_is_closed_is_opened_again_with_a_reason(store: MemoryStore) -> None:
    incident_id = reported(store, type="complaint")
    send(store, advance_incident, OPERATOR, incident_id=incident_id, state="closed", outcome="Told.")
    refused(store, "reason-missing", advance_incident, OPERATOR, incident_id=incident_id, state="assessed")
    refused(
        store, "transition-impossible", advance_incident, OPERATOR, incident_id=incident_id, state="on_scene"
    )
    again = {"incident_id": incident_id, "state": "assessed", "reason": "Called again."}
    send(store, advance_incident, OPERATOR, after=MINUTE, **again)
    found = incident(store, incident_id)
    assert (found.state, found.reopened_at, found.waits_since) == ("assessed", NOW + MINUTE, NOW + MINUTE)
    assert "closed" not in found.moments
    for state in ("merged", "struck", "reported", "nothing"):
        refused(
            store, "transition-impossible", advance_incident, OPERATOR, incident_id=incident_id, state=state
        )


def test_a_merge_keeps_both_readable(store: MemoryStore) -> None:
    into, taken = (
        reported(store, text="Push", place=at_point()),
        reported(store, MEDIC, type="fall", text="Two fell"),
    )
    child = reported(store, text="Part", parent=taken)
    crewed(store, taken, "u1")
    send(store, add_note, MEDIC, incident_id=taken, text="On the way.")
    send(store, merge_incidents, OPERATOR, into_id=into, from_id=taken, after=MINUTE)
    standing, gone = incident(store, into), incident(store, taken)
    assert (standing.type, standing.priority, standing.merged_numbers, standing.units) == (
        "fall",
        2,
        (2,),
        ("u1",),
    )
    assert [report.number for report in standing.reports] == [2]
    assert [note.text for note in standing.notes] == ["On the way."]
    assert standing.missing_facts == ("hurt", "blocks")
    assert (gone.state, gone.merged_into, gone.units, gone.text) == ("merged", into, (), "Two fell")
    assert incident(store, child).parent == into
    for verb, keys in {
        change_incident: {"incident_id": taken, "fields": {"priority": 1}},
        advance_incident: {"incident_id": taken, "state": "resolved"},
        add_note: {"incident_id": taken, "text": "a"},
        link_report: {"incident_id": taken, "text": "a"},
        merge_incidents: {"into_id": into, "from_id": taken},
        strike_incident: {"incident_id": taken, "reason": "a"},
    }.items():
        refused(store, "incident-gone", verb, OPERATOR, **keys)


def test_merges_that_are_refused(store: MemoryStore) -> None:
    large, over = reported(store), reported(store, type="complaint")
    small = reported(store, text="Part", parent=large)
    refused(store, "merge-same", merge_incidents, OPERATOR, into_id=large, from_id=large)
    refused(store, "merge-upwards", merge_incidents, OPERATOR, into_id=small, from_id=large)
    refused(store, "incident-absent", merge_incidents, OPERATOR, into_id=large, from_id="nothing")
    send(store, advance_incident, OPERATOR, incident_id=over, state="closed", outcome="Told.")
    refused(store, "merge-into-ended", merge_incidents, OPERATOR, into_id=over, from_id=large)
    refused(store, "parent-circle", change_incident, OPERATOR, incident_id=large, fields={"parent": small})
    refused(store, "parent-circle", change_incident, OPERATOR, incident_id=large, fields={"parent": large})


def test_nothing_is_deleted(store: MemoryStore) -> None:
    incident_id, note = reported(store), envelope(OPERATOR)
    add_note(store, note, viewer=OPERATOR, incident_id=incident_id, text="Wrong.", hand_over=True)
    note_id = str(note.command_id)
    refused(store, "note-not-yours", strike_note, MEDIC, incident_id=incident_id, note_id=note_id, reason="a")
    refused(store, "note-absent", strike_note, OPERATOR, incident_id=incident_id, note_id="x", reason="a")
    refused(
        store, "reason-missing", strike_note, OPERATOR, incident_id=incident_id, note_id=note_id, reason=" "
    )
    send(store, strike_note, COLLEAGUE, incident_id=incident_id, note_id=note_id, reason="Another one.")
    refused(
        store, "struck-already", strike_note, OPERATOR, incident_id=incident_id, note_id=note_id, reason="a"
    )
    (found,) = incident(store, incident_id).notes
    assert (found.text, found.hand_over, found.strike is not None) == ("Wrong.", True, True)
    crewed(store, incident_id, "u1")
    refused(store, "incident-has-units", strike_incident, OPERATOR, incident_id=incident_id, reason="None.")
    other = reported(store)
    send(store, strike_incident, OPERATOR, incident_id=other, reason="There was nothing.")
    struck = incident(store, other)
    assert (struck.state, struck.number, struck.text) == ("struck", 2, "Somebody fell.")
    assert incident(store, reported(store)).number == 3


def test_agencies_act_on_what_they_own_or_support(store: MemoryStore) -> None:
    fire = reported(store, type="fire")
    keys = {"incident_id": fire, "fields": {"priority": 2}}
    refused(store, "incident-not-yours", change_incident, MEDIC, **keys)
    send(store, change_incident, FIRE, **keys)
    send(store, change_incident, FIRE, incident_id=fire, fields={"supporting_added": ["tty"]})
    send(store, change_incident, MEDIC, incident_id=fire, fields={"priority": 1})
    own = reported(store, MEDIC, type="fight")
    send(store, change_incident, MEDIC, incident_id=own, fields={"text": "Three men."})
    refused(
        store, "incident-not-yours", merge_incidents, MEDIC, into_id=own, from_id=reported(store, type="fire")
    )


def test_the_field_reports_and_adds_to_its_own(store: MemoryStore) -> None:
    own, other = reported(store, GUARD, type="fall"), reported(store, type="fall")
    send(store, add_note, GUARD, incident_id=own, text="By the gate.")
    send(store, link_report, GUARD, incident_id=other, text="I see it too.")
    refused(store, "incident-not-yours", add_note, GUARD, incident_id=other, text="a")
    refused(store, "not-allowed", change_incident, GUARD, incident_id=own, fields={"priority": 1})
    for who in (AUDITOR,):
        refused(store, "not-allowed", report_incident, who, text="a")
        refused(store, "not-allowed", advance_incident, who, incident_id=own, state="resolved")
    send(store, advance_incident, COORDINATOR, incident_id=own, state="resolved")


def test_nobody_writes_in_the_name_of_another(store: MemoryStore) -> None:
    with pytest.raises(ValueError, match="cannot send a command as"):
        report_incident(store, envelope(OPERATOR), viewer=COLLEAGUE, text="a")


def test_endless_notes_and_reports_end(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hamkor.incidents.commands.notes.NOTES_MAX", 2)
    monkeypatch.setattr("hamkor.incidents.commands.reporting.REPORTS_MAX", 2)
    incident_id = reported(store)
    for number in range(2):
        send(store, add_note, OPERATOR, incident_id=incident_id, text=str(number))
        send(store, link_report, OPERATOR, incident_id=incident_id, text=str(number))
    refused(store, "too-many-notes", add_note, OPERATOR, incident_id=incident_id, text="3")
    refused(store, "too-many-reports", link_report, OPERATOR, incident_id=incident_id, text="3")
    answers = {"known": {f"a{number}": "x" for number in range(41)}}
    refused(store, "too-many-answers", change_incident, OPERATOR, incident_id=incident_id, fields=answers)


def test_a_command_sent_twice_acts_once(store: MemoryStore) -> None:
    sent = envelope(OPERATOR)
    first = report_incident(store, sent, viewer=OPERATOR, text="Push")
    assert report_incident(store, sent, viewer=OPERATOR, text=" Push ") == first
    with pytest.raises(HamkorError, match="command-id-reused"):
        report_incident(store, sent, viewer=OPERATOR, text="Other")
    note = envelope(OPERATOR)
    for _ in range(2):
        add_note(store, note, viewer=OPERATOR, incident_id=str(sent.command_id), text="a")
    assert len(incident(store, str(sent.command_id)).notes) == 1
    assert len(get_documents(store, STREAM).all(INCIDENT)) == 1


PEOPLE = (OPERATOR, COLLEAGUE, DISPATCHER, MEDIC, FIRE, GUARD, AUDITOR)


def _random_command(store: MemoryStore, chance: random.Random, at: timedelta) -> None:
    documents = get_documents(store, STREAM)
    who = chance.choice(PEOPLE)
    found = documents.all(INCIDENT)
    ids = [item.id for item in found] or ["x"]
    notes = [note.id for item in found for note in item.notes] or ["x"]
    one = {"incident_id": chance.choice(ids)}
    fields = {
        "priority": chance.randint(1, 5),
        "parent": chance.choice([None, *ids]),
        "known": {"a": str(chance.random())},
    }
    field = chance.choice(sorted(fields))
    place = chance.choice([None, at_point(), Place(feature="gate"), Place(feature="unseen")])
    keys: dict[str, Any] = {
        "report_incident": {
            "type": chance.choice(["fall", "lost_child", None]),
            "text": "Push",
            "place": place,
        },
        "link_report": {**one, "text": "crush, we cannot breathe", "place": place},
        "change_incident": {**one, "fields": {field: fields[field]}},
        "advance_incident": {
            **one,
            "state": chance.choice(["assessed", "resolved", "closed"]),
            "reason": chance.choice([None, "a"]),
        },
        "merge_incidents": {"into_id": chance.choice(ids), "from_id": chance.choice(ids)},
        "strike_incident": {**one, "reason": "None."},
        "add_note": {**one, "text": "Note"},
        "strike_note": {**one, "note_id": chance.choice(notes), "reason": "a"},
        "set_medical": {**one, "patients": chance.randint(0, 3)},
        "describe_missing": {**one, "age": chance.choice(["6", None])},
        "find_missing": {**one, "state": chance.choice(["sought", "found", "handed_over"])},
    }
    verb = chance.choice(sorted(keys))
    getattr(commands, verb)(store, envelope(who, after=at), viewer=who, **keys[verb])


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_documents_are_the_fold_of_any_commands(chance: random.Random) -> None:
    store = store_with_event()
    for step in range(30):
        before = get_documents(store, STREAM)
        try:
            _random_command(store, chance, timedelta(seconds=step))
        except HamkorError:
            assert get_documents(store, STREAM) == before
    documents = get_documents(store, STREAM)
    assert fold(list_entries(store, STREAM)) == documents
    assert verify_journal(store, STREAM)
    incidents = documents.all(INCIDENT)
    assert sorted(item.number for item in incidents) == list(range(1, len(incidents) + 1))
    for kind in (MEDICAL_DETAIL, MISSING_PERSON):
        assert {item.id for item in documents.all(kind)} <= {item.id for item in incidents}
