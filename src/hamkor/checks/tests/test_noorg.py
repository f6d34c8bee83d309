# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest

from hamkor.checks.tests.builders import feature, findings, plan, severities

COMPLETE = {"extent": "complete"}
ORGANISER: dict[str, Any] = {"name": "Fest LLC"}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"organiser": "none"}, ["red"]),
        ({}, ["amber"]),
        (COMPLETE, ["red"]),
        ({"organiser": ORGANISER}, []),
        ({"organiser": ORGANISER, **COMPLETE}, []),
    ],
)
def test_no_organiser(event: dict[str, Any], expected: list[str]) -> None:
    assert severities(plan(event=event), "NOORG-001") == expected


@pytest.mark.parametrize(
    ("manager", "people", "event", "expected"),
    [
        ("none", 8000, {}, ["red"]),
        ("none", 800, {}, ["amber"]),
        ("none", None, {}, ["amber"]),
        ("none", {"low": 4000, "high": 8000}, {}, ["amber"]),
        (None, 8000, {}, []),
        (None, 8000, COMPLETE, ["amber"]),
        ("p1", 8000, COMPLETE, []),
    ],
)
def test_nobody_for_safety(manager: Any, people: Any, event: dict[str, Any], expected: list[str]) -> None:
    organiser = {**ORGANISER, "event_safety_manager": manager}
    attendance = None if people is None else {"expected": people}
    checked = plan(event={**event, "organiser": organiser}, attendance=attendance)
    assert severities(checked, "NOORG-002") == expected


def test_a_safety_manager_of_the_venue_is_enough() -> None:
    organiser = {**ORGANISER, "event_safety_manager": "none"}
    operator = {"name": "Arena", "event_safety_manager": "p1"}
    checked = plan(event={"organiser": organiser, "venue_operator": operator})
    assert severities(checked, "NOORG-002") == []


def test_without_an_organiser_only_that_is_said() -> None:
    assert severities(plan(event={"organiser": "none", **COMPLETE}), "NOORG-002") == []
    assert severities(plan(event={"organiser": "none", **COMPLETE}), "NOORG-004") == []


@pytest.mark.parametrize(
    ("event", "venue", "expected"),
    [
        ({"venue_operator": "none"}, [feature("hall", "area", use="hall", indoors=True)], ["amber"]),
        ({"venue_operator": "none", "setting": "indoors"}, None, ["amber"]),
        ({"venue_operator": "none"}, [feature("street", "area", use="street")], []),
        ({"venue_operator": "none"}, None, []),
        ({}, [feature("hall", "area", use="hall", indoors=True)], []),
        ({"venue_operator": {"name": "Arena"}, "setting": "indoors"}, None, []),
    ],
)
def test_nobody_for_venue(event: dict[str, Any], venue: Any, expected: list[str]) -> None:
    assert severities(plan(event=event, venue=venue), "NOORG-003") == expected


def test_organiser_without_person() -> None:
    (found,) = findings(plan(event={**COMPLETE, "organiser": ORGANISER}), "NOORG-004")
    assert found.message.in_english() == (
        "Fest LLC organises Test event, and no person is named who answers for it."
    )
    assert severities(plan(event={"organiser": ORGANISER}), "NOORG-004") == []
    named = {**ORGANISER, "person": "p1"}
    assert severities(plan(event={**COMPLETE, "organiser": named}), "NOORG-004") == []
