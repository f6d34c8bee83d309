# SPDX-License-Identifier: Apache-2.0
"""The ground a micro-simulation walks on: storeys as polygons, doors and stairs as lines and strips."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.crowd.rules.profiles import Surface
from hamkor.simulation.rules.layout import Fault

Segment = tuple[tuple[float, float], tuple[float, float]]
"""Two ends in metres."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One storey, or one part of it that lies over another part.

    Args:
        level: Storey.
        walkable: Shapely polygon or multipolygon in metres, holes cut out; strips of stairs that begin or end here
            are part of it.
    """

    level: float
    walkable: Any


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """A line people cross: an exit, a goal inside, or a place where crossings are counted and may be limited.

    Args:
        id: Id of the link.
        sheet: Index of the sheet it lies on.
        line: Its two ends in metres, as wide as people can use.
        leads_out: True: a gap in the outer wall; who crosses it has arrived.
        is_goal: True: a line on the ground; who wants to get there has arrived on it, everybody else walks over it.
        rate_per_s: At most that many people per second, None: only bodies limit it.
        servers: Lanes of a bank of turnstiles, each serving one person at a time; 0 for a door.
        service_s: Mean service time of a lane in seconds.
    """

    id: str
    sheet: int
    line: Segment
    leads_out: bool = False
    is_goal: bool = False
    rate_per_s: float | None = None
    servers: int = 0
    service_s: float = 0.0


class Strip(msgspec.Struct, frozen=True, kw_only=True):
    """Stairs, a ramp or any ground walked at another speed; may lead from one sheet to another.

    Args:
        id: Id of the link.
        sheet: Sheet of its lower end.
        upper_sheet: Sheet of its upper end; the same as `sheet` for a strip that joins nothing.
        ground: Shapely polygon in metres, part of the walkable ground of both sheets.
        switch: Line across it where people change from one sheet to the other; None when it joins nothing.
        surface: What people walk on.
        up: Unit vector of the way up in metres, (0, 0) when it has none.
        length_m: Way along it as the plan states it, which for stairs is longer than the ground drawn; None: as drawn.
    """

    id: str
    sheet: int
    upper_sheet: int
    ground: Any
    switch: Segment | None = None
    surface: Surface = "level"
    up: tuple[float, float] = (0.0, 0.0)
    length_m: float | None = None


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """Ground on which people of a place stand at the beginning.

    Args:
        place: Id of the place.
        sheet: Its sheet.
        ground: Shapely polygon in metres.
        people: How many.
    """

    place: str
    sheet: int
    ground: Any
    people: int


class Floors(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a micro-simulation knows of a venue.

    Args:
        sheets: Storeys; doors, strips and starts name them by index.
        doors: Exits and counted or limited doors.
        strips: Stairs, ramps, slow ground.
        starts: Where people stand at the beginning.
        faults: What was wrong with the drawing; fatal ones stop a run.
        plane: Metric plane to go back to degrees, None for ground that is not on the earth.
    """

    sheets: tuple[Sheet, ...]
    doors: tuple[Door, ...]
    strips: tuple[Strip, ...] = ()
    starts: tuple[Start, ...] = ()
    faults: tuple[Fault, ...] = ()
    plane: Any = None
