# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a file of sheets, and where it says it came from."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message

LONGEST_QUOTE = 80
LABEL_SEPARATOR = " · "
_APOSTROPHES = dict.fromkeys(map(ord, "ʻʼ‘’`´′"), "'")


class Origin(msgspec.Struct, frozen=True):
    """Where a file came from, as it says itself.

    Args:
        form: ``hamkor-roster-1`` or ``hamkor-duties-1``.
        event: Id of the event.
        language: Language it was written in.
        number: Number of the entry of the record it was written from, or None.
    """

    form: str
    event: str
    language: str
    number: int | None = None


class SheetFault(msgspec.Struct, frozen=True):
    """One thing that makes a file of sheets unusable.

    Args:
        code: Stable identifier in kebab case.
        sheet: Title of the sheet, empty for the whole file.
        cell: Address such as ``D7`` or ``A2:B3``, empty for the whole sheet.
        said: What stands there, shortened; empty when nothing does.
        message: What is wrong, what is allowed, and how to mend it.
    """

    code: str
    sheet: str
    cell: str
    said: str
    message: Message

    @property
    def place(self) -> str:
        """Sheet and cell as ``Posts!D7``."""
        return "!".join(part for part in (self.sheet, self.cell) if part)


class SheetUnusableError(HamkorError):
    """The file cannot be read: every fault found. Nothing of it was taken."""

    def __init__(self, faults: list[SheetFault]) -> None:
        super().__init__(
            "sheet-unusable",
            N_("The file cannot be used; nothing was taken from it. Faults found: {count}."),
            count=len(faults),
        )
        self.faults = tuple(faults)


class NotTakenError(HamkorError):
    """What stands in a cell cannot be taken: becomes a fault with the address of the cell."""


def quote(value: Any) -> str:
    """Returns a value as it is quoted in a fault: on one line, its beginning when it is long."""
    text = " ".join(plain(str(value)).split())
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"


def plain(text: str) -> str:
    """Returns a text as a cell can hold it: no control characters, one kind of line end, composed letters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = (
        letter
        for letter in lines
        if letter == "\n" or unicodedata.category(letter) not in {"Cc", "Cs", "Cn", "Co"}
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def fold(text: str) -> str:
    """Returns a word as words are compared: without case, kinds of apostrophe and extra white space."""
    return " ".join(plain(text).translate(_APOSTROPHES).casefold().split())


def label_id(text: str) -> str:
    """Returns the id at the beginning of a label such as ``gate-1 · North gate``."""
    return re.split(r"\s+·", text.strip(), maxsplit=1)[0].strip()
