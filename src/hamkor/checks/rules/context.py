# SPDX-License-Identifier: Apache-2.0
"""The plan as rules look at it: indexed, with the few derived things several rules need."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from hamkor.checks.rules.findings import Subject
from hamkor.checks.rules.movements import Movements
from hamkor.common.figures import Range, known, range_of, total
from hamkor.common.messages import N_, Message
from hamkor.common.records import Text
from hamkor.crowd.rules.profiles import FlowProfile, list_profiles, load_profile
from hamkor.events.rules import visitors_of
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Person, Post
from hamkor.venues.rules.features import (
    Area,
    Connection,
    Feature,
    Opening,
    Passage,
    Route,
    Turnstiles,
)
from hamkor.venues.rules.geometry import Geometry, MetricPlane, find_centre, plane_around

MOVING_USES = frozenset({"street", "concourse", "queue"})
SEATED_USES = frozenset({"seating"})


class Context:
    """One plan under one flow profile.

    Args:
        plan: The plan.
        profile: Flow profile that decides severities.

    Attributes:
        movements: Answers of the queueing network; None where nobody can ask it.
    """

    def __init__(self, plan: Plan, profile: FlowProfile | None = None) -> None:
        self.plan = plan
        self.movements: Movements | None = None
        self.profile = profile or load_profile()
        self.event = plan.event

    @property
    def is_complete(self) -> bool:
        """True when what the plan does not hold does not exist, False when it is only unknown."""
        return self.event.extent == "complete"

    @cached_property
    def other_profiles(self) -> tuple[FlowProfile, ...]:
        """The other flow profiles that may decide a finding elsewhere."""
        return tuple(item for item in list_profiles() if item.is_criterion and item.id != self.profile.id)

    @cached_property
    def longest_egress_min(self) -> float:
        """Longest time for normal egress where the profile has none: that of the default profile."""
        return load_profile().max_egress_time_min or 0.0

    @cached_property
    def emergency_range_min(self) -> tuple[float, float]:
        """Range of the emergency time where the profile has none: that of the default profile."""
        return load_profile().emergency_time_range_min or (0.0, 0.0)

    @cached_property
    def features(self) -> dict[str, Feature]:
        """Every feature of the drawing by id."""
        venue = self.plan.venue
        return {} if venue is None else {feature.id: feature for feature in venue.features}

    def features_of(self, kind: type[Any] | tuple[type[Any], ...]) -> list[tuple[str, Any]]:
        """Returns (id, properties) of every feature of a kind, in the order of the drawing."""
        return [
            (feature.id, feature.properties)
            for feature in self.features.values()
            if isinstance(feature.properties, kind)
        ]

    @cached_property
    def areas(self) -> dict[str, Area]:
        """Every area by id."""
        return dict(self.features_of(Area))

    @cached_property
    def whole_areas(self) -> dict[str, Area]:
        """Every area that is not part of another one: those whose people may be added up."""
        return {area_id: area for area_id, area in self.areas.items() if area.part_of not in self.areas}

    @cached_property
    def connections(self) -> dict[str, Connection]:
        """Every opening, passage and bank of turnstiles by id."""
        return dict(self.features_of((Opening, Passage, Turnstiles)))

    @cached_property
    def routes(self) -> dict[str, Route]:
        """Every route by id."""
        return dict(self.features_of(Route))

    @cached_property
    def areas_with_indoor_flame(self) -> frozenset[str]:
        """Areas in which flame or pyrotechnics are planned under a roof."""
        indoors = self.event.setting == "indoors"
        return frozenset(
            effect.area
            for effect in self.plan.effects or ()
            if effect.area is not None
            and effect.sort in {"pyrotechnics", "flame"}
            and (effect.indoors if effect.indoors is not None else indoors)
        )

    @cached_property
    def connections_at(self) -> dict[str, list[tuple[str, Connection]]]:
        """The connections that touch each area."""
        touching: dict[str, list[tuple[str, Connection]]] = {}
        for connection_id, connection in self.connections.items():
            for end in (connection.from_, connection.to):
                touching.setdefault(end, []).append((connection_id, connection))
        return touching

    @cached_property
    def people(self) -> dict[str, Person]:
        """Every named person by id."""
        return {person.id: person for person in self.plan.people or ()}

    @cached_property
    def posts(self) -> dict[str, Post]:
        """Every post by id."""
        return {post.id: post for post in self.plan.posts or ()}

    @cached_property
    def crowd(self) -> Range | None:
        """Most people at once: the stated peak, else the expected number, else the tickets; None if unknown."""
        attendance = self.plan.attendance
        if attendance is None:
            return None
        for figure in (attendance.peak, attendance.expected, attendance.tickets):
            if figure is not None:
                return known(figure)
        return None

    @cached_property
    def visitors(self) -> Range | None:
        """All people over the event: expected, else tickets, else the peak; None if unknown."""
        return visitors_of(self.plan.attendance)

    @cached_property
    def _stated_by_area(self) -> dict[str, Range]:
        attendance = self.plan.attendance
        rows = (attendance.by_area if attendance is not None else None) or ()
        return {row.area: range_of(row.people) for row in rows}

    def people_in(self, area_id: str) -> Range | None:
        """Returns the people expected in an area at its fullest, or None when the plan does not tell.

        Notes:
            The attendance by area counts first, then the number the plan lets in, then its usable seats, then
            the whole crowd if the drawing has one area only. No area holds more people than come.
        """
        if area_id in self._stated_by_area:
            return self._stated_by_area[area_id]
        room = self.room_of(area_id)
        if room is None:
            return self.crowd if len(self.areas) == 1 else None
        return room if self.crowd is None else room.least_of(self.crowd)

    def room_of(self, area_id: str) -> Range | None:
        """Returns the people a plan lets into an area: the number it states, else its usable seats, else None."""
        area = self.areas[area_id]
        if area.stated_capacity is not None:
            return known(area.stated_capacity)
        return usable_seats(area) if area.seats is not None else None

    @cached_property
    def seated_share(self) -> float | None:
        """Share of the places that are seats, from 0 to 1; None when the areas do not tell."""
        seats = total(usable_seats(area) for area in self.whole_areas.values() if area.seats is not None)
        standing = total(
            people
            for area_id, area in self.whole_areas.items()
            if area.seats is None and (people := self.people_in(area_id)) is not None
        )
        everyone = seats.nominal + standing.nominal
        return seats.nominal / everyone if everyone else None

    @cached_property
    def _plane(self) -> MetricPlane:
        drawn = [item.geometry for item in self.features.values() if item.geometry is not None]
        return plane_around(find_centre(drawn) or (0.0, 0.0))

    def outline_size_m2(self, geometry: Geometry) -> float:
        """Returns the size of an outline in square metres."""
        return float(self._plane.to_shape(geometry).area)

    def subject(self, kind: str, item_id: str, name: Text | None = None) -> Subject:
        """Returns the subject of a finding; features bring their own names."""
        feature = self.features.get(item_id)
        if feature is not None:
            properties: Any = feature.properties
            kind = str(feature.properties.__struct_config__.tag)
            name = getattr(properties, "name", None) or name
        return Subject(kind, item_id, name)

    @property
    def event_subject(self) -> Subject:
        """The event as a subject."""
        return Subject("event", self.event.id, self.event.name)

    def part_subject(self, part: str) -> Subject:
        """Returns a part of the plan, such as ``duties``, as a subject."""
        return Subject("part", part)


def usable_seats(area: Area) -> Range:
    """Returns the seats that may be sold in an area: all, less unusable and restricted ones."""
    unusable = (known(area.seats_unusable) or Range.exactly(0)) + (
        known(area.seats_restricted_view) or Range.exactly(0)
    )
    return (known(area.seats) or Range.exactly(0)).less(unusable)


def name_of(properties: Any, feature_id: str) -> Text:
    """Returns the name of a feature, or its id."""
    return getattr(properties, "name", None) or feature_id


def profile_assumption(profile: FlowProfile) -> Message:
    """Returns the sentence that names the flow profile a number rests on."""
    return Message(
        N_(
            "Flow after {title}, {edition}: {level} people per metre and minute on the level, {stairs} on stairs."
        ),
        {
            "title": profile.title,
            "edition": profile.edition,
            "level": profile.level_flow_per_m_min,
            "stairs": profile.stairs_flow_per_m_min,
        },
    )
