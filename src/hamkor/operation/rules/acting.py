# SPDX-License-Identifier: Apache-2.0
"""For whom a person may act while an event runs, and what is refused."""

from __future__ import annotations

from hamkor.agencies.queries import get_agency
from hamkor.agencies.rules import AgencyCode, NotAllowedError, Viewer, agencies_operated_by, may
from hamkor.agencies.rules.rights import RIGHTS_OF_ROLE
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.common.records import Text

# What all state bodies do together, each of them may do.
EVERYBODY = "all"


class OperationError(HamkorError):
    """Something of the running event is not there, belongs to another, or is not in a state for this."""


def agency_shown(code: AgencyCode) -> Text:
    """Returns the short name of an agency in the languages it has one in."""
    names: Text = get_agency(code).short_names  # type: ignore[assignment]  # its keys are languages
    return names


def agencies_in_field(viewer: Viewer) -> frozenset[AgencyCode]:
    """Returns the agencies whose orders the person answers, in the field or at the console."""
    return frozenset(grant.agency for grant in viewer.grants if "answer_order" in RIGHTS_OF_ROLE[grant.role])


def may_act_for(viewer: Viewer, agency: AgencyCode | None) -> bool:
    """True when the person works at the console for everybody, or for this agency.

    Args:
        viewer: Who.
        agency: Whose work it is; None when it is nobody's yet.
    """
    return may(viewer, "operate") or _is_among(agency, agencies_operated_by(viewer))


def require_acting(viewer: Viewer, agency: AgencyCode | None) -> None:
    """Returns when the person may act for the agency at the console.

    Raises:
        NotAllowedError: ``not-allowed``, for who acts for nobody.
        OperationError: ``not-your-agency``.
    """
    if not may_act_for(viewer, agency):
        _refuse(viewer, agency, own=agencies_operated_by(viewer))


def require_acting_in_field(viewer: Viewer, agency: AgencyCode | None) -> None:
    """Returns when the person may act for the agency at the console, or answers its orders in the field.

    Raises:
        NotAllowedError: ``not-allowed``, for who acts for nobody.
        OperationError: ``not-your-agency``.
    """
    own = agencies_operated_by(viewer) | agencies_in_field(viewer)
    if not may(viewer, "operate") and not _is_among(agency, own):
        _refuse(viewer, agency, own=own)


def require_acting_at_all(viewer: Viewer) -> None:
    """Returns when the person works at the console, for everybody or for an agency.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    if not may(viewer, "operate") and not agencies_operated_by(viewer):
        raise NotAllowedError(viewer, "operate")


def _is_among(agency: AgencyCode | None, own: frozenset[AgencyCode]) -> bool:
    return agency in own or (agency == EVERYBODY and bool(own))


def _refuse(viewer: Viewer, agency: AgencyCode | None, *, own: frozenset[AgencyCode]) -> None:
    if not own:
        raise NotAllowedError(viewer, "operate")
    names = [agency_shown(code) for code in sorted(own)]
    if agency is None:
        template = N_(
            "No agency has taken this yet, and you act for {own} only. Ask the operator to assign it."
        )
        raise OperationError("not-your-agency", template, own=names)
    template = N_("This is the work of {agency}; you act for {own}. Ask them, or the operator.")
    raise OperationError("not-your-agency", template, own=names, agency=agency_shown(agency))
