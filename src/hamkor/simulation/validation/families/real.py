# SPDX-License-Identifier: Apache-2.0
"""Real people: our measures against PedPy's, and the engine on the ground of the experiments."""

from __future__ import annotations

from typing import Any

import numpy as np
from shapely.geometry import Polygon, box
from shapely.ops import unary_union

from hamkor.crowd.rules.verification import verification_data
from hamkor.simulation.measures.pedpy_measures import pedpy_density, pedpy_passages_s, pedpy_speed
from hamkor.simulation.measures.tracks import Tracks
from hamkor.simulation.rules.floors import Floors, Segment
from hamkor.simulation.validation import grounds
from hamkor.simulation.validation.cases import Finding, Plot, Series, case, profile
from hamkor.simulation.validation.families.rimea import even_corridor
from hamkor.simulation.validation.measuring import (
    along,
    density_and_speed,
    first_passages_s,
    flow_of,
    rms,
)
from hamkor.simulation.validation.recorded import (
    BOTTLENECKS,
    CORRIDORS,
    SPEED_WINDOW_S,
    read_bottleneck,
    read_corner,
    read_corridor,
    read_single_file,
)
from hamkor.simulation.validation.walking import (
    SETTLED_S,
    as_students,
    counted,
    crowd,
    people_out,
    spread,
    tracks_from,
    walk,
)

CORRIDOR_MIDDLE = box(0.0, -1.0, 1.8, 1.0)
CORRIDOR_EXIT: Segment = ((-1.0, -4.0), (3.0, -4.0))
ENTRANCE_LINE: Segment = ((0.4, 0.0), (-0.4, 0.0))


@case("real-measures")
def measure_twice() -> Finding:
    """Returns the largest differences between our measures and PedPy's."""
    density, speed, flow = [], [], []
    for name in CORRIDORS:
        tracks = read_corridor(name)
        ours = density_and_speed(tracks, CORRIDOR_MIDDLE)
        theirs = _by_pedpy(tracks, CORRIDOR_MIDDLE)
        density.append(abs(ours[0] / theirs[0] - 1))
        speed.append(abs(ours[1] / theirs[1] - 1))
        flow.append(_flow_difference(tracks, CORRIDOR_EXIT))
    flow += [_flow_difference(read_bottleneck(name), ENTRANCE_LINE) for name in BOTTLENECKS]
    return Finding(
        measured={
            "worst_density_share": max(density),
            "worst_speed_share": max(speed),
            "worst_flow_share": max(flow),
        }
    )


def recorded_corridors() -> list[tuple[float, float]]:
    """Returns density and speed along the corridor of the five runs."""
    return [density_and_speed(along(read_corridor(name), (0.0, -1.0)), CORRIDOR_MIDDLE) for name in CORRIDORS]


@case("real-corridor")
def walk_at_recorded_densities() -> Finding:
    """Returns how far speeds are from those of five corridor runs."""
    recorded = recorded_corridors()
    walked = [mean_of_seeds(density) for density, _speed in recorded]
    differences = np.array([ours[1] - theirs[1] for ours, theirs in zip(walked, recorded, strict=True)])
    measured = {"rms_m_per_s": rms(differences)}
    for name, theirs, ours in zip(CORRIDORS, recorded, walked, strict=True):
        measured |= {f"{name}_recorded_m_per_s": theirs[1], f"{name}_engine_m_per_s": ours[1]}
    return Finding(
        measured=measured,
        plot=Plot(
            title="Speed by density in the corridor of 1.8 m",
            x="people per m²",
            y="speed, m/s",
            series=(
                Series(label="recorded", x=_first(recorded), y=_second(recorded), style="points"),
                Series(label="engine", x=_first(walked), y=_second(walked), style="points"),
            ),
        ),
    )


def mean_of_seeds(per_m2: float, seeds: int = 5) -> tuple[float, float]:
    """Returns density and speed in the corridor of 1.8 m, mean of several seeds.

    Args:
        per_m2: Density it is filled with.
        seeds: How many.
    """
    found = [even_corridor(per_m2, 1.8, seed=seed, students=True) for seed in range(1, seeds + 1)]
    return float(np.mean([each[0] for each in found])), float(np.mean([each[1] for each in found]))


CORNER_BOXES = {"before": box(1, -3, 3, 0), "corner": box(-3, -3, 0, 0), "after": box(-3, 1, 0, 3)}
CORNER_LINE: Segment = ((-3.0, 1.0), (0.0, 1.0))


@case("real-corner")
def walk_the_recorded_corner() -> Finding:
    """Returns speeds and flow round a corner against those recorded."""
    recorded = {name: density_and_speed(read_corner(), area) for name, area in CORNER_BOXES.items()}
    walkable = unary_union([box(-3, -3, 40, 0), box(-3, -3, 0, 12)])
    floors = grounds.flat(walkable, (grounds.door("end", ((-3, 12), (0, 12))),))
    places = grounds.stand_in_lattice(box(3, -2.75, 40, -0.25), recorded["before"][0], seed=profile().seed)
    run = walk(floors, as_students(crowd(places)), record_every_s=0.125, horizon_s=60.0)
    tracks = tracks_from(run)
    # From when the first have passed the corner until the last come to it.
    window = (8.0, 20.0)
    walked = {name: density_and_speed(tracks, area, times_s=window) for name, area in CORNER_BOXES.items()}
    passages = first_passages_s(tracks, CORNER_LINE)
    flow = flow_of(passages[(passages > window[0]) & (passages < window[1])])
    recorded_flow = flow_of(first_passages_s(read_corner(), CORNER_LINE), first=0.25, last=0.75)
    measured = {f"speed_{name}_ratio": walked[name][1] / recorded[name][1] for name in CORNER_BOXES}
    return Finding(
        measured={**measured, "flow_ratio": flow / recorded_flow, "recorded_flow_per_s": recorded_flow},
        note="Recorded and walked density before the corner: "
        f"{recorded['before'][0]:.2f} and {walked['before'][0]:.2f} people per m².",
    )


def single_file(name: str, ends_m: tuple[float, float]) -> Finding:
    """Returns the speed of a row of people at the recorded distance, and the recorded speed.

    Args:
        name: Recorded run.
        ends_m: Where its section begins and ends along x.
    """
    section = box(ends_m[0], -0.5, ends_m[1], 0.5)
    per_m, speed = density_and_speed(along(read_single_file(name), (1.0, 0.0), window_s=0.8), section)
    count, length = 40, 40 / per_m
    floors = grounds.corridor(length, 0.6, before_m=1)
    places = np.column_stack([(np.arange(count) + 0.5) / per_m, np.full(count, 0.3)])
    run = walk(floors, as_students(crowd(places)), horizon_s=10.5, record_every_s=0.25)
    tracks = along(tracks_from(run), (1.0, 0.0))
    middle = box(length * 0.3, 0.0, length * 0.6, 0.6)
    density, walked = density_and_speed(tracks, middle, times_s=(SETTLED_S[0], 10.0))
    return Finding(
        measured={
            "difference_m_per_s": walked - abs(speed),
            "recorded_m_per_s": abs(speed),
            "engine_m_per_s": walked,
            "recorded_per_m": per_m,
            "engine_per_m": density * 0.6,
        }
    )


@case("real-single-34")
def walk_in_single_file() -> Finding:
    """Returns the speed of a row of 34 people."""
    return single_file("n34_cam2", (-2.0, 1.0))


@case("real-single-56")
def walk_in_tight_single_file() -> Finding:
    """Returns the speed of a row of 56 people."""
    return single_file("n56_cam1", (-1.0, 2.0))


def entrance_floors() -> Floors:
    """Returns the ground of the entrance experiments: 5.6 m wide, narrowing to 0.5 m for a metre, open behind."""
    inner = [(-0.4, 0), (-0.25, -0.15), (-0.25, -1.2), (0.25, -1.2), (0.25, -0.15), (0.4, 0)]
    hall = Polygon([(-2.8, 7), (-2.8, 0), *inner, (2.8, 0), (2.8, 7)])
    behind = box(-2.0, -4.0, 2.0, -1.1)
    return grounds.flat(hall.union(behind), (grounds.door("end", ((-2.0, -4.0), (2.0, -4.0))),))


def entrance(name: str) -> Finding:
    """Returns the flow through the entrance, recorded and walked.

    Args:
        name: Recorded run; the people start where its people stood.
    """
    tracks = read_bottleneck(name)
    begin = slice(int(tracks.starts[0]), int(tracks.starts[1]))
    places = np.column_stack([tracks.x_m[begin], tracks.y_m[begin]])
    inside = places[places[:, 1] > 0.25]
    runs = [
        walk(entrance_floors(), as_students(crowd(inside), seed=seed), seed=seed, record_every_s=0.2)
        for seed in profile().seeds
    ]
    recorded = first_passages_s(tracks, ENTRANCE_LINE)
    walked = [first_passages_s(tracks_from(run), ENTRANCE_LINE) for run in runs]
    return Finding(
        measured={
            **compare_flows(flow_of(recorded), [flow_of(each) for each in walked]),
            "people": float(len(inside)),
            "left_behind": float(sum(run.left for run in runs)),
        },
        plot=people_out(
            f"People through the entrance, run {name[:3]}",
            _counted(recorded, "recorded"),
            _counted(walked[0], "engine"),
        ),
    )


def compare_flows(recorded: float, walked: list[float]) -> dict[str, float]:
    """Returns the mean of walked flows over the recorded one, with both and the spread.

    Args:
        recorded: People per second.
        walked: The same, one for each seed.
    """
    return {
        "flow_ratio": float(np.mean(walked)) / recorded,
        "recorded_flow_per_s": recorded,
        "engine_flow_per_s": float(np.mean(walked)),
        "engine_spread_per_s": float(np.std(walked, ddof=1)),
    }


@case("real-entrance-030")
def pass_the_entrance() -> Finding:
    """Returns the flow of run 030."""
    return entrance(BOTTLENECKS[0])


@case("real-entrance-040")
def pass_the_entrance_again() -> Finding:
    """Returns the flow of run 040."""
    return entrance(BOTTLENECKS[1])


def hermes_floors(exit_m: float) -> Floors:
    """Returns a waiting room, an entrance of 1.8 m, a corridor of 8 x 1.8 m and an exit.

    Args:
        exit_m: Width of the exit.
    """
    middle = 0.9
    parts = [
        box(middle - 3, 5, middle + 3, 18),
        box(0, -4, 1.8, 5),
        box(middle - exit_m / 2, -4.2, middle + exit_m / 2, -4),
        box(middle - 3, -8, middle + 3, -4.2),
    ]
    return grounds.flat(unary_union(parts), (grounds.door("end", ((middle - 3, -8.0), (middle + 3, -8.0))),))


def hermes(run_id: str) -> Finding:
    """Returns the flow at a corridor exit, walked over recorded.

    Args:
        run_id: Of the recorded run.
    """
    width, people, _seconds, recorded, _per_m = verification_data().hermes[run_id]
    waiting = box(-1.8, 5.3, 3.6, 17.5)
    runs = [
        walk(
            hermes_floors(width),
            as_students(crowd(spread(waiting, people, seed=seed)), seed=seed),
            seed=seed,
            record_every_s=0.2,
        )
        for seed in profile().seeds
    ]
    line: Segment = ((0.9 - width / 2, -4.1), (0.9 + width / 2, -4.1))
    walked = [first_passages_s(tracks_from(run), line) for run in runs]
    series = [_counted(walked[0], "engine")]
    if run_id in CORRIDORS:
        series.insert(0, _counted(first_passages_s(read_corridor(run_id), CORRIDOR_EXIT), "recorded"))
    flows = compare_flows(recorded, [flow_of(each) for each in walked])
    return Finding(
        measured={
            **flows,
            "engine_per_m_s": flows["engine_flow_per_s"] / width,
            "left_behind": float(sum(run.left for run in runs)),
        },
        plot=people_out(f"People through an exit of {width:.2f} m", *series),
    )


@case("hermes-070")
def leave_by_070() -> Finding:
    """Returns the flow through 0.70 m."""
    return hermes("uo-180-180-070")


@case("hermes-095")
def leave_by_095() -> Finding:
    """Returns the flow through 0.95 m."""
    return hermes("uo-180-180-095")


@case("hermes-120")
def leave_by_120() -> Finding:
    """Returns the flow through 1.20 m."""
    return hermes("uo-180-180-120")


@case("hermes-180")
def leave_by_180() -> Finding:
    """Returns the flow through 1.80 m."""
    return hermes("uo-180-180-180")


def _by_pedpy(tracks: Tracks, area: Any) -> tuple[float, float]:
    density = pedpy_density(tracks, area)
    speed = pedpy_speed(tracks, area, window_s=SPEED_WINDOW_S)
    used = np.flatnonzero(density > 0)
    used = used[len(used) // 4 : len(used) - len(used) // 4]
    return float(np.mean(density[used])), float(np.nanmean(speed[used]))


def _flow_difference(tracks: Tracks, line: Segment) -> float:
    return abs(flow_of(first_passages_s(tracks, line)) / flow_of(pedpy_passages_s(tracks, line)) - 1)


def _counted(times_s: Any, label: str) -> Series:
    """Passages counted from the first."""
    return counted(np.asarray(times_s) - (times_s[0] if len(times_s) else 0.0), label)


def _first(pairs: list[tuple[float, float]]) -> tuple[float, ...]:
    return tuple(pair[0] for pair in pairs)


def _second(pairs: list[tuple[float, float]]) -> tuple[float, ...]:
    return tuple(pair[1] for pair in pairs)
