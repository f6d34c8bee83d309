# SPDX-License-Identifier: Apache-2.0
"""What a store must do; the shared suite in `tests/store_suite.py` says how it must behave."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from hamkor.journal.rules import Changes, Documents, Entry, Head, head_of


class CommandRecord(Struct, frozen=True):
    """What a store remembers of a command that was performed.

    Args:
        command_id: Id made by the caller.
        digest: Digest of what was asked for; kept beside the journal, never in it, because what was asked for
            could be guessed from it.
        first: Number of its first entry; one more than `number` when it appended nothing.
        number: Number of the head after it.
        hash: Hash of the head after it.
    """

    command_id: UUID
    digest: str
    first: int
    number: int
    hash: str


class Transaction(Protocol):
    """One command's turn: from entering to leaving nobody else can move the head."""

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


class Store(Protocol):
    """Keeps journals and their documents."""

    def transaction(self, stream: str) -> AbstractContextManager[Transaction]:
        """Locks the head of a journal, then gives the turn; an exception leaves everything as it was."""

    def get_head(self, stream: str) -> Head:
        """Returns where a journal ends; number 0 for one that was never written to."""

    def get_documents(self, stream: str) -> Documents:
        """Returns the documents at the head, with its number."""

    def list_entries(self, stream: str, *, after: int = 0, until: int | None = None) -> Sequence[Entry]:
        """Returns the entries with numbers above `after` up to `until`, or up to the head when None."""

    def list_streams(self) -> Sequence[str]:
        """Returns the ids of the journals that hold entries, sorted."""


def is_following(head: Head, entries: Sequence[Entry]) -> bool:
    """Returns True when the entries continue a journal: numbers, hashes and journal fit."""
    for entry in entries:
        if (entry.number, entry.previous_hash, entry.stream) != (head.number + 1, head.hash, head.stream):
            return False
        head = head_of(entry)
    return True
