# SPDX-License-Identifier: Apache-2.0
"""Openings and banks of turnstiles on the ground: the gap in a wall, the line people cross, the ground behind it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hamkor.common.messages import N_
from hamkor.simulation.rules.flooring_ground import Building, door_of
from hamkor.simulation.rules.flooring_lines import (
    Point,
    across,
    along,
    direction_of,
    edge_across,
    piece_towards,
)
from hamkor.simulation.rules.floors import Strip
from hamkor.simulation.rules.laying_limits import laying_limits
from hamkor.simulation.rules.laying_links import line_along_border
from hamkor.simulation.rules.layout import Link

NEAR_M = 3.0
"""A door farther from the border of its areas than this is drawn at the wrong place, and said."""
PROBE_M = 0.05
LEAST_EXIT_M = 1.0


def width_on_floor(building: Building, link: Link) -> float | None:
    """Returns the width of a way on the ground; None, and said, when no person gets through."""
    limits = laying_limits()
    width_m = link.lanes * limits.lane_m if link.kind == "turnstiles" else link.width_m
    if width_m is None and link.line is not None and link.kind == "opening":
        width_m = float(link.line.length)
    if width_m is not None and width_m >= limits.person_width_m:
        return width_m
    if width_m is None:
        building.faults.add(
            "unknown-width",
            link.id,
            N_("Nobody knows how wide “{name}” is."),
            remedy=N_("It was left out of the ground people walk on. State its clear width."),
        )
        return None
    building.faults.add(
        "narrower-than-a-person",
        link.id,
        N_("“{name}” is {width_m} m wide, narrower than a person ({person_m} m)."),
        remedy=N_("It was left out of the ground people walk on. Widen it, or say that it is closed."),
        width_m=round(width_m, 2),
        person_m=limits.person_width_m,
    )
    return None


def lay_door(building: Building, link: Link) -> None:
    """Adds the gap, the line and the ground of an opening or a bank of turnstiles."""
    width_m = width_on_floor(building, link)
    ends = [end for end in (link.tail, link.head) if not building.is_outside(end)]
    rooms = [building.room_of(end) for end in ends]
    if width_m is None:
        return
    if link.line is None or not rooms or any(room is None for room in rooms):
        say_not_drawn(building, link)
        return
    middle = link.line.interpolate(0.5, normalized=True)
    far_m = max(float(room.boundary.distance(middle)) for room in rooms)
    if far_m > NEAR_M and not _say_far(building, link, far_m):
        return
    if len(rooms) == 1:
        _lay_exit(building, link, (ends[0], rooms[0]), width_m)
    else:
        _lay_inner(building, link, (ends, rooms), width_m)


def say_not_drawn(building: Building, link: Link) -> None:
    """Says that a way is missing on the ground because it or one of its areas is not drawn."""
    building.faults.add(
        "way-not-drawn",
        link.id,
        N_("“{name}”, or an area it leads to, is not drawn."),
        remedy=N_("It was left out of the ground people walk on; the network of areas has it. Draw it."),
    )


def lay_open_side(building: Building, link: Link) -> None:
    """Adds exits along the whole free border of an area that is open to all sides, or joins it to its whole."""
    import shapely

    room = building.room_of(link.tail)
    if room is None:
        say_not_drawn(building, link)
        return
    sheet = building.sheet_of[link.tail]
    limits = laying_limits()
    if not building.is_outside(link.head):
        whole = building.room_of(link.head)
        if whole is not None and building.sheet_of[link.head] == sheet:
            seam = room.buffer(limits.wall_m).intersection(whole.buffer(limits.wall_m))
            building.add_piece(sheet, seam, (link.tail, link.head))
        return
    others = [other for id_, other in building.storeys[sheet].rooms.items() if id_ != link.tail]
    outline = shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(room)])
    border = outline.simplify(LEAST_EXIT_M / 2).boundary
    if others:
        border = border.difference(shapely.union_all(others).buffer(limits.apron_m))
    building.add_piece(sheet, border.buffer(limits.apron_m, join_style="mitre"), (link.tail,))
    for part in shapely.get_parts(border):
        points = [(float(x), float(y)) for x, y in part.coords]
        for first, last in pairwise(points):
            if shapely.LineString([first, last]).length >= LEAST_EXIT_M:
                building.doors.append(door_of(link, sheet, (first, last), leads_out=True))


def _say_far(building: Building, link: Link, far_m: float) -> bool:
    """Says that a door lies away from the border of its areas; returns whether it is near enough to be moved there."""
    is_near = far_m <= laying_limits().door_reach_m
    building.faults.add(
        "door-away-from-border",
        link.id,
        N_("“{name}” is drawn {distance_m} m from the border of an area it leads to."),
        remedy=N_("It was moved to the nearest place on the border. Draw it there.")
        if is_near
        else N_("It was left out of the ground people walk on. Draw it on the border."),
        distance_m=round(far_m, 1),
    )
    return is_near


def _tangent(link: Link, rooms: list[Any], width_m: float) -> tuple[Point, Point] | None:
    """Returns the place of a door on the border of its first area, and the direction along the border."""
    import shapely.ops

    middle = link.line.interpolate(0.5, normalized=True)
    nearest = [shapely.ops.nearest_points(room.boundary, middle)[0] for room in rooms]
    place = (
        sum(point.x for point in nearest) / len(nearest),
        sum(point.y for point in nearest) / len(nearest),
    )
    border = line_along_border(rooms, shapely.Point(place), width_m)
    if border is None:
        return None
    return place, direction_of(border.coords[0], border.coords[-1])


def _lay_exit(building: Building, link: Link, end: tuple[str, Any], width_m: float) -> None:
    """Adds a door that leads out of a room: its line on the outer edge, ground before and behind."""
    import shapely

    place, room = end
    found = _tangent(link, [room], width_m)
    if found is None:
        say_not_drawn(building, link)
        return
    at, tangent = found
    out = across(tangent)
    if shapely.intersects_xy(room, *along(at, out, PROBE_M)):
        out = (-out[0], -out[1])
    limits = laying_limits()
    edge = edge_across(along(at, out, PROBE_M), out, width_m)
    back = (-out[0], -out[1])
    inner = piece_towards(edge, back, room, farthest_m=limits.door_gap_m, bite_m=limits.door_bite_m)
    beyond = [along(corner, out, limits.apron_m) for corner in edge]
    outer = shapely.Polygon([edge[0], edge[1], beyond[1], beyond[0]])
    sheet = building.sheet_of[place]
    whole = outer if inner is None else outer.union(inner)
    building.add_piece(sheet, whole, (place,))
    building.doors.append(door_of(link, sheet, edge, leads_out=True))


def _lay_inner(building: Building, link: Link, found: tuple[list[str], list[Any]], width_m: float) -> None:
    """Adds a door between two rooms, through whatever gap lies between them."""
    ends, rooms = found
    placed = _tangent(link, rooms, width_m)
    limits = laying_limits()
    if placed is None:
        say_not_drawn(building, link)
        return
    at, tangent = placed
    pieces = None
    for side in (across(tangent), across((-tangent[0], -tangent[1]))):
        edge = edge_across(at, side, width_m)
        towards = [
            piece_towards(edge, way, room, farthest_m=limits.door_gap_m, bite_m=limits.door_bite_m)
            for way, room in zip(((-side[0], -side[1]), side), rooms, strict=True)
        ]
        if None in towards:
            continue
        area_m2 = sum(piece.area for piece in towards if piece is not None)
        if pieces is None or area_m2 < pieces[0]:
            pieces = (area_m2, towards, edge)
    if pieces is None:
        _say_far(building, link, limits.door_reach_m + limits.door_gap_m)
        return
    _, towards, edge = pieces
    _add_inner(building, link, ends, (towards, edge, direction_of(edge[0], edge[1])))


def _add_inner(
    building: Building, link: Link, ends: list[str], gap: tuple[list[Any], tuple[Point, Point], Point]
) -> None:
    """Adds the ground of a gap to the sheet of its rooms, or to both when they lie on different storeys."""
    towards, edge, _ = gap
    sheets = [building.sheet_of[end] for end in ends]
    whole = towards[0].union(towards[1])
    for sheet in dict.fromkeys(sheets):
        building.add_piece(sheet, whole, ends)
    if sheets[0] != sheets[1]:
        low, high = sorted(sheets, key=lambda sheet: building.storeys[sheet].level)
        building.strips.append(
            Strip(id=link.id, sheet=low, upper_sheet=high, ground=whole, switch=edge, surface=link.surface)
        )
        return
    building.doors.append(door_of(link, sheets[0], edge, leads_out=False))
