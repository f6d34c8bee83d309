# SPDX-License-Identifier: Apache-2.0
"""What readings are about: areas with their capacities, ways between them that are counted, devices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

import msgspec

from hamkor.common.figures import Figure, known
from hamkor.crowd.rules.capacity import seats_capacity
from hamkor.events.rules import Attendance
from hamkor.venues.rules.features import (
    OUTSIDE,
    Area,
    Connection,
    Device,
    Feature,
    Opening,
    Passage,
    Turnstiles,
)
from hamkor.venues.rules.measuring import measure_feature


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    """An area as readings see it.

    Args:
        id: Id of the area.
        area_m2: What people can use of it, m²; None when nobody knows.
        capacity: People it may hold; None when nobody knows.
        part_of: Larger area it is a part of.
        is_seated: People have seats: fill says more than density.
    """

    id: str
    area_m2: float | None = None
    capacity: float | None = None
    part_of: str | None = None
    is_seated: bool = False


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """An opening, passage or bank of turnstiles as readings see it.

    Args:
        id: Its id.
        from_: Area on one side, or `outside`. A counter's `count_in` is what passed from here …
        to: … to here; its `count_out` the other way. Never `outside`: whoever is counted in comes in, whichever way
            round the opening was drawn.
        capacity_per_min: People per minute it can pass; None when nobody knows.
    """

    id: str
    from_: str
    to: str
    capacity_per_min: float | None = None


class Crossing(NamedTuple):
    """A way as seen from one area.

    Args:
        way: Id of the way.
        is_forward_in: True when its forward direction leads into the area.
    """

    way: str
    is_forward_in: bool


class Layout(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What is drawn, as far as readings need it.

    Args:
        zones: Areas by id.
        ways: Openings, passages and turnstiles by id.
        covers: Areas a device of the drawing serves, by its id.
        capacity: People the event may have inside at once; None when nobody knows.
    """

    zones: Mapping[str, Zone] = {}
    ways: Mapping[str, Way] = {}
    covers: Mapping[str, tuple[str, ...]] = {}
    capacity: float | None = None

    @cached_property
    def crossings(self) -> Mapping[str, tuple[Crossing, ...]]:
        """The ways of each area, and of the world outside, in the order of the drawing."""
        found: dict[str, list[Crossing]] = {}
        for way in self.ways.values():
            if way.from_ != way.to:
                found.setdefault(way.to, []).append(Crossing(way.id, is_forward_in=True))
                found.setdefault(way.from_, []).append(Crossing(way.id, is_forward_in=False))
        return {area: tuple(ways) for area, ways in found.items()}

    @cached_property
    def parts(self) -> Mapping[str, tuple[str, ...]]:
        """The areas that are parts of each larger area."""
        found: dict[str, list[str]] = {}
        for zone in self.zones.values():
            if zone.part_of in self.zones:
                found.setdefault(zone.part_of or "", []).append(zone.id)
        return {area: tuple(parts) for area, parts in found.items()}

    def zones_of(self, feature: str | None) -> tuple[str, ...]:
        """Returns the areas a reading about a feature tells of: itself, or what a device there covers."""
        if feature is None:
            return ()
        if feature in self.zones:
            return (feature,)
        return tuple(area for area in self.covers.get(feature, ()) if area in self.zones)


def layout_of(features: Iterable[Feature], attendance: Attendance | None = None) -> Layout:
    """Returns the layout of a drawing.

    Args:
        features: Features of the drawing.
        attendance: The crowd that is expected; its permit limits the event.
    """
    zones: dict[str, Zone] = {}
    ways: dict[str, Way] = {}
    covers: dict[str, tuple[str, ...]] = {}
    for feature in features:
        properties = feature.properties
        if isinstance(properties, Area):
            zones[feature.id] = _zone(feature, properties)
        elif isinstance(properties, Connection):
            ways[feature.id] = _way(feature.id, properties)
        elif isinstance(properties, Device):
            covers[feature.id] = properties.covers
    return Layout(zones=zones, ways=ways, covers=covers, capacity=_capacity(attendance))


def is_perimeter(way: Way) -> bool:
    """True for a way between the venue and the world outside."""
    return (way.from_ == OUTSIDE) is not (way.to == OUTSIDE)


def _way(way_id: str, drawn: Opening | Passage | Turnstiles) -> Way:
    is_outward = drawn.to == OUTSIDE
    from_, to = (drawn.to, drawn.from_) if is_outward else (drawn.from_, drawn.to)
    return Way(id=way_id, from_=from_, to=to, capacity_per_min=_per_min(drawn.capacity_per_h))


def _zone(feature: Feature, area: Area) -> Zone:
    usable = _nominal(area.usable_area_m2)
    return Zone(
        id=feature.id,
        area_m2=measure_feature(feature).area_m2 if usable is None else usable,
        capacity=_holds(area),
        part_of=area.part_of,
        is_seated=area.seats is not None or area.use == "seating",
    )


def _holds(area: Area) -> float | None:
    """Returns how many people an area may hold: assessed, stated, by its seats, or by density and size."""
    for figure in (area.assessed_capacity, area.stated_capacity):
        if figure is not None:
            return _nominal(figure)
    seats, density, size = (
        _nominal(each) for each in (area.seats, area.standing_density_per_m2, area.usable_area_m2)
    )
    if seats is not None:
        return float(
            seats_capacity(
                seats,
                unusable_seats=_nominal(area.seats_unusable) or 0,
                restricted_view_seats=_nominal(area.seats_restricted_view) or 0,
            )
        )
    return None if density is None or size is None else density * size


def _capacity(attendance: Attendance | None) -> float | None:
    if attendance is None:
        return None
    figures = (attendance.permitted, attendance.peak, attendance.expected)
    return next((_nominal(figure) for figure in figures if figure is not None), None)


def _per_min(per_h: Figure | None) -> float | None:
    found = _nominal(per_h)
    return None if found is None else found / 60


def _nominal(figure: Figure | None) -> float | None:
    found = None if figure is None else known(figure)
    return None if found is None else found.nominal
