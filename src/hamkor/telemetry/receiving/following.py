# SPDX-License-Identifier: Apache-2.0
"""Follows events: of all processes one at a time, by a lock the database gives and takes back with the connection."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
import psycopg
from psycopg import AsyncConnection

from hamkor.common.ids import new_id
from hamkor.journal.queries import Store, get_documents
from hamkor.journal.rules import Documents, Envelope
from hamkor.telemetry.commands import record_device_states, record_zone_states
from hamkor.telemetry.receiving.batches import Batch, from_relay
from hamkor.telemetry.receiving.clerk import Clerk
from hamkor.telemetry.receiving.counting import FAULTS, FOLLOWED, JUDGED_S
from hamkor.telemetry.receiving.lanes import Judge, Lane, moment
from hamkor.telemetry.receiving.publishing import publish
from hamkor.telemetry.receiving.waiting import back_off_s
from hamkor.telemetry.receiving.writer import now_ms
from hamkor.telemetry.rules.devices import SYSTEM_INGEST
from hamkor.telemetry.rules.readings import DEFAULT_LIMITS, Limits, Sample
from hamkor.telemetry.rules.tracking import CounterMark

_LOG = logging.getLogger("hamkor.ingest")
TICK_S = 0.2
CLAIM_S = 1.0
VALUES_MS = 400
VALUES_SHARE = 12
MINUTES_MS = 15_000
# How far back readings are looked at when a process takes an event over, at most; and how much before the mark.
LOOK_BACK_MS = 15 * 60_000
OVERLAP_MS = 10_000
# The first half of the number of the lock of an event; the second is a hash of its id.
_LOCK_NUMBER = 72_152

_CLAIM = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
_GIVE_UP = "SELECT pg_advisory_unlock(%s, hashtext(%s))"
_RELAYED = "DELETE FROM telemetry_relay WHERE stream = ANY(%s) RETURNING number, stream, body"
_MARK = "SELECT received_ms, body FROM telemetry_mark WHERE stream = %s"
_TAIL = (
    "SELECT received_ms, at_ms, device, feature, measure, value, north FROM telemetry_sample"
    " WHERE stream = %s AND received_ms >= %s AND at_ms >= %s ORDER BY received_ms, at_ms"
)
_MARKS = msgspec.json.Decoder(list[CounterMark])


class Followed:
    """An event this process follows.

    Args:
        lane: What is known of it.
    """

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.clerk = Clerk(lane.stream)
        self.task = asyncio.create_task(self.clerk.run(), name=f"clerk-{lane.stream}")
        self.values_due_ms = self.minutes_ms = 0


class Follower:
    """Follows the events that no other process follows.

    Args:
        store: The journals.
        parameters: Of the connection to the database, which holds the locks: what is written of an event is written
            over it, so who has lost the lock writes nothing.
        judge: Makes the rules of an event.
        limits: From when a reading says nothing about now.
    """

    def __init__(
        self,
        store: Store,
        parameters: Mapping[str, Any],
        *,
        judge: Callable[[str], Judge],
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._store, self._parameters = store, dict(parameters)
        self._judge, self._limits = judge, limits
        self._wanted: frozenset[str] = frozenset()
        self._followed: dict[str, Followed] = {}
        self._claimed_ms = 0
        self._urgent = asyncio.Event()

    def want(self, streams: Iterable[str]) -> None:
        """Says which events there are to follow."""
        self._wanted = frozenset(streams)

    def is_followed(self, stream: str) -> bool:
        """True when this process follows the event."""
        return stream in self._followed

    def refresh(self, stream: str, documents: Documents) -> None:
        """Takes the documents of an event over, if it is followed here."""
        followed = self._followed.get(stream)
        if followed is not None:
            followed.lane.refresh(documents)

    def take(self, batches: Sequence[Batch]) -> None:
        """Takes stored batches of events that are followed here; those of others were relayed."""
        for batch in batches:
            followed = self._followed.get(batch.stream)
            if followed is not None:
                followed.lane.take(batch)
                if followed.lane.is_urgent:
                    self._urgent.set()

    async def run(self) -> None:
        """Follows until cancelled; without the database nothing is followed."""
        judging = asyncio.create_task(self._judge_always(), name="judging")
        failures = 0
        try:
            while True:
                try:
                    options = {"autocommit": True, "connect_timeout": 10, **self._parameters}
                    async with await AsyncConnection.connect(**options) as connection:
                        failures = 0
                        await self._follow(connection)
                except (psycopg.Error, OSError):
                    failures += 1
                    FAULTS.labels("follower").inc()
                finally:
                    await self._drop(list(self._followed))
                await asyncio.sleep(back_off_s(failures))
        finally:
            judging.cancel()
            with suppress(asyncio.CancelledError):
                await judging

    async def _follow(self, connection: AsyncConnection[Any]) -> None:
        while True:
            at_ms = now_ms()
            if at_ms - self._claimed_ms >= CLAIM_S * 1000:
                self._claimed_ms = at_ms
                await self._claim(connection)
            await self._take_relayed(connection)
            for followed in list(self._followed.values()):
                await self._publish(connection, followed)
            await asyncio.sleep(max(0.02, TICK_S - (now_ms() - at_ms) / 1000))

    async def _claim(self, connection: AsyncConnection[Any]) -> None:
        for stream in [stream for stream in self._followed if stream not in self._wanted]:
            await self._drop([stream])
            await connection.execute(_GIVE_UP, [_LOCK_NUMBER, stream])
        for stream in self._wanted.difference(self._followed):
            row = await (await connection.execute(_CLAIM, [_LOCK_NUMBER, stream])).fetchone()
            if row is not None and row[0]:
                await self._begin(connection, stream)
        FOLLOWED.set(len(self._followed))

    async def _begin(self, connection: AsyncConnection[Any], stream: str) -> None:
        """Takes an event over: what the last process knew, then what came since, then what comes now."""
        documents = await asyncio.to_thread(get_documents, self._store, stream)
        lane = Lane(stream, self._judge(stream), self._limits)
        lane.refresh(documents)
        row = await (await connection.execute(_MARK, [stream])).fetchone()
        since_ms = now_ms() - LOOK_BACK_MS
        if row is not None:
            lane.restore(_MARKS.decode(msgspec.json.encode(row[1])))
            since_ms = max(since_ms, row[0] - OVERLAP_MS)
        # From here on batches come in; the tail is read after, so that nothing falls between. What comes twice is
        # known: counters and levels by their moments, presses of buttons by theirs.
        self._followed[stream] = Followed(lane)
        rows = await (
            await connection.execute(_TAIL, [stream, since_ms, since_ms - int(self._limits.late_s * 1000)])
        ).fetchall()
        for batch in _batches(stream, rows):
            lane.take(batch)
        _LOG.info("following %s from %d readings back", stream, len(rows))

    async def _drop(self, streams: Iterable[str]) -> None:
        for stream in streams:
            followed = self._followed.pop(stream)
            followed.task.cancel()
            with suppress(asyncio.CancelledError):
                await followed.task
        FOLLOWED.set(len(self._followed))

    async def _take_relayed(self, connection: AsyncConnection[Any]) -> None:
        if not self._followed:
            return
        cursor = await connection.execute(_RELAYED, [list(self._followed)])
        rows = await cursor.fetchall()
        self.take([from_relay(stream, bytes(body)) for _number, stream, body in sorted(rows)])

    async def _publish(self, connection: AsyncConnection[Any], followed: Followed) -> None:
        lane, at_ms = followed.lane, now_ms()
        if at_ms < followed.values_due_ms:
            return
        values = lane.values(at_ms)
        lane.minutes.take(values, at_ms)
        # A drawing of thousands of ways takes longer: it is looked at less often, and everything else goes on.
        followed.values_due_ms = at_ms + max(VALUES_MS, VALUES_SHARE * (now_ms() - at_ms))
        self._write_down(followed, values, at_ms)
        is_due = at_ms - followed.minutes_ms >= MINUTES_MS
        if is_due:
            followed.minutes_ms = at_ms
        await publish(connection, lane, lane.news(values), at_ms=at_ms, with_minutes=is_due)

    def _write_down(self, followed: Followed, values: Sequence[Any], at_ms: int) -> None:
        """Has changed states journalled, each with one id, however often it has to be tried."""
        zones = followed.lane.zone_changes(values, at_ms)
        devices = followed.lane.device_changes(at_ms)
        store, stream = self._store, followed.lane.stream
        if zones:
            envelope = _envelope(stream)
            followed.clerk.ask(
                lambda: record_zone_states(store, envelope, viewer=SYSTEM_INGEST, states=zones)
            )
        if devices:
            told = _envelope(stream)
            followed.clerk.ask(
                lambda: record_device_states(store, told, viewer=SYSTEM_INGEST, states=devices)
            )

    async def _judge_always(self) -> None:
        """Looks at readings by the rules five times a second, at a pressed button at once."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._urgent.wait(), TICK_S)
            self._urgent.clear()
            for followed in list(self._followed.values()):
                try:
                    self._judge_once(followed)
                except Exception:  # noqa: BLE001 - the rules of one event must not end those of others
                    FAULTS.labels("rules").inc()
                    _LOG.exception("rules of %s", followed.lane.stream)

    def _judge_once(self, followed: Followed) -> None:
        lane, at_ms = followed.lane, now_ms()
        came_ms = lane.newest_wait_ms
        samples = lane.pop_pending()
        found = lane.judge.feed(samples, (), moment(at_ms))
        if came_ms >= 0:
            JUDGED_S.observe(max(0, now_ms() - came_ms) / 1000)
        if found:
            followed.clerk.ask(lambda: lane.judge.act(found))


def _batches(stream: str, rows: Sequence[tuple[Any, ...]]) -> Iterable[Batch]:
    """Returns stored readings as the batches they were."""
    groups: dict[tuple[int, str], list[Sample]] = {}
    for received_ms, at_ms, device, feature, measure, value, north in rows:
        sample = Sample(at_ms, device, feature, measure, value, north)
        groups.setdefault((received_ms, device), []).append(sample)
    return [
        Batch(stream, device, samples, received_ms=received_ms)
        for (received_ms, device), samples in groups.items()
    ]


def _envelope(stream: str) -> Envelope:
    at = datetime.now(UTC)
    return Envelope(stream=stream, command_id=new_id(at), at=at, by=SYSTEM_INGEST.person)
