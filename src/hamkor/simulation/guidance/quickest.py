# SPDX-License-Identifier: Apache-2.0
"""The quickest flow: how soon everyone can be out at the best, by maximum flow over a network unfolded in time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.simulation.rules.arcs import Arcs, Floats, Ints

WIDE = 1_000_000_000
"""Capacity that limits nothing."""
PRECISION = 0.01
"""Width of the answer as a share of it."""
LONGEST_STEPS = 4000


class GuidanceError(HamkorError):
    """A question the best guidance cannot answer."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A layout as the quickest flow sees it: everyone who waits in a place may take any way out of it.

    Args:
        people: Per place, whole people who start there.
        start_s: Per place, walking time of those who start there until they may leave it.
        tail: Per arc, the place it leaves.
        head: Per arc, the place it enters; the number of places is the outside.
        rate_per_s: Per arc.
        travel_s: Per arc, from its beginning to where people may leave the next place.
        holds: Per place, most people who may wait there.
        factors: (seconds, per arc share of its capacity from then on), rising; the first at 0.
        starts: (seconds, share of people who have started by then), rising; empty: all at once.
        wanted: Per place, people who want to be there; empty when all want to be outside.
    """

    people: Ints
    start_s: Floats
    tail: Ints
    head: Ints
    rate_per_s: Floats
    travel_s: Floats
    holds: Floats
    factors: tuple[tuple[float, Floats], ...]
    starts: tuple[tuple[float, float], ...] = ()
    wanted: Ints | None = None

    def capacity_until(self, steps: int, step_s: float) -> Floats:
        """Returns (arcs, steps + 1), people who may have passed until each moment."""
        clock = np.arange(steps) * step_s
        room = np.zeros((len(self.tail), steps))
        for from_s, factor in self.factors:
            # A step in which a link opens counts as open.
            later = clock + step_s > from_s
            room[:, later] = factor[:, None]
        return (
            np.append(
                np.zeros((len(self.tail), 1)), np.cumsum(room * self.rate_per_s[:, None], axis=1), axis=1
            )
            * step_s
        )


@dataclass(frozen=True, kw_only=True)
class Quickest:
    """The answer.

    Args:
        step_s: Width of a step, seconds.
        clearance_s: When the last can be there, seconds.
        envelope: (seconds, most people who can be there by then), rising.
        passed: Per arc, people through it in one such flow.
    """

    step_s: float
    clearance_s: float
    envelope: tuple[tuple[float, float], ...]
    passed: Floats


def ground_of(
    arcs: Arcs,
    people: Floats,
    holds: Floats,
    *,
    factors: tuple[tuple[float, Floats], ...],
    starts: tuple[tuple[float, float], ...] = (),
    is_inwards: bool = False,
) -> Ground:
    """Returns the layout as the quickest flow sees it; nothing takes longer than it does for people.

    Args:
        arcs: The layout; leaving it means reaching the outside.
        people: Per place.
        holds: Per place, most people, infinite for no limit.
        factors: (seconds, per arc share of its capacity from then on).
        starts: (seconds, share of people who have started by then); empty: all at once.
        is_inwards: True: people come from outside, and may stay in any place they enter.

    Source: walking times between pairs of links are bounded from below by a time of the way in and one of the way out.
    """
    after = np.zeros(arcs.count)
    before = np.zeros(arcs.count)
    start = np.zeros(len(arcs.places))
    if len(arcs.turn_from):
        after = np.full(arcs.count, np.inf)
        np.minimum.at(after, arcs.turn_from, arcs.turn_s)
        after = np.where(np.isfinite(after), after, 0.0)
    if len(arcs.start_place):
        start = np.full(len(arcs.places), np.inf)
        np.minimum.at(start, arcs.start_place, arcs.start_s)
        start = np.where(np.isfinite(start), start, 0.0)
    slack = np.full(arcs.count, np.inf)
    np.minimum.at(slack, arcs.turn_to, arcs.turn_s - after[arcs.turn_from])
    np.minimum.at(slack, arcs.start_to, arcs.start_s - start[arcs.start_place])
    before = np.where(np.isfinite(slack), np.maximum(slack, 0.0), 0.0)
    ever = np.max([factor for _, factor in factors], axis=0)
    unwanted = arcs.head if is_inwards else arcs.tail
    open_ = np.flatnonzero((ever > 0) & (arcs.rate_per_s > 0) & (unwanted != arcs.outside))
    after = np.zeros(arcs.count) if is_inwards else after
    return Ground(
        people=np.floor(people + 1e-9).astype(np.int64),
        start_s=start,
        tail=arcs.tail[open_],
        head=arcs.head[open_],
        rate_per_s=arcs.rate_per_s[open_],
        travel_s=(before + arcs.along_s + np.where(arcs.head == arcs.outside, 0.0, after))[open_],
        holds=np.maximum(holds, people),
        factors=tuple((from_s, factor[open_]) for from_s, factor in factors),
        starts=starts,
    )


def ground_inwards(
    arcs: Arcs,
    wanted: Floats,
    holds: Floats,
    *,
    factors: tuple[tuple[float, Floats], ...],
    starts: tuple[tuple[float, float], ...] = (),
) -> Ground:
    """Returns the layout as the quickest flow sees it when people come: they start outside, which is one more place.

    Args:
        arcs: The layout.
        wanted: Per place, people who want to be there.
        holds: Per place, most people who may wait there on their way.
        factors: (seconds, per arc share of its capacity from then on).
        starts: (seconds, share of people who have come by then); empty: all at once.

    Source: as `ground_of`; nobody walks on from the way in to the place where they want to be.
    """
    out = ground_of(arcs, np.zeros(len(wanted)), holds, factors=factors, starts=starts, is_inwards=True)
    whole = np.floor(wanted + 1e-9).astype(np.int64)
    return replace(
        out,
        people=np.append(np.zeros(len(wanted), dtype=np.int64), whole.sum()),
        start_s=np.zeros(len(wanted) + 1),
        holds=np.append(np.maximum(holds, wanted), np.inf),
        wanted=whole,
    )


def quickest_flow(ground: Ground, *, step_s: float, guess_s: float) -> Quickest:
    """Returns how soon everyone can be outside, to a hundredth or one step.

    Args:
        ground: The layout; everyone must be able to get out.
        step_s: Width of a step.
        guess_s: About how long it takes.

    Raises:
        GuidanceError: ``never-out`` when they cannot get out in any reasonable time.

    Source: Burkard, Dlaska, Klinz, The quickest flow problem (1993): bisection of the horizon over the maximum flow of
        the network unfolded in time (Ford and Fulkerson, 1958). Times are rounded down and rates up: a lower bound.
    """
    everyone = int(ground.people.sum())
    low, high = 0, min(LONGEST_STEPS, max(2, int(np.ceil(guess_s / step_s))))
    points = {0: 0.0}
    flow, passed = most_out(ground, high, step_s)
    while flow < everyone:
        low, points[high] = high, flow
        if high >= LONGEST_STEPS:
            raise GuidanceError(
                "never-out",
                N_(
                    "{people} people have no open way out, or one too narrow for them. Open one, or widen it."
                ),
                people=everyone - int(flow),
            )
        high = min(LONGEST_STEPS, high * 2)
        flow, passed = most_out(ground, high, step_s)
    points[high] = flow
    while high - low > max(1, int(PRECISION * high)):
        middle = (low + high) // 2
        flow, through = most_out(ground, middle, step_s)
        points[middle] = flow
        if flow >= everyone:
            high, passed = middle, through
        else:
            low = middle
    part = (everyone - points[low]) / max(points[high] - points[low], 1e-9)
    clearance = (low + min(1.0, part) * (high - low)) * step_s
    rising = sorted((step * step_s, min(count, everyone)) for step, count in points.items() if step <= low)
    return Quickest(
        step_s=step_s,
        clearance_s=clearance,
        envelope=(*rising, (clearance, float(everyone))),
        passed=passed,
    )


def most_out(ground: Ground, steps: int, step_s: float) -> tuple[float, Floats]:
    """Returns the most people who can be outside after so many steps, and people through each arc then.

    Args:
        ground: The layout.
        steps: Horizon.
        step_s: Width of a step.

    Source: maximum flow, OR-tools SimpleMaxFlow.
    """
    from ortools.graph.python import max_flow

    places = len(ground.people)
    source, sink = places * (steps + 1), places * (steps + 1) + 1
    solver = max_flow.SimpleMaxFlow()
    crossing = _crossings(ground, steps, step_s, sink=sink)
    rows = solver.add_arcs_with_capacity(*(each.ravel() for each in crossing[:3]))
    place, begin, people = _starts(ground, steps, step_s)
    solver.add_arcs_with_capacity(np.full(len(place), source), place * (steps + 1) + begin, people)
    node = (np.arange(places)[:, None] * (steps + 1) + np.arange(steps)[None, :]).ravel()
    room = np.minimum(np.ceil(ground.holds), WIDE).astype(np.int64)
    solver.add_arcs_with_capacity(node, node + 1, np.repeat(room, steps))
    if ground.wanted is not None:
        _add_targets(solver, ground.wanted, steps, sink=sink)
    if solver.solve(source, sink) != solver.OPTIMAL:
        raise GuidanceError("no-flow", N_("The best guidance cannot be computed for this drawing."))
    flows = np.zeros(len(ground.tail))
    np.add.at(flows, crossing[3], solver.flows(rows))
    return float(solver.optimal_flow()), flows


def _add_targets(solver: Any, wanted: Ints, steps: int, *, sink: int) -> None:
    """People who are in the place they want leave the network there, at any step, as many as want it."""
    targets = np.flatnonzero(wanted > 0)
    done = sink + 1 + targets
    node = targets[:, None] * (steps + 1) + np.arange(steps + 1)[None, :]
    solver.add_arcs_with_capacity(node.ravel(), np.repeat(done, steps + 1), np.full(node.size, WIDE))
    solver.add_arcs_with_capacity(done, np.full(len(targets), sink), wanted[targets])


def _starts(ground: Ground, steps: int, step_s: float) -> tuple[Ints, Ints, Ints]:
    """Place, step and number of people who start; never later than they do."""
    begin = np.floor(ground.start_s / step_s + 1e-9).astype(np.int64)
    somebody = np.flatnonzero(ground.people > 0)
    if not ground.starts:
        place = somebody[begin[somebody] <= steps]
        return place, begin[place], ground.people[place]
    times, shares = np.array(ground.starts).T
    until = np.interp(np.arange(1, steps + 2) * step_s, times, shares, left=0.0)
    count = np.diff(np.ceil(np.outer(ground.people[somebody], np.append(0.0, until)) - 1e-9), axis=1).astype(
        np.int64
    )
    row, step = np.nonzero(count)
    place = somebody[row]
    at = step + begin[place]
    kept = at <= steps
    return place[kept], at[kept], count[row, step][kept]


def _crossings(ground: Ground, steps: int, step_s: float, *, sink: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Arcs of the unfolded network for every link and step: from, to, capacity, index of the link."""
    delay = np.floor(ground.travel_s / step_s + 1e-9).astype(np.int64)
    begun = np.arange(steps)
    whole = np.ceil(ground.capacity_until(steps, step_s) - 1e-9)
    room = np.minimum(np.diff(whole, axis=1), WIDE).astype(np.int64)
    tail = ground.tail[:, None] * (steps + 1) + begun[None, :]
    # Who passes during a step is there at its end; the walk is never counted longer than it is.
    there = begun[None, :] + np.maximum(delay, 0)[:, None]
    is_out = ground.head[:, None] == len(ground.people)
    head = np.where(is_out, sink, ground.head[:, None] * (steps + 1) + np.minimum(there, steps))
    kept = there + is_out <= steps
    number = np.broadcast_to(np.arange(len(ground.tail))[:, None], tail.shape)
    return tail[kept], head[kept], room[kept], number[kept]
