# SPDX-License-Identifier: Apache-2.0
"""The queueing network against the micro-simulation on five venues, and both against the best guidance."""

from __future__ import annotations

from functools import cache

import msgspec
import numpy as np
from shapely.geometry import box
from shapely.ops import unary_union

from hamkor.simulation.guidance.running import run_guided
from hamkor.simulation.micro.crowd import Crowd
from hamkor.simulation.micro.result import Run
from hamkor.simulation.network.running import run_network
from hamkor.simulation.rules.floors import Floors, Segment
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.outcome import Outcome
from hamkor.simulation.rules.scenario import Change, Scenario
from hamkor.simulation.validation import grounds, venues
from hamkor.simulation.validation.cases import Finding, Series, case
from hamkor.simulation.validation.measuring import first_passages_s, flow_of
from hamkor.simulation.validation.venues import Area, Rates, Venue, Way
from hamkor.simulation.validation.walking import (
    cleared_s,
    crowd,
    curve_of,
    people_out,
    spread,
    tracks_from,
    walk,
)
from hamkor.venues.rules.features import OUTSIDE

# The last few walk alone and say nothing about queues.
SHARE = 0.99
# As good as being there at once.
NO_WALK_M_PER_S = 1_000.0


@cache
def calibrated_rates() -> Rates:
    """Returns what ways of 3 m, and stairs of 2 m, let through when 400 people leave a room by them."""
    room, people = box(0, 0, 20, 16), crowd(spread(box(0.5, 0.5, 19.5, 15.5), 400))
    out = grounds.room_with_exits(20, 16, {"door": ("east", 6.5, 3.0)})
    stairs = grounds.flat(
        unary_union([room, box(20, 7, 29, 9)]), (grounds.door("end", ((29.0, 7.0), (29.0, 9.0))),)
    )
    down = grounds.strip("stairs", box(20, 7, 28, 9), surface="stairs", up=(-1.0, 0.0))
    return Rates(
        exit_per_m_s=_flow_per_s(out, people, 20.0) / 3.0,
        opening_per_m_s=_flow_per_s(grounds.with_yards(out, depth_m=10, aside_m=8), people, 20.1) / 3.0,
        stairs_per_m_s=_flow_per_s(msgspec.structs.replace(stairs, strips=(down,)), people, 24.0) / 2.0,
    )


def _flow_per_s(floors: Floors, people: Crowd, at_x_m: float) -> float:
    """People per second while they queue: from the first tenth to four fifths of them."""
    run = walk(floors, people, record_every_s=0.25)
    # A hair before the line, for who crosses an exit is seen behind it only by chance.
    line: Segment = ((at_x_m - 0.01, 0.0), (at_x_m - 0.01, 16.0))
    return flow_of(first_passages_s(tracks_from(run), line), first=0.1, last=0.8)


def exit_shares(run: Run, people: Crowd) -> dict[str, dict[str, float]]:
    """Returns for each place of origin the shares of its people over exits, as they went."""
    shares: dict[str, dict[str, float]] = {}
    for number, place in enumerate(people.places):
        taken = run.exit[(people.place == number) & (run.exit >= 0)]
        counts = np.bincount(taken, minlength=len(run.door_ids))
        shares[place] = {
            door: float(count / max(1, len(taken)))
            for door, count in zip(run.door_ids, counts, strict=True)
            if count
        }
    return shares


def network_clearance_s(outcome: Outcome, share: float = SHARE) -> float:
    """Returns when the network says that share had left, seconds; nan when it never did."""
    people, times = np.asarray(outcome.arrived.values), np.asarray(outcome.arrived.times_s)
    wanted = share * outcome.people
    after = int(np.argmax(people >= wanted))
    if people[after] < wanted:
        return float("nan")
    if after == 0:
        return float(times[0])
    return float(np.interp(wanted, people[after - 1 : after + 1], times[after - 1 : after + 1]))


def both(venue: Venue, shut: str = "") -> tuple[Run, Outcome]:
    """Returns a venue left by the micro-simulation and by the network.

    Args:
        venue: The venue.
        shut: Way that is shut from the start; empty for none.
    """
    changes = (Change(link=shut),) if shut else ()
    people = venues.people_of(venue)
    run = walk(venues.floors_of(venue), people, changes=changes, threads=2)
    scenario = Scenario(changes=changes, routing="nearest", speed_m_per_s=float(people.speed.mean()))
    layout = venues.layout_of(venue, calibrated_rates())
    return run, run_network(layout, scenario, splits=exit_shares(run, people))


def agree(venue: Venue, title: str) -> Finding:
    """Returns the network's clearance over the micro-simulation's, open and with a way shut.

    Args:
        venue: The venue.
        title: Of the plot.
    """
    measured: dict[str, float] = {}
    series: list[Series] = []
    for name, shut in (("open", ""), ("shut", venue.shuts)):
        run, outcome = both(venue, shut)
        micro, network = cleared_s(run, SHARE), network_clearance_s(outcome)
        measured |= {
            f"{name}_ratio": network / micro,
            f"{name}_micro_s": micro,
            f"{name}_network_s": network,
        }
        measured |= {f"{name}_left_behind": float(run.left)}
        series += [curve_of(run, f"micro, {name}"), _arrived(outcome, f"network, {name}")]
    rates = calibrated_rates()
    note = (
        f"Calibrated: exits {rates.exit_per_m_s:.2f}, openings {rates.opening_per_m_s:.2f}, stairs "
        f"{rates.stairs_per_m_s:.2f} people per metre and second. The network is told by which exits people of each "
        "place left."
    )
    return Finding(measured=measured, plot=people_out(title, *series), note=note)


@case("agree-hall")
def leave_a_hall() -> Finding:
    """Returns the comparison in a hall."""
    return agree(venues.hall(), "People out of a hall")


@case("agree-street")
def leave_a_street() -> Finding:
    """Returns the comparison in a street."""
    return agree(venues.street(), "People out of a street")


@case("agree-field")
def leave_a_field() -> Finding:
    """Returns the comparison on a field with pens."""
    return agree(venues.field(), "People out of a festival field")


@case("agree-concourse")
def leave_a_concourse() -> Finding:
    """Returns the comparison on two levels."""
    return agree(venues.concourse(), "People out of two levels")


@case("agree-stadium")
def leave_a_stadium() -> Finding:
    """Returns the comparison in a stadium."""
    return agree(venues.stadium(), "People out of a stadium")


def bound_hall() -> Venue:
    """Returns a hall with four exits of 1.2 m."""
    lines = {
        "west": ((0.0, 6.0), (0.0, 7.2)),
        "east": ((30.0, 12.0), (30.0, 13.2)),
        "south": ((8.0, 0.0), (9.2, 0.0)),
        "north": ((20.0, 20.0), (21.2, 20.0)),
    }
    return Venue(
        areas={"hall": Area(ground=box(0, 0, 30, 20), people=600)},
        ways={name: Way(tail="hall", head=OUTSIDE, line=line, width_m=1.2) for name, line in lines.items()},
        shuts="",
    )


@case("law-bound")
def compare_with_the_optimum() -> Finding:
    """Returns how much longer micro-simulation and network take than the best guidance."""
    venue = bound_hall()
    people = venues.people_of(venue)
    run = walk(venues.floors_of(venue), people)
    layout = venues.layout_of(venue, calibrated_rates())
    best = max(_highest_rate_per_s(crossings.times_s) for crossings in run.crossings.values())
    layout = _with_rate(layout, best)
    scenario = Scenario(routing="nearest", speed_m_per_s=float(people.speed.mean()))
    # Without walking times: the bound must hold wherever in the hall people stand.
    guided = msgspec.structs.replace(scenario, method="guided", speed_m_per_s=NO_WALK_M_PER_S)
    optimum = network_clearance_s(run_guided(layout, guided))
    network = network_clearance_s(run_network(layout, scenario, splits=exit_shares(run, people)))
    return Finding(
        measured={
            "micro_to_optimum": cleared_s(run, SHARE) / optimum,
            "network_to_optimum": network / optimum,
            "highest_rate_per_s": best,
            "optimum_s": optimum,
            "micro_s": cleared_s(run, SHARE),
            "network_s": network,
        }
    )


def _with_rate(layout: Layout, rate_per_s: float) -> Layout:
    links = {
        name: msgspec.structs.replace(link, rate_per_s=rate_per_s) for name, link in layout.links.items()
    }
    return msgspec.structs.replace(layout, links=links)


def _highest_rate_per_s(times_s: np.ndarray, window_s: float = 10.0) -> float:
    times = np.sort(times_s)
    inside = np.searchsorted(times, times + window_s) - np.arange(len(times))
    return float(inside.max() / window_s) if len(times) else 0.0


def _arrived(outcome: Outcome, label: str) -> Series:
    return Series(label=label, x=outcome.arrived.times_s, y=outcome.arrived.values)
