# SPDX-License-Identifier: Apache-2.0
"""Incidents as they stand, what is known of the injured and of missing people."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import datetime
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.errors import HamkorError
from hamkor.incidents.rules.types import IncidentCode, Priority
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.system import At, PersonRef

IncidentState = Literal[
    "reported", "assessed", "dispatched", "on_scene", "resolved", "closed", "merged", "struck"
]
Source = Literal["radio", "phone", "112", "field", "citizen", "camera", "sensor", "message", "console"]
MissingState = Literal["sought", "found", "handed_over"]
STATES: tuple[IncidentState, ...] = get_args(IncidentState)
SOURCES: tuple[Source, ...] = get_args(Source)
# States in which somebody still has to do something.
OPEN_STATES: frozenset[IncidentState] = frozenset({"reported", "assessed", "dispatched", "on_scene"})
# States in which it is over; it may go on again.
ENDED_STATES: frozenset[IncidentState] = frozenset({"resolved", "closed"})
# States in which an incident is not one any more.
GONE_STATES: frozenset[IncidentState] = frozenset({"merged", "struck"})

TITLE_MAX = 120
REPORTER_MAX = 120
CARD_MAX = 60
ANSWER_MAX = 500
ANSWERS_MAX = 40
NOTES_MAX = 500
REPORTS_MAX = 200
FORMER_MAX = 50
PEOPLE_MAX = 1_000_000

Count = Annotated[int, Meta(ge=0, le=PEOPLE_MAX)]
Key = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,39}$")]


class IncidentError(HamkorError):
    """An incident is not there, belongs to others, or is not in a state for this."""


class Strike(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """That something was struck: it stays readable.

    Args:
        by: Who struck it.
        at: When.
        reason: Why.
    """

    by: PersonRef
    at: At
    reason: str


class Note(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A remark of whoever works on an incident.

    Args:
        id: Id of the command that added it.
        at: When.
        by: Who wrote it.
        agency: Party acted for, or None.
        text: The remark.
        hand_over: True when the next shift must read it.
        strike: That it was struck, or None.
    """

    id: str
    at: At
    by: PersonRef
    agency: AgencyCode | None = None
    text: str
    hand_over: bool = False
    strike: Strike | None = None


class LinkedReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One more report of the same incident.

    Args:
        id: Id of the command that linked it, or of the incident that was merged into this one.
        at: When it came in.
        by: Who took it.
        source: How it came in.
        text: What was reported.
        place: Where, or None.
        number: Number of the incident it was before it was merged, or None.
    """

    id: str
    at: At
    by: PersonRef
    source: Source
    text: str = ""
    place: Place | None = None
    number: int | None = None


class Affected(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How many people an incident concerns; never who.

    Args:
        injured: People hurt.
        dead: People who died.
        missing: People looked for.
        evacuated: People brought away.
    """

    injured: Count = 0
    dead: Count = 0
    missing: Count = 0
    evacuated: Count = 0


class Former(msgspec.Struct, frozen=True, kw_only=True):
    """What stood in a field before somebody changed it.

    Args:
        field: Which field.
        value: What had stood there, as JSON shows it; None for nothing.
        at: Until when.
        by: Who changed it.
    """

    field: str
    value: Any
    at: At
    by: PersonRef


class Incident(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened at an event and that somebody must see to.

    Args:
        id: Id of the command that reported it.
        number: 1, 2, 3 … in the order of reporting; people say “H-0147”.
        type: Code of the catalogue, None until somebody says what it is.
        title: What a list shows; empty when the name of the type says it all.
        text: What was reported first.
        state: Where it stands.
        priority: 1 critical to 4 low.
        place: Where, None while unknown.
        source: How it came in.
        reporter: Who reported it, in words or as the id of a post; no name.
        card_112: Number of the card of the emergency number, or None.
        reported_at: When.
        reported_by: Who took the report.
        agency: Party that answers for it.
        supporting: Parties that help; whose units were sent is added.
        affected: How many people it concerns.
        known: Answers to the questions of its type, and other short facts, by key.
        missing_facts: What is still to be asked: `type`, `place`, and keys of questions; written by each change.
        reports: Further reports of the same.
        notes: Remarks, struck ones too.
        parent: Id of the larger incident it belongs to, or None.
        merged_into: Id of the incident that took it up, or None.
        merged: Ids of incidents it took up.
        merged_numbers: Their numbers.
        moments: When each state was reached.
        units: Ids of the units that are sent to it now.
        alarms: Ids of the alarms its reports raised.
        outcome: How it ended, or None.
        reopened_at: When it went on again after it was over, or None.
        late_at: When the server noticed that nobody was sent in time, or None.
        close_reason: Why it was closed although something was missing, or None.
        strike: That it was struck, or None.
        former: What stood in its fields before, the latest last; the journal has all of it.
    """

    id: str
    number: int
    type: IncidentCode | None = None
    title: str = ""
    text: str = ""
    state: IncidentState
    priority: Priority
    place: Place | None = None
    source: Source
    reporter: str | None = None
    card_112: str | None = None
    reported_at: At
    reported_by: PersonRef
    agency: AgencyCode
    supporting: tuple[AgencyCode, ...] = ()
    affected: Affected = Affected()
    known: dict[str, str] = {}
    missing_facts: tuple[str, ...] = ()
    reports: tuple[LinkedReport, ...] = ()
    notes: tuple[Note, ...] = ()
    parent: str | None = None
    merged_into: str | None = None
    merged: tuple[str, ...] = ()
    merged_numbers: tuple[int, ...] = ()
    moments: dict[IncidentState, At] = {}
    units: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    outcome: str | None = None
    reopened_at: At | None = None
    late_at: At | None = None
    close_reason: str | None = None
    strike: Strike | None = None
    former: tuple[Former, ...] = ()

    @property
    def waits_since(self) -> datetime:
        """When somebody began to wait for help: at the report, or when it went on again."""
        return self.reopened_at or self.reported_at

    @property
    def is_open(self) -> bool:
        """True while somebody still has to do something."""
        return self.state in OPEN_STATES

    @property
    def is_gone(self) -> bool:
        """True when it was taken up by another one or struck: then nothing of it changes any more."""
        return self.state in GONE_STATES


class Triage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How many patients are in which group of urgency.

    Args:
        red: At once.
        yellow: Soon.
        green: Can wait.
        black: Dead or beyond help.

    Source: The four colours of START triage, used by most emergency services.
    """

    red: Count = 0
    yellow: Count = 0
    green: Count = 0
    black: Count = 0


class MedicalDetail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What helpers need to know of the patients of an incident; for those who help only, and without names.

    Args:
        id: Id of the incident.
        patients: How many, None while unknown.
        triage: How urgent they are.
        condition: What is wrong.
        care: What is done.
        destination: Where they are brought.
        updated_at: When it was last changed.
        by: Who changed it.
    """

    id: str
    patients: Count | None = None
    triage: Triage | None = None
    condition: str | None = None
    care: str | None = None
    destination: str | None = None
    updated_at: At
    by: PersonRef


class MissingPerson(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who is looked for; name and phone stand in the vault only.

    Args:
        id: Id of the incident.
        age: About how old, in words or years.
        sex: `female` or `male`, None when not said.
        clothes: What they wear, and other signs.
        last_seen: Where they were last seen.
        last_seen_at: When.
        guardian_waits: Where those wait who look for them.
        state: Whether they are still looked for.
        has_details: True while the vault keeps a name or a phone.
        details_of: Id of the incident by which the vault keeps them, None for this one.
        moments: When each state was reached.
        updated_at: When it was last changed.
        by: Who changed it.
    """

    id: str
    age: str | None = None
    sex: Literal["female", "male"] | None = None
    clothes: str | None = None
    last_seen: Place | None = None
    last_seen_at: At | None = None
    guardian_waits: Place | None = None
    state: MissingState = "sought"
    has_details: bool = False
    details_of: str | None = None
    moments: dict[MissingState, At] = {}
    updated_at: At
    by: PersonRef


def shown_number(number: int) -> str:
    """Returns a number as people say and write it: `H-0147`."""
    return f"H-{number:04d}"
