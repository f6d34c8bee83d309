# SPDX-License-Identifier: Apache-2.0
"""When people arrived and who waited longest."""

from __future__ import annotations

import msgspec
import numpy as np

from hamkor.simulation.measures.limits import limits
from hamkor.simulation.measures.tracks import Floats, Ints, Tracks
from hamkor.simulation.rules.outcome import SHARES, Band, Curve


class Waits(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds each person hardly moved, longest first.

    Args:
        ids: People; shape (people,).
        waited_s: Seconds slower than the profile's limit; shape (people,).
        at_m: Where each was at the longest, metres; shape (people, 2).
    """

    ids: Ints
    waited_s: Floats
    at_m: Floats


def waits_of(tracks: Tracks) -> Waits:
    """Returns how long each person hardly moved, and around which place, longest first.

    Args:
        tracks: Where everybody was.
    """
    lasts = np.append(np.diff(tracks.times_s), tracks.step_s)
    spent = np.repeat(lasts, np.diff(tracks.starts))
    spent = np.where(tracks.speed_m_per_s < limits().slow_m_per_s, spent, 0.0)
    people, index = np.unique(tracks.ids, return_inverse=True)
    waited: Floats = np.bincount(index, weights=spent).astype(float)
    share = np.maximum(waited, 1e-9)
    at_x = np.bincount(index, weights=spent * tracks.x_m) / share
    at_y = np.bincount(index, weights=spent * tracks.y_m) / share
    order = np.argsort(-waited, kind="stable")
    return Waits(ids=people[order], waited_s=waited[order], at_m=np.column_stack([at_x, at_y])[order])


def clearance_of(arrived_s: Floats, people: int) -> dict[str, float]:
    """Returns the seconds until 50, 90, 99 and 100 % had arrived; shares never reached are missing.

    Args:
        arrived_s: When each who arrived did, any order; shape (arrived,).
        people: Everybody, arrived or not.
    """
    times = np.sort(arrived_s)
    needed = {share: int(np.ceil(share * people - 1e-9)) for share in SHARES}
    return {str(share): float(times[count - 1]) for share, count in needed.items() if 0 < count <= len(times)}


def arrival_curve(arrived_s: Floats, *, until_s: float, step_s: float) -> Curve:
    """Returns people arrived over time.

    Args:
        arrived_s: When each who arrived did; shape (arrived,).
        until_s: End of the curve.
        step_s: Time between two of its points.
    """
    moments = np.arange(0.0, until_s + step_s, step_s)
    values = np.searchsorted(np.sort(arrived_s), moments, side="right")
    return Curve(times_s=tuple(map(float, moments)), values=tuple(map(float, values)))


def band_of(values: Floats) -> Band:
    """Returns the median with the 5th and 95th percentile of members of an ensemble.

    Args:
        values: One per member; shape (members,).
    """
    low, middle, high = np.percentile(values, (5, 50, 95))
    return Band(float(low), float(middle), float(high))
