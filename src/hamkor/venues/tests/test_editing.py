# SPDX-License-Identifier: Apache-2.0
"""Changes on a map: there and back is the same, widths are what was set, and what cannot be is refused."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.venues.rules import editing
from hamkor.venues.rules.features import Area, Attractor, Feature, Opening, Venue
from hamkor.venues.rules.geometry import LineString, Point, Polygon, Position, iter_positions, plane_around
from hamkor.venues.rules.measuring import measure_feature
from hamkor.venues.rules.snapping import snap
from hamkor.venues.rules.vertices import Vertex

NEARLY_DEG = 3e-8
origins = st.tuples(st.floats(-179, 179), st.floats(-70, 70))
metres = st.floats(-5000, 5000)


def feature(geometry: Any, id_: str = "a", **properties: Any) -> Feature:
    given_ = properties if "kind" in properties else {"kind": "area", "use": "hall"} | properties
    return msgspec.convert(
        {"type": "Feature", "id": id_, "geometry": msgspec.to_builtins(geometry), "properties": given_},
        Feature,
    )


def square(origin: Position, size_m: float = 20.0, west_m: float = 0.0) -> Polygon:
    corners = [(west_m, 0.0), (west_m + size_m, 0.0), (west_m + size_m, size_m), (west_m, size_m)]
    ring = plane_around(origin).to_positions(corners)
    return Polygon(((*ring, ring[0]),))


def across(origin: Position, width_m: float = 2.0, east_m: float = 20.0) -> LineString:
    return LineString(tuple(plane_around(origin).to_positions([(east_m, 5.0), (east_m, 5.0 + width_m)])))


def gate(origin: Position, width_m: float = 2.0, **properties: Any) -> Feature:
    return feature(
        across(origin, width_m), "gate", kind="opening", **({"from": "a", "to": "outside"} | properties)
    )


def venue(*features: Feature) -> Venue:
    return Venue(type="FeatureCollection", features=features)


ORIGIN = (69.28, 41.31)
HALL = feature(square(ORIGIN))
NEXT = feature(square(ORIGIN, west_m=20.0), "b")


def only(edited: editing.Edited) -> Feature:
    (changed,) = edited.features
    return changed


def same_place(one: Feature, other: Feature) -> bool:
    assert one.geometry is not None
    assert other.geometry is not None
    pairs = zip(iter_positions(one.geometry), iter_positions(other.geometry), strict=True)
    return all(math.dist(a, b) <= NEARLY_DEG for a, b in pairs)


@settings(max_examples=40)
@given(origins, metres, metres)
def test_the_plane_leads_there_and_back_within_a_centimetre(origin: Position, x: float, y: float) -> None:
    plane = plane_around(origin)
    (position,) = plane.to_positions([(x, y)])
    ((back_x, back_y),) = plane.to_xy_m([(round(position[0], 8), round(position[1], 8))])
    assert math.dist((x, y), (back_x, back_y)) < 0.01


@settings(max_examples=40)
@given(origins, metres, metres)
def test_moving_there_and_back_changes_nothing(origin: Position, east_m: float, north_m: float) -> None:
    start = feature(square(origin))
    there = only(editing.move_feature(start, east_m=east_m, north_m=north_m, origin=origin))
    back = only(editing.move_feature(there, east_m=-east_m, north_m=-north_m, origin=origin))
    assert same_place(back, start)


@settings(max_examples=40)
@given(origins, metres, metres, st.floats(2, 300))
def test_areas_keep_their_size_when_they_are_moved(
    origin: Position, east_m: float, north_m: float, size_m: float
) -> None:
    start = feature(square(origin, size_m))
    moved = only(editing.move_feature(start, east_m=east_m, north_m=north_m, origin=origin))
    before, after = measure_feature(start), measure_feature(moved)
    assert after.area_m2 == pytest.approx(before.area_m2, rel=1e-3, abs=0.05)
    assert before.area_m2 == pytest.approx(size_m**2, rel=1e-3)
    assert before.perimeter_m == pytest.approx(4 * size_m, rel=1e-3, abs=0.02)


@settings(max_examples=40)
@given(origins, st.floats(0.5, 30), st.floats(0.1, 200))
def test_a_width_that_is_set_is_the_width_that_is_measured(
    origin: Position, drawn_m: float, width_m: float
) -> None:
    start = gate(origin, drawn_m)
    changed = only(editing.set_opening_width(start, width_m=width_m))
    measures = measure_feature(changed)
    assert measures.width_m == pytest.approx(width_m, abs=0.001)
    assert measures.drawn_width_m == pytest.approx(width_m, abs=0.01)
    assert isinstance(start.geometry, LineString)
    assert isinstance(changed.geometry, LineString)
    middles = [
        [sum(p[axis] for p in line.coordinates) / 2 for axis in (0, 1)]
        for line in (start.geometry, changed.geometry)
    ]
    assert math.dist(*middles) < 1e-7


@settings(max_examples=40)
@given(st.integers(0, 3), st.floats(-4, 4), st.floats(-4, 4))
def test_a_corner_moves_alone(index: int, east_m: float, north_m: float) -> None:
    plane = plane_around(ORIGIN)
    before = list(iter_positions(HALL.geometry or Point(ORIGIN)))
    x, y = plane.to_xy_m([before[index]])[0]
    (target,) = plane.to_positions([(x + east_m, y + north_m)])
    changed = only(editing.move_vertex(HALL, Vertex(index), to=target))
    after = list(iter_positions(changed.geometry or Point(ORIGIN)))
    assert math.dist(after[index], target) < NEARLY_DEG
    assert all(math.dist(before[i], after[i]) < NEARLY_DEG for i in range(4) if i != index)
    assert after[0] == after[-1], "the ring stays closed"
    assert same_place(only(editing.move_vertex(changed, Vertex(index), to=before[index])), HALL)


@given(st.integers(0, 3))
def test_a_corner_put_in_and_taken_out_leaves_no_trace(index: int) -> None:
    ring = list(iter_positions(HALL.geometry or Point(ORIGIN)))
    middle = ((ring[index][0] + ring[index + 1][0]) / 2, (ring[index][1] + ring[index + 1][1]) / 2)
    more = only(editing.insert_vertex(HALL, Vertex(index), at=middle))
    assert len(list(iter_positions(more.geometry or Point(ORIGIN)))) == 6
    assert same_place(only(editing.delete_vertex(more, Vertex(index + 1))), HALL)


def test_the_width_of_an_opening_follows_its_line_only_if_it_did_before() -> None:
    (end,) = plane_around(ORIGIN).to_positions([(20.0, 9.0)])
    follows = only(editing.move_vertex(gate(ORIGIN, clear_width_m=2), Vertex(1), to=end))
    stays = only(editing.move_vertex(gate(ORIGIN, clear_width_m=1.6), Vertex(1), to=end))
    unknown = only(editing.move_vertex(gate(ORIGIN), Vertex(1), to=end))
    assert [measure_feature(item).width_m for item in (follows, stays, unknown)] == [4, 1.6, None]
    assert {measure_feature(item).drawn_width_m for item in (follows, stays, unknown)} == {4.0}


def test_a_passage_keeps_its_length_when_its_width_is_set() -> None:
    stairs = feature(across(ORIGIN, 12), "s", kind="passage", form="stairs", **{"from": "a", "to": "b"})
    changed = only(editing.set_opening_width(stairs, width_m=3))
    assert changed.geometry == stairs.geometry
    assert measure_feature(changed).width_m == 3
    assert measure_feature(changed).drawn_width_m is None


@pytest.mark.parametrize(
    ("properties", "points", "geometry"),
    [
        ({"kind": "area", "use": "standing"}, 3, Polygon),
        ({"kind": "route", "purpose": "evacuation"}, 4, LineString),
        ({"kind": "post_place", "post": "p-1"}, 1, Point),
        ({"kind": "device", "device": "camera"}, 1, Point),
        ({"kind": "structure", "structure": "barrier"}, 2, LineString),
        ({"kind": "assembly_area"}, 5, Polygon),
    ],
)
def test_clicked_points_become_a_feature(properties: dict[str, Any], points: int, geometry: type) -> None:
    turns = [2 * math.pi * n / points for n in range(points)]
    clicked = plane_around(ORIGIN).to_positions([(9 * math.cos(t), 9 * math.sin(t)) for t in turns])
    drawn = only(editing.draw_feature(venue(HALL), properties, id_="new", points=clicked))
    assert isinstance(drawn.geometry, geometry)
    assert drawn.id == "new"


def test_a_new_opening_joins_the_areas_beside_it_and_its_width_is_not_invented() -> None:
    drawing = venue(HALL, NEXT)
    line = [*across(ORIGIN).coordinates]
    inner = only(editing.draw_feature(drawing, {"kind": "opening"}, id_="o", points=line))
    assert isinstance(inner.properties, Opening)
    assert {inner.properties.from_, inner.properties.to} == {"a", "b"}
    assert inner.properties.clear_width_m is None
    outer = only(
        editing.draw_feature(
            drawing, {"kind": "opening"}, id_="o", points=[*across(ORIGIN, east_m=40).coordinates]
        )
    )
    assert isinstance(outer.properties, Opening)
    assert (outer.properties.from_, outer.properties.to) == ("b", "outside")
    with pytest.raises(HamkorError, match="joins-nothing"):
        editing.draw_feature(
            drawing, {"kind": "opening"}, id_="o", points=[*across(ORIGIN, east_m=90).coordinates]
        )


def test_deleting_takes_the_id_out_of_the_others() -> None:
    part = feature(square(ORIGIN, 5), "part", part_of="a")
    bar = Feature(id="bar", properties=Attractor(near=("a", "part")))
    edited = editing.delete_feature(venue(HALL, part, bar), id_="a")
    assert edited.removed == ("a",)
    assert [item.id for item in edited.features] == ["part", "bar"]
    assert isinstance(edited.features[0].properties, Area)
    assert edited.features[0].properties.part_of is None
    with pytest.raises(HamkorError, match="area-in-use"):
        editing.delete_feature(venue(HALL, gate(ORIGIN)), id_="a")


def test_what_a_browser_gets_is_plain() -> None:
    edited = editing.set_opening_width(gate(ORIGIN), width_m=3.5)
    plain = edited.as_builtins()
    assert plain["features"][0]["properties"]["clear_width_m"] == 3.5
    assert plain["measures"]["gate"]["drawn_width_m"] == pytest.approx(3.5, abs=0.01)
    assert msgspec.json.decode(msgspec.json.encode(plain["features"][0]), type=Feature) == edited.features[0]


BOW = plane_around(ORIGIN).to_positions([(10.0, -9.0)])[0]
POINT = feature(Point(ORIGIN), "p", kind="device", device="camera")
NOWHERE = feature(None, "n")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda: editing.move_vertex(HALL, Vertex(9), to=ORIGIN), "no-such-vertex"),
        (lambda: editing.move_vertex(HALL, Vertex(-1), to=ORIGIN), "no-such-vertex"),
        (lambda: editing.move_vertex(HALL, Vertex(0, ring=1), to=ORIGIN), "no-such-vertex"),
        (lambda: editing.move_vertex(HALL, Vertex(3), to=BOW), "crosses-itself"),
        (lambda: editing.move_vertex(HALL, Vertex(0), to=(math.nan, 1)), "no-place"),
        (lambda: editing.move_vertex(HALL, Vertex(0), to=(200, 1)), "no-place"),
        (lambda: editing.move_vertex(NOWHERE, Vertex(0), to=ORIGIN), "not-drawn"),
        (lambda: editing.move_feature(HALL, east_m=math.inf, north_m=0), "moved-too-far"),
        (lambda: editing.move_feature(HALL, east_m=math.nan, north_m=0), "moved-too-far"),
        (lambda: editing.delete_vertex(POINT, Vertex(0)), "last-corners"),
        (lambda: editing.delete_vertex(gate(ORIGIN), Vertex(0)), "last-corners"),
        (lambda: editing.insert_vertex(POINT, Vertex(0), at=ORIGIN), "point-has-no-corners"),
        (lambda: editing.set_opening_width(HALL, width_m=3), "no-width"),
        (lambda: editing.set_opening_width(gate(ORIGIN), width_m=math.nan), "width-out-of-range"),
        (lambda: editing.set_opening_width(gate(ORIGIN), width_m=0), "width-out-of-range"),
        (lambda: editing.set_opening_width(gate(ORIGIN, 0.0), width_m=3), "line-without-width"),
        (lambda: editing.delete_feature(venue(HALL), id_="x"), "no-such-feature"),
        (lambda: draw({"kind": "area", "use": "hall"}, [ORIGIN, ORIGIN]), "too-few-points"),
        (lambda: draw({"kind": "area", "use": "hall"}, [ORIGIN] * 3), "too-small|crosses-itself"),
        (lambda: draw({"kind": "route", "purpose": "approach"}, [ORIGIN] * 2), "too-short"),
        (lambda: draw({"kind": "area", "use": "sofa"}, [ORIGIN] * 3), "bad-properties"),
        (lambda: draw({"kind": "spaceship"}, [ORIGIN]), "bad-properties"),
        (lambda: draw({"kind": "device", "device": "camera"}, [ORIGIN], id_="a"), "id-taken"),
        (lambda: draw({"kind": "device", "device": "camera"}, [ORIGIN], id_="a b"), "bad-properties"),
        (lambda: draw({"kind": "route", "purpose": "approach"}, [ORIGIN, BOW] * 3000), "too-many-vertices"),
    ],
)
def test_what_cannot_be_is_refused(change: Any, code: str) -> None:
    with pytest.raises(HamkorError, match=code) as refused:
        change()
    assert "{" not in refused.value.message.in_english()


def draw(properties: dict[str, Any], points: list[Position], id_: str = "new") -> editing.Edited:
    return editing.draw_feature(venue(HALL), properties, id_=id_, points=points)


@settings(max_examples=40)
@given(st.floats(-30, 50), st.floats(-30, 50), st.floats(0.1, 5))
def test_snapping_goes_to_what_is_near_and_no_farther(x: float, y: float, reach_m: float) -> None:
    plane = plane_around(ORIGIN)
    (clicked,) = plane.to_positions([(x, y)])
    snapped = snap(venue(HALL, NEXT, gate(ORIGIN)), clicked, reach_m=reach_m)
    ((to_x, to_y),) = plane.to_xy_m([snapped.position])
    moved = math.dist((x, y), (to_x, to_y))
    assert moved == pytest.approx(snapped.moved_m, abs=0.01)
    assert moved <= reach_m + 0.01
    assert (snapped.to is None) == (snapped.feature is None)


def test_corners_come_before_edges_and_other_storeys_are_left_alone() -> None:
    plane = plane_around(ORIGIN)
    near_corner, near_edge = plane.to_positions([(0.3, 0.2), (10.0, 0.4)])
    assert snap(venue(HALL), near_corner).to == "corner"
    assert snap(venue(HALL), near_edge).to == "edge"
    assert snap(venue(HALL), near_edge).moved_m == pytest.approx(0.4, abs=0.01)
    assert snap(venue(HALL), near_edge, level=1).to is None
    assert snap(venue(HALL), near_edge, without="a").to is None
    assert snap(venue(), near_edge).to is None
