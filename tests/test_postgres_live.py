# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F401, F811 - fixtures are imported, and asked for by name
"""Who waits for a journal is told: in the same process, from another, with lost notifications, after a crash."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from hamkor.config.embedded_postgres import EmbeddedPostgres
from hamkor.journal.commands import erase_body
from hamkor.journal.live import CHANNEL, WATCHED_MAX, Listener, Notifier, back_off_s
from hamkor.journal.postgres import PostgresStore
from hamkor.journal.queries import get_documents
from hamkor.journal.tests.lanterns import STREAM, envelope, lantern
from hamkor.journal.tests.servers import (
    Pool,
    pool,
    ready,
    running_server,
    server,
    url,
)
from hamkor.journal.tests.store_suite import send
from hamkor.journal.tests.upkeep_suite import ERASURE

LONG_S = 30.0


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 60))


async def until_connected(listener: Listener) -> None:
    while not listener.is_connected:
        await asyncio.sleep(0.01)


async def in_thread(store: PostgresStore, number: int) -> None:
    await asyncio.to_thread(send, store, [lantern(f"l-{number}")], envelope(number))


def test_a_command_wakes_who_waits_in_another_process(ready: PostgresStore, pool: Pool, url: str) -> None:
    async def work() -> None:
        with Notifier(url) as notifier:
            store = PostgresStore(pool, on_commit=notifier.moved)
            async with Listener(url, poll_s=LONG_S) as listener:
                await until_connected(listener)
                many = [asyncio.create_task(listener.wait(STREAM, after=0, timeout_s=20)) for _ in range(200)]
                other = asyncio.create_task(listener.wait("drill-1", after=0, timeout_s=0.5))
                await asyncio.sleep(0.05)
                await in_thread(store, 1)
                assert await asyncio.gather(*many) == [1] * 200
                assert await other is None
                assert await listener.wait(STREAM, after=1, timeout_s=0.05) is None
                await in_thread(store, 2)
                assert await listener.wait(STREAM, after=1, timeout_s=20) == 2

    run(work())


def test_a_head_that_moved_before_anybody_listened_is_told(ready: PostgresStore, url: str) -> None:
    send(ready, [lantern("a")], envelope(1))

    async def work() -> None:
        async with Listener(url, poll_s=LONG_S) as listener:
            assert await listener.wait(STREAM, after=0, timeout_s=20) == 1

    run(work())


def test_the_own_process_is_told_without_the_database(ready: PostgresStore, pool: Pool) -> None:
    async def work() -> None:
        nowhere = {"host": "/nowhere"}
        listener = Listener(**nowhere)
        async with listener:
            store = PostgresStore(pool, on_commit=Notifier(also=listener.moved, **nowhere).moved)
            waiting = asyncio.create_task(listener.wait(STREAM, after=0, timeout_s=20))
            await asyncio.sleep(0.01)
            await in_thread(store, 1)
            assert await waiting == 1
            assert not listener.is_connected

    run(work())


def test_a_lost_notification_deafens_nobody(ready: PostgresStore, url: str) -> None:
    async def work() -> None:
        async with Listener(url, poll_s=0.1) as listener:
            await until_connected(listener)
            waiting = asyncio.create_task(listener.wait(STREAM, after=0, timeout_s=20))
            await asyncio.sleep(0.05)
            await in_thread(ready, 1)  # this store tells nobody
            assert await waiting == 1

    run(work())


def test_numbers_come_as_they_move_and_again_when_nothing_moves(ready: PostgresStore, url: str) -> None:
    async def work() -> None:
        async with Listener(url, poll_s=LONG_S) as listener:
            numbers = listener.numbers(STREAM, after=0, every_s=0.05)
            assert await anext(numbers) == 0
            listener.moved(STREAM, 3)
            assert [await anext(numbers), await anext(numbers)] == [3, 3]
            listener.moved(STREAM, 2)
            assert await anext(numbers) == 3
            await numbers.aclose()

    run(work())


@pytest.mark.parametrize(
    "payload", ["", "x", "1", "-5 navruz-2027", f"{'9' * 30} navruz-2027", "² navruz-2027"]
)
def test_a_malformed_notification_is_passed_over(ready: PostgresStore, url: str, payload: str) -> None:
    async def work() -> None:
        async with Listener(url, poll_s=LONG_S) as listener:
            await until_connected(listener)
            waiting = asyncio.create_task(listener.wait(STREAM, after=0, timeout_s=20))
            await asyncio.sleep(0.05)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
                connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"7 {STREAM}"])
            assert await waiting == 7

    run(work())


def test_journals_nobody_waits_for_are_forgotten(ready: PostgresStore, url: str) -> None:
    async def work() -> None:
        async with Listener(url, poll_s=LONG_S) as listener:
            for number in range(WATCHED_MAX + 10):
                await listener.wait(f"drill-{number}", after=0, timeout_s=0)
            assert len(listener._watches) <= WATCHED_MAX

    run(work())


def test_an_erased_body_leaves_the_replicas_of_other_processes(
    ready: PostgresStore, pool: Pool, url: str
) -> None:
    other = PostgresStore(pool)
    send(ready, [lantern("a"), lantern("b")], envelope(1))
    assert len(get_documents(other, STREAM)) == 2

    async def work() -> None:
        async with Listener(url, poll_s=LONG_S, on_rewritten=other.forget) as listener:
            await until_connected(listener)
            await asyncio.to_thread(erase_body, ready, STREAM, 1, erasure=ERASURE)
            while len(get_documents(other, STREAM, at_least=2)) == 2:
                await asyncio.sleep(0.01)

    run(work())


def test_who_waits_is_told_after_the_database_was_killed_and_started_again() -> None:
    async def work(server: EmbeddedPostgres, pool: Pool) -> None:
        with Notifier(server.url) as notifier:
            store = PostgresStore(pool, on_commit=notifier.moved)
            store.prepare()
            async with Listener(server.url, poll_s=LONG_S) as listener:
                await until_connected(listener)
                await in_thread(store, 1)
                assert await listener.wait(STREAM, after=0, timeout_s=20) == 1
                os.kill(server.process_id or 0, signal.SIGKILL)
                waiting = asyncio.create_task(listener.wait(STREAM, after=1, timeout_s=50))
                while server.is_running:
                    await asyncio.sleep(0.01)
                await asyncio.to_thread(server.ensure_running)
                await in_thread(store, 2)
                assert await waiting == 2

    with running_server() as server, ConnectionPool(server.url, min_size=1, max_size=2, open=True) as pool:
        run(work(server, pool))


def test_tries_grow_rarer_up_to_a_limit() -> None:
    assert all(0.05 <= back_off_s(0) <= 0.1 for _ in range(20))
    assert all(2.5 <= back_off_s(1_000) <= 5 for _ in range(20))
