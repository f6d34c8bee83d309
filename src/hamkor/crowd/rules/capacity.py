# SPDX-License-Identifier: Apache-2.0
"""The four capacities of a section and which of them binds, by the Guide to Safety at Sports Grounds."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import msgspec

from hamkor.common.messages import N_
from hamkor.crowd.rules.exits import CapacityError
from hamkor.crowd.rules.inputs import require, whole
from hamkor.crowd.rules.profiles import DEFAULT_PROFILE, FlowProfile, resolve
from hamkor.crowd.rules.tables import Profile, read_table

CAPACITY_NAMES = ("entry", "holding", "exit", "emergency")


class SectionCapacity(msgspec.Struct, frozen=True):
    """The four capacities of a section; None where one is not known.

    Args:
        entry: People who get in within the fill time.
        holding: People who may be inside.
        exit: People who get out in the normal time.
        emergency: People who get out in the emergency time.
        final: The lowest of those known; None when none is known.
        bound_by: Name of the lowest one.
        unknown: Names of those not known; while there are any, ``final`` is only an upper bound.
        profile_id: Profile used.
    """

    entry: int | None
    holding: int | None
    exit: int | None
    emergency: int | None
    final: int | None
    bound_by: str | None
    unknown: tuple[str, ...]
    profile_id: str


class BarrierTable(Profile, frozen=True, kw_only=True):
    """Largest distance between crush barriers by slope.

    Args:
        strength_kn_per_m: Strength of the barrier the distances hold for.
        spacing_by_slope: Pairs of slope in degrees and distance in metres, by rising slope.
    """

    strength_kn_per_m: float
    spacing_by_slope: tuple[tuple[float, float], ...]


@cache
def barrier_table() -> BarrierTable:
    """Returns the table of distances between crush barriers.

    Source: Green Guide, 6th edition 2018, chapter 13 (from memory).
    """
    return read_table("barriers.yaml", BarrierTable)


def entry_capacity(
    turnstiles: float, profile: FlowProfile | str = DEFAULT_PROFILE, *, rate_per_h: float | None = None
) -> int:
    """Returns how many people get in within the fill time of one hour.

    Args:
        turnstiles: Number in use, 0 to 10 000.
        profile: Profile or its id; must state a turnstile rate.
        rate_per_h: Measured people per hour and turnstile; never taken above the profile's cap.

    Raises:
        InputError: A number that cannot be meant.
        CapacityError: ``no-turnstile-rate`` when neither profile nor plan gives a rate.

    Source: Green Guide, 6th edition 2018, chapter 2; cap of 660/h (from memory), 750/h in the 1986 edition.
    """
    require(turnstiles=turnstiles)
    rules = resolve(profile)
    hours = rules.fill_time_max_h or 1.0
    return whole(turnstiles * _turnstile_rate_per_h(rules, rate_per_h) * hours)


def fill_time_h(
    persons: float,
    turnstiles: float,
    profile: FlowProfile | str = DEFAULT_PROFILE,
    *,
    rate_per_h: float | None = None,
) -> float:
    """Returns how many hours the turnstiles need to let the people in; infinite without a turnstile.

    Args:
        persons: Who must get in, 0 to 10 000 000.
        turnstiles: Number in use, 0 to 10 000.
        profile: Profile or its id.
        rate_per_h: Rate per turnstile, never taken above the profile's cap; None: the cap.

    Raises:
        InputError: A number that cannot be meant.
        CapacityError: ``no-turnstile-rate`` when neither profile nor plan gives a rate.

    Source: Green Guide, chapter 2: the section must fill within one hour.
    """
    require(persons=persons, turnstiles=turnstiles)
    rate = turnstiles * _turnstile_rate_per_h(resolve(profile), rate_per_h)
    if rate == 0:
        return 0.0 if persons == 0 else float("inf")
    return persons / rate


def seats_capacity(
    seats: float,
    *,
    unusable_seats: float = 0,
    restricted_view_seats: float = 0,
    physical_condition: float = 1.0,
    safety_management: float = 1.0,
) -> int:
    """Returns how many people a section of seats may hold: usable seats times the lower of two factors.

    Args:
        seats: All seats, 0 to 1 000 000.
        unusable_seats: Broken or blocked.
        restricted_view_seats: Seats from which the field is not seen.
        physical_condition: P factor, 0 to 1.
        safety_management: S factor, 0 to 1.

    Raises:
        InputError: A number that cannot be meant.

    Source: Green Guide, 6th edition 2018, chapter 2; the lower of P and S, never their product.
    """
    require(seats=seats, unusable_seats=unusable_seats, restricted_view_seats=restricted_view_seats)
    usable = max(0.0, seats - unusable_seats - restricted_view_seats)
    return whole(usable * lower_factor(physical_condition, safety_management))


def standing_capacity(
    area_m2: float,
    profile: FlowProfile | str = DEFAULT_PROFILE,
    *,
    standing_density_per_m2: float | None = None,
    physical_condition: float = 1.0,
    safety_management: float = 1.0,
) -> int:
    """Returns how many people a standing section may hold: area times density times the lower of two factors.

    Args:
        area_m2: Usable area behind conforming barriers, 0 to 20 000 000 m2.
        profile: Profile or its id; gives the highest density.
        standing_density_per_m2: Density the barriers allow; never taken above the profile's.
        physical_condition: P factor, 0 to 1.
        safety_management: S factor, 0 to 1.

    Raises:
        InputError: A number that cannot be meant.
        CapacityError: ``no-standing-density`` when the profile has none and none is given.

    Source: Green Guide, 6th edition 2018, chapters 2 and 13; 47 people per 10 m2 at most (from memory).
    """
    require(area_m2=area_m2)
    ceiling = resolve(profile).standing_density_max_per_m2
    if standing_density_per_m2 is not None:
        require(standing_density_per_m2=standing_density_per_m2)
    stated = [value for value in (ceiling, standing_density_per_m2) if value is not None]
    if not stated:
        raise CapacityError(
            "no-standing-density",
            N_("The profile “{profile}” gives no density for standing people: state one or choose another."),
            profile=resolve(profile).id,
        )
    return whole(area_m2 * min(stated) * lower_factor(physical_condition, safety_management))


def lower_factor(physical_condition: float, safety_management: float) -> float:
    """Returns the lower of the P and S factors; never their product.

    Args:
        physical_condition: P factor, 0 to 1.
        safety_management: S factor, 0 to 1.

    Raises:
        InputError: A factor outside 0 to 1.

    Source: Green Guide, 6th edition 2018, chapter 2 (from memory).
    """
    require(physical_condition=physical_condition, safety_management=safety_management)
    return min(physical_condition, safety_management)


def section_capacity(
    *,
    entry: int | None = None,
    holding: int | None = None,
    exit_normal: int | None = None,
    emergency: int | None = None,
    profile: FlowProfile | str = DEFAULT_PROFILE,
) -> SectionCapacity:
    """Returns the final capacity of a section: the lowest of the four, and which one binds.

    Args:
        entry: From ``entry_capacity``; None when not known.
        holding: From ``seats_capacity`` or ``standing_capacity``; None when not known.
        exit_normal: From ``exit_capacity``; None when not known.
        emergency: From ``emergency_capacity``; None when not known.
        profile: Profile or its id, for the record.

    Raises:
        InputError: A capacity that cannot be meant.

    Source: Green Guide, 6th edition 2018, chapter 2: never to be exceeded in any circumstances.
    """
    values = dict(zip(CAPACITY_NAMES, (entry, holding, exit_normal, emergency), strict=True))
    known = {name: value for name, value in values.items() if value is not None}
    for value in known.values():
        require(capacity=value)
    bound_by = min(known, key=lambda name: known[name], default=None)
    return SectionCapacity(
        entry=entry,
        holding=holding,
        exit=exit_normal,
        emergency=emergency,
        final=None if bound_by is None else known[bound_by],
        bound_by=bound_by,
        unknown=tuple(name for name, value in values.items() if value is None),
        profile_id=resolve(profile).id,
    )


def ground_capacity(sections: Iterable[SectionCapacity]) -> int | None:
    """Returns the sum of the sections' final capacities; None while one of them is not known.

    Args:
        sections: All sections of the ground.

    Source: Green Guide, 6th edition 2018, chapter 2.
    """
    finals = [section.final for section in sections]
    return None if None in finals else sum(value for value in finals if value is not None)


def barrier_spacing_max_m(slope_deg: float) -> float | None:
    """Returns the largest distance between crush barriers of full strength; None above the steepest row.

    Args:
        slope_deg: Slope of the terrace, 0 to 60 degrees; between two rows the steeper one holds.

    Raises:
        InputError: A slope that cannot be meant.

    Source: Green Guide, 6th edition 2018, chapter 13 (from memory).
    """
    require(slope_deg=slope_deg)
    rows = barrier_table().spacing_by_slope
    return next((spacing_m for row_deg, spacing_m in rows if slope_deg <= row_deg), None)


def _turnstile_rate_per_h(rules: FlowProfile, rate_per_h: float | None) -> float:
    if rate_per_h is not None:
        require(rate_per_h=rate_per_h)
    rates = [rate for rate in (rules.turnstile_rate_max_per_h, rate_per_h) if rate is not None]
    if not rates:
        raise CapacityError(
            "no-turnstile-rate",
            N_("The profile “{profile}” gives no rate for turnstiles: state a measured rate."),
            profile=rules.id,
        )
    return min(rates)
