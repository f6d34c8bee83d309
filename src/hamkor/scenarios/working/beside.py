# SPDX-License-Identifier: Apache-2.0
"""A run in a process of its own: a simulation never holds up the worker, and can be ended at any moment."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from hamkor.scenarios.working.parcel import ANSWER, ERRORS

Ended = Literal["answered", "broken", "stopped", "too_long"]
MODULE = "hamkor.scenarios.working.child"
# Nothing secret: the process needs no database and no key.
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "PYTHONPATH",
    "PYTHONDONTWRITEBYTECODE",
    "NUMBA_CACHE_DIR",
)
_LONGEST_LINE = 1 << 10


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How often one looks after a process and for how long it may work, in seconds; how much it gives way to others."""

    beat_s: float
    longest_s: float
    nice: int = 0


def run_beside(folder: Path, pace: Pace, *, look: Callable[[float], bool]) -> Ended:
    """Runs the question of a folder in a process of its own and returns how that ended; the process is gone then.

    Args:
        folder: Holds the question; gets the answer.
        pace: How often to look, and for how long.
        look: Called once a beat with the share that is done; False ends the run.
    """
    with (folder / ERRORS).open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module, a folder we made
            [sys.executable, "-m", MODULE, str(folder), str(pace.nice)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            start_new_session=True,
        )
    try:
        ended = _attend(process, pace, look)
        if ended is not None:
            return ended
        code = process.wait(pace.beat_s * 5)
        return "answered" if code == 0 and (folder / ANSWER).is_file() else "broken"
    except subprocess.TimeoutExpired:
        return "broken"
    finally:
        _end(process)


def _attend(process: subprocess.Popen[bytes], pace: Pace, look: Callable[[float], bool]) -> Ended | None:
    """Listens until the process closes its output; returns how it has to end before that, else None."""
    out = process.stdout
    if out is None:
        raise TypeError("the process was started without an output")
    begun_s, progress, rest = time.monotonic(), 0.0, b""
    next_look_s = begun_s
    with selectors.DefaultSelector() as selector:
        selector.register(out, selectors.EVENT_READ)
        while True:
            now_s = time.monotonic()
            if now_s - begun_s > pace.longest_s:
                return "too_long"
            if now_s >= next_look_s:
                next_look_s = now_s + pace.beat_s
                if not look(progress):
                    return "stopped"
            if selector.select(max(0.0, next_look_s - time.monotonic())):
                heard = os.read(out.fileno(), _LONGEST_LINE)
                if not heard:
                    return None
                progress, rest = _progress_of(rest + heard, progress)


def _progress_of(heard: bytes, known: float) -> tuple[float, bytes]:
    """Returns the last share that was said, and what is not a whole line yet."""
    *lines, rest = heard[-_LONGEST_LINE:].split(b"\n")
    for line in reversed(lines):
        with suppress(ValueError):
            return max(known, min(1.0, float(line))), rest
    return known, rest


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process with all it started, whatever it does, and takes its remains away."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()
