# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F401, F811 - fixtures are imported, and asked for by name
"""The ingest process as the supervisor runs it: readings become alarms, kill -9 loses nothing, two are safe."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hamkor.alarms.facts import ALARM
from hamkor.config.environment import read_secret_key
from hamkor.config.tests.running import new_folder, variables, wait_until
from hamkor.journal.postgres import PostgresStore
from hamkor.journal.queries import get_documents, verify_journal
from hamkor.journal.rules import Verified
from hamkor.journal.tests.servers import Pool, pool, ready, server, url
from hamkor.telemetry.postgres import prepare
from hamkor.telemetry.rules.keys import device_key
from hamkor.telemetry.tests.builders import STREAM, fill

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def store(ready: PostgresStore, url: str) -> Iterator[PostgresStore]:
    with psycopg.connect(url, autocommit=True) as connection:
        prepare(connection)
    fill(ready)
    yield ready
    ready.close()


class Ingest:
    """One process on a socket it may share."""

    def __init__(self, listening: socket.socket, folder: Path, url: str) -> None:
        reading, writing = os.pipe()
        self._reading = reading
        environment = variables(
            DATABASE_URL=url,
            HAMKOR_DATA_DIR=str(folder),
            HAMKOR_READY_FD=str(writing),
            DJANGO_SETTINGS_MODULE="hamkor.config.settings",
        )
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hamkor.config.serving.ingest", str(listening.fileno())],
            env=environment,
            pass_fds=(listening.fileno(), writing),
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)

    def wait_until_ready(self) -> None:
        assert os.read(self._reading, 1) == b"1"

    def end(self, number: int = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait(20)
        os.close(self._reading)


@contextmanager
def place(url: str) -> Iterator[tuple[Callable[[], Ingest], Callable[..., tuple[int, Any]]]]:
    """Gives what starts a process, and what sends to whichever answers."""
    folder = new_folder()
    secret = read_secret_key(folder).encode()
    started: list[Ingest] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def start() -> Ingest:
            started.append(Ingest(listening, folder, url))
            started[-1].wait_until_ready()
            return started[-1]

        def send(device: str, *readings: tuple[str, float], seq: int | None = None) -> tuple[int, Any]:
            at_ms = time.time_ns() // 1_000_000
            body = {"readings": [{"m": measure, "v": value, "t": at_ms} for measure, value in readings]}
            content = json.dumps(body if seq is None else {**body, "seq": seq}).encode()
            key = device_key(secret, STREAM, device, generation=1)
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/ingest/v1/readings",
                data=content,
                headers={"Authorization": f"Device {STREAM}/{device}:{key}"},
            )
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
                    return answer.status, json.load(answer)
            except urllib.error.HTTPError as error:
                return error.code, json.load(error)
            except (OSError, ValueError, http.client.HTTPException):  # cut before or within the answer
                return 0, None

        try:
            yield start, send
        finally:
            for each in started:
                if each.process.poll() is None:
                    each.end(signal.SIGKILL)


def alarms(store: PostgresStore) -> dict[str, Any]:
    return {alarm.subject: alarm for alarm in get_documents(store, STREAM).all(ALARM)}


def test_a_pressed_button_and_a_full_field_are_alarms(store: PostgresStore, url: str) -> None:
    with place(url) as (start, send):
        start()
        assert send("button-1", ("button", 1)) == (200, {"stored": 1})
        found = wait_until(lambda: alarms(store).get("button-1"), "the alarm of the button")
        assert (found.sort, found.priority) == ("button", 1)
        for _ in range(30):
            assert send("sense-field", ("density", 6.0))[0] == 200
            if "field" in alarms(store):
                break
            time.sleep(0.5)
        assert alarms(store)["field"].rule.startswith("density")
        assert isinstance(verify_journal(store, STREAM), Verified)


def test_killed_again_and_again_it_keeps_what_it_acknowledged(store: PostgresStore, url: str) -> None:
    acknowledged = []
    with place(url) as (start, send):
        for turn in range(3):
            process = start()
            for step in range(40):
                seq = turn * 100 + step
                if send("count-gate", ("count_in", seq), seq=seq) == (200, {"stored": 1}):
                    acknowledged.append(float(seq))
            if turn == 1:
                assert send("button-1", ("button", 1))[0] == 200
            process.end(signal.SIGKILL)
        start()
        with psycopg.connect(url) as connection:
            rows = connection.execute(
                "SELECT value FROM telemetry_sample WHERE measure = 'count_in'"
            ).fetchall()
        assert sorted(row[0] for row in rows) == acknowledged
        assert len(acknowledged) == 120
        wait_until(lambda: alarms(store).get("button-1"), "the alarm of a press before the kill")
        query = "SELECT body->>'in_total' FROM telemetry_latest WHERE kind = 'opening' AND id = 'gate'"

        def total() -> Any:
            send("count-gate", ("count_in", 300))
            with psycopg.connect(url) as connection:
                row = connection.execute(query).fetchone()
            return row is not None and float(row[0]) == 300

        wait_until(total, "the counter goes on")


def test_two_processes_share_a_socket_and_raise_one_alarm(store: PostgresStore, url: str) -> None:
    with place(url) as (start, send):
        first, _second = start(), start()
        for step in range(40):
            assert send("count-gate", ("count_in", step))[0] == 200
        assert send("button-1", ("button", 1))[0] == 200
        wait_until(lambda: alarms(store).get("button-1"), "the alarm")
        first.end(signal.SIGKILL)
        wait_until(lambda: send("count-gate", ("count_in", 50))[0] == 200, "the other process")
        assert len(get_documents(store, STREAM).all(ALARM)) == 1
