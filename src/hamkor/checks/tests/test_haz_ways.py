# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest

from hamkor.checks.tests.builders import findings, severities
from hamkor.checks.tests.care_plans import area, exit_from, family_severities, plan
from hamkor.plans.rules.plan import Plan

START = {"starts_at": "2027-03-21T18:00:00"}


def inspected(result: str, *, field: str = "fire", extent: str = "extract", **fields: Any) -> Plan:
    inspection = {"id": "i", "subject": "North stand", "field": field, "result": result, **fields}
    return plan(extent=extent, event=START, inspections=[inspection])


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [("evacuation", "red"), ("emergency_access", "red"), ("dispersal", "amber"), ("circulation", "amber")],
)
@pytest.mark.parametrize("fault", [{"usable": False}, {"obstructed": True}])
def test_unusable_routes(purpose: str, expected: str, fault: dict[str, bool]) -> None:
    venue = {"way": {"kind": "route", "purpose": purpose, **fault}}
    assert severities(plan(venue=venue), "HAZ-011") == [expected]


@pytest.mark.parametrize("state", [{}, {"usable": True}, {"usable": None}])
def test_usable_and_unknown_routes_are_quiet(state: dict[str, Any]) -> None:
    venue = {"way": {"kind": "route", "purpose": "evacuation", **state}}
    assert severities(plan(venue=venue), "HAZ-011") == []


def test_obstructed_exits() -> None:
    venue = {
        "hall": area("hall"),
        "door": exit_from("hall", obstructed=True),
        "free": exit_from("hall"),
        "shut": exit_from("hall", obstructed=True, use={"egress": "closed", "emergency": "closed"}),
        "bank": {"kind": "turnstiles", "from": "outside", "to": "hall", "lanes": 4, "obstructed": True},
    }
    (finding,) = findings(plan(venue=venue), "HAZ-012")
    assert (finding.severity, finding.subject.id) == ("red", "door")


def test_failed_inspections() -> None:
    (finding,) = findings(inspected("failed", faults=["door locked"]), "HAZ-013")
    assert finding.severity == "red"
    assert "door locked" in finding.message.in_english()
    assert severities(inspected("failed", mended_date="2027-03-10"), "HAZ-013") == []
    assert severities(inspected("failed", mended_date="2027-03-30"), "HAZ-013") == ["red"]


def test_conditional_and_missing_inspections() -> None:
    assert severities(inspected("conditional"), "HAZ-014") == ["amber"]
    assert severities(inspected("conditional", mended_date="2027-03-20"), "HAZ-014") == []
    assert severities(inspected("not_done"), "HAZ-015") == ["amber"]
    assert severities(inspected("not_done", extent="complete"), "HAZ-015") == ["red"]
    assert severities(inspected("not_done", extent="complete", field="sanitary"), "HAZ-015") == ["amber"]


def test_passed_inspection_is_quiet() -> None:
    checked = inspected("passed")
    assert family_severities(checked, "HAZ") == {}
