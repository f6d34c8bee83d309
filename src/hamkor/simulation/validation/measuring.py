# SPDX-License-Identifier: Apache-2.0
"""Measures of cases beyond those of the room: first passages, steady middles, shares of a curve."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import shapely

from hamkor.simulation.measures.lines import area_density, area_speed, crossings_of
from hamkor.simulation.measures.tracks import Floats, Tracks, tracks_of
from hamkor.simulation.rules.floors import Segment


def first_passages_s(tracks: Tracks, line: Segment) -> Floats:
    """Returns when each person first crossed a line, rising, seconds; shape (people who did,).

    Args:
        tracks: Where everybody was.
        line: Its two ends in metres.
    """
    crossings = crossings_of(tracks, line)
    _people, first = np.unique(crossings.ids, return_index=True)
    return np.sort(crossings.times_s[first])


def flow_of(times_s: Floats, *, first: float = 0.0, last: float = 1.0) -> float:
    """Returns people per second between two shares of the people; nan for fewer than two.

    Args:
        times_s: Passages, rising.
        first: Share of the people with whom counting begins; 0: with the first.
        last: Share of the people with whom it ends; 1: with the last.
    """
    inner = times_s[int(first * len(times_s)) : int(np.ceil(last * len(times_s)))]
    if len(inner) < 2 or inner[-1] <= inner[0]:
        return float("nan")
    return float((len(inner) - 1) / (inner[-1] - inner[0]))


def density_and_speed(
    tracks: Tracks, area: Any, *, times_s: tuple[float, float] | None = None
) -> tuple[float, float]:
    """Returns mean density (people per m²) and mean speed (m/s) of an area.

    Args:
        tracks: Where everybody was.
        area: Shapely polygon in metres.
        times_s: From and until when; None: the middle half of the moments at which somebody was inside.
    """
    density, speed = area_density(tracks, area), area_speed(tracks, area)
    if times_s is None:
        used = np.flatnonzero(density > 0)
        used = used[len(used) // 4 : len(used) - len(used) // 4]
    else:
        used = np.flatnonzero((tracks.times_s >= times_s[0]) & (tracks.times_s <= times_s[1]))
    return float(np.mean(density[used])), float(np.nanmean(speed[used]))


def people_outside(tracks: Tracks, ground: Any, *, margin_m: float = 0.0) -> int:
    """Returns how many different people were ever off the ground.

    Args:
        tracks: Where everybody was.
        ground: Shapely polygon in metres.
        margin_m: How far off does not count.
    """
    wide = ground.buffer(margin_m) if margin_m else ground
    shapely.prepare(wide)
    off = ~shapely.contains_xy(wide, tracks.x_m, tracks.y_m)
    return int(np.unique(tracks.ids[off]).size)


def rms(differences: Floats) -> float:
    """Returns the root of the mean square."""
    return float(np.sqrt(np.mean(np.square(differences))))


def along(tracks: Tracks, direction: tuple[float, float], *, window_s: float = 0.5) -> Tracks:
    """Returns the same positions with the speed in one direction only, without the sway of steps.

    Args:
        tracks: Where everybody was.
        direction: Unit vector.
        window_s: Speed is the way between half a window before and after.
    """
    way = tracks.x_m * direction[0] + tracks.y_m * direction[1]
    flat = tracks_of(
        tracks.ids, tracks.row_times_s, np.column_stack([way, np.zeros_like(way)]), window_s=window_s
    )
    return msgspec.structs.replace(tracks, speed_m_per_s=flat.speed_m_per_s)
