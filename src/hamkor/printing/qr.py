# SPDX-License-Identifier: Apache-2.0
"""Square codes that lead from paper to the record."""

from __future__ import annotations

import io

import segno

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

LONGEST_BYTES = 1000
QUIET_ZONE = 4
"""Empty squares around a code (ISO/IEC 18004): readers need them."""


class CodeTooLongError(HamkorError):
    """The text is too long for a code that a phone reads from paper."""

    def __init__(self) -> None:
        super().__init__(
            "code-too-long",
            N_("The address is longer than {limit} letters and does not fit into a code. Use a shorter one."),
            limit=LONGEST_BYTES,
        )


def qr_svg(text: str) -> str:
    """Returns the code of a text as SVG, black on white with its quiet zone.

    Raises:
        CodeTooLongError: It has more than 1000 octets.
    """
    return _saved(text, "svg", scale=4).decode()


def qr_png(text: str) -> bytes:
    """Returns the code of a text as PNG, ten pixels to a square, for programs that draw no vectors."""
    return _saved(text, "png", scale=10)


def _saved(text: str, kind: str, *, scale: int) -> bytes:
    if len(text.encode()) > LONGEST_BYTES:
        raise CodeTooLongError
    code = segno.make(text, error="m", micro=False)
    content = io.BytesIO()
    code.save(content, kind=kind, scale=scale, border=QUIET_ZONE, light="white")
    return content.getvalue()
