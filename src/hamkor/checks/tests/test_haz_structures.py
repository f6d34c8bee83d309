# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest

from hamkor.checks.tests.builders import severities
from hamkor.checks.tests.care_plans import area, exit_from, plan


@pytest.mark.parametrize(
    ("exit_state", "expected"),
    [
        ({}, "amber"),
        ({"release": "locked"}, "red"),
        ({"obstructed": True}, "red"),
        ({"release": "push_bar"}, "amber"),
    ],
)
@pytest.mark.parametrize("near", [["stand"], []])
def test_combustible_stand(exit_state: dict[str, Any], expected: str, near: list[str]) -> None:
    venue = {
        "stand": area("seating"),
        "wood": {"kind": "structure", "structure": "other", "combustible": True, "near": near},
        "back": exit_from("stand", **exit_state),
    }
    assert severities(plan(venue=venue), "HAZ-031") == [expected]


def test_structures_that_do_not_burn_are_quiet() -> None:
    venue = {"s": {"kind": "structure", "structure": "stage", "combustible": False}}
    assert severities(plan(venue=venue), "HAZ-031") == []


def test_certificates() -> None:
    stage = {"kind": "structure", "structure": "stage", "temporary": True}
    stand = {**stage, "structure": "temporary_stand"}
    assert severities(plan(venue={"s": stage}), "HAZ-032") == ["info"]
    assert severities(plan(venue={"s": stage}, extent="complete"), "HAZ-032") == ["amber"]
    assert severities(plan(venue={"s": stand}), "HAZ-032") == ["amber"]
    dated = {**stand, "certificate_date": "2027-03-19"}
    assert severities(plan(venue={"s": dated}, extent="complete"), "HAZ-032") == []
    passed = [{"id": "i", "subject": "stand", "field": "structure", "result": "passed", "about": ["s"]}]
    assert severities(plan(venue={"s": stand}, inspections=passed), "HAZ-032") == []
