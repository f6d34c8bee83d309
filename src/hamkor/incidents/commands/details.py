# SPDX-License-Identifier: Apache-2.0
"""Restricted details: patients for those who help; missing people, whose names stand in the vault only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

import msgspec

from hamkor.agencies.rules import NotAllowedError, Viewer, may_see_medical, require
from hamkor.common.messages import N_
from hamkor.incidents.commands.changing import require_reason
from hamkor.incidents.commands.sending import get_incident, get_own, require_sender
from hamkor.incidents.facts import (
    MEDICAL_DETAIL,
    MEDICAL_GIVEN,
    MISSING_ADVANCED,
    MISSING_DESCRIBED,
    MISSING_ERASED,
    MISSING_PERSON,
    MedicalGiven,
    MissingAdvanced,
    MissingDescribed,
    MissingErased,
)
from hamkor.incidents.rules import IncidentError, MissingPerson, MissingState, require_there
from hamkor.incidents.rules.changing import given, read_fields
from hamkor.incidents.rules.details import (
    MedicalFields,
    MissingDetails,
    MissingFields,
    clean_details,
    clean_words,
    differing_from,
    require_missing_transition,
    vault_reference,
)
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.rules.places import Place, clean_place

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(MissingDetails).decode


class Vault(Protocol):
    """What is needed of `hamkor.journal.vault`: it keeps what must not enter a journal and can be erased."""

    def put(self, stream: str, reference: str, body: bytes) -> None:
        """Keeps a body, in the place of an earlier one."""

    def find(self, stream: str, reference: str) -> bytes | None:
        """Returns a body, or None when none is kept."""

    def get_erased(self, stream: str) -> Mapping[str, object]:
        """Returns what is known of erased bodies, by reference; they never come back."""

    def erase(self, stream: str, reference: str, *, by: str, at: datetime, reason: str) -> bool:
        """Erases a body for good; False when none is kept."""


def set_medical(  # noqa: PLR0913 - what helpers know, each by name
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    incident_id: str,
    patients: int | msgspec.UnsetType | None = msgspec.UNSET,
    triage: Any = msgspec.UNSET,
    condition: str | msgspec.UnsetType | None = msgspec.UNSET,
    care: str | msgspec.UnsetType | None = msgspec.UNSET,
    destination: str | msgspec.UnsetType | None = msgspec.UNSET,
) -> Result:
    """Writes what helpers know of the patients of an incident; what is not given stays.

    Args:
        store: Where the journal is kept.
        envelope: Who writes, when.
        viewer: The same person with their rights: to see medical details, and to act on the incident.
        incident_id: Which incident.
        patients: How many.
        triage: `Triage`, or the same as JSON shows it.
        condition: What is wrong; no names.
        care: What is done.
        destination: Where they are brought.

    Raises:
        NotAllowedError: ``not-allowed``.
        IncidentError: ``incident-absent``, ``incident-not-yours``, ``incident-gone`` or ``field-malformed``.
        TextUnusableError: ``text-too-long``.
    """
    require_sender(envelope, viewer)
    if not may_see_medical(viewer):
        raise NotAllowedError(viewer, "see_medical")
    told = {
        "patients": patients,
        "triage": triage,
        "condition": condition,
        "care": care,
        "destination": destination,
    }
    fields = clean_words(read_fields(_told(told), MedicalFields))

    def decide(documents: Documents) -> list[Fact[Any]]:
        incident = get_incident(documents, incident_id)
        # Helpers write about patients wherever they are: a medical agency need not be named first.
        require_there(incident)
        values = differing_from(documents.get(MEDICAL_DETAIL, incident.id), fields)
        if not values:
            return []
        body = MedicalGiven(id=incident.id, at=in_utc(envelope.at), by=envelope.by, **values)
        return [MEDICAL_GIVEN(body)]

    sent = [incident_id, msgspec.to_builtins(fields)]
    return perform(store, envelope, decide, content=["set_medical", *sent])


def describe_missing(  # noqa: PLR0913 - what is known of a missing person, each by name
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    incident_id: str,
    age: str | msgspec.UnsetType | None = msgspec.UNSET,
    sex: Literal["female", "male"] | msgspec.UnsetType | None = msgspec.UNSET,
    clothes: str | msgspec.UnsetType | None = msgspec.UNSET,
    last_seen: Place | msgspec.UnsetType | None = msgspec.UNSET,
    last_seen_at: datetime | msgspec.UnsetType | None = msgspec.UNSET,
    guardian_waits: Place | msgspec.UnsetType | None = msgspec.UNSET,
    details: MissingDetails | None = None,
    vault: Vault | None = None,
) -> Result:
    """Describes somebody who is looked for; what is not given stays, and the first description begins the search.

    Args:
        store: Where the journal is kept.
        envelope: Who describes, when.
        viewer: The same person with their rights: to see names and phones, and to act on the incident.
        incident_id: Which incident.
        age: About how old.
        sex: `female` or `male`.
        clothes: What they wear, and other signs.
        last_seen: Where they were last seen.
        last_seen_at: When.
        guardian_waits: Where those wait who look for them.
        details: Name and phone; they go to the vault and never enter the journal.
        vault: Where these are kept.

    Raises:
        NotAllowedError: ``not-allowed``.
        IncidentError: ``incident-absent``, ``incident-not-yours``, ``incident-gone`` or ``field-malformed``;
            ``detail-erased``, when name and phone were erased before.
        PlaceError: ``place-absent`` or ``place-impossible``.
        TextUnusableError: ``text-too-long``.
        ValueError: Details without a vault: a fault of the program.
    """
    require_sender(envelope, viewer)
    require(viewer, "see_personal")
    told: dict[str, Any] = {"age": age, "sex": sex, "clothes": clothes, "last_seen": last_seen}
    told |= {"last_seen_at": last_seen_at, "guardian_waits": guardian_waits}
    fields = clean_words(read_fields(_told(told), MissingFields))
    described = _Description(
        viewer, envelope, incident_id, fields, None if details is None else clean_details(details)
    )
    return _describe(store, described, vault)


def find_missing(
    store: Store, envelope: Envelope, *, viewer: Viewer, incident_id: str, state: MissingState
) -> Result:
    """Says that a missing person was found, handed over, or is looked for again.

    Raises:
        NotAllowedError: ``not-allowed``.
        IncidentError: ``incident-absent``, ``incident-not-yours``, ``incident-gone``, ``missing-undescribed`` or
            ``missing-transition-impossible``.
    """
    require_sender(envelope, viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        incident = get_own(documents, incident_id, viewer)
        missing = _missing(documents, incident.id)
        if missing.state == state:
            return []
        require_missing_transition(missing, state)
        body = MissingAdvanced(id=incident.id, at=in_utc(envelope.at), by=envelope.by, state=state)
        return [MISSING_ADVANCED(body)]

    return perform(store, envelope, decide, content=["find_missing", incident_id, state])


def erase_missing(
    store: Store, envelope: Envelope, *, viewer: Viewer, vault: Vault, incident_id: str, reason: str
) -> Result:
    """Erases name and phone of somebody who was looked for; the journal says that and when it was done.

    Raises:
        NotAllowedError: ``not-allowed``.
        IncidentError: ``missing-undescribed`` or ``reason-missing``.
        TextUnusableError: ``text-too-long``, for the reason.
    """
    require_sender(envelope, viewer, "erase_personal")
    why = require_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        reference = vault_reference(_missing(documents, incident_id))
        # After a merge two descriptions may share what the vault keeps.
        return [
            MISSING_ERASED(MissingErased(id=missing.id, at=in_utc(envelope.at), by=envelope.by))
            for missing in documents.all(MISSING_PERSON)
            if vault_reference(missing) == reference
        ]

    result = perform(store, envelope, decide, content=["erase_missing", incident_id])
    missing = _missing(get_documents(store, envelope.stream), incident_id)
    vault.erase(str(envelope.stream), vault_reference(missing), by=envelope.by, at=envelope.at, reason=why)
    return result


class _Description(msgspec.Struct):
    """What is said of a missing person, and whether it was decided on in this process."""

    viewer: Viewer
    envelope: Envelope
    incident_id: str
    fields: MissingFields
    kept: MissingDetails | None
    is_decided: bool = False

    def decide(self, documents: Documents) -> list[Fact[Any]]:
        """Returns the fact of what differs; noting that it was asked changes nothing outside."""
        self.is_decided = True
        incident = get_own(documents, self.incident_id, self.viewer)
        places = {
            name: clean_place(documents, value)
            for name, value in given(self.fields).items()
            if name in ("last_seen", "guardian_waits")
        }
        found = documents.get(MISSING_PERSON, incident.id)
        values = differing_from(found, msgspec.structs.replace(self.fields, **places))
        if self.kept is not None and not (found is not None and found.has_details):
            values["has_details"] = True
        if not values and found is not None:
            return []
        at, by = in_utc(self.envelope.at), self.envelope.by
        return [MISSING_DESCRIBED(MissingDescribed(id=incident.id, at=at, by=by, **values))]


def _describe(store: Store, said: _Description, vault: Vault | None) -> Result:
    """Writes a description down, then keeps name and phone, of which not even a digest enters the journal."""
    envelope = said.envelope
    if said.kept is not None:
        _require_unerased(store, envelope, vault=vault, incident_id=said.incident_id)
    sent = [said.incident_id, msgspec.to_builtins(said.fields), said.kept is not None]
    result = perform(store, envelope, said.decide, content=["describe_missing", *sent])
    if said.kept is not None and vault is not None:
        missing = _missing(get_documents(store, envelope.stream), said.incident_id)
        # A command sent again is not decided again: somebody may have corrected the name since.
        is_repeated = not said.is_decided
        reference = vault_reference(missing)
        _keep(vault, str(envelope.stream), reference, details=said.kept, is_repeated=is_repeated)
    return result


def _require_unerased(store: Store, envelope: Envelope, *, vault: Vault | None, incident_id: str) -> None:
    """Refuses a name for whom it was erased before the journal says that there is one."""
    if vault is None:
        raise ValueError("name and phone need a vault")
    missing = get_documents(store, envelope.stream).get(MISSING_PERSON, incident_id)
    if missing is not None and vault_reference(missing) in vault.get_erased(str(envelope.stream)):
        template = N_(
            "Name and phone were erased here for good. Write in a note where they can be asked for."
        )
        raise IncidentError("detail-erased", template)


def _keep(vault: Vault, stream: str, reference: str, *, details: MissingDetails, is_repeated: bool) -> None:
    """Keeps name and phone beside what was kept before; what is not given stays, repeated only what is missing."""
    body = vault.find(stream, reference)
    kept = MissingDetails() if body is None else _decode(body)
    wanted = {name: value for name, value in msgspec.structs.asdict(details).items() if value is not None}
    if is_repeated:
        wanted = {name: value for name, value in wanted.items() if getattr(kept, name) is None}
    new = msgspec.structs.replace(kept, **wanted)
    if new != kept or body is None:
        vault.put(stream, reference, _encode(new))


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not msgspec.UNSET}


def _missing(documents: Documents, incident_id: str) -> MissingPerson:
    found = documents.get(MISSING_PERSON, incident_id)
    if found is None:
        template = N_("Nobody is described as missing here. Describe the person first.")
        raise IncidentError("missing-undescribed", template)
    return found
