# SPDX-License-Identifier: Apache-2.0
"""Beside the watch, in a thread of its own: makes the forecast of every running event, twice a minute."""

from __future__ import annotations

import logging
import os
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg_pool import PoolTimeout

from hamkor.common.errors import HamkorError

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg_pool import ConnectionPool

    from hamkor.forecasts.making import Maker
    from hamkor.forecasts.rules.forecast import Forecast
    from hamkor.journal.queries import Store

# How often is looked which forecasts are due; a process that starts makes the first at once.
ROUND_S = 3.0
FORGET_EVERY_S = 3600.0
# The first counts come a moment after an operation is opened: nobody should wait half a minute for them.
SOON_OVER = frozenset({"nothing-counted"})
AGAIN_S = 6.0
# Whoever waits for an answer, an alarm or the watch itself goes first.
NICENESS = 5

log = logging.getLogger("hamkor.forecasts")


class Forecaster:
    """Makes the forecasts of all running events, again and again.

    Args:
        store: Where the journals are kept.
        pool: Connections to the database.
        kept_days: For how many days forecasts are kept.

    Notes:
        Several may run: of each event one makes the forecast, by an advisory lock.
    """

    def __init__(self, store: Store, pool: ConnectionPool[Connection[Any]], *, kept_days: int) -> None:
        self._store, self._pool, self._kept_days = store, pool, kept_days
        self._makers: dict[str, Maker] = {}
        self._due_s: dict[str, float] = {}
        self._forget_at_s = float("-inf")

    def run(self, stopping: Event) -> None:
        """Makes forecasts until told to stop.

        Args:
            stopping: Set when the process is to end.
        """
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        while not stopping.wait(ROUND_S):
            try:
                self.look()
            except Exception:  # whatever fails here must not end the forecasts of the evening
                log.exception("forecasts failed; tried again in %s s", ROUND_S)

    def look(self) -> int:
        """Makes the forecasts that are due, and returns how many; an event that fails does not stop the others."""
        from hamkor.forecasts.rules.profiles import forecast_profile
        from hamkor.operation.queries import list_running

        made, now_s = 0, time.monotonic()
        running = list_running(self._store)
        for stream in running:
            if now_s < self._due_s.get(stream, 0.0):
                continue
            self._due_s[stream] = now_s + forecast_profile().period_s
            try:
                found = self._look_at(stream)
                made += found is not None
                if found is not None and found.trouble in SOON_OVER:
                    self._due_s[stream] = now_s + AGAIN_S
            except (HamkorError, psycopg.Error, PoolTimeout):
                log.exception("no forecast", extra={"stream": stream})
        self._drop(running)
        self._forget(now_s)
        return made

    def _look_at(self, stream: str) -> Forecast | None:
        from hamkor.forecasts.looking import look
        from hamkor.forecasts.making import Maker
        from hamkor.journal.queries import get_documents

        documents = get_documents(self._store, stream)
        maker = self._makers.setdefault(stream, Maker())
        with self._pool.connection() as connection:
            return look(connection, stream, documents, maker=maker, at=datetime.now(UTC))

    def _drop(self, running: tuple[str, ...]) -> None:
        for stream in self._makers.keys() - set(running):
            del self._makers[stream]
            self._due_s.pop(stream, None)

    def _forget(self, now_s: float) -> None:
        if now_s < self._forget_at_s:
            return
        self._forget_at_s = now_s + FORGET_EVERY_S
        from hamkor.forecasts.looking import forget_old

        with self._pool.connection() as connection:
            forget_old(connection, before=datetime.now(UTC) - timedelta(days=self._kept_days))
