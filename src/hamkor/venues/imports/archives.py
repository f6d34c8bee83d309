# SPDX-License-Identifier: Apache-2.0
"""Archives unpacked in memory, up to a limit, without trusting what they say of themselves."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from hamkor.common.messages import N_
from hamkor.venues.imports.values import clean_text
from hamkor.venues.rules.drawings import DrawingRefusedError, Limits

PACKED_SUFFIXES = {".zip", ".gz", ".7z", ".rar", ".bz2", ".xz"}
CHUNK_BYTES = 65_536


def unpack(content: bytes, *, name: str, limits: Limits) -> dict[str, bytes]:
    """Returns the files of a ZIP archive by their names without folders.

    Args:
        content: The archive.
        name: Its name, for refusals.
        limits: How much is unpacked; what the archive says of its sizes is not believed.

    Raises:
        DrawingRefusedError: ``archive-broken``, ``archive-locked``, ``archive-too-large``, ``archive-nested``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _files(archive, name, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise DrawingRefusedError(
            "archive-broken", N_("{name} is a damaged archive. Export or copy it again."), name=name
        ) from None


def _files(archive: zipfile.ZipFile, name: str, limits: Limits) -> dict[str, bytes]:
    entries = [
        entry
        for entry in archive.infolist()
        if not entry.is_dir() and not PurePosixPath(entry.filename).name.startswith(".")
    ]
    if len(entries) > limits.packed_files:
        raise DrawingRefusedError(
            "archive-too-large",
            N_("{name} holds {count} files; at most {limit} are read. Pack only the drawing."),
            name=name,
            count=len(entries),
            limit=limits.packed_files,
        )
    left = limits.unpacked_bytes
    files: dict[str, bytes] = {}
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        shown = clean_text(path.name, 80) or "?"
        if "__MACOSX" in path.parts:
            continue
        if path.suffix.lower() in PACKED_SUFFIXES:
            raise DrawingRefusedError(
                "archive-nested",
                N_("{name} holds another archive, {file}. Unpack it, then give the drawing itself."),
                name=name,
                file=shown,
            )
        if entry.flag_bits & 1:
            raise DrawingRefusedError(
                "archive-locked",
                N_("{file} in {name} is locked with a password. Pack it without one."),
                name=name,
                file=shown,
            )
        files[shown] = _content(archive, entry, left, name=name, limits=limits)
        left -= len(files[shown])
    return files


def _content(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, *, name: str, limits: Limits
) -> bytes:
    """Returns the content of a file, read piece by piece so that a bomb never fills the memory."""
    pieces: list[bytes] = []
    with archive.open(entry) as file:
        while piece := file.read(CHUNK_BYTES):
            pieces.append(piece)
            left -= len(piece)
            if left < 0:
                raise DrawingRefusedError(
                    "archive-too-large",
                    N_("{name} unpacks to more than {limit_mb} MB. Pack only the drawing."),
                    name=name,
                    limit_mb=limits.unpacked_bytes / 1e6,
                )
    return b"".join(pieces)
