# SPDX-License-Identifier: Apache-2.0
"""From every single person's way to what happened in places and at links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from hamkor.simulation.measures.fields import SAMPLES
from hamkor.simulation.measures.limits import limits
from hamkor.simulation.measures.tracks import Floats, Ints
from hamkor.simulation.micro.result import DensityGrid, Frames, Run
from hamkor.simulation.rules.floors import Door, Floors
from hamkor.simulation.rules.layout import Layout, Place
from hamkor.simulation.rules.outcome import Band, Curve, LinkOutcome, PlaceOutcome

QUEUE_REACH_M = 15.0
"""Who waits farther from every door than this waits for no door."""
STARTING_S = 2.0
"""Who has only begun to walk is slow without waiting for anything."""
BUSY_SHARE_OF_RATE = 0.9
MINUTE_S = 60.0
MOST_POINTS = 600
"""Of a curve; more cannot be told apart in a chart, and would fill the file of an answer."""


def place_outcomes(
    layout: Layout, floors: Floors, run: Run, *, stayed: Mapping[str, Floats] | None = None
) -> tuple[dict[str, PlaceOutcome], dict[str, float]]:
    """Returns what happened in each place that is drawn, and when it was densest, both by id.

    Args:
        layout: Places and links.
        floors: The ground people walked on.
        run: A run with recorded frames.
        stayed: When people arrived who stay in a place, seconds, by its id.

    Notes:
        The density of a place is that of its densest square metre where people walk, not of all of it.
    """
    frames = _recorded(run)
    found: dict[str, PlaceOutcome] = {}
    densest_s: dict[str, float] = {}
    for sheet, level in enumerate(one.level for one in floors.sheets):
        grid = run.densities[sheet]
        drawn = [
            place
            for place in layout.places.values()
            if place.outline is not None and place.level == level and place.id not in found
        ]
        owners = _owners(grid, drawn)
        people = _people_by_owner(frames, grid, owners, sheet=sheet, places=len(drawn))
        for index, place in enumerate(drawn):
            cells = (owners == index) & (grid.area_m2 > 0.25 * grid.cell_m**2)
            if cells.any():
                there = np.sort((stayed or {}).get(place.id, np.empty(0)))
                counted = people[:, index] + np.searchsorted(there, frames.times_s, side="right")
                found[place.id] = _place_outcome(frames, counted, grid, cells)
                at = np.where(cells, grid.peak, -1.0).argmax()
                densest_s[place.id] = float(grid.peak_at_s.flat[at])
    return found, densest_s


def waits_by_start(run: Run) -> dict[str, Band]:
    """Returns the longest time somebody who started in a place, or behind a gate, hardly moved, by its id, seconds.

    Args:
        run: A run.
    """
    found: dict[str, Band] = {}
    for index, place in enumerate(run.crowd.places):
        waited = run.waited_s[run.crowd.place == index]
        if len(waited) and place:
            found[place] = _exact(float(waited.max()))
    return found


def _recorded(run: Run) -> Frames:
    if run.frames is None:
        raise ValueError("the run recorded no frames")
    return run.frames


def _owners(grid: DensityGrid, places: list[Place]) -> Ints:
    """Returns for each cell of a storey the index of the place it lies in, -1 for none."""
    import shapely

    rows, columns = grid.area_m2.shape
    xs = grid.origin[0] + (np.arange(columns) + 0.5) * grid.cell_m
    ys = grid.origin[1] + (np.arange(rows) + 0.5) * grid.cell_m
    owners = np.full((rows, columns), -1, np.int32)
    east, north = np.meshgrid(xs, ys)
    for index, place in sorted(enumerate(places), key=lambda item: -float(item[1].outline.area)):
        shapely.prepare(place.outline)
        owners[shapely.contains_xy(place.outline, east, north)] = index
    return owners


def _people_by_owner(frames: Frames, grid: DensityGrid, owners: Ints, *, sheet: int, places: int) -> Ints:
    """Returns people in each place at each frame; shape (frames, places)."""
    rows = np.flatnonzero(frames.sheet == sheet)
    cell = np.floor((frames.xy[rows] + frames.origin - np.array(grid.origin)) / grid.cell_m).astype(int)
    row = cell[:, 1].clip(0, owners.shape[0] - 1)
    column = cell[:, 0].clip(0, owners.shape[1] - 1)
    owner = owners[row, column]
    frame = np.searchsorted(frames.offsets, rows, side="right") - 1
    inside = owner >= 0
    counted = np.bincount(
        frame[inside] * max(places, 1) + owner[inside], minlength=len(frames) * max(places, 1)
    )
    return counted.reshape(len(frames), max(places, 1))


def _place_outcome(frames: Frames, people: Ints, grid: DensityGrid, cells: Any) -> PlaceOutcome:
    area_m2 = float(grid.area_m2[cells].sum())
    times = tuple(map(float, frames.times_s))
    worst = float(grid.peak[cells].max())
    above = grid.seconds_above[:, cells].max(axis=1)
    occupied = np.flatnonzero(people > 0)
    last = float(frames.times_s[min(occupied[-1] + 1, len(times) - 1)]) if len(occupied) else 0.0
    is_empty_at_end = not len(people) or people[-1] == 0
    return PlaceOutcome(
        people=_curve(frames, people),
        density_per_m2=_curve(frames, people / max(area_m2, 1e-9)),
        most_people=_exact(float(people.max(initial=0))),
        worst_density_per_m2=_exact(worst),
        seconds_above={
            f"{limit:g}": float(seconds)
            for limit, seconds in zip(limits().thresholds_per_m2, above, strict=True)
        },
        clear_s=_exact(last) if is_empty_at_end else None,
    )


def _curve(frames: Frames, values: Any) -> Curve:
    """Returns numbers at frames as a curve; means of some frames each where there are more than a chart can show."""
    times = frames.times_s
    together = -(-len(frames) // MOST_POINTS)
    if together > 1:
        begins = np.arange(0, len(frames), together)
        means = np.add.reduceat(values.astype(float), begins) / np.diff(np.append(begins, len(frames)))
        # The last one is the number at the end, not that of the time before it.
        times, values = np.append(times[begins[:-1]], times[-1]), np.append(means[:-1], values[-1])
    return Curve(times_s=tuple(map(float, times)), values=tuple(map(float, values)))


def link_outcomes(layout: Layout, floors: Floors, run: Run) -> dict[str, LinkOutcome]:
    """Returns what happened at each door people crossed or waited at, by the id of its link.

    Args:
        layout: Places and links.
        floors: The ground people walked on.
        run: A run with recorded frames.
    """
    frames = _recorded(run)
    floors = msgspec.structs.replace(floors, doors=tuple(door for door in floors.doors if not door.is_goal))
    queues, longest_s = _queues(frames, floors, waits=_waits(frames, run))
    everybody = max(1, len(run.out_s))
    minutes = np.arange(0.0, max(run.ended_s, 1.0) + MINUTE_S, MINUTE_S)
    found: dict[str, LinkOutcome] = {}
    for index, door in enumerate(floors.doors):
        times = run.crossings[door.id].times_s if door.id in run.crossings else np.empty(0)
        per_min = np.histogram(times, minutes)[0].astype(float)
        passed = float(len(times))
        link = layout.links.get(door.id)
        rate = link.rate_per_s if link is not None else door.rate_per_s
        found[door.id] = LinkOutcome(
            flow_per_min=Curve(times_s=tuple(map(float, minutes[:-1])), values=tuple(map(float, per_min))),
            queue=_curve(frames, queues[:, index]),
            passed=_exact(passed),
            longest_queue=_exact(float(queues[:, index].max(initial=0))),
            longest_wait_s=_exact(float(longest_s[index])),
            busy_share=_busy_share(per_min, rate),
            share=passed / everybody,
        )
    return found


def _busy_share(per_min: Floats, rate_per_s: float | None) -> float:
    if not rate_per_s or not len(per_min):
        return 0.0
    return float((per_min >= BUSY_SHARE_OF_RATE * rate_per_s * MINUTE_S).mean())


def _waits(frames: Frames, run: Run) -> Any:
    """Returns which rows of the frames are people who wait: slow although they have begun to walk; shape (rows,)."""
    row_times_s = np.repeat(frames.times_s, np.diff(frames.offsets))
    begun_s = np.maximum(run.crowd.premovement_s, run.crowd.appears_s)[frames.ids]
    return (frames.speed < limits().slow_m_per_s) & (row_times_s >= begun_s + STARTING_S)


def _queues(frames: Frames, floors: Floors, *, waits: Any) -> tuple[Floats, Floats]:
    """Returns people who wait nearest to each door over time (frames, doors) and the longest wait there (doors,)."""
    doors = len(floors.doors)
    counted = np.zeros((len(frames), doors))
    people = int(frames.ids.max(initial=0)) + 1
    waited = np.zeros(doors * people)
    frame_of = np.searchsorted(frames.offsets, np.arange(len(frames.ids)), side="right") - 1
    for sheet in range(len(floors.sheets)):
        here = {index: door for index, door in enumerate(floors.doors) if door.sheet == sheet}
        rows = np.flatnonzero((frames.sheet == sheet) & waits)
        if not here or not len(rows):
            continue
        nearest = _nearest_door(frames.xy[rows] + np.array(frames.origin), here)
        near = nearest >= 0
        np.add.at(counted, (frame_of[rows[near]], nearest[near]), 1)
        waited += np.bincount(nearest[near] * people + frames.ids[rows[near]], minlength=doors * people)
    longest = waited.reshape(doors, people).max(axis=1) if doors else np.zeros(0)
    return counted, longest * frames.every_s


def _nearest_door(xy: Floats, doors: Mapping[int, Door]) -> Ints:
    """Returns the index of the nearest door within reach of each point, -1 for none."""
    from scipy.spatial import cKDTree

    points, owners = [], []
    for index, door in doors.items():
        ends = np.array(door.line)
        count = max(2, int(np.hypot(*(ends[1] - ends[0]))) * SAMPLES)
        along = np.linspace(0, 1, count)[:, None]
        points.append(ends[0] + along * (ends[1] - ends[0]))
        owners.append(np.full(count, index))
    away, at = cKDTree(np.vstack(points)).query(xy, distance_upper_bound=QUEUE_REACH_M)
    owner = np.append(np.concatenate(owners), -1)
    return np.where(np.isfinite(away), owner[at], -1)


def _exact(value: float) -> Band:
    return Band(value, value, value)
