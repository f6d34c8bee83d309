# SPDX-License-Identifier: Apache-2.0
"""What every profile says of itself: norm, edition, country, and how far each constant is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeVar

import msgspec

Evidence = Literal["read", "memory", "computed"]
Table = TypeVar("Table")

# Bound of the last row of a table that goes on for ever, written 1.0e+9 in the files.
NO_UPPER_END = 1e9
PROFILES_DIR = Path(__file__).parent.parent / "profiles"


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A norm, guide or paper as data.

    Args:
        id: Stable name used in plans and findings.
        title: Name of the publication.
        edition: Edition or year.
        country: ISO 3166 code of the country, or ``INT``.
        source: Chapter, clause or paper the constants come from.
        read: Names of constants read in a public page or in the publication.
        memory: Names of constants known but not yet checked against the publication.
        computed: Names of constants derived by us from the others.
        note: What a reader must know before using it.
    """

    id: str
    title: str
    edition: str
    country: str
    source: str
    read: tuple[str, ...] = ()
    memory: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    note: str = ""

    def evidence_of(self, constant: str) -> Evidence | None:
        """Returns how far a constant has been checked; None for a name without a number.

        Args:
            constant: Field name of the profile.

        Source: the profile itself.
        """
        if constant in self.read:
            return "read"
        if constant in self.memory:
            return "memory"
        return "computed" if constant in self.computed else None

    @property
    def unsettled(self) -> tuple[str, ...]:
        """Names of constants that still need checking against the publication.

        Source: the profile itself.
        """
        return self.memory


def read_table(name: str, kind: type[Table]) -> Table:
    """Returns a data file of this room as typed structs; raises on an unknown or missing field.

    Args:
        name: File name in ``profiles/``; its JSON twin is read, because YAML is slow to parse at start.
        kind: Type to decode into.

    Raises:
        msgspec.ValidationError: The file does not match the type.

    Source: the file names its own sources.
    """
    return msgspec.json.decode((PROFILES_DIR / name).with_suffix(".json").read_bytes(), type=kind)
