# SPDX-License-Identifier: Apache-2.0
"""Speed and intensity of movement by density, as in GOST 12.1.004-91 and in Predtechenskii and Milinskii."""

from __future__ import annotations

import math
from functools import cache
from typing import Literal

from hamkor.common.messages import N_
from hamkor.crowd.rules.flow import interpolate
from hamkor.crowd.rules.flow_models import flow_models
from hamkor.crowd.rules.inputs import InputError, require, require_choice
from hamkor.crowd.rules.tables import Profile, read_table

GostPath = Literal["level", "door", "stairs_down", "stairs_up"]
GostWalkway = Literal["level", "stairs_down", "stairs_up"]
PmPlace = Literal["level", "door", "stairs_down"]
Clothing = Literal["summer", "mid_season", "winter"]


class GostTable(Profile, frozen=True, kw_only=True):
    """The table as data.

    Args:
        projected_area_m2: Area of one adult seen from above, by clothing.
        density: Rows: projected area of people per floor area.
        speed_m_per_min: Speed by kind of path, one number per row.
        intensity_m_per_min: Intensity (density times speed) by kind of path, one number per row.
    """

    projected_area_m2: dict[str, float]
    density: tuple[float, ...]
    speed_m_per_min: dict[str, tuple[float, ...]]
    intensity_m_per_min: dict[str, tuple[float, ...]]


@cache
def gost_table() -> GostTable:
    """Returns the table.

    Source: GOST 12.1.004-91, appendix 2 (from memory).
    """
    return read_table("gost.yaml", GostTable)


def gost_density(persons: float, *, length_m: float, width_m: float, clothing: Clothing = "summer") -> float:
    """Returns the projected area of the people per floor area of a stretch.

    Args:
        persons: On the stretch, 0 to 10 000 000.
        length_m: Length, above 0.
        width_m: Width, above 0.
        clothing: Summer 0.10, mid-season 0.113, winter 0.125 m2 a person.

    Raises:
        InputError: ``empty-stretch`` for an area of zero; a number that cannot be meant.

    Source: GOST 12.1.004-91, appendix 2: D = N f / A.
    """
    require(persons=persons, length_m=length_m, width_m=width_m)
    require_choice("clothing", clothing, gost_table().projected_area_m2)
    area_m2 = length_m * width_m
    if area_m2 == 0:
        raise InputError("empty-stretch", N_("A stretch needs a length and a width above 0 m."))
    return persons * gost_table().projected_area_m2[clothing] / area_m2


def gost_speed_m_per_min(density_m2_per_m2: float, path: GostWalkway = "level") -> float:
    """Returns the speed at a density, in metres per minute; constant above 0.9.

    Args:
        density_m2_per_m2: Projected area per floor area, 0 to 1.5.
        path: Level, stairs down or stairs up; the table has no speed for doors.

    Raises:
        InputError: A density that cannot be meant, or an unknown path.

    Source: GOST 12.1.004-91, appendix 2; linear between the rows.
    """
    table = gost_table()
    require(density_m2_per_m2=density_m2_per_m2)
    require_choice("path", path, table.speed_m_per_min)
    return interpolate(tuple(zip(table.density, table.speed_m_per_min[path], strict=True)), density_m2_per_m2)


def gost_intensity_m_per_min(density_m2_per_m2: float, path: GostPath = "level") -> float:
    """Returns the intensity at a density, in metres per minute; zero for nobody, constant above 0.9.

    Args:
        density_m2_per_m2: Projected area per floor area, 0 to 1.5.
        path: Level, door, stairs down or stairs up.

    Raises:
        InputError: A density that cannot be meant, or an unknown path.

    Source: GOST 12.1.004-91, appendix 2: q = D v; linear between the rows.
    """
    table = gost_table()
    require(density_m2_per_m2=density_m2_per_m2)
    require_choice("path", path, table.intensity_m_per_min)
    rows = tuple(zip(table.density, table.intensity_m_per_min[path], strict=True))
    return interpolate(((0.0, 0.0), *rows), density_m2_per_m2)


def gost_flow_per_m_min(
    density_m2_per_m2: float, path: GostPath = "level", *, clothing: Clothing = "summer"
) -> float:
    """Returns people per metre and minute at a density: intensity over the area of one adult.

    Args:
        density_m2_per_m2: Projected area of people per floor area, 0 to 1.5.
        path: Kind of path; one of the names of the type.
        clothing: Summer, mid-season or winter.

    Raises:
        InputError: A number that cannot be meant, or an unknown choice.

    Source: GOST 12.1.004-91, appendix 2.
    """
    areas = gost_table().projected_area_m2
    require_choice("clothing", clothing, areas)
    return gost_intensity_m_per_min(density_m2_per_m2, path) / areas[clothing]


def gost_max_flow_per_m_min(path: GostPath = "level", *, clothing: Clothing = "summer") -> float:
    """Returns the largest flow of the table; 165 people per metre and minute on the level in summer.

    Args:
        path: Kind of path; one of the names of the type.
        clothing: Summer, mid-season or winter.

    Raises:
        InputError: A number that cannot be meant, or an unknown choice.

    Source: GOST 12.1.004-91, appendix 2; twice the Green Guide, so show both and never mix.
    """
    table = gost_table()
    require_choice("path", path, table.intensity_m_per_min)
    require_choice("clothing", clothing, table.projected_area_m2)
    return max(table.intensity_m_per_min[path]) / table.projected_area_m2[clothing]


def pm_speed_m_per_min(pm_density_m2_per_m2: float, *, is_emergency: bool = False) -> float:
    """Returns the walking speed on the level, in metres per minute.

    Args:
        pm_density_m2_per_m2: Projected area of people per floor area, 0 to 0.92.
        is_emergency: True for the raised speed of an emergency.

    Raises:
        InputError: A density outside the range of the polynomial.

    Source: Predtechenskii and Milinskii (1969).
    """
    model = flow_models().predtechenskii
    require(pm_density_m2_per_m2=pm_density_m2_per_m2)
    d = pm_density_m2_per_m2
    speed = sum(factor * d**power for power, factor in enumerate(model.speed_m_per_min))
    offset, slope = model.emergency
    return speed * (offset + slope * d) if is_emergency else speed


def pm_place_factor(pm_density_m2_per_m2: float, place: PmPlace) -> float:
    """Returns the factor on the level speed at a door or on stairs downwards; 1 on the level.

    Args:
        pm_density_m2_per_m2: Projected area of people per floor area, 0 to 0.92.
        place: Where people walk.

    Raises:
        InputError: A density outside the range, or an unknown place.

    Source: Predtechenskii and Milinskii (1969).
    """
    model = flow_models().predtechenskii
    require(pm_density_m2_per_m2=pm_density_m2_per_m2)
    require_choice("place", place, ("level", "door", "stairs_down"))
    d = pm_density_m2_per_m2
    if place == "door":
        offset, amplitude, frequency, phase = model.door
        return offset + amplitude * math.sin(frequency * d + phase)
    if place == "stairs_down":
        offset, amplitude, decay, frequency, phase = model.stairs_down
        return offset + amplitude * math.exp(decay * d) * math.sin(frequency * d + phase)
    return 1.0
