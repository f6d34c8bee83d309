# SPDX-License-Identifier: Apache-2.0
"""What holds of units, their timers, roll calls and dispatch, free of clock, network and database."""

from hamkor.units.rules.rollcalls import Accounted, Answer, RollCall, Scope, accounted_of
from hamkor.units.rules.timing import (
    ON_SITE,
    ResponseProfile,
    ResponseReport,
    Timer,
    Times,
    response_profile,
    timer_of,
    times_of,
    unsent_timer,
)
from hamkor.units.rules.units import (
    CAPABILITIES,
    SENT_STATES,
    TRANSITIONS,
    UNIT_STATES,
    Capability,
    Sortie,
    Travels,
    Unit,
    UnitError,
    UnitState,
)

__all__ = [
    "CAPABILITIES",
    "ON_SITE",
    "SENT_STATES",
    "TRANSITIONS",
    "UNIT_STATES",
    "Accounted",
    "Answer",
    "Capability",
    "ResponseProfile",
    "ResponseReport",
    "RollCall",
    "Scope",
    "Sortie",
    "Timer",
    "Times",
    "Travels",
    "Unit",
    "UnitError",
    "UnitState",
    "accounted_of",
    "response_profile",
    "timer_of",
    "times_of",
    "unsent_timer",
]
