# SPDX-License-Identifier: Apache-2.0
"""Edges of polygons as walls, without the parts that are exits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.polygon import orient

EXIT_NEAR_M = 0.3
"""An edge so near an exit, and almost along it, is that exit."""
MOST_SINE = 0.35


def ring_edges(shape: Any) -> np.ndarray:
    """Returns the edges of all rings (n, 4) as ax, ay, bx, by, the ground to the left of each.

    Args:
        shape: Polygon, multipolygon, or a collection of them.
    """
    parts = []
    for polygon in getattr(shape, "geoms", [shape]):
        if polygon.geom_type != "Polygon" or polygon.is_empty:
            continue
        oriented = orient(polygon, 1.0)
        for ring in (oriented.exterior, *oriented.interiors):
            points = shapely.get_coordinates(ring)
            parts.append(np.concatenate([points[:-1], points[1:]], axis=1))
    return np.concatenate(parts) if parts else np.zeros((0, 4))


def cut_exits(edges: np.ndarray, exits: Sequence[tuple[float, float, float, float]]) -> np.ndarray:
    """Returns the edges without the parts that lie along an exit (n, 4).

    Args:
        edges: Walls (n, 4).
        exits: Ends of exits on the same sheet.
    """
    for line in exits:
        pieces = [_without(edge, np.array(line)) for edge in _near(edges, np.array(line))]
        rest = edges[~_is_near(edges, np.array(line))]
        edges = np.concatenate([rest, *pieces]) if pieces else rest
    return edges


def _is_near(edges: np.ndarray, line: np.ndarray) -> np.ndarray:
    low, high = np.minimum(line[:2], line[2:]) - EXIT_NEAR_M, np.maximum(line[:2], line[2:]) + EXIT_NEAR_M
    least, most = np.minimum(edges[:, :2], edges[:, 2:]), np.maximum(edges[:, :2], edges[:, 2:])
    near: np.ndarray = ((most >= low) & (least <= high)).all(axis=1)
    return near


def _near(edges: np.ndarray, line: np.ndarray) -> np.ndarray:
    return edges[_is_near(edges, line)]


def _without(edge: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Returns what is left of an edge (0 to 2 edges) when the part along a line is taken out."""
    along, whole = line[2:] - line[:2], edge[2:] - edge[:2]
    length, size = float(np.hypot(*along)), float(np.hypot(*whole))
    if length == 0 or size == 0:
        return edge[None]
    unit = along / length
    sine = abs(unit[0] * whole[1] - unit[1] * whole[0]) / size
    if sine > MOST_SINE:
        return edge[None]
    start, end = float((edge[:2] - line[:2]) @ unit), float((edge[2:] - line[:2]) @ unit)
    cuts = sorted(((0.0 - start) / (end - start), (length - start) / (end - start)))
    first, last = max(0.0, cuts[0]), min(1.0, cuts[1])
    if last <= first or _offset(edge, line, (first + last) / 2) > EXIT_NEAR_M:
        return edge[None]
    kept = [(0.0, first), (last, 1.0)]
    pieces = [[*(edge[:2] + a * whole), *(edge[:2] + b * whole)] for a, b in kept if (b - a) * size > 1e-6]
    return np.array(pieces, float).reshape(-1, 4)


def _offset(edge: np.ndarray, line: np.ndarray, share: float) -> float:
    point = edge[:2] + share * (edge[2:] - edge[:2])
    normal = np.array([-(line[3] - line[1]), line[2] - line[0]]) / np.hypot(*(line[2:] - line[:2]))
    return abs(float((point - line[:2]) @ normal))
