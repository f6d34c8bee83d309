# SPDX-License-Identifier: Apache-2.0
"""Documents: the current state of things, looked up by kind and id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from msgspec import Struct

if TYPE_CHECKING:
    from hamkor.journal.rules.facts import Kind

Key = tuple[str, str]
Changes = Mapping[Key, Struct | None]

B = TypeVar("B", bound=Struct)


class Documents:
    """A read view of documents in the order in which they first appeared; removed ones are absent.

    Args:
        documents: Pairs of (kind, id) and document to start with.
        number: Number of the last entry these documents take into account.
        withheld: Numbers of entries whose bodies were withheld: what they changed is unknown.

    Notes:
        Two views are equal when they hold the same documents in the same order within each kind.
    """

    __slots__ = ("_by_kind", "number", "withheld")

    def __init__(
        self,
        documents: Iterable[tuple[Key, Struct]] = (),
        *,
        number: int = 0,
        withheld: tuple[int, ...] = (),
    ) -> None:
        self._by_kind: dict[str, dict[str, Struct]] = {}
        self.number = number
        self.withheld = withheld
        for (kind, document_id), document in documents:
            self._by_kind.setdefault(kind, {})[document_id] = document

    @overload
    def get(self, kind: Kind[B], document_id: str) -> B | None: ...
    @overload
    def get(self, kind: str, document_id: str) -> Struct | None: ...
    def get(self, kind: Kind[Any] | str, document_id: str) -> Struct | None:
        """Returns the document, or None when there is none by that id."""
        found = self._by_kind.get(kind if isinstance(kind, str) else kind.kind)
        return None if found is None else found.get(document_id)

    @overload
    def all(self, kind: Kind[B]) -> tuple[B, ...]: ...
    @overload
    def all(self, kind: str) -> tuple[Struct, ...]: ...
    def all(self, kind: Kind[Any] | str) -> tuple[Struct, ...]:
        """Returns the documents of a kind in the order in which they first appeared."""
        return tuple(self._by_kind.get(kind if isinstance(kind, str) else kind.kind, {}).values())

    def kinds(self) -> tuple[str, ...]:
        """Returns the kinds of which there is at least one document, sorted."""
        return tuple(sorted(kind for kind, found in self._by_kind.items() if found))

    def items(self) -> Iterator[tuple[Key, Struct]]:
        """Yields every document with its (kind, id): kinds sorted, ids in order of first appearance."""
        for kind in self.kinds():
            for document_id, document in self._by_kind[kind].items():
                yield (kind, document_id), document

    def after(self, changes: Iterable[Changes], *, number: int | None = None) -> Documents:
        """Returns the documents after the changes were made one after the other; these stay as they are.

        Args:
            changes: What each fact changed, in order.
            number: Number of the last entry taken into account; unchanged when None.

        Notes:
            Kinds that do not change are shared, so the cost follows the kinds that do.
        """
        listed = list(changes)
        working = WorkingDocuments(number=self.number if number is None else number, withheld=self.withheld)
        working.borrow(self, copied={kind for change in listed for kind, _ in change})
        for change in listed:
            working.apply(change)
        return working.finished()

    def __len__(self) -> int:
        return sum(len(found) for found in self._by_kind.values())

    def __contains__(self, key: object) -> bool:
        kind, document_id = cast("Key", key)
        return document_id in self._by_kind.get(kind, {})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Documents):
            return NotImplemented
        return list(self.items()) == list(other.items())

    __hash__ = None  # type: ignore[assignment]  # compared by content, and a working view changes

    def __repr__(self) -> str:
        counts = ", ".join(f"{kind}: {len(self._by_kind[kind])}" for kind in self.kinds())
        return f"<Documents at {self.number}: {counts or 'none'}>"


class WorkingDocuments(Documents):
    """Documents that are being folded: the only ones that change in place, and never seen outside a fold."""

    __slots__ = ()

    def borrow(self, documents: Documents, *, copied: Iterable[str] | None = None) -> None:
        """Takes over the documents of another view.

        Args:
            documents: The view; it is not changed.
            copied: Kinds that will be changed; every kind when None.
        """
        self._by_kind.update(documents._by_kind)  # noqa: SLF001 - the class's own storage, seen from a subclass
        for kind in list(self._by_kind) if copied is None else copied:
            self._by_kind[kind] = dict(self._by_kind.get(kind, {}))

    def apply(self, changes: Changes) -> None:
        """Puts new documents in their places and drops removed ones; dropping an absent one does nothing."""
        for (kind, document_id), document in changes.items():
            found = self._by_kind.get(kind)
            if found is None:
                found = self._by_kind[kind] = {}
            if document is None:
                found.pop(document_id, None)
            else:
                found[document_id] = document

    def finished(self) -> Documents:
        """Returns a read view of the result; this one must not be used any more."""
        result = Documents(number=self.number, withheld=self.withheld)
        result._by_kind = self._by_kind  # noqa: SLF001 - the class's own storage, handed over without a copy
        self._by_kind = {}
        return result
