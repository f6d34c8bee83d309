# SPDX-License-Identifier: Apache-2.0
"""Cells: people with one goal in front of one arc. What flows from cell to cell in each epoch, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hamkor.simulation.network.routes import Epoch, Goal, Source
from hamkor.simulation.rules.arcs import Arcs, Floats, Ints

SINKS = 2
"""Two cells beyond the last: those who arrived, and those who arrived going the other way."""


@dataclass(frozen=True, kw_only=True)
class Moves:
    """What flows where in one epoch.

    Args:
        from_step: First step of the epoch.
        factor: Per used arc, share of its capacity.
        is_alive: Per cell, 1 when a way leads on behind its arc, else 0: its people stay where they are.
        origin: Per move, the cell people leave; from the number of cells on, the source.
        target: Per move, the cell they come to, or a sink.
        delay: Per move, whole steps until they are there, at least 1.
        share: Per move, share of those who leave the origin.
        is_routed: Per source, whether its people have a way.
        switch_from: Cells whose waiting people go elsewhere.
        switch_to: The cells they go to.
        switch_delay: Steps until they are there.
    """

    from_step: int
    factor: Floats
    is_alive: Floats
    origin: Ints
    target: Ints
    delay: Ints
    share: Floats
    is_routed: Floats
    switch_from: Ints
    switch_to: Ints
    switch_delay: Ints


@dataclass(frozen=True, kw_only=True)
class Cells:
    """All cells of a run.

    Args:
        arc: Per cell, index among the used arcs; sorted.
        goal: Per cell, the goal.
        used: Arcs in use, sorted.
        sink: Per cell, the sink people reach when they pass the last arc; -1 for a cell with arcs after it.
        moves: Per epoch.
        most_delay: Longest delay, steps.
    """

    arc: Ints
    goal: Ints
    used: Ints
    sink: Ints
    moves: tuple[Moves, ...]
    most_delay: int

    @property
    def count(self) -> int:
        """Number of cells without the sinks."""
        return len(self.arc)


def cells_of(
    arcs: Arcs, goals: list[Goal], sources: list[Source], epochs: list[Epoch], *, step_s: float
) -> Cells:
    """Returns the cells people can come to in any epoch, and how they move between them.

    Args:
        arcs: The layout.
        goals: Where people want to go.
        sources: Who starts where.
        epochs: Ways from change to change.
        step_s: Width of a time step.

    Source: reachability.
    """
    finals = np.array([goal.finals for goal in goals]).reshape(-1, arcs.count)
    reached = _reached(finals, epochs)
    arc, goal = np.nonzero(reached.T)
    used, arc_of_cell = np.unique(arc, return_inverse=True)
    number = np.full(reached.shape, -1, dtype=np.int64)
    number[goal, arc] = np.arange(len(arc))
    counter = {each for source in sources if source.is_counter for each in source.goals}
    is_counter = np.array([index in counter for index in range(len(goals))], dtype=np.bool_)
    sink = (
        np.where(finals[goal, arc], is_counter[goal].astype(np.int64), -1)
        if len(arc)
        else np.zeros(0, np.int64)
    )
    moves = tuple(
        _moves(
            arcs,
            epoch,
            number=number,
            cells=(arc, goal, sink),
            used=used,
            step_s=step_s,
            sources=len(sources),
        )
        for epoch in epochs
    )
    most = max(
        (int(part.max(initial=1)) for move in moves for part in (move.delay, move.switch_delay)), default=1
    )
    return Cells(arc=arc_of_cell, goal=goal, used=used, sink=sink, moves=moves, most_delay=most)


def _reached(finals: np.ndarray, epochs: list[Epoch]) -> np.ndarray:
    """(goals, arcs), True where people may come in any epoch."""
    reached = np.zeros(finals.shape, dtype=np.bool_)
    for epoch in epochs:
        reached[epoch.first.goal, epoch.first.arc] = True
    while True:
        before = int(reached.sum())
        for epoch in epochs:
            goal, arc = np.nonzero(reached & ~finals & (epoch.onward >= 0))
            reached[goal, epoch.onward[goal, arc]] = True
            goal, arc = np.nonzero(reached & (epoch.switch >= 0))
            reached[epoch.switch_goal[goal, arc], epoch.switch[goal, arc]] = True
        if int(reached.sum()) == before:
            return reached


def _moves(
    arcs: Arcs,
    epoch: Epoch,
    *,
    number: Ints,
    cells: tuple[Ints, Ints, Ints],
    used: Ints,
    step_s: float,
    sources: int,
) -> Moves:
    arc, goal, sink = cells
    count = len(arc)
    onward = epoch.onward[goal, arc]
    ending = sink >= 0
    going = ~ending & (onward >= 0)
    target = np.where(ending, count + np.maximum(sink, 0), number[goal, np.maximum(onward, 0)])
    travel = arcs.along_s[arc] + np.where(ending, 0.0, epoch.walk_s[goal, arc])
    is_alive = ending | going
    target = np.where(is_alive, target, np.arange(count))
    first = epoch.first
    origin = np.concatenate([np.arange(count), count + first.source])
    targets = np.concatenate([target, number[first.goal, first.arc]])
    delays = np.concatenate([_steps(travel, step_s), _steps(first.walk_s, step_s)])
    share = np.concatenate([np.ones(count), first.share])
    is_routed = np.zeros(sources)
    is_routed[first.source] = 1.0
    moving = np.flatnonzero(epoch.switch[goal, arc] >= 0)
    goal_to, arc_to = epoch.switch_goal[goal[moving], arc[moving]], epoch.switch[goal[moving], arc[moving]]
    order = np.lexsort((origin, targets, delays))
    return Moves(
        from_step=int(np.ceil(epoch.from_s / step_s - 1e-9)),
        factor=epoch.factor[used],
        is_alive=is_alive.astype(np.float64),
        origin=origin[order],
        target=targets[order],
        delay=delays[order],
        share=share[order],
        is_routed=is_routed,
        switch_from=moving,
        switch_to=number[goal_to, arc_to],
        switch_delay=_steps(epoch.switch_s[goal[moving], arc[moving]], step_s),
    )


def _steps(seconds: Floats, step_s: float) -> Ints:
    """Whole steps, never less than the time: no result is quicker than people walk."""
    return np.maximum(1, np.ceil(seconds / step_s - 1e-9)).astype(np.int64)
