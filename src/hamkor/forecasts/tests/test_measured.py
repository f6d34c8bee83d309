# SPDX-License-Identifier: Apache-2.0
"""What is known now: fresh, missing and stale counts, and what the crowd does by phase, clock and orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hamkor.forecasts.rules.measured import Gap, course_of, measure, people_of, standing_m2, waiting_at
from hamkor.forecasts.tests import builders as b
from hamkor.journal.memory import MemoryStore
from hamkor.operation.commands import close_operation, lift_stop
from hamkor.operation.rules.running import ClockSetting


def gaps(found: Any) -> set[tuple[str, str]]:
    return {(gap.id, gap.why) for gap in found.gaps}


def test_fresh_counts_are_taken_as_they_are() -> None:
    told = b.values({"yard": 200, "field": 900, "stand": 300}, inside=1400, ways={"gate": (30, 2)})
    found = measure(told, b.GROUND, at=b.NOW)
    assert found.people == {"yard": 200, "field": 900, "stand": 300}
    assert (found.passing["gate"].into, found.passing["gate"].out) == (30, 2)
    assert (found.inside, found.in_per_min) == (1400, 30)
    assert found.oldest_s == 1.0
    assert found.gaps == ()


def test_a_count_that_is_too_old_is_unknown_and_its_age_is_said() -> None:
    told = b.values({"yard": 200, "field": 900, "stand": 300}, inside=1400, old_s={"field": 61})
    found = measure(told, b.GROUND, at=b.NOW)
    assert "field" not in found.people
    assert found.gaps == (Gap(kind="zone", id="field", why="stale", age_s=61.0),)


def test_an_area_nobody_counts_is_missing_and_an_uncounted_way_is_not() -> None:
    found = measure(b.values({"yard": 200}), b.GROUND, at=b.NOW)
    assert gaps(found) == {("field", "missing"), ("stand", "missing"), ("event", "missing")}
    assert found.inside is None


def test_a_way_that_fell_silent_is_a_gap() -> None:
    told = b.values({}, inside=10, ways={"gate": (30, 0)}, old_s={"gate": 300})
    assert ("gate", "stale") in gaps(measure(told, b.GROUND, at=b.NOW))


def test_a_zone_whose_sum_nobody_knows_is_missing_though_it_was_heard_of() -> None:
    told = b.values({}, inside=100)
    told.append(b.Value("zone", "yard", told[0].at_ms, {"density": 1.0}))
    assert ("yard", "missing") in gaps(measure(told, b.GROUND, at=b.NOW))


def test_who_comes_is_counted_at_the_gates_unless_one_is_silent() -> None:
    told = b.values({}, inside=100, in_per_h=600, ways={"gate": (42, 1), "door": (7, 0)})
    assert measure(told, b.GROUND, at=b.NOW).in_per_min == 42
    told = b.values({}, inside=100, in_per_h=600, ways={"gate": (42, 1)}, old_s={"gate": 90})
    assert measure(told, b.GROUND, at=b.NOW).in_per_min == 10


def crowded(per_m2: float, count: float = 120) -> Any:
    told = b.values({}, inside=1000, ways={"door": (30, 0)})
    told.append(
        b.Value("zone", "yard", told[0].at_ms, {"count": count, "density": per_m2, "device": "camera-1"})
    )
    return measure(told, b.GROUND, at=b.NOW)


def test_a_crowd_in_a_corner_of_a_square_stands_on_that_corner() -> None:
    yard = b.PLACES["yard"]
    assert standing_m2(yard, crowded(3.0), from_per_m2=1.0) == 40
    assert standing_m2(yard, crowded(0.5), from_per_m2=1.0) == 600
    assert standing_m2(yard, crowded(3.0, count=0), from_per_m2=1.0) == 600
    # More people counted than the sensor sees: the whole place is as crowded as the count says.
    assert standing_m2(yard, crowded(1.0, count=900), from_per_m2=1.0) == 600


def test_people_who_stand_close_wait_for_the_ways_on() -> None:
    assert waiting_at(b.GROUND, crowded(3.0), from_per_m2=2.0) == {"door": 120}
    assert waiting_at(b.GROUND, crowded(1.9), from_per_m2=2.0) == {}


def test_without_any_count_nothing_is_known() -> None:
    assert measure([], b.GROUND, at=b.NOW).is_blind


def test_who_is_inside_and_nowhere_counted_is_shared_by_the_plan() -> None:
    found = measure(b.values({"yard": 200}, inside=2100), b.GROUND, at=b.NOW)
    people, guessed = people_of(b.GROUND, found)
    # 1 900 are somewhere else: the plan has 3 000 on the field and 800 on the stand.
    assert people == {"yard": 200, "field": 1500, "stand": 400}
    assert set(guessed) == {"field", "stand"}


def test_more_counted_than_inside_leaves_nobody_for_the_others() -> None:
    found = measure(b.values({"yard": 500}, inside=400), b.GROUND, at=b.NOW)
    assert people_of(b.GROUND, found)[0] == {"yard": 500, "field": 0, "stand": 0}


def test_no_operation_no_course() -> None:
    store = MemoryStore()
    b.record_plan(store, b.envelope(), plan=b.PLAN)
    assert course_of(b.documents(store), at=b.NOW) is None
    b.open_operation(store, b.envelope(), viewer=b.COORDINATOR, mode="real")
    close_operation(store, b.envelope(), viewer=b.COORDINATOR, reason="over")
    assert course_of(b.documents(store), at=b.NOW) is None


@pytest.mark.parametrize(
    ("phase", "hours", "direction", "because", "leaves_in_s"),
    [
        ("preparation", 0, "ingress", "phase", None),
        ("ingress", 0, "ingress", "phase", None),
        ("show", 0, "ingress", "still-coming", None),
        # The end at 18:00 in Tashkent is two hours ahead of NOW and comes within the half hour.
        ("show", 1.75, "egress", "end-of-show", 900.0),
        ("show", 2.5, "egress", "end-of-show", 0.0),
        ("egress", 0, "egress", "phase", 0.0),
        ("after", 0, "egress", "phase", 0.0),
    ],
)
def test_the_phase_and_the_clock_say_what_the_crowd_does(
    phase: Any, hours: float, direction: str, because: str, leaves_in_s: float | None
) -> None:
    store = MemoryStore()
    b.fill(store, phase=phase)
    found = course_of(b.documents(store), at=b.NOW + timedelta(hours=hours))
    assert found is not None
    assert (found.direction, found.because, found.leaves_in_s) == (direction, because, leaves_in_s)


def test_the_clock_of_a_drill_counts_and_not_the_real_one() -> None:
    store = MemoryStore()
    # In the drill it is 17:45 in Tashkent, and six seconds pass in each: the end is 2,5 real minutes away.
    b.fill(store, phase="show", clock=ClockSetting(event_at=b.NOW + timedelta(minutes=105), rate=6.0))
    found = course_of(b.documents(store), at=b.NOW)
    assert found is not None
    assert found.leaves_in_s == pytest.approx(900, abs=0.01)
    later = course_of(b.documents(store), at=b.NOW + timedelta(minutes=2))
    assert later is not None
    assert later.leaves_in_s == pytest.approx(180, abs=0.01)


@pytest.mark.parametrize(
    ("action", "direction"), [("evacuate", "evacuate"), ("open_exits", "egress"), ("cancel", "egress")]
)
def test_an_order_to_leave_counts_before_the_phase(action: Any, direction: str) -> None:
    store = MemoryStore()
    b.fill(store, phase="ingress")
    at = b.NOW + timedelta(minutes=1)
    stop_id = b.order(store, action, at=at, gates_open=("exit",))
    found = course_of(b.documents(store), at=at)
    assert found is not None
    assert (found.direction, found.because, found.leaves_in_s) == (direction, "ordered", 0.0)
    assert found.entry_is_stopped
    assert found.opened == ("exit",)
    lifted = b.envelope(at + timedelta(minutes=1))
    lift_stop(store, lifted, viewer=b.COORDINATOR, stop_id=stop_id, reason="no fire")
    after = course_of(b.documents(store), at=at + timedelta(minutes=2))
    assert after is not None
    assert (after.direction, after.entry_is_stopped) == ("ingress", False)


def test_a_stopped_entry_lets_nobody_in_and_turns_nobody_round() -> None:
    store = MemoryStore()
    b.fill(store, phase="ingress")
    at = b.NOW + timedelta(minutes=1)
    b.order(store, "stop_entry", at=at, gates_close=("gate",))
    found = course_of(b.documents(store), at=at)
    assert found is not None
    assert (found.direction, found.entry_is_stopped, found.shut) == ("ingress", True, ("gate",))
