# SPDX-License-Identifier: Apache-2.0
"""Measures on the metric plane against the ellipsoid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from hamkor.common.errors import HamkorError
from hamkor.venues.rules.geometry import (
    LineString,
    MultiPolygon,
    Point,
    Polygon,
    find_centre,
    find_shape_fault,
    iter_positions,
    plane_around,
    refuse_impossible_extent,
)

WGS84 = Geod(ellps="WGS84")
longitudes = st.floats(-179, 179)
latitudes = st.floats(-80, 80)


def box(longitude: float, latitude: float, size_deg: float = 0.002) -> Polygon:
    east, north = longitude + size_deg, latitude + size_deg
    ring = ((longitude, latitude), (east, latitude), (east, north), (longitude, north), (longitude, latitude))
    return Polygon((ring,))


@given(longitudes, latitudes)
def test_areas_are_true_to_the_ellipsoid(longitude: float, latitude: float) -> None:
    polygon = box(longitude, latitude)
    shape = plane_around((round(longitude, 4), round(latitude, 4))).to_shape(polygon)
    ring = polygon.coordinates[0]
    area_m2, _ = WGS84.polygon_area_perimeter([p[0] for p in ring], [p[1] for p in ring])
    assert shape.area == pytest.approx(abs(area_m2), rel=1e-4)


@given(longitudes, latitudes)
def test_lengths_are_true_at_the_size_of_a_venue(longitude: float, latitude: float) -> None:
    line = LineString(((longitude, latitude), (longitude + 0.003, latitude + 0.002)))
    shape = plane_around((round(longitude, 4), round(latitude, 4))).to_shape(line)
    (west, south), (east, north) = line.coordinates
    _, _, length_m = WGS84.inv(west, south, east, north)
    assert shape.length == pytest.approx(length_m, rel=1e-4)


def test_holes_are_taken_out() -> None:
    outer, hole = box(69.28, 41.3, 0.004), box(69.281, 41.301, 0.001)
    with_hole = Polygon((outer.coordinates[0], hole.coordinates[0]))
    plane = plane_around((69.28, 41.3))
    difference = plane.to_shape(outer).area - plane.to_shape(hole).area
    assert plane.to_shape(with_hole).area == pytest.approx(difference)


def test_every_kind_gives_its_positions_and_shape() -> None:
    polygon = box(69.28, 41.3)
    kinds = [
        Point((69.28, 41.3)),
        LineString(((69.28, 41.3), (69.29, 41.3))),
        polygon,
        MultiPolygon((polygon.coordinates,)),
    ]
    plane = plane_around((69.28, 41.3))
    assert [len(list(iter_positions(kind))) for kind in kinds] == [1, 2, 5, 5]
    assert [plane.to_shape(kind).geom_type for kind in kinds] == [
        "Point",
        "LineString",
        "Polygon",
        "MultiPolygon",
    ]


@pytest.mark.parametrize(
    ("ring", "words"),
    [
        (((69.28, 41.3), (69.29, 41.31), (69.29, 41.3), (69.28, 41.31), (69.28, 41.3)), "Self-intersection"),
        (((69.28, 41.3), (69.29, 41.31), (69.29, 41.3), (69.28, 41.31)), "not closed"),
        (((69.28, 41.3), (69.29, 41.3), (69.28, 41.3), (69.28, 41.3)), "no area"),
    ],
)
def test_outlines_without_a_measure_are_named(ring: tuple[tuple[float, float], ...], words: str) -> None:
    assert words in str(find_shape_fault(Polygon((ring,)), plane_around((69.28, 41.3))))
    assert find_shape_fault(box(69.28, 41.3), plane_around((69.28, 41.3))) is None


def test_a_drawing_wider_than_a_city_is_refused() -> None:
    refuse_impossible_extent([box(69.28, 41.3)])
    with pytest.raises(HamkorError, match="drawing-too-wide"):
        refuse_impossible_extent([box(69.28, 41.3), box(41.3, 69.28)])


def test_nothing_drawn_has_no_centre() -> None:
    assert find_centre([]) is None
    assert find_centre([box(69.28, 41.3)]) == (69.281, 41.301)
