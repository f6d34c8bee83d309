# SPDX-License-Identifier: Apache-2.0
"""What follows from how posts are manned: findings of the plan as it is staffed, and where it differs from the plan."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from hamkor.centre.queries import seen_by
from hamkor.checks.rules.findings import Finding
from hamkor.common.messages import show
from hamkor.console.opening import EventPage, event_view, give_back_connection
from hamkor.console.presenting import encode, present
from hamkor.console.staffing import added_by_staffing
from hamkor.operation.queries import list_deviations
from hamkor.pages.languages import current_language

# More than this nobody reads; the number of all is said.
SHOWN_MAX = 60


@event_view("see_centre")
def staffing(page: EventPage) -> HttpResponse:
    """Findings that the plan as staffed has and the plan as written has not, in the language of the person."""
    language = current_language()
    plan, seen = page.nameless_plan, seen_by(page.viewer, page.documents)
    give_back_connection()  # the check may have to wait for its turn
    added = added_by_staffing(plan, seen, page.now)
    apart = list_deviations(page.viewer, seen, page.now)
    found = {
        "number": page.number,
        "at": page.now,
        "count": len(added),
        "findings": [_shown(each, language) for each in added[:SHOWN_MAX]],
        "deviations": [present(each, language) for each in apart[:SHOWN_MAX]],
    }
    answer = HttpResponse(encode(found), content_type="application/json")
    answer["Cache-Control"] = "no-store"
    return answer


def _shown(finding: Finding, language: str) -> dict[str, Any]:
    subject = finding.subject
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "title": finding.title.render(language),
        "message": finding.message.render(language),
        "action": finding.action.render(language),
        "subject": {"kind": subject.kind, "id": subject.id, "name": show(subject.shown(), language)},
    }
