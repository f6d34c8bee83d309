# SPDX-License-Identifier: Apache-2.0
"""Where things of a plan stand in the workspace: the address of an item, of a part, of what a finding is about."""

from __future__ import annotations

from uuid import UUID

from django.urls import NoReverseMatch, reverse

from hamkor.checks.rules.findings import Finding
from hamkor.plans.rules.concern import VENUE, find_part, part_of_kind
from hamkor.plans.rules.plan import Plan
from hamkor.workspace.sections import SECTION_OF_FAMILY, section_of_part

# What a finding calls its subject, where that is no kind of document: the part it stands in.
PART_OF_SUBJECT = {
    "link": "communications",
    "channel": "communications",
    "paper": "legal",
    "conclusion": "legal",
    "waiver": "legal",
    "programme": "event",
    "plan": "event",
    "agency": "duties",
    "section": VENUE,
    "area": VENUE,
    "opening": VENUE,
    "passage": VENUE,
    "route": VENUE,
    "structure": VENUE,
    "turnstiles": VENUE,
    "device": VENUE,
    "assembly_area": VENUE,
    "shelter": VENUE,
    "attractor": VENUE,
    "post_place": VENUE,
}


def section_url(stream: UUID, section: str) -> str:
    """Returns the address of a section; of the overview when there is no such page."""
    try:
        return reverse(section, kwargs={"stream": stream})
    except NoReverseMatch:
        return reverse("event", kwargs={"stream": stream})


def part_url(stream: UUID, part: str) -> str:
    """Returns the address of the section that shows a part."""
    return section_url(stream, section_of_part(part))


def item_url(stream: UUID, part: str | None, item: str | None) -> str:
    """Returns the address of an item; of its section for a part that is one document, of the overview for neither."""
    if part is None:
        return reverse("event", kwargs={"stream": stream})
    known = find_part(part)
    if item is None or known is None or not known.is_list:
        return part_url(stream, part)
    return reverse("item", kwargs={"stream": stream, "part": part, "item": item})


def document_url(stream: UUID, kind: str, document_id: str) -> str:
    """Returns the address of a document by its kind."""
    if kind == "part":
        return part_url(stream, document_id)
    return item_url(stream, part_of_kind(kind), document_id)


def finding_url(stream: UUID, finding: Finding, plan: Plan) -> str:
    """Returns the address of the place where a finding is mended.

    Args:
        stream: The event.
        finding: The finding.
        plan: The plan, to see whether what it names is there.
    """
    kind, subject_id = finding.subject.kind, finding.subject.id
    if kind == "part":
        return part_url(stream, subject_id)
    part = PART_OF_SUBJECT.get(kind)
    if part is not None:
        return part_url(stream, part)
    part = _part_of(kind)
    known = find_part(part) if part is not None else None
    if part is None or known is None or kind == "event":
        return section_url(stream, SECTION_OF_FAMILY.get(finding.family, "event"))
    is_there = known.is_list and any(item.id == subject_id for item in getattr(plan, part) or ())
    return item_url(stream, part, subject_id if is_there else None)


def _part_of(kind: str) -> str | None:
    try:
        return part_of_kind(kind)
    except KeyError:
        return None
