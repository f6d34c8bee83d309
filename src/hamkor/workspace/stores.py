# SPDX-License-Identifier: Apache-2.0
"""The journals, the vault and the files of this process, opened when first asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection
from psycopg import Connection
from psycopg_pool import ConnectionPool

from hamkor.discussions.commands import FileStore
from hamkor.journal.live import Listener, Notifier
from hamkor.journal.postgres import PostgresStore
from hamkor.journal.vault import PostgresVault
from hamkor.plans import facts  # noqa: F401 - importing declares every kind of document of a plan

POOL_MAX = 16
POOL_WAIT_S = 10.0

_when_rewritten: WeakKeyDictionary[asyncio.AbstractEventLoop, Callable[[str], None]] = WeakKeyDictionary()
_listeners: WeakKeyDictionary[asyncio.AbstractEventLoop, Listener] = WeakKeyDictionary()


def connection_parameters() -> dict[str, Any]:
    """Returns what a connection of the journal needs: the same database as everything else."""
    parameters = connection.get_connection_params()
    unwanted = {"cursor_factory", "context", "pool", "prepare_threshold"}
    return {name: value for name, value in parameters.items() if name not in unwanted}


@cache
def pool() -> ConnectionPool[Connection[Any]]:
    """Returns the connections of the journal."""
    return ConnectionPool(
        kwargs=connection_parameters(),
        min_size=1,
        max_size=POOL_MAX,
        timeout=POOL_WAIT_S,
        open=True,
        name="journal",
    )


@cache
def notifier() -> Notifier:
    """Returns what tells other processes of new entries, after they are committed."""
    made = Notifier(also=_tell_listeners, **connection_parameters())
    made.start()
    return made


@cache
def journals() -> PostgresStore:
    """Returns the store of all events."""
    return PostgresStore(pool(), on_commit=notifier().moved)


@cache
def vault() -> PostgresVault:
    """Returns where names and phones are kept."""
    return PostgresVault(pool())


@cache
def files() -> FileStore:
    """Returns the contents of attachments."""
    return FileStore(settings.ENVIRONMENT.files_dir)


async def listener() -> Listener:
    """Returns what wakes those who wait for entries in the running event loop; started with the first of them."""
    loop = asyncio.get_running_loop()
    found = _listeners.get(loop)
    if found is None:
        found = _listeners[loop] = Listener(on_rewritten=_forget, **connection_parameters())
        await found.start()
    return found


def tell_when_rewritten(told: Callable[[str], None], *, loop: asyncio.AbstractEventLoop) -> None:
    """Has somebody in an event loop told of each journal whose documents changed otherwise than by new entries."""
    _when_rewritten[loop] = told


def _forget(stream: str) -> None:
    journals().forget(stream)
    told = _when_rewritten.get(asyncio.get_running_loop())
    if told is not None:
        told(stream)


def _tell_listeners(stream: str, number: int) -> None:
    for each in list(_listeners.values()):
        each.moved(stream, number)


def close() -> None:
    """Closes the connections; the next use opens them again."""
    _listeners.clear()  # each holds the store, which holds connections in hand
    if notifier.cache_info().currsize:
        notifier().stop()
    if journals.cache_info().currsize:
        journals().close()
    if pool.cache_info().currsize:
        pool().close()
    for opened in (pool, notifier, journals, vault, files):
        opened.cache_clear()
