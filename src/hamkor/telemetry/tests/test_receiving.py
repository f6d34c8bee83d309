# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F401, F811 - fixtures are imported, and asked for by name
"""Readings come in over HTTP: stored before they are answered, refused with a problem, followed, lost by nobody."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from hamkor.common.ids import new_id
from hamkor.journal.live import Notifier
from hamkor.journal.postgres import PostgresStore
from hamkor.journal.queries import get_documents
from hamkor.journal.tests.servers import Pool, pool, ready, server, url
from hamkor.telemetry.commands import issue_key, revoke_device
from hamkor.telemetry.facts import DEVICE_STATE, ZONE_STATE
from hamkor.telemetry.postgres import keep_partitions, prepare
from hamkor.telemetry.queries import list_latest, list_minutes, list_past, list_samples
from hamkor.telemetry.receiving import following
from hamkor.telemetry.receiving.intake import Intake
from hamkor.telemetry.receiving.web import Application, may_collect_from
from hamkor.telemetry.rules import SYSTEM_INGEST
from hamkor.telemetry.tests.builders import (
    COORDINATOR,
    STREAM,
    Noting,
    envelope,
    fill,
    key_of,
    limits,
    running,
    until,
)


@pytest.fixture
def store(ready: PostgresStore, url: str) -> Any:
    with psycopg.connect(url, autocommit=True) as connection:
        prepare(connection)
    fill(ready)
    yield ready
    ready.close()


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 90))


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Answer:
    def __init__(self, told: list[dict[str, Any]]) -> None:
        self.status = told[0]["status"]
        self.headers = dict(told[0]["headers"])
        self.body = (
            json.loads(told[1]["body"] or b"null") if told[1]["body"][:1] in b"{[" else told[1]["body"]
        )


async def ask(
    intake: Intake,
    body: bytes = b"",
    *,
    device: str = "count-gate",
    key: str | None = None,
    path: str = "/ingest/v1/readings",
    method: str = "POST",
    headers: tuple[tuple[bytes, bytes], ...] = (),
    chunks: int = 1,
    stream: str = STREAM,
) -> Answer:
    """Asks the application as a server would."""
    given = f"Device {stream}/{device}:{key or key_of(device)}".encode()
    size = max(1, -(-len(body) // chunks))
    parts = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: Any) -> None:
        told.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "client": ("127.0.0.1", 5),
        "headers": [(b"authorization", given), *headers],
    }
    await Application(intake, may_collect=may_collect_from("", proxies=0))(scope, receive, send)
    return Answer(told)


def batch(*readings: tuple[str, Any], at_ms: int | None = None, **more: Any) -> bytes:
    at = now_ms() if at_ms is None else at_ms
    found = [{"m": measure, "v": value, "t": at} for measure, value in readings]
    return json.dumps({"readings": found, **more} if more else found).encode()


def stored(url: str) -> list[tuple[Any, ...]]:
    query = "SELECT device, feature, measure, value, at_ms FROM telemetry_sample ORDER BY received_ms, at_ms"
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def test_what_is_answered_is_stored_and_followed(store: PostgresStore, url: str) -> None:
    async def work() -> None:
        async with running(store, url, Noting()) as intake:
            answer = await ask(intake, batch(("count_in", 7), ("battery", 0.5)))
            assert (answer.status, answer.body) == (200, {"stored": 2})
            assert [row[:4] for row in stored(url)] == [
                ("count-gate", "gate", "count_in", 7.0),
                ("count-gate", "gate", "battery", 0.5),
            ]
            await ask(intake, batch(("count_in", 27)))
            await ask(intake, batch(("density", 3.2)), device="sense-field")
            latest: dict[Any, Any] = {}

            def look() -> bool:
                with psycopg.connect(url) as connection:
                    for each in list_latest(COORDINATOR, connection, STREAM):
                        latest[each.kind, each.id] = each.body
                return latest.get(("event", "event"), {}).get("inside") == 27 and ("zone", "field") in latest

            await until(look)
            assert latest["zone", "field"]["density"] == 3.2
            assert latest["opening", "gate"]["in_total"] == 27
            await until(lambda: get_documents(store, STREAM).get(ZONE_STATE, "field") is not None)
            state = get_documents(store, STREAM).get(ZONE_STATE, "field")
            assert state is not None
            assert (state.band, state.device) == (3, "sense-field")
            await until(lambda: get_documents(store, STREAM).get(DEVICE_STATE, "count-gate") is not None)

    run(work())


def test_who_is_not_known_is_refused_and_changes_take_effect(store: PostgresStore, url: str) -> None:
    async def work() -> None:
        with Notifier(url) as notifier:
            store._on_commit = notifier.moved
            async with running(store, url, Noting()) as intake:
                forged = await ask(intake, batch(("count_in", 7)), key=key_of("sense-field"))
                assert (forged.status, forged.body["code"]) == (401, "device-unknown")
                assert forged.headers[b"content-type"] == b"application/problem+json"
                for keys in ({"device": "ghost"}, {"stream": str(new_id(datetime.now(UTC)))}):
                    assert (await ask(intake, b"", **keys)).status == 401
                await asyncio.to_thread(
                    lambda: issue_key(store, envelope(), viewer=COORDINATOR, device_id="count-gate")
                )
                fresh = key_of("count-gate", 2)
                await until(lambda: intake.registry._senders[STREAM, "count-gate"].key == fresh)
                assert (await ask(intake, batch(("count_in", 7)))).status == 401
                assert (await ask(intake, batch(("count_in", 7)), key=fresh)).status == 200
                await asyncio.to_thread(
                    lambda: revoke_device(
                        store, envelope(), viewer=COORDINATOR, device_id="count-gate", reason="Stolen."
                    )
                )
                await until(lambda: (STREAM, "count-gate") not in intake.registry._senders)
                assert (await ask(intake, batch(("count_in", 7)), key=fresh)).status == 401
        assert len(stored(url)) == 1

    run(work())


def test_garbage_is_told_with_a_problem_and_counted(store: PostgresStore, url: str) -> None:
    async def work() -> None:
        async with running(store, url, Noting()) as intake:
            big = b"[" + b"0," * 200_000 + b"0]"
            many = json.dumps([{"m": "battery", "v": 1, "t": now_ms()}] * 1_001).encode()
            expected = [
                (b"\xff\x00", 400, "body-malformed"),
                (b"[" * 90_000, 400, "body-malformed"),
                (big, 413, "body-too-large"),
                (many, 413, "batch-too-large"),
                (batch(("smoke", 1)), 422, "measure-not-its"),
                (batch(("count_in", -1)), 422, "value-impossible"),
                (batch(("count_in", 1), at_ms=5), 422, "reading-too-late"),
            ]
            for body, status, code in expected:
                answer = await ask(intake, body)
                assert (answer.status, (answer.body or {}).get("code")) == (status, code)
            told = await ask(intake, b"x", headers=((b"content-length", b"999999999"),))
            assert (told.status, told.body["code"]) == (413, "body-too-large")
            assert (await ask(intake, big, chunks=50)).status == 413
            assert (await ask(intake, batch(("count_in", 2)), chunks=7)).status == 200
            assert (await ask(intake, method="GET")).status == 405
            assert (await ask(intake, path="/admin", method="GET")).status == 404
            assert (await ask(intake, path="/healthz", method="GET")).body["status"] == "ready"
            counted = await ask(intake, path="/metrics", method="GET")
            assert b'hamkor_ingest_refused_total{code="body-malformed",way="http"}' in counted.body
        assert [row[3] for row in stored(url)] == [2.0]

    run(work())


def test_a_device_that_sends_too_much_is_told_when_to_come_again(store: PostgresStore, url: str) -> None:
    async def work() -> None:
        narrow = limits(readings_burst=10, readings_per_s=0.001)
        async with running(store, url, Noting(), limits=narrow) as intake:
            body = batch(*[("battery", 1.0)] * 8)
            assert (await ask(intake, body)).status == 200
            answer = await ask(intake, body)
            assert (answer.status, answer.headers[b"retry-after"]) == (429, b"1")
            assert (await ask(intake, body, device="box")).status == 200
        assert len(stored(url)) == 16

    run(work())


def test_a_full_queue_refuses_and_loses_nothing(store: PostgresStore, url: str) -> None:
    async def work() -> None:
        async with running(store, url, Noting(), limits=limits(queue_readings=20)) as intake:
            with psycopg.connect(url) as blocker:
                blocker.execute("LOCK TABLE telemetry_sample IN ACCESS EXCLUSIVE MODE")
                first = [asyncio.create_task(ask(intake, batch(("count_in", 1))))]
                await until(lambda: intake.writer.waiting == 0)  # it is on its way, and waits for the lock
                await asyncio.sleep(0.1)
                first += [asyncio.create_task(ask(intake, batch(*[("count_in", 2)] * 5))) for _ in range(4)]
                await until(lambda: intake.writer.waiting == 20)
                refused = await ask(intake, batch(("count_in", 9)))
                assert (refused.status, refused.body["code"]) == (503, "ingest-busy")
                assert refused.headers[b"retry-after"] == b"1"
                assert stored_now(url) == 0
            assert [(await each).status for each in first] == [200] * 5
        assert len(stored(url)) == 21

    run(work())


def stored_now(url: str) -> int:
    """Returns how many rows there are to see, without waiting for a lock: none while somebody holds the table."""
    with psycopg.connect(url) as connection:
        connection.execute("SET lock_timeout = '50ms'")
        try:
            connection.execute("SELECT 1 FROM telemetry_sample")
        except psycopg.errors.LockNotAvailable:
            return 0
    return 1


def test_a_batch_sent_again_is_stored_once(store: PostgresStore, url: str) -> None:
    async def work() -> None:
        async with running(store, url, Noting()) as intake:
            body = batch(("count_in", 3), seq=5, sent_at=now_ms())
            answers = await asyncio.gather(*(ask(intake, body) for _ in range(4)))
            assert sorted(each.body["stored"] for each in answers) == [0, 0, 0, 1]
            assert (await ask(intake, batch(("count_in", 2), seq=4))).body == {"stored": 0}
        async with running(store, url, Noting()) as intake:
            assert (await ask(intake, body)).body == {"stored": 0}
            assert (await ask(intake, batch(("count_in", 4), seq=6))).body == {"stored": 1}
        assert [row[3] for row in stored(url)] == [3.0, 4.0]

    run(work())


def test_a_wrong_clock_is_flagged_and_the_server_s_time_is_stored(store: PostgresStore, url: str) -> None:
    async def work() -> None:
        async with running(store, url, Noting()) as intake:
            before = now_ms()
            device_ms = before - 3_600_000
            for step in range(3):
                at = device_ms + step * 50
                await ask(intake, batch(("count_in", step), at_ms=at - 1_000, sent_at=at))
            await until(
                lambda: (
                    getattr(get_documents(store, STREAM).get(DEVICE_STATE, "count-gate"), "state", "")
                    == "skewed"
                )
            )
            state = get_documents(store, STREAM).get(DEVICE_STATE, "count-gate")
            assert state is not None
            assert state.skew_s is not None
            assert 3_590 < state.skew_s < 3_700
            assert all(before - 2_000 <= row[4] <= now_ms() for row in stored(url))

    run(work())


def test_a_device_that_falls_silent_is_lost_and_comes_back(store: PostgresStore, url: str) -> None:
    from hamkor.telemetry.commands import register_device
    from hamkor.telemetry.rules.devices import Wanted

    quick = Wanted(id="count-gate", sort="counter", feature="gate", silence_s=2)
    register_device(store, envelope(), viewer=COORDINATOR, device=quick)

    def state() -> str:
        return getattr(get_documents(store, STREAM).get(DEVICE_STATE, "count-gate"), "state", "")

    async def work() -> None:
        async with running(store, url, Noting()) as intake:
            for _ in range(2):
                await ask(intake, batch(("heartbeat", 1)))
                await until(lambda: state() == "live")
                await until(lambda: state() == "lost")

    run(work())


def test_the_next_process_goes_on_where_the_last_one_ended(store: PostgresStore, url: str) -> None:
    async def work() -> None:
        first, second = Noting(), Noting()
        async with running(store, url, first) as intake:
            await ask(intake, batch(("count_in", 40)))
            await ask(intake, batch(("button", 1)), device="button-1")
            await until(lambda: len(first.acted) == 1)
        async with running(store, url, second) as intake:
            # What was stored and may not have been looked at is looked at again.
            await until(lambda: len(second.acted) == 1)
            await ask(intake, batch(("count_in", 42)))

            def inside() -> Any:
                with psycopg.connect(url) as connection:
                    found = list_latest(COORDINATOR, connection, STREAM)
                return next((each.body.get("inside") for each in found if each.kind == "event"), None)

            await until(lambda: inside() == 42)

    run(work())


def test_two_processes_take_in_and_one_follows(store: PostgresStore, url: str) -> None:
    async def work() -> None:
        first, second = Noting(), Noting()
        async with running(store, url, first) as one:
            other = Intake(
                store,
                one._listener,
                {"conninfo": url},
                secret=b"a secret of the tests",
                judge=lambda _stream: second,
            )
            await other.start()
            await until(lambda: other.is_ready and STREAM in other.registry.streams)
            assert not other.follower.is_followed(STREAM)
            await ask(other, batch(("button", 1)), device="button-1")
            await ask(one, batch(("count_in", 1)))
            await until(lambda: len(first.acted) == 1 and len(first.seen) == 2)
            assert second.seen == []
            await one.stop()
            await until(lambda: other.follower.is_followed(STREAM))
            await ask(other, batch(("count_in", 3)))
            await until(lambda: any(sample.value == 3.0 for sample in second.seen))
            await other.stop()

    run(work())


def test_pressing_once_is_one_press_however_often_it_is_told(store: PostgresStore, url: str) -> None:
    async def work() -> None:
        judge = Noting()
        async with running(store, url, judge) as intake:
            body = batch(("button", 1))
            for _ in range(3):
                await ask(intake, body, device="button-1")
            old = batch(("button", 1), at_ms=now_ms() - 120_000)
            await ask(intake, old, device="button-1")  # late, but nobody presses for nothing
            await until(lambda: len(judge.acted) == 2)
            await asyncio.sleep(0.5)
            assert len(judge.acted) == 2

    run(work())


def test_minutes_past_and_samples_are_read_back(
    store: PostgresStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MINUTES_MS", 200)

    async def work() -> None:
        async with running(store, url, Noting()) as intake:
            await ask(intake, batch(("density", 2.0)), device="sense-field")
            with psycopg.connect(url, autocommit=True) as connection:
                found: list[Any] = []

                def look() -> bool:
                    now = datetime.now(UTC)
                    found[:] = list_minutes(
                        COORDINATOR,
                        connection,
                        STREAM,
                        kind="zone",
                        id="field",
                        measure="density",
                        from_=now - timedelta(hours=1),
                        to=now + timedelta(minutes=1),
                    )
                    return bool(found)

                await until(look)
                assert (found[0].low, found[0].high, found[0].mean) == (2.0, 2.0, 2.0)
                past = list_past(COORDINATOR, connection, STREAM, at=datetime.now(UTC))
                assert {each.id: each.body for each in past if each.kind == "zone"}["field"]["density"] == 2.0
                since = datetime.now(UTC) - timedelta(hours=1)
                samples = list_samples(COORDINATOR, connection, STREAM, from_=since, measures=["density"])
                assert [(each.device, each.value) for each in samples] == [("sense-field", 2.0)]

    run(work())


def test_partitions_are_made_ahead_and_dropped_when_they_are_old(store: PostgresStore, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        assert keep_partitions(connection) == (0, 0)
        today = int(time.time() // 86_400)
        old = today - 40
        connection.execute(
            f"CREATE TABLE telemetry_sample_{old} PARTITION OF telemetry_sample"
            f" FOR VALUES FROM ({old * 86_400_000}) TO ({(old + 1) * 86_400_000})".encode()
        )
        assert keep_partitions(connection, 30) == (0, 1)
        assert prepare(connection) == 1
        with pytest.raises(psycopg.errors.RaiseException):
            keep_partitions(connection, 0)


def test_the_application_may_add_readings_and_not_change_them(store: PostgresStore, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        role = f"app_{STREAM[-4:]}_{int(time.time())}"
        connection.execute(f"CREATE ROLE {role}".encode())
        prepare(connection, role)
        connection.execute(f"SET ROLE {role}".encode())
        row = [STREAM, now_ms(), now_ms(), "d", "battery", 1.0]
        connection.execute(
            "INSERT INTO telemetry_sample (stream, at_ms, received_ms, device, measure, value)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            row,
        )
        assert keep_partitions(connection) == (0, 0)
        for statement in ("UPDATE telemetry_sample SET value = 2", "DELETE FROM telemetry_sample"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
        connection.execute("RESET ROLE")
        connection.execute(f"DROP OWNED BY {role}".encode())
        connection.execute(f"DROP ROLE {role}".encode())


def test_states_are_written_by_the_server_s_own_name(store: PostgresStore) -> None:
    assert SYSTEM_INGEST.person.startswith("system:")
