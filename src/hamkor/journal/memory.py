# SPDX-License-Identifier: Apache-2.0
"""A store in memory: for the command line, tests and simulations; behaves as the one in a database must."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock, RLock
from typing import TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.rules import Changes, Documents, Entry, Head, empty_head, fold, head_of, withhold
from hamkor.journal.store import CommandRecord, Erasure, Restored, Transaction, is_following

T = TypeVar("T")


class MemoryStore:
    """Keeps journals in memory; safe for use from several threads."""

    def __init__(self) -> None:
        self._streams: dict[str, _StreamMemory] = {}
        self._lock = Lock()

    def take_turn(self, stream: str, work: Callable[[Transaction], T]) -> T:
        """Gives a turn to a piece of work under the lock; an exception leaves everything as it was."""
        with self.transaction(stream) as turn:
            return work(turn)

    @contextmanager
    def transaction(self, stream: str) -> Iterator[Transaction]:
        """Locks the head of a journal, then gives the turn; an exception leaves everything as it was.

        Raises:
            RuntimeError: The same thread is already in a turn of this journal.
        """
        memory = self._memory(stream)
        with memory.lock:
            if memory.is_busy:
                raise RuntimeError(f"a command on {stream} called another command on it")
            memory.is_busy = True
            try:
                turn = _MemoryTransaction(memory)
                yield turn
                turn.commit()
            finally:
                memory.is_busy = False

    def get_head(self, stream: str) -> Head:
        """Returns where a journal ends; number 0 for one that was never written to."""
        return self._read(stream).state[0]

    def get_documents(self, stream: str, *, at_least: int | None = None) -> Documents:
        """Returns the documents at the head, with its number.

        Raises:
            HamkorError: `number-not-reached`, when the journal ends before `at_least`.
        """
        head, documents = self._read(stream).state
        if at_least is not None and head.number < at_least:
            template = N_("The journal {stream} ends at entry {number}; entry {wanted} was asked for.")
            facts = {"stream": stream, "number": head.number, "wanted": at_least}
            raise HamkorError("number-not-reached", template, **facts)
        return documents

    def list_documents(self, kind: str) -> Sequence[tuple[str, Struct]]:
        """Returns the documents of a kind in every journal, with the journal's id: journals sorted."""
        with self._lock:
            streams = sorted(self._streams.items())
        return [(stream, found) for stream, memory in streams for found in memory.state[1].all(kind)]

    def list_entries(
        self,
        stream: str,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> Sequence[Entry]:
        """Returns the entries with numbers above `after` up to `until`, at most `limit` of them."""
        found = self._read(stream).list_entries(after, until)
        return (found[::-1] if newest_first else found)[:limit]

    def list_streams(self) -> Sequence[str]:
        """Returns the ids of the journals that hold entries, sorted."""
        with self._lock:
            return sorted(stream for stream, memory in self._streams.items() if memory.state[0].number)

    def _read(self, stream: str) -> _StreamMemory:
        with self._lock:
            return self._streams.get(stream) or _StreamMemory(stream)

    def _memory(self, stream: str) -> _StreamMemory:
        with self._lock:
            if stream not in self._streams:
                self._streams[stream] = _StreamMemory(stream)
            return self._streams[stream]


class _StreamMemory:
    """One journal. Readers take `state` once, without the lock: it is replaced as a whole, last of all."""

    def __init__(self, stream: str) -> None:
        self.lock = RLock()
        self.is_busy = False
        self.entries: list[Entry] = []
        self.commands: dict[UUID, CommandRecord] = {}
        self.erasures: dict[int, Erasure] = {}
        self.state: tuple[Head, Documents] = (empty_head(stream), Documents())

    def list_entries(self, after: int, until: int | None) -> Sequence[Entry]:
        number = self.state[0].number
        last = number if until is None else min(until, number)
        return self.entries[max(after, 0) : max(last, 0)]

    def erase(self, number: int, erasure: Erasure) -> None:
        """Takes the body of an entry away, and what could tell it."""
        entries = list(self.entries)
        entries[number - 1] = withhold(entries[number - 1])
        for command in self.commands.values():
            if command.first <= number <= command.number:
                self.commands[command.command_id] = msgspec.structs.replace(command, digest="")
        self.erasures[number] = erasure
        self.entries = entries


class _MemoryTransaction:
    def __init__(self, memory: _StreamMemory) -> None:
        self._memory = memory
        self._appended: tuple[Sequence[Entry], Documents, CommandRecord] | None = None
        self._erased: dict[int, Erasure] = {}
        self._restored: Restored | None = None
        self.head, self.documents = memory.state

    def find_command(self, command_id: UUID) -> CommandRecord | None:
        return self._memory.commands.get(command_id)

    def list_entries(self, *, after: int, until: int) -> Sequence[Entry]:
        return self._memory.list_entries(after, until)

    def append(self, entries: Sequence[Entry], changes: Sequence[Changes], command: CommandRecord) -> None:
        if self._appended is not None:
            raise RuntimeError("one turn appends once")
        if not is_following(self.head, entries) or len(changes) != len(entries):
            template = N_("The entries do not follow entry {number}, where the journal ends.")
            raise HamkorError("entries-not-following", template, number=self.head.number)
        documents = self.documents.after(changes, number=self.head.number + len(entries))
        self._appended = (tuple(entries), documents, command)

    def erase(self, number: int, erasure: Erasure) -> bool:
        found = self._memory.list_entries(number - 1, number) if number > 0 else ()
        if not found or found[0].is_withheld or number in self._erased:
            return False
        self._erased[number] = erasure
        entries = self._memory.list_entries(0, None)
        self.documents = fold(withhold(e) if e.number in self._erased else e for e in entries)
        return True

    def rebuild(self) -> Documents:
        self.documents = fold(self._memory.list_entries(0, None))
        return self.documents

    def restore(self, journal: Restored) -> None:
        if self.head.number:
            template = N_("The journal {stream} holds entries already; only an empty one can be restored.")
            raise HamkorError("journal-not-empty", template, stream=self.head.stream)
        self.head, self.documents, self._restored = journal.head, journal.documents, journal

    def commit(self) -> None:
        if self._appended is None:
            self._commit_changes()
            return
        entries, documents, command = self._appended
        memory = self._memory
        memory.entries.extend(entries)
        memory.commands[command.command_id] = command
        memory.state = (head_of(entries[-1]) if entries else self.head, documents)

    def _commit_changes(self) -> None:
        """Lets what was erased, rebuilt or restored stand."""
        memory = self._memory
        for number, erasure in self._erased.items():
            memory.erase(number, erasure)
        if self._restored is not None:
            memory.entries = list(self._restored.entries)
            memory.commands = {command.command_id: command for command in self._restored.commands}
        memory.state = (self.head, self.documents)
