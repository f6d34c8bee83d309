# SPDX-License-Identifier: Apache-2.0
"""Worked numbers of density, pressure, queues and calls; sources named beside each."""

from __future__ import annotations

import pytest

from hamkor.common.errors import HamkorError
from hamkor.crowd.rules import alarms, density, ingress
from hamkor.crowd.rules.density import Tier


@pytest.mark.parametrize(
    ("per_m2", "moving", "standing"),
    [
        (2, Tier.GREEN, Tier.GREEN),
        (3, Tier.WATCH, Tier.WATCH),
        (4, Tier.AMBER, Tier.WATCH),
        (4.7, Tier.AMBER, Tier.WATCH),
        (4.71, Tier.RED, Tier.RED),
        (5, Tier.RED, Tier.RED),
        (6, Tier.BLACK, Tier.BLACK),
        (7, Tier.BLACK, Tier.BLACK),
        (10.74, Tier.BLACK, Tier.BLACK),
    ],
)
def test_tiers(per_m2: float, moving: Tier, standing: Tier) -> None:
    """Still 3, 4 and 5; Green Guide 4.7 standing; Fruin 6 to 7; Itaewon investigators 7.7 to 10.7."""
    assert density.density_tier(per_m2) == moving
    assert density.density_tier(per_m2, is_moving=False) == standing


def test_pressure_threshold() -> None:
    """Helbing, Johansson and Al-Abideen (2007)."""
    assert density.turbulence_speed_sd_m_per_s(6) == pytest.approx(0.058, abs=5e-4)
    assert density.turbulence_speed_sd_m_per_s(8) == pytest.approx(0.050, abs=5e-4)
    assert density.turbulence_speed_sd_m_per_s(0) == float("inf")
    assert density.crowd_pressure(4, velocity_variance_m2_per_s2=0.005).is_alarm
    assert not density.crowd_pressure(3.9, velocity_variance_m2_per_s2=0.005).is_alarm


def test_admission_stops_at_three_quarters() -> None:
    """Munich 2006 practice."""
    assert density.admission_stop_persons(20_000) == 15_000
    assert density.must_stop_admission(15_000, 20_000)
    assert not density.must_stop_admission(14_999, 20_000)


def test_stop_and_go() -> None:
    assert density.is_stop_and_go([0.1, 0.4, 0.05, 0.35, 0.1])
    assert not density.is_stop_and_go([0.2, 0.2, 0.2])
    assert not density.is_stop_and_go([0.4, 0.3, 0.2, 0.1])
    assert not density.is_stop_and_go([1.0, 1.4, 1.0, 1.4])
    assert not density.is_stop_and_go([])


def test_simulation_may_not_clear_above_four() -> None:
    assert density.may_simulation_clear(4)
    assert not density.may_simulation_clear(4.1)


def test_rising_density() -> None:
    assert alarms.is_rising_fast(1, 5)
    assert alarms.is_rising_fast(3, 10)
    assert not alarms.is_rising_fast(1, 6)


def test_narrow_two_way() -> None:
    assert alarms.is_narrow_two_way(3.2)
    assert not alarms.is_narrow_two_way(5)


def test_filling_area() -> None:
    assert alarms.minutes_until_full(1000, inflow_per_min=400, outflow_per_min=0) == 2.5
    assert alarms.minutes_until_full(1000, inflow_per_min=100, outflow_per_min=100) == float("inf")
    assert alarms.minutes_until_full(0, inflow_per_min=0, outflow_per_min=0) == 0
    assert alarms.will_overfill([400, 400, 300, -500], 1000)
    assert not alarms.will_overfill([400, 400, 200], 1000)


def test_calls_near_each_other() -> None:
    """Itaewon: calls at 20:33, 20:53 and 21:00 fire the rule 75 minutes before 22:15."""
    calls = [alarms.Call(minutes, 0, 0) for minutes in (0, 20, 27)]
    assert alarms.calls_tier([]) == Tier.GREEN
    assert alarms.calls_tier(calls[:1]) == alarms.calls_tier(calls[:2]) == Tier.AMBER
    assert alarms.calls_tier(calls) == Tier.RED
    assert alarms.calls_tier([*calls[:2], alarms.Call(31, 0, 0)]) == Tier.AMBER
    assert alarms.calls_tier([*calls[:2], alarms.Call(27, 101, 0)]) == Tier.AMBER


def test_hold_and_loss_of_sensor() -> None:
    shown = alarms.hold_tier(alarms.HeldTier(Tier.GREEN, 0), Tier.RED, at_min=1, hold_min=5)
    assert shown == alarms.HeldTier(Tier.RED, 6)
    assert alarms.hold_tier(shown, Tier.GREEN, at_min=3, hold_min=5) == shown
    assert alarms.hold_tier(shown, Tier.GREEN, at_min=6, hold_min=5).tier == Tier.AMBER
    assert alarms.hold_tier(alarms.HeldTier(Tier.GREEN, 0), None, at_min=1, hold_min=5).tier == Tier.AMBER


@pytest.mark.parametrize(
    ("method", "lanes"),
    [
        (ingress.EntryMethod.MAGNETOMETER, 60),
        (ingress.EntryMethod.HAND_SEARCH_MIXED, 58),
        (ingress.EntryMethod.HAND_SEARCH_BAGS, 100),
    ],
)
def test_lanes_for_40_000(method: ingress.EntryMethod, lanes: int) -> None:
    """40 000 people, 60 % in the last hour."""
    peak = ingress.peak_arrivals_per_min(40_000, 0.6, 60)
    assert ingress.lanes_needed(peak, ingress.lane_rate_per_h(method)) == lanes


def test_lane_rates() -> None:
    """eventknowhow: 600, 420, 240; less 120 for wands and 180 for a scanner."""
    rate = ingress.lane_rate_per_h
    assert rate(ingress.EntryMethod.TURNSTILE) == 660
    assert rate(ingress.EntryMethod.HAND_SEARCH_NO_BAGS, has_wand=True) == 480
    assert rate(ingress.EntryMethod.HAND_SEARCH_NO_BAGS, has_scanner=True) == 420
    assert rate(ingress.EntryMethod.HAND_SEARCH_BAGS, has_wand=True, has_scanner=True) == 1
    assert ingress.believable_rate_per_h(750, is_measured=False, is_screening=False) == 660


def test_entry_hours_of_hillsborough() -> None:
    """Taylor, interim report: 10 100 over 7 turnstiles at the maximum of the time, 750; 24 256 over 23."""
    assert ingress.entry_hours(10_100, 7, 750) == pytest.approx(1.92, abs=5e-3)
    assert ingress.entry_hours(24_256, 23, 750) == pytest.approx(1.41, abs=5e-3)
    assert ingress.entry_hours(1, 0, 750) == float("inf")
    assert ingress.entry_hours(0, 0, 750) == 0


def test_queue_grows_and_drains() -> None:
    steps = ingress.queue_over_time([100, 100, 0], [50, 0, 200], step_min=1, initial_queue=10)
    assert [step.queue for step in steps] == [60, 160, 0]
    assert [step.wait_min for step in steps] == [60 / 50, float("inf"), 0]
    assert ingress.longest_queue(steps) == steps[1]
    assert ingress.longest_queue(()) is None
    with pytest.raises(HamkorError, match="lengths-differ"):
        ingress.queue_over_time([1, 2], [1], step_min=1)
