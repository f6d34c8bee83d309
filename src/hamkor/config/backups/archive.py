# SPDX-License-Identifier: Apache-2.0
"""The file of a backup: a ZIP archive of tables as text, of uploaded files, and of a list that proves them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message

FORMAT = "hamkor-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
KEY = "secret.key"
CHUNK_BYTES = 1024 * 1024
_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")
_FILE_NAME = re.compile(r"files/[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*\Z")


class BackupUnusableError(HamkorError):
    """The file is no whole backup, or not one for this installation."""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table in a backup.

    Args:
        name: Its name in the database.
        columns: The columns in the order in which they were written.
        rows: Number of rows.
        digest: SHA-256 of its text.
    """

    name: str
    columns: tuple[str, ...]
    rows: int
    digest: str


class Counter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sequence that gives numbers.

    Args:
        name: Its name in the database.
        value: Last number.
        is_called: Whether that number was given already.
    """

    name: str
    value: int
    is_called: bool


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An uploaded file.

    Args:
        name: Its path in the archive.
        digest: SHA-256 of its bytes.
    """

    name: str
    digest: str


class JournalHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a journal ended when the backup was written.

    Args:
        stream: Id of the journal.
        number: Number of its last entry.
        hash: Hash of its last entry.
    """

    stream: str
    number: int
    hash: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in a backup.

    Args:
        format: Always `FORMAT`.
        version: Version of the format.
        program: Version of Hamkor that wrote it.
        made_at: When it was written, aware.
        schema: Version of the journal's tables.
        migrations: The changes of the other tables that had been made.
        tables: The tables, in an order in which they can be read back.
        counters: The sequences.
        files: Uploaded files and, when wanted, the key.
        heads: Where every journal ended.
    """

    format: str
    version: int
    program: str
    made_at: datetime
    schema: int
    migrations: tuple[str, ...]
    tables: tuple[Table, ...]
    counters: tuple[Counter, ...]
    files: tuple[File, ...]
    heads: tuple[JournalHead, ...]


def table_member(name: str) -> str:
    """Returns the path of a table in the archive."""
    return f"database/{name}.copy"


def read_verified(path: Path) -> Manifest:
    """Returns what stands in a backup after reading every byte of it.

    Raises:
        BackupUnusableError: ``backup-unusable``, with the first thing that is wrong.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
            _check_names(manifest, archive)
            for name, digest in members(manifest):
                with archive.open(name) as file:
                    if digest_of(file) != digest:
                        raise unusable(path, N_("{name} is not what was written"), name=name)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, EOFError, NotImplementedError) as error:
        raise unusable(path, N_("it is cut off or no archive")) from error
    except msgspec.DecodeError as error:
        raise unusable(path, N_("its list cannot be read: {reason}"), reason=str(error)) from error
    except RuntimeError as error:  # an archive with a password
        raise unusable(path, N_("it is cut off or no archive")) from error
    return manifest


def members(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yields the path and the digest of everything the list names."""
    for table in manifest.tables:
        yield table_member(table.name), table.digest
    for file in manifest.files:
        yield file.name, file.digest


def digest_of(file: IO[bytes]) -> str:
    """Returns the SHA-256 of a file's bytes in hexadecimal digits."""
    digest = sha256()
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def unusable(path: Path, reason: str, /, **facts: object) -> BackupUnusableError:
    """Returns the refusal of a file, with the reason marked by ``N_``."""
    template = N_("{path} cannot be restored: {reason}. Take another backup.")
    return BackupUnusableError(
        "backup-unusable", template, path=str(path), reason=Message(reason, dict(facts))
    )


def _check_names(manifest: Manifest, archive: zipfile.ZipFile) -> None:
    """Lets nothing out of its folder, whoever wrote the archive."""
    path = Path(str(archive.filename))
    if manifest.format != FORMAT or manifest.version != FORMAT_VERSION:
        raise unusable(path, N_("it has a format of another version"))
    names = [name for table in manifest.tables for name in (table.name, *table.columns)]
    names += [counter.name for counter in manifest.counters]
    wrong = [name for name in names if not _NAME.match(name)]
    for file in manifest.files:
        is_inside = _FILE_NAME.match(file.name) and ".." not in file.name.split("/")
        if file.name != KEY and not is_inside:
            wrong.append(file.name)
    if wrong:
        raise unusable(path, N_("it names {name}"), name=wrong[0])
    told = {name for name, _ in members(manifest)} | {MANIFEST}
    if told != set(archive.namelist()) or len(archive.namelist()) != len(told):
        raise unusable(path, N_("it holds other things than its list names"))
