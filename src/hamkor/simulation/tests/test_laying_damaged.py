# SPDX-License-Identifier: Apache-2.0
"""Damaged drawings: whatever is drawn, faults are named in words and nothing breaks."""

from __future__ import annotations

import math
from typing import Any

import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamkor.events.rules import AreaAttendance, Attendance
from hamkor.simulation.rules.flooring import build_floors
from hamkor.simulation.rules.laying import lay_out
from hamkor.simulation.tests.drawings import PLANE, area, bank, door, passage, structure
from hamkor.venues.rules.features import Feature
from hamkor.venues.rules.geometry import LineString, MultiPolygon, Point, Polygon

NAMES = ("a", "b", "c", "d", "outside", "nowhere")
ABSURD = [math.nan, math.inf, -math.inf, -1.0, 0.0, 1e-9, 0.3, 501.0, 1e7, 1e300]
NUMBERS = st.integers(0, 19).flatmap(
    lambda dice: st.sampled_from([None, *ABSURD]) if dice < 4 else st.integers(1, 40).map(float)
)
SOUND = st.tuples(st.integers(0, 40), st.integers(0, 30)).map(lambda p: PLANE.to_positions([p])[0])
BROKEN = st.sampled_from(
    [(math.nan, 41.3), (69.25, math.inf), (1e9, -1e9), (181.0, 0.0), (0.0, 0.0), (-180.0, 90.0)]
)
POSITIONS = st.integers(0, 200).flatmap(lambda dice: BROKEN if dice == 0 else SOUND)
RINGS = st.lists(POSITIONS, min_size=3, max_size=8).map(lambda ring: (*ring, *ring[:1]))
EMPTY = st.sampled_from([LineString(()), Polygon(()), MultiPolygon(((),)), Polygon(((),)), MultiPolygon(())])
LINES = st.lists(POSITIONS, min_size=2, max_size=4).map(lambda points: LineString(tuple(points)))
GEOMETRIES = st.one_of(
    POSITIONS.map(Point),
    LINES,
    LINES,
    LINES,
    st.lists(RINGS, min_size=1, max_size=2).map(lambda rings: Polygon(tuple(rings))),
    st.lists(st.lists(RINGS, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2).map(
        lambda parts: MultiPolygon(tuple(parts))
    ),
    EMPTY,
    st.none(),
)
BOXES = st.tuples(st.integers(0, 30), st.integers(0, 20), st.integers(1, 20), st.integers(1, 20)).map(
    lambda b: _box(b[0], b[1], b[0] + b[2], b[1] + b[3])
)
LEVELS = st.sampled_from([0.0, 0.0, 1.0, math.nan])
USES = st.sampled_from(["hall", "standing", "square", "street", "concourse", "seating", "backstage"])
ENDS = st.sampled_from(
    ["a>b", "b>c", "c>d", "a>outside", "c>outside", "outside>b", "d>a", "a>a", "d>nowhere"]
)
DIRECTIONS = st.sampled_from(["ingress", "egress", "evacuate"])


def _box(west: float, south: float, east: float, north: float) -> Polygon:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return Polygon((tuple(PLANE.to_positions(corners)),))


def _areas(name: str) -> st.SearchStrategy[Feature]:
    more: dict[str, Any] = {
        "use": USES,
        "level": LEVELS,
        "part_of": st.sampled_from([None, None, "a", "b", "c", "nowhere"]),
        "stated_capacity": NUMBERS,
        "seats": st.one_of(st.none(), NUMBERS),
        "usable_area_m2": st.one_of(st.none(), NUMBERS),
        "enclosed": st.sampled_from([None, True, False]),
    }
    return st.builds(area, st.just(name), st.one_of(BOXES, BOXES, BOXES, GEOMETRIES), **more)


def _ways(number: int) -> st.SearchStrategy[Feature]:
    more: dict[str, Any] = {
        "capacity_per_h": st.one_of(st.none(), NUMBERS),
        "clear_width_m": NUMBERS,
        "level": LEVELS,
    }
    doors = st.builds(door, st.just(f"door-{number}"), ENDS, GEOMETRIES, **more)
    stairs = st.builds(passage, st.just(f"way-{number}"), ENDS, GEOMETRIES, length_m=NUMBERS, **more)
    lanes = st.builds(
        bank, st.just(f"bank-{number}"), ENDS, GEOMETRIES, lanes=st.integers(-2, 9), rate_per_h=NUMBERS
    )
    things = st.builds(structure, st.just(f"thing-{number}"), st.one_of(GEOMETRIES, BOXES))
    return st.one_of(doors, doors, stairs, stairs, lanes, things)


DRAWINGS = st.tuples(*(_areas(name) for name in NAMES[:4]), *(_ways(number) for number in range(7)))
CROWDS = st.one_of(
    st.none(),
    st.builds(
        Attendance,
        peak=NUMBERS,
        by_area=st.one_of(
            st.none(),
            st.lists(
                st.builds(
                    AreaAttendance,
                    area=st.sampled_from(NAMES),
                    people=NUMBERS.filter(lambda n: n is not None),
                ),
                max_size=3,
            ).map(tuple),
        ),
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(features=DRAWINGS, attendance=CROWDS, direction=DIRECTIONS)
def test_damage_ends_in_faults_and_never_in_a_crash(
    features: tuple[Feature, ...], attendance: Attendance | None, direction: Any
) -> None:
    layout = lay_out(features, direction=direction, attendance=attendance)
    floors = build_floors(layout, features)
    for fault in (*layout.faults, *floors.faults):
        assert fault.says.in_english()
        assert fault.remedy.in_english()
        assert fault.at is None or all(math.isfinite(degree) for degree in fault.at)
    assert math.isfinite(layout.people)
    assert all(place.area_m2 is None or place.area_m2 > 0 for place in layout.places.values())
    assert all(place.holds is None or place.holds >= 0 for place in layout.places.values())
    for link in layout.links.values():
        assert link.rate_per_s is None or 0 < link.rate_per_s < math.inf
        assert link.forward or link.backward
        assert link.length_m >= 0
    _assert_sound(floors)


def _assert_sound(floors: Any) -> None:
    for sheet in floors.sheets:
        assert sheet.walkable.is_valid
        assert math.isfinite(sheet.walkable.area)
    for item in (*floors.doors, *floors.strips, *floors.starts):
        assert 0 <= item.sheet < len(floors.sheets)
    for item in floors.doors:
        assert math.isfinite(shapely.LineString(item.line).length)
