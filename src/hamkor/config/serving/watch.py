# SPDX-License-Identifier: Apache-2.0
"""The watch: every second it looks what became due, overdue or silent in the events that are running."""

from __future__ import annotations

import logging
import signal
import time
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING

import django
import psycopg

from hamkor.common.errors import HamkorError
from hamkor.config.kinds import declare_all_kinds
from hamkor.config.processes import report_ready

if TYPE_CHECKING:
    from hamkor.journal.queries import Store

LOOK_S = 1.0
FORECAST_STOP_S = 2.0
# How long it may take until the watch knows of an operation that was opened.
ROUND_S = 3.0

log = logging.getLogger("hamkor.watch")


class Watch:
    """Looks at every running event, again and again.

    Args:
        store: Where the journals are kept.

    Notes:
        Several may run: what the watch does is done under ids that follow from what it is about, so once.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._streams: tuple[str, ...] = ()
        self._round_at_s = float("-inf")

    def look(self) -> int:
        """Looks once, and returns how many things were done; an event that fails does not stop the others."""
        from hamkor.centre.watch import look

        now_s = time.monotonic()
        if now_s >= self._round_at_s:
            self._streams = _running_streams(self._store)
            self._round_at_s = now_s + ROUND_S
        done = 0
        for stream in self._streams:
            try:
                done += look(self._store, stream, datetime.now(UTC))
            except (HamkorError, psycopg.Error):
                log.exception("the watch failed", extra={"stream": stream})
        return done


def _running_streams(store: Store) -> tuple[str, ...]:
    from hamkor.operation.queries import list_running

    try:
        return tuple(list_running(store))
    except (HamkorError, psycopg.Error):
        log.exception("the watch does not reach the database")
        return ()


def main() -> None:
    """Watches until told to stop."""
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    django.setup()
    declare_all_kinds()
    from django.conf import settings

    from hamkor.config.serving.forecasting import Forecaster
    from hamkor.workspace import stores

    watch = Watch(stores.journals())
    forecaster = Forecaster(stores.journals(), stores.pool(), kept_days=settings.ENVIRONMENT.readings_days)
    beside = Thread(target=forecaster.run, args=(stopping,), name="forecasts", daemon=True)
    beside.start()
    report_ready()
    try:
        while not stopping.wait(LOOK_S):
            watch.look()
    finally:
        beside.join(timeout=FORECAST_STOP_S)
        stores.close()


if __name__ == "__main__":
    main()
