# SPDX-License-Identifier: Apache-2.0
"""Sets the stage of a run: ground, doors, fields and people as flat arrays, and what changes while it goes on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from hamkor.common.messages import N_
from hamkor.simulation.micro.crowd import Crowd, Redirect
from hamkor.simulation.micro.errors import GroundError
from hamkor.simulation.micro.fields import (
    aims_of,
    has_front,
    reachable,
    twins,
    walking_cost,
    walking_times,
    ways,
)
from hamkor.simulation.micro.ground import Ground, build_ground, make_cells, windows_of
from hamkor.simulation.micro.marching import FAR
from hamkor.simulation.micro.profile import MotionProfile
from hamkor.simulation.micro.refusing import refuse_faults, refuse_outside
from hamkor.simulation.micro.shapes import (
    ABSENT,
    CELLS,
    DOOR,
    DOORS,
    INSIDE,
    LAW,
    NODES,
    PERSON,
    SIGHT,
    STRIP,
    WALLS,
    World,
)
from hamkor.simulation.rules.floors import Floors
from hamkor.simulation.rules.scenario import Change

NEVER = 2**31 - 1
MOST_WAYS = 500_000_000
"""Directions of all fields together, 4 bytes each: 2 GB."""
CELL_M = 0.8
"""Side of a cell of people: half of how far they look, so that few are looked at in vain."""
WIDE_CELL_M = 2.4
"""The same where people come one after the other: few are there at once, and cells cost more than they."""


@dataclass(kw_only=True)
class Stage:
    """Everything but the people, as it is now.

    Attributes:
        floors: The ground as drawn.
        crowd: Who walks.
        profile: Motion profile.
        dt_s: Time step.
        changes: By time; those before `done` have happened.
        redirects: By time; those before `sent` have happened.
        ground: With what is shut now.
        world: The same for compiled code; its people are not yet there.
        destination: Destination of each person now, int16 (n).
        pairs: Destination and use of stairs of each field.
    """

    floors: Floors
    crowd: Crowd
    profile: MotionProfile
    dt_s: float
    changes: Sequence[Change]
    redirects: Sequence[Redirect]
    ground: Ground
    world: World
    destination: np.ndarray
    pairs: list[tuple[int, bool]]
    factors: dict[str, float] = field(default_factory=dict)
    done: int = 0
    sent: int = 0

    @property
    def has_limits(self) -> bool:
        """True when a door lets people through so slowly that standing still is no sign of being stuck."""
        doors = self.world.doors
        return bool((doors["servers"] > 0).any() or (np.isfinite(doors["rate"]) & (doors["rate"] > 0)).any())

    def next_moments(self, now_s: float) -> list[float]:
        """Returns the moments after now at which something changes."""
        moments = [change.at_s for change in self.changes[self.done :]]
        return [at for at in moments + [each.at_s for each in self.redirects[self.sent :]] if at > now_s]

    def apply_due(self, now_s: float) -> bool:
        """Applies what is due by now; returns True when ways or destinations changed."""
        first, done = self.done, self.done
        while self.done < len(self.changes) and self.changes[self.done].at_s <= now_s:
            change = self.changes[self.done]
            self.factors[change.link] = change.factor
            self.done += 1
        sent = self.sent
        while self.sent < len(self.redirects) and self.redirects[self.sent].at_s <= now_s:
            self._redirect(self.redirects[self.sent])
            self.sent += 1
        if self.done > done or first != self.done:
            _set_doors(self.world, self.floors, self.factors, self.profile, self.dt_s)
            self._renew()
        return self.done > done or self.sent > sent

    def _redirect(self, redirect: Redirect) -> None:
        rows = np.ones(len(self.crowd), bool)
        if redirect.of is not None:
            rows &= self.destination == redirect.of
        if redirect.place is not None:
            rows &= self.crowd.place == self.crowd.places.index(redirect.place)
        self.destination[rows] = redirect.to

    def _renew(self) -> None:
        shut = [name for name, factor in self.factors.items() if factor <= 0]
        body, look = _reaches(self.crowd, self.profile)
        self.ground = build_ground(self.floors, profile=self.profile, shut=shut, body_m=body, look_m=look)
        found = _terrain(self.floors, self.ground, self.crowd, self.profile, (self.pairs, shut))
        self.world = _lay(self.world, self.ground, found)


def make_stage(
    floors: Floors,
    crowd: Crowd,
    *,
    profile: MotionProfile,
    dt_s: float,
    changes: Sequence[Change],
    redirects: Sequence[Redirect],
    seed: int,
) -> Stage:
    """Returns the stage at second 0.

    Args:
        floors: The ground.
        crowd: Who walks.
        profile: Motion profile.
        dt_s: Time step in seconds.
        changes: By time.
        redirects: By time.
        seed: Seed.

    Raises:
        GroundError: Fatal faults, unknown doors, exits out of reach, people without a way.
        CrowdError: People outside the ground.
    """
    refuse_faults(floors, crowd, changes, redirects)
    early = [change for change in changes if change.at_s <= 0]
    factors = {change.link: change.factor for change in early}
    shut = [name for name, factor in factors.items() if factor <= 0]
    body, look = _reaches(crowd, profile)
    ground = build_ground(floors, profile=profile, shut=shut, body_m=body, look_m=look)
    pairs = _pairs(floors, crowd, redirects)
    world = _lay(
        _make_world(floors, crowd, _make_law(profile, crowd, dt_s, seed)),
        ground,
        _terrain(floors, ground, crowd, profile, (pairs, shut)),
    )
    _set_doors(world, floors, factors, profile, dt_s)
    stage = Stage(
        floors=floors,
        crowd=crowd,
        profile=profile,
        dt_s=dt_s,
        changes=changes,
        redirects=redirects,
        ground=ground,
        world=world,
        destination=crowd.destination.copy(),
        pairs=pairs,
        factors=factors,
        done=len(early),
    )
    refuse_outside(floors, crowd)
    _refuse_without_way(stage)
    return stage


def make_people(crowd: Crowd, stage: Stage, *, dt_s: float) -> np.ndarray:
    """Returns the people as they stand at second 0, `PERSON` (n).

    Args:
        crowd: Who walks.
        stage: Where.
        dt_s: Time step in seconds.
    """
    people = np.zeros(len(crowd), PERSON)
    for name in ("speed", "radius", "time_gap", "sheet"):
        people[name] = getattr(crowd, name)
    people["x"] = people["anchor_x"] = people["last_x"] = crowd.x - stage.ground.origin[0]
    people["y"] = people["anchor_y"] = people["last_y"] = crowd.y - stage.ground.origin[1]
    people["appears"] = np.minimum(np.ceil(crowd.appears_s.astype(float) / dt_s - 1e-4), NEVER)
    people["starts"] = np.minimum(np.ceil(crowd.premovement_s.astype(float) / dt_s - 1e-4), NEVER)
    people["state"] = np.where(people["appears"] > 0, ABSENT, INSIDE)
    for name in ("crossed", "serving", "exit", "left_at"):
        people[name] = -1
    people["id"] = np.arange(len(crowd))
    people["strip"] = _strip_under(stage, people["x"], people["y"], people["sheet"].astype(np.int64))
    set_fields(people, stage)
    return people


def set_fields(people: np.ndarray, stage: Stage) -> None:
    """Gives everybody the field of their destination.

    Args:
        people: Everybody, in any order.
        stage: With their destinations.
    """
    destination, stairs = stage.destination[people["id"]], stage.crowd.uses_stairs[people["id"]]
    has_stairs = any(strip.surface == "stairs" for strip in stage.floors.strips)
    for index, (wanted, uses_stairs) in enumerate(stage.pairs):
        rows = destination == wanted
        if has_stairs:
            rows &= stairs == uses_stairs
        people["field"][rows] = index


def _strip_under(stage: Stage, x: np.ndarray, y: np.ndarray, sheet: np.ndarray) -> np.ndarray:
    at, nodes = stage.ground.strips.at, stage.ground.nodes
    if len(at) == 1:
        return np.zeros(len(x), np.int16)
    column = (x * nodes.inverse).astype(np.int64) - nodes.x0[sheet]
    row = (y * nodes.inverse).astype(np.int64) - nodes.y0[sheet]
    return at[nodes.base[sheet] + row * nodes.columns[sheet] + column].astype(np.int16)


def _reaches(crowd: Crowd, profile: MotionProfile) -> tuple[float, float]:
    """Returns how far walls reach a body, and how far people look for others, metres."""
    if not len(crowd):
        return 1.0, 2.0
    largest = float(crowd.radius.max())
    wall = profile.wall_range_m * math.log(profile.wall_strength / profile.least_influence)
    turn = profile.neighbour_range_m * math.log(profile.neighbour_strength / profile.least_influence)
    gap = max(1.0, profile.surfaces.stairs_time_gap, profile.surfaces.ramp_time_gap)
    slow = np.maximum(crowd.speed * crowd.time_gap * gap, turn)
    return largest + wall + 0.15, float((crowd.radius + largest + slow).max()) * 1.0001 + 1e-4


def _make_law(profile: MotionProfile, crowd: Crowd, dt_s: float, seed: int) -> np.ndarray:
    law = np.zeros(1, LAW)
    law["dt"] = dt_s
    law["strength"], law["per_range"] = profile.neighbour_strength, 1 / profile.neighbour_range_m
    law["reach"] = profile.neighbour_range_m * math.log(profile.neighbour_strength / profile.least_influence)
    law["wall_strength"], law["per_wall_range"] = profile.wall_strength, 1 / profile.wall_range_m
    law["wall_reach"] = profile.wall_range_m * math.log(profile.wall_strength / profile.least_influence)
    law["off_wall"] = profile.most_off_wall
    law["noise"], law["unrest"] = profile.direction_noise, profile.unrest
    law["slim"] = profile.slim
    law["squeeze"], law["still"] = profile.squeeze, profile.still_m_per_s
    law["patience"] = max(1, round(profile.patience_s / dt_s))
    law["most_radius"] = crowd.radius.max() if len(crowd) else 0.2
    law["leaving"] = profile.leaving_m
    law["second"], law["seed"] = max(1, round(1 / dt_s)), seed
    law["is_spread"] = profile.service == "exponential"
    return law


def _make_world(floors: Floors, crowd: Crowd, law: np.ndarray) -> World:
    """Returns a world with cells and doors, but no ground yet."""
    count = max(1, len(crowd))
    cells = make_cells(floors, WIDE_CELL_M if crowd.appears_s.any() else CELL_M)
    law["per_cell"] = cells.inverse
    lanes = [door.servers for door in floors.doors]
    doors = np.zeros(len(floors.doors), DOOR)
    doors["leads_out"] = [door.leads_out for door in floors.doors]
    doors["is_goal"] = [door.is_goal for door in floors.doors]
    doors["service"] = [door.service_s for door in floors.doors]
    doors["first_lane"] = np.cumsum([0, *lanes])[:-1]
    doors["tokens"] = 1
    empty = np.zeros(1, np.int32)
    windows = np.zeros((5, len(floors.sheets), 5), np.int32)
    windows[CELLS] = windows_of(cells)
    return World(
        people=np.zeros(1, PERSON),
        law=law,
        windows=windows,
        lines=np.zeros((1, 4), np.float32),
        start=empty,
        items=empty,
        strips=np.zeros(1, STRIP),
        strip_at=np.zeros(1, np.uint8),
        way=np.zeros((1, 1, 2), np.int16),
        aims=np.zeros((1, 1), bool),
        doors=doors,
        free_at=np.zeros(max(1, sum(lanes)), np.float64),
        cell_start=np.zeros(int(cells.base[-1]) + 2, np.int32),
        cell_items=np.zeros(count, np.int32),
        hot=np.zeros((4, count), np.float32),
    )


def _lay(world: World, ground: Ground, fields: tuple[np.ndarray, np.ndarray]) -> World:
    """Returns the world on that ground with those fields."""
    law, windows = world.law, world.windows
    walls = len(ground.walls.ax)
    law["per_node"], law["per_line_bin"] = ground.nodes.inverse, ground.walls.bins.inverse
    law["per_sight_bin"], law["first_door"] = ground.sight.bins.inverse, walls
    law["has_strips"] = len(ground.strips.at) > 1
    windows[NODES] = windows_of(ground.nodes)
    starts, items = [], []
    bin_count = item_count = 0
    for kind, lines, shift in (
        (WALLS, ground.walls, 0),
        (SIGHT, ground.sight, 0),
        (DOORS, ground.doors, walls),
    ):
        windows[kind] = windows_of(lines.bins)
        windows[kind, :, 4] += bin_count
        used = int(lines.bins.start[-1])
        starts.append(lines.bins.start + item_count)
        items.append(lines.bins.items[:used] + shift)
        bin_count += len(lines.bins.start)
        item_count += used
    doors = world.doors
    for name, column in zip(("ax", "ay", "bx", "by"), ground.doors[:4], strict=True):
        doors[name] = column
    ends = np.concatenate([np.stack(each[:4], axis=1) for each in (ground.walls, ground.doors)])
    strips = np.zeros(len(ground.strips.up_x), STRIP)
    for name in STRIP.names or ():
        strips[name] = getattr(ground.strips, name)
    return world._replace(
        lines=np.ascontiguousarray(ends, np.float32),
        start=np.concatenate(starts).astype(np.int32),
        items=np.concatenate(items).astype(np.int32),
        strips=strips,
        strip_at=ground.strips.at,
        way=fields[0],
        aims=fields[1],
    )


def _set_doors(
    world: World, floors: Floors, factors: dict[str, float], profile: MotionProfile, dt_s: float
) -> None:
    """Writes what doors let through now."""
    doors, free_at = world.doors, world.free_at
    for index, door in enumerate(floors.doors):
        factor = factors.get(door.id, 1.0)
        rate = door.rate_per_s
        if rate is None and 0 < factor < 1:
            rate = profile.narrowed_flow_per_m_s * math.dist(*door.line)
        doors["is_shut"][index] = factor <= 0
        doors["rate"][index] = np.inf if rate is None else rate * factor * dt_s
        doors["servers"][index] = door.servers
        first = int(doors["first_lane"][index])
        lanes = free_at[first : first + door.servers]
        open_lanes = max(1, round(door.servers * factor))
        lanes[:open_lanes][np.isinf(lanes[:open_lanes])] = 0.0
        lanes[open_lanes:] = np.inf


def _pairs(floors: Floors, crowd: Crowd, redirects: Sequence[Redirect]) -> list[tuple[int, bool]]:
    """Returns destination and use of stairs of every field that somebody may need."""
    has_stairs = any(strip.surface == "stairs" for strip in floors.strips)
    needs = crowd.uses_stairs if has_stairs else np.ones(len(crowd), bool)
    wanted = {
        (int(destination), bool(need)) for destination, need in {*zip(crowd.destination, needs, strict=True)}
    }
    wanted |= {(redirect.to, bool(need)) for redirect in redirects for need in np.unique(needs)}
    return sorted(wanted, key=lambda pair: (pair[0], not pair[1]))


def _terrain(
    floors: Floors,
    ground: Ground,
    crowd: Crowd,
    profile: MotionProfile,
    wanted: tuple[list[tuple[int, bool]], list[str]],
) -> tuple[np.ndarray, np.ndarray]:
    """Returns ways and aims of all fields."""
    pairs, shut = wanted
    aims = aims_of(floors, crowd.destinations, shut)
    twin = twins(ground)
    costs = {
        need: walking_cost(floors, ground, profile, uses_stairs=need)
        for need in {need for _wanted, need in pairs}
    }
    _refuse_too_many_ways(len(pairs), int(ground.nodes.base[-1]))
    way = np.zeros((max(1, len(pairs)), int(ground.nodes.base[-1]), 2), np.int16)
    for index, (destination, need) in enumerate(pairs):
        time = walking_times(
            floors, ground, exits=np.flatnonzero(aims[destination]).tolist(), cost=costs[need], twin=twin
        )
        ways(ground, time, twin, way[index])
    of_pairs = aims[[pair[0] for pair in pairs]] if pairs else np.zeros((1, len(floors.doors)), bool)
    return way, np.ascontiguousarray(of_pairs)


def _refuse_too_many_ways(fields: int, nodes: int) -> None:
    """Refuses a run whose ways would take more memory than a machine for events has."""
    if fields * nodes > MOST_WAYS:
        raise GroundError(
            "too-many-ways",
            N_(
                "People on their way to {places} places on ground of this size take too much memory for a "
                "micro-simulation. Use the queueing network, or simulate the venue part by part."
            ),
            places=fields,
        )


def _refuse_without_way(stage: Stage) -> None:
    """Refuses a run in which an exit cannot be come up to, or somebody has no way to any exit.

    When something opens later nothing is refused.
    """
    if any(change.factor > 0 for change in stage.changes[stage.done :]) or stage.redirects:
        return
    crowd, ground = stage.crowd, stage.ground
    cost = walking_cost(stage.floors, ground, stage.profile, uses_stairs=True)
    for index, door in enumerate(stage.floors.doors):
        if (
            door.leads_out
            and not stage.world.doors["is_shut"][index]
            and not has_front(stage.floors, ground, index, cost)
        ):
            raise GroundError(
                "exit-out-of-reach",
                N_("Exit “{door}” touches no ground people can walk on. Draw it on the edge of an area."),
                door=door.id,
            )
    xy = np.stack([crowd.x - ground.origin[0], crowd.y - ground.origin[1]], axis=1)
    has_way = np.zeros(len(crowd), bool)
    way = stage.world.way
    fields = np.zeros(len(crowd), np.int64)
    has_stairs = any(strip.surface == "stairs" for strip in stage.floors.strips)
    for index, (wanted, need) in enumerate(stage.pairs):
        rows = (crowd.destination == wanted) & ((crowd.uses_stairs == need) | (not has_stairs))
        fields[rows] = index
        time = np.where((way[index] != 0).any(axis=1), np.float32(0), FAR)
        has_way[rows] = reachable(time, ground, xy[rows], crowd.sheet[rows].astype(np.int64))
    lost = np.flatnonzero(~has_way)
    if len(lost):
        raise GroundError(
            "no-way-out",
            N_(
                "{count} people have no way to where they want to go, the first of them in “{place}” at {x_m}, {y_m} "
                "m, as “{kind}”. Open a way there: people who cannot use stairs need one without."
            ),
            count=len(lost),
            place=crowd.places[int(crowd.place[lost[0]])],
            kind=crowd.kinds[int(crowd.group[lost[0]])],
            x_m=round(float(crowd.x[lost[0]]), 1),
            y_m=round(float(crowd.y[lost[0]]), 1),
        )
