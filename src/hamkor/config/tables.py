# SPDX-License-Identifier: Apache-2.0
"""Makes the tables of the installation, and gives the role that serves people no more rights than it needs."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import Connection, sql

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.config.embedded_postgres import APPLICATION_ROLE
from hamkor.config.installation import Database
from hamkor.forecasts.postgres import prepare as prepare_forecasts
from hamkor.journal.postgres import prepare
from hamkor.telemetry.postgres import prepare as prepare_telemetry

OLDEST_VERSION = 15
PATIENCE_S = 15.0
CONNECT_S = 5
# Two servers that start at once must not make the tables twice.
_LOCK_NUMBER = 7_215_204_613
# Of these the rooms they belong to say who may do what.
_TABLES_OF_THE_JOURNAL = r"^(journal_.*|document|vault_detail|telemetry_.*|forecast_.*)$"
_OTHER_TABLES = (
    "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v') AND c.relname !~ %s"
)


class DatabaseUnusableError(HamkorError):
    """The database cannot be used; says why and how to mend it."""


def connect(url: str, *, patience_s: float = 0.0) -> Connection[Any]:
    """Returns a connection to a database.

    Args:
        url: Where it is.
        patience_s: For how long to try again, in seconds: a database may start together with us.

    Raises:
        DatabaseUnusableError: ``database-unreachable`` or ``database-too-old``.
    """
    deadline = time.monotonic() + patience_s
    while True:
        try:
            connection: Connection[Any] = psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_S)
            break
        except psycopg.Error as error:
            if time.monotonic() >= deadline or not isinstance(error, psycopg.OperationalError):
                raise unreachable(url, error) from error
            time.sleep(0.3)
    if connection.info.server_version < OLDEST_VERSION * 10_000:
        found = connection.info.server_version // 10_000
        connection.close()
        template = N_("The database is PostgreSQL {found}; version {wanted} or later is needed.")
        raise DatabaseUnusableError(
            "database-too-old", template, found=str(found), wanted=str(OLDEST_VERSION)
        )
    return connection


def unreachable(url: str, error: Exception) -> DatabaseUnusableError:
    """Returns the refusal for a database that does not answer; never with the password."""
    reason = " ".join(str(error).split())
    password = urlsplit(url).password if "://" in url else None
    if password:
        reason = reason.replace(password, "…").replace(unquote(password), "…")
    template = N_(
        "The database does not answer: {reason}. Look at DATABASE_URL, and whether the database runs."
    )
    return DatabaseUnusableError("database-unreachable", template, reason=reason.rstrip("."))


def make_tables(database: Database) -> None:
    """Makes the tables or brings them up to date, and gives the application its rights.

    Raises:
        DatabaseUnusableError: The database does not answer, is too old, or its owner may not make tables.
        HamkorError: As `hamkor.journal.postgres.prepare`.

    Notes:
        Django must have been set up on the owner's connection.
    """
    from django.core.management import call_command

    application, owner = role_of(database.url), role_of(database.owner_url)
    role = application if application != owner else None
    with connect(database.owner_url, patience_s=PATIENCE_S) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK_NUMBER])
        try:
            if database.is_embedded:
                _make_role(connection)
            call_command("migrate", interactive=False, verbosity=0)
            prepare(connection, role)
            prepare_telemetry(connection, role)
            prepare_forecasts(connection, role)
            if role is not None:
                _give_rights(connection, role)
        except psycopg.errors.InsufficientPrivilege as error:
            raise _without_rights(owner, error) from error
        except Exception as error:
            cause = error.__cause__
            if isinstance(cause, psycopg.errors.InsufficientPrivilege):
                raise _without_rights(owner, cause) from error
            raise


def role_of(url: str) -> str:
    """Returns the role a database URL names, empty when it names none."""
    return unquote(urlsplit(url).username or "")


def _without_rights(owner: str, error: Exception) -> DatabaseUnusableError:
    template = N_(
        "The database role {role} may not make tables ({reason}). Make it the owner of the database, or give a role"
        " that is in DATABASE_OWNER_URL."
    )
    reason = str(error).strip().splitlines()[0]
    return DatabaseUnusableError("database-without-rights", template, role=owner or "?", reason=reason)


def _make_role(connection: Connection[Any]) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE]).fetchone()
    if found is None:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APPLICATION_ROLE)))


def _give_rights(connection: Connection[Any], role: str) -> None:
    """Lets the application read and write every table that is not of the journal."""
    with connection.transaction():
        grantee = sql.Identifier(role)
        for (table,) in connection.execute(_OTHER_TABLES, [_TABLES_OF_THE_JOURNAL]).fetchall():
            statement = sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}")
            connection.execute(statement.format(sql.Identifier(table), grantee))
        row = connection.execute("SELECT current_schema()").fetchone()
        schema = sql.Identifier(row[0] if row else "public")
        grant = sql.SQL("GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {} TO {}")
        connection.execute(grant.format(schema, grantee))
