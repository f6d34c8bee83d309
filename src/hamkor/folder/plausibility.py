# SPDX-License-Identifier: Apache-2.0
"""Numbers and names nobody can have meant: millimetres for metres, areas inside themselves, zones of other planets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from hamkor.common.figures import range_of
from hamkor.common.messages import N_, Message
from hamkor.common.validation import suggest
from hamkor.crowd.rules.inputs import list_bounds
from hamkor.folder.rules import Fault
from hamkor.plans.rules.plan import Plan
from hamkor.venues.rules.features import Area, Route, Venue

VENUE_FILE = "venue.geojson"
# Keys of the drawing and the bounds in which the rules of the crowd believe them.
BOUND_OF = {"clear_width_m": "width_m", "rate_per_h": "rate_per_h"}


def find_implausible(plan: Plan) -> list[Fault]:
    """Returns the faults of numbers, areas and zones that cannot be meant."""
    faults = list(_zone_faults(plan))
    if plan.venue is not None:
        faults += _number_faults(plan.venue)
        faults += _part_faults(plan.venue)
    return faults


def _zone_faults(plan: Plan) -> Iterator[Fault]:
    zone = plan.event.time_zone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zones = sorted(
            available_timezones()
        )  # slow, and empty on a system without the table: then it cannot tell
        if zones:
            near = suggest(zone, zones)
            text = N_("There is no time zone `{zone}`. {suggestion}")
            facts = {"zone": zone, "suggestion": near if "word" in near.facts else Message("")}
            yield Fault("unknown-zone", "event.yaml", "time_zone", None, Message(text, facts))


def _number_faults(venue: Venue) -> Iterator[Fault]:
    for index, feature in enumerate(venue.features):
        place = f"features[{index}].properties"
        yield from _beyond_belief(place, feature.properties)
        if isinstance(feature.properties, Route):
            for number, section in enumerate(feature.properties.sections or ()):
                yield from _beyond_belief(f"{place}.sections[{number}]", section)


def _beyond_belief(place: str, record: Any) -> Iterator[Fault]:
    for key, bound_name in BOUND_OF.items():
        figure = getattr(record, key, None)
        if figure is None:
            continue
        value, bound = range_of(figure), list_bounds()[bound_name]
        if value.low < bound.low or value.high > bound.high:
            text = N_("{value} cannot be meant: it must lie between {low} and {high}. Check the unit.")
            shown = value.high if value.high > bound.high else value.low
            facts = {"value": shown, "low": bound.low, "high": bound.high}
            yield Fault("beyond-belief", VENUE_FILE, f"{place}.{key}", None, Message(text, facts))


def _part_faults(venue: Venue) -> Iterator[Fault]:
    wholes = {
        feature.id: feature.properties.part_of
        for feature in venue.features
        if isinstance(feature.properties, Area)
    }
    for index, feature in enumerate(venue.features):
        whole = wholes.get(feature.id)
        if whole is None:
            continue
        place = f"features[{index}].properties.part_of"
        if whole not in wholes:
            text = N_("There is no area `{id}` on the drawing. {suggestion}")
            facts = {"id": whole, "suggestion": suggest(whole, list(wholes))}
            yield Fault("unknown-area", VENUE_FILE, place, None, Message(text, facts))
        elif _contains_itself(feature.id, wholes):
            text = N_("`{id}` is a part of itself. Name the larger area, or leave the key out.")
            yield Fault("part-of-itself", VENUE_FILE, place, None, Message(text, {"id": feature.id}))


def _contains_itself(area_id: str, wholes: dict[str, str | None]) -> bool:
    seen, current = {area_id}, wholes.get(area_id)
    while current is not None and current not in seen:
        seen.add(current)
        current = wholes.get(current)
    return current == area_id
