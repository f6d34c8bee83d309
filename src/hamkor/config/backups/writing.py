# SPDX-License-Identifier: Apache-2.0
"""Writing a backup while people work: one moment of the database, then the files, then reading it all again."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from psycopg import Connection, IsolationLevel, sql

from hamkor import __version__
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.config.backups.archive import (
    FORMAT,
    FORMAT_VERSION,
    KEY,
    MANIFEST,
    File,
    Manifest,
    Table,
    digest_of,
    read_verified,
    table_member,
)
from hamkor.config.backups.catalogue import (
    list_counters,
    list_heads,
    list_migrations,
    list_tables,
    schema_version,
)
from hamkor.config.environment import Environment
from hamkor.config.installation import Database
from hamkor.config.tables import connect


def write_backup(
    path: Path, environment: Environment, database: Database, *, with_key: bool = False
) -> Manifest:
    """Writes everything of an installation to a file, reads it again, and returns what stands in it.

    Args:
        path: The file; readable for its owner only, because it holds names and phones.
        environment: The settings.
        database: The database; others may go on working in it.
        with_key: Also the key that signs sessions.

    Raises:
        HamkorError: ``backup-exists``, ``nothing-to-back-up``; or the database does not answer.
    """
    if path.exists():
        raise HamkorError("backup-exists", N_("{path} exists already. Give another name."), path=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.touch(mode=0o600, exist_ok=False)
        with partial.open("r+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                manifest = _write(archive, environment, database, with_key=with_key)
            file.flush()
            os.fsync(file.fileno())
        if read_verified(partial) != manifest:
            raise HamkorError(
                "backup-differs", N_("What was written cannot be read again. Look at the disk.")
            )
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def _write(
    archive: zipfile.ZipFile, environment: Environment, database: Database, *, with_key: bool
) -> Manifest:
    with connect(database.owner_url) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection.transaction():
            version = schema_version(connection)
            if version == 0:
                template = N_("The database holds no installation yet: there is nothing to back up.")
                raise HamkorError("nothing-to-back-up", template)
            tables = tuple(
                _write_table(archive, connection, name, columns)
                for name, columns in list_tables(connection).items()
            )
            counters, heads = list_counters(connection), list_heads(connection)
            migrations = list_migrations(connection)
    # Files after the tables: what a row refers to was there before the row, and nothing is taken away meanwhile.
    manifest = Manifest(
        format=FORMAT,
        version=FORMAT_VERSION,
        program=__version__,
        made_at=datetime.now(UTC),
        schema=version,
        migrations=migrations,
        tables=tables,
        counters=counters,
        files=tuple(_write_files(archive, environment, with_key=with_key)),
        heads=heads,
    )
    archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    return manifest


def _write_table(
    archive: zipfile.ZipFile, connection: Connection[Any], name: str, columns: tuple[str, ...]
) -> Table:
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    digest, rows = sha256(), 0
    with (
        archive.open(table_member(name), "w", force_zip64=True) as member,
        connection.cursor().copy(statement) as copy,
    ):
        for chunk in copy:
            text = bytes(chunk)
            rows += text.count(b"\n")  # inside a value, the end of a line is written \n
            digest.update(text)
            member.write(text)
    return Table(name, columns, rows, digest.hexdigest())


def _write_files(archive: zipfile.ZipFile, environment: Environment, *, with_key: bool) -> Iterator[File]:
    folder = environment.files_dir
    paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    named = [(path, f"files/{path.relative_to(folder).as_posix()}") for path in paths]
    if with_key:
        named.append((environment.data_dir / KEY, KEY))
    for path, name in named:
        archive.write(path, name)
        with archive.open(name) as written:
            yield File(name, digest_of(written))
