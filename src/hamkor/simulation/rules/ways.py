# SPDX-License-Identifier: Apache-2.0
"""Shortest ways over arcs: times to where people want to go, the best next arc, and shares over several ways."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hamkor.simulation.rules.arcs import Arcs, Floats, Ints

NOWHERE = -1
"""Next arc where no way leads on."""
BALANCE_ROUNDS = 200


def times_left_s(arcs: Arcs, finals: NDArray[np.bool_], usable: NDArray[np.bool_]) -> Floats:
    """Returns the free walking time from the beginning of every arc to the goal, infinite where no way leads there.

    Args:
        arcs: The layout.
        finals: (goals, arcs), True where passing the arc reaches the goal.
        usable: Per arc, True when it is open.

    Returns:
        (goals, arcs) in seconds.

    Source: Bellman and Ford, backwards from the goals.
    """
    ending = finals & usable
    times = np.where(ending, arcs.along_s, np.inf)
    into = np.argsort(arcs.turn_to, kind="stable")
    bounds = np.searchsorted(arcs.turn_to[into], np.arange(arcs.count + 1))
    passable = (usable & ~ending).ravel() if len(times) else np.zeros(0, dtype=np.bool_)
    flat = times.ravel()
    changed = np.flatnonzero(np.isfinite(flat))
    # Only what changed in the last round can change anything in the next one.
    while len(changed):
        goal, arc = np.divmod(changed, arcs.count)
        lengths = bounds[arc + 1] - bounds[arc]
        turn = into[
            np.repeat(bounds[arc] - np.append(0, np.cumsum(lengths)[:-1]), lengths) + np.arange(lengths.sum())
        ]
        before = np.repeat(goal * arcs.count, lengths) + arcs.turn_from[turn]
        time = np.repeat(flat[changed], lengths) + arcs.turn_s[turn] + arcs.along_s[arcs.turn_from[turn]]
        better = passable[before] & (time < flat[before])
        before, time = before[better], time[better]
        np.minimum.at(flat, before, time)
        changed = np.unique(before)
    return flat.reshape(times.shape)


def next_arcs(arcs: Arcs, times: Floats) -> tuple[Ints, Floats]:
    """Returns the arc people take after each arc, and the walking time across the place between.

    Args:
        arcs: The layout.
        times: (goals, arcs) as `times_left_s` gives them.

    Returns:
        Two arrays (goals, arcs): index of the next arc, or `NOWHERE`; seconds.

    Source: the nearest way; of two as near the one with the first id.
    """
    onward = np.full(times.shape, NOWHERE, dtype=np.int64)
    walk = np.zeros(times.shape)
    if not len(arcs.turn_from):
        return onward, walk
    begins, owner = segments(arcs.turn_from)
    best = first_least(times[:, arcs.turn_to] + arcs.turn_s, begins)
    found = best >= 0
    onward[:, owner] = np.where(found, arcs.turn_to[best], NOWHERE)
    walk[:, owner] = np.where(found, arcs.turn_s[best], 0.0)
    return onward, walk


def first_least(values: Floats, begins: Ints) -> Ints:
    """Returns, per row and segment, the index of the first least value; -1 where all are infinite.

    Args:
        values: (rows, items), infinite for what cannot be chosen.
        begins: First item of each segment, rising.

    Source: definition.
    """
    least = np.minimum.reduceat(values, begins, axis=1)
    lengths = np.diff(np.append(begins, values.shape[1]))
    is_least = values == np.repeat(least, lengths, axis=1)
    number = np.where(is_least, np.arange(values.shape[1]), values.shape[1])
    first = np.minimum.reduceat(number, begins, axis=1)
    return np.where(np.isfinite(least), first, -1)


def segments(keys: Ints) -> tuple[Ints, Ints]:
    """Returns where runs of equal keys begin, and the key of each run.

    Args:
        keys: Sorted, at least one.

    Source: definition.
    """
    begins = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    return begins, keys[begins]


def balanced(kernel: Floats, rows: Floats, columns: Floats) -> Floats:
    """Returns the matrix nearest to the kernel in its pattern whose rows and columns have the given sums.

    Args:
        kernel: (rows, columns), at least 0; 0 where nothing may go.
        rows: Sum of each row.
        columns: Sum of each column, as far as the pattern allows; scaled to the sum of the rows.

    Returns:
        The matrix; a row without any way is 0. The rows are exact, the columns as near as the pattern allows.

    Source: Deming and Stephan (1940), iterative proportional fitting.
    """
    table = kernel.copy()
    total = columns.sum()
    goals = columns * (rows.sum() / total) if total > 0 else columns
    for _ in range(BALANCE_ROUNDS):
        before = table
        table = _scaled(table, goals, axis=0)
        table = _scaled(table, rows, axis=1)
        if np.abs(table - before).max(initial=0.0) <= 1e-6 * max(rows.sum(), 1.0):
            break
    return table


def _scaled(table: Floats, goals: Floats, *, axis: int) -> Floats:
    sums = table.sum(axis=axis)
    factors = np.divide(goals, sums, out=np.zeros_like(sums), where=sums > 0)
    scaled: Floats = table * (factors[None, :] if axis == 0 else factors[:, None])
    return scaled
