# SPDX-License-Identifier: Apache-2.0
"""The Munich tables: medical cover by points, and the fire-safety coefficient with its knock-out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

import msgspec

from hamkor.common.messages import N_
from hamkor.crowd.rules.inputs import InputError, require, require_choice
from hamkor.crowd.rules.tables import Profile, read_table

MunichRow = tuple[int, int, int, int, int]


class MunichMedical(Profile, frozen=True, kw_only=True):
    """Points by visitors, factors by type, and means by total."""

    visitor_points: tuple[tuple[float, int], ...]
    more_points: int
    factors: dict[str, tuple[float, float]]
    rows: tuple[MunichRow, ...]
    concept_from: int
    response_max_min: float


class MunichFire(Profile, frozen=True, kw_only=True):
    """Factors and limits of the fire-safety coefficient."""

    size_factors: tuple[float, ...]
    factors: tuple[str, ...]
    allowed: tuple[float, ...]
    allowed_fire_acts: tuple[float, ...]
    excluding_factor: str
    excluding_value: float
    inspection_above: float
    concept_above: float
    watch_from: float
    full_watch_above: float
    watch_persons: int
    full_watch_persons: int


class MunichData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both tables."""

    medical: MunichMedical
    fire: MunichFire


class MunichCover(msgspec.Struct, frozen=True):
    """Medical cover by the Munich table.

    Args:
        total: Rounded points.
        helpers: People in all.
        paramedics: Of them paramedics.
        doctors: Doctors.
        stations: Aid stations; each has a defibrillator.
        defibrillators: One per station.
        needs_concept: True when a command post and a written concept are needed.
        response_max_min: Longest time until help is there.
        is_open_ended: True above the last row; then the means are the least, not the answer.
    """

    total: int
    helpers: int
    paramedics: int
    doctors: int
    stations: int
    defibrillators: int
    needs_concept: bool
    response_max_min: float
    is_open_ended: bool


class FireCoefficient(msgspec.Struct, frozen=True):
    """The fire-safety coefficient and what follows from it.

    Args:
        coefficient: SK, rounded down to one decimal.
        is_excluded: True when one factor forbids the event whatever the coefficient.
        needs_inspection: True above 1.6.
        needs_concept: True above 2.1: security concept and presence on site.
        fire_watch_persons: Firefighters on watch.
    """

    coefficient: float
    is_excluded: bool
    needs_inspection: bool
    needs_concept: bool
    fire_watch_persons: int


@cache
def munich_data() -> MunichData:
    """Returns both tables.

    Source: ``profiles/munich.yaml``.
    """
    return read_table("munich.yaml", MunichData)


def munich_factor(kind: str) -> tuple[float, float]:
    """Returns the lowest and highest factor of a type of event; take the highest unless there is a reason.

    Args:
        kind: One of the keys in ``profiles/munich.yaml``, for example ``football``.

    Raises:
        InputError: An unknown type.

    Source: Munich guide 2015.
    """
    factors = munich_data().medical.factors
    require_choice("kind", kind, factors)
    return factors[kind]


def munich_visitor_points(visitors: float) -> int:
    """Returns the points for the expected visitors: 0 up to 500 ... 14 up to 100 000, 15 for more.

    Args:
        visitors: Expected visitors, 0 to 10 000 000.

    Raises:
        InputError: A number that cannot be meant.

    Source: Munich guide 2015.
    """
    data = munich_data().medical
    require(visitors=visitors)
    return next((points for limit, points in data.visitor_points if visitors <= limit), data.more_points)


def munich_cover(
    visitors: float, kind: str, *, surcharges: int = 0, factor: float | None = None
) -> MunichCover:
    """Returns the medical cover for the visitors, the type of event and special circumstances.

    Args:
        visitors: Expected, 0 to 10 000 000.
        kind: Type of event; gives the factor.
        surcharges: One for each that holds: violent public, protected persons, bad history, weather, alcohol or
            drugs, fire; 0 to 6.
        factor: Factor within the range of the type; None takes the highest.

    Raises:
        InputError: A number that cannot be meant, an unknown type, or a factor outside the range of the type.

    Source: Munich guide 2015; points times factor plus surcharges, rounded half up. Between the rows 15, 20 and 25
        our linear share rounded up. One defibrillator per station is our reading of one worked example.
    """
    low, high = munich_factor(kind)
    require(surcharges=surcharges)
    if factor is not None and not low <= factor <= high:
        raise InputError(
            "factor-outside-type",
            N_("The factor {factor} is outside {low} to {high} for {kind}: choose one in that range."),
            factor=factor if math.isfinite(factor) else str(factor),
            low=low,
            high=high,
            kind=kind,
        )
    points = munich_visitor_points(visitors) * (high if factor is None else factor)
    return _munich_row(math.floor(points + surcharges + 0.5 + 1e-9))


def munich_fire_coefficient(factors: Mapping[str, float], size_group: int) -> FireCoefficient:
    """Returns the fire-safety coefficient; escape routes of 4 exclude the event whatever the mean says.

    Args:
        factors: All nine by name: approach, access, water, escape_routes, communications, fire_scenarios,
            public_behaviour, fire_acts, organiser. Values 0.5, 1, 2 or 4; fire_acts 1, 1.5, 2 or 4.
        size_group: 1 to 5; the group's factor is 1, 1.25, 1.5, 2 or 2.5.

    Raises:
        InputError: ``fire-factors`` when names are missing or unknown; ``unknown-choice`` for a value not allowed.

    Source: Munich guide 2015: SK = size factor times mean, rounded down to one decimal.
    """
    data = munich_data().fire
    if set(factors) != set(data.factors):
        raise InputError(
            "fire-factors",
            N_("Give exactly these factors: {names}."),
            names=data.factors,
        )
    for name, value in factors.items():
        allowed = data.allowed_fire_acts if name == "fire_acts" else data.allowed
        require_choice(name, f"{value:g}", [f"{choice:g}" for choice in allowed])
    require_choice("size_group", str(size_group), [str(n + 1) for n in range(len(data.size_factors))])
    mean = sum(factors.values()) / len(factors)
    coefficient = math.floor(data.size_factors[size_group - 1] * mean * 10 + 1e-9) / 10
    return FireCoefficient(
        coefficient=coefficient,
        is_excluded=factors[data.excluding_factor] >= data.excluding_value,
        needs_inspection=coefficient > data.inspection_above,
        needs_concept=coefficient > data.concept_above,
        fire_watch_persons=_fire_watch(coefficient, data),
    )


def _fire_watch(coefficient: float, data: MunichFire) -> int:
    if coefficient > data.full_watch_above:
        return data.full_watch_persons
    return data.watch_persons if coefficient >= data.watch_from else 0


def _munich_row(total: int) -> MunichCover:
    data = munich_data().medical
    helpers, paramedics, doctors, stations = _between_rows(total, data.rows)
    return MunichCover(
        total=total,
        helpers=helpers,
        paramedics=paramedics,
        doctors=doctors,
        stations=stations,
        defibrillators=stations,
        needs_concept=total >= data.concept_from,
        response_max_min=data.response_max_min,
        is_open_ended=total > data.rows[-1][0],
    )


def _between_rows(total: int, rows: tuple[MunichRow, ...]) -> tuple[int, int, int, int]:
    if total < rows[0][0]:
        return (0, 0, 0, 0)
    for lower, upper in pairwise(rows):
        if lower[0] <= total <= upper[0]:
            share = (total - lower[0]) / (upper[0] - lower[0])
            a, b, c, d = (
                math.ceil(x + (y - x) * share - 1e-9) for x, y in zip(lower[1:], upper[1:], strict=True)
            )
            return (a, b, c, d)
    return rows[-1][1:]
