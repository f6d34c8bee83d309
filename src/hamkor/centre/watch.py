# SPDX-License-Identifier: Apache-2.0
"""The watch: what the clock alone makes due, overdue, silent or late becomes a fact, whoever is looking at a screen.

A plain function that some process calls every second for each event that runs. It holds nothing between two looks:
killed at any point, the next look does what is left. Two watches at once do nothing twice, because each command is
decided anew on the documents it finds, and because the same finding has the same command id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import msgspec

from hamkor.alarms.commands import clear_alarms, raise_alarms, unshelve
from hamkor.centre.rules.due import (
    alarms_due,
    alarms_over,
    late_incidents,
    late_roll_calls,
    late_units,
    shelves_over,
)
from hamkor.common.errors import HamkorError
from hamkor.journal.queries import Store, get_documents
from hamkor.journal.rules import Documents, Envelope, Stream, canonical, in_utc
from hamkor.operation.commands import mark_due, mark_overdue, mark_silent, plan_jobs
from hamkor.operation.rules.planned import newly_due, newly_overdue, plan_change
from hamkor.operation.rules.posts import newly_silent
from hamkor.operation.rules.running import is_running
from hamkor.operation.rules.system import SYSTEM_WATCH
from hamkor.orders.commands import mark_silent_messages
from hamkor.orders.queries import list_newly_silent
from hamkor.units.commands import mark_late, mark_unanswered

Verb = Callable[..., Any]
Finding = tuple[Verb, dict[str, Any]]
Look = Callable[[Documents, datetime], Iterator[Finding]]


def look(store: Store, stream: Stream, at: datetime) -> int:
    """Writes down what has become due by a moment, and returns how many entries that took; usually none.

    Args:
        store: Where the journal is kept.
        stream: Id of the event's journal.
        at: The moment, aware: the clock of whoever calls.

    Raises:
        HamkorError: What a step was refused for; the steps after it were done all the same.
    """
    moment = in_utc(at)
    documents, done = get_documents(store, stream), 0
    refusals: list[HamkorError] = []
    for step in _STEPS:
        for verb, arguments in step(documents, moment):
            envelope = _envelope(stream, documents, moment, finding=(verb, arguments))
            try:
                result = verb(store, envelope, viewer=SYSTEM_WATCH, **arguments)
            except HamkorError as refusal:
                refusals.append(refusal)
                continue
            if result.entries:
                done += len(result.entries)
                documents = get_documents(store, stream, at_least=result.number)
    if refusals:
        raise refusals[0]
    return done


def command_id_of(stream: Stream, number: int, *, verb: str, arguments: object) -> UUID:
    """Returns the id of a command of the watch: the same for the same finding at the same entry.

    Notes:
        In form a UUID of version 7, as all commands have; its bits are those of a digest, not of a clock.
    """
    digest = sha256(canonical(["watch", str(stream), number, verb, arguments])).digest()
    bits = int.from_bytes(digest[:16], "big")
    bits = bits & ~(0xF << 76) | (7 << 76)
    return UUID(int=bits & ~(0x3 << 62) | (2 << 62))


def _envelope(stream: Stream, documents: Documents, at: datetime, *, finding: Finding) -> Envelope:
    verb, arguments = finding
    said = msgspec.to_builtins(arguments)
    command_id = command_id_of(stream, documents.number, verb=verb.__name__, arguments=said)
    return Envelope(stream=stream, command_id=command_id, at=at, by=SYSTEM_WATCH.person)


def _messages(documents: Documents, at: datetime) -> Iterator[Finding]:
    if found := list_newly_silent(documents, at):
        yield mark_silent_messages, {"message_ids": found}


def _late(documents: Documents, at: datetime) -> Iterator[Finding]:
    units, incidents = late_units(documents, at), late_incidents(documents, at)
    if units or incidents:
        yield mark_late, {"unit_ids": units, "incident_ids": incidents}
    if roll_calls := late_roll_calls(documents, at):
        yield mark_unanswered, {"roll_call_ids": roll_calls}


def _planned(documents: Documents, _at: datetime) -> Iterator[Finding]:
    change = plan_change(documents) if is_running(documents) else None
    if change is not None and (change.jobs or change.removed):
        yield plan_jobs, {}


def _due(documents: Documents, at: datetime) -> Iterator[Finding]:
    if is_running(documents) and (found := newly_due(documents, at)):
        yield mark_due, {"job_ids": found}


def _overdue(documents: Documents, at: datetime) -> Iterator[Finding]:
    if is_running(documents) and (found := newly_overdue(documents, at)):
        yield mark_overdue, {"job_ids": found}


def _silent_posts(documents: Documents, at: datetime) -> Iterator[Finding]:
    if is_running(documents) and (found := newly_silent(documents, at)):
        yield mark_silent, {"post_ids": found}


def _alarms(documents: Documents, at: datetime) -> Iterator[Finding]:
    if over := alarms_over(documents, at):
        yield clear_alarms, {"alarms": over}
    if due := alarms_due(documents):
        yield raise_alarms, {"alarms": due}


def _shelves(documents: Documents, at: datetime) -> Iterator[Finding]:
    if found := shelves_over(documents, at):
        yield unshelve, {"alarm_ids": found}


# What people wait for stands first: an unanswered order, an unsent crew. Alarms follow what they are about.
_STEPS: Final[tuple[Look, ...]] = (
    _messages,
    _late,
    _planned,
    _due,
    _overdue,
    _silent_posts,
    _alarms,
    _shelves,
)
