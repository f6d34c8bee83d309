# SPDX-License-Identifier: Apache-2.0
"""Devices that send: over HTTP or MQTT, as real ones do, keeping what is not acknowledged."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiomqtt

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.telemetry.receiving.mqtt import read_broker
from hamkor.telemetry.rules.keys import seal, topic_of

CONNECTIONS = 8
TRIES = 5
PAUSE_S = 0.5
ANSWER_S = 15.0


class Sending(Protocol):
    """Sends batches of devices."""

    async def send(self, device: str, readings: list[dict[str, Any]]) -> bool:
        """Sends a batch, again while it is told to come later; False when it was not taken."""


class HttpSending:
    """Sends over a few connections that stay.

    Args:
        url: Where the ingest process is, such as ``http://127.0.0.1:8001``.
        stream: Id of the event.
        keys: Key of each device.
    """

    def __init__(self, url: str, stream: str, keys: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise HamkorError("address-unusable", N_("{url} is no address; write http://host:port."), url=url)
        self._host, self._is_tls = parts.hostname, parts.scheme == "https"
        self._port = parts.port or (443 if self._is_tls else 80)
        self._stream, self._keys = stream, keys
        self._free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter] | None] = asyncio.Queue()
        for _ in range(CONNECTIONS):
            self._free.put_nowait(None)

    async def send(self, device: str, readings: list[dict[str, Any]]) -> bool:
        """Sends a batch, again while it is told to come later; False when it was not taken."""
        body = json.dumps(
            {"readings": readings, "sent_at": time.time_ns() // 1_000_000}, separators=(",", ":")
        ).encode()
        for attempt in range(TRIES):
            try:
                status = await self._exchange(device, body)
            except (OSError, EOFError, asyncio.IncompleteReadError, TimeoutError, ValueError):
                status = 503
            if status not in {429, 503}:
                return status == 200
            await asyncio.sleep(PAUSE_S * (attempt + 1))
        return False

    async def close(self) -> None:
        """Closes the connections."""
        while not self._free.empty():
            opened = self._free.get_nowait()
            if opened is not None:
                opened[1].close()
                with suppress(OSError):
                    await opened[1].wait_closed()

    async def _exchange(self, device: str, body: bytes) -> int:
        opened = await self._free.get()
        try:
            if opened is None or opened[1].is_closing():
                tls = ssl.create_default_context() if self._is_tls else None
                opened = await asyncio.open_connection(self._host, self._port, ssl=tls)
            async with asyncio.timeout(ANSWER_S):
                status = await _ask(*opened, head=self._head(device, len(body)), body=body)
        except BaseException:
            if opened is not None:
                opened[1].close()
            self._free.put_nowait(None)
            raise
        self._free.put_nowait(opened)
        return status

    def _head(self, device: str, length: int) -> bytes:
        return (
            f"POST /ingest/v1/readings HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Authorization: Device {self._stream}/{device}:{self._keys[device]}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        ).encode()


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, head: bytes, body: bytes
) -> int:
    """Sends one request and returns the status of its answer."""
    writer.write(head + body)
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    lengths = [line.partition(":")[2] for line in lines if line.lower().startswith("content-length:")]
    await reader.readexactly(int(lengths[0]) if lengths else 0)
    return int(lines[0].split(" ")[1])


class MqttSending:
    """Sends sealed messages to a broker; each has a number above those before.

    Args:
        client: A connected client.
        stream: Id of the event.
        keys: Key of each device.
    """

    def __init__(self, client: aiomqtt.Client, stream: str, keys: Mapping[str, str]) -> None:
        self._client, self._stream, self._keys = client, stream, keys
        # The clock gives the first number, so that another run begins above.
        self._seq = time.time_ns() // 1_000

    async def send(self, device: str, readings: list[dict[str, Any]]) -> bool:
        """Publishes a batch and waits until the broker has it."""
        self._seq += 1
        payload = sealed_payload(self._keys[device], self._stream, device, seq=self._seq, readings=readings)
        try:
            await self._client.publish(topic_of(self._stream, device), payload, qos=1)
        except aiomqtt.MqttError:
            return False
        return True


def sealed_payload(
    key: str,
    stream: str,
    device: str,
    *,
    seq: int,
    readings: list[dict[str, Any]],
    sent_at: int | None = None,
) -> bytes:
    """Returns the payload of a message.

    Args:
        key: Key of the device.
        stream: Id of the event.
        device: Id of the device.
        seq: Number of the message.
        readings: The readings.
        sent_at: When it is sent, milliseconds; now when None.
    """
    at_ms = time.time_ns() // 1_000_000 if sent_at is None else sent_at
    told = json.dumps(readings, separators=(",", ":"))
    mac = seal(key, stream, device, seq=seq, sent_at=at_ms, readings=told.encode())
    return f'{{"seq":{seq},"sent_at":{at_ms},"readings":{told},"mac":"{mac}"}}'.encode()


@asynccontextmanager
async def opened_sending(
    stream: str, keys: Mapping[str, str], *, url: str | None = None, mqtt_url: str | None = None
) -> AsyncIterator[Sending]:
    """Gives what sends: over MQTT when a broker is given, else over HTTP.

    Args:
        stream: Id of the event.
        keys: Key of each device.
        url: Where the ingest process is.
        mqtt_url: Where the broker is.

    Raises:
        HamkorError: ``address-unusable`` or ``setting-wrong``.
    """
    if mqtt_url:
        broker = read_broker(mqtt_url)
        tls = ssl.create_default_context() if broker.is_tls else None
        async with aiomqtt.Client(
            broker.host, broker.port, username=broker.user, password=broker.password, tls_context=tls
        ) as client:
            yield MqttSending(client, stream, keys)
        return
    sending = HttpSending(url or "", stream, keys)
    try:
        yield sending
    finally:
        await sending.close()
