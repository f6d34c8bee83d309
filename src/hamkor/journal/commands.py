# SPDX-License-Identifier: Apache-2.0
"""The one way to append to a journal; only modules named `commands` may use it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from msgspec import Struct

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.rules import Documents, Entry, Envelope, Fact, canonical, chain, evolve_entries
from hamkor.journal.store import CommandRecord, Store, Transaction

__all__ = ["Decide", "Envelope", "Result", "Store", "new_salt", "perform"]

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
        decide: Reads the documents and returns the facts, or refuses by raising HamkorError. The head is
            locked meanwhile: it must not wait for anything nor send other commands to the same journal.
        content: What is asked for: verb and arguments, as anything with a JSON text. The same command id with
            another content is refused.
        salt: Gives the salt of each entry.

    Returns:
        The first result, when the command was performed before; then `decide` is not called.

    Raises:
        HamkorError: `command-id-reused`, a code of `chain`, or what `decide` raised. Nothing has changed
            then, and the command may be sent again.
    """
    digest = _digest(envelope, content)
    with store.transaction(str(envelope.stream)) as turn:
        record = turn.find_command(envelope.command_id)
        if record is not None:
            return _first_result(turn, record, digest)
        facts = decide(turn.documents)
        entries = chain(turn.head, facts, envelope=envelope, salts=[salt() for _ in facts])
        changes = evolve_entries(turn.documents, entries)
        last = entries[-1] if entries else turn.head
        record = CommandRecord(envelope.command_id, digest, turn.head.number + 1, last.number, last.hash)
        turn.append(entries, changes, record)
    return Result(entries, last.number, last.hash)


def _digest(envelope: Envelope, content: object) -> str:
    """Returns the digest of a command; its moment is left out, because sending it again happens later."""
    sender = [str(envelope.stream), envelope.by, envelope.agency, envelope.cause]
    return sha256(canonical([*sender, content])).hexdigest()


def _first_result(turn: Transaction, record: CommandRecord, digest: str) -> Result:
    if record.digest != digest:
        template = N_("The command id {command_id} was used before for another command.")
        raise HamkorError("command-id-reused", template, command_id=str(record.command_id))
    entries = turn.list_entries(after=record.first - 1, until=record.number)
    return Result(tuple(entries), record.number, record.hash)
