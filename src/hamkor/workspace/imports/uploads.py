# SPDX-License-Identifier: Apache-2.0
"""Files between upload and confirmation: kept for their uploader alone, by digest, for a day."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.discussions.commands import FileStore

KEPT_FOR = timedelta(days=1)
MOST_BYTES = 30_000_000


class UploadWrongError(HamkorError):
    """No file came, or not one that can be looked at."""


def require_size(length: str | None) -> None:
    """Returns when a request is small enough to be read.

    Args:
        length: What it says of its own length.

    Raises:
        UploadWrongError: ``too-large``; ``length-missing``.
    """
    if length is None or not length.isascii() or not length.isdigit():
        raise UploadWrongError("length-missing", N_("The request does not say how long it is."))
    if int(length) > MOST_BYTES:
        template = N_("The file has {size_mb} MB; at most {most_mb} MB are taken. Send a smaller one.")
        size_mb = round(int(length) / 1e6, 1)
        raise UploadWrongError("too-large", template, size_mb=size_mb, most_mb=MOST_BYTES / 1e6)


def keep_upload(user_id: UUID, stream: UUID, sent: UploadedFile[Any] | None) -> tuple[str, bytes]:
    """Returns the digest and the content of a file that was sent, kept until it is confirmed.

    Args:
        user_id: Whose it is.
        stream: The event it is for.
        sent: The file.

    Raises:
        UploadWrongError: ``upload-missing`` or ``too-large``.
    """
    if sent is None or not sent.size:
        raise UploadWrongError("upload-missing", N_("No file came, or an empty one. Choose a file first."))
    require_size(str(sent.size))
    content = sent.read()
    return _store(user_id, stream).put(content), content


def get_upload(user_id: UUID, stream: UUID, digest: str) -> bytes:
    """Returns a file that was sent before.

    Raises:
        UploadWrongError: ``upload-gone``, when it is not kept any more, or is somebody else's.
    """
    try:
        return _store(user_id, stream).get(digest)
    except (HamkorError, ValueError):
        template = N_("The file is not kept any more. Choose it again.")
        raise UploadWrongError("upload-gone", template) from None


def sweep_uploads(now: datetime) -> int:
    """Removes what was sent more than a day ago; returns how many folders went."""
    gone = 0
    for folder in _root().glob("*/*"):
        touched = max((path.stat().st_mtime for path in folder.rglob("*") if path.is_file()), default=0.0)
        if datetime.fromtimestamp(touched, UTC) < now - KEPT_FOR:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _root() -> Path:
    root: Path = settings.ENVIRONMENT.data_dir / "imports"
    return root


def _store(user_id: UUID, stream: UUID) -> FileStore:
    return FileStore(_root() / str(user_id)).of_event(stream)
