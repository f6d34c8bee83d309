# SPDX-License-Identifier: Apache-2.0
"""How far earlier forecasts were off, to be shown beside the next one."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from hamkor.simulation.network.live import Forecast


class PastError(msgspec.Struct, frozen=True, kw_only=True):
    """How far earlier forecasts were off.

    Args:
        mean_absolute: Mean absolute error, people.
        bias: Mean error, people; above 0: too many were forecast.
        mean_absolute_share: Mean absolute error over the mean of what was counted; None when that was nobody.
        bias_share: Bias over the same.
        within_band: Share of the counts inside the band.
        count: Forecasts compared.
    """

    mean_absolute: float
    bias: float
    mean_absolute_share: float | None
    bias_share: float | None
    within_band: float
    count: int


def past_error(
    previous: Sequence[tuple[float, Forecast]], measured: Sequence[tuple[float, float]]
) -> PastError | None:
    """Returns how far earlier forecasts of the people inside were off.

    Args:
        previous: Forecasts with the second each was made at, on any one clock.
        measured: (second, people counted inside) on the same clock.

    Returns:
        None when no count lies within the time any of them looked at.

    Source: mean absolute error and mean error.
    """
    rows = []
    for made_s, made in previous:
        times = made.inside.times_s
        for at_s, count in measured:
            ahead = at_s - made_s
            if 0 < ahead <= times[-1]:
                said = float(np.interp(ahead, times, made.inside.values))
                low = float(np.interp(ahead, times, made.inside.low or made.inside.values))
                high = float(np.interp(ahead, times, made.inside.high or made.inside.values))
                rows.append((said - count, count, float(low <= count <= high)))
    if not rows:
        return None
    off, counts, within = np.array(rows).T
    mean = float(counts.mean())
    absolute, bias = float(np.abs(off).mean()), float(off.mean())
    return PastError(
        mean_absolute=absolute,
        bias=bias,
        mean_absolute_share=absolute / mean if mean > 0 else None,
        bias_share=bias / mean if mean > 0 else None,
        within_band=float(within.mean()),
        count=len(rows),
    )
