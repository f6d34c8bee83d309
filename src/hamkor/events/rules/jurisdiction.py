# SPDX-License-Identifier: Apache-2.0
"""Whose law an event is under, and how many people decide it."""

from __future__ import annotations

from hamkor.common.figures import Range, known
from hamkor.events.rules.attendance import Attendance
from hamkor.events.rules.event import Event
from hamkor.norms.queries import get_parameter

UZBEKISTAN = "UZ"
UZBEK_TIME_ZONES = frozenset({"Asia/Tashkent", "Asia/Samarkand"})
# The Rules do not cover rallies and the like (uz-cm-205-2014-annex1-p2).
OUTSIDE_THE_RULES = frozenset({"rally"})


def visitors_of(attendance: Attendance | None) -> Range | None:
    """Returns all people over the event: expected, else tickets, else the peak; None if unknown."""
    if attendance is None:
        return None
    for figure in (attendance.expected, attendance.tickets, attendance.peak):
        if figure is not None:
            return known(figure)
    return None


def is_held_in_uzbekistan(event: Event) -> bool:
    """Returns True when the event is in Uzbekistan: by its country, or by its time zone if none is stated."""
    if event.place is not None and event.place.country is not None:
        return event.place.country == UZBEKISTAN
    return event.time_zone in UZBEK_TIME_ZONES


def is_under_the_rules(event: Event, people: Range | None) -> bool | None:
    """Returns whether the Rules of holding mass events apply; None when the number of people does not tell.

    Args:
        event: The event.
        people: All people over the event, as `visitors_of` gives them.

    Source: uz-cm-205-2014-annex1-def-event, uz-cm-205-2014-annex1-p2.
    """
    if not is_held_in_uzbekistan(event) or event.kind in OUTSIDE_THE_RULES:
        return False
    threshold = float(get_parameter("mass_event_threshold_participants").value)
    if people is None or people.low < threshold <= people.high:
        return None
    return people.low >= threshold
