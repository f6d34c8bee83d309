# SPDX-License-Identifier: Apache-2.0
"""The life of alarms by commands: who may, what follows, what is refused, what a second sending does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from hamkor.alarms import commands
from hamkor.alarms.commands import (
    acknowledge,
    clear_alarm,
    clear_alarms,
    follow_signals,
    install_rules,
    raise_alarms,
    raise_manual,
    remove_rule,
    repeat_alarms,
    set_rule,
    shelve,
    unshelve,
)
from hamkor.alarms.facts import ALARM_RULE
from hamkor.alarms.queries import make_evaluator, rules_in_force
from hamkor.alarms.rules.alarms import Alarm, AlarmError
from hamkor.alarms.rules.evaluating import Clear, Raise, Repeat
from hamkor.alarms.rules.raising import Seen, hearers, raised, returned
from hamkor.alarms.tests.builders import (
    AUDITOR,
    COORDINATOR,
    FIELD,
    INGEST,
    MEDIC,
    MINUTE,
    NOW,
    OPERATOR,
    SECOND,
    STRANGER,
    STREAM,
    T0,
    WATCH,
    alarms,
    envelope,
    rule,
    store_with_event,
    viewer,
)
from hamkor.common.errors import HamkorError
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import export_journal, get_documents
from hamkor.operation.rules.places import Place

DENSE = Raise(rule="density-high", subject_kind="zone", subject="pen", feature="pen", value=4.5, at=T0)
GONE = Clear(rule="density-high", subject_kind="zone", subject="pen", feature="pen", value=1.0, at=T0)


@pytest.fixture
def store() -> MemoryStore:
    return store_with_event()


def refused(store: MemoryStore, code: str, verb: Any, who: Any, **keys: Any) -> None:
    """Asserts that a command is refused by a code, and that nothing has changed."""
    before = export_journal(store, STREAM)
    with pytest.raises(HamkorError) as caught:
        verb(store, envelope(who), viewer=who, **keys)
    assert caught.value.code == code
    assert caught.value.message.in_english()
    assert export_journal(store, STREAM) == before


def send(store: MemoryStore, verb: Any, who: Any, *, after: timedelta = timedelta(0), **keys: Any) -> Any:
    return verb(store, envelope(who, after=after), viewer=who, **keys)


def dense(store: MemoryStore, *, after: timedelta = timedelta(0)) -> Alarm:
    send(store, raise_alarms, INGEST, after=after, alarms=[DENSE])
    return alarms(store)[-1]


def only(store: MemoryStore) -> Alarm:
    (alarm,) = alarms(store)
    return alarm


def test_a_condition_raises_one_alarm_with_its_action_and_hearers(store: MemoryStore) -> None:
    send(store, install_rules, COORDINATOR)
    alarm = dense(store)
    send(store, raise_alarms, INGEST, after=SECOND, alarms=[DENSE, DENSE])
    assert only(store) == alarm
    assert (alarm.state, alarm.number, alarm.value, alarm.limit) == ("unacknowledged", 1, 4.5, 4.0)
    assert (alarm.contingency, alarm.to, alarm.place) == (
        "c-crush",
        ("operators", "agency:mg"),
        Place(feature="pen"),
    )
    assert alarm.action
    assert alarm.raised_at == NOW


def test_repeats_are_written_down_once_a_minute(store: MemoryStore) -> None:
    dense(store)
    again = Repeat(rule="density-high", subject_kind="zone", subject="pen", value=4.8, count=7, at=T0)
    send(store, repeat_alarms, INGEST, after=59 * SECOND, alarms=[again])
    assert only(store).repeats == 0
    send(store, repeat_alarms, INGEST, after=MINUTE, alarms=[again, again])
    assert (only(store).repeats, only(store).value) == (7, 4.8)


def test_acknowledged_and_gone_in_either_order_is_over(store: MemoryStore) -> None:
    alarm = dense(store)
    send(store, acknowledge, OPERATOR, alarm_ids=[alarm.id, alarm.id])
    assert (only(store).state, only(store).acknowledged_by) == ("acknowledged", "person:operator")
    send(store, clear_alarms, INGEST, alarms=[GONE])
    assert (only(store).state, only(store).value) == ("cleared", 1.0)
    second = dense(store, after=MINUTE)
    assert (second.number, second.state) == (2, "unacknowledged")
    send(store, clear_alarms, INGEST, after=MINUTE, alarms=[GONE])
    assert alarms(store)[1].state == "returned"
    send(store, acknowledge, OPERATOR, after=MINUTE, alarm_ids=[second.id])
    assert alarms(store)[1].state == "cleared"


def test_a_returned_alarm_that_comes_back_is_new_again(store: MemoryStore) -> None:
    dense(store)
    send(store, follow_signals, INGEST, after=SECOND, signals=[GONE, DENSE])
    assert (only(store).state, only(store).repeats, only(store).is_active) == ("unacknowledged", 1, True)


def test_two_who_acknowledge_at_once_are_both_right(store: MemoryStore) -> None:
    alarm = dense(store)
    send(store, acknowledge, OPERATOR, alarm_ids=[alarm.id])
    assert send(store, acknowledge, COORDINATOR, alarm_ids=[alarm.id]).entries == ()


@pytest.mark.parametrize(("priority", "minutes"), [(1, 10), (2, 30), (3, 60), (4, 240)])
def test_the_time_on_the_shelf_follows_the_priority(store: MemoryStore, priority: Any, minutes: int) -> None:
    send(store, raise_manual, FIELD, title="Look", priority=priority)
    alarm = only(store)
    keys = {"alarm_ids": [alarm.id], "reason": "A drill of the stewards."}
    refused(store, "shelf-too-long", shelve, OPERATOR, minutes=minutes + 1, **keys)
    send(store, shelve, OPERATOR, minutes=minutes, **keys)
    shelved = only(store)
    assert (shelved.state, shelved.shelved_by, shelved.shelved_times) == ("shelved", "person:operator", 1)
    assert shelved.shelved_until == NOW + minutes * MINUTE


@pytest.mark.parametrize("minutes", [0, -1, float("nan"), float("inf"), 1441])
def test_impossible_times_and_missing_reasons_are_refused(store: MemoryStore, minutes: float) -> None:
    ids = [dense(store).id]
    refused(store, "shelf-time-wrong", shelve, OPERATOR, alarm_ids=ids, minutes=minutes, reason="a")
    refused(store, "reason-missing", shelve, OPERATOR, alarm_ids=ids, minutes=5, reason=" \n")


def test_after_the_shelf_what_holds_is_new_and_what_is_gone_is_over(store: MemoryStore) -> None:
    alarm = dense(store)
    keys: dict[str, Any] = {"alarm_ids": [alarm.id], "minutes": 10, "reason": "Known."}
    send(store, shelve, OPERATOR, **keys)
    send(store, unshelve, WATCH, after=9 * MINUTE, alarm_ids=[alarm.id])
    assert only(store).state == "shelved"
    send(store, unshelve, WATCH, after=10 * MINUTE, alarm_ids=[alarm.id])
    assert (only(store).state, only(store).shelved_until) == ("unacknowledged", None)
    send(store, shelve, OPERATOR, **keys)
    send(store, follow_signals, INGEST, signals=[GONE, DENSE, GONE])
    assert (only(store).state, only(store).is_active) == ("shelved", False)
    send(store, unshelve, OPERATOR, alarm_ids=[alarm.id])
    assert only(store).state == "cleared"
    assert send(store, unshelve, OPERATOR, alarm_ids=[alarm.id]).entries == ()
    refused(store, "alarm-over", shelve, OPERATOR, **keys)


def test_what_readings_prove_is_not_cleared_by_hand(store: MemoryStore) -> None:
    alarm = dense(store)
    refused(store, "alarm-still-active", clear_alarm, OPERATOR, alarm_id=alarm.id, reason="No.")
    late = envelope(OPERATOR, after=3 * MINUTE)
    with pytest.raises(AlarmError, match="reason-missing"):
        clear_alarm(store, late, viewer=OPERATOR, alarm_id=alarm.id)
    send(store, clear_alarm, OPERATOR, after=3 * MINUTE, alarm_id=alarm.id, reason="The camera is dead.")
    assert (only(store).state, only(store).clear_reason) == ("cleared", "The camera is dead.")
    assert send(store, clear_alarm, OPERATOR, after=4 * MINUTE, alarm_id=alarm.id).entries == ()


def test_an_alarm_by_hand_has_the_id_of_its_command(store: MemoryStore) -> None:
    sent = envelope(FIELD)
    place = Place(feature="pen", words=" by the  bar ")
    for _ in range(2):
        raise_manual(store, sent, viewer=FIELD, title=" Fence falls ", place=place, priority=1, words="Now")
    alarm = only(store)
    assert alarm.id == str(sent.command_id)
    assert (alarm.title, alarm.words, alarm.priority, alarm.sort) == ("Fence falls", "Now", 1, "manual")
    assert (alarm.agency, alarm.to, alarm.place is not None) == ("mg", ("operators", "agency:mg"), True)
    send(store, clear_alarm, OPERATOR, alarm_id=alarm.id)
    assert only(store).state == "cleared"


def test_an_agreed_sign_is_raised_by_its_rule(store: MemoryStore) -> None:
    refused(store, "alarm-rule-absent", raise_manual, FIELD, rule="sign-1:stop")
    send(store, install_rules, COORDINATOR)
    refused(store, "alarm-rule-absent", raise_manual, FIELD, rule="density-high")
    send(store, raise_manual, FIELD, rule="sign-1:stop")
    assert (only(store).title, only(store).priority, only(store).agency) == ("Waves", 1, "iib")


@pytest.mark.parametrize(
    ("code", "keys"),
    [
        ("alarm-untitled", {"title": " "}),
        ("text-too-long", {"title": "a" * 201}),
        ("alarm-priority-wrong", {"title": "a", "priority": 0}),
        ("place-absent", {"title": "a", "place": Place(feature="moon")}),
    ],
)
def test_alarms_by_hand_must_make_sense(store: MemoryStore, code: str, keys: dict[str, Any]) -> None:
    refused(store, code, raise_manual, FIELD, **keys)


@pytest.mark.parametrize("who", [AUDITOR, STRANGER, FIELD, viewer("planner", "planner")])
def test_rights_are_asked(store: MemoryStore, who: Any) -> None:
    ids = [dense(store).id]
    refused(store, "not-allowed", acknowledge, who, alarm_ids=ids)
    refused(store, "not-allowed", shelve, who, alarm_ids=ids, minutes=1, reason="a")
    refused(store, "not-allowed", unshelve, who, alarm_ids=ids)
    refused(store, "not-allowed", clear_alarm, who, alarm_id=ids[0])
    refused(store, "not-allowed", install_rules, who)
    refused(store, "not-allowed", set_rule, who, rule=rule())
    refused(store, "not-allowed", remove_rule, who, rule_id="r")


@pytest.mark.parametrize("verb", [raise_alarms, clear_alarms, repeat_alarms])
def test_only_the_server_says_what_it_notices(store: MemoryStore, verb: Any) -> None:
    refused(store, "not-allowed", verb, COORDINATOR, alarms=[])


def test_an_agency_answers_its_own_alarms_only(store: MemoryStore) -> None:
    alarm = dense(store)
    refused(store, "alarm-not-yours", acknowledge, MEDIC, alarm_ids=[alarm.id])
    seen = Seen(rule="overdue", subject_kind="job", subject="j", values={"agency": "tty"})
    send(store, raise_alarms, WATCH, alarms=[seen])
    send(store, acknowledge, MEDIC, alarm_ids=[alarms(store)[1].id])
    assert alarms(store)[1].state == "acknowledged"
    refused(store, "alarm-absent", acknowledge, MEDIC, alarm_ids=["none"])
    refused(store, "alarms-too-many", acknowledge, OPERATOR, alarm_ids=[str(n) for n in range(1001)])


def test_silence_goes_up_the_line(store: MemoryStore) -> None:
    about: dict[str, Any] = {"subject_kind": "message", "subject": "m"}
    send(store, raise_alarms, WATCH, alarms=[Seen(rule="silent_order", to=("person:a",), **about)])
    send(store, acknowledge, OPERATOR, alarm_ids=[only(store).id])
    keys: dict[str, Any] = {"alarm_ids": [only(store).id], "minutes": 30, "reason": "Known."}
    send(store, shelve, OPERATOR, **keys)
    send(store, raise_alarms, WATCH, alarms=[Seen(rule="silent_order", to=("person:b",), **about)])
    alarm = only(store)
    assert (alarm.state, alarm.acknowledged_at) == ("unacknowledged", None)
    assert alarm.to == ("operators", "person:a", "person:b")
    documents = get_documents(store, STREAM)
    assert len(returned(documents, "silent_order", at=NOW, **about)) == 1
    assert not returned(documents, "overdue", at=NOW, **about)


def test_hearers_no_document_can_keep_are_a_fault() -> None:
    with pytest.raises(msgspec.ValidationError):
        hearers(None, ["nobody"])


def test_a_flood_is_grouped_but_nothing_is_lost(store: MemoryStore) -> None:
    found = [Seen(rule="overdue", subject_kind="job", subject=str(number)) for number in range(15)]
    send(store, raise_alarms, WATCH, alarms=found)
    send(store, raise_manual, FIELD, title="Fire", priority=1)
    assert [alarm.flooded for alarm in alarms(store)] == [False] * 10 + [True] * 5 + [False]
    later = Seen(rule="overdue", subject_kind="job", subject="later")
    send(store, raise_alarms, WATCH, after=11 * MINUTE, alarms=[later])
    assert not alarms(store)[-1].flooded


def test_rules_of_the_plan_are_installed_once_and_persons_rules_stay(store: MemoryStore) -> None:
    send(store, install_rules, COORDINATOR)
    documents = get_documents(store, STREAM)
    assert {each.id for each in rules_in_force(documents)} == {each.id for each in documents.all(ALARM_RULE)}
    assert send(store, install_rules, COORDINATOR).entries == ()
    mine = rule(id="density-high", limit=3.0, origin="plan")
    send(store, set_rule, COORDINATOR, rule=mine)
    assert send(store, set_rule, COORDINATOR, rule=mine).entries == ()
    assert send(store, install_rules, COORDINATOR).entries == ()
    kept = get_documents(store, STREAM).get(ALARM_RULE, "density-high")
    assert kept is not None
    assert (kept.limit, kept.origin) == (3.0, "person")
    send(store, remove_rule, COORDINATOR, rule_id="density-high")
    refused(store, "alarm-rule-absent", remove_rule, COORDINATOR, rule_id="density-high")
    back = next(each for each in rules_in_force(get_documents(store, STREAM)) if each.id == "density-high")
    assert back.limit == 4.0


@pytest.mark.parametrize(
    ("code", "keys"),
    [
        ("rule-place-absent", {"places": ("moon",)}),
        ("rule-contingency-absent", {"contingency": "none"}),
        ("rule-without-action", {"action": None}),
    ],
)
def test_rules_must_name_what_is_there(store: MemoryStore, code: str, keys: dict[str, Any]) -> None:
    refused(store, code, set_rule, COORDINATOR, rule=rule(**keys))


@pytest.mark.parametrize(
    "change", [{"enabled": False}, {"places": ("square",)}, {"measure": "speed", "sort": "threshold"}]
)
def test_alarms_of_a_rule_that_looks_elsewhere_return(store: MemoryStore, change: dict[str, Any]) -> None:
    send(store, set_rule, COORDINATOR, rule=rule(id="mine"))
    send(store, raise_alarms, INGEST, alarms=[msgspec.structs.replace(DENSE, rule="mine")])
    send(store, set_rule, COORDINATOR, rule=rule(**{"id": "mine", **change}))
    assert (only(store).state, only(store).is_active) == ("returned", False)


def test_a_rule_that_is_off_raises_nothing_and_a_removed_one_holds_up_nobody(store: MemoryStore) -> None:
    send(store, set_rule, COORDINATOR, rule=rule(id="density-high", enabled=False))
    gone = msgspec.structs.replace(DENSE, rule="long-gone")
    send(
        store,
        raise_alarms,
        INGEST,
        alarms=[DENSE, gone, msgspec.structs.replace(DENSE, rule="density-critical")],
    )
    assert only(store).rule == "density-critical"


def test_other_rooms_raise_by_sort_and_the_nearest_rule_is_taken(store: MemoryStore) -> None:
    send(store, set_rule, COORDINATOR, rule=rule(id="post-all", sort="silent_post", measure=None, limit=None))
    send(
        store,
        set_rule,
        COORDINATOR,
        rule=rule(id="post-pen", sort="silent_post", measure=None, limit=None, places=("pen",), priority=1),
    )
    documents = get_documents(store, STREAM)
    about: dict[str, Any] = {"subject_kind": "post", "subject": "p", "at": NOW}
    (fact,) = raised(documents, "silent_post", place=Place(feature="pen"), cause="x", value=3.0, **about)
    assert (fact.body.rule, fact.body.cause, fact.body.value) == ("post-pen", "x", 3.0)
    (fact,) = raised(documents, "silent_post", place=Place(words="there"), priority=4, **about)
    assert (fact.body.rule, fact.body.priority) == ("post-all", 4)
    with pytest.raises(AlarmError, match="alarm-rule-absent"):
        raised(documents, "nonsense", **about)


def test_an_evaluator_is_made_of_the_documents_and_goes_on_after_a_restart(store: MemoryStore) -> None:
    send(store, install_rules, COORDINATOR)
    documents = get_documents(store, STREAM)
    reading = ("d", "density", "camera", 3.5, T0)
    found = make_evaluator(documents, since=NOW)
    signals = [*found.feed([reading]), *found.tick(T0 + 5)]
    assert [(each.rule, each.subject) for each in signals] == [("density-high:pen", "pen")]
    send(store, follow_signals, INGEST, signals=signals)
    again = make_evaluator(get_documents(store, STREAM), since=NOW)
    assert not [each for each in (*again.feed([reading]), *again.tick(T0 + 5)) if isinstance(each, Raise)]


def test_a_command_sent_twice_acts_once(store: MemoryStore) -> None:
    sent = envelope(INGEST)
    raise_alarms(store, sent, viewer=INGEST, alarms=[DENSE])
    before = export_journal(store, STREAM)
    raise_alarms(store, sent, viewer=INGEST, alarms=[DENSE])
    assert export_journal(store, STREAM) == before


def test_nobody_sends_in_the_name_of_another(store: MemoryStore) -> None:
    for verb, keys in ((acknowledge, {"alarm_ids": []}), (raise_alarms, {"alarms": []}), (install_rules, {})):
        with pytest.raises(ValueError, match="cannot send a command as"):
            verb(store, envelope(OPERATOR), viewer=COORDINATOR, **keys)
    assert set(commands.__all__) <= set(vars(commands))
