# SPDX-License-Identifier: Apache-2.0
"""How large a picture is, by its head alone: asked before anything is unpacked."""

from __future__ import annotations

import struct
from typing import NamedTuple

_FRAMES = frozenset({*range(0xC0, 0xD0)}) - {0xC4, 0xC8, 0xCC}
# Cameras write some dozens; a file of nothing but markers would be walked through for seconds.
_MARKERS_MOST = 10_000
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


class PictureSize(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


def picture_size(content: bytes, form: str) -> PictureSize | None:
    """Returns the size of a picture, None when its head cannot be read.

    Args:
        content: The file.
        form: ``png``, ``jpeg`` or ``webp``.
    """
    read = {"png": _png_size, "jpeg": _jpeg_size, "webp": _webp_size}[form]
    try:
        size = read(content)
    except (struct.error, IndexError):
        return None
    return size if size is not None and size.width > 0 and size.height > 0 else None


def _png_size(content: bytes) -> PictureSize | None:
    if content[12:16] != b"IHDR":
        return None
    return PictureSize(*struct.unpack_from(">II", content, 16))


def _jpeg_size(content: bytes) -> PictureSize | None:
    at = 2
    for _ in range(_MARKERS_MOST):
        if at + 9 >= len(content) or content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return PictureSize(width, height)
        else:
            at += 2 + max(struct.unpack_from(">H", content, at + 2)[0], 2)
    return None


def _webp_size(content: bytes) -> PictureSize | None:
    kind = content[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
        return PictureSize(width, height) if len(content) >= 30 else None
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", content, 21)[0]
        return PictureSize((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", content, 26)
        return PictureSize(width & 0x3FFF, height & 0x3FFF)
    return None
