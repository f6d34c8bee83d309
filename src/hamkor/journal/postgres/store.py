# SPDX-License-Identifier: Apache-2.0
"""The store in PostgreSQL: commands decided on a replica, appended only where the head still is as they saw it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from msgspec import Struct
from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.postgres.appending import Appender
from hamkor.journal.postgres.preparing import prepare
from hamkor.journal.postgres.reading import Replica, catch_up, read_across, read_entries, read_head
from hamkor.journal.postgres.replicas import Replicas, TurnLocks
from hamkor.journal.postgres.turns import LockedTurn, PlannedTurn, lock_head
from hamkor.journal.rules import Documents, Entry, Head
from hamkor.journal.store import Transaction

REPLICAS_MAX = 64
OnCommit = Callable[[str, int], None]

T = TypeVar("T")


class PostgresStore:
    """Keeps journals in a PostgreSQL database; safe for use from several threads and processes.

    Args:
        pool: Connections to the database; the store does not close it.
        on_commit: Called after each command that moved a head, with journal and number, in the thread of the
            command: it must be quick and must not fail.
        replicas: How many journals this process keeps documents of.

    Notes:
        A turn is first played on the replica of this process, then appended only if the head has not moved since.
        When it has, the turn is played again under the lock of the head; so is every turn that ends in a refusal,
        because what it was refused for may be old. Whatever stands was decided at the head.
    """

    def __init__(
        self,
        pool: ConnectionPool[Connection[Any]],
        *,
        on_commit: OnCommit | None = None,
        replicas: int = REPLICAS_MAX,
    ) -> None:
        self._pool = pool
        self._on_commit = on_commit
        self._replicas = Replicas(replicas)
        self._turns = TurnLocks()
        self._appender = Appender(pool)

    def prepare(self, application_role: str | None = None) -> None:
        """Makes the tables or brings them up to date, as the role of the pool: see `prepare`."""
        with self._pool.connection() as connection:
            prepare(connection, application_role)

    def take_turn(self, stream: str, work: Callable[[Transaction], T]) -> T:
        """Gives a turn to a piece of work, and plays it again when the head moved meanwhile.

        Raises:
            HamkorError: `journal-unreachable`, when the database does not answer; or what the work raised.
            RuntimeError: The same thread is already in a turn of this journal.
        """
        with self._turns.hold(stream):
            seen = self._replicas.find(stream)
            if seen is not None:
                turn = PlannedTurn(seen)
                result = self._play(turn, work)
                if turn.appended is not None and self._appender.append(turn.appended):
                    self._finish(seen, turn.appended.replica())
                    return result  # type: ignore[return-value]  # a turn that appended came to its end
            return self._safely(lambda: self._play_locked(stream, work))

    @contextmanager
    def transaction(self, stream: str) -> Iterator[Transaction]:
        """Locks the head of a journal, then gives the turn; an exception leaves everything as it was.

        Raises:
            RuntimeError: The same thread is already in a turn of this journal.
        """
        with self._turns.hold(stream), self._locked(stream) as turn:
            yield turn

    def get_head(self, stream: str) -> Head:
        """Returns where a journal ends; number 0 for one that was never written to."""
        return self._read(lambda connection: read_head(connection, stream))

    def get_documents(self, stream: str, *, at_least: int | None = None) -> Documents:
        """Returns the documents at the head, or at any number from `at_least` on without asking the database.

        Raises:
            HamkorError: `number-not-reached`, when the journal ends before that number.
        """
        seen = self._replicas.find(stream)
        if seen is None or at_least is None or seen.head.number < at_least:
            known = seen
            seen = self._read(lambda connection: catch_up(connection, stream, known))
            if seen.head.number:
                self._replicas.keep(seen, instead_of=known)
        if at_least is not None and seen.head.number < at_least:
            template = N_("The journal {stream} ends at entry {number}; entry {wanted} was asked for.")
            facts = {"stream": stream, "number": seen.head.number, "wanted": at_least}
            raise HamkorError("number-not-reached", template, **facts)
        return seen.documents

    def list_documents(self, kind: str) -> Sequence[tuple[str, Struct]]:
        """Returns the documents of a kind in every journal, with the journal's id: journals sorted."""
        return self._read(lambda connection: read_across(connection, kind))

    def list_entries(
        self,
        stream: str,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> Sequence[Entry]:
        """Returns the entries with numbers above `after` up to `until`, or up to the head when None."""
        wanted: dict[str, Any] = {
            "after": after,
            "until": until,
            "limit": limit,
            "newest_first": newest_first,
        }
        return self._read(lambda connection: read_entries(connection, stream, **wanted))

    def list_streams(self) -> Sequence[str]:
        """Returns the ids of the journals that hold entries, sorted."""
        query = "SELECT stream FROM journal_head WHERE number > 0"
        return sorted(row[0] for row in self._read(lambda connection: connection.execute(query).fetchall()))

    def close(self) -> None:
        """Gives the connections it keeps back to the pool, for a process that is about to close the pool."""
        self._appender.close()

    def forget(self, stream: str) -> None:
        """Drops the replica of a journal, as when another process had something erased from it."""
        self._replicas.forget(stream)

    def _play(self, turn: PlannedTurn, work: Callable[[Transaction], T]) -> T | None:
        try:
            return work(turn)
        except Exception:  # noqa: BLE001 - refused or failed on a replica: said again under the lock, if it still is so
            turn.appended = None
            return None

    def _play_locked(self, stream: str, work: Callable[[Transaction], T]) -> T:
        with self._locked(stream) as turn:
            return work(turn)

    @contextmanager
    def _locked(self, stream: str) -> Iterator[LockedTurn]:
        with self._pool.connection() as connection, connection.transaction():
            known = self._replicas.find(stream)
            lock_head(connection, stream)
            seen = catch_up(connection, stream, known)
            turn = LockedTurn(connection, seen)
            yield turn
            result = turn.write()
        if result is not None:
            self._finish(seen, result)

    def _finish(self, seen: Replica, result: Replica) -> None:
        self._replicas.keep(result)
        moved = (result.head.number, result.edition) != (seen.head.number, seen.edition)
        if moved and self._on_commit is not None:
            self._on_commit(result.head.stream, result.head.number)

    def _read(self, read: Callable[[Connection[Any]], T]) -> T:
        def with_connection() -> T:
            with self._pool.connection() as connection:
                return read(connection)

        return self._safely(with_connection)

    def _safely(self, work: Callable[[], T]) -> T:
        """Does the work once more with new connections when the database went away: reads and turns allow it.

        A turn may have been committed before its answer was lost; it finds its command then, and its first result.
        """
        try:
            return work()
        except OperationalError as error:
            if error.sqlstate is not None and error.sqlstate[:2] not in _GONE:
                raise _unreachable(error) from error
        try:
            self._pool.check()
            return work()
        except OperationalError as error:
            raise _unreachable(error) from error


# Classes of SQLSTATE: connection exceptions, and the server being stopped by its operator or starting again.
_GONE = ("08", "57")


def _unreachable(error: OperationalError) -> HamkorError:
    template = N_("The journal cannot be reached now. Send the same again: it will be done once. ({reason})")
    return HamkorError("journal-unreachable", template, reason=str(error).strip())
