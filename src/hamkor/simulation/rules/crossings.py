# SPDX-License-Identifier: Apache-2.0
"""How far it is across a place that is not convex: round the corner of a corridor, round the hole of a concourse."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CONVEX_SHARE = 0.97
"""From this share of its convex hull on a place counts as convex: straight lines are near enough."""
SIMPLER_M = 1.0
"""Corners nearer than this to a straight wall are left out, and ways may cut them."""
MOST_CORNERS = 120
KEPT_PLACES = 512


def ways_within_m(outline: Any, points: Floats) -> Floats | None:
    """Returns the shortest ways between points of a place, None when straight lines are near enough.

    Args:
        outline: Shapely polygon or multipolygon in metres.
        points: (points, 2) in metres.

    Returns:
        (points, points); where no way leads inside the outline, the straight line.

    Source: shortest ways between points of a polygon bend at its corners only (visibility graph).
    """
    if outline.area >= CONVEX_SHARE * outline.convex_hull.area or len(points) < 2:
        return None
    found = _ways(outline.wkb, points.tobytes())
    return None if found is None else np.frombuffer(found).reshape(len(points), len(points))


@lru_cache(maxsize=KEPT_PLACES)
def _ways(outline_wkb: bytes, points_bytes: bytes) -> bytes | None:
    import shapely

    points = np.frombuffer(points_bytes).reshape(-1, 2)
    plain = shapely.from_wkb(outline_wkb).simplify(SIMPLER_M)
    corners = np.unique(shapely.get_coordinates(plain), axis=0)
    if len(corners) > MOST_CORNERS:
        return None
    nodes = np.concatenate([points, corners])
    here, there = np.triu_indices(len(nodes), k=1)
    lines = shapely.linestrings(np.stack([nodes[here], nodes[there]], axis=1))
    wide = plain.buffer(SIMPLER_M)
    shapely.prepare(wide)
    straight = np.linalg.norm(nodes[:, None, :] - nodes[None, :, :], axis=2)
    ways = np.full(straight.shape, np.inf)
    np.fill_diagonal(ways, 0.0)
    is_seen = shapely.covers(wide, lines)
    ways[here[is_seen], there[is_seen]] = ways[there[is_seen], here[is_seen]] = straight[
        here[is_seen], there[is_seen]
    ]
    for middle in range(len(nodes)):
        ways = np.minimum(ways, ways[:, middle, None] + ways[None, middle, :])
    count = len(points)
    shortest = np.where(np.isfinite(ways), ways, straight)[:count, :count]
    return np.ascontiguousarray(shortest).tobytes()


def spots_within(outline: Any, count: int) -> Floats:
    """Returns about so many points evenly over a place, (points, 2) in metres; none for one that has no width.

    Args:
        outline: Shapely polygon or multipolygon in metres.
        count: About how many.

    Source: a square grid.
    """
    return np.frombuffer(_spots(outline.wkb, count)).reshape(-1, 2)


@lru_cache(maxsize=KEPT_PLACES)
def _spots(outline_wkb: bytes, count: int) -> bytes:
    import shapely

    outline = shapely.from_wkb(outline_wkb)
    if outline.area <= 0:
        return b""
    side = float(np.sqrt(outline.area / count))
    west, south, east, north = outline.bounds
    x, y = np.meshgrid(np.arange(west + side / 2, east, side), np.arange(south + side / 2, north, side))
    grid = np.stack([x.ravel(), y.ravel()], axis=1)
    inside: Floats = grid[shapely.contains_xy(outline, grid[:, 0], grid[:, 1])]
    return np.ascontiguousarray(inside).tobytes()
