# SPDX-License-Identifier: Apache-2.0
"""Tables a room keeps beside the journal: made and brought up to date step by step, with rights for one role."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from psycopg import Connection, sql

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_


class Tables(msgspec.Struct, frozen=True, kw_only=True):
    """The tables of one room.

    Args:
        name: Beginning of their names; `<name>_schema` holds the version.
        steps: One SQL file for each version, in order.
        lock_number: Advisory lock of their own: two processes that start at once must not make them twice.
        rights: Statements that give `{role}` what the processes that serve people need.
    """

    name: str
    steps: Sequence[Path]
    lock_number: int
    rights: tuple[str, ...]


def prepare_tables(connection: Connection[Any], tables: Tables, application_role: str | None = None) -> int:
    """Makes the tables that do not exist yet or brings them up to date, and returns the number of their version.

    Args:
        connection: As the role that owns the tables, or will.
        tables: What to make.
        application_role: Role of the processes that serve people; None when the owner serves people itself.

    Raises:
        HamkorError: `schema-too-new`, when a newer version of the program made the tables.
    """
    newest, versions = len(tables.steps), sql.Identifier(f"{tables.name}_schema")
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [tables.lock_number])
        made = (
            "CREATE TABLE IF NOT EXISTS {}"
            " (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())"
        )
        connection.execute(sql.SQL(made).format(versions))
        row = connection.execute(
            sql.SQL("SELECT coalesce(max(version), 0) FROM {}").format(versions)
        ).fetchone()
        version = int(row[0]) if row else 0
        if version > newest:
            template = N_("The tables are of version {found}; this program knows versions up to {known}.")
            raise HamkorError("schema-too-new", template, found=version, known=newest)
        for number in range(version + 1, newest + 1):
            connection.execute(tables.steps[number - 1].read_bytes())
            connection.execute(sql.SQL("INSERT INTO {} (version) VALUES (%s)").format(versions), [number])
        for statement in tables.rights if application_role is not None else ():
            connection.execute(sql.SQL(statement).format(role=sql.Identifier(str(application_role))))
    return newest
