# SPDX-License-Identifier: Apache-2.0
"""Changes of incidents field by field: what was asked for, what differs, what results."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from hamkor.agencies.rules import AgencyCode
from hamkor.common.messages import N_
from hamkor.discussions.rules import TEXT_MAX, TextUnusableError, clean_text
from hamkor.discussions.rules.talk import NOT_ASKED
from hamkor.incidents.rules.incidents import (
    ANSWER_MAX,
    ANSWERS_MAX,
    CARD_MAX,
    FORMER_MAX,
    REPORTER_MAX,
    TITLE_MAX,
    Count,
    Former,
    Incident,
    IncidentError,
    Key,
    Source,
)
from hamkor.incidents.rules.types import (
    PRIORITY_UNTYPED,
    IncidentCode,
    Priority,
    needed_facts,
    type_of,
)
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.system import PersonRef

F = TypeVar("F", bound=Struct)
Words = Annotated[str, Meta(max_length=8000)]
# Fields whose former values an incident keeps to be seen; of the others the journal alone tells.
KEPT = ("type", "title", "text", "priority", "place", "card_112", "agency", "outcome")


class AffectedFields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Counts of people that are given; the others stay."""

    injured: Count | UnsetType = UNSET
    dead: Count | UnsetType = UNSET
    missing: Count | UnsetType = UNSET
    evacuated: Count | UnsetType = UNSET


class IncidentFields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fields of an incident that are given; the others stay, so that two people may change two fields at once.

    Args:
        type: Code of the catalogue, None to take it back.
        title: What a list shows.
        text: What was reported first, in better words.
        priority: 1 critical to 4 low.
        place: Where, None when that was wrong.
        source: How it came in.
        reporter: Who reported it, in words or as the id of a post.
        card_112: Number of the card of the emergency number.
        agency: Party that answers for it.
        supporting: Parties that help, all of them.
        supporting_added: Parties that help from now on; what others add at the same moment stays.
        supporting_removed: Parties that help no longer.
        affected: How many people it concerns.
        known: Answers by key; None takes one back.
        parent: Id of the larger incident it belongs to.
        outcome: How it ended.
    """

    type: IncidentCode | UnsetType | None = UNSET
    title: Words | UnsetType = UNSET
    text: Words | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    place: Place | UnsetType | None = UNSET
    source: Source | UnsetType = UNSET
    reporter: Words | UnsetType | None = UNSET
    card_112: Words | UnsetType | None = UNSET
    agency: AgencyCode | UnsetType = UNSET
    supporting: tuple[AgencyCode, ...] | UnsetType = UNSET
    supporting_added: tuple[AgencyCode, ...] | UnsetType = UNSET
    supporting_removed: tuple[AgencyCode, ...] | UnsetType = UNSET
    affected: AffectedFields | UnsetType = UNSET
    known: dict[Key, Words | None] | UnsetType = UNSET
    parent: str | UnsetType | None = UNSET
    outcome: Words | UnsetType | None = UNSET


def read_fields(fields: Mapping[str, Any] | Struct, kind: type[F]) -> F:
    """Returns what was asked for with its types.

    Args:
        fields: Values as JSON shows them, by field; structs in them are fine.
        kind: The struct of the fields.

    Raises:
        IncidentError: ``field-malformed``, naming what is wrong.
    """
    try:
        plain = msgspec.to_builtins(fields if isinstance(fields, Struct) else dict(fields))
        return msgspec.convert(plain, kind)
    except (msgspec.ValidationError, TypeError, ValueError, RecursionError) as error:
        template = N_("This cannot be written down: {fault}. Load the page again, then correct it.")
        raise IncidentError("field-malformed", template, fault=str(error)) from None


def given(fields: Struct) -> dict[str, Any]:
    """Returns the fields that are given, by name."""
    return {name: value for name in fields.__struct_fields__ if (value := getattr(fields, name)) is not UNSET}


def clean_optional(text: str | None, most: int) -> str | None:
    """Returns a text as it is kept, None when there is nothing to be seen in it.

    Raises:
        TextUnusableError: ``text-too-long``.
    """
    if text is None:
        return None
    try:
        return clean_text(text, most=most)
    except TextUnusableError as error:
        if error.code != "text-empty":
            raise
        return None


def clean_line(text: str | None, most: int) -> str | None:
    """Returns a text of one line as it is kept, None when there is nothing to be seen in it.

    Raises:
        TextUnusableError: ``text-too-long``.
    """
    cleaned = clean_optional(text, most)
    return None if cleaned is None else " ".join(cleaned.split())


def clean_known(known: Mapping[str, str | None]) -> dict[str, str | None]:
    """Returns answers as they are kept; an empty one takes the answer back.

    Raises:
        TextUnusableError: ``text-too-long``.
    """
    return {key: clean_optional(text, ANSWER_MAX) for key, text in known.items()}


def clean_fields(fields: IncidentFields) -> IncidentFields:
    """Returns fields with their texts as they are kept; the place is cleaned where the drawing is known.

    Raises:
        TextUnusableError: ``text-too-long``.
        IncidentError: ``agency-nobody``.
    """
    cleaners: dict[str, Callable[[Any], Any]] = {
        "title": lambda text: clean_line(text, TITLE_MAX) or "",
        "text": lambda text: clean_optional(text, TEXT_MAX) or "",
        "reporter": lambda text: clean_line(text, REPORTER_MAX),
        "card_112": lambda text: clean_line(text, CARD_MAX),
        "outcome": lambda text: clean_optional(text, ANSWER_MAX),
        "known": clean_known,
        "agency": require_agency,
    }
    found = given(fields)
    cleaned = {name: clean(found[name]) for name, clean in cleaners.items() if name in found}
    return msgspec.structs.replace(fields, **cleaned)


def require_agency(agency: AgencyCode) -> AgencyCode:
    """Returns a party that can answer for an incident.

    Raises:
        IncidentError: ``agency-nobody``, for all state bodies and for the public.
    """
    if agency in NOT_ASKED:
        template = N_("What everybody answers for, nobody answers for. Choose one agency.")
        raise IncidentError("agency-nobody", template)
    return agency


def differing(incident: Incident, fields: IncidentFields) -> IncidentFields:
    """Returns only what differs from what stands, parties that help as what is put in and taken out.

    Args:
        incident: As it stands.
        fields: What was asked for, cleaned.

    Raises:
        IncidentError: ``too-many-answers``.
    """
    found = {
        name: value
        for name, value in given(fields).items()
        if not name.startswith("supporting") and value != getattr(incident, name)
    }
    found |= _supporting(incident, fields)
    if fields.affected is not UNSET:
        counts = given(fields.affected)
        found["affected"] = _some(
            AffectedFields, {k: v for k, v in counts.items() if v != getattr(incident.affected, k)}
        )
    if fields.known is not UNSET:
        found["known"] = {k: v for k, v in fields.known.items() if v != incident.known.get(k)} or UNSET
        if len(incident.known.keys() | fields.known.keys()) > ANSWERS_MAX:
            template = N_("There are {most} answers already. Write a note instead.")
            raise IncidentError("too-many-answers", template, most=ANSWERS_MAX)
    return IncidentFields(**found)


def with_priority(incident: Incident, fields: IncidentFields) -> IncidentFields:
    """Returns fields with the priority of a new type, where nobody chose another one before."""
    if (
        fields.type is UNSET
        or fields.priority is not UNSET
        or incident.priority != priority_of(incident.type)
    ):
        return fields
    return msgspec.structs.replace(fields, priority=priority_of(fields.type))


def priority_of(code: str | None) -> Priority:
    """Returns how urgent a type is unless somebody says otherwise."""
    found = type_of(code)
    return PRIORITY_UNTYPED if found is None else found.priority


def changed(incident: Incident, fields: IncidentFields, *, at: datetime, by: PersonRef) -> Incident:
    """Returns the incident with the fields that are given, and what had stood there.

    Args:
        incident: As it stood.
        fields: What differs.
        at: When it was changed.
        by: Who changed it.
    """
    values = given(fields)
    former = [
        Former(field=name, value=msgspec.to_builtins(getattr(incident, name)), at=at, by=by)
        for name in KEPT
        if name in values
    ]
    added, removed = values.pop("supporting_added", ()), values.pop("supporting_removed", ())
    if added or removed:
        stay = [agency for agency in incident.supporting if agency not in removed]
        values["supporting"] = tuple(dict.fromkeys([*stay, *added]))
    if "affected" in values:
        values["affected"] = msgspec.structs.replace(incident.affected, **given(values["affected"]))
    if "known" in values:
        answers = incident.known | values["known"]
        values["known"] = {key: answer for key, answer in answers.items() if answer is not None}
    kept = (*incident.former, *former)[-FORMER_MAX:]
    return msgspec.structs.replace(incident, **values, former=kept)


def missing_facts(incident: Incident) -> tuple[str, ...]:
    """Returns what is still to be asked about an incident: `type`, `place`, and keys of needed answers."""
    found = [name for name in ("type", "place") if getattr(incident, name) is None]
    return (*found, *(key for key in needed_facts(incident.type) if key not in incident.known))


def _supporting(incident: Incident, fields: IncidentFields) -> dict[str, Any]:
    """Returns parties that help as what is put in and taken out."""
    now = incident.supporting
    wanted = list(now) if fields.supporting is UNSET else list(fields.supporting)
    removed = () if fields.supporting_removed is UNSET else fields.supporting_removed
    wanted = [agency for agency in wanted if agency not in removed]
    wanted += [] if fields.supporting_added is UNSET else list(fields.supporting_added)
    for agency in wanted:
        require_agency(agency)
    lists = {
        "supporting_added": tuple(dict.fromkeys(agency for agency in wanted if agency not in now)),
        "supporting_removed": tuple(agency for agency in now if agency not in wanted),
    }
    return {name: agencies for name, agencies in lists.items() if agencies}


def _some(kind: type[F], values: Mapping[str, Any]) -> F | UnsetType:
    return kind(**values) if values else UNSET
