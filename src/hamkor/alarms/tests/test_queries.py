# SPDX-License-Identifier: Apache-2.0
"""Reads of alarms: order, report of distribution, trying rules, and who may."""

from __future__ import annotations

from typing import Any

import pytest

from hamkor.agencies.rules.rights import NotAllowedError
from hamkor.alarms.commands import acknowledge, install_rules, raise_alarms, raise_manual, shelve
from hamkor.alarms.queries import (
    get_context,
    list_alarms,
    list_ended_shelves,
    list_rules,
    report_alarms,
    rules_in_force,
    try_on_past,
)
from hamkor.alarms.rules.defaults import default_rules
from hamkor.alarms.rules.evaluating import EVENT, Sample
from hamkor.alarms.rules.raising import Seen
from hamkor.alarms.tests.builders import (
    AUDITOR,
    COORDINATOR,
    FIELD,
    MINUTE,
    NOW,
    OPERATOR,
    STRANGER,
    STREAM,
    T0,
    WATCH,
    alarms,
    envelope,
    rule,
    store_with_event,
)
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Documents


@pytest.fixture
def store() -> MemoryStore:
    return store_with_event()


def manual(store: MemoryStore, priority: Any, minutes: int = 0) -> str:
    sent = envelope(FIELD, after=minutes * MINUTE)
    raise_manual(store, sent, viewer=FIELD, title=f"P{priority}", priority=priority)
    return str(sent.command_id)


def test_new_and_urgent_alarms_stand_first(store: MemoryStore) -> None:
    low, high, other = manual(store, 4), manual(store, 2, 1), manual(store, 1, 2)
    acknowledge(store, envelope(OPERATOR, after=3 * MINUTE), viewer=OPERATOR, alarm_ids=[other])
    found = list_alarms(AUDITOR, get_documents(store, STREAM))
    assert [alarm.id for alarm in found] == [high, low, other]


@pytest.mark.parametrize("who", [STRANGER, FIELD])
def test_reads_ask_rights(store: MemoryStore, who: Any) -> None:
    documents = get_documents(store, STREAM)
    with pytest.raises(NotAllowedError):
        list_alarms(who, documents)
    with pytest.raises(NotAllowedError):
        list_rules(who, documents)
    with pytest.raises(NotAllowedError):
        report_alarms(who, documents, since=NOW, until=NOW)
    with pytest.raises(NotAllowedError):
        try_on_past(OPERATOR, documents, rule(), samples=[])


def test_defaults_hold_until_rules_are_installed(store: MemoryStore) -> None:
    assert rules_in_force(Documents()) == default_rules()
    assert get_context(Documents()).capacities == {}
    install_rules(store, envelope(COORDINATOR), viewer=COORDINATOR)
    priorities = [each.priority for each in list_rules(OPERATOR, get_documents(store, STREAM))]
    assert priorities == sorted(priorities)
    assert get_context(get_documents(store, STREAM)).capacities[EVENT] == 6000


def test_a_report_says_whether_a_person_could_handle_it(store: MemoryStore) -> None:
    found = [Seen(rule="overdue", subject_kind="job", subject=str(number)) for number in range(18)]
    raise_alarms(store, envelope(WATCH), viewer=WATCH, alarms=found)
    first = manual(store, 1, 1)
    acknowledge(store, envelope(OPERATOR, after=3 * MINUTE), viewer=OPERATOR, alarm_ids=[first])
    manual(store, 2, 30)
    report = report_alarms(AUDITOR, get_documents(store, STREAM), since=NOW, until=NOW + 120 * MINUTE)
    assert (report.raised, report.per_h, report.most_in_10_min, report.floods) == (20, 10, 19, 1)
    assert [share.number for share in report.priorities] == [1, 1, 18, 0]
    assert [share.share for share in report.priorities] == [0.05, 0.05, 0.9, 0]
    assert (report.acknowledged, report.acknowledged_s, report.flooded) == (1, 120, 8)
    assert (report.open_now, report.shelved_now, report.chattering[0]) == (20, 0, ("overdue", 18))
    assert (report.is_too_many, report.is_critical_common) == (True, False)
    empty = report_alarms(AUDITOR, Documents(), since=NOW, until=NOW)
    assert (empty.raised, empty.acknowledged_s, empty.is_too_many) == (0, None, False)


def test_many_critical_alarms_are_told(store: MemoryStore) -> None:
    for minute in range(3):
        manual(store, 1, minute)
    report = report_alarms(AUDITOR, get_documents(store, STREAM), since=NOW, until=NOW + 60 * MINUTE)
    assert report.is_critical_common


def test_the_watch_finds_shelves_that_ended(store: MemoryStore) -> None:
    alarm_id = manual(store, 3)
    keys: dict[str, Any] = {"alarm_ids": [alarm_id], "minutes": 5, "reason": "Known."}
    shelve(store, envelope(OPERATOR), viewer=OPERATOR, **keys)
    documents = get_documents(store, STREAM)
    assert list_ended_shelves(documents, NOW + 4 * MINUTE) == ()
    assert list_ended_shelves(documents, NOW + 5 * MINUTE) == (alarms(store)[0].id,)


def test_a_rule_is_tried_on_the_venue_of_the_plan(store: MemoryStore) -> None:
    samples: list[Sample] = [("d", "occupancy", None, 950.0, T0), ("d", "occupancy", None, 100.0, T0 + 60)]
    tried = rule(sort="zone_limit", measure="occupancy", limit=0.9)
    documents = get_documents(store, STREAM)
    trial = try_on_past(COORDINATOR, documents, tried, samples=samples, devices={"d": "pen"})
    assert [(episode.subject, episode.value) for episode in trial.episodes] == [("pen", 0.95)]
