# SPDX-License-Identifier: Apache-2.0
"""What an agency says about a version: it approves, objects, and takes either back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hamkor.agencies.rules import AgencyCode, Viewer
from hamkor.approvals.commands.heads import (
    THE_PLAN_AND_SIGNATURES,
    cleaned,
    perform_on_head,
    require_for_agency,
    require_in_person,
    require_person,
    require_signing,
    require_version,
)
from hamkor.approvals.facts import (
    APPROVAL_GIVEN,
    APPROVAL_WITHDRAWN,
    OBJECTION_RAISED,
    OBJECTION_WITHDRAWN,
)
from hamkor.approvals.queries.trails import Snapshot
from hamkor.approvals.rules.blocking import agency_shown, list_plan_changes, touches_shown
from hamkor.approvals.rules.signing import (
    Approval,
    ApprovalWithdrawn,
    Objection,
    ObjectionWithdrawn,
    PlanVersion,
    Scope,
    SeenHead,
    approval_id,
)
from hamkor.approvals.rules.standing import touches_in_scope
from hamkor.approvals.rules.trail import Touch
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope, Result, Store
from hamkor.journal.queries import list_entries
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.plans.rules.concern import VENUE, find_part, kind_of_part

MOST_ITEMS = 200


class PlanChangedError(HamkorError):
    """The plan is not the one the signer saw; `touches` says what happened since."""

    def __init__(self, code: str, template: str, touches: Sequence[Touch], **facts: Any) -> None:
        self.touches = tuple(touches)
        super().__init__(code, template, changes=touches_shown(self.touches), **facts)


def approve(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    agency: AgencyCode,
    scope: Scope,
    seen: SeenHead,
    person: str | None = None,
) -> Result:
    """Records that an agency approves what concerns it, or the whole plan, as the signer saw it.

    Args:
        store: Where the journal is kept.
        envelope: Who, when and why; `by` must be the viewer.
        viewer: Needs the right ``approve`` for the agency.
        agency: The agency.
        scope: `own` or `whole`.
        seen: The version and the head the signer saw: of the page, or the one printed with the version.
        person: The signer in the plan.

    Raises:
        NotAllowedError: ``not-allowed``.
        PlanChangedError: ``plan-changed``, what the agency signs changed since that head; ``version-changed``,
            the whole plan is not the one put to approval any more.
        HamkorError: ``not-in-person``, ``agency-not-yours``, ``agency-not-signing``, ``no-version``,
            ``version-outdated``, ``head-unknown``, ``person-unknown``, ``plan-missing``, ``plan-busy``.
    """
    require_in_person(envelope, viewer)
    require_for_agency(viewer, "approve", agency)
    is_head = _has_entry(store, envelope, number=seen.number, wanted=seen.hash)

    def decide(snapshot: Snapshot, number: int) -> list[Fact[Any]]:
        require_signing(snapshot.plan, agency)
        newest = require_version(snapshot)
        _require_newest(newest, seen.version)
        if not is_head or seen.number < newest.head_number:
            template = N_("What you saw is not version {version} of this plan. Open the page again.")
            raise HamkorError("head-unknown", template, version=seen.version)
        _require_unchanged(snapshot, agency=agency, scope=scope, head_number=seen.number)
        require_person(snapshot.plan, person)
        approval = Approval(
            id=approval_id(agency, scope, seen.version),
            agency=agency,
            scope=scope,
            version=seen.version,
            head_number=seen.number,
            head_hash=seen.hash,
            number=number,
            by=envelope.by,
            at=in_utc(envelope.at),
            person=person,
        )
        return [APPROVAL_GIVEN(approval)]

    content = ["approve", agency, scope, seen, person]
    return perform_on_head(store, envelope, decide, content=content)


def withdraw_approval(
    store: Store, envelope: Envelope, *, viewer: Viewer, agency: AgencyCode, scope: Scope, reason: str
) -> Result:
    """Records that an agency takes back its approval of the whole, or everything it approved.

    Args:
        store: Where the journal is kept.
        envelope: Who, when and why; `by` must be the viewer.
        viewer: Needs the right ``approve`` for the agency.
        agency: The agency.
        scope: `whole`; or `own`, which takes back the whole too.
        reason: Why.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: ``not-in-person``, ``agency-not-yours``, ``reason-missing``, ``nothing-approved``,
            ``plan-missing``, ``plan-busy``.
    """
    require_in_person(envelope, viewer)
    require_for_agency(viewer, "approve", agency)
    text = cleaned(reason)

    def decide(snapshot: Snapshot, _number: int) -> list[Fact[Any]]:
        given = [item for item in snapshot.agreement.approvals if item.agency == agency]
        ended = tuple(item.id for item in given if scope == "own" or item.scope == "whole")
        if not ended:
            template = N_("{agency} has approved nothing that could be taken back.")
            raise HamkorError("nothing-approved", template, agency=agency_shown(agency))
        return [APPROVAL_WITHDRAWN(ApprovalWithdrawn(agency, scope, text, ended))]

    content = ["withdraw_approval", agency, scope, text]
    return perform_on_head(store, envelope, decide, content=content, matter=THE_PLAN_AND_SIGNATURES)


def object_to(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    agency: AgencyCode,
    reason: str,
    part: str | None = None,
    items: Sequence[str] = (),
) -> Result:
    """Records that an agency objects to the newest version; a further objection replaces the one before.

    Args:
        store: Where the journal is kept.
        envelope: Who, when and why; `by` must be the viewer.
        viewer: Needs the right ``approve`` for the agency.
        agency: The agency.
        reason: What must change.
        part: Part of the plan it is about, such as ``posts``; None for the plan as such.
        items: Ids of what it is about in that part.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: ``not-in-person``, ``agency-not-yours``, ``agency-not-signing``, ``reason-missing``,
            ``no-version``, ``part-unknown``, ``items-unknown``,
            ``items-too-many``, ``plan-missing``, ``plan-busy``.
    """
    require_in_person(envelope, viewer)
    require_for_agency(viewer, "approve", agency)
    text, chosen = cleaned(reason), tuple(dict.fromkeys(items))

    def decide(snapshot: Snapshot, number: int) -> list[Fact[Any]]:
        require_signing(snapshot.plan, agency)
        newest = require_version(snapshot)
        _require_things(snapshot.trail.documents, part, chosen)
        objection = Objection(
            id=agency,
            agency=agency,
            version=newest.version,
            reason=text,
            number=number,
            by=envelope.by,
            at=in_utc(envelope.at),
            part=part,
            items=chosen,
        )
        return [OBJECTION_RAISED(objection)]

    return perform_on_head(store, envelope, decide, content=["object_to", agency, text, part, chosen])


def withdraw_objection(
    store: Store, envelope: Envelope, *, viewer: Viewer, agency: AgencyCode, reason: str
) -> Result:
    """Records that an agency takes back its objection, without approving anything by that.

    Args:
        store: Where the journal is kept.
        envelope: Who, when and why; `by` must be the viewer.
        viewer: Needs the right ``approve`` for the agency.
        agency: The agency.
        reason: Why.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: ``not-in-person``, ``agency-not-yours``, ``reason-missing``, ``no-objection``,
            ``plan-missing``, ``plan-busy``.
    """
    require_in_person(envelope, viewer)
    require_for_agency(viewer, "approve", agency)
    text = cleaned(reason)

    def decide(snapshot: Snapshot, _number: int) -> list[Fact[Any]]:
        if snapshot.agreement.find_objection(agency) is None:
            template = N_("{agency} has no objection that could be taken back.")
            raise HamkorError("no-objection", template, agency=agency_shown(agency))
        return [OBJECTION_WITHDRAWN(ObjectionWithdrawn(agency, text))]

    content = ["withdraw_objection", agency, text]
    return perform_on_head(store, envelope, decide, content=content, matter=THE_PLAN_AND_SIGNATURES)


def _has_entry(store: Store, envelope: Envelope, *, number: int, wanted: str) -> bool:
    """Returns True when the journal has an entry of that number and hash; entries never change."""
    if number < 1:
        return False
    found = list_entries(store, envelope.stream, after=number - 1, until=number)
    return bool(found) and found[0].hash == wanted


def _require_newest(newest: PlanVersion, version: int) -> None:
    if version != newest.version:
        template = N_("Version {newest} is to be approved, not version {version}. Read the new one first.")
        raise HamkorError("version-outdated", template, newest=newest.version, version=version)


def _require_unchanged(snapshot: Snapshot, *, agency: AgencyCode, scope: Scope, head_number: int) -> None:
    touches = touches_in_scope(snapshot.trail.after(head_number), agency, scope)
    if touches:
        template = N_("Since you read the plan this changed: {changes}. Read it again before you sign.")
        raise PlanChangedError("plan-changed", template, touches)
    newest = require_version(snapshot)
    changes = list_plan_changes(snapshot.trail, newest.head_number) if scope == "whole" else ()
    if changes:
        template = N_(
            "The plan changed after version {version} was put to approval: {changes}. "
            "The whole is signed in the next version."
        )
        raise PlanChangedError("version-changed", template, changes, version=newest.version)


def _require_things(documents: Documents, part: str | None, items: tuple[str, ...]) -> None:
    """Returns when there is such a part, and such items in it."""
    if part is not None and part != VENUE and find_part(part) is None:
        raise HamkorError("part-unknown", N_("A plan has no part {part}."), part=part)
    known = {name for (kind, name), _ in documents.items() if part is not None and kind == kind_of_part(part)}
    unknown = [item for item in items if item not in known]
    if len(items) > MOST_ITEMS:
        template = N_(
            "An objection names at most {limit} items. Object to the part, and say which in the reason."
        )
        raise HamkorError("items-too-many", template, limit=MOST_ITEMS)
    if unknown:
        template = N_("These are not in the part {part}: {items}.")
        raise HamkorError("items-unknown", template, part=part or "?", items=unknown)
