# SPDX-License-Identifier: Apache-2.0
"""RiMEA 8 and 11 to 15: crowds that choose, jam, and turn."""

from __future__ import annotations

import msgspec
import numpy as np
from shapely.geometry import box
from shapely.ops import unary_union

from hamkor.simulation.measures.lines import area_density
from hamkor.simulation.rules.floors import Floors, Sheet
from hamkor.simulation.validation import grounds
from hamkor.simulation.validation.cases import Finding, Plot, Series, case, numbers, profile
from hamkor.simulation.validation.measuring import first_passages_s, flow_of
from hamkor.simulation.validation.walking import (
    cleared_s,
    counted,
    crowd,
    curve_of,
    people_out,
    spread,
    tracks_from,
    walk,
    ways,
)


def two_storeys() -> Floors:
    """Returns an upper room of 15 x 10 m, stairs of 2 m and 8 m down, and a lower room with an exit of 2 m."""
    stairs = box(15, 4, 23, 6)
    upper = unary_union([box(0, 0, 15, 10), stairs])
    lower = unary_union([stairs, box(23, 0, 33, 10)])
    strip = grounds.strip(
        "stairs", stairs, sheets=(0, 1), surface="stairs", up=(-1.0, 0.0), switch=((19, 4), (19, 6))
    )
    return Floors(
        sheets=(Sheet(level=0.0, walkable=lower), Sheet(level=1.0, walkable=upper)),
        doors=(grounds.door("exit", ((33, 4), (33, 6))),),
        strips=(strip,),
    )


@case("rimea-8")
def vary_the_speed() -> Finding:
    """Returns how long two storeys take to leave at several mean speeds."""
    floors, times = two_storeys(), []
    speeds = numbers("rimea-8")["speeds_m_per_s"]
    places = spread(box(0.5, 0.5, 14.5, 9.5), 150)
    for speed in speeds:
        people = crowd(places)
        people.sheet[:] = 1
        people.speed *= np.float32(speed / float(people.speed.mean()))
        times.append(cleared_s(walk(floors, people)))
    slower = float(np.sum(np.diff(times) > 0))
    named = {f"at_{speed}_m_per_s_s": time for speed, time in zip(speeds, times, strict=True)}
    curve = Series(label="", x=tuple(speeds), y=tuple(times), style="points")
    return Finding(
        measured={"slower_with_speed": slower if np.isfinite(times).all() else float("nan"), **named},
        plot=Plot(
            title="Clearance by mean speed", x="mean free speed, m/s", y="clearance, s", series=(curve,)
        ),
    )


@case("rimea-11")
def choose_an_exit() -> Finding:
    """Returns which share of people takes the exit near them."""
    exits = {"near": ("south", 7.0, 1.0), "far": ("south", 22.0, 1.0)}
    run = walk(grounds.room_with_exits(30, 20, exits), crowd(spread(box(0.5, 0.5, 15, 19.5), 1000)))
    return Finding(
        measured={
            "near_share": float(np.mean(run.exit[run.exit >= 0] == run.door_ids.index("near"))),
            "left_behind": float(run.left),
            "clearance_s": cleared_s(run),
        }
    )


@case("rimea-12")
def pass_two_bottlenecks() -> Finding:
    """Returns flow through and density before two equal bottlenecks in a row."""
    walkable = unary_union([box(0, 0, 10, 10), box(10, 4.5, 11, 5.5), box(11, 0, 21, 10)])
    floors = grounds.flat(walkable, (grounds.door("end", ((21, 4.5), (21, 5.5))),))
    run = walk(floors, crowd(spread(box(0.5, 0.5, 9.5, 9.5), 150)), record_every_s=0.25)
    tracks = tracks_from(run)
    first = first_passages_s(tracks, ((10.5, 4.5), (10.5, 5.5)))
    second = np.sort(run.out_s[~np.isnan(run.out_s)])
    used = (tracks.times_s > first[0]) & (tracks.times_s < first[-1])
    jams = [float(area_density(tracks, box(x, 4, x + 2, 6))[used].mean()) for x in (8.0, 19.0)]
    return Finding(
        measured={
            "first_less_second_per_s": flow_of(first) - flow_of(second),
            "second_to_first_density": jams[1] / jams[0],
            "first_flow_per_s": flow_of(first),
            "second_flow_per_s": flow_of(second),
        }
    )


def corridor_with_stairs(surface: str = "stairs") -> Floors:
    """Returns a room of 8 x 5 m, a corridor of 12 x 2 m and stairs up as wide, 8 m long."""
    walkable = unary_union([box(0, 0, 8, 5), box(8, 1.5, 29, 3.5)])
    stairs = grounds.strip("stairs", box(20, 1.5, 28, 3.5), surface=surface, up=(1.0, 0.0))
    floors = grounds.flat(walkable, (grounds.door("end", ((29, 1.5), (29, 3.5))),))
    return msgspec.structs.replace(floors, strips=(stairs,))


@case("rimea-13")
def jam_before_stairs() -> Finding:
    """Returns flow into a corridor and onto the stairs behind it."""
    speeds = np.random.default_rng(profile().seed).normal(0.675, 0.04, 150)
    people = crowd(spread(box(0.3, 0.3, 7.7, 4.7), 150))
    people.speed[:] = speeds
    run = walk(corridor_with_stairs(), people, record_every_s=0.25)
    tracks = tracks_from(run)
    entered = first_passages_s(tracks, ((9.0, 1.5), (9.0, 3.5)))
    climbed = first_passages_s(tracks, ((20.5, 1.5), (20.5, 3.5)))
    corridor, stairs = flow_of(entered[:60]), flow_of(climbed[:60])
    return Finding(
        measured={
            "corridor_less_stairs_per_s": corridor - stairs,
            "corridor_flow_per_s": corridor,
            "stairs_flow_per_s": stairs,
        },
        plot=people_out(
            "People in the corridor and on the stairs",
            counted(entered, "corridor"),
            counted(climbed, "stairs"),
        ),
    )


@case("rimea-14")
def choose_a_route() -> Finding:
    """Returns which share of people takes the short way over stairs."""
    around = [box(0, 0, 4, 10), box(4, 8, 26, 10), box(22, 0, 26, 10)]
    walkable = unary_union([*around, box(4, 1, 22, 3)])
    floors = grounds.flat(walkable, (grounds.door("end", ((26, 1), (26, 3))),))
    stairs = grounds.strip("stairs", box(9, 1, 17, 3), surface="stairs", up=(1.0, 0.0))
    people = crowd(spread(box(0.3, 0.3, 3.7, 7.7), 40))
    run = walk(msgspec.structs.replace(floors, strips=(stairs,)), people, record_every_s=0.25)
    tracks = tracks_from(run)
    short = len(first_passages_s(tracks, ((13, 1), (13, 3))))
    return Finding(
        measured={"share_over_stairs": short / len(people), "clearance_s": cleared_s(run)},
        plot=ways(tracks, "Ways over stairs and around"),
    )


@case("rimea-15")
def turn_a_large_crowd() -> Finding:
    """Returns how long a crowd needs round a corner and through straight corridors."""
    leg, width = 14.0, 3.0
    places = spread(box(0.2, 0.2, 6, width - 0.2), 100)
    runs = {
        "short": walk(grounds.corridor(2 * (leg - width), width, before_m=0), crowd(places)),
        "corner": walk(grounds.corner(leg, width), crowd(places)),
        "long": walk(grounds.corridor(2 * leg, width, before_m=0), crowd(places)),
    }
    times = {name: cleared_s(run) for name, run in runs.items()}
    return Finding(
        measured={
            "corner_less_short_s": times["corner"] - times["short"],
            "long_less_corner_s": times["long"] - times["corner"],
            **{f"{name}_s": time for name, time in times.items()},
        },
        plot=people_out("People out", *(curve_of(run, name) for name, run in runs.items())),
    )
