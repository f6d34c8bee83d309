# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F401, F811 - fixtures are imported, and asked for by name
"""The store keeps its word when the database is killed, slow, damaged, set back, or very full."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from hamkor.common.errors import HamkorError
from hamkor.journal.commands import rebuild_documents, restore_journal
from hamkor.journal.postgres import PostgresStore
from hamkor.journal.queries import (
    get_documents,
    get_head,
    list_entries,
    verify_journal,
)
from hamkor.journal.rules import Fault, export_lines
from hamkor.journal.tests import lanterns
from hamkor.journal.tests.lanterns import STREAM, envelope, lantern
from hamkor.journal.tests.servers import Pool, pool, ready, running_server, server, url
from hamkor.journal.tests.store_suite import assert_whole, send


def test_no_acknowledged_command_is_lost_when_the_database_is_killed_under_eight_writers() -> None:
    acknowledged: list[tuple[str, int, str]] = []
    is_over = Event()

    def write(store: PostgresStore, worker: int) -> None:
        stream = f"event-{worker % 4}"
        while not is_over.is_set():
            result = send(store, [lantern(f"{worker}")], lanterns.fresh_envelope(stream=stream))
            acknowledged.append((stream, result.number, result.hash))

    with running_server() as server, ConnectionPool(server.url, min_size=4, max_size=8, open=True) as pool:
        store = PostgresStore(pool)
        store.prepare()
        with ThreadPoolExecutor(8) as threads:
            writers = [threads.submit(write, store, worker) for worker in range(8)]
            for _ in range(2):
                count = len(acknowledged)
                while len(acknowledged) < count + 50:
                    assert not any(writer.done() for writer in writers)
                os.kill(server.process_id or 0, signal.SIGKILL)
                while server.is_running:
                    pass
                server.ensure_running()
            is_over.set()
            for writer in writers:
                writer.result()
        fresh = PostgresStore(pool)
        for stream in {stream for stream, _, _ in acknowledged}:
            assert_whole(fresh, stream)
            hashes = {entry.number: entry.hash for entry in list_entries(fresh, stream)}
            told = [(number, kept) for of, number, kept in acknowledged if of == stream]
            assert all(hashes[number] == kept for number, kept in told)
            assert len(told) == len(hashes)
        del store, fresh


def test_a_database_that_does_not_come_back_is_told_as_such() -> None:
    with running_server() as server:
        options = {"min_size": 1, "max_size": 2, "timeout": 0.3, "reconnect_timeout": 0.3}
        with ConnectionPool(server.url, open=True, **options) as pool:
            store = PostgresStore(pool)
            store.prepare()
            send(store, [lantern("a")], envelope(1))
            server.stop()
            with pytest.raises(HamkorError, match="journal-unreachable"):
                send(store, [lantern("b")], envelope(2))
            with pytest.raises(HamkorError, match="journal-unreachable"):
                get_documents(store, STREAM)
            assert get_documents(store, STREAM, at_least=1).number == 1


def test_a_head_held_by_somebody_for_too_long_is_told_and_others_go_on(url: str) -> None:
    options = {"options": "-c statement_timeout=300ms"}
    with ConnectionPool(url, kwargs=options, min_size=4, max_size=4, open=True) as pool:
        store = PostgresStore(pool)
        store.prepare()
        for stream in (STREAM, "drill-1"):
            send(store, [lantern("a")], lanterns.fresh_envelope(stream=stream))
        with psycopg.connect(url) as holder:
            holder.execute("SELECT FROM journal_head WHERE stream = %s FOR UPDATE", [STREAM])
            with pytest.raises(HamkorError, match="journal-unreachable"):
                send(store, [lantern("b")], envelope(2))
            assert send(store, [lantern("b")], lanterns.fresh_envelope(stream="drill-1")).number == 2
        assert send(store, [lantern("b")], envelope(2)).number == 2
        assert_whole(store)
        del store


def test_a_damaged_table_of_documents_is_found_and_rebuilt(ready: PostgresStore, pool: Pool) -> None:
    send(ready, [lantern("a"), lantern("b"), lantern("c")], envelope(1))
    live = get_documents(ready, STREAM)
    for damage in (
        "DELETE FROM document WHERE id = 'b'",
        'UPDATE document SET body = replace(body, \'"a"\', \'"a","name":"forged"\') WHERE id = \'a\'',
        "INSERT INTO document (stream, kind, id, body) VALUES ('navruz-2027', 'lantern', 'x', '{\"id\":\"x\"}')",
    ):
        with pool.connection() as connection:
            connection.execute(damage.encode())
        other = PostgresStore(pool)
        with pytest.raises(HamkorError, match="documents-differ"):
            verify_journal(other, STREAM)
        assert rebuild_documents(other, STREAM) == live
        for store in (other, ready, PostgresStore(pool)):
            assert_whole(store)


def test_a_damaged_entry_is_found(ready: PostgresStore, pool: Pool) -> None:
    send(ready, [lantern("a"), lantern("b")], envelope(1))
    with pool.connection() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE journal_entry SET line = replace(line, 'person:p-17', 'person:p-18')")
        connection.execute("SET session_replication_role = origin")
    assert verify_journal(PostgresStore(pool), STREAM) == Fault("hash-differs", 1)
    with pool.connection() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM journal_entry WHERE number = 2")
        connection.execute("SET session_replication_role = origin")
    found = verify_journal(PostgresStore(pool), STREAM)
    assert isinstance(found, Fault)


def test_a_database_set_back_to_an_older_copy_is_read_anew(ready: PostgresStore, pool: Pool) -> None:
    send(ready, [lantern("a")], envelope(1))
    early = get_head(ready, STREAM)
    send(ready, [lantern("b")], envelope(2))
    with pool.connection() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM journal_entry WHERE number = 2")
        connection.execute("DELETE FROM journal_command WHERE number = 2")
        connection.execute("DELETE FROM document WHERE id = 'b'")
        connection.execute("UPDATE journal_head SET number = 1, hash = %s, at = %s", [early.hash, early.at])
        connection.execute("SET session_replication_role = origin")
    assert [found.id for found in get_documents(ready, STREAM).all("lantern")] == ["a"]
    assert send(ready, [lantern("c")], envelope(3)).number == 2
    assert_whole(ready)


def test_two_processes_that_take_turns_lose_nothing(ready: PostgresStore, pool: Pool) -> None:
    stores = [ready, PostgresStore(pool)]

    def work(worker: int) -> None:
        for turn in range(15):
            send(stores[worker % 2], [lantern(f"{worker}-{turn}")], lanterns.fresh_envelope())

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(6)))
    assert len(get_documents(ready, STREAM)) == 90
    assert_whole(ready)
    assert_whole(stores[1])


def test_only_so_many_replicas_are_kept(pool: Pool) -> None:
    store = PostgresStore(pool, replicas=3)
    store.prepare()
    for number in range(9):
        send(store, [lantern("a")], lanterns.fresh_envelope(stream=f"event-{number}"))
    assert len(store._replicas) == 3
    for number in range(9):
        assert get_documents(store, f"event-{number}").number == 1


def test_a_long_journal_is_read_from_the_table_of_documents(
    ready: PostgresStore, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = [lantern(f"l-{number % 100}", name=f"n-{number}") for number in range(5_000)]
    head, entries = lanterns.journal([facts])
    restore_journal(ready, export_lines(head, entries))
    expected = get_documents(ready, STREAM, until=5_000)
    monkeypatch.setattr("hamkor.journal.postgres.reading._decode_entry", None)  # not one entry may be read
    documents = get_documents(PostgresStore(pool), STREAM)
    assert documents == expected
    assert (documents.number, len(documents)) == (5_000, 100)
