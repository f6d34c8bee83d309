# SPDX-License-Identifier: Apache-2.0
"""Office documents are archives: opened with suspicion, counted while they unpack, searched for programs."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from hamkor.common.messages import N_
from hamkor.discussions.rules.uploads.kinds import DOCX, XLSX, FileKind, form_of
from hamkor.discussions.rules.uploads.limits import UploadLimits, UploadRefusedError
from hamkor.discussions.rules.uploads.relations import list_relations

END_SIGNATURE = b"PK\x05\x06"
END = struct.Struct("<4s4H2LH")
LOCAL_HEADER_BYTES = 30
FLAG_ENCRYPTED = 0x1
CHUNK_BYTES = 1 << 16
HEAD_BYTES = 20_000
WHOLE_BYTES = 1_000_000  # what lists types and references in a document is far shorter
DEEPEST = 1  # a table inside a document, nothing inside that
TYPES = "[Content_Types].xml"
MAIN_TYPES = {"wordprocessingml.document.main+xml": DOCX, "spreadsheetml.sheet.main+xml": XLSX}
# Parts that hold programs: macros, controls, sheets of the old macro language.
_PROGRAMS = re.compile(
    r"(?i)(vbaproject[^/]*\.bin|vbadata\.xml|activex|macrosheets/|dialogsheets/|customui/)"
)
_LAUNCHING = ("attachedTemplate", "oleObject", "frame", "subDocument")


class _Budget:
    """What may still be unpacked, everything inside one file included."""

    def __init__(self, limits: UploadLimits) -> None:
        self.limits = limits
        self.entries = limits.most_entries
        self.unpacked_bytes = limits.most_unpacked_bytes


class _Entry(NamedTuple):
    name: str
    content: bytes


def judge_office(content: bytes, file: str, limits: UploadLimits) -> FileKind:
    """Returns which office document a file is.

    Args:
        content: The file.
        file: Its name, for the refusal.
        limits: How much it may unpack to.

    Raises:
        UploadRefusedError: ``file-archive``, ``file-damaged``, ``file-locked``, ``file-bomb`` or ``file-macros``.
    """
    return _judge(content, file, budget=_Budget(limits), depth=0)


def _judge(content: bytes, file: str, *, budget: _Budget, depth: int) -> FileKind:
    _require_plain_end(content, file, budget.limits)
    types = ""
    for entry in _entries(content, file, budget):
        _judge_entry(entry, file)
        if entry.name == TYPES:
            types = _plain(entry.content)
        elif form_of(entry.content[:8]) == "zip":
            if depth == DEEPEST:
                raise archive_refused(file)
            _judge(entry.content, file, budget=budget, depth=depth + 1)
    if re.search(r"(?i)macroenabled|vbaproject", types):
        raise _macros(file)
    found = [kind for mark, kind in MAIN_TYPES.items() if mark in types]
    if len(found) != 1:
        raise archive_refused(file)
    return found[0]


def _require_plain_end(content: bytes, file: str, limits: UploadLimits) -> None:
    """Raises unless the list of files stands right before the end of the file and describes all of it.

    Notes:
        Looked at before the standard library reads the list, because that costs memory for every line in it; and
        because a file with something before or after the archive may be two kinds of file at once.
    """
    at = len(content) - END.size
    if at < 0 or content[at : at + 4] != END_SIGNATURE:
        raise damaged(file)
    _, disk, first_disk, here, total, size, offset, comment = END.unpack(content[at:])
    if (disk, first_disk, comment) != (0, 0, 0) or here != total or offset + size != at:
        raise damaged(file)
    if total > limits.most_entries or size > limits.most_directory_bytes:
        raise _bomb(file)


def _entries(content: bytes, file: str, budget: _Budget) -> Iterator[_Entry]:
    """Yields the files inside, unpacked and counted as they come, not as they are declared."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            _require_apart(listed, len(content), file)
            budget.entries -= len(listed)
            if budget.entries < 0:
                raise _bomb(file)
            for info in listed:
                if not info.is_dir():
                    yield _Entry(info.filename, _unpacked(archive, info, file, budget=budget))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise damaged(file) from error


def _require_apart(listed: list[zipfile.ZipInfo], size: int, file: str) -> None:
    """Raises when files inside are locked, share their bytes or their names, or lead out of a folder."""
    end = 0
    names: set[str] = set()
    for info in sorted(listed, key=lambda item: item.header_offset):
        if info.flag_bits & FLAG_ENCRYPTED:
            raise locked(file)
        is_odd = info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        is_odd = is_odd or info.filename.lower() in names or not _is_safe(info.orig_filename)
        if is_odd:
            raise damaged(file)
        # Bombs of overlapping files unpack the same bytes again and again.
        if info.header_offset < end:
            raise _bomb(file)
        end = info.header_offset + LOCAL_HEADER_BYTES + info.compress_size
        names.add(info.filename.lower())
    if end > size:
        raise damaged(file)


def _is_safe(name: str) -> bool:
    return not (
        name.startswith("/") or "\\" in name or "\x00" in name or ":" in name or ".." in name.split("/")
    )


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str, *, budget: _Budget) -> bytes:
    """Returns a file inside; of a long one that is no archive only the beginning, all of it being counted."""
    limits, size = budget.limits, 0
    chunks: list[bytes] = []
    # A little file costs nothing at any ratio; a large one that was almost nothing is made to fill a disk.
    most = max(limits.free_unpacked_bytes, limits.most_ratio * info.compress_size)
    with archive.open(info) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            size += len(chunk)
            budget.unpacked_bytes -= len(chunk)
            if size > most or budget.unpacked_bytes < 0:
                raise _bomb(file)
            if size <= WHOLE_BYTES or (chunks[0].startswith(b"PK") and size <= limits.most_bytes):
                chunks.append(chunk)
    if size > WHOLE_BYTES and info.filename.lower().endswith((".rels", TYPES.lower())):
        raise damaged(file)
    return b"".join(chunks)


def _judge_entry(entry: _Entry, file: str) -> None:
    form = form_of(entry.content[:8])
    if _PROGRAMS.search(entry.name) or form in {"ole", "program"}:
        raise _macros(file)
    if not entry.name.lower().endswith((".xml", ".rels", ".vml")):
        return
    # Office programs write no document types; in others' readers they fetch files and unfold without end.
    head = _plain(entry.content[:HEAD_BYTES]).lower()
    if "<!doctype" in head or "<!entity" in head:
        raise damaged(file)
    if "externallinks/" in entry.name.lower() and "ddelink" in head:
        raise _macros(file)
    if entry.name.lower().endswith(".rels"):
        _judge_relations(entry.content, file)


def _judge_relations(content: bytes, file: str) -> None:
    """Raises when opening the document would fetch and run something from elsewhere."""
    for relation in list_relations(content):
        is_launching = relation.type.rpartition("/")[2] in _LAUNCHING
        if (
            is_launching
            and relation.is_external
            and re.match(r"(?i)\s*(?:[a-z][a-z0-9+.-]+:(?!/{2,3}[a-z]:)|[\\/]{2})", relation.target)
        ):
            raise _macros(file)


def _plain(content: bytes) -> str:
    """Returns markup as text, whatever code it is in; only fit for searching."""
    return content.replace(b"\x00", b"").decode("latin-1")


def archive_refused(file: str) -> UploadRefusedError:
    """Returns the refusal of an archive that is no office document."""
    template = N_("“{file}” is an archive. Unpack it and send the files in it one by one.")
    return UploadRefusedError("file-archive", template, file=file)


def damaged(file: str) -> UploadRefusedError:
    """Returns the refusal of a file that cannot be read as what it is."""
    template = N_("“{file}” is damaged or put together in an odd way. Open it, save it anew and send that.")
    return UploadRefusedError("file-damaged", template, file=file)


def locked(file: str) -> UploadRefusedError:
    """Returns the refusal of a file behind a password, or of an old kind that cannot be looked into."""
    template = N_(
        "“{file}” has a password or is of an old kind (DOC, XLS). Save it as DOCX, XLSX or PDF without a password."
    )
    return UploadRefusedError("file-locked", template, file=file)


def _bomb(file: str) -> UploadRefusedError:
    template = N_(
        "“{file}” would unpack to far more than its size. Save its content anew, or as PDF, and send that."
    )
    return UploadRefusedError("file-bomb", template, file=file)


def _macros(file: str) -> UploadRefusedError:
    template = N_(
        "“{file}” holds a macro, a program or something that starts one. Save it without, or as PDF."
    )
    return UploadRefusedError("file-macros", template, file=file)
