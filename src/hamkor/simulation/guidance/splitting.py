# SPDX-License-Identifier: Apache-2.0
"""Who should take which exit: the shortest ways that still let everybody out in the least time, in round shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from hamkor.common.messages import N_, Message
from hamkor.simulation.rules.arcs import Arcs, Floats, Ints
from hamkor.simulation.rules.network_profile import network_profile
from hamkor.simulation.rules.ways import times_left_s

Splits = dict[str, dict[str, float]]
TENTHS = 10
"""Walking times count in tenths of a second."""
SLACKS = (1.02, 1.05, 1.1, 1.2, 1.5, 2.0, 4.0, 16.0)
"""The shares are found within so much more than the least time; the first that is enough is taken."""


def best_split(arcs: Arcs, people: Ints, clearance_s: float, *, capacity: Floats) -> Splits:
    """Returns, per place of origin, the share of its people over links that lead out.

    Args:
        arcs: The layout; leaving it means reaching the outside.
        people: Per place, who starts there.
        clearance_s: Least time in which everybody can be out.
        capacity: Per arc, people per second it lets through on average until then.

    Returns:
        Shares by place and link; places without people or without a way are missing.

    Source: minimum-cost flow of people over links that let through what they can while people may be there.
    """
    finals = (arcs.head == arcs.outside)[None, :]
    left = times_left_s(arcs, finals, capacity > 0)[0]
    reach = _earliest_s(arcs, people, capacity > 0)
    for slack in SLACKS:
        window = np.maximum(0.0, clearance_s * slack - left - reach)
        room = np.where(
            np.isfinite(window) & (capacity > 0), np.nan_to_num(window, posinf=0.0) * capacity, 0.0
        )
        flows = _cheapest(arcs, people, np.ceil(room))
        if flows is not None:
            return _paths(arcs, people, flows)
    return {}


def _earliest_s(arcs: Arcs, people: Ints, usable: np.ndarray) -> Floats:
    """Per arc, when the first people can be at its beginning."""
    times = np.full(arcs.count, np.inf)
    begins = people[arcs.start_place] > 0
    np.minimum.at(times, arcs.start_to[begins], arcs.start_s[begins])
    for _ in range(arcs.count):
        before = times.copy()
        passed = np.where(usable, times + arcs.along_s, np.inf)
        np.minimum.at(times, arcs.turn_to, passed[arcs.turn_from] + arcs.turn_s)
        if np.array_equal(before, times):
            break
    return times


def _cheapest(arcs: Arcs, people: Ints, room: Floats) -> dict[str, Ints] | None:
    """People over starts, arcs and turns, walking as little as can be; None when the room is not enough."""
    from ortools.graph.python import min_cost_flow

    count, places = arcs.count, len(arcs.places)
    sink = 2 * count + places
    solver = min_cost_flow.SimpleMinCostFlow()
    wide = int(people.sum())
    cap = np.minimum(room, wide).astype(np.int64)

    def tenths(seconds: Floats) -> Ints:
        return np.rint(seconds * TENTHS).astype(np.int64)

    finals = np.flatnonzero(arcs.head == arcs.outside)
    along = solver.add_arcs_with_capacity_and_unit_cost(
        np.arange(count), np.arange(count) + count, cap, tenths(arcs.along_s)
    )
    turns = solver.add_arcs_with_capacity_and_unit_cost(
        arcs.turn_from + count, arcs.turn_to, np.full(len(arcs.turn_to), wide), tenths(arcs.turn_s)
    )
    starts = solver.add_arcs_with_capacity_and_unit_cost(
        arcs.start_place + 2 * count, arcs.start_to, np.full(len(arcs.start_to), wide), tenths(arcs.start_s)
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        finals + count,
        np.full(len(finals), sink),
        np.full(len(finals), wide),
        np.zeros(len(finals), dtype=np.int64),
    )
    solver.set_nodes_supplies(np.arange(places) + 2 * count, people)
    solver.set_node_supply(sink, -wide)
    if solver.solve() != solver.OPTIMAL:
        return None
    return {"along": solver.flows(along), "turns": solver.flows(turns), "starts": solver.flows(starts)}


def _paths(arcs: Arcs, people: Ints, flows: dict[str, Ints]) -> Splits:
    """Takes the flow apart into ways, place by place, the widest first."""
    onward: dict[int, dict[int, int]] = defaultdict(dict)
    for index in np.flatnonzero(flows["turns"]):
        onward[int(arcs.turn_from[index])][int(arcs.turn_to[index])] = int(flows["turns"][index])
    first: dict[int, dict[int, int]] = defaultdict(dict)
    for index in np.flatnonzero(flows["starts"]):
        first[int(arcs.start_place[index])][int(arcs.start_to[index])] = int(flows["starts"][index])
    splits: Splits = {}
    for place in np.flatnonzero(people > 0):
        exits: dict[str, float] = defaultdict(float)
        while first[int(place)]:
            taken, last = _take_path(arcs, first[int(place)], onward)
            exits[arcs.links[arcs.link[last]]] += taken / float(people[place])
        if exits:
            splits[arcs.places[place]] = dict(sorted(exits.items(), key=lambda item: (-item[1], item[0])))
    return splits


def _take_path(arcs: Arcs, first: dict[int, int], onward: dict[int, dict[int, int]]) -> tuple[int, int]:
    """Takes the widest way left out of the flow; returns the people on it and its last arc."""
    choices, path, taken = first, [], max(first.values())
    while True:
        arc = max(choices, key=lambda each: (choices[each], -each))
        taken = min(taken, choices[arc])
        path.append((choices, arc))
        if arcs.head[arc] == arcs.outside:
            break
        choices = onward[arc]
    for choice, arc in path:
        choice[arc] -= taken
        if not choice[arc]:
            del choice[arc]
    return taken, path[-1][1]


def rounded(splits: Splits) -> Splits:
    """Returns shares a steward can tell: in steps, without those too small for a sign; each place sums to 1.

    Args:
        splits: Shares by place and link.

    Source: profiles/network.yaml; largest remainders.
    """
    profile = network_profile()
    result: Splits = {}
    for place, shares in splits.items():
        kept = {link: share for link, share in shares.items() if share >= profile.least_split_share} or shares
        whole = sum(kept.values())
        units = {link: share / whole / profile.split_step for link, share in kept.items()}
        counts = {link: int(unit + 1e-9) for link, unit in units.items()}
        missing = round(1 / profile.split_step) - sum(counts.values())
        for link in sorted(units, key=lambda each: (counts[each] - units[each], each))[:missing]:
            counts[link] += 1
        result[place] = {link: count * profile.split_step for link, count in counts.items() if count}
    return result


def advice_of(splits: Splits, *, is_coming: bool = False) -> tuple[Message, ...]:
    """Returns a sentence per place: which share of its people goes to which gate.

    Args:
        splits: Shares by place and link, as `rounded` gives them.
        is_coming: True: the places are where people want to go.

    Source: definition.
    """
    return tuple(_sentence(place, splits[place], is_coming=is_coming) for place in sorted(splits))


def _sentence(place: str, shares: Mapping[str, float], *, is_coming: bool) -> Message:
    if len(shares) == 1:
        only = next(iter(shares))
        text = (
            N_("Send everyone for {place} to {link}.")
            if is_coming
            else N_("Send everyone from {place} to {link}.")
        )
        return Message(text, {"place": place, "link": only})
    ways = [
        Message(N_("{share} % to {link}"), {"share": round(share * 100), "link": link})
        for link, share in sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    ]
    text = (
        N_("Of the people for {place} send {ways}.")
        if is_coming
        else N_("Of the people from {place} send {ways}.")
    )
    return Message(text, {"place": place, "ways": ways})
