# SPDX-License-Identifier: Apache-2.0
"""Contents of files, kept by their digests: written once, never changed, verified whenever they are read."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.rules import Stream, is_stream

CHUNK_BYTES = 1 << 20
FOLDER_MODE = 0o700
_DIGEST = re.compile(r"[0-9a-f]{64}")


class FileContentError(HamkorError):
    """The content of a file is not there, or is not what was kept."""


class FileStore:
    """Keeps contents in a folder, below two letters of their digests; safe for use from several processes.

    Args:
        directory: The folder; made when it is first written to, for the user of the process alone.

    Notes:
        Each event has a store of its own (`of_event`): the same content attached at two events is kept twice, so that
        erasing it at one neither takes it from the other nor leaves it behind.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = Path(directory)

    def of_event(self, stream: Stream) -> FileStore:
        """Returns the store of one event.

        Raises:
            ValueError: The text cannot name a journal.
        """
        if not is_stream(str(stream)):
            raise ValueError(f"{stream!r} names no journal")
        return FileStore(self.directory / str(stream))

    def put(self, content: bytes | BinaryIO) -> str:
        """Keeps a content and returns its SHA-256 digest, hexadecimal; kept already, nothing changes.

        Args:
            content: The content, or a stream at its beginning.

        Notes:
            Whole or not at all: it is written aside, flushed to the disk, then linked to its place, which never
            replaces anything. A damaged copy in that place is set aside first.
        """
        aside = self._folder(self.directory / "aside")
        descriptor, name = tempfile.mkstemp(dir=aside)  # for the user alone (0600)
        written = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                digest = _copy(content, file)
                file.flush()
                os.fsync(file.fileno())
            self._link(written, digest)
        finally:
            written.unlink(missing_ok=True)
        return digest

    def get(self, digest: str) -> bytes:
        """Returns a content after verifying it.

        Raises:
            FileContentError: ``file-content-absent`` or ``file-content-damaged``.
        """
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError:
            template = N_(
                "The content of this file is not kept here. Ask whoever attached it to attach it again."
            )
            raise FileContentError("file-content-absent", template, digest=digest) from None
        if sha256(content).hexdigest() != digest:
            template = N_("The content of this file is damaged. Ask whoever attached it to attach it again.")
            raise FileContentError("file-content-damaged", template, digest=digest)
        return content

    def exists(self, digest: str) -> bool:
        """Returns True when a content is kept; whether it is whole only reading tells."""
        return self._path(digest).is_file()

    def erase(self, digest: str) -> bool:
        """Erases a content; returns False when it was not there."""
        path = self._path(digest)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        _flush_folder(path.parent)
        return True

    def list_digests(self) -> tuple[str, ...]:
        """Returns the digests of everything kept, sorted."""
        return tuple(
            sorted(path.name for path in self.directory.glob("[0-9a-f][0-9a-f]/*") if _is_digest(path.name))
        )

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits until nobody else is in a turn, then gives it: what is kept agrees with the record at its end."""
        lock = self._folder(self.directory) / "lock"
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _path(self, digest: str) -> Path:
        if not _is_digest(digest):
            raise ValueError(f"{digest!r} is no digest")
        return self.directory / digest[:2] / digest

    def _folder(self, path: Path) -> Path:
        # One by one: what `parents=True` makes on the way is open to everybody.
        for folder in (*reversed(path.parents), path):
            folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
        return path

    def _link(self, written: Path, digest: str) -> None:
        path = self._path(digest)
        self._folder(path.parent)
        if path.exists() and not _is_whole(path, digest):
            path.rename(path.with_name(f"{digest}.damaged"))
        with contextlib.suppress(FileExistsError):
            os.link(written, path)
        _flush_folder(path.parent)


def _copy(content: bytes | BinaryIO, file: BinaryIO) -> str:
    """Writes a content and returns its digest."""
    digest = sha256()
    if isinstance(content, bytes):
        digest.update(content)
        file.write(content)
        return digest.hexdigest()
    while chunk := content.read(CHUNK_BYTES):
        digest.update(chunk)
        file.write(chunk)
    return digest.hexdigest()


def _is_digest(text: str) -> bool:
    return _DIGEST.fullmatch(text) is not None


def _is_whole(path: Path, digest: str) -> bool:
    with path.open("rb") as file:
        found = sha256()
        while chunk := file.read(CHUNK_BYTES):
            found.update(chunk)
    return found.hexdigest() == digest


def _flush_folder(folder: Path) -> None:
    """Makes the names in a folder survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
