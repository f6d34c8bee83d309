# SPDX-License-Identifier: Apache-2.0
"""What pages of an event ask for in their templates: what is said about a thing, its findings and its history."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.template import Context
from django.utils.timezone import get_current_timezone

from hamkor.common.ids import new_id as fresh_id
from hamkor.pages.templatetags.hamkor import moment
from hamkor.workspace.conversation import Conversation, conversation_about
from hamkor.workspace.findings_shown import FindingShown
from hamkor.workspace.record_lines import LineShown, lines_of_item

register = template.Library()


@register.filter
def here(at: datetime | None, zone: str | None = None) -> str:
    """Returns a moment of the record as clocks at the event show it."""
    if at is None:
        return ""
    try:
        return moment(at.astimezone(ZoneInfo(zone) if zone else get_current_timezone()))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return moment(at.astimezone(get_current_timezone()))


@register.filter
def undone_command(message: Any) -> str:
    """Returns the id of the command a message offers to take back, empty when it offers none."""
    for tag in (message.extra_tags or "").split():
        if tag.startswith("undo:") and _is_uuid(tag.removeprefix("undo:")):
            return str(tag.removeprefix("undo:"))
    return ""


@register.filter
def whole_days(left: timedelta) -> int:
    """Returns how many whole days a span has, without its sign."""
    return abs(left).days


@register.filter
def whole_hours(left: timedelta) -> int:
    """Returns how many hours a span has, without its sign, at least one."""
    return max(1, round(abs(left).total_seconds() / 3600))


@register.filter
def short_hash(text: str | None) -> str:
    """Returns the beginning of a hash, as it is printed on paper."""
    return f"{text[:8]} {text[8:16]}" if text else ""


@register.filter
def grouped_hash(text: str | None) -> str:
    """Returns a hash in groups of eight, to be compared by eye."""
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8)) if text else ""


@register.simple_tag(takes_context=True)
def new_id(context: Context) -> UUID:
    """Returns a new id of a command, for a page with several forms."""
    return fresh_id(context["event_page"].now)


@register.simple_tag(takes_context=True)
def talk_about(context: Context, part: str | None = None, item: str | None = None) -> Conversation:
    """Returns the comments, questions and attachments about a thing."""
    return conversation_about(context["event_page"], part=part, item=item)


@register.simple_tag(takes_context=True)
def findings_about(context: Context, subject: str) -> list[FindingShown]:
    """Returns the findings about a thing that the check makes now."""
    found = context["event_page"].findings
    return [item for item in found if item.card is not None and item.judged.finding.subject.id == subject]


@register.simple_tag(takes_context=True)
def changes_of_item(context: Context, kind: str, item: str) -> list[LineShown]:
    """Returns what was changed about an item, newest first."""
    return lines_of_item(context["event_page"], kind, item)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
