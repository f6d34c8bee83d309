# SPDX-License-Identifier: Apache-2.0
"""The queueing network itself: fluid queues in front of arcs, step by step, for all members of an ensemble at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from hamkor.simulation.network.cells import SINKS, Cells, Moves
from hamkor.simulation.network.choosing import Chooser
from hamkor.simulation.rules.arcs import Arcs, Floats, Ints
from hamkor.simulation.rules.network_profile import network_profile

IS_EMPTY = 1e-9
NOBODY = 1e-11
"""Share of all people below which nobody is left: people who spread thin."""
MEMBER_NUMBERS = 1_000_000
"""Cells times members that are moved together."""


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
        holds: Per place, most people; infinite when not limited.
        queue: (cells, members), people waiting at the beginning, None: nobody.
        split: Per epoch (loose moves, members), shares of moves that take but a part of those who leave their origin.
        watched: Cells whose people are counted as they pass.
        is_alone: One member only, whose numbers are kept without an axis for members.
        choose_steps: Steps between two looks of people who see queues.
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
    watched: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    is_alone: bool = True
    choose_steps: int = 1


@dataclass(kw_only=True)
class Track:
    """What happened, at the points of the curves.

    Args:
        times_s: Per point.
        passed: (points, used arcs, members), people through since the beginning.
        queue: (points, used arcs, members), people waiting.
        released: (points, sources, members), people who started since the beginning.
        watched: (points, watched cells, members), people who passed since the beginning.
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
    watched: list[Floats] = field(default_factory=list)
    arrived: list[Floats] = field(default_factory=list)
    counter_arrived: Floats = field(default_factory=lambda: np.zeros(0))
    longest: Floats = field(default_factory=lambda: np.zeros(0))
    busy: Floats = field(default_factory=lambda: np.zeros(0))
    steps: int = 0


def run_job(job: Job, on_progress: Callable[[float], None] | None = None) -> Track:
    """Returns what happened, some members at a time: their numbers then fit into the cache of a processor.

    Args:
        job: Everything a run needs.
        on_progress: Is told the share of the longest time done; may raise to cancel.

    Source: members do not know of each other.
    """
    members = job.rate_per_s.shape[1]
    ring = max(job.cells.count, 1) * (job.cells.most_delay + 1)
    width = max(1, min(MEMBER_NUMBERS // max(job.cells.count, 1), network_profile().most_states // ring))
    parts = [slice(begin, begin + width) for begin in range(0, members, width)]
    if len(parts) == 1:
        return Engine(job).run(on_progress)
    tracks = []
    for number, part in enumerate(parts):

        def tell(share: float, number: int = number) -> None:
            if on_progress is not None:
                on_progress((number + share) / len(parts))

        tracks.append(Engine(_part_of(job, part)).run(tell))
    return _joined(tracks)


def _part_of(job: Job, part: slice) -> Job:
    return replace(
        job,
        rate_per_s=job.rate_per_s[:, part],
        releases=tuple(table[:, part] for table in job.releases),
        people=job.people[:, part],
        start=job.start[:, part],
        queue=None if job.queue is None else job.queue[:, part],
        split=tuple(table[:, part] for table in job.split),
    )


def _joined(tracks: list[Track]) -> Track:
    """One track of several; those who were done earlier stay as they were."""
    points, steps = max(len(track.times_s) for track in tracks), max(track.steps for track in tracks)
    longest = max(tracks, key=lambda track: track.times_s[-1])

    def side_by_side(name: str, count: int) -> list[Floats]:
        rows = [getattr(track, name) for track in tracks]
        parts = [[row[min(index, len(row) - 1)] for row in rows] for index in range(count)]
        return [np.concatenate(part, axis=-1) for part in parts]

    return Track(
        times_s=longest.times_s,
        passed=side_by_side("passed", points),
        queue=side_by_side("queue", points),
        released=side_by_side("released", points),
        watched=side_by_side("watched", points),
        arrived=side_by_side("arrived", steps + 1),
        counter_arrived=np.concatenate([track.counter_arrived for track in tracks]),
        longest=np.concatenate([track.longest for track in tracks], axis=-1),
        busy=np.concatenate([track.busy for track in tracks], axis=-1),
        steps=steps,
    )


def rounds_of(begins: Ints, count: int) -> list[tuple[Ints, Ints]]:
    """Returns (segments, rows) such that every round adds at most one row to each segment.

    Args:
        begins: First row of each segment.
        count: Number of rows.

    Source: definition; rows of many members are added faster whole than one number at a time.
    """
    lengths = np.diff(np.append(begins, count))
    longest = int(lengths.max(initial=0))
    found = ((number, np.flatnonzero(lengths > number)) for number in range(longest))
    return [(segments, begins[segments] + number) for number, segments in found]


class Engine:
    """One run of the network."""

    def __init__(self, job: Job) -> None:
        cells, self.job = job.cells, job
        # An ensemble is a guess of percentiles: half as many bytes are twice as quick.
        self.kind = np.float64 if job.is_alone else np.float32
        # One member: plain vectors; numpy is much faster on them than on columns.
        self.tail_shape = () if job.is_alone else (job.rate_per_s.shape[1],)
        self.width = cells.count + SINKS
        self.slots = cells.most_delay + 1
        self.queue = self._shaped(job.queue) if job.queue is not None else self._zeros(cells.count)
        self.ring = self._zeros(self.slots * self.width)
        self.pending = self._zeros(len(job.curve))
        self.people = self._shaped(job.people)
        self.released = self._zeros(len(job.curve))
        self.releases = [self._shaped(table) for table in job.releases]
        self.arrived, self.counter = self._zeros(1)[0], self._zeros(1)[0]
        self.passed = self._zeros(len(cells.used))
        self.longest, self.busy = self.passed.copy(), self.passed.copy()
        self.watched = self._zeros(len(job.watched))
        self.rates = self._shaped(job.rate_per_s[cells.used] * job.step_s)
        self.is_single = len(cells.used) == cells.count
        self.begins = np.searchsorted(cells.arc, np.arange(len(cells.used)))
        self.arc_rounds = rounds_of(self.begins, cells.count)
        self.pairs = self._pairs()
        self._prepare_places()

    def _zeros(self, count: int) -> Floats:
        return np.zeros((count, *self.tail_shape), dtype=self.kind)

    def _shaped(self, values: Floats) -> Floats:
        return values[:, 0].copy() if not self.tail_shape else values.astype(self.kind)

    def _column(self, values: Floats) -> Floats:
        return values.reshape(-1, *(1 for _ in self.tail_shape)).astype(self.kind)

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
        places = job.arcs.head[used[job.cells.arc]]
        self.feeds = ((places[None, :] == job.draws_on[draws][:, None]) & job.cells.ending[None, :]).astype(
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
        if not job.cells.count:  # nobody has a way, or there is nobody: all stay where they are
            track.steps = job.sample_steps
            track.arrived.append(np.copy(self.arrived))
            self._sample(track, track.steps)
            track.longest, track.busy = self.longest, self.busy
            return track
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
        self.loose = np.flatnonzero((moves.share != 1.0) | moves.varies)
        self.chooser = None
        if moves.varies.any():
            self.chooser = Chooser(self.job.arcs, self.job.cells, moves, members=self.tail_shape)
        share = (
            self._shaped(self.job.split[number]) if self.job.split else self._column(moves.share[self.loose])
        )
        self.share = (
            share if self.chooser is None else np.broadcast_to(share, (len(share), *self.tail_shape)).copy()
        )
        self.key_begins = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
        self.is_plain = len(self.key_begins) == len(key)
        self.rounds = rounds_of(self.key_begins, len(key))
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
        self.ring[start : start + self.width] = 0.0
        leaving = self._released(step)
        if len(moves.switch_from):
            self._switch(moves, start)
        if self.chooser is not None and step % self.job.choose_steps == 0:
            self._choose(self.chooser, moves, start)
        flow = self._served()
        both = np.concatenate([flow, leaving])[self.origin]
        if len(self.loose):
            both[self.loose] *= self.share
        place = self.offset + start
        np.subtract(place, len(self.ring), out=place, where=place >= len(self.ring))
        if not self.tail_shape:
            self.ring[place] += both if self.is_plain else np.add.reduceat(both, self.key_begins)
        else:
            for segments, rows in self.rounds:
                self.ring[place[segments]] += both[rows]
        self._arrive((step + 1) % self.slots * self.width + cells)

    def _arrive(self, sinks: int) -> None:
        """Counts those who are there at the end of the step."""
        self.arrived = self.arrived + self.ring[sinks]
        self.counter = self.counter + self.ring[sinks + 1]
        self.ring[sinks : sinks + SINKS] = 0.0

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

    def _choose(self, chooser: Chooser, moves: Moves, start: int) -> None:
        rate = np.maximum(self.rate, IS_EMPTY)
        self.share = chooser.look(self._per_arc(self.queue) / rate * self.job.step_s, self.share)
        if not len(moves.look_from):
            return
        going = chooser.leaving(self.queue).astype(self.kind)
        np.subtract.at(self.queue, moves.look_from, going)
        np.maximum(self.queue, 0.0, out=self.queue)
        place = (moves.look_delay * self.width + moves.look_to + start) % len(self.ring)
        np.add.at(self.ring, place, going)

    def _served(self) -> Floats:
        """People through each arc in this step; takes them out of the queues."""
        ready = self.queue if self.alive is None else self.queue * self.alive
        queue = self._per_arc(ready)
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
        if len(self.watched):
            self.watched += flow[self.job.watched]
        return flow

    def _per_arc(self, values: Floats) -> Floats:
        """Sums of cells over the cells of each arc."""
        if self.is_single:
            return values
        if not self.tail_shape:
            total: Floats = np.add.reduceat(values, self.begins)
            return total
        total = values[self.begins]
        for segments, rows in self.arc_rounds[1:]:
            total[segments] += values[rows]
        return total

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
        queue = self._per_arc(self.queue)
        track.times_s.append(step * self.job.step_s)
        track.passed.append(self.passed.copy())
        track.queue.append(queue.copy())
        track.released.append(self.released.copy())
        track.watched.append(self.watched.copy())

    def _is_over(self, track: Track, step: int, last_change: int) -> bool:
        """True when nothing can happen any more."""
        if step <= last_change or any(step < len(table) for table in self.releases):
            return False
        moving = np.sum(self.queue) + np.sum(self.ring) + np.sum(self.pending)
        if moving <= NOBODY * (np.sum(self.people) + 1):
            return True
        if self.ring.any():
            return False
        if (self.pending * self.is_routed > IS_EMPTY).any() and not len(self.draws):
            return False
        return bool(np.array_equal(track.passed[-1], track.passed[-2]))
