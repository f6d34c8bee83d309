# SPDX-License-Identifier: Apache-2.0
"""What can happen to the event itself: its application, attendance and papers are recorded."""

from __future__ import annotations

from hamkor.events.rules import Attendance, Event, Legal
from hamkor.journal.rules import declare_document, declare_single

EVENT = declare_document("event", Event)
ATTENDANCE_RECORDED = declare_single("attendance", Attendance)
LEGAL_RECORDED = declare_single("legal", Legal)
