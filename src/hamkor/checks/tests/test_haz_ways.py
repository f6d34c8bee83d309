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
@pytest.mark.parametrize(
    ("rule_id", "fault"),
    [
        ("HAZ-011", {"usable": False}),
        ("HAZ-011", {"usable": False, "obstructed": True}),
        ("HAZ-012", {"obstructed": True}),
    ],
)
def test_unusable_routes(purpose: str, expected: str, rule_id: str, fault: dict[str, bool]) -> None:
    venue = {"way": {"kind": "route", "purpose": purpose, **fault}}
    assert family_severities(plan(venue=venue), "HAZ") == {rule_id: [expected]}


@pytest.mark.parametrize("state", [{}, {"usable": True}, {"usable": None}])
def test_usable_and_unknown_routes_are_quiet(state: dict[str, Any]) -> None:
    venue = {"way": {"kind": "route", "purpose": "evacuation", **state}}
    assert severities(plan(venue=venue), "HAZ-011") == []


def test_an_obstructed_door_is_told_once() -> None:
    venue = {"hall": area("hall"), "door": exit_from("hall", obstructed=True)}
    assert severities(plan(venue=venue), "HAZ-012") == []
    assert severities(plan(venue=venue), "EGR-006") == ["red"]


@pytest.mark.parametrize(
    ("route", "people", "expected"),
    [
        ({"purpose": "evacuation"}, 1000, ["amber"]),
        ({"purpose": "emergency_access"}, 50_000, ["amber"]),
        ({"purpose": "evacuation"}, 900, []),
        ({"purpose": "dispersal"}, 50_000, []),
        ({"purpose": "evacuation", "kept_clear_by": ["north"]}, 50_000, []),
        ({"purpose": "evacuation", "kept_clear_by": None}, 50_000, []),
        ({"purpose": "evacuation", "usable": True}, 50_000, ["info"]),
        ({"purpose": "evacuation", "usable": False}, 50_000, []),
    ],
)
def test_a_way_nobody_keeps_clear(route: dict[str, Any], people: int, expected: list[str]) -> None:
    venue = {"way": {"kind": "route", "kept_clear_by": [], **route}}
    assert severities(plan(venue=venue, attendance={"expected": people}), "HAZ-016") == expected


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
