# SPDX-License-Identifier: Apache-2.0
"""Reads of the tables; each is one statement, so that it sees one moment of the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.rules import Documents, Entry, Head, empty_head, evolve_entries, find_kind

# Above this, reading the table of documents costs less than catching up entry by entry.
CATCH_UP_MAX = 2_000

_HEAD = "SELECT number, hash, at FROM journal_head WHERE stream = %s"
_CATCH_UP = (
    "SELECT h.number, h.hash, h.at, h.edition, e.line FROM journal_head AS h"
    " LEFT JOIN journal_entry AS e ON e.stream = h.stream AND e.number > %s AND e.number <= h.number"
    " WHERE h.stream = %s ORDER BY e.number LIMIT %s"
)
_LOAD = (
    "SELECT h.number, h.hash, h.at, h.edition, h.withheld, d.kind, d.id, d.body FROM journal_head AS h"
    " LEFT JOIN document AS d ON d.stream = h.stream WHERE h.stream = %s ORDER BY d.position"
)
_ACROSS = "SELECT stream, body FROM document WHERE kind = %s ORDER BY stream, position"
_ENTRIES = "SELECT line FROM journal_entry WHERE stream = %s AND number > %s AND number <= %s ORDER BY number LIMIT %s"
_NEWEST_ENTRIES = (
    "SELECT line FROM journal_entry WHERE stream = %s AND number > %s AND number <= %s"
    " ORDER BY number DESC LIMIT %s"
)
_NO_END = 2**63 - 1
_decode_entry = msgspec.json.Decoder(Entry).decode


class Replica(Struct, frozen=True, gc=False):
    """The documents of a journal as this process last saw them.

    Args:
        head: Where the journal ended.
        edition: How often the documents were changed otherwise than by new entries.
        documents: The documents at that head.
    """

    head: Head
    edition: int
    documents: Documents


def read_head(connection: Connection[Any], stream: str) -> Head:
    """Returns where a journal ends; number 0 for one that was never written to."""
    row = connection.execute(_HEAD, [stream]).fetchone()
    return empty_head(stream) if row is None else head_from(stream, row)


def head_from(stream: str, row: Sequence[Any]) -> Head:
    """Returns the head from a row of number, hash and moment.

    Notes:
        The driver gives moments in the zone of the database's session; entries are hashed in UTC.
    """
    number, hash_, at, *_ = row
    return Head(stream, number, hash_, at and at.astimezone(UTC)) if number else empty_head(stream)


def catch_up(connection: Connection[Any], stream: str, known: Replica | None) -> Replica:
    """Returns the documents at the newest entry the connection sees.

    Args:
        connection: Everything is read through it: a second one taken while the first waits for a lock can exhaust
            the pool, and then nobody moves.
        stream: Id of the journal.
        known: What the process saw last; the table of documents is read when None, or when it does not fit.
    """
    if known is None:
        return load(connection, stream)
    rows = connection.execute(_CATCH_UP, [known.head.number, stream, CATCH_UP_MAX + 1]).fetchall()
    if not rows:
        return Replica(empty_head(stream), 0, Documents())
    return followed(known, rows) or load(connection, stream)


def followed(known: Replica, rows: Sequence[Sequence[Any]]) -> Replica | None:
    """Returns the replica after the rows of a catch-up, or None when they do not lead on from it."""
    head = head_from(known.head.stream, rows[0])
    lines = [row[4] for row in rows if row[4] is not None]
    if rows[0][3] != known.edition or len(lines) > CATCH_UP_MAX:
        return None
    if head.number != known.head.number + len(lines) or (not lines and head.hash != known.head.hash):
        # The database was set back, to a copy from before what we saw.
        return None
    if not lines:
        return known
    entries = [_decode_entry(line) for line in lines]
    documents = known.documents.after(evolve_entries(known.documents, entries), number=head.number)
    return Replica(head, known.edition, documents)


def load(connection: Connection[Any], stream: str) -> Replica:
    """Returns the documents of the table, at the head they belong to."""
    rows = connection.execute(_LOAD, [stream]).fetchall()
    if not rows:
        return Replica(empty_head(stream), 0, Documents())
    head, edition, withheld = head_from(stream, rows[0]), rows[0][3], tuple(rows[0][4])
    read = ((kind, key, body) for *_, kind, key, body in rows if kind is not None)
    documents = (((kind, key), _decode(kind, body)) for kind, key, body in read)
    return Replica(head, edition, Documents(documents, number=head.number, withheld=withheld))


def read_across(connection: Connection[Any], kind: str) -> list[tuple[str, Struct]]:
    """Returns the documents of a kind in every journal, with the journal's id."""
    rows = connection.execute(_ACROSS, [kind]).fetchall()
    return [(stream, _decode(kind, body)) for stream, body in rows]


def read_entries(
    connection: Connection[Any],
    stream: str,
    *,
    after: int = 0,
    until: int | None = None,
    limit: int | None = None,
    newest_first: bool = False,
) -> list[Entry]:
    """Returns the entries with numbers above `after` up to `until`, at most `limit` of them."""
    query = _NEWEST_ENTRIES if newest_first else _ENTRIES
    last = _NO_END if until is None else until
    rows = connection.execute(query, [stream, after, last, limit]).fetchall()
    return [_decode_entry(row[0]) for row in rows]


def _decode(kind: str, body: str) -> Struct:
    declared = find_kind(kind)
    if declared is None:
        template = N_("This version does not know documents of the kind {kind}.")
        raise HamkorError("document-kind-unknown", template, kind=kind)
    document: Struct = msgspec.json.decode(body, type=declared.body)
    return document
