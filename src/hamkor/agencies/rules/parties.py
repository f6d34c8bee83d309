# SPDX-License-Identifier: Apache-2.0
"""The parties of a mass event."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hamkor.common.records import Phase
from hamkor.norms.rules import DutyHolder

AgencyCode = Annotated[
    DutyHolder,
    Meta(
        description="Party: `iib` police, `mg` National Guard, `fvv` emergency service, `tty` ambulance, "
        "`ses` sanitary service, `yhx` road traffic safety, `hok` hokimlik, `org` organiser, `obj` venue, "
        "`mah` mahalla and NGOs, `pub` the public, `kom` control commission, `all` every state body."
    ),
]
AgencyKind = Literal["state", "private", "civil_society", "public", "commission", "group"]


class Agency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A party of a mass event.

    Args:
        code: Its code, the same in every file.
        kind: What sort of party it is.
        names: Full name in ``uz``, ``uz-Cyrl``, ``ru`` and ``en``.
        short_names: Name for tables, in the same languages.
        emergency_number: Telephone number of its emergency service, or None.
        core_in: Phases in which an event without it is incomplete.
        norms: Ids of the norms that give it its place.
        note: Remark on how to read `core_in`, or None.
    """

    code: AgencyCode
    kind: AgencyKind
    names: dict[str, str]
    short_names: dict[str, str]
    emergency_number: str | None
    core_in: tuple[Phase, ...]
    norms: tuple[str, ...]
    note: str | None = None


def is_core(agency: Agency, phase: Phase) -> bool:
    """True when an event without the party in that phase is incomplete."""
    return phase in agency.core_in
