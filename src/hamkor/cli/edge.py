# SPDX-License-Identifier: Apache-2.0
"""The edge of the command line: where errors become words and exit statuses."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable

from hamkor.cli.language import N_, default_language, say
from hamkor.common.errors import HamkorError

STATUS_OK = 0
STATUS_RED = 1
STATUS_UNUSABLE = 2
STATUS_FAULT = 70


class _Language:
    """The language of this run, set by ``--lang``."""

    chosen: str | None = None


def speak(language: str) -> None:
    """Sets the language in which errors are told."""
    _Language.chosen = language


def tell_error(error: HamkorError) -> None:
    """Writes an error to standard error, with every fault of an unusable folder below it."""
    from hamkor.folder.rules import FolderUnusableError

    language = _Language.chosen or default_language()
    lines = [error.message.render(language)]
    if isinstance(error, FolderUnusableError):
        for fault in error.faults:
            line = f":{fault.line}" if fault.line is not None else ""
            place = f" {fault.place}" if fault.place else ""
            lines.append(f"  {fault.file}{line}{place}: {fault.message.render(language)} [{fault.code}]")
    sys.stderr.write("\n".join(lines) + "\n")


def run(program: Callable[[], None]) -> int:
    """Returns the exit status of the program: its own, 2 for what it refuses, 70 for a fault of ours."""
    try:
        program()
    except HamkorError as error:
        tell_error(error)
        return STATUS_UNUSABLE
    except SystemExit as stop:
        return _status_of(stop)
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return STATUS_OK
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if os.environ.get("HAMKOR_DEBUG"):
            raise
        sys.stderr.write(_internal_fault(error) + "\n")
        return STATUS_FAULT
    return STATUS_OK


def _status_of(stop: SystemExit) -> int:
    if stop.code is None:
        return STATUS_OK
    return stop.code if isinstance(stop.code, int) else STATUS_UNUSABLE


def _internal_fault(error: Exception) -> str:
    return say(
        N_("Hamkor itself failed ({kind}: {detail}). Nothing was saved. Set HAMKOR_DEBUG=1 to see where."),
        _Language.chosen or default_language(),
        kind=type(error).__name__,
        detail=str(error)[:300],
    )
