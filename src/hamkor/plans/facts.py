# SPDX-License-Identifier: Apache-2.0
"""What can happen to a plan: a part is opened, and what stands in it is recorded or removed."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.events.facts import ATTENDANCE_RECORDED, EVENT, LEGAL_RECORDED
from hamkor.journal.rules import (
    Changes,
    Documents,
    Fact,
    FactType,
    declare_document,
    declare_fact,
    declare_kind,
    declare_single,
)
from hamkor.plans.rules.plan import PARTS


class PartOpened(msgspec.Struct, frozen=True):
    """A list part exists, even if nothing stands in it yet: what it does not hold is known to be absent.

    Args:
        id: Name of the part, such as ``warnings``.
    """

    id: str


def _open(_documents: Documents, fact: Fact[PartOpened]) -> Changes:
    return {("part", fact.body.id): fact.body}


PART = declare_kind("part", PartOpened)
PART_OPENED = declare_fact("part.opened.v1", PartOpened, _open)

_ELSEWHERE: dict[str, FactType[Any]] = {
    "event": EVENT.recorded,
    "attendance": ATTENDANCE_RECORDED,
    "legal": LEGAL_RECORDED,
}


def _recorded(part_name: str, document: str, body: type[msgspec.Struct], *, is_list: bool) -> FactType[Any]:
    if part_name in _ELSEWHERE:
        return _ELSEWHERE[part_name]
    return declare_document(document, body).recorded if is_list else declare_single(document, body)


RECORDED: dict[str, FactType[Any]] = {
    part.name: _recorded(part.name, part.document, part.body, is_list=part.is_list) for part in PARTS
}
