# SPDX-License-Identifier: Apache-2.0
"""The judgement on an uploaded file: what it is, or why it is not taken."""

from __future__ import annotations

import io
import re
import zipfile
from typing import BinaryIO

import msgspec

from hamkor.common.messages import N_, Message
from hamkor.discussions.rules.uploads.archives import archive_refused, damaged, judge_office, locked
from hamkor.discussions.rules.uploads.kinds import (
    FORM_NAMES,
    GEOJSON,
    JSON,
    KIND_BY_EXTENSION,
    KINDS,
    PICTURES,
    UNKNOWN_TYPES,
    FileKind,
    Form,
    form_of,
    text_of,
)
from hamkor.discussions.rules.uploads.limits import OFFICE, UploadLimits, UploadRefusedError
from hamkor.discussions.rules.uploads.names import clean_name, extension_of
from hamkor.discussions.rules.uploads.pictures import picture_size

CHUNK_BYTES = 1 << 16
MEGABYTE = 1_000_000
_GEOJSON_TYPES = frozenset(
    {
        "FeatureCollection",
        "Feature",
        "GeometryCollection",
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
    }
)
# What a PDF can start when it is opened; any letter of a name may be spelt as a code (`#4a`).
_PDF_ACTIONS = re.compile(
    b"/(?:%s)(?![A-Za-z0-9])"
    % b"|".join(
        b"".join(b"(?:%c|#(?i:%02x))" % (letter, letter) for letter in name)
        for name in (b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles")
    )
)
_PDF_HEAD = re.compile(rb"%PDF-[12]\.\d")
_PDF_END = b"%%EOF"


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file as somebody sent it; nothing in it is trusted.

    Args:
        name: Name as it was sent.
        content: The file, or a stream at its beginning.
        declared_type: Media type as it was sent, None when none was.
        limits: Profile of limits it is judged by.
    """

    name: str
    content: bytes | BinaryIO
    declared_type: str | None = None
    limits: UploadLimits = OFFICE


class AcceptedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is taken.

    Args:
        name: Its name, cleaned.
        media_type: What it is, found out from its content.
        content: Its bytes as they were sent.
        is_picture: True when it has to be drawn anew before it is kept, because pictures carry more than is seen.
    """

    name: str
    media_type: str
    content: bytes
    is_picture: bool


def judge_upload(
    name: str, content: bytes | BinaryIO, declared_type: str | None = None, *, limits: UploadLimits = OFFICE
) -> AcceptedFile:
    """Returns what a file is, if it may be taken.

    Args:
        name: Name as it was sent.
        content: The file, or a stream at its beginning; no more is read of it than the limit and one piece.
        declared_type: Media type as it was sent; None or a general one says nothing.
        limits: Profile of limits.

    Raises:
        UploadRefusedError: With a sentence that says what is wrong and how to mend it.
    """
    file = clean_name(name, limits)
    read = _read(content, file, limits.most_bytes)
    if not read:
        raise UploadRefusedError(
            "file-empty", N_("“{file}” is empty. Look for the right file and send that."), file=file
        )
    kind = _kind_of(file, read)
    _require_declared(kind, declared_type, file)
    _judge_content(kind, read, file, limits=limits)
    return AcceptedFile(name=file, media_type=kind.media_type, content=read, is_picture=kind in PICTURES)


def _read(content: bytes | BinaryIO, file: str, most_bytes: int) -> bytes:
    if isinstance(content, (bytes, bytearray)):
        found = bytes(content)
    else:
        chunks, size = [], 0
        while size <= most_bytes and (chunk := content.read(CHUNK_BYTES)):
            chunks.append(chunk)
            size += len(chunk)
        found = b"".join(chunks)
    if len(found) > most_bytes:
        raise _too_large(file, most_bytes)
    return found


def _too_large(file: str, most_bytes: int) -> UploadRefusedError:
    template = N_(
        "“{file}” is larger than {most_mb} MB. Split it, or send pictures in it at a lower resolution."
    )
    return UploadRefusedError("file-too-large", template, file=file, most_mb=most_bytes / MEGABYTE)


def _kind_of(file: str, content: bytes) -> FileKind:
    """Returns the kind its name promises, when the content keeps the promise."""
    kind, form = KIND_BY_EXTENSION.get(extension_of(file)), form_of(content)
    if form in {"program", "markup"}:
        template = N_(
            "“{file}” is a {found}; such files are not taken. Send its content as PDF, picture or text."
        )
        raise UploadRefusedError("file-active", template, file=file, found=Message(FORM_NAMES[form]))
    if form == "ole":
        raise locked(file)
    if kind is None:
        if form == "zip":
            raise archive_refused(file)
        template = N_("Files such as “{file}” are not taken. Send one of: {kinds}.")
        raise UploadRefusedError(
            "file-kind", template, file=file, kinds=[Message(item.name) for item in KINDS]
        )
    if kind.form != form:
        raise _differs(file, kind, form)
    return kind


def _differs(file: str, kind: FileKind, form: Form) -> UploadRefusedError:
    template = N_(
        "“{file}” is named as a {named} but is a {found}. Give it its right ending, or save it anew."
    )
    facts = {"named": Message(kind.name), "found": Message(FORM_NAMES[form])}
    return UploadRefusedError("file-differs", template, file=file, **facts)


def _require_declared(kind: FileKind, declared_type: str | None, file: str) -> None:
    declared = (declared_type or "").partition(";")[0].strip().lower()
    if declared not in {*UNKNOWN_TYPES, kind.media_type, *kind.declared}:
        template = N_(
            "“{file}” was sent as {declared} but is a {found}. Choose the file again and send it once more."
        )
        facts = {"declared": declared[:100], "found": Message(kind.name)}
        raise UploadRefusedError("file-declared", template, file=file, **facts)


def _judge_content(kind: FileKind, content: bytes, file: str, *, limits: UploadLimits) -> None:
    if kind.form == "zip":
        found = judge_office(content, file, limits)
        if found is not kind:
            template = N_(
                "“{file}” is named as a {named} but is a {found}. Give it its right ending, or save it anew."
            )
            facts = {"named": Message(kind.name), "found": Message(found.name)}
            raise UploadRefusedError("file-differs", template, file=file, **facts)
        return
    # A file that is an archive as well is read by one program as this and by another as that.
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise damaged(file)
    if kind.form == "pdf":
        _judge_pdf(content, file)
    elif kind.form == "text":
        _judge_text(kind, content, file, most_bytes=limits.most_text_bytes)
    else:
        _judge_picture(kind, content, file, limits=limits)


def _judge_pdf(content: bytes, file: str) -> None:
    """Raises when a PDF does not end where it should, or starts something when it is opened.

    Notes:
        Only what stands outside of packed streams is seen.
    """
    end = content.rfind(_PDF_END)
    is_whole = _PDF_HEAD.match(content) is not None and end > 0
    if not is_whole or content[end + len(_PDF_END) :].strip(b"\x00\t\r\n\f ") != b"":
        raise damaged(file)
    if _PDF_ACTIONS.search(content):
        template = N_(
            "“{file}” starts a program or holds other files. Print it into a new PDF and send that."
        )
        raise UploadRefusedError("file-pdf-active", template, file=file)


def _judge_text(kind: FileKind, content: bytes, file: str, *, most_bytes: int) -> None:
    if len(content) > most_bytes:
        raise _too_large(file, most_bytes)
    if kind not in (JSON, GEOJSON):
        return
    # Checked without building the values, so that a file of brackets costs no memory.
    wanted = _Typed if kind is GEOJSON else msgspec.Raw
    try:
        found = msgspec.json.decode((text_of(content) or "").encode(), type=wanted)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        found = None
    if found is None or (isinstance(found, _Typed) and found.type not in _GEOJSON_TYPES):
        template = N_("“{file}” is no valid {kind}. Export it anew from the program that made it.")
        raise UploadRefusedError("file-json", template, file=file, kind=Message(kind.name))


class _Typed(msgspec.Struct):
    type: str


def _judge_picture(kind: FileKind, content: bytes, file: str, *, limits: UploadLimits) -> None:
    size = picture_size(content, kind.form)
    if size is None:
        raise damaged(file)
    is_large = size.width * size.height > limits.most_pixels or max(size) > limits.most_side_pixels
    if is_large:
        template = N_(
            "“{file}” has {width} × {height} pixels; at most {most} million are taken. Make the picture smaller."
        )
        facts = {"width": size.width, "height": size.height, "most": limits.most_pixels / MEGABYTE}
        raise UploadRefusedError("picture-too-large", template, file=file, **facts)
