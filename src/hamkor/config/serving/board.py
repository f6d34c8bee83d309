# SPDX-License-Identifier: Apache-2.0
"""What the supervisor shows: one calm line for each process, written again in place on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime

import msgspec

from hamkor.common.messages import N_, Message

STATES = {
    "starting": N_("starting"),
    "running": N_("running"),
    "waiting": N_("starts again soon"),
    "elsewhere": N_("elsewhere"),
    "stopped": N_("stopped"),
}
MARKS = {"starting": "…", "running": "●", "waiting": "!", "elsewhere": "●", "stopped": "○"}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One process on the screen.

    Args:
        name: What it is.
        state: A key of `STATES`.
        pid: Number of the process, None when there is none.
        restarts: How often it had to be started again.
        place: Where it is reached.
    """

    name: str
    state: str
    pid: int | None = None
    restarts: int = 0
    place: str = ""


class Board:
    """Shows rows on standard output: in place on a terminal, otherwise a line for each change.

    Args:
        language: Language of the words.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._shown: dict[str, Row] = {}
        self._lines = 0
        self._is_terminal = sys.stdout.isatty()

    def show(self, rows: Sequence[Row]) -> None:
        """Shows the rows; nothing is written when nothing changed."""
        if list(self._shown.values()) == list(rows):
            return
        if self._is_terminal:
            back = f"\x1b[{self._lines}A" if self._lines else ""
            sys.stdout.write(back + "".join(f"\x1b[2K{self._line(row)}\n" for row in rows))
            self._lines = len(rows)
        else:
            moment = datetime.now().astimezone().strftime("%H:%M:%S")
            changed = [row for row in rows if self._shown.get(row.name) != row]
            sys.stdout.write("".join(f"{moment} {self._line(row).rstrip()}\n" for row in changed))
        sys.stdout.flush()
        self._shown = {row.name: row for row in rows}

    def say(self, message: Message) -> None:
        """Writes a sentence below the rows."""
        sys.stdout.write(message.render(self._language) + "\n")
        sys.stdout.flush()
        self._lines = 0

    def _line(self, row: Row) -> str:
        state = Message(STATES[row.state]).render(self._language)
        pid = f"pid {row.pid}" if row.pid else ""
        told = Message(N_("restarts: {count}"), {"count": row.restarts})
        again = told.render(self._language) if row.restarts else ""
        return f"{MARKS[row.state]} {row.name:<10} {state:<20} {pid:<12} {again:<14} {row.place}"
