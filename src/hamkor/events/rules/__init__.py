# SPDX-License-Identifier: Apache-2.0
"""What an event is, its crowd, its papers, its days, whose law it is under, the steps of its application."""

from hamkor.events.rules.application import (
    Readiness,
    Step,
    list_application_steps,
    readiness_of_application,
)
from hamkor.events.rules.attendance import AreaAttendance, Attendance, Composition, Interval, Share
from hamkor.events.rules.days import days_to, first_day_of, last_day_of, local_day, phase_of
from hamkor.events.rules.event import (
    CrowdPhase,
    Event,
    EventKind,
    Organiser,
    Participation,
    Place,
    ProgrammeItem,
)
from hamkor.events.rules.jurisdiction import (
    OUTSIDE_THE_RULES,
    is_held_in_uzbekistan,
    is_under_the_rules,
    visitors_of,
)
from hamkor.events.rules.legal import Conclusion, Legal, Paper, SafetyCertificate, Waiver
from hamkor.events.rules.papers import (
    CONCERT_KINDS,
    GIVEN_STATES,
    HEADINGS,
    MISSING_STATES,
    NEEDED_HEADINGS,
    PAPER_NAMES,
    PENDING_STATES,
    PERHAPS_CONCERT_KINDS,
    STATE_NAMES,
    latest_conclusions_of,
)
from hamkor.events.rules.standing import StepState

__all__ = [
    "CONCERT_KINDS",
    "GIVEN_STATES",
    "HEADINGS",
    "MISSING_STATES",
    "NEEDED_HEADINGS",
    "OUTSIDE_THE_RULES",
    "PAPER_NAMES",
    "PENDING_STATES",
    "PERHAPS_CONCERT_KINDS",
    "STATE_NAMES",
    "AreaAttendance",
    "Attendance",
    "Composition",
    "Conclusion",
    "CrowdPhase",
    "Event",
    "EventKind",
    "Interval",
    "Legal",
    "Organiser",
    "Paper",
    "Participation",
    "Place",
    "ProgrammeItem",
    "Readiness",
    "SafetyCertificate",
    "Share",
    "Step",
    "StepState",
    "Waiver",
    "days_to",
    "first_day_of",
    "is_held_in_uzbekistan",
    "is_under_the_rules",
    "last_day_of",
    "latest_conclusions_of",
    "list_application_steps",
    "local_day",
    "phase_of",
    "readiness_of_application",
    "visitors_of",
]
