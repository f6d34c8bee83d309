# SPDX-License-Identifier: Apache-2.0
"""JuPedSim as an independent second opinion: the same floors and people, another programme, the same kind of result.

Source: JuPedSim 1.4.2 (LGPL-3, Forschungszentrum Jülich), model `CollisionFreeSpeedModelV2`; Tordeux, Chraibi,
Seyfried, Collision-free speed model for pedestrian dynamics, Traffic and Granular Flow '15.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.simulation.micro.crowd import Crowd
from hamkor.simulation.micro.profile import MotionProfile
from hamkor.simulation.micro.result import Crossings, Frames, Run
from hamkor.simulation.rules.floors import Door, Floors

# Ground behind an exit in which JuPedSim takes people out; as deep as a slow step and a fast one.
EXIT_DEPTH_M = 0.6
# Two shapes that only touch are one ground for certain when they overlap by this much.
OVERLAP_M = 1e-3


class OracleError(HamkorError):
    """Something JuPedSim cannot do, or JuPedSim itself is missing."""


def run_jupedsim(
    floors: Floors,
    crowd: Crowd,
    *,
    profile: MotionProfile,
    dt_s: float = 0.05,
    horizon_s: float = 4 * 3600.0,
    record_every_s: float | None = None,
) -> Run:
    """Returns how everybody walked by JuPedSim until all had left or the horizon was reached.

    Everybody goes to the exit of theirs that is nearest on foot at the start, as JuPedSim plans it. Waiting times, ways
    and densities are not measured: take them from the recorded frames.

    Args:
        floors: Flat ground of one sheet.
        crowd: Who walks; all are there from the start and start at once.
        profile: Motion profile; its noise and surfaces are not used.
        dt_s: Time step in seconds.
        horizon_s: Longest time simulated, seconds.
        record_every_s: Seconds between recorded frames; None records none.

    Raises:
        OracleError: JuPedSim is not installed, cannot do what is asked, or does not take the ground or a person.
    """
    library = _library()
    _refuse_what_it_cannot(floors, crowd)
    began = time.process_time()
    exits = [each for each in floors.doors if each.leads_out]
    grounds = [_exit_ground(each, floors.sheets[0].walkable) for each in exits]
    simulation, number, chosen = _prepare(library, floors, crowd, profile=profile, grounds=grounds, dt_s=dt_s)
    every = None if record_every_s is None else max(1, round(record_every_s / dt_s))
    walk = _Walk(crowd, chosen, every=every)
    walk.go(simulation, number, dt_s=dt_s, horizon_s=horizon_s)
    return walk.result(floors, exits, dt_s=dt_s, profile=profile, began=began)


class _Walk:
    """One run: who is out when, and where everybody was."""

    def __init__(self, crowd: Crowd, chosen: np.ndarray, *, every: int | None) -> None:
        self.crowd = crowd
        self.chosen = chosen
        self.every = every
        self.out_s = np.full(len(crowd), np.nan, np.float32)
        self.end_xy = np.column_stack([crowd.x, crowd.y])
        self.inside: list[int] = [len(crowd)]
        self.times: list[float] = []
        self.ids: list[np.ndarray] = []
        self.places: list[np.ndarray] = []
        self.steps = 0
        self.agent_steps = 0

    def go(self, simulation: Any, number: dict[int, int], *, dt_s: float, horizon_s: float) -> None:
        """Steps until everybody is out or time is up."""
        a_second = max(1, round(1.0 / dt_s))
        self._record(simulation, number, 0.0)
        while simulation.agent_count() and self.steps * dt_s < horizon_s:
            self.agent_steps += simulation.agent_count()
            simulation.iterate()
            self.steps += 1
            # It tells who is out one step after they crossed the line.
            out = [number[agent] for agent in simulation.removed_agents()]
            self.out_s[out] = (self.steps - 1) * dt_s
            if self.every and self.steps % self.every == 0:
                self._record(simulation, number, self.steps * dt_s)
            if self.steps % a_second == 0:
                self.inside.append(int(np.isnan(self.out_s).sum()))
        self._keep_ends(simulation, number)

    def _record(self, simulation: Any, number: dict[int, int], at_s: float) -> None:
        if self.every is None or not simulation.agent_count():
            return
        rows = sorted((number[agent.id], agent.position) for agent in simulation.agents())
        self.times.append(at_s)
        self.ids.append(np.array([person for person, _place in rows], np.int32))
        self.places.append(np.array([place for _person, place in rows], np.float32).reshape(-1, 2))

    def _keep_ends(self, simulation: Any, number: dict[int, int]) -> None:
        for agent in simulation.agents():
            self.end_xy[number[agent.id]] = agent.position

    def result(
        self, floors: Floors, exits: list[Door], *, dt_s: float, profile: MotionProfile, began: float
    ) -> Run:
        """Returns everything in the form our own engine has."""
        count = len(self.crowd)
        frames = self._frames(dt_s) if self.times else None
        door_ids = tuple(door.id for door in floors.doors)
        doors = np.array([door_ids.index(door.id) for door in exits], np.int16)[self.chosen]
        exit_of = np.where(np.isnan(self.out_s), -1, doors).astype(np.int16)
        return Run(
            crowd=self.crowd,
            out_s=self.out_s,
            exit=exit_of,
            door_ids=door_ids,
            crossings={door: self._crossings(exit_of == index) for index, door in enumerate(door_ids)},
            waited_s=np.full(count, np.nan, np.float32),
            walked_m=np.full(count, np.nan, np.float32),
            end_xy=self.end_xy,
            end_sheet=np.zeros(count, np.int16),
            frames=frames,
            densities=(),
            inside=np.array(self.inside, np.int32),
            stuck=np.zeros(0, np.int32),
            is_gridlock=False,
            steps=self.steps,
            agent_steps=self.agent_steps,
            ended_s=self.steps * dt_s,
            dt_s=dt_s,
            cpu_s=time.process_time() - began,
            profile_id=profile.id,
            seed=0,
            assumptions=(
                Message(N_("JuPedSim walked: everybody to the exit nearest at the start, without noise.")),
            ),
        )

    def _crossings(self, by: np.ndarray) -> Crossings:
        people = np.flatnonzero(by)
        order = people[np.argsort(self.out_s[people], kind="stable")]
        return Crossings(
            times_s=self.out_s[order], ids=order.astype(np.int32), side=np.ones(len(order), np.int8)
        )

    def _frames(self, dt_s: float) -> Frames:
        sizes = [len(ids) for ids in self.ids]
        rows = sum(sizes)
        return Frames(
            times_s=np.array(self.times, np.float32),
            offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            ids=np.concatenate(self.ids),
            xy=np.vstack(self.places),
            sheet=np.zeros(rows, np.uint8),
            speed=np.full(rows, np.nan, np.float32),
            origin=(0.0, 0.0),
            every_s=(self.every or 1) * dt_s,
        )


def _library() -> Any:
    try:
        return importlib.import_module("jupedsim")
    except ImportError as missing:
        raise OracleError(
            "oracle-missing",
            N_("JuPedSim is not installed. Install the extra: {extra}."),
            extra="hamkor[oracle]",
        ) from missing


def _refuse_what_it_cannot(floors: Floors, crowd: Crowd) -> None:
    limited = [door.id for door in floors.doors if door.rate_per_s is not None or door.servers]
    reasons = (
        (len(floors.sheets) != 1 or floors.strips, N_("stairs, ramps and storeys")),
        (len(crowd) == 0, N_("a crowd of nobody")),
        (bool(np.any(crowd.premovement_s > 0)), N_("people who wait before they start")),
        (bool(np.any(crowd.appears_s > 0)), N_("people who come later")),
        (bool(limited), N_("doors and turnstiles with a limited rate")),
        (not any(door.leads_out for door in floors.doors), N_("ground without an exit")),
        (not isinstance(floors.sheets[0].walkable, Polygon), N_("ground in several pieces")),
    )
    for applies, what in reasons:
        if applies:
            raise OracleError(
                "oracle-cannot",
                N_("JuPedSim cannot do this: {what}. Use our own engine, or leave it out of the comparison."),
                what=Message(what),
            )


def _exit_ground(door: Door, walkable: Any) -> Any:
    """Ground behind an exit, on the side that is not walkable."""
    (ax, ay), (bx, by) = door.line
    length = float(np.hypot(bx - ax, by - ay))
    across = np.array([-(by - ay), bx - ax]) / length
    sides = []
    for way in (across, -across):
        near, far = way * -OVERLAP_M, way * EXIT_DEPTH_M
        ends = np.array([(ax, ay), (bx, by)])
        ground = Polygon(np.vstack([ends + near, ends[::-1] + far]))
        sides.append((ground.intersection(walkable).area, ground))
    return min(sides, key=lambda side: side[0])[1]


def _prepare(
    library: Any, floors: Floors, crowd: Crowd, *, profile: MotionProfile, grounds: list[Any], dt_s: float
) -> tuple[Any, dict[int, int], np.ndarray]:
    """Returns the simulation with everybody in it, our number of each of its agents, and everybody's exit."""
    ground = shapely.union_all([floors.sheets[0].walkable, *grounds])
    exits = [door.id for door in floors.doors if door.leads_out]
    try:
        simulation = library.Simulation(model=library.CollisionFreeSpeedModelV2(), geometry=ground, dt=dt_s)
        stages = [simulation.add_exit_stage(each) for each in grounds]
        journeys = [simulation.add_journey(library.JourneyDescription([stage])) for stage in stages]
        chosen = _nearest_exits(library, ground, crowd=crowd, exits=exits, grounds=grounds)
        number = {}
        for person, parameters in enumerate(_parameters(library, crowd, profile)):
            parameters.journey_id, parameters.stage_id = journeys[chosen[person]], stages[chosen[person]]
            number[simulation.add_agent(parameters)] = person
    except RuntimeError as fault:
        raise OracleError(
            "oracle-refuses",
            N_("JuPedSim does not take this ground or somebody on it: {fault}. Simplify the drawing."),
            fault=str(fault),
        ) from fault
    return simulation, number, chosen


def _parameters(library: Any, crowd: Crowd, profile: MotionProfile) -> Iterator[Any]:
    for person in range(len(crowd)):
        yield library.CollisionFreeSpeedModelV2AgentParameters(
            position=(float(crowd.x[person]), float(crowd.y[person])),
            time_gap=float(crowd.time_gap[person]),
            desired_speed=float(crowd.speed[person]),
            radius=float(crowd.radius[person]),
            strength_neighbor_repulsion=profile.neighbour_strength,
            range_neighbor_repulsion=profile.neighbour_range_m,
            strength_geometry_repulsion=profile.wall_strength,
            range_geometry_repulsion=profile.wall_range_m,
        )


def _nearest_exits(
    library: Any, ground: Any, *, crowd: Crowd, exits: list[str], grounds: list[Any]
) -> np.ndarray:
    """Index of the exit each person goes to, among those of their destination."""
    if len(exits) == 1:
        return np.zeros(len(crowd), np.int64)
    engine = library.RoutingEngine(ground)
    targets = [(float(each.centroid.x), float(each.centroid.y)) for each in grounds]
    allowed = [
        [index for index, door in enumerate(exits) if not wanted or door in wanted]
        for wanted in crowd.destinations
    ]
    chosen = np.zeros(len(crowd), np.int64)
    for person in range(len(crowd)):
        at = (float(crowd.x[person]), float(crowd.y[person]))
        open_to = allowed[int(crowd.destination[person])]
        ways = [_length(engine.compute_waypoints(at, targets[index])) for index in open_to]
        chosen[person] = open_to[int(np.argmin(ways))]
    return chosen


def _length(points: list[tuple[float, float]]) -> float:
    return float(np.hypot(*np.diff(np.asarray(points), axis=0).T).sum())
