# SPDX-License-Identifier: Apache-2.0
"""Appending: what the threads of a process want to append at one moment goes to the database as one statement.

Every commit waits for the disk. Thirty commands on thirty journals that wait one after the other wait thirty times;
sent together they wait once, and each still stands or falls by itself: journal, command and documents are its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any, cast
from uuid import UUID
from weakref import finalize

import msgspec
from msgspec import Struct
from psycopg import Connection, DatabaseError, Error
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult
from psycopg_pool import ConnectionPool

from hamkor.journal.postgres.reading import Replica
from hamkor.journal.rules import Changes, Entry, Head, canonical, encode_line, head_of
from hamkor.journal.store import CommandRecord

TOGETHER_MAX = 64
# Two: while one load waits for the disk, the threads of the one before are at work again.
LEADERS_MAX = 2
# A smaller pool has no connection to spare.
POOL_MIN = 4
LOADS_PER_LEASE = 10_000
_ALL = "SELECT journal_append_all(%s)"
_ONE_PREPARED = (b"hamkor_append", b"SELECT journal_append(%b)" % b",".join(b"$%d" % n for n in range(1, 17)))
_ALL_PREPARED = (b"hamkor_append_all", b"SELECT journal_append_all($1)")
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
    """Sends what is to be appended; a thread that comes first sends for those that come meanwhile.

    Args:
        pool: Connections to the database. A few are kept in hand: the pool would give another one each time, whose
            server process has to warm up for what the last one had just done.
    """

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._waiting: deque[_Ticket] = deque()
        self._lock = Lock()
        self._leader_count = 0
        self._leases = _Leases(pool)
        finalize(self, self._leases.end)

    def close(self) -> None:
        """Gives the connections in hand back to the pool; the next load takes others, and keeps none."""
        self._leases.end()

    def append(self, append: Append) -> bool:
        """Returns True once it is committed; False when it was not, or when nobody knows: then take a turn."""
        ticket = _Ticket(append)
        with self._lock:
            ticket.is_leader = self._leader_count < LEADERS_MAX
            if ticket.is_leader:
                self._leader_count += 1
            else:
                self._waiting.append(ticket)
        if not ticket.is_leader:
            ticket.gate.acquire()
        if ticket.is_leader:
            self._lead(ticket)
        return ticket.is_done

    def _lead(self, own: _Ticket) -> None:
        """Sends one load with the thread's own append in it, and passes the lead to the first that still waits."""
        load = [own]
        with self._lock:
            while self._waiting and len(load) < TOGETHER_MAX:
                load.append(self._waiting.popleft())
        try:
            self._send(load)
        finally:
            with self._lock:
                successor = self._waiting.popleft() if self._waiting else None
                if successor is None:
                    self._leader_count -= 1
                else:
                    successor.is_leader = True
            for ticket in load[1:]:
                ticket.gate.release()
            if successor is not None:
                successor.gate.release()

    def _send(self, load: Sequence[_Ticket]) -> None:
        try:
            with self._leases.lend() as lease:
                done = lease.send([ticket.append for ticket in load])
        except Error:
            # Whether it was committed is not known, or one of them cannot be written: each takes its own turn under
            # the lock, which finds the command or tells what is wrong.
            return
        for place in done:
            load[place].is_done = True


class _Leases:
    """Connections of the pool that stay in hand between loads, each committing every statement by itself."""

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool
        self._free: deque[_Lease] = deque()
        self._keeps = pool.max_size >= POOL_MIN

    @contextmanager
    def lend(self) -> Iterator[_Lease]:
        """Lends one; it goes back to the pool after a fault, and now and then, so that the pool can renew it."""
        lease = self._take()
        is_good = False
        try:
            yield lease
            is_good = True
        finally:
            lease.load_count += 1
            if is_good and self._keeps and lease.load_count < LOADS_PER_LEASE and not self._pool.closed:
                self._free.append(lease)
            else:
                lease.give_back(self._pool)

    def end(self) -> None:
        """Gives all back."""
        self._keeps = False
        while self._free:
            self._free.pop().give_back(self._pool)

    def _take(self) -> _Lease:
        while True:
            try:
                lease = self._free.pop()
            except IndexError:
                return _Lease(self._pool.getconn())
            if not lease.connection.closed and not self._pool.closed:
                return lease
            lease.give_back(self._pool)


class _Lease:
    """A connection whose two statements are prepared once; libpq is called directly, as every command comes by."""

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection
        self.load_count = 0
        self._was_autocommit = connection.autocommit
        connection.autocommit = True
        self._prepared: set[bytes] = set()

    def send(self, appends: Sequence[Append]) -> list[int]:
        """Appends in one statement that commits itself, and returns the places of those that were appended.

        Raises:
            Error: The database refused, or is gone.
        """
        rows = [_row(place, append) for place, append in enumerate(appends)]
        if len(rows) == 1:
            result = self._execute(*_ONE_PREPARED, _values(rows[0]))
            return [0] if result.get_value(0, 0) == b"t" else []
        result = self._execute(*_ALL_PREPARED, [_encode(rows)])
        return [int(result.get_value(n, 0) or 0) for n in range(result.ntuples)]

    def _execute(self, name: bytes, statement: bytes, values: Sequence[bytes | None]) -> PGresult:
        pgconn = self.connection.pgconn
        if name not in self._prepared:
            _require(pgconn.prepare(name, statement), self.connection)
            self._prepared.add(name)
        # The driver's hints leave out None, which is NULL.
        return _require(pgconn.exec_prepared(name, cast("Sequence[bytes]", values)), self.connection)

    def give_back(self, pool: ConnectionPool[Connection[Any]]) -> None:
        """Leaves the connection as it was found; one that is broken is closed, and the pool makes another."""
        try:
            for name in self._prepared:
                _require(self.connection.pgconn.exec_(b"DEALLOCATE " + name), self.connection)
            self.connection.autocommit = self._was_autocommit
        except Error:
            self.connection.close()
        pool.putconn(self.connection)


def _require(result: PGresult, connection: Connection[Any]) -> PGresult:
    if result.status not in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
        raise DatabaseError(result.error_message.decode(errors="replace") or str(connection.info.status))
    return result


class _Ticket:
    __slots__ = ("append", "gate", "is_done", "is_leader")

    def __init__(self, append: Append) -> None:
        self.append = append
        self.is_done = False
        self.is_leader = False
        self.gate = Lock()
        self.gate.acquire()


class _Row(Struct, gc=False):
    """One command as `journal_append` takes it, with its place among the others."""

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
    lines: list[str]
    gone_kinds: list[str] = []
    gone_ids: list[str] = []
    kinds: list[str] = []
    ids: list[str] = []
    bodies: list[str] = []


def call(connection: Connection[Any], appends: Sequence[Append]) -> list[int]:
    """Appends in one statement, and returns the places in the list of those that were appended.

    Args:
        connection: Of its own, or in a transaction that holds the heads.
        appends: Of different journals.
    """
    turns = _encode([_row(place, append) for place, append in enumerate(appends)]).decode()
    return [row[0] for row in connection.execute(_ALL, [turns], prepare=True)]


def _values(row: _Row) -> list[bytes | None]:
    """Returns the parameters of `journal_append` as text."""
    at = None if row.at is None else row.at.isoformat()
    texts = (
        row.stream, str(row.number), row.hash, str(row.edition), str(row.command_id), row.digest,
        str(row.first), str(row.last), row.last_hash, at,
    )  # fmt: skip
    lists = (row.lines, row.gone_kinds, row.gone_ids, row.kinds, row.ids, row.bodies)
    values = [None if text is None else text.encode() for text in texts]
    return values + [_array(texts).encode() for texts in lists]


def _array(texts: Sequence[str]) -> str:
    """Returns texts as an array of the database; the driver's own way takes longer than all else."""
    if not texts:
        return "{}"
    inside = ('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts)
    return "{" + ",".join(inside) + "}"


def _row(place: int, append: Append) -> _Row:
    seen, command, head = append.seen, append.command, append.head
    row = _Row(
        place=place,
        stream=seen.head.stream,
        number=seen.head.number,
        hash=seen.head.hash,
        edition=seen.edition,
        command_id=command.command_id,
        digest=command.digest,
        first=command.first,
        last=head.number,
        last_hash=head.hash,
        at=head.at,
        lines=[encode_line(entry).decode() for entry in append.entries],
    )
    _sum_up(append.changes, row)
    return row


def _sum_up(changes: Sequence[Changes], row: _Row) -> None:
    """Fills in what goes from the table and what is written to it, in the order in which it first appeared."""
    kept: dict[tuple[str, str], Struct] = {}
    for change in changes:
        for (kind, key), document in change.items():
            if document is None:
                row.gone_kinds.append(kind)
                row.gone_ids.append(key)
                kept.pop((kind, key), None)
            else:
                kept[kind, key] = document
    for (kind, key), document in kept.items():
        row.kinds.append(kind)
        row.ids.append(key)
        row.bodies.append(canonical(document).decode())
