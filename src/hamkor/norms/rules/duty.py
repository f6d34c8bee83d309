# SPDX-License-Identifier: Apache-2.0
"""One functional duty at a mass event: who usually answers for it and what it rests on."""

from __future__ import annotations

from collections.abc import Set
from typing import Literal

import msgspec

from hamkor.common.records import Phase
from hamkor.norms.rules.norm import DutyHolder

EventTag = Literal[
    "outdoors",
    "indoors",
    "seated",
    "standing",
    "large",
    "night",
    "heat-season",
    "cold-season",
    "alcohol",
    "pyrotechnics",
    "rivals",
    "temporary-structures",
    "open-access",
    "vehicles-near",
    "water-near",
    "food",
    "vip",
    "drones",
    "children",
    "paid",
    "concert",
    "departmental-guard",
]


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A functional duty that must have exactly one accountable body.

    Args:
        id: Stable identifier in kebab case, such as ``count-people-inside``.
        phase: Phase of the work in which it is performed.
        title: What is to be done, in ``uz``, ``ru`` and ``en``.
        usual_owners: Agency codes in order of preference; the first takes it when nothing else is agreed.
        supporting: Agency codes that usually help.
        essential: Lives are at risk while nobody owns it.
        applies_if: Tags, one of which is enough; None when it always applies.
        norms: Ids of the norms that support it.
        documents: Guides, standards and inquiries that support it.
    """

    id: str
    phase: Phase
    title: dict[str, str]
    usual_owners: tuple[DutyHolder, ...]
    supporting: tuple[DutyHolder, ...]
    essential: bool
    applies_if: tuple[EventTag, ...] | None
    norms: tuple[str, ...]
    documents: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Norm ids first, then names of documents."""
        return self.norms + self.documents


class NormSetAside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A binding norm that lays no duty on the parties of a single event, with the reason."""

    norm: str
    reason: str


class DutyCatalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All functional duties, and the binding norms none of them carries."""

    duties: tuple[Duty, ...]
    not_event_specific: tuple[NormSetAside, ...]


def applies(duty: Duty, tags: Set[str]) -> bool:
    """True when an event with these tags needs the duty."""
    return duty.applies_if is None or any(tag in tags for tag in duty.applies_if)
