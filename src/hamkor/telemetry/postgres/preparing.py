# SPDX-License-Identifier: Apache-2.0
"""The tables of telemetry: made and brought up to date step by step, with rights for the application's role."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg import Connection

from hamkor.common.table_steps import Tables, prepare_tables

DAYS_AHEAD = 3
KEPT_DAYS = 30
_RIGHTS = (
    "GRANT SELECT, INSERT ON telemetry_sample TO {role}",
    "GRANT SELECT, INSERT, UPDATE ON telemetry_minute, telemetry_latest, telemetry_sequence, telemetry_mark TO {role}",
    "GRANT SELECT, INSERT, DELETE ON telemetry_relay TO {role}",
    "GRANT SELECT ON telemetry_schema TO {role}",
    "GRANT EXECUTE ON FUNCTION telemetry_keep(integer, integer) TO {role}",
)
TABLES = Tables(
    name="telemetry",
    steps=sorted((Path(__file__).parent / "steps").glob("*.sql")),
    lock_number=7_215_204_615,
    rights=_RIGHTS,
)


def prepare(connection: Connection[Any], application_role: str | None = None) -> int:
    """Makes the tables that do not exist yet or brings them up to date, and returns the number of their version.

    Args:
        connection: As the role that owns the tables, or will.
        application_role: Role of the processes that serve people: it may add readings and never change them. None
            when the owner serves people itself.

    Raises:
        HamkorError: `schema-too-new`, when a newer version of the program made the tables.
    """
    version = prepare_tables(connection, TABLES, application_role)
    keep_partitions(connection, 3_660)
    return version


def keep_partitions(connection: Connection[Any], kept_days: int = KEPT_DAYS) -> tuple[int, int]:
    """Makes the partitions of the next days and drops those that are too old; returns how many of each.

    Args:
        connection: As any role of the installation.
        kept_days: For how many days readings are kept.
    """
    row = connection.execute(
        "SELECT made, dropped FROM telemetry_keep(%s, %s)", [DAYS_AHEAD, kept_days]
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
