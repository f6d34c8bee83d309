# SPDX-License-Identifier: Apache-2.0
"""What people write: cleaned of what cannot be seen, not empty, not endless."""

from __future__ import annotations

import re
import unicodedata

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

TEXT_MAX = 4000
REASON_MAX = 1000
# Control characters, and those that turn the direction of what follows: a text must read as it is stored.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class TextUnusableError(HamkorError):
    """The text is empty or too long."""


def clean_text(text: str, *, most: int = TEXT_MAX) -> str:
    """Returns the text as it is kept: without unseen characters and blank ends, lines ended by one sign.

    Args:
        text: What was written.
        most: Most characters.

    Raises:
        TextUnusableError: ``text-empty`` or ``text-too-long``.
    """
    found = text.replace("\r\n", "\n").replace("\r", "\n")
    found = unicodedata.normalize("NFC", _UNSEEN.sub("", found)).strip()
    if not found:
        raise TextUnusableError("text-empty", N_("There is no text. Write what you want to say."))
    if len(found) > most:
        template = N_(
            "The text has {length} characters; at most {most} can be kept. Shorten it or attach a file."
        )
        raise TextUnusableError("text-too-long", template, length=len(found), most=most)
    return found


def clean_reason(reason: str | None) -> str | None:
    """Returns a reason as it is kept, None when none was given.

    Raises:
        TextUnusableError: ``text-too-long``.
    """
    if reason is None or not _UNSEEN.sub("", reason).strip():
        return None
    return clean_text(reason, most=REASON_MAX)
