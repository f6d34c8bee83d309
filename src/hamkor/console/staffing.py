# SPDX-License-Identifier: Apache-2.0
"""What the checks say of the plan as its posts are really manned; computed when asked for, once for each staffing."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from threading import Lock

import msgspec

from hamkor.checks.queries import Report, check_plan, list_added
from hamkor.checks.rules.findings import Finding
from hamkor.console.opening import keep
from hamkor.journal.rules import Documents
from hamkor.operation.rules.deviations import plan_as_staffed
from hamkor.plans.rules.plan import Plan

# A check takes a good part of a second of one core: those who ask at the same moment wait for one.
_turn = Lock()


def added_by_staffing(plan: Plan, documents: Documents, at: datetime) -> tuple[Finding, ...]:
    """Returns what is found of the plan as it is staffed now, and not of the plan as written; worst first.

    Args:
        plan: The plan, without names and phones.
        documents: Documents of the event.
        at: A real moment, aware.
    """
    staffed = plan_as_staffed(plan, documents, at)
    if staffed.posts == plan.posts:
        return ()
    return list_added(_report_of(plan), _report_of(staffed))


def _report_of(plan: Plan) -> Report:
    """Returns what the checker says of a plan: most entries of a running event change nothing in it."""
    # Not the number of the entry but the plan itself: an incident more is no reason to check it again.
    digest = sha256(msgspec.json.encode(plan)).digest()
    with _turn:
        return keep(("staffing", digest), lambda: check_plan(plan))
