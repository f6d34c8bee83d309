# SPDX-License-Identifier: Apache-2.0
"""What an answer of the queueing network and of the best guidance costs, in processor seconds of this process."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from time import process_time

from benchmarks.measuring import Measure
from hamkor.simulation.guidance.running import run_guided
from hamkor.simulation.network.counted import State
from hamkor.simulation.network.live import forecast
from hamkor.simulation.network.running import run_network
from hamkor.simulation.rules.layout import Direction, Layout, Link, Place
from hamkor.simulation.rules.scenario import Change, Routing, Scenario

NETWORK_LIMIT_S = 0.1
FORECAST_LIMIT_S = 0.05
BAND_LIMIT_S = 1.0
OPTIMUM_LIMIT_S = 1.0
ROUND_COUNT = 5
ROUTINGS: tuple[Routing, ...] = ("nearest", "plan", "least_queue")
MEMBERS = 100
GATE_M = 3.83
FLOW_PER_M_S = 1.3
SIZES = ((34_000, 16, 96), (100_000, 32, 112))
"""People, gates, sectors of round stadiums; the larger one has about 500 arcs."""


def stadium(people: int, gates: int, sectors: int, *, direction: Direction = "egress") -> Layout:
    """Returns a round stadium: each sector has two stairways to its part of a ring, which leads both ways round."""
    from shapely import LineString

    is_in = direction == "ingress"
    places: dict[str, Place] = {}
    links: dict[str, Link] = {}

    def join(
        name: str, ends: tuple[str, str], *, rate: float, at: tuple[float, float], both: bool = False
    ) -> None:
        tail, head = ends[::-1] if is_in and not both else ends
        x, y = at[0] * math.cos(at[1]), at[0] * math.sin(at[1])
        links[name] = Link(
            id=name,
            kind="opening",
            tail=tail,
            head=head,
            forward=True,
            backward=both,
            rate_per_s=rate,
            line=LineString([(x - 1, y), (x + 1, y)]),
        )

    step = 2 * math.pi / sectors
    for index in range(sectors):
        sector, ring, following = f"sector-{index}", f"ring-{index}", f"ring-{(index + 1) % sectors}"
        places[sector] = Place(id=sector, area_m2=200.0, people=people / sectors)
        places[ring] = Place(id=ring, area_m2=100.0)
        for side in (-1, 1):
            turn = (index + 0.5 + side / 4) * step
            join(f"stairs-{index}-{side}", (sector, ring), rate=4 * FLOW_PER_M_S * 0.8, at=(80.0, turn))
        turn = (index + 1) * step
        join(f"along-{index}", (ring, following), rate=10 * FLOW_PER_M_S, at=(89.0, turn), both=True)
    for gate in range(gates):
        index = gate * sectors // gates
        at = (104.0, (index + 0.5) * step)
        join(f"gate-{gate}", (f"ring-{index}", "outside"), rate=GATE_M * FLOW_PER_M_S, at=at)
    return Layout(direction=direction, profile_id="green-guide-2018", places=places, links=links)


def run() -> list[Measure]:
    """Returns processor seconds of one run, a forecast, a band and the optimum, each beside its bar."""
    measures: list[Measure] = []
    for people, gates, sectors in SIZES:
        layout = stadium(people, gates, sectors)
        arcs = sum(link.forward + link.backward for link in layout.links.values())
        told = f"processor seconds; {people} people, {arcs} arcs, gate 3 shut, best of {ROUND_COUNT}"
        shut = (Change(link="gate-3"),)
        for routing in ROUTINGS:
            work = partial(run_network, layout, Scenario(routing=routing, changes=shut))
            measures.append((f"network: {routing}", cpu_s(work), NETWORK_LIMIT_S, "lower", told))
    counted = State(people={place.id: place.people for place in layout.places.values()})
    measures += [_forecast(layout, counted, routing, told=told) for routing in ROUTINGS[:2]]
    for routing in ROUTINGS[:2]:
        many = Scenario(routing=routing, changes=shut, runs=MEMBERS)
        took = cpu_s(partial(run_network, layout, many), rounds=2)
        measures.append(
            (f"network: band, {routing}", took, BAND_LIMIT_S, "lower", f"{MEMBERS} members; {told}")
        )
    best = cpu_s(partial(run_guided, layout, Scenario(changes=shut)), rounds=2)
    measures.append(
        ("guidance: optimum", best, OPTIMUM_LIMIT_S, "lower", f"with shares and their run; {told}")
    )
    coming = stadium(people, gates, sectors, direction="ingress")
    work = partial(run_network, coming, Scenario(direction="ingress", routing="nearest"))
    measures.append(
        (
            "network: ingress",
            cpu_s(work, rounds=2),
            NETWORK_LIMIT_S,
            "lower",
            f"three hours of arrivals; {told}",
        )
    )
    return measures


def _forecast(layout: Layout, state: State, routing: Routing, *, told: str) -> Measure:
    work = partial(forecast, layout, state, scenario=Scenario(routing=routing), members=1)
    return (f"forecast: {routing}", cpu_s(work), FORECAST_LIMIT_S, "lower", f"10 minutes, no band; {told}")


def cpu_s(work: Callable[[], object], rounds: int = ROUND_COUNT) -> float:
    """Returns the least processor time of a work, seconds; the first round, which loads modules, is not counted."""
    work()
    times = []
    for _ in range(rounds):
        begun = process_time()
        work()
        times.append(process_time() - begun)
    return min(times)
