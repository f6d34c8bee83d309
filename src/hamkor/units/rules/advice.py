# SPDX-License-Identifier: Apache-2.0
"""Dispatch advice: what is said to the operator, who decides."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import datetime
from typing import Literal

import msgspec

from hamkor.agencies.rules import AgencyCode
from hamkor.units.rules.travel import Basis
from hamkor.units.rules.units import Capability, Travels
from hamkor.venues.rules.geometry import Position

PositionSource = Literal["measured", "told", "post", "stale", "home", "unknown"]
# Why a unit is not proposed.
LeftOutReason = Literal["sent", "busy", "off_duty", "unreachable"]
CANDIDATES_MOST = 8


class MeasuredPosition(msgspec.Struct, frozen=True):
    """Where a unit was measured to be.

    Args:
        point: Longitude and latitude.
        at: When, aware.
    """

    point: Position
    at: datetime


class Candidate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A free unit that can do what is needed.

    Args:
        unit: Its id.
        call_sign: Its call sign.
        agency: Its party.
        minutes: How long it takes, None when nobody knows where it or the incident is.
        metres: How far it is, None likewise.
        travels: How it comes: a vehicle may be slower than its crew on foot.
        basis: What that rests on: the drawing, roads, a straight line with a detour, or nothing.
        is_guessed: True when a length on the way is not drawn.
        position: How its position is known.
        position_age_s: How old a measured position is, or None.
        is_stand_in: True when it is made for something else.
        leaves_post: Id of the post it would leave, or None.
    """

    unit: str
    call_sign: str
    agency: AgencyCode
    minutes: float | None = None
    metres: float | None = None
    travels: Travels
    basis: Basis
    is_guessed: bool = False
    position: PositionSource
    position_age_s: float | None = None
    is_stand_in: bool = False
    leaves_post: str | None = None


class NeedAdvice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is needed, and who could come.

    Args:
        need: The capability; None for anybody who can look.
        proposed: Id of the unit proposed, all incidents asked about considered; None when nobody is left.
        candidates: The nearest ones, the quickest first.
    """

    need: Capability | None = None
    proposed: str | None = None
    candidates: tuple[Candidate, ...] = ()


class LeftOut(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit that is not proposed.

    Args:
        unit: Its id.
        call_sign: Its call sign.
        reason: Why.
        incident: Id of the incident it works for, or None.
        minutes: How long it would take; of one sent to something less urgent, which could be taken from there.
    """

    unit: str
    call_sign: str
    reason: LeftOutReason
    incident: str | None = None
    minutes: float | None = None


class IncidentAdvice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who could go to one incident.

    Args:
        incident: Its id.
        number: Its number.
        priority: How urgent it is.
        area: Id of the area it is in, `outside`, or None when nobody knows where it is.
        needs: What it still needs.
        left_out: Units that could do it and are not proposed, with reasons.
        unable: How many units can do nothing of it.
    """

    incident: str
    number: int
    priority: int
    area: str | None = None
    needs: tuple[NeedAdvice, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    unable: int = 0


class Advice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who could go where; the operator decides.

    Args:
        at: For which moment.
        profile: Name of the profile of travel.
        incidents: One for each incident asked about that is open.
    """

    at: datetime
    profile: str
    incidents: tuple[IncidentAdvice, ...] = ()
