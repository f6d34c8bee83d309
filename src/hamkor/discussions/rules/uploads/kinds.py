# SPDX-License-Identifier: Apache-2.0
"""Which kinds of files are taken, and what a file is by its first bytes."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from hamkor.common.messages import N_

Form = Literal["pdf", "png", "jpeg", "webp", "zip", "text", "ole", "program", "markup", "other"]


class FileKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of file that is taken.

    Args:
        media_type: Its media type.
        name: What people call it.
        extensions: Endings of its names; the first is the usual one.
        form: What its content looks like.
        declared: Other media types browsers send for it.
    """

    media_type: str
    name: str
    extensions: tuple[str, ...]
    form: Form
    declared: tuple[str, ...] = ()


_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = FileKind(
    media_type="application/pdf",
    name=N_("PDF"),
    extensions=("pdf",),
    form="pdf",
    declared=("application/x-pdf",),
)
PNG = FileKind(
    media_type="image/png", name=N_("PNG picture"), extensions=("png",), form="png", declared=("image/x-png",)
)
JPEG = FileKind(
    media_type="image/jpeg",
    name=N_("JPEG picture"),
    extensions=("jpg", "jpeg"),
    form="jpeg",
    declared=("image/jpg", "image/pjpeg"),
)
WEBP = FileKind(media_type="image/webp", name=N_("WebP picture"), extensions=("webp",), form="webp")
DOCX = FileKind(
    media_type=f"{_OFFICE}.wordprocessingml.document",
    name=N_("Word document"),
    extensions=("docx",),
    form="zip",
    declared=("application/msword", "application/zip", "application/x-zip-compressed"),
)
XLSX = FileKind(
    media_type=f"{_OFFICE}.spreadsheetml.sheet",
    name=N_("Excel table"),
    extensions=("xlsx",),
    form="zip",
    declared=("application/vnd.ms-excel", "application/zip", "application/x-zip-compressed"),
)
TEXT = FileKind(media_type="text/plain", name=N_("plain text"), extensions=("txt",), form="text")
CSV = FileKind(
    media_type="text/csv",
    name=N_("table as text"),
    extensions=("csv",),
    form="text",
    declared=("application/vnd.ms-excel", "application/csv", "text/plain", "text/comma-separated-values"),
)
JSON = FileKind(
    media_type="application/json",
    name=N_("JSON"),
    extensions=("json",),
    form="text",
    declared=("text/plain", "text/json"),
)
GEOJSON = FileKind(
    media_type="application/geo+json",
    name=N_("GeoJSON drawing"),
    extensions=("geojson",),
    form="text",
    declared=("application/json", "application/vnd.geo+json", "text/plain"),
)
KINDS = (PDF, PNG, JPEG, WEBP, DOCX, XLSX, TEXT, CSV, JSON, GEOJSON)
PICTURES = (PNG, JPEG, WEBP)
KIND_BY_EXTENSION: dict[str, FileKind] = {extension: kind for kind in KINDS for extension in kind.extensions}
# What browsers send when they do not know.
UNKNOWN_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-download"})
FORM_NAMES: dict[Form, str] = {
    "pdf": N_("PDF"),
    "png": N_("PNG picture"),
    "jpeg": N_("JPEG picture"),
    "webp": N_("WebP picture"),
    "zip": N_("archive or office document"),
    "text": N_("plain text"),
    "ole": N_("office document of an old or locked kind"),
    "program": N_("program"),
    "markup": N_("web page or drawing that can hold a program"),
    "other": N_("unknown kind of file"),
}

_STARTS: tuple[tuple[bytes, Form], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xfe\xed\xfa", "program"),
    (b"\xce\xfa\xed\xfe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\x00asm", "program"),
    (b"dex\n", "program"),
    (b"#!", "program"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "program"),  # a shortcut of Windows
)
_MARKUP = re.compile(
    rb"(?i)<(?:!doctype|html|head|body|svg|script|iframe|object|embed|\?xml|\?php|%|!--|[a-z]+:)"
)
_LOOKED_AT = 4096


def form_of(content: bytes) -> Form:
    """Returns what a file is by its content, whatever its name says."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    for start, form in _STARTS:
        if content.startswith(start) and not (start == b"MZ" and _is_written(content)):
            return form
    if not _is_written(content):
        return "other"
    return "markup" if _is_markup(content) else "text"


def text_of(content: bytes) -> str | None:
    """Returns the text of a file in UTF-8, in UTF-16 with its mark, or in the code page of Russian Windows."""
    codes = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1251"]
    for code in codes:
        try:
            text = content.decode(code)
        except UnicodeDecodeError:
            continue
        if not re.search("[\x00-\x08\x0e-\x1f\x7f]", text):
            return text
    return None


def _is_written(content: bytes) -> bool:
    return text_of(content) is not None


def _is_markup(content: bytes) -> bool:
    """Returns True when a browser might read a text as a page: it begins as one, or holds a script."""
    text = (text_of(content) or "").lstrip("\ufeff \t\r\n\f")
    head = text[:_LOOKED_AT].encode(errors="replace")
    return _MARKUP.match(head) is not None or re.search(r"(?i)<\s*(?:script|svg)[\s>/]", text) is not None
