# SPDX-License-Identifier: Apache-2.0
"""Venues drawn once and read twice: as floors for every single person, and as places and links for the network."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from shapely.geometry import LineString, Polygon, box
from shapely.ops import unary_union

from hamkor.crowd.rules.profiles import DEFAULT_PROFILE
from hamkor.simulation.micro.crowd import Crowd
from hamkor.simulation.rules.floors import Door, Floors, Segment, Sheet, Strip
from hamkor.simulation.rules.layout import Layout, Link, Place
from hamkor.simulation.validation.grounds import door, strip
from hamkor.simulation.validation.walking import crowd, spread
from hamkor.venues.rules.features import OUTSIDE

# How deep an opening in a wall is.
WALL_M = 0.4


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """A place with its ground.

    Args:
        ground: Shapely polygon in metres.
        people: Who start on it.
        level: Storey, 0 or 1.
    """

    ground: Any
    people: int = 0
    level: int = 0


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """An opening or stairs from one area to another, or out.

    Args:
        tail: Area people come from.
        head: Area they come to, or `outside`.
        line: Across an opening; along stairs, from their upper to their lower end.
        width_m: Clear width.
        length_m: Of stairs, 0 for an opening.
        is_two_way: People may also come back.
    """

    tail: str
    head: str
    line: Segment
    width_m: float
    length_m: float = 0.0
    is_two_way: bool = False


class Venue(msgspec.Struct, frozen=True, kw_only=True):
    """Areas and ways by id, and the way that shuts in the second run."""

    areas: dict[str, Area]
    ways: dict[str, Way]
    shuts: str


VenueMaker = Callable[[], Venue]


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """What ways let through, people per metre and second: exits, openings with ground behind them, stairs."""

    exit_per_m_s: float
    opening_per_m_s: float
    stairs_per_m_s: float

    def of(self, way: Way) -> float:
        """Returns people per second through a way."""
        if way.length_m:
            return self.stairs_per_m_s * way.width_m
        return (self.exit_per_m_s if way.head == OUTSIDE else self.opening_per_m_s) * way.width_m


def floors_of(venue: Venue) -> Floors:
    """Returns the ground of a venue: a sheet for each level, doors out, stairs as strips."""
    levels = sorted({area.level for area in venue.areas.values()})
    parts: dict[int, list[Any]] = {
        level: [area.ground for area in venue.areas.values() if area.level == level] for level in levels
    }
    strips = []
    for name, way in venue.ways.items():
        if way.length_m:
            strips.append(_stairs(name, way))
            for level in levels:
                parts[level].append(strips[-1].ground)
        elif way.head != OUTSIDE:
            parts[venue.areas[way.tail].level].append(_gap(way))
    return Floors(
        sheets=tuple(Sheet(level=float(level), walkable=unary_union(parts[level])) for level in levels),
        doors=tuple(_door(venue, name, way) for name, way in venue.ways.items() if not way.length_m),
        strips=tuple(strips),
    )


def layout_of(venue: Venue, rates: Rates) -> Layout:
    """Returns the same venue as places and links.

    Args:
        venue: The venue.
        rates: What its ways let through.
    """
    places = {
        name: Place(
            id=name,
            level=float(area.level),
            area_m2=area.ground.area,
            people=float(area.people),
            outline=area.ground,
        )
        for name, area in venue.areas.items()
    }
    links = {
        name: Link(
            id=name,
            kind="passage" if way.length_m else "opening",
            tail=way.tail,
            head=way.head,
            forward=True,
            backward=way.is_two_way,
            width_m=way.width_m,
            surface="stairs" if way.length_m else "level",
            length_m=way.length_m,
            rate_per_s=rates.of(way),
            rate_is_stated=True,
            line=LineString(way.line),
            level=float(venue.areas[way.tail].level),
        )
        for name, way in venue.ways.items()
    }
    return Layout(direction="egress", profile_id=DEFAULT_PROFILE, places=places, links=links)


def people_of(venue: Venue) -> Crowd:
    """Returns everybody spread over the areas, with the place each one starts from."""
    named = {name: area for name, area in venue.areas.items() if area.people}
    places = [spread(area.ground.buffer(-0.4), area.people) for area in named.values()]
    everybody = crowd(np.vstack(places))
    counts = [area.people for area in named.values()]
    everybody.places = tuple(named)
    everybody.place = np.repeat(np.arange(len(named)), counts).astype(np.int16)
    levels = np.array([area.level for area in named.values()])
    everybody.sheet = np.repeat(levels, counts).astype(np.int16)
    return everybody


def hall() -> Venue:
    """Returns a hall with four doors."""
    return Venue(
        areas={"hall": Area(ground=box(0, 0, 40, 25), people=800)},
        ways={
            "west": _out("hall", ((0, 8), (0, 9.5))),
            "south": _out("hall", ((18, 0), (20, 0))),
            "east": _out("hall", ((40, 12), (40, 14))),
            "north": _out("hall", ((25, 25), (26.5, 25))),
        },
        shuts="east",
    )


def street() -> Venue:
    """Returns a street in five sections with a narrower way out at both ends."""
    areas = {f"part-{number}": box(number * 30, 0, number * 30 + 30, 12) for number in range(5)}
    between = {
        f"line-{number}": Way(
            tail=f"part-{number - 1}",
            head=f"part-{number}",
            line=((number * 30.0, 0.0), (number * 30.0, 12.0)),
            width_m=12.0,
            is_two_way=True,
        )
        for number in range(1, 5)
    }
    return Venue(
        areas={name: Area(ground=ground, people=240) for name, ground in areas.items()},
        ways={
            **between,
            "west": _out("part-0", ((0, 4), (0, 8))),
            "east": _out("part-4", ((150, 4.5), (150, 7.5))),
        },
        shuts="east",
    )


def field() -> Venue:
    """Returns three pens that open into a field with two gates."""
    pens = {
        f"pen-{number}": Area(ground=box(number * 27, 0, number * 27 + 25, 20), people=500)
        for number in range(3)
    }
    openings = {
        f"mouth-{number}": Way(
            tail=f"pen-{number}",
            head="field",
            line=((number * 27 + 11, 20.2), (number * 27 + 14, 20.2)),
            width_m=3.0,
        )
        for number in range(3)
    }
    return Venue(
        areas={**pens, "field": Area(ground=box(0, 20.4, 79, 50))},
        ways={
            **openings,
            "west": _out("field", ((0, 33), (0, 37))),
            "east": _out("field", ((79, 33), (79, 36))),
        },
        shuts="east",
    )


def concourse() -> Venue:
    """Returns two levels joined by two stairs of 2 m, with two exits below."""
    stairs = {
        f"stairs-{side}": Way(
            tail="upper", head="lower", line=((x, 16.0), (x, 24.0)), width_m=2.0, length_m=8.0
        )
        for side, x in (("west", 6.0), ("east", 24.0))
    }
    return Venue(
        areas={
            "upper": Area(ground=box(0, 0, 30, 16), people=300, level=1),
            "lower": Area(ground=box(0, 24, 30, 40), people=300),
        },
        ways={
            **stairs,
            "left": _out("lower", ((0, 31), (0, 33.5))),
            "right": _out("lower", ((30, 31), (30, 33.5))),
        },
        shuts="stairs-east",
    )


def stadium() -> Venue:
    """Returns eight blocks around a pitch, a ring behind them in eight parts, and a gate behind each block."""
    areas: dict[str, Area] = {}
    ways: dict[str, Way] = {}
    for number in range(8):
        following = (number + 1) % 8
        areas[f"block-{number}"] = Area(ground=_sector(number, (28.0, 44.0), margin=2.0), people=500)
        areas[f"ring-{number}"] = Area(ground=_sector(number, (44.4, 54.0), margin=0.0))
        ways[f"mouth-{number}"] = Way(
            tail=f"block-{number}",
            head=f"ring-{number}",
            line=_chord(number, _apothem(44.2), 3.0),
            width_m=3.0,
        )
        ways[f"gate-{number}"] = _out(f"ring-{number}", _chord(number, _apothem(54.0), 2.0))
        ways[f"along-{number}"] = Way(
            tail=f"ring-{number}",
            head=f"ring-{following}",
            line=_border(number),
            width_m=9.6,
            is_two_way=True,
        )
    return Venue(areas=areas, ways=ways, shuts="gate-3")


def _out(area: str, line: Segment) -> Way:
    return Way(tail=area, head=OUTSIDE, line=line, width_m=math.dist(*line))


def _door(venue: Venue, name: str, way: Way) -> Door:
    sheet = sorted({area.level for area in venue.areas.values()}).index(venue.areas[way.tail].level)
    return door(name, way.line, leads_out=way.head == OUTSIDE, sheet=sheet)


def _gap(way: Way) -> Any:
    """Ground of an opening in a wall; its line runs in the middle of the wall."""
    return LineString(way.line).buffer(WALL_M, cap_style="flat")


def _stairs(name: str, way: Way) -> Strip:
    (x, upper), (_x, lower) = way.line
    half = way.width_m / 2
    middle = (upper + lower) / 2
    return strip(
        name,
        box(x - half, min(upper, lower), x + half, max(upper, lower)),
        sheets=(0, 1),
        surface="stairs",
        up=(0.0, -1.0 if upper < lower else 1.0),
        switch=((x - half, middle), (x + half, middle)),
    )


def _at(number: float, radius: float) -> tuple[float, float]:
    angle = math.pi / 4 * (number % 8)
    return (radius * math.cos(angle), radius * math.sin(angle))


def _apothem(radius: float) -> float:
    return radius * math.cos(math.pi / 8)


def _sector(number: int, radii: tuple[float, float], *, margin: float) -> Any:
    """Part of an octagonal ring around the direction of that number, radii to its corners; narrower by a margin."""
    corners = [_at(number - 0.5, radii[0]), _at(number - 0.5, radii[1])]
    corners += [_at(number + 0.5, radii[1]), _at(number + 0.5, radii[0])]
    whole = Polygon(corners)
    if not margin:
        return whole
    sides = [LineString([_at(number + side, 0.0), _at(number + side, 99.0)]) for side in (-0.5, 0.5)]
    return whole.difference(unary_union([side.buffer(margin / 2) for side in sides]))


def _chord(number: int, distance: float, width_m: float) -> Segment:
    """Line across the direction of that number at a distance from the middle."""
    middle, across = _at(number, distance), _at(number + 2, width_m / 2)
    return (
        (middle[0] - across[0], middle[1] - across[1]),
        (middle[0] + across[0], middle[1] + across[1]),
    )


def _border(number: int) -> Segment:
    return (_at(number + 0.5, 44.4), _at(number + 0.5, 54.0))
