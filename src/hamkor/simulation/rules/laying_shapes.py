# SPDX-License-Identifier: Apache-2.0
"""The shapes of a drawing in metres: broken ones left out, self-crossing ones mended, needless detail simplified.

Shapely is imported inside functions: a plan without a drawing is laid out without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.simulation.rules.laying_faults import Faults, is_on_earth
from hamkor.simulation.rules.laying_limits import laying_limits
from hamkor.venues.rules.features import Area, Feature, Structure
from hamkor.venues.rules.geometry import (
    SMALLEST_AREA_M2,
    Geometry,
    LineString,
    MetricPlane,
    MultiPolygon,
    Polygon,
    find_centre,
    iter_positions,
    plane_around,
    refuse_impossible_extent,
)

LEAST_RING = 4
LEAST_LINE = 2
WALKED_ON = frozenset({"stage_roof", "temporary_stand"})
"""Structures that stand over people, or that people stand on: no obstacle."""
AREA_COVER = 0.5
"""A structure that covers so much of an area is the area itself, such as a tent people are in."""


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """What is drawn, in metres.

    Args:
        plane: Metric plane, None when nothing is drawn.
        shapes: Shapely shape of each feature that is drawn, by id; outlines are valid and simplified.
    """

    plane: MetricPlane | None = None
    shapes: dict[str, Any] = {}


def draw_shapes(features: Mapping[str, Feature], faults: Faults) -> Drawing:
    """Returns the shapes of all features in metres; what is broken is left out and said."""
    drawn = {
        id_: feature.geometry
        for id_, feature in features.items()
        if feature.geometry is not None and _is_sound(id_, feature.geometry, faults)
    }
    try:
        refuse_impossible_extent(drawn.values())
    except HamkorError as error:
        faults.add(
            error.code,
            "",
            error.message.template,
            remedy=N_("Nothing of the drawing is used until its coordinates are mended."),
            is_fatal=True,
            **error.message.facts,
        )
        drawn = {}
    centre = find_centre(drawn.values())
    if centre is None:
        return Drawing()
    plane = plane_around(centre)
    shapes: dict[str, Any] = {}
    removed = 0
    for id_, geometry in drawn.items():
        shape, fewer = _shape_of(id_, geometry, plane, faults)
        removed += fewer
        if shape is not None:
            shapes[id_] = shape
    if removed >= laying_limits().needless_vertices:
        faults.add(
            "needless-detail",
            "",
            N_("The drawing has {count} vertices and slivers that say nothing."),
            remedy=N_("They were left out; nothing that matters moved by more than {tolerance_m} m."),
            count=removed,
            tolerance_m=laying_limits().simplify_m,
        )
    return Drawing(plane=plane, shapes=shapes)


def _is_sound(id_: str, geometry: Geometry, faults: Faults) -> bool:
    """Returns False, and says so, when a geometry cannot be drawn at all."""
    positions = list(iter_positions(geometry))
    polygons: Iterable[Any] = ()
    if isinstance(geometry, Polygon):
        polygons = [geometry.coordinates]
    elif isinstance(geometry, MultiPolygon):
        polygons = geometry.coordinates
    is_short = isinstance(geometry, LineString) and len(positions) < LEAST_LINE
    is_short |= any(not rings or any(len(ring) < LEAST_RING for ring in rings) for rings in polygons)
    if positions and not is_short and all(is_on_earth(position) for position in positions):
        return True
    faults.add(
        "broken-geometry",
        id_,
        N_("“{name}” is drawn with positions that do not exist or are too few."),
        remedy=N_("It is taken as not drawn. Draw it again: longitude first, then latitude, in degrees."),
    )
    return False


def _shape_of(id_: str, geometry: Geometry, plane: MetricPlane, faults: Faults) -> tuple[Any, int]:
    """Returns a shape in metres and the vertices left out; None for an outline without any area."""
    import shapely

    shape = plane.to_shape(geometry)
    if not isinstance(geometry, (Polygon, MultiPolygon)):
        return shape, 0
    before = shapely.get_num_coordinates(shape)
    if not shape.is_valid:
        faults.add(
            "invalid-outline",
            id_,
            N_("The outline of “{name}” crosses or touches itself: {reason}."),
            remedy=N_("It was mended by parting it where it crosses. Check it on the map."),
            reason=str(shapely.is_valid_reason(shape)),
        )
        shape = shapely.make_valid(shape)
    shape = shape.simplify(laying_limits().simplify_m)
    shape = polygons_of(shape if shape.is_valid else shapely.make_valid(shape))
    if shape.area < SMALLEST_AREA_M2:
        faults.add(
            "outline-without-area",
            id_,
            N_("The outline of “{name}” encloses no area."),
            remedy=N_("It is taken as not drawn. Draw its border again."),
        )
        return None, 0
    return shape, int(before - shapely.get_num_coordinates(shape))


def polygons_of(shape: Any, least_m2: float | None = None) -> Any:
    """Returns the polygons of a shape as one polygon or multipolygon, slivers and pinholes left out.

    Args:
        shape: Any shapely shape.
        least_m2: Parts and holes smaller than this are left out; the limit of slivers if not given.
    """
    import shapely

    least = laying_limits().sliver_m2 if least_m2 is None else least_m2
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    parts += [
        inner for part in shapely.get_parts(shape) if part.geom_type == "MultiPolygon" for inner in part.geoms
    ]
    large = [part for part in parts if part.area >= least] or sorted(parts, key=lambda p: p.area)[-1:]
    whole = [
        shapely.Polygon(
            part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area >= least]
        )
        for part in large
        if part.area > 0
    ]
    return whole[0] if len(whole) == 1 else shapely.MultiPolygon(whole)


def cut_overlaps(
    outlines: dict[str, Any], levels: Mapping[str, float], parents: Mapping[str, str], *, faults: Faults
) -> dict[str, Any]:
    """Returns outlines of which no two of a storey overlap: ground drawn twice belongs to the smaller one.

    Args:
        outlines: Shapely outlines in metres by area.
        levels: Storeys.
        parents: Larger area of each part; a part in its whole is no fault.
        faults: Where overlaps are said.
    """
    import shapely

    ids = sorted(outlines, key=lambda id_: (outlines[id_].area, id_))
    shapes = [outlines[id_] for id_ in ids]
    tree = shapely.STRtree(shapes)
    result = dict(outlines)
    for index, id_ in enumerate(ids):
        for other in sorted(int(i) for i in tree.query(shapes[index], predicate="intersects")):
            larger = ids[other]
            if other <= index or levels[id_] != levels[larger]:
                continue
            common_m2 = float(shapes[index].intersection(shapes[other]).area)
            if common_m2 <= 0:
                continue
            if parents.get(id_) != larger:
                _say_overlap(id_, larger, (common_m2, shapes[index].area, shapes[other].area), faults)
            result[larger] = polygons_of(result[larger].difference(shapes[index]))
    return {id_: shape for id_, shape in result.items() if not shape.is_empty}


def _say_overlap(id_: str, larger: str, areas_m2: tuple[float, float, float], faults: Faults) -> None:
    limits = laying_limits()
    common_m2, small_m2, large_m2 = areas_m2
    if common_m2 < max(limits.overlap_m2, limits.overlap_share * small_m2):
        return
    is_twin = common_m2 > limits.twin_share * large_m2
    faults.add(
        "overlapping-areas",
        id_,
        N_("“{name}” and “{other}” overlap by {overlap_m2} m² on the same storey."),
        remedy=N_("Draw ground that is common to both once, or give one of them another level.")
        if is_twin
        else N_(
            "The common ground was counted to “{name}” only. Say `part_of` if it is a part, or move the border."
        ),
        is_fatal=is_twin,
        other=faults.name_of(larger),
        overlap_m2=round(common_m2, 1),
    )


def obstacles_of(features: Mapping[str, Feature], shapes: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the ground nobody can walk on, in metres, by structure: stages, tents, screens, barriers.

    Notes:
        A structure that covers most of an area is that area itself, such as a tent people are in.
    """
    areas = [
        shape
        for id_, shape in shapes.items()
        if isinstance(features[id_].properties, Area) and shape.area > 0
    ]
    found: dict[str, Any] = {}
    for id_, shape in shapes.items():
        properties = features[id_].properties
        if not isinstance(properties, Structure) or properties.structure in WALKED_ON:
            continue
        ground = shape.buffer(laying_limits().barrier_m / 2, cap_style="flat") if shape.area == 0 else shape
        if shape.geom_type == "Point" or any(
            ground.intersection(area).area > AREA_COVER * area.area for area in areas
        ):
            continue
        found[id_] = ground
    return found
