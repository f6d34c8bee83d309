# SPDX-License-Identifier: Apache-2.0
"""Names and phones of people: kept in a vault beside the journal, and erased there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec

from hamkor.agencies.rules import Viewer, require
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact
from hamkor.plans.facts import PERSON_DETAILED, PERSON_ERASED, PersonDetailed, PersonErased
from hamkor.plans.rules.personal import PersonalDetails

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(PersonalDetails).decode


class Vault(Protocol):
    """What is needed of `hamkor.journal.vault`: it keeps what must not enter a journal and can be erased."""

    def put(self, stream: str, reference: str, body: bytes) -> None:
        """Keeps a body, in the place of an earlier one."""

    def get_all(self, stream: str) -> Mapping[str, bytes]:
        """Returns the bodies that are kept, by reference."""

    def get_erased(self, stream: str) -> Mapping[str, object]:
        """Returns what is known of erased bodies, by reference; they never come back."""

    def erase(self, stream: str, reference: str, *, by: str, at: datetime, reason: str) -> bool:
        """Erases a body for good; False when none is kept."""


def list_details(vault: Vault, stream: str) -> dict[str, PersonalDetails]:
    """Returns names and phones by the id of the person; who may see them is asked before."""
    return {reference: _decode(body) for reference, body in vault.get_all(stream).items()}


def facts_of_details(
    kept: Mapping[str, PersonalDetails], details: Mapping[str, Mapping[str, str | None]]
) -> list[Fact[PersonDetailed]]:
    """Returns a fact for every person whose name or phone becomes another one; it says which, never what.

    Args:
        kept: What the vault holds.
        details: What is given, by the id of the person.
    """
    facts = []
    for person, given in details.items():
        old = kept.get(person, PersonalDetails())
        fields = tuple(sorted(field for field, value in given.items() if getattr(old, field) != value))
        if fields:
            facts.append(PERSON_DETAILED(PersonDetailed(person, fields)))
    return facts


def keep_details(
    vault: Vault | None, stream: str, details: Mapping[str, Mapping[str, str | None]], *, is_repeated: bool
) -> None:
    """Keeps names and phones that were given, beside those that were kept before.

    Args:
        vault: Where they are kept.
        stream: Id of the journal.
        details: `name`, `phone` or both by the id of the person; None for one that is to be forgotten.
        is_repeated: True when the command was sent again: then only what is missing is put, because somebody may
            have changed the rest since.

    Notes:
        Nothing is kept of a person whose details were erased: that was for good.
    """
    if vault is None or not details:
        return
    kept, erased = list_details(vault, stream), vault.get_erased(stream)
    for person, given in details.items():
        if person in erased:
            continue
        old = kept.get(person, PersonalDetails())
        if is_repeated:
            wanted = {field: value for field, value in given.items() if getattr(old, field) is None}
        else:
            wanted = dict(given)
        new = msgspec.structs.replace(old, **wanted)
        if new != old:
            vault.put(stream, person, _encode(new))


def erase_person(
    store: Store, envelope: Envelope, *, viewer: Viewer, vault: Vault, person: str, reason: str
) -> Result:
    """Erases name and phone of a person; the journal says that and when it was done.

    Args:
        store: Where the journal is kept.
        envelope: Who erases, when and why.
        viewer: The same person, with rights.
        vault: Where names and phones are kept.
        person: Id of the person in the plan, also of one removed from it.
        reason: Why, in words; kept by the vault.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: ``person-absent``, when there is neither such a person nor a detail of them.
    """
    require(viewer, "erase_personal")
    stream = str(envelope.stream)
    is_kept = person in vault.get_all(stream)

    def decide(documents: Documents) -> list[Fact[PersonErased]]:
        if not is_kept and ("person", person) not in documents:
            template = N_("There is no person “{person}” in this plan, and nothing is kept of them.")
            raise HamkorError("person-absent", template, person=person)
        return [PERSON_ERASED(PersonErased(person))]

    result = perform(store, envelope, decide, content=["erase_person", person])
    if is_kept:
        vault.erase(stream, person, by=envelope.by, at=envelope.at, reason=reason)
    return result
