# SPDX-License-Identifier: Apache-2.0
"""The beginning and the end of a round: a version is put to approval, and approved finally."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hamkor.agencies.rules import Viewer, require
from hamkor.approvals.commands.heads import (
    THE_PLAN_AND_SIGNATURES,
    cleaned,
    perform_on_head,
    require_in_person,
    require_version,
)
from hamkor.approvals.facts import ACCEPTANCE_LAPSED, FINAL_APPROVAL_GIVEN, VERSION_PUT
from hamkor.approvals.queries.pages import standings_of
from hamkor.approvals.queries.trails import Snapshot
from hamkor.approvals.rules.blocking import Blocker, list_blockers, list_plan_changes
from hamkor.approvals.rules.judging import AcceptanceLapsed
from hamkor.approvals.rules.signing import FinalApproval, PlanVersion
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope, Result, Store
from hamkor.journal.rules import Fact, in_utc


class NotReadyError(HamkorError):
    """The plan cannot be approved finally; `blockers` says what is missing."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        self.blockers = tuple(blockers)
        template = N_("The plan cannot be approved finally yet. {reasons}")
        super().__init__("not-ready", template, reasons=[blocker.message for blocker in blockers])


def put_to_approval(store: Store, envelope: Envelope, *, viewer: Viewer, note: str | None = None) -> Result:
    """Records the next version of the plan: everybody is asked to sign it.

    Args:
        store: Where the journal is kept.
        envelope: Who, when and why; `by` must be the viewer.
        viewer: Needs the right ``finalise``.
        note: What the signers should know.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: ``not-in-person``, ``nothing-changed``, ``plan-missing``, ``plan-busy``.

    Notes:
        The version is bound to the head below its own entry: that hash exists before anybody signs, so all sign
        the same one. Acceptances that have lapsed by then end for good.
    """
    require_in_person(envelope, viewer)
    require(viewer, "finalise")
    text = None if note is None or not note.strip() else cleaned(note)

    def decide(snapshot: Snapshot, number: int) -> list[Fact[Any]]:
        newest, head = snapshot.agreement.newest, snapshot.trail.head
        if newest is not None and not list_plan_changes(snapshot.trail, newest.head_number):
            template = N_("The plan has not changed since version {version} was put to approval.")
            raise HamkorError("nothing-changed", template, version=newest.version)
        lapses = [(item.key, item.why) for item in snapshot.judged if item.why is not None]
        version = 1 if newest is None else newest.version + 1
        put = PlanVersion(
            id=str(version),
            version=version,
            head_number=head.number,
            head_hash=head.hash,
            number=number + len(lapses),
            by=envelope.by,
            at=in_utc(envelope.at),
            note=text,
        )
        return [*(ACCEPTANCE_LAPSED(AcceptanceLapsed(key, why)) for key, why in lapses), VERSION_PUT(put)]

    return perform_on_head(store, envelope, decide, content=["put_to_approval", text], is_checked=True)


def finalise(store: Store, envelope: Envelope, *, viewer: Viewer, version: int) -> Result:
    """Records the final approval of the newest version.

    Args:
        store: Where the journal is kept.
        envelope: Who, when and why; `by` must be the viewer.
        viewer: Needs the right ``finalise``.
        version: The version the person means.

    Raises:
        NotAllowedError: ``not-allowed``.
        NotReadyError: ``not-ready``, with everything that is missing.
        HamkorError: ``not-in-person``, ``no-version``, ``version-outdated``, ``plan-missing``, ``plan-busy``.
    """
    require_in_person(envelope, viewer)
    require(viewer, "finalise")

    def decide(snapshot: Snapshot, number: int) -> list[Fact[Any]]:
        newest = require_version(snapshot)
        if version != newest.version:
            template = N_("Version {newest} is to be approved, not version {version}.")
            raise HamkorError("version-outdated", template, newest=newest.version, version=version)
        standings = standings_of(snapshot)
        blockers = list_blockers(
            snapshot.agreement, snapshot.trail, judged=snapshot.judged, standings=standings
        )
        if blockers:
            raise NotReadyError(blockers)
        approvals = [standing.whole.approval for standing in standings]
        reds = [item for item in snapshot.judged if item.finding and item.finding.severity == "red"]
        final = FinalApproval(
            id=newest.id,
            version=version,
            number=number,
            by=envelope.by,
            at=in_utc(envelope.at),
            signatures=tuple(sorted(approval.number for approval in approvals if approval is not None)),
            overridden=tuple(item.key for item in reds),
        )
        return [FINAL_APPROVAL_GIVEN(final)]

    content, matter = ["finalise", version], THE_PLAN_AND_SIGNATURES
    return perform_on_head(store, envelope, decide, content=content, is_checked=True, matter=matter)
