# SPDX-License-Identifier: Apache-2.0
"""The findings of an event at one entry of its journal, computed once in a process."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock

from hamkor.checks.queries import Report, check_plan
from hamkor.pages.metrics import CHECK_SECONDS
from hamkor.plans.rules.plan import Plan

KEPT = 64

_reports: OrderedDict[tuple[str, int], Report] = OrderedDict()
_lock = Lock()


def findings_of(stream: str, number: int, plan: Plan) -> Report:
    """Returns what the checker says of a plan as it is at an entry.

    Args:
        stream: Id of the event.
        number: Number of the last entry the plan takes into account.
        plan: The plan.
    """
    key = (stream, number)
    with _lock:
        if key in _reports:
            _reports.move_to_end(key)
            return _reports[key]
    begun = time.thread_time()
    report = check_plan(plan)
    CHECK_SECONDS.observe(time.thread_time() - begun)
    with _lock:
        _reports[key] = report
        while len(_reports) > KEPT:
            _reports.popitem(last=False)
    return report
