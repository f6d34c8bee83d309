# SPDX-License-Identifier: Apache-2.0
"""OpenStreetMap XML: nodes, ways and multipolygons with the tags a venue is made of."""

from __future__ import annotations

import io
import math
from typing import Any

import msgspec

from hamkor.common.messages import N_
from hamkor.venues.imports.collecting import Collector
from hamkor.venues.imports.finishing import finish
from hamkor.venues.imports.osm_words import AREAS, LINES, NODES, WALKED, find_meaning, is_outline, read_tags
from hamkor.venues.imports.values import clean_text
from hamkor.venues.rules.drawings import DrawingOptions, DrawingRefusedError, Imported, Limits

MOST_TAGS = 200


class Element(msgspec.Struct):
    """A node, way or relation.

    Args:
        id: Number in OpenStreetMap; negative for what was never uploaded.
        tags: Its tags.
        position: Longitude and latitude of a node, as read.
        refs: Ids of the nodes of a way.
        members: Ids and roles of the ways of a relation.
    """

    id: int
    tags: dict[str, str] = {}
    position: tuple[float, float] | None = None
    refs: list[int] = []
    members: list[tuple[int, str]] = []


class Elements(msgspec.Struct):
    """Everything in a file, by id."""

    nodes: dict[int, Element] = {}
    ways: dict[int, Element] = {}
    relations: dict[int, Element] = {}


def import_osm(content: bytes, *, name: str, options: DrawingOptions, limits: Limits) -> Imported:
    """Returns a file of OpenStreetMap as a venue.

    Raises:
        DrawingRefusedError: With what is wrong, in which element, and how to mend it.
    """
    del options  # OpenStreetMap says of itself what a DXF drawing must be told
    elements = _read(content, name, limits)
    collector = Collector(name, limits)
    in_relations = _add_relations(collector, elements)
    for way in elements.ways.values():
        _add_way(collector, way, elements, is_in_relation=way.id in in_relations)
    for node in elements.nodes.values():
        if node.tags and node.position is not None:
            _add(
                collector,
                node,
                "node",
                {"type": "Point", "coordinates": node.position},
                find_meaning(node.tags, NODES),
            )
    return finish(collector, form="osm")


def _read(content: bytes, name: str, limits: Limits) -> Elements:
    try:
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import ParseError, iterparse
    except ImportError:
        raise DrawingRefusedError(
            "reader-missing",
            N_("Reading {name} needs the package {package}. Install Hamkor with its part `server`."),
            name=name,
            package="defusedxml",
        ) from None
    elements = Elements()
    try:
        for _event, element in iterparse(io.BytesIO(content), events=("end",), forbid_dtd=True):
            if element.tag in {"node", "way", "relation"}:
                _take(elements, element, name, limits)
                element.clear()
    except DefusedXmlException:
        raise DrawingRefusedError(
            "xml-entities",
            N_(
                "{name} declares its own document type or entities, which map data never needs. Export it again."
            ),
            name=name,
        ) from None
    except ParseError as error:
        line, column = error.position
        raise DrawingRefusedError(
            "xml-broken",
            N_(
                "{name}, line {line}, column {column}: this is not valid XML. Export it again, or mend it there."
            ),
            name=name,
            line=line,
            column=column,
        ) from None
    except (LookupError, ValueError):  # an encoding nobody knows, or one of several bytes
        raise DrawingRefusedError(
            "not-utf8", N_("{name} is not UTF-8. Save or export it as UTF-8."), name=name
        ) from None
    return elements


def _take(elements: Elements, raw: Any, name: str, limits: Limits) -> None:
    if raw.get("action") == "delete":  # an editor's file keeps what was deleted
        return
    kind = str(raw.tag)
    place = f"{kind} {clean_text(raw.get('id'), 30) or '?'}"
    element = Element(_number(raw.get("id"), place))
    element.tags = {
        key: clean_text(tag.get("v"), 500) or ""
        for tag in raw.findall("tag")[:MOST_TAGS]
        if (key := tag.get("k"))
    }
    group = getattr(elements, f"{kind}s")
    if element.id in group:
        raise DrawingRefusedError(
            "duplicate-id",
            N_("{place} stands twice in {name}. Export it again, or remove one."),
            place=place,
            name=name,
        )
    if kind == "node":
        element.position = _position(raw, place)
    element.refs = [_number(ref.get("ref"), place) for ref in raw.findall("nd")]
    element.members = [
        (_number(member.get("ref"), place), str(member.get("role", "")))
        for member in raw.findall("member")
        if member.get("type") == "way"
    ]
    group[element.id] = element
    if len(elements.nodes) > limits.vertices or len(elements.ways) > limits.features * 5:
        raise DrawingRefusedError(
            "too-many-features",
            N_("The drawing has more than {limit} things. Export only the venue, or import it part by part."),
            limit=limits.features,
        )


def _number(text: Any, place: str) -> int:
    try:
        return int(str(text)[:20])
    except ValueError:
        raise DrawingRefusedError(
            "bad-reference",
            N_("{place} has an id or a reference that is no number. Export it again."),
            place=place,
        ) from None


def _position(raw: Any, place: str) -> tuple[float, float]:
    try:
        position = float(raw.get("lon")), float(raw.get("lat"))
    except (TypeError, ValueError):
        position = math.nan, math.nan
    if not all(map(math.isfinite, position)):
        raise DrawingRefusedError(
            "bad-position",
            N_(
                "{place}: a position is not two ordinary numbers. Export the drawing again, or correct it there."
            ),
            place=place,
        )
    return position


def _add_relations(collector: Collector, elements: Elements) -> set[int]:
    """Takes up multipolygons; returns the ways that are only their outlines."""
    used: set[int] = set()
    for relation in elements.relations.values():
        meaning = find_meaning(relation.tags, AREAS)
        if relation.tags.get("type") != "multipolygon" or meaning is None:
            continue
        ways = [(elements.ways.get(id_), role) for id_, role in relation.members]
        missing = sum(way is None for way, _ in ways)
        if missing:
            collector.remarks.add(
                "left_out",
                "members-missing",
                N_("Parts of outlines lie outside of the export: {names}. Export a larger piece of the map."),
                label=f"relation {relation.id}",
            )
        outer = [_line(way, elements) for way, role in ways if way is not None and role != "inner"]
        inner = [_line(way, elements) for way, role in ways if way is not None and role == "inner"]
        geometry = _assembled(outer, inner)
        used |= {way.id for way, _ in ways if way is not None}
        _add(collector, relation, "relation", geometry, meaning)
    return used


def _assembled(outer: list[list[Any]], inner: list[list[Any]]) -> dict[str, Any]:
    """Returns the outlines that pieces of lines make, each with its holes."""
    import shapely

    outlines, holes = _rings(outer), _rings(inner)
    polygons = [
        [
            list(outline.exterior.coords),
            *(
                list(hole.exterior.coords)
                for hole in holes
                if outline.contains(shapely.Point(hole.exterior.coords[0]))
            ),
        ]
        for outline in outlines
    ]
    return {"type": "MultiPolygon", "coordinates": polygons}


def _rings(lines: list[list[Any]]) -> list[Any]:
    import shapely

    pieces = [shapely.LineString(line) for line in lines if len(line) > 1]
    return list(shapely.get_parts(shapely.polygonize(pieces))) if pieces else []


def _line(way: Element, elements: Elements) -> list[Any]:
    return [
        node.position for ref in way.refs if (node := elements.nodes.get(ref)) is not None and node.position
    ]


def _add_way(collector: Collector, way: Element, elements: Elements, *, is_in_relation: bool) -> None:
    line = _line(way, elements)
    if not way.tags or not line:
        return
    is_closed = len(way.refs) > 3 and way.refs[0] == way.refs[-1]
    meaning = find_meaning(way.tags, AREAS) if is_closed and is_outline(way.tags) else None
    if meaning is not None and not is_in_relation:
        _add(collector, way, "way", {"type": "Polygon", "coordinates": [line]}, meaning)
        return
    _add(collector, way, "way", {"type": "LineString", "coordinates": line}, _line_meaning(way))


def _line_meaning(way: Element) -> str | None:
    """Returns what a line means; bridges and tunnels only where people walk."""
    meaning = find_meaning(way.tags, LINES)
    if meaning in {"passage:tunnel", "passage:bridge"} and way.tags.get("highway") not in WALKED:
        return None
    if way.tags.get("highway") == "steps":
        return "passage:escalator" if way.tags.get("conveying", "no") != "no" else "passage:stairs"
    return meaning


def _add(
    collector: Collector, element: Element, kind: str, geometry: dict[str, Any], meaning: str | None
) -> None:
    if meaning is None:
        if kind != "node":
            collector.remarks.add(
                "left_out",
                "tags-unknown",
                N_("Left out, because their tags tell of no part of a venue: {names} ({count})."),
                label=_sort(element),
            )
        return
    properties, unknown, levels = read_tags(element.tags, meaning)
    place = f"{kind} {element.id}"
    if properties.get("name"):
        name = properties["name"]
        place += f" ({next(iter(name.values())) if isinstance(name, dict) else name})"
    added = collector.add(
        f"osm-{kind[0]}{element.id}".replace("--", "-"),
        properties,
        geometry=geometry,
        place=place,
        unknown=unknown,
    )
    for thing in added if len(levels) > 1 else []:
        collector.remarks.add(
            "assumed",
            "several-levels",
            N_("{count} things stand on several storeys and were put on the first: {names}."),
            label=place,
            feature=thing.id,
        )


def _sort(element: Element) -> str:
    """Returns the first tag of an element that is no name, as what it is called in a remark."""
    return next(
        (
            f"{key}={value}"[:60]
            for key, value in element.tags.items()
            if not key.startswith(("name", "source"))
        ),
        f"{element.id}",
    )
