# SPDX-License-Identifier: Apache-2.0
"""Worked numbers of the Green Guide, MVStättVO, VSVO and NFPA 101; computed by us from the published constants."""

from __future__ import annotations

import pytest

from hamkor.common.errors import HamkorError
from hamkor.crowd.rules import building_codes, capacity, nfpa, units
from hamkor.crowd.rules.exits import Exit, emergency_capacity, exit_capacity, narrowest, without_largest
from hamkor.crowd.rules.profiles import flow_capacity_per_h, required_width_m


def test_lower_factor_not_the_product() -> None:
    held = capacity.standing_capacity(1200, physical_condition=0.8, safety_management=0.9)
    assert held == 4512
    assert held != 4061


@pytest.mark.parametrize(
    ("width_m", "surface", "time_min", "persons"),
    [(14, "level", 8, 9184), (6, "stairs", 8, 3168), (14, "level", 2.5, 2870)],
)
def test_exit_capacity(width_m: float, surface: str, time_min: float, persons: int) -> None:
    assert exit_capacity([Exit(width_m, surface)], time_min) == persons


def test_hillsborough_terrace_per_turnstile() -> None:
    """Taylor, interim report: 10 100 through 7 turnstiles; 24 256 through 23; the rest 29 800 through 60."""
    assert pytest.approx(1443, abs=0.5) == 10_100 / 7
    assert capacity.fill_time_h(10_100, 7) == pytest.approx(2.19, abs=5e-3)
    assert capacity.fill_time_h(24_256, 23) == pytest.approx(1.60, abs=5e-3)
    assert capacity.fill_time_h(29_800, 60) == pytest.approx(0.75, abs=5e-3)


def test_measured_rate_is_capped() -> None:
    assert capacity.entry_capacity(7, rate_per_h=900) == 4620
    assert capacity.entry_capacity(7, rate_per_h=500) == 3500


def test_largest_exit_lost() -> None:
    ways = [Exit(6), Exit(10, "stairs"), Exit(4)]
    assert without_largest(ways) == (Exit(6), Exit(4))
    assert emergency_capacity(ways, 8, is_largest_lost=True) == 10 * 82 * 8
    assert emergency_capacity([Exit(12)], 8, is_largest_lost=True) == 0


def test_narrowest_part_of_a_route_counts() -> None:
    assert narrowest([Exit(5), Exit(4.5, "stairs"), Exit(4)]) == Exit(4.5, "stairs")
    with pytest.raises(HamkorError, match="empty-route"):
        narrowest([])


def test_ground_is_the_sum_and_unknown_while_one_section_is() -> None:
    known = capacity.section_capacity(entry=100, holding=90)
    assert (known.final, known.bound_by, known.unknown) == (90, "holding", ("exit", "emergency"))
    assert capacity.ground_capacity([known, known]) == 180
    empty = capacity.section_capacity()
    assert (empty.final, empty.bound_by) == (None, None)
    assert capacity.ground_capacity([known, empty]) is None


@pytest.mark.parametrize(
    ("slope_deg", "spacing_m"), [(0, 5.0), (5, 5.0), (5.1, 4.3), (10, 4.3), (18, 3.4), (30, 2.9), (31, None)]
)
def test_barrier_spacing(slope_deg: float, spacing_m: float | None) -> None:
    assert capacity.barrier_spacing_max_m(slope_deg) == spacing_m


def test_duisburg_neck() -> None:
    """18 m of ramp carry 88 560 an hour; 145 000 an hour need 29.5 m."""
    assert flow_capacity_per_h(18) == pytest.approx(88_560)
    assert flow_capacity_per_h(18, "ramp") == pytest.approx(88_560)
    assert required_width_m(145_000 / 60) == pytest.approx(29.5, abs=0.05)


def test_itaewon_alley() -> None:
    """3.2 m carry 15 744 an hour one way and about 13 400 both ways."""
    assert flow_capacity_per_h(3.2) == pytest.approx(15_744)
    assert flow_capacity_per_h(3.2, is_two_way=True) == pytest.approx(13_400, abs=50)


def test_mvstaettvo_area() -> None:
    assert building_codes.mvstaettvo_area_persons(5000) == 10_000
    assert building_codes.mvstaettvo_area_persons(5000, "tables") == 5_000
    assert building_codes.mvstaettvo_area_persons(0, "standing", stepped_length_m=100) == 200


def test_mvstaettvo_steps_and_least_width() -> None:
    persons = building_codes.mvstaettvo_width_persons
    assert persons(1.19, "indoor") == 0
    assert persons(1.2, "indoor") == persons(1.79, "indoor") == 200
    assert persons(1.8, "indoor") == 300
    assert building_codes.mvstaettvo_required_width_m(10, "indoor") == 1.2
    assert building_codes.mvstaettvo_required_width_m(0, "indoor") == 0


@pytest.mark.parametrize(("height_m", "distance_m"), [(3, 30), (7.4, 30), (7.5, 35), (10, 40), (50, 60)])
def test_mvstaettvo_travel_distance(height_m: float, distance_m: float) -> None:
    assert building_codes.mvstaettvo_travel_distance_max_m(height_m) == distance_m


def test_mvstaettvo_scope() -> None:
    assert not building_codes.is_in_mvstaettvo_scope(200, "indoor")
    assert building_codes.is_in_mvstaettvo_scope(201, "indoor")
    assert not building_codes.is_in_mvstaettvo_scope(1000, "outdoor")
    assert building_codes.is_in_mvstaettvo_scope(5001, "stadium")
    assert building_codes.needs_security_concept(5001)
    assert not building_codes.needs_security_concept(5000)


def test_austria() -> None:
    """VSVO section 3: three standing per m2, sectors of at most 5 000."""
    assert building_codes.austria_standing_persons(1000) == 3000
    assert building_codes.needs_more_sectors(5001)
    assert not building_codes.needs_more_sectors(5000)


def test_lowest_limit_binds() -> None:
    answer = building_codes.lowest_of(area=10_000, widths=4_800, permit=None, judgement=5_000)
    assert (answer.persons, answer.bound_by, answer.unknown) == (4_800, "widths", ("permit",))
    assert building_codes.lowest_of(area=None).persons is None


def test_nfpa() -> None:
    assert nfpa.nfpa_exit_persons(width_in=units.mm_to_nominal_in(914)) == 180
    assert nfpa.nfpa_exit_persons(width_in=44, is_stairs=True) == 146
    assert nfpa.nfpa_exit_persons(width_m=1.8) == 360
    assert nfpa.nfpa_occupant_load(area_ft2=10_000) == 1428
    assert nfpa.nfpa_occupant_load(area_ft2=1500, use="less_concentrated") == 100
    assert nfpa.nfpa_occupant_load(area_m2=650) == 1000
    assert nfpa.nfpa_stairs_effective_width_m(1.2) == pytest.approx(0.895)
    assert nfpa.nfpa_stairs_effective_width_m(0.2) == 0
    assert 1 / nfpa.nfpa_code().concentrated_m2_per_person == pytest.approx(1.54, abs=5e-3)


def test_nfpa_main_entrance() -> None:
    assert nfpa.nfpa_main_entrance_persons(600) == 300
    assert nfpa.nfpa_main_entrance_persons(600, is_nightclub=True) == pytest.approx(400)
    assert nfpa.nfpa_code().nightclub_time_max_min == 1.5


def test_nfpa_wants_one_unit() -> None:
    with pytest.raises(HamkorError, match="one-unit"):
        nfpa.nfpa_exit_persons(width_m=1, width_in=40)
    with pytest.raises(HamkorError, match="one-unit"):
        nfpa.nfpa_occupant_load()
