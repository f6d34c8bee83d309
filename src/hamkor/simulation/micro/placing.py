# SPDX-License-Identifier: Apache-2.0
"""Puts people onto the ground they start from: at random, nobody overlapping anybody."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from hamkor.common.messages import N_
from hamkor.simulation.micro.crowd import Crowd, Premovement
from hamkor.simulation.micro.errors import CrowdError
from hamkor.simulation.micro.profile import MotionProfile
from hamkor.simulation.rules.floors import Floors, Start

MOST_PEOPLE = 2_000_000
SPARE = 1.02
"""Distance kept between two bodies, as a share of touching."""
ROW_SHARE = math.sqrt(3) / 2


def place_crowd(
    floors: Floors,
    *,
    profile: MotionProfile,
    seed: int,
    composition: Mapping[str, float] | None = None,
    people: int | None = None,
    premovement: Premovement | None = None,
) -> Crowd:
    """Returns people on the ground they start from, spread at random and without overlap.

    Args:
        floors: Whose starts name ground and numbers.
        profile: Motion profile the kinds of people come from.
        seed: Seed of positions, kinds and speeds: the same seed gives the same crowd.
        composition: Share of each kind by id; None: as the profile says.
        people: All people together, spread over the starts in the same proportion; None: as the starts say.
        premovement: When people start to walk; None: at once.

    Raises:
        CrowdError: Too many for the ground, an unknown kind, or shares that do not add up to 1.
    """
    shares = _shares(profile, composition)
    counts = _counts(floors, people)
    random = np.random.default_rng(seed)
    parts, kinds = [], []
    for start, count in zip(floors.starts, counts, strict=True):
        kind = random.choice(len(shares), count, p=shares)
        radii = np.array([each.radius_m for each in profile.kinds])[kind]
        parts.append(_spread(start, radii, random))
        kinds.append(kind)
    crowd = _crowd_of(
        np.concatenate(parts) if parts else np.zeros((0, 2)),
        np.concatenate(kinds).astype(np.int16) if kinds else np.zeros(0, np.int16),
        profile=profile,
        random=random,
        sheet=np.repeat([start.sheet for start in floors.starts], counts).astype(np.int16),
        place=np.repeat(np.arange(len(counts)), counts).astype(np.int16),
        places=tuple(start.place for start in floors.starts),
    )
    crowd.premovement_s = _premovements(premovement or Premovement(), len(crowd), random)
    return crowd


def draw_people(
    xy: np.ndarray,
    *,
    profile: MotionProfile,
    random: np.random.Generator,
    composition: Mapping[str, float] | None = None,
    **given: Any,
) -> Crowd:
    """Returns people of random kinds and speeds at given points.

    Args:
        xy: Positions in metres (n, 2).
        profile: Motion profile the kinds of people come from.
        random: Where kinds and speeds are drawn from.
        composition: Share of each kind by id; None: as the profile says.
        given: Further fields of the crowd, such as `appears_s`.

    Raises:
        CrowdError: An unknown kind, shares that do not add up to 1, or too many people.
    """
    shares = _shares(profile, composition)
    _refuse_too_many(len(xy))
    kind = random.choice(len(shares), len(xy), p=shares).astype(np.int16)
    return _crowd_of(xy, kind, profile=profile, random=random, **given)


def _crowd_of(
    xy: np.ndarray, kind: np.ndarray, *, profile: MotionProfile, random: np.random.Generator, **given: Any
) -> Crowd:
    """Returns people of those kinds with random speeds; who is not told otherwise is there from the start."""
    total = len(kind)
    speed = np.empty(total, np.float32)
    for index, each in enumerate(profile.kinds):
        rows = kind == index
        speed[rows] = profile.draw_speeds(each, int(rows.sum()), random)
    usual = {
        "premovement_s": np.zeros(total, np.float32),
        "appears_s": np.zeros(total, np.float32),
        "destination": np.zeros(total, np.int16),
    }
    return Crowd(
        x=xy[:, 0].copy(),
        y=xy[:, 1].copy(),
        speed=speed,
        radius=np.array([each.radius_m for each in profile.kinds], np.float32)[kind],
        time_gap=np.array([each.time_gap_s for each in profile.kinds], np.float32)[kind],
        group=kind,
        uses_stairs=np.array([each.uses_stairs for each in profile.kinds], bool)[kind],
        kinds=profile.kind_ids,
        **{**usual, **given},
    )


def _shares(profile: MotionProfile, composition: Mapping[str, float] | None) -> np.ndarray:
    """Returns the share of each kind, in the order of the profile."""
    asked = profile.composition if composition is None else composition
    for kind in asked:
        if kind not in profile.kind_ids:
            raise CrowdError(
                "kind-unknown",
                N_("Motion profile “{profile}” knows no people of kind “{kind}”. Known are: {known}."),
                profile=profile.id,
                kind=kind,
                known=", ".join(profile.kind_ids),
            )
    shares = np.array([asked.get(kind, 0.0) for kind in profile.kind_ids])
    if (shares < 0).any() or abs(shares.sum() - 1.0) > 1e-3:
        raise CrowdError(
            "composition-wrong",
            N_("Shares of kinds of people must be 0 or more and add up to 1; they add up to {total}."),
            total=round(float(shares.sum()), 3),
        )
    return shares / shares.sum()


def _counts(floors: Floors, people: int | None) -> list[int]:
    """Returns how many people each start gets, the largest remainders first."""
    asked = np.array([start.people for start in floors.starts], np.int64)
    if (asked < 0).any() or (people is not None and people < 0):
        raise CrowdError(
            "people-negative", N_("There cannot be less than no people. Give a number of 0 or more.")
        )
    total = int(asked.sum()) if people is None else people
    _refuse_too_many(total)
    if people is None:
        return [int(count) for count in asked]
    if asked.sum() == 0:
        raise CrowdError(
            "no-start", N_("Nobody stands anywhere at the beginning. Say how many people the areas hold.")
        )
    exact = asked / asked.sum() * people
    counts = np.floor(exact).astype(np.int64)
    first = np.argsort(counts - exact, kind="stable")[: people - int(counts.sum())]
    counts[first] += 1
    return [int(count) for count in counts]


def _refuse_too_many(people: int) -> None:
    if people > MOST_PEOPLE:
        raise CrowdError(
            "too-many-people",
            N_(
                "{people} people are too many for a micro-simulation, which takes at most {most}. "
                "Use the queueing network."
            ),
            people=people,
            most=MOST_PEOPLE,
        )


def _spread(start: Start, radii: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Returns positions (n, 2) on the ground of a start for bodies of those radii."""
    count = len(radii)
    if count == 0:
        return np.zeros((0, 2))
    common = float(np.median(radii))
    least = 2 * common * SPARE
    ground = start.ground.buffer(-common * SPARE)
    points, step = _lattice(ground, least, count, random)
    for _attempt in range(8):
        chosen = _choose(points, radii, common, step, random)
        if chosen is not None:
            return _shake(points, chosen, radii, common, step, ground, random)
        if step <= least:
            break
        step = max(least, step * 0.93)
        points = _points(ground, step, random)
    raise CrowdError(
        "people-do-not-fit",
        N_(
            "{people} people do not fit onto the {area_m2} m² they start from in “{place}”; about {fit} do. "
            "Lower the number or enlarge the area."
        ),
        people=count,
        area_m2=round(float(start.ground.area), 1),
        place=start.place,
        fit=len(_points(ground, least, random)),
    )


def _lattice(
    ground: shapely.Geometry, least: float, count: int, random: np.random.Generator
) -> tuple[np.ndarray, float]:
    """Returns points in rows that leave room for all, and their distance."""
    if ground.is_empty:
        return np.zeros((0, 2)), least
    step = max(least, math.sqrt(ground.area / (count * 1.15) / ROW_SHARE))
    points = _points(ground, step, random)
    while len(points) < count * 1.02 and step > least:
        step = max(least, step * 0.95)
        points = _points(ground, step, random)
    return points, step


def _points(ground: shapely.Geometry, step: float, random: np.random.Generator) -> np.ndarray:
    """Returns the points of a triangular lattice that lie on the ground (n, 2)."""
    if ground.is_empty:
        return np.zeros((0, 2))
    low_x, low_y, high_x, high_y = ground.bounds
    rows = np.arange(low_y + random.random() * step * 0.2, high_y + 1e-9, step * ROW_SHARE)
    columns = np.arange(low_x + random.random() * step * 0.2, high_x + step, step)
    x, y = np.meshgrid(columns, rows)
    x[1::2] -= step / 2
    shapely.prepare(ground)
    inside = shapely.intersects_xy(ground, x.ravel(), y.ravel())
    return np.stack([x.ravel()[inside], y.ravel()[inside]], axis=1)


def _choose(
    points: np.ndarray, radii: np.ndarray, common: float, step: float, random: np.random.Generator
) -> np.ndarray | None:
    """Returns a point for each body, None when they do not fit; larger bodies take the points around them too."""
    from scipy.spatial import cKDTree

    if len(points) < len(radii):
        return None
    is_free = np.ones(len(points), bool)
    chosen = np.empty(len(radii), np.int64)
    large = np.flatnonzero(radii > common * 1.001)
    large = large[np.argsort(-radii[large], kind="stable")]
    tree = cKDTree(points) if len(large) else None
    for index in large:
        open_points = np.flatnonzero(is_free)
        if tree is None or not len(open_points):
            return None
        point = int(open_points[random.integers(len(open_points))])
        chosen[index] = point
        around = tree.query_ball_point(points[point], (radii[index] + float(radii[large].max())) * SPARE)
        near = tree.query_ball_point(points[point], (radii[index] + common) * SPARE + (step - 2 * common) / 2)
        is_free[[*near, point]] = False
        if index != large[-1]:
            is_free[around] = False
    rest = np.flatnonzero(radii <= common * 1.001)
    open_points = np.flatnonzero(is_free)
    if len(open_points) < len(rest):
        return None
    chosen[rest] = random.permutation(open_points)[: len(rest)]
    return chosen


def _shake(
    points: np.ndarray,
    chosen: np.ndarray,
    radii: np.ndarray,
    common: float,
    step: float,
    ground: shapely.Geometry,
    random: np.random.Generator,
) -> np.ndarray:
    """Returns the chosen points moved a little at random, as far as nobody can touch anybody."""
    xy = points[chosen]
    most = max(0.0, (step - 2 * common * SPARE) / 2)
    angle, far = random.random(len(xy)) * 2 * math.pi, most * np.sqrt(random.random(len(xy)))
    far[radii > common * 1.001] = 0.0
    moved = xy + np.stack([far * np.cos(angle), far * np.sin(angle)], axis=1)
    stays = shapely.intersects_xy(ground, moved[:, 0], moved[:, 1])
    return np.where(stays[:, None], moved, xy)


def _premovements(premovement: Premovement, count: int, random: np.random.Generator) -> np.ndarray:
    """Returns when people start to walk, float32 (n)."""
    low, high = premovement.low_s, premovement.high_s
    if premovement.law == "uniform":
        return random.uniform(low, high, count).astype(np.float32)
    if premovement.law == "lognormal":
        spread = math.log(max(high, low * 1.0001) / low) / 1.6449
        return np.asarray(low * np.exp(spread * random.standard_normal(count)), np.float32)
    return np.zeros(count, np.float32)
