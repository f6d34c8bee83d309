# SPDX-License-Identifier: Apache-2.0
"""Measures of trajectories, against hand-made people, against PedPy and on people who were filmed."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
import shapely

from hamkor.simulation.measures.fields import (
    density_of,
    lay_grid,
    level_limits_per_m2,
    levels_of,
    measure_fields,
)
from hamkor.simulation.measures.lines import area_density, area_speed, crossings_of, flow_per_s
from hamkor.simulation.measures.pedpy_measures import pedpy_density, pedpy_passages_s, pedpy_speed
from hamkor.simulation.measures.tracks import Tracks, TracksError, tracks_of
from hamkor.simulation.measures.waiting import clearance_of, waits_of

DATA = Path(__file__).parent / "data"
FRAMES_PER_S = 16
CORRIDOR = shapely.box(0, -4, 1.8, 5)
MIDDLE = shapely.box(0, 0, 1.8, 2)


@pytest.fixture(scope="module")
def filmed() -> Tracks:
    with gzip.open(DATA / "corridor_uo_180_180_070.txt.gz", "rt") as file:
        rows = np.loadtxt(file)
    return tracks_of(rows[:, 0].astype(int), rows[:, 1] / FRAMES_PER_S, rows[:, 2:] / 100, window_s=1.0)


def walkers(*paths: list[tuple[float, float]], step_s: float = 1.0) -> Tracks:
    ids = [person for person, path in enumerate(paths) for _ in path]
    times = [moment * step_s for path in paths for moment in range(len(path))]
    return tracks_of(np.array(ids), np.array(times), np.array([place for path in paths for place in path]))


def test_every_person_counts_once_however_the_walls_run() -> None:
    ground = shapely.box(0, 0, 7.3, 5.1) - shapely.box(3, 2, 4.5, 5.1)
    grid = lay_grid(ground)
    random = np.random.default_rng(4)
    points = random.uniform((0.1, 0.1), (7.2, 5), (200, 2))
    inside = points[shapely.contains_xy(ground, points)]
    density = density_of(grid, inside[:, 0], inside[:, 1])
    assert (density * grid.open_share).sum() * grid.cell_m**2 == pytest.approx(len(inside))


def test_an_even_crowd_has_its_density_everywhere_also_at_the_walls() -> None:
    grid = lay_grid(shapely.box(0, 0, 20, 20))
    xs, ys = np.meshgrid(np.arange(0.25, 20, 0.5), np.arange(0.25, 20, 0.5))
    density = density_of(grid, xs.ravel(), ys.ravel())
    assert density[4:-4, 4:-4] == pytest.approx(4.0, rel=0.02)
    assert density == pytest.approx(4.0, rel=0.25)


def test_a_turned_hall_has_the_same_highest_density() -> None:
    random = np.random.default_rng(1)
    points = random.uniform(-8, 8, (600, 2))
    peaks = []
    for angle in (0.0, 0.4, 0.9):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        ground = shapely.Polygon(np.array([(-8, -8), (8, -8), (8, 8), (-8, 8)]) @ turn.T)
        x, y = (points @ turn.T).T
        peaks.append(density_of(lay_grid(ground, cell_m=0.25), x, y).max())
    assert max(peaks) / min(peaks) < 1.05


def test_seconds_above_a_density_are_those_people_stood_there() -> None:
    crowd = [[(5 + 0.3 * i, 5 + 0.3 * j)] * 10 for i in range(8) for j in range(8)]
    fields = measure_fields(walkers(*crowd), lay_grid(shapely.box(0, 0, 12, 12)))
    middle = (6, 6)
    assert fields.worst_per_m2[middle] > 5
    assert fields.above(5.0)[middle] == pytest.approx(10)
    assert fields.longest_above_s[middle] == pytest.approx(10)
    assert fields.above(2.0)[0, 0] == 0
    assert fields.mean_speed_m_per_s[middle] == pytest.approx(0)


def test_a_break_begins_the_longest_time_anew() -> None:
    here = [(5.0, 5.0)] * 4 + [(50.0, 5.0)] * 2 + [(5.0, 5.0)] * 3
    fields = measure_fields(walkers(*([here] * 30)), lay_grid(shapely.box(0, 0, 60, 10)))
    assert fields.above(4.0)[5, 5] == pytest.approx(7)
    assert fields.longest_above_s[5, 5] == pytest.approx(4)


def test_levels_are_fruins_and_the_worse_one_holds_on_a_limit() -> None:
    limits = np.array(level_limits_per_m2())
    assert "".join(levels_of(np.array([0.0, 0.35, 0.5, 1.0, 1.5, 3.0]))) == "ABCDEF"
    assert "".join(levels_of(limits)) == "BCDEF"
    assert "".join(levels_of(limits - 1e-6)) == "ABCDE"


def test_a_line_is_crossed_where_and_when_the_way_leads_over_it() -> None:
    over = [(0.0, 1.0), (4.0, 1.0)]
    back = [(4.0, 2.0), (0.0, 2.0)]
    beside = [(0.0, 9.0), (4.0, 9.0)]
    found = crossings_of(walkers(over, back, beside, step_s=2.0), ((1.0, 0.0), (1.0, 5.0)))
    assert list(found.ids) == [0, 1]
    assert list(found.times_s) == pytest.approx([0.5, 1.5])
    assert list(found.ways) == [-1, 1]


def test_who_stands_longest_is_named_first() -> None:
    waits = waits_of(walkers([(0, 0)] * 6, [(float(i), 3) for i in range(6)], [(9, 9)] * 3))
    assert list(waits.ids) == [0, 2, 1]
    assert list(waits.waited_s) == pytest.approx([6, 3, 0])
    assert tuple(waits.at_m[0]) == pytest.approx((0, 0))


def test_a_share_never_reached_has_no_time() -> None:
    assert clearance_of(np.arange(1.0, 96.0), 100) == {"0.5": 50.0, "0.9": 90.0}
    assert clearance_of(np.arange(1.0, 101.0), 100)["1.0"] == 100.0


@pytest.mark.parametrize(
    ("times", "places"),
    [([0.0, 0.0], [(0, 0), (1, 1)]), ([0.0, 1.0], [(0, 0), (np.nan, 1)]), ([0.0], [(0, 0), (1, 1)])],
)
def test_rows_that_are_no_trajectories_are_refused(times: list[float], places: list[object]) -> None:
    with pytest.raises(TracksError) as refused:
        tracks_of(np.zeros(2, int), np.array(times), np.array(places, float))
    assert refused.value.code == "bad-tracks"


def test_heads_over_area_are_those_of_pedpy(filmed: Tracks) -> None:
    assert area_density(filmed, MIDDLE) == pytest.approx(pedpy_density(filmed, MIDDLE))


def test_speed_in_an_area_is_that_of_pedpy(filmed: Tracks) -> None:
    ours, theirs = area_speed(filmed, MIDDLE), pedpy_speed(filmed, MIDDLE, window_s=1.0)
    both = np.isfinite(ours) & np.isfinite(theirs)
    both[:8] = both[-8:] = False  # PedPy looks to one side only where the film begins and ends
    assert both.sum() > 300
    assert np.abs(ours[both] - theirs[both]).max() < 0.005
    assert np.nanmean(ours) == pytest.approx(0.29, abs=0.06)


def test_passages_over_a_line_are_those_of_pedpy(filmed: Tracks) -> None:
    line = ((-0.5, 1.0), (2.3, 1.0))
    ours = crossings_of(filmed, line)
    theirs = pedpy_passages_s(filmed, line)
    first = ours.times_s[np.sort(np.unique(ours.ids, return_index=True)[1])]
    assert len(first) == len(theirs) > 15
    assert np.abs(np.sort(first) - theirs).max() <= 1 / FRAMES_PER_S + 1e-9
    assert flow_per_s(ours) == pytest.approx((len(theirs) - 1) / (theirs[-1] - theirs[0]), rel=0.02)


def test_the_grid_has_the_density_of_voronoi_cells(filmed: Tracks) -> None:
    seldom = np.isin(filmed.row_times_s, filmed.times_s[::40])
    sample = tracks_of(
        filmed.ids[seldom],
        filmed.row_times_s[seldom],
        np.column_stack([filmed.x_m[seldom].clip(0.01, 1.79), filmed.y_m[seldom]]),
    )
    grid = lay_grid(CORRIDOR, cell_m=0.45)
    rows = slice(round(4 / 0.45), round(6 / 0.45))
    own = [density_of(grid, sample.x_m[at], sample.y_m[at])[rows].mean() for _, at in sample.frames()]
    voronoi = pedpy_density(sample, MIDDLE, walkable=shapely.box(0, -4, 1.8, 5.01), kind="voronoi")
    assert np.mean(own) == pytest.approx(np.nanmean(voronoi), rel=0.1)
    assert np.mean(own) == pytest.approx(3.0, rel=0.15)
