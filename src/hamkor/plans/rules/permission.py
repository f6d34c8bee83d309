# SPDX-License-Identifier: Apache-2.0
"""Which changes of a plan a person may make."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any

from hamkor.agencies.rules import (
    ROLES,
    AgencyCode,
    NotAllowedError,
    Role,
    Viewer,
    agencies_edited_by,
    may_edit_part,
)
from hamkor.agencies.rules.rights import PARTS_OF_ROLE, ROLE_NAMES
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.journal.rules import Documents
from hamkor.plans.rules.changes import Change
from hamkor.plans.rules.concern import agencies_concerned, agencies_of_link, kind_of_part, part_of_kind

# What the agency that answers for a duty may say about it; what the duty is stays with the planners.
OF_THE_ACCOUNTABLE = frozenset({"person", "deputy", "shifts", "note", "source", "grade"})
_OWNERS = frozenset({"accountable", "supporting"})


class EditNotAllowedError(NotAllowedError):
    """The person may not change this item; says which, why, and who could.

    Args:
        viewer: Who.
        part: Part of the plan.
        item: Id of the item, the part's own kind for a part that is one document.
    """

    def __init__(self, viewer: Viewer, *, part: str, item: str) -> None:
        self.part, self.item = part, item
        template = N_(
            "You may not change {item} in {part}: you are {held}, and it is not, or not only, the business of your "
            "agency. This can be done by: {able}."
        )
        held = [Message(ROLE_NAMES[role]) for role in viewer.roles] or [
            Message(N_("nobody with a role here"))
        ]
        able = [Message(ROLE_NAMES[role]) for role in ROLES if _may_edit(role, part)]
        HamkorError.__init__(self, "not-allowed", template, item=item, part=part, held=held, able=able)


def require_may_change(
    viewer: Viewer, changes: Iterable[Change], *, before: Documents, after: Documents
) -> None:
    """Returns when the person may make every change.

    Args:
        viewer: Who.
        changes: What would differ.
        before: The plan before.
        after: The plan after.

    Raises:
        EditNotAllowedError: ``not-allowed``, for the first change that is not the person's to make.

    Notes:
        Whoever may edit a part may do everything in it. Others may change what is their agency's business before and
        after; of a duty only their own agency's place in it, and who holds it where their agency is accountable; of
        `communications` only links of which their agency is an end.
    """
    own = agencies_edited_by(viewer)
    for change in changes:
        part = change.id if change.kind == "part" else part_of_kind(change.kind)
        if may_edit_part(viewer, part):
            continue
        if not own or not _is_own(change, own, before, after):
            raise EditNotAllowedError(viewer, part=part, item=change.id)


def _is_own(change: Change, own: Set[AgencyCode], before: Documents, after: Documents) -> bool:
    if change.kind == "part":
        # A part may begin with an item of one's own; that it is empty is not one agency's to say.
        return change.after is not None and bool(after.all(kind_of_part(change.id)))
    old, new = before.get(change.kind, change.id), after.get(change.kind, change.id)
    if change.kind == "duty":
        return _is_own_in_duty(change, own, old, new)
    if change.kind == "communications":
        return _is_own_link(change, own, before, after)
    if change.kind == "legal":
        return "org" in own
    return all(
        agencies_concerned(change.kind, document, documents=documents) & own
        for document, documents in ((old, before), (new, after))
        if document is not None
    )


def _is_own_in_duty(change: Change, own: Set[AgencyCode], old: Any, new: Any) -> bool:
    if old is None or new is None:
        named = agencies_concerned("duty", new if old is None else old)
        return bool(named) and named <= own
    if change.path in _OWNERS:
        return set(change.before or ()) ^ set(change.after or ()) <= own
    return change.path in OF_THE_ACCOUNTABLE and bool(set(new.accountable or ()) & own)


def _is_own_link(change: Change, own: Set[AgencyCode], before: Documents, after: Documents) -> bool:
    steps = change.path.split("/")
    if steps[0] != "links" or len(steps) < 2:
        return False
    ends = [
        agencies_of_link(link, documents=documents)
        for documents in (before, after)
        for communications in documents.all("communications")
        for link in getattr(communications, "links", None) or ()
        if link.id == steps[1]
    ]
    return bool(ends) and all(each & own for each in ends)


def _may_edit(role: Role, part: str) -> bool:
    parts = PARTS_OF_ROLE.get(role, frozenset())
    return part in parts or "*" in parts
