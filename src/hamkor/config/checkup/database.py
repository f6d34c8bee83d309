# SPDX-License-Identifier: Apache-2.0
"""Checks of the database: it answers, is new enough, holds our tables, and keeps what the journal says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import Connection

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.config.checkup.results import BAD, Site, Verdict, bad, warning
from hamkor.config.tables import connect, role_of
from hamkor.journal.postgres.preparing import NEWEST

KEPT_TABLES = ("journal_entry", "journal_command", "journal_head", "journal_erasure")
LATE_S = 60
_COMMANDS = N_("Run `hamkor migrate`.")


def check_answers(site: Site) -> Verdict | None:
    """Looks whether the database answers and is new enough, for the application and for its owner."""
    if site.database is None:
        mend = N_("Start the server with `hamkor serve`, or set DATABASE_URL to a database that runs.")
        return warning(N_("No database runs, and none has been made yet."), mend)
    for url in dict.fromkeys((site.database.url, site.database.owner_url)):
        try:
            connect(url).close()
        except HamkorError as error:
            mend = N_("Look at DATABASE_URL and DATABASE_OWNER_URL, and whether the database runs.")
            return Verdict(BAD, error.message, Message(mend))
    return None


def check_text(site: Site) -> Verdict | None:
    """Looks whether the database keeps every letter."""
    encoding = _one(site, "SHOW server_encoding")
    if encoding != "UTF8":
        mend = N_(
            "Make a database with the encoding UTF8 and move to it with `hamkor backup` and `hamkor restore`."
        )
        return bad(N_("The database is encoded as {encoding}."), mend, encoding=encoding)
    return None


def check_tables(site: Site) -> Verdict | None:
    """Looks whether the tables are those of this version of the program."""
    if _one(site, "SELECT to_regclass('journal_schema')::text") is None:
        return bad(N_("The tables of the journal are not there."), _COMMANDS)
    version = _one(site, "SELECT max(version) FROM journal_schema")
    if version != NEWEST:
        found = N_("The journal's tables are of version {found}; this program works with version {wanted}.")
        return bad(found, _COMMANDS, found=version, wanted=NEWEST)
    missing = missing_migrations(site)
    if missing:
        return bad(N_("The tables lack changes of this version: {names}."), _COMMANDS, names=missing)
    return None


def missing_migrations(site: Site) -> list[str]:
    """Returns the names of the changes of Django's tables that were not made yet."""
    from django.db.migrations.loader import MigrationLoader

    known = set(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)
    with _connected(site) as connection:
        done = set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
    return [f"{app}.{name}" for app, name in sorted(known - done)]


def check_rights(site: Site) -> Verdict | None:
    """Looks whether the role that serves people could change what stands in the journal."""
    assert site.database is not None  # noqa: S101 - asked only when it answers
    asked = "SELECT bool_or(has_table_privilege(t, p)) FROM unnest(%s::text[]) AS t, unnest(%s::text[]) AS p"
    with _connected(site) as connection:
        row = connection.execute(asked, [list(KEPT_TABLES[:2]), ["UPDATE", "DELETE", "TRUNCATE"]]).fetchone()
    if row is None or not row[0]:
        return None
    role = role_of(site.database.url)
    facts = {"role": role or "?"}
    if site.database.url != site.database.owner_url:
        mend = N_(
            "Name a role in DATABASE_URL that is neither owner nor superuser, and run `hamkor migrate`."
        )
        return bad(N_("The database role {role} may change entries of the journal."), mend, **facts)
    mend = N_("Make a second role, name it in DATABASE_URL, and its owner in DATABASE_OWNER_URL.")
    found = N_(
        "One database role, {role}, owns the tables and serves people; only triggers protect the journal."
    )
    return warning(found, mend, **facts)


def check_writes(site: Site) -> Verdict | None:
    """Writes to the journal, reads it back, tries to change it, and takes everything back."""
    stream, line = f"check-{uuid4().hex}", '{"check":true}'
    with _connected(site) as connection:
        try:
            with connection.transaction(force_rollback=True):
                now = datetime.now(UTC)
                head = "INSERT INTO journal_head (stream, number, hash, at) VALUES (%s, 1, '', %s)"
                connection.execute(head, [stream, now])
                connection.execute(
                    "INSERT INTO journal_entry (stream, number, line) VALUES (%s, 1, %s)", [stream, line]
                )
                read = connection.execute(
                    "SELECT line FROM journal_entry WHERE stream = %s", [stream]
                ).fetchone()
                is_changed = _can_change(connection, stream)
        except psycopg.Error as error:
            mend = N_("Look at the rights of the role in DATABASE_URL, and run `hamkor migrate`.")
            return bad(
                N_("The journal cannot be written: {reason}."), mend, reason=str(error).splitlines()[0]
            )
    if read != (line,) or is_changed:
        mend = N_("Restore the last backup into a new installation, and compare the head hashes.")
        return bad(N_("The journal does not keep what is written to it."), mend)
    return None


def _can_change(connection: Connection[Any], stream: str) -> bool:
    """True when an entry can be changed, which must never be so."""
    try:
        with connection.transaction():
            done = connection.execute("UPDATE journal_entry SET line = '' WHERE stream = %s", [stream])
            return done.rowcount > 0
    except psycopg.Error:
        return False


def check_worker(site: Site) -> Verdict | None:
    """Looks whether a worker has given a sign of life lately."""
    late = worker_silence_s(site)
    if late is None or late > LATE_S:
        mend = N_("Start the server with `hamkor serve`, or the worker's service.")
        return warning(N_("No worker is at work: nothing is printed or cleaned up."), mend)
    return None


def worker_silence_s(site: Site) -> float | None:
    """Returns how long ago a worker last gave a sign of life, in seconds; None when there is none."""
    value = _one(site, "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
    return None if value is None else float(value)


def _connected(site: Site) -> Connection[Any]:
    assert site.database is not None  # noqa: S101 - asked only when it answers
    return connect(site.database.url)


def _one(site: Site, query: str) -> Any:
    with _connected(site) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None
