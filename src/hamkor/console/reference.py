# SPDX-License-Identifier: Apache-2.0
"""What the console knows beside the live documents: the plan, the drawing, the parties, the person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec

from hamkor.agencies.queries import list_agencies
from hamkor.agencies.queries.people import PersonShown, list_people_at
from hamkor.agencies.rules import RIGHTS, Viewer, agencies_operated_by, may, may_see_medical
from hamkor.alarms.rules.profiles import alarm_profile
from hamkor.common.i18n import pick_name
from hamkor.console.limits import BODY_MAX_BYTES
from hamkor.console.opening import EventPage
from hamkor.console.presenting import encode
from hamkor.console.reference_plan import (
    announcements_shown,
    channels_shown,
    contingency_shown,
    duties_shown,
    hazards_shown,
    in_zone,
    incident_type_shown,
    links_shown,
    nominal,
    posts_shown,
    stops_shown,
    text_in,
)
from hamkor.discussions.rules.uploads import FIELD, KINDS
from hamkor.incidents.rules.types import INCIDENT_CODES, type_of
from hamkor.journal.rules import Documents
from hamkor.operation.rules.stops import stop_options
from hamkor.orders.rules.messages import ATTACHMENTS_MAX
from hamkor.plans.rules.naming import title_of
from hamkor.plans.rules.plan import Plan
from hamkor.telemetry.rules.readings import MEASURES
from hamkor.units.rules.proposing import count_planned_units
from hamkor.venues.rules.features import Feature
from hamkor.venues.rules.geometry import iter_positions

# Of a feature, what the map and the tables of gates need beside its name.
_FIGURES = {
    "width": ("clear_width_m",),
    "capacity": ("assessed_capacity", "stated_capacity", "capacity", "capacity_per_h", "seats"),
}
_PLAIN = (
    "level",
    "use",
    "device",
    "post",
    "from_",
    "to",
    "lanes",
    "purpose",
    "structure",
    "covers",
    "part_of",
)


def shared_reference(page: EventPage, language: str) -> bytes:
    """Returns as JSON what the console knows of an event, the same for all with the same rights and names.

    Args:
        page: The event as the person sees it.
        language: Language of all texts.
    """
    plan = page.plan
    found = {
        "language": language,
        "event": _event(plan, language),
        "agencies": _agencies(language),
        "features": {"type": "FeatureCollection", "features": list(_features(plan, language))},
        "center": _center(plan),
        "people": _people(page, language),
        "accounts": _accounts(page.stream, page.viewer),
        "posts": posts_shown(plan, language),
        "duties": duties_shown(plan, language),
        "contingencies": [contingency_shown(each, language) for each in plan.contingencies or ()],
        "hazards": hazards_shown(plan, language),
        "stops": stops_shown(plan, language),
        "channels": channels_shown(plan, language),
        "links": links_shown(plan, language),
        "incident_types": [
            incident_type_shown(each, plan, language) for code in INCIDENT_CODES if (each := type_of(code))
        ],
        "measures": list(MEASURES),
        "planned_units": count_planned_units(page.documents),
        "announcements": announcements_shown(),
        "limits": _limits(),
    }
    return encode(found)


def _limits() -> dict[str, Any]:
    shelf = alarm_profile().shelf_minutes
    return {
        "shelf_minutes": {str(priority): most for priority, most in shelf.items()},
        "command_bytes": BODY_MAX_BYTES,
        "files": ATTACHMENTS_MAX,
        "file_bytes": FIELD.most_bytes,
        "file_text_bytes": FIELD.most_text_bytes,
        "file_endings": [ending for kind in KINDS for ending in kind.extensions],
        "file_text_endings": [ending for kind in KINDS if kind.form == "text" for ending in kind.extensions],
    }


def viewer_shown(viewer: Viewer, documents: Documents) -> dict[str, Any]:
    """Returns the person: what they may, for which agencies they act, and by which authorities they may stop."""
    options = [option for option in stop_options(documents, viewer) if option.standing is not None]
    return {
        "person": viewer.person,
        "agency": viewer.agency,
        "roles": list(viewer.roles),
        "rights": [right for right in RIGHTS if may(viewer, right)],
        "operates": sorted(agencies_operated_by(viewer)),
        "sees_medical": may_see_medical(viewer),
        "stops": [option.authority.id for option in options if option.authority is not None],
    }


def _event(plan: Plan, language: str) -> dict[str, Any]:
    event = plan.event
    programme = [
        {
            "id": item.id,
            "title": text_in(item.title, language),
            "starts_at": in_zone(item.starts_at, event.time_zone),
            "ends_at": in_zone(item.ends_at, event.time_zone),
            "place": item.place,
            "critical": item.critical,
        }
        for item in event.programme or ()
    ]
    return {
        "name": text_in(event.name, language),
        "starts_at": in_zone(event.starts_at, event.time_zone),
        "ends_at": in_zone(event.ends_at, event.time_zone),
        "doors_open_at": in_zone(event.doors_open_at, event.time_zone),
        "clear_by": in_zone(event.clear_by, event.time_zone),
        "place": text_in(event.place.name, language) if event.place else None,
        "zone": event.time_zone,
        "programme": programme,
    }


def _agencies(language: str) -> list[dict[str, Any]]:
    return [
        {
            "code": agency.code,
            "name": pick_name(agency.names, language),
            "short": pick_name(agency.short_names, language),
            "number": agency.emergency_number,
        }
        for agency in list_agencies()
    ]


def _features(plan: Plan, language: str) -> Iterator[dict[str, Any]]:
    for feature in plan.venue.features if plan.venue else ():
        yield {
            "type": "Feature",
            "id": feature.id,
            "geometry": None if feature.geometry is None else msgspec.to_builtins(feature.geometry),
            "properties": _properties(feature, language),
        }


def _properties(feature: Feature, language: str) -> dict[str, Any]:
    given = feature.properties
    shown: dict[str, Any] = {
        "id": feature.id,
        "kind": str(given.__struct_config__.tag),
        "name": text_in(title_of(feature, fallback=feature.id), language),
    }
    for name in _PLAIN:
        value = getattr(given, name, None)
        if value is not None:
            shown[name.rstrip("_")] = _plain(value, language)
    for name, fields in _FIGURES.items():
        values = (nominal(getattr(given, field, None)) for field in fields)
        shown[name] = next((value for value in values if value is not None), None)
    return shown


def _plain(value: Any, language: str) -> Any:
    """Returns a value of a feature; where a route begins and ends is a text, which areas a gate joins are ids."""
    is_by_language = isinstance(value, dict) and value.keys() <= {"uz", "uz-Cyrl", "ru", "en"}
    return pick_name(value, language) if is_by_language and value else value


def _center(plan: Plan) -> list[float] | None:
    """Returns the middle of the drawing, None when nothing is drawn."""
    shapes = [feature.geometry for feature in (plan.venue.features if plan.venue else ()) if feature.geometry]
    positions = [position for shape in shapes for position in iter_positions(shape)]
    if not positions:
        return None
    east, north = [position[0] for position in positions], [position[1] for position in positions]
    return [(min(east) + max(east)) / 2, (min(north) + max(north)) / 2]


def _people(page: EventPage, language: str) -> list[dict[str, Any]]:
    """Returns the people of the plan; names are only in the plan of who may see them."""
    return [
        {
            "id": person.id,
            "agency": person.agency,
            "position": text_in(person.position, language),
            "name": person.name,
        }
        for person in page.plan.people or ()
    ]


def _accounts(stream: UUID, viewer: Viewer) -> list[dict[str, Any]]:
    """Returns who holds a role here, so that “who did it” can be shown: by office to those who may not see names."""
    sees_names = may(viewer, "see_personal")
    found: dict[str, tuple[PersonShown, str, list[str]]] = {}
    for row, person in list_people_at(stream):
        known_person = found.setdefault(person.reference, (person, row.agency, []))
        known_person[2].append(row.role)
    return [
        {
            "id": reference,
            "agency": agency,
            "position": person.position,
            "roles": roles,
            "name": person.name if sees_names else None,
        }
        for reference, (person, agency, roles) in found.items()
    ]
