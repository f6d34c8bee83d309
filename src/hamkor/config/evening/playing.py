# SPDX-License-Identifier: Apache-2.0
"""Plays a script into the drill: people of the demonstration report, order and answer as the minutes go by."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from threading import Event
from typing import Any

from hamkor.common.errors import HamkorError
from hamkor.config.demo_event import Desk
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Documents

log = logging.getLogger("hamkor.evening")

Act = Callable[["Play"], None]
Scene = tuple[float, Act]


class Play:
    """What has happened so far, for scenes that follow each other.

    Args:
        desk: Sends as the accounts of the demonstration.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ids: dict[str, str] = {}

    @property
    def documents(self) -> Documents:
        """The documents as they are now."""
        return get_documents(self.desk.store, self.desk.stream)

    @property
    def now(self) -> datetime:
        """This moment."""
        return datetime.now(UTC)

    def send(
        self, role: str, agency: str, verb: Callable[..., Any], *, name: str = "", **arguments: Any
    ) -> None:
        """Sends a command as somebody, and remembers what it made under a name.

        Args:
            role: Role of who sends.
            agency: Their party.
            verb: The command.
            name: What later scenes call the thing it makes; empty when they need not.
            arguments: Arguments of the command.
        """
        sent = self.desk.sent(self.desk.viewer(role, agency))
        verb(**sent, **arguments)
        if name:
            self.ids[name] = str(sent["envelope"].command_id)


def play(desk: Desk, scenes: Sequence[Scene], *, after: Iterator[Scene], stopping: Event) -> None:
    """Plays the scenes at their seconds, then goes on with what comes after until told to stop.

    Args:
        desk: Sends as the accounts of the demonstration.
        scenes: Seconds from the beginning, and what happens; in order.
        after: What goes on, each with the seconds to wait before it.
        stopping: Set when the play is to end.

    Notes:
        A scene the rules refuse, because a newcomer was quicker, is left out: the play follows the people.
    """
    told, passed_s = Play(desk), 0.0
    for at_s, act in scenes:
        if stopping.wait(max(0.0, at_s - passed_s)):
            return
        passed_s = max(at_s, passed_s)
        _try(told, act)
    for wait_s, act in after:
        if stopping.wait(wait_s):
            return
        _try(told, act)


def _try(told: Play, act: Act) -> None:
    try:
        act(told)
    except (HamkorError, KeyError) as error:
        log.info("a scene was left out", extra={"reason": str(error)})
