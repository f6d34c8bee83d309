# SPDX-License-Identifier: Apache-2.0
"""What the console knows beside the live documents: the plan, the drawing, the parties, the person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from hamkor.agencies.queries import list_agencies
from hamkor.agencies.queries.people import PersonShown, list_people_at
from hamkor.agencies.rules import RIGHTS, Viewer, agencies_operated_by, may, may_see_medical
from hamkor.common.figures import known
from hamkor.common.i18n import pick_name, translate
from hamkor.common.records import Text
from hamkor.console.limits import BODY_MAX_BYTES
from hamkor.console.opening import EventPage
from hamkor.console.presenting import encode
from hamkor.hazards.queries import list_hazards
from hamkor.incidents.rules.types import INCIDENT_CODES, IncidentType, type_of
from hamkor.norms.queries import DutyUnknownError, get_duty
from hamkor.plans.rules.naming import title_of
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.readiness import Contingency
from hamkor.printing.words import word
from hamkor.telemetry.rules.readings import MEASURES
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
        "posts": _posts(plan, language),
        "duties": _duties(plan, language),
        "contingencies": [_contingency(each, language) for each in plan.contingencies or ()],
        "hazards": _hazards(plan, language),
        "stops": _stops(plan, language),
        "channels": _channels(plan, language),
        "links": _links(plan, language),
        "incident_types": [
            _incident_type(each, plan, language) for code in INCIDENT_CODES if (each := type_of(code))
        ],
        "measures": list(MEASURES),
        "limits": {"command_bytes": BODY_MAX_BYTES},
    }
    return encode(found)


def viewer_shown(viewer: Viewer) -> dict[str, Any]:
    """Returns the person: what they may, and for which agencies they act."""
    return {
        "person": viewer.person,
        "agency": viewer.agency,
        "roles": list(viewer.roles),
        "rights": [right for right in RIGHTS if may(viewer, right)],
        "operates": sorted(agencies_operated_by(viewer)),
        "sees_medical": may_see_medical(viewer),
    }


def _text(text: Text | None, language: str) -> str | None:
    return None if text is None else pick_name(text, language)  # type: ignore[arg-type]  # keys are languages


def _nominal(figure: Any) -> float | None:
    found = known(figure)
    return None if found is None else found.nominal


def _event(plan: Plan, language: str) -> dict[str, Any]:
    event = plan.event
    programme = [
        {
            "id": item.id,
            "title": _text(item.title, language),
            "starts_at": in_zone(item.starts_at, event.time_zone),
            "ends_at": in_zone(item.ends_at, event.time_zone),
            "place": item.place,
            "critical": item.critical,
        }
        for item in event.programme or ()
    ]
    return {
        "name": _text(event.name, language),
        "starts_at": in_zone(event.starts_at, event.time_zone),
        "ends_at": in_zone(event.ends_at, event.time_zone),
        "doors_open_at": in_zone(event.doors_open_at, event.time_zone),
        "clear_by": in_zone(event.clear_by, event.time_zone),
        "place": _text(event.place.name, language) if event.place else None,
        "zone": event.time_zone,
        "programme": programme,
    }


def in_zone(local: datetime | None, zone: str) -> datetime | None:
    """Returns a local time of the plan as an aware moment; in UTC when the zone is not known here."""
    if local is None:
        return None
    try:
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ZoneInfoNotFoundError, ValueError):
        return local.replace(tzinfo=UTC)


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
        "name": _text(title_of(feature, fallback=feature.id), language),
    }
    for name in _PLAIN:
        value = getattr(given, name, None)
        if value is not None:
            shown[name.rstrip("_")] = _plain(value, language)
    for name, fields in _FIGURES.items():
        values = (_nominal(getattr(given, field, None)) for field in fields)
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
            "position": _text(person.position, language),
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


def _posts(plan: Plan, language: str) -> list[dict[str, Any]]:
    zone = plan.event.time_zone
    return [
        {
            "id": post.id,
            "title": _text(post.title, language),
            "role": post.role,
            "role_word": word(post.role, language),
            "agency": post.agency,
            "place": list(post.place),
            "needed": _nominal(post.needed),
            "critical": post.critical,
            "starts_at": in_zone(post.starts_at, zone),
            "ends_at": in_zone(post.ends_at, zone),
        }
        for post in plan.posts or ()
    ]


def _duties(plan: Plan, language: str) -> list[dict[str, Any]]:
    return [
        {
            "id": duty.id,
            "title": _text(duty.title, language) or _catalogue_title(duty.catalogue, language) or duty.id,
            "agency": next(iter(duty.accountable or ()), None),
        }
        for duty in plan.duties or ()
    ]


def _catalogue_title(key: str | None, language: str) -> str | None:
    if key is None:
        return None
    try:
        return pick_name(get_duty(key).title, language)
    except DutyUnknownError:
        return None


def _contingency(found: Contingency, language: str) -> dict[str, Any]:
    steps = [
        {"action": _text(step.action, language), "owner": step.owner, "within_min": step.within_min}
        for step in found.steps or ()
    ]
    message = {"": found.message} if isinstance(found.message, str) else found.message
    return {
        "id": found.id,
        "title": _text(found.title, language),
        "trigger": _text(found.trigger, language),
        "decides": found.decides,
        "steps": steps,
        "message": message or {},
    }


def _hazards(plan: Plan, language: str) -> list[dict[str, Any]]:
    """Returns the hazards that have a place; the others are read in the plan."""
    names = {each.id: each.names for each in list_hazards()}
    return [
        {
            "id": hazard.id,
            "title": _text(hazard.title or names.get(hazard.catalogue or ""), language) or hazard.id,
            "place": list(hazard.place),
            "agency": hazard.owner,
            "likelihood": hazard.likelihood,
            "impact": hazard.impact,
            "contingencies": list(hazard.contingencies or ()),
        }
        for hazard in plan.hazards or ()
        if hazard.place
    ]


def _stops(plan: Plan, language: str) -> list[dict[str, Any]]:
    return [
        {
            "id": stop.id,
            "holder": stop.holder,
            "deputy": stop.deputy,
            "agency": stop.agency,
            "may": list(stop.may),
            "signs": [_text(sign, language) for sign in stop.signs or ()],
            "steps": list(stop.steps or ()),
            "within_min": _nominal(stop.within_min),
            "channel": stop.channel,
        }
        for stop in plan.stop or ()
    ]


def _channels(plan: Plan, language: str) -> list[dict[str, Any]]:
    found = plan.communications.channels if plan.communications else None
    return [
        {
            "id": channel.id,
            "title": _text(channel.title, language) or word(channel.sort, language),
            "sort": channel.sort,
            "network": channel.network,
            "works": channel.works,
        }
        for channel in found or ()
    ]


def _links(plan: Plan, language: str) -> list[dict[str, Any]]:
    found = plan.communications.links if plan.communications else None
    return [
        {
            "id": link.id,
            "title": _text(link.title, language),
            "between": list(link.between),
            "critical": link.critical,
            "ways": [
                way
                for way in (link.primary, link.alternate, link.contingency, link.emergency)
                if way is not None and way != "none"
            ],
        }
        for link in found or ()
    ]


def _incident_type(found: IncidentType, plan: Plan, language: str) -> dict[str, Any]:
    hazards = {
        each.id for each in plan.hazards or () if each.id in found.hazards or each.catalogue in found.hazards
    }
    return {
        "code": found.code,
        "name": translate(found.name, language),
        "priority": found.priority,
        "agency": found.agency,
        "prompts": [
            {"key": each.key, "question": translate(each.question, language), "needed": each.is_needed}
            for each in found.prompts
        ],
        "contingencies": [each.id for each in plan.contingencies or () if hazards & set(each.hazards)],
    }
