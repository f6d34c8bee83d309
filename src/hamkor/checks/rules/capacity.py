# SPDX-License-Identifier: Apache-2.0
"""How many people an area and a venue hold: the lowest of entry, holding, exit and emergency."""

from __future__ import annotations

import msgspec

from hamkor.checks.rules.arrivals import is_arrival_profile_whole
from hamkor.checks.rules.context import MOVING_USES, Context, usable_seats
from hamkor.checks.rules.flows import (
    egress_limit_min,
    emergency_limit_min,
    entry_lines,
    exit_rate_per_min,
    exits_of,
    without_largest,
)
from hamkor.common.figures import Range, known, total
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.connections import is_bounded, lane_rate_of, lanes_of
from hamkor.crowd.rules.density import density_table
from hamkor.crowd.rules.profiles import load_profile
from hamkor.venues.rules.features import Area, Turnstiles
from hamkor.venues.rules.geometry import MultiPolygon, Polygon

FULL_FACTOR = 1.0
NEARLY_ALL = 0.9


class Capacity(msgspec.Struct, frozen=True):
    """A number of people and what it rests on.

    Args:
        people: The number.
        basis: What binds, in words.
        assumptions: What was taken for granted.
    """

    people: Range
    basis: Message
    assumptions: tuple[Message, ...] = ()


def area_size_m2(context: Context, area_id: str) -> Range | None:
    """Returns the usable size of an area: as stated, else the size of its outline, else None."""
    stated = known(context.areas[area_id].usable_area_m2)
    if stated is not None:
        return stated
    geometry = context.features[area_id].geometry
    if not isinstance(geometry, (Polygon, MultiPolygon)):
        return None
    return Range.exactly(context.outline_size_m2(geometry))


def density_limit_per_m2(context: Context, area: Area) -> float:
    """Returns the highest density for an area: that of a moving crowd where people walk, else the static one."""
    static = context.profile.standing_density_max_per_m2 or load_profile().standing_density_max_per_m2 or 0.0
    return min(static, density_table().max_clearable_density_per_m2) if area.use in MOVING_USES else static


def holding_capacity(context: Context, area_id: str) -> Capacity | None:
    """Returns how many people an area holds: an assessment if there is one, else seats, else size times density.

    Source: Green Guide, chapter 2: seats or area times density, times the lower of P and S.
    """
    area = context.areas[area_id]
    assessed = known(area.assessed_capacity)
    if assessed is not None:
        return Capacity(assessed, Message(N_("assessed capacity")))
    factor, assumptions = _lower_factor(area)
    if area.seats is not None:
        return Capacity(usable_seats(area) * factor, Message(N_("usable seats")), assumptions)
    size_m2 = area_size_m2(context, area_id)
    if size_m2 is None:
        return None
    limit = density_limit_per_m2(context, area)
    stated = known(area.standing_density_per_m2) or Range.exactly(limit)
    density = stated.least_of(Range.exactly(limit))
    basis = Message(
        N_("{size} m² at {density} people per m²"), {"size": size_m2.nominal, "density": density.nominal}
    )
    return Capacity(size_m2 * density * factor, basis, assumptions)


def _lower_factor(area: Area) -> tuple[float, tuple[Message, ...]]:
    given = [value for value in (area.physical_condition, area.safety_management) if value is not None]
    if given:
        return min(given), ()
    return FULL_FACTOR, (Message(N_("P and S not stated: 1.0 was taken, the best case.")),)


def exit_capacity(context: Context, area_id: str, *, emergency: bool) -> Range | None:
    """Returns how many people can leave an area in its time, or None when that cannot be told."""
    if not is_bounded(context.areas[area_id]):
        return None
    exits = exits_of(context, area_id, "emergency" if emergency else "egress")
    if emergency and len(exits) > 1:
        exits = without_largest(exits)
    rate = exit_rate_per_min(exits)
    limit_of = emergency_limit_min if emergency else egress_limit_min
    return None if rate is None else rate * limit_of(context, area_id, context.profile)


def venue_capacity(context: Context) -> Capacity | None:
    """Returns the lowest of what the venue can let in, hold, and let out; None when nothing is known.

    Notes:
        Holding, exit and emergency are sums over the areas where people stay, and count only when every such
        area tells its own. Entry counts only when turnstiles are drawn and nothing is known of arrivals.
    """
    staying = [
        area_id
        for area_id, area in context.whole_areas.items()
        if area.use not in {"concourse", "queue", "backstage", "street"}
    ]
    limits: list[Capacity] = []
    entry = _entry_capacity(context)
    if entry is not None:
        limits.append(Capacity(entry, Message(N_("entry in one hour"))))
    if not _covers_crowd(context, staying):
        return limits[0] if limits else None
    parts = [holding_capacity(context, area_id) for area_id in staying]
    held = [part for part in parts if part is not None]
    if held and len(held) == len(parts):
        notes = max((part.assumptions for part in held), key=len)
        limits.append(Capacity(total(part.people for part in held), Message(N_("holding")), notes))
    for emergency, basis in ((False, N_("exits")), (True, N_("emergency exits"))):
        leaving = [exit_capacity(context, area_id, emergency=emergency) for area_id in staying]
        known_leaving = [number for number in leaving if number is not None]
        if known_leaving and len(known_leaving) == len(leaving):
            limits.append(Capacity(total(known_leaving), Message(basis)))
    return min(limits, key=lambda limit: limit.people.nominal, default=None)


def _covers_crowd(context: Context, staying: list[str]) -> bool:
    """Returns True when the areas drawn are the whole venue: the plan is complete, or they take the crowd."""
    crowd = context.crowd
    people = [context.people_in(area_id) for area_id in staying]
    told = sum(number.nominal for number in people if number is not None)
    return context.is_complete or crowd is None or told >= crowd.nominal * NEARLY_ALL


def _entry_capacity(context: Context) -> Range | None:
    banks = [bank for _, bank in context.features_of(Turnstiles)]
    if not banks or is_arrival_profile_whole(context):
        return None
    if not context.is_complete and not _banks_cover_crowd(context, banks):
        return None
    hours = context.profile.fill_time_max_h or load_profile().fill_time_max_h or 1.0
    lines = [
        total(lane_rate_of(bank) * (lanes_of(bank) * hours) for bank in line) for line in entry_lines(banks)
    ]
    return min(lines, key=lambda line: line.nominal)


def _banks_cover_crowd(context: Context, banks: list[Turnstiles]) -> bool:
    """Returns True when the people sent to the banks of an extract are nearly the whole crowd, or none are told."""
    assigned = [known(bank.assigned_people) for bank in banks]
    told = sum(number.nominal for number in assigned if number is not None)
    crowd = context.crowd
    return crowd is None or told == 0 or told >= crowd.nominal * NEARLY_ALL
