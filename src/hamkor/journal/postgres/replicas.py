# SPDX-License-Identifier: Apache-2.0
"""The replicas of one process: documents of the journals used last, and whose turn it is in each."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local
from weakref import WeakValueDictionary

from hamkor.journal.postgres.reading import Replica


class Replicas:
    """Keeps the replicas of the journals used last; safe for use from several threads.

    Args:
        limit: How many journals are kept; the one unused for longest is forgotten first.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Replica] = OrderedDict()
        self._lock = Lock()

    def find(self, stream: str) -> Replica | None:
        """Returns the replica of a journal, or None."""
        with self._lock:
            replica = self._kept.get(stream)
            if replica is not None:
                self._kept.move_to_end(stream)
            return replica

    def keep(self, replica: Replica, *, instead_of: Replica | None = None) -> None:
        """Keeps a replica unless a newer one is kept, or in place of exactly the one it was read to replace."""
        stream = replica.head.stream
        with self._lock:
            kept = self._kept.get(stream)
            if kept is None or kept is instead_of or _age(kept) < _age(replica):
                self._kept[stream] = replica
                self._kept.move_to_end(stream)
                while len(self._kept) > self._limit:
                    self._kept.popitem(last=False)

    def forget(self, stream: str) -> None:
        """Drops the replica of a journal: the next read loads it anew."""
        with self._lock:
            self._kept.pop(stream, None)

    def __len__(self) -> int:
        return len(self._kept)


class TurnLocks:
    """Lets the threads of one process into a journal one after the other, without holding a connection."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, _TurnLock] = WeakValueDictionary()
        self._lock = Lock()
        self._busy = local()

    @contextmanager
    def hold(self, stream: str) -> Iterator[None]:
        """Holds the journal for this thread.

        Raises:
            RuntimeError: The same thread holds it already.
        """
        busy: set[str] = self._busy.__dict__.setdefault("streams", set())
        if stream in busy:
            raise RuntimeError(f"a command on {stream} called another command on it")
        with self._lock:
            lock = self._locks.get(stream)
            if lock is None:
                lock = self._locks[stream] = _TurnLock()
        with lock.lock:
            busy.add(stream)
            try:
                yield
            finally:
                busy.discard(stream)


class _TurnLock:
    __slots__ = ("__weakref__", "lock")

    def __init__(self) -> None:
        self.lock = Lock()


def _age(replica: Replica) -> tuple[int, int]:
    return replica.edition, replica.head.number
