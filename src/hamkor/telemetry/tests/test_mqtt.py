# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F401, F811 - fixtures are imported, and asked for by name
"""Readings over MQTT: sealed, numbered, acknowledged when stored; forged and replayed ones are refused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiomqtt
import psycopg
import pytest

from hamkor.common.errors import HamkorError
from hamkor.journal.postgres import PostgresStore
from hamkor.journal.tests.servers import Pool, pool, ready, server, url
from hamkor.telemetry.postgres import prepare
from hamkor.telemetry.receiving.counting import REFUSED
from hamkor.telemetry.receiving.intake import Intake
from hamkor.telemetry.receiving.mqtt import Subscriber, read_broker
from hamkor.telemetry.rules.keys import topic_of
from hamkor.telemetry.simulating.sending import opened_sending, sealed_payload
from hamkor.telemetry.tests.brokers import running_broker
from hamkor.telemetry.tests.builders import STREAM, Noting, fill, key_of, running, until

pytestmark = pytest.mark.enable_socket
DEVICE = "count-gate"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    with running_broker(tmp_path) as address:
        yield address


@pytest.fixture
def store(ready: PostgresStore, url: str) -> Iterator[PostgresStore]:
    with psycopg.connect(url, autocommit=True) as connection:
        prepare(connection)
    fill(ready)
    yield ready
    ready.close()


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 90))


@asynccontextmanager
async def subscribed(store: Any, url: str, broker: str) -> AsyncIterator[Intake]:
    """Gives an intake that takes messages from the broker."""
    async with running(store, url, Noting()) as intake:
        subscriber = Subscriber(read_broker(broker), intake, {"conninfo": url}, name="hamkor-test")
        task = asyncio.create_task(subscriber.run())
        try:
            await until(lambda: subscriber.is_connected)
            yield intake
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def client(broker: str) -> aiomqtt.Client:
    found = read_broker(broker)
    return aiomqtt.Client(found.host, found.port)


def message(seq: int, value: float, *, device: str = DEVICE, key: str | None = None) -> bytes:
    readings = [{"m": "count_in", "v": value, "t": time.time_ns() // 1_000_000}]
    return sealed_payload(key or key_of(device), STREAM, device, seq=seq, readings=readings)


def stored(url: str) -> list[float]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT value FROM telemetry_sample ORDER BY received_ms, value").fetchall()
    return [row[0] for row in rows]


def refused(code: str) -> float:
    return REFUSED.labels("mqtt", code)._value.get()


def test_what_is_sealed_and_new_is_stored_and_the_rest_is_refused(
    store: PostgresStore, url: str, broker: str
) -> None:
    names = ("message-forged", "message-replayed", "body-malformed", "device-unknown", "topic-wrong")
    before = {name: refused(name) for name in names}

    async def work() -> None:
        async with subscribed(store, url, broker), client(broker) as device:
            own = topic_of(STREAM, DEVICE)
            first = message(10, 1)
            for topic, payload in (
                (own, first),
                (own, first),  # said again by somebody who listened
                (own, message(9, 2)),  # an old one that was held back
                (own, message(11, 3, key=key_of("box"))),  # the key of another device
                (own, first.replace(b'"v":1', b'"v":9')),
                (own, first.replace(b'"seq":10', b'"seq":99')),
                (topic_of(STREAM, "box"), message(12, 4)),  # a right message under another name
                (topic_of(STREAM, "ghost"), message(13, 5)),
                (own, b"\xff{"),
                (own, b"x" * 300_000),
                ("hamkor/../x/readings", first),
                (own, message(14, 6)),
            ):
                await device.publish(topic, payload, qos=1)
            await until(lambda: stored(url) == [1.0, 6.0])
        gained = {name: refused(name) - before[name] for name in names}
        assert gained == {
            "message-forged": 4,
            "message-replayed": 2,
            "body-malformed": 1,
            "device-unknown": 1,
            "topic-wrong": 1,
        }

    run(work())


def test_a_message_of_before_is_refused_after_a_restart(store: PostgresStore, url: str, broker: str) -> None:
    async def work() -> None:
        async with client(broker) as device:
            own = topic_of(STREAM, DEVICE)
            async with subscribed(store, url, broker):
                await device.publish(own, message(10, 1), qos=1)
                await until(lambda: stored(url) == [1.0])
            # Nobody takes messages now: the broker keeps them for the session of the installation.
            await device.publish(own, message(10, 7), qos=1)
            await device.publish(own, message(11, 2), qos=1)
            async with subscribed(store, url, broker):
                await until(lambda: len(stored(url)) == 2)
                assert stored(url) == [1.0, 2.0]

    run(work())


def test_what_is_not_stored_is_not_acknowledged(store: PostgresStore, url: str, broker: str) -> None:
    async def work() -> None:
        async with client(broker) as device:
            own = topic_of(STREAM, DEVICE)
            with psycopg.connect(url) as blocker:
                async with subscribed(store, url, broker) as intake:
                    blocker.execute("LOCK TABLE telemetry_sample IN ACCESS EXCLUSIVE MODE")
                    await device.publish(own, message(20, 5), qos=1)
                    await until(lambda: intake.registry._senders[STREAM, DEVICE].seq == 20)
            # The process ended before its commit: the broker brings the message to the next one.
            async with subscribed(store, url, broker):
                await until(lambda: stored(url) == [5.0])

    run(work())


def test_simulated_devices_send_over_the_broker(store: PostgresStore, url: str, broker: str) -> None:
    async def work() -> None:
        keys = {DEVICE: key_of(DEVICE)}
        async with (
            subscribed(store, url, broker),
            opened_sending(STREAM, keys, mqtt_url=broker) as sending,
        ):
            now = time.time_ns() // 1_000_000
            assert await sending.send(DEVICE, [{"m": "count_in", "v": 8, "t": now}])
            await until(lambda: stored(url) == [8.0])

    run(work())


def test_addresses_of_brokers_are_read_strictly() -> None:
    broker = read_broker("mqtts://us%40er:p%2Fw@broker.example")
    assert (broker.host, broker.port, broker.user, broker.password, broker.is_tls) == (
        "broker.example",
        8883,
        "us@er",
        "p/w",
        True,
    )
    for wrong in ("", "http://x", "mqtt://", "mqtt://x:99999"):
        with pytest.raises(HamkorError, match="setting-wrong"):
            read_broker(wrong)
