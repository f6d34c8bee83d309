# SPDX-License-Identifier: Apache-2.0
"""Purple Guide first-aid tiers, reference means of patients and transports, and response times."""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from hamkor.crowd.rules.inputs import require, require_choice, whole_up
from hamkor.crowd.rules.tables import Profile, read_table

ResponseKind = Literal["on_site", "defibrillator"]


class PurpleGuideTiers(Profile, frozen=True, kw_only=True):
    """Tiers up to 10 000 people."""

    small_max: float
    first_aiders_min: int
    small_per_1000: float
    medium_max: float
    medium_base: int
    medium_per_1000: float
    medium_paramedics: tuple[int, int]
    medium_nurses: tuple[int, int]


class ReferenceMeans(Profile, frozen=True, kw_only=True):
    """Mean numbers of patients and transports."""

    patients_per_1000: float
    transports_per_1000: float
    events: int


class ResponseTimes(Profile, frozen=True, kw_only=True):
    """Longest times until help is there; pairs are mean and 90th percentile."""

    on_site_max_min: float
    defibrillator_max_min: float
    england_c1: tuple[float, float]
    england_c2: tuple[float, float]


class MedicalData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tiers, means and times."""

    purple_guide: PurpleGuideTiers
    prediction: ReferenceMeans
    response: ResponseTimes


class PurpleGuideCover(msgspec.Struct, frozen=True):
    """First aid by the tiers; pairs are the least and the most.

    Args:
        first_aiders: At least so many.
        paramedics: Least and most.
        nurses: Least and most.
    """

    first_aiders: int
    paramedics: tuple[int, int]
    nurses: tuple[int, int]


class ExpectedPatients(msgspec.Struct, frozen=True):
    """Reference means applied to an attendance: an order of size, not a forecast.

    Args:
        patients: Mean number of patients.
        transports: Mean number taken to hospital.
    """

    patients: float
    transports: float


@cache
def medical_data() -> MedicalData:
    """Returns tiers, means and times.

    Source: ``profiles/medical.yaml``.
    """
    return read_table("medical.yaml", MedicalData)


def purple_guide_cover(persons: float) -> PurpleGuideCover | None:
    """Returns the first aid of the tiers; None above 10 000 people, where the guide asks for a risk assessment.

    Args:
        persons: 0 to 10 000 000.

    Raises:
        InputError: A number that cannot be meant.

    Source: Purple Guide, medical chapter.
    """
    tiers = medical_data().purple_guide
    require(persons=persons)
    if persons <= tiers.small_max:
        needed = max(tiers.first_aiders_min, whole_up(persons / 1000 * tiers.small_per_1000))
        return PurpleGuideCover(needed, (0, 0), (0, 0))
    if persons <= tiers.medium_max:
        extra = whole_up((persons - tiers.small_max) / 1000 * tiers.medium_per_1000)
        return PurpleGuideCover(tiers.medium_base + extra, tiers.medium_paramedics, tiers.medium_nurses)
    return None


def expected_patients(attendance: float) -> ExpectedPatients:
    """Returns the mean number of patients and transports over 201 events, scaled to the attendance.

    Args:
        attendance: 0 to 10 000 000.

    Raises:
        InputError: A number that cannot be meant.

    Source: Arbon and others (2001), means only (from memory). Errors of such models are skewed: use Maurer and Munich
        as the floor and learn from own events.
    """
    means = medical_data().prediction
    require(attendance=attendance)
    thousands = attendance / 1000
    return ExpectedPatients(thousands * means.patients_per_1000, thousands * means.transports_per_1000)


def is_response_in_time(response_min: float, kind: ResponseKind = "on_site") -> bool:
    """Returns whether help is there in time: 4 minutes on site, 5 for a defibrillator.

    Args:
        response_min: Planned or measured time, 0 to 1 440 minutes.
        kind: Which help.

    Raises:
        InputError: A time that cannot be meant, or an unknown kind.

    Source: Munich guide 2015; defibrillator from memory.
    """
    times = medical_data().response
    require(response_min=response_min)
    require_choice("kind", kind, ("on_site", "defibrillator"))
    return response_min <= (times.on_site_max_min if kind == "on_site" else times.defibrillator_max_min)
