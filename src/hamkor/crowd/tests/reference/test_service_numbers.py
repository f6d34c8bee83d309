# SPDX-License-Identifier: Apache-2.0
"""Worked numbers of toilets, water, stewards, weather, drones, risk and simulator bars; sources beside each."""

from __future__ import annotations

import pytest

from hamkor.common.errors import HamkorError
from hamkor.crowd.rules import drones, risk, sanitation, stewards, units, verification, weather


def test_hand_wash_and_water() -> None:
    """Purple Guide: one basin per 5 to 10 units, one outlet per 3 000."""
    assert sanitation.hand_wash_needed(94) == (10, 19)
    assert sanitation.toilets_needed(10_000, 5).hand_wash == (10, 19)
    assert sanitation.water_outlets_needed(10_000) == 4
    assert sanitation.water_outlets_needed(0) == 0
    assert sanitation.hand_wash_needed(94, "council-older-toilets") is None


def test_toilet_scheme_without_the_row() -> None:
    with pytest.raises(HamkorError, match="scheme-without-band"):
        sanitation.toilets_needed(1000, 30, is_campsite=True, scheme_id="council-older-toilets")
    with pytest.raises(HamkorError, match="unknown-choice"):
        sanitation.toilet_scheme("none")


@pytest.mark.parametrize(
    ("hours", "factor"), [(1, 0.70), (3.9, 0.70), (4, 0.75), (6, 0.80), (8, 0.80), (8.1, 1.0), (48, 1.0)]
)
def test_fema_duration(hours: float, factor: float) -> None:
    assert sanitation.fema_duration_factor(hours) == factor


def test_stewards() -> None:
    assert stewards.stewards_needed(34_000) == 136
    assert stewards.stewards_needed(34_000, is_high_risk=True, fixed_posts=20) == 360
    assert stewards.stewards_needed(0) == 0
    assert stewards.crowd_managers_needed(251) == 2
    assert stewards.persons_per_steward(588, 1) == sanitation.services().stewards.disaster_persons
    assert stewards.persons_per_steward(5, 0) == float("inf")
    assert stewards.persons_per_steward(0, 0) == 0


def test_lightning() -> None:
    """30 s are 10.3 km; 8 miles are 37.5 s."""
    assert weather.lightning_distance_m(30) == pytest.approx(10_300, abs=20)
    assert weather.flash_to_bang_s(units.mi_to_m(8)) == pytest.approx(37.5, abs=0.05)
    assert weather.weather_limits().lightning_stop_distance_m == pytest.approx(units.mi_to_m(8))
    assert weather.must_stop_for_lightning(30)
    assert not weather.must_stop_for_lightning(31)
    assert weather.may_resume_after_thunder(30)
    assert not weather.may_resume_after_thunder(29)


def test_wind() -> None:
    """20 mph are 8.9 m/s, 35 mph are 15.6; q at 20 m/s is 245 Pa."""
    limits = weather.weather_limits()
    assert limits.wind_tents_m_per_s == pytest.approx(units.mph_to_m_per_s(20))
    assert limits.wind_event_m_per_s == pytest.approx(units.mph_to_m_per_s(35))
    assert [weather.wind_action(v) for v in (8.9, 9, 15.6, 15.7)] == [
        "none",
        "close_tents",
        "close_tents",
        "stop_event",
    ]
    assert weather.dynamic_pressure_pa(20) == pytest.approx(245, abs=0.5)


@pytest.mark.parametrize(
    ("air_f", "humidity", "index_f"),
    [(80, 40, 80), (86, 90, 105), (90, 50, 95), (90, 70, 106), (96, 65, 121), (100, 40, 109), (110, 40, 136)],
)
def test_heat_index_chart(air_f: float, humidity: float, index_f: float) -> None:
    """Chart of the National Weather Service, rounded to whole degrees Fahrenheit; tolerance 1.3."""
    answer = weather.heat_index_c(units.f_to_c(air_f), humidity)
    assert units.c_to_f(answer) == pytest.approx(index_f, abs=1.3)


def test_heat_index_adjustments() -> None:
    """SR 90-23: dry air lowers, damp air near 80 to 87 F raises; cool air takes the simple formula."""
    dry = weather.heat_index_c(units.f_to_c(95), 12.999) - weather.heat_index_c(units.f_to_c(95), 5)
    assert dry > 0
    assert weather.heat_index_c(20, 50) == pytest.approx(units.f_to_c((0.5 * (68 + 61 + 0 + 4.7) + 68) / 2))


def test_heat_cancels_above_108_f() -> None:
    assert weather.must_cancel_for_heat(units.f_to_c(108.1))
    assert not weather.must_cancel_for_heat(units.f_to_c(107.9))


@pytest.mark.parametrize(
    ("wbgt", "flag"),
    [
        (26, "none"),
        (26.7, "green"),
        (29.4, "yellow"),
        (31.1, "red"),
        (32.1, "red"),
        (32.2, "black"),
        (40, "black"),
    ],
)
def test_wbgt_flags(wbgt: float, flag: str) -> None:
    assert weather.wbgt_flag(wbgt) == flag


def test_drones() -> None:
    """EU 2019/947: 30 m or the height, 5 m in slow mode, never above 120 m."""
    assert drones.drone_distance_min_m(10) == 30
    assert drones.drone_distance_min_m(50) == 50
    assert drones.drone_distance_min_m(3, is_slow_mode=True) == 5
    assert drones.drone_distance_min_m(121) is None
    assert drones.drone_limits().built_up_a3_m == 150


@pytest.mark.parametrize(
    ("percent", "likelihood"), [(0.1, 1), (0.2, 2), (0.9, 2), (1, 3), (5, 4), (25, 5), (100, 5)]
)
def test_likelihood(percent: float, likelihood: int) -> None:
    """UK National Risk Register 2023."""
    assert risk.likelihood_of_percent(percent) == likelihood


def test_dim_ice_has_eighteen_cells() -> None:
    cells = risk.dim_ice_cells()
    assert len(set(cells)) == 18
    owners = dict.fromkeys(cells, "head of safety") | {cells[3]: None, cells[5]: ""}
    assert risk.cells_without_owner(owners) == (cells[3], cells[5])
    assert risk.risk_table().ramp == ("routes", "areas", "movement", "people")


@pytest.mark.parametrize(
    ("measure", "good", "bad"),
    [
        ("walking_time_s", 30, 34.1),
        ("stairs_up_time_s", 16, 17),
        ("stairs_down_time_s", 12.3, 13),
        ("max_flow_per_m_s", 1.3, 1.9),
        ("two_to_four_exits_ratio", 2, 1.5),
        ("start_error_frames", 2, 3),
        ("wrong_exits", 0, 1),
    ],
)
def test_rimea_bars(measure: str, good: float, bad: float) -> None:
    assert verification.passes_bar(measure, good)
    assert not verification.passes_bar(measure, bad)
    assert not verification.passes_bar(measure, float("nan"))


def test_rimea_comparisons() -> None:
    assert verification.passes_two_bottlenecks(1.0, 1.05)
    assert not verification.passes_two_bottlenecks(1.0, 1.06)
    assert verification.passes_stairs_jam(0.9, 1.0)
    assert not verification.passes_stairs_jam(0.96, 1.0)
    assert verification.passes_corner(short_s=10, corner_s=12, long_s=14)
    assert not verification.passes_corner(short_s=10, corner_s=10, long_s=14)
    assert verification.passes_group_speed("under_30", 1.6)
    assert not verification.passes_group_speed("disabled", 1)


def test_hermes_rows_are_consistent() -> None:
    """Open HERMES trajectories: (people - 1) over time is the flow, flow over width the specific flow."""
    for width_m, people, seconds, per_s, per_m_s in verification.verification_data().hermes.values():
        assert (people - 1) / seconds == pytest.approx(per_s, abs=5e-3)
        assert per_s / width_m == pytest.approx(per_m_s, abs=6e-3)


def test_near_hermes() -> None:
    assert verification.is_near_hermes("uo-180-180-120", 2.0)
    assert not verification.is_near_hermes("uo-180-180-120", 1.9)


def test_heat_beyond_the_chart_still_cancels() -> None:
    assert weather.must_cancel_for_heat(weather.heat_index_c(60, 100))
