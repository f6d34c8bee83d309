# SPDX-License-Identifier: Apache-2.0
"""People who see queues: every so often some of them change to a way that is quicker, walking and waiting together."""

from __future__ import annotations

import numpy as np

from hamkor.simulation.network.cells import SINKS, Cells, Moves
from hamkor.simulation.rules.arcs import Arcs, Floats
from hamkor.simulation.rules.network_profile import network_profile

ROUNDS = 8
"""Rounds in which times to the goal spread over the links at each look; they start from the times of the last look."""
NEVER_S = 1e7


class Chooser:
    """What people of a least-queue run know and choose in one epoch.

    Args:
        arcs: The layout.
        cells: All cells.
        moves: Of the epoch.
        members: Shape of the members: empty, or their number.
    """

    def __init__(self, arcs: Arcs, cells: Cells, moves: Moves, *, members: tuple[int, ...]) -> None:
        self.cells, self.moves = cells, moves
        self.column = (-1, *(1 for _ in members))
        self.along = arcs.along_s[cells.used[cells.arc]].reshape(self.column)
        ways = np.flatnonzero(moves.origin < cells.count)
        self.ways = ways[np.argsort(moves.origin[ways], kind="stable")]
        self.way_begins = _begins(moves.origin[self.ways])
        self.way_cells = moves.origin[self.ways][self.way_begins]
        loose = np.flatnonzero((moves.share != 1.0) | moves.varies)
        self.rows = np.argsort(moves.origin[loose], kind="stable")
        self.loose = loose[self.rows]
        self.begins = _begins(moves.origin[self.loose])
        self.owner = np.repeat(np.arange(len(self.begins)), np.diff(np.append(self.begins, len(self.loose))))
        self.look_begins = _begins(moves.look_from)
        self.look_owner = np.repeat(
            np.arange(len(self.look_begins)), np.diff(np.append(self.look_begins, len(moves.look_from)))
        )
        self.left = np.zeros((cells.count + SINKS, *members))
        self.rounds = 4 * ROUNDS

    def look(self, wait_s: Floats, share: Floats) -> Floats:
        """Returns the new shares of the moves people choose among; keeps the times to the goal.

        Args:
            wait_s: (used arcs, members), wait in front of each arc.
            share: (loose moves, members), as it is.

        Source: a share of those who would gain enough changes at each look, so that they do not all run one way.
        """
        profile, moves = network_profile(), self.moves
        here = np.minimum(wait_s[self.cells.arc], NEVER_S) + self.along
        walk = moves.walk_s[self.ways].reshape(self.column)
        for _ in range(self.rounds):
            onward = np.minimum.reduceat(walk + self.left[moves.target[self.ways]], self.way_begins, axis=0)
            self.left[self.way_cells] = np.minimum(here[self.way_cells] + onward, NEVER_S)
        self.rounds = ROUNDS
        if not len(self.loose):
            return share
        cost = moves.walk_s[self.loose].reshape(self.column) + self.left[moves.target[self.loose]]
        least = np.minimum.reduceat(cost, self.begins, axis=0)[self.owner]
        mine = share[self.rows]
        now = np.add.reduceat(mine * np.minimum(cost, NEVER_S), self.begins, axis=0)[self.owner]
        best = (cost <= least + 1e-9).astype(np.float64)
        best /= np.add.reduceat(best, self.begins, axis=0)[self.owner]
        changed = np.where(
            now > least + profile.choose_gain_s, mine + profile.choose_share * (best - mine), mine
        )
        fresh = np.empty_like(share)
        fresh[self.rows] = changed
        return fresh

    def leaving(self, queue: Floats) -> Floats:
        """Returns, per place people in a queue may go to instead, how many go.

        Args:
            queue: (cells, members), people waiting.

        Source: as `look`.
        """
        profile, moves = network_profile(), self.moves
        cost = moves.look_s.reshape(self.column) + self.left[moves.look_to]
        least = np.minimum.reduceat(cost, self.look_begins, axis=0)[self.look_owner]
        gains = (cost <= least) & (cost + profile.choose_gain_s < self.left[moves.look_from])
        count = np.add.reduceat(gains.astype(np.float64), self.look_begins, axis=0)[self.look_owner]
        return np.where(gains, queue[moves.look_from] * profile.choose_share / np.maximum(count, 1.0), 0.0)


def _begins(keys: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.append(True, np.diff(keys) != 0)) if len(keys) else np.zeros(0, dtype=np.int64)
