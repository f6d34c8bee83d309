# SPDX-License-Identifier: Apache-2.0
"""Silence: noticed step by step, raised up the line, ended by a word; other ways and repetitions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hamkor.alarms.facts import ALARM, ALARM_ACKNOWLEDGED, AlarmAcknowledged
from hamkor.common.errors import HamkorError
from hamkor.journal.commands import perform
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import export_journal, get_documents
from hamkor.orders.commands import (
    answer_message,
    confirm_read_back,
    mark_delivered,
    mark_seen,
    mark_silent_messages,
    read_back,
    reroute_message,
)
from hamkor.orders.queries import (
    list_newly_silent,
    list_other_routes,
)
from hamkor.orders.tests.builders import (
    COORDINATOR,
    GATE,
    GUARD,
    MEDIC,
    NOW,
    OPERATOR,
    STREAM,
    TO_TTY,
    WATCH,
    S,
    draft,
    envelope,
    message_of,
    sent,
    store_with_plan,
)


@pytest.fixture
def store() -> MemoryStore:
    return store_with_plan()


def refused(store: MemoryStore, code: str, verb: Any, who: Any, **keys: Any) -> None:
    """Asserts that a command is refused by a code, and that nothing has changed."""
    before = export_journal(store, STREAM)
    with pytest.raises(HamkorError) as caught:
        verb(store, envelope(who), viewer=who, **keys)
    assert caught.value.code == code
    assert caught.value.message.in_english()
    assert export_journal(store, STREAM) == before


def watch(store: MemoryStore, after: timedelta) -> int:
    """Lets the watch look, and returns how many entries it appended."""
    found = list_newly_silent(get_documents(store, STREAM), NOW + after)
    result = mark_silent_messages(store, envelope(WATCH, after=after), viewer=WATCH, message_ids=found)
    return len(result.entries)


def state(store: MemoryStore, message_id: str) -> str:
    return message_of(store, message_id).state


def test_silence_goes_up_the_line_and_an_answer_ends_it(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft(from_post="hq"))
    assert watch(store, 9 * S) == 0
    assert watch(store, 10 * S) == 2
    assert watch(store, 10 * S) == 0
    (receipt,) = message_of(store, message_id).receipts
    assert (receipt.silent_stage, receipt.level, receipt.escalated_to) == ("deliver", 1, "person:operator")
    assert (receipt.route, receipt.route_rank, receipt.deputy) == ("net", "primary", "gate-4")
    (alarm,) = get_documents(store, STREAM).all(ALARM)
    assert (alarm.sort, alarm.subject, alarm.priority) == ("silent_order", message_id, 1)
    assert {"person:operator", "post:gate-4", "operators"} <= set(alarm.to)
    assert watch(store, 69 * S) == 0
    assert watch(store, 70 * S) == 2
    assert message_of(store, message_id).receipts[0].escalated_to == "agency:iib"
    assert watch(store, 130 * S) >= 1
    assert message_of(store, message_id).receipts[0].escalated_to == "operators"
    assert watch(store, timedelta(days=1)) == 0, "there is nobody further up"
    assert state(store, message_id) == "silent"
    late = envelope(GUARD, after=timedelta(days=1))
    answer_message(store, late, viewer=GUARD, message_id=message_id, answer="accepted")
    assert state(store, message_id) == "accepted"
    assert not any(alarm.is_active for alarm in get_documents(store, STREAM).all(ALARM))


def test_a_step_that_comes_late_ends_only_its_own_silence(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft())
    watch(store, 10 * S)
    mark_delivered(store, envelope(GUARD, after=15 * S), viewer=GUARD, message_ids=[message_id])
    assert state(store, message_id) == "delivered"
    assert watch(store, 30 * S) == 2
    assert message_of(store, message_id).receipts[0].silent_stage == "see"
    mark_seen(store, envelope(GUARD, after=61 * S), viewer=GUARD, message_id=message_id)
    assert message_of(store, message_id).receipts[0].silent_stage == "answer"
    assert state(store, message_id) == "silent"


def test_an_acknowledged_alarm_sounds_again_at_the_end_of_the_line(store: MemoryStore) -> None:
    sent(store, OPERATOR, draft(TO_TTY, urgency="immediate"))
    watch(store, 30 * S)
    (alarm,) = get_documents(store, STREAM).all(ALARM)
    body = AlarmAcknowledged(id=alarm.id, at=NOW + 31 * S, by=OPERATOR.person)
    perform(store, envelope(OPERATOR), lambda _documents: [ALARM_ACKNOWLEDGED(body)], content=["ack"])
    watch(store, 210 * S)
    alarms = get_documents(store, STREAM).all(ALARM)
    assert [(item.state, item.priority) for item in alarms] == [("cleared", 2), ("unacknowledged", 1)]


def test_the_watch_alone_notices_silence(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft())
    refused(store, "not-allowed", mark_silent_messages, COORDINATOR, message_ids=[message_id])


def test_information_is_only_to_be_seen(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft(sort="information"))
    mark_seen(store, envelope(GUARD), viewer=GUARD, message_id=message_id)
    assert watch(store, timedelta(days=1)) == 0


def test_what_is_said_again_by_another_way_is_awaited_anew(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft(from_post="hq"))
    watch(store, 10 * S)
    keys: dict[str, Any] = {"viewer": OPERATOR, "message_id": message_id}
    reroute_message(store, envelope(OPERATOR, after=20 * S), addressee=GATE, channel="net", **keys)
    (receipt,) = message_of(store, message_id).receipts
    assert (receipt.via, receipt.silent_since, receipt.awaited_from) == ("net", None, NOW + 20 * S)
    assert watch(store, 79 * S) == 0, "over the radio only the answer is awaited"
    assert watch(store, 80 * S) == 2
    documents = get_documents(store, STREAM)
    routes = [
        route.channel
        for route in list_other_routes(OPERATOR, documents, message_id=message_id, addressee=GATE)
    ]
    assert routes == ["phone"], "the dead, the untested and the tried are no routes"
    answer_message(
        store, envelope(OPERATOR, after=90 * S), answer="accepted", on_behalf=(GATE, "net"), **keys
    )
    (receipt,) = message_of(store, message_id).receipts
    assert (receipt.answer, receipt.by, receipt.answered_via) == ("accepted", "person:operator", "net")


def test_reading_back(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft(needs_read_back=True))
    keys: dict[str, Any] = {"message_id": message_id}
    refused(store, "not-repeated", confirm_read_back, OPERATOR, addressee=GATE, **keys)
    answer_message(store, envelope(GUARD), viewer=GUARD, answer="accepted", **keys)
    assert state(store, message_id) == "seen", "accepted, and not yet repeated"
    read_back(store, envelope(GUARD), viewer=GUARD, words="Open the entry.", **keys)
    assert state(store, message_id) == "accepted"
    refused(store, "not-allowed", confirm_read_back, MEDIC, addressee=GATE, is_right=False, **keys)
    confirm_read_back(
        store, envelope(OPERATOR, after=50 * S), viewer=OPERATOR, addressee=GATE, is_right=False, **keys
    )
    assert state(store, message_id) == "seen"
    assert watch(store, 109 * S) == 0
    assert watch(store, 110 * S) == 2
    read_back(store, envelope(GUARD, after=111 * S), viewer=GUARD, words="Stop the entry.", **keys)
    confirm_read_back(store, envelope(OPERATOR, after=112 * S), viewer=OPERATOR, addressee=GATE, **keys)
    assert state(store, message_id) == "accepted"
