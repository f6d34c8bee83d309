# SPDX-License-Identifier: Apache-2.0
"""Signatures as they are printed: the agreement on a version, with names only for those who may see them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from hamkor.agencies.queries.people import PersonShown, find_people
from hamkor.approvals.queries import agreement_of, get_certificate
from hamkor.approvals.rules.signing import Agreement, PlanVersion, signing_agencies
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.events.rules import Event
from hamkor.journal.queries import get_documents, get_head, list_entries
from hamkor.printing.signatures import AcceptedFinding, Certificate, Signature
from hamkor.workspace.stores import journals

UNNAMED = N_("a person of the agency")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be certified.

    Args:
        stream: The event.
        number: Number of the last entry of the plan that is printed.
        version: The version that was put to approval, None for a draft.
        language: Language of offices that have no name.
        is_named: True to print names of signers.
        address: Address of the installation, such as ``https://hamkor.example``.
    """

    stream: UUID
    number: int
    version: int | None
    language: str
    is_named: bool
    address: str


def certificate_for(wanted: Wanted, event: Event, *, at: datetime) -> Certificate:
    """Returns the certificate of a plan: of a version with what was signed, or of a draft with nothing signed.

    Args:
        wanted: What is to be certified.
        event: The event in that plan, whose agencies must sign.
        at: Moment of printing, aware.

    Raises:
        HamkorError: ``version-unknown``.
    """
    store, stream = journals(), wanted.stream
    documents = get_documents(store, stream)
    agreement = agreement_of(documents)
    signed, is_final, until = _signed(wanted, agreement)
    then = agreement_of(get_documents(store, stream, until=until)) if until < documents.number else agreement
    head = _hash_at(stream, wanted.number)
    newest = agreement.newest
    number = wanted.version or (1 if newest is None else newest.version + 1)
    signatures = [_entry_of(signed, agency, then, wanted) for agency in signing_agencies(event)]
    people = find_people(
        reference
        for reference in (*(by for by, _ in signatures), *(each.by for each in then.acceptances.values()))
        if reference
    )
    return Certificate(
        event_name=event.name,
        version=str(number),
        head_number=wanted.number,
        head_hash=head,
        at=at,
        verify_url=f"{wanted.address}/verify/{stream}/{head}",
        is_final=is_final,
        signatures=tuple(_named(signature, people.get(by or ""), wanted) for by, signature in signatures),
        accepted_findings=tuple(_accepted(then, people, wanted)),
    )


def current_version(stream: UUID) -> PlanVersion | None:
    """Returns the newest version when the plan is still the one that was put to approval; None otherwise."""
    newest = agreement_of(get_documents(journals(), stream)).newest
    if newest is None:
        return None
    return newest if get_certificate(journals(), stream=stream, version=newest.version).changes == 0 else None


def find_version(stream: UUID, version: int) -> PlanVersion | None:
    """Returns a version, None when there is no such."""
    versions = agreement_of(get_documents(journals(), stream)).versions
    return next((each for each in versions if each.version == version), None)


class _Signed(msgspec.Struct, frozen=True):
    by: str
    at: datetime
    number: int
    hash: str


def _signed(wanted: Wanted, agreement: Agreement) -> tuple[dict[str, _Signed], bool, int]:
    """Returns who signed, whether the version is final, and up to which entry its agreement reaches."""
    if wanted.version is None:
        return {}, False, wanted.number
    found = get_certificate(journals(), stream=wanted.stream, version=wanted.version)
    signed = {
        each.agency: _Signed(each.by, each.at, each.number, each.hash)
        for each in found.signatures
        if each.is_standing or found.final_number is not None
    }
    later = [put.number for put in agreement.versions if put.version > wanted.version]
    until = found.final_number or (min(later) - 1 if later else get_head(journals(), wanted.stream).number)
    return signed, found.final_number is not None, until


def _entry_of(
    signed: dict[str, _Signed], agency: str, agreement: Agreement, wanted: Wanted
) -> tuple[str | None, Signature]:
    """Returns who decided for an agency, and the decision without the name."""
    found = signed.get(agency)
    if found is not None:
        values = {"decision": "approved", "at": found.at, "number": found.number, "hash": found.hash}
        return found.by, Signature(agency=agency, **values)  # type: ignore[arg-type]  # one of the three words
    objection = agreement.find_objection(agency)
    if objection is None or objection.version != wanted.version:
        return None, Signature(agency=agency)
    return objection.by, Signature(
        agency=agency,
        decision="objected",
        at=objection.at,
        number=objection.number,
        hash=_hash_at(wanted.stream, objection.number),
        reason=objection.reason,
    )


def _named(signature: Signature, person: PersonShown | None, wanted: Wanted) -> Signature:
    if person is None:
        return signature
    return msgspec.structs.replace(
        signature, position=person.position or None, name=person.name if wanted.is_named else None
    )


def _accepted(
    agreement: Agreement, people: dict[str, PersonShown], wanted: Wanted
) -> Iterable[AcceptedFinding]:
    for acceptance in agreement.acceptances.values():
        person = people.get(acceptance.by)
        office = (person.position if person is not None else "") or translate(UNNAMED, wanted.language)
        yield AcceptedFinding(
            rule=acceptance.rule,
            subject=f"{acceptance.subject_kind}:{acceptance.subject_id}",
            reason=acceptance.reason,
            by=person.name if person is not None and wanted.is_named else office,
            at=acceptance.at,
        )


def _hash_at(stream: UUID, number: int) -> str:
    entry = list_entries(journals(), stream, after=number - 1, until=number)[0]
    return entry.hash
