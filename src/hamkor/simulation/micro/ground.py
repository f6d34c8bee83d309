# SPDX-License-Identifier: Apache-2.0
"""Makes the ground of a run out of floors: walls, lattice, doors and strips as flat arrays."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from hamkor.common.messages import N_
from hamkor.simulation.micro.edges import cut_exits, ring_edges
from hamkor.simulation.micro.errors import GroundError
from hamkor.simulation.micro.profile import MotionProfile
from hamkor.simulation.micro.raster import fill_polygon, list_near, mark_touched, see_through
from hamkor.simulation.micro.shapes import Bins, Lines, Strips
from hamkor.simulation.rules.floors import Door, Floors, Segment, Strip

COARSE_M, FINE_M = 0.25, 0.125
"""Lattice of the fields: coarse, and fine where a gap is so narrow that the coarse one may close it."""
FINE_BELOW_M = 0.6
WALL_BIN_M = 0.5
SIGHT_BIN_M = 1.0
MARGIN_M = 2.0
"""Empty border around each sheet, in which people vanish behind exits."""
DOOR_REACH_M = 0.75
MOST_NODES = 40_000_000


@dataclass(kw_only=True)
class Ground:
    """The ground at one moment: with some doors and strips shut.

    Attributes:
        origin: Metres of the plane that are 0 in all arrays.
        step_m: Side of a lattice square.
        inside: Per sheet the lattice squares whose centre is ground, uint8 (rows, columns).
        free: Of these the squares no wall touches: people can walk through them.
        nodes: The lattice.
        walls: Walls in reach of a body.
        sight: Walls that may stand between people.
        doors: Lines of all doors.
        strips: Stairs and ramps.
        edges: All walls (n, 4) in metres from the origin.
    """

    origin: tuple[float, float]
    step_m: float
    inside: list[np.ndarray]
    free: list[np.ndarray]
    nodes: Bins
    walls: Lines
    sight: Lines
    doors: Lines
    strips: Strips
    edges: np.ndarray


def build_ground(
    floors: Floors, *, profile: MotionProfile, shut: Collection[str], body_m: float, look_m: float
) -> Ground:
    """Returns the ground with the named doors and strips shut.

    Args:
        floors: Sheets, doors, strips.
        profile: For the factors of surfaces.
        shut: Ids of doors and strips nobody can pass.
        body_m: Reach of walls on a body in metres.
        look_m: How far people look for others in metres.

    Raises:
        GroundError: No ground at all, or too large for the lattice.
    """
    origin, extent = _extent(floors)
    step = lattice_step(floors)
    if sum((w + 2 * MARGIN_M) * (h + 2 * MARGIN_M) for _x, _y, w, h in extent) / step**2 > MOST_NODES:
        raise GroundError(
            "ground-too-large",
            N_(
                "The ground is too large for a micro-simulation: at most {most_km2} km² at a lattice of {step_m} m."
            ),
            most_km2=round(MOST_NODES * step**2 / 1e6, 2),
            step_m=step,
        )
    rings = [_local_edges(sheet.walkable, origin) for sheet in floors.sheets]
    exits = [_door_edge(door, origin) for door in floors.doors if door.leads_out]
    edges, sheet_of = [], []
    for index, sheet in enumerate(floors.sheets):
        own = [edge for door, edge in zip(_exits(floors), exits, strict=True) if door.sheet == index]
        simple = _local_edges(shapely.simplify(sheet.walkable, 0.02), origin)
        kept = cut_exits(simple, own)
        barred = _barriers(floors, shut, index, origin)
        edges += [kept, barred]
        sheet_of += [np.full(len(kept) + len(barred), index)]
    all_edges, all_sheets = np.concatenate(edges), np.concatenate(sheet_of)
    nodes = _bins(extent, step)
    inside = _inside(rings, nodes, step)
    free = _free(inside, all_edges, all_sheets, nodes, step)
    walls = _lines(all_edges, all_sheets, _bins(extent, WALL_BIN_M), WALL_BIN_M, body_m)
    sight = _lines(all_edges, all_sheets, _bins(extent, SIGHT_BIN_M), SIGHT_BIN_M, look_m)
    door_edges = np.array([_door_edge(door, origin) for door in floors.doors]).reshape(-1, 4)
    door_sheets = np.array([door.sheet for door in floors.doors], np.int64)
    return Ground(
        origin=origin,
        step_m=step,
        inside=inside,
        free=free,
        nodes=nodes,
        walls=walls,
        sight=_only_hidden(sight, all_edges, free, nodes, (step, look_m)),
        doors=_lines(door_edges, door_sheets, _bins(extent, WALL_BIN_M), WALL_BIN_M, DOOR_REACH_M),
        strips=_strips(floors, profile, origin, nodes, step),
        edges=all_edges,
    )


def lattice_step(floors: Floors) -> float:
    """Returns the side of a lattice square in metres: finer where a door is narrow.

    Args:
        floors: Whose doors have a width.
    """
    widths = [math.dist(*door.line) for door in floors.doors]
    return FINE_M if widths and min(widths) < FINE_BELOW_M else COARSE_M


def windows_of(bins: Bins) -> np.ndarray:
    """Returns per sheet first column, first row, columns, rows, first bin (sheets, 5).

    Args:
        bins: Of any side.
    """
    return np.stack([bins.x0, bins.y0, bins.columns, bins.rows, bins.base[:-1]], axis=1).astype(np.int64)


def make_cells(floors: Floors, side_m: float) -> Bins:
    """Returns empty cells of a given side over all sheets.

    Args:
        floors: The ground.
        side_m: Side of a cell in metres.
    """
    _origin, extent = _extent(floors)
    return _bins(extent, side_m)


def _extent(floors: Floors) -> tuple[tuple[float, float], list[tuple[float, float, float, float]]]:
    shapes = [sheet.walkable for sheet in floors.sheets]
    if not shapes or any(shape is None or shape.is_empty for shape in shapes):
        raise GroundError("no-ground", N_("There is no ground to walk on. Draw the areas people use."))
    bounds = [shape.bounds for shape in shapes]
    origin = (
        math.floor(min(each[0] for each in bounds)) - MARGIN_M,
        math.floor(min(each[1] for each in bounds)) - MARGIN_M,
    )
    extent = [(b[0] - origin[0], b[1] - origin[1], b[2] - b[0], b[3] - b[1]) for b in bounds]
    return origin, extent


def _bins(extent: list[tuple[float, float, float, float]], side: float) -> Bins:
    windows = []
    base = [0]
    for x, y, width, height in extent:
        x0, y0 = math.floor((x - MARGIN_M) / side) - 1, math.floor((y - MARGIN_M) / side) - 1
        columns = math.ceil((x + width + MARGIN_M) / side) + 1 - x0
        rows = math.ceil((y + height + MARGIN_M) / side) + 1 - y0
        windows.append((x0, y0, columns, rows))
        base.append(base[-1] + columns * rows)
    x0s, y0s, columns_of, rows_of = (np.array(column, np.int32) for column in zip(*windows, strict=True))
    return Bins(
        inverse=np.float32(1 / side),
        x0=x0s,
        y0=y0s,
        columns=columns_of,
        rows=rows_of,
        base=np.array(base, np.int32),
        start=np.zeros(1, np.int32),
        items=np.zeros(1, np.int32),
    )


def _lines(edges: np.ndarray, sheet_of: np.ndarray, bins: Bins, side: float, reach: float) -> Lines:
    start, items = list_near(edges, sheet_of, windows_of(bins), side, reach)
    filled = bins._replace(start=start, items=items if len(items) else np.zeros(1, np.int32))
    ends = edges.astype(np.float32).reshape(-1, 4)
    columns = [np.ascontiguousarray(ends[:, k]) for k in range(4)]
    return Lines(columns[0], columns[1], columns[2], columns[3], filled)


def _only_hidden(
    sight: Lines, edges: np.ndarray, free: list[np.ndarray], nodes: Bins, reach: tuple[float, float]
) -> Lines:
    """Empties the lists of bins in which everybody sees everybody."""
    step, look_m = reach
    start, items = sight.bins.start, sight.bins.items
    keep = np.zeros(len(start) - 1, np.uint8)
    for index, window in enumerate(windows_of(sight.bins)):
        corner = np.array([nodes.x0[index], nodes.y0[index]], np.int64)
        see_through(edges, free[index], (step, SIGHT_BIN_M, look_m), corner, window, (start, items), keep)
    counts = np.diff(start) * keep
    is_kept = np.repeat(keep.astype(bool), np.diff(start))
    fewer = np.zeros(len(start), np.int32)
    np.cumsum(counts, out=fewer[1:])
    kept = items[: len(is_kept)][is_kept]
    return sight._replace(
        bins=sight.bins._replace(start=fewer, items=kept if len(kept) else np.zeros(1, np.int32))
    )


def _inside(rings: list[np.ndarray], nodes: Bins, step: float) -> list[np.ndarray]:
    inside = []
    for index, ring in enumerate(rings):
        out = np.zeros((nodes.rows[index], nodes.columns[index]), np.uint8)
        fill_polygon(ring, step, int(nodes.x0[index]), int(nodes.y0[index]), out)
        inside.append(out)
    return inside


def _free(
    inside: list[np.ndarray], edges: np.ndarray, sheet_of: np.ndarray, nodes: Bins, step: float
) -> list[np.ndarray]:
    free = []
    for index, squares in enumerate(inside):
        out = squares.copy()
        mark_touched(edges[sheet_of == index], step, int(nodes.x0[index]), int(nodes.y0[index]), out)
        free.append(out)
    return free


def _local_edges(shape: Any, origin: tuple[float, float]) -> np.ndarray:
    return ring_edges(shape) - np.array([*origin, *origin])


def _exits(floors: Floors) -> list[Door]:
    return [door for door in floors.doors if door.leads_out]


def _door_edge(door: Door, origin: tuple[float, float]) -> tuple[float, float, float, float]:
    (ax, ay), (bx, by) = door.line
    return ax - origin[0], ay - origin[1], bx - origin[0], by - origin[1]


def _barriers(floors: Floors, shut: Collection[str], sheet: int, origin: tuple[float, float]) -> np.ndarray:
    """Returns walls where doors and strips of a sheet are shut (n, 4)."""
    lines = [door.line for door in floors.doors if door.id in shut and door.sheet == sheet]
    strips = [
        strip for strip in floors.strips if strip.id in shut and sheet in (strip.sheet, strip.upper_sheet)
    ]
    lines += [strip.switch or middle_line(strip) for strip in strips]
    edges = [(a[0] - origin[0], a[1] - origin[1], b[0] - origin[0], b[1] - origin[1]) for a, b in lines]
    return np.array(edges, float).reshape(-1, 4)


def middle_line(strip: Strip) -> tuple[tuple[float, float], tuple[float, float]]:
    """Returns a line across the middle of a strip, across its way up or else across its longer side.

    Args:
        strip: Whose ground is drawn.
    """
    centre = strip.ground.centroid
    up = np.array(strip.up, float)
    if not up.any():
        box = np.array(strip.ground.minimum_rotated_rectangle.exterior.coords)
        sides = np.diff(box[:3], axis=0)
        up = sides[np.argmax((sides**2).sum(axis=1))]
    up = up / np.hypot(*up)
    size = math.dist(strip.ground.bounds[:2], strip.ground.bounds[2:])
    across = np.array([-up[1], up[0]]) * size
    middle = np.array([centre.x, centre.y])
    line = shapely.LineString([middle - across, middle + across]).intersection(strip.ground)
    parts = [part for part in getattr(line, "geoms", [line]) if part.length > 0]
    ends = max(parts, key=lambda part: part.length).coords
    return (ends[0][0], ends[0][1]), (ends[-1][0], ends[-1][1])


def _strips(
    floors: Floors, profile: MotionProfile, origin: tuple[float, float], nodes: Bins, step: float
) -> Strips:
    count = len(floors.strips) + 1
    at = np.zeros(int(nodes.base[-1]) if floors.strips else 1, np.uint8)
    factors = np.ones((3, count), np.float32)
    ups, level = np.zeros((2, count), np.float32), np.zeros(count, np.float32)
    lower, upper = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    surfaces = profile.surfaces
    for index, strip in enumerate(floors.strips, start=1):
        _mark_strip(strip, index, at, origin, nodes, step)
        if strip.surface == "stairs":
            factors[:, index] = surfaces.stairs_up, surfaces.stairs_down, surfaces.stairs_time_gap
        elif strip.surface == "ramp":
            factors[:, index] = surfaces.ramp_up, surfaces.ramp_down, surfaces.ramp_time_gap
        ups[:, index] = strip.up
        if strip.switch is not None and strip.sheet != strip.upper_sheet:
            across = _switch_way(strip, strip.switch)
            ups[:, index] = across
            a = np.array(strip.switch[0]) - origin
            level[index] = a @ across
            lower[index], upper[index] = strip.sheet, strip.upper_sheet
    return Strips(at, ups[0], ups[1], factors[0], factors[1], factors[2], lower, upper, level)


def _switch_way(strip: Strip, line: Segment) -> np.ndarray:
    """Returns the unit vector across the switch line, on the side of the way up."""
    (ax, ay), (bx, by) = line
    across = np.array([-(by - ay), bx - ax]) / math.dist((ax, ay), (bx, by))
    side = float(across @ np.array(strip.up))
    if abs(side) < 0.1:
        raise GroundError(
            "strip-without-way-up",
            N_(
                "Stairs “{id}” join two levels, but which way is up is not known. "
                "Draw them from the lower end to the upper."
            ),
            id=strip.id,
        )
    return across if side > 0 else -across


def _mark_strip(
    strip: Strip, index: int, at: np.ndarray, origin: tuple[float, float], nodes: Bins, step: float
) -> None:
    edges = _local_edges(strip.ground, origin)
    for sheet in {strip.sheet, strip.upper_sheet}:
        rows, columns = int(nodes.rows[sheet]), int(nodes.columns[sheet])
        out = np.zeros((rows, columns), np.uint8)
        fill_polygon(edges, step, int(nodes.x0[sheet]), int(nodes.y0[sheet]), out)
        base = int(nodes.base[sheet])
        at[base : base + rows * columns][out.ravel() == 1] = index
