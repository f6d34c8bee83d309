# SPDX-License-Identifier: Apache-2.0
"""Entries: the lines of a journal, and the bytes that are hashed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Raw, Struct

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

FORMAT_NAME = "hamkor-journal"
FORMAT_VERSION = 1
SALT_MIN_BYTES = 16
# Largest integer that every JSON reader keeps exactly (RFC 8259, section 6).
NUMBER_MAX = 2**53 - 1
# A reader must be able to refuse a line before it fills the memory; documents take a few kilobytes at most.
LINE_MAX_BYTES = 1 << 20
WITHHELD = Raw(b"null")

Stream = UUID | str

_STREAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_PERSON = re.compile(r"[a-z][a-z-]{0,29}:[A-Za-z0-9._-]{1,100}")
_AGENCY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_HASH_MARK = b',"hash":"'

encode_line = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode


class Entry(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One line of a journal.

    Args:
        number: 1, 2, 3 … without gaps.
        stream: Id of the journal: one per event, drill or plan.
        at: Moment of recording, aware, UTC; never before the entry above.
        by: Reference to the person or rule that acted, such as `person:0192…`; never a name.
        agency: Id of the agency acted for, or None when there is none.
        command_id: UUID of version 7 of the command; entries of one command share it.
        cause: What led to it: the number of an entry above, or the id of a command or thing elsewhere.
        type: Name of the type of fact.
        body_digest: SHA-256 of the salt followed by the body, hexadecimal.
        previous_hash: Hash of the entry above; of the stream's name for the first.
        hash: SHA-256 of the line up to `previous_hash`, closed with a brace; hexadecimal.
        salt: At least 16 random bytes; None when the body is withheld.
        raw_body: The fact in canonical JSON; `null` when withheld. Read it through `body`.
    """

    number: Annotated[int, Meta(ge=1, le=NUMBER_MAX)]
    stream: str
    at: Annotated[datetime, Meta(tz=True)]
    by: str
    agency: str | None
    command_id: UUID
    cause: UUID | Annotated[int, Meta(ge=1, le=NUMBER_MAX)] | None
    type: str
    body_digest: str
    previous_hash: str
    hash: str
    salt: Annotated[bytes, Meta(min_length=SALT_MIN_BYTES)] | None
    raw_body: Raw = msgspec.field(name="body")

    @property
    def is_withheld(self) -> bool:
        """True when the body was withheld or erased; the chain verifies all the same."""
        return self.salt is None

    @property
    def body(self) -> bytes | None:
        """The fact in canonical JSON, or None when it is withheld."""
        return None if self.salt is None else bytes(self.raw_body)


class Head(Struct, frozen=True):
    """Where a journal ends.

    Args:
        stream: Id of the journal.
        number: Number of the last entry; 0 for none.
        hash: Hash of the last entry; of the stream's name when there is none.
        at: Moment of the last entry, or None when there is none.
    """

    stream: str
    number: int
    hash: str
    at: datetime | None = None


class Envelope(Struct, frozen=True, kw_only=True):
    """Who sends a command, when and why.

    Args:
        stream: Id of the journal.
        command_id: UUID of version 7 made by the caller; the same id sent again gets the first answer.
        at: Moment of recording, aware. When the journal already holds a later moment, that one is recorded,
            so that moments never run backwards; when something happened belongs in the fact.
        by: Reference to the person or rule that acts, as `kind:id`; never a name.
        agency: Id of the agency acted for, or None.
        cause: Number of an entry of this journal, id of something elsewhere, or None.

    Raises:
        HamkorError: `envelope-malformed`, naming the field.
    """

    stream: Stream
    command_id: UUID
    at: datetime
    by: str
    agency: str | None = None
    cause: UUID | int | None = None

    def __post_init__(self) -> None:
        """Refuses an envelope that could not be recorded."""
        checks = {
            "stream": is_stream(str(self.stream)),
            "command_id": self.command_id.version == 7,
            "at": self.at.tzinfo is not None,
            "by": _PERSON.fullmatch(self.by) is not None,
            "agency": self.agency is None or _AGENCY.fullmatch(self.agency) is not None,
        }
        for field, is_right in checks.items():
            if not is_right:
                template = N_("The field {field} of the command cannot be recorded: {value}.")
                value = str(getattr(self, field))
                raise HamkorError("envelope-malformed", template, field=field, value=value)


def is_stream(text: str) -> bool:
    """True when a text can name a journal: letters, digits, `.`, `_`, `:`, `-`; at most 100 characters."""
    return _STREAM.fullmatch(text) is not None


def empty_head(stream: Stream) -> Head:
    """Returns the head of a journal that has no entries yet.

    Notes:
        Its hash covers format and stream, so that even an empty export cannot be passed off as another's.
    """
    origin = encode_line({"format": FORMAT_NAME, "version": FORMAT_VERSION, "stream": str(stream)})
    return Head(str(stream), 0, sha256(origin).hexdigest())


def head_of(entry: Entry) -> Head:
    """Returns the head of a journal whose last entry this is."""
    return Head(entry.stream, entry.number, entry.hash, entry.at)


def canonical(value: Any) -> bytes:
    """Returns the one JSON text of a value: UTF-8, names sorted, no white space.

    Raises:
        TypeError: The value has no JSON text.
    """
    return _encode_sorted(value)


def digest_of(salt: bytes, body: bytes | Raw) -> str:
    """Returns the salted digest of a body, hexadecimal."""
    return sha256(salt + body).hexdigest()


def hash_of(line: bytes) -> str:
    """Returns the hash of an entry from its line.

    Notes:
        The hashed text is the line without `hash`, `salt` and `body`. They are written last, and a quote
        inside a JSON string is always escaped, so the text ends where `,"hash":"` first appears.
    """
    return sha256(line[: line.index(_HASH_MARK)] + b"}").hexdigest()


def withhold(entry: Entry) -> Entry:
    """Returns the entry without its body and salt: for an open report, or after personal data was erased."""
    return msgspec.structs.replace(entry, salt=None, raw_body=WITHHELD)


def in_utc(moment: datetime) -> datetime:
    """Returns the same moment in UTC.

    Raises:
        HamkorError: `moment-naive`, when the moment has no time zone.
    """
    if moment.tzinfo is None:
        template = N_("The moment {moment} has no time zone.")
        raise HamkorError("moment-naive", template, moment=moment.isoformat())
    return moment.astimezone(UTC)
