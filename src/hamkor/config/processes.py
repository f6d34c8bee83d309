# SPDX-License-Identifier: Apache-2.0
"""Child processes that end with their parent, say when they are ready, and are waited for."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

READY_VARIABLE = "HAMKOR_READY_FD"
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 30.0
# A child that lived this long has got over what killed it before.
SETTLED_S = 60.0
_PR_SET_PDEATHSIG = 1
_LIBRARY = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Returns what a child does before its program starts: it asks the kernel for a signal when its parent dies.

    Args:
        number: The signal.

    Notes:
        Linux only; elsewhere None, and an orphan is found and ended at the next start. The signal comes when the
        thread that made the child ends: children are made by the main thread.
    """
    library, parent = _LIBRARY, os.getpid()
    if library is None:
        return None

    def ask() -> None:
        library.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # died before it was asked
            os.kill(os.getpid(), number)

    return ask


def report_ready() -> None:
    """Tells the supervisor, if there is one, that this process does its work now."""
    text = os.environ.pop(READY_VARIABLE, "")
    if text:
        with suppress(OSError):
            os.write(int(text), b"1")
            os.close(int(text))


class Child:
    """A process that is started again when it dies, later each time.

    Args:
        name: What it is called on the screen.
        arguments: Program and arguments.
        environment: Its environment.
        keep: File descriptors it inherits.
        log: Where its standard error goes; ours when None.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        keep: Sequence[int] = (),
        log: Path | None = None,
    ) -> None:
        self.name = name
        self.restarts = 0
        self.is_ready = False
        self.status: int | None = None
        self.started_at_s = 0.0
        self.next_start_s = 0.0
        self._arguments, self._environment, self._keep, self._log = arguments, environment, keep, log
        self._pause_s = FIRST_PAUSE_S
        self._process: subprocess.Popen[bytes] | None = None
        self._ready_fd: int | None = None

    @property
    def process_id(self) -> int | None:
        """Number of the process, None when there is none."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Starts the process."""
        reading, writing = os.pipe()
        environment = {**self._environment, READY_VARIABLE: str(writing)}
        log: IO[bytes] | None = None if self._log is None else self._log.open("ab")
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own programs
                self._arguments,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(*self._keep, writing),
                # Ctrl-C reaches a whole group of processes: the order of stopping is ours to keep.
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )
        finally:
            os.close(writing)
            if log is not None:
                log.close()
        os.set_blocking(reading, False)
        self._ready_fd, self.is_ready, self.status = reading, False, None
        self.started_at_s = time.monotonic()

    def look(self) -> bool:
        """Returns True when something has changed: it became ready, or it died and is to be started again."""
        if self._process is None:
            return False
        was_ready = self.is_ready
        self._read_ready()
        status = self._process.poll()
        if status is None:
            return self.is_ready is not was_ready
        self._forget(status)
        if time.monotonic() - self.started_at_s > SETTLED_S:
            self._pause_s = FIRST_PAUSE_S
        self.next_start_s = time.monotonic() + self._pause_s
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        return True

    def start_if_due(self) -> bool:
        """Starts a dead process again when its pause is over; returns True when it did."""
        if self._process is not None or time.monotonic() < self.next_start_s:
            return False
        self.restarts += 1
        self.start()
        return True

    def ask_to_stop(self) -> None:
        """Asks the process to end."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, limit_s: float) -> None:
        """Waits until the process has ended, and ends it when it takes too long."""
        if self._process is None:
            return
        try:
            status = self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._forget(status)

    def _forget(self, status: int) -> None:
        self._process, self.status, self.is_ready = None, status, False
        if self._ready_fd is not None:
            os.close(self._ready_fd)
            self._ready_fd = None

    def _read_ready(self) -> None:
        if self._ready_fd is None:
            return
        try:
            said = os.read(self._ready_fd, 1)
        except BlockingIOError:
            return
        os.close(self._ready_fd)
        self._ready_fd = None
        self.is_ready = bool(said)
