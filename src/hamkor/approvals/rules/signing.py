# SPDX-License-Identifier: Apache-2.0
"""What is signed: versions put to approval, approvals, objections and the final approval."""

# Without `annotations` from `__future__`: msgspec reads the types of bodies here.

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.approvals.rules.judging import Acceptance, AwareMoment, EntryNumber
from hamkor.common.records import Id, ShortText
from hamkor.events.rules import Event, Organiser

Scope = Literal["own", "whole"]
Version = Annotated[int, Meta(ge=1)]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]

# The public and "every state body" cannot sign, and the commission examines the plan: who controls a plan
# does not sign it as one who carries it out.
NEVER_SIGN: frozenset[AgencyCode] = frozenset({"pub", "all", "kom"})


class PlanVersion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A version of the plan that is put to approval: the plan as it was at one head.

    Args:
        id: The version as a text: `1`, `2`.
        version: 1, 2, 3 …
        head_number: Number of the head it is bound to: the last entry of the plan that is signed.
        head_hash: Hash of that head. It is printed on the plan, and everybody who signs the version signs it.
        number: Number of the entry that records this; above `head_number`.
        by: Reference of the person who put it to approval.
        at: When.
        note: What the signers should know.
    """

    id: str
    version: Version
    head_number: EntryNumber
    head_hash: Hash
    number: EntryNumber
    by: str
    at: AwareMoment
    note: ShortText | None = None


class SeenHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a signer had before their eyes.

    Args:
        version: The version.
        number: Number of the head.
        hash: Hash of that head.
    """

    version: int
    number: int
    hash: str


class Approval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """An agency approves the plan, or what concerns it there.

    Args:
        id: Agency, scope and version: `tty:own:2`.
        agency: Who approves.
        scope: `own`: everything that concerns the agency; `whole`: the whole plan.
        version: The version that was put to approval.
        head_number: Number of the head the signer saw.
        head_hash: Its hash.
        number: Number of the entry that records this.
        by: Reference of the person who signs.
        at: When.
        person: The same person in the plan.
    """

    id: str
    agency: AgencyCode
    scope: Scope
    version: Version
    head_number: EntryNumber
    head_hash: Hash
    number: EntryNumber
    by: str
    at: AwareMoment
    person: Id | None = None


class ApprovalWithdrawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agency takes back what it approved.

    Args:
        id: The agency.
        scope: `whole`: its approval of the whole; `own`: everything it approved.
        reason: Why.
        approvals: Ids of the approvals that do not stand any more.
    """

    id: AgencyCode
    scope: Scope
    reason: ShortText
    approvals: tuple[str, ...]


class Objection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """An agency objects to the plan: it cannot be approved finally until the agency agrees.

    Args:
        id: The agency; it has one objection, which says everything.
        agency: Who objects.
        version: To which version.
        reason: What must change.
        number: Number of the entry that records this.
        by: Reference of the person who objects.
        at: When.
        part: Part of the plan it is about, such as `posts`.
        items: Ids of what it is about in that part.
    """

    id: AgencyCode
    agency: AgencyCode
    version: Version
    reason: ShortText
    number: EntryNumber
    by: str
    at: AwareMoment
    part: str | None = None
    items: tuple[Id, ...] = ()


class ObjectionWithdrawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agency takes back its objection.

    Args:
        id: The agency.
        reason: Why, or what was changed.
    """

    id: AgencyCode
    reason: ShortText


class FinalApproval(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """A version of the plan is approved finally.

    Args:
        id: The version as a text.
        version: The version.
        number: Number of the entry that records this.
        by: Reference of the person who closes it.
        at: When.
        signatures: Numbers of the entries with the approvals of the whole that count.
        overridden: Keys of the red findings that were accepted.
    """

    id: str
    version: Version
    number: EntryNumber
    by: str
    at: AwareMoment
    signatures: tuple[EntryNumber, ...]
    overridden: tuple[str, ...] = ()


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was signed at one event and stands.

    Args:
        versions: Versions in order.
        approvals: Approvals that were not withdrawn, in the order of their first appearance.
        objections: Objections that stand.
        finals: Final approvals in order.
        acceptances: Accepted findings by key.
    """

    versions: tuple[PlanVersion, ...] = ()
    approvals: tuple[Approval, ...] = ()
    objections: tuple[Objection, ...] = ()
    finals: tuple[FinalApproval, ...] = ()
    acceptances: dict[str, Acceptance] = {}

    @property
    def newest(self) -> PlanVersion | None:
        """The version that is to be signed now."""
        return self.versions[-1] if self.versions else None

    def find_final(self, version: int) -> FinalApproval | None:
        """Returns the final approval of a version, or None."""
        return next((final for final in self.finals if final.version == version), None)

    def find_objection(self, agency: str) -> Objection | None:
        """Returns the objection of an agency, or None."""
        return next((objection for objection in self.objections if objection.agency == agency), None)


def approval_id(agency: str, scope: Scope, version: int) -> str:
    """Returns the id of an approval."""
    return f"{agency}:{scope}:{version}"


def signing_agencies(event: Event) -> tuple[AgencyCode, ...]:
    """Returns the agencies that must approve: those that take part, the organiser and the venue when there is one.

    Notes:
        The public, the commission and `all` never sign. Empty when nobody is known to take part.
    """
    listed: list[AgencyCode] = [taking_part.agency for taking_part in event.agencies or ()]
    if isinstance(event.organiser, Organiser):
        listed.append("org")
    if isinstance(event.venue_operator, Organiser):
        listed.append("obj")
    return tuple(agency for agency in dict.fromkeys(listed) if agency not in NEVER_SIGN)
