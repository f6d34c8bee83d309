# SPDX-License-Identifier: Apache-2.0
"""The way in, whatever brings the readings: who sends is looked at, batches are stored, journals are kept up with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import AsyncConnection

from hamkor.common.errors import HamkorError
from hamkor.journal.queries import Store, get_documents, list_documents
from hamkor.telemetry.facts import DEVICE
from hamkor.telemetry.postgres.preparing import DAYS_AHEAD, KEPT_DAYS
from hamkor.telemetry.receiving.batches import Batch, Way, make_batch
from hamkor.telemetry.receiving.counting import BATCHES, FAULTS, READINGS, STORED_S
from hamkor.telemetry.receiving.following import Follower
from hamkor.telemetry.receiving.lanes import Judge
from hamkor.telemetry.receiving.refusals import NotTakenError, busy, forged, replayed, unknown_device
from hamkor.telemetry.receiving.registry import Registry, Sender
from hamkor.telemetry.receiving.waiting import Listener
from hamkor.telemetry.receiving.writer import Writer, now_ms
from hamkor.telemetry.rules.keys import Claim, is_key, seal
from hamkor.telemetry.rules.readings import DEFAULT_LIMITS, Limits, Sealed, Sent, read_unsealed

LOOK_S = 5.0
# An unknown event is looked for at most so often, however many ask.
LOOK_AGAIN_S = 1.0
FOLLOW_PAUSE_S = 0.2
STORED_WITHIN_S = 10.0
KEEP_S = 3_600.0
_SEQUENCES = "SELECT stream, device, generation, seq FROM telemetry_sequence WHERE stream = ANY(%s)"


class Intake:
    """Everything a process that takes readings in does, but its sockets.

    Args:
        store: The journals.
        listener: Tells when a journal moved; started by who made it.
        parameters: Of connections to the database.
        secret: Secret of the installation, from which keys are made.
        judge: Makes the rules of an event.
        kept_days: For how many days readings are kept.
        limits: How much may be sent.
    """

    def __init__(
        self,
        store: Store,
        listener: Listener,
        parameters: Mapping[str, Any],
        *,
        secret: bytes,
        judge: Callable[[str], Judge],
        kept_days: int = KEPT_DAYS,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.limits = limits
        self.registry = Registry(secret, limits)
        self.follower = Follower(store, parameters, judge=judge, limits=limits)
        self.writer = Writer(
            parameters, is_followed=self.follower.is_followed, on_stored=self.follower.take, limits=limits
        )
        self._store, self._listener, self._parameters = store, listener, dict(parameters)
        self._kept_days = kept_days
        self._tasks: list[asyncio.Task[None]] = []
        self._kept_up: dict[str, asyncio.Task[None]] = {}
        self._looked_s = float("-inf")
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Starts everything; it is not waited for the database."""
        works = {
            "writer": self.writer.run(),
            "follower": self.follower.run(),
            "looking": self._look_always(),
            "keeping": self._keep_always(),
        }
        self._tasks = [asyncio.create_task(work, name=name) for name, work in works.items()]

    async def stop(self) -> None:
        """Ends everything; what was not stored was not acknowledged."""
        tasks = [*self._tasks, *self._kept_up.values()]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks, self._kept_up = [], {}

    @property
    def is_ready(self) -> bool:
        """True when readings can be stored."""
        return self.writer.is_connected and all(not task.done() for task in self._tasks)

    async def identify(self, claim: Claim) -> Sender:
        """Returns the device whose key is shown.

        Raises:
            NotTakenError: ``device-unknown``.
        """
        if claim.stream not in self.registry.streams:
            await self._look_soon()
        return self.registry.require(claim)

    async def store_batch(self, sender: Sender, sent: Sent, way: Way = "http") -> int:
        """Returns how many readings of a batch were stored, when they are safe; 0 for a batch stored before.

        Raises:
            NotTakenError: ``device-too-fast`` or ``ingest-busy``.
            ReadingRefusedError: As `hamkor.telemetry.rules.readings.admit`.
        """
        came_ms = now_ms()
        if sent.seq is not None and sent.seq <= sender.seq:
            # The first sending may still be on its way: who sends again hears that it is stored when it is.
            await self._stored(Batch(sender.stream, sender.device.id, [], received_ms=came_ms))
            return 0
        batch = make_batch(sender, sent, came_ms, limits=self.limits)
        waited = self._offer(sender, batch)
        try:
            await self._within(waited)
        except NotTakenError:
            if waited.done() and batch.seq is not None:
                sender.seq = min(sender.seq, batch.seq - 1)  # refused for good: its number may come again
            raise
        READINGS.labels(way).inc(len(batch.samples))
        BATCHES.labels(way).inc()
        STORED_S.observe((now_ms() - came_ms) / 1000)
        return len(batch.samples)

    async def unseal(self, claim: Claim, sealed: Sealed) -> tuple[Sender, Sent]:
        """Returns who sent a message and what is in it, when its seal is right and it is new.

        Raises:
            NotTakenError: ``device-unknown``, ``message-forged`` or ``message-replayed``.
            ReadingRefusedError: ``body-malformed`` or ``batch-too-large``.
        """
        if claim.stream not in self.registry.streams:
            await self._look_soon()
        sender = self.registry.find(claim)
        if sender is None:
            raise unknown_device()
        mac = seal(
            sender.key,
            claim.stream,
            claim.device,
            seq=sealed.seq,
            sent_at=sealed.sent_at,
            readings=bytes(sealed.readings),
        )
        if not is_key(sealed.mac, mac):
            raise forged()
        if sealed.seq <= sender.seq:
            raise replayed(sealed.seq, sender.seq)
        return sender, read_unsealed(sealed, self.limits)

    def _offer(self, sender: Sender, batch: Batch) -> asyncio.Future[None]:
        waited = self.writer.offer(batch)
        if batch.seq is not None:
            sender.seq = batch.seq
        return waited

    async def _stored(self, batch: Batch) -> None:
        await self._within(self.writer.offer(batch))

    async def _within(self, waited: asyncio.Future[None]) -> None:
        try:
            await asyncio.wait_for(asyncio.shield(waited), STORED_WITHIN_S)
        except TimeoutError:
            # It may still be stored later; sent again it changes nothing.
            raise busy(self.limits.retry_after_s) from None

    async def _look_soon(self) -> None:
        loop = asyncio.get_running_loop()
        if self._looking is None or self._looking.done():
            if loop.time() - self._looked_s < LOOK_AGAIN_S:
                return
            self._looking = asyncio.create_task(self._look(), name="looking-soon")
        with suppress(HamkorError, psycopg.Error):
            await asyncio.shield(self._looking)

    async def _look_always(self) -> None:
        while True:
            try:
                await self._look()
            except (HamkorError, psycopg.Error, OSError):
                FAULTS.labels("looking").inc()
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        """Finds the events that have devices, and begins to keep up with the new ones."""
        self._looked_s = asyncio.get_running_loop().time()
        found = await asyncio.to_thread(list_documents, self._store, DEVICE)
        streams = sorted({stream for stream, _device in found})
        fresh = [stream for stream in streams if stream not in self._kept_up or self._kept_up[stream].done()]
        for stream in fresh:
            documents = await asyncio.to_thread(get_documents, self._store, stream)
            self.registry.load(stream, documents)
        if fresh:
            await self.load_sequences(fresh)
        for stream in fresh:
            self._kept_up[stream] = asyncio.create_task(self._keep_up(stream), name=f"keep-up-{stream}")
        self.follower.want(streams)

    async def load_sequences(self, streams: list[str] | None = None) -> None:
        """Takes over which batches were stored last, by this process or another.

        Args:
            streams: Events; all that have devices when None.
        """
        wanted = sorted(self.registry.streams) if streams is None else streams
        async with await AsyncConnection.connect(**self._parameters) as connection:
            rows = await (await connection.execute(_SEQUENCES, [wanted])).fetchall()
        self.registry.load_sequences(rows)

    async def _keep_up(self, stream: str) -> None:
        """Takes over what changes in a journal, a few times a second at most."""
        async for _number in self._listener.numbers(stream, after=0, every_s=30.0):
            try:
                documents = await asyncio.to_thread(get_documents, self._store, stream)
            except (HamkorError, psycopg.Error):
                FAULTS.labels("documents").inc()
            else:
                self.registry.load(stream, documents)
                self.follower.refresh(stream, documents)
            await asyncio.sleep(FOLLOW_PAUSE_S)

    async def _keep_always(self) -> None:
        """Makes the partitions of the next days and drops those that are too old, every hour."""
        while True:
            try:
                options = {"autocommit": True, **self._parameters}
                async with await AsyncConnection.connect(**options) as connection:
                    await connection.execute("SELECT telemetry_keep(%s, %s)", [DAYS_AHEAD, self._kept_days])
            except (psycopg.Error, OSError):
                FAULTS.labels("keeping").inc()
                await asyncio.sleep(LOOK_S)
                continue
            await asyncio.sleep(KEEP_S)
