# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F401, F811 - fixtures are imported, and asked for by name
"""The tables: made, brought up to date, and out of reach for the role that serves people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from importlib.resources import files
from threading import Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection
from psycopg_pool import ConnectionPool

from hamkor.common.errors import HamkorError
from hamkor.journal.commands import erase_body, rebuild_documents
from hamkor.journal.postgres import PostgresStore, prepare
from hamkor.journal.queries import get_documents, get_head, list_entries
from hamkor.journal.rules import canonical, encode_line
from hamkor.journal.tests.lanterns import STREAM, envelope, journal, lantern
from hamkor.journal.tests.servers import Pool, pool, server, url
from hamkor.journal.tests.store_suite import assert_whole, send
from hamkor.journal.tests.upkeep_suite import ERASURE

VERSION_1 = (files("hamkor.journal.postgres") / "steps" / "0001.sql").read_bytes()


@pytest.fixture
def roles(url: str) -> tuple[str, str]:
    """Connection strings of an owner, who is no superuser, and of the application."""
    owner, application = f"owner_{uuid4().hex}", f"application_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        for role in (owner, application):
            connection.execute(f"CREATE ROLE {role} LOGIN".encode())
        connection.execute(f"GRANT ALL ON SCHEMA public TO {owner}".encode())
    return url.replace("//hamkor@", f"//{owner}@"), url.replace("//hamkor@", f"//{application}@")


@pytest.fixture
def application(roles: tuple[str, str]) -> Iterator[Pool]:
    owner_url, application_url = roles
    with psycopg.connect(owner_url) as connection:
        prepare(connection, application_url.split("//")[1].split("@")[0])
    with ConnectionPool(application_url, min_size=1, max_size=4, open=True) as opened:
        yield opened


def test_the_application_can_do_its_work(application: Pool) -> None:
    store = PostgresStore(application)
    send(store, [lantern("a"), lantern("b")], envelope(1))
    send(store, [lantern("c")], envelope(2))
    assert erase_body(store, STREAM, 1, erasure=ERASURE)
    rebuild_documents(store, STREAM)
    assert [found.id for found in get_documents(store, STREAM).all("lantern")] == ["b", "c"]
    with application.connection() as connection:
        told = connection.execute("SELECT number, by, reason, role FROM journal_erasure").fetchone()
    assert told is not None
    assert told[:3] == (1, ERASURE.by, ERASURE.reason)
    assert told[3].startswith("application_")


FORBIDDEN = [
    "UPDATE journal_entry SET line = line",
    "DELETE FROM journal_entry",
    "TRUNCATE journal_entry CASCADE",
    "DELETE FROM journal_command",
    "UPDATE journal_command SET digest = ''",
    "TRUNCATE journal_command",
    "DELETE FROM journal_head",
    "TRUNCATE journal_head CASCADE",
    "UPDATE journal_head SET stream = 'other'",
    "INSERT INTO journal_erasure (stream, number, by, at, reason) VALUES ('navruz-2027', 1, 'x', now(), 'x')",
    "UPDATE journal_erasure SET reason = 'x'",
    "DELETE FROM vault_detail",
    "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER journal_entry_kept ON journal_entry",
    "ALTER TABLE journal_entry OWNER TO current_user",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION public.journal_is_kept() RETURNS trigger LANGUAGE sql AS ''",
    "CREATE FUNCTION public.mine() RETURNS void LANGUAGE sql AS ''",
    "DROP TABLE journal_entry CASCADE",
    "CREATE RULE r AS ON INSERT TO journal_entry DO INSTEAD NOTHING",
    "COPY journal_entry TO PROGRAM 'true'",
    "LOCK TABLE journal_entry IN ACCESS EXCLUSIVE MODE",
]


def test_the_application_cannot_change_what_stands(application: Pool) -> None:
    store = PostgresStore(application)
    send(store, [lantern("a")], envelope(1))
    for statement in FORBIDDEN:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), application.connection() as connection:
            connection.execute(statement.encode())
    assert_whole(store)


def test_the_application_cannot_become_the_owner(application: Pool, roles: tuple[str, str]) -> None:
    owner = roles[0].split("//")[1].split("@")[0]
    for statement in (f"SET ROLE {owner}", f"SET SESSION AUTHORIZATION {owner}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), application.connection() as connection:
            connection.execute(statement.encode())


def test_a_head_never_goes_back(application: Pool) -> None:
    store = PostgresStore(application)
    send(store, [lantern("a")], envelope(1))
    for statement in (
        "UPDATE journal_head SET number = 0",
        "UPDATE journal_head SET hash = 'x'",
        "UPDATE journal_head SET edition = -1",
    ):
        with (
            pytest.raises(psycopg.errors.RaiseException, match="never changed"),
            application.connection() as connection,
        ):
            connection.execute(statement.encode())
    assert_whole(store)


def test_tables_of_somebodys_own_do_not_lead_the_erasing_astray(application: Pool) -> None:
    store = PostgresStore(application)
    send(store, [lantern("a")], envelope(1))
    with application.connection() as connection:
        connection.execute("CREATE TEMP TABLE journal_erasure (LIKE public.journal_erasure)")
        connection.execute("CREATE TEMP TABLE journal_entry (LIKE public.journal_entry)")
        row = connection.execute("SELECT journal_erase(%s, 1, 'x', now(), 'why')", [STREAM]).fetchone()
        assert row == (True,)
        left = connection.execute("SELECT count(*) FROM public.journal_erasure").fetchone()
        assert left == (1,)
        connection.execute("DROP TABLE pg_temp.journal_erasure, pg_temp.journal_entry")
    assert list_entries(store, STREAM)[0].is_withheld


def test_the_owner_too_is_refused_by_the_triggers(application: Pool, roles: tuple[str, str]) -> None:
    send(PostgresStore(application), [lantern("a")], envelope(1))
    for statement in (
        "UPDATE journal_entry SET line = journal_without_body(line)",
        "UPDATE journal_entry SET line = replace(line, 'navruz', 'nowruz')",
        "UPDATE journal_command SET digest = ''",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_erasure",
    ):
        with (
            psycopg.connect(roles[0]) as connection,
            pytest.raises(psycopg.errors.RaiseException, match="never changed"),
        ):
            connection.execute(statement.encode())


def test_nobody_else_may_erase(application: Pool, url: str) -> None:
    send(PostgresStore(application), [lantern("a")], envelope(1))
    stranger = f"stranger_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {stranger} LOGIN".encode())
    with (
        psycopg.connect(url.replace("//hamkor@", f"//{stranger}@")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT journal_erase(%s, 1, 'x', now(), 'why')", [STREAM])


def test_a_role_that_is_missing_or_too_strong_is_refused(roles: tuple[str, str], url: str) -> None:
    owner = roles[0].split("//")[1].split("@")[0]
    with psycopg.connect(roles[0]) as connection:
        with pytest.raises(HamkorError, match="role-missing"):
            prepare(connection, "nobody-here")
        for strong in (owner, "hamkor"):
            with pytest.raises(HamkorError, match="role-too-strong"):
                prepare(connection, strong)
        assert connection.execute("SELECT to_regclass('journal_entry')").fetchone() == (None,)


def _write_as_version_1(connection: Connection[Any]) -> None:
    """Puts a journal into the tables as the program of version 1 did."""
    head, entries = journal([[lantern("a"), lantern("b")], [lantern("c")]])
    connection.execute(VERSION_1)
    connection.execute("INSERT INTO journal_head VALUES (%s, %s, %s, %s)", [STREAM, 3, head.hash, head.at])
    for entry in entries:
        line = encode_line(entry).decode()
        connection.execute("INSERT INTO journal_entry VALUES (%s, %s, %s)", [STREAM, entry.number, line])
    for number, first, last in ((1, 1, 2), (2, 3, 3)):
        values = [STREAM, envelope(number).command_id, "d", first, last, entries[last - 1].hash]
        connection.execute("INSERT INTO journal_command VALUES (%s, %s, %s, %s, %s, %s)", values)
    for name in "abc":
        body = canonical(lantern(name).body).decode()
        connection.execute(
            "INSERT INTO document (stream, kind, id, body) VALUES (%s, 'lantern', %s, %s)",
            [STREAM, name, body],
        )


def test_tables_of_version_1_are_brought_up_to_date(url: str, pool: Pool) -> None:
    with psycopg.connect(url) as connection:
        _write_as_version_1(connection)
    store = PostgresStore(pool)
    for _ in range(2):
        store.prepare()
        with pool.connection() as connection:
            rows = connection.execute("SELECT version FROM journal_schema ORDER BY version").fetchall()
        assert rows == [(1,), (2,)]
    assert_whole(store)
    send(store, [lantern("d")], envelope(5))
    assert erase_body(store, STREAM, 1, erasure=ERASURE)
    assert [found.id for found in get_documents(store, STREAM).all("lantern")] == ["b", "c", "d"]


def test_tables_of_a_newer_version_are_left_alone(pool: Pool) -> None:
    store = PostgresStore(pool)
    store.prepare()
    with pool.connection() as connection:
        connection.execute("INSERT INTO journal_schema (version) VALUES (99)")
    with pytest.raises(HamkorError, match="schema-too-new"):
        store.prepare()


def test_processes_that_start_at_once_make_the_tables_once(pool: Pool) -> None:
    failures: list[Exception] = []

    def start() -> None:
        try:
            PostgresStore(pool).prepare()
        except Exception as error:  # noqa: BLE001 - shown by the assert below
            failures.append(error)

    threads = [Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    send(PostgresStore(pool), [lantern("a")])


def test_moments_are_in_utc_whatever_the_zone_of_the_database(url: str) -> None:
    options = {"options": "-c timezone=Asia/Tashkent"}
    with ConnectionPool(url, kwargs=options, min_size=1, max_size=2, open=True) as opened:
        store = PostgresStore(opened)
        store.prepare()
        send(store, [lantern("a")], envelope(10))
        send(PostgresStore(opened), [lantern("b")], envelope(3))
        assert get_head(store, STREAM).at == envelope(10).at
        assert {entry.at.tzinfo for entry in list_entries(store, STREAM)} == {UTC}
        assert_whole(store)
