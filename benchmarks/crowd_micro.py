# SPDX-License-Identifier: Apache-2.0
"""How fast everybody walks, beside JuPedSim on the same ground; a stadium emptied; a hundred thousand people.

`micro` compares the two engines and takes about three minutes; `micro-whole` runs the full-size stadiums of our own
engine alone and takes some minutes more: leave it out by not naming it.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import Polygon, box

from benchmarks.measuring import Measure
from hamkor.simulation.micro.crowd import Crowd
from hamkor.simulation.micro.placing import place_crowd
from hamkor.simulation.micro.profile import load_motion_profile
from hamkor.simulation.micro.result import Run
from hamkor.simulation.micro.running import run_micro
from hamkor.simulation.rules.floors import Door, Floors, Sheet, Start

GATE_COUNT, GATE_M = 16, 5.0
OUTER_M, INNER_M = 105.0, 60.0
BOTH_PEOPLE = 5_000
WHOLE_PEOPLE = 33_900
MOST_PEOPLE = 100_000
DT_S = 0.05
JUPEDSIM_STEPS = {500: 200, 12_000: 40}
OWN_S = 10.0
COUNTERPART = "jupedsim-defaults"


def stadium(vertices: int, people: int, *, outer_m: float = OUTER_M) -> Floors:
    """Returns a ring of ground with 16 gates, drawn with about so many vertices, 2 people per m² from the outside in.

    Args:
        vertices: About so many corners.
        people: How many.
        outer_m: Outer radius in metres.
    """
    per_circle = (vertices - 4 * GATE_COUNT) // 2
    ground = _disc(outer_m, per_circle).difference(_disc(outer_m - (OUTER_M - INNER_M), per_circle))
    doors = []
    for gate in range(GATE_COUNT):
        angle = 360 * gate / GATE_COUNT + 3
        ground = ground.union(_turned(box(outer_m - 3, -GATE_M / 2, outer_m + 5, GATE_M / 2), angle))
        line = _turned(shapely.LineString([(outer_m + 5, -GATE_M / 2), (outer_m + 5, GATE_M / 2)]), angle)
        ends = tuple((float(x), float(y)) for x, y in line.coords)
        doors.append(Door(id=f"gate:{gate}", sheet=0, line=(ends[0], ends[1]), leads_out=True))
    inner = math.sqrt(max((outer_m - 44) ** 2, (outer_m - 1) ** 2 - people / 2 / math.pi))
    start = _disc(outer_m - 1, 200).difference(_disc(inner, 200))
    return Floors(
        sheets=(Sheet(level=0, walkable=ground),),
        doors=tuple(doors),
        starts=(Start(place="stands", sheet=0, ground=start, people=people),),
    )


def run() -> list[Measure]:
    """Returns the ratios to JuPedSim on two drawings of the same stadium."""
    measures: list[Measure] = []
    for vertices, one_limit, two_limit in ((500, 20.0, 35.0), (12_000, 120.0, None)):
        floors = stadium(vertices, BOTH_PEOPLE)
        corners = len(shapely.get_coordinates(floors.sheets[0].walkable))
        theirs = _jupedsim_rate(floors, JUPEDSIM_STEPS[vertices])
        one, one_wall = _own_rates(floors, threads=1)
        _two, two_wall = _own_rates(floors, threads=2)
        conditions = (
            f"stadium of {corners} corners, {BOTH_PEOPLE} people (so few because JuPedSim takes long to insert them), "
            f"2 per m² at the start, time step {DT_S} s; JuPedSim 1.4.2 V2 {theirs / 1e3:.0f} thousand steps per "
            f"CPU-second over {JUPEDSIM_STEPS[vertices]} steps, own engine over {OWN_S:.0f} s"
        )
        measures.append(
            (
                f"micro: {vertices} corners",
                one / theirs,
                one_limit,
                "higher",
                f"agent-steps per CPU-second, own ({one / 1e6:.2f} M; {one_wall / 1e6:.2f} M per second of wall time) "
                f"/ JuPedSim, one thread; {conditions}",
            )
        )
        if two_limit is not None:
            measures.append(
                (
                    "micro: two threads",
                    two_wall / theirs,
                    two_limit,
                    "higher",
                    f"agent-steps per second of wall time on two threads ({two_wall / 1e6:.2f} M) / JuPedSim's rate; "
                    f"{conditions}",
                )
            )
    return measures


def run_whole() -> list[Measure]:
    """Returns an egress of 33 900 people and the speed and memory of 100 000, each in a process of its own."""
    egress = _in_child("egress")
    many = _in_child("many")
    return [
        (
            "micro: egress",
            egress["wall_s"],
            60.0,
            "lower",
            f"seconds of wall time for {WHOLE_PEOPLE} people out of 16 gates, {egress['ended_s']:.0f} s simulated at "
            f"{DT_S} s on two threads, {egress['agent_steps'] / 1e6:.0f} M steps, {egress['cpu_s']:.0f} CPU-s, "
            f"{egress['stuck']:.0f} stuck",
        ),
        (
            "micro: 100 000",
            many["ended_s"] / many["wall_s"],
            2.0,
            "higher",
            f"simulated seconds per second of wall time, {MOST_PEOPLE} people at the start, {many['ended_s']:.0f} s at "
            f"{DT_S} s on two threads, {many['agent_steps'] / many['cpu_s'] / 1e6:.2f} M steps per CPU-second",
        ),
        (
            "micro: memory",
            many["most_mb"],
            300.0,
            "lower",
            f"most memory of that process in MB, {many['before_mb']:.0f} MB of it before the run began",
        ),
    ]


def _disc(radius: float, corners: int) -> Polygon:
    angles = np.linspace(0, 2 * np.pi, max(16, corners), endpoint=False)
    return Polygon(np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=1))


def _turned(shape: shapely.Geometry, angle: float) -> shapely.Geometry:
    return affinity.rotate(shape, angle, origin=(0, 0))


def _own_rates(floors: Floors, *, threads: int) -> tuple[float, float]:
    """Returns agent-steps per CPU-second and per second of wall time, the better of two runs."""
    profile = load_motion_profile()
    crowd = place_crowd(floors, profile=profile, seed=1)
    run_micro(floors, crowd, profile=profile, dt_s=DT_S, horizon_s=1.0, threads=threads, may_be_stuck=True)
    rates = []
    for _ in range(2):
        wall = _WallTime()
        found = run_micro(
            floors,
            crowd,
            profile=profile,
            dt_s=DT_S,
            horizon_s=OWN_S,
            threads=threads,
            on_progress=wall,
            may_be_stuck=True,
        )
        rates.append(
            (found.agent_steps / found.cpu_s, found.agent_steps / found.steps * wall.steps_per_s(found))
        )
    return max(cpu for cpu, _wall in rates), max(each for _cpu, each in rates)


class _WallTime:
    """Wall time from the first to the last second of a run, without its preparation."""

    def __init__(self) -> None:
        self._first: tuple[float, float] | None = None
        self._last = (0.0, 0.0)

    def __call__(self, _share: float, now_s: float, _inside: int) -> None:
        self._last = (now_s, perf_counter())
        self._first = self._first or self._last

    def steps_per_s(self, run: Run) -> float:
        """Returns time steps per second of wall time."""
        first_s, first = self._first or (0.0, 0.0)
        last_s, last = self._last
        return (last_s - first_s) / run.dt_s / max(1e-9, last - first)


def _jupedsim_rate(floors: Floors, steps: int) -> float:
    """Returns agent-steps of JuPedSim per CPU-second, without inserting the people."""
    simulation = _fill_jupedsim(floors)
    moved, started = 0, process_time()
    for _ in range(steps):
        moved += simulation.agent_count()
        simulation.iterate()
    return moved / (process_time() - started)


def _fill_jupedsim(floors: Floors):  # type: ignore[no-untyped-def] # JuPedSim declares no types
    import jupedsim

    profile = load_motion_profile(COUNTERPART)
    crowd: Crowd = place_crowd(floors, profile=profile, seed=1)
    walkable = floors.sheets[0].walkable
    model = jupedsim.CollisionFreeSpeedModelV2()
    simulation = jupedsim.Simulation(model=model, geometry=walkable, dt=DT_S)
    centres = np.array([np.mean(door.line, axis=0) for door in floors.doors])
    stages, journeys = [], []
    for door in floors.doors:
        line = shapely.LineString(door.line)
        ground = (
            affinity.scale(line, 0.98, 0.98)
            .buffer(1.2, cap_style="flat")
            .intersection(walkable.buffer(-0.01))
        )
        stages.append(simulation.add_exit_stage(ground))
        journeys.append(simulation.add_journey(jupedsim.JourneyDescription([stages[-1]])))
    for x, y, speed, radius, gap in zip(
        crowd.x, crowd.y, crowd.speed, crowd.radius, crowd.time_gap, strict=True
    ):
        gate = int(np.argmin(np.hypot(centres[:, 0] - x, centres[:, 1] - y)))
        simulation.add_agent(
            jupedsim.CollisionFreeSpeedModelV2AgentParameters(
                position=(float(x), float(y)),
                journey_id=journeys[gate],
                stage_id=stages[gate],
                time_gap=float(gap),
                desired_speed=float(speed),
                radius=float(radius),
            )
        )
    return simulation


def _egress() -> Run:
    profile = load_motion_profile()
    floors = stadium(500, WHOLE_PEOPLE)
    return run_micro(
        floors,
        place_crowd(floors, profile=profile, seed=1),
        profile=profile,
        dt_s=DT_S,
        threads=2,
        may_be_stuck=True,
    )


def _many() -> Run:
    profile = load_motion_profile()
    floors = stadium(500, MOST_PEOPLE, outer_m=205.0)
    crowd = place_crowd(floors, profile=profile, seed=1)
    return run_micro(floors, crowd, profile=profile, dt_s=DT_S, horizon_s=20.0, threads=2, may_be_stuck=True)


CHILDREN: dict[str, Callable[[], Run]] = {"egress": _egress, "many": _many}


def _in_child(name: str) -> dict[str, float]:
    """Returns what a run in a process of its own found; compiled code is loaded before the clock starts."""
    command = [sys.executable, "-m", "benchmarks.crowd_micro", name]
    output = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=Path(__file__).parent.parent
    )
    found: dict[str, float] = json.loads(output.stdout)
    return found


def _tell(name: str) -> None:
    import resource

    small = stadium(500, 2_000)
    profile = load_motion_profile()
    run_micro(
        small, place_crowd(small, profile=profile, seed=1), profile=profile, horizon_s=1, may_be_stuck=True
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = perf_counter()
    found = CHILDREN[name]()
    told = {
        "wall_s": perf_counter() - started,
        "cpu_s": found.cpu_s,
        "ended_s": found.ended_s,
        "agent_steps": found.agent_steps,
        "stuck": len(found.stuck),
        "before_mb": before,
        "most_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    _tell(sys.argv[1])
