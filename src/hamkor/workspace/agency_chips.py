# SPDX-License-Identifier: Apache-2.0
"""Where every agency stands, for the top bar: worked out once per entry of a journal and process."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from uuid import UUID

import msgspec

from hamkor.agencies.rules import Viewer
from hamkor.approvals.queries import list_approval_states
from hamkor.approvals.rules.standing import AgencyStanding
from hamkor.common.messages import N_
from hamkor.journal.rules import Documents
from hamkor.workspace.stores import journals

KEPT = 64
# State: sign, tone, words. A sign and a word beside the colour: nobody has to tell red from green.
STATES: dict[str, tuple[str, str, str]] = {
    "whole": ("✓", "good", N_("approved the whole plan")),
    "own": ("◐", "good", N_("approved its own part")),
    "objected": ("✕", "red", N_("objects")),
    "voided": ("!", "amber", N_("its approval is void since a change")),
    "none": ("", "", N_("has approved nothing yet")),
}

_standings: OrderedDict[tuple[str, int, int], tuple[AgencyStanding, ...]] = OrderedDict()
_lock = Lock()


class Chip(msgspec.Struct, frozen=True):
    """Where one agency stands.

    Args:
        agency: Its code.
        state: A key of `STATES`.
        sign: A sign before its name, empty for none.
        tone: Class of the chip.
        words: What the sign means, in English for translation.
    """

    agency: str
    state: str
    sign: str
    tone: str
    words: str


def chips_of(viewer: Viewer, *, stream: UUID, documents: Documents) -> tuple[Chip, ...]:
    """Returns a chip for each agency that must sign; none while nobody is known to take part.

    Args:
        viewer: Who looks.
        stream: The event.
        documents: Its documents, whose number tells whether what was worked out still holds.
    """
    key = (str(stream), documents.number, len(documents.withheld))
    return tuple(chip_of(standing) for standing in _standings_of(viewer, key))


def chip_of(standing: AgencyStanding) -> Chip:
    """Returns the chip of one agency."""
    state = state_of(standing)
    return Chip(standing.agency, state, *STATES[state])


def state_of(standing: AgencyStanding) -> str:
    """Returns where an agency stands in one word: a key of `STATES`."""
    whole, own = standing.whole.state, standing.own.state
    if whole == "objected":
        return "objected"
    if whole == "approved":
        return "whole"
    if "voided" in {whole, own}:
        return "voided"
    return "own" if own == "approved" else "none"


def _standings_of(viewer: Viewer, key: tuple[str, int, int]) -> tuple[AgencyStanding, ...]:
    with _lock:
        if key in _standings:
            _standings.move_to_end(key)
            return _standings[key]
    found = list_approval_states(journals(), stream=key[0], viewer=viewer)
    with _lock:
        _standings[key] = found
        while len(_standings) > KEPT:
            _standings.popitem(last=False)
    return found
