# SPDX-License-Identifier: Apache-2.0
"""Stores batches, many in one COPY, and says of each when it is safe on the disk. The queue has an end."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from psycopg import AsyncConnection

from hamkor.telemetry.receiving.batches import Batch, rows_of, to_relay
from hamkor.telemetry.receiving.counting import FAULTS, WAITING
from hamkor.telemetry.receiving.refusals import busy
from hamkor.telemetry.receiving.waiting import back_off_s
from hamkor.telemetry.rules.readings import DEFAULT_LIMITS, Limits

# A COPY as long as this takes some tens of milliseconds: more wait for the next one.
READINGS_TOGETHER = 20_000
_COPY = (
    "COPY telemetry_sample (stream, at_ms, received_ms, device, feature, measure, value, north) FROM STDIN"
)
_SEQUENCES = (
    "INSERT INTO telemetry_sequence AS kept (stream, device, generation, seq)"
    " SELECT * FROM unnest(%s::text[], %s::text[], %s::integer[], %s::bigint[])"
    " ON CONFLICT (stream, device) DO UPDATE"
    " SET generation = excluded.generation, seq = excluded.seq, at = clock_timestamp()"
    " WHERE (kept.generation, kept.seq) < (excluded.generation, excluded.seq)"
)
_RELAY = "INSERT INTO telemetry_relay (stream, body) SELECT * FROM unnest(%s::text[], %s::bytea[])"


class Writer:
    """Stores batches in the order in which they came.

    Args:
        parameters: Of the connection to the database.
        is_followed: True for an event this process follows itself; batches of others are relayed.
        on_stored: Called with what was stored, in the event loop.
        limits: How many readings may wait.

    Notes:
        While one COPY runs the next batches gather, so the load decides how many go together. A batch is told to be
        stored after the commit: who hears nothing sends it again.
    """

    def __init__(
        self,
        parameters: Mapping[str, Any],
        *,
        is_followed: Callable[[str], bool],
        on_stored: Callable[[list[Batch]], None],
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._parameters, self._limits = dict(parameters), limits
        self._is_followed, self._on_stored = is_followed, on_stored
        self._waiting: deque[Batch] = deque()
        self._readings = 0
        self._wake = asyncio.Event()
        self.is_connected = False

    @property
    def waiting(self) -> int:
        """How many readings wait."""
        return self._readings

    def offer(self, batch: Batch) -> asyncio.Future[None]:
        """Takes a batch to be stored, and returns what comes true when it is.

        Raises:
            NotTakenError: ``ingest-busy``, when too many readings wait already; nothing was taken then.
        """
        if self._readings and self._readings + len(batch.samples) > self._limits.queue_readings:
            raise busy(self._limits.retry_after_s)
        batch.stored = asyncio.get_running_loop().create_future()
        self._waiting.append(batch)
        self._readings += len(batch.samples)
        self._wake.set()
        return batch.stored

    async def run(self) -> None:
        """Stores what is offered until cancelled; while the database is away everything waits."""
        failures = 0
        while True:
            try:
                connection = await AsyncConnection.connect(
                    autocommit=True, connect_timeout=10, **self._parameters
                )
                async with connection:
                    failures, self.is_connected = 0, True
                    await self._store_while_connected(connection)
            except (psycopg.Error, OSError):
                failures += 1
                FAULTS.labels("writer").inc()
            finally:
                self.is_connected = False
            await asyncio.sleep(back_off_s(failures))

    async def _store_while_connected(self, connection: AsyncConnection[Any]) -> None:
        while True:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
            batches = self._next()
            try:
                await self._store(connection, batches)
            except (psycopg.DataError, psycopg.IntegrityError):
                # Would fail again and again: whoever waits is told, and keeps its readings.
                FAULTS.labels("rows").inc()
                self._tell(batches, busy(self._limits.retry_after_s))
            except BaseException:
                self._waiting.extendleft(reversed(batches))
                self._readings += sum(len(batch.samples) for batch in batches)
                raise
            else:
                self._on_stored(batches)
                self._tell(batches, None)
            WAITING.set(self._readings)

    def _tell(self, batches: list[Batch], error: Exception | None) -> None:
        for batch in batches:
            if batch.stored is not None and not batch.stored.done():
                batch.stored.set_result(None) if error is None else batch.stored.set_exception(error)

    def _next(self) -> list[Batch]:
        taken: list[Batch] = []
        count = 0
        while self._waiting and count < READINGS_TOGETHER:
            taken.append(self._waiting.popleft())
            count += len(taken[-1].samples)
        self._readings -= count
        return taken

    async def _store(self, connection: AsyncConnection[Any], batches: list[Batch]) -> None:
        numbered = {(batch.stream, batch.device): batch for batch in batches if batch.seq is not None}
        relayed = [batch for batch in batches if not self._is_followed(batch.stream)]
        async with connection.transaction(), connection.cursor() as cursor:
            rows = rows_of(batches)
            if rows:
                async with cursor.copy(_COPY) as copy:
                    await copy.write(rows)
            if numbered:
                columns = [(key[0], key[1], kept.generation, kept.seq) for key, kept in numbered.items()]
                await cursor.execute(_SEQUENCES, [list(column) for column in zip(*columns, strict=True)])
            if relayed:
                streams = [batch.stream for batch in relayed]
                await cursor.execute(_RELAY, [streams, [to_relay(batch) for batch in relayed]])


def now_ms() -> int:
    """Returns the moment by the server's clock, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
