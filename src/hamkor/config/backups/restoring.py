# SPDX-License-Identifier: Apache-2.0
"""Reading a backup into an empty installation in one transaction, then proving every journal in it."""

from __future__ import annotations

import shutil
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from psycopg import Connection, sql

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.config.backups.archive import CHUNK_BYTES, Manifest, Table, read_verified, table_member, unusable
from hamkor.config.backups.catalogue import list_heads, list_migrations, list_tables, schema_version
from hamkor.config.backups.proving import prove_journals
from hamkor.config.environment import Environment
from hamkor.config.installation import Database
from hamkor.config.tables import connect, make_tables
from hamkor.journal.postgres.preparing import NEWEST

_OTHER_VERSION = N_(
    "it was written by version {program} with other tables; restore it with that version, then upgrade"
)
# What tells that people have worked here; tables that are filled when they are made are not among them.
_SIGNS_OF_WORK = ("agencies_user", "journal_head", "vault_detail")


def restore_backup(path: Path, environment: Environment, database: Database) -> Manifest:
    """Fills an empty installation from a backup and returns what stands in it.

    Args:
        path: The file.
        environment: The settings.
        database: The database; Django must have been set up on its owner's connection.

    Raises:
        BackupUnusableError: ``backup-unusable``: damaged, cut off, or of another version of the program.
        HamkorError: ``not-empty``, ``restore-differs``; or the database does not answer.
    """
    manifest = read_verified(path)
    prove_journals(path, manifest)
    _require_known_tables(manifest, path)
    with connect(database.owner_url) as connection:
        _require_empty(connection, environment)
    make_tables(database)
    with connect(database.owner_url) as connection, zipfile.ZipFile(path) as archive:
        with connection.transaction():
            _require_same_version(connection, manifest, path)
            _require_empty(connection, environment)
            _fill(connection, archive, manifest)
        _restore_files(archive, manifest, environment)
        _prove(connection, manifest)
    return manifest


def _require_empty(connection: Connection[Any], environment: Environment) -> None:
    is_used = environment.files_dir.is_dir() and any(environment.files_dir.iterdir())
    for table in _SIGNS_OF_WORK:
        there = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()
        if there is not None and there[0]:
            query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table))
            row = connection.execute(query).fetchone()
            is_used = is_used or bool(row and row[0])
    if is_used:
        template = N_(
            "This installation holds data already. Restore into an empty one: another HAMKOR_DATA_DIR, or a new"
            " database."
        )
        raise HamkorError("not-empty", template)


def _require_known_tables(manifest: Manifest, path: Path) -> None:
    """Refuses an archive of another version before anything is made for it."""
    from django.db.migrations.loader import MigrationLoader

    ours = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).graph.nodes}
    if manifest.schema != NEWEST or not ours.issubset(manifest.migrations):
        raise unusable(path, _OTHER_VERSION, program=manifest.program)


def _require_same_version(connection: Connection[Any], manifest: Manifest, path: Path) -> None:
    ours = (schema_version(connection), list_migrations(connection))
    there = {name: set(columns) for name, columns in list_tables(connection).items()}
    told = {table.name: set(table.columns) for table in manifest.tables}
    if ours != (manifest.schema, manifest.migrations) or there != told:
        raise unusable(path, _OTHER_VERSION, program=manifest.program)


def _fill(connection: Connection[Any], archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Reads every table back without its triggers: they watch people at work, and their results are in the backup."""
    names = [sql.Identifier(table.name) for table in manifest.tables]
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)))
    connection.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in manifest.tables:
        _fill_table(connection, archive, table)
    for counter in manifest.counters:
        connection.execute(
            "SELECT setval(%s::regclass, %s, %s)", [counter.name, counter.value, counter.is_called]
        )
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))


def _fill_table(connection: Connection[Any], archive: zipfile.ZipFile, table: Table) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    with (
        connection.cursor() as cursor,
        archive.open(table_member(table.name)) as member,
        cursor.copy(statement) as copy,
    ):
        while chunk := member.read(CHUNK_BYTES):
            copy.write(chunk)


def _restore_files(archive: zipfile.ZipFile, manifest: Manifest, environment: Environment) -> None:
    for file in manifest.files:
        target = environment.data_dir / file.name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):
            target.unlink()  # the key this installation made for itself a moment ago
        target.touch(mode=0o600, exist_ok=False)
        with archive.open(file.name) as member, target.open("wb") as out:
            shutil.copyfileobj(member, out, CHUNK_BYTES)


def _prove(connection: Connection[Any], manifest: Manifest) -> None:
    """Verifies every journal as it now stands, from its first entry to the head the backup tells."""
    from hamkor.journal.queries import list_streams, verify_journal
    from hamkor.journal.rules import Verified
    from hamkor.workspace.stores import journals

    store = journals()
    wrong = [
        stream for stream in list_streams(store) if not isinstance(verify_journal(store, stream), Verified)
    ]
    if wrong or list_heads(connection) != manifest.heads:
        template = N_(
            "What was restored is not what was written: {journals}. Remove this installation and take another backup."
        )
        raise HamkorError("restore-differs", template, journals=wrong or ["journal_head"])
