# SPDX-License-Identifier: Apache-2.0
"""How many people pass each connection, leave each area and leave the venue, as the plan describes it.

An exit that is locked, or needs a key nobody is posted to turn, counts as zero. A width nobody gave makes the
result unknown, never zero: unknown capacities can excuse a plan but never condemn it.
"""

from __future__ import annotations

import msgspec

from hamkor.checks.rules.context import Context
from hamkor.common.figures import ZERO, Range, total
from hamkor.crowd.rules.connections import (
    can_be_opened,
    can_pass,
    is_bounded,
    is_direction_open,
    one_way_per_min,
)
from hamkor.crowd.rules.nfpa import nfpa_code
from hamkor.crowd.rules.profiles import FlowProfile
from hamkor.events.rules import CrowdPhase
from hamkor.plans.rules.manning import is_known_empty
from hamkor.venues.rules.features import OUTSIDE, Connection, Turnstiles

LEAST_PEOPLE = 1.0
HIGH_FIRE_RISK = "high"
NIGHTCLUB = "nightclub"


class Exit(msgspec.Struct, frozen=True):
    """One way out of an area.

    Args:
        id: The connection.
        per_min: People per minute; zero when it cannot be used; None when its width is unknown.
    """

    id: str
    per_min: Range | None


def entry_lines(banks: list[Turnstiles]) -> list[list[Turnstiles]]:
    """Returns the banks in the lines people pass one after the other: from the outside first, then inner ones."""
    outer = [bank for bank in banks if bank.from_ == OUTSIDE]
    inner = [bank for bank in banks if bank.from_ != OUTSIDE]
    return [line for line in (outer, inner) if line]


def is_unlocked(context: Context, connection: Connection) -> bool:
    """Returns False when nobody could open the connection in time: locked, or a key and nobody posted."""
    return can_be_opened(connection, is_attended=_is_attended(context, connection))


def _is_attended(context: Context, connection: Connection) -> bool:
    posts = connection.staffed_by
    return posts is None or any(not _is_empty_post(context, post_id) for post_id in posts)


def _is_empty_post(context: Context, post_id: str) -> bool:
    post = context.posts.get(post_id)
    return post is not None and is_known_empty(post)


def is_passable(context: Context, connection: Connection, phase: CrowdPhase, *, forward: bool) -> bool:
    """Returns True when people can pass in the direction in the phase, locks and obstructions considered."""
    return can_pass(connection, phase, forward=forward, is_attended=_is_attended(context, connection))


def exits_of(
    context: Context, area_id: str, phase: CrowdPhase, *, profile: FlowProfile | None = None
) -> list[Exit]:
    """Returns every way out of an area that the phase allows; those that cannot be used pass zero."""
    exits = []
    for connection_id, connection in context.connections_at.get(area_id, ()):
        forward = connection.from_ == area_id
        if not is_direction_open(connection, phase, forward=forward):
            continue
        usable = is_passable(context, connection, phase, forward=forward)
        exits.append(
            Exit(connection_id, one_way_per_min(connection, profile or context.profile) if usable else ZERO)
        )
    return exits


def exit_rate_per_min(exits: list[Exit]) -> Range | None:
    """Returns people per minute through all exits, or None when there are none or one of them is unknown."""
    rates = [exit_.per_min for exit_ in exits]
    if not rates or any(rate is None for rate in rates):
        return None
    return total(rate for rate in rates if rate is not None)


def without_largest(exits: list[Exit]) -> list[Exit]:
    """Returns the exits without the one that passes most people: it may be the one that is lost."""
    if not exits:
        return []
    largest = max(exits, key=lambda exit_: exit_.per_min.nominal if exit_.per_min is not None else -1.0)
    return [exit_ for exit_ in exits if exit_ is not largest]


def egress_time_min(
    context: Context, area_id: str, *, emergency: bool = False, profile: FlowProfile | None = None
) -> Range | None:
    """Returns the minutes the people of an area need through its exits; the largest is lost in an emergency.

    Returns:
        None when people, exits or a width are unknown, or the area is open; infinite when no exit can be used.
    """
    people = context.people_in(area_id)
    exits = exits_of(context, area_id, "emergency" if emergency else "egress", profile=profile)
    rate = exit_rate_per_min(without_largest(exits) if emergency and len(exits) > 1 else exits)
    if people is None or rate is None or people.high < LEAST_PEOPLE or not is_bounded(context.areas[area_id]):
        return None
    return people / rate


def locked_exits(context: Context, area_id: str) -> list[str]:
    """Returns the connections of an area nobody could open in time."""
    return [
        connection_id
        for connection_id, connection in context.connections_at.get(area_id, ())
        if not is_unlocked(context, connection)
    ]


def egress_limit_min(context: Context, area_id: str, profile: FlowProfile) -> float:
    """Returns the longest time to leave an area: the plan's own, never above the profile's."""
    longest = profile.max_egress_time_min or context.longest_egress_min
    stated = context.areas[area_id].egress_time_limit_min
    return min(stated, longest) if stated is not None else longest


def emergency_limit_min(context: Context, area_id: str, profile: FlowProfile) -> float:
    """Returns the longest time to leave in an emergency: the plan's own within the profile's range, else by risk.

    Source: Green Guide, chapter 10; for nightclubs of high risk NIST NCSTAR 2 (2005), recommendation 5.
    """
    shortest, longest = profile.emergency_time_range_min or context.emergency_range_min
    area = context.areas[area_id]
    if is_high_fire_risk(context, area_id):
        longest = shortest
        if context.event.kind == NIGHTCLUB:
            shortest = longest = min(shortest, nfpa_code().nightclub_time_max_min)
    if area.emergency_time_limit_min is not None:
        return min(max(area.emergency_time_limit_min, shortest), longest)
    return longest


def is_high_fire_risk(context: Context, area_id: str) -> bool:
    """Returns True when an area is said to be of high fire risk, or nothing is said and it plainly is.

    Notes:
        Plainly: its lining has no fire rating, or flame or pyrotechnics are planned inside it.
    """
    area = context.areas[area_id]
    if area.fire_risk is not None:
        return area.fire_risk == HIGH_FIRE_RISK
    return area.lining == "unrated" or area_id in context.areas_with_indoor_flame
