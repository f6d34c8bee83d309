# SPDX-License-Identifier: Apache-2.0
"""What papers and conclusions are called, what their states mean, and which event needs which."""

from __future__ import annotations

from datetime import date

from hamkor.common.messages import N_
from hamkor.events.rules.legal import Conclusion, Legal

MISSING_STATES = frozenset({"none", "refused", "withdrawn"})
PENDING_STATES = frozenset({"applied", "drafted"})
GIVEN_STATES = frozenset({"issued", "signed"})
STATE_NAMES = {
    "none": N_("there is none"),
    "refused": N_("it was refused"),
    "withdrawn": N_("it was withdrawn"),
    "applied": N_("it was only applied for"),
    "drafted": N_("it is only a draft"),
}
PAPER_NAMES = {
    "permit": N_("permit to hold the event"),
    "security_contract": N_("security contract"),
    "concert_licence": N_("concert licence"),
    "insurance": N_("liability insurance"),
}
HEADINGS = {
    "fire": N_("fire safety and evacuation"),
    "sanitary": N_("sanitary conditions"),
    "medical": N_("medical help"),
    "security": N_("security and communications"),
    "structure": N_("structures"),
    "electrical": N_("electricity"),
    "traffic": N_("traffic"),
}
# The grounds on which a commission may turn an event down, as far as the service passport names them.
NEEDED_HEADINGS = ("fire", "sanitary", "medical", "security")
CONCERT_KINDS = frozenset({"concert_rock", "concert_pop", "concert_classical"})
# Music is played there, but whether it counts as concert activity depends on the programme.
PERHAPS_CONCERT_KINDS = frozenset({"music_festival", "dance_party"})


def latest_conclusions_of(legal: Legal) -> dict[str, Conclusion]:
    """Returns the last conclusion under each heading: by day, and in the order written where days are missing."""
    in_order = sorted(legal.conclusions or (), key=lambda item: item.on_date or date.min)
    return {item.heading: item for item in in_order}
