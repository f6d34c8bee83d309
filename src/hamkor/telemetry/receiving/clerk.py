# SPDX-License-Identifier: Apache-2.0
"""Does things one after the other in a thread, again and again until the database answers."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable

import psycopg

from hamkor.common.errors import HamkorError
from hamkor.telemetry.receiving.counting import FAULTS
from hamkor.telemetry.receiving.waiting import back_off_s

_LOG = logging.getLogger("hamkor.ingest")
Job = Callable[[], object]


class Clerk:
    """Keeps an event's commands in their order.

    Args:
        name: For the log.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: deque[Job] = deque()
        self._wake = asyncio.Event()

    def ask(self, job: Job) -> None:
        """Takes a job, which must do no harm when it is done twice."""
        self._jobs.append(job)
        self._wake.set()

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._jobs)

    async def run(self) -> None:
        """Does jobs until cancelled."""
        failures = 0
        while True:
            if not self._jobs:
                self._wake.clear()
                await self._wake.wait()
            job = self._jobs[0]
            try:
                await asyncio.to_thread(job)
            except (psycopg.Error, OSError):
                failures = await self._pause(failures)
                continue
            except HamkorError as error:
                if error.code == "journal-unreachable":
                    failures = await self._pause(failures)
                    continue
                FAULTS.labels("command").inc()
                _LOG.warning("%s: refused: %s %s", self._name, error.code, error.message.in_english())
            except Exception:  # noqa: BLE001 - one job must not end those after it
                FAULTS.labels("command").inc()
                _LOG.exception("%s: a job has failed", self._name)
            failures = 0
            self._jobs.popleft()

    async def _pause(self, failures: int) -> int:
        FAULTS.labels("journal").inc()
        await asyncio.sleep(back_off_s(failures + 1))
        return failures + 1
