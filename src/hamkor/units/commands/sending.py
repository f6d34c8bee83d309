# SPDX-License-Identifier: Apache-2.0
"""What all verbs of units share: who sends, what is found, what is refused."""

from __future__ import annotations

from collections.abc import Callable

from hamkor.agencies.rules import Viewer, require_same
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope
from hamkor.journal.rules import Documents
from hamkor.units.facts import ROLL_CALL, UNIT
from hamkor.units.rules import RollCall, Unit, UnitError
from hamkor.units.rules.permission import require_operating


def require_sender(
    envelope: Envelope, viewer: Viewer, require: Callable[[Viewer], None] = require_operating
) -> None:
    """Returns when the sender is the person looked at, and may do such a thing at all.

    Args:
        envelope: Who sends.
        viewer: The person looked at.
        require: Asks for the right.

    Raises:
        NotAllowedError: ``not-allowed``.
        ValueError: The envelope was filled for somebody else: a fault of the program.
    """
    require_same(envelope, viewer)
    require(viewer)


def get_unit(documents: Documents, unit_id: str) -> Unit:
    """Returns what a verb is about.

    Raises:
        UnitError: ``unit-absent``, when there is no such unit.
    """
    found = documents.get(UNIT, unit_id)
    if found is None:
        raise UnitError("unit-absent", N_("There is no such unit. Load the page again."), id=unit_id)
    return found


def get_roll_call(documents: Documents, roll_call_id: str) -> RollCall:
    """Returns a roll call.

    Raises:
        UnitError: ``roll-call-absent``, when there is none by that id.
    """
    found = documents.get(ROLL_CALL, roll_call_id)
    if found is None:
        template = N_("There is no such roll call. Load the page again.")
        raise UnitError("roll-call-absent", template, id=roll_call_id)
    return found
