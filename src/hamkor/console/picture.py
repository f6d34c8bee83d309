# SPDX-License-Identifier: Apache-2.0
"""The picture of one event in this process: its live documents in the order in which they last changed.

A client holds nothing here but a number. What it has not seen is every document that changed after that number, each
once and in its newest form; so nobody has a queue, and whoever reads slowly gets less, not older.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from hamkor.agencies.rules import Viewer, may
from hamkor.centre.rules.visibility import PLAN_KINDS, visible
from hamkor.console.presenting import as_json, encode
from hamkor.journal.rules import Changes, Documents

# Kinds that are sent; within an update, what cannot wait goes first.
LIVE_KINDS: tuple[str, ...] = (
    "alarm",
    "show_stop",
    "message",
    "incident",
    "medical_detail",
    "missing_person",
    "contingency_run",
    "roll_call",
    "operation",
    "unit",
    "sortie",
    "post_state",
    "job",
    "zone_state",
    "device_state",
    "handover",
    "alarm_rule",
    "message_template",
)
_OF_PLAN = frozenset(PLAN_KINDS)
_RANK = {kind: rank for rank, kind in enumerate(LIVE_KINDS)}
# How many removed documents are remembered, so that whoever resumes is told; who was away for longer starts anew.
REMOVED_MAX = 4_096
# Groups of readers a document is kept ready for; beyond that it is made again when it is asked for.
VARIANTS_MAX = 64
NOTHING = b"null"


class Reader(Struct, frozen=True):
    """Who reads: all who see the same documents in the same language get the same bytes.

    Args:
        group: Who sees the same.
        viewer: One of them.
        language: Their language.
    """

    group: str
    viewer: Viewer
    language: str


def reader_of(viewer: Viewer, language: str) -> Reader:
    """Returns the group a person reads with.

    Notes:
        What operators see does not depend on who they are; what others see may.
    """
    roles = ",".join(sorted(f"{grant.role}@{grant.agency}" for grant in viewer.grants))
    own = "" if may(viewer, "operate") else viewer.person
    return Reader(f"{roles}/{own}", viewer, language)


class Item:
    """One document in its newest form, with its JSON for those who asked for it."""

    __slots__ = ("_plain", "_variants", "document", "id", "kind", "number", "prefix", "shown_to")

    def __init__(self, key: tuple[str, str], number: int, document: Struct | None) -> None:
        self.kind, self.id = key
        self.number, self.document = number, document
        self.prefix = encode({"kind": self.kind, "id": self.id, "number": number})[:-1] + b',"body":'
        self._plain: dict[str, bytes] = {}
        self._variants: dict[tuple[str, str], bytes | None] = {}
        # Groups that were shown this document in any form: they have to be told when they may not see it any more.
        self.shown_to: set[str] | None = set()

    def piece_for(self, reader: Reader, *, is_change: bool) -> bytes | None:
        """Returns the document as JSON for a reader, None when there is nothing to say.

        Args:
            reader: Who reads.
            is_change: The reader may have seen an earlier form, and has to be told that it is gone.
        """
        body = self._body_for(reader)
        if body is not None:
            self._note(reader.group)
            return self.prefix + body + b"}"
        was_shown = self.shown_to is None or reader.group in self.shown_to
        return self.prefix + NOTHING + b"}" if is_change and was_shown else None

    def _note(self, group: str) -> None:
        if self.shown_to is not None:
            self.shown_to.add(group)
            if len(self.shown_to) > VARIANTS_MAX:
                self.shown_to = None  # everybody, then

    def _body_for(self, reader: Reader) -> bytes | None:
        if self.document is None:
            return None
        key = (reader.group, reader.language)
        if key not in self._variants:
            if len(self._variants) >= VARIANTS_MAX:
                self._variants.clear()
            self._variants[key] = self._made_for(reader, self.document)
        return self._variants[key]

    def _made_for(self, reader: Reader, document: Struct) -> bytes | None:
        seen = visible(reader.viewer, self.kind, document)
        if seen is None:
            return None
        if seen is not document:
            return as_json(seen, reader.language)
        if reader.language not in self._plain:
            self._plain[reader.language] = as_json(document, reader.language)
        return self._plain[reader.language]


class Picture:
    """The live documents of one event.

    Attributes:
        number: Number of the last entry it takes into account.
        floor: Whoever comes back and saw only entries below this cannot resume.
        forgotten: Number of the last removal that is not remembered any more.
        reference_number: Number of the last entry that changed the plan.
    """

    def __init__(self, documents: Documents) -> None:
        self._items: OrderedDict[tuple[str, str], Item] = OrderedDict()
        self._removed: OrderedDict[tuple[str, str], int] = OrderedDict()
        self.number = self.floor = self.forgotten = self.reference_number = 0
        self.load(documents)

    def load(self, documents: Documents) -> None:
        """Begins anew from documents; nobody can resume from before.

        Notes:
            Not even from this very number: what was seen at it may since have been erased from the journal.
        """
        self._items.clear()
        self._removed.clear()
        self.number = self.reference_number = documents.number
        self.floor = documents.number + 1
        self.forgotten = 0
        for (kind, key), document in documents.items():
            if kind in _RANK:
                self._items[kind, key] = Item((kind, key), documents.number, document)

    def apply(self, changes: Iterable[tuple[int, Changes]]) -> None:
        """Takes in what entries changed.

        Args:
            changes: Number and changes of each entry, in order.
        """
        for number, changed in changes:
            for (kind, key), document in changed.items():
                if kind in _RANK:
                    self._put(Item((kind, key), number, document))
                elif kind in _OF_PLAN:
                    self.reference_number = number
            self.number = number
        while len(self._removed) > REMOVED_MAX:
            forgotten, number = self._removed.popitem(last=False)
            del self._items[forgotten]
            self.forgotten = number
            self.floor = max(self.floor, number)

    def since(self, number: int) -> list[Item]:
        """Returns what changed after an entry: alarms, stops and messages first, then in order."""
        found = []
        for item in reversed(self._items.values()):
            if item.number <= number:
                break
            found.append(item)
        found.reverse()
        found.sort(key=lambda item: _RANK[item.kind])
        return found

    def present(self) -> Iterator[Item]:
        """Yields every document there is, in the same order."""
        yield from sorted(
            (item for item in self._items.values() if item.document is not None),
            key=lambda item: _RANK[item.kind],
        )

    def can_resume(self, number: int) -> bool:
        """True when whoever saw everything up to an entry needs only what changed since."""
        return self.floor <= number <= self.number

    def get(self, kind: str, key: str) -> Struct | None:
        """Returns a document as it is now."""
        item = self._items.get((kind, key))
        return None if item is None else item.document

    def _put(self, item: Item) -> None:
        key = (item.kind, item.id)
        former = self._items.pop(key, None)
        if former is not None:
            item.shown_to = former.shown_to
        self._items[key] = item
        self._removed.pop(key, None)
        if item.document is None:
            self._removed[key] = item.number


def parse_after(text: str) -> int | None:
    """Returns the number a client saw last, None when it saw none or says nonsense."""
    is_number = text.isascii() and text.isdigit() and len(text) < 16
    return int(text) if is_number else None
