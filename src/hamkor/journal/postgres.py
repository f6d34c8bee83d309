# SPDX-License-Identifier: Apache-2.0
"""The store in PostgreSQL: one transaction for each command, the head's row locked first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, local
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg_pool import ConnectionPool

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.rules import (
    Changes,
    Documents,
    Entry,
    Head,
    canonical,
    empty_head,
    encode_line,
    evolve_entries,
    find_kind,
    head_of,
)
from hamkor.journal.store import CommandRecord, Transaction, is_following

SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")
_decode_entry = msgspec.json.Decoder(Entry).decode


class PostgresStore:
    """Keeps journals in a PostgreSQL database; safe for use from several threads and processes.

    Args:
        pool: Connections to the database; the store does not close it.

    Notes:
        The process keeps a replica of the documents of each journal it touched, and catches it up from the entries
        that others appended. The table of documents is read only for the first replica.
    """

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool
        self._replicas: dict[str, Documents] = {}
        self._lock = Lock()
        self._busy = local()

    def prepare(self) -> None:
        """Makes the tables that do not exist yet."""
        with self._pool.connection() as connection:
            connection.execute(SCHEMA)

    @contextmanager
    def transaction(self, stream: str) -> Iterator[Transaction]:
        """Locks the head of a journal, then gives the turn; an exception leaves everything as it was.

        Raises:
            RuntimeError: The same thread is already in a turn of this journal.
        """
        busy: set[str] = self._busy.__dict__.setdefault("streams", set())
        if stream in busy:
            raise RuntimeError(f"a command on {stream} called another command on it")
        busy.add(stream)
        try:
            with self._pool.connection() as connection:
                turn = _Turn(connection, self, _lock_head(connection, stream))
                yield turn
                turn.write()
            if turn.result is not None:
                self._keep(stream, turn.result)
        finally:
            busy.discard(stream)

    def get_head(self, stream: str) -> Head:
        """Returns where a journal ends; number 0 for one that was never written to."""
        with self._pool.connection() as connection:
            return _read_head(connection, stream)

    def get_documents(self, stream: str) -> Documents:
        """Returns the documents at the head, with its number."""
        with self._pool.connection() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            return self.catch_up(connection, stream)

    def list_entries(self, stream: str, *, after: int = 0, until: int | None = None) -> Sequence[Entry]:
        """Returns the entries with numbers above `after` up to `until`, or up to the head when None."""
        with self._pool.connection() as connection:
            return _read_entries(connection, stream, after=after, until=until)

    def list_streams(self) -> Sequence[str]:
        """Returns the ids of the journals that hold entries, sorted."""
        with self._pool.connection() as connection:
            rows = connection.execute("SELECT stream FROM journal_head WHERE number > 0").fetchall()
        return sorted(row[0] for row in rows)

    def catch_up(self, connection: Connection[Any], stream: str) -> Documents:
        """Returns the documents at the newest entry the connection sees, and keeps them for the next time.

        Args:
            connection: In a transaction that holds the head's lock, or sees one moment of the database only.
            stream: Id of the journal.

        Notes:
            Everything is read through this one connection: a second one taken while the first waits for a lock
            can exhaust the pool, and then nobody moves.
        """
        with self._lock:
            documents = self._replicas.get(stream)
        if documents is None:
            documents = _load(connection, stream)
        entries = _read_entries(connection, stream, after=documents.number)
        if entries:
            documents = documents.after(evolve_entries(documents, entries), number=entries[-1].number)
        self._keep(stream, documents)
        return documents

    def _keep(self, stream: str, documents: Documents) -> None:
        with self._lock:
            kept = self._replicas.get(stream)
            if kept is None or kept.number < documents.number:
                self._replicas[stream] = documents


class _Turn:
    def __init__(self, connection: Connection[Any], store: PostgresStore, head: Head) -> None:
        self._connection = connection
        self._appended: tuple[Sequence[Entry], Sequence[Changes], CommandRecord] | None = None
        self.result: Documents | None = None
        self.head = head
        self.documents = store.catch_up(connection, head.stream)

    def find_command(self, command_id: UUID) -> CommandRecord | None:
        query = (
            "SELECT digest, first, number, hash FROM journal_command WHERE stream = %s AND command_id = %s"
        )
        row = self._connection.execute(query, [self.head.stream, command_id]).fetchone()
        return None if row is None else CommandRecord(command_id, *row)

    def list_entries(self, *, after: int, until: int) -> Sequence[Entry]:
        return _read_entries(self._connection, self.head.stream, after=after, until=until)

    def append(self, entries: Sequence[Entry], changes: Sequence[Changes], command: CommandRecord) -> None:
        if self._appended is not None:
            raise RuntimeError("one turn appends once")
        if not is_following(self.head, entries) or len(changes) != len(entries):
            template = N_("The entries do not follow entry {number}, where the journal ends.")
            raise HamkorError("entries-not-following", template, number=self.head.number)
        self._appended = (entries, changes, command)

    def write(self) -> None:
        """Writes what was appended; the transaction makes it stand, or nothing of it."""
        if self._appended is None:
            return
        entries, changes, command = self._appended
        stream = self.head.stream
        head = head_of(entries[-1]) if entries else self.head
        with self._connection.cursor() as cursor:
            lines = [(stream, entry.number, encode_line(entry).decode()) for entry in entries]
            cursor.executemany("INSERT INTO journal_entry (stream, number, line) VALUES (%s, %s, %s)", lines)
            for change in changes:
                _write_documents(cursor, stream, change)
            cursor.execute(
                "INSERT INTO journal_command (stream, command_id, digest, first, number, hash)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                [stream, command.command_id, command.digest, command.first, command.number, command.hash],
            )
            cursor.execute(
                "UPDATE journal_head SET number = %s, hash = %s, at = %s WHERE stream = %s",
                [head.number, head.hash, head.at, stream],
            )
        self.result = self.documents.after(changes, number=head.number)


def _write_documents(cursor: Any, stream: str, changes: Changes) -> None:
    for (kind, document_id), document in changes.items():
        if document is None:
            query = "DELETE FROM document WHERE stream = %s AND kind = %s AND id = %s"
            cursor.execute(query, [stream, kind, document_id])
        else:
            cursor.execute(
                "INSERT INTO document (stream, kind, id, body) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (stream, kind, id) DO UPDATE SET body = excluded.body",
                [stream, kind, document_id, canonical(document).decode()],
            )


def _lock_head(connection: Connection[Any], stream: str) -> Head:
    connection.execute(
        "INSERT INTO journal_head (stream, number, hash) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING",
        [stream, empty_head(stream).hash],
    )
    return _read_head(connection, stream, lock=" FOR UPDATE")


def _read_head(connection: Connection[Any], stream: str, *, lock: str = "") -> Head:
    query = f"SELECT number, hash, at FROM journal_head WHERE stream = %s{lock}"  # noqa: S608 - two fixed texts
    row = connection.execute(query.encode(), [stream]).fetchone()
    if row is None or row[0] == 0:
        return empty_head(stream)
    return Head(stream, row[0], row[1], row[2])


def _read_entries(
    connection: Connection[Any], stream: str, *, after: int = 0, until: int | None = None
) -> list[Entry]:
    query = (
        "SELECT line FROM journal_entry WHERE stream = %s AND number > %s"
        " AND (%s::bigint IS NULL OR number <= %s) ORDER BY number"
    )
    rows = connection.execute(query, [stream, after, until, until]).fetchall()
    return [_decode_entry(row[0]) for row in rows]


def _load(connection: Connection[Any], stream: str) -> Documents:
    """Returns the documents of the table, at the head they belong to."""
    number = _read_head(connection, stream).number
    query = "SELECT kind, id, body FROM document WHERE stream = %s ORDER BY position"
    rows = connection.execute(query, [stream]).fetchall()
    return Documents((((kind, key), _decode(kind, body)) for kind, key, body in rows), number=number)


def _decode(kind: str, body: str) -> Any:
    declared = find_kind(kind)
    if declared is None:
        template = N_("This version does not know documents of the kind {kind}.")
        raise HamkorError("document-kind-unknown", template, kind=kind)
    return msgspec.json.decode(body, type=declared.body)
