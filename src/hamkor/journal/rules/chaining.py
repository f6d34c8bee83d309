# SPDX-License-Identifier: Apache-2.0
"""The chain: every entry sealed with the hash of the one above, and the search for the first wrong one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Raw, Struct

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.journal.rules.entries import (
    LINE_MAX_BYTES,
    SALT_MIN_BYTES,
    WITHHELD,
    Entry,
    Envelope,
    Head,
    canonical,
    digest_of,
    empty_head,
    encode_line,
    hash_of,
    head_of,
    in_utc,
)
from hamkor.journal.rules.facts import Fact

PROBLEMS = {
    "number-gap": N_("the number does not follow the entry above"),
    "stream-differs": N_("the entry belongs to another journal"),
    "previous-hash-differs": N_("the hash of the entry above is another one"),
    "moment-runs-back": N_("the moment is before that of the entry above"),
    "moment-not-utc": N_("the moment is not in UTC"),
    "cause-not-above": N_("the cause is not an entry above"),
    "hash-differs": N_("the hash does not belong to the entry"),
    "body-digest-differs": N_("the digest does not belong to the body"),
    "body-without-salt": N_("there is a body without its salt"),
    "head-differs": N_("the journal does not end where its head says"),
}

_ZERO = timedelta(0)


class Fault(Struct, frozen=True):
    """The first thing that is wrong with a journal.

    Args:
        code: One of `PROBLEMS`.
        number: The number the wrong entry should have.
    """

    code: str
    number: int

    @property
    def problem(self) -> Message:
        """What is wrong, for people."""
        return Message(PROBLEMS[self.code])

    def as_error(self) -> HamkorError:
        """Returns the fault as a refusal that names the entry."""
        template = N_("Entry {number}: {problem}.")
        return HamkorError(self.code, template, number=self.number, problem=self.problem)


class Verified(Struct, frozen=True):
    """A journal in which every entry is as it was written.

    Args:
        number: Number of its last entry.
        hash: Hash of its last entry, to be compared with one handed out earlier; None when nothing was given.
        withheld: Numbers of entries whose bodies are withheld.
    """

    number: int
    hash: str | None
    withheld: tuple[int, ...] = ()


def chain(
    head: Head, facts: Sequence[Fact[Any]], *, envelope: Envelope, salts: Sequence[bytes]
) -> tuple[Entry, ...]:
    """Returns the entries that record the facts below the head.

    Args:
        head: Where the journal ends now.
        facts: What happened, in order.
        envelope: Who, when and why.
        salts: At least 16 random bytes for each fact.

    Raises:
        HamkorError: `fact-not-recordable`, `entry-too-large`, or `cause-not-above`.
        ValueError: The salts do not suit.
    """
    if len(salts) != len(facts) or any(len(salt) < SALT_MIN_BYTES for salt in salts):
        raise ValueError(f"every fact needs a salt of at least {SALT_MIN_BYTES} bytes")
    if isinstance(envelope.cause, int) and not 1 <= envelope.cause <= head.number:
        raise Fault("cause-not-above", head.number + 1).as_error()
    at = in_utc(envelope.at)
    moment = at if head.at is None else max(at, head.at)
    entries: list[Entry] = []
    above = head
    for fact, salt in zip(facts, salts, strict=True):
        entries.append(_sealed(above, fact, envelope=envelope, at=moment, salt=salt))
        above = head_of(entries[-1])
    return tuple(entries)


def body_of(fact: Fact[Any]) -> bytes:
    """Returns the canonical JSON of a fact's body.

    Raises:
        HamkorError: `fact-not-recordable`, when reading the text back would not give the same body: it holds
            a number that is not finite, or a value that its type does not allow.
    """
    name = fact.type.name
    try:
        body = canonical(fact.body)
        is_same = bool(fact.type.decode(body) == fact.body)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        template = N_("The fact {type} cannot be recorded: {reason}")
        raise HamkorError("fact-not-recordable", template, type=name, reason=str(error)) from error
    if not is_same:
        template = N_("The fact {type} cannot be recorded: reading it back would not give the same.")
        raise HamkorError("fact-not-recordable", template, type=name)
    return body


def verify(
    entries: Iterable[Entry], *, after: Head | None = None, head: Head | None = None
) -> Verified | Fault:
    """Returns what was verified, or the first fault.

    Args:
        entries: The entries in order.
        after: The head they follow; when None they are a whole journal.
        head: Where they must end. Without it a journal cut short at its end cannot be told from a whole one.
    """
    above: Head | Entry | None = after or (empty_head(head.stream) if head else None)
    withheld: list[int] = []
    for entry in entries:
        above = above or empty_head(entry.stream)
        code = "moment-not-utc" if entry.at.utcoffset() != _ZERO else None
        code = code or find_problem(entry, encode_line(entry), above)
        if code is not None:
            return Fault(code, above.number + 1)
        if entry.salt is None:
            withheld.append(entry.number)
        above = entry
    if above is None:
        return Verified(0, None)
    if head is not None and (above.number, above.hash) != (head.number, head.hash):
        return Fault("head-differs", above.number)
    return Verified(above.number, above.hash, tuple(withheld))


def find_problem(entry: Entry, line: bytes, above: Head | Entry) -> str | None:
    """Returns the code of what is wrong with an entry, or None.

    Args:
        entry: The entry, its moment in UTC.
        line: The same entry as `encode_line` writes it.
        above: The entry above, or the head it follows.
    """
    return _find_misplaced(entry, above) or _find_broken_seal(entry, line)


def _find_misplaced(entry: Entry, above: Head | Entry) -> str | None:
    if entry.number != above.number + 1:
        return "number-gap"
    if entry.stream != above.stream:
        return "stream-differs"
    if entry.previous_hash != above.hash:
        return "previous-hash-differs"
    if above.at is not None and entry.at < above.at:
        return "moment-runs-back"
    if isinstance(entry.cause, int) and entry.cause >= entry.number:
        return "cause-not-above"
    return None


def _find_broken_seal(entry: Entry, line: bytes) -> str | None:
    if hash_of(line) != entry.hash:
        return "hash-differs"
    if entry.salt is None:
        return None if entry.raw_body == WITHHELD else "body-without-salt"
    return None if digest_of(entry.salt, entry.raw_body) == entry.body_digest else "body-digest-differs"


def _sealed(above: Head, fact: Fact[Any], *, envelope: Envelope, at: datetime, salt: bytes) -> Entry:
    body = body_of(fact)
    entry = Entry(
        number=above.number + 1,
        stream=above.stream,
        at=at,
        by=envelope.by,
        agency=envelope.agency,
        command_id=envelope.command_id,
        cause=envelope.cause,
        type=fact.type.name,
        body_digest=digest_of(salt, body),
        previous_hash=above.hash,
        hash="",
        salt=salt,
        raw_body=Raw(body),
    )
    sealed = msgspec.structs.replace(entry, hash=hash_of(encode_line(entry)))
    size = len(encode_line(sealed))
    if size > LINE_MAX_BYTES:
        template = N_("The fact {type} takes {size_bytes} bytes; an entry may take {limit_bytes}.")
        facts = {"type": fact.type.name, "size_bytes": size, "limit_bytes": LINE_MAX_BYTES}
        raise HamkorError("entry-too-large", template, **facts)
    return sealed
