# SPDX-License-Identifier: Apache-2.0
"""The queueing network itself: fluid queues in front of arcs, step by step, for all members of an ensemble at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from hamkor.simulation.network.cells import SINKS, Cells, Moves
from hamkor.simulation.rules.arcs import Arcs, Floats, Ints

Choose = Callable[[int, Floats, Floats], Floats]
IS_EMPTY = 1e-9


@dataclass(frozen=True, kw_only=True)
class Job:
    """Everything a run needs. Arrays have one column per member.

    Args:
        arcs: The layout.
        cells: Who moves where.
        step_s: Width of a time step, seconds.
        steps: At most that many steps.
        sample_steps: Steps between two points of the curves.
        rate_per_s: (arcs, members), one way.
        two_way_factor: Share of the rate left when people pass both ways.
        releases: (steps, members), people of a source who start in each step, as shares of its people; one array per
            curve.
        curve: Per source, index of its curve.
        people: (sources, members).
        draws_on: Per source, index of the place whose people it takes, -1 for none.
        start: (places, members), people in the places at the beginning.
        queue: (cells, members), people waiting at the beginning.
        holds: Per place, most people; infinite when not limited.
    """

    arcs: Arcs
    cells: Cells
    step_s: float
    steps: int
    sample_steps: int
    rate_per_s: Floats
    two_way_factor: float
    releases: tuple[Floats, ...]
    curve: Ints
    people: Floats
    draws_on: Ints
    start: Floats
    holds: Floats
    queue: Floats | None = None
    split: tuple[Floats, ...] = ()


@dataclass(kw_only=True)
class Track:
    """What happened, at the points of the curves.

    Args:
        times_s: Per point.
        passed: (points, used arcs, members), people through since the beginning.
        queue: (points, used arcs, members), people waiting.
        released: (points, sources, members), people who started since the beginning.
        arrived: (steps + 1, members), people arrived.
        counter_arrived: (members,), arrived going the other way.
        longest: (used arcs, members), longest queue.
        busy: (used arcs, members), steps worked at capacity.
        steps: Steps done.
    """

    times_s: list[float] = field(default_factory=list)
    passed: list[Floats] = field(default_factory=list)
    queue: list[Floats] = field(default_factory=list)
    released: list[Floats] = field(default_factory=list)
    arrived: list[Floats] = field(default_factory=list)
    counter_arrived: Floats = field(default_factory=lambda: np.zeros(0))
    longest: Floats = field(default_factory=lambda: np.zeros(0))
    busy: Floats = field(default_factory=lambda: np.zeros(0))
    steps: int = 0


class Engine:
    """One run of the network."""

    def __init__(self, job: Job) -> None:
        cells, self.job = job.cells, job
        # One member: plain vectors; numpy is much faster on them than on columns.
        self.tail_shape = () if job.rate_per_s.shape[1] == 1 else (job.rate_per_s.shape[1],)
        self.width = cells.count + SINKS
        self.slots = cells.most_delay + 1
        self.queue = self._shaped(job.queue) if job.queue is not None else self._zeros(cells.count)
        self.ring = self._zeros(self.slots * self.width)
        self.pending = self._zeros(len(job.curve))
        self.people = self._shaped(job.people)
        self.released = self._zeros(len(job.curve))
        self.releases = [table[:, 0] if not self.tail_shape else table for table in job.releases]
        self.arrived, self.counter = self._zeros(1)[0], self._zeros(1)[0]
        self.passed = self._zeros(len(cells.used))
        self.longest, self.busy = self.passed.copy(), self.passed.copy()
        self.rates = self._shaped(job.rate_per_s[cells.used] * job.step_s)
        self.is_single = len(cells.used) == cells.count
        self.begins = np.searchsorted(cells.arc, np.arange(len(cells.used)))
        self.pairs = self._pairs()
        self._prepare_places()

    def _zeros(self, count: int) -> Floats:
        return np.zeros((count, *self.tail_shape))

    def _shaped(self, values: Floats) -> Floats:
        return values[:, 0].copy() if not self.tail_shape else values.copy()

    def _column(self, values: Floats) -> Floats:
        return values.reshape(-1, *(1 for _ in self.tail_shape))

    def _pairs(self) -> tuple[Ints, Ints]:
        used = self.job.cells.used
        partner = self.job.arcs.partner[used]
        mine = np.flatnonzero(partner > used)
        place = np.searchsorted(used, partner[mine])
        there = place < len(used)
        mine, place = mine[there], place[there]
        there = used[place] == partner[mine]
        return mine[there], place[there]

    def _prepare_places(self) -> None:
        """Places that might become full, and which used arcs enter and leave them."""
        job, used = self.job, self.job.cells.used
        count = len(job.holds)
        heads, tails = job.arcs.head[used], job.arcs.tail[used]
        most = job.people.max(axis=1, initial=0.0).sum() + job.start.max(axis=1, initial=0.0).sum()
        entered = np.bincount(heads, minlength=count + 1)[:count] > 0
        limited = np.flatnonzero((job.holds < most) & entered)
        self.limited = limited
        self.enters = (heads[None, :] == limited[:, None]).astype(np.float64)
        self.exits = (tails[None, :] == limited[:, None]).astype(np.float64)
        self.inside = self._shaped(job.start[limited])
        self.holds = self._column(job.holds[limited])
        draws = np.flatnonzero(job.draws_on >= 0)
        self.draws = draws
        ends = job.cells.sink == 0
        place_of_cell = job.arcs.head[used[job.cells.arc]] if job.cells.count else np.zeros(0, np.int64)
        self.feeds = ((place_of_cell[None, :] == job.draws_on[draws][:, None]) & ends[None, :]).astype(
            np.float64
        )
        self.stock = self._shaped(job.start[job.draws_on[draws]]) if len(draws) else self._zeros(0)

    def run(self, on_progress: Callable[[float], None] | None = None) -> Track:
        """Returns what happened until everyone arrived, nothing moves any more, or the steps are done."""
        job, track = self.job, Track()
        moves = list(job.cells.moves)
        current = -1
        self._sample(track, 0)
        track.arrived.append(np.copy(self.arrived))
        last_change = moves[-1].from_step if moves else 0
        for step in range(job.steps):
            while current + 1 < len(moves) and moves[current + 1].from_step <= step:
                current += 1
                self._begin(moves[current], current)
            self._step(step, moves[current])
            track.arrived.append(np.copy(self.arrived))
            track.steps = step + 1
            if (step + 1) % job.sample_steps == 0:
                self._sample(track, step + 1)
                if on_progress is not None:
                    on_progress((step + 1) / job.steps)
                if self._is_over(track, step + 1, last_change):
                    break
        if track.times_s[-1] < track.steps * job.step_s:
            self._sample(track, track.steps)
        track.counter_arrived, track.longest, track.busy = (
            np.atleast_1d(self.counter),
            self.longest,
            self.busy,
        )
        return track

    def _begin(self, moves: Moves, number: int) -> None:
        """Makes the arrays of an epoch: moves with the same target and delay are added up at once."""
        key = moves.delay * self.width + moves.target
        self.origin = moves.origin
        self.share: Floats | None = None if np.all(moves.share == 1.0) else self._column(moves.share)
        if self.job.split:
            self.share = self.job.split[number]
        self.key_begins = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
        self.is_plain = len(self.key_begins) == len(key)
        self.offset = key[self.key_begins]
        self.rate = self.rates * self._column(moves.factor)
        self.is_routed = self._column(moves.is_routed)
        self.alive = None if moves.is_alive.all() else self._column(moves.is_alive)
        self.switch_offset = moves.switch_delay * self.width + moves.switch_to

    def _step(self, step: int, moves: Moves) -> None:
        slot = step % self.slots
        start = slot * self.width
        cells = self.job.cells.count
        self.queue += self.ring[start : start + cells]
        self.arrived = self.arrived + self.ring[start + cells]
        self.counter = self.counter + self.ring[start + cells + 1]
        self.ring[start : start + self.width] = 0.0
        leaving = self._released(step)
        if len(moves.switch_from):
            self._switch(moves, start)
        flow = self._served()
        both = np.concatenate([flow, leaving])[self.origin]
        if self.share is not None:
            both = both * self.share
        if not self.is_plain:
            both = np.add.reduceat(both, self.key_begins, axis=0)
        place = self.offset + start
        np.subtract(place, len(self.ring), out=place, where=place >= len(self.ring))
        self.ring[place] += both

    def _released(self, step: int) -> Floats:
        for number, table in enumerate(self.releases):
            if step < len(table):
                mine = self.job.curve == number
                self.pending[mine] += self.people[mine] * table[step]
        leaving = self.pending * self.is_routed
        if len(self.draws):
            leaving[self.draws] = np.minimum(leaving[self.draws], self.stock)
            self.stock -= leaving[self.draws]
        self.pending -= leaving
        self.released += leaving
        return leaving

    def _switch(self, moves: Moves, start: int) -> None:
        moving = self.queue[moves.switch_from]
        if not moving.any():
            return
        self.queue[moves.switch_from] = 0.0
        np.add.at(self.ring, (self.switch_offset + start) % len(self.ring), moving)

    def _served(self) -> Floats:
        """People through each arc in this step; takes them out of the queues."""
        ready = self.queue if self.alive is None else self.queue * self.alive
        queue = ready if self.is_single else np.add.reduceat(ready, self.begins, axis=0)
        go = np.minimum(queue, self.rate)
        self.busy += (queue > self.rate) & (self.rate > 0)
        if len(self.pairs[0]):
            self._share_two_ways(queue, go)
        if len(self.limited):
            self._hold_back(go)
        self.passed += go
        np.maximum(self.longest, queue - go, out=self.longest)
        if self.is_single:
            self.queue -= go
            flow = go
        else:
            part = np.divide(go, queue, out=np.zeros_like(go), where=queue > 0)
            flow = ready * part[self.job.cells.arc]
            self.queue -= flow
        if len(self.draws):
            self.stock += np.tensordot(self.feeds, flow, axes=1)
        return flow

    def _share_two_ways(self, queue: Floats, go: Floats) -> None:
        here, there = self.pairs
        wanted, against = go[here], go[there]
        together = np.maximum(self.rate[here], self.rate[there])
        is_both = (wanted > IS_EMPTY) & (against > IS_EMPTY)
        room = np.where(is_both, together * self.job.two_way_factor, together)
        scale = np.minimum(1.0, room / np.maximum(wanted + against, IS_EMPTY))
        go[here], go[there] = wanted * scale, against * scale

    def _hold_back(self, go: Floats) -> None:
        """Lets into a place no more than it holds; who leaves in the same step makes room."""
        coming = np.tensordot(self.enters, go, axes=1)
        if (self.inside + coming > self.holds).any():
            coming = self._scaled_back(go, coming)
        self.inside += coming - np.tensordot(self.exits, go, axes=1)

    def _scaled_back(self, go: Floats, coming: Floats) -> Floats:
        wanted = go.copy()
        into, out = self.enters.argmax(axis=0), np.flatnonzero(self.enters.any(axis=0))
        leaving = np.zeros_like(coming)
        for _ in range(3):  # each round counts only those who surely leave, so that nobody is let in too many
            room = np.maximum(self.holds - self.inside + leaving, 0.0)
            scale = np.minimum(1.0, room / np.maximum(coming, IS_EMPTY))
            go[out] = wanted[out] * scale[into[out]]
            leaving = np.tensordot(self.exits, go, axes=1)
        return np.tensordot(self.enters, go, axes=1)

    def _sample(self, track: Track, step: int) -> None:
        queue = self.queue if self.is_single else np.add.reduceat(self.queue, self.begins, axis=0)
        track.times_s.append(step * self.job.step_s)
        track.passed.append(self.passed.copy())
        track.queue.append(queue.copy())
        track.released.append(self.released.copy())

    def _is_over(self, track: Track, step: int, last_change: int) -> bool:
        """True when nothing can happen any more."""
        if step <= last_change or any(step < len(table) for table in self.releases):
            return False
        if self.ring.any():
            return False
        if (self.pending * self.is_routed > IS_EMPTY).any() and not len(self.draws):
            return False
        return bool(np.array_equal(track.passed[-1], track.passed[-2]))
