# SPDX-License-Identifier: Apache-2.0
"""RiMEA 1 to 7, 9 and 10: single people, small groups, exits."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from shapely.geometry import box
from shapely.ops import unary_union

from hamkor.crowd.rules.flow import weidmann_flow_per_m_s
from hamkor.crowd.rules.verification import verification_data
from hamkor.simulation.micro.crowd import crowd_at
from hamkor.simulation.micro.placing import place_crowd
from hamkor.simulation.rules.floors import Floors, Sheet
from hamkor.simulation.validation import grounds
from hamkor.simulation.validation.cases import Finding, Plot, Series, case, numbers, profile
from hamkor.simulation.validation.measuring import (
    along,
    density_and_speed,
    first_passages_s,
    people_outside,
)
from hamkor.simulation.validation.walking import (
    SETTLED_S,
    as_students,
    cleared_s,
    crowd,
    curve_of,
    middle_of,
    motion,
    people_out,
    spread,
    tracks_from,
    walk,
    ways,
)

# Denser than this people are put into rows, for at random they do not fit.
RANDOM_UP_TO_PER_M2 = 4.5


@case("rimea-1")
def walk_a_corridor() -> Finding:
    """Returns how long one person needs for 40 m at 1.33 m/s."""
    run = walk(grounds.corridor(40, 2), crowd([(0, 1)], speed=1.33))
    return Finding(measured={"walking_time_s": cleared_s(run)})


def stairs_time_s(speed_m_per_s: float, *, goes_up: bool) -> float:
    """Returns how long one person needs for stairs with a run of 8 m.

    Args:
        speed_m_per_s: Their speed on those stairs, along the ground.
        goes_up: Up or down.
    """
    surfaces = motion().surfaces
    factor = surfaces.stairs_up if goes_up else surfaces.stairs_down
    floors = grounds.corridor(10, 2, before_m=3)
    stairs = grounds.strip("stairs", box(0, 0, 8, 2), surface="stairs", up=(1.0 if goes_up else -1.0, 0.0))
    run = walk(
        msgspec.structs.replace(floors, strips=(stairs,)),
        crowd([(-2, 1)], speed=speed_m_per_s / factor),
        record_every_s=profile().dt_s,
    )
    tracks = tracks_from(run)
    entered, left = (first_passages_s(tracks, ((x, 0.0), (x, 2.0))) for x in (0.0, 8.0))
    return float(left[0] - entered[0])


@case("rimea-2")
def walk_up_stairs() -> Finding:
    """Returns how long one person needs up the stairs."""
    return Finding(measured={"stairs_up_time_s": stairs_time_s(0.5, goes_up=True)})


@case("rimea-3")
def walk_down_stairs() -> Finding:
    """Returns how long one person needs down the stairs."""
    return Finding(measured={"stairs_down_time_s": stairs_time_s(0.65, goes_up=False)})


def even_corridor(
    per_m2: float, width_m: float = 5.0, *, seed: int | None = None, students: bool = False
) -> tuple[float, float]:
    """Returns density and speed in the middle of an evenly filled corridor.

    Args:
        per_m2: Density it is filled with.
        width_m: Width of the corridor.
        seed: Of places and speeds; None: of the profile.
        students: People with the free speed of those who took part in the experiments.
    """
    length_m = 40.0
    number = profile().seed if seed is None else seed
    floors = grounds.corridor(length_m, width_m, before_m=0.5)
    ground = box(0, 0, length_m, width_m)
    if per_m2 > RANDOM_UP_TO_PER_M2:
        people = crowd(grounds.stand_in_lattice(ground, per_m2, seed=number), seed=number)
    else:
        filled = grounds.start(ground, round(per_m2 * ground.area))
        standing = msgspec.structs.replace(floors, starts=(filled,))
        people = place_crowd(standing, profile=motion(), seed=number)
    if students:
        as_students(people, seed=number)
    run = walk(floors, people, seed=number, horizon_s=SETTLED_S[1] + 0.5, record_every_s=0.25)
    tracks = along(tracks_from(run), (1.0, 0.0))
    return density_and_speed(tracks, middle_of(length_m, width_m), times_s=SETTLED_S)


@case("rimea-4")
def draw_the_fundamental_diagram() -> Finding:
    """Returns flow over density in a corridor."""
    asked = numbers("rimea-4")
    measured = np.mean(
        [[even_corridor(each, seed=seed) for each in asked["per_m2"]] for seed in asked["seeds"]], axis=0
    )
    density, flow = measured[:, 0], measured[:, 0] * measured[:, 1]
    best = int(np.argmax(flow))
    rises = np.sign(np.diff(flow))
    maxima = int(np.sum((np.append(1, rises) > 0) & (np.append(rises, -1) < 0)))
    curve = Series(label="engine", x=tuple(density), y=tuple(flow))
    return Finding(
        measured={
            "max_flow_per_m_s": float(flow[best]),
            "density_at_max_per_m2": float(density[best]),
            "maxima": float(maxima),
        },
        plot=Plot(
            title="Flow by density", x="people per m²", y="people per m and s", series=(curve, _weidmann())
        ),
    )


@case("rimea-5")
def wait_before_walking() -> Finding:
    """Returns how far the first movements are from the premovement times, in time steps."""
    floors = grounds.room_with_exits(8, 5, {"exit": ("east", 2, 1)})
    people = crowd([(1 + column * 1.2, 1.5 + row * 2) for row in range(2) for column in range(5)], speed=1.34)
    people.premovement_s[:] = np.arange(10, 101, 10)
    run = walk(floors, people, record_every_s=profile().dt_s)
    tracks = tracks_from(run)
    errors = []
    for person in range(len(people)):
        rows = tracks.ids == person
        moved = np.hypot(tracks.x_m[rows] - people.x[person], tracks.y_m[rows] - people.y[person]) > 1e-3
        began = tracks.row_times_s[rows][np.argmax(moved)] if moved.any() else np.nan
        errors.append(abs(began - people.premovement_s[person]) / profile().dt_s)
    return Finding(measured={"start_error_frames": round(float(np.max(errors)), 3)})


@case("rimea-6")
def round_a_corner() -> Finding:
    """Returns how many people passed through a wall at a corner."""
    floors = grounds.corner(12, 2)
    run = walk(floors, crowd(spread(box(0.3, 0.3, 6, 1.7), 20)), record_every_s=0.1)
    tracks = tracks_from(run)
    # Who has crossed the exit may still be seen behind it.
    ground = floors.sheets[0].walkable.union(box(10, 12, 12, 15))
    through = people_outside(tracks, ground, margin_m=0.01)
    return Finding(
        measured={"agents_through_wall": float(through), "left_behind": float(run.left)},
        plot=ways(tracks, "Ways round the corner"),
    )


@case("rimea-7")
def walk_by_age() -> Finding:
    """Returns how many people of four groups walked faster or slower than their group does."""
    measured: dict[str, float] = {}
    outside = 0
    for group, (low, high) in verification_data().group_speeds_m_per_s.items():
        speeds = walked_speeds(low, high)
        outside += int(np.sum((speeds < low * 0.99) | (speeds > high * 1.01)))
        measured |= {f"{group}_slowest_m_per_s": float(speeds.min())}
        measured |= {f"{group}_fastest_m_per_s": float(speeds.max())}
    return Finding(measured={"outside_range": float(outside), **measured})


def walked_speeds(low: float, high: float, *, people: int = 50) -> Any:
    """Returns the speeds at which people drawn from a range walk alone, m/s; shape (people,).

    Args:
        low: Slowest of the group.
        high: Fastest of the group.
        people: How many.
    """
    kind = msgspec.structs.replace(
        motion().kinds[0],
        speed_m_per_s=(low + high) / 2,
        speed_sd_m_per_s=(high - low) / 4,
        speed_range_m_per_s=(low, high),
    )
    drawn = msgspec.structs.replace(motion(), kinds=(kind,), composition={kind.id: 1.0})
    width = people * 2.0
    floors = grounds.flat(box(0, 0, 10, width), (grounds.door("end", ((10, 0), (10, width))),))
    places = [(0.5, lane * 2.0 + 1.0) for lane in range(people)]
    run = walk(floors, crowd_at(places, profile=drawn, seed=profile().seed), profile=drawn)
    return 9.5 / run.out_s


ROOM = (30.0, 20.0)
FOUR_EXITS = {
    "west-1": ("west", 4.5, 1.0),
    "west-2": ("west", 14.5, 1.0),
    "east-1": ("east", 4.5, 1.0),
    "east-2": ("east", 14.5, 1.0),
}
TWO_EXITS = {name: FOUR_EXITS[name] for name in ("west-1", "east-2")}


@case("rimea-9")
def leave_a_large_room() -> Finding:
    """Returns how much longer a room takes to leave by two exits than by four."""
    people = crowd(spread(box(0.5, 0.5, ROOM[0] - 0.5, ROOM[1] - 0.5), 1000))
    four = walk(grounds.room_with_exits(*ROOM, FOUR_EXITS), people)
    two = walk(grounds.room_with_exits(*ROOM, TWO_EXITS), people)
    return Finding(
        measured={
            "two_to_four_exits_ratio": cleared_s(two) / cleared_s(four),
            "four_exits_s": cleared_s(four),
            "two_exits_s": cleared_s(two),
        },
        plot=people_out(
            "People out by four and by two exits", curve_of(four, "four exits"), curve_of(two, "two exits")
        ),
    )


def rooms_along_a_corridor() -> Floors:
    """Returns twelve rooms along a corridor with an exit at each end: six to each side, doors 0.9 m."""
    parts = [box(0, 0, 18, 2)]
    for number in range(6):
        west = number * 3.0
        parts += [box(west, 2.2, west + 2.8, 5.2), box(west, -3.2, west + 2.8, -0.2)]
        parts += [box(west + 1, -0.3, west + 1.9, 2.3)]
    return Floors(
        sheets=(Sheet(level=0.0, walkable=unary_union(parts)),),
        doors=(
            grounds.door("main", ((18, 0.0), (18, 2.0))),
            grounds.door("second", ((0, 0.0), (0, 2.0))),
        ),
    )


@case("rimea-10")
def keep_to_assigned_exits() -> Finding:
    """Returns how many people in twelve rooms left by another exit than theirs."""
    places, wanted = [], []
    for number in range(23):
        room = number // 2
        west, south = (room % 6) * 3.0, (2.2, -3.2)[room // 6]
        places.append((west + 0.7 + 1.3 * (number % 2), south + 1.5))
        wanted.append(1 if room in (4, 5, 10, 11) else 0)
    people = crowd(places).with_destinations((("main",), ("second",)), np.array(wanted))
    run = walk(rooms_along_a_corridor(), people, record_every_s=0.2)
    taken = np.array([run.door_ids[index] if index >= 0 else "" for index in run.exit])
    expected = np.array(["main", "second"])[wanted]
    return Finding(
        measured={"wrong_exits": float(np.sum(taken != expected)), "left_behind": float(run.left)},
        plot=ways(tracks_from(run), "Ways out of twelve rooms"),
    )


def _weidmann() -> Series:
    density = [step / 8 for step in range(2, 43)]
    return Series(
        label="Weidmann (1993)", x=tuple(density), y=tuple(weidmann_flow_per_m_s(each) for each in density)
    )
