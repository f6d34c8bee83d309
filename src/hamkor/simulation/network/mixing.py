# SPDX-License-Identifier: Apache-2.0
"""People of many goals as one crowd: after each link every next link gets its planned share of those who passed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hamkor.simulation.network.cells import Cells, Moves, steps_of
from hamkor.simulation.network.routes import Epoch, Question
from hamkor.simulation.rules.arcs import Arcs, Floats, Ints
from hamkor.simulation.rules.ways import NOWHERE

END = -2
"""Next arc of people who are there."""


@dataclass(frozen=True, kw_only=True)
class Turning:
    """How people turn in one epoch: per row the way round (0 with the question, 1 against), arc, next arc and share."""

    way: Ints
    arc: Ints
    onward: Ints
    share: Floats
    walk_s: Floats


def mixed_cells_of(arcs: Arcs, question: Question, epochs: list[Epoch], *, step_s: float) -> Cells:
    """Returns cells that hold people of all goals together.

    Args:
        arcs: The layout.
        question: Goals and sources.
        epochs: Ways from change to change.
        step_s: Width of a time step.

    Source: totals over links and in places are those of the plan; who goes where is forgotten at every link. Many times
        cheaper than keeping goals apart, and as good where only numbers are asked for.
    """
    finals = question.finals(arcs.count)
    way_of = question.counter
    people = np.array([source.people for source in question.sources])
    turnings = [_turning(arcs, epoch, finals=finals, way_of=way_of, people=people) for epoch in epochs]
    reached = _reached(arcs.count, epochs, turnings, way_of=way_of)
    arc, way = np.nonzero(reached.T)
    used, arc_of_cell = np.unique(arc, return_inverse=True)
    number = np.full(reached.shape, NOWHERE, dtype=np.int64)
    number[way, arc] = np.arange(len(arc))
    moves = tuple(
        _moves(
            arcs,
            epoch,
            turning,
            number=number,
            used=used,
            step_s=step_s,
            way_of=way_of,
            sources=len(question.sources),
        )
        for epoch, turning in zip(epochs, turnings, strict=True)
    )
    ending = np.zeros(len(arc), dtype=np.bool_)
    ends = turnings[0].onward == END
    inside = number[turnings[0].way[ends], turnings[0].arc[ends]]
    ending[inside[inside >= 0]] = True
    most = max((int(move.delay.max(initial=1)) for move in moves), default=1)
    return Cells(
        arc=arc_of_cell,
        used=used,
        goal=np.full(len(arc_of_cell), -1, dtype=np.int64),
        ending=ending & (way == 0),
        moves=moves,
        most_delay=most,
    )


def _turning(arcs: Arcs, epoch: Epoch, *, finals: NDArray[np.bool_], way_of: Ints, people: Floats) -> Turning:
    through = _planned(epoch, finals, people)
    parts = [
        _turning_of_way(arcs, epoch, rows=np.flatnonzero(way_of == way), finals=finals, through=through)
        for way in np.unique(way_of)
    ]
    return Turning(
        way=np.concatenate(
            [np.full(len(part[0]), way) for way, part in zip(np.unique(way_of), parts, strict=True)]
        ),
        arc=np.concatenate([part[0] for part in parts]),
        onward=np.concatenate([part[1] for part in parts]),
        share=np.concatenate([part[2] for part in parts]),
        walk_s=np.concatenate([part[3] for part in parts]),
    )


def _planned(epoch: Epoch, finals: NDArray[np.bool_], people: Floats) -> Floats:
    """(goals, arcs), people who would pass each arc if all went as this epoch says."""
    shape, first = finals.shape, epoch.first
    now: Floats = np.zeros(shape)
    np.add.at(now, (first.goal, first.arc), people[first.source] * first.share)
    onward = np.where(finals, NOWHERE, epoch.onward)
    total = np.zeros(shape)
    while now.any():
        total += now
        goal, arc = np.nonzero((now > 0) & (onward >= 0))
        place = goal * shape[1] + onward[goal, arc]
        now = np.bincount(place, weights=now[goal, arc], minlength=now.size).astype(np.float64).reshape(shape)
    return total


def _turning_of_way(
    arcs: Arcs, epoch: Epoch, *, rows: Ints, finals: NDArray[np.bool_], through: Floats
) -> tuple[Ints, Ints, Floats, Floats]:
    """Rows (arc, next arc, share, walk); arcs nobody is planned on lead to the nearest goal."""
    times, passing = epoch.times_s[rows], through[rows].copy()
    unplanned = np.flatnonzero((passing.sum(axis=0) <= 0) & np.isfinite(times.min(axis=0)))
    passing[times[:, unplanned].argmin(axis=0), unplanned] = 1.0
    goal, arc = np.nonzero(passing > 0)
    onward = np.where(finals[rows][goal, arc], END, epoch.onward[rows][goal, arc])
    keys, first, back = np.unique(arc * (arcs.count + 2) + onward + 2, return_index=True, return_inverse=True)
    flow = np.bincount(back, weights=passing[goal, arc], minlength=len(keys))
    walk = np.where(onward == END, 0.0, epoch.walk_s[rows][goal, arc])[first]
    arc, onward = arc[first], onward[first]
    kept = onward != NOWHERE
    arc, onward, flow, walk = arc[kept], onward[kept], flow[kept], walk[kept]
    return arc, onward, flow / np.bincount(arc, weights=flow, minlength=arcs.count)[arc], walk


def _reached(count: int, epochs: list[Epoch], turnings: list[Turning], *, way_of: Ints) -> NDArray[np.bool_]:
    """(ways round, arcs), True where people may come in any epoch."""
    reached = np.zeros((int(way_of.max(initial=0)) + 1, count), dtype=np.bool_)
    for epoch in epochs:
        reached[way_of[epoch.first.goal], epoch.first.arc] = True
    while True:
        before = int(reached.sum())
        for turning in turnings:
            goes = reached[turning.way, turning.arc] & (turning.onward >= 0)
            reached[turning.way[goes], turning.onward[goes]] = True
        if int(reached.sum()) == before:
            return reached


def _moves(
    arcs: Arcs,
    epoch: Epoch,
    turning: Turning,
    *,
    number: Ints,
    used: Ints,
    step_s: float,
    way_of: Ints,
    sources: int,
) -> Moves:
    count, first = int((number >= 0).sum()), epoch.first
    mine = np.flatnonzero(number[turning.way, turning.arc] >= 0)
    way, arc, onward = turning.way[mine], turning.arc[mine], turning.onward[mine]
    origins = np.concatenate([number[way, arc], count + first.source])
    target = np.where(onward == END, count + way, number[way, np.maximum(onward, 0)])
    targets = np.concatenate([target, number[way_of[first.goal], first.arc]])
    delays = steps_of(np.concatenate([arcs.along_s[arc] + turning.walk_s[mine], first.walk_s]), step_s)
    shares = np.concatenate([turning.share[mine], first.share])
    is_routed = np.zeros(sources)
    is_routed[first.source] = 1.0
    alive = np.bincount(number[way, arc], minlength=count) > 0
    order = np.lexsort((origins, targets, delays))
    none = np.zeros(0, dtype=np.int64)
    return Moves(
        from_step=int(np.ceil(epoch.from_s / step_s - 1e-9)),
        factor=epoch.factor[used],
        is_alive=alive.astype(np.float64),
        origin=origins[order],
        target=targets[order],
        delay=delays[order],
        share=shares[order],
        is_routed=is_routed,
        varies=np.zeros(len(order), dtype=np.bool_),
        walk_s=np.zeros(len(order)),
        look_from=none,
        look_to=none,
        look_delay=none,
        look_s=np.zeros(0),
        switch_from=none,
        switch_to=none,
        switch_delay=none,
    )
