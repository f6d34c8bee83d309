# SPDX-License-Identifier: Apache-2.0
"""What is printed on a signed plan, and whether a printed hash belongs to a journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from hamkor.approvals.queries.trails import get_trail, take_snapshot
from hamkor.approvals.rules.blocking import list_plan_changes
from hamkor.approvals.rules.signing import Agreement, Approval, PlanVersion
from hamkor.approvals.rules.standing import judge_standings
from hamkor.approvals.rules.trail import Trail
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.common.records import Text
from hamkor.events.rules import Event
from hamkor.journal.queries import Store, list_entries
from hamkor.journal.rules import Entry, Stream, read_fact

HASH_LETTERS = 64


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """One approval of the whole plan, as it is printed.

    Args:
        agency: Who approved.
        by: Reference of the person who signed; the name is looked up elsewhere.
        person: The same person in the plan, None when not told.
        at: When.
        number: Number of the entry that records it.
        hash: Hash of that entry.
        is_standing: False when it was withdrawn or voided since.
    """

    agency: str
    by: str
    person: str | None
    at: datetime
    number: int
    hash: str
    is_standing: bool


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What is printed on a signed plan.

    Args:
        stream: The journal.
        event_id: Id of the event.
        event_name: Its name in that version.
        version: The version.
        head_number: Number of the last entry of the plan that is signed.
        head_hash: Hash of that entry, the same for everybody who signs.
        put_at: When it was put to approval.
        put_by: Reference of the person who did.
        final_at: When it was approved finally, None when it is not.
        final_by: Reference of the person who did.
        final_number: Number of the entry that records the final approval.
        final_hash: Hash of that entry.
        signatures: Approvals of the whole, in the order in which they were given; the ones that counted for the
            final approval when there is one.
        is_newest: True when no later version was put to approval.
        changes: How many changes of the plan were recorded since, up to now.
    """

    stream: str
    event_id: str
    event_name: Text
    version: int
    head_number: int
    head_hash: str
    put_at: datetime
    put_by: str
    final_at: datetime | None
    final_by: str | None
    final_number: int | None
    final_hash: str | None
    signatures: tuple[Signature, ...]
    is_newest: bool
    changes: int


class CertificateCheck(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a printed hash belongs to a journal.

    Args:
        is_known: True when an entry of the journal has the hash.
        number: Number of that entry.
        at: Its moment.
        certificate: The certificate, when it is the hash of a version's head, of one of its signatures or of its
            final approval.
    """

    is_known: bool
    number: int | None = None
    at: datetime | None = None
    certificate: Certificate | None = None


def get_certificate(store: Store, *, stream: Stream, version: int) -> Certificate:
    """Returns what is printed on the signed plan of a version.

    Args:
        store: Where the journal is kept.
        stream: The event.
        version: The version.

    Raises:
        HamkorError: ``version-unknown``; ``plan-missing``.

    Notes:
        It holds references of people, no names: the caller decides who may see them.
    """
    snapshot = take_snapshot(store, stream)
    trail, agreement = snapshot.trail, snapshot.agreement
    put = next((item for item in agreement.versions if item.version == version), None)
    if put is None:
        template = N_("There is no version {version} of this plan.")
        raise HamkorError("version-unknown", template, version=version)
    event = _event_at(trail, put, snapshot.plan.event)
    final = agreement.find_final(version)
    numbers = _signed(agreement, version) if final is None else final.signatures
    return Certificate(
        stream=str(stream),
        event_id=event.id,
        event_name=event.name,
        version=version,
        head_number=put.head_number,
        head_hash=put.head_hash,
        put_at=put.at,
        put_by=put.by,
        final_at=None if final is None else final.at,
        final_by=None if final is None else final.by,
        final_number=None if final is None else final.number,
        final_hash=None if final is None else _entry(store, stream, final.number).hash,
        signatures=tuple(_signatures(store, stream, numbers, standing=_standing(agreement, trail))),
        is_newest=put is agreement.newest,
        changes=len(list_plan_changes(trail, put.head_number)),
    )


def check_certificate(store: Store, *, stream: Stream, printed_hash: str) -> CertificateCheck:
    """Returns whether a hash read from paper belongs to a journal, and to which version.

    Args:
        store: Where the journal is kept.
        stream: The event.
        printed_hash: 64 hexadecimal digits; white space and capitals do not matter.

    Notes:
        The hash of a version's head is found at once; any other costs a read of the whole journal.
    """
    wanted = "".join(printed_hash.split()).lower()
    if len(wanted) != HASH_LETTERS or set(wanted) - set("0123456789abcdef"):
        return CertificateCheck(is_known=False)
    versions = _versions(get_trail(store, stream))
    number = next((put.head_number for put in versions if put.head_hash == wanted), None)
    if number is None:
        number = next((entry.number for entry in list_entries(store, stream) if entry.hash == wanted), None)
    if number is None:
        return CertificateCheck(is_known=False)
    found = next((item for item in _certificates(store, stream, versions) if _is_on(item, number)), None)
    at = _entry(store, stream, number).at
    return CertificateCheck(is_known=True, number=number, at=at, certificate=found)


def _certificates(store: Store, stream: Stream, versions: tuple[PlanVersion, ...]) -> Iterator[Certificate]:
    for put in reversed(versions):
        yield get_certificate(store, stream=stream, version=put.version)


def _is_on(certificate: Certificate, number: int) -> bool:
    signed = {signature.number for signature in certificate.signatures}
    return number in {certificate.head_number, certificate.final_number, *signed}


def _versions(trail: Trail) -> tuple[PlanVersion, ...]:
    found = trail.documents.all("plan_version")
    return tuple(item for item in found if isinstance(item, PlanVersion))


def _event_at(trail: Trail, put: PlanVersion, now: Event) -> Event:
    """Returns the event as it was in a version: before the first change after it."""
    later = [touch.before for touch in trail.after(put.head_number) if touch.kind == "event"]
    return next((before for before in later if isinstance(before, Event)), now)


def _signed(agreement: Agreement, version: int) -> tuple[int, ...]:
    return tuple(
        sorted(
            item.number for item in agreement.approvals if (item.scope, item.version) == ("whole", version)
        )
    )


def _standing(agreement: Agreement, trail: Trail) -> frozenset[int]:
    """Returns the numbers of the approvals of the whole that hold now."""
    agencies = tuple(dict.fromkeys(approval.agency for approval in agreement.approvals))
    wholes = [standing.whole for standing in judge_standings(agreement, trail, agencies)]
    return frozenset(
        whole.approval.number for whole in wholes if whole.state == "approved" and whole.approval is not None
    )


def _signatures(
    store: Store, stream: Stream, numbers: tuple[int, ...], *, standing: frozenset[int]
) -> Iterator[Signature]:
    for number in numbers:
        entry = _entry(store, stream, number)
        body = None if entry.salt is None else read_fact(entry).body
        approval = body if isinstance(body, Approval) else None
        yield Signature(
            agency=(entry.agency or "") if approval is None else approval.agency,
            by=entry.by,
            person=None if approval is None else approval.person,
            at=entry.at,
            number=number,
            hash=entry.hash,
            is_standing=number in standing,
        )


def _entry(store: Store, stream: Stream, number: int) -> Entry:
    """Returns an entry that a document names, so that it exists."""
    return list_entries(store, stream, after=number - 1, until=number)[0]
