# SPDX-License-Identifier: Apache-2.0
"""Who crosses a line and when; flow, density and speed of an area."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from hamkor.simulation.measures.tracks import Floats, Ints, Tracks
from hamkor.simulation.rules.floors import Segment


class Crossings(msgspec.Struct, frozen=True, kw_only=True):
    """Passages over a line in the order of time.

    Args:
        ids: Who; shape (passages,).
        times_s: When, between two moments by the way made; shape (passages,).
        ways: 1 from the right of the line to its left as seen from its first end, -1 back; shape (passages,).
    """

    ids: Ints
    times_s: Floats
    ways: Ints


def crossings_of(tracks: Tracks, line: Segment, *, sheet: int | None = None) -> Crossings:
    """Returns who crossed a line between two moments, and when.

    Args:
        tracks: Where everybody was.
        line: Its two ends in metres.
        sheet: Storey it lies on, None: any.
    """
    order = np.lexsort((tracks.row_times_s, tracks.ids))
    ids, when = tracks.ids[order], tracks.row_times_s[order]
    x, y = tracks.x_m[order], tracks.y_m[order]
    (ax, ay), (bx, by) = line
    along_x, along_y = bx - ax, by - ay
    side = along_x * (y - ay) - along_y * (x - ax)
    before, after = side[:-1], side[1:]
    is_same = ids[1:] == ids[:-1]
    if sheet is not None:
        is_same &= (tracks.sheets[order][1:] == sheet) | (tracks.sheets[order][:-1] == sheet)
    rows = np.flatnonzero(is_same & ((before > 0) != (after > 0)))
    part = before[rows] / (before[rows] - after[rows])
    at_x = x[rows] + part * (x[rows + 1] - x[rows])
    at_y = y[rows] + part * (y[rows + 1] - y[rows])
    place = ((at_x - ax) * along_x + (at_y - ay) * along_y) / (along_x**2 + along_y**2)
    on_line = (place >= 0) & (place <= 1)
    rows, part = rows[on_line], part[on_line]
    moment = when[rows] + part * (when[rows + 1] - when[rows])
    ways = np.where(after[rows] > 0, 1, -1)
    sorted_by_time = np.argsort(moment, kind="stable")
    return Crossings(ids=ids[rows][sorted_by_time], times_s=moment[sorted_by_time], ways=ways[sorted_by_time])


def flow_per_s(crossings: Crossings) -> float:
    """Returns people per second between the first and the last passage, all but the first of them counted.

    Args:
        crossings: Passages over a line.
    """
    times = crossings.times_s
    return (
        float((len(times) - 1) / (times[-1] - times[0])) if len(times) > 1 and times[-1] > times[0] else 0.0
    )


def area_density(tracks: Tracks, area: Any, *, sheet: int | None = None) -> Floats:
    """Returns people in an area over its size at every moment, per m²; shape (moments,).

    Args:
        tracks: Where everybody was.
        area: Shapely polygon in metres.
        sheet: Storey it lies on, None: any.
    """
    return _counts(tracks, _inside(tracks, area, sheet)) / float(area.area)


def area_speed(tracks: Tracks, area: Any, *, sheet: int | None = None) -> Floats:
    """Returns the mean speed of the people in an area at every moment, NaN when nobody is in it; shape (moments,).

    Args:
        tracks: Where everybody was.
        area: Shapely polygon in metres.
        sheet: Storey it lies on, None: any.
    """
    inside = _inside(tracks, area, sheet) & np.isfinite(tracks.speed_m_per_s)
    people = _counts(tracks, inside)
    summed = np.add.reduceat(np.append(np.where(inside, tracks.speed_m_per_s, 0.0), 0.0), tracks.starts[:-1])
    mean = np.full(len(people), np.nan)
    np.divide(summed, people, out=mean, where=people > 0)
    return mean


def _inside(tracks: Tracks, area: Any, sheet: int | None) -> Any:
    import shapely

    shapely.prepare(area)
    inside = shapely.contains_xy(area, tracks.x_m, tracks.y_m)
    return inside if sheet is None else inside & (tracks.sheets == sheet)


def _counts(tracks: Tracks, chosen: Any) -> Floats:
    counted: Floats = np.concatenate([[0.0], np.cumsum(chosen, dtype=float)])
    return counted[tracks.starts[1:]] - counted[tracks.starts[:-1]]
