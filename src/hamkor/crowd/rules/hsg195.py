# SPDX-License-Identifier: Apache-2.0
"""The medical score of the British Event Safety Guide (HSG195): withdrawn, still asked for."""

from __future__ import annotations

from functools import cache

import msgspec

from hamkor.crowd.rules.inputs import require, require_choice
from hamkor.crowd.rules.tables import NO_UPPER_END, Profile, read_table

HsgRow = tuple[float, int, int, int, int, int]


class Hsg195Data(Profile, frozen=True, kw_only=True):
    """Points and table; see ``profiles/hsg195.yaml``."""

    nature: dict[str, int]
    venue: dict[str, int]
    standing: dict[str, int]
    audience: dict[str, int]
    history: dict[str, int]
    numbers: tuple[tuple[float, int], ...]
    queue_above_h: tuple[tuple[float, int], ...]
    season: dict[str, int]
    hospital_far_min: float
    hospital_far_points: int
    hospital_choice: dict[str, int]
    hazard_points: int
    facility_points: int
    rows: tuple[HsgRow, ...]


class Hsg195Event(msgspec.Struct, frozen=True, kw_only=True):
    """What the score asks about an event; the choices are the keys in ``profiles/hsg195.yaml``.

    Args:
        nature: For example ``pop_rock``, ``demonstration_high``.
        venue: For example ``stadium``, ``streets``.
        standing: ``seated``, ``mixed`` or ``standing``.
        audience: For example ``family``, ``rival_factions``.
        history: Casualties before: ``low``, ``medium``, ``high``, or ``none`` without records.
        persons: Expected, 0 to 10 000 000.
        queue_h: Hours people queue, 0 to 72.
        season: ``spring``, ``summer``, ``autumn``, ``winter``.
        hospital_min: Minutes by road to the nearest suitable hospital.
        hospital_choice: ``choice`` of several departments, one ``large``, or one ``small``.
        hazards: Number of additional hazards.
        facilities: Number of additional treatment facilities on site.
    """

    nature: str
    venue: str
    standing: str
    audience: str
    history: str
    persons: float
    queue_h: float
    season: str
    hospital_min: float
    hospital_choice: str
    hazards: int = 0
    facilities: int = 0


class Hsg195Cover(msgspec.Struct, frozen=True):
    """Medical cover by the score.

    Args:
        score: Sum of all points.
        ambulances: Ambulances.
        first_aiders: First-aiders.
        ambulance_staff: Ambulance personnel.
        doctors: Doctors.
        nurses: Nurses.
        is_open_ended: True above the last row or the last number of people; then these are the least.
    """

    score: int
    ambulances: int
    first_aiders: int
    ambulance_staff: int
    doctors: int
    nurses: int
    is_open_ended: bool


@cache
def hsg195_data() -> Hsg195Data:
    """Returns points and table.

    Source: ``profiles/hsg195.yaml``.
    """
    return read_table("hsg195.yaml", Hsg195Data)


def hsg195_score(event: Hsg195Event) -> int:
    """Returns the sum of the points for an event.

    Args:
        event: Answers to all questions.

    Raises:
        InputError: An unknown choice or a number that cannot be meant.

    Source: HSG195 (1999), medical provision; questions E to L from memory.
    """
    data = hsg195_data()
    require(persons=event.persons, queue_h=event.queue_h, hospital_min=event.hospital_min)
    require(hazards=event.hazards, facilities=event.facilities)
    chosen = (
        ("nature", event.nature, data.nature),
        ("venue", event.venue, data.venue),
        ("standing", event.standing, data.standing),
        ("audience", event.audience, data.audience),
        ("history", event.history, data.history),
        ("season", event.season, data.season),
        ("hospital_choice", event.hospital_choice, data.hospital_choice),
    )
    score = 0
    for field, value, points in chosen:
        require_choice(field, value, points)
        score += points[value]
    score += next((points for below, points in data.numbers if event.persons < below), data.numbers[-1][1])
    score += max(points for above_h, points in data.queue_above_h if event.queue_h > above_h)
    score += data.hospital_far_points if event.hospital_min > data.hospital_far_min else 0
    return score + data.hazard_points * event.hazards + data.facility_points * event.facilities


def hsg195_cover(event: Hsg195Event) -> Hsg195Cover:
    """Returns the medical cover for an event by its score.

    Args:
        event: Answers to all questions.

    Raises:
        InputError: An unknown choice or a number that cannot be meant.

    Source: HSG195 (1999), table of resources (from memory).
    """
    data = hsg195_data()
    score = hsg195_score(event)
    limit, ambulances, first_aiders, staff, doctors, nurses = next(
        row for row in data.rows if score <= row[0]
    )
    return Hsg195Cover(
        score=score,
        ambulances=ambulances,
        first_aiders=first_aiders,
        ambulance_staff=staff,
        doctors=doctors,
        nurses=nurses,
        is_open_ended=limit >= NO_UPPER_END or event.persons >= data.numbers[-1][0],
    )
