# SPDX-License-Identifier: Apache-2.0
"""Persons by area and by width in building codes: MVStättVO (Germany) and VSVO (Austria)."""

from __future__ import annotations

import math
from functools import cache
from typing import Literal

import msgspec

from hamkor.crowd.rules.inputs import require, require_choice, whole
from hamkor.crowd.rules.tables import Profile, read_table

Place = Literal["indoor", "outdoor", "stadium"]
AreaUse = Literal["tables", "exhibition", "rows", "standing"]

PLACES: tuple[Place, ...] = ("indoor", "outdoor", "stadium")


class GermanCode(Profile, frozen=True, kw_only=True):
    """Constants of MVStättVO; see ``profiles/building_codes.yaml`` for units in the names."""

    persons_per_m2: dict[str, float]
    persons_per_m_stepped: float
    scope_above_persons: dict[str, int]
    security_concept_above_persons: int
    persons_per_min_width: dict[str, int]
    min_width_m: float
    width_step_m: float
    travel_distance_m: float
    travel_distance_max_m: float
    travel_bonus_m: float
    travel_bonus_per_height_m: float
    travel_base_height_m: float


class AustrianCode(Profile, frozen=True, kw_only=True):
    """Constants of VSVO section 3."""

    standing_per_m2: float
    sector_persons_max: int


class BuildingCodes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The German and the Austrian code as data."""

    mvstaettvo: GermanCode
    austria: AustrianCode


class LowestOf(msgspec.Struct, frozen=True):
    """The lowest of several limits and which one it is.

    Args:
        persons: The lowest known limit; None when none is known.
        bound_by: Its name.
        unknown: Names of the limits not known.
    """

    persons: int | None
    bound_by: str | None
    unknown: tuple[str, ...]


@cache
def building_codes() -> BuildingCodes:
    """Returns the constants of the building codes.

    Source: ``profiles/building_codes.yaml``.
    """
    return read_table("building_codes.yaml", BuildingCodes)


def mvstaettvo_area_persons(area_m2: float, use: AreaUse = "standing", *, stepped_length_m: float = 0) -> int:
    """Returns how many people an area counts for, plus two per metre of stepped standing.

    Args:
        area_m2: Net area for visitors, 0 to 20 000 000 m2.
        use: What the area is used for.
        stepped_length_m: Running metres of stepped standing rows.

    Raises:
        InputError: A number that cannot be meant, or an unknown use.

    Source: MVStättVO 2005, amended 2014, section 1 (2).
    """
    code = building_codes().mvstaettvo
    require(area_m2=area_m2, stepped_length_m=stepped_length_m)
    require_choice("use", use, code.persons_per_m2)
    return whole(area_m2 * code.persons_per_m2[use] + stepped_length_m * code.persons_per_m_stepped)


def mvstaettvo_width_persons(width_m: float, place: Place) -> int:
    """Returns how many people a route is enough for; zero below the least width.

    Args:
        width_m: Clear width, counted in whole steps of 0.60 m.
        place: Indoors, outdoors, or in a stadium.

    Raises:
        InputError: A width that cannot be meant, or an unknown place.

    Source: MVStättVO section 7 (4): 200 persons per 1.20 m indoors, else 600 (from memory).
    """
    code = building_codes().mvstaettvo
    require(width_m=width_m)
    require_choice("place", place, PLACES)
    if width_m < code.min_width_m - 1e-9:
        return 0
    return math.floor(width_m / code.width_step_m + 1e-9) * _persons_per_step(code, place)


def mvstaettvo_required_width_m(persons: float, place: Place) -> float:
    """Returns the width that the people need, in whole steps and never below the least width.

    Args:
        persons: Who rely on the routes, 0 to 10 000 000; nobody needs no width.
        place: Indoors, outdoors, or in a stadium.

    Raises:
        InputError: A number that cannot be meant, or an unknown place.

    Source: MVStättVO section 7 (4) (from memory).
    """
    code = building_codes().mvstaettvo
    require(persons=persons)
    require_choice("place", place, PLACES)
    if persons == 0:
        return 0.0
    steps = math.ceil(persons / _persons_per_step(code, place) - 1e-9)
    return max(code.min_width_m, round(steps * code.width_step_m, 6))


def mvstaettvo_travel_distance_max_m(clear_height_m: float) -> float:
    """Returns the longest way from a place to the nearest exit: 30 m, more under high ceilings, at most 60 m.

    Args:
        clear_height_m: Clear height of the room, 0 to 100 m; every full 2.5 m above 5 m adds 5 m.

    Raises:
        InputError: A height that cannot be meant.

    Source: MVStättVO section 7 (1) (from memory).
    """
    code = building_codes().mvstaettvo
    require(clear_height_m=clear_height_m)
    above_m = max(0.0, clear_height_m - code.travel_base_height_m)
    bonus_m = math.floor(above_m / code.travel_bonus_per_height_m + 1e-9) * code.travel_bonus_m
    return min(code.travel_distance_max_m, code.travel_distance_m + bonus_m)


def is_in_mvstaettvo_scope(persons: float, place: Place) -> bool:
    """Returns whether the ordinance applies: above 200 indoors, 1 000 outdoors, 5 000 in a stadium.

    Args:
        persons: Number of people, 0 to 10 000 000.
        place: Where; one of the names of the type.

    Raises:
        InputError: A number that cannot be meant, or an unknown choice.

    Source: MVStättVO section 1 (1); outdoors only with structures.
    """
    require(persons=persons)
    require_choice("place", place, PLACES)
    return persons > building_codes().mvstaettvo.scope_above_persons[place]


def needs_security_concept(persons: float) -> bool:
    """Returns whether the number alone asks for a security concept; the nature of an event may too.

    Args:
        persons: Number of people, 0 to 10 000 000.

    Raises:
        InputError: A number that cannot be meant.

    Source: MVStättVO section 43: above 5 000 visitors.
    """
    require(persons=persons)
    return persons > building_codes().mvstaettvo.security_concept_above_persons


def austria_standing_persons(area_m2: float) -> int:
    """Returns how many standing people an area counts for, at three per square metre.

    Args:
        area_m2: Area, 0 to 20 000 000 m2.

    Raises:
        InputError: A number that cannot be meant.

    Source: Austria, VSVO section 3.
    """
    require(area_m2=area_m2)
    return whole(area_m2 * building_codes().austria.standing_per_m2)


def needs_more_sectors(persons: float) -> bool:
    """Returns whether a sector is too large where violence or crowding is to be expected.

    Args:
        persons: Number of people, 0 to 10 000 000.

    Raises:
        InputError: A number that cannot be meant.

    Source: Austria, VSVO section 3: sectors of at most 5 000; a counting system is compulsory.
    """
    require(persons=persons)
    return persons > building_codes().austria.sector_persons_max


def lowest_of(**limits: int | None) -> LowestOf:
    """Returns the lowest of several limits, for example by area, by widths, by permit and by judgement.

    Args:
        limits: Persons by the name of the limit; None where not known.

    Raises:
        InputError: A limit that cannot be meant.

    Source: practice under MVStättVO: the final number is the lowest of area, widths, permit and judgement.
    """
    known = {name: value for name, value in limits.items() if value is not None}
    for value in known.values():
        require(capacity=value)
    bound_by = min(known, key=lambda name: known[name], default=None)
    unknown = tuple(name for name, value in limits.items() if value is None)
    return LowestOf(None if bound_by is None else known[bound_by], bound_by, unknown)


def _persons_per_step(code: GermanCode, place: Place) -> int:
    return round(code.persons_per_min_width[place] * code.width_step_m / code.min_width_m)
