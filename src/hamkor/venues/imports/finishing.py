# SPDX-License-Identifier: Apache-2.0
"""From things found to a venue: ways joined to areas, widths measured from lines, what is unknown named."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal

import msgspec

from hamkor.common.messages import N_
from hamkor.common.validation import explain
from hamkor.venues.imports.collecting import CONNECTING, Collector, Found
from hamkor.venues.rules.drawings import DrawingRefusedError, Imported
from hamkor.venues.rules.features import OUTSIDE, Feature, Properties, Venue
from hamkor.venues.rules.geometry import (
    Geometry,
    LineString,
    MetricPlane,
    MultiPolygon,
    Polygon,
    find_centre,
    plane_around,
    refuse_impossible_extent,
)
from hamkor.venues.rules.joining import Grounds

Form = Literal["hamkor", "geojson", "imdf", "osm", "dxf"]
WIDEST_OPENING_M = 60.0


def finish(collector: Collector, *, form: Form, title: str | None = None, is_placed: bool = True) -> Imported:
    """Returns everything collected as a venue.

    Args:
        collector: What was found.
        form: What was read.
        title: Name of the drawing.
        is_placed: False when positions are not those of the Earth: sizes are kept, geometries taken away.

    Raises:
        DrawingRefusedError: ``nothing-to-import``.
        HamkorError: ``drawing-too-wide``.
    """
    if not collector.found:
        raise DrawingRefusedError(
            "nothing-to-import",
            N_("Nothing in {name} is an area, an opening or a way. {remarks}"),
            name=collector.name,
            remarks=[remark.message for remark in collector.remarks.collected()],
        )
    drawn = [thing.geometry for thing in collector.found if thing.geometry is not None]
    refuse_impossible_extent(drawn)
    centre = find_centre(drawn)
    if centre is not None:
        plane = plane_around(centre)
        _measure(collector, plane)
        _join(collector, plane)
        if not is_placed:
            _take_positions_away(collector, plane)
    _without_lanes(collector)
    _homeless(collector)
    _name_unknowns(collector)
    features = tuple(_feature(thing) for thing in collector.found)
    venue = Venue(type="FeatureCollection", name=title or collector.name, features=features)
    return Imported(form, venue, collector.remarks.collected())


def _measure(collector: Collector, plane: MetricPlane) -> None:
    """Takes the length of an opening's line for its clear width where the drawing gives none."""
    for thing in collector.found:
        if not thing.is_line_width or not isinstance(thing.geometry, LineString):
            continue
        if thing.kind != "opening" or "clear_width_m" in thing.properties:
            continue
        first, *_, last = plane.to_xy_m(thing.geometry.coordinates)
        width_m = round(((last[0] - first[0]) ** 2 + (last[1] - first[1]) ** 2) ** 0.5, 2)
        if 0 < width_m <= WIDEST_OPENING_M:
            thing.properties["clear_width_m"] = width_m
            collector.remarks.add(
                "assumed",
                "width-from-line",
                N_(
                    "The length of the line was taken for the clear width of {count} openings: {names}. Frames and "
                    "leaves make it smaller; measure on the spot."
                ),
                label=thing.label,
                feature=thing.id,
            )


def _join(collector: Collector, plane: MetricPlane) -> None:
    areas: list[tuple[str, float, Geometry]] = [
        (thing.id, thing.level, thing.geometry)
        for thing in collector.found
        if thing.kind == "area" and isinstance(thing.geometry, (Polygon, MultiPolygon))
    ]
    grounds = Grounds(areas, plane)
    _name_parents(collector, grounds)
    known = {thing.id for thing in collector.found if thing.kind == "area"}
    for thing in collector.found:
        if thing.kind not in CONNECTING or thing.geometry is None or "from" in thing.properties:
            continue
        sides = thing.sides
        if sides is None or not known.issuperset(sides):
            sides = _sides(thing, thing.geometry, grounds)
        if sides is not None:
            thing.properties["from"], thing.properties["to"] = sides
            _remark_outside(collector, thing)


def _sides(thing: Found, geometry: Geometry, grounds: Grounds) -> tuple[str, str] | None:
    if thing.kind == "passage" and isinstance(geometry, LineString):
        first, second = grounds.find_ends(geometry, thing.level)
    else:
        first, second = grounds.find_sides(geometry, thing.level)
    if first == second:
        return None
    return (first or second or OUTSIDE), (second if first and second else OUTSIDE)


def _remark_outside(collector: Collector, thing: Found) -> None:
    if OUTSIDE in (thing.properties["from"], thing.properties["to"]):
        collector.remarks.add(
            "assumed",
            "outside-assumed",
            N_("Only one area is drawn beside {count} ways; the other side was taken for outside: {names}."),
            label=thing.label,
            feature=thing.id,
        )


def _name_parents(collector: Collector, grounds: Grounds) -> None:
    things = {thing.id: thing for thing in collector.found}
    for part, whole in grounds.list_parents().items():
        if things[part].is_own or "part_of" in things[part].properties:
            continue
        things[part].properties["part_of"] = whole
        collector.remarks.add(
            "assumed",
            "part-of-assumed",
            N_("Areas that lie in a larger one were taken for its parts and count once: {names} ({count})."),
            label=things[part].label,
            feature=part,
        )


def _take_positions_away(collector: Collector, plane: MetricPlane) -> None:
    for thing in collector.found:
        if thing.kind == "area" and thing.geometry is not None and "usable_area_m2" not in thing.properties:
            thing.properties["usable_area_m2"] = round(plane.to_shape(thing.geometry).area, 1)
        thing.geometry = None
    collector.remarks.add(
        "assumed",
        "no-place",
        N_(
            "The drawing does not say where on Earth it lies: sizes were kept, positions not. Give the longitude "
            "and latitude of its middle, or of two of its points, to keep them."
        ),
    )


def _without_lanes(collector: Collector) -> None:
    """Keeps turnstiles without a number of lanes as openings of unknown width: nothing is invented."""
    for thing in collector.found:
        if thing.kind == "turnstiles" and "lanes" not in thing.properties:
            thing.properties["kind"] = "opening"
            collector.remarks.add(
                "unknown",
                "lanes-unknown",
                N_(
                    "The number of lanes is unknown of {count} turnstiles: {names}. They are kept as openings of "
                    "unknown width; make them turnstiles when the lanes are counted."
                ),
                label=thing.label,
                feature=thing.id,
            )


def _homeless(collector: Collector) -> None:
    """Keeps ways that join no area visible: a line as a route, a point as a thing that is not counted."""
    for thing in collector.found:
        if thing.kind not in CONNECTING or "from" in thing.properties:
            continue
        kind = thing.kind
        if kind == "passage" and thing.geometry is not None:
            thing.properties = _as_route(thing)
            template = N_("{count} ways end in no two areas and were kept as routes: {names}.")
        else:
            thing.properties = _as_mark(thing)
            template = N_(
                "{count} openings lie on the border of no area and are kept as marks that count for nothing: {names}. "
                "Draw the areas beside them, then make them openings."
            )
        collector.remarks.add(
            "assumed", f"{kind}-joins-nothing", template, label=thing.label, feature=thing.id
        )


def _as_route(thing: Found) -> dict[str, Any]:
    section = {"id": f"{thing.id[:70]}-part", **_kept(thing, "clear_width_m", "surface")}
    kept = _kept(thing, "name", "level", "note", "source")
    return {"kind": "route", "purpose": "circulation", **kept, "sections": [section]}


def _as_mark(thing: Found) -> dict[str, Any]:
    told = [thing.kind, *(f"{key}={value}" for key, value in _kept(thing, "clear_width_m", "lanes").items())]
    note = "; ".join([*told, *_kept(thing, "note").values()])
    return {"kind": "device", "device": "other", **_kept(thing, "name", "level", "source"), "note": note}


def _kept(thing: Found, *keys: str) -> dict[str, Any]:
    return {key: thing.properties[key] for key in keys if key in thing.properties}


def _name_unknowns(collector: Collector) -> None:
    for thing in collector.found:
        if thing.kind in {"opening", "passage"} and "clear_width_m" not in thing.properties:
            collector.remarks.add(
                "unknown",
                "width-unknown",
                N_(
                    "The clear width is unknown of {count} openings and passages: {names}. Measure and enter it."
                ),
                label=thing.label,
                feature=thing.id,
            )
    kinds = Counter(thing.kind for thing in collector.found)
    if kinds["area"] and not any(kinds[kind] for kind in CONNECTING):
        collector.remarks.add(
            "unknown",
            "no-openings",
            N_(
                "No opening joins the {areas} areas. Draw the gates and doors: nothing can be said of leaving."
            ),
            areas=kinds["area"],
        )


def _feature(thing: Found) -> Feature:
    try:
        properties = msgspec.convert(thing.properties, Properties)
    except msgspec.ValidationError as error:
        raise DrawingRefusedError(
            "feature-unusable",
            N_("{place} cannot be used: {detail} Correct it in the drawing, or remove it there."),
            place=thing.label,
            detail=explain(error, Properties).message,
        ) from None
    return Feature(id=thing.id, geometry=thing.geometry, properties=properties)
