# SPDX-License-Identifier: Apache-2.0
"""Toilets, wash basins and drinking water; the guide and edition are part of every answer."""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from hamkor.common.messages import N_
from hamkor.crowd.rules.inputs import InputError, require, require_choice, whole_up
from hamkor.crowd.rules.tables import Profile, read_table

ToiletBandName = Literal["short", "long", "long_alcohol", "campsite"]

DEFAULT_TOILETS = "purple-guide-toilets"


class ToiletBand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """People per unit; None where the scheme says nothing."""

    female_per_toilet: float
    male_per_toilet: float | None = None
    male_per_urinal: float | None = None


class ToiletScheme(Profile, frozen=True, kw_only=True):
    """A guide's toilets by duration and use."""

    bands: dict[str, ToiletBand]
    long_from_h: float
    hand_wash_per_units: tuple[float, float] | None = None


class WaterScheme(Profile, frozen=True, kw_only=True):
    """A guide's drinking water."""

    persons_per_outlet: float


class DurationFactors(Profile, frozen=True, kw_only=True):
    """Factor on the number of toilets by duration."""

    duration_factors: tuple[tuple[float, float], ...]


class StewardRatios(Profile, frozen=True, kw_only=True):
    """Visitors per steward."""

    general_persons: float
    high_risk_persons: float
    crowd_manager_persons: float
    disaster_persons: float


class Services(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All schemes of services."""

    toilets: tuple[ToiletScheme, ...]
    water: WaterScheme
    fema: DurationFactors
    stewards: StewardRatios


class ToiletNeed(msgspec.Struct, frozen=True):
    """Sanitary units needed.

    Args:
        female: Toilets for women.
        male: Toilets for men; None where the scheme says nothing.
        urinals: Urinals; None where the scheme says nothing.
        hand_wash: Least and most wash basins; None where the scheme says nothing.
        band: Row of the scheme used.
        scheme_id: Which guide.
        edition: Its edition.
    """

    female: int
    male: int | None
    urinals: int | None
    hand_wash: tuple[int, int] | None
    band: ToiletBandName
    scheme_id: str
    edition: str


@cache
def services() -> Services:
    """Returns all schemes of services.

    Source: ``profiles/services.yaml``.
    """
    return read_table("services.yaml", Services)


def toilet_scheme(scheme_id: str = DEFAULT_TOILETS) -> ToiletScheme:
    """Returns the toilet scheme with the id.

    Raises:
        InputError: An unknown id.

    Args:
        scheme_id: Guide to use, for example ``purple-guide-toilets``.

    Source: ``profiles/services.yaml``.
    """
    schemes = {scheme.id: scheme for scheme in services().toilets}
    require_choice("scheme", scheme_id, schemes)
    return schemes[scheme_id]


def toilets_needed(
    persons: float,
    duration_h: float,
    *,
    female_share: float = 0.5,
    has_much_alcohol: bool = False,
    is_campsite: bool = False,
    scheme_id: str = DEFAULT_TOILETS,
) -> ToiletNeed:
    """Returns the sanitary units needed, by guide and edition.

    Args:
        persons: Present at once, 0 to 10 000 000.
        duration_h: Hours the event is open, above 0; exactly 6 h counts as long.
        female_share: Share of women, 0 to 1.
        has_much_alcohol: True when alcohol and food are consumed in quantity; matters for long events.
        is_campsite: True for people who stay overnight.
        scheme_id: Guide to use.

    Raises:
        InputError: A number that cannot be meant; ``scheme-without-band`` when the guide has no row for the case.

    Source: Purple Guide, current edition: longer events need more. Older schemes run the other way; never mix.
    """
    require(persons=persons, duration_h=duration_h, female_share=female_share)
    scheme = toilet_scheme(scheme_id)
    name = _band_name(scheme, duration_h, has_much_alcohol=has_much_alcohol, is_campsite=is_campsite)
    if name not in scheme.bands:
        raise InputError(
            "scheme-without-band",
            N_("“{scheme}” says nothing on this kind of event: use another guide."),
            scheme=scheme.title,
        )
    band = scheme.bands[name]
    women = persons * female_share
    female = whole_up(women / band.female_per_toilet)
    male = _units(persons - women, band.male_per_toilet)
    urinals = _units(persons - women, band.male_per_urinal)
    units = female + (male or 0) + (urinals or 0)
    return ToiletNeed(female, male, urinals, _hand_wash(units, scheme), name, scheme.id, scheme.edition)


def hand_wash_needed(toilet_units: float, scheme_id: str = DEFAULT_TOILETS) -> tuple[int, int] | None:
    """Returns the least and most wash basins for the units: one per 10, one per 5; None where the guide is silent.

    Raises:
        InputError: A number that cannot be meant, or an unknown id.

    Args:
        toilet_units: Toilets and urinals together, 0 to 1 000 000.
        scheme_id: Guide to use, for example ``purple-guide-toilets``.

    Source: Purple Guide, current edition.
    """
    require(toilet_units=toilet_units)
    return _hand_wash(toilet_units, toilet_scheme(scheme_id))


def water_outlets_needed(persons: float) -> int:
    """Returns the drinking-water outlets needed: one per 3 000 people, at least one for anybody.

    Args:
        persons: Number of people, 0 to 10 000 000.

    Raises:
        InputError: A number that cannot be meant.

    Source: Purple Guide (from memory).
    """
    require(persons=persons)
    return whole_up(persons / services().water.persons_per_outlet)


def fema_duration_factor(duration_h: float) -> float:
    """Returns the factor on a number of toilets by duration; exactly 4 and 6 hours take the larger factor.

    Args:
        duration_h: Hours the event is open, above 0; up to and including 8 h below the full number.

    Raises:
        InputError: A number that cannot be meant.

    Source: FEMA, special events planning: 0.70 under 4 h, 0.75, 0.80 from 6 to 8 h, 1.0 above 8 h.
    """
    require(duration_h=duration_h)
    *rows, (last_h, last_factor) = services().fema.duration_factors
    if duration_h > last_h:
        return last_factor
    return max(factor for from_h, factor in rows if duration_h >= from_h)


def _band_name(
    scheme: ToiletScheme, duration_h: float, *, has_much_alcohol: bool, is_campsite: bool
) -> ToiletBandName:
    if is_campsite:
        return "campsite"
    if duration_h < scheme.long_from_h:
        return "short"
    return "long_alcohol" if has_much_alcohol else "long"


def _units(persons: float, per_unit: float | None) -> int | None:
    return None if per_unit is None else whole_up(persons / per_unit)


def _hand_wash(units: float, scheme: ToiletScheme) -> tuple[int, int] | None:
    if scheme.hand_wash_per_units is None:
        return None
    most_per, least_per = scheme.hand_wash_per_units
    return (whole_up(units / least_per), whole_up(units / most_per))
