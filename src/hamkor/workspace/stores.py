# SPDX-License-Identifier: Apache-2.0
"""The journals and the vault of this process, opened when first asked for."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection
from psycopg import Connection
from psycopg_pool import ConnectionPool

from hamkor.journal.postgres import PostgresStore
from hamkor.plans import facts  # noqa: F401 - importing declares every kind of document of a plan

POOL_MAX = 16
POOL_WAIT_S = 10.0


@cache
def pool() -> ConnectionPool[Connection[Any]]:
    """Returns the connections of the journal, to the same database as everything else."""
    parameters = connection.get_connection_params()
    for unwanted in ("cursor_factory", "context", "pool", "prepare_threshold"):
        parameters.pop(unwanted, None)
    return ConnectionPool(
        kwargs=parameters, min_size=1, max_size=POOL_MAX, timeout=POOL_WAIT_S, open=True, name="journal"
    )


@cache
def journals() -> PostgresStore:
    """Returns the store of all events."""
    return PostgresStore(pool())


def vault() -> None:
    """Returns where names and phones are kept."""
    return


def close() -> None:
    """Closes the connections; the next use opens them again."""
    if pool.cache_info().currsize:
        pool().close()
    pool.cache_clear()
    journals.cache_clear()
