# SPDX-License-Identifier: Apache-2.0
"""What an event is, its crowd and papers, whose law it is under, its days and phases, and the steps of its application."""

from hamkor.events.rules.attendance import AreaAttendance, Attendance, Composition, Interval, Share
from hamkor.events.rules.event import (
    CrowdPhase,
    Event,
    EventKind,
    Organiser,
    Participation,
    Place,
    ProgrammeItem,
)
from hamkor.events.rules.legal import Conclusion, Legal, Paper, SafetyCertificate, Waiver

__all__ = [
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
    "SafetyCertificate",
    "Share",
    "Waiver",
]
