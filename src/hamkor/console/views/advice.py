# SPDX-License-Identifier: Apache-2.0
"""Who could go where: advice for the operator, who decides."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from hamkor.agencies.rules import may, require
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.console.opening import EventPage, event_view, pool
from hamkor.console.presenting import encode, present
from hamkor.pages.languages import current_language
from hamkor.telemetry.queries import Latest, list_latest
from hamkor.units.queries import advise
from hamkor.units.rules.advice import IncidentAdvice, MeasuredPosition

ASKED_MAX = 20
REASONS: dict[str, str] = {
    "sent": N_("sent to another incident"),
    "busy": N_("busy"),
    "off_duty": N_("off duty"),
    "unreachable": N_("cannot get there"),
}
POINT = "point"


@event_view("see_centre")
def advice(page: EventPage) -> HttpResponse:
    """Units for one incident, or for several at once: ``?incident=…&incident=…``."""
    if not may(page.viewer, "operate_own"):
        require(page.viewer, "operate")
    asked = page.request.GET.getlist("incident")[:ASKED_MAX]
    with pool().connection() as connection:
        latest = list_latest(page.viewer, connection, page.stream)
    positions = {
        each.id: MeasuredPosition(point, each.at)
        for each in latest
        if each.kind == "unit" and (point := _point(each)) is not None
    }
    found = advise(page.documents, positions=positions, incident_ids=asked, at=page.now)
    shown = {"at": found.at, "incidents": [_shown(each, current_language()) for each in found.incidents]}
    answer = HttpResponse(encode(shown), content_type="application/json")
    answer["Cache-Control"] = "no-store"
    return answer


def _shown(found: IncidentAdvice, language: str) -> dict[str, Any]:
    """Returns the advice for one incident: its candidates once each, the proposed first, then the quickest."""
    candidates: dict[str, dict[str, Any]] = {}
    for need in found.needs:
        for each in need.candidates:
            shown = candidates.setdefault(
                each.unit, {**present(each, language), "proposed": False, "needs": []}
            )
            shown["needs"].append(need.need)
            shown["proposed"] = shown["proposed"] or each.unit == need.proposed
    ordered = sorted(candidates.values(), key=_rank)
    left_out = [
        {**present(each, language), "code": each.reason, "reason": translate(REASONS[each.reason], language)}
        for each in found.left_out
    ]
    return {**present(found, language), "candidates": ordered, "left_out": left_out}


def _rank(candidate: dict[str, Any]) -> tuple[bool, bool, float]:
    minutes = candidate["minutes"]
    return not candidate["proposed"], minutes is None, minutes or 0.0


def _point(latest: Latest) -> tuple[float, float] | None:
    point = latest.body.get(POINT)
    return (float(point[0]), float(point[1])) if isinstance(point, list) and len(point) == 2 else None
