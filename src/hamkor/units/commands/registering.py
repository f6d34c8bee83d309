# SPDX-License-Identifier: Apache-2.0
"""The list of units: registered, changed, retired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec
from msgspec import UNSET

from hamkor.agencies.rules import AgencyCode, Viewer
from hamkor.common.messages import N_
from hamkor.discussions.rules import clean_reason
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.rules.places import Place, clean_place
from hamkor.units.commands.sending import get_unit, require_sender
from hamkor.units.facts import (
    UNIT,
    UNIT_CHANGED,
    UNIT_REGISTERED,
    UNIT_RETIRED,
    UnitChanged,
    UnitRegistered,
    UnitRetired,
)
from hamkor.units.rules import UnitError
from hamkor.units.rules.changing import (
    UnitFields,
    differing_fields,
    read_unit_fields,
    require_free_call_sign,
)
from hamkor.units.rules.permission import require_own_agency
from hamkor.units.rules.units import require_in_service


def register_unit(  # noqa: PLR0913 - what a unit is, each by name
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    call_sign: str,
    agency: AgencyCode | None = None,
    capabilities: Sequence[str] = (),
    travels: str = "foot",
    size: int = 1,
    post: str | None = None,
    home: Place | None = None,
) -> Result:
    """Registers a unit, whose id is the command's id.

    Args:
        store: Where the journal is kept.
        envelope: Who registers it, when.
        viewer: The same person with their rights: an operator, or somebody who acts for the agency.
        call_sign: As people call it on the radio.
        agency: Party it belongs to; the viewer's when None.
        capabilities: What it can do.
        travels: `foot` or `vehicle`.
        size: How many people.
        post: Id of the post of the plan it stands at.
        home: Where it waits.

    Raises:
        NotAllowedError: ``not-allowed``.
        UnitError: ``unit-not-yours``, ``unit-field-malformed``, ``call-sign-empty``, ``call-sign-taken``,
            ``agency-nobody`` or ``post-absent``.
        PlaceError: ``place-absent`` or ``place-impossible``.
        TextUnusableError: ``text-too-long``, for the call sign.
    """
    require_sender(envelope, viewer)
    told: dict[str, Any] = {
        "call_sign": call_sign,
        "agency": agency or viewer.agency,
        "capabilities": tuple(capabilities),
        "travels": travels,
        "size": size,
        "post": post,
        "home": home,
    }
    fields = read_unit_fields(told)
    require_own_agency(viewer, cast("AgencyCode", fields.agency))

    def decide(documents: Documents) -> list[Fact[Any]]:
        values = _standing(documents, fields)
        require_free_call_sign(documents.all(UNIT), values["call_sign"])
        body = UnitRegistered(id=str(envelope.command_id), at=in_utc(envelope.at), by=envelope.by, **values)
        return [UNIT_REGISTERED(body)]

    return perform(store, envelope, decide, content=["register_unit", msgspec.to_builtins(fields)])


def change_unit(
    store: Store, envelope: Envelope, *, viewer: Viewer, unit_id: str, fields: Mapping[str, Any]
) -> Result:
    """Changes some fields of a unit; what others change at the same moment in other fields stays.

    Args:
        store: Where the journal is kept.
        envelope: Who changes it, when.
        viewer: The same person with their rights: an operator, or somebody who acts for the agency.
        unit_id: Which unit.
        fields: New values by field, as in `UnitFields`.

    Raises:
        NotAllowedError: ``not-allowed``.
        UnitError: ``unit-absent``, ``unit-retired`` or a code of `register_unit`.
        PlaceError: ``place-absent`` or ``place-impossible``.
        TextUnusableError: ``text-too-long``, for the call sign.
    """
    require_sender(envelope, viewer)
    asked = read_unit_fields(fields)

    def decide(documents: Documents) -> list[Fact[Any]]:
        unit = get_unit(documents, unit_id)
        require_own_agency(viewer, unit.agency)
        if asked.agency is not UNSET:
            require_own_agency(viewer, asked.agency)
        require_in_service(unit)
        values = differing_fields(unit, UnitFields(**_standing(documents, asked)))
        if "call_sign" in values:
            require_free_call_sign(documents.all(UNIT), values["call_sign"], own=unit.id)
        if not values:
            return []
        body = UnitChanged(id=unit.id, at=in_utc(envelope.at), by=envelope.by, fields=UnitFields(**values))
        return [UNIT_CHANGED(body)]

    return perform(store, envelope, decide, content=["change_unit", unit_id, msgspec.to_builtins(asked)])


def retire_unit(
    store: Store, envelope: Envelope, *, viewer: Viewer, unit_id: str, reason: str | None = None
) -> Result:
    """Takes a unit out of the list; it stays readable.

    Raises:
        NotAllowedError: ``not-allowed``.
        UnitError: ``unit-absent``, ``unit-not-yours``, ``unit-retired``; ``unit-not-free``, while it works for an
            incident.
        TextUnusableError: ``text-too-long``, for the reason.
    """
    require_sender(envelope, viewer)
    why = clean_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        unit = get_unit(documents, unit_id)
        require_own_agency(viewer, unit.agency)
        require_in_service(unit)
        if unit.incident is not None:
            template = N_("{unit} works for an incident. Release it first, then take it out of the list.")
            raise UnitError("unit-not-free", template, unit=unit.call_sign)
        return [UNIT_RETIRED(UnitRetired(id=unit.id, at=in_utc(envelope.at), by=envelope.by, reason=why))]

    return perform(store, envelope, decide, content=["retire_unit", unit_id, why])


def _standing(documents: Documents, fields: UnitFields) -> dict[str, Any]:
    """Returns the fields that are given, places and post as the drawing and the plan have them."""
    values = {name: getattr(fields, name) for name in fields.__struct_fields__}
    values = {name: value for name, value in values.items() if value is not UNSET}
    for name in ("home", "last_place"):
        if name in values:
            values[name] = clean_place(documents, values[name])
    post = values.get("post")
    if post is not None and documents.get("post", post) is None:
        template = N_("There is no post “{post}” in the plan. Choose one that is, or leave it empty.")
        raise UnitError("post-absent", template, post=post)
    return values
