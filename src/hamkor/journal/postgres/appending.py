# SPDX-License-Identifier: Apache-2.0
"""Appending: what the threads of a process want to append at one moment goes to the database as one statement.

Every commit waits for the disk. Thirty commands on thirty journals that wait one after the other wait thirty times;
sent together they wait once, and each still stands or falls by itself: journal, command and documents are its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection, Error
from psycopg_pool import ConnectionPool

from hamkor.journal.postgres.reading import Replica
from hamkor.journal.rules import Changes, Entry, Head, canonical, encode_line, head_of
from hamkor.journal.store import CommandRecord

TOGETHER_MAX = 64
_CALL = "SELECT journal_append(%s, %s, %s, %s)"
_encode = msgspec.json.Encoder().encode


class Append(Struct, frozen=True, gc=False):
    """What a command wants to append.

    Args:
        seen: The journal as the command saw it.
        entries: Its entries; may be none.
        changes: What each of them changes.
        command: What is remembered of it.
    """

    seen: Replica
    entries: Sequence[Entry]
    changes: Sequence[Changes]
    command: CommandRecord

    @property
    def head(self) -> Head:
        """Where the journal ends after it."""
        return head_of(self.entries[-1]) if self.entries else self.seen.head

    def replica(self) -> Replica:
        """Returns the journal after it."""
        head = self.head
        documents = self.seen.documents.after(self.changes, number=head.number)
        return Replica(head, self.seen.edition, documents)


class Appender:
    """Sends what is to be appended; the first thread that comes sends for those that came meanwhile.

    Args:
        pool: Connections to the database.
    """

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool
        self._waiting: deque[_Ticket] = deque()
        self._lock = Lock()
        self._has_leader = False

    def append(self, append: Append) -> bool:
        """Returns True once it is committed; False when it was not, or when nobody knows: then take a turn."""
        ticket = _Ticket(append)
        with self._lock:
            self._waiting.append(ticket)
            ticket.is_leader = not self._has_leader
            self._has_leader = True
        if not ticket.is_leader:
            ticket.gate.acquire()
        if ticket.is_leader:
            self._lead()
        return ticket.is_done

    def _lead(self) -> None:
        """Sends one load, with the thread's own append in it, and passes the lead to the first that still waits."""
        with self._lock:
            load = [self._waiting.popleft() for _ in range(min(len(self._waiting), TOGETHER_MAX))]
        try:
            self._send(load)
        finally:
            with self._lock:
                successor = self._waiting[0] if self._waiting else None
                self._has_leader = successor is not None
            for ticket in load:
                if not ticket.is_leader:
                    ticket.gate.release()
            if successor is not None:
                successor.is_leader = True
                successor.gate.release()

    def _send(self, load: Sequence[_Ticket]) -> None:
        try:
            with self._pool.connection() as connection:
                done = call(connection, [ticket.append for ticket in load])
        except Error:
            # Whether it was committed is not known, or one of them cannot be written: each takes its own turn under
            # the lock, which finds the command or tells what is wrong.
            return
        for place in done:
            load[place].is_done = True


class _Ticket:
    __slots__ = ("append", "gate", "is_done", "is_leader")

    def __init__(self, append: Append) -> None:
        self.append = append
        self.is_done = False
        self.is_leader = False
        self.gate = Lock()
        self.gate.acquire()


class _TurnRow(Struct, gc=False):
    place: int
    stream: str
    number: int
    hash: str
    edition: int
    command_id: UUID
    digest: str
    first: int
    last: int
    last_hash: str
    at: datetime | None


class _EntryRow(Struct, gc=False):
    place: int
    stream: str
    number: int
    line: str


class _DocumentRow(Struct, gc=False, omit_defaults=True):
    place: int
    stream: str
    kind: str
    id: str
    body: str = ""


def call(connection: Connection[Any], appends: Sequence[Append]) -> list[int]:
    """Appends in one statement, and returns the places in the list of those that were appended.

    Args:
        connection: Of its own, or in a transaction that holds the heads.
        appends: Of different journals.
    """
    turns = [_turn_row(place, append) for place, append in enumerate(appends)]
    entries = [
        _EntryRow(place, entry.stream, entry.number, encode_line(entry).decode())
        for place, append in enumerate(appends)
        for entry in append.entries
    ]
    removals: list[_DocumentRow] = []
    documents: list[_DocumentRow] = []
    for place, append in enumerate(appends):
        gone, kept = _sum_up(place, append)
        removals += gone
        documents += kept
    parameters = [_encode(turns), _encode(entries), _encode(removals), _encode(documents)]
    texts = [None if text == b"[]" else text.decode() for text in parameters]
    texts[1] = texts[1] or "[]"
    return [row[0] for row in connection.execute(_CALL, texts, prepare=True)]


def _turn_row(place: int, append: Append) -> _TurnRow:
    seen, command, head = append.seen, append.command, append.head
    return _TurnRow(
        place,
        seen.head.stream,
        seen.head.number,
        seen.head.hash,
        seen.edition,
        command.command_id,
        command.digest,
        command.first,
        head.number,
        head.hash,
        head.at,
    )


def _sum_up(place: int, append: Append) -> tuple[list[_DocumentRow], list[_DocumentRow]]:
    """Returns what goes from the table and what is written to it, in the order in which it first appeared."""
    stream = append.seen.head.stream
    gone: dict[tuple[str, str], None] = {}
    kept: dict[tuple[str, str], Any] = {}
    for changes in append.changes:
        for key, document in changes.items():
            if document is None:
                gone[key] = None
                kept.pop(key, None)
            else:
                kept[key] = document
    removals = [_DocumentRow(place, stream, *key) for key in gone]
    documents = [
        _DocumentRow(place, stream, *key, canonical(document).decode()) for key, document in kept.items()
    ]
    return removals, documents
