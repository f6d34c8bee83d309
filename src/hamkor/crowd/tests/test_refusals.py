# SPDX-License-Identifier: Apache-2.0
"""Numbers that cannot be meant are refused with the value, the allowed range and a way to mend it."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from hamkor.common.errors import HamkorError
from hamkor.crowd.rules import (
    alarms,
    building_codes,
    capacity,
    density,
    drones,
    exits,
    flow,
    fruin,
    gost,
    ingress,
    inputs,
    maurer,
    munich,
    nfpa,
    prediction,
    profiles,
    risk,
    sanitation,
    stewards,
    units,
    verification,
    weather,
)

Call = Callable[[float], object]

CALLS: dict[str, Call] = {
    "width": profiles.flow_capacity_per_min,
    "flow": profiles.required_width_m,
    "area": capacity.standing_capacity,
    "seats": capacity.seats_capacity,
    "turnstiles": capacity.entry_capacity,
    "rate": lambda x: capacity.entry_capacity(3, rate_per_h=x),
    "persons": lambda x: capacity.fill_time_h(x, 3),
    "physical": lambda x: capacity.lower_factor(x, 1),
    "management": lambda x: capacity.lower_factor(1, x),
    "slope": capacity.barrier_spacing_max_m,
    "time": lambda x: exits.exit_capacity([exits.Exit(2)], x),
    "emergency": lambda x: exits.emergency_capacity([exits.Exit(2)], x, is_largest_lost=False),
    "exit_width": lambda x: exits.exits_flow_per_min([exits.Exit(x)]),
    "german_area": building_codes.mvstaettvo_area_persons,
    "german_width": lambda x: building_codes.mvstaettvo_width_persons(x, "indoor"),
    "german_persons": lambda x: building_codes.mvstaettvo_required_width_m(x, "indoor"),
    "height": building_codes.mvstaettvo_travel_distance_max_m,
    "nfpa_width": lambda x: nfpa.nfpa_exit_persons(width_m=x),
    "nfpa_inches": lambda x: nfpa.nfpa_exit_persons(width_in=x),
    "sfpe": flow.sfpe_speed_m_per_s,
    "weidmann": flow.weidmann_speed_m_per_s,
    "imo": flow.imo_corridor_speed_m_per_s,
    "passage": lambda x: flow.passage_time_s(x, 1),
    "demand": lambda x: flow.load_ratio(x, 1),
    "pm": gost.pm_speed_m_per_min,
    "gost": gost.gost_speed_m_per_min,
    "fruin": fruin.fruin_level_by_space,
    "fruin_flow": fruin.fruin_level_by_flow,
    "tier": density.density_tier,
    "variance": lambda x: density.crowd_pressure(3, velocity_variance_m2_per_s2=x),
    "stop": lambda x: density.must_stop_admission(x, 100),
    "speeds": lambda x: density.is_stop_and_go([x]),
    "window": lambda x: alarms.is_rising_fast(1, x),
    "remaining": lambda x: alarms.minutes_until_full(x, inflow_per_min=1, outflow_per_min=0),
    "arrivals": lambda x: ingress.queue_over_time([x], 1, step_min=1),
    "service": lambda x: ingress.queue_over_time([1], x, step_min=1),
    "step": lambda x: ingress.queue_over_time([1], 1, step_min=x),
    "share": lambda x: ingress.peak_arrivals_per_min(1, x, 60),
    "lane_rate": lambda x: ingress.lanes_needed(1, x),
    "maurer": lambda x: maurer.maurer_cover(permitted_persons=x, expected_persons=1, factor=1),
    "maurer_factor": lambda x: maurer.maurer_cover(permitted_persons=1, expected_persons=1, factor=x),
    "munich": lambda x: munich.munich_cover(x, "general"),
    "purple": prediction.purple_guide_cover,
    "patients": prediction.expected_patients,
    "response": prediction.is_response_in_time,
    "toilets": lambda x: sanitation.toilets_needed(x, 5),
    "duration": sanitation.fema_duration_factor,
    "water": sanitation.water_outlets_needed,
    "stewards": stewards.stewards_needed,
    "thunder": weather.must_stop_for_lightning,
    "wind": weather.wind_action,
    "humidity": lambda x: weather.heat_index_c(30, x),
    "drone": drones.drone_distance_min_m,
    "percent": risk.likelihood_of_percent,
    "simulated": verification.usable_flow_per_m_min,
    "feet": units.ft_to_m,
    "square_feet": units.ft2_to_m2,
    "mph": units.mph_to_m_per_s,
}


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf, -math.inf, 1e12])
@pytest.mark.parametrize("name", CALLS)
def test_absurd_numbers_are_refused(name: str, value: float) -> None:
    with pytest.raises(HamkorError) as refusal:
        CALLS[name](value)
    text = refusal.value.message.in_english()
    assert len(text.split()) > 6
    assert "None" not in text


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e12])
def test_a_lost_reading_is_refused_not_overlooked(value: float) -> None:
    with pytest.raises(HamkorError):
        alarms.will_overfill([value], 10)
    with pytest.raises(HamkorError):
        alarms.calls_tier([alarms.Call(0, value, 0)])
    with pytest.raises(HamkorError):
        alarms.is_rising_fast(value, 5)


def test_refusal_names_value_range_and_mending() -> None:
    with pytest.raises(HamkorError) as refusal:
        profiles.flow_capacity_per_min(2400)
    assert refusal.value.code == "number-out-of-range"
    text = refusal.value.message.in_english()
    assert "width_m" in text
    assert "500" in text
    assert "millimetres" in text


def test_choices_are_listed() -> None:
    with pytest.raises(HamkorError, match="level, stairs, ramp"):
        profiles.flow_capacity_per_min(2, "rope")


@pytest.mark.parametrize("profile_id", ["mvstaettvo-2014", "sfpe-2016"])
def test_missing_constants_are_refused_not_guessed(profile_id: str) -> None:
    with pytest.raises(HamkorError, match="no-turnstile-rate"):
        capacity.entry_capacity(3, profile_id)
    assert capacity.entry_capacity(3, profile_id, rate_per_h=500) == 1500


def test_missing_density_is_refused_not_guessed() -> None:
    with pytest.raises(HamkorError, match="no-standing-density"):
        capacity.standing_capacity(100, "weidmann-1993")
    assert capacity.standing_capacity(100, "weidmann-1993", standing_density_per_m2=2) == 200


def test_people_in_no_area_are_refused() -> None:
    with pytest.raises(HamkorError, match="empty-area"):
        units.density_of(10, 0)


def test_every_bound_is_an_interval_with_advice() -> None:
    bounds = inputs.list_bounds()
    assert all(bound.low < bound.high for bound in bounds.values())
    for field, bound in bounds.items():
        assert inputs.out_of_range(field, bound.high * 2, bound).message.in_english().endswith(".")


def test_rounding_forgives_floating_point_only() -> None:
    assert inputs.whole(9719.9999999) == 9720
    assert inputs.whole(9719.6) == 9719
    assert inputs.whole_up(40.0000001) == 40
    assert inputs.whole_up(40.1) == 41
    assert "competent person" in inputs.SIGN_OFF


def test_conversions() -> None:
    """International foot, inch and mile; 7 ft2 are 0.65 m2."""
    assert units.ft2_to_m2(7) == pytest.approx(0.65, abs=1e-3)
    assert units.m2_to_ft2(units.ft2_to_m2(123)) == pytest.approx(123)
    assert units.in_to_m(44) == pytest.approx(1.1176)
    assert units.ft_to_m(10) == pytest.approx(3.048)
    assert units.mi_to_m(8) == pytest.approx(12_875, abs=1)
    assert units.per_ft2_to_per_m2(0.2) == pytest.approx(2.15, abs=5e-3)
    assert units.c_to_f(100) == 212
    assert units.f_to_c(108) == pytest.approx(42.2, abs=0.03)
    assert units.mm_to_nominal_in(914) == 36
