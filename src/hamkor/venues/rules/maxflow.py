# SPDX-License-Identifier: Apache-2.0
"""Greatest flow through a network and the narrowest cut that limits it."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable

EPSILON = 1e-9


class Network:
    """A directed network between named nodes.

    Notes:
        Capacities may have any unit, the same for all edges; flow comes back in that unit.

    Source: Dinic's algorithm (1970), with shortest augmenting paths found level by level.
    """

    def __init__(self) -> None:
        self._index: dict[Hashable, int] = {}
        self._edges_of: list[list[int]] = []
        self._heads: list[int] = []
        self._left: list[float] = []
        self._names: list[Hashable | None] = []

    def add(self, tail: Hashable, head: Hashable, capacity: float, *, name: Hashable | None = None) -> None:
        """Adds an edge that carries at most the capacity from tail to head; a name lets a cut be read."""
        start, end = self._node(tail), self._node(head)
        for node, target, left in ((start, end, capacity), (end, start, 0.0)):
            self._edges_of[node].append(len(self._heads))
            self._heads.append(target)
            self._left.append(left)
            self._names.append(name)

    def solve(self, source: Hashable, sink: Hashable) -> float:
        """Returns the greatest flow from source to sink; afterwards ``cut`` tells what limits it."""
        start, end = self._node(source), self._node(sink)
        flow = 0.0
        while (levels := self._levels(start))[end] >= 0:
            flow += self._block(start, end, levels)
        return flow

    def cut(self, source: Hashable) -> list[Hashable]:
        """Returns the names of the full edges that separate the source from the sink, after ``solve``."""
        levels = self._levels(self._node(source))
        names: dict[Hashable, None] = {}
        for node, level in enumerate(levels):
            if level < 0:
                continue
            for edge in self._edges_of[node]:
                name = self._names[edge]
                if edge % 2 == 0 and levels[self._heads[edge]] < 0 and name is not None:
                    names[name] = None
        return list(names)

    def reached(self, source: Hashable) -> set[Hashable]:
        """Returns the nodes on the source's side of the cut, after ``solve``."""
        levels = self._levels(self._node(source))
        return {name for name, index in self._index.items() if levels[index] >= 0}

    def _node(self, name: Hashable) -> int:
        index = self._index.get(name)
        if index is None:
            index = self._index[name] = len(self._edges_of)
            self._edges_of.append([])
        return index

    def _levels(self, start: int) -> list[int]:
        levels = [-1] * len(self._edges_of)
        levels[start] = 0
        queue = deque([start])
        while queue:
            node = queue.popleft()
            for edge in self._edges_of[node]:
                head = self._heads[edge]
                if levels[head] < 0 and self._left[edge] > EPSILON:
                    levels[head] = levels[node] + 1
                    queue.append(head)
        return levels

    def _block(self, start: int, end: int, levels: list[int]) -> float:
        """Returns the flow added by filling every shortest path, without recursion."""
        turn = [0] * len(self._edges_of)
        flow = 0.0
        path: list[int] = []
        node = start
        while True:
            if node == end:
                flow += self._push(path)
                path, node = [], start
                continue
            edge = self._next_edge(node, levels, turn)
            if edge is not None:
                path.append(edge)
                node = self._heads[edge]
            elif path:
                node = self._heads[path.pop() ^ 1]
                turn[node] += 1
            else:
                return flow

    def _next_edge(self, node: int, levels: list[int], turn: list[int]) -> int | None:
        edges = self._edges_of[node]
        while turn[node] < len(edges):
            edge = edges[turn[node]]
            if self._left[edge] > EPSILON and levels[self._heads[edge]] == levels[node] + 1:
                return edge
            turn[node] += 1
        return None

    def _push(self, path: list[int]) -> float:
        amount = min(self._left[edge] for edge in path)
        for edge in path:
            self._left[edge] -= amount
            self._left[edge ^ 1] += amount
        return amount
