# SPDX-License-Identifier: Apache-2.0
"""What a store must do; the shared suite in `tests/store_suite.py` says how it must behave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from msgspec import Struct

from hamkor.journal.rules import Changes, Documents, Entry, Head, encode_line, head_of

T = TypeVar("T")


class CommandRecord(Struct, frozen=True):
    """What a store remembers of a command that was performed.

    Args:
        command_id: Id made by the caller.
        digest: Digest of what was asked for; kept beside the journal, never in it, because what was asked for
            could be guessed from it. Empty when it is not known: the journal was restored, or a body erased.
        first: Number of its first entry; one more than `number` when it appended nothing.
        number: Number of the head after it.
        hash: Hash of the head after it.
    """

    command_id: UUID
    digest: str
    first: int
    number: int
    hash: str


class Erasure(Struct, frozen=True):
    """Who had something erased.

    Args:
        by: Reference to the person, as `kind:id`.
        at: When, aware.
        reason: Why: the request or the order it follows.
    """

    by: str
    at: datetime
    reason: str


class Restored(Struct, frozen=True):
    """A journal read from an export, to be put into an empty store.

    Args:
        head: Where it ends.
        entries: All its entries, verified.
        documents: The fold of them.
        commands: Its commands, without digests: an export does not hold them.
    """

    head: Head
    entries: Sequence[Entry]
    documents: Documents
    commands: Sequence[CommandRecord]

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yields number and line of each entry."""
        for entry in self.entries:
            yield entry.number, encode_line(entry).decode()


class Transaction(Protocol):
    """One command's turn: what it appends stands only if nobody else moved the head since it began."""

    @property
    def head(self) -> Head:
        """Where the journal ends."""

    @property
    def documents(self) -> Documents:
        """The documents at that head."""

    def find_command(self, command_id: UUID) -> CommandRecord | None:
        """Returns what is remembered of a command of this journal, or None."""

    def list_entries(self, *, after: int, until: int) -> Sequence[Entry]:
        """Returns the entries with numbers above `after` up to `until`."""

    def append(self, entries: Sequence[Entry], changes: Sequence[Changes], command: CommandRecord) -> None:
        """Keeps what a command did once the turn ends well: entries, changes, head and the command itself.

        Args:
            entries: Entries that follow the head; may be none.
            changes: What each of them changes, to be made in this order.
            command: The command they belong to.

        Raises:
            HamkorError: `entries-not-following`, when the entries do not follow the head.
        """

    def erase(self, number: int, erasure: Erasure) -> bool:
        """Erases the body of an entry for good; False when there is none. The documents are folded anew."""

    def rebuild(self) -> Documents:
        """Puts the fold of the entries in place of the stored documents, and returns it."""

    def restore(self, journal: Restored) -> None:
        """Puts a whole journal into this one.

        Raises:
            HamkorError: `journal-not-empty`.
        """


class Store(Protocol):
    """Keeps journals and their documents."""

    def take_turn(self, stream: str, work: Callable[[Transaction], T]) -> T:
        """Gives a turn to a piece of work; an exception leaves everything as it was.

        Notes:
            The work may be played again from its beginning, when somebody else moved the head meanwhile: only the
            last time counts, and what stands was decided at the head.
        """

    def transaction(self, stream: str) -> AbstractContextManager[Transaction]:
        """Locks the head of a journal, then gives the turn; an exception leaves everything as it was."""

    def get_head(self, stream: str) -> Head:
        """Returns where a journal ends; number 0 for one that was never written to."""

    def get_documents(self, stream: str, *, at_least: int | None = None) -> Documents:
        """Returns the documents at the head, or as they are at hand at any number from `at_least` on.

        Raises:
            HamkorError: `number-not-reached`, when the journal ends before that number.
        """

    def list_documents(self, kind: str) -> Sequence[tuple[str, Struct]]:
        """Returns the documents of a kind in every journal, with the journal's id: journals sorted."""

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

    def list_streams(self) -> Sequence[str]:
        """Returns the ids of the journals that hold entries, sorted."""


def is_following(head: Head, entries: Sequence[Entry]) -> bool:
    """Returns True when the entries continue a journal: numbers, hashes and journal fit."""
    for entry in entries:
        if (entry.number, entry.previous_hash, entry.stream) != (head.number + 1, head.hash, head.stream):
            return False
        head = head_of(entry)
    return True
