# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hamkor.checks.tests.builders import at, findings, plan, severities

BEFORE, LONG_BEFORE, AFTER = date(2027, 3, 1), date(2027, 2, 1), date(2027, 3, 25)


def warned(event: dict[str, Any] | None = None, **keys: Any) -> Any:
    warning = {"id": "w1", "text": "The ramp is too narrow", **keys}
    return plan(event={"starts_at": at("18:00"), **(event or {})}, warnings=[warning])


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"state": "unanswered"}, ["red"]),
        ({}, ["amber"]),
        ({"answer": "Widened by 4 m"}, []),
        ({"answered_date": BEFORE}, []),
        ({"state": "acted_on"}, []),
        ({"state": "rejected"}, []),
    ],
)
def test_unanswered_warning(keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(warned(**keys), "WARN-001") == expected


def test_who_warned_is_told() -> None:
    (found,) = findings(warned(**{"state": "unanswered", "from": "Fire brigade"}), "WARN-001")
    assert found.message.in_english() == (
        "Nobody answered the warning “The ramp is too narrow” from Fire brigade."
    )
    assert found.subject.kind == "warning"


def test_no_warnings_no_findings() -> None:
    rules = ("WARN-001", "WARN-002", "WARN-003", "WARN-004", "WARN-005")
    assert not any(severities(plan(), rule) for rule in rules)
    assert not any(severities(plan(warnings=[]), rule) for rule in rules)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"state": "rejected"}, ["red"]),
        ({"state": "rejected", "answer": "The width was measured: 18 m."}, []),
        ({"state": "answered"}, []),
    ],
)
def test_rejected_without_reasons(keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(warned(**keys), "WARN-002") == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"answered_date": AFTER}, ["red"]),
        ({"answered_date": AFTER, "received_date": BEFORE}, ["red"]),
        ({"answered_date": AFTER, "received_date": AFTER}, []),
        ({"answered_date": BEFORE}, []),
        ({}, []),
    ],
)
def test_answered_too_late(keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(warned(**keys), "WARN-003") == expected


def test_without_a_date_of_the_event_nothing_is_too_late() -> None:
    assert severities(plan(warnings=[{"id": "w", "text": "x", "answered_date": AFTER}]), "WARN-003") == []


@pytest.mark.parametrize(("state", "expected"), [("answered", ["info"]), ("acted_on", []), (None, [])])
def test_answered_without_deed(state: Any, expected: list[str]) -> None:
    assert severities(warned(state=state), "WARN-004") == expected


@pytest.mark.parametrize(
    ("received", "answered", "expected"),
    [
        (LONG_BEFORE, BEFORE, ["amber"]),
        (date(2027, 2, 14), BEFORE, []),
        (LONG_BEFORE, None, []),
        (None, BEFORE, []),
    ],
)
def test_slowly_answered(received: Any, answered: Any, expected: list[str]) -> None:
    checked = warned(received_date=received, answered_date=answered)
    assert severities(checked, "WARN-005") == expected


def test_the_law_on_appeals_ends_at_the_border() -> None:
    (found,) = findings(warned(received_date=LONG_BEFORE, answered_date=BEFORE), "WARN-005")
    assert (found.measured.nominal, found.limit.nominal) == (28, 15)
    abroad = {"place": {"name": "Arena", "country": "DE"}}
    assert severities(warned(abroad, received_date=LONG_BEFORE, answered_date=BEFORE), "WARN-005") == []


def test_a_long_warning_is_shortened() -> None:
    (found,) = findings(warned(text="word " * 100, state="unanswered"), "WARN-001")
    assert str(found.subject.name).endswith("…")
    assert len(str(found.subject.name)) < 100
