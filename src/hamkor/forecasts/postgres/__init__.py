# SPDX-License-Identifier: Apache-2.0
"""The tables of forecasts: made and brought up to date step by step, with rights for the application's role."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg import Connection

from hamkor.common.table_steps import Tables, prepare_tables

_RIGHTS = (
    "GRANT SELECT, INSERT, UPDATE ON forecast_latest TO {role}",
    "GRANT SELECT, INSERT, DELETE ON forecast_kept TO {role}",
    "GRANT SELECT ON forecast_schema TO {role}",
)
TABLES = Tables(
    name="forecast",
    steps=sorted((Path(__file__).parent / "steps").glob("*.sql")),
    lock_number=7_215_204_621,
    rights=_RIGHTS,
)


def prepare(connection: Connection[Any], application_role: str | None = None) -> int:
    """Makes the tables that do not exist yet or brings them up to date, and returns the number of their version.

    Args:
        connection: As the role that owns the tables, or will.
        application_role: Role of the processes that serve people; None when the owner serves people itself.

    Raises:
        HamkorError: `schema-too-new`, when a newer version of the program made the tables.
    """
    return prepare_tables(connection, TABLES, application_role)
