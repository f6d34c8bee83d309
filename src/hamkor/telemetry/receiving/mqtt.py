# SPDX-License-Identifier: Apache-2.0
"""The MQTT side: one process at a time takes messages from the broker, and acknowledges each when it is stored."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

import aiomqtt
import msgspec
import psycopg
from psycopg import AsyncConnection

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.telemetry.receiving.counting import FAULTS, REFUSED
from hamkor.telemetry.receiving.intake import Intake
from hamkor.telemetry.receiving.refusals import NotTakenError
from hamkor.telemetry.receiving.waiting import back_off_s
from hamkor.telemetry.rules.keys import read_topic
from hamkor.telemetry.rules.readings import ReadingRefusedError, read_sealed

_LOG = logging.getLogger("hamkor.ingest")
TOPIC = "hamkor/+/+/readings"
PORT, PORT_TLS = 1883, 8883
# Messages that may be on their way to the disk at once; the broker keeps the rest.
IN_FLIGHT = 200
KEEP_ALIVE_S = 15
_LOCK = "SELECT pg_try_advisory_lock(%s)"
_LOCK_NUMBER = 7_215_204_616
WAIT_FOR_LOCK_S = 1.0
STILL_THERE_S = 5.0


class Broker(msgspec.Struct, frozen=True, kw_only=True):
    """Where messages come from.

    Args:
        host: Name or address.
        port: Port.
        user: User name, or None.
        password: Password, or None.
        is_tls: True for a connection under TLS.
    """

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    is_tls: bool = False


def read_broker(url: str) -> Broker:
    """Returns the broker of an address, such as ``mqtts://user:password@broker.example:8883``.

    Raises:
        HamkorError: ``setting-wrong``; the address is not shown, it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
        template = N_("The setting {name} is not usable; write mqtts://user:password@broker:8883.")
        raise HamkorError("setting-wrong", template, name="HAMKOR_MQTT_URL")
    is_tls = parts.scheme == "mqtts"
    return Broker(
        host=parts.hostname,
        port=port or (PORT_TLS if is_tls else PORT),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        is_tls=is_tls,
    )


class Subscriber:
    """Takes messages from a broker, in one process of the installation at a time.

    Args:
        broker: Where messages come from.
        intake: Where readings go.
        parameters: Of the connection to the database, which holds the lock.
        name: Name of this installation at the broker: its session there outlives the process, so that what comes
            meanwhile is kept by the broker.
    """

    def __init__(self, broker: Broker, intake: Intake, parameters: Mapping[str, Any], *, name: str) -> None:
        self._broker, self._intake, self._parameters, self._name = broker, intake, dict(parameters), name
        self.is_connected = False

    async def run(self) -> None:
        """Takes messages until cancelled."""
        failures = 0
        while True:
            try:
                async with await AsyncConnection.connect(autocommit=True, **self._parameters) as connection:
                    await self._until_chosen(connection)
                    await self._intake.load_sequences()
                    await self._take_while_connected(connection)
            except (psycopg.Error, OSError, aiomqtt.MqttError):
                failures += 1
                FAULTS.labels("mqtt").inc()
            finally:
                failures = 0 if self.is_connected else failures
                self.is_connected = False
            await asyncio.sleep(back_off_s(failures))

    async def _until_chosen(self, connection: AsyncConnection[Any]) -> None:
        while True:
            row = await (await connection.execute(_LOCK, [_LOCK_NUMBER])).fetchone()
            if row is not None and row[0]:
                return
            await asyncio.sleep(WAIT_FOR_LOCK_S)

    async def _take_while_connected(self, connection: AsyncConnection[Any]) -> None:
        broker = self._broker
        client = aiomqtt.Client(
            broker.host,
            broker.port,
            username=broker.user,
            password=broker.password,
            tls_context=ssl.create_default_context() if broker.is_tls else None,
            identifier=self._name,
            clean_session=False,
            keepalive=KEEP_ALIVE_S,
            max_inflight_messages=IN_FLIGHT,
        )
        # Acknowledged by us, when stored; aiomqtt has no word for it, the client below it has.
        client._client.manual_ack_set(True)  # noqa: SLF001, FBT003 - as above
        async with client:
            await client.subscribe(TOPIC, qos=1)
            self.is_connected = True
            watch = asyncio.create_task(self._watch(connection), name="mqtt-lock")
            try:
                await self._take(client, watch)
            finally:
                watch.cancel()
                with suppress(asyncio.CancelledError, psycopg.Error):
                    await watch

    async def _watch(self, connection: AsyncConnection[Any]) -> None:
        """Looks whether the lock is still ours: with its connection it is lost."""
        while True:
            await asyncio.sleep(STILL_THERE_S)
            await connection.execute("SELECT 1")

    async def _take(self, client: aiomqtt.Client, watch: asyncio.Task[None]) -> None:
        busy: set[asyncio.Task[None]] = set()
        try:
            async for message in client.messages:
                if watch.done():
                    return
                # The order of one device's messages is kept: a task runs to its first pause at once.
                task = asyncio.create_task(self._take_one(client, message))
                busy.add(task)
                task.add_done_callback(busy.discard)
                if len(busy) >= IN_FLIGHT:
                    await asyncio.wait(busy, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in busy:
                task.cancel()
            await asyncio.gather(*busy, return_exceptions=True)

    async def _take_one(self, client: aiomqtt.Client, message: aiomqtt.Message) -> None:
        try:
            await self._store(message)
        except (NotTakenError, ReadingRefusedError) as error:
            REFUSED.labels("mqtt", error.code).inc()
            _LOG.info("mqtt: refused: %s", error.code)
        client._client.ack(message.mid, message.qos)  # noqa: SLF001 - as above

    async def _store(self, message: aiomqtt.Message) -> None:
        claim, payload = read_topic(str(message.topic)), message.payload
        if claim is None or not isinstance(payload, bytes):
            raise NotTakenError(
                422, "topic-wrong", N_("Readings are sent to hamkor/<event>/<device>/readings.")
            )
        sealed = read_sealed(payload, self._intake.limits)
        while True:
            sender, sent = await self._intake.unseal(claim, sealed)
            try:
                await self._intake.store_batch(sender, sent, "mqtt")
            except NotTakenError as error:
                if error.status != 503:
                    raise
                # Not acknowledged: the broker waits, and would send it again to the next process.
                if await self._was_stored(sent, sender):
                    return
                await asyncio.sleep(error.retry_after_s or 1)
            else:
                return

    async def _was_stored(self, sent: Any, sender: Any) -> bool:
        """Returns True once a message that waits for the disk, as its number says, is there."""
        while sent.seq is not None and sent.seq <= sender.seq:
            try:
                await self._intake.store_batch(sender, sent, "mqtt")
            except NotTakenError as error:
                await asyncio.sleep(error.retry_after_s or 1)
            else:
                return True
        return False
