# SPDX-License-Identifier: Apache-2.0
"""Ten traps found in published plans and guides; each is a mistake the rules must not repeat."""

from __future__ import annotations

import pytest

from hamkor.common.errors import HamkorError
from hamkor.crowd.rules import (
    building_codes,
    capacity,
    density,
    exits,
    gost,
    ingress,
    maurer,
    nfpa,
    sanitation,
    units,
    verification,
)
from hamkor.crowd.rules.profiles import flow_capacity_per_h, load_profile


def test_trap_1_flow_of_109_is_an_old_edition_and_a_third_too_much() -> None:
    """Green Guide 1997: 109/73; since 2008: 82/66. Still's Duisburg capacity is 8.9 m x 82 x 60."""
    now, old = load_profile(), load_profile("green-guide-1997")
    assert (now.level_flow_per_m_min, now.stairs_flow_per_m_min) == (82, 66)
    assert (old.level_flow_per_m_min, old.stairs_flow_per_m_min) == (109, 73)
    assert old.level_flow_per_m_min / now.level_flow_per_m_min == pytest.approx(1.33, abs=5e-3)
    assert old.is_criterion is False
    assert flow_capacity_per_h(8.9) == pytest.approx(43_788)
    assert units.per_ft_min_to_per_m_min(25) == pytest.approx(82, abs=0.1)


@pytest.mark.parametrize("time_min", [8.01, 10])
def test_trap_2_softened_evacuation_times_are_refused(time_min: float) -> None:
    """Football Licensing Authority: at most 8 min; a county's page says 10."""
    with pytest.raises(exits.CapacityError, match="egress-time-too-long"):
        exits.exit_capacity([exits.Exit(10)], time_min)


@pytest.mark.parametrize("time_min", [2.4, 8.1])
def test_trap_2_emergency_times_outside_the_range_are_refused(time_min: float) -> None:
    """Football Licensing Authority: 2.5 min at high to 8 min at low fire risk."""
    with pytest.raises(exits.CapacityError, match="emergency-time-out-of-range"):
        exits.emergency_capacity([exits.Exit(10)], time_min, is_largest_lost=False)


def test_trap_3_toilet_schemes_run_in_opposite_directions() -> None:
    """Purple Guide now: longer events need more. One council's older scheme: 1 to 150 short, 1 to 100 long."""
    short, long = (sanitation.toilets_needed(10_000, hours) for hours in (5, 7))
    assert long.female > short.female
    old = sanitation.toilets_needed(9_000, 5, scheme_id="council-older-toilets")
    assert old.female == 30
    assert old.scheme_id != short.scheme_id
    assert old.edition != short.edition
    assert old.male is None


def test_trap_4_german_width_rule_differs_outdoors_by_three_with_the_same_physics() -> None:
    """MVStättVO section 7 (4): 200 indoors, 600 outdoors; both are 83 per metre and minute."""
    persons = building_codes.mvstaettvo_width_persons
    assert persons(1.2, "outdoor") == persons(1.2, "stadium") == 3 * persons(1.2, "indoor") == 600
    assert pytest.approx(600 / 1.2 / 6) == 200 / 1.2 / 2
    for profile_id in ("mvstaettvo-2014", "mvstaettvo-2014-indoor"):
        assert load_profile(profile_id).level_flow_per_m_min == pytest.approx(200 / 1.2 / 2)
        assert load_profile(profile_id).level_flow_per_m_min == pytest.approx(82, rel=0.02)


def test_trap_5_the_cis_table_allows_twice_the_green_guide() -> None:
    """GOST 12.1.004-91: 16.5 m/min over 0.10 m2 is 165 per metre and minute."""
    profile = load_profile("gost-12-1-004-91")
    assert gost.gost_max_flow_per_m_min("level") == pytest.approx(165)
    assert profile.level_flow_per_m_min == pytest.approx(165)
    assert 165 / load_profile().level_flow_per_m_min == pytest.approx(2.0, abs=0.02)
    assert profile.is_criterion is False


def test_trap_6_five_square_feet_instead_of_seven() -> None:
    """Court papers in the press: 5 ft2 a person where the code says 7."""
    permitted = nfpa.nfpa_occupant_load(area_ft2=10_000)
    assert permitted == 1428
    assert 10_000 / 5 / permitted == pytest.approx(1.4, abs=0.01)


def test_trap_6_five_people_per_square_foot_is_refused() -> None:
    """A republished agency text says square foot for square metre: that would be 54 per m2."""
    with pytest.raises(HamkorError, match="density_per_ft2"):
        units.per_ft2_to_per_m2(5)
    with pytest.raises(HamkorError, match="unit-slip") as refusal:
        units.check_density_per_m2(53.8)
    assert "square metre" in str(refusal.value)


def test_trap_6_an_area_stated_in_two_units_must_agree() -> None:
    assert units.check_same_area(929, 10_000) == 929
    with pytest.raises(HamkorError, match="unit-slip-area"):
        units.check_same_area(10_000, 10_000)


def test_trap_7_vendor_throughput_is_not_capacity() -> None:
    """A vendor claims 600 to 1 200 per hour and lane; measured lanes gave about 400."""
    assert ingress.believable_rate_per_h(1200, is_measured=False) == 400
    assert ingress.believable_rate_per_h(520, is_measured=True) == 520
    with pytest.raises(HamkorError, match="claim-does-not-multiply"):
        ingress.check_claimed_share(60_000, 0.7, 56_000)
    assert ingress.check_claimed_share(60_000, 0.7, 42_000) == pytest.approx(42_000)


def test_trap_8_maurer_tables_disagree_and_the_result_names_its_table_and_rounding() -> None:
    event = {"permitted_persons": 40_000, "expected_persons": 40_000, "factor": 1.2}
    common = maurer.maurer_cover(**event)
    bavarian = maurer.maurer_cover(**event, table="brk-2010")
    assert (common.helpers, bavarian.helpers) == (100, 120)
    assert (common.table, bavarian.table) == ("common", "brk-2010")
    assert common.rounding == "nearest"


def test_trap_9_laboratory_flows_give_no_licence() -> None:
    """HERMES exits gave 89 to 137 per metre and minute, the guide allows 82."""
    per_m_min = [row[4] * 60 for row in verification.verification_data().hermes.values()]
    assert min(per_m_min) == pytest.approx(89, abs=0.5)
    assert max(per_m_min) == pytest.approx(137, abs=0.5)
    assert {verification.usable_flow_per_m_min(value) for value in per_m_min} == {82}


def test_trap_10_area_alone_says_nothing_about_a_pen() -> None:
    """A site held four times its crowd by area while one pen stood at 5.8 per m2."""
    crowd, site_m2, pen_persons, pen_m2 = 20_000, 17_022, 1_160, 200
    assert capacity.standing_capacity(site_m2) >= 4 * crowd
    assert density.density_tier(crowd / site_m2) == density.Tier.GREEN
    assert density.density_tier(units.density_of(pen_persons, pen_m2)) == density.Tier.RED
    assert capacity.standing_capacity(pen_m2) < pen_persons
