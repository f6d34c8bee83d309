# SPDX-License-Identifier: Apache-2.0
"""Every place where a plan refers to something by id, and whether that exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import msgspec

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Subject
from hamkor.checks.rules.naming import duties_of_catalogue
from hamkor.hazards.queries import list_hazards
from hamkor.norms.queries import list_norms
from hamkor.plans.rules.plan import PARTS, Plan, iter_items
from hamkor.venues.rules.features import (
    Attractor,
    Device,
    Opening,
    Passage,
    PostPlace,
    Route,
    Structure,
    Turnstiles,
)

Target = Literal[
    "person",
    "post",
    "feature",
    "duty",
    "task",
    "hazard",
    "contingency",
    "channel",
    "catalogue_duty",
    "catalogue_hazard",
    "norm",
]
# Part of the plan that holds the things referred to.
PART_OF: dict[Target, str] = {
    "person": "people",
    "post": "posts",
    "feature": "venue",
    "duty": "duties",
    "task": "tasks",
    "hazard": "hazards",
    "contingency": "contingencies",
    "channel": "communications",
}


class Reference(msgspec.Struct, frozen=True):
    """One id written in a plan that means something else in it.

    Args:
        owner: What refers.
        key: Key it is written under.
        target: What sort of thing is meant.
        id: The id.
    """

    owner: Subject
    key: str
    target: Target
    id: str


# Keys of the parts that are lists: (part, key, what is meant). A key may hold one id or several.
_KEYS: tuple[tuple[str, str, Target], ...] = (
    ("duties", "person", "person"),
    ("duties", "deputy", "person"),
    ("duties", "place", "feature"),
    ("duties", "catalogue", "catalogue_duty"),
    ("duties", "norms", "norm"),
    ("tasks", "person", "person"),
    ("tasks", "after", "task"),
    ("tasks", "duty", "duty"),
    ("tasks", "place", "feature"),
    ("posts", "place", "feature"),
    ("means", "place", "feature"),
    ("hazards", "person", "person"),
    ("hazards", "place", "feature"),
    ("hazards", "contingencies", "contingency"),
    ("hazards", "catalogue", "catalogue_hazard"),
    ("contingencies", "hazards", "hazard"),
    ("stop", "channel", "channel"),
    ("warnings", "about", "feature"),
    ("force", "place", "feature"),
    ("inspections", "about", "feature"),
    ("history", "place", "feature"),
    ("effects", "area", "feature"),
)
_NAMES = ("title", "subject", "text", "name")


def list_references(plan: Plan) -> list[Reference]:
    """Returns every reference of a plan, in the order of its parts."""
    return [*_of_event(plan), *_of_lists(plan), *_of_communications(plan), *_of_venue(plan)]


def known_ids(context: Context) -> dict[Target, set[str] | None]:
    """Returns the ids that exist of each sort; None when the part that holds them is unknown."""
    plan = context.plan
    channels = plan.communications.channels if plan.communications is not None else None
    return {
        "person": _ids(plan.people),
        "post": _ids(plan.posts),
        "feature": _ids(plan.venue.features if plan.venue is not None else None),
        "duty": _ids(plan.duties),
        "task": _ids(plan.tasks),
        "hazard": _ids(plan.hazards),
        "contingency": _ids(plan.contingencies),
        "channel": _ids(channels),
        "catalogue_duty": set(duties_of_catalogue()),
        "catalogue_hazard": {hazard.id for hazard in list_hazards()},
        "norm": {norm.id for norm in list_norms()},
    }


def _ids(items: Iterable[Any] | None) -> set[str] | None:
    return None if items is None else {item.id for item in items}


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value != "none":
            yield value
    elif value is not None:
        yield from value


def _made(owner: Subject, key: str, target: Target, value: Any) -> Iterator[Reference]:
    for item_id in _values(value):
        yield Reference(owner, key, target, item_id)


def _owner(kind: str, item: Any) -> Subject:
    name = next((getattr(item, key) for key in _NAMES if getattr(item, key, None) is not None), None)
    return Subject(kind, item.id, name)


def _of_event(plan: Plan) -> Iterator[Reference]:
    event = plan.event
    owner = Subject("event", event.id, event.name)
    for key in ("organiser", "venue_operator"):
        body = getattr(event, key)
        if body is not None and body != "none":
            yield from _made(owner, f"{key}.person", "person", body.person)
            yield from _made(owner, f"{key}.event_safety_manager", "person", body.event_safety_manager)
    for row in event.agencies or ():
        yield from _made(owner, "agencies.liaison", "person", row.liaison)
    for item in event.programme or ():
        yield from _made(owner, "programme.place", "feature", item.place)
    for area in (plan.attendance.by_area if plan.attendance is not None else None) or ():
        yield from _made(Subject("part", "attendance"), "by_area.area", "feature", area.area)
    if plan.medical is not None:
        yield from _made(Subject("part", "medical"), "commander", "person", plan.medical.commander)
        yield from _made(Subject("part", "medical"), "access_route", "feature", plan.medical.access_route)


def _of_lists(plan: Plan) -> Iterator[Reference]:
    for part in PARTS:
        keys = [(key, target) for name, key, target in _KEYS if name == part.name]
        if not part.is_list:
            continue
        for item in iter_items(plan, part):
            owner = _owner(part.document, item)
            for key, target in keys:
                yield from _made(owner, key, target, getattr(item, key))
            for shift in getattr(item, "shifts", ()):
                yield Reference(owner, "shifts.person", "person", shift.person)
            for places in getattr(item, "groups", {}).values():
                yield from _made(owner, "groups", "feature", places)


def _of_communications(plan: Plan) -> Iterator[Reference]:
    links = (plan.communications.links if plan.communications is not None else None) or ()
    for link in links:
        owner = Subject("link", link.id, link.title)
        for key in ("primary", "alternate", "contingency", "emergency"):
            yield from _made(owner, key, "channel", getattr(link, key))


def _of_venue(plan: Plan) -> Iterator[Reference]:
    for feature in plan.venue.features if plan.venue is not None else ():
        properties = feature.properties
        kind = str(properties.__struct_config__.tag)
        owner = Subject(kind, feature.id, getattr(properties, "name", None))
        if isinstance(properties, (Opening, Passage, Turnstiles)):
            yield from _made(owner, "staffed_by", "post", properties.staffed_by)
        elif isinstance(properties, Route):
            yield from _made(owner, "kept_clear_by", "post", properties.kept_clear_by)
            sections = [item for item in properties.sections or () if isinstance(item, str)]
            yield from _made(owner, "sections", "feature", sections)
        elif isinstance(properties, PostPlace):
            yield from _made(owner, "post", "post", properties.post)
        elif isinstance(properties, Device):
            yield from _made(owner, "covers", "feature", properties.covers)
        elif isinstance(properties, (Structure, Attractor)):
            yield from _made(owner, "near", "feature", properties.near)
