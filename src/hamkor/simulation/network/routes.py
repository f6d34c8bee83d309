# SPDX-License-Identifier: Apache-2.0
"""Who goes where by which way: goals, shares of people over goals, the next arc, from change to change of links."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hamkor.simulation.rules.arcs import Arcs, Floats, Ints
from hamkor.simulation.rules.demand import Points
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.network_profile import network_profile
from hamkor.simulation.rules.scenario import Change
from hamkor.simulation.rules.ways import balanced, next_arcs, times_left_s

Flags = NDArray[np.bool_]
Ways = tuple[Ints, Floats, Floats | None]
"""Arcs that leave a place, the walking time to each, and that from points all over the place."""
LEAST_PART = 0.05
"""Ways that are the nearest for fewer people of a place are left out."""
NEGLIGIBLE_SHARE = 0.1
"""Ways with less than this part of the largest share of the same people are left out."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """Where some people want to be.

    Args:
        name: Id of a place, of a link that leads out, or empty for any way out.
        finals: Per arc, True where passing it reaches the goal.
        share: Share of all people the plan sends there, None when it does not say.
        weight: Without a share, people spread over goals by this, people per second.
    """

    name: str
    finals: Flags
    share: float | None = None
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Source:
    """People who start in one place, or come from outside, with the goals they may have.

    Args:
        place: Index of the place they start in; the outside for those who come.
        people: How many.
        goals: Indexes of the goals they may choose.
        shares: Share of each of these goals when the question gives them, else None.
        is_counter: True for those who go against the direction of the question.
        draws_on: Index of the place whose people, present and arrived, they are taken from; None: they are there.
        gates: First arcs with shares for those who come and are told by which gate; empty: they are not told.
    """

    place: int
    people: float
    goals: tuple[int, ...]
    shares: tuple[float, ...] | None = None
    is_counter: bool = False
    draws_on: int | None = None
    gates: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question in the network's terms.

    Args:
        goals: Where people want to go.
        sources: Who starts where.
        curves: Points (seconds, share of people until then) of each curve.
        curve: Per source, index of its curve.
        present: Per place, people there at the beginning.
        is_split: True when people spread as the plan says, False for the nearest way.
    """

    goals: list[Goal]
    sources: list[Source]
    curves: tuple[Points, ...]
    curve: tuple[int, ...]
    present: Floats
    is_split: bool

    def finals(self, count: int) -> Flags:
        """(goals, arcs), True where passing the arc reaches the goal."""
        return np.array([goal.finals for goal in self.goals]).reshape(-1, count)

    @property
    def counter(self) -> Ints:
        """Per goal, 1 when those who go against the direction of the question go there, else 0."""
        against = {goal for source in self.sources if source.is_counter for goal in source.goals}
        return np.array([int(number in against) for number in range(len(self.goals))], dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class First:
    """First arcs of sources: per row the source, its goal, the arc, the walking time to it, the share of people."""

    source: Ints
    goal: Ints
    arc: Ints
    walk_s: Floats
    share: Floats


@dataclass(frozen=True, kw_only=True)
class Options:
    """Ways people choose among: after an arc, at the start, and while they wait in front of an arc.

    Args:
        arc, arc_to, arc_s: From an arc passed to the next, with the walking time; for people of the first goal.
        source, source_goal, source_to, source_s: From a source to its first arc.
        queue, queue_to, queue_s: From the queue in front of an arc to another arc of the same place.
    """

    arc: Ints
    arc_to: Ints
    arc_s: Floats
    source: Ints
    source_goal: Ints
    source_to: Ints
    source_s: Floats
    queue: Ints
    queue_to: Ints
    queue_s: Floats


@dataclass(frozen=True, kw_only=True)
class Epoch:
    """The time between two changes of links.

    Args:
        from_s: When it begins.
        factor: Per arc, share of its capacity.
        times_s: (goals, arcs), free walking time to the goal.
        onward: (goals, arcs), next arc.
        walk_s: (goals, arcs), walking time to it.
        first: How sources begin.
        may_change_goal: True when who cannot reach the goal takes another one; ways out are as good as each other,
            a place where people want to be is not.
        options: Ways people choose among again and again, None when their way is fixed.
    """

    from_s: float
    factor: Floats
    times_s: Floats
    onward: Ints
    walk_s: Floats
    first: First
    may_change_goal: bool
    options: Options | None = None


def epochs_of(
    layout: Layout,
    arcs: Arcs,
    question: Question,
    *,
    changes: tuple[Change, ...],
    sees_queues: bool = False,
) -> list[Epoch]:
    """Returns the epochs of a run, in order of time.

    Args:
        layout: Places and links.
        arcs: The same as arrays.
        question: Goals and sources.
        changes: Links that open, close or narrow.
        sees_queues: True: people have several ways to choose among as they go.

    Source: shortest free walking times, computed anew at every change.
    """
    finals = question.finals(arcs.count)
    moments = sorted({0.0, *(max(0.0, change.at_s) for change in changes)})
    epochs: list[Epoch] = []
    for moment in moments:
        factor = _factors(arcs, changes, moment)
        usable = (factor > 0) & (arcs.rate_per_s > 0)
        times = times_left_s(arcs, finals, usable)
        onward, walk = next_arcs(arcs, times)
        first = _firsts(layout, arcs, question, times=times, factor=factor)
        epochs.append(
            Epoch(
                from_s=moment,
                factor=factor,
                times_s=times,
                onward=onward,
                walk_s=walk,
                first=first,
                may_change_goal=layout.direction != "ingress",
                options=options_of(arcs, times, question.sources) if sees_queues else None,
            )
        )
    return epochs


def options_of(arcs: Arcs, times: Floats, sources: list[Source]) -> Options:
    """Returns the few shortest ways of everybody.

    Args:
        arcs: The layout.
        times: (goals, arcs), walking time to the goal.
        sources: Who starts where.

    Source: with one goal people choose at every place; with several they choose the first gate only.
    """
    most = network_profile().alternatives
    none = np.zeros(0, dtype=np.int64)
    after: tuple[Ints, Ints, Floats] = (none, none, np.zeros(0))
    waiting: list[tuple[Ints, Ints, Floats]] = [after]
    if len(times) == 1:
        after = _few(arcs.turn_from, arcs.turn_to, arcs.turn_s, left=times[0], most=most)
        for out, between in zip(arcs.leaves, arcs.crossings_s, strict=False):
            here, there = np.nonzero(~np.eye(len(out), dtype=np.bool_))
            waiting.append(_few(out[here], out[there], between[here, there], left=times[0], most=most - 1))
    first: list[tuple[Ints, Ints, Floats, Ints]] = []
    gates = arcs.leaves[arcs.outside]
    for number, source in enumerate(sources):
        mine = arcs.start_place == source.place
        ways = gates if source.place == arcs.outside else arcs.start_to[mine]
        walk = np.zeros(len(gates)) if source.place == arcs.outside else arcs.start_s[mine]
        goal = source.goals[int(times[list(source.goals)][:, ways].min(axis=1, initial=np.inf).argmin())]
        found = _few(np.full(len(ways), number), ways, walk, left=times[goal], most=most)
        first.append((*found, np.full(len(found[0]), goal)))
    joined = [np.concatenate(each) for each in zip(*waiting, strict=True)]
    begins = [np.concatenate(each) for each in zip(*first, strict=True)]
    return Options(
        arc=after[0],
        arc_to=after[1],
        arc_s=after[2],
        source=begins[0],
        source_to=begins[1],
        source_s=begins[2],
        source_goal=begins[3],
        queue=joined[0],
        queue_to=joined[1],
        queue_s=joined[2],
    )


def _few(origin: Ints, target: Ints, walk_s: Floats, *, left: Floats, most: int) -> tuple[Ints, Ints, Floats]:
    """The few shortest ways of each origin."""
    cost = walk_s + left[target]
    order = np.lexsort((target, cost, origin))
    order = order[np.isfinite(cost[order])]
    sorted_origin = origin[order]
    begins = (
        np.flatnonzero(np.append(True, np.diff(sorted_origin) != 0)) if len(order) else np.zeros(0, np.int64)
    )
    rank = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
    kept = order[rank < most]
    return origin[kept], target[kept], walk_s[kept]


def _factors(arcs: Arcs, changes: tuple[Change, ...], moment: float) -> Floats:
    current = np.ones(len(arcs.links))
    number = {name: index for index, name in enumerate(arcs.links)}
    for change in sorted(changes, key=lambda each: each.at_s):
        if max(0.0, change.at_s) <= moment and change.link in number:
            current[number[change.link]] = change.factor
    return current[arcs.link]


def _firsts(layout: Layout, arcs: Arcs, question: Question, *, times: Floats, factor: Floats) -> First:
    """How the people of each source begin: by the nearest way, or spread over goals and gates."""
    goals, sources, is_split = question.goals, question.sources, question.is_split
    rows: list[tuple[int, int, int, float, float]] = []
    coming = [
        index for index, source in enumerate(sources) if source.place == arcs.outside and not source.gates
    ]
    for index, source in enumerate(sources):
        told = [(gate, share) for gate, share in source.gates if np.isfinite(times[source.goals[0], gate])]
        whole = sum(share for _, share in told)
        rows += [(index, source.goals[0], gate, 0.0, share / whole) for gate, share in told]
    gates = arcs.leaves[arcs.outside]
    if coming and is_split:
        shares = _gate_shares(layout, arcs, times, sources=[sources[each] for each in coming], factor=factor)
        rows += [
            (index, sources[index].goals[0], int(gate), 0.0, float(share))
            for index, row in zip(coming, shares, strict=True)
            for gate, share in zip(gates, row, strict=True)
            if share > 0
        ]
    elif coming:
        rows += [
            row
            for index in coming
            for row in _nearest(index, sources[index], times, ways=(gates, np.zeros(len(gates)), None))
        ]
    inside = [index for index, source in enumerate(sources) if source.place != arcs.outside]
    bounds = np.searchsorted(arcs.start_place, np.arange(len(arcs.places) + 1))
    ways: dict[int, Ways] = {}
    for index in inside:
        span = slice(bounds[sources[index].place], bounds[sources[index].place + 1])
        ways[index] = (arcs.start_to[span], arcs.start_s[span], arcs.spots_s[sources[index].place])
    if is_split and inside:
        rows += _spread(goals, sources, inside, ways=ways, times=times, factor=factor)
    else:
        rows += [row for index in inside for row in _nearest(index, sources[index], times, ways=ways[index])]
    columns = list(zip(*sorted(rows), strict=True)) or [(), (), (), (), ()]
    return First(
        source=np.array(columns[0], dtype=np.int64),
        goal=np.array(columns[1], dtype=np.int64),
        arc=np.array(columns[2], dtype=np.int64),
        walk_s=np.array(columns[3], dtype=np.float64),
        share=np.array(columns[4], dtype=np.float64),
    )


def _nearest(
    index: int, source: Source, times: Floats, *, ways: Ways
) -> list[tuple[int, int, int, float, float]]:
    """The one way of a source whose people all go the nearest way, or as the question shares them out."""
    arcs, walk_s, spots_s = ways
    if not len(arcs):
        return []
    left = times[np.array(source.goals)][:, arcs]
    if source.shares is None:
        goal = left.argmin(axis=0)
        chosen = [(int(goal[way]), way, part) for way, part in _by_spot(left.min(axis=0), walk_s, spots_s)]
    else:
        chosen = [
            (goal, way, share * part)
            for goal, share in enumerate(source.shares)
            if share > 0
            for way, part in _by_spot(left[goal], walk_s, spots_s)
        ]
    whole = sum(share for _, _, share in chosen)
    return [
        (index, source.goals[goal], int(arcs[way]), float(walk_s[way]), share / whole)
        for goal, way, share in chosen
    ]


def _by_spot(left_s: Floats, walk_s: Floats, spots_s: Floats | None) -> list[tuple[int, float]]:
    """Ways with the share of people for whom each is the nearest, from where they stand."""
    nearest = int((left_s + walk_s).argmin())
    if not left_s[nearest] < np.inf:
        return []
    if spots_s is None:
        return [(nearest, 1.0)]
    counts = np.bincount((spots_s + left_s).argmin(axis=1), minlength=len(left_s)) / len(spots_s)
    return [(int(way), float(counts[way])) for way in np.flatnonzero(counts >= min(LEAST_PART, counts.max()))]


def _spread(
    goals: list[Goal],
    sources: list[Source],
    inside: list[int],
    *,
    ways: dict[int, Ways],
    times: Floats,
    factor: Floats,
) -> list[tuple[int, int, int, float, float]]:
    """People inside spread over the ways out: by the plan's shares, else by capacity among ways about as short."""
    rows: list[tuple[int, int, int, float, float]] = []
    plain = [
        index
        for index in inside
        if sources[index].shares is None and len(sources[index].goals) > 1 and len(ways[index][0])
    ]
    rows += [
        row
        for index in inside
        if index not in plain
        for row in _nearest(index, sources[index], times, ways=ways[index])
    ]
    if not plain:
        return rows
    columns = sources[plain[0]].goals
    nearest = np.array(
        [(times[:, ways[index][0]] + ways[index][1]).min(axis=1)[list(columns)] for index in plain]
    )
    people = np.array([sources[index].people for index in plain])
    weights = np.array([goals[goal].weight * _opened(goals[goal], factor) for goal in columns])
    stated = [goals[goal].share for goal in columns]
    shares = shares_of(nearest, people, weights=weights, stated=stated)
    for row, index in zip(shares, plain, strict=True):
        kept = tuple(float(share) for share in row)
        named = Source(place=sources[index].place, people=sources[index].people, goals=columns, shares=kept)
        rows += _nearest(index, named, times, ways=ways[index])
    return rows


def _opened(goal: Goal, factor: Floats) -> float:
    finals = factor[goal.finals]
    return float(finals.mean()) if len(finals) else 0.0


def shares_of(
    times_s: Floats, people: Floats, *, weights: Floats, stated: list[float | None], is_bound: bool = False
) -> Floats:
    """Returns the share of each source's people over the ways.

    Args:
        times_s: (sources, ways), walking time; infinite where there is no way.
        people: Per source.
        weights: Per way, capacity in people per second as it is open now.
        stated: Per way, share of all people the plan sends there; None when it does not say.
        is_bound: True: the capacities of the ways set their shares even when the plan names none.

    Returns:
        (sources, ways), rows sum to 1, or 0 when no way is left.

    Source: shares of the plan by iterative proportional fitting; the rest by capacity, long detours discounted.
    """
    least = np.min(times_s, axis=1, keepdims=True, initial=np.inf)
    detour = np.where(np.isfinite(times_s), times_s - np.where(np.isfinite(least), least, 0.0), np.inf)
    kernel = np.exp(-detour / network_profile().detour_s) * weights
    if is_bound or any(share is not None for share in stated):
        goals = np.array([np.nan if share is None else share for share in stated])
        goals = np.where(weights > 0, goals, np.where(np.isnan(goals), np.nan, 0.0))
        rest = max(0.0, 1.0 - float(np.nansum(goals)))
        loose = np.where(np.isnan(goals), weights, 0.0)
        part = loose / loose.sum() * rest if loose.sum() > 0 else loose
        kernel = balanced(kernel, np.maximum(people, 1e-9), np.where(np.isnan(goals), part, goals))
    sums = kernel.sum(axis=1, keepdims=True)
    shares = np.divide(kernel, sums, out=np.zeros_like(kernel), where=sums > 0)
    shares = np.where(shares < NEGLIGIBLE_SHARE * shares.max(axis=1, keepdims=True, initial=0.0), 0.0, shares)
    sums = shares.sum(axis=1, keepdims=True)
    whole: Floats = np.divide(shares, sums, out=np.zeros_like(shares), where=sums > 0)
    return whole


def _gate_shares(
    layout: Layout, arcs: Arcs, times: Floats, *, sources: list[Source], factor: Floats
) -> Floats:
    """People who come, by goal, over the gates of the outside."""
    gates = arcs.leaves[arcs.outside]
    people = np.array([source.people for source in sources])
    nearest = times[np.array([source.goals[0] for source in sources])][:, gates]
    weights = np.minimum(arcs.rate_per_s[gates], 1e3) * factor[gates]
    stated = [layout.links[arcs.links[arcs.link[gate]]].arrival_share for gate in gates]
    return shares_of(nearest, people, weights=weights, stated=stated, is_bound=True)
