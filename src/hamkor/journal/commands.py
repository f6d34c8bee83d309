# SPDX-License-Identifier: Apache-2.0
"""The one way to append to a journal, and its upkeep; only modules named `commands` may use it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from msgspec import Struct

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.rules import (
    Documents,
    Entry,
    Envelope,
    Fact,
    Head,
    Stream,
    canonical,
    chain,
    evolve_entries,
    fold,
    import_lines,
    in_utc,
)
from hamkor.journal.store import CommandRecord, Erasure, Restored, Store, Transaction

__all__ = [
    "Decide",
    "Envelope",
    "Erasure",
    "Result",
    "Store",
    "erase_body",
    "new_salt",
    "perform",
    "rebuild_documents",
    "restore_journal",
]

Decide = Callable[[Documents], Sequence[Fact[Any]]]
SALT_BYTES = 16


class Result(Struct, frozen=True):
    """What a command did.

    Args:
        entries: The entries it appended; none when there was nothing to do.
        number: Number of the head after it: readers can ask for "at least this number".
        hash: Hash of the head after it.
    """

    entries: tuple[Entry, ...]
    number: int
    hash: str


def new_salt() -> bytes:
    """Returns 16 random bytes that nobody can guess."""
    return secrets.token_bytes(SALT_BYTES)


def perform(
    store: Store,
    envelope: Envelope,
    decide: Decide,
    *,
    content: object,
    salt: Callable[[], bytes] = new_salt,
) -> Result:
    """Appends what a command decides, all or nothing, and returns what it did.

    Args:
        store: Where the journal is kept.
        envelope: Who sends the command, when and why.
        decide: Reads the documents and returns the facts, or refuses by raising HamkorError. It must change
            nothing outside, wait for nothing, and send no command to the same journal: it is called again when
            somebody else moved the head meanwhile, and only the last time counts.
        content: What is asked for: verb and arguments, as anything with a JSON text. The same command id with
            another content is refused.
        salt: Gives the salt of each entry.

    Returns:
        The first result, when the command was performed before; what `decide` says then does not count.

    Raises:
        HamkorError: `command-id-reused`, a code of `chain`, or what `decide` raised. Nothing has changed
            then, and the command may be sent again.
    """
    digest = _digest(envelope, content)

    def work(turn: Transaction) -> Result:
        record = turn.find_command(envelope.command_id)
        if record is not None:
            return _first_result(turn, record, envelope=envelope, digest=digest)
        facts = decide(turn.documents)
        entries = chain(turn.head, facts, envelope=envelope, salts=[salt() for _ in facts])
        changes = evolve_entries(turn.documents, entries)
        last = entries[-1] if entries else turn.head
        record = CommandRecord(envelope.command_id, digest, turn.head.number + 1, last.number, last.hash)
        turn.append(entries, changes, record)
        return Result(entries, last.number, last.hash)

    return store.take_turn(str(envelope.stream), work)


def restore_journal(store: Store, lines: bytes) -> Head:
    """Puts an exported journal into a store, all or nothing, and returns where it ends.

    Args:
        store: Where the journal is to be kept; its own stream must be empty there.
        lines: A whole export; bodies may be withheld. Every byte is verified first.

    Raises:
        HamkorError: `journal-not-empty`, `command-repeated`, or a code of `import_lines` or `fold`.

    Notes:
        An export holds no digests of commands. One sent again after the restore gets its first result when the
        same sender sends it; those that appended nothing are not remembered.
    """
    journal = import_lines(lines)
    restored = Restored(journal.head, journal.entries, fold(journal.entries), _commands_of(journal.entries))
    if journal.entries:
        with store.transaction(journal.head.stream) as turn:
            turn.restore(restored)
    elif store.get_head(journal.head.stream).number:
        template = N_("The journal {stream} holds entries already; only an empty one can be restored.")
        raise HamkorError("journal-not-empty", template, stream=journal.head.stream)
    return journal.head


def rebuild_documents(store: Store, stream: Stream) -> Documents:
    """Puts the fold of a journal's entries in place of its stored documents, and returns it.

    Raises:
        HamkorError: A code of `fold`; the stored documents are as before then.
    """
    with store.transaction(str(stream)) as turn:
        return turn.rebuild()


def erase_body(store: Store, stream: Stream, number: int, *, erasure: Erasure) -> bool:
    """Erases the body of an entry for good, and returns False when there is none to erase.

    Args:
        store: Where the journal is kept.
        stream: Id of the journal.
        number: Number of the entry.
        erasure: Who orders it, when and why; kept beside the journal.

    Raises:
        HamkorError: `erasure-unfounded`, when it does not say who and why.

    Notes:
        Hashes stay, so the chain verifies as before. The documents become those of a journal whose entry was
        withheld, at every number. Copies handed out earlier are out of reach.
    """
    if not erasure.by.strip() or not erasure.reason.strip():
        raise HamkorError("erasure-unfounded", N_("Say who has it erased and why."))
    in_utc(erasure.at)
    with store.transaction(str(stream)) as turn:
        return turn.erase(number, erasure)


def _commands_of(entries: Sequence[Entry]) -> list[CommandRecord]:
    """Returns what can be known of the commands of a journal; their entries stand together.

    Raises:
        HamkorError: `command-repeated`, when they do not.
    """
    found: dict[UUID, CommandRecord] = {}
    for command_id, group in groupby(entries, key=attrgetter("command_id")):
        theirs = list(group)
        last = theirs[-1]
        if command_id in found:
            template = N_("Entry {number} belongs to a command that ended further above.")
            raise HamkorError("command-repeated", template, number=theirs[0].number)
        found[command_id] = CommandRecord(command_id, "", theirs[0].number, last.number, last.hash)
    return list(found.values())


def _digest(envelope: Envelope, content: object) -> str:
    """Returns the digest of a command; its moment is left out, because sending it again happens later."""
    sender = [str(envelope.stream), envelope.by, envelope.agency, envelope.cause]
    return sha256(canonical([*sender, content])).hexdigest()


def _first_result(turn: Transaction, record: CommandRecord, *, envelope: Envelope, digest: str) -> Result:
    entries = turn.list_entries(after=record.first - 1, until=record.number)
    sender = (envelope.by, envelope.agency, envelope.cause)
    is_same = all((entry.by, entry.agency, entry.cause) == sender for entry in entries)
    if not is_same or record.digest not in {"", digest}:
        template = N_("The command id {command_id} was used before for another command.")
        raise HamkorError("command-id-reused", template, command_id=str(record.command_id))
    return Result(tuple(entries), record.number, record.hash)
