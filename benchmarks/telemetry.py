# SPDX-License-Identifier: Apache-2.0
"""How many readings one ingest process takes in with rules evaluated, beside bare decoding and COPY; and how soon.

The floor decodes the same bodies with msgspec and writes the same rows with COPY, in one process, nothing else. The
process is the real one, fed over HTTP on a socket of this machine by another process.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import psycopg
from psycopg_pool import ConnectionPool

from benchmarks.measuring import Measure
from benchmarks.stadium import write_stadium
from hamkor.common.ids import new_id
from hamkor.config.embedded_postgres import EmbeddedPostgres
from hamkor.config.environment import read_secret_key
from hamkor.config.kinds import declare_all_kinds
from hamkor.folder.queries import read_folder
from hamkor.journal.postgres import PostgresStore
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Envelope
from hamkor.plans.commands import record_plan
from hamkor.telemetry.commands import register_device
from hamkor.telemetry.postgres import prepare
from hamkor.telemetry.rules.devices import SYSTEM_INGEST, Wanted
from hamkor.telemetry.rules.keys import device_key
from hamkor.telemetry.rules.readings import Reading
from hamkor.venues.rules.features import Area

RATIO_LIMIT = 0.3
ALARM_LIMIT_S = 1.0
GATEWAYS = 100
BATCH = 100
CONNECTIONS = 32
RATE_PER_S = 10_000
FLOOR_BATCHES = 1_000
FULL_S = 8.0
STEADY_S = 15.0
BUTTONS = 10
ROUNDS = 3
OPENINGS = 2_000
FLOOR_TOGETHER = 16
WAYS_OF_ONE, AREAS_OF_ONE = 20, 4
_COPY = "COPY bench_sample (stream, at_ms, received_ms, device, feature, measure, value, north) FROM STDIN"
_TABLE = (
    "CREATE TABLE bench_sample (stream text, at_ms bigint, received_ms bigint, device text, feature text,"
    " measure text, value double precision, north double precision)"
)


def run() -> list[Measure]:
    """Returns the ratio of rates, and the longest time from a press of a button to its alarm."""
    declare_all_kinds()
    folder = Path(tempfile.mkdtemp(prefix="hamkor-bench-"))
    folder.chmod(0o711)
    try:
        with EmbeddedPostgres(folder / "data") as server:
            return _measure(server.url, folder)
    finally:
        shutil.rmtree(folder)


def _measure(url: str, folder: Path) -> list[Measure]:
    stream, places = _prepare(url, folder)
    secret = read_secret_key(folder).encode()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLE)
    with _ingest(url, folder) as port:
        feeder = Feeder(port, stream, secret=secret, places=places)
        asyncio.run(feeder.warm_up())
        floors, fulls = [], []
        for _ in range(ROUNDS):
            floors.append(_floor(url, stream, places))
            fulls.append(asyncio.run(feeder.full_speed(FULL_S)))
        steady, presses = asyncio.run(feeder.steady(STEADY_S))
        delays = _delays(url, stream, presses)
    floor, full = median(floors), median(fulls)
    conditions = (
        f"one process over HTTP, batches of {BATCH} from {GATEWAYS} gateways on {CONNECTIONS} connections, a stadium "
        f"of {OPENINGS} openings with all rules; PostgreSQL of the wheel, flushing to disk; median of {ROUNDS} rounds"
    )
    return [
        (
            "telemetry: readings",
            full / floor,
            RATIO_LIMIT,
            "higher",
            f"readings stored per second ({full:.0f}) / the same decoded and copied by a bare loop ({floor:.0f}); "
            f"asked for {RATE_PER_S}/s: {steady:.0f}/s; {conditions}",
        ),
        (
            "telemetry: alarm",
            max(delays),
            ALARM_LIMIT_S,
            "lower",
            f"longest seconds from sending a press of a panic button to its alarm in the journal, of {len(delays)} "
            f"while {steady:.0f} readings/s come in (median {median(delays):.2f}); {conditions}",
        ),
    ]


class Places(msgspec.Struct, frozen=True):
    """What one gateway tells of."""

    ways: tuple[str, ...]
    areas: tuple[str, ...]


def _prepare(url: str, folder: Path) -> tuple[str, list[Places]]:
    """Records a stadium with its devices; returns the event and what each gateway tells of."""
    write_stadium(folder / "stadium", openings=OPENINGS)
    plan = read_folder(folder / "stadium")
    assert plan.venue is not None
    ways = [each.id for each in plan.venue.features if not isinstance(each.properties, Area)]
    areas = [each.id for each in plan.venue.features if isinstance(each.properties, Area)]
    places = [
        Places(
            tuple(ways[number * WAYS_OF_ONE : (number + 1) * WAYS_OF_ONE]),
            tuple(areas[number * AREAS_OF_ONE : (number + 1) * AREAS_OF_ONE]),
        )
        for number in range(GATEWAYS)
    ]
    wanted = [
        Wanted(id=f"gateway-{number}", sort="gateway", features=(*each.ways, *each.areas))
        for number, each in enumerate(places)
    ]
    wanted += [Wanted(id=f"press-{number}", sort="button", feature=areas[0]) for number in range(BUTTONS)]
    with (
        psycopg.connect(url, autocommit=True) as connection,
        ConnectionPool(url, min_size=1, max_size=2, open=True) as pool,
    ):
        store = PostgresStore(pool)
        store.prepare()
        prepare(connection)
        now = datetime.now(UTC)
        stream = str(new_id(now))
        envelope = Envelope(stream=stream, command_id=new_id(now), at=now, by="rule:bench", agency="iib")
        record_plan(store, envelope, plan=plan)
        for device in wanted:
            sent = Envelope(stream=stream, command_id=new_id(now), at=now, by=SYSTEM_INGEST.person)
            register_device(store, sent, viewer=SYSTEM_INGEST, device=device)
        store.close()
    return stream, places


@contextmanager
def _ingest(url: str, folder: Path) -> Iterator[int]:
    """Runs the process as the supervisor does, and gives its port."""
    reading, writing = os.pipe()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "HAMKOR_DATA_DIR": str(folder),
            "HAMKOR_READY_FD": str(writing),
            "DJANGO_SETTINGS_MODULE": "hamkor.config.settings",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "hamkor.config.serving.ingest", str(listening.fileno())],
            env=environment,
            pass_fds=(listening.fileno(), writing),
        )
        os.close(writing)
        try:
            assert os.read(reading, 1) == b"1", "the ingest process has not started"
            yield int(listening.getsockname()[1])
        finally:
            process.terminate()
            process.wait()
            os.close(reading)


def _body(number: int, places: list[Places], at_ms: int) -> bytes:
    """Returns a batch of a gateway: two reports, of its ways, its areas and itself."""
    of, passed = places[number % GATEWAYS], number // GATEWAYS
    readings: list[dict[str, Any]] = []
    for report in range(2):
        at = at_ms - 100 + report * 100
        for way in of.ways:
            readings.append({"m": "count_in", "v": passed * 2 + report, "t": at, "f": way})
            readings.append({"m": "count_out", "v": passed, "t": at, "f": way})
        for place, area in enumerate(of.areas):
            readings.append({"m": "density", "v": 1.0 + (passed + place) % 10 / 10, "t": at, "f": area})
            readings.append({"m": "speed", "v": 0.8, "t": at, "f": area})
        readings += [{"m": "battery", "v": 0.9, "t": at}, {"m": "heartbeat", "v": 1, "t": at}]
    assert len(readings) == BATCH
    return json.dumps(readings, separators=(",", ":")).encode()


def _floor(url: str, stream: str, places: list[Places]) -> float:
    """Returns readings per second of decoding and COPY alone, as many together as the process writes at once."""
    now = time.time_ns() // 1_000_000
    bodies = [_body(number, places, now) for number in range(FLOOR_BATCHES)]
    decode = msgspec.json.Decoder(list[Reading]).decode
    with psycopg.connect(url, autocommit=True) as connection:
        started = time.perf_counter()
        for first in range(0, FLOOR_BATCHES, FLOOR_TOGETHER):
            lines = []
            for body in bodies[first : first + FLOOR_TOGETHER]:
                for reading in decode(body):
                    lines.append(  # noqa: PERF401 - as plain as it can be
                        f"{stream}\t{reading.t}\t{now}\tgateway-1\t{reading.f}\t{reading.m}\t{reading.v}\t\\N\n"
                    )
            with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
                copy.write("".join(lines))
        taken = time.perf_counter() - started
        connection.execute("TRUNCATE bench_sample")
    return FLOOR_BATCHES * BATCH / taken


class Feeder:
    """Sends batches as gateways do, over a few connections that stay.

    Args:
        port: Of the process.
        stream: The event.
        secret: Of the installation.
        places: What each gateway tells of.
    """

    def __init__(self, port: int, stream: str, *, secret: bytes, places: list[Places]) -> None:
        self._port, self._stream, self._places = port, stream, places
        names = [*(f"gateway-{n}" for n in range(GATEWAYS)), *(f"press-{n}" for n in range(BUTTONS))]
        self._keys = {name: device_key(secret, stream, name, generation=1) for name in names}
        self._number = 0

    def _request(self, device: str, body: bytes) -> bytes:
        head = (
            "POST /ingest/v1/readings HTTP/1.1\r\nHost: ingest\r\n"
            f"Authorization: Device {self._stream}/{device}:{self._keys[device]}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _next(self) -> bytes:
        self._number += 1
        at_ms = time.time_ns() // 1_000_000
        return self._request(f"gateway-{self._number % GATEWAYS}", _body(self._number, self._places, at_ms))

    async def warm_up(self) -> None:
        """Sends until the first batches are stored and the event is followed."""
        await self.full_speed(1.0)
        await asyncio.sleep(2)

    async def full_speed(self, seconds: float) -> float:
        """Returns readings stored per second when all connections send as fast as they are answered."""
        requests = [self._next() for _ in range(int(seconds * 1_500))]
        deadline, stored = time.perf_counter() + seconds, 0
        started = time.perf_counter()

        async def one() -> None:
            nonlocal stored
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            while requests and time.perf_counter() < deadline:
                count = await _exchange(reader, writer, requests.pop())
                stored += count
            writer.close()

        await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
        return stored / (time.perf_counter() - started)

    async def steady(self, seconds: float) -> tuple[float, dict[str, float]]:
        """Returns the rate that was kept at the asked one, and when each button was pressed."""
        stored, presses = 0, {}
        started = time.perf_counter()
        count = int(seconds * RATE_PER_S / BATCH)
        queue: asyncio.Queue[int] = asyncio.Queue()

        async def pace() -> None:
            for number in range(count):
                await asyncio.sleep(max(0.0, started + number * BATCH / RATE_PER_S - time.perf_counter()))
                queue.put_nowait(number)

        async def one() -> None:
            nonlocal stored
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            with suppress(asyncio.CancelledError):
                while True:
                    await queue.get()
                    count = await _exchange(reader, writer, self._next())
                    stored += count
                    queue.task_done()
            writer.close()

        async def press() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            for number in range(BUTTONS):
                await asyncio.sleep(seconds / (BUTTONS + 2))
                at = time.time()
                body = json.dumps([{"m": "button", "v": 1, "t": int(at * 1000)}]).encode()
                presses[f"press-{number}"] = at
                await _exchange(reader, writer, self._request(f"press-{number}", body))
            writer.close()

        tasks = [asyncio.create_task(one()) for _ in range(CONNECTIONS)]
        await asyncio.gather(pace(), press())
        await queue.join()
        rate = stored / (time.perf_counter() - started)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)
        return rate, presses


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    """Sends one batch, again while it is told to wait, and returns how many readings were stored."""
    while True:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
        )
        body = await reader.readexactly(length)
        status = int(head[9:12])
        if status == 200:
            return int(msgspec.json.decode(body)["stored"])
        assert status in {429, 503}, (head, body)
        await asyncio.sleep(0.1)


def _delays(url: str, stream: str, presses: dict[str, float]) -> list[float]:
    """Returns the seconds from each press to the moment of the entry of its alarm."""
    from hamkor.alarms.facts import ALARM

    with ConnectionPool(url, min_size=1, max_size=1, open=True) as pool:
        store = PostgresStore(pool)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            alarms = {alarm.subject: alarm for alarm in get_documents(store, stream).all(ALARM)}
            if presses.keys() <= alarms.keys():
                store.close()
                return [alarms[device].raised_at.timestamp() - at for device, at in presses.items()]
            time.sleep(0.5)
        store.close()
    missing = sorted(presses.keys() - alarms.keys())
    raise AssertionError(f"no alarm for {missing}")
