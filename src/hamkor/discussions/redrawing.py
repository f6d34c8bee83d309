# SPDX-License-Identifier: Apache-2.0
"""Pictures drawn anew: what is seen stays, everything else in the file goes."""

from __future__ import annotations

import io
import struct
from typing import Any

from hamkor.discussions.rules.uploads import OFFICE, AcceptedFile, UploadLimits, damaged

# The reader each kind is given: no other may be tried, whatever the content looks like.
_READERS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
_MODES = {"JPEG": frozenset({"L", "RGB"}), "WEBP": frozenset({"RGB", "RGBA"})}
_PNG_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16", "I"})
_QUALITY = 90
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    LookupError,
    TypeError,
    ArithmeticError,
    AttributeError,
)


def redraw(accepted: AcceptedFile, limits: UploadLimits = OFFICE) -> bytes:
    """Returns the file as it is kept: a picture drawn anew without metadata, anything else unchanged.

    Args:
        accepted: A file that was taken.
        limits: Profile of limits, asked again of what is really in the picture.

    Raises:
        UploadRefusedError: ``file-damaged``, when the picture cannot be drawn.

    Notes:
        The place a photo was taken at, its owner, a preview of what was cut away, and bytes after its end are all
        lost; the turn the camera noted is made in the picture itself. Of a moving picture the first frame stays.
    """
    if not accepted.is_picture:
        return accepted.content
    try:
        return _redrawn(accepted.content, _READERS[accepted.media_type], limits)
    # The library reports broken files in all these ways.
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        struct.error,
        IndexError,
        KeyError,
        TypeError,
    ) as error:
        raise damaged(accepted.name) from error


def _redrawn(content: bytes, reader: str, limits: UploadLimits) -> bytes:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=(reader,)) as opened:
        if opened.width * opened.height > limits.most_pixels:
            raise ValueError("more pixels than its head told")
        transparency = opened.info.get("transparency")
        picture = ImageOps.exif_transpose(opened)
    modes = _MODES.get(reader, _PNG_MODES)
    if picture.mode not in modes:
        picture = picture.convert("RGBA" if "RGBA" in modes and picture.has_transparency_data else "RGB")
        transparency = None
    picture.info = {}
    # Without this a palette or a grey picture loses what is see-through.
    options: dict[str, Any] = (
        {"transparency": transparency} if reader == "PNG" and transparency is not None else {}
    )
    if reader != "PNG":
        options["quality"] = _QUALITY
    drawn = io.BytesIO()
    picture.save(drawn, format=reader, **options)
    return drawn.getvalue()
