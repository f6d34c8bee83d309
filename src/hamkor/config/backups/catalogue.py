# SPDX-License-Identifier: Apache-2.0
"""What there is in the database to keep: tables in the order in which they can be read back, columns, counters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg import Connection

from hamkor.config.backups.archive import Counter, JournalHead

_TABLES = (
    "SELECT c.oid::int8, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    # Single readings of devices are kept by day and not backed up: the minutes made of them are.
    " WHERE n.nspname = current_schema() AND c.relkind = 'r' AND NOT c.relispartition ORDER BY c.relname"
)
# Django checks its own references at the end of a transaction; the others need what they point at to be there.
_REFERENCES = (
    "SELECT conrelid::int8, confrelid::int8 FROM pg_constraint"
    " WHERE contype = 'f' AND NOT condeferrable AND conrelid <> confrelid"
)
_COLUMNS = (
    "SELECT attname FROM pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped"
    " AND attgenerated = '' ORDER BY attnum"
)
_SEQUENCES = (
    "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind = 'S' ORDER BY c.relname"
)


def list_tables(connection: Connection[Any]) -> dict[str, tuple[str, ...]]:
    """Returns the columns of every table, those first that others refer to."""
    names: dict[int, str] = dict(connection.execute(_TABLES).fetchall())
    needs: dict[int, set[int]] = {oid: set() for oid in names}
    for child, parent in connection.execute(_REFERENCES).fetchall():
        if child in needs and parent in names:
            needs[child].add(parent)
    columns = {}
    for oid in _in_order(needs):
        columns[names[oid]] = tuple(row[0] for row in connection.execute(_COLUMNS, [oid]).fetchall())
    return columns


def _in_order(needs: Mapping[int, set[int]]) -> list[int]:
    """Returns the keys, each after what it needs; those in a circle last."""
    done: list[int] = []
    left = dict(needs)
    while left:
        free = [key for key, wanted in left.items() if wanted.issubset(done)] or list(left)
        done += free
        left = {key: wanted for key, wanted in left.items() if key not in free}
    return done


def list_counters(connection: Connection[Any]) -> tuple[Counter, ...]:
    """Returns where every sequence stands."""
    found = []
    for (name,) in connection.execute(_SEQUENCES).fetchall():
        row = connection.execute(f'SELECT last_value, is_called FROM "{name}"'.encode()).fetchone()  # noqa: S608 - a name of the catalogue
        if row is not None:
            found.append(Counter(name, row[0], row[1]))
    return tuple(found)


def list_heads(connection: Connection[Any]) -> tuple[JournalHead, ...]:
    """Returns where every journal ends."""
    query = "SELECT stream, number, hash FROM journal_head WHERE number > 0 ORDER BY stream"
    return tuple(JournalHead(*row) for row in connection.execute(query).fetchall())


def list_migrations(connection: Connection[Any]) -> tuple[str, ...]:
    """Returns the changes of the tables that were made."""
    rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return tuple(f"{app}.{name}" for app, name in rows)


def schema_version(connection: Connection[Any]) -> int:
    """Returns the version of the journal's tables, 0 when there are none."""
    there = connection.execute("SELECT to_regclass('journal_schema') IS NOT NULL").fetchone()
    if there is None or not there[0]:
        return 0
    row = connection.execute("SELECT coalesce(max(version), 0) FROM journal_schema").fetchone()
    return int(row[0]) if row else 0
