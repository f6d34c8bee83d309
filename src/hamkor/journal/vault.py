# SPDX-License-Identifier: Apache-2.0
"""The vault: personal details beside the journal. Facts hold a reference; the details can be erased for good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.rules import LINE_MAX_BYTES, in_utc
from hamkor.journal.store import Erasure

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg_pool import ConnectionPool

_PUT = (
    "INSERT INTO vault_detail (stream, reference, body) VALUES (%s, %s, %s)"
    " ON CONFLICT (stream, reference) DO UPDATE SET body = excluded.body WHERE vault_detail.body IS NOT NULL"
)
_ERASE = (
    "UPDATE vault_detail SET body = NULL, erased_by = %s, erased_at = %s, reason = %s"
    " WHERE stream = %s AND reference = %s AND body IS NOT NULL"
)
_FIND = "SELECT body FROM vault_detail WHERE stream = %s AND reference = %s AND body IS NOT NULL"
_ALL = "SELECT reference, body FROM vault_detail WHERE stream = %s AND body IS NOT NULL ORDER BY reference"
_ERASED = (
    "SELECT reference, erased_by, erased_at, reason FROM vault_detail"
    " WHERE stream = %s AND body IS NULL ORDER BY reference"
)


class Vault(Protocol):
    """Keeps personal details by journal and reference; what was erased stays erased."""

    def put(self, stream: str, reference: str, body: bytes) -> None:
        """Keeps a body, a JSON text, in the place of an earlier one.

        Raises:
            HamkorError: `detail-erased`, when it was erased before; `detail-malformed`, when it is not a JSON text
                or too large.
        """

    def find(self, stream: str, reference: str) -> bytes | None:
        """Returns a body, or None when none is kept."""

    def get_all(self, stream: str) -> Mapping[str, bytes]:
        """Returns the bodies that are kept, by reference."""

    def erase(self, stream: str, reference: str, *, by: str, at: datetime, reason: str) -> bool:
        """Erases a body for good, and leaves who did it, when and why; False when none is kept.

        Raises:
            HamkorError: `erasure-unfounded`, when it does not say who and why.
        """

    def get_erased(self, stream: str) -> Mapping[str, Erasure]:
        """Returns who had what erased, when and why, by reference."""


class MemoryVault:
    """Keeps details in memory; safe for use from several threads."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, bytes]] = {}
        self._erased: dict[str, dict[str, Erasure]] = {}
        self._lock = Lock()

    def put(self, stream: str, reference: str, body: bytes) -> None:
        """Keeps a body in the place of an earlier one; see `Vault`."""
        _require_body(reference, body)
        with self._lock:
            if reference in self._erased.get(stream, {}):
                raise _erased(reference)
            self._kept.setdefault(stream, {})[reference] = body

    def find(self, stream: str, reference: str) -> bytes | None:
        """Returns a body, or None when none is kept."""
        with self._lock:
            return self._kept.get(stream, {}).get(reference)

    def get_all(self, stream: str) -> Mapping[str, bytes]:
        """Returns the bodies that are kept, by reference."""
        with self._lock:
            return dict(sorted(self._kept.get(stream, {}).items()))

    def erase(self, stream: str, reference: str, *, by: str, at: datetime, reason: str) -> bool:
        """Erases a body for good, and leaves who did it, when and why; False when none is kept."""
        erasure = _founded(by, at, reason)
        with self._lock:
            if self._kept.get(stream, {}).pop(reference, None) is None:
                return False
            self._erased.setdefault(stream, {})[reference] = erasure
            return True

    def get_erased(self, stream: str) -> Mapping[str, Erasure]:
        """Returns who had what erased, when and why, by reference."""
        with self._lock:
            return dict(sorted(self._erased.get(stream, {}).items()))


class PostgresVault:
    """Keeps details in a PostgreSQL database, in a table of their own.

    Args:
        pool: Connections to the database whose tables `prepare` made; the vault does not close it.

    Notes:
        The database drops the old text from its files at its next clean-up of the table (VACUUM), and copies of the
        database made earlier still hold it: they have to be thrown away in their own time.
    """

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool

    def put(self, stream: str, reference: str, body: bytes) -> None:
        """Keeps a body in the place of an earlier one; see `Vault`."""
        _require_body(reference, body)
        with self._pool.connection() as connection:
            if not connection.execute(_PUT, [stream, reference, body.decode()]).rowcount:
                raise _erased(reference)

    def find(self, stream: str, reference: str) -> bytes | None:
        """Returns a body, or None when none is kept."""
        with self._pool.connection() as connection:
            row = connection.execute(_FIND, [stream, reference]).fetchone()
        return None if row is None else row[0].encode()

    def get_all(self, stream: str) -> Mapping[str, bytes]:
        """Returns the bodies that are kept, by reference."""
        with self._pool.connection() as connection:
            rows = connection.execute(_ALL, [stream]).fetchall()
        return {reference: body.encode() for reference, body in rows}

    def erase(self, stream: str, reference: str, *, by: str, at: datetime, reason: str) -> bool:
        """Erases a body for good, and leaves who did it, when and why; False when none is kept."""
        erasure = _founded(by, at, reason)
        values = [erasure.by, erasure.at, erasure.reason, stream, reference]
        with self._pool.connection() as connection:
            return connection.execute(_ERASE, values).rowcount == 1

    def get_erased(self, stream: str) -> Mapping[str, Erasure]:
        """Returns who had what erased, when and why, by reference."""
        with self._pool.connection() as connection:
            rows = connection.execute(_ERASED, [stream]).fetchall()
        return {reference: Erasure(by, at.astimezone(UTC), reason) for reference, by, at, reason in rows}


def _founded(by: str, at: datetime, reason: str) -> Erasure:
    if not by.strip() or not reason.strip():
        raise HamkorError("erasure-unfounded", N_("Say who has it erased and why."))
    return Erasure(by, in_utc(at), reason)


def _require_body(reference: str, body: bytes) -> None:
    """Refuses what is not a JSON text; the text itself is never repeated in the refusal."""
    try:
        msgspec.json.decode(body)
        body.decode()
        is_text = len(body) <= LINE_MAX_BYTES
    except (ValueError, RecursionError):
        is_text = False
    if not is_text or not reference or "\0" in reference:
        template = N_("The details of {reference} cannot be kept: they are not a JSON text, or too large.")
        raise HamkorError("detail-malformed", template, reference=reference)


def _erased(reference: str) -> HamkorError:
    template = N_("The details of {reference} were erased. Use a new reference for new details.")
    return HamkorError("detail-erased", template, reference=reference)
