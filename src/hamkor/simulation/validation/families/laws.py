# SPDX-License-Identifier: Apache-2.0
"""What holds for any simulator: conservation, monotony, independence of what is not physics."""

from __future__ import annotations

import dataclasses

import msgspec
import numpy as np
from shapely.geometry import box

from hamkor.simulation.micro.crowd import Crowd
from hamkor.simulation.micro.placing import place_crowd
from hamkor.simulation.micro.result import Run
from hamkor.simulation.rules.floors import Floors
from hamkor.simulation.validation import grounds
from hamkor.simulation.validation.cases import Finding, Plot, Series, case, numbers, profile
from hamkor.simulation.validation.measuring import rms
from hamkor.simulation.validation.walking import cleared_s, crowd, motion, spread, walk

# Of each person: what must not depend on anything but the question.
OUTCOMES = ("out_s", "exit", "end_xy", "walked_m", "waited_s")


@case("law-people")
def count_people() -> Finding:
    """Returns how many people a run lost, doubled or did not count."""
    floors = grounds.room_with_exits(20, 12, {"east": ("east", 5, 2), "west": ("west", 5, 2)})
    counted = grounds.door("middle", ((17.0, 0.0), (17.0, 12.0)), leads_out=False)
    floors = msgspec.structs.replace(floors, doors=(*floors.doors, counted))
    people = crowd(spread(box(5, 0.5, 16.5, 11.5), 400)).with_destinations((("east",),), np.zeros(400))
    run = walk(floors, people)
    seconds = np.arange(len(run.inside))
    out = np.array([np.sum(run.out_s <= second + 1e-4) for second in seconds])
    # A second may end inside a step: someone who leaves in that step counts as either.
    lost = np.abs(run.inside + out - len(people)) > _leaving_at(run, seconds)
    once = [len(np.unique(run.crossings[name].ids)) for name in ("east", "middle")]
    return Finding(
        measured={
            "lost": float(lost.sum()),
            "not_counted": float(2 * len(people) - sum(once)),
            "left_behind": float(run.left),
        }
    )


def _leaving_at(run: Run, seconds: np.ndarray) -> np.ndarray:
    return np.array([np.sum(np.abs(run.out_s - second) <= run.dt_s) for second in seconds])


def mean_clearances(
    floors: list[Floors], people: list[int], seeds: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Returns mean clearance over seeds and its standard error for each ground, seconds.

    Args:
        floors: Grounds with a room of 15 x 12 m.
        people: How many, one number for each ground.
        seeds: Seeds of places, speeds and noise.
    """
    ground = box(0.5, 0.5, 13, 11.5)
    times = np.array(
        [
            [
                cleared_s(walk(each, crowd(spread(ground, count, seed=seed), seed=seed), seed=seed))
                for seed in seeds
            ]
            for each, count in zip(floors, people, strict=True)
        ]
    )
    return times.mean(axis=1), times.std(axis=1, ddof=1) / np.sqrt(len(seeds))


@case("law-wider")
def widen_a_door() -> Finding:
    """Returns the largest rise of clearance when a door is widened, in standard errors."""
    asked = numbers("law-wider")
    widths = asked["widths_m"]
    rooms = [grounds.room_with_exits(15, 12, {"door": ("east", 6 - width / 2, width)}) for width in widths]
    means, errors = mean_clearances(rooms, [300] * len(rooms), asked["seeds"])
    return Finding(
        measured={
            "worst_rise_in_errors": _worst(np.diff(means), errors),
            **{f"at_{width}_m_s": float(mean) for width, mean in zip(widths, means, strict=True)},
            "largest_error_s": float(errors.max()),
        },
        plot=_points("Clearance by width of the door", "width, m", widths, means),
    )


@case("law-more")
def add_people() -> Finding:
    """Returns the largest fall of clearance when there are more people, in standard errors."""
    asked = numbers("law-more")
    counts = asked["people"]
    room = grounds.room_with_exits(15, 12, {"door": ("east", 5.25, 1.5)})
    means, errors = mean_clearances([room] * len(counts), counts, asked["seeds"])
    return Finding(
        measured={
            "worst_fall_in_errors": _worst(-np.diff(means), errors),
            **{f"with_{count}_s": float(mean) for count, mean in zip(counts, means, strict=True)},
            "largest_error_s": float(errors.max()),
        },
        plot=_points("Clearance by number of people", "people", counts, means),
    )


def door_room(people: int = 100) -> tuple[Floors, Crowd]:
    """Returns a room of 10 x 8 m with a door of 1.2 m, and people in it.

    Args:
        people: How many.
    """
    floors = grounds.room_with_exits(10, 8, {"door": ("east", 3.4, 1.2)})
    return floors, crowd(spread(box(0.5, 0.5, 9.5, 7.5), people))


def turned_clearance_s(degrees: float) -> float:
    """Returns mean clearance over seeds of the room, turned.

    Args:
        degrees: Angle.
    """
    floors, _people = door_room()
    places = spread(box(0.5, 0.5, 9.5, 7.5), 100)
    runs = (
        walk(grounds.turned(floors, degrees), _turned(crowd(places, seed=seed), degrees), seed=seed)
        for seed in profile().seeds
    )
    return float(np.mean([cleared_s(run) for run in runs]))


@case("law-turned")
def turn_a_venue() -> Finding:
    """Returns how much clearance differs when a venue is turned."""
    angles = numbers("law-turned")["degrees"]
    times = np.array([turned_clearance_s(each) for each in angles])
    lane, alone = grounds.corridor(10, 2), crowd([(0.0, 1.0)], speed=1.34)
    single = np.array([cleared_s(walk(grounds.turned(lane, each), _turned(alone, each))) for each in angles])
    return Finding(
        measured={
            "worst_share": float(np.max(np.abs(times / times.mean() - 1))),
            "alone_worst_share": float(np.max(np.abs(single / (10 / 1.34) - 1))),
            **{f"at_{each}_degrees_s": float(time) for each, time in zip(angles, times, strict=True)},
        }
    )


@case("law-drawing")
def draw_in_detail() -> Finding:
    """Returns how much clearance differs when every edge is drawn in ten pieces."""
    floors, people = door_room()
    plain, fine = cleared_s(walk(floors, people)), cleared_s(walk(grounds.with_vertices(floors, 10), people))
    return Finding(
        measured={"difference_share": abs(fine / plain - 1), "plain_s": plain, "in_pieces_s": fine}
    )


def different_values(first: Run, second: Run) -> int:
    """Returns how many values of two runs are not the same to the last bit."""
    pairs = [(getattr(first, name), getattr(second, name)) for name in OUTCOMES]
    return sum(
        int(np.sum(np.atleast_1d(one.view(f"u{one.itemsize}") != two.view(f"u{two.itemsize}"))))
        for one, two in pairs
    )


@case("law-threads")
def use_two_threads() -> Finding:
    """Returns how many values differ between a run on one thread and on two."""
    floors = grounds.room_with_exits(30, 20, {"door": ("east", 9, 2), "gate": ("west", 8, 3)})
    people = crowd(spread(box(0.5, 0.5, 29.5, 19.5), 1000))
    one, two = (walk(floors, people, threads=threads, horizon_s=60.0) for threads in (1, 2))
    return Finding(measured={"different_values": float(different_values(one, two))})


@case("law-order")
def shuffle_people() -> Finding:
    """Returns how much clearance differs when the same people are listed in other orders."""
    floors, people = door_room(200)
    seed = profile().seed
    orders = [np.arange(200), *(np.random.default_rng(seed + shift).permutation(200) for shift in range(5))]
    times = np.array([cleared_s(walk(floors, _ordered(people, order))) for order in orders])
    return Finding(
        measured={
            "difference_share": float(abs(times[1:].mean() / times[0] - 1)),
            "spread_s": rms(times - times.mean()),
            "mean_s": float(times.mean()),
        }
    )


@case("law-places")
def place_evenly() -> Finding:
    """Returns how probable counts of placed people in equal fields are."""
    from scipy.stats import chisquare

    ground = box(0, 0, 40, 25)
    floors = grounds.flat(
        ground, (grounds.door("end", ((40, 10), (40, 15))),), starts=(grounds.start(ground, 2000),)
    )
    people = place_crowd(floors, profile=motion(), seed=profile().seed)
    counts, _x, _y = np.histogram2d(people.x, people.y, bins=(8, 5), range=((0, 40), (0, 25)))
    return Finding(measured={"p_value": float(chisquare(counts.ravel()).pvalue)})


@case("law-step")
def change_the_step() -> Finding:
    """Returns clearance at several time steps."""
    floors, people = door_room(200)
    steps = numbers("law-step")["steps_s"]
    times = [cleared_s(walk(floors, people, dt_s=step)) for step in steps]
    return Finding(
        measured={f"at_{step}_s_s": time for step, time in zip(steps, times, strict=True)},
        plot=_points("Clearance by time step", "time step, s", steps, np.array(times)),
    )


def _turned(people: Crowd, degrees: float) -> Crowd:
    points = [
        grounds.turn_point(place, degrees) for place in zip(people.x.tolist(), people.y.tolist(), strict=True)
    ]
    return dataclasses.replace(
        people, x=np.array([point[0] for point in points]), y=np.array([point[1] for point in points])
    )


def _ordered(people: Crowd, order: np.ndarray) -> Crowd:
    arrays = {
        field.name: getattr(people, field.name)[order]
        for field in dataclasses.fields(people)
        if isinstance(getattr(people, field.name), np.ndarray)
    }
    return dataclasses.replace(people, **arrays)


def _worst(changes: np.ndarray, errors: np.ndarray) -> float:
    return float(np.max(changes / np.hypot(errors[1:], errors[:-1])))


def _points(title: str, x: str, at: list[float], times: np.ndarray) -> Plot:
    series = Series(label="", x=tuple(map(float, at)), y=tuple(times.tolist()), style="points")
    return Plot(title=title, x=x, y="clearance, s", series=(series,))
