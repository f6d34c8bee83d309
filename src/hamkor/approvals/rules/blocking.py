# SPDX-License-Identifier: Apache-2.0
"""What keeps a plan from its final approval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from hamkor.agencies.queries import get_agency
from hamkor.agencies.rules import AgencyCode
from hamkor.approvals.rules.judging import JudgedFinding
from hamkor.approvals.rules.signing import Agreement
from hamkor.approvals.rules.standing import AgencyStanding
from hamkor.approvals.rules.trail import Touch, Trail
from hamkor.common.messages import N_, Message
from hamkor.common.records import Text

BlockerCode = Literal[
    "no-version",
    "already-final",
    "plan-changed",
    "agencies-unknown",
    "red-open",
    "not-approved",
    "approval-void",
    "objected",
]
MOST_LISTED = 8


class Blocker(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why a plan cannot be approved finally yet.

    Args:
        code: What sort of reason.
        message: The reason for people.
        agency: The agency it depends on.
        finding: The red finding.
        touches: The changes it comes from.
    """

    code: BlockerCode
    message: Message
    agency: AgencyCode | None = None
    finding: JudgedFinding | None = None
    touches: tuple[Touch, ...] = ()


def list_blockers(
    agreement: Agreement,
    trail: Trail,
    *,
    judged: Sequence[JudgedFinding],
    standings: Sequence[AgencyStanding],
) -> tuple[Blocker, ...]:
    """Returns everything that keeps the newest version from its final approval; empty when nothing does.

    Args:
        agreement: What was signed.
        trail: The journal.
        judged: The findings of a check at its head.
        standings: Where the agencies that must sign stand there.
    """
    found = [*_of_version(agreement, trail)]
    found += [_of_finding(item) for item in judged if item.is_open_red]
    if not standings:
        template = N_("It is not known which agencies take part. Write them into the application.")
        found.append(Blocker(code="agencies-unknown", message=Message(template)))
    found += [blocker for standing in standings for blocker in _of_agency(standing)]
    return tuple(found)


def agency_shown(code: AgencyCode) -> Text:
    """Returns the short name of an agency in the languages it has one in."""
    names: Text = get_agency(code).short_names  # type: ignore[assignment]  # its keys are languages
    return names


def touches_shown(touches: Sequence[Touch]) -> list[Message]:
    """Returns the first changes as a list for a sentence, with how many more there are."""
    listed = [
        Message(N_("{thing} (entry {number})"), {"thing": touch.thing, "number": str(touch.number)})
        for touch in touches[:MOST_LISTED]
    ]
    more = len(touches) - len(listed)
    return [*listed, Message(N_("{count} more"), {"count": more})] if more else listed


def _of_version(agreement: Agreement, trail: Trail) -> Iterator[Blocker]:
    newest = agreement.newest
    if newest is None:
        template = N_("The plan was not put to approval yet.")
        yield Blocker(code="no-version", message=Message(template))
        return
    facts = {"version": newest.version}
    if agreement.find_final(newest.version) is not None:
        template = N_("Version {version} is approved finally already.")
        yield Blocker(code="already-final", message=Message(template, facts))
    touches = list_plan_changes(trail, newest.head_number)
    if touches:
        template = N_("The plan changed after version {version}: {changes}. Put a new version to approval.")
        message = Message(template, {**facts, "changes": touches_shown(touches)})
        yield Blocker(code="plan-changed", message=message, touches=touches)


def list_plan_changes(trail: Trail, number: int) -> tuple[Touch, ...]:
    """Returns the changes of the plan above an entry, without judged findings."""
    return tuple(touch for touch in trail.after(number) if not touch.is_judgement)


def _of_finding(item: JudgedFinding) -> Blocker:
    title = item.finding.title if item.finding is not None else ""
    facts = {
        "title": title,
        "subject": item.finding.subject.shown() if item.finding is not None else item.key,
    }
    message = Message(N_("Red finding: {title} ({subject}). Mend it, or the commission overrides it."), facts)
    return Blocker(code="red-open", message=message, finding=item)


def _of_agency(standing: AgencyStanding) -> Iterator[Blocker]:
    agency, whole = standing.agency, standing.whole
    facts = {"agency": agency_shown(agency)}
    if whole.state == "objected" and whole.objection is not None:
        message = Message(N_("{agency} objects: {reason}"), {**facts, "reason": whole.objection.reason})
        yield Blocker(code="objected", message=message, agency=agency)
    elif whole.state == "voided" and whole.voided_by is not None:
        changes = touches_shown([whole.voided_by])
        template = N_("The approval of {agency} is void since a change: {changes}.")
        message = Message(template, {**facts, "changes": changes})
        yield Blocker(code="approval-void", message=message, agency=agency, touches=(whole.voided_by,))
    elif whole.state == "none":
        message = Message(N_("{agency} has not approved the whole plan."), facts)
        yield Blocker(code="not-approved", message=message, agency=agency)
