# SPDX-License-Identifier: Apache-2.0
"""Stairs, ramps and tunnels on the ground: strips along their axis, joined at both ends, across storeys by a line."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.simulation.rules.flooring_doors import lay_door, say_not_drawn, width_on_floor
from hamkor.simulation.rules.flooring_ground import Building, Storey, door_of
from hamkor.simulation.rules.flooring_lines import (
    Point,
    along,
    direction_of,
    edge_across,
    edge_at,
    end_directions,
    part_of_line,
    piece_towards,
    reach_to,
    strip_along,
)
from hamkor.simulation.rules.floors import Strip
from hamkor.simulation.rules.laying_limits import laying_limits
from hamkor.simulation.rules.layout import Link

DOOR_BEFORE_M = 0.5
"""A strip's door lies so far before the line that leads to the other storey."""
DEEP_M = 2.5
"""Stairs that stand deeper in a room than this have walls at their sides."""
LEAST_LINE_M = 0.3


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """A passage with its axis from the tail to the head.

    Args:
        link: The passage.
        axis: Shapely line in metres, long enough to reach into the areas at its ends.
        width_m: Clear width.
        ends: Places at its beginning and its end; None outside.
        mouth_m: Distances along the axis at which it leaves the first area and enters the last one.
    """

    link: Link
    axis: Any
    width_m: float
    ends: tuple[str | None, str | None]
    mouth_m: tuple[float, float]


def lay_passage(building: Building, link: Link) -> None:
    """Adds the strip of a passage, its switch between storeys, and the line at which people on it are counted."""
    ends = [None if building.is_outside(end) else end for end in (link.tail, link.head)]
    rooms = {end: building.room_of(end) for end in ends if end is not None}
    if link.line is None or not rooms or any(room is None for room in rooms.values()):
        say_not_drawn(building, link)
        return
    sheets = {building.sheet_of[end] for end in rooms}
    if len(rooms) == 2 and len(sheets) == 1 and _is_gap(link, list(rooms.values())):
        lay_door(building, link)
        return
    width_m = width_on_floor(building, link)
    if width_m is None:
        return
    way = _way_of(building, link, (ends[0], ends[1]), width_m)
    if way is None:
        say_not_drawn(building, link)
        return
    if len(sheets) > 1:
        _lay_between(building, way)
    elif _is_free(building, way, next(iter(sheets)), (0.0, way.axis.length)):
        _lay_level(building, way, next(iter(sheets)))
    else:
        _lay_apart(building, way)


def _is_gap(link: Link, rooms: list[Any]) -> bool:
    """Returns True for a corridor as wide as long: it is no more than a gap between two areas."""
    length_m, apart_m = float(link.line.length), float(rooms[0].distance(rooms[1]))
    return (link.width_m or 0.0) > length_m and apart_m <= laying_limits().door_gap_m


def _way_of(
    building: Building, link: Link, ends: tuple[str | None, str | None], width_m: float
) -> Way | None:
    """Returns a passage with its axis turned from tail to head and lengthened into the areas at its ends."""
    axis = _turned(building, link.line, ends)
    points = [(float(x), float(y)) for x, y in axis.coords]
    first = _lengthened(building, points[0], end_directions(axis)[0], ends[0])
    last = _lengthened(building, points[-1], end_directions(axis)[1], ends[1])
    if first is None or last is None:
        return None
    import shapely

    line = shapely.LineString([*reversed(first), *points, *last]).simplify(laying_limits().simplify_m)
    if line.length < LEAST_LINE_M:
        return None
    mouths = _mouths(building, line, ends)
    return Way(link=link, axis=line, width_m=width_m, ends=ends, mouth_m=mouths)


def _turned(building: Building, line: Any, ends: tuple[str | None, str | None]) -> Any:
    """Returns the axis so that it begins at the tail: drawings run either way."""
    import shapely

    first, last = shapely.get_point(line, 0), shapely.get_point(line, -1)
    rooms = [building.room_of(end) if end is not None else None for end in ends]
    straight = sum(
        float(room.distance(p)) for room, p in zip(rooms, (first, last), strict=True) if room is not None
    )
    turned = sum(
        float(room.distance(p)) for room, p in zip(rooms, (last, first), strict=True) if room is not None
    )
    return line.reverse() if turned < straight else line


def _lengthened(building: Building, end: Point, direction: Point, place: str | None) -> list[Point] | None:
    """Returns the points to add at an end so that it reaches into its area; None when the area is too far."""
    import shapely.ops

    if place is None:
        return []
    limits = laying_limits()
    room = building.room_of(place)
    point = shapely.Point(end)
    if room.contains(point):
        depth_m = float(room.boundary.distance(point))
        missing_m = limits.landing_m - depth_m
        return [along(end, direction, missing_m)] if missing_m > 0 and _stays(room, end, direction) else []
    ahead_m = reach_to(end, direction, room, farthest_m=limits.door_reach_m)
    if ahead_m is not None:
        return [along(end, direction, ahead_m + limits.landing_m)]
    if room.distance(point) > limits.door_reach_m:
        return None
    nearest = shapely.ops.nearest_points(room, point)[0]
    met = (float(nearest.x), float(nearest.y))
    return [met, along(met, direction_of(end, met), limits.landing_m)]


def _stays(room: Any, end: Point, direction: Point) -> bool:
    """Returns True when a step further in a direction still lies in a room."""
    import shapely

    return bool(shapely.intersects_xy(room, *along(end, direction, laying_limits().landing_m)))


def _mouths(building: Building, line: Any, ends: tuple[str | None, str | None]) -> tuple[float, float]:
    """Returns the distances along an axis at which it leaves its first and enters its last area."""
    import shapely

    mouths = []
    for end, is_first in zip(ends, (True, False), strict=True):
        default = 0.0 if is_first else float(line.length)
        if end is None:
            mouths.append(default)
            continue
        tip = shapely.get_point(line, 0 if is_first else -1)
        inside = list(shapely.get_parts(line.intersection(building.room_of(end))))
        own = [part for part in inside if part.length > 0 and part.distance(tip) < laying_limits().simplify_m]
        reach = max((part.length for part in own), default=0.0)
        mouths.append(min(reach, line.length) if is_first else max(0.0, line.length - reach))
    first, last = mouths
    if first >= last:
        first = last = line.length / 2
    return first, last


def _is_free(building: Building, way: Way, sheet: int, span_m: tuple[float, float]) -> bool:
    """Returns True when a part of a strip crosses no other area and no other strip of a sheet."""
    limits = laying_limits()
    first, last = max(span_m[0], way.mouth_m[0]), min(span_m[1], way.mouth_m[1])
    if last - first <= 0:
        return True
    ground = strip_along(part_of_line(way.axis, first, last), way.width_m)
    own = [building.room_of(end) for end in way.ends if end is not None and building.sheet_of[end] == sheet]
    others = [room for place, room in building.storeys[sheet].rooms.items() if place not in way.ends]
    others += [other for at, other in building.ways if at == sheet]
    for room in own:
        ground = ground.difference(room)
    return all(ground.intersection(other).area <= limits.sheet_overlap_m2 for other in others)


def _ground(building: Building, way: Way, span_m: tuple[float, float]) -> Any:
    """Returns the ground of a part of a strip, spread at the ends of the way as far as the areas it joins."""
    import shapely

    limits = laying_limits()
    pieces = [strip_along(part_of_line(way.axis, *span_m), way.width_m)]
    for end, is_first in zip(way.ends, (True, False), strict=True):
        is_covered = span_m[0] <= 0 if is_first else span_m[1] >= way.axis.length
        if end is None or not is_covered:
            continue
        mouth_m = way.mouth_m[0] if is_first else way.mouth_m[1]
        edge = edge_at(way.axis, mouth_m, way.width_m)
        first = way.axis.interpolate(mouth_m)
        tip = shapely.get_point(way.axis, 0 if is_first else -1)
        direction = direction_of((first.x, first.y), (tip.x, tip.y))
        piece = piece_towards(
            edge, direction, building.room_of(end), farthest_m=limits.door_gap_m, bite_m=limits.door_bite_m
        )
        if piece is not None and piece.is_valid:
            pieces.append(piece)
    return shapely.union_all(pieces)


def _lay_level(building: Building, way: Way, sheet: int) -> None:
    """Adds a strip whose ends lie on one sheet, and the exit at its end when it leads out."""
    whole = (0.0, float(way.axis.length))
    ground = _ground(building, way, whole)
    _add(building, way, sheet, ground)
    building.strips.append(
        Strip(
            id=way.link.id,
            sheet=sheet,
            upper_sheet=sheet,
            ground=ground,
            surface=way.link.surface,
            length_m=way.link.length_m or None,
        )
    )
    _lay_line(building, way, sheet)


def _lay_between(building: Building, way: Way) -> None:
    """Adds a strip between two storeys: each has its half, and a little beyond the line that leads to the other."""
    tail, head = way.ends
    if tail is None or head is None:
        return
    sheets = building.sheet_of[tail], building.sheet_of[head]
    middle_m = (way.mouth_m[0] + way.mouth_m[1]) / 2
    margin_m = laying_limits().landing_m
    spans = ((0.0, middle_m + margin_m), (middle_m - margin_m, float(way.axis.length)))
    if not all(_is_free(building, way, sheet, span) for sheet, span in zip(sheets, spans, strict=True)):
        _lay_apart(building, way)
        return
    for sheet, span in zip(sheets, spans, strict=True):
        _add(building, way, sheet, _ground(building, way, span))
        _wall_sides(building, way, sheet, span)
    levels = [building.storeys[sheet].level for sheet in sheets]
    is_up = levels[1] >= levels[0]
    low, high = sheets if is_up else (sheets[1], sheets[0])
    building.strips.append(
        Strip(
            id=way.link.id,
            sheet=low,
            upper_sheet=high,
            ground=_ground(building, way, (0.0, float(way.axis.length))),
            switch=edge_at(way.axis, middle_m, way.width_m),
            surface=way.link.surface,
            up=_up(way, is_up=is_up),
            length_m=way.link.length_m or None,
        )
    )
    edge = edge_at(way.axis, max(0.0, middle_m - DOOR_BEFORE_M), way.width_m)
    building.doors.append(door_of(way.link, sheets[0], edge, leads_out=False))


def _lay_apart(building: Building, way: Way) -> None:
    """Adds a strip that passes above or below other ground: a sheet of its own, joined at each area by a line."""
    sheet = len(building.storeys)
    building.storeys.append(Storey(way.link.level, {}, [], []))
    length_m = float(way.axis.length)
    margin_m = laying_limits().landing_m
    first_m, last_m = way.mouth_m
    inset_m = min(margin_m, (last_m - first_m) / 4)
    cuts = [0.0, length_m]
    for number, end in enumerate(way.ends):
        if end is None:
            continue
        at_m = first_m + inset_m if number == 0 else last_m - inset_m
        span = (0.0, at_m + margin_m) if number == 0 else (at_m - margin_m, length_m)
        ground = _ground(building, way, span)
        building.add_piece(building.sheet_of[end], ground, (end,))
        other = building.sheet_of[end]
        is_up = building.storeys[other].level >= way.link.level
        building.strips.append(
            Strip(
                id=way.link.id,
                sheet=sheet if is_up else other,
                upper_sheet=other if is_up else sheet,
                ground=ground,
                switch=edge_at(way.axis, at_m, way.width_m),
                surface=way.link.surface,
                # A switch is crossed towards the upper sheet, also where the way itself is level.
                up=_up(way, is_up=is_up == (number == 1)),
            )
        )
        cuts[number] = span[1] if number == 0 else span[0]
    whole = _ground(building, way, (0.0, length_m))
    building.storeys[sheet].pieces.append(strip_along(way.axis, way.width_m))
    if cuts[1] - cuts[0] > LEAST_LINE_M:
        rest = whole.intersection(strip_along(part_of_line(way.axis, *cuts), way.width_m))
        building.strips.append(
            Strip(id=way.link.id, sheet=sheet, upper_sheet=sheet, ground=rest, surface=way.link.surface)
        )
    _lay_line(building, way, sheet)


def _lay_line(building: Building, way: Way, sheet: int) -> None:
    """Adds the line at which people are counted: in the middle, or at the outer end of a way that leads out."""
    import shapely

    if None not in way.ends:
        middle_m = (way.mouth_m[0] + way.mouth_m[1]) / 2
        building.doors.append(
            door_of(way.link, sheet, edge_at(way.axis, middle_m, way.width_m), leads_out=False)
        )
        return
    is_last = way.ends[1] is None
    tip = shapely.get_point(way.axis, -1 if is_last else 0)
    direction = end_directions(way.axis)[1 if is_last else 0]
    point = (float(tip.x), float(tip.y))
    edge = edge_across(point, direction, way.width_m)
    beyond = [along(corner, direction, laying_limits().apron_m) for corner in edge]
    apron = shapely.Polygon([edge[0], edge[1], beyond[1], beyond[0]]).buffer(laying_limits().simplify_m)
    building.add_piece(sheet, apron, tuple(end for end in way.ends if end is not None))
    building.doors.append(door_of(way.link, sheet, edge, leads_out=True))


def _add(building: Building, way: Way, sheet: int, ground: Any) -> None:
    """Adds the ground of a strip to a sheet, with a wall to strips beside it."""
    own = tuple(end for end in way.ends if end is not None)
    rooms = [building.room_of(end) for end in own if building.sheet_of[end] == sheet]
    outside = ground
    for room in rooms:
        outside = outside.difference(room)
    for at, other in building.ways:
        if at == sheet and other.intersects(outside):
            ground = ground.difference(other.intersection(outside))
    building.add_piece(sheet, ground, own)
    building.ways.append((sheet, outside.buffer(laying_limits().wall_m / 2)))


def _wall_sides(building: Building, way: Way, sheet: int, span_m: tuple[float, float]) -> None:
    """Adds walls around stairs that stand deep in a room, so that people walk onto them from their end only."""
    is_first = span_m[0] <= 0
    depth_m = way.mouth_m[0] if is_first else way.axis.length - way.mouth_m[1]
    if depth_m < DEEP_M:
        return
    landing_m = laying_limits().landing_m
    span = (landing_m, span_m[1]) if is_first else (span_m[0], way.axis.length - landing_m)
    ground = strip_along(part_of_line(way.axis, *span), way.width_m)
    building.storeys[sheet].cuts.append(ground.buffer(laying_limits().wall_m / 2, join_style="mitre"))


def _up(way: Way, *, is_up: bool) -> Point:
    """Returns the unit vector of the way up a strip between storeys."""
    import shapely

    first, last = shapely.get_point(way.axis, 0), shapely.get_point(way.axis, -1)
    direction = direction_of((first.x, first.y), (last.x, last.y))
    return direction if is_up else (-direction[0], -direction[1])
