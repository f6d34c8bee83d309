# SPDX-License-Identifier: Apache-2.0
"""Who may send, change and answer for units: operators for all, others for their own agency."""

from __future__ import annotations

from collections.abc import Iterable

from hamkor.agencies.rules import (
    RIGHTS_OF_ROLE,
    AgencyCode,
    NotAllowedError,
    Viewer,
    agencies_operated_by,
    may,
)
from hamkor.common.messages import N_
from hamkor.units.rules.units import Unit, UnitError


def require_operating(viewer: Viewer) -> None:
    """Returns when a person may act at the console at all, for everybody or for a party.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    if not may(viewer, "operate") and not may(viewer, "operate_own"):
        raise NotAllowedError(viewer, "operate_own")


def require_crewing(viewer: Viewer) -> None:
    """Returns when a person may speak for a unit at all: at the console, or as one of its agency in the field.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    if not any(may(viewer, right) for right in ("operate", "operate_own", "answer_order")):
        raise NotAllowedError(viewer, "answer_order")


def require_own_agency(viewer: Viewer, agency: AgencyCode) -> None:
    """Returns when a person may register, change or send units of a party.

    Raises:
        UnitError: ``unit-not-yours``.
    """
    if not may(viewer, "operate") and agency not in agencies_operated_by(viewer):
        template = N_("This unit belongs to another agency. Ask an operator, or somebody of that agency.")
        raise UnitError("unit-not-yours", template)


def require_own_units(viewer: Viewer, units: Iterable[Unit]) -> None:
    """Returns when a person may send all these units.

    Raises:
        UnitError: ``unit-not-yours``.
    """
    for unit in units:
        require_own_agency(viewer, unit.agency)


def require_crew(viewer: Viewer, unit: Unit) -> None:
    """Returns when a person may say what a unit does: an operator, or anybody of its agency who answers orders.

    Raises:
        UnitError: ``unit-not-yours``.
    """
    answering = {grant.agency for grant in viewer.grants if "answer_order" in RIGHTS_OF_ROLE[grant.role]}
    if not may(viewer, "operate") and unit.agency not in answering:
        template = N_("This unit belongs to another agency. Ask an operator, or somebody of that agency.")
        raise UnitError("unit-not-yours", template)
