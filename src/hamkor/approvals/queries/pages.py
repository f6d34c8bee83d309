# SPDX-License-Identifier: Apache-2.0
"""The page of approvals: versions, who signed, what voids it, and what keeps the plan from its final approval."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from hamkor.agencies.rules import AgencyCode, Viewer, require
from hamkor.approvals.queries.trails import Snapshot, take_snapshot
from hamkor.approvals.rules.blocking import Blocker, list_blockers, list_plan_changes
from hamkor.approvals.rules.judging import JudgedFinding
from hamkor.approvals.rules.signing import FinalApproval, PlanVersion, Scope, signing_agencies
from hamkor.approvals.rules.standing import AgencyStanding, judge_standings, list_touches_since_approval
from hamkor.approvals.rules.trail import Touch, Trail, list_differences
from hamkor.checks.queries import Report
from hamkor.journal.queries import Store
from hamkor.journal.rules import Stream
from hamkor.plans.rules.changes import Change


class VersionShown(msgspec.Struct, frozen=True, kw_only=True):
    """A version with what makes it different.

    Args:
        version: The version: number, head number, hash, who put it to approval and when.
        final: Its final approval, None when it has none.
        changes: How it differs from the version before; empty for the first.
    """

    version: PlanVersion
    final: FinalApproval | None
    changes: tuple[Change, ...]


class ApprovalPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a page about approvals shows, at one head.

    Args:
        head_number: Number of the head it was read at; sent back by who signs.
        head_hash: Hash of that head.
        versions: Versions, the first one first.
        standings: Where each agency that must sign stands.
        judged: The findings of the plan as it is now, with what people decided about them.
        blockers: What keeps the newest version from its final approval; empty when nothing does.
        changed_since_version: Changes of the plan since the newest version was put to approval, one by one.
        final: The last final approval, None when there was none.
        changed_since_final: How the plan differs now from the one approved finally.
        agency: The agency the last two are about.
        own_changes: What touched its own part since it last approved that; None when it never did.
        whole_changes: What touched the plan since it last approved the whole; None when it never did.
    """

    head_number: int
    head_hash: str
    versions: tuple[VersionShown, ...]
    standings: tuple[AgencyStanding, ...]
    judged: tuple[JudgedFinding, ...]
    blockers: tuple[Blocker, ...]
    changed_since_version: tuple[Touch, ...]
    final: FinalApproval | None
    changed_since_final: tuple[Change, ...]
    agency: AgencyCode | None
    own_changes: tuple[Touch, ...] | None
    whole_changes: tuple[Touch, ...] | None

    @property
    def is_final(self) -> bool:
        """True when the plan as it is now is the one approved finally.

        An agency that took back its signature since then is told by `standings` only.
        """
        newest = self.versions[-1].version if self.versions else None
        if self.final is None or newest is None:
            return False
        return self.final.version == newest.version and not self.changed_since_version


def get_approval_page(
    store: Store,
    *,
    stream: Stream,
    viewer: Viewer,
    agency: AgencyCode | None = None,
    report: Report | None = None,
) -> ApprovalPage:
    """Returns everything a page about approvals shows.

    Args:
        store: Where the journal is kept.
        stream: The event.
        viewer: Who looks; needs the right ``see_plan``.
        agency: The agency whose changes are listed; the viewer's when None.
        report: A check of the plan made earlier; a new one is made when it is None or outdated.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: ``plan-missing``.
    """
    require(viewer, "see_plan")
    snapshot = take_snapshot(store, stream, report=report, is_checked=True)
    trail, agreement = snapshot.trail, snapshot.agreement
    standings = standings_of(snapshot)
    newest = agreement.newest
    about = agency or viewer.agency
    return ApprovalPage(
        head_number=trail.head.number,
        head_hash=trail.head.hash,
        versions=_versions(snapshot),
        standings=standings,
        judged=snapshot.judged,
        blockers=list_blockers(agreement, trail, judged=snapshot.judged, standings=standings),
        changed_since_version=() if newest is None else list_plan_changes(trail, newest.head_number),
        final=agreement.finals[-1] if agreement.finals else None,
        changed_since_final=_since_final(snapshot),
        agency=about,
        own_changes=_since(snapshot, about, "own"),
        whole_changes=_since(snapshot, about, "whole"),
    )


def list_approval_states(store: Store, *, stream: Stream, viewer: Viewer) -> tuple[AgencyStanding, ...]:
    """Returns where each agency that must sign stands: for the top bar of every page; nothing is checked.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: ``plan-missing``.
    """
    require(viewer, "see_plan")
    return standings_of(take_snapshot(store, stream))


def list_changes_since_approval(
    store: Store, *, stream: Stream, viewer: Viewer, agency: AgencyCode, scope: Scope
) -> tuple[Touch, ...] | None:
    """Returns what happened since an agency last approved its own part or the whole; None when it never did.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: ``plan-missing``.
    """
    require(viewer, "see_plan")
    return _since(take_snapshot(store, stream), agency, scope)


def standings_of(snapshot: Snapshot) -> tuple[AgencyStanding, ...]:
    """Returns where each agency that must sign stands at the head of a snapshot."""
    agencies = signing_agencies(snapshot.plan.event)
    return judge_standings(snapshot.agreement, snapshot.trail, agencies)


def _since(snapshot: Snapshot, agency: AgencyCode | None, scope: Scope) -> tuple[Touch, ...] | None:
    if agency is None:
        return None
    return list_touches_since_approval(snapshot.agreement, snapshot.trail, agency=agency, scope=scope)


def _versions(snapshot: Snapshot) -> tuple[VersionShown, ...]:
    versions, trail = snapshot.agreement.versions, snapshot.trail
    differences = [(), *(_between(trail, before, after) for before, after in pairwise(versions))]
    return tuple(
        VersionShown(version=version, final=snapshot.agreement.find_final(version.version), changes=changes)
        for version, changes in zip(versions, differences, strict=False)
    )


def _between(trail: Trail, before: PlanVersion, after: PlanVersion) -> tuple[Change, ...]:
    return list_differences(
        [touch for touch in trail.after(before.head_number) if touch.number <= after.head_number]
    )


def _since_final(snapshot: Snapshot) -> tuple[Change, ...]:
    finals, versions = snapshot.agreement.finals, snapshot.agreement.versions
    if not finals:
        return ()
    heads = {version.version: version.head_number for version in versions}
    number = heads.get(finals[-1].version, finals[-1].number)
    return list_differences(snapshot.trail.after(number))
