# SPDX-License-Identifier: Apache-2.0
"""What a file would change, before it changes anything: differences, conflicts, and whether the person may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec
from msgspec import Struct

from hamkor.agencies.rules import NotAllowedError, may, require
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Documents, Key
from hamkor.plans.commands import list_details
from hamkor.plans.facts import PartOpened
from hamkor.plans.queries import plan_of
from hamkor.plans.rules.changes import Change, list_changes
from hamkor.plans.rules.drafting import Doubt, Draft
from hamkor.plans.rules.edits import Edit
from hamkor.plans.rules.permission import require_may_change
from hamkor.plans.rules.personal import set_apart
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.sheets.queries import find_origin, read_duty_matrix, read_roster
from hamkor.venues.facts import Drawing
from hamkor.workspace.changes_shown import ChangeReader, ItemChange
from hamkor.workspace.event_page import EventPage
from hamkor.workspace.imports.archive import read_zipped_folder
from hamkor.workspace.stores import journals, vault

ImportKind = Literal["folder", "roster", "duties"]
IMPORT_KINDS: tuple[ImportKind, ...] = ("folder", "roster", "duties")
MOST_SHOWN = 400


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a file would do.

    Args:
        kind: What sort of file.
        items: What would differ, item by item, at most `MOST_SHOWN`.
        parts: Parts that would differ, by their titles.
        more: How many items are not shown.
        conflicts: Fields that somebody else changed since the file was written.
        named: How many people would get another name or phone.
        refusal: Why the person may not do it, None when they may.
        base: Number of the entry the file was written from, None when it does not say.
        edits: The edits, for a workbook.
        plan: The plan, for a folder.
    """

    kind: ImportKind
    items: tuple[ItemChange, ...]
    parts: dict[str, str]
    more: int = 0
    conflicts: tuple[Doubt, ...] = ()
    named: int = 0
    refusal: Message | None = None
    base: int | None = None
    edits: tuple[Edit, ...] = ()
    plan: Plan | None = None

    @property
    def is_empty(self) -> bool:
        """True when nothing would change."""
        return not self.items and not self.named


class OtherJournalError(HamkorError):
    """The file was written from a record this event does not have."""


def preview_folder(page: EventPage, content: bytes) -> Preview:
    """Returns what a zipped event folder would change.

    Args:
        page: The event as the person sees it.
        content: The archive.

    Raises:
        ArchiveRefusedError: The archive cannot be unpacked safely.
        FolderUnusableError: With every fault of the folder.
    """
    plan = read_zipped_folder(content)
    nameless, details = set_apart(plan)
    event = msgspec.structs.replace(nameless.event, id=page.plan.event.id)
    before = page.documents
    after = _documents_of(msgspec.structs.replace(nameless, event=event), number=before.number)
    kept = list_details(vault(), str(page.stream))
    named = sum(1 for person, given in details.items() if kept.get(person) != given)
    changes = list_changes(before, after)
    return _preview(page, "folder", changes, after=after, plan=plan, named=named)


def preview_workbook(page: EventPage, kind: ImportKind, content: bytes) -> Preview:
    """Returns what a roster or a duty matrix would change; read against the plan it was written from.

    Args:
        page: The event as the person sees it.
        kind: ``roster`` or ``duties``.
        content: The workbook.

    Raises:
        SheetUnusableError: With every fault, cell by cell.
        OtherJournalError: ``sheet-of-the-future``.
        EditRefusedError: A document would not be whole.
    """
    origin = find_origin(content)
    base = origin.number if origin is not None else None
    if base is not None and base > page.number:
        template = N_("This file was written from entry {base} of the record, which ends with {number}.")
        raise OtherJournalError("sheet-of-the-future", template, base=base, number=page.number)
    read = read_roster if kind == "roster" else read_duty_matrix
    edits = tuple(read(content, plan=_plan_at(page, base)))
    draft = Draft(page.documents)
    draft.apply(edits)
    targets: dict[Key, Struct | None] = draft.finished()
    marks: dict[Key, Struct | None] = {
        ("part", part): PartOpened(part) if is_open else None for part, is_open in draft.parts.items()
    }
    after = page.documents.after([targets, marks])
    changes = list_changes(page.documents, after)
    named = sum(1 for given in draft.details.values() if given)
    return _preview(
        page, kind, changes, after=after, edits=edits, conflicts=tuple(draft.doubts), base=base, named=named
    )


def _preview(
    page: EventPage, kind: ImportKind, changes: tuple[Change, ...], *, after: Documents, **values: Any
) -> Preview:
    reader = ChangeReader(page.stream, plan_of(after, {}) or page.plan, page.documents)
    items = reader.read(changes)
    return Preview(
        kind=kind,
        items=items[:MOST_SHOWN],
        more=max(0, len(items) - MOST_SHOWN),
        parts={item.part: item.part_title for item in items},
        refusal=_refusal(page, kind, changes, after),
        **values,
    )


def _refusal(
    page: EventPage, kind: ImportKind, changes: tuple[Change, ...], after: Documents
) -> Message | None:
    try:
        if kind == "folder":
            require(page.viewer, "import_plan")
        require_may_change(page.viewer, changes, before=page.documents, after=after)
    except NotAllowedError as refused:
        return refused.message
    return None


def _plan_at(page: EventPage, number: int | None) -> Plan:
    if number is None or number == page.number:
        return page.plan
    details = list_details(vault(), str(page.stream)) if may(page.viewer, "see_personal") else {}
    return plan_of(get_documents(journals(), page.stream, until=number), details) or page.plan


def _documents_of(plan: Plan, *, number: int) -> Documents:
    """Returns the documents a plan consists of."""
    return Documents(_iter_documents(plan), number=number)


def _iter_documents(plan: Plan) -> Iterator[tuple[Key, Struct]]:
    for part in PARTS:
        value = getattr(plan, part.name)
        if value is None:
            continue
        if not part.is_list:
            yield (part.document, getattr(value, "id", part.document)), value
            continue
        yield ("part", part.name), PartOpened(part.name)
        for item in value:
            yield (part.document, item.id), item
    if plan.venue is not None:
        yield ("drawing", "drawing"), Drawing(plan.venue.name)
        for feature in plan.venue.features:
            yield ("feature", feature.id), feature
