# SPDX-License-Identifier: Apache-2.0
"""Turns: a command on the replica of this process, or under the lock of the head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.postgres.appending import Append, call
from hamkor.journal.postgres.reading import Replica, read_entries
from hamkor.journal.rules import Changes, Documents, Entry, Head, canonical, empty_head, fold
from hamkor.journal.store import CommandRecord, Erasure, Restored, is_following

_FIND = "SELECT digest, first, number, hash FROM journal_command WHERE stream = %s AND command_id = %s"
_LOCK = (
    "INSERT INTO journal_head (stream, number, hash) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING",
    "SELECT FROM journal_head WHERE stream = %s FOR UPDATE",
)
_PUT_DOCUMENT = "INSERT INTO document (stream, kind, id, body) VALUES (%s, %s, %s, %s)"
_PUT_ENTRY = "INSERT INTO journal_entry (stream, number, line) VALUES (%s, %s, %s)"
_PUT_COMMAND = (
    "INSERT INTO journal_command (stream, command_id, digest, first, number, hash)"
    " VALUES (%s, %s, %s, %s, %s, %s)"
)
_RESTORE_HEAD = (
    "UPDATE journal_head SET number = %s, hash = %s, at = %s, edition = edition + 1, withheld = %s"
    " WHERE stream = %s"
)
_NEW_EDITION = "UPDATE journal_head SET edition = edition + 1 WHERE stream = %s"


def lock_head(connection: Connection[Any], stream: str) -> None:
    """Waits until this transaction alone may move the head; makes the head of a journal never written to."""
    with connection.pipeline():
        connection.execute(_LOCK[0], [stream, empty_head(stream).hash])
        connection.execute(_LOCK[1], [stream])


class _Turn:
    """What both kinds of turns do."""

    def __init__(self, seen: Replica) -> None:
        self._seen = seen
        self.appended: Append | None = None
        self.head: Head = seen.head
        self.documents: Documents = seen.documents

    def append(self, entries: Sequence[Entry], changes: Sequence[Changes], command: CommandRecord) -> None:
        """Keeps what a command did until the turn ends."""
        if self.appended is not None:
            raise RuntimeError("one turn appends once")
        if not is_following(self.head, entries) or len(changes) != len(entries):
            template = N_("The entries do not follow entry {number}, where the journal ends.")
            raise HamkorError("entries-not-following", template, number=self.head.number)
        self.appended = Append(self._seen, entries, changes, command)


class LockedRequiredError(Exception):
    """The turn needs what only the locked head can tell; it is played again under the lock."""


class PlannedTurn(_Turn):
    """A turn on the replica: nothing is written until the head is found to be where the replica ends."""

    def find_command(self, command_id: UUID) -> CommandRecord | None:
        """Returns None: whether the command is new is found out when it is appended."""
        return None

    def list_entries(self, *, after: int, until: int) -> Sequence[Entry]:
        """Returns the entries with numbers above `after` up to `until`."""
        raise LockedRequiredError

    def erase(self, number: int, erasure: Erasure) -> bool:
        """Erases the body of an entry for good; False when there is none."""
        raise LockedRequiredError

    def rebuild(self) -> Documents:
        """Puts the fold of the entries in place of the stored documents, and returns it."""
        raise LockedRequiredError

    def restore(self, journal: Restored) -> None:
        """Puts a whole journal into this empty one."""
        raise LockedRequiredError


class LockedTurn(_Turn):
    """A turn under the lock of the head, in one transaction of the database."""

    def __init__(self, connection: Connection[Any], seen: Replica) -> None:
        super().__init__(seen)
        self._connection = connection
        self._result: Replica | None = None

    def find_command(self, command_id: UUID) -> CommandRecord | None:
        """Returns what is remembered of a command of this journal, or None."""
        row = self._connection.execute(_FIND, [self.head.stream, command_id]).fetchone()
        return None if row is None else CommandRecord(command_id, *row)

    def list_entries(self, *, after: int, until: int) -> Sequence[Entry]:
        """Returns the entries with numbers above `after` up to `until`."""
        return read_entries(self._connection, self.head.stream, after=after, until=until)

    def erase(self, number: int, erasure: Erasure) -> bool:
        """Erases the body of an entry for good; False when there is none."""
        values = [self.head.stream, number, erasure.by, erasure.at, erasure.reason]
        row = self._connection.execute("SELECT journal_erase(%s, %s, %s, %s, %s)", values).fetchone()
        if row is None or not row[0]:
            return False
        self._write_documents(self._fold(), edition=self._seen.edition + 1)
        return True

    def rebuild(self) -> Documents:
        """Puts the fold of the entries in place of the stored documents, and returns it."""
        self._connection.execute(_NEW_EDITION, [self.head.stream])
        return self._write_documents(self._fold(), edition=self._seen.edition + 1)

    def restore(self, journal: Restored) -> None:
        """Puts a whole journal into this empty one."""
        if self.head.number:
            template = N_("The journal {stream} holds entries already; only an empty one can be restored.")
            raise HamkorError("journal-not-empty", template, stream=self.head.stream)
        stream, head = self.head.stream, journal.head
        with self._connection.cursor() as cursor:
            cursor.executemany(_PUT_ENTRY, [(stream, *numbered) for numbered in journal.lines()])
            cursor.executemany(_PUT_COMMAND, [_command_row(stream, record) for record in journal.commands])
            values = [head.number, head.hash, head.at, list(journal.documents.withheld), stream]
            cursor.execute(_RESTORE_HEAD, values)
        self.head = head
        self._write_documents(journal.documents, edition=self._seen.edition + 1)

    def write(self) -> Replica | None:
        """Writes what was appended; the transaction makes it stand, or nothing of it."""
        if self.appended is None:
            return self._result
        if self._result is not None:
            raise RuntimeError("a turn that changes what stands appends nothing")
        if call(self._connection, [self.appended]) != [0]:
            raise RuntimeError(f"the head of {self.head.stream} was lost under its lock")
        return self.appended.replica()

    def _fold(self) -> Documents:
        return fold(self.list_entries(after=0, until=self.head.number))

    def _write_documents(self, documents: Documents, *, edition: int) -> Documents:
        """Puts documents in place of all those of the table."""
        stream = self.head.stream
        self._connection.execute("DELETE FROM document WHERE stream = %s", [stream])
        rows = [
            (stream, kind, key, canonical(document).decode()) for (kind, key), document in documents.items()
        ]
        with self._connection.cursor() as cursor:
            cursor.executemany(_PUT_DOCUMENT, rows)
        self.documents = documents
        self._result = Replica(self.head, edition, documents)
        return documents


def _command_row(stream: str, record: CommandRecord) -> tuple[Any, ...]:
    return stream, record.command_id, record.digest, record.first, record.number, record.hash
