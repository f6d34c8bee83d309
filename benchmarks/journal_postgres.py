# SPDX-License-Identifier: Apache-2.0
"""How fast commands are journalled in PostgreSQL, as ratios to bare single-row inserts on the same server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from psycopg import Connection
from psycopg_pool import ConnectionPool

from benchmarks.journal import POST, BenchPoint, BenchPost
from benchmarks.measuring import Measure, times_in_turn
from hamkor.common.ids import new_id
from hamkor.config.embedded_postgres import EmbeddedPostgres
from hamkor.journal.commands import perform
from hamkor.journal.postgres import PostgresStore
from hamkor.journal.rules import Documents, Envelope, Fact

ONE_LIMIT = 0.4
MANY_LIMIT = 0.7
ONE_COUNT = 300
MANY_THREADS = 32
MANY_COUNT = 40
ROUND_COUNT = 7
# As long as the entry of the command below.
LINE_BYTES = 750

_TABLE = "CREATE TABLE bench_row (stream text, number bigint, line text, PRIMARY KEY (stream, number))"
_INSERT = "INSERT INTO bench_row (stream, number, line) VALUES (%s, %s, %s)"


def run() -> list[Measure]:
    """Returns the ratios: name, ratio, limit, which way is better, conditions."""
    folder = Path(tempfile.mkdtemp(prefix="hamkor-bench-"))
    folder.chmod(0o711)
    try:
        with EmbeddedPostgres(folder / "data") as server:
            return _measure(server.url)
    finally:
        shutil.rmtree(folder)


def _measure(url: str) -> list[Measure]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLE)
    connections = [psycopg.connect(url) for _ in range(MANY_THREADS)]
    alone = psycopg.connect(url, autocommit=True)
    options = {"autocommit": True}
    with ConnectionPool(url, min_size=MANY_THREADS, max_size=MANY_THREADS, kwargs=options, open=True) as pool:
        pool.wait()
        store = PostgresStore(pool)
        store.prepare()
        works: list[Callable[[], object]] = [
            lambda: _insert(connections[0], ONE_COUNT),
            lambda: _insert_at_once(alone, ONE_COUNT),
            lambda: _journal(store, _streams[0], ONE_COUNT),
            lambda: _in_threads(lambda place: _insert(connections[place], MANY_COUNT)),
            lambda: _in_threads(lambda place: _journal(store, _streams[place], MANY_COUNT)),
        ]
        for work in works:
            work()
        times = times_in_turn(works, ROUND_COUNT)
    for opened in (*connections, alone):
        opened.close()
    one_bare_s, at_once_s, one_s, many_bare_s, many_s = (median(taken) for taken in times)
    conditions = (
        f"PostgreSQL of the wheel on a Unix socket, flushing to disk; median of {ROUND_COUNT} rounds in turn"
    )
    return [
        (
            "journal: one caller",
            one_bare_s / one_s,
            ONE_LIMIT,
            "higher",
            f"rate of commands / rate of bare inserts of a row, each with its commit ({ONE_COUNT / one_bare_s:.0f}/s), "
            f"one thread and connection each; to inserts that commit by themselves in one round trip: "
            f"{at_once_s / one_s:.2f}; {conditions}",
        ),
        (
            f"journal: {MANY_THREADS} events",
            many_bare_s / many_s,
            MANY_LIMIT,
            "higher",
            f"the same with {MANY_THREADS} threads and connections each, an event per thread "
            f"(bare: {MANY_THREADS * MANY_COUNT / many_bare_s:.0f}/s); {conditions}",
        ),
    ]


_STARTED_AT = datetime(2027, 3, 21, 6, 0, tzinfo=UTC)
_streams = [str(new_id(_STARTED_AT)) for _ in range(MANY_THREADS)]


def _in_threads(work: Callable[[int], object]) -> None:
    with ThreadPoolExecutor(MANY_THREADS) as threads:
        for _ in threads.map(work, range(MANY_THREADS)):
            pass


def _insert(connection: Connection[Any], count: int) -> None:
    for row in _rows(count):
        connection.execute(_INSERT, row)
        connection.commit()


def _insert_at_once(connection: Connection[Any], count: int) -> None:
    for row in _rows(count):
        connection.execute(_INSERT, row)


def _rows(count: int) -> Iterator[tuple[str, int, str]]:
    line, stream = "x" * LINE_BYTES, str(new_id(_STARTED_AT))
    return ((stream, number, line) for number in range(count))


def _journal(store: PostgresStore, stream: str, count: int) -> None:
    for number in range(count):
        place = BenchPoint(number * 0.37, number * 0.73)
        post = POST.recorded(BenchPost(f"post-{number % 50}", f"Post at gate {number}", "iib", place, 4))

        def decide(_documents: Documents, fact: Fact[Any] = post) -> Sequence[Fact[Any]]:
            return [fact]

        at = datetime.now(UTC)
        envelope = Envelope(stream=stream, command_id=new_id(at), at=at, by="person:p-17", agency="iib")
        perform(store, envelope, decide, content=("record_post", post.body))
