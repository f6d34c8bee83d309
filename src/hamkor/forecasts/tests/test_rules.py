# SPDX-License-Identifier: Apache-2.0
"""Who comes and goes, when a limit is reached, and how well earlier forecasts held."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.forecasts.rules.demand import demand_of
from hamkor.forecasts.rules.errors import compare, past_error, with_error
from hamkor.forecasts.rules.forecast import Compared, Forecast, Line, at_minute, minute_of, reaches_of
from hamkor.forecasts.rules.measured import Course, Measured
from hamkor.forecasts.rules.profiles import forecast_profile
from hamkor.forecasts.rules.telling import told
from hamkor.forecasts.rules.whatif import differences
from hamkor.forecasts.tests import builders as b

COMING = Course(direction="ingress", because="phase")
LEAVING = Course(direction="egress", because="phase", leaves_in_s=0.0)


def known(
    inside: float = 1000, in_per_min: float | None = None, out_per_min: float | None = None
) -> Measured:
    return Measured(at=b.NOW, inside=inside, in_per_min=in_per_min, out_per_min=out_per_min)


# Who comes and goes ------------------------------------------------------------------------------------------------


def test_the_plan_says_who_comes_when_nothing_is_measured() -> None:
    found = demand_of(b.ATTENDANCE, known(), COMING, local_at=b.local(16))
    assert found.is_planned
    assert b.shares(found.arrivals[:2]) == [20.0, 20.0]  # 2 400 people in two hours


def test_arrivals_end_with_the_plan() -> None:
    found = demand_of(b.ATTENDANCE, known(), COMING, local_at=b.local(16, 50))
    assert sum(found.arrivals) == pytest.approx(200)
    assert b.shares(found.arrivals[9:11]) == [20.0, 0.0]


def test_the_measured_flow_gives_way_to_the_plan_times_their_ratio() -> None:
    found = demand_of(b.ATTENDANCE, known(in_per_min=30), COMING, local_at=b.local(16))
    assert b.shares(found.arrivals[:1]) == [30.0]
    # A half more than planned is a third more after ten minutes of thirty, and none at the end.
    assert b.shares(found.arrivals[10:11]) == [26.667]
    hectic = demand_of(b.ATTENDANCE, known(in_per_min=100), COMING, local_at=b.local(16))
    assert b.shares(hectic.arrivals[:1]) == [100.0]
    assert b.shares(hectic.arrivals[10:11]) == [
        pytest.approx(20.0 * (1 + (forecast_profile().trust_most - 1) * 2 / 3), abs=0.001)
    ]


def test_without_a_profile_the_flow_of_now_goes_on() -> None:
    found = demand_of(None, known(in_per_min=7), COMING, local_at=None)
    assert not found.is_planned
    assert set(found.arrivals) == {7.0}


def test_nobody_comes_beyond_whom_the_plan_expects() -> None:
    found = demand_of(b.ATTENDANCE, known(inside=3700, in_per_min=60), COMING, local_at=b.local(16))
    assert sum(found.arrivals) == pytest.approx(100)


def test_a_stopped_entry_and_an_evacuation_bring_nobody() -> None:
    stopped = msgspec.structs.replace(COMING, entry_is_stopped=True)
    fleeing = Course(direction="evacuate", because="ordered", leaves_in_s=0.0)
    for course in (stopped, fleeing):
        assert sum(demand_of(b.ATTENDANCE, known(in_per_min=60), course, local_at=b.local(16)).arrivals) == 0
    assert demand_of(b.ATTENDANCE, known(out_per_min=9), fleeing, local_at=b.local(16)).departures == ()


def test_people_leave_by_the_plan_unless_they_are_told_to() -> None:
    found = demand_of(b.ATTENDANCE, known(), LEAVING, local_at=b.local(18))
    assert b.shares(found.departures[:1]) == [round(3800 / 60, 3)]
    ordered = msgspec.structs.replace(LEAVING, because="ordered")
    assert demand_of(b.ATTENDANCE, known(), ordered, local_at=b.local(18)).departures == ()


# When a limit is reached -------------------------------------------------------------------------------------------


def test_the_minute_lies_between_two_minutes_in_a_straight_line() -> None:
    assert minute_of((10, 20, 40), 30) == 1.5
    assert minute_of((10, 20, 40), 5) == 0
    assert minute_of((10, 20), 21) is None
    assert at_minute((10, 20, 40), 1.5) == 30
    assert at_minute((10, 20, 40), 9) == 40


def test_limits_come_with_their_range_and_those_passed_are_none_of_the_future() -> None:
    line = b.rising(100, start=2500, spread=0.25)
    found = reaches_of(line, area_m2=1000, holds=3000, limits_per_m2=(2, 3, 4))
    assert [(each.limit, each.value) for each in found] == [
        ("capacity", 3000),
        ("density", 4),
        ("density", 3),
    ]
    assert (found[0].in_min, found[0].soonest_min, found[0].latest_min) == (5.0, 4.0, 6.7)


def test_a_limit_only_the_upper_end_reaches_has_no_minute_of_its_own() -> None:
    line = Line(middle=(100, 150), low=(100, 120), high=(100, 220))
    (found,) = reaches_of(line, area_m2=100, holds=None, limits_per_m2=(2,))
    assert (found.in_min, found.latest_min) == (None, None)
    assert found.soonest_min == pytest.approx(0.8)


def test_a_place_without_size_and_number_reaches_nothing() -> None:
    assert reaches_of(b.rising(100), area_m2=None, holds=None, limits_per_m2=(2,)) == ()


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=31), st.floats(0, 1e6))
def test_at_the_minute_of_a_limit_the_line_has_reached_it(values: list[float], limit: float) -> None:
    found = minute_of(values, limit)
    if found is None:
        assert max(values) < limit
    else:
        assert 0 <= found <= len(values) - 1
        assert max(values[: int(found) + 2]) >= limit


# How well earlier forecasts held -----------------------------------------------------------------------------------


def test_nothing_is_compared_before_ten_minutes_have_passed() -> None:
    earlier = [b.forecast(0), b.forecast(3)]
    assert compare(earlier, b.measured(1300), event_at=b.NOW + timedelta(minutes=6)) is None


def test_the_forecast_of_ten_minutes_ago_is_compared_at_the_very_minute() -> None:
    earlier = [b.forecast(0), b.forecast(2), b.forecast(5)]
    now = b.NOW + timedelta(minutes=11.5)
    found = compare(earlier, b.measured(1600, {"field": 1500}), event_at=now)
    assert found is not None
    # Made 9,5 minutes before, at 1 000 people and 50 more each minute.
    assert (found.before_min, found.said, found.was) == (9.5, 1475, 1600)
    assert found.places_error == pytest.approx(abs(1475 - 1500) / 1500, abs=0.001)
    assert found.low <= found.said <= found.high


def test_minutes_are_those_of_the_event_in_a_drill() -> None:
    # Six minutes of the drill pass in one: a hundred real seconds ago lie ten minutes.
    earlier = [b.forecast(0, pace=6.0)]
    found = compare(earlier, b.measured(1500), event_at=b.NOW + timedelta(minutes=10))
    assert found is not None
    assert found.said == 1500


@pytest.mark.parametrize("inside", [None, 0, 19])
def test_a_handful_of_people_measures_no_error(inside: float | None) -> None:
    assert compare([b.forecast(0)], b.measured(inside), event_at=b.NOW + timedelta(minutes=10)) is None


def compared(said: float, was: float, low: float = 0, high: float = 1e9) -> Compared:
    return Compared(at=b.NOW, before_min=10, said=said, low=low, high=high, was=was, places_error=0.1)


def test_the_mean_error_and_its_sign() -> None:
    found = past_error([compared(110, 100, high=105), compared(96, 100), compared(90, 100)])
    assert found is not None
    assert (found.said, found.was, found.count) == (90, 100, 3)
    assert found.mean_abs == pytest.approx(0.08)
    assert found.bias == pytest.approx(-0.0133, abs=1e-4)
    assert found.in_band == 1.0
    assert found.places_mean_abs == pytest.approx(0.1)


def test_old_comparisons_fall_out_of_the_mean() -> None:
    most = forecast_profile().compared_most
    found = past_error([compared(200, 100)] * 5 + [compared(100, 100)] * most)
    assert found is not None
    assert (found.mean_abs, found.count) == (0.0, most)


def test_the_newest_comparison_counts_with_those_before() -> None:
    made = with_error(b.forecast(20), compared(90, 100), [compared(100, 100)])
    assert made.error is not None
    assert (made.error.said, made.error.mean_abs, made.error.count) == (90, 0.05, 2)
    assert with_error(b.forecast(20), None, []).error is None


# On the way to screens ---------------------------------------------------------------------------------------------


def test_a_screen_gets_numbers_and_no_sentences() -> None:
    body = told(b.forecast(0, engine="x", cpu_s=1.0), received_at=b.NOW).body
    assert not {"engine", "cpu_s", "assumptions", "compared"} & body.keys()
    assert body["stale_after_s"] == forecast_profile().shown_stale_s
    assert body["minutes"] == (0, 5, 10, 30)


def test_a_kept_forecast_is_read_back_as_it_was() -> None:
    made = with_error(b.forecast(0), compared(90, 100), [])
    assert msgspec.json.decode(msgspec.json.encode(made), type=Forecast) == made


def test_what_differs_is_named_the_greatest_first() -> None:
    as_is, changed = b.forecast(0), b.forecast(0, per_min=20)
    found = differences(as_is, changed, {"gate": 0.0}, minute=10)
    assert (found.inside, found.inside_changed) == (1500, 1200)
    assert [(each.id, each.people, each.changed) for each in found.places] == [("field", 1500, 1200)]
    assert differences(as_is, as_is, {}, minute=10).places == ()
