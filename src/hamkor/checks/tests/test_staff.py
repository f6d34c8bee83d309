# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest

from hamkor.checks.tests.builders import at, feature, findings, plan, severities

COMPLETE = {"extent": "complete"}
EXTRACT: dict[str, Any] = {}


def force(**keys: Any) -> dict[str, Any]:
    return {"id": "f1", "role": "steward", **keys}


def staffed(*forces: dict[str, Any], event: dict[str, Any] = EXTRACT, expected: Any = 10_000) -> Any:
    return plan(event=event, attendance={"expected": expected}, staffing=list(forces))


@pytest.mark.parametrize(
    ("event", "forces", "expected"),
    [
        (EXTRACT, [force(planned=40)], []),
        (EXTRACT, [force(planned=39)], ["amber"]),
        (EXTRACT, [force(planned=100, confirmed=20)], ["amber"]),
        (EXTRACT, [force(planned=10)], ["amber"]),
        (COMPLETE, [force(planned=10)], ["red"]),
        (COMPLETE, [force(planned=20)], ["amber"]),
        (COMPLETE, [force(planned={"low": 15, "high": 45})], ["amber"]),
        (EXTRACT, [force(planned=20), force(id="f2", role="police", planned=40, crowd_task=True)], []),
        (EXTRACT, [force(planned=20), force(id="f2", role="police", planned=40)], ["amber"]),
        (EXTRACT, [force(planned=40, crowd_task=False)], []),
        (EXTRACT, [force(role="police", planned=10)], []),
        (EXTRACT, [force()], []),
    ],
)
def test_too_few_stewards(event: dict[str, Any], forces: list[Any], expected: list[str]) -> None:
    assert severities(staffed(*forces, event=event), "STAFF-001") == expected


def test_the_ratio_found_at_a_stadium_disaster() -> None:
    """1 to 588 instead of 1 to 250: Purple Guide, and the number in the collected facts."""
    (found,) = findings(staffed(force(planned=17)), "STAFF-001")
    assert found.measured is not None
    assert found.measured.nominal == pytest.approx(588.2, abs=0.1)
    assert found.ratio is not None
    assert found.ratio.nominal == pytest.approx(2.35, abs=0.01)
    assert "stewards needed: 40, there: 17" in found.message.in_english()


@pytest.mark.parametrize(
    ("event", "attendance", "venue"),
    [
        ({"alcohol": "heavy"}, {}, None),
        ({}, {"violence_expected": True}, None),
        ({}, {"composition": {"audience": "rival_factions"}}, None),
        ({}, {"composition": {"audience": "young_adults"}}, [feature("f", "area", use="stage_front")]),
    ],
)
def test_high_risk_needs_one_per_hundred(event: Any, attendance: Any, venue: Any) -> None:
    def told(people: int) -> list[str]:
        checked = plan(
            event=event,
            attendance={"expected": 10_000, **attendance},
            venue=venue,
            staffing=[force(planned=people)],
        )
        return severities(checked, "STAFF-001")

    assert told(99) == ["amber"]
    assert told(100) == []


def test_without_a_crowd_there_is_no_ratio() -> None:
    assert severities(plan(staffing=[force(planned=1)]), "STAFF-001") == []


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"planned": 1302, "confirmed": 774}, ["red"]),
        ({"planned": 100, "confirmed": 90}, ["amber"]),
        ({"planned": 100, "confirmed": 96}, []),
        ({"planned": 100, "confirmed": 110}, []),
        ({"planned": 100, "confirmed": 70, "reserve": 30}, ["amber"]),
        ({"planned": 100, "confirmed": 70, "reserve": 10}, ["red"]),
        ({"planned": 100, "confirmed": {"low": 70, "high": 90}}, ["amber"]),
        ({"planned": 100, "confirmed": 0}, ["red"]),
        ({"planned": 100}, []),
        ({"confirmed": 10}, []),
    ],
)
def test_shortfall(keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(plan(staffing=[force(**keys)]), "STAFF-002") == expected


def test_the_numbers_of_a_shortfall() -> None:
    (found,) = findings(plan(staffing=[force(agency="org", planned=1302, confirmed=774)]), "STAFF-002")
    assert "(59 %)" in found.message.in_english()
    assert "stewards (Organiser): 774 of" in found.message.in_english()
    assert found.action.in_english() == "Find 528 more, or plan again with those who come."


@pytest.mark.parametrize(
    ("event", "forces", "expected"),
    [
        (COMPLETE, [force(role="police", crowd_task=False)], ["red"]),
        (EXTRACT, [force(role="police", crowd_task=False)], ["amber"]),
        (COMPLETE, [force(role="police", crowd_task=False), force(id="f2")], ["info"]),
        (COMPLETE, [force(role="medic", crowd_task=False)], []),
        (COMPLETE, [force(role="police")], []),
    ],
)
def test_other_task(event: dict[str, Any], forces: list[Any], expected: list[str]) -> None:
    assert severities(plan(event=event, staffing=forces), "STAFF-003") == expected


@pytest.mark.parametrize(("trained", "expected"), [(False, ["amber"]), (True, []), (None, [])])
def test_untrained_force(trained: Any, expected: list[str]) -> None:
    assert severities(plan(staffing=[force(trained=trained)]), "STAFF-004") == expected


@pytest.mark.parametrize(
    ("event", "keys", "expected"),
    [
        (EXTRACT, {"planned": 100, "reserve": 5}, ["info"]),
        (EXTRACT, {"planned": 100, "reserve": 0}, ["info"]),
        (EXTRACT, {"planned": 100, "reserve": 13}, []),
        (EXTRACT, {"planned": 100}, []),
        (COMPLETE, {"planned": 100}, ["info"]),
        (COMPLETE, {}, []),
    ],
)
def test_small_reserve(event: dict[str, Any], keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(plan(event=event, staffing=[force(**keys)]), "STAFF-005") == expected


def test_no_forces() -> None:
    posts = [{"id": "a", "title": "A", "role": "gate", "confirmed": 4}]
    assert severities(plan(staffing=[]), "STAFF-006") == ["red"]
    assert severities(plan(staffing=[], posts=posts), "STAFF-006") == []
    assert severities(plan(), "STAFF-006") == []


# --- Posts


def post(**keys: Any) -> dict[str, Any]:
    return {"id": "ramp", "title": "Ramp", "role": "steward", **keys}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"needed": 10, "confirmed": 5, "critical": True}, ["red"]),
        ({"needed": 10, "confirmed": 9, "critical": True}, ["amber"]),
        ({"needed": 10, "confirmed": 5}, ["amber"]),
        ({"needed": 10, "confirmed": 9}, ["info"]),
        ({"needed": 10, "confirmed": 10, "critical": True}, []),
        ({"needed": 10, "confirmed": 0, "critical": True}, []),
        ({"needed": 10, "critical": True}, []),
        ({"confirmed": 1}, []),
    ],
)
def test_short_post(keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(plan(posts=[post(**keys)]), "STAFF-010") == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"confirmed": 0, "critical": True}, ["red"]),
        ({"confirmed": 0}, ["amber"]),
        ({"confirmed": 0, "needed": 0}, []),
        ({"confirmed": 1, "critical": True}, []),
        ({"critical": True}, []),
    ],
)
def test_empty_post(keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(plan(posts=[post(**keys)]), "STAFF-011") == expected


def test_unconfirmed_posts() -> None:
    assert severities(plan(posts=[post(critical=True)]), "STAFF-012") == []
    assert severities(plan(event=COMPLETE, posts=[post(critical=True)]), "STAFF-012") == ["amber"]
    assert severities(plan(event=COMPLETE, posts=[post()]), "STAFF-012") == []
    shifts = [{"person": "p", "starts_at": at("18:00"), "ends_at": at("20:00")}]
    assert severities(plan(event=COMPLETE, posts=[post(critical=True, shifts=shifts)]), "STAFF-012") == []


# --- Small events and drawings of a part


def test_the_stewards_of_one_drawn_stand_are_not_those_of_the_whole_crowd() -> None:
    stand = [feature("x", "area", use="standing")]
    rows = [{"area": "x", "people": 900}]
    part = {"attendance": {"expected": 40_000, "by_area": rows}, "staffing": [force(planned=15)]}
    assert severities(plan(venue=stand, **part), "STAFF-001") == ["info"]
    assert severities(plan(**part), "STAFF-001") == ["info"]
    assert severities(plan(event=COMPLETE, venue=stand, **part), "STAFF-001") == ["red"]
    whole = {**part, "attendance": {"expected": 40_000, "by_area": [{"area": "x", "people": 37_000}]}}
    assert severities(plan(venue=stand, **whole), "STAFF-001") == ["amber"]


def test_a_small_event_gets_no_red_for_its_people() -> None:
    assert severities(staffed(force(planned=1), event=COMPLETE, expected=900), "STAFF-001") == ["info"]
    heavy = {**COMPLETE, "alcohol": "heavy"}
    assert severities(staffed(force(planned=1), event=heavy, expected=900), "STAFF-001") == ["red"]
    assert severities(staffed(event=COMPLETE, expected=900), "STAFF-006") == ["amber"]
    assert severities(staffed(event=COMPLETE, expected=1000), "STAFF-006") == ["red"]
    elsewhere = force(planned=9, crowd_task=False)
    assert severities(staffed(elsewhere, event=COMPLETE, expected=900), "STAFF-003") == ["amber"]
    assert severities(staffed(elsewhere, event=COMPLETE), "STAFF-003") == ["red"]
