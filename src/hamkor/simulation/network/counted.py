# SPDX-License-Identifier: Apache-2.0
"""What is counted now, and what follows from it: people in every place, capacities, who will come and go."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import msgspec
import numpy as np

from hamkor.crowd.rules.ingress import entry_rates
from hamkor.simulation.rules.arcs import Arcs
from hamkor.simulation.rules.demand import Points
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.network_profile import network_profile

SECONDS_PER_MIN = 60.0


class LinkFlow(msgspec.Struct, frozen=True, kw_only=True):
    """People measured at a link, per minute over the last minutes; None: that way is not counted.

    Args:
        forward_per_min: From its tail to its head.
        backward_per_min: The other way.
    """

    forward_per_min: float | None = None
    backward_per_min: float | None = None


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is known now.

    Args:
        people: Counted people per place; a place that is missing is unknown, never empty.
        flows: Measured flows of links.
        queues: People counted waiting in front of links.
        inside: People inside the whole event; None: unknown.
        in_per_min: People who come per minute now; None: the sum of the counted links that lead in, if any are.
        out_per_min: The same for those who go.
        arrivals: (seconds from now, people until then) by the plan; shapes what is measured, or stands for it.
        departures: The same for those who go; when leaving, empty: all at once.
        factors: Links with another capacity now, as shares: 0 shut.
    """

    people: Mapping[str, float] = {}
    flows: Mapping[str, LinkFlow] = {}
    queues: Mapping[str, float] = {}
    inside: float | None = None
    in_per_min: float | None = None
    out_per_min: float | None = None
    arrivals: Points = ()
    departures: Points = ()
    factors: Mapping[str, float] = {}


def people_now(layout: Layout, state: State) -> tuple[dict[str, float], tuple[str, ...]]:
    """Returns people per place, and the places nobody counts.

    Args:
        layout: The places.
        state: What is known.

    Source: who is inside and in no counted place is shared over the places nobody counts, as the plan fills them.
    """
    unknown = tuple(sorted(name for name in layout.places if name not in state.people))
    people = {name: max(0.0, state.people.get(name, 0.0)) for name in layout.places}
    weights = {name: layout.places[name].people for name in unknown}
    rest = 0.0 if state.inside is None else max(0.0, state.inside - sum(people.values()))
    total = sum(weights.values())
    if total > 0:
        people |= {name: rest * weight / total for name, weight in weights.items()}
    return people, unknown


def measured_factors(layout: Layout, state: State) -> dict[str, float]:
    """Returns, for saturated links with a measured flow, that flow over the computed one.

    Args:
        layout: The links.
        state: What is known.

    Returns:
        Only links that are saturated: a flow without a queue says what people wanted, not what the link can do.

    Source: profiles/network.yaml bounds what is believed.
    """
    profile = network_profile()
    low, high = profile.rate_factor_range
    factors: dict[str, float] = {}
    for name, flow in sorted(state.flows.items()):
        link = layout.links.get(name)
        total = (flow.forward_per_min or 0.0) + (flow.backward_per_min or 0.0)
        if link is None or not link.rate_per_s or total <= 0 or state.factors.get(name, 1.0) != 1.0:
            continue
        if _is_saturated(layout, state, name):
            factors[name] = min(high, max(low, total / SECONDS_PER_MIN / link.rate_per_s))
    return factors


def _is_saturated(layout: Layout, state: State, name: str) -> bool:
    """True when people wait in front of the link: counted there, or as many in a place of passing as in a queue."""
    link = layout.links[name]
    rate = link.rate_per_s or 0.0
    if name in state.queues:
        return state.queues[name] > rate * network_profile().saturated_queue_s
    place = layout.places.get(link.tail if link.forward else link.head)
    if place is None or place.people > 0 or not place.area_m2 or place.id not in state.people:
        return False
    return state.people[place.id] / place.area_m2 >= entry_rates().queue_density_per_m2


def measured_gates(layout: Layout, arcs: Arcs, state: State) -> tuple[tuple[int, float], ...]:
    """Returns shares of those who come by the flows measured at the gates; empty when a gate is not counted.

    Args:
        layout: The gates.
        arcs: The same as arrays.
        state: What is known.

    Source: definition.
    """
    counted = []
    for gate in arcs.leaves[arcs.outside]:
        name = arcs.links[arcs.link[gate]]
        if state.factors.get(name, 1.0) <= 0:
            continue
        flow = _way_in(layout, state, name)
        if flow is None:
            return ()
        counted.append((int(gate), flow))
    total = sum(flow for _, flow in counted)
    return tuple((gate, flow / total) for gate, flow in counted if flow > 0) if total > 0 else ()


def _way_in(layout: Layout, state: State, name: str) -> float | None:
    flow = state.flows.get(name)
    if flow is None:
        return None
    return flow.forward_per_min if layout.links[name].tail not in layout.places else flow.backward_per_min


def _way_out(layout: Layout, state: State, name: str) -> float | None:
    flow = state.flows.get(name)
    if flow is None:
        return None
    return flow.backward_per_min if layout.links[name].tail not in layout.places else flow.forward_per_min


def arrivals_ahead(layout: Layout, state: State, horizon_s: float) -> Points:
    """Returns who will come: (seconds from now, people until then); empty for nobody.

    Args:
        layout: The gates.
        state: What is measured, and the plan.
        horizon_s: How far, seconds.

    Source: the measured rate, rising and falling as the plan does.
    """
    counted = [each for name in layout.exits if (each := _way_in(layout, state, name)) is not None]
    measured = state.in_per_min if state.in_per_min is not None else sum(counted) if counted else None
    return _shaped(measured, part_ahead(state.arrivals, horizon_s), horizon_s)


def departures_ahead(layout: Layout, state: State, horizon_s: float) -> Points:
    """Returns who will go: (seconds from now, people until then); empty for nobody.

    Args:
        layout: The gates.
        state: What is measured, and the plan.
        horizon_s: How far, seconds.

    Source: the measured rate, rising and falling as the plan does.
    """
    counted = [each for name in layout.exits if (each := _way_out(layout, state, name)) is not None]
    measured = state.out_per_min if state.out_per_min is not None else sum(counted) if counted else None
    return _shaped(measured, part_ahead(state.departures, horizon_s), horizon_s)


def _shaped(per_min: float | None, plan: Points, horizon_s: float) -> Points:
    """What is measured, rising and falling as the plan does; without a plan constant; unmeasured the plan itself."""
    if per_min is None:
        return plan if plan and plan[-1][1] > 0 else ()
    if per_min <= 0:
        return ()
    begin = _rate_at(plan, 0.0)
    if begin <= 0:
        return (0.0, 0.0), (horizon_s, per_min / SECONDS_PER_MIN * horizon_s)
    scale = per_min / SECONDS_PER_MIN / begin
    return tuple((moment, count * scale) for moment, count in plan)


def _rate_at(points: Points, moment: float) -> float:
    for (begin, before), (end, after) in pairwise(points):
        if begin <= moment < end:
            return (after - before) / (end - begin)
    return 0.0


def part_ahead(points: Points, horizon_s: float) -> Points:
    """Returns the part of a curve from now to the horizon, counted from now.

    Args:
        points: (seconds from now, people until then).
        horizon_s: How far, seconds.

    Source: linear between the points.
    """
    if not points:
        return ()
    times, counts = np.array(points).T
    inside = times[(times > 0) & (times < horizon_s)]
    moments = np.concatenate([[0.0], inside, [horizon_s]])
    values = np.interp(moments, times, counts, left=counts[0])
    return tuple(zip(moments.tolist(), (values - values[0]).tolist(), strict=True))
