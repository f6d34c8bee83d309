# SPDX-License-Identifier: Apache-2.0
"""Drawings as ground to walk on: doors as wide as stated, walls between areas, stairs between storeys."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import pytest
import shapely
import shapely.affinity
from msgspec.structs import replace

from hamkor.simulation.rules.flooring import build_floors, whole_numbers
from hamkor.simulation.rules.flooring_checks import check_floors
from hamkor.simulation.rules.floors import Door, Floors, Sheet, Start, Strip
from hamkor.simulation.rules.laying import lay_out
from hamkor.simulation.tests.drawings import (
    CENTRE,
    area,
    bank,
    box,
    crowd,
    door,
    hall,
    line,
    outline,
    passage,
    plan_of,
    point,
    redrawn,
    structure,
)
from hamkor.venues.rules.features import Feature

REACH_M = 0.05


def floors_of(features: list[Feature], direction: Any = "egress", **more: Any) -> Floors:
    """Returns the floors in the metres the drawing was made in."""
    floors = build_floors(lay_out(features, direction=direction, **more), features)
    if not floors.sheets:
        return floors
    ((east, north),) = floors.plane.to_xy_m([CENTRE])

    def back(segment: Any) -> Any:
        return segment and tuple((x - east, y - north) for x, y in segment)

    def moved(shape: Any) -> Any:
        return shapely.affinity.translate(shape, -east, -north)

    return replace(
        floors,
        sheets=tuple(replace(item, walkable=moved(item.walkable)) for item in floors.sheets),
        doors=tuple(replace(item, line=back(item.line)) for item in floors.doors),
        strips=tuple(
            replace(item, ground=moved(item.ground), switch=back(item.switch)) for item in floors.strips
        ),
        starts=tuple(replace(item, ground=moved(item.ground)) for item in floors.starts),
    )


@cache
def stadium(direction: Any = "egress", *, turn_deg: float = 0.0, finer: int = 1) -> Floors:
    plan = plan_of("navruz-2027")
    assert plan.venue is not None
    features = list(plan.venue.features)
    if turn_deg or finer > 1:
        features = redrawn(features, turn_deg=turn_deg, finer=finer)
    return build_floors(lay_out(features, direction=direction, attendance=plan.attendance), features)


def width_of(item: Door | Strip) -> float:
    segment = item.line if isinstance(item, Door) else item.switch
    assert segment is not None
    return math.dist(*segment)


def ground(floors: Floors, sheet: int = 0) -> Any:
    return floors.sheets[sheet].walkable


def codes(floors: Floors) -> set[str]:
    return {fault.code for fault in floors.faults}


def narrowest_m(shape: Any, first: tuple[float, float], last: tuple[float, float]) -> float:
    """Returns the widest disc that rolls from one point to another on the ground, as its diameter in metres."""
    low, high = 0.0, 10.0
    ends = [shapely.Point(first), shapely.Point(last)]
    for _ in range(30):
        middle = (low + high) / 2
        parts = shapely.get_parts(shape.buffer(-middle / 2))
        near = [[part.distance(end) <= REACH_M for part in parts] for end in ends]
        passes = any(a and b for a, b in zip(*near, strict=True))
        low, high = (middle, high) if passes else (low, middle)
    return low


# The stadium


@pytest.mark.parametrize("direction", ["ingress", "egress", "evacuate"])
def test_a_well_prepared_stadium_is_sound_ground(direction: str) -> None:
    floors = stadium(direction)
    assert floors.faults == ()
    assert sum(start.people for start in floors.starts) == 34_000
    assert all(sheet.walkable.is_valid for sheet in floors.sheets)
    assert [sheet.level for sheet in floors.sheets][:2] == [0, 1]
    for start in floors.starts:
        assert start.ground.within(ground(floors, start.sheet).buffer(0.01))


def test_every_door_of_the_stadium_is_as_wide_as_the_plan_says() -> None:
    plan = plan_of("navruz-2027")
    assert plan.venue is not None
    layout = lay_out(plan.venue.features, direction="egress", attendance=plan.attendance)
    doors = {item.id: item for item in stadium().doors}
    for id_, link in layout.links.items():
        assert link.width_m is not None
        assert width_of(doors[id_]) == pytest.approx(link.width_m, abs=0.01), id_
        free = shapely.LineString(doors[id_].line).intersection(
            ground(stadium(), doors[id_].sheet).buffer(0.02)
        )
        assert free.length == pytest.approx(link.width_m, abs=0.1), id_


def test_gates_of_the_stadium_are_no_wider_than_stated_on_the_ground() -> None:
    """What rolls from the concourse to the forecourt is as wide as the widest gate, though walls are long and thin."""
    floors = stadium()
    whole = ground(floors)
    gates = [item for item in floors.doors if item.id.startswith("gate-0")]
    assert len(gates) == 9
    closed = whole
    for item in gates[1:]:
        closed = closed.difference(shapely.LineString(item.line).buffer(1.0, cap_style="square"))
    first, last = gates[0].line
    middle = ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
    near = closed.intersection(shapely.Point(middle).buffer(12))
    across = (-(last[1] - first[1]) / math.dist(first, last), (last[0] - first[0]) / math.dist(first, last))
    ends = [(middle[0] + side * 4 * across[0], middle[1] + side * 4 * across[1]) for side in (1, -1)]
    assert narrowest_m(near, *ends) == pytest.approx(3.75, abs=0.15)


def test_stairs_of_the_stadium_lead_down_and_are_on_both_storeys() -> None:
    floors = stadium()
    stairs = [strip for strip in floors.strips if strip.id.startswith("vom-")]
    assert len(stairs) == 40
    for strip in stairs:
        assert (strip.sheet, strip.upper_sheet, strip.surface) == (0, 1, "stairs")
        assert strip.length_m == 9
        assert width_of(strip) == pytest.approx(3, abs=0.01)
        assert strip.switch is not None
        for sheet in (0, 1):
            assert shapely.LineString(strip.switch).buffer(0.4).within(ground(floors, sheet).buffer(0.42))
        assert math.hypot(*strip.up) == pytest.approx(1)
        middle = shapely.LineString(strip.switch).centroid
        upward = shapely.Point(middle.x + 4 * strip.up[0], middle.y + 4 * strip.up[1])
        assert ground(floors, 1).contains(upward)


def test_a_tunnel_below_others_has_a_sheet_of_its_own() -> None:
    """The service tunnel runs from backstage below concourse and forecourt to the street."""
    floors = stadium()
    tunnel = [strip for strip in floors.strips if strip.id == "service-south"]
    assert len(tunnel) == 2
    apart = next(item for item in floors.doors if item.id == "service-south")
    assert apart.leads_out
    assert floors.sheets[apart.sheet].walkable.area == pytest.approx(6 * 112, rel=0.05)
    assert any(
        strip.switch is not None and {strip.sheet, strip.upper_sheet} == {0, apart.sheet} for strip in tunnel
    )


def test_ground_does_not_depend_on_detail_or_the_way_a_drawing_is_turned() -> None:
    plain, turned = stadium(), stadium(turn_deg=30, finer=10)
    assert len(turned.doors) == len(plain.doors)
    for one, other in zip(plain.sheets, turned.sheets, strict=True):
        assert other.walkable.area == pytest.approx(one.walkable.area, rel=0.005)
    vertices = [sum(shapely.get_num_coordinates(s.walkable) for s in f.sheets) for f in (plain, turned)]
    assert vertices[1] <= 1.2 * vertices[0]
    for one, other in zip(plain.starts, turned.starts, strict=True):
        assert (one.place, one.people) == (other.place, other.people)
        assert other.ground.area == pytest.approx(one.ground.area, rel=0.005)


# Doors


def test_a_door_in_a_wall_leads_out_with_ground_behind_it() -> None:
    floors = floors_of(hall())
    (exit_,) = floors.doors
    assert exit_.leads_out
    assert width_of(exit_) == pytest.approx(2)
    assert ground(floors).area == pytest.approx(200 + 2 * 2, rel=0.005)
    assert exit_.rate_per_s is None, "only bodies limit a door nobody measured"


def test_a_measured_door_is_limited() -> None:
    features = [hall()[0], door("exit", "hall>outside", point(20, 5), capacity_per_h=3600)]
    assert floors_of(features).doors[0].rate_per_s == pytest.approx(1)


def test_areas_that_touch_have_a_wall_between_them() -> None:
    features = [
        area("west", box(0, 0, 10, 10), stated_capacity=50),
        area("east", box(10, 0, 20, 10)),
        door("middle", "west>east", point(10, 5), clear_width_m=1.2),
        door("exit", "east>outside", point(20, 5), clear_width_m=3),
    ]
    floors = floors_of(features)
    assert floors.faults == ()
    assert narrowest_m(ground(floors), (5, 5), (15, 5)) == pytest.approx(1.2, abs=0.05)
    assert not ground(floors).contains(shapely.Point(10, 2))


@pytest.mark.parametrize("gap_m", [0.05, 0.5, 3.0])
@pytest.mark.parametrize("drawn", ["point", "line"])
def test_a_door_goes_through_whatever_gap_lies_between_areas(gap_m: float, drawn: str) -> None:
    at = 10 + gap_m / 2
    features = [
        area("west", box(0, 0, 10, 10), stated_capacity=50),
        area("east", box(10 + gap_m, 0, 20, 10)),
        door("middle", "east>west", point(at, 5) if drawn == "point" else line((at, 4), (at, 6))),
        door("exit", "east>outside", point(20, 5), clear_width_m=3),
    ]
    floors = floors_of(features)
    assert floors.faults == ()
    assert narrowest_m(ground(floors), (5, 5), (15, 5)) == pytest.approx(2, abs=0.05)


def test_a_door_in_a_round_wall_is_open_over_its_whole_width() -> None:
    ring = [(20 * math.cos(k / 20 * math.pi), 20 * math.sin(k / 20 * math.pi)) for k in range(40)]
    features = [area("dome", outline(*ring), stated_capacity=50), door("exit", "dome>outside", point(20, 0))]
    features[1] = door("exit", "dome>outside", point(20, 0), clear_width_m=8.0)
    floors = floors_of(features)
    assert codes(floors) == set()
    assert narrowest_m(ground(floors), (0, 0), (20.5, 0)) > 2
    assert width_of(floors.doors[0]) == pytest.approx(8)


def test_a_row_of_turnstiles_is_a_gap_with_lanes() -> None:
    features = [hall()[0], bank("bank", "outside>hall", point(0, 5), lanes=4), hall()[1]]
    floors = floors_of(features, "ingress")
    row = next(item for item in floors.doors if item.id == "bank")
    assert row.servers == 4
    assert row.leads_out
    assert width_of(row) == pytest.approx(4 * 0.9)
    rate = lay_out(features, direction="ingress").links["bank"].rate_per_s
    assert rate is not None
    assert row.servers / row.service_s == pytest.approx(rate)


def test_an_open_square_is_left_over_its_whole_border() -> None:
    features = [area("square", box(0, 0, 20, 10), use="square", stated_capacity=50)]
    floors = floors_of(features)
    assert sum(width_of(item) for item in floors.doors) == pytest.approx(60, rel=0.01)
    assert all(item.leads_out and item.id == "square/open" for item in floors.doors)


def test_a_stage_is_no_ground_and_a_barrier_is_a_wall() -> None:
    features = [
        *hall(),
        structure("stage", box(0, 0, 4, 10)),
        structure("rail", line((10, 0), (10, 8)), "barrier"),
    ]
    floors = floors_of(features)
    assert not ground(floors).contains(shapely.Point(2, 5))
    assert not ground(floors).contains(shapely.Point(10, 3))
    assert ground(floors).contains(shapely.Point(10, 9))


# Stairs and tunnels


def two_storeys(**more: Any) -> list[Feature]:
    more.setdefault("clear_width_m", 2.0)
    return [
        area("balcony", box(0, 0, 10, 10), level=1, stated_capacity=50),
        area("foyer", box(13, 0, 25, 10)),
        passage("stairs", "balcony>foyer", line((9, 5), (14, 5)), level=1, **more),
        door("exit", "foyer>outside", point(25, 5), clear_width_m=3),
    ]


@pytest.mark.parametrize(
    "points", [[(9, 5), (14, 5)], [(14, 5), (9, 5)], [(10.5, 5), (12, 5)], [(8, 5), (16, 5)]]
)
def test_stairs_join_two_storeys_wherever_their_line_ends(points: list[tuple[float, float]]) -> None:
    features = two_storeys()
    features[2] = passage("stairs", "balcony>foyer", line(*points), level=1)
    floors = floors_of(features)
    assert floors.faults == ()
    (strip,) = floors.strips
    assert (strip.sheet, strip.upper_sheet, strip.surface) == (0, 1, "stairs")
    assert strip.up == pytest.approx((-1, 0), abs=1e-3)
    assert strip.switch is not None
    middle = [(a + b) / 2 for a, b in zip(*strip.switch, strict=True)]
    for sheet, room in ((0, (20, 5)), (1, (5, 5))):
        assert narrowest_m(ground(floors, sheet), room, (middle[0], middle[1])) == pytest.approx(2, abs=0.1)


def test_stairs_inside_a_hall_are_walled_at_their_sides() -> None:
    """A balcony above a hall: its stairs end in the middle of the hall and are entered there only."""
    features = [
        area("balcony", box(0, 0, 8, 10), level=1, stated_capacity=50),
        area("hall", box(0, 0, 25, 10)),
        passage("stairs", "balcony>hall", line((6, 5), (18, 5)), level=1),
        door("exit", "hall>outside", point(25, 5)),
    ]
    floors = floors_of(features)
    assert floors.faults == ()
    (strip,) = floors.strips
    assert strip.switch is not None
    at = strip.switch[0][0]
    below = ground(floors)
    assert below.contains(shapely.Point(at + 1, 5))
    assert not below.contains(shapely.Point(at + 1, 6.05))
    assert not below.contains(shapely.Point(at - 1.05, 5)), "nobody comes up from behind"
    assert narrowest_m(below, (24, 5), (at + 1, 5)) == pytest.approx(2, abs=0.1)


def test_a_tunnel_under_another_hall_does_not_open_into_it() -> None:
    features = [
        area("west", box(0, 0, 10, 10), stated_capacity=50),
        area("hall", box(12, 0, 28, 10), stated_capacity=20),
        area("east", box(30, 0, 40, 10)),
        passage("tunnel", "west>east", line((10, 5), (30, 5)), form="tunnel"),
        door("exit", "east>outside", point(40, 5)),
        door("other", "hall>outside", point(20, 10)),
    ]
    floors = floors_of(features)
    assert floors.faults == ()
    assert len(floors.sheets) == 2
    strips = [strip for strip in floors.strips if strip.id == "tunnel"]
    assert sum(strip.switch is not None for strip in strips) == 2
    parts = shapely.get_parts(ground(floors))
    assert len(parts) == 3, "the hall is apart from what the tunnel joins below it"


def test_strips_side_by_side_have_a_wall_between_them() -> None:
    features = [
        area("west", box(0, 0, 10, 10), stated_capacity=50),
        area("east", box(20, 0, 30, 10)),
        passage("one", "west>east", line((10, 4), (20, 4)), form="ramp"),
        passage("two", "west>east", line((10, 6), (20, 6)), form="ramp"),
        door("exit", "east>outside", point(30, 5)),
    ]
    floors = floors_of(features)
    assert floors.faults == ()
    assert not ground(floors).contains(shapely.Point(15, 5.05))
    assert ground(floors).contains(shapely.Point(15, 4))
    assert ground(floors).contains(shapely.Point(15, 6))


def test_a_ramp_on_one_storey_is_a_strip_without_a_switch() -> None:
    features = [
        area("west", box(0, 0, 10, 10), stated_capacity=50),
        area("east", box(20, 0, 30, 10)),
        passage("ramp", "west>east", line((10, 5), (20, 5)), form="ramp", clear_width_m=3.0),
        door("exit", "east>outside", point(30, 5)),
    ]
    floors = floors_of(features)
    assert floors.faults == ()
    (strip,) = floors.strips
    assert (strip.switch, strip.surface) == (None, "ramp")
    assert narrowest_m(ground(floors), (5, 5), (25, 5)) == pytest.approx(3, abs=0.05)
    assert {item.id for item in floors.doors} == {"ramp", "exit"}


# Faults


@pytest.mark.parametrize(
    ("code", "is_fatal", "features"),
    [
        ("nothing-drawn", True, [area("hall", stated_capacity=9), door("exit", "hall>outside")]),
        ("people-not-drawn", True, [*hall(), area("annex", stated_capacity=9), door("b", "annex>hall", point(0, 5))]),
        ("way-not-drawn", False, [*hall(), door("back", "hall>outside")]),
        ("door-away-from-border", False, [hall()[0], door("exit", "hall>outside", point(26, 5))]),
        ("door-away-from-border", False, [*hall(), door("far", "hall>outside", point(40, 5))]),
        ("narrower-than-a-person", False, [*hall(), door("slit", "hall>outside", point(0, 5), clear_width_m=0.5)]),
        ("no-way-on-floor", True, [hall()[0], door("exit", "hall>outside", point(50, 5))]),
        (
            "no-way-on-floor",
            True,
            [hall()[0], door("exit", "hall>outside", point(20, 5), clear_width_m=0.4)],
        ),
        (
            "ground-cut-off",
            False,
            [*hall(), structure("fence", line((5, -1), (5, 11)), "barrier")],
        ),
        ("people-do-not-fit", True, hall(stated_capacity=1150, usable_area_m2=500)),
        ("door-blocked", False, [*hall(), structure("truck", box(18, 4.5, 22, 7), "other")]),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_remedy(code: str, is_fatal: bool, features: list[Feature]) -> None:
    found = {fault.code: fault for fault in floors_of(features).faults}
    assert code in found
    assert found[code].is_fatal == is_fatal
    for text in (found[code].says, found[code].remedy):
        assert text.in_english().endswith(".")


def test_a_door_drawn_a_few_metres_off_is_moved_to_the_border() -> None:
    floors = floors_of([hall()[0], door("exit", "hall>outside", point(26, 5))])
    (exit_,) = floors.doors
    assert exit_.line[0][0] == pytest.approx(20, abs=0.1)


def test_floors_built_by_hand_are_checked_too() -> None:
    room = shapely.box(0, 0, 10, 10)
    sheets = (Sheet(level=0, walkable=room.union(shapely.box(20, 0, 30, 10))),)
    doors = (Door(id="exit", sheet=0, line=((10, 4), (10, 6)), leads_out=True),)
    starts = (
        Start(place="near", sheet=0, ground=room, people=700),
        Start(place="far", sheet=0, ground=shapely.box(20, 0, 30, 10), people=5),
    )
    found = check_floors(Floors(sheets=sheets, doors=doors, starts=starts)).faults
    assert [(fault.code, fault.feature) for fault in found] == [
        ("no-way-on-floor", "far"),
        ("people-do-not-fit", "near"),
    ]


# People


def test_people_are_whole_and_add_up() -> None:
    counts = {f"p{k}": 100 / 7 for k in range(7)}
    whole = whole_numbers(counts)
    assert sum(whole.values()) == 100
    assert set(whole.values()) <= {14, 15}
    assert whole_numbers({"a": math.nan, "b": -3, "c": 0.4}) == {"c": 0}


def test_people_counted_live_take_the_place_of_those_planned() -> None:
    features = hall()
    layout = lay_out(features, direction="egress", attendance=crowd(100))
    (start,) = build_floors(layout, features, people={"hall": 41.7}).starts
    assert (start.place, start.people) == ("hall", 42)
