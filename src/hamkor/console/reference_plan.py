# SPDX-License-Identifier: Apache-2.0
"""Parts of the plan as the console knows them, in one language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hamkor.common.figures import known
from hamkor.common.i18n import pick_name, translate
from hamkor.common.records import Text
from hamkor.hazards.queries import list_hazards
from hamkor.incidents.rules.types import IncidentType
from hamkor.norms.queries import DutyUnknownError, get_duty
from hamkor.operation.rules.announcing import WORDS_OF_ACTION, in_all_languages
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.readiness import Contingency
from hamkor.printing.words import word


def text_in(text: Text | dict[str, str] | None, language: str) -> str | None:
    """Returns a text of the plan in a language."""
    return None if text is None else pick_name(text, language)  # type: ignore[arg-type]  # keys are languages


def nominal(figure: Any) -> float | None:
    """Returns the likeliest number of a figure, None when it is not known."""
    found = known(figure)
    return None if found is None else found.nominal


def in_zone(local: datetime | None, zone: str) -> datetime | None:
    """Returns a local time of the plan as an aware moment; in UTC when the zone is not known here."""
    if local is None:
        return None
    try:
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ZoneInfoNotFoundError, ValueError):
        return local.replace(tzinfo=UTC)


def posts_shown(plan: Plan, language: str) -> list[dict[str, Any]]:
    """Returns the posts of the plan."""
    zone = plan.event.time_zone
    return [
        {
            "id": post.id,
            "title": text_in(post.title, language),
            "role": post.role,
            "role_word": word(post.role, language),
            "agency": post.agency,
            "place": list(post.place),
            "needed": nominal(post.needed),
            "critical": post.critical,
            "starts_at": in_zone(post.starts_at, zone),
            "ends_at": in_zone(post.ends_at, zone),
        }
        for post in plan.posts or ()
    ]


def duties_shown(plan: Plan, language: str) -> list[dict[str, Any]]:
    """Returns the duties of the plan."""
    return [
        {
            "id": duty.id,
            "title": text_in(duty.title, language) or _catalogue_title(duty.catalogue, language) or duty.id,
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


def contingency_shown(found: Contingency, language: str) -> dict[str, Any]:
    """Returns a contingency with its steps; its words to the public stay in every language."""
    steps = [
        {"action": text_in(step.action, language), "owner": step.owner, "within_min": step.within_min}
        for step in found.steps or ()
    ]
    message = {"": found.message} if isinstance(found.message, str) else found.message
    return {
        "id": found.id,
        "title": text_in(found.title, language),
        "trigger": text_in(found.trigger, language),
        "decides": found.decides,
        "steps": steps,
        "message": message or {},
    }


def announcements_shown() -> dict[str, Text]:
    """Returns what is said to the public when nothing else is written, for each action in every language."""
    return {action: in_all_languages(words) for action, words in WORDS_OF_ACTION.items()}


def hazards_shown(plan: Plan, language: str) -> list[dict[str, Any]]:
    """Returns the hazards that have a place; the others are read in the plan."""
    names = {each.id: each.names for each in list_hazards()}
    return [
        {
            "id": hazard.id,
            "title": text_in(hazard.title or names.get(hazard.catalogue or ""), language) or hazard.id,
            "place": list(hazard.place),
            "agency": hazard.owner,
            "likelihood": hazard.likelihood,
            "impact": hazard.impact,
            "contingencies": list(hazard.contingencies or ()),
        }
        for hazard in plan.hazards or ()
        if hazard.place
    ]


def stops_shown(plan: Plan, language: str) -> list[dict[str, Any]]:
    """Returns who may stop what, on which sign."""
    return [
        {
            "id": stop.id,
            "holder": stop.holder,
            "deputy": stop.deputy,
            "agency": stop.agency,
            "may": list(stop.may),
            "signs": [text_in(sign, language) for sign in stop.signs or ()],
            "steps": list(stop.steps or ()),
            "within_min": nominal(stop.within_min),
            "channel": stop.channel,
        }
        for stop in plan.stop or ()
    ]


def channels_shown(plan: Plan, language: str) -> list[dict[str, Any]]:
    """Returns the means of talking."""
    found = plan.communications.channels if plan.communications else None
    return [
        {
            "id": channel.id,
            "title": text_in(channel.title, language) or word(channel.sort, language),
            "sort": channel.sort,
            "network": channel.network,
            "works": channel.works,
        }
        for channel in found or ()
    ]


def links_shown(plan: Plan, language: str) -> list[dict[str, Any]]:
    """Returns who must reach whom, and by which channels in turn."""
    found = plan.communications.links if plan.communications else None
    return [
        {
            "id": link.id,
            "title": text_in(link.title, language),
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


def incident_type_shown(found: IncidentType, plan: Plan, language: str) -> dict[str, Any]:
    """Returns a type of incident, with the contingencies of the plan that answer it."""
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
