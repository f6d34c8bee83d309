# SPDX-License-Identifier: Apache-2.0
"""Two clocks: they map to each other and back, whatever was set; a real operation has one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.operation.commands import close_operation, enter_phase, open_operation, set_clock
from hamkor.operation.facts import OPERATION
from hamkor.operation.rules.clock import event_time, local_time, moment_of, real_time
from hamkor.operation.rules.running import ClockSegment, ClockSetting, Operation
from hamkor.operation.tests.builders import (
    AUDITOR,
    CONTROLLER,
    COORDINATOR,
    HOUR,
    MINUTE,
    NOW,
    OPERATOR,
    PLAN,
    STRANGER,
    documents,
    done,
    job,
    local,
    refused,
    store_running,
    store_with_plan,
)

EVENING = datetime(2027, 3, 21, 13, 0, tzinfo=UTC)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is beside it
rates = st.floats(0.1, 600.0)
segments = st.builds(
    lambda real, event, rate: ClockSegment(real_at=real, event_at=event, rate=rate), moments, moments, rates
)
clocks = st.lists(segments, max_size=5, unique_by=lambda segment: segment.real_at).map(
    lambda found: tuple(sorted(found, key=lambda segment: segment.real_at))
)


def running(clock: tuple[ClockSegment, ...]) -> Operation:
    return Operation(mode="drill", phase_since=NOW, opened_at=NOW, opened_by="person:x", clock=clock)


@given(moments)
def test_without_a_clock_of_its_own_both_are_the_same(at: datetime) -> None:
    assert event_time(None, at) == event_time(running(()), at) == real_time(None, at) == at


@given(segments, st.timedeltas(timedelta(days=-30), timedelta(days=30)))
def test_one_setting_maps_there_and_back(segment: ClockSegment, after: timedelta) -> None:
    operation, at = running((segment,)), segment.real_at + after
    assert abs(real_time(operation, event_time(operation, at)) - at) < timedelta(milliseconds=1)


@given(clocks, moments)
def test_a_planned_moment_has_come_once_its_real_moment_has(
    clock: tuple[ClockSegment, ...], at: datetime
) -> None:
    operation = running(clock)
    real = real_time(operation, at)
    if clock and real > clock[-1].real_at:
        assert abs((event_time(operation, real) - at).total_seconds()) < 0.01


@given(segments, st.datetimes())
def test_no_moment_is_too_far(segment: ClockSegment, at: datetime) -> None:
    aware = at.replace(tzinfo=UTC)
    assert event_time(running((segment,)), aware).tzinfo is UTC
    assert real_time(running((segment,)), aware).tzinfo is UTC


def test_a_clock_set_back_counts_the_last_time_and_a_jump_brings_what_it_left_out() -> None:
    def at(hour: int) -> datetime:
        return EVENING + hour * HOUR

    back = running(
        (ClockSegment(real_at=NOW, event_at=at(2)), ClockSegment(real_at=NOW + HOUR, event_at=at(1)))
    )
    assert real_time(back, at(2)) == NOW + 2 * HOUR
    ahead = running(
        (ClockSegment(real_at=NOW, event_at=at(0)), ClockSegment(real_at=NOW + HOUR, event_at=at(9)))
    )
    assert real_time(ahead, at(5)) == NOW + HOUR
    assert real_time(ahead, at(0) + MINUTE) == NOW + MINUTE
    assert real_time(ahead, at(-1)) == NOW - HOUR


def test_times_of_the_plan_are_local() -> None:
    assert moment_of(PLAN.event, local(18)) == EVENING
    assert local_time(PLAN.event, EVENING) == local(18)
    lost = msgspec.structs.replace(PLAN.event, time_zone="No/Where")
    assert moment_of(lost, local(18)) is None
    assert local_time(lost, EVENING) is None
    assert moment_of(PLAN.event, None) is None
    assert moment_of(None, local(18)) is None
    assert moment_of(PLAN.event, datetime.min) is None  # noqa: DTZ901 - times of a plan are local


def test_an_operation_is_opened_moved_and_closed() -> None:
    store = store_with_plan()
    refused(store, "operation-not-open", enter_phase, COORDINATOR, phase="ingress")
    done(store, open_operation, COORDINATOR, mode="real", title="  Evening ")
    refused(store, "operation-open", open_operation, COORDINATOR, mode="real")
    done(store, enter_phase, COORDINATOR, phase="ingress", after=HOUR)
    found = documents(store).get(OPERATION, "operation")
    assert found is not None
    assert (found.title, found.phase, found.phase_since, found.opened_at) == (
        "Evening",
        "ingress",
        NOW + HOUR,
        NOW,
    )
    done(store, close_operation, COORDINATOR, reason="Over.", after=2 * HOUR)
    refused(store, "operation-not-open", close_operation, COORDINATOR, reason=None)
    done(store, open_operation, COORDINATOR, mode="real", after=20 * HOUR)


@pytest.mark.parametrize("who", [OPERATOR, AUDITOR, STRANGER])
def test_only_who_runs_it_opens_it(who: object) -> None:
    refused(store_with_plan(), "not-allowed", open_operation, who, mode="real")
    for verb, keys in (
        (enter_phase, {"phase": "show"}),
        (close_operation, {"reason": "x"}),
        (set_clock, {"event_at": EVENING}),
    ):
        refused(store_running(), "not-allowed", verb, who, **keys)


def test_a_controller_runs_drills_only() -> None:
    store = store_with_plan()
    refused(store, "drill-only", open_operation, CONTROLLER, mode="real")
    done(store, open_operation, CONTROLLER, mode="drill")
    done(store, enter_phase, CONTROLLER, phase="show")
    done(store, close_operation, CONTROLLER)
    real = store_running()
    refused(real, "drill-only", enter_phase, CONTROLLER, phase="show")
    refused(real, "drill-only", close_operation, CONTROLLER)


def test_malformed_openings_are_refused() -> None:
    store = store_with_plan()
    refused(store, "mode-unknown", open_operation, COORDINATOR, mode="maybe")
    refused(store, "text-too-long", open_operation, COORDINATOR, mode="real", title="x" * 201)
    clock = ClockSetting(event_at=EVENING)
    refused(store, "clock-real", open_operation, COORDINATOR, mode="real", clock=clock)
    for rate in (0.0, -1.0, 601.0, float("nan"), float("inf")):
        bad = ClockSetting(event_at=EVENING, rate=rate)
        refused(store, "rate-impossible", open_operation, COORDINATOR, mode="drill", clock=bad)
    far = ClockSetting(event_at=EVENING + timedelta(days=9999))
    refused(store, "clock-far", open_operation, COORDINATOR, mode="drill", clock=far)
    naive = ClockSetting(event_at=local(18))
    refused(store, "clock-far", open_operation, COORDINATOR, mode="drill", clock=naive)
    done(store, open_operation, COORDINATOR, mode="real")
    refused(store, "phase-unknown", enter_phase, COORDINATOR, phase="party")
    refused(store, "clock-real", set_clock, COORDINATOR, event_at=EVENING)


def test_setting_the_clock_of_a_drill_moves_planned_work() -> None:
    store = store_with_plan()
    done(store, open_operation, CONTROLLER, mode="drill", clock=ClockSetting(event_at=NOW, rate=60))
    assert job(store, "task:sweep").due_at == NOW + 2 * MINUTE
    done(store, set_clock, CONTROLLER, event_at=NOW, rate=1, after=MINUTE)
    assert job(store, "task:sweep").due_at == NOW + MINUTE + 2 * HOUR


def test_the_real_operation_opens_after_a_drill_and_begins_empty() -> None:
    store = store_running("drill")
    assert documents(store).all("job")
    done(store, close_operation, COORDINATOR, after=HOUR)
    done(store, open_operation, COORDINATOR, mode="real", after=2 * HOUR)
    assert {found.state for found in documents(store).all("job")} <= {"waiting"}
    done(store, close_operation, COORDINATOR, after=3 * HOUR)
    refused(store, "drill-after-real", open_operation, COORDINATOR, mode="drill")
