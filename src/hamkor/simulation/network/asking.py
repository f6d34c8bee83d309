# SPDX-License-Identifier: Apache-2.0
"""What a question means for the network: goals, sources, curves of arrival or departure, members of the ensemble."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.simulation.network.routes import Goal, Question, Source
from hamkor.simulation.rules.arcs import NO_LIMIT_PER_S, Arcs, Floats
from hamkor.simulation.rules.demand import Demand, Points, default_arrivals
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.network_profile import network_profile
from hamkor.simulation.rules.scenario import Scenario, Uncertainty

WIDEST_PER_S = 1e3
"""Weight of a way nothing limits, people per second."""
LONGEST_STRETCH = 0.3
"""Standard deviation of timing is at most this share of the time over which people come or start."""
Splits = dict[str, dict[str, float]]


class NetworkError(HamkorError):
    """A question the network cannot answer."""


def question_of(
    layout: Layout,
    arcs: Arcs,
    scenario: Scenario,
    *,
    people: dict[str, float] | None,
    demand: Demand | None,
    splits: Splits | None = None,
) -> Question:
    """Returns the question in the network's terms.

    Args:
        layout: Places and links.
        arcs: The same as arrays.
        scenario: The question.
        people: People per place instead of those of the layout.
        demand: Curves of arrival and departure, None: not known.
        splits: Shares over exits per place of origin that people are told to follow.

    Raises:
        NetworkError: ``nobody`` when nobody takes part, ``no-way-out`` when no link touches the outside.

    Source: definition of the three directions.
    """
    crowd = {name: place.people for name, place in layout.places.items()} if people is None else people
    unknown = sorted(set(crowd) - set(layout.places))
    if unknown:
        raise NetworkError(
            "unknown-place",
            N_("There are people in {places}, which the drawing does not have. Name places of the drawing."),
            places=unknown,
        )
    counts = np.array([max(0.0, crowd.get(name, 0.0)) for name in arcs.places])
    if not layout.exits:
        raise NetworkError(
            "no-way-out",
            N_(
                "No gate, door or open side of the drawing touches the outside. Draw one that leads to `outside`."
            ),
        )
    if counts.sum() <= 0:
        raise NetworkError(
            "nobody",
            N_(
                "No area of the drawing has people. State seats, a capacity or people by area in the attendance."
            ),
        )
    known = demand if demand is not None else Demand()
    if scenario.direction == "ingress":
        return _coming(arcs, scenario, counts, demand=known, splits=splits)
    return _leaving(layout, arcs, scenario, counts=counts, demand=known, splits=splits)


def _leaving(
    layout: Layout, arcs: Arcs, scenario: Scenario, *, counts: Floats, demand: Demand, splits: Splits | None
) -> Question:
    is_split = splits is not None or scenario.routing == "plan"
    goals = _exits(layout, arcs) if is_split else [Goal(name="", finals=arcs.head == arcs.outside)]
    numbers = tuple(range(len(goals)))
    sources = [
        Source(
            place=place, people=float(people), goals=numbers, shares=_told(arcs.places[place], goals, splits)
        )
        for place, people in enumerate(counts)
        if people > 0
    ]
    points = _shares(scenario.arrivals or demand.departures)
    if not points and scenario.direction == "evacuate":
        profile = network_profile()
        points = ((profile.first_start_s, 0.0), (profile.last_start_s, 1.0))
    return Question(
        goals=goals,
        sources=sources,
        curves=(points,),
        curve=(0,) * len(sources),
        present=counts,
        is_split=is_split,
    )


def _exits(layout: Layout, arcs: Arcs) -> list[Goal]:
    goals = []
    for arc in np.flatnonzero(arcs.head == arcs.outside):
        link = layout.links[arcs.links[arcs.link[arc]]]
        finals = np.zeros(arcs.count, dtype=np.bool_)
        finals[arc] = True
        weight = min(float(arcs.rate_per_s[arc]), WIDEST_PER_S)
        goals.append(Goal(name=link.id, finals=finals, share=link.departure_share, weight=weight))
    return goals


def _told(place: str, goals: list[Goal], splits: Splits | None) -> tuple[float, ...] | None:
    if splits is None or not splits.get(place):
        return None
    return tuple(splits[place].get(goal.name, 0.0) for goal in goals)


def _coming(
    arcs: Arcs, scenario: Scenario, counts: Floats, *, demand: Demand, splits: Splits | None
) -> Question:
    targets = np.flatnonzero(counts > 0)
    begun, points = _from_zero(scenario.arrivals or demand.arrivals or default_arrivals(float(counts.sum())))
    shares = counts / counts.sum()
    people = shares * points[-1][1]
    curve = _shares(points)
    goals = [Goal(name=arcs.places[place], finals=arcs.head == place) for place in targets]
    sources = [
        Source(
            place=arcs.outside,
            people=float(people[place]),
            goals=(number,),
            gates=_told_gates(arcs, arcs.places[place], splits),
        )
        for number, place in enumerate(targets)
    ]
    present = shares * begun + np.array([max(0.0, demand.present.get(name, 0.0)) for name in arcs.places])
    curves: tuple[Points, ...] = (curve,)
    numbers = [0] * len(sources)
    _, away = _from_zero(demand.departures)
    if away and away[-1][1] > 0:
        goals.append(Goal(name="", finals=arcs.head == arcs.outside))
        sources += [
            Source(
                place=int(place),
                people=float(away[-1][1] * shares[place]),
                goals=(len(goals) - 1,),
                is_counter=True,
                draws_on=int(place),
            )
            for place in targets
        ]
        curves, numbers = (curve, _shares(away)), numbers + [1] * len(targets)
    return Question(
        goals=goals,
        sources=sources,
        curves=curves,
        curve=tuple(numbers),
        present=present,
        is_split=splits is not None or scenario.routing == "plan",
    )


def _told_gates(arcs: Arcs, place: str, splits: Splits | None) -> tuple[tuple[int, float], ...]:
    shares = {} if splits is None else splits.get(place, {})
    gates = arcs.leaves[arcs.outside]
    return tuple(
        (int(gate), shares[name])
        for gate, name in ((gate, arcs.links[arcs.link[gate]]) for gate in gates)
        if shares.get(name, 0.0) > 0
    )


def _from_zero(points: Points) -> tuple[float, Points]:
    """People who came before second 0, and the curve of those who come from then on."""
    if not points or points[0][0] >= 0:
        return 0.0, points
    times, people = zip(*points, strict=True)
    begun = float(np.interp(0.0, times, people))
    return begun, ((0.0, 0.0), *((moment, count - begun) for moment, count in points if moment > 0))


def _shares(points: Points) -> Points:
    """People until each moment as shares of the last number."""
    if not points or points[-1][1] <= 0:
        return ()
    whole = points[-1][1]
    return tuple((moment, people / whole) for moment, people in points)


@dataclass(frozen=True, kw_only=True)
class Members:
    """What the members of an ensemble do not agree on.

    Args:
        flow: (links, members), factor of the rate.
        people: (members,), factor of the number of people.
        late: (members,), standard normal numbers: how late people come.
        generator: For what is drawn later.
    """

    flow: Floats
    people: Floats
    late: Floats
    generator: np.random.Generator


def members_of(arcs: Arcs, uncertainty: Uncertainty, *, runs: int, seed: int) -> Members:
    """Returns the members of an ensemble; the first of one run alone has no deviation.

    Args:
        arcs: The layout.
        uncertainty: Standard deviations.
        runs: How many members.
        seed: The same seed gives the same members.

    Source: lognormal factors; what is common to the venue is spread evenly over its distribution with median 1, so
        that few members make a smooth band; each link has its own with mean 1.
    """
    generator = np.random.default_rng(seed)
    if runs == 1:
        return Members(
            flow=np.ones((len(arcs.links), 1)), people=np.ones(1), late=np.zeros(1), generator=generator
        )
    common = np.exp(_normal_evenly(generator, runs) * uncertainty.flow)[None, :]
    single = _factors(generator, uncertainty.link_flow, (len(arcs.links), runs))
    return Members(
        flow=common * single,
        people=np.exp(_normal_evenly(generator, runs) * uncertainty.people),
        late=_normal_evenly(generator, runs),
        generator=generator,
    )


def _normal_evenly(generator: np.random.Generator, runs: int) -> Floats:
    """Returns one value of the standard normal distribution from each of equally likely parts, in random order."""
    parts = [NormalDist().inv_cdf((number + 0.5) / runs) for number in range(runs)]
    return generator.permutation(np.array(parts))


def _factors(generator: np.random.Generator, deviation: float, shape: tuple[int, ...]) -> Floats:
    return np.exp(generator.standard_normal(shape) * deviation - deviation**2 / 2)


def release_table(points: Points, members: Members, *, step_s: float, steps: int, timing_s: float) -> Floats:
    """Returns the share of people who start in each step.

    Args:
        points: (seconds, share until then); empty: all at once.
        members: Who come late.
        step_s: Width of a step.
        steps: At most that many rows.
        timing_s: Standard deviation of the time of the last one.

    Returns:
        (steps, members); rows after the last start are left out.

    Source: linear between the points; a late crowd comes in a curve drawn out, an early one in one pressed together.
    """
    if not points:
        return np.ones((1, len(members.late)))
    times, shares = np.array(points).T
    last = max(float(times[-1]), step_s)
    deviation = min(timing_s / last, LONGEST_STRETCH)
    stretch = np.exp(members.late * deviation)
    count = min(steps, int(np.ceil(last * stretch.max() / step_s)) + 1)
    clock = np.arange(count + 1)[:, None] * step_s / stretch[None, :]
    until = np.interp(clock, times, shares, left=0.0)
    until[0] = 0.0
    table: Floats = np.diff(until, axis=0)
    return table


def rates_of(arcs: Arcs, members: Members) -> Floats:
    """Returns (arcs, members), people per second one way.

    Args:
        arcs: The layout.
        members: Factors of the links.

    Source: definition.
    """
    rates = arcs.rate_per_s[:, None] * members.flow[arcs.link]
    return np.where(arcs.rate_per_s[:, None] >= NO_LIMIT_PER_S, NO_LIMIT_PER_S, rates)
