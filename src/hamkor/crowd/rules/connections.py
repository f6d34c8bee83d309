# SPDX-License-Identifier: Apache-2.0
"""How many people a connection of a drawing passes, and which way it is open: one answer for checks and simulations.

A width nobody gave makes the result unknown, never zero.
"""

from __future__ import annotations

from hamkor.common.figures import Range, known
from hamkor.crowd.rules.ingress import EntryMethod, believable_rate_per_h, lane_rate_per_h
from hamkor.crowd.rules.profiles import FlowProfile, Surface, usable_width_m
from hamkor.events.rules import CrowdPhase
from hamkor.venues.rules.features import Area, Connection, Passage, Turnstiles

MINUTES_PER_HOUR = 60
OPEN_USES = frozenset({"street", "square", "camping", "other"})
LEAVING_PHASES = frozenset({"egress", "emergency"})


def is_bounded(area: Area) -> bool:
    """Returns True when people can leave an area only through what is drawn; streets and squares are open."""
    if area.enclosed is not None:
        return area.enclosed
    return area.use not in OPEN_USES


def surface_of(connection: Connection) -> Surface:
    """Returns what people walk on in a connection: as stated, else by the form of a passage."""
    if connection.surface is not None:
        return connection.surface
    if isinstance(connection, Passage) and connection.form in {"stairs", "escalator"}:
        return "stairs"
    return "ramp" if isinstance(connection, Passage) and connection.form == "ramp" else "level"


def width_flow_per_min(width_m: Range, surface: Surface, profile: FlowProfile) -> Range:
    """Returns people per minute one way through a clear width."""
    per_m_min = profile.flow_per_m_min(surface)
    if width_m.is_exact:
        return Range.exactly(usable_width_m(width_m.nominal, surface, profile) * per_m_min)
    return Range(
        *(
            usable_width_m(width, surface, profile) * per_m_min
            for width in (width_m.low, width_m.nominal, width_m.high)
        )
    )


def lane_rate_of(bank: Turnstiles) -> Range:
    """Returns people per hour and lane: as measured or assessed, as stated up to the believable rate, else usual."""
    assessed = known(bank.capacity_per_h)
    if assessed is not None and lanes_of(bank) > 0:
        return assessed / lanes_of(bank)
    is_screening = bank.screening not in (None, "none")
    method = EntryMethod(bank.screening) if is_screening and bank.screening else EntryMethod.TURNSTILE
    stated = known(bank.rate_per_h)
    if stated is None or stated.low < 1:
        usual = lane_rate_per_h(method, has_wand="wand" in bank.extra, has_scanner="scanner" in bank.extra)
        return Range.exactly(usual)
    return Range(
        *(
            believable_rate_per_h(rate, is_measured=bank.rate_measured, is_screening=is_screening)
            for rate in (stated.low, stated.nominal, stated.high)
        )
    )


def lanes_of(bank: Turnstiles) -> int:
    """Returns the lanes that have people to work them."""
    return bank.lanes if bank.lanes_staffed is None else min(bank.lanes, bank.lanes_staffed)


def one_way_per_min(connection: Connection, profile: FlowProfile) -> Range | None:
    """Returns people per minute through a connection in one direction, or None when it cannot be told."""
    stated = known(connection.capacity_per_h)
    if stated is not None:
        return stated / MINUTES_PER_HOUR
    if isinstance(connection, Turnstiles):
        return lane_rate_of(connection) * (lanes_of(connection) / MINUTES_PER_HOUR)
    width_m = known(connection.clear_width_m)
    return None if width_m is None else width_flow_per_min(width_m, surface_of(connection), profile)


def is_direction_open(connection: Connection, phase: CrowdPhase, *, forward: bool) -> bool:
    """Returns True when people may pass in the direction in the phase.

    Notes:
        Not stated: an opening or passage serves the direction that is needed; turnstiles let people in only;
        an emergency exit serves emergencies only. In an emergency what is shut may be opened, unless locked.
    """
    use = connection.use.get(phase)
    if use is not None:
        return use == "both" or (use == "forward" and forward) or (use == "backward" and not forward)
    if isinstance(connection, Turnstiles):
        return phase == "ingress" and forward
    if connection.emergency_only:
        return phase == "emergency"
    return True


def can_be_opened(connection: Connection, *, is_attended: bool = True) -> bool:
    """Returns False when nobody could open the connection in time: locked, or a key and nobody there to turn it.

    Args:
        connection: The connection.
        is_attended: Somebody is posted to it, or nobody knows that no one is.
    """
    if connection.release == "locked":
        return False
    return connection.release != "staff_key" or connection.staffed_by is None or is_attended


def can_pass(connection: Connection, phase: CrowdPhase, *, forward: bool, is_attended: bool = True) -> bool:
    """Returns True when people can pass in the direction in the phase, locks and obstructions considered.

    Args:
        connection: The connection.
        phase: Phase of the crowd.
        forward: From `from` to `to`.
        is_attended: Somebody is posted to it, or nobody knows that no one is.
    """
    if not is_direction_open(connection, phase, forward=forward):
        return False
    if phase in LEAVING_PHASES and not can_be_opened(connection, is_attended=is_attended):
        return False
    return not (phase == "emergency" and connection.obstructed)
