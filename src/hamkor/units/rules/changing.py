# SPDX-License-Identifier: Apache-2.0
"""Fields of units: what was asked for, what differs."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from hamkor.agencies.rules import AgencyCode
from hamkor.common.messages import N_
from hamkor.common.records import Id
from hamkor.discussions.rules.talk import NOT_ASKED
from hamkor.incidents.rules.changing import clean_line
from hamkor.operation.rules.places import Place
from hamkor.units.rules.units import CALL_SIGN_MAX, PEOPLE_MAX, Capability, Travels, Unit, UnitError

Size = Annotated[int, Meta(ge=1, le=PEOPLE_MAX)]


class UnitFields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fields of a unit that are given; the others stay.

    Args:
        call_sign: As people call it on the radio.
        agency: Party it belongs to.
        capabilities: What it can do, all of it.
        travels: On foot, or by vehicle.
        size: How many people.
        post: Id of the post of the plan it stands at, None for none.
        home: Where it waits.
        last_place: Where it was last known to be.
    """

    call_sign: Annotated[str, Meta(max_length=500)] | UnsetType = UNSET
    agency: AgencyCode | UnsetType = UNSET
    capabilities: tuple[Capability, ...] | UnsetType = UNSET
    travels: Travels | UnsetType = UNSET
    size: Size | UnsetType = UNSET
    post: Id | UnsetType | None = UNSET
    home: Place | UnsetType | None = UNSET
    last_place: Place | UnsetType | None = UNSET


def read_unit_fields(fields: Any) -> UnitFields:
    """Returns what was asked for with its types, texts as they are kept.

    Args:
        fields: Values as JSON shows them, by field; structs in them are fine.

    Raises:
        UnitError: ``unit-field-malformed``, naming what is wrong; ``call-sign-empty``; ``agency-nobody``.
        TextUnusableError: ``text-too-long``, for the call sign.
    """
    try:
        read = msgspec.convert(msgspec.to_builtins(dict(fields)), UnitFields)
    except (msgspec.ValidationError, TypeError, ValueError, RecursionError) as error:
        template = N_("This cannot be written down: {fault}. Load the page again, then correct it.")
        raise UnitError("unit-field-malformed", template, fault=str(error)) from None
    if read.agency is not UNSET and read.agency in NOT_ASKED:
        raise UnitError("agency-nobody", N_("A unit belongs to one agency. Choose which."))
    cleaned: dict[str, Any] = {}
    if read.call_sign is not UNSET:
        cleaned["call_sign"] = clean_call_sign(read.call_sign)
    if read.capabilities is not UNSET:
        cleaned["capabilities"] = tuple(dict.fromkeys(read.capabilities))
    return msgspec.structs.replace(read, **cleaned)


def clean_call_sign(text: str) -> str:
    """Returns a call sign as it is kept.

    Raises:
        UnitError: ``call-sign-empty``.
        TextUnusableError: ``text-too-long``.
    """
    cleaned = clean_line(text, CALL_SIGN_MAX)
    if cleaned is None:
        raise UnitError("call-sign-empty", N_("Give the call sign the unit answers to on the radio."))
    return cleaned


def require_free_call_sign(units: Iterable[Unit], call_sign: str, *, own: str | None = None) -> None:
    """Returns when no other unit in service has the call sign.

    Args:
        units: All units.
        call_sign: The call sign, cleaned.
        own: Id of the unit that may have it already, or None.

    Raises:
        UnitError: ``call-sign-taken``.
    """
    wanted = call_sign.casefold()
    for unit in units:
        if unit.call_sign.casefold() == wanted and unit.retired_at is None and unit.id != own:
            template = N_("There is a unit {unit} already. On the radio nobody could tell them apart.")
            raise UnitError("call-sign-taken", template, unit=unit.call_sign)


def differing_fields(unit: Unit, fields: UnitFields) -> dict[str, Any]:
    """Returns the given fields that differ from what stands, by name."""
    values = {name: getattr(fields, name) for name in fields.__struct_fields__}
    return {
        name: value for name, value in values.items() if value is not UNSET and value != getattr(unit, name)
    }
