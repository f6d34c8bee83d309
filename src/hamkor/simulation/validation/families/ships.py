# SPDX-License-Identifier: Apache-2.0
"""Tests of IMO and ISO that RiMEA does not already hold."""

from __future__ import annotations

import msgspec
import numpy as np
from shapely.geometry import box
from shapely.ops import unary_union

from hamkor.simulation.rules.scenario import Change
from hamkor.simulation.validation import grounds
from hamkor.simulation.validation.cases import Finding, Plot, Series, case, numbers
from hamkor.simulation.validation.families.rimea_crowds import corridor_with_stairs
from hamkor.simulation.validation.measuring import first_passages_s, flow_of
from hamkor.simulation.validation.walking import (
    cleared_s,
    crowd,
    curve_of,
    people_out,
    spread,
    tracks_from,
    walk,
)


@case("imo-1")
def keep_the_speed() -> Finding:
    """Returns how long one person needs for 40 m at 1 m/s."""
    return Finding(
        measured={"walking_time_s": cleared_s(walk(grounds.corridor(40, 2), crowd([(0, 1)], speed=1.0)))}
    )


@case("imo-4")
def leave_by_one_exit() -> Finding:
    """Returns the flow of 100 people through an exit of 1 m."""
    floors = grounds.room_with_exits(8, 5, {"exit": ("east", 2, 1)})
    run = walk(floors, crowd(spread(box(0.3, 0.3, 7.7, 4.7), 100)))
    return Finding(
        measured={"flow_per_s": flow_of(np.sort(run.out_s[~np.isnan(run.out_s)]))},
        plot=people_out("People out by an exit of 1 m", curve_of(run, "engine")),
    )


def crossing(against: int) -> tuple[float, int]:
    """Returns when 100 people have crossed against others, and how many were left behind in all.

    Args:
        against: How many come the other way.
    """
    walkable = unary_union([box(0, 0, 10, 10), box(10, 4, 20, 6), box(20, 0, 30, 10)])
    floors = grounds.flat(
        walkable, (grounds.door("west", ((0, 0), (0, 10))), grounds.door("east", ((30, 0), (30, 10))))
    )
    places = [spread(box(0.5, 0.5, 9.5, 9.5), 100)]
    if against:
        places.append(spread(box(20.5, 0.5, 29.5, 9.5), against))
    people = crowd(np.vstack(places)).with_destinations(
        (("east",), ("west",)), np.repeat([0, 1], [100, against])
    )
    run = walk(floors, people, horizon_s=600.0)
    first = run.out_s[:100]
    return float(first.max()) if np.isfinite(first).all() else float("nan"), run.left


@case("imo-8")
def meet_in_a_corridor() -> Finding:
    """Returns how the time of 100 people grows with the number coming against them."""
    counts = numbers("imo-8")["against"]
    found = [crossing(against) for against in counts]
    times = [time for time, _left in found]
    return Finding(
        measured={
            "least_growth_s": float(np.min(np.diff(times))),
            "left_behind": float(sum(left for _time, left in found)),
            **{f"against_{count}_s": time for count, time in zip(counts, times, strict=True)},
        },
        plot=Plot(
            title="Time of 100 people by the number against them",
            x="people against them",
            y="time of the last, s",
            series=(Series(label="", x=tuple(map(float, counts)), y=tuple(times), style="points"),),
        ),
    )


@case("iso-7")
def overtake_someone_slow() -> Finding:
    """Returns what a slow person in front costs the last of 24 others, as a share of walking behind."""
    floors = grounds.corridor(40, 4, before_m=9)
    others = spread(box(-8.5, 0.4, -2, 3.6), 24)
    alone = walk(floors, crowd(others, speed=1.25))
    people = crowd(np.vstack([others, [(0.0, 2.0)]]), speed=1.25)
    people.speed[-1] = 0.5
    together = walk(floors, people)
    free, held = float(alone.out_s.max()), float(together.out_s[:-1].max())
    behind = float(together.out_s[-1])
    return Finding(
        measured={
            "loss_share": (held - free) / (behind - free),
            "free_s": free,
            "with_slow_person_s": held,
            "slow_person_s": behind,
        }
    )


@case("iso-9")
def shut_an_exit() -> Finding:
    """Returns how many people left by an exit after it had shut."""
    exits = {"near": ("south", 2.0, 1.0), "other": ("north", 7.0, 1.0)}
    floors = grounds.room_with_exits(10, 15, exits)
    people = crowd(spread(box(0.5, 3.0, 9.5, 6.5), 30))
    run = walk(floors, people, changes=(Change(link="near", at_s=1.0, factor=0.0),))
    late = (run.exit == run.door_ids.index("near")) & (run.out_s > 1.0)
    return Finding(
        measured={
            "through_the_shut_exit": float(np.sum(late)),
            "left_behind": float(run.left),
            "clearance_s": cleared_s(run),
        }
    )


def stairs_flow_per_m_s(*, goes_up: bool) -> float:
    """Returns people per metre and second on stairs 2 m wide below a waiting crowd.

    Args:
        goes_up: Up or down.
    """
    floors = corridor_with_stairs()
    if not goes_up:
        down = msgspec.structs.replace(floors.strips[0], up=(-1.0, 0.0))
        floors = msgspec.structs.replace(floors, strips=(down,))
    people = crowd(spread(unary_union([box(0.2, 0.2, 7.8, 4.8), box(8, 1.7, 19, 3.3)]), 200))
    run = walk(floors, people, record_every_s=0.25)
    passages = first_passages_s(tracks_from(run), ((24.0, 1.5), (24.0, 3.5)))
    return flow_of(passages, first=0.2, last=0.8) / 2.0


@case("iso-12")
def flow_on_stairs() -> Finding:
    """Returns the flow on stairs, up and down."""
    up, down = stairs_flow_per_m_s(goes_up=True), stairs_flow_per_m_s(goes_up=False)
    return Finding(measured={"up_per_m_s": up, "down_per_m_s": down, "down_less_up_per_m_s": down - up})
