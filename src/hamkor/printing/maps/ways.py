# SPDX-License-Identifier: Apache-2.0
"""Everything people pass: openings as bars across, turnstiles, passages, routes with arrows."""

from __future__ import annotations

import math
from typing import Any

from hamkor.common.messages import N_
from hamkor.printing.maps.grounds import ground_name, outline
from hamkor.printing.maps.projection import Drawing, Placed, middle_of
from hamkor.printing.maps.sheet import Sheet
from hamkor.printing.maps.svg import INK, PAPER, element, polyline
from hamkor.printing.shown import figure, words_of
from hamkor.printing.words import kind_word, unit_word, word
from hamkor.venues.rules.features import Area, Connection, Passage, Route, Section, Turnstiles

EXIT_GREEN = "#0f7a4f"
PASSAGE = "#4b5f8f"
ROUTE_COLOURS = {
    "approach": "#2c5d8a",
    "dispersal": "#2c5d8a",
    "approach_and_dispersal": "#2c5d8a",
    "circulation": "#5a6b78",
    "evacuation": EXIT_GREEN,
    "emergency_access": "#8a3a78",
}
BAR_MIN_PX, BAR_MAX_PX = 13.0, 400.0
Point = tuple[float, float]


def draw_routes(sheet: Sheet, drawing: Drawing) -> None:
    """Draws every route as a dashed line with an arrow at its end, at both ends when used both ways."""
    for item in drawing.placed:
        route = item.feature.properties
        if not isinstance(route, Route) or item.shape.geom_type == "Point":
            continue
        colour = ROUTE_COLOURS[route.purpose]
        is_line = item.shape.geom_type == "LineString"
        path = polyline(item.shape.coords) if is_line else outline(item.shape)
        common = {"fill": "none", "stroke_linejoin": "round"}
        sheet.add("ways", element("path", d=path, stroke=PAPER, stroke_width=6, opacity=0.8, **common))
        dashed = {"stroke": colour, "stroke_width": 3.4, "stroke_dasharray": "9 5", **common}
        sheet.add("ways", element("path", d=path, **dashed))
        if is_line:
            _arrows(sheet, list(item.shape.coords), route, colour)
        sheet.explain(
            words_of(N_("route: {purpose}"), sheet.language, purpose=word(route.purpose, sheet.language)),
            element("path", d="M1 9 L23 9", **dashed) + _arrow((1, 9), (28, 9), colour),
        )
        if item.feature.id in drawing.own:
            _number(sheet, item, middle_of(item.shape), _narrowest(route, sheet.language), short="")


def draw_connections(sheet: Sheet, drawing: Drawing) -> None:
    """Draws openings, turnstiles and passages, and writes number and width beside each."""
    areas = {
        item.feature.id: item.shape for item in drawing.placed if isinstance(item.feature.properties, Area)
    }
    connections = [item for item in drawing.named() if isinstance(item.feature.properties, Connection)]
    anchors = [_draw_connection(sheet, item, areas, drawing.px_per_m) for item in connections]
    for item, anchor in zip(connections, anchors, strict=True):
        measure = measure_of(item.feature.properties, sheet.language)  # type: ignore[arg-type] # chosen above
        _number(sheet, item, anchor, measure, short=measure)


def measure_of(connection: Connection, language: str) -> str:
    """Returns the width of a connection, or its lanes, or "not known"."""
    if isinstance(connection, Turnstiles):
        lanes = connection.lanes if connection.lanes_staffed is None else connection.lanes_staffed
        return words_of(N_("{lanes} lanes"), language, lanes=lanes)
    if connection.clear_width_m is None:
        return words_of(N_("width not known"), language)
    return figure(connection.clear_width_m, language, unit_word("m", language))


def _draw_connection(sheet: Sheet, item: Placed, areas: dict[str, Any], px_per_m: float) -> Point:
    connection: Any = item.feature.properties
    shape = item.shape
    if shape.geom_type.endswith("Polygon"):
        sheet.add("ways", element("path", d=outline(shape), fill="#dfe3ee", stroke=PASSAGE, stroke_width=1.6))
        line = []
    elif shape.geom_type == "LineString":
        line = [(float(x), float(y)) for x, y in shape.coords]
    else:
        line = _bar(item, areas, px_per_m)
    if line:
        _draw_line(sheet, connection, line, is_way=shape.geom_type == "LineString")
    return middle_of(shape)


def _draw_line(sheet: Sheet, connection: Connection, line: list[Point], *, is_way: bool) -> None:
    path = polyline(line)
    words, sign = connection_style(connection, sheet.language, is_way=is_way)
    for attributes in sign:
        sheet.add("bars", element("path", d=path, fill="none", **attributes))
    sample = "M3 9 L27 9"
    sheet.explain(words, "".join(element("path", d=sample, fill="none", **attributes) for attributes in sign))


def connection_style(
    connection: Connection, language: str, *, is_way: bool = False
) -> tuple[str, list[dict[str, Any]]]:
    """Returns the words of the legend and the strokes, lowest first."""
    casing: dict[str, Any] = {"stroke": PAPER, "stroke_width": 9}
    if isinstance(connection, Turnstiles):
        return kind_word("turnstiles", language), [
            casing,
            {"stroke": INK, "stroke_width": 6.5, "stroke_dasharray": "2.4 1.6"},
        ]
    if connection.emergency_only:
        return words_of(N_("emergency exit"), language), [casing, {"stroke": EXIT_GREEN, "stroke_width": 5}]
    if isinstance(connection, Passage):
        inner = {"stroke": "#dfe3ee", "stroke_width": 5} if is_way else {}
        strokes = [casing, {"stroke": PASSAGE, "stroke_width": 8 if is_way else 6}]
        return kind_word("passage", language), [*strokes, inner] if inner else strokes
    return kind_word("opening", language), [casing, {"stroke": INK, "stroke_width": 5}]


def _bar(item: Placed, areas: dict[str, Any], px_per_m: float) -> list[Point]:
    """Returns a bar along the wall at a point: as long as the opening is wide, within reason."""
    connection: Any = item.feature.properties
    width_m = figure_nominal(connection.clear_width_m) or 0.0
    half = min(BAR_MAX_PX, max(BAR_MIN_PX, width_m * px_per_m)) / 2
    angle = _wall_angle(item, areas)
    dx, dy = half * math.cos(angle), half * math.sin(angle)
    x, y = item.shape.x, item.shape.y
    return [(x - dx, y - dy), (x + dx, y + dy)]


def figure_nominal(value: Any) -> float | None:
    """Returns the number used for a figure when one must be named, None when unknown."""
    from hamkor.common.figures import known

    found = known(value)
    return None if found is None else found.nominal


def _wall_angle(item: Placed, areas: dict[str, Any]) -> float:
    """Returns the direction of the nearest outline of the areas it joins, radians; 0 without one."""
    connection: Any = item.feature.properties
    shapes = [areas[end] for end in (connection.to, connection.from_) if end in areas]
    walls = [shape.boundary for shape in shapes if shape.geom_type.endswith("Polygon")]
    walls = [part for wall in walls for part in getattr(wall, "geoms", [wall])]
    if not walls:
        return 0.0
    wall = min(walls, key=lambda part: part.distance(item.shape))
    at = wall.project(item.shape)
    before, after = wall.interpolate(max(0.0, at - 2)), wall.interpolate(min(wall.length, at + 2))
    return math.atan2(after.y - before.y, after.x - before.x)


def _narrowest(route: Route, language: str) -> str:
    widths = [
        (nominal, section.clear_width_m)
        for section in route.sections or ()
        if isinstance(section, Section) and (nominal := figure_nominal(section.clear_width_m)) is not None
    ]
    if not widths:
        return ""
    width = figure(min(widths, key=lambda pair: pair[0])[1], language, unit_word("m", language))
    return words_of(N_("narrowest {width}"), language, width=width)


def _number(sheet: Sheet, item: Placed, anchor: Point, measure: str, *, short: str) -> None:
    name = ground_name(item.feature, sheet.language)
    entry = sheet.number(" · ".join(filter(None, (name, measure))))
    if entry is None:
        return
    if not ((short and sheet.label(*anchor, f"{entry} · {short}")) or sheet.label(*anchor, str(entry))):
        sheet.label(*anchor, str(entry), is_far=True)


def _arrows(sheet: Sheet, line: list[Any], route: Route, colour: str) -> None:
    is_two_way = route.purpose in {"approach_and_dispersal", "circulation"} or "both" in route.use.values()
    if route.purpose == "dispersal" or "backward" not in route.use.values():
        sheet.add("ways", _arrow(line[-2], line[-1], colour))
    if is_two_way or "backward" in route.use.values():
        sheet.add("ways", _arrow(line[1], line[0], colour))


def _arrow(before: Any, tip: Any, colour: str) -> str:
    angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
    wings = [
        (tip[0] - 13 * math.cos(angle + turn), tip[1] - 13 * math.sin(angle + turn)) for turn in (-0.45, 0.45)
    ]
    points = [wings[0], (tip[0], tip[1]), wings[1]]
    return element("path", d=polyline(points, closed=True), fill=colour, stroke=PAPER, stroke_width=1)
