# SPDX-License-Identifier: Apache-2.0
"""The findings of an event at one entry of its journal, computed once in a process."""

from __future__ import annotations

import time

from hamkor.checks.queries import Report, check_plan
from hamkor.pages.metrics import CHECK_SECONDS
from hamkor.plans.rules.plan import Plan
from hamkor.workspace.kept import keep


def findings_of(stream: str, number: int, plan: Plan) -> Report:
    """Returns what the checker says of a plan as it is at an entry.

    Args:
        stream: Id of the event.
        number: Number of the last entry the plan takes into account.
        plan: The plan, without names and phones.
    """
    return keep(("report", stream, number), lambda: _check(plan))


def _check(plan: Plan) -> Report:
    begun = time.thread_time()
    report = check_plan(plan)
    CHECK_SECONDS.observe(time.thread_time() - begun)
    return report
