# SPDX-License-Identifier: Apache-2.0
"""The past of an event: its documents as they were at any moment, found without folding everything each time."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from datetime import datetime
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

import msgspec

from hamkor.agencies.rules import Viewer, require
from hamkor.centre.rules.visibility import visible
from hamkor.journal.queries import Store, get_documents, get_head, list_entries
from hamkor.journal.rules import Documents, Stream, Until, fold, in_utc

# Entries between two kept states: a moment between them is folded from the one before, in some hundredths of a second.
STEP: Final = 1_000
# States kept of one event, and events kept at once; beyond that every second state goes, and the event asked least.
KEPT_MAX: Final = 128
STREAMS_MAX: Final = 8


class _State(msgspec.Struct, frozen=True):
    """Documents after an entry: its number, its moment, and what stood then."""

    number: int
    at: datetime
    documents: Documents


class _Past:
    """States of one event at even distances, up to where somebody has looked."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.step = STEP
        self.states: list[_State] = []
        self.withheld: tuple[int, ...] = ()

    def require_unchanged(self, withheld: tuple[int, ...]) -> None:
        """Drops everything when bodies were withheld since: then the past is another one."""
        if withheld != self.withheld:
            self.states, self.withheld = [], withheld

    def before(self, until: Until) -> Documents:
        """Returns the last kept documents that a moment or number includes; none when nothing is kept."""
        if isinstance(until, int):
            index = bisect_right(self.states, until, key=lambda state: state.number)
        else:
            index = bisect_right(self.states, until, key=lambda state: state.at)
        return self.states[index - 1].documents if index else Documents()

    def keep(self, state: _State) -> None:
        """Keeps one more state when it is far enough behind the last; too many are thinned out."""
        last = self.states[-1].number if self.states else 0
        if state.number - last < self.step:
            return
        self.states.append(state)
        if len(self.states) > KEPT_MAX:
            self.step *= 2
            self.states = self.states[::-2][::-1]  # the newest stays


class _Pasts:
    """Pasts of the events of one store."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: OrderedDict[str, _Past] = OrderedDict()

    def of(self, stream: str) -> _Past:
        """Returns the past of an event; the one asked least goes when there are too many."""
        with self._lock:
            past = self._found.get(stream)
            if past is None:
                past = self._found[stream] = _Past()
                if len(self._found) > STREAMS_MAX:
                    self._found.popitem(last=False)
            self._found.move_to_end(stream)
            return past

    def forget(self, stream: str) -> None:
        """Drops what is kept of an event."""
        with self._lock:
            self._found.pop(stream, None)


_pasts: WeakKeyDictionary[Store, _Pasts] = WeakKeyDictionary()
_pasts_lock = Lock()


def picture_at(store: Store, stream: Stream, *, until: Until) -> Documents:
    """Returns the documents of an event as they were.

    Args:
        store: Where the journal is kept.
        stream: Id of the journal.
        until: Last moment (aware) or last number to take into account.

    Raises:
        HamkorError: `moment-naive`, or a code of `fold`.

    Notes:
        States are kept in this process every thousand entries, so that a second look folds at most as many; the first
        look at a late moment folds everything before it. They are bounded, and made of what cannot change. The one
        exception is an entry that was erased by order: it is noticed by the documents of today, and a process that is
        told of it sooner calls `forget_past`.
    """
    wanted = until if isinstance(until, int) else in_utc(until)
    head, newest = get_head(store, stream), get_documents(store, stream)
    if _includes(wanted, head.number, head.at) and newest.number == head.number:
        return newest
    past = _pasts_of(store).of(str(stream))
    with past.lock:
        past.require_unchanged(newest.withheld)
        return _folded(store, stream, past, until=wanted)


def replay(viewer: Viewer, store: Store, stream: Stream, *, until: Until) -> Documents:
    """Returns what a person may see of an event as it was; restricted by their rights of today.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: `moment-naive`, or a code of `fold`.
    """
    require(viewer, "see_centre")
    return seen_by(viewer, picture_at(store, stream, until=until))


def seen_by(viewer: Viewer, documents: Documents) -> Documents:
    """Returns the documents a person may see, without restricted fields."""
    shown = ((key, visible(viewer, key[0], document)) for key, document in documents.items())
    kept = ((key, document) for key, document in shown if document is not None)
    return Documents(kept, number=documents.number, withheld=documents.withheld)


def forget_past(store: Store, stream: Stream) -> None:
    """Drops what is kept of an event's past: to be called when its journal was rewritten, such as by an erasure."""
    _pasts_of(store).forget(str(stream))


def _folded(store: Store, stream: Stream, past: _Past, *, until: Until) -> Documents:
    documents = past.before(until)
    while True:
        limit = past.step  # keeping a state may change it
        entries = list_entries(store, stream, after=documents.number, limit=limit)
        documents = fold(entries, until, start=documents)
        is_whole = bool(entries) and documents.number == entries[-1].number
        if is_whole:
            past.keep(_State(documents.number, entries[-1].at, documents))
        if not is_whole or len(entries) < limit:
            return documents


def _includes(until: Until, number: int, at: datetime | None) -> bool:
    """True when everything that was recorded is asked for."""
    if isinstance(until, int):
        return until >= number
    return at is None or at <= until


def _pasts_of(store: Store) -> _Pasts:
    with _pasts_lock:
        if store not in _pasts:
            _pasts[store] = _Pasts()
        return _pasts[store]
