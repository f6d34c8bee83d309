# SPDX-License-Identifier: Apache-2.0
"""Silence becomes an alarm: first to the sender, each time it lasts to the next in line, gone when all have spoken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from hamkor.alarms.rules.alarms import Sort
from hamkor.alarms.rules.happenings import ALARM
from hamkor.alarms.rules.raising import Raising, Seen, find_rule, returned
from hamkor.journal.rules import Documents, Fact
from hamkor.orders.rules.addressing import COORDINATOR
from hamkor.orders.rules.messages import Message, Urgency
from hamkor.orders.rules.receipts import Silence

SORT: Final[Sort] = "silent_order"
# 1 critical … 4 low. Where lives hang on an answer its silence is critical; the others grow by one at the last step.
PRIORITY: Final[dict[Urgency, int]] = {"flash": 1, "immediate": 2, "routine": 3}


def raised_by(
    documents: Documents, found: Iterable[tuple[Message, tuple[Silence, ...]]], at: datetime
) -> list[Fact[Any]]:
    """Returns the facts of the alarms that silences raise: one for each message, heard by more people each time.

    Args:
        documents: The documents the command decides on.
        found: Messages with the silences that are to be raised now.
        at: Moment of the command.
    """
    turn = Raising(documents, at)
    for message, silences in found:
        is_last = any(silence.to == COORDINATOR for silence in silences)
        if is_last and _is_acknowledged(documents, message):
            # Somebody took it on, and still nobody answers: it must sound once more, and louder.
            turn.miss(SORT, subject_kind="message", subject=message.id)
        turn.see(
            Seen(
                rule=SORT,
                subject_kind="message",
                subject=message.id,
                to=_hearers(documents, silences),
                cause=message.id,
                values={"priority": max(1, PRIORITY[message.urgency] - is_last)},
            )
        )
    return turn.facts


def ended_by(documents: Documents, message: Message, at: datetime) -> list[Fact[Any]]:
    """Returns the facts of the alarm of a message whose addressees have all spoken."""
    return returned(documents, SORT, subject_kind="message", subject=message.id, at=at)


def _hearers(documents: Documents, silences: Iterable[Silence]) -> tuple[str, ...]:
    deputies = (f"post:{each.deputy}" for each in silences if documents.get("post", each.deputy or ""))
    return tuple(dict.fromkeys((*(silence.to for silence in silences), *deputies)))


def _is_acknowledged(documents: Documents, message: Message) -> bool:
    rule = find_rule(documents, SORT)
    if rule is None:
        return False
    key = (rule.id, "message", message.id)
    return any(alarm.key == key and alarm.state == "acknowledged" for alarm in documents.all(ALARM))
