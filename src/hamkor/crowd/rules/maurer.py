# SPDX-License-Identifier: Apache-2.0
"""Medical cover by the Maurer algorithm, in both tables in circulation, with the table and rounding named."""

from __future__ import annotations

import math
from functools import cache
from typing import Literal

import msgspec

from hamkor.crowd.rules.inputs import require, require_choice, whole
from hamkor.crowd.rules.tables import Profile, read_table

MaurerTableName = Literal["common", "brk-2010"]
Rounding = Literal["nearest", "none"]
CommandStaff = Literal["none", "reduced", "full"]
Row = tuple[float, int, int, int, int]


class CommandLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points above which command staff is needed."""

    reduced_above: float
    full_above: float


class MaurerData(Profile, frozen=True, kw_only=True):
    """Points, factors and tables; see ``profiles/maurer.yaml``."""

    permitted_points: tuple[tuple[float, int], ...]
    permitted_base_max: float
    permitted_step: float
    area_persons_per_m2: float
    enclosed_factor: float
    expected_per_point: float
    vip_points: float
    vip_per: float
    violence_points: float
    activities: dict[str, tuple[float, float]]
    tables: dict[str, tuple[Row, ...]]
    large_ambulance_above: float
    aid_stations: tuple[tuple[float, int], ...]
    command: CommandLimits


class MaurerCover(msgspec.Struct, frozen=True):
    """Medical cover, with what must be printed beside it.

    Args:
        points: Risk points.
        helpers: First-aiders; crews of vehicles come on top.
        patient_vans: Vans for patients who need no care on the way.
        ambulances: Ambulances.
        doctors: Emergency doctors.
        large_ambulances: Vehicles for many patients.
        aid_stations: Treatment places.
        command: Command staff.
        table: Which of the tables in circulation.
        rounding: How expected visitors were turned into points.
        factor: Factor of the activity.
    """

    points: float
    helpers: int
    patient_vans: int
    ambulances: int
    doctors: int
    large_ambulances: int
    aid_stations: int
    command: CommandStaff
    table: MaurerTableName
    rounding: Rounding
    factor: float


@cache
def maurer_data() -> MaurerData:
    """Returns points, factors and tables.

    Source: ``profiles/maurer.yaml``.
    """
    return read_table("maurer.yaml", MaurerData)


def maurer_permitted_by_area(area_m2: float) -> int:
    """Returns the permitted number to use when only the area is known: four people per square metre.

    Args:
        area_m2: Area, 0 to 20 000 000 m2.

    Raises:
        InputError: A number that cannot be meant.

    Source: Maurer algorithm, two public implementations.
    """
    require(area_m2=area_m2)
    return whole(area_m2 * maurer_data().area_persons_per_m2)


def maurer_factor(activity: str) -> tuple[float, float]:
    """Returns the lowest and highest factor of an activity; take the highest unless there is a reason.

    Args:
        activity: One of the keys in ``profiles/maurer.yaml``, for example ``football``.

    Raises:
        InputError: An unknown activity.

    Source: Maurer algorithm, two public implementations.
    """
    require_choice("activity", activity, maurer_data().activities)
    return maurer_data().activities[activity]


def maurer_permitted_points(permitted_persons: float) -> int:
    """Returns the points for the permitted number of visitors; zero for nobody.

    Args:
        permitted_persons: 0 to 10 000 000.

    Raises:
        InputError: A number that cannot be meant.

    Source: Maurer algorithm: 1 up to 500 ... 7 up to 20 000, then 1 per started 10 000.
    """
    data = maurer_data()
    require(permitted_persons=permitted_persons)
    if permitted_persons == 0:
        return 0
    for limit, points in data.permitted_points:
        if permitted_persons <= limit:
            return points
    started = math.ceil((permitted_persons - data.permitted_base_max) / data.permitted_step - 1e-9)
    return data.permitted_points[-1][1] + started


def maurer_cover(
    *,
    permitted_persons: float,
    expected_persons: float,
    factor: float,
    is_enclosed: bool = False,
    vip_persons: float = 0,
    has_violence_risk: bool = False,
    table: MaurerTableName = "common",
    rounding: Rounding = "nearest",
) -> MaurerCover:
    """Returns the medical cover and the points behind it.

    Args:
        permitted_persons: Permitted number, 0 to 10 000 000.
        expected_persons: Expected visitors, 0 to 10 000 000.
        factor: Factor of the activity, 0.05 to 5; see ``maurer_factor``.
        is_enclosed: True in a closed building: doubles the points for the permitted number.
        vip_persons: Protected persons; 10 points per 5, in proportion and without a cap.
        has_violence_risk: True with police information on violence: 10 points.
        table: Table in circulation to use; the same event gives 100 or 120 helpers between 100 and 110 points.
        rounding: ``nearest`` rounds expected visitors over 500 to whole points (half up); ``none`` does not.

    Raises:
        InputError: A number that cannot be meant, or an unknown table or rounding.

    Source: Maurer algorithm; two public implementations, a spreadsheet and a provider's page. Not for events spread
        over a wide area.
    """
    data = maurer_data()
    require(expected_persons=expected_persons, factor=factor, vip_persons=vip_persons)
    require_choice("table", table, data.tables)
    require_choice("rounding", rounding, ("nearest", "none"))
    permitted = maurer_permitted_points(permitted_persons) * (data.enclosed_factor if is_enclosed else 1)
    expected = expected_persons / data.expected_per_point
    if rounding == "nearest":
        expected = math.floor(expected + 0.5)
    extra = data.vip_points * vip_persons / data.vip_per + data.violence_points * has_violence_risk
    # Six decimals: 26.400000000000002 must not climb into the next row.
    points = round((permitted + expected) * factor + extra, 6)
    return _cover(points, table, rounding, factor)


def _cover(points: float, table: MaurerTableName, rounding: Rounding, factor: float) -> MaurerCover:
    data = maurer_data()
    _, helpers, vans, ambulances, doctors = next(row for row in data.tables[table] if points <= row[0])
    return MaurerCover(
        points=points,
        helpers=helpers,
        patient_vans=vans,
        ambulances=ambulances,
        doctors=doctors,
        large_ambulances=int(points > data.large_ambulance_above),
        aid_stations=max((count for above, count in data.aid_stations if points > above), default=0),
        command=_command(points, data.command),
        table=table,
        rounding=rounding,
        factor=factor,
    )


def _command(points: float, limits: CommandLimits) -> CommandStaff:
    if points > limits.full_above:
        return "full"
    return "reduced" if points > limits.reduced_above else "none"
