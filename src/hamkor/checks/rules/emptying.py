# SPDX-License-Identifier: Apache-2.0
"""Everyone leaves at once: which way is there to the outside, and which cut holds them up."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

import msgspec

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.flows import LEAST_PEOPLE, is_passable
from hamkor.common.figures import Range
from hamkor.crowd.rules.connections import is_bounded, one_way_per_min
from hamkor.crowd.rules.profiles import FlowProfile
from hamkor.events.rules import CrowdPhase
from hamkor.venues.rules.features import OUTSIDE, Turnstiles
from hamkor.venues.rules.maxflow import Network

UNKNOWN_CAPACITY_PER_MIN = 1e9
MOST_CUTS = 20
Edge = tuple[str, str, float, str]


class NetworkResult(msgspec.Struct, frozen=True):
    """How long the whole venue needs to empty, and where it is held up.

    Args:
        time_min: Minutes until the last one is through the narrowest cut.
        people: People behind that cut.
        per_min: People per minute through it.
        cut: Its connections.
    """

    time_min: float
    people: float
    per_min: float
    cut: tuple[str, ...]


def directed_edges(
    context: Context, phase: CrowdPhase, profile: FlowProfile, *, pick: Callable[[Range], float]
) -> Iterator[Edge]:
    """Yields (from, to, people per minute, connection) for every direction that can be used in the phase.

    Notes:
        Open areas let people in and out on all sides: they carry an unlimited edge without a name.
    """
    for area_id, area in context.areas.items():
        if not is_bounded(area):
            yield area_id, OUTSIDE, UNKNOWN_CAPACITY_PER_MIN, ""
            yield OUTSIDE, area_id, UNKNOWN_CAPACITY_PER_MIN, ""
    for connection_id, connection in context.connections.items():
        rate = one_way_per_min(connection, profile)
        per_min = UNKNOWN_CAPACITY_PER_MIN if rate is None else pick(rate)
        if is_passable(context, connection, phase, forward=True):
            yield connection.from_, connection.to, per_min, connection_id
        if is_passable(context, connection, phase, forward=False):
            yield connection.to, connection.from_, per_min, connection_id


def empty_venue(
    context: Context,
    phase: CrowdPhase,
    profile: FlowProfile,
    *,
    pick_people: Callable[[Range], float],
    pick_rate: Callable[[Range], float],
) -> NetworkResult | None:
    """Returns how long the venue needs to empty when all areas leave at once, and the cut that holds them up.

    Args:
        context: The plan.
        phase: ``egress`` or ``emergency``.
        profile: Flow profile.
        pick_people: Which end of an uncertain number of people to take.
        pick_rate: Which end of an uncertain capacity to take.

    Returns:
        None when nothing limits them, or no people are known who have a way to the outside.

    Source: the narrowest cut bounds the time from below (max-flow min-cut); it is found by shortening the list
        of people behind the cut until the cut no longer changes.
    """
    edges = list(directed_edges(context, phase, profile, pick=pick_rate))
    people = _people_by_area(context, pick_people, reach=_reaching(edges))
    return worst_cut(people, edges) if people else None


def areas_with_way_out(context: Context, phase: CrowdPhase) -> set[str]:
    """Returns the areas from which people can get outside in the phase, whatever the widths."""
    return _reaching(directed_edges(context, phase, context.profile, pick=_nominal))


def areas_with_drawn_way(context: Context) -> set[str]:
    """Returns the areas from which a way outside is drawn at all, usable or not, turnstiles left aside."""
    edges: list[Edge] = [
        (area_id, OUTSIDE, 1.0, "") for area_id, area in context.areas.items() if not is_bounded(area)
    ]
    for connection_id, connection in context.connections.items():
        if not isinstance(connection, Turnstiles):
            edges.append((connection.from_, connection.to, 1.0, connection_id))
            edges.append((connection.to, connection.from_, 1.0, connection_id))
    return _reaching(edges)


def _nominal(value: Range) -> float:
    return value.nominal


def _reaching(edges: Iterable[Edge]) -> set[str]:
    """Returns every place from which the outside can be reached."""
    towards: dict[str, list[str]] = {}
    for start, end, _, _ in edges:
        towards.setdefault(end, []).append(start)
    reached, queue = {OUTSIDE}, deque([OUTSIDE])
    while queue:
        for start in towards.get(queue.popleft(), ()):
            if start not in reached:
                reached.add(start)
                queue.append(start)
    return reached


def worst_cut(people: dict[str, float], edges: list[Edge]) -> NetworkResult | None:
    """Returns the cut between people and the outside that takes longest, None when there are no people.

    Args:
        people: How many start in each area.
        edges: (from, to, people per unit of time, name); the time comes back in that unit.
    """
    time = 1e-3
    result: NetworkResult | None = None
    joined = _joined(edges)
    for _ in range(MOST_CUTS):
        step = _cut_at(people, joined, time)
        if step is None or step.time_min <= time * (1 + 1e-6):
            return result
        time, result = step.time_min, step
    return result


def _people_by_area(context: Context, pick: Callable[[Range], float], *, reach: set[str]) -> dict[str, float]:
    people = {
        area_id: pick(number)
        for area_id in context.whole_areas
        if area_id in reach
        and (number := context.people_in(area_id)) is not None
        and pick(number) >= LEAST_PEOPLE
    }
    crowd = context.crowd
    everyone = sum(people.values())
    if crowd is not None and everyone > pick(crowd) > 0:
        people = {area_id: number * pick(crowd) / everyone for area_id, number in people.items()}
    return people


def _joined(edges: list[Edge]) -> list[tuple[str, str, float, tuple[str, ...]]]:
    """Returns one edge for all connections that lead from one area to another: a venue has far fewer of those."""
    rates: dict[tuple[str, str], float] = {}
    names: dict[tuple[str, str], list[str]] = {}
    for start, end, per_min, name in edges:
        rates[start, end] = rates.get((start, end), 0.0) + per_min
        names.setdefault((start, end), []).extend([name] if name else [])
    return [(start, end, rate, tuple(names[start, end])) for (start, end), rate in rates.items()]


def _cut_at(
    people: dict[str, float], edges: list[tuple[str, str, float, tuple[str, ...]]], time_min: float
) -> NetworkResult | None:
    """Returns the cut that binds when everyone should be out after the time, None when all can be."""
    network = Network()
    for start, end, per_min, names in edges:
        network.add(start, end, per_min * time_min, name=names)
    for area_id, number in people.items():
        network.add("(people)", area_id, number)
    flow = network.solve("(people)", OUTSIDE)
    if flow >= sum(people.values()) - 1e-6:
        return None
    behind = network.reached("(people)")
    held = sum(number for area_id, number in people.items() if area_id in behind)
    cut = tuple(name for names in network.cut("(people)") if isinstance(names, tuple) for name in names)
    per_min = sum(rate for start, end, rate, _ in edges if start in behind and end not in behind)
    time_needed_min = held / per_min if per_min > 0 else float("inf")
    return NetworkResult(time_needed_min, held, per_min, cut)
