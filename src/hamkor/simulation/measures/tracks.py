# SPDX-License-Identifier: Apache-2.0
"""Trajectories as flat arrays, one frame after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]


class TracksError(HamkorError):
    """Positions that cannot be meant."""


class Tracks(msgspec.Struct, frozen=True, kw_only=True):
    """Where everybody was at every moment.

    Args:
        times_s: Moments in seconds, rising; shape (moments,).
        starts: Index of the first row of each moment and the number of rows; shape (moments + 1,).
        ids: Person of each row; shape (rows,), rising inside a moment.
        x_m: Metres east; shape (rows,).
        y_m: Metres north; shape (rows,).
        sheets: Index of the storey of each row; shape (rows,).
        speed_m_per_s: Speed of each row, NaN for a person seen once; shape (rows,).
    """

    times_s: Floats
    starts: Ints
    ids: Ints
    x_m: Floats
    y_m: Floats
    sheets: Ints
    speed_m_per_s: Floats

    @property
    def step_s(self) -> float:
        """Time between two moments in seconds, the median; 0 for fewer than two."""
        return float(np.median(np.diff(self.times_s))) if len(self.times_s) > 1 else 0.0

    @property
    def row_times_s(self) -> Floats:
        """Moment of each row in seconds; shape (rows,)."""
        return np.repeat(self.times_s, np.diff(self.starts))

    def frames(self) -> Iterator[tuple[float, slice]]:
        """Returns each moment with the rows that belong to it."""
        for index, moment in enumerate(self.times_s):
            yield float(moment), slice(int(self.starts[index]), int(self.starts[index + 1]))


def tracks_of(
    ids: Ints, times_s: Floats, xy_m: Floats, *, sheets: Ints | None = None, window_s: float = 0.0
) -> Tracks:
    """Returns trajectories sorted by moment and person, with speeds.

    Args:
        ids: Person of each row; shape (rows,).
        times_s: Moment of each row in seconds; shape (rows,).
        xy_m: Place of each row in metres; shape (rows, 2).
        sheets: Storey of each row, None: all on the first; shape (rows,).
        window_s: Speed is the way between half a window before and after; 0: between neighbours in time.

    Raises:
        TracksError: ``bad-tracks`` when lengths differ, a number is not finite or a person is twice in a moment.
    """
    ids, times_s, xy_m = np.asarray(ids), np.asarray(times_s, float), np.asarray(xy_m, float)
    if not len(ids) == len(times_s) == len(xy_m) or not np.isfinite(xy_m).all() or not len(ids):
        raise _bad_tracks()
    order = np.lexsort((ids, times_s))
    ids, times_s, xy_m = ids[order], times_s[order], xy_m[order]
    moments, first = np.unique(times_s, return_index=True)
    if ((np.diff(times_s) == 0) & (np.diff(ids) == 0)).any():
        raise _bad_tracks()
    half = max(1, round(window_s / 2 / float(np.median(np.diff(moments))))) if len(moments) > 1 else 1
    return Tracks(
        times_s=moments,
        starts=np.append(first, len(ids)).astype(np.int64),
        ids=ids.astype(np.int64),
        x_m=xy_m[:, 0].copy(),
        y_m=xy_m[:, 1].copy(),
        sheets=np.zeros(len(ids), np.int16) if sheets is None else np.asarray(sheets)[order].astype(np.int16),
        speed_m_per_s=_speeds(ids, times_s, xy_m, half),
    )


def _speeds(ids: Ints, times_s: Floats, xy_m: Floats, half: int) -> Floats:
    """Returns way over time between `half` rows before and after, as far as the person was seen."""
    order = np.lexsort((times_s, ids))
    own, when, where = ids[order], times_s[order], xy_m[order]
    row = np.arange(len(own))
    first = np.searchsorted(own, own, side="left")
    last = np.searchsorted(own, own, side="right") - 1
    before, after = np.maximum(row - half, first), np.minimum(row + half, last)
    passed = when[after] - when[before]
    way = np.hypot(*(where[after] - where[before]).T)
    speeds = np.full(len(own), np.nan)
    np.divide(way, passed, out=speeds, where=passed > 0)
    back = np.empty(len(own))
    back[order] = speeds
    return back


def _bad_tracks() -> TracksError:
    return TracksError(
        "bad-tracks",
        N_(
            "These positions are no trajectories: every row needs a person, a moment and a place in metres, and "
            "nobody is in two places at once. Read the file again with its columns and units named."
        ),
    )
