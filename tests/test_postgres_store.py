# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F401, F811 - fixtures are imported, and asked for by name
"""The store in PostgreSQL behaves as every store must, and the embedded server comes back after any death."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from hamkor.config.embedded_postgres import DatabaseNotStartedError, EmbeddedPostgres
from hamkor.journal.postgres import PostgresStore
from hamkor.journal.queries import get_documents, get_head, verify_journal
from hamkor.journal.rules import Verified
from hamkor.journal.tests.lanterns import STREAM, envelope, lantern
from hamkor.journal.tests.servers import Pool, pool, ready, server, url
from hamkor.journal.tests.store_suite import StoreSuite, assert_whole, send
from hamkor.journal.tests.upkeep_suite import UpkeepSuite


class TestPostgresStore(StoreSuite, UpkeepSuite):
    @pytest.fixture
    def store(self, ready: PostgresStore) -> PostgresStore:
        return ready


def test_another_process_reads_and_continues(pool: Pool) -> None:
    first, second = PostgresStore(pool), PostgresStore(pool)
    first.prepare()
    second.prepare()
    send(first, [lantern("a"), lantern("b")], envelope(1))
    assert get_documents(second, STREAM) == get_documents(first, STREAM)
    send(second, [lantern("c")], envelope(2))
    send(first, [lantern("d")], envelope(3))
    assert get_head(second, STREAM).number == 4
    assert get_documents(PostgresStore(pool), STREAM) == get_documents(second, STREAM)
    assert_whole(second)


@pytest.mark.parametrize("table", ["journal_entry", "journal_command"])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "UPDATE {} SET number = 9", "TRUNCATE {}"])
def test_what_stands_in_the_journal_cannot_be_changed(
    ready: PostgresStore, pool: Pool, table: str, verb: str
) -> None:
    send(ready, [lantern("a")], envelope(1))
    with pytest.raises(psycopg.errors.RaiseException, match="never changed"), pool.connection() as connection:
        connection.execute(verb.format(table).encode())
    assert_whole(ready)


def test_a_command_inside_a_command_on_the_same_journal_is_a_fault(ready: PostgresStore) -> None:
    with ready.transaction(STREAM), pytest.raises(RuntimeError, match="called another command"):
        send(ready, [lantern("a")], envelope(2))
    assert send(ready, [lantern("a")], envelope(2)).number == 1


def test_nothing_that_was_answered_is_lost_when_the_server_is_killed() -> None:
    folder = Path(tempfile.mkdtemp(prefix="hamkor-test-"))
    folder.chmod(0o711)
    with EmbeddedPostgres(folder / "data") as server:
        assert not server.ensure_running()
        with ConnectionPool(server.url, min_size=1, max_size=2, open=True) as opened:
            store = PostgresStore(opened)
            store.prepare()
            head = send(store, [lantern("a")], envelope(1))
        os.kill(server.process_id or 0, signal.SIGKILL)
        while server.is_running:
            pass
        assert server.ensure_running()
        with ConnectionPool(server.url, min_size=1, max_size=2, open=True) as opened:
            assert verify_journal(PostgresStore(opened), STREAM) == Verified(head.number, head.hash)
    assert not server.is_running
    shutil.rmtree(folder)


def test_nobody_else_can_reach_the_server(server: EmbeddedPostgres) -> None:
    assert server.socket_dir.stat().st_mode & 0o077 == 0
    assert server.data_dir.stat().st_mode & 0o077 == 0
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_database_that_cannot_start_says_why(tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="hamkor-test-"))
    folder.chmod(0o711)
    (folder / "data").mkdir()
    (folder / "data" / "PG_VERSION").write_text("3\n", encoding="utf-8")
    broken = EmbeddedPostgres(folder / "data")
    with pytest.raises(DatabaseNotStartedError, match="database-not-started") as told:
        broken.start()
    assert "postgres" in told.value.message.in_english()
    broken.stop()
    shutil.rmtree(folder)
