# SPDX-License-Identifier: Apache-2.0
"""The watch: what the clock makes due is written down once, however many look and whoever is killed meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from hamkor.alarms.commands import acknowledge, clear_alarm, shelve
from hamkor.alarms.facts import ALARM
from hamkor.centre import watch
from hamkor.centre.tests.builders import (
    COORDINATOR,
    GUARD,
    MINUTE,
    NOW,
    OPERATOR,
    STREAM,
    S,
    draft,
    envelope,
    evening,
    incident,
    sent,
)
from hamkor.centre.watch import command_id_of, look
from hamkor.common.errors import HamkorError
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents, get_head, list_entries, verify_journal
from hamkor.journal.rules import Envelope, fold
from hamkor.operation.commands import close_operation, finish_job, hear_post
from hamkor.operation.facts import JOB, POST_STATE
from hamkor.orders.facts import MESSAGE

JOB_ID = "task:check-gates"


@pytest.fixture
def store() -> MemoryStore:
    store = evening()
    look(store, STREAM, NOW)
    return store


def alarms(store: MemoryStore, sort: str) -> list[Any]:
    return [alarm for alarm in get_documents(store, STREAM).all(ALARM) if alarm.sort == sort]


def job(store: MemoryStore) -> Any:
    return get_documents(store, STREAM).get(JOB, JOB_ID)


def test_nothing_due_appends_nothing(store: MemoryStore) -> None:
    number = get_head(store, STREAM).number
    for second in range(1, 20):
        assert look(store, STREAM, NOW + second * S) == 0
    assert get_head(store, STREAM).number == number
    assert look(MemoryStore(), STREAM, NOW) == 0


def test_work_becomes_due_and_overdue_with_one_alarm(store: MemoryStore) -> None:
    look(store, STREAM, NOW + 5 * MINUTE)
    assert job(store).state == "due"
    assert alarms(store, "overdue") == []
    look(store, STREAM, NOW + 21 * MINUTE)
    assert job(store).overdue_since is not None
    (alarm,) = alarms(store, "overdue")
    assert (alarm.subject_kind, alarm.subject, alarm.agency) == ("job", JOB_ID, "iib")
    assert look(store, STREAM, NOW + 22 * MINUTE) == 0
    done = envelope(OPERATOR, after=23 * MINUTE)
    finish_job(store, done, viewer=OPERATOR, job_id=JOB_ID)
    look(store, STREAM, NOW + 23 * MINUTE)
    assert not alarms(store, "overdue")[0].is_active


def test_what_a_person_cleared_stays_cleared(store: MemoryStore) -> None:
    look(store, STREAM, NOW + 21 * MINUTE)
    (alarm,) = alarms(store, "overdue")
    cleared = envelope(OPERATOR, after=22 * MINUTE)
    clear_alarm(store, cleared, viewer=OPERATOR, alarm_id=alarm.id, reason="It is being done.")
    assert look(store, STREAM, NOW + 23 * MINUTE) == 0
    assert [each.state for each in alarms(store, "overdue")] == ["cleared"]


def test_a_silent_post_is_noticed_and_heard_again(store: MemoryStore) -> None:
    look(store, STREAM, NOW + 31 * MINUTE)
    state = get_documents(store, STREAM).get(POST_STATE, "gate-3")
    assert state is not None
    assert state.silent_since is not None
    (alarm,) = alarms(store, "silent_post")
    assert (alarm.subject, alarm.priority) == ("gate-3", 2)
    acknowledge(store, envelope(OPERATOR, after=32 * MINUTE), viewer=OPERATOR, alarm_ids=[alarm.id])
    hear_post(store, envelope(GUARD, after=33 * MINUTE), viewer=GUARD, post_id="gate-3")
    look(store, STREAM, NOW + 33 * MINUTE)
    assert [each.state for each in alarms(store, "silent_post")] == ["cleared"]
    look(store, STREAM, NOW + 64 * MINUTE)
    assert [each.state for each in alarms(store, "silent_post")] == ["cleared", "unacknowledged"]


def test_unanswered_orders_and_unsent_crews_are_noticed(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft())
    incident_id = incident(store)
    look(store, STREAM, NOW + 20 * MINUTE)
    message = get_documents(store, STREAM).get(MESSAGE, message_id)
    assert message is not None
    assert message.state == "silent"
    assert {alarm.subject for alarm in alarms(store, "overdue")} == {incident_id}


def test_a_shelf_ends(store: MemoryStore) -> None:
    look(store, STREAM, NOW + 21 * MINUTE)
    (alarm,) = alarms(store, "overdue")
    shelved = envelope(OPERATOR, after=22 * MINUTE)
    shelve(store, shelved, viewer=OPERATOR, alarm_ids=[alarm.id], minutes=5, reason="Known.")
    assert look(store, STREAM, NOW + 26 * MINUTE) == 0
    assert look(store, STREAM, NOW + 27 * MINUTE) == 1
    assert alarms(store, "overdue")[0].state == "unacknowledged"


def test_after_the_end_nothing_of_the_plan_is_called(store: MemoryStore) -> None:
    close_operation(store, envelope(COORDINATOR), viewer=COORDINATOR, reason="Over.")
    assert look(store, STREAM, NOW + timedelta(hours=3)) == 0


def facts_of(store: MemoryStore) -> list[str]:
    return [entry.type for entry in list_entries(store, STREAM)]


def test_two_watches_do_nothing_twice() -> None:
    """Each sees the same documents before the other has written."""
    alone, together = evening(), evening()
    for made in (alone, together):
        look(made, STREAM, NOW)
        sent(made, OPERATOR, draft())
        incident(made)
    for minute in range(0, 60, 3):
        at = NOW + minute * MINUTE
        look(alone, STREAM, at)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda moment: look(together, STREAM, moment), [at] * 4))
    assert facts_of(together) == facts_of(alone)
    assert fold(list_entries(together, STREAM)) == get_documents(together, STREAM)
    assert verify_journal(together, STREAM)


def test_a_watch_killed_between_two_steps_is_caught_up_by_the_next_look(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    def die(*_arguments: Any) -> Any:
        raise KilledError

    steps = watch._STEPS
    for count in range(len(steps)):
        with monkeypatch.context() as patch:
            patch.setattr(watch, "_STEPS", (*steps[:count], die))
            with pytest.raises(KilledError):
                look(store, STREAM, NOW + 21 * MINUTE)
    look(store, STREAM, NOW + 21 * MINUTE)
    assert len(alarms(store, "overdue")) == 1
    assert look(store, STREAM, NOW + 21 * MINUTE) == 0


def test_a_step_that_is_refused_does_not_hold_up_the_others(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments: Any, **_keys: Any) -> Any:
        raise HamkorError("broken", "Broken.")

    monkeypatch.setattr(watch, "mark_silent_messages", refused)
    sent(store, OPERATOR, draft())
    with pytest.raises(HamkorError, match="broken"):
        look(store, STREAM, NOW + 21 * MINUTE)
    assert len(alarms(store, "overdue")) == 1


def test_ids_of_the_watch_are_the_same_for_the_same_finding() -> None:
    one = command_id_of(STREAM, 7, verb="mark_due", arguments={"job_ids": ["a"]})
    assert one == command_id_of(STREAM, 7, verb="mark_due", arguments={"job_ids": ["a"]})
    others = {
        command_id_of(STREAM, 8, verb="mark_due", arguments={"job_ids": ["a"]}),
        command_id_of(STREAM, 7, verb="mark_overdue", arguments={"job_ids": ["a"]}),
        command_id_of(STREAM, 7, verb="mark_due", arguments={"job_ids": ["b"]}),
        command_id_of("other", 7, verb="mark_due", arguments={"job_ids": ["a"]}),
    }
    assert len(others) == 4
    assert one not in others
    Envelope(stream=STREAM, command_id=one, at=NOW, by="system:watch")
    assert one.variant == "specified in RFC 4122"


def test_a_moment_without_zone_is_refused(store: MemoryStore) -> None:
    with pytest.raises(HamkorError, match="moment-naive"):
        look(store, STREAM, datetime(2027, 3, 21))  # noqa: DTZ001 - what is refused
