# SPDX-License-Identifier: Apache-2.0
"""Fixtures for tests that need a database: one embedded server for a file, an empty database for a test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection
from psycopg_pool import ConnectionPool

from hamkor.config.embedded_postgres import EmbeddedPostgres
from hamkor.journal.postgres import PostgresStore

Pool = ConnectionPool[Connection[Any]]


@contextmanager
def running_server() -> Iterator[EmbeddedPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="hamkor-test-"))
    folder.chmod(0o711)
    with EmbeddedPostgres(folder / "data") as running:
        yield running
    shutil.rmtree(folder)


def make_database(server: EmbeddedPostgres) -> str:
    """Makes an empty database and returns its connection string."""
    return _make_database_at(server.url)


def _make_database_at(url: str) -> str:
    name = f"test_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    with running_server() as running:
        # Killed processes lose nothing without it, and no test pulls the plug: the disk is spared.
        with psycopg.connect(running.url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield running


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    """An empty database in the server given as HAMKOR_TEST_DATABASE_URL, else in our own."""
    given = os.environ.get("HAMKOR_TEST_DATABASE_URL")
    return _make_database_at(given or request.getfixturevalue("server").url)


@pytest.fixture
def pool(url: str) -> Iterator[Pool]:
    with ConnectionPool(url, min_size=1, max_size=8, open=True) as opened:
        yield opened


@pytest.fixture
def ready(pool: Pool) -> PostgresStore:
    store = PostgresStore(pool)
    store.prepare()
    return store
