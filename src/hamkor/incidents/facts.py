# SPDX-License-Identifier: Apache-2.0
"""What can happen to an incident: reported, changed, noted, sent units, merged, struck, brought to an end."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from hamkor.agencies.rules import AgencyCode
from hamkor.incidents.rules.changing import IncidentFields, changed, given
from hamkor.incidents.rules.incidents import (
    ENDED_STATES,
    OPEN_STATES,
    Count,
    Incident,
    IncidentState,
    LinkedReport,
    MedicalDetail,
    MissingPerson,
    MissingState,
    Note,
    Source,
    Strike,
    Triage,
)
from hamkor.incidents.rules.merging import merged
from hamkor.incidents.rules.progress import moments_after
from hamkor.incidents.rules.types import IncidentCode, Priority
from hamkor.journal.rules import Changes, Documents, Fact, declare_fact, declare_kind
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.system import At, PersonRef


class IncidentReported(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody reported that something happened."""

    id: str
    number: int
    at: At
    by: PersonRef
    type: IncidentCode | None = None
    title: str = ""
    text: str = ""
    priority: Priority
    place: Place | None = None
    source: Source
    reporter: str | None = None
    card_112: str | None = None
    agency: AgencyCode
    supporting: tuple[AgencyCode, ...] = ()
    known: dict[str, str] = {}
    missing_facts: tuple[str, ...] = ()
    parent: str | None = None
    alarms: tuple[str, ...] = ()


class IncidentChanged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Some fields of an incident were changed; the others are as they were.

    Args:
        id: Id of the incident.
        at: When.
        by: Who changed it.
        fields: What differs.
        missing_facts: What is still to be asked after the change.
        alarms: Alarms the new words raised.
    """

    id: str
    at: At
    by: PersonRef
    fields: IncidentFields
    missing_facts: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()


class IncidentAdvanced(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An incident went on to another state, or back to one."""

    id: str
    at: At
    by: PersonRef
    state: IncidentState
    outcome: str | None = None
    reason: str | None = None


class IncidentCrewed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Units were sent to an incident, or released from it.

    Args:
        id: Id of the incident.
        at: When.
        by: Who sent or released them.
        sent: Units that go there from now on.
        released: Units that do so no longer.
        supporting: Parties of the units sent: they act on the incident too.
    """

    id: str
    at: At
    by: PersonRef
    sent: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    supporting: tuple[AgencyCode, ...] = ()


class IncidentMarkedLate(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody was sent to an incident in time.

    Args:
        id: Id of the incident.
        at: When that was noticed.
        limit_s: Seconds in which somebody should have been sent.
    """

    id: str
    at: At
    limit_s: float


class IncidentNoted(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody wrote a note."""

    id: str
    note: Note


class ReportLinked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One more report of the same incident came in."""

    id: str
    report: LinkedReport
    alarms: tuple[str, ...] = ()


class IncidentMerged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An incident took up another, which stays readable under its own number.

    Args:
        id: Id of the one that stands.
        taken: Id of the other.
        at: When.
        by: Who merged them.
        missing_facts: What is still to be asked about the one that stands.
    """

    id: str
    taken: str
    at: At
    by: PersonRef
    missing_facts: tuple[str, ...] = ()


class IncidentStruck(msgspec.Struct, frozen=True, kw_only=True):
    """An incident was struck: it was none. It stays readable."""

    id: str
    strike: Strike


class NoteStruck(msgspec.Struct, frozen=True, kw_only=True):
    """A note was struck; it stays readable."""

    id: str
    note: str
    strike: Strike


class MedicalGiven(msgspec.Struct, frozen=True, kw_only=True):
    """What helpers know of the patients of an incident; what is not given stays."""

    id: str
    at: At
    by: PersonRef
    patients: Count | UnsetType | None = UNSET
    triage: Triage | UnsetType | None = UNSET
    condition: str | UnsetType | None = UNSET
    care: str | UnsetType | None = UNSET
    destination: str | UnsetType | None = UNSET


class MissingDescribed(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of somebody who is looked for; what is not given stays. Never a name.

    Args:
        id: Id of the incident.
        at: When.
        by: Who described them.
        age: About how old.
        sex: `female` or `male`.
        clothes: What they wear.
        last_seen: Where they were last seen.
        last_seen_at: When.
        guardian_waits: Where those wait who look for them.
        has_details: True when the vault keeps a name or a phone from now on.
    """

    id: str
    at: At
    by: PersonRef
    age: str | UnsetType | None = UNSET
    sex: Literal["female", "male"] | UnsetType | None = UNSET
    clothes: str | UnsetType | None = UNSET
    last_seen: Place | UnsetType | None = UNSET
    last_seen_at: At | UnsetType | None = UNSET
    guardian_waits: Place | UnsetType | None = UNSET
    has_details: bool | UnsetType = UNSET


class MissingAdvanced(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was looked for was found, handed over, or is looked for again."""

    id: str
    at: At
    by: PersonRef
    state: MissingState


class MissingErased(msgspec.Struct, frozen=True, kw_only=True):
    """Name and phone of somebody who was looked for were erased; they were never in the journal."""

    id: str
    at: At
    by: PersonRef


INCIDENT = declare_kind("incident", Incident)
MEDICAL_DETAIL = declare_kind("medical_detail", MedicalDetail)
MISSING_PERSON = declare_kind("missing_person", MissingPerson)


def _replaced(incident: Incident, **values: object) -> Changes:
    return {("incident", incident.id): msgspec.structs.replace(incident, **values)}


def _together(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*one, *other]))


def _report(_documents: Documents, fact: Fact[IncidentReported]) -> Changes:
    values = msgspec.structs.asdict(fact.body)
    at, by = values.pop("at"), values.pop("by")
    incident = Incident(**values, state="reported", reported_at=at, reported_by=by, moments={"reported": at})
    return {("incident", incident.id): incident}


def _change(documents: Documents, fact: Fact[IncidentChanged]) -> Changes:
    incident, body = documents.get(INCIDENT, fact.body.id), fact.body
    if incident is None:
        return {}
    result = changed(incident, body.fields, at=body.at, by=body.by)
    alarms = _together(incident.alarms, body.alarms)
    return _replaced(result, missing_facts=body.missing_facts, alarms=alarms)


def _advance(documents: Documents, fact: Fact[IncidentAdvanced]) -> Changes:
    incident, body = documents.get(INCIDENT, fact.body.id), fact.body
    if incident is None:
        return {}
    goes_on = incident.state in ENDED_STATES and body.state in OPEN_STATES
    return _replaced(
        incident,
        reopened_at=body.at if goes_on else incident.reopened_at,
        late_at=None if goes_on else incident.late_at,
        state=body.state,
        moments=moments_after(incident, body.state, body.at),
        outcome=body.outcome or incident.outcome,
        close_reason=body.reason if body.state == "closed" else None,
    )


def _crew(documents: Documents, fact: Fact[IncidentCrewed]) -> Changes:
    incident, body = documents.get(INCIDENT, fact.body.id), fact.body
    if incident is None:
        return {}
    stay = tuple(unit for unit in incident.units if unit not in body.released)
    helping = tuple(agency for agency in body.supporting if agency != incident.agency)
    return _replaced(
        incident, units=_together(stay, body.sent), supporting=_together(incident.supporting, helping)
    )


def _mark_late(documents: Documents, fact: Fact[IncidentMarkedLate]) -> Changes:
    incident = documents.get(INCIDENT, fact.body.id)
    return {} if incident is None else _replaced(incident, late_at=fact.body.at)


def _note(documents: Documents, fact: Fact[IncidentNoted]) -> Changes:
    incident = documents.get(INCIDENT, fact.body.id)
    return {} if incident is None else _replaced(incident, notes=(*incident.notes, fact.body.note))


def _strike_note(documents: Documents, fact: Fact[NoteStruck]) -> Changes:
    incident, body = documents.get(INCIDENT, fact.body.id), fact.body
    if incident is None:
        return {}
    notes = tuple(
        msgspec.structs.replace(note, strike=body.strike) if note.id == body.note else note
        for note in incident.notes
    )
    return _replaced(incident, notes=notes)


def _link(documents: Documents, fact: Fact[ReportLinked]) -> Changes:
    incident, body = documents.get(INCIDENT, fact.body.id), fact.body
    if incident is None:
        return {}
    reports, alarms = (*incident.reports, body.report), _together(incident.alarms, body.alarms)
    return _replaced(incident, reports=reports, alarms=alarms)


def _merge(documents: Documents, fact: Fact[IncidentMerged]) -> Changes:
    body = fact.body
    into, taken = documents.get(INCIDENT, body.id), documents.get(INCIDENT, body.taken)
    if into is None or taken is None:
        return {}
    changes = {
        ("incident", item.id): msgspec.structs.replace(item, parent=into.id)
        for item in documents.all(INCIDENT)
        if item.parent == taken.id
    }
    gone = msgspec.structs.replace(
        taken, state="merged", merged_into=into.id, units=(), moments={**taken.moments, "merged": body.at}
    )
    return {
        **changes,
        ("incident", taken.id): gone,
        ("incident", into.id): msgspec.structs.replace(merged(into, taken), missing_facts=body.missing_facts),
        **_moved(documents, into=into.id, taken=taken.id),
    }


def _moved(documents: Documents, *, into: str, taken: str) -> Changes:
    """Returns restricted details of the one taken up for the one that stands, where it has none."""
    changes: dict[tuple[str, str], msgspec.Struct] = {}
    medical, missing = documents.get(MEDICAL_DETAIL, taken), documents.get(MISSING_PERSON, taken)
    if medical is not None and documents.get(MEDICAL_DETAIL, into) is None:
        changes["medical_detail", into] = msgspec.structs.replace(medical, id=into)
    if missing is not None and documents.get(MISSING_PERSON, into) is None:
        kept_by = missing.details_of or missing.id
        changes["missing_person", into] = msgspec.structs.replace(missing, id=into, details_of=kept_by)
    return changes


def _strike(documents: Documents, fact: Fact[IncidentStruck]) -> Changes:
    incident, strike = documents.get(INCIDENT, fact.body.id), fact.body.strike
    if incident is None:
        return {}
    moments = {**incident.moments, "struck": strike.at}
    return _replaced(incident, state="struck", strike=strike, moments=moments)


def _give_medical(documents: Documents, fact: Fact[MedicalGiven]) -> Changes:
    body, found = fact.body, documents.get(MEDICAL_DETAIL, fact.body.id)
    values = given(body)
    at, by = values.pop("at"), values.pop("by")
    if found is None:
        return {("medical_detail", body.id): MedicalDetail(**values, updated_at=at, by=by)}
    return {("medical_detail", body.id): msgspec.structs.replace(found, **values, updated_at=at, by=by)}


def _describe(documents: Documents, fact: Fact[MissingDescribed]) -> Changes:
    body, found = fact.body, documents.get(MISSING_PERSON, fact.body.id)
    values = given(body)
    at, by = values.pop("at"), values.pop("by")
    if found is None:
        new = MissingPerson(**values, moments={"sought": at}, updated_at=at, by=by)
        return {("missing_person", body.id): new}
    return {("missing_person", body.id): msgspec.structs.replace(found, **values, updated_at=at, by=by)}


def _find(documents: Documents, fact: Fact[MissingAdvanced]) -> Changes:
    body, found = fact.body, documents.get(MISSING_PERSON, fact.body.id)
    if found is None:
        return {}
    moments = {**found.moments, body.state: body.at}
    new = msgspec.structs.replace(found, state=body.state, moments=moments, updated_at=body.at, by=body.by)
    return {("missing_person", body.id): new}


def _erase(documents: Documents, fact: Fact[MissingErased]) -> Changes:
    found = documents.get(MISSING_PERSON, fact.body.id)
    if found is None:
        return {}
    return {("missing_person", found.id): msgspec.structs.replace(found, has_details=False)}


INCIDENT_REPORTED = declare_fact("incident.reported.v1", IncidentReported, _report)
INCIDENT_CHANGED = declare_fact("incident.changed.v1", IncidentChanged, _change)
INCIDENT_ADVANCED = declare_fact("incident.advanced.v1", IncidentAdvanced, _advance)
INCIDENT_CREWED = declare_fact("incident.crewed.v1", IncidentCrewed, _crew)
INCIDENT_MARKED_LATE = declare_fact("incident.marked_late.v1", IncidentMarkedLate, _mark_late)
INCIDENT_NOTED = declare_fact("incident.noted.v1", IncidentNoted, _note)
NOTE_STRUCK = declare_fact("incident.note_struck.v1", NoteStruck, _strike_note)
REPORT_LINKED = declare_fact("incident.report_linked.v1", ReportLinked, _link)
INCIDENT_MERGED = declare_fact("incident.merged.v1", IncidentMerged, _merge)
INCIDENT_STRUCK = declare_fact("incident.struck.v1", IncidentStruck, _strike)
MEDICAL_GIVEN = declare_fact("medical_detail.given.v1", MedicalGiven, _give_medical)
MISSING_DESCRIBED = declare_fact("missing_person.described.v1", MissingDescribed, _describe)
MISSING_ADVANCED = declare_fact("missing_person.advanced.v1", MissingAdvanced, _find)
MISSING_ERASED = declare_fact("missing_person.erased.v1", MissingErased, _erase)
