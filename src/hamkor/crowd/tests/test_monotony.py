# SPDX-License-Identifier: Apache-2.0
"""Wider is never worse, more people never need less, more time never gives less."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from hamkor.crowd.rules import (
    building_codes,
    capacity,
    density,
    exits,
    flow,
    fruin,
    gost,
    ingress,
    maurer,
    munich,
    nfpa,
    prediction,
    profiles,
    sanitation,
    stewards,
    weather,
)

profile_ids = st.sampled_from([profile.id for profile in profiles.list_profiles()])
surfaces = st.sampled_from(profiles.SURFACES)
widths = st.floats(0, 500)
persons = st.floats(0, 1_000_000)
densities = st.floats(0, 15)
green_times = st.floats(2.5, 8)
places = st.sampled_from(building_codes.PLACES)
ways = st.lists(st.builds(exits.Exit, st.floats(0, 50), surfaces), max_size=6)
EPS = 1e-6


@given(profile_ids, surfaces, widths, widths)
def test_wider_never_carries_less(profile_id: str, surface: profiles.Surface, a: float, b: float) -> None:
    low, high = sorted((a, b))
    ask = profiles.flow_capacity_per_min
    assert ask(low, surface, profile_id) <= ask(high, surface, profile_id) + EPS


@given(profile_ids, surfaces, widths)
def test_two_way_never_carries_more(profile_id: str, surface: profiles.Surface, width_m: float) -> None:
    one = profiles.flow_capacity_per_h(width_m, surface, profile_id)
    assert profiles.flow_capacity_per_h(width_m, surface, profile_id, is_two_way=True) <= one


@given(profile_ids, surfaces, st.floats(0, 20_000))
def test_required_width_carries_the_flow(
    profile_id: str, surface: profiles.Surface, flow_per_min: float
) -> None:
    width_m = profiles.required_width_m(flow_per_min, surface, profile_id)
    if width_m <= 500:
        assert profiles.flow_capacity_per_min(width_m, surface, profile_id) >= flow_per_min - 1e-3


@given(profile_ids, surfaces, widths, persons, persons)
def test_more_users_never_widen_a_route(
    profile_id: str, surface: profiles.Surface, width_m: float, a: float, b: float
) -> None:
    few, many = sorted((a, b))
    ask = profiles.flow_capacity_per_min
    assert ask(width_m, surface, profile_id, persons=many) <= ask(width_m, surface, profile_id, persons=few)


@given(ways, green_times, green_times)
def test_more_time_never_lets_fewer_out(exits_given: list[exits.Exit], a: float, b: float) -> None:
    short, long = sorted((a, b))
    assert exits.exit_capacity(exits_given, short) <= exits.exit_capacity(exits_given, long)


@given(ways, green_times)
def test_losing_an_exit_never_helps(exits_given: list[exits.Exit], time_min: float) -> None:
    whole = exits.emergency_capacity(exits_given, time_min, is_largest_lost=False)
    assert exits.emergency_capacity(exits_given, time_min, is_largest_lost=True) <= whole


@given(st.lists(st.none() | st.integers(0, 100_000), min_size=4, max_size=4))
def test_final_is_the_lowest_known(values: list[int | None]) -> None:
    entry, holding, normal, emergency = values
    section = capacity.section_capacity(entry=entry, holding=holding, exit_normal=normal, emergency=emergency)
    known = [value for value in values if value is not None]
    assert section.final == min(known, default=None)
    assert len(section.unknown) == 4 - len(known)


@given(st.floats(0, 1e6), st.floats(0, 1), st.floats(0, 1), st.floats(0, 15))
def test_standing_never_exceeds_the_ceiling(area_m2: float, p: float, s: float, d: float) -> None:
    held = capacity.standing_capacity(
        area_m2, standing_density_per_m2=d, physical_condition=p, safety_management=s
    )
    assert held <= area_m2 * min(d, 4.7) * min(p, s) + 1e-3


@given(persons, st.integers(1, 500), st.integers(1, 500))
def test_more_turnstiles_never_slower(crowd: float, a: int, b: int) -> None:
    few, many = sorted((a, b))
    assert capacity.fill_time_h(crowd, many) <= capacity.fill_time_h(crowd, few)
    assert ingress.entry_hours(crowd, many, 400) <= ingress.entry_hours(crowd, few, 400)


@given(places, widths, widths)
def test_german_width(place: building_codes.Place, a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert building_codes.mvstaettvo_width_persons(low, place) <= building_codes.mvstaettvo_width_persons(
        high, place
    )


@given(places, st.floats(0, 100_000))
def test_german_required_width_is_enough(place: building_codes.Place, crowd: float) -> None:
    width_m = building_codes.mvstaettvo_required_width_m(crowd, place)
    if width_m <= 500:
        assert building_codes.mvstaettvo_width_persons(width_m, place) >= crowd - EPS


@given(widths, widths, st.booleans())
def test_nfpa_width(a: float, b: float, is_stairs: bool) -> None:
    low, high = sorted((a, b))
    ask = nfpa.nfpa_exit_persons
    assert ask(width_m=low, is_stairs=is_stairs) <= ask(width_m=high, is_stairs=is_stairs)


@given(densities, densities)
def test_denser_is_never_faster(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert flow.sfpe_speed_m_per_s(low) >= flow.sfpe_speed_m_per_s(high)
    assert flow.weidmann_speed_m_per_s(low) >= flow.weidmann_speed_m_per_s(high)


@given(st.floats(0, 1.5), st.floats(0, 1.5), st.sampled_from(["level", "stairs_down", "stairs_up"]))
def test_denser_is_never_faster_in_the_cis_table(a: float, b: float, path: gost.GostWalkway) -> None:
    low, high = sorted((a, b))
    assert gost.gost_speed_m_per_min(low, path) >= gost.gost_speed_m_per_min(high, path) - EPS


@given(densities, densities, st.booleans())
def test_denser_is_never_milder(a: float, b: float, is_moving: bool) -> None:
    low, high = sorted((a, b))
    assert density.density_tier(low, is_moving=is_moving) <= density.density_tier(high, is_moving=is_moving)


@given(densities)
def test_moving_is_never_milder_than_standing(per_m2: float) -> None:
    assert density.density_tier(per_m2) >= density.density_tier(per_m2, is_moving=False)


@given(st.floats(0.07, 100), st.floats(0.07, 100), st.sampled_from(["walkway", "stairs", "queue"]))
def test_more_space_is_never_a_worse_level(a: float, b: float, place: fruin.FruinPlace) -> None:
    low, high = sorted((a, b))
    assert fruin.fruin_level_by_space(low, place) >= fruin.fruin_level_by_space(high, place)


@given(
    st.lists(st.floats(0, 1000), min_size=1, max_size=30),
    st.floats(0, 1000),
    st.floats(0, 1000),
    st.floats(0.1, 15),
)
def test_faster_service_never_longer_queue(
    arrivals: list[float], a: float, b: float, step_min: float
) -> None:
    slow, fast = sorted((a, b))
    long = ingress.queue_over_time(arrivals, slow, step_min=step_min)
    short = ingress.queue_over_time(arrivals, fast, step_min=step_min)
    assert len(long) == len(short) == len(arrivals)
    assert all(few.queue <= many.queue + EPS for few, many in zip(short, long, strict=True))
    assert all(step.queue >= 0 and step.area_m2 == step.queue / 2 for step in long)


@given(st.floats(0, 10_000), st.floats(1, 3600))
def test_lanes_are_enough_and_not_one_too_many(peak_per_min: float, rate_per_h: float) -> None:
    lanes = ingress.lanes_needed(peak_per_min, rate_per_h)
    assert lanes * rate_per_h / 60 >= peak_per_min - 1e-3
    assert lanes == 0 or (lanes - 1) * rate_per_h / 60 <= peak_per_min


@given(persons, persons, st.sampled_from(["common", "brk-2010"]), st.floats(0.1, 1.2))
def test_more_people_never_need_fewer_helpers(
    a: float, b: float, table: maurer.MaurerTableName, factor: float
) -> None:
    few, many = sorted((a, b))
    small, large = (
        maurer.maurer_cover(permitted_persons=n, expected_persons=n, factor=factor, table=table)
        for n in (few, many)
    )
    assert small.points <= large.points
    assert small.helpers <= large.helpers
    assert small.ambulances <= large.ambulances
    assert small.doctors <= large.doctors


@given(persons, persons, st.sampled_from(sorted(munich.munich_data().medical.factors)), st.integers(0, 5))
def test_munich_rises(a: float, b: float, kind: str, surcharges: int) -> None:
    few, many = sorted((a, b))
    small, large = (munich.munich_cover(n, kind, surcharges=surcharges) for n in (few, many))
    assert small.helpers <= large.helpers
    assert small.stations <= large.stations
    assert munich.munich_cover(few, kind, surcharges=surcharges + 1).helpers >= small.helpers


@given(st.floats(0, 10_000), st.floats(0, 10_000))
def test_purple_guide_rises(a: float, b: float) -> None:
    small, large = (prediction.purple_guide_cover(n) for n in sorted((a, b)))
    assert small is not None
    assert large is not None
    assert small.first_aiders <= large.first_aiders


@given(persons, persons, st.floats(0.1, 100), st.floats(0.1, 100), st.booleans())
def test_toilets_rise_with_people_and_time(a: float, b: float, h1: float, h2: float, alcohol: bool) -> None:
    few, many = sorted((a, b))
    short, long = sorted((h1, h2))
    less = sanitation.toilets_needed(few, short, has_much_alcohol=alcohol)
    more = sanitation.toilets_needed(many, long, has_much_alcohol=alcohol)
    assert less.female <= more.female
    assert (less.male or 0) <= (more.male or 0)
    assert (less.urinals or 0) <= (more.urinals or 0)
    assert sanitation.fema_duration_factor(short) <= sanitation.fema_duration_factor(long)


@given(persons, persons, st.integers(0, 50))
def test_stewards_rise(a: float, b: float, posts: int) -> None:
    few, many = sorted((a, b))
    assert stewards.stewards_needed(few) <= stewards.stewards_needed(many, fixed_posts=posts)
    assert stewards.stewards_needed(many) <= stewards.stewards_needed(many, is_high_risk=True)


@given(st.floats(-60, 60), st.floats(0, 100))
def test_heat_index_is_a_number(air_c: float, humidity: float) -> None:
    assert math.isfinite(weather.heat_index_c(air_c, humidity))


@given(st.floats(0, 120), st.floats(0, 120))
def test_more_wind_more_pressure(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert weather.dynamic_pressure_pa(low) <= weather.dynamic_pressure_pa(high)
