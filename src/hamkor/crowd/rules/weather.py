# SPDX-License-Identifier: Apache-2.0
"""Lightning, wind, heat: when to stop, and the quantities behind it."""

from __future__ import annotations

import math
from functools import cache
from typing import Literal

import msgspec

from hamkor.crowd.rules.inputs import require
from hamkor.crowd.rules.tables import Profile, read_table
from hamkor.crowd.rules.units import c_to_f, f_to_c_unchecked

WindAction = Literal["none", "close_tents", "stop_event"]
WbgtFlag = Literal["none", "green", "yellow", "red", "black"]


class Adjustment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where and how a correction of the heat index applies."""

    humidity: float
    from_f: float
    to_f: float
    divisor: float
    width_f: float
    centre_f: float = 0.0


class WeatherLimits(Profile, frozen=True, kw_only=True):
    """Limits and coefficients; see ``profiles/weather.yaml``."""

    lightning_stop_s: float
    lightning_resume_min: float
    lightning_stop_distance_m: float
    sound_speed_m_per_s: float
    wind_tents_m_per_s: float
    wind_event_m_per_s: float
    air_density_half_kg_per_m3: float
    heat_index_cancel_f: float
    rothfusz: tuple[float, float, float, float, float, float, float, float, float]
    rothfusz_from_f: float
    rothfusz_simple: tuple[float, float, float, float]
    dry_adjustment: Adjustment
    humid_adjustment: Adjustment
    wbgt_outdoor: tuple[float, float, float]
    wbgt_flags: dict[Literal["green", "yellow", "red", "black"], float]


@cache
def weather_limits() -> WeatherLimits:
    """Returns limits and coefficients.

    Source: ``profiles/weather.yaml``.
    """
    return read_table("weather.yaml", WeatherLimits)


def lightning_distance_m(flash_to_bang_s: float) -> float:
    """Returns how far a flash was, in metres: 30 s are 10.3 km.

    Args:
        flash_to_bang_s: Seconds between flash and thunder, 0 to 600.

    Raises:
        InputError: A number that cannot be meant.

    Source: speed of sound of 343 m/s at 20 degrees Celsius.
    """
    require(flash_to_bang_s=flash_to_bang_s)
    return flash_to_bang_s * weather_limits().sound_speed_m_per_s


def flash_to_bang_s(distance_m: float) -> float:
    """Returns the seconds between flash and thunder over a distance: 8 miles are 37.5 s.

    Args:
        distance_m: 0 to 1 000 000 m.

    Raises:
        InputError: A number that cannot be meant.

    Source: speed of sound of 343 m/s at 20 degrees Celsius.
    """
    require(distance_m=distance_m)
    return distance_m / weather_limits().sound_speed_m_per_s


def must_stop_for_lightning(flash_to_bang_s: float) -> bool:
    """Returns whether people must go to shelter: from 30 s between flash and thunder, or less.

    Args:
        flash_to_bang_s: Seconds between flash and thunder, 0 to 600.

    Raises:
        InputError: A number that cannot be meant.

    Source: 30-30 rule (from memory); a campus rule stops at 8 miles, 37.5 s.
    """
    require(flash_to_bang_s=flash_to_bang_s)
    return flash_to_bang_s <= weather_limits().lightning_stop_s


def may_resume_after_thunder(minutes_since_thunder: float) -> bool:
    """Returns whether the event may go on: 30 minutes after the last thunder.

    Args:
        minutes_since_thunder: Minutes since the last thunder, 0 to 100 000.

    Raises:
        InputError: A number that cannot be meant.

    Source: 30-30 rule (from memory).
    """
    require(minutes_since_thunder=minutes_since_thunder)
    return minutes_since_thunder >= weather_limits().lightning_resume_min


def wind_action(wind_m_per_s: float) -> WindAction:
    """Returns what a wind asks for: tents and inflatables close above 8.9 m/s, the event stops above 15.6 m/s.

    Args:
        wind_m_per_s: Gust or forecast gust, 0 to 120 m/s. A structure's own certificate may set a lower limit.

    Raises:
        InputError: A wind that cannot be meant.

    Source: event guidance, 20 and 35 miles per hour.
    """
    require(wind_m_per_s=wind_m_per_s)
    limits = weather_limits()
    if wind_m_per_s > limits.wind_event_m_per_s:
        return "stop_event"
    return "close_tents" if wind_m_per_s > limits.wind_tents_m_per_s else "none"


def dynamic_pressure_pa(wind_m_per_s: float) -> float:
    """Returns the pressure of a wind on a flat face, in pascal: 20 m/s are 245 Pa.

    Args:
        wind_m_per_s: Wind, 0 to 120 m/s.

    Raises:
        InputError: A number that cannot be meant.

    Source: q = 0.613 v2, air of 1.226 kg/m3 (from memory).
    """
    require(wind_m_per_s=wind_m_per_s)
    return weather_limits().air_density_half_kg_per_m3 * wind_m_per_s**2


def heat_index_c(air_temperature_c: float, relative_humidity_percent: float) -> float:
    """Returns the temperature it feels like in the shade, in degrees Celsius.

    Args:
        air_temperature_c: -60 to 60 degrees; beyond what weather brings together with the humidity the result only
            means: far too hot.
        relative_humidity_percent: 0 to 100.

    Raises:
        InputError: A number that cannot be meant.

    Source: Rothfusz, NWS Technical Attachment SR 90-23 (1990), with both adjustments; below 80 F the simple formula.
    """
    require(air_temperature_c=air_temperature_c, relative_humidity_percent=relative_humidity_percent)
    limits = weather_limits()
    t, r = c_to_f(air_temperature_c), relative_humidity_percent
    offset, base, slope, factor = limits.rothfusz_simple
    simple_f = 0.5 * (t + offset + (t - base) * slope + r * factor)
    if (simple_f + t) / 2 < limits.rothfusz_from_f:
        return f_to_c_unchecked((simple_f + t) / 2)
    terms = (1, t, r, t * r, t**2, r**2, t**2 * r, t * r**2, t**2 * r**2)
    regression_f = sum(coefficient * term for coefficient, term in zip(limits.rothfusz, terms, strict=True))
    return f_to_c_unchecked(regression_f + _heat_adjustment_f(t, r))


def must_cancel_for_heat(heat_index_c: float) -> bool:
    """Returns whether the heat index forbids the event: above 108 F, which is 42.2 degrees Celsius.

    Args:
        heat_index_c: Heat index, -80 to 400 degrees Celsius.

    Raises:
        InputError: A number that cannot be meant.

    Source: event guidance of a public authority.
    """
    require(heat_index_c=heat_index_c)
    return heat_index_c > f_to_c_unchecked(weather_limits().heat_index_cancel_f)


def wbgt_outdoor_c(*, wet_bulb_c: float, globe_c: float, air_temperature_c: float) -> float:
    """Returns the wet-bulb globe temperature outdoors in sunshine, in degrees Celsius.

    Args:
        wet_bulb_c: Natural wet-bulb temperature.
        globe_c: Temperature of the black globe.
        air_temperature_c: Air temperature in the shade.

    Raises:
        InputError: A temperature that cannot be meant.

    Source: ISO 7243: 0.7 wet bulb + 0.2 globe + 0.1 air (from memory).
    """
    require(wet_bulb_c=wet_bulb_c, globe_c=globe_c, air_temperature_c=air_temperature_c)
    wet, globe, air = weather_limits().wbgt_outdoor
    return wet * wet_bulb_c + globe * globe_c + air * air_temperature_c


def wbgt_flag(wbgt_c: float) -> WbgtFlag:
    """Returns the flag to fly at a wet-bulb globe temperature; exactly on a limit the worse flag.

    Args:
        wbgt_c: -60 to 60 degrees Celsius; flags from 26.7, 29.4, 31.1 and 32.2.

    Raises:
        InputError: A temperature that cannot be meant.

    Source: flag system of sport and armed forces (from memory).
    """
    require(wbgt_c=wbgt_c)
    flag: WbgtFlag = "none"
    for name, from_c in weather_limits().wbgt_flags.items():
        if wbgt_c >= from_c - 1e-9:
            flag = name
    return flag


def _heat_adjustment_f(t: float, r: float) -> float:
    dry, humid = weather_limits().dry_adjustment, weather_limits().humid_adjustment
    if r < dry.humidity and dry.from_f <= t <= dry.to_f:
        return (
            -(dry.humidity - r) / dry.divisor * math.sqrt((dry.width_f - abs(t - dry.centre_f)) / dry.width_f)
        )
    if r > humid.humidity and humid.from_f <= t <= humid.to_f:
        return (r - humid.humidity) / humid.divisor * (humid.to_f - t) / humid.width_f
    return 0.0
