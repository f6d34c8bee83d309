# SPDX-License-Identifier: Apache-2.0
"""An event folder that came as a zip archive: judged before anything is unpacked, counted while it unpacks."""

from __future__ import annotations

import io
import stat
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.common.validation import shorten
from hamkor.folder.queries import read_folder
from hamkor.plans.rules.plan import Plan

MOST_ENTRIES = 200
MOST_UNPACKED_BYTES = 60_000_000
MOST_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 1_000_000
_CHUNK_BYTES = 1 << 16
_ENCRYPTED = 0x1
# What file managers put beside files without being asked.
_LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


MANY_FILES = N_("The archive holds more than {limit} files. Keep only those of the event folder.")
MANY_BYTES = N_("The archive unpacks to more than {limit} MB. Keep only the files of the event folder.")
DENSE = N_("A file in the archive is packed more than {limit} to one. Pack the folder anew.")


class ArchiveRefusedError(HamkorError):
    """The archive is none, is damaged, or would do harm when it is unpacked."""


def read_zipped_folder(content: bytes) -> Plan:
    """Returns the plan in a zipped event folder.

    Args:
        content: The archive. The files may lie at its top, or in one folder.

    Raises:
        ArchiveRefusedError: ``archive-broken``, ``archive-locked``, ``archive-too-large``, ``archive-path``,
            ``archive-link`` or ``archive-several``.
        FolderUnusableError: With every fault of the folder inside.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = _judged(archive)
            with tempfile.TemporaryDirectory(prefix="hamkor-import-") as made:
                folder = Path(made) / _top_of(list(files))
                folder.mkdir(parents=True, exist_ok=True)
                _unpack(archive, files, Path(made))
                return read_folder(folder)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise _broken(error) from None
    except (ValueError, RuntimeError, UnicodeError) as error:
        raise _broken(error) from None


def _broken(error: Exception) -> ArchiveRefusedError:
    template = N_(
        "This is not a usable zip archive ({detail}). Download the event folder again, or pack it anew."
    )
    return ArchiveRefusedError("archive-broken", template, detail=shorten(str(error) or type(error).__name__))


def _judged(archive: zipfile.ZipFile) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """Returns the files by their paths, after the directory of the archive has passed."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise _too_large(MANY_FILES, MOST_ENTRIES)
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise _too_large(MANY_BYTES, MOST_UNPACKED_BYTES // 1_000_000)
    found: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for entry in entries:
        path = _path_of(entry)
        if entry.is_dir() or _is_litter(path):
            continue
        _judge_entry(entry)
        if path in found:
            template = N_("The archive holds “{name}” twice. Pack the folder anew.")
            raise ArchiveRefusedError("archive-several", template, name=shorten(str(path)))
        found[path] = entry
    return found


def _path_of(entry: zipfile.ZipInfo) -> PurePosixPath:
    """Returns where a file belongs; refuses every path that could lead out of the folder."""
    name = entry.filename
    path = PurePosixPath(name)
    is_odd = "\\" in name or "\0" in name or ":" in name or path.is_absolute() or ".." in path.parts
    if is_odd or not path.parts or len(path.parts) > 3:
        template = N_(
            "The archive holds the path “{name}”, which leads out of the folder or too deep into it."
        )
        raise ArchiveRefusedError("archive-path", template, name=shorten(name))
    return path


def _judge_entry(entry: zipfile.ZipInfo) -> None:
    name = shorten(entry.filename)
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        template = N_("“{name}” is a link or no ordinary file. Put the file itself into the folder.")
        raise ArchiveRefusedError("archive-link", template, name=name)
    if entry.flag_bits & _ENCRYPTED:
        template = N_("“{name}” is locked by a password. Pack the folder without one.")
        raise ArchiveRefusedError("archive-locked", template, name=name)
    packed = max(entry.compress_size, 1)
    if entry.file_size > RATIO_COUNTS_FROM_BYTES and entry.file_size > MOST_RATIO * packed:
        raise _too_large(DENSE, MOST_RATIO)


def _too_large(template: str, limit: int) -> ArchiveRefusedError:
    return ArchiveRefusedError("archive-too-large", template, limit=limit)


def _is_litter(path: PurePosixPath) -> bool:
    return path.parts[0] in _LITTER or path.name in _LITTER or path.name.startswith("._")


def _top_of(paths: list[PurePosixPath]) -> PurePosixPath:
    """Returns the folder the plan lies in: the one that holds ``event.yaml``, else the only one there is."""
    tops = {path.parent for path in paths if path.name == "event.yaml"} or {path.parent for path in paths}
    if len(tops) > 1:
        template = N_("The archive holds several event folders. Pack one of them alone.")
        raise ArchiveRefusedError("archive-several", template)
    return next(iter(tops), PurePosixPath())


def _unpack(archive: zipfile.ZipFile, files: dict[PurePosixPath, zipfile.ZipInfo], target: Path) -> None:
    """Writes the files, counting what really comes out: what the directory says may be a lie."""
    left = MOST_UNPACKED_BYTES
    for path, entry in files.items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as packed, place.open("xb") as file:
            while chunk := packed.read(_CHUNK_BYTES):
                left -= len(chunk)
                if left < 0:
                    raise _too_large(MANY_BYTES, MOST_UNPACKED_BYTES // 1_000_000)
                file.write(chunk)
