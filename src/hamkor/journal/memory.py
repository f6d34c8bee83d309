# SPDX-License-Identifier: Apache-2.0
"""A store in memory: for the command line, tests and simulations; behaves as the one in a database must."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock, RLock
from uuid import UUID

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.rules import Changes, Documents, Entry, Head, empty_head, head_of
from hamkor.journal.store import CommandRecord, Transaction, is_following


class MemoryStore:
    """Keeps journals in memory; safe for use from several threads."""

    def __init__(self) -> None:
        self._streams: dict[str, _StreamMemory] = {}
        self._lock = Lock()

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

    def get_documents(self, stream: str) -> Documents:
        """Returns the documents at the head, with its number."""
        return self._read(stream).state[1]

    def list_entries(self, stream: str, *, after: int = 0, until: int | None = None) -> Sequence[Entry]:
        """Returns the entries with numbers above `after` up to `until`, or up to the head when None."""
        return self._read(stream).list_entries(after, until)

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
        self.state: tuple[Head, Documents] = (empty_head(stream), Documents())

    def list_entries(self, after: int, until: int | None) -> Sequence[Entry]:
        number = self.state[0].number
        last = number if until is None else min(until, number)
        return self.entries[max(after, 0) : max(last, 0)]


class _MemoryTransaction:
    def __init__(self, memory: _StreamMemory) -> None:
        self._memory = memory
        self._appended: tuple[Sequence[Entry], Documents, CommandRecord] | None = None
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

    def commit(self) -> None:
        if self._appended is None:
            return
        entries, documents, command = self._appended
        memory = self._memory
        memory.entries.extend(entries)
        memory.commands[command.command_id] = command
        memory.state = (head_of(entries[-1]) if entries else self.head, documents)
