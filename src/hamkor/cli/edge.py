# SPDX-License-Identifier: Apache-2.0
"""The edge of the command line: where errors become words and exit statuses."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Protocol

import click

from hamkor.cli.language import N_, default_language, say
from hamkor.common.errors import HamkorError

STATUS_OK = 0
STATUS_RED = 1
STATUS_UNUSABLE = 2
STATUS_FAULT = 70
STATUS_INTERRUPTED = 130


class Program(Protocol):
    """A click command that leaves errors to its caller."""

    def __call__(self, *, standalone_mode: bool) -> object:
        """Runs the program; returns its exit status or nothing."""


class _Language:
    """The language of this run, set by ``--lang``."""

    chosen: str | None = None


def speak(language: str) -> None:
    """Sets the language in which errors are told."""
    _Language.chosen = language


def tell_error(error: HamkorError) -> None:
    """Writes an error to standard error, with every fault of an unusable folder below it."""
    language = _Language.chosen or default_language()
    lines = [error.message.render(language)]
    for fault in getattr(error, "faults", ()):
        line = f":{fault.line}" if fault.line is not None else ""
        place = f" {fault.place}" if fault.place else ""
        lines.append(f"  {fault.file}{line}{place}: {fault.message.render(language)} [{fault.code}]")
    click.echo("\n".join(lines), err=True)


def run(program: Program) -> int:
    """Returns the exit status of the program: its own, 2 for what it refuses, 70 for a fault of ours."""
    try:
        status = program(standalone_mode=False)
    except HamkorError as error:
        tell_error(error)
        return STATUS_UNUSABLE
    except click.ClickException as error:
        error.show()
        return STATUS_UNUSABLE
    except (click.Abort, KeyboardInterrupt):
        return STATUS_INTERRUPTED
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return STATUS_OK
    except OSError as error:
        click.echo(_cannot_write(error), err=True)
        return STATUS_UNUSABLE
    except Exception as error:
        if os.environ.get("HAMKOR_DEBUG"):
            raise
        click.echo(_internal_fault(error), err=True)
        return STATUS_FAULT
    return status if isinstance(status, int) else STATUS_OK


def _cannot_write(error: OSError) -> str:
    return say(
        N_("{path} cannot be written or read: {reason}."),
        _Language.chosen or default_language(),
        path=error.filename or "?",
        reason=error.strerror or type(error).__name__,
    )


def _internal_fault(error: Exception) -> str:
    return say(
        N_("Hamkor itself failed ({kind}: {detail}). Set HAMKOR_DEBUG=1 to see where."),
        _Language.chosen or default_language(),
        kind=type(error).__name__,
        detail=str(error)[:300],
    )
