# SPDX-License-Identifier: Apache-2.0
"""Conversions of units, and refusal of numbers that were meant in another unit."""

from __future__ import annotations

import math

from hamkor.common.messages import N_
from hamkor.crowd.rules.inputs import InputError, list_bounds, require

AREA_TOLERANCE = 0.05  # two measurements of one area by hand differ by less
M_PER_FT = 0.3048  # exact, international yard and pound agreement of 1959
M_PER_IN = 0.0254  # exact, same agreement
M_PER_MI = 1609.344  # exact, same agreement
SECONDS_PER_HOUR = 3600


def ft_to_m(length_ft: float) -> float:
    """Returns feet in metres.

    Args:
        length_ft: 0 to 70 000 ft.

    Raises:
        InputError: A number that cannot be meant.

    Source: international foot, 0.3048 m exactly.
    """
    require(length_ft=length_ft)
    return length_ft * M_PER_FT


def in_to_m(length_in: float) -> float:
    """Returns inches in metres.

    Args:
        length_in: 0 to 20 000 in.

    Raises:
        InputError: A number that cannot be meant.

    Source: international inch, 25.4 mm exactly.
    """
    require(length_in=length_in)
    return length_in * M_PER_IN


def mm_to_nominal_in(length_mm: float) -> float:
    """Returns the inch size a metric drawing stands for: millimetres in inches, to the nearest sixteenth.

    Args:
        length_mm: Size rounded to whole millimetres, 0 to 500 000; 914 mm stands for 36 in.

    Raises:
        InputError: A number that cannot be meant.

    Source: international inch; sixteenths of an inch are the usual step of drawings.
    """
    require(length_mm=length_mm)
    return math.floor(length_mm / (M_PER_IN * 1000) * 16 + 0.5) / 16


def mi_to_m(length_mi: float) -> float:
    """Returns statute miles in metres.

    Args:
        length_mi: 0 to 10 000 miles.

    Raises:
        InputError: A number that cannot be meant.

    Source: international mile, 1 609.344 m exactly.
    """
    require(length_mi=length_mi)
    return length_mi * M_PER_MI


def ft2_to_m2(area_ft2: float) -> float:
    """Returns square feet in square metres.

    Args:
        area_ft2: 0 to 220 000 000 ft2.

    Raises:
        InputError: A number that cannot be meant.

    Source: international foot.
    """
    require(area_ft2=area_ft2)
    return area_ft2 * M_PER_FT**2


def m2_to_ft2(area_m2: float) -> float:
    """Returns square metres in square feet.

    Args:
        area_m2: Area, 0 to 20 000 000 m2.

    Raises:
        InputError: A number that cannot be meant.

    Source: international foot.
    """
    require(area_m2=area_m2)
    return area_m2 / M_PER_FT**2


def per_ft2_to_per_m2(density_per_ft2: float) -> float:
    """Returns people per square foot as people per square metre.

    Args:
        density_per_ft2: 0 to 1.4; five people per square foot would be 54 per square metre.

    Raises:
        InputError: A density no crowd can have; most often a number meant per square metre.

    Source: international foot.
    """
    require(density_per_ft2=density_per_ft2)
    return density_per_ft2 / M_PER_FT**2


def per_ft_min_to_per_m_min(flow_per_ft_min: float) -> float:
    """Returns people per foot and minute as people per metre and minute; 25 gives 82.

    Args:
        flow_per_ft_min: People per foot and minute, 0 to 300.

    Raises:
        InputError: A number that cannot be meant.

    Source: international foot; Fruin's level of service E.
    """
    require(flow_per_ft_min=flow_per_ft_min)
    return flow_per_ft_min / M_PER_FT


def mph_to_m_per_s(speed_mph: float) -> float:
    """Returns miles per hour in metres per second.

    Args:
        speed_mph: 0 to 270 miles per hour.

    Raises:
        InputError: A number that cannot be meant.

    Source: international mile.
    """
    require(speed_mph=speed_mph)
    return speed_mph * M_PER_MI / SECONDS_PER_HOUR


def c_to_f(temperature_c: float) -> float:
    """Returns degrees Celsius in degrees Fahrenheit.

    Args:
        temperature_c: -100 to 200 degrees Celsius.

    Raises:
        InputError: A number that cannot be meant.

    Source: definition of the scales.
    """
    require(temperature_c=temperature_c)
    return temperature_c * 1.8 + 32


def f_to_c(temperature_f: float) -> float:
    """Returns degrees Fahrenheit in degrees Celsius.

    Args:
        temperature_f: -148 to 392 degrees Fahrenheit.

    Raises:
        InputError: A number that cannot be meant.

    Source: definition of the scales.
    """
    require(temperature_f=temperature_f)
    return f_to_c_unchecked(temperature_f)


def f_to_c_unchecked(temperature_f: float) -> float:
    """Returns degrees Fahrenheit in degrees Celsius for a computed value, which may be absurd without being a slip.

    Args:
        temperature_f: Any number.

    Source: definition of the scales.
    """
    return (temperature_f - 32) / 1.8


def check_density_per_m2(density_per_m2: float) -> float:
    """Returns the density unchanged, or refuses one that must have been meant in another unit.

    Args:
        density_per_m2: People per square metre, 0 to 15; the highest ever measured is about 11.

    Raises:
        InputError: ``unit-slip`` for a density no crowd can have; ``number-out-of-range`` otherwise.

    Source: an agency text that says square foot for square metre; Itaewon investigators, 10.74 per m2.
    """
    highest = list_bounds()["density_per_m2"].high
    if math.isfinite(density_per_m2) and density_per_m2 > highest:
        raise InputError(
            "unit-slip",
            N_(
                "A density of {value} people per square metre cannot exist (at most {high}): give people per "
                "square metre, not per square foot, per hectare or as a total."
            ),
            value=density_per_m2,
            high=highest,
        )
    require(density_per_m2=density_per_m2)
    return density_per_m2


def density_of(persons: float, area_m2: float) -> float:
    """Returns people per square metre, refusing a result no crowd can have.

    Args:
        persons: 0 to 10 000 000.
        area_m2: Usable area, above 0.

    Raises:
        InputError: ``empty-area`` for an area of zero; ``unit-slip`` for a density no crowd can have.

    Source: a festival that worked with 5 ft2 a person where the code asks for 7 ft2.
    """
    require(persons=persons, area_m2=area_m2)
    if area_m2 == 0:
        raise InputError(
            "empty-area",
            N_("{persons} people were given an area of 0 m²: give the usable area in square metres."),
            persons=persons,
        )
    return check_density_per_m2(persons / area_m2)


def check_same_area(area_m2: float, area_ft2: float) -> float:
    """Returns the area in square metres when both statements agree within 5 %, and refuses them otherwise.

    Args:
        area_m2: Stated in square metres.
        area_ft2: Stated in square feet for the same area.

    Raises:
        InputError: ``unit-slip`` when one of them must be in another unit.

    Source: court papers on a festival that sold 1.45 times the permitted number after a slip of units.
    """
    require(area_m2=area_m2, area_ft2=area_ft2)
    converted_m2 = ft2_to_m2(area_ft2)
    if abs(converted_m2 - area_m2) > AREA_TOLERANCE * max(converted_m2, area_m2):
        raise InputError(
            "unit-slip-area",
            N_(
                "{area_ft2} square feet are {converted_m2} m², but {area_m2} m² is stated: measure again and "
                "give square metres only."
            ),
            area_ft2=area_ft2,
            converted_m2=converted_m2,
            area_m2=area_m2,
        )
    return area_m2
