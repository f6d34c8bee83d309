# SPDX-License-Identifier: Apache-2.0
"""What the files must agree on between themselves before anything can be computed from them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.common.validation import suggest
from hamkor.events.rules import Place
from hamkor.folder.plausibility import find_implausible
from hamkor.folder.rules import Fault
from hamkor.plans.rules.plan import PARTS, Plan, iter_items
from hamkor.venues.queries import Box, find_country_box
from hamkor.venues.rules.features import OUTSIDE, Area, Opening, Passage, Turnstiles, Venue
from hamkor.venues.rules.geometry import (
    find_centre,
    find_shape_fault,
    plane_around,
    refuse_impossible_extent,
)

VENUE_FILE = "venue.geojson"


def find_faults(plan: Plan) -> list[Fault]:
    """Returns what makes the files contradict themselves: ids that stand twice, drawings that cannot be measured.

    Notes:
        References to people, posts or features that do not exist are findings of the checks, not faults here:
        a plan in the making has them, and can be checked all the same.
    """
    faults = [*_duplicate_ids(plan), *find_implausible(plan)]
    if plan.venue is not None:
        faults += list(_venue_faults(plan.venue))
        faults += list(_swapped_coordinates(plan.venue, plan.event.place))
    return faults


def _duplicate_ids(plan: Plan) -> Iterator[Fault]:
    for part in PARTS:
        if part.is_list:
            yield from _duplicates(f"{part.name}.yaml", part.name, list(iter_items(plan, part)))
    yield from _duplicates("event.yaml", "programme", list(plan.event.programme or ()))
    if plan.legal is not None:
        yield from _duplicates("legal.yaml", "waivers", list(plan.legal.waivers or ()))
    if plan.communications is not None:
        for key in ("channels", "links"):
            items = list(getattr(plan.communications, key) or ())
            yield from _duplicates("communications.yaml", key, items)
    if plan.venue is not None:
        yield from _duplicates(VENUE_FILE, "features", list(plan.venue.features))


def _duplicates(file: str, key: str, items: list[Any]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for index, item in enumerate(items):
        if item.id in first:
            yield Fault(
                "duplicate-id",
                file,
                f"{key}[{index}]",
                None,
                Message(
                    N_("The id `{id}` is already used by number {first}. Give each its own id."),
                    {"id": item.id, "first": first[item.id] + 1},
                ),
            )
        first.setdefault(item.id, index)


def _venue_faults(venue: Venue) -> Iterator[Fault]:
    if not venue.features:
        yield _fault("no-features", "features", N_("The drawing has no features. Remove the file or draw."))
        return
    areas = [feature.id for feature in venue.features if isinstance(feature.properties, Area)]
    for index, feature in enumerate(venue.features):
        if feature.id == OUTSIDE:
            yield _fault(
                "reserved-id",
                f"features[{index}]",
                N_("`outside` means the world around. Choose another id."),
            )
        if isinstance(feature.properties, (Opening, Passage, Turnstiles)):
            yield from _connection_faults(f"features[{index}].properties", feature.properties, areas)
    yield from _geometry_faults(venue)


def _connection_faults(
    place: str, properties: Opening | Passage | Turnstiles, areas: list[str]
) -> Iterator[Fault]:
    for key, end in (("from", properties.from_), ("to", properties.to)):
        if end != OUTSIDE and end not in areas:
            yield Fault(
                "unknown-area",
                VENUE_FILE,
                f"{place}.{key}",
                None,
                Message(
                    N_("There is no area `{id}` on the drawing. {suggestion}"),
                    {"id": end, "suggestion": _suggest_area(end, areas)},
                ),
            )
    if properties.from_ == properties.to:
        yield _fault("leads-nowhere", place, N_("It leads from an area into the same area. Correct one end."))


def _suggest_area(end: str, areas: list[str]) -> Message:
    if difflib.get_close_matches(end, areas, n=1) or len(areas) <= 20:
        return suggest(end, [*areas, OUTSIDE])
    return Message(N_("Add a feature of kind `area` with this id, or write `outside`."))


def _geometry_faults(venue: Venue) -> Iterator[Fault]:
    geometries = [feature.geometry for feature in venue.features if feature.geometry is not None]
    centre = find_centre(geometries)
    if centre is None:
        return
    try:
        refuse_impossible_extent(geometries)
    except HamkorError as error:
        yield Fault(error.code, VENUE_FILE, "features", None, error.message)
        return
    plane = plane_around(centre)
    for index, feature in enumerate(venue.features):
        reason = find_shape_fault(feature.geometry, plane) if feature.geometry is not None else None
        if reason is not None:
            yield _fault(
                "bad-outline",
                f"features[{index}].geometry",
                N_("The outline of `{id}` cannot be measured: {reason}. Draw it again."),
                id=feature.id,
                reason=_reason_shown(reason),
            )


def _reason_shown(reason: str) -> Message:
    crossing = re.fullmatch(r"(?:Ring )?Self-intersection\[.*\]", reason)
    return Message(N_("it crosses itself")) if crossing else Message(reason)


def _swapped_coordinates(venue: Venue, place: Place | None) -> Iterator[Fault]:
    """Names a drawing that lies in the event's country only when latitude and longitude change places."""
    country = place.country if place is not None else None
    box = find_country_box(country) if country is not None else None
    centre = find_centre(feature.geometry for feature in venue.features if feature.geometry is not None)
    if box is None or centre is None:
        return
    longitude_deg, latitude_deg = centre
    if not _is_in(box, longitude_deg, latitude_deg) and _is_in(box, latitude_deg, longitude_deg):
        yield _fault(
            "swapped-coordinates",
            "features",
            N_(
                "The drawing lies outside {country}, but inside it when the numbers of each position are swapped. "
                "Write longitude first, then latitude: [{longitude}, {latitude}]."
            ),
            country=country,
            longitude=latitude_deg,
            latitude=longitude_deg,
        )


def _is_in(box: Box, longitude_deg: float, latitude_deg: float) -> bool:
    west, south, east, north = box
    return west <= longitude_deg <= east and south <= latitude_deg <= north


def _fault(code: str, place: str, template: str, **facts: Any) -> Fault:
    return Fault(code, VENUE_FILE, place, None, Message(template, facts))
