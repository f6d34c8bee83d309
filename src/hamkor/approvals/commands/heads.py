# SPDX-License-Identifier: Apache-2.0
"""What all these commands share: deciding on a head that was looked at before the lock, by a person with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hamkor.agencies.rules import RIGHTS_OF_ROLE, AgencyCode, NotAllowedError, Right, Viewer, may
from hamkor.approvals.facts import ACCEPTANCE, KINDS, PLAN_VERSION
from hamkor.approvals.queries.trails import Snapshot, take_snapshot
from hamkor.approvals.rules.blocking import agency_shown
from hamkor.approvals.rules.signing import PlanVersion, signing_agencies
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact
from hamkor.plans.rules.concern import PLAN_KINDS
from hamkor.plans.rules.plan import Plan

MOST_ATTEMPTS = 8
MOST_LETTERS = 4000
# Kinds of documents that must not move between look and lock. Ten agencies sign within a minute: what one of them
# says about a version must not send the others back, so only what looks at all signatures waits for them.
THE_PLAN = (*PLAN_KINDS, PLAN_VERSION.kind, ACCEPTANCE.kind)
THE_PLAN_AND_SIGNATURES = (*PLAN_KINDS, *(kind.kind for kind in KINDS))

# Gets what was looked at and the number the first fact will have.
DecideOnHead = Callable[[Snapshot, int], Sequence[Fact[Any]]]


class _MovedError(Exception):
    """The plan changed between the look and the lock."""


def perform_on_head(
    store: Store,
    envelope: Envelope,
    decide: DecideOnHead,
    *,
    content: object,
    is_checked: bool = False,
    matter: Sequence[str] = THE_PLAN,
) -> Result:
    """Performs a command that decides on more than documents: on the trail, the head's hash or a check.

    Args:
        store: Where the journal is kept.
        envelope: Who, when and why.
        decide: Returns the facts, or refuses. Nothing slow happens in it: the head is locked.
        content: What is asked for.
        is_checked: True when it needs a check of the plan.
        matter: Kinds of documents it decides on.

    Raises:
        HamkorError: ``plan-busy``, when the plan changed again and again meanwhile; what `decide` raises.

    Notes:
        A check takes longer than others should wait for the lock. So it is made before, and the decision is
        made anew when the plan or an agreement changed meanwhile; comments and the like do not matter.
    """
    for _ in range(MOST_ATTEMPTS):
        snapshot = take_snapshot(store, envelope.stream, is_checked=is_checked)
        try:
            return perform(store, envelope, _on(snapshot, decide, matter), content=content)
        except _MovedError:
            continue
    raise HamkorError(
        "plan-busy", N_("The plan is being changed by others right now. Try again in a moment.")
    )


def require_in_person(envelope: Envelope, viewer: Viewer) -> None:
    """Returns when the command is sent by a named person, the viewer.

    Raises:
        HamkorError: ``not-in-person``.
    """
    if not envelope.by.startswith("person:") or envelope.by != viewer.person:
        template = N_("Only a signed-in person may do this, in their own name.")
        raise HamkorError("not-in-person", template)


def require_for_agency(viewer: Viewer, right: Right, agency: AgencyCode) -> None:
    """Returns when the person holds the right for the agency.

    Raises:
        NotAllowedError: ``not-allowed``, without the right at all.
        HamkorError: ``agency-not-yours``, when it is for other agencies only.
    """
    if not may(viewer, right):
        raise NotAllowedError(viewer, right)
    own = [grant.agency for grant in viewer.grants if right in RIGHTS_OF_ROLE[grant.role]]
    if agency not in own:
        template = N_("You sign for {own}, not for {agency}.")
        names = [agency_shown(code) for code in dict.fromkeys(own)]
        raise HamkorError("agency-not-yours", template, own=names, agency=agency_shown(agency))


def require_signing(plan: Plan, agency: AgencyCode) -> None:
    """Returns when the agency is one of those that must approve.

    Raises:
        HamkorError: ``agency-not-signing``.
    """
    if agency not in signing_agencies(plan.event):
        template = N_(
            "{agency} does not sign this plan. Those that sign take part according to the application."
        )
        raise HamkorError("agency-not-signing", template, agency=agency_shown(agency))


def require_version(snapshot: Snapshot) -> PlanVersion:
    """Returns the version that is to be signed now.

    Raises:
        HamkorError: ``no-version``.
    """
    newest = snapshot.agreement.newest
    if newest is None:
        raise HamkorError("no-version", N_("The plan was not put to approval yet."))
    return newest


def require_person(plan: Plan, person: str | None) -> None:
    """Returns when the person is one of the plan, or nobody is named.

    Raises:
        HamkorError: ``person-unknown``.
    """
    if person is not None and all(known.id != person for known in plan.people or ()):
        template = N_("There is no person {person} in the plan.")
        raise HamkorError("person-unknown", template, person=person)


def cleaned(reason: str) -> str:
    """Returns a reason without white space around it.

    Raises:
        HamkorError: ``reason-missing``, ``reason-too-long`` or ``reason-unreadable``.
    """
    text = reason.strip()
    if not text:
        raise HamkorError("reason-missing", N_("Give a reason: others must understand it after the event."))
    if len(text) > MOST_LETTERS:
        template = N_("The reason has {letters} letters. At most {limit} are recorded.")
        raise HamkorError("reason-too-long", template, letters=len(text), limit=MOST_LETTERS)
    try:
        text.encode()
    except UnicodeEncodeError:
        template = N_("The reason holds characters that cannot be written down. Type it again.")
        raise HamkorError("reason-unreadable", template) from None
    return text


def _on(
    snapshot: Snapshot, decide: DecideOnHead, matter: Sequence[str]
) -> Callable[[Documents], Sequence[Fact[Any]]]:
    def decide_unmoved(documents: Documents) -> Sequence[Fact[Any]]:
        if not _is_same(documents, snapshot.trail.documents, matter):
            raise _MovedError
        return decide(snapshot, documents.number + 1)

    return decide_unmoved


def _is_same(now: Documents, then: Documents, matter: Sequence[str]) -> bool:
    if (now.number, now.withheld) == (then.number, then.withheld):
        return True
    return all(now.all(kind) == then.all(kind) for kind in matter)
