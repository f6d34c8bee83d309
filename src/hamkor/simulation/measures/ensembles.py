# SPDX-License-Identifier: Apache-2.0
"""Several runs of one question as one outcome with bands."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from hamkor.simulation.measures.waiting import band_of
from hamkor.simulation.rules.outcome import Band, Curve, LinkOutcome, Outcome, PlaceOutcome


def merge(outcomes: Sequence[Outcome]) -> Outcome:
    """Returns one outcome of several runs: medians with the 5th and 95th percentile.

    Args:
        outcomes: One or more answers to the same question; one comes back as it is.

    Notes:
        A share that one of the runs never reached has no time: a median of the lucky runs would flatter the plan.
    """
    first = outcomes[0]
    if len(outcomes) == 1:
        return first
    clearance = {
        share: _band([outcome.clearance_s[share] for outcome in outcomes])
        for share in first.clearance_s
        if all(share in outcome.clearance_s for outcome in outcomes)
    }
    return msgspec.structs.replace(
        first,
        left=max(outcome.left for outcome in outcomes),
        stuck=max(outcome.stuck for outcome in outcomes),
        clearance_s=clearance,
        arrived=_curve([outcome.arrived for outcome in outcomes]),
        places={place: _place([outcome.places[place] for outcome in outcomes]) for place in first.places},
        links={link: _link([outcome.links[link] for outcome in outcomes]) for link in first.links},
        waited_s={
            place: _band([outcome.waited_s[place] for outcome in outcomes if place in outcome.waited_s])
            for place in first.waited_s
        },
        cpu_s=sum(outcome.cpu_s for outcome in outcomes),
    )


def _band(bands: Sequence[Band]) -> Band:
    return band_of(np.array([band.middle for band in bands]))


def _curve(curves: Sequence[Curve]) -> Curve:
    """Returns the median curve on the moments of the longest one; a shorter one keeps its last value."""
    longest = max(curves, key=lambda curve: curve.times_s[-1] if curve.times_s else 0.0)
    if not longest.times_s:
        return longest
    values = np.array(
        [np.interp(longest.times_s, curve.times_s, curve.values) for curve in curves if curve.times_s]
    )
    low, middle, high = np.percentile(values, (5, 50, 95), axis=0)
    return Curve(
        times_s=longest.times_s,
        values=tuple(map(float, middle)),
        low=tuple(map(float, low)),
        high=tuple(map(float, high)),
    )


def _place(places: Sequence[PlaceOutcome]) -> PlaceOutcome:
    densities = [place.density_per_m2 for place in places if place.density_per_m2 is not None]
    worst = [place.worst_density_per_m2 for place in places if place.worst_density_per_m2 is not None]
    clear = [place.clear_s for place in places if place.clear_s is not None]
    return PlaceOutcome(
        people=_curve([place.people for place in places]),
        density_per_m2=_curve(densities) if densities else None,
        most_people=_band([place.most_people for place in places]),
        worst_density_per_m2=_band(worst) if worst else None,
        seconds_above={
            limit: float(np.median([place.seconds_above.get(limit, 0.0) for place in places]))
            for limit in places[0].seconds_above
        },
        clear_s=_band(clear) if len(clear) == len(places) else None,
    )


def _link(links: Sequence[LinkOutcome]) -> LinkOutcome:
    return LinkOutcome(
        flow_per_min=_curve([link.flow_per_min for link in links]),
        queue=_curve([link.queue for link in links]),
        passed=_band([link.passed for link in links]),
        longest_queue=_band([link.longest_queue for link in links]),
        longest_wait_s=_band([link.longest_wait_s for link in links]),
        busy_share=float(np.median([link.busy_share for link in links])),
        share=float(np.median([link.share for link in links])),
    )
