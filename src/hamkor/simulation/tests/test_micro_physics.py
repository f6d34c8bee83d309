# SPDX-License-Identifier: Apache-2.0
"""How people walk: beside JuPedSim, by laws that need no document, and where people used to get stuck."""

import math

import numpy as np
import pytest
from shapely import affinity
from shapely.geometry import box

from hamkor.simulation.micro.fields import twins, walking_cost, walking_times
from hamkor.simulation.micro.ground import build_ground
from hamkor.simulation.micro.placing import place_crowd
from hamkor.simulation.micro.profile import load_motion_profile
from hamkor.simulation.micro.running import run_micro
from hamkor.simulation.oracle.jupedsim import run_jupedsim
from hamkor.simulation.rules.floors import Door, Floors, Sheet, Start

PROFILE = load_motion_profile()
PUBLISHED = load_motion_profile("jupedsim-defaults")
LENGTH_M, WIDTH_M, FAR_M = 36.0, 4.0, 300.0


def corridor(density_per_m2: float) -> Floors:
    """A corridor full of people on its first 36 m, the exit so far that all ways are parallel."""
    people = round(density_per_m2 * LENGTH_M * WIDTH_M)
    return Floors(
        sheets=(Sheet(level=0, walkable=box(0, 0, FAR_M, WIDTH_M)),),
        doors=(Door(id="end", sheet=0, line=((FAR_M, 0), (FAR_M, WIDTH_M)), leads_out=True),),
        starts=(Start(place="corridor", sheet=0, ground=box(0, 0, LENGTH_M, WIDTH_M), people=people),),
    )


def hall(people: int, width_m: float) -> Floors:
    """A hall of 24 x 16 m with one door, 1 m deep, and 3 m of ground behind it."""
    low, high = 8 - width_m / 2, 8 + width_m / 2
    ground = box(0, 0, 24, 16).union(box(23.9, low, 28, high))
    return Floors(
        sheets=(Sheet(level=0, walkable=ground),),
        doors=(Door(id="door", sheet=0, line=((28, low), (28, high)), leads_out=True),),
        starts=(Start(place="hall", sheet=0, ground=box(0, 0, 22, 16), people=people),),
    )


def mean_speed(run) -> float:
    """Speed along the corridor of those between 14 and 24 m, from second 2 to second 6."""
    frames = run.frames
    speeds = []
    for frame in range(4, 12):
        first, second = frames.rows(frame), frames.rows(frame + 1)
        x = dict(
            zip(frames.ids[first].tolist(), (frames.xy[first, 0] + frames.origin[0]).tolist(), strict=True)
        )
        after = dict(
            zip(frames.ids[second].tolist(), (frames.xy[second, 0] + frames.origin[0]).tolist(), strict=True)
        )
        speeds += [
            (after[person] - at) / 0.5 for person, at in x.items() if person in after and 14 <= at <= 24
        ]
    return float(np.mean(speeds))


@pytest.mark.parametrize("density_per_m2", [0.5, 1.5, 3.0])
def test_corridor_speeds_are_those_of_jupedsim(density_per_m2: float) -> None:
    floors = corridor(density_per_m2)
    own, other = [], []
    for seed in (1, 2):
        crowd = place_crowd(floors, profile=PUBLISHED, seed=seed)
        options = {"profile": PUBLISHED, "horizon_s": 6.5, "record_every_s": 0.5}
        own.append(mean_speed(run_micro(floors, crowd, threads=1, may_be_stuck=True, **options)))
        other.append(mean_speed(run_jupedsim(floors, crowd, **options)))
    assert np.mean(own) == pytest.approx(np.mean(other), rel=0.02)


def test_nobody_stays_behind_at_gate_corners() -> None:
    """A prototype left 16 of 33 900 people at the corners of gates; here 700 pass three gates and a fence end."""
    ground = box(0, 0, 40, 20)
    for low, high in ((0, 6), (7.2, 12.8), (14, 20)):
        ground = ground.difference(box(25, low, 25.3, high))
    ground = ground.difference(box(12, 4, 12.05, 16))
    floors = Floors(
        sheets=(Sheet(level=0, walkable=ground),),
        doors=(Door(id="out", sheet=0, line=((40, 5), (40, 15)), leads_out=True),),
        starts=(
            Start(place="yard", sheet=0, ground=box(0, 0, 24, 20).difference(box(11, 3, 13, 17)), people=700),
        ),
    )
    crowd = place_crowd(floors, profile=PROFILE, seed=3, composition={"adult": 1.0})
    run = run_micro(floors, crowd, profile=PROFILE, threads=1)
    assert run.left == 0
    assert not len(run.stuck)


def test_a_wider_door_is_faster_and_bodies_bound_the_flow() -> None:
    clear = {}
    for width_m in (1.0, 2.0, 3.0):
        floors = hall(150, width_m)
        run = run_micro(
            floors,
            place_crowd(floors, profile=PROFILE, seed=1, composition={"adult": 1.0}),
            profile=PROFILE,
            threads=1,
        )
        clear[width_m] = run.clearance_s()
        times = run.crossings["door"].times_s
        flow = 0.8 * 150 / (times[int(0.9 * 150)] - times[int(0.1 * 150)]) / width_m
        assert 0.9 < flow < 2.6
    assert clear[1.0] > clear[2.0] > clear[3.0]


def test_a_turned_drawing_gives_the_same_time() -> None:
    floors = hall(80, 2.0)
    crowd = place_crowd(floors, profile=PROFILE, seed=2)
    plain = run_micro(floors, crowd, profile=PROFILE, threads=1).clearance_s(0.9)
    angle = 37.0
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    ends = tuple((x * cos - y * sin, x * sin + y * cos) for x, y in floors.doors[0].line)
    turned = Floors(
        sheets=(Sheet(level=0, walkable=affinity.rotate(floors.sheets[0].walkable, angle, origin=(0, 0))),),
        doors=(Door(id="door", sheet=0, line=ends, leads_out=True),),
    )
    x, y = crowd.x.copy(), crowd.y.copy()
    crowd.x, crowd.y = x * cos - y * sin, x * sin + y * cos
    assert run_micro(turned, crowd, profile=PROFILE, threads=1).clearance_s(0.9) == pytest.approx(
        plain, rel=0.08
    )


def test_walking_times_are_the_way_round_the_corner() -> None:
    ground = box(0, 0, 20, 20).difference(box(0, 9, 12, 11))
    floors = Floors(
        sheets=(Sheet(level=0, walkable=ground),),
        doors=(Door(id="out", sheet=0, line=((0, 15), (0, 16)), leads_out=True),),
    )
    laid = build_ground(floors, profile=PROFILE, shut=(), body_m=0.5, look_m=1.5)
    cost = walking_cost(floors, laid, PROFILE, uses_stairs=True)
    time = walking_times(floors, laid, exits=[0], cost=cost, twin=twins(laid))
    column = int((2 - laid.origin[0]) / laid.step_m) - int(laid.nodes.x0[0])
    row = int((5 - laid.origin[1]) / laid.step_m) - int(laid.nodes.y0[0])
    found = float(time[row * int(laid.nodes.columns[0]) + column])
    around = math.dist((2, 5), (12.2, 8.8)) + 2.4 + math.dist((12.2, 11.2), (0, 15))
    assert found == pytest.approx(around, rel=0.05)
