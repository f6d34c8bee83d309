# SPDX-License-Identifier: Apache-2.0
"""Taking the units the plan speaks of into the list, in one command."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from hamkor.agencies.rules import Viewer, agencies_operated_by, may
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.units.commands.sending import require_sender
from hamkor.units.facts import UNIT_REGISTERED, UnitRegistered
from hamkor.units.rules.permission import require_operating
from hamkor.units.rules.proposing import PlannedUnit, planned_units
from hamkor.units.rules.units import UnitError


def register_planned_units(store: Store, envelope: Envelope, *, viewer: Viewer) -> Result:
    """Registers every unit the plan speaks of that is not in the list: operators all, others those of their party.

    Args:
        store: Where the journal is kept.
        envelope: Who does it, when.
        viewer: The same person with their rights.

    Raises:
        NotAllowedError: ``not-allowed``.
        UnitError: ``units-none-planned``, when the plan speaks of none that is missing.
    """
    require_sender(envelope, viewer)
    require_operating(viewer)
    own = None if may(viewer, "operate") else agencies_operated_by(viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        found = [unit for unit in planned_units(documents) if own is None or unit.agency in own]
        if not found:
            template = N_("The plan speaks of no unit that is not in the list. Register units one by one.")
            raise UnitError("units-none-planned", template)
        return [UNIT_REGISTERED(_registered(unit, envelope)) for unit in found]

    return perform(store, envelope, decide, content=["register_planned_units"])


def _registered(unit: PlannedUnit, envelope: Envelope) -> UnitRegistered:
    return UnitRegistered(
        id=str(uuid5(envelope.command_id, unit.call_sign)),
        at=in_utc(envelope.at),
        by=envelope.by,
        call_sign=unit.call_sign,
        agency=unit.agency,
        capabilities=unit.capabilities,
        travels=unit.travels,
        size=unit.size,
        post=unit.post,
        home=unit.home,
    )
