# SPDX-License-Identifier: Apache-2.0
"""Words, numbers and signs in templates."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString

from hamkor.common.i18n import translate
from hamkor.common.messages import N_, Message, show
from hamkor.pages.languages import current_language

register = template.Library()


@register.filter
def shown(value: Any) -> str:
    """Returns a value as people of the active language read it: messages, names in several languages, numbers."""
    return "" if value is None else show(value, current_language())


@register.filter
def label(text: str) -> str:
    """Returns a text marked in code, in the active language."""
    return translate(text, current_language())


@register.filter
def at(mapping: Any, key: Any) -> Any:
    """Returns what a mapping holds under a key, None when nothing."""
    return mapping.get(key) if mapping is not None else None


@register.filter
def plain_number(value: float) -> str:
    """Returns a number as drawing commands want it, whatever the language."""
    return f"{value:g}"


@register.filter
def clock(value: datetime | None) -> str:
    """Returns the time of day, such as 18:00."""
    return _local(value).strftime("%H:%M") if value is not None else ""


@register.filter
def day(value: date | None) -> str:
    """Returns the day as it is written here: 21.03.2027; English readers get 2027-03-21."""
    if value is None:
        return ""
    local = _local(value) if isinstance(value, datetime) else value
    return local.strftime("%Y-%m-%d" if current_language() == "en" else "%d.%m.%Y")


@register.filter
def moment(value: datetime | None) -> str:
    """Returns day and time of day."""
    return f"{day(value)}, {clock(value)}" if value is not None else ""


def _local(value: datetime) -> datetime:
    """Returns a moment of the server in its time zone; times of a plan are local already."""
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter
def as_json(value: Any) -> str:
    """Returns the value as JSON, for an attribute."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


@register.filter
def script(value: Any, element_id: str) -> SafeString:
    """Returns the value as a block of JSON that a script reads by its id."""
    return json_script(value, element_id)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Returns a sign of the sprite; decorative without a label."""
    address = f"{static('hamkor/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
def severity(name: str) -> SafeString:
    """Returns the sign of a severity: its own shape and number, never colour alone."""
    words = {"red": Message("red"), "amber": Message("amber"), "info": Message("info")}
    label = show(words.get(name, name), current_language())
    return format_html(
        '<svg class="severity severity-{}" role="img" aria-label="{}"><use href="{}#severity-{}"/></svg>',
        name,
        label,
        static("hamkor/icons.svg"),
        name,
    )


MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


@register.filter
def month_name(value: date) -> str:
    """Returns the month with its year."""
    return f"{translate(MONTHS[value.month - 1], current_language())} {value.year}"


@register.filter
def weekday_name(value: date) -> str:
    """Returns the short name of the day of the week."""
    return translate(WEEKDAYS[value.weekday()], current_language())
