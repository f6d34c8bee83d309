# SPDX-License-Identifier: Apache-2.0
"""The tables of forecasts: made and brought up to date step by step, with rights for the application's role."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg import Connection, sql

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

STEPS = sorted((Path(__file__).parent / "steps").glob("*.sql"))
NEWEST = len(STEPS)
# Two processes that start at once must not make the tables twice.
_LOCK_NUMBER = 7_215_204_621

_RIGHTS = (
    "GRANT SELECT, INSERT, UPDATE ON forecast_latest TO {role}",
    "GRANT SELECT, INSERT, DELETE ON forecast_kept TO {role}",
    "GRANT SELECT ON forecast_schema TO {role}",
)


def prepare(connection: Connection[Any], application_role: str | None = None) -> int:
    """Makes the tables that do not exist yet or brings them up to date, and returns the number of their version.

    Args:
        connection: As the role that owns the tables, or will.
        application_role: Role of the processes that serve people; None when the owner serves people itself.

    Raises:
        HamkorError: `schema-too-new`, when a newer version of the program made the tables.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
        connection.execute(
            "CREATE TABLE IF NOT EXISTS forecast_schema"
            " (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())"
        )
        row = connection.execute("SELECT coalesce(max(version), 0) FROM forecast_schema").fetchone()
        version = int(row[0]) if row else 0
        if version > NEWEST:
            template = N_("The tables are of version {found}; this program knows versions up to {known}.")
            raise HamkorError("schema-too-new", template, found=version, known=NEWEST)
        for number in range(version + 1, NEWEST + 1):
            connection.execute(STEPS[number - 1].read_bytes())
            connection.execute("INSERT INTO forecast_schema (version) VALUES (%s)", [number])
        if application_role is not None:
            for statement in _RIGHTS:
                connection.execute(sql.SQL(statement).format(role=sql.Identifier(application_role)))
    return NEWEST
