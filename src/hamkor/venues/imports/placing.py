# SPDX-License-Identifier: Apache-2.0
"""Where a metric drawing lies on Earth: by its middle, by two points, or nowhere."""

from __future__ import annotations

import cmath
from collections.abc import Callable

import msgspec

from hamkor.common.messages import N_
from hamkor.venues.imports.collecting import Remarks
from hamkor.venues.rules.drawings import DrawingOptions, DrawingRefusedError, Tie, Unit
from hamkor.venues.rules.geometry import Position, plane_around

METRES_PER_UNIT: dict[Unit, float] = {
    "mm": 0.001,
    "cm": 0.01,
    "dm": 0.1,
    "m": 1.0,
    "km": 1000.0,
    "in": 0.0254,
    "ft": 0.3048,
}
MOST_STRETCH = 0.02
"""Two points that make the drawing two per cent longer or shorter are wrong, or the unit is."""
STRETCH_TOLD = 0.002
SHORTEST_TIE_M = 5.0
NOWHERE: Position = (0.0, 0.0)

Point2 = tuple[float, float]


class Placing(msgspec.Struct, frozen=True):
    """How positions of a drawing become degrees.

    Args:
        to_degrees: Takes points in the drawing's unit.
        metres_per_unit: Length of the drawing's unit.
        is_placed: False when the degrees are not those of the Earth.
    """

    to_degrees: Callable[[list[Point2]], list[Position]]
    metres_per_unit: float
    is_placed: bool


def find_placing(
    options: DrawingOptions, remarks: Remarks, *, metres_per_unit: float | None, middle: Point2
) -> Placing:
    """Returns how a drawing is placed.

    Args:
        options: What a person told of it.
        remarks: Where what is taken for granted is noted.
        metres_per_unit: Length of its unit; None when nobody said.
        middle: The middle of what is drawn, in its unit.

    Raises:
        DrawingRefusedError: ``unit-unknown``, ``ties-too-near``, ``ties-do-not-fit``, ``bad-origin``.
    """
    if options.ties is not None:
        return _tied(options.ties, remarks, metres_per_unit)
    if metres_per_unit is None:
        raise DrawingRefusedError(
            "unit-unknown",
            N_(
                "The drawing does not say in which unit it is drawn. Say it, for example `--unit m`, or `--unit mm`."
            ),
        )
    origin = options.origin
    if origin is not None:
        _refuse_no_place(origin)
        remarks.add(
            "assumed",
            "placed-by-middle",
            N_(
                "The middle of the drawing was put at the place you gave, its upward direction pointing north."
            ),
        )
    plane = plane_around(origin or NOWHERE)
    scale = metres_per_unit

    def to_degrees(points: list[Point2]) -> list[Position]:
        return plane.to_positions([((x - middle[0]) * scale, (y - middle[1]) * scale) for x, y in points])

    return Placing(to_degrees, scale, is_placed=origin is not None)


def _tied(ties: tuple[Tie, Tie], remarks: Remarks, metres_per_unit: float | None) -> Placing:
    first, second = ties
    for tie in ties:
        _refuse_no_place((tie.longitude_deg, tie.latitude_deg))
    plane = plane_around((first.longitude_deg, first.latitude_deg))
    target = complex(*plane.to_xy_m([(second.longitude_deg, second.latitude_deg)])[0])
    drawn = complex(second.x - first.x, second.y - first.y)
    if abs(target) < SHORTEST_TIE_M or not abs(drawn) > 0:
        raise DrawingRefusedError(
            "ties-too-near",
            N_(
                "The two points lie {distance_m} m apart. Take two at least {least_m} m apart, best at opposite ends."
            ),
            distance_m=round(abs(target), 2),
            least_m=SHORTEST_TIE_M,
        )
    scale = abs(target / drawn) if metres_per_unit is None else metres_per_unit
    stretch = abs(target) / (abs(drawn) * scale) - 1
    if abs(stretch) > MOST_STRETCH:
        raise DrawingRefusedError(
            "ties-do-not-fit",
            N_(
                "The two points lie {drawn_m} m apart in the drawing, but {target_m} m on the Earth. "
                "Check the unit and both points."
            ),
            drawn_m=round(abs(drawn) * scale, 2),
            target_m=round(abs(target), 2),
        )
    if abs(stretch) > STRETCH_TOLD:
        remarks.add(
            "assumed",
            "ties-stretch",
            N_("The two points fit to {percent} %. The drawing's own measures were kept; check the points."),
            percent=round(abs(stretch) * 100, 2),
        )
    turn = cmath.exp(1j * cmath.phase(target / drawn)) * scale
    middle = complex(first.x + second.x, first.y + second.y) / 2

    def to_degrees(points: list[Point2]) -> list[Position]:
        turned = [(complex(x, y) - middle) * turn + target / 2 for x, y in points]
        return plane.to_positions([(point.real, point.imag) for point in turned])

    return Placing(to_degrees, scale, is_placed=True)


def _refuse_no_place(position: Position) -> None:
    longitude_deg, latitude_deg = position
    if not (abs(longitude_deg) <= 180 and abs(latitude_deg) <= 85):
        raise DrawingRefusedError(
            "bad-origin",
            N_("{longitude}, {latitude} is no place for a venue. Give longitude, then latitude, in degrees."),
            longitude=longitude_deg,
            latitude=latitude_deg,
        )
