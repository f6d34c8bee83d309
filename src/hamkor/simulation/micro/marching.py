# SPDX-License-Identifier: Apache-2.0
"""Walking times to a set of lines by fast marching, and the ways that follow from them (compiled).

Source: J. A. Sethian, A fast marching level set method for monotonically advancing fronts, PNAS 93 (1996).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from hamkor.simulation.micro.raster import JIT

WAY_SCALE = 32000.0
"""A direction of length 1 as an int16."""
FAR = np.float32(3.0e38)


@njit(**JIT)
def _rise(heap: np.ndarray, place: np.ndarray, time: np.ndarray, k: int) -> None:
    node = heap[k]
    while k > 0:
        parent = (k - 1) >> 1
        if time[heap[parent]] <= time[node]:
            break
        heap[k] = heap[parent]
        place[heap[k]] = k
        k = parent
    heap[k] = node
    place[node] = k


@njit(**JIT)
def _sink(heap: np.ndarray, place: np.ndarray, time: np.ndarray, count: int) -> None:
    node, k = heap[0], 0
    while True:
        child = 2 * k + 1
        if child >= count:
            break
        if child + 1 < count and time[heap[child + 1]] < time[heap[child]]:
            child += 1
        if time[heap[child]] >= time[node]:
            break
        heap[k] = heap[child]
        place[heap[k]] = k
        k = child
    heap[k] = node
    place[node] = k


@njit(**JIT)
def _here(node: int, twin: np.ndarray) -> int:
    """Returns the node people really stand on: beyond a switch line that of the other sheet."""
    if len(twin) > 1 and twin[node] >= 0:
        return twin[node]
    return node


@njit(**JIT)
def _update(time: np.ndarray, cost: np.ndarray, twin: np.ndarray, node: int, width: int) -> float:
    """Returns the walking time of a node from its neighbours by the upwind scheme."""
    a = min(time[_here(node - 1, twin)], time[_here(node + 1, twin)])
    b = min(time[_here(node - width, twin)], time[_here(node + width, twin)])
    if a > b:
        a, b = b, a
    c = cost[node]
    if b - a >= c:
        return a + c
    return 0.5 * (a + b + math.sqrt(max(0.0, 2.0 * c * c - (a - b) * (a - b))))


@njit(**JIT)
def _width_at(node: int, base: np.ndarray, columns: np.ndarray) -> int:
    for s in range(len(columns)):
        if node < base[s + 1]:
            return columns[s]
    return 1


@njit(**JIT)
def march(
    time: np.ndarray, cost: np.ndarray, twin: np.ndarray, base: np.ndarray, columns: np.ndarray
) -> None:
    """Fills in walking times; nodes that have one already are where the front starts.

    Args:
        time: Seconds, float32 (nodes); `FAR` where unknown.
        cost: Seconds to cross a lattice square, float32 (nodes); 0 or less: blocked.
        twin: Node of the other sheet that stands for a node, or -1; (1,) when there is only one sheet.
        base: First node of each sheet, and the number of nodes (sheets + 1).
        columns: Columns of each sheet.
    """
    heap = np.empty(1024, np.int32)
    place = np.full(len(time), -1, np.int32)
    count = 0
    for node in range(len(time)):
        if time[node] < FAR:
            heap, count = _push(heap, place, time, node, count)
    while count > 0:
        node = heap[0]
        count -= 1
        place[node] = -2
        if count > 0:
            heap[0] = heap[count]
            place[heap[0]] = 0
            _sink(heap, place, time, count)
        width = _width_at(node, base, columns)
        for step in (-1, 1, -width, width):
            near = _here(node + step, twin)
            if cost[near] <= 0.0 or place[near] == -2:
                continue
            found = np.float32(_update(time, cost, twin, near, _width_at(near, base, columns)))
            if found < time[near]:
                time[near] = found
                heap, count = _push(heap, place, time, near, count)


@njit(**JIT)
def _push(
    heap: np.ndarray, place: np.ndarray, time: np.ndarray, node: int, count: int
) -> tuple[np.ndarray, int]:
    if place[node] >= 0:
        _rise(heap, place, time, place[node])
        return heap, count
    if count == len(heap):
        larger = np.empty(2 * count, np.int32)
        larger[:count] = heap
        heap = larger
    heap[count] = node
    place[node] = count
    _rise(heap, place, time, count)
    return heap, count + 1


@njit(**JIT)
def _slope(time: np.ndarray, before: int, node: int, after: int) -> float:
    """Returns how the walking time falls along an axis, one-sided beside what is blocked and on ridges."""
    here, low, high = time[node], time[before], time[after]
    if low >= FAR and high >= FAR:
        return 0.0
    if low >= FAR:
        return max(0.0, here - high)
    if high >= FAR:
        return min(0.0, low - here)
    if low > here and high > here:
        return 0.0
    if low <= here and high <= here:
        return low - here if low < high else here - high
    return 0.5 * (low - high)


@njit(**JIT)
def directions(
    time: np.ndarray, twin: np.ndarray, base: np.ndarray, columns: np.ndarray, way: np.ndarray
) -> None:
    """Writes the directions in which walking times fall.

    Args:
        time: Seconds, float32 (nodes).
        twin: As for `march`.
        base: As for `march`.
        columns: As for `march`.
        way: Direction times `WAY_SCALE`, int16 (nodes, 2); (0, 0) where nothing leads.
    """
    for s in range(len(columns)):
        width = columns[s]
        for node in range(base[s] + width, base[s + 1] - width):
            real = _here(node, twin)
            way[node, 0] = way[node, 1] = 0
            if time[real] >= FAR:
                continue
            wide = _width_at(real, base, columns)
            gx = _slope(time, _here(real - 1, twin), real, _here(real + 1, twin))
            gy = _slope(time, _here(real - wide, twin), real, _here(real + wide, twin))
            length = math.sqrt(gx * gx + gy * gy)
            if length > 0.0:
                # A falling time to the east means that `low - high` is positive: the slope points the way to go.
                way[node, 0] = np.int16(round(gx / length * WAY_SCALE))
                way[node, 1] = np.int16(round(gy / length * WAY_SCALE))
