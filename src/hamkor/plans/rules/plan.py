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
    """Everything known before an event. A part that is None is unknown; an empty one is empty."""

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
        document: Kind of its documents in the record.
        is_list: True when the part holds items with ids.
    """

    name: str
    body: type[msgspec.Struct]
    document: str
    is_list: bool = False


PARTS: tuple[Part, ...] = (
    Part("event", Event, "event"),
    Part("attendance", Attendance, "attendance"),
    Part("legal", Legal, "legal"),
    Part("people", Person, "person", is_list=True),
    Part("duties", Duty, "duty", is_list=True),
    Part("tasks", Task, "task", is_list=True),
    Part("posts", Post, "post", is_list=True),
    Part("staffing", Force, "force", is_list=True),
    Part("means", Mean, "mean", is_list=True),
    Part("communications", Communications, "communications"),
    Part("hazards", HazardEntry, "hazard", is_list=True),
    Part("contingencies", Contingency, "contingency", is_list=True),
    Part("stop", StopAuthority, "stop_authority", is_list=True),
    Part("warnings", WarningReceived, "warning", is_list=True),
    Part("force", ForceMeasure, "force_measure", is_list=True),
    Part("segregation", Segregation, "segregation", is_list=True),
    Part("inspections", Inspection, "inspection", is_list=True),
    Part("history", PastEvent, "past_event", is_list=True),
    Part("medical", Medical, "medical"),
    Part("sanitation", Sanitation, "sanitation"),
    Part("weather", Weather, "weather"),
    Part("effects", Effect, "effect", is_list=True),
)


def iter_items(plan: Plan, part: Part) -> Iterator[Any]:
    """Returns the items of a list part, none when it is unknown."""
    yield from getattr(plan, part.name) or ()
