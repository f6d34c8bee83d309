# SPDX-License-Identifier: Apache-2.0
"""The report of a situation: what is counted, for whom, over which period, and in which words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from hamkor.agencies.rules import NotAllowedError
from hamkor.alarms.commands import acknowledge
from hamkor.alarms.facts import ALARM
from hamkor.centre.queries import (
    handover_summary,
    list_zone_states,
    report_period,
    report_text,
    situation_report,
)
from hamkor.centre.rules.counting import times_of, worst_of
from hamkor.centre.rules.naming import place_shown, title_of
from hamkor.centre.rules.sections import duration_shown
from hamkor.centre.rules.situation import Period
from hamkor.centre.rules.telling import is_drill, told
from hamkor.centre.tests.builders import (
    COORDINATOR,
    GUARD,
    MEDIC,
    MINUTE,
    NOW,
    OPERATOR,
    STREAM,
    S,
    draft,
    envelope,
    evening,
    incident,
    plan_of_evening,
    sent,
)
from hamkor.centre.watch import look
from hamkor.common.i18n import LANGUAGES
from hamkor.incidents.commands import advance_incident
from hamkor.journal.commands import perform
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents
from hamkor.operation.commands import open_operation, order_stop
from hamkor.operation.rules.places import Place
from hamkor.orders.commands import answer_message
from hamkor.plans.commands import record_plan
from hamkor.telemetry.facts import ZONE_STATE_CHANGED
from hamkor.telemetry.rules.zones import ZoneState
from hamkor.venues.facts import FEATURE
from hamkor.venues.rules.features import Feature

HOUR = Period(NOW, NOW + timedelta(hours=1))


def zone(store: MemoryStore, minute: int, band: int, name: str = "square") -> None:
    at = NOW + minute * MINUTE
    state = ZoneState(
        id=name, band=band, density=float(band) + 0.5, count=100.0 * band, fill=0.25 * band, since=at
    )
    perform(
        store,
        envelope(OPERATOR, after=minute * MINUTE),
        lambda _documents: [ZONE_STATE_CHANGED(state)],
        content=["zone", name, minute],
    )


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    """Returns an hour in which something of everything happened."""
    store = evening()
    zone(store, 1, 3)
    first = incident(store, after=2 * MINUTE, type="crowd_pressure", text="People push.")
    for minute, state in ((3, "assessed"), (4, "dispatched"), (6, "on_scene"), (10, "resolved")):
        step = envelope(OPERATOR, after=minute * MINUTE)
        advance_incident(store, step, viewer=OPERATOR, incident_id=first, state=state)
    zone(store, 11, 1)
    incident(store, after=12 * MINUTE, reporter="The woman in seat 12")
    answered = sent(store, OPERATOR, draft(), after=13 * MINUTE)
    late = envelope(GUARD, after=15 * MINUTE)
    answer_message(store, late, viewer=GUARD, message_id=answered, answer="refused", words="No.")
    sent(store, OPERATOR, draft(text="Open gate | 4\nnow"), after=16 * MINUTE)
    order = envelope(COORDINATOR, after=17 * MINUTE)
    order_stop(
        store,
        order,
        viewer=COORDINATOR,
        authority_id="stop-gate",
        action="stop_entry",
        sign="People push.",
        confirm="stop_entry",
    )
    look(store, STREAM, NOW + 25 * MINUTE)
    look(store, STREAM, NOW + 31 * MINUTE)
    heard = envelope(OPERATOR, after=32 * MINUTE)
    alarm = get_documents(store, STREAM).all(ALARM)[0]
    acknowledge(store, heard, viewer=OPERATOR, alarm_ids=[alarm.id])
    return store


def report(store: MemoryStore, who: Any = OPERATOR, period: Period = HOUR) -> Any:
    return report_period(who, store, STREAM, period=period)


def test_incidents_are_counted_with_their_times(store: MemoryStore) -> None:
    part = report(store).incidents
    assert (part.reported, part.open) == (2, 1)
    assert part.by_state == {"resolved": 1, "reported": 1}
    assert [(line.type, line.count) for line in part.types] == [("crowd_pressure", 1), ("medical", 1)]
    assert (part.sent.count, part.sent.median_s) == (1, 120)
    assert (part.arrival.count, part.arrival.longest_s) == (1, 240)
    assert [item.number for item in part.notable] == [1, 2]


def test_alarms_messages_work_posts_and_decisions_are_counted(store: MemoryStore) -> None:
    found = report(store)
    assert found.alarms.raised == len(get_documents(store, STREAM).all(ALARM))
    assert found.alarms.acknowledged.count == 1
    assert (found.messages.sent, found.messages.refused, found.messages.late) == (2, 1, 1)
    assert (found.messages.silent, len(found.messages.waiting)) == (1, 1)
    assert {job.source for job in found.jobs.overdue} == {"task", "show_stop"}
    assert {line.post.id for line in found.short_posts} == {"hq", "gate-3", "gate-4", "aid"}
    assert found.people_missing == 6, "gate 3 is silent, and nobody of it is missing"
    assert [(stop.action, stop.state) for stop in found.stops] == [("stop_entry", "ordered")]


def test_zones_are_shown_at_their_worst(store: MemoryStore) -> None:
    assert [(state.id, state.band) for state in report(store).zones] == [("square", 3)]
    later = Period(NOW + 5 * MINUTE, NOW + 10 * MINUTE)
    assert [state.band for state in list_zone_states(store, STREAM, later)] == [3], "it held since before"
    after = Period(NOW + 12 * MINUTE, NOW + 20 * MINUTE)
    assert report(store, period=after).zones == ()
    assert worst_of([]) == ()


def test_a_past_period_is_as_it_was(store: MemoryStore) -> None:
    found = report(store, period=Period(NOW, NOW + 5 * MINUTE))
    assert found.incidents.by_state == {"dispatched": 1}
    assert found.messages.sent == 0
    assert found.stops == ()


def test_what_one_may_not_see_is_not_counted(store: MemoryStore) -> None:
    found = report(store, MEDIC)
    assert (found.messages.sent, found.messages.silent, found.messages.waiting) == (0, 0, ())
    assert found.incidents.reported == 2
    with pytest.raises(NotAllowedError):
        report(store, GUARD)
    with pytest.raises(NotAllowedError):
        situation_report(get_documents(store, STREAM), GUARD, HOUR)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_told_in_every_language(store: MemoryStore, language: str) -> None:
    text = report_text(report(store), language)
    assert "{" not in text
    assert "H-0002" in text
    assert "19:02" in text, "times are those of the event's clock"


def test_a_report_reads_well(store: MemoryStore) -> None:
    text = report_text(report(store), "en")
    for line in (
        "Situation report: Event, 2027-03-21 19:00 to 2027-03-21 20:00",
        "Incidents reported: 2; open now: 1.",
        "Until somebody was there: half within 4:00, all within 4:00 (1).",
        "Messages: 2; refused: 1; answered late: 1; silent now: 1.",
        "Posts short or silent: 4; people missing: 6.",
    ):
        assert line in text.splitlines(), text
    assert "Open gate | 4 now" in text, "a text of several lines stays one row"


def test_nothing_to_tell_is_told(store: MemoryStore) -> None:
    empty = situation_report(get_documents(MemoryStore(), STREAM), OPERATOR, HOUR)
    assert [section.id for section in told(empty)] == [
        "summary",
        "incidents",
        "alarms",
        "messages",
        "jobs",
        "posts",
    ]
    assert "UTC" in report_text(empty, "uz")


def test_a_drill_says_so() -> None:
    store = MemoryStore()
    record_plan(store, envelope(COORDINATOR), plan=plan_of_evening())
    open_operation(store, envelope(COORDINATOR), viewer=COORDINATOR, mode="drill", title="Crush at gate 3")
    found = report(store)
    assert is_drill(found)
    assert "This is a drill. Nothing of it is real." in report_text(found, "en")


def test_a_shift_leaves_what_is_open(store: MemoryStore) -> None:
    documents = get_documents(store, STREAM)
    summary = handover_summary(documents, OPERATOR, NOW + 32 * MINUTE)
    assert summary.counts["incidents_open"] == len(summary.incidents) == 1
    assert summary.counts["messages_waiting"] == len(summary.messages) == 1
    assert summary.counts["jobs_overdue"] == 2
    assert summary.jobs
    with pytest.raises(NotAllowedError):
        handover_summary(documents, GUARD, NOW)


def test_times_and_spans() -> None:
    assert times_of([]).median_s is None
    assert (times_of([1, 2, 9]).median_s, times_of([1, 2, 9]).longest_s) == (2, 9)
    assert [duration_shown(each) for each in (None, 0, 96, 7509.4)] == ["–", "0:00", "1:36", "2:05:09"]
    assert HOUR.holds(NOW)
    assert not HOUR.holds(NOW + 3600 * S)
    assert not HOUR.holds(None)


def test_places_are_called_as_on_the_drawing():
    store = evening()
    gate = {"type": "Feature", "id": "check-3", "properties": {"kind": "assembly_area"}}
    name = {"uz": "3-nazorat punkti", "en": "Checkpoint 3"}
    feature = msgspec.convert({**gate, "properties": {**gate["properties"], "name": name}}, Feature)
    perform(store, envelope(COORDINATOR), lambda _: [FEATURE.recorded(feature)], content=["draw"])
    documents = get_documents(store, STREAM)
    assert title_of(documents, "feature", "check-3") == name
    assert place_shown(documents, Place(feature="check-3")) == name
    assert title_of(documents, "feature", "nowhere") == "nowhere"
