# SPDX-License-Identifier: Apache-2.0
"""Runs of our engine as cases need them: people at given places, everything recorded as tracks."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from shapely.geometry import box

from hamkor.simulation.measures.tracks import Floats, Tracks, tracks_of
from hamkor.simulation.micro.crowd import Crowd, crowd_at
from hamkor.simulation.micro.profile import MotionProfile, load_motion_profile
from hamkor.simulation.micro.result import Run
from hamkor.simulation.micro.running import run_micro
from hamkor.simulation.rules.floors import Floors
from hamkor.simulation.validation.cases import Plot, Series, profile
from hamkor.simulation.validation.grounds import stand_in_lattice

# From the first speeds, which nobody has chosen, to an even flow.
SETTLED_S = (4.0, 8.0)
# A case with no end by then has failed anyway.
LONGEST_S = 1_200.0


def motion() -> MotionProfile:
    """Returns the constants every case walks with."""
    return load_motion_profile()


def bare_motion() -> MotionProfile:
    """Returns the published model and nothing more, as JuPedSim has it, with the people of our profile."""
    return msgspec.structs.replace(
        load_motion_profile("jupedsim-defaults"), kinds=motion().kinds, composition=motion().composition
    )


def crowd(places: Any, *, speed: float | None = None, seed: int | None = None) -> Crowd:
    """Returns people of the first kind at given places.

    Args:
        places: In metres, (people, 2).
        speed: Free speed of all of them in m/s; None: drawn.
        seed: Seed of the speeds; None: of the profile.
    """
    return crowd_at(places, profile=motion(), speed=speed, seed=profile().seed if seed is None else seed)


def as_students(people: Crowd, *, seed: int | None = None) -> Crowd:
    """Returns the people with free speeds of those who took part in the experiments.

    Args:
        people: Changed in place.
        seed: Of the speeds; None: of the profile.

    Source: `profiles/validation.yaml`.
    """
    mean, deviation = profile().students_m_per_s
    random = np.random.default_rng(profile().seed if seed is None else seed)
    people.speed[:] = random.normal(mean, deviation, len(people)).clip(mean / 2, mean * 2)
    return people


def spread(ground: Any, people: int, *, seed: int | None = None) -> Floats:
    """Returns that many places spread evenly over the ground; shape (people, 2).

    Args:
        ground: Shapely polygon in metres.
        people: How many.
        seed: Seed of who is left out and of small moves; None: of the profile.
    """
    number = profile().seed if seed is None else seed
    per_m2 = people / ground.area
    places = stand_in_lattice(ground, per_m2, seed=number)
    while len(places) < people:
        per_m2 *= 1.03
        places = stand_in_lattice(ground, per_m2, seed=number)
    kept = np.random.default_rng(number).choice(len(places), people, replace=False)
    return places[np.sort(kept)]


def walk(floors: Floors, people: Crowd, **more: Any) -> Run:
    """Returns a run of our engine with the time step, seed and constants of the report.

    Args:
        floors: The ground.
        people: Who walks.
        more: Other arguments of `run_micro`.
    """
    asked = {
        "profile": motion(),
        "dt_s": profile().dt_s,
        "seed": profile().seed,
        "horizon_s": LONGEST_S,
        "threads": 1,
        "may_be_stuck": True,
        **more,
    }
    return run_micro(floors, people, **asked)


def tracks_from(run: Run, *, window_s: float = 0.5) -> Tracks:
    """Returns the recorded frames of a run as tracks in the plane of its floors.

    Args:
        run: With frames.
        window_s: Speed is the way between half a window before and after.

    Raises:
        ValueError: Nothing was recorded.
    """
    frames = run.frames
    if frames is None:
        raise ValueError("the run has no frames")
    times = np.repeat(frames.times_s.astype(np.float64), np.diff(frames.offsets))
    places = frames.xy.astype(np.float64) + np.asarray(frames.origin)
    return tracks_of(frames.ids, np.round(times, 4), places, sheets=frames.sheet, window_s=window_s)


def cleared_s(run: Run, share: float = 1.0) -> float:
    """Returns when that share of all people had left; nan when it never did."""
    found = run.clearance_s(share)
    return float("nan") if found is None else found


def middle_of(length_m: float, width_m: float) -> Any:
    """Returns the tenth of a corridor around its middle, as an area in metres."""
    return box(length_m * 0.45, 0.0, length_m * 0.55, width_m)


def curve_of(run: Run, label: str) -> Series:
    """Returns people out over time as a series of a plot."""
    times = np.sort(run.out_s[~np.isnan(run.out_s)])
    return counted(times, label)


def counted(times_s: Floats, label: str) -> Series:
    """Returns how many had passed over time as a series of a plot, thinned to 80 steps.

    Args:
        times_s: Passages, rising.
        label: Of the series.
    """
    chosen = np.unique(np.linspace(0, max(0, len(times_s) - 1), 80).astype(int))[: len(times_s)]
    return Series(
        label=label,
        x=tuple(float(times_s[index]) for index in chosen),
        y=tuple(float(index + 1) for index in chosen),
        style="step",
    )


def people_out(title: str, *series: Series) -> Plot:
    """Returns a plot of people out over time."""
    return Plot(title=title, x="time, s", y="people out", series=series)


def ways(tracks: Tracks, title: str, *, most: int = 60) -> Plot:
    """Returns a map of the ways people took.

    Args:
        tracks: Where everybody was.
        title: Of the plot.
        most: Ways drawn at most.
    """
    people = np.unique(tracks.ids)[:most]
    lines = []
    for person in people:
        rows = np.flatnonzero(tracks.ids == person)[::5]
        lines.append((tracks.x_m[rows], tracks.y_m[rows]))
    x = np.concatenate([np.append(line[0], np.nan) for line in lines])
    y = np.concatenate([np.append(line[1], np.nan) for line in lines])
    series = Series(label="", x=tuple(x.tolist()), y=tuple(y.tolist()))
    return Plot(title=title, x="x, m", y="y, m", series=(series,), is_map=True)
