# SPDX-License-Identifier: Apache-2.0
"""Reads of the centre: the past, reports of the situation, what a shift leaves behind."""

from hamkor.centre.queries.past import forget_past, picture_at, replay, seen_by
from hamkor.centre.queries.situation import (
    handover_summary,
    list_zone_states,
    report_period,
    report_text,
    situation_report,
)

__all__ = [
    "forget_past",
    "handover_summary",
    "list_zone_states",
    "picture_at",
    "replay",
    "report_period",
    "report_text",
    "seen_by",
    "situation_report",
]
