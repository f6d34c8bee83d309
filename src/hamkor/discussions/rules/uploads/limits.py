# SPDX-License-Identifier: Apache-2.0
"""How large and how odd an uploaded file may be, by named profile."""

from __future__ import annotations

import msgspec

from hamkor.common.errors import HamkorError

MEGABYTE = 1_000_000


class UploadRefusedError(HamkorError):
    """A file is not taken: says what is wrong with it and how to mend it."""


class UploadLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one profile. They are ours (decision 0007): no guide gives numbers for office files.

    Args:
        name: Name of the profile.
        most_bytes: Largest file.
        most_text_bytes: Largest text, table or JSON.
        most_pixels: Most pixels of a picture; one pixel takes up to four bytes of memory, twice while it is redrawn.
        most_side_pixels: Longest side of a picture.
        most_entries: Most files inside a document.
        most_directory_bytes: Largest list of files inside a document.
        most_unpacked_bytes: Most bytes a document unpacks to, everything inside it included.
        most_ratio: Largest ratio of unpacked to packed bytes of one file inside.
        free_unpacked_bytes: Files inside that unpack to less may have any ratio.
        most_name_characters: Longest name of a file.
        most_name_bytes: Longest name in UTF-8; file systems take 255.
    """

    name: str
    most_bytes: int = 25 * MEGABYTE
    most_text_bytes: int = 5 * MEGABYTE
    most_pixels: int = 50_000_000
    most_side_pixels: int = 20_000
    most_entries: int = 2_000
    most_directory_bytes: int = 500_000
    most_unpacked_bytes: int = 200 * MEGABYTE
    most_ratio: float = 100.0
    free_unpacked_bytes: int = MEGABYTE
    most_name_characters: int = 120
    most_name_bytes: int = 200


OFFICE = UploadLimits(name="office")
# For phones in the field and slow lines.
FIELD = UploadLimits(
    name="field", most_bytes=10 * MEGABYTE, most_text_bytes=MEGABYTE, most_unpacked_bytes=50 * MEGABYTE
)
UPLOAD_PROFILES: dict[str, UploadLimits] = {limits.name: limits for limits in (OFFICE, FIELD)}
