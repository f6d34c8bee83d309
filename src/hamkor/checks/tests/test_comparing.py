# SPDX-License-Identifier: Apache-2.0
"""Two checks of a plan: what the second finds that the first did not."""

from __future__ import annotations

import msgspec

from hamkor.checks.queries import Report, list_added
from hamkor.checks.rules.findings import Finding, Severity, Subject
from hamkor.common.messages import Message
from hamkor.events.rules import Event
from hamkor.plans.rules.plan import Plan

PLAN = Plan(event=Event(format="hamkor-event-1", id="fair", name="Fair", kind="fair"))
SAID = Message("Said")


def finding(rule: str, subject: str, severity: Severity) -> Finding:
    return Finding(
        rule=rule,
        family=rule[:3],
        severity=severity,
        subject=Subject("post", subject),
        title=SAID,
        message=SAID,
        action=SAID,
        measured=None,
        limit=None,
        unit="",
        ratio=None,
        assumptions=(),
        sources=(),
        robustness="not_applicable",
        fails_under=(),
        passes_under=(),
    )


def report(*findings: Finding) -> Report:
    return Report(PLAN, "green-guide-2018", findings)


def test_new_and_graver_findings_are_added_and_nothing_else() -> None:
    same, eased = finding("MED-001", "tent", "red"), finding("ENT-001", "gate", "red")
    worse = finding("OCC-001", "stand", "amber")
    before = report(same, eased, worse)
    graver = msgspec.structs.replace(worse, severity="red")
    new = finding("MED-001", "other tent", "info")
    after = report(same, graver, msgspec.structs.replace(eased, severity="amber"), new)
    assert list_added(before, after) == (graver, new)
    assert list_added(after, after) == ()
    assert list_added(report(), after) == after.findings
