# SPDX-License-Identifier: Apache-2.0
"""The same people in JuPedSim and in our engine."""

from __future__ import annotations

from typing import Any

import numpy as np
from shapely.geometry import box

from hamkor.simulation.micro.crowd import Crowd
from hamkor.simulation.micro.result import Run
from hamkor.simulation.oracle.jupedsim import run_jupedsim
from hamkor.simulation.rules.floors import Floors
from hamkor.simulation.validation import grounds
from hamkor.simulation.validation.cases import Finding, Plot, Series, case, numbers, profile
from hamkor.simulation.validation.families.rimea import FOUR_EXITS, ROOM
from hamkor.simulation.validation.measuring import along, density_and_speed
from hamkor.simulation.validation.walking import (
    LONGEST_S,
    SETTLED_S,
    bare_motion,
    cleared_s,
    crowd,
    curve_of,
    middle_of,
    people_out,
    spread,
    tracks_from,
    walk,
)

CORRIDOR_M = (40.0, 4.0)
# Without noise a last arch of two or three people may hold for ever in either engine.
SHARE = 0.98


def both(
    floors: Floors, people: Crowd, *, horizon_s: float = LONGEST_S, record_every_s: float | None = None
) -> tuple[Run, Run]:
    """Returns the same people walked by our engine and by JuPedSim, the bare model in both.

    Args:
        floors: The ground.
        people: Who walks.
        horizon_s: Longest time simulated.
        record_every_s: Seconds between recorded frames.
    """
    bare = bare_motion()
    ours = walk(floors, people, profile=bare, horizon_s=horizon_s, record_every_s=record_every_s)
    theirs = run_jupedsim(
        floors,
        people,
        profile=bare,
        dt_s=profile().dt_s,
        horizon_s=horizon_s,
        record_every_s=record_every_s,
    )
    return ours, theirs


def corridor_speeds(per_m2: float) -> tuple[float, float]:
    """Returns speeds in the middle of an evenly filled corridor: ours, JuPedSim's.

    Args:
        per_m2: Density.
    """
    floors = grounds.corridor(*CORRIDOR_M, before_m=0.5)
    places = grounds.stand_in_lattice(box(0, 0, *CORRIDOR_M), per_m2, seed=profile().seed)
    runs = both(floors, crowd(places), horizon_s=SETTLED_S[1] + 0.5, record_every_s=0.25)
    ours, theirs = (
        density_and_speed(along(tracks_from(run), (1.0, 0.0)), middle_of(*CORRIDOR_M), times_s=SETTLED_S)[1]
        for run in runs
    )
    return ours, theirs


@case("twin-corridor")
def compare_corridors() -> Finding:
    """Returns the largest difference of speeds at seven densities."""
    densities = numbers("twin-corridor")["per_m2"]
    speeds = np.array([corridor_speeds(per_m2) for per_m2 in densities])
    measured = {"worst_share": float(np.max(np.abs(speeds[:, 0] / speeds[:, 1] - 1)))}
    for per_m2, (ours, theirs) in zip(densities, speeds.tolist(), strict=True):
        measured |= {f"ours_at_{per_m2}": ours, f"jupedsim_at_{per_m2}": theirs}
    return Finding(
        measured=measured,
        plot=Plot(
            title="Speed by density",
            x="people per m²",
            y="speed, m/s",
            series=(
                Series(label="JuPedSim", x=tuple(densities), y=tuple(speeds[:, 1].tolist())),
                Series(label="ours", x=tuple(densities), y=tuple(speeds[:, 0].tolist()), style="points"),
            ),
        ),
    )


def compare_clearance(floors: Floors, ground: Any, *, people: int, title: str) -> Finding:
    """Returns our clearance over JuPedSim's, means of several seeds.

    Args:
        floors: The ground; a passage as wide is added behind each exit.
        ground: Where people start.
        people: How many.
        title: Of the plot.
    """
    passages = grounds.with_yards(floors, aside_m=0.0)
    runs = [both(passages, crowd(spread(ground, people, seed=seed), seed=seed)) for seed in profile().seeds]
    times = np.array([[cleared_s(run, SHARE) for run in pair] for pair in runs])
    ours, theirs = times.mean(axis=0)
    return Finding(
        measured={
            "clearance_ratio": ours / theirs,
            "ours_s": ours,
            "jupedsim_s": theirs,
            "ours_spread_s": float(times[:, 0].std(ddof=1)),
            "jupedsim_spread_s": float(times[:, 1].std(ddof=1)),
        },
        plot=people_out(title, curve_of(runs[0][1], "JuPedSim"), curve_of(runs[0][0], "ours")),
    )


@case("twin-door")
def compare_a_door() -> Finding:
    """Returns the comparison at a door of 2 m."""
    floors = grounds.room_with_exits(12, 10, {"door": ("east", 4.0, 2.0)})
    return compare_clearance(
        floors, box(0.5, 0.5, 11.5, 9.5), people=200, title="People out by a door of 2 m"
    )


@case("twin-exits")
def compare_four_exits() -> Finding:
    """Returns the comparison with four exits."""
    wide = {name: (wall, at - 0.25, 1.5) for name, (wall, at, _width) in FOUR_EXITS.items()}
    floors = grounds.room_with_exits(*ROOM, wide)
    return compare_clearance(
        floors, box(0.5, 0.5, 29.5, 19.5), people=400, title="People out by four exits of 1.5 m"
    )


@case("twin-wide")
def compare_a_wide_exit() -> Finding:
    """Returns the comparison at an exit of 6 m."""
    floors = grounds.room_with_exits(20, 10, {"wide": ("east", 2.0, 6.0)})
    return compare_clearance(
        floors, box(0.5, 0.5, 19.5, 9.5), people=300, title="People out by an exit of 6 m"
    )
