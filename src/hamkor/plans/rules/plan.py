# SPDX-License-Identifier: Apache-2.0
"""The whole plan of one event, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from hamkor.events.rules import Attendance, Event, Legal
from hamkor.plans.rules.readiness import (
    Communications,
    Contingency,
    ForceMeasure,
    HazardEntry,
    Inspection,
    PastEvent,
    Segregation,
    StopAuthority,
    WarningReceived,
)
from hamkor.plans.rules.roster import Duty, Force, Mean, Person, Post, Task
from hamkor.plans.rules.services import Effect, Medical, Sanitation, Weather
from hamkor.venues.rules.features import Venue


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known about an event before it begins. A part that is None is unknown; an empty one is empty."""

    event: Event
    attendance: Attendance | None = None
    legal: Legal | None = None
    venue: Venue | None = None
    people: tuple[Person, ...] | None = None
    duties: tuple[Duty, ...] | None = None
    tasks: tuple[Task, ...] | None = None
    posts: tuple[Post, ...] | None = None
    staffing: tuple[Force, ...] | None = None
    means: tuple[Mean, ...] | None = None
    communications: Communications | None = None
    hazards: tuple[HazardEntry, ...] | None = None
    contingencies: tuple[Contingency, ...] | None = None
    stop: tuple[StopAuthority, ...] | None = None
    warnings: tuple[WarningReceived, ...] | None = None
    force: tuple[ForceMeasure, ...] | None = None
    segregation: tuple[Segregation, ...] | None = None
    inspections: tuple[Inspection, ...] | None = None
    history: tuple[PastEvent, ...] | None = None
    medical: Medical | None = None
    sanitation: Sanitation | None = None
    weather: Weather | None = None
    effects: tuple[Effect, ...] | None = None


class Part(msgspec.Struct, frozen=True):
    """One part of a plan: its name, the struct of it or of its items, and whether it is a list.

    Args:
        name: Name in the plan and of its file.
        body: Struct of the part, or of one item.
        is_list: True when the part holds items with ids.
        document: Kind of its documents in the record.
    """

    name: str
    body: type[msgspec.Struct]
    is_list: bool
    document: str


PARTS: tuple[Part, ...] = (
    Part("event", Event, False, "event"),
    Part("attendance", Attendance, False, "attendance"),
    Part("legal", Legal, False, "legal"),
    Part("people", Person, True, "person"),
    Part("duties", Duty, True, "duty"),
    Part("tasks", Task, True, "task"),
    Part("posts", Post, True, "post"),
    Part("staffing", Force, True, "force"),
    Part("means", Mean, True, "mean"),
    Part("communications", Communications, False, "communications"),
    Part("hazards", HazardEntry, True, "hazard"),
    Part("contingencies", Contingency, True, "contingency"),
    Part("stop", StopAuthority, True, "stop_authority"),
    Part("warnings", WarningReceived, True, "warning"),
    Part("force", ForceMeasure, True, "force_measure"),
    Part("segregation", Segregation, True, "segregation"),
    Part("inspections", Inspection, True, "inspection"),
    Part("history", PastEvent, True, "past_event"),
    Part("medical", Medical, False, "medical"),
    Part("sanitation", Sanitation, False, "sanitation"),
    Part("weather", Weather, False, "weather"),
    Part("effects", Effect, True, "effect"),
)
VENUE_PART = Part("venue", Venue, False, "feature")


def iter_items(plan: Plan, part: Part) -> Iterator[Any]:
    """Returns the items of a list part, none when it is unknown."""
    yield from getattr(plan, part.name) or ()
