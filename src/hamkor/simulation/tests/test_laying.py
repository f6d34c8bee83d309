# SPDX-License-Identifier: Apache-2.0
"""Drawings as places and links: real venues, people who add up, and every fault with its place."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from hamkor.common.figures import KnownFigure
from hamkor.crowd.rules.connections import one_way_per_min
from hamkor.crowd.rules.profiles import load_profile
from hamkor.simulation.rules.laying import lay_out
from hamkor.simulation.rules.layout import Fault, Layout
from hamkor.simulation.tests.drawings import (
    area,
    bank,
    box,
    crowd,
    door,
    hall,
    outline,
    passage,
    plan_of,
    point,
    redrawn,
    structure,
)
from hamkor.venues.rules.features import OUTSIDE, Feature, Route, Section

LEPPINGS = "cases/hillsborough-1989-leppings-lane"


def of_example(name: str, direction: Any, **more: Any) -> Layout:
    plan = plan_of(name)
    assert plan.venue is not None
    return lay_out(plan.venue.features, direction=direction, attendance=plan.attendance, **more)


def faults_of(features: list[Feature], direction: Any = "egress", **more: Any) -> dict[str, Fault]:
    return {fault.code: fault for fault in lay_out(features, direction=direction, **more).faults}


# Real venues


@pytest.mark.parametrize("direction", ["ingress", "egress", "evacuate"])
def test_a_well_prepared_stadium_has_no_fault_and_all_its_people(direction: str) -> None:
    layout = of_example("navruz-2027", direction)
    assert layout.faults == ()
    assert layout.people == pytest.approx(34_000)
    assert layout.places["pen-a"].people == 1280
    assert layout.places["pen-a"].area_m2 == 820
    assert layout.places["sector-14"].holds == 0


def test_rates_are_those_of_the_checks() -> None:
    plan = plan_of("navruz-2027")
    assert plan.venue is not None
    profile = load_profile()
    layout = of_example("navruz-2027", "egress")
    for feature in plan.venue.features:
        link = layout.links.get(feature.id)
        if link is None:
            continue
        per_min = one_way_per_min(feature.properties, profile)  # type: ignore[arg-type]
        assert per_min is not None
        assert link.rate_per_s == pytest.approx(per_min.nominal / 60)


def test_a_stadium_leaves_by_gates_and_enters_by_turnstiles() -> None:
    egress, ingress = of_example("navruz-2027", "egress"), of_example("navruz-2027", "ingress")
    assert egress.links["gate-01"].forward
    assert not egress.links["gate-01"].backward
    assert "turnstile-01" not in egress.links
    assert "gate-01" not in ingress.links
    bank_1 = ingress.links["check-1"]
    assert (bank_1.lanes, bank_1.rate_is_stated) == (9, True)
    assert bank_1.rate_per_s == pytest.approx(1.0)
    assert bank_1.queue_area_m2 == 900
    assert "vom-14a" not in egress.links


def test_an_evacuation_goes_on_to_the_assembly_area() -> None:
    """Two gates of 9 m lead to a way of 14 m: the way is narrower than what feeds it."""
    layout = of_example("navruz-2027", "evacuate")
    assert layout.links["exit-n1"].head == layout.links["exit-n2"].head == "evacuation-n/way"
    way = layout.links["evacuation-n/evac-n-way"]
    assert (way.tail, way.head, way.length_m) == ("evacuation-n/way", OUTSIDE, 90)
    assert layout.links["vom-14a"].forward


def test_a_key_nobody_turns_shuts_a_gate_for_those_who_leave() -> None:
    layout = of_example("navruz-2027", "egress", unattended=frozenset({"gate-04", "check-1"}))
    assert "gate-04" not in layout.links
    assert "gate-08" in layout.links
    assert "check-1" in of_example("navruz-2027", "ingress", unattended=frozenset({"check-1"})).links


def test_the_love_parade_has_one_ramp_both_ways() -> None:
    layout = of_example("cases/loveparade-2010", "egress")
    ramp = layout.links["ramp"]
    assert (ramp.forward, ramp.backward, ramp.rate_is_stated) == (True, True, True)
    assert ramp.rate_per_s == pytest.approx(43_788 / 3600)
    assert layout.links["tunnel-west"].backward
    assert layout.links["tunnel-west"].forward, "the plan says that others come in while these leave"
    assert "emergency-east" not in layout.links
    assert "emergency-east" in of_example("cases/loveparade-2010", "evacuate").links
    assert layout.people == 250_000
    assert {fault.code for fault in layout.faults} == {"area-without-size"}


def test_nobody_knows_where_the_people_of_itaewon_stood() -> None:
    layout = of_example("cases/itaewon-2022", "egress")
    fatal = [fault.code for fault in layout.faults if fault.is_fatal]
    assert fatal == ["people-outside-areas"]
    alley = layout.links["alley"]
    assert (alley.length_m, alley.width_m, alley.forward, alley.backward) == (40, 3.2, True, True)
    assert layout.links["food-street/open"].rate_per_s is None


def test_leppings_lane_lets_in_twice_what_its_terrace_holds() -> None:
    layout = of_example(LEPPINGS, "ingress")
    assert set(layout.places) == {"terrace", "stands"}, (
        "pens have no doors of their own: they are the terrace"
    )
    assert layout.links["turnstiles-terrace"].lanes == 7
    assert layout.places["terrace"].people == 10_100
    crowded = next(fault for fault in layout.faults if fault.code == "too-many-people")
    assert "5\N{NO-BREAK SPACE}426" in crowded.says.in_english()
    assert next(fault.code for fault in of_example(LEPPINGS, "egress").faults) == "no-exit"


# People


def two_halls(**more: Any) -> list[Feature]:
    return [
        area("east", box(10, 0, 20, 10), **more),
        area("west", box(0, 0, 10, 10), **more),
        door("middle", "west>east", point(10, 5)),
        door("exit", "east>outside", point(20, 5)),
    ]


def test_people_are_never_more_than_come() -> None:
    layout = lay_out(two_halls(stated_capacity=300), direction="egress", attendance=crowd(400))
    assert layout.people == pytest.approx(400)
    assert layout.places["east"].people == pytest.approx(200)


def test_attendance_by_area_counts_first_and_the_rest_is_named() -> None:
    layout = lay_out(two_halls(), direction="egress", attendance=crowd(500, east=120, west=30))
    assert layout.places["east"].people == 120
    rest = next(fault for fault in layout.faults if fault.code == "people-outside-areas")
    assert not rest.is_fatal
    assert "350 of 500" in rest.says.in_english()


def test_a_crowd_nobody_placed_is_spread_by_room_and_said() -> None:
    layout = lay_out(two_halls(), direction="egress", attendance=crowd(300))
    assert layout.places["west"].people == pytest.approx(150)
    assert [fault.code for fault in layout.faults] == ["people-spread"]


def test_one_area_has_the_whole_crowd() -> None:
    features = [area("hall", box(0, 0, 20, 10)), door("exit", "hall>outside", point(20, 5))]
    assert lay_out(features, direction="egress", attendance=crowd(77)).people == 77


def test_people_of_a_whole_stand_in_its_parts() -> None:
    """A terrace without a door of its own: its 900 people are in the pens, which have doors."""
    features = [
        area("terrace", box(0, 0, 20, 10), use="standing", stated_capacity=900),
        area("left", box(0, 0, 10, 10), use="standing", part_of="terrace"),
        area("right", box(10, 0, 20, 10), use="standing", part_of="terrace", stated_capacity=300),
        door("a", "left>outside", point(0, 5)),
        door("b", "right>outside", point(20, 5)),
    ]
    layout = lay_out(features, direction="egress", attendance=crowd(900))
    assert layout.people == pytest.approx(900)
    assert layout.places["terrace"].people == 0
    assert layout.places["left"].people > 0
    assert layout.places["right"].people >= 300


def test_a_part_without_doors_is_its_whole() -> None:
    features = [*hall(stated_capacity=100), area("bar", box(0, 0, 5, 5), part_of="hall", stated_capacity=30)]
    layout = lay_out(features, direction="egress")
    assert set(layout.places) == {"hall"}
    assert layout.people == 100
    assert layout.places["hall"].area_m2 == pytest.approx(200, rel=1e-4)


def test_areas_that_are_parts_of_each_other_are_places_of_their_own() -> None:
    features = [
        area("one", box(0, 0, 10, 10), part_of="two", stated_capacity=10),
        area("two", box(20, 0, 30, 10), part_of="three", stated_capacity=20),
        area("three", box(40, 0, 50, 10), part_of="two", stated_capacity=30),
    ]
    layout = lay_out(features, direction="egress")
    assert set(layout.places) == {"one", "two", "three"}
    assert layout.people == 60


def test_a_stage_takes_ground_away() -> None:
    features = [*hall(), structure("stage", box(0, 0, 4, 10))]
    assert lay_out(features, direction="egress").places["hall"].area_m2 == pytest.approx(160, rel=1e-4)


def test_a_concourse_holds_a_moving_crowd_and_a_hall_a_standing_one() -> None:
    concourse = lay_out(hall(use="concourse", stated_capacity=None), direction="egress").places["hall"]
    standing = lay_out(hall(stated_capacity=None), direction="egress").places["hall"]
    assert concourse.holds == pytest.approx(800, rel=1e-3)
    assert standing.holds == pytest.approx(200 * 4.7, rel=1e-3)


# Faults


def test_a_sound_hall_has_none() -> None:
    assert faults_of(hall()) == {}


@pytest.mark.parametrize(
    ("code", "is_fatal", "features"),
    [
        ("unreachable-area", True, [*hall(), area("cage", box(30, 0, 40, 10), stated_capacity=50)]),
        ("unreachable-area", False, [*hall(), area("cage", box(30, 0, 40, 10))]),
        ("no-exit", True, hall()[:1]),
        ("no-exit", True, [hall()[0], door("exit", "hall>outside", point(20, 5), use={"egress": "closed"})]),
        ("no-exit", True, [hall()[0], door("exit", "hall>outside", point(20, 5), release="locked")]),
        ("passes-nobody", False, [*hall(), door("slit", "hall>outside", point(0, 5), clear_width_m=0)]),
        ("absurd-width", True, [*hall(), door("slit", "hall>outside", point(0, 5), clear_width_m=-2.0)]),
        ("absurd-width", True, [*hall(), door("slit", "hall>outside", point(0, 5), clear_width_m=2000.0)]),
        ("absurd-width", True, [*hall(), door("slit", "hall>outside", point(0, 5), clear_width_m=math.nan)]),
        ("unknown-width", False, [*hall(), door("slit", "hall>outside", point(0, 5), clear_width_m=None)]),
        ("overlapping-areas", False, [*hall(), area("bar", box(15, 2, 25, 8))]),
        ("overlapping-areas", True, [*hall(), area("twin", box(0, 0, 20, 10.2))]),
        ("leads-to-itself", False, [*hall(), door("loop", "hall>hall", point(0, 5))]),
        ("unknown-end", False, [*hall(), door("lost", "hall>nowhere", point(0, 5))]),
        ("too-many-people", False, hall(stated_capacity=600, assessed_capacity=500)),
        ("too-many-people", True, hall(stated_capacity=1300, assessed_capacity=500)),
        ("absurd-crowd", True, hall(stated_capacity=10_000_000)),
        ("absurd-people", True, hall(stated_capacity=math.nan)),
        ("area-without-size", False, [area("hall", stated_capacity=9), door("exit", "hall>outside")]),
        ("absurd-length", True, [*hall(), passage("way", "hall>outside", length_m=1e9)]),
        (
            "invalid-outline",
            False,
            [area("hall", outline((0, 0), (20, 10), (20, 0), (0, 10))), hall()[1]],
        ),
        ("outline-without-area", False, [*hall(), area("flat", outline((30, 0), (40, 0), (50, 0)))]),
        (
            "level-without-stairs",
            True,
            [*hall(), area("balcony", box(0, 0, 5, 10), level=1, stated_capacity=50)],
        ),
        (
            "disconnected-drawing",
            True,
            [
                *hall(),
                area("left", box(30, 0, 40, 10), stated_capacity=50),
                area("right", box(40, 0, 50, 10)),
                door("gap", "left>right", point(40, 5)),
            ],
        ),
        (
            "opening-between-levels",
            False,
            [*hall(), area("balcony", box(-5, 0, 0, 10), level=1), door("hatch", "balcony>hall", point(0, 5))],
        ),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place_and_remedy(
    code: str, is_fatal: bool, features: list[Feature]
) -> None:
    found = faults_of(features)
    assert code in found
    fault = found[code]
    assert fault.is_fatal == is_fatal
    for text in (fault.says, fault.remedy):
        assert text.in_english().endswith(".")
    feature = {item.id: item for item in features}.get(fault.feature)
    if feature is not None and feature.geometry is not None:
        assert fault.at is not None
        assert fault.at == pytest.approx((69.25, 41.3), abs=0.01)


def test_faults_that_stop_everything_come_first() -> None:
    features = [*hall(), door("lost", "hall>nowhere", point(0, 5)), area("cage", box(30, 0, 40, 10), seats=9)]
    listed = [fault.is_fatal for fault in lay_out(features, direction="egress").faults]
    assert listed == sorted(listed, reverse=True)
    assert len(listed) > 1


def test_people_in_an_area_nobody_drew() -> None:
    found = faults_of(hall(), attendance=crowd(100, hall=50, roof=50))
    assert found["people-in-unknown-area"].is_fatal


def test_positions_that_do_not_exist_count_as_not_drawn() -> None:
    broken = msgspec.structs.replace(
        hall()[0], geometry=msgspec.structs.replace(box(0, 0, 1, 1), coordinates=(((math.nan, 91.0),) * 4,))
    )
    found = faults_of([broken, hall()[1]])
    assert "broken-geometry" in found
    assert "area-without-size" in found


def test_a_drawing_as_wide_as_a_country_is_not_used() -> None:
    far = msgspec.structs.replace(point(0, 0), coordinates=(10.0, 10.0))
    found = faults_of([*hall(), door("far", "hall>outside", far)])
    assert found["drawing-too-wide"].is_fatal


def test_a_width_nobody_stated_is_taken_as_drawn_and_said() -> None:
    from hamkor.simulation.tests.drawings import line

    features = [hall()[0], door("exit", "hall>outside", line((20, 3), (20, 6)), clear_width_m=None)]
    layout = lay_out(features, direction="egress")
    assert layout.links["exit"].width_m == pytest.approx(3, abs=1e-3)
    assert [fault.code for fault in layout.faults] == ["width-as-drawn"]


def test_a_range_of_widths_counts_with_its_middle() -> None:
    features = [hall()[0], door("exit", "hall>outside", clear_width_m=KnownFigure(low=2, high=4))]
    assert lay_out(features, direction="egress").links["exit"].width_m == 3


def test_ways_beyond_the_gates_are_in_series_and_in_the_order_people_walk_them() -> None:
    sections = (Section(id="stairs", clear_width_m=3, surface="stairs"), Section(id="path", clear_width_m=2))
    route = Route(purpose="approach_and_dispersal", sections=(*sections, "exit"))
    features = [*hall(), Feature(id="metro", properties=route)]
    layout = lay_out(features, direction="egress")
    order, place = [], layout.links["exit"].head
    while place != OUTSIDE:
        link = next(item for item in layout.links.values() if item.tail == place)
        order.append(link.id)
        place = link.head
    assert order == ["metro/path", "metro/stairs"]
    inward = lay_out([*hall(), Feature(id="metro", properties=route)], direction="ingress")
    assert inward.links["exit"].head == "metro/way"
    assert inward.faults == ()


def test_a_blocked_way_is_said() -> None:
    route = Route(purpose="evacuation", sections=("exit", Section(id="path", clear_width_m=2)), usable=False)
    found = faults_of([*hall(), Feature(id="way", properties=route)], "evacuate")
    assert set(found) == {"route-blocked"}


def test_turnstiles_let_nobody_out_unless_the_plan_says_so() -> None:
    features = [hall()[0], bank("bank", "outside>hall", point(20, 5))]
    assert set(faults_of(features)) == {"no-exit"}
    assert lay_out(features, direction="ingress").links["bank"].lanes == 4


def test_an_open_square_is_left_to_all_sides() -> None:
    features = [area("square", box(0, 0, 20, 10), use="square", stated_capacity=50)]
    link = lay_out(features, direction="egress").links["square/open"]
    assert (link.kind, link.rate_per_s, link.forward, link.backward) == ("open_side", None, True, False)
    assert lay_out(features, direction="ingress").links["square/open"].backward


def test_needless_detail_is_left_out_and_counted() -> None:
    plan = plan_of("navruz-2027")
    assert plan.venue is not None
    finer = lay_out(redrawn(plan.venue.features, finer=10), direction="egress", attendance=plan.attendance)
    assert [fault.code for fault in finer.faults] == ["needless-detail"]


def test_numbers_do_not_depend_on_detail_or_the_way_a_drawing_is_turned() -> None:
    plan = plan_of("navruz-2027")
    assert plan.venue is not None
    plain = lay_out(plan.venue.features, direction="egress", attendance=plan.attendance)
    turned = lay_out(
        redrawn(plan.venue.features, turn_deg=30, finer=10), direction="egress", attendance=plan.attendance
    )
    assert set(turned.links) == set(plain.links)
    for id_, link in plain.links.items():
        assert turned.links[id_].rate_per_s == pytest.approx(link.rate_per_s)
        assert turned.links[id_].length_m == pytest.approx(link.length_m, rel=1e-3)
    for id_, place in plain.places.items():
        assert turned.places[id_].people == pytest.approx(place.people)
        assert turned.places[id_].area_m2 == pytest.approx(place.area_m2, rel=2e-3)
