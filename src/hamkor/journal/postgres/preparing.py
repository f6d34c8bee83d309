# SPDX-License-Identifier: Apache-2.0
"""The tables of the journal: made and brought up to date step by step, with rights for the application's role."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg import Connection, sql

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

STEPS = sorted((Path(__file__).parent / "steps").glob("*.sql"))
NEWEST = len(STEPS)
# Any number that is always the same: two processes that start at once must not make the tables twice.
_LOCK_NUMBER = 7_215_204_612

_RIGHTS = (
    "GRANT SELECT, INSERT ON journal_entry, journal_command TO {role}",
    "GRANT SELECT, INSERT ON journal_head TO {role}",
    "GRANT UPDATE (number, hash, at, edition, withheld) ON journal_head TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON document TO {role}",
    "GRANT SELECT ON journal_erasure, journal_schema TO {role}",
    "GRANT SELECT, INSERT, UPDATE ON vault_detail TO {role}",
    "GRANT EXECUTE ON FUNCTION journal_erase(text, bigint, text, timestamptz, text) TO {role}",
)


def prepare(connection: Connection[Any], application_role: str | None = None) -> int:
    """Makes the tables that do not exist yet or brings them up to date, and returns the number of their version.

    Args:
        connection: As the role that owns the tables, or will.
        application_role: Role of the processes that serve people: it may append entries and never change them.
            None when the owner serves people itself, as in a trial on one machine.

    Raises:
        HamkorError: `schema-too-new`, when a newer version of the program made the tables; `role-missing`;
            `role-too-strong`, when the role could change entries whatever rights it is given.

    Notes:
        Each step and its number stand or fall together; the rights are given again every time.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
        # Functions keep this path: an object somebody makes in a schema of his own is never taken for ours.
        connection.execute("SELECT set_config('search_path', current_schema() || ', pg_temp', true)")
        version = _read_version(connection)
        if version > NEWEST:
            template = N_("The tables are of version {found}; this program knows versions up to {known}.")
            raise HamkorError("schema-too-new", template, found=version, known=NEWEST)
        for number in range(version + 1, NEWEST + 1):
            connection.execute(STEPS[number - 1].read_bytes())
            connection.execute("INSERT INTO journal_schema (version) VALUES (%s)", [number])
        if application_role is not None:
            _give_rights(connection, application_role)
    return NEWEST


def _read_version(connection: Connection[Any]) -> int:
    """Returns the version of the tables, 0 for none; makes the table of versions, which version 1 did not have."""
    old = connection.execute("SELECT to_regclass('journal_entry'), to_regclass('journal_schema')").fetchone()
    has_entries, has_versions = old or (None, None)
    if has_versions is None:
        connection.execute(
            "CREATE TABLE journal_schema"
            " (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())"
        )
        if has_entries is not None:
            connection.execute("INSERT INTO journal_schema (version) VALUES (1)")
    row = connection.execute("SELECT coalesce(max(version), 0) FROM journal_schema").fetchone()
    return int(row[0]) if row else 0


def _give_rights(connection: Connection[Any], role: str) -> None:
    found = connection.execute(
        "SELECT rolsuper OR pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles WHERE rolname = %s", [role]
    ).fetchone()
    if found is None:
        raise HamkorError("role-missing", N_("There is no database role {role}. Make it first."), role=role)
    if found[0]:
        template = N_(
            "The database role {role} could change entries of the journal, because it is a superuser or may act as"
            " the owner of the tables. Name another role."
        )
        raise HamkorError("role-too-strong", template, role=role)
    schema = connection.execute("SELECT current_schema()").fetchone()
    named = {"role": sql.Identifier(role), "schema": sql.Identifier(schema[0] if schema else "public")}
    for statement in ("GRANT USAGE ON SCHEMA {schema} TO {role}", *_RIGHTS):
        connection.execute(sql.SQL(statement).format(**named))
