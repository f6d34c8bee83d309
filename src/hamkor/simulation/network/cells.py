# SPDX-License-Identifier: Apache-2.0
"""Cells: the people in front of one arc who have the same goal. What flows from cell to cell, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hamkor.simulation.network.routes import Epoch, Options, Question
from hamkor.simulation.rules.arcs import Arcs, Floats, Ints
from hamkor.simulation.rules.ways import NOWHERE

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
        varies: Per move, True when people choose it, or not, as queues are.
        walk_s: Per move, walking time after the arc.
        look_from, look_to, look_delay, look_s: Where people waiting in a cell may go instead, sorted by the cell.
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
    varies: NDArray[np.bool_]
    walk_s: Floats
    look_from: Ints
    look_to: Ints
    look_delay: Ints
    look_s: Floats
    switch_from: Ints
    switch_to: Ints
    switch_delay: Ints


@dataclass(frozen=True, kw_only=True)
class Cells:
    """All cells of a run.

    Args:
        arc: Per cell, index among the used arcs; sorted.
        used: Arcs in use, sorted.
        goal: Per cell, index of the goal its people have, -1 when that is not kept.
        ending: Per cell, True when its people are there once they pass its arc, going the way of the question.
        moves: Per epoch.
        most_delay: Longest delay, steps.
    """

    arc: Ints
    used: Ints
    goal: Ints
    ending: NDArray[np.bool_]
    moves: tuple[Moves, ...]
    most_delay: int

    @property
    def count(self) -> int:
        """Number of cells without the sinks."""
        return len(self.arc)


def cells_of(arcs: Arcs, question: Question, epochs: list[Epoch], *, step_s: float) -> Cells:
    """Returns the cells people can come to in any epoch, and how they move between them.

    Args:
        arcs: The layout.
        question: Goals and sources.
        epochs: Ways from change to change.
        step_s: Width of a time step.

    Source: reachability.
    """
    finals = question.finals(arcs.count)
    sink = question.counter
    switches = [_switches(arcs, epoch, sink) for epoch in epochs]
    reached = _reached(finals, epochs, switches)
    arc, goal = np.nonzero(reached.T)
    used, arc_of_cell = np.unique(arc, return_inverse=True)
    number = np.full(reached.shape, NOWHERE, dtype=np.int64)
    number[goal, arc] = np.arange(len(arc))
    is_end = finals[goal, arc] if len(arc) else np.zeros(0, dtype=np.bool_)
    frame = _Frame(
        arc=arc, goal=goal, number=number, is_end=is_end, sink=sink, used=used, sources=len(question.sources)
    )
    moves = tuple(
        _moves(arcs, epoch, switch, frame=frame, step_s=step_s)
        for epoch, switch in zip(epochs, switches, strict=True)
    )
    most = max(
        (int(part.max(initial=1)) for move in moves for part in (move.delay, move.switch_delay)), default=1
    )
    is_ending = is_end & (sink[goal] == 0)
    return Cells(arc=arc_of_cell, used=used, goal=goal, ending=is_ending, moves=moves, most_delay=most)


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """Cells as all epochs see them: arc and goal of each, their numbers by (goal, arc), who is there behind the arc."""

    arc: Ints
    goal: Ints
    number: Ints
    is_end: NDArray[np.bool_]
    sink: Ints
    used: Ints
    sources: int


@dataclass(frozen=True, kw_only=True)
class Switch:
    """(goals, arcs): arc and goal people waiting in front of an arc rather have, or `NOWHERE`; walking time to it."""

    arc: Ints
    goal: Ints
    walk_s: Floats


def _switches(arcs: Arcs, epoch: Epoch, sink: Ints) -> Switch:
    """Those who wait go where it became nearer; those whose goal is out of reach take another one of its kind."""
    shape = epoch.times_s.shape
    switch = Switch(
        arc=np.full(shape, NOWHERE, dtype=np.int64),
        goal=np.repeat(np.arange(shape[0])[:, None], shape[1], axis=1),
        walk_s=np.zeros(shape),
    )
    if epoch.from_s <= 0:
        return switch
    for place, out in enumerate(arcs.leaves):
        if len(out):
            inside = place < len(arcs.crossings_s)
            between = arcs.crossings_s[place] if inside else np.zeros((len(out), len(out)))
            _switch_in_place(epoch, sink, switch, out=out, between=between)
    return switch


def _switch_in_place(epoch: Epoch, sink: Ints, switch: Switch, *, out: Ints, between: Floats) -> None:
    now = epoch.times_s[:, out]
    total = now[:, None, :] + between[None, :, :]  # goals, from, to
    best, least = total.argmin(axis=2), total.min(axis=2)
    gains = least < now
    switch.arc[:, out] = np.where(gains, out[best], NOWHERE)
    switch.walk_s[:, out] = np.where(gains, between[np.arange(len(out))[None, :], best], 0.0)
    if not np.isinf(least).any() or not epoch.may_change_goal:
        return
    for kind in np.unique(sink):
        rows = np.flatnonzero(sink == kind)
        goal = rows[least[rows].argmin(axis=0)]  # the goal nearest from each position
        column = np.arange(len(out))
        lost = np.isinf(least[rows]) & np.isfinite(least[goal, column])[None, :]
        row, position = np.nonzero(lost)
        row = rows[row]
        switch.goal[row, out[position]] = goal[position]
        switch.arc[row, out[position]] = out[best[goal[position], position]]
        switch.walk_s[row, out[position]] = between[position, best[goal[position], position]]


def _reached(finals: NDArray[np.bool_], epochs: list[Epoch], switches: list[Switch]) -> NDArray[np.bool_]:
    """(goals, arcs), True where people may come in any epoch."""
    reached = np.zeros(finals.shape, dtype=np.bool_)
    for epoch in epochs:
        reached[epoch.first.goal, epoch.first.arc] = True
    while True:
        before = int(reached.sum())
        for epoch, switch in zip(epochs, switches, strict=True):
            goal, arc = np.nonzero(reached & ~finals & (epoch.onward >= 0))
            reached[goal, epoch.onward[goal, arc]] = True
            goal, arc = np.nonzero(reached & (switch.arc >= 0))
            reached[switch.goal[goal, arc], switch.arc[goal, arc]] = True
            if epoch.options is not None:
                _reach_options(reached, finals, epoch.options)
        if int(reached.sum()) == before:
            return reached


def _reach_options(reached: NDArray[np.bool_], finals: NDArray[np.bool_], options: Options) -> None:
    reached[options.source_goal, options.source_to] = True
    going = reached[0, options.arc] & ~finals[0, options.arc]
    reached[0, options.arc_to[going]] = True
    reached[0, options.queue_to[reached[0, options.queue]]] = True


def _moves(
    arcs: Arcs,
    epoch: Epoch,
    switch: Switch,
    *,
    frame: _Frame,
    step_s: float,
) -> Moves:
    arc, goal, number, is_end, sink = frame.arc, frame.goal, frame.number, frame.is_end, frame.sink
    used, sources, cells = frame.used, frame.sources, (frame.arc, frame.goal)
    count = len(arc)
    onward = epoch.onward[goal, arc]
    target = np.where(is_end, count + sink[goal], number[goal, np.maximum(onward, 0)])
    is_alive = is_end | (onward >= 0)
    rows = _rows(epoch, number, cells, target=target, is_end=is_end, is_alive=is_alive)
    origins, targets, walks, shares, varies = rows
    along = np.append(arcs.along_s[arc], 0.0)[np.minimum(origins, count)]
    delays = steps_of(along + walks, step_s)
    first = epoch.first
    is_routed = np.zeros(sources)
    is_routed[first.source] = 1.0
    moving = np.flatnonzero(switch.arc[goal, arc] >= 0)
    new_goal, new_arc = switch.goal[goal[moving], arc[moving]], switch.arc[goal[moving], arc[moving]]
    order = np.lexsort((origins, targets, delays))
    return Moves(
        from_step=int(np.ceil(epoch.from_s / step_s - 1e-9)),
        factor=epoch.factor[used],
        is_alive=is_alive.astype(np.float64),
        origin=origins[order],
        target=targets[order],
        delay=delays[order],
        share=shares[order],
        is_routed=is_routed,
        varies=varies[order],
        walk_s=walks[order],
        **_looks(epoch, number, step_s),
        switch_from=moving,
        switch_to=number[new_goal, new_arc],
        switch_delay=steps_of(switch.walk_s[goal[moving], arc[moving]], step_s),
    )


def _rows(
    epoch: Epoch,
    number: Ints,
    cells: tuple[Ints, Ints],
    *,
    target: Ints,
    is_end: NDArray[np.bool_],
    is_alive: NDArray[np.bool_],
) -> tuple[Ints, Ints, Floats, Floats, NDArray[np.bool_]]:
    """Moves as (origin, target, walk, share, varies): the one way, or the ways people choose among."""
    arc, goal = cells
    count, first, options = len(arc), epoch.first, epoch.options
    walk = np.where(is_end, 0.0, epoch.walk_s[goal, arc])
    if options is None:
        kept = np.flatnonzero(is_alive)
        origins = np.concatenate([kept, count + first.source])
        return (
            origins,
            np.concatenate([target[kept], number[first.goal, first.arc]]),
            np.concatenate([walk[kept], first.walk_s]),
            np.concatenate([np.ones(len(kept)), first.share]),
            np.zeros(len(origins), dtype=np.bool_),
        )
    chooses = np.isin(np.arange(count), number[0, options.arc][number[0, options.arc] >= 0]) & ~is_end
    kept = np.flatnonzero(is_alive & ~chooses)
    mine = number[0, options.arc]
    used = np.flatnonzero((mine >= 0) & chooses[np.maximum(mine, 0)])
    origins = np.concatenate([kept, mine[used], count + options.source])
    targets = np.concatenate(
        [target[kept], number[0, options.arc_to[used]], number[options.source_goal, options.source_to]]
    )
    walks = np.concatenate([walk[kept], options.arc_s[used], options.source_s])
    varies = np.arange(len(origins)) >= len(kept)
    # At first everyone takes the nearest way: the first of each origin.
    nearest = np.append(True, np.diff(origins) != 0) if len(origins) else np.zeros(0, dtype=np.bool_)
    return origins, targets, walks, np.where(varies & ~nearest, 0.0, 1.0), varies


def _looks(epoch: Epoch, number: Ints, step_s: float) -> dict[str, Any]:
    none, options = np.zeros(0, dtype=np.int64), epoch.options
    if options is None or not len(options.queue):
        return {"look_from": none, "look_to": none, "look_delay": none, "look_s": np.zeros(0)}
    origin, target = number[0, options.queue], number[0, options.queue_to]
    kept = np.flatnonzero((origin >= 0) & (target >= 0))
    kept = kept[np.argsort(origin[kept], kind="stable")]
    walk = options.queue_s[kept]
    return {
        "look_from": origin[kept],
        "look_to": target[kept],
        "look_delay": steps_of(walk, step_s),
        "look_s": walk,
    }


def steps_of(seconds: Floats, step_s: float) -> Ints:
    """Returns whole steps, never less than the time, so that no result is quicker than people walk; at least 1.

    Args:
        seconds: Times.
        step_s: Width of a step.

    Source: definition.
    """
    return np.maximum(1, np.ceil(seconds / step_s - 1e-9)).astype(np.int64)
