# SPDX-License-Identifier: Apache-2.0
"""Restricted details: of patients for those who help, of missing people for those who search."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

from hamkor.common.messages import N_
from hamkor.incidents.rules.changing import Words, clean_optional, given
from hamkor.incidents.rules.incidents import (
    Count,
    IncidentError,
    MissingPerson,
    MissingState,
    Triage,
)
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.system import At

NAME_MAX = 200
CONDITION_MAX = 2000
# From handed over back to sought only when the wrong person was handed over: then everybody must know at once.
MISSING_TRANSITIONS: dict[MissingState, frozenset[MissingState]] = {
    "sought": frozenset({"found"}),
    "found": frozenset({"handed_over", "sought"}),
    "handed_over": frozenset({"sought"}),
}

F = TypeVar("F", bound=Struct)


class MedicalFields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is given of patients; the rest stays."""

    patients: Count | UnsetType | None = UNSET
    triage: Triage | UnsetType | None = UNSET
    condition: Words | UnsetType | None = UNSET
    care: Words | UnsetType | None = UNSET
    destination: Words | UnsetType | None = UNSET


class MissingFields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is given of somebody who is looked for; the rest stays. No name: it goes to the vault."""

    age: Words | UnsetType | None = UNSET
    sex: Literal["female", "male"] | UnsetType | None = UNSET
    clothes: Words | UnsetType | None = UNSET
    last_seen: Place | UnsetType | None = UNSET
    last_seen_at: At | UnsetType | None = UNSET
    guardian_waits: Place | UnsetType | None = UNSET


class MissingDetails(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the vault keeps of somebody who is looked for, and of who looks for them; it can be erased.

    Args:
        name: Name of the missing person.
        guardian: Name of who looks for them.
        phone: Phone of who looks for them.
    """

    name: str | None = None
    guardian: str | None = None
    phone: str | None = None


def clean_words(fields: F, *, most: int = CONDITION_MAX) -> F:
    """Returns fields with their texts as they are kept; an empty one takes back what stood there.

    Raises:
        TextUnusableError: ``text-too-long``.
    """
    texts = {name: value for name, value in given(fields).items() if isinstance(value, str)}
    cleaned = {name: clean_optional(text, most) for name, text in texts.items()}
    return msgspec.structs.replace(fields, **cleaned)


def clean_details(details: MissingDetails) -> MissingDetails:
    """Returns a name and a phone as they are kept.

    Raises:
        TextUnusableError: ``text-too-long``.
    """
    return clean_words(details, most=NAME_MAX)


def differing_from(found: Struct | None, fields: Struct) -> dict[str, Any]:
    """Returns the given fields that differ from what stands; everything given when nothing does."""
    values = given(fields)
    if found is None:
        return values
    return {name: value for name, value in values.items() if value != getattr(found, name)}


def require_missing_transition(missing: MissingPerson, state: MissingState) -> None:
    """Returns when a missing person may go from their state to another.

    Raises:
        IncidentError: ``missing-transition-impossible``.
    """
    if state not in MISSING_TRANSITIONS[missing.state]:
        template = N_(
            "A missing person is sought, then found, then handed over. Choose the step that comes next."
        )
        raise IncidentError("missing-transition-impossible", template)


def vault_reference(missing: MissingPerson) -> str:
    """Returns under which reference the vault keeps name and phone: that of the first report, also after a merge."""
    return f"missing:{missing.details_of or missing.id}"
