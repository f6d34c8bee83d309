# SPDX-License-Identifier: Apache-2.0
"""Persons by area and by width in NFPA 101, in metric and in inch factors."""

from __future__ import annotations

from functools import cache
from typing import Literal

from hamkor.common.messages import N_
from hamkor.crowd.rules.inputs import InputError, require, require_choice, whole
from hamkor.crowd.rules.tables import Profile, read_table

OccupantUse = Literal["concentrated", "less_concentrated"]

MM_PER_M = 1000


class AmericanCode(Profile, frozen=True, kw_only=True):
    """Constants of NFPA 101 and of the recommendations after The Station fire."""

    level_mm_per_person: float
    stairs_mm_per_person: float
    level_in_per_person: float
    stairs_in_per_person: float
    stairs_side_loss_mm: float
    concentrated_ft2_per_person: float
    concentrated_m2_per_person: float
    less_concentrated_ft2_per_person: float
    main_entrance_share: float
    main_entrance_share_nightclub: float
    nightclub_time_max_min: float


@cache
def nfpa_code() -> AmericanCode:
    """Returns the constants of NFPA 101.

    Source: ``profiles/nfpa.yaml``.
    """
    return read_table("nfpa.yaml", AmericanCode)


def nfpa_occupant_load(
    *, area_ft2: float | None = None, area_m2: float | None = None, use: OccupantUse = "concentrated"
) -> int:
    """Returns how many people an area counts for.

    Args:
        area_ft2: Net area in square feet; give this or ``area_m2``, not both.
        area_m2: Net area in square metres.
        use: Concentrated use without fixed seats (7 ft2, 0.65 m2 each), or less concentrated (15 ft2 each).

    Raises:
        InputError: ``one-unit`` when not exactly one area is given; a number that cannot be meant.

    Source: NFPA 101 (2018), table 7.3.1.2; the factor of 15 ft2 from memory.
    """
    code = nfpa_code()
    require_choice("use", use, ("concentrated", "less_concentrated"))
    is_concentrated = use == "concentrated"
    if _is_first_given(area_ft2, area_m2, "area_ft2", "area_m2"):
        each_ft2 = (
            code.concentrated_ft2_per_person if is_concentrated else code.less_concentrated_ft2_per_person
        )
        return _persons(area_ft2=area_ft2, each=each_ft2)
    ratio = code.less_concentrated_ft2_per_person / code.concentrated_ft2_per_person
    each_m2 = code.concentrated_m2_per_person * (1.0 if is_concentrated else ratio)
    return _persons(area_m2=area_m2, each=each_m2)


def nfpa_exit_persons(
    *, width_m: float | None = None, width_in: float | None = None, is_stairs: bool = False
) -> int:
    """Returns how many people a clear width is enough for: by the metric factors or by the inch factors.

    Args:
        width_m: Clear width in metres (5 mm level, 7.6 mm stairs each); give this or ``width_in``, not both.
        width_in: Clear width in inches (0.2 in level, 0.3 in stairs each). The two sets differ by 1.6 %.
        is_stairs: True for stairs.

    Raises:
        InputError: ``one-unit`` when not exactly one width is given; a number that cannot be meant.

    Source: NFPA 101 (2018), 7.3.3.1.
    """
    code = nfpa_code()
    if _is_first_given(width_in, width_m, "width_in", "width_m"):
        return _persons(
            width_in=width_in, each=code.stairs_in_per_person if is_stairs else code.level_in_per_person
        )
    each_mm = code.stairs_mm_per_person if is_stairs else code.level_mm_per_person
    return _persons(width_m=width_m, each=each_mm / MM_PER_M)


def nfpa_stairs_effective_width_m(width_m: float) -> float:
    """Returns the width of stairs that people walk on: the clear width less 305 mm, never below zero.

    Args:
        width_m: Clear width, 0 to 500 m.

    Raises:
        InputError: A number that cannot be meant.

    Source: NFPA 101 (2018), chapter 7.
    """
    require(width_m=width_m)
    return max(0.0, width_m - nfpa_code().stairs_side_loss_mm / MM_PER_M)


def nfpa_main_entrance_persons(persons: float, *, is_nightclub: bool = False) -> float:
    """Returns for how many people the main entrance must be enough: half, or two thirds in a nightclub.

    Args:
        persons: Number of people, 0 to 10 000 000.
        is_nightclub: True for a nightclub.

    Raises:
        InputError: A number that cannot be meant.

    Source: NFPA 101 (2018), 12.2.3.6; NIST recommendation 5a after The Station fire.
    """
    require(persons=persons)
    code = nfpa_code()
    return persons * (code.main_entrance_share_nightclub if is_nightclub else code.main_entrance_share)


def _persons(*, each: float, **size: float | None) -> int:
    (field, value), *_ = size.items()
    require(**{field: value or 0.0})
    return whole((value or 0.0) / each)


def _is_first_given(first: float | None, second: float | None, *names: str) -> bool:
    if (first is None) == (second is None):
        raise InputError("one-unit", N_("Give exactly one of: {fields}."), fields=names)
    return first is not None
