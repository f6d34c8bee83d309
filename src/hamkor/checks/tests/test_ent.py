# SPDX-License-Identifier: Apache-2.0
"""Entry: ENT-001 ... ENT-006, and ROUTE-003 that compares lanes."""

from __future__ import annotations

from typing import Any

import pytest

from hamkor.checks.tests.builders import DAY, feature, findings, plan, severities
from hamkor.plans.rules.plan import Plan


def gate(lanes: int, people: int | None, **bank: Any) -> Plan:
    features = [
        feature("stand", "area", use="seating"),
        feature(
            "bank",
            "turnstiles",
            from_="outside",
            to="stand",
            lanes=lanes,
            **({"assigned_people": people} if people is not None else {}),
            **bank,
        ),
    ]
    return plan(venue=features)


def test_the_terrace_of_1989_takes_more_than_two_hours() -> None:
    # 10 100 people over 7 turnstiles at 660: 2.19 h (Taylor, interim report 1989).
    (finding,) = findings(gate(7, 10100), "ENT-001")
    assert finding.severity == "red"
    assert finding.measured is not None
    assert finding.measured.nominal == pytest.approx(2.19, abs=0.005)


def test_its_other_sides_are_quiet() -> None:
    # 29 800 people over 60 turnstiles: 0.75 h.
    assert findings(gate(60, 29800), "ENT-001") == []


def test_a_brochure_rate_is_not_believed() -> None:
    checked = gate(10, 5000, screening="magnetometer", rate_per_h=900)
    (rate,) = findings(checked, "ENT-005")
    assert rate.severity == "amber"
    (hours,) = findings(checked, "ENT-001")
    assert hours.measured is not None
    assert hours.measured.nominal == pytest.approx(5000 / (10 * 400))
    measured = gate(10, 5000, screening="magnetometer", rate_per_h=900, rate_measured=True)
    assert findings(measured, "ENT-005") == []
    assert findings(measured, "ENT-001") == []


def test_only_staffed_lanes_count() -> None:
    checked = gate(10, 5000, lanes_staffed=5)
    assert severities(checked, "ENT-006") == ["amber"]
    assert severities(checked, "ENT-001") == ["red"]
    assert severities(gate(10, 5000), "ENT-001") == []


def with_arrivals(lanes: int, queue_area_m2: float | None = None) -> Plan:
    return plan(
        attendance={
            "expected": 36000,
            "arrivals": [
                {"starts_at": f"{DAY}T16:00:00", "ends_at": f"{DAY}T17:15:00", "people": 9000},
                {"starts_at": f"{DAY}T17:15:00", "ends_at": f"{DAY}T18:00:00", "people": 27000},
            ],
        },
        venue=[
            feature("stand", "area", use="seating"),
            feature(
                "bank",
                "turnstiles",
                from_="outside",
                to="stand",
                lanes=lanes,
                rate_per_h=400,
                rate_measured=True,
                **({"queue_area_m2": queue_area_m2} if queue_area_m2 else {}),
            ),
        ],
    )


def test_the_queue_of_the_fluid_model() -> None:
    # 600 a minute for 45 min against 400 a minute: 9 000 waiting, 22.5 min, 4 500 m2.
    checked = with_arrivals(60, queue_area_m2=2250)
    (wait,) = findings(checked, "ENT-002")
    assert wait.severity == "amber"
    assert wait.measured is not None
    assert wait.measured.nominal == pytest.approx(22.5)
    (peak,) = findings(checked, "ENT-003")
    assert peak.ratio is not None
    assert peak.ratio.nominal == pytest.approx(1.5)
    (room,) = findings(checked, "ENT-004")
    assert room.measured is not None
    assert room.measured.nominal == pytest.approx(4500)
    assert room.severity == "red"


def test_an_hour_of_waiting_is_red() -> None:
    assert severities(with_arrivals(35), "ENT-002") == ["red"]


def test_enough_lanes_are_quiet_and_the_hour_is_only_told() -> None:
    checked = with_arrivals(90)
    assert findings(checked, "ENT-002") == []
    assert findings(checked, "ENT-003") == []
    assert findings(with_arrivals(80), "ENT-001") == []
    assert severities(with_arrivals(80), "ENT-007") == ["info"]


def test_inner_and_outer_lines_are_not_added_up() -> None:
    features = [
        feature("forecourt", "area", use="concourse"),
        feature("stand", "area", use="seating"),
        feature("search-1", "turnstiles", from_="outside", to="forecourt", lanes=5),
        feature("search-2", "turnstiles", from_="outside", to="forecourt", lanes=5),
        feature("inner-1", "turnstiles", from_="forecourt", to="stand", lanes=10),
        feature("inner-2", "turnstiles", from_="forecourt", to="stand", lanes=10),
    ]
    found = findings(plan(venue=features, attendance={"expected": 10000}), "ENT-001")
    assert [item.measured.nominal for item in found if item.measured is not None] == [
        pytest.approx(10000 / 6600)
    ]


def test_uneven_lanes() -> None:
    features = [
        feature("a", "area", use="seating"),
        feature("b1", "turnstiles", from_="outside", to="a", lanes=7, assigned_people=10100),
        feature("b2", "turnstiles", from_="outside", to="a", lanes=60, assigned_people=29800),
    ]
    (finding,) = findings(plan(venue=features), "ROUTE-003")
    assert finding.subject.id == "b1"
    assert finding.measured is not None
    assert finding.measured.nominal == pytest.approx(1443, abs=1)


def test_nothing_is_said_without_people() -> None:
    for rule_id in ("ENT-001", "ENT-002", "ENT-003", "ENT-004"):
        assert findings(gate(3, None), rule_id) == []


def test_no_lane_at_all_never_ends() -> None:
    (finding,) = findings(gate(0, 100), "ENT-001")
    assert finding.ratio is not None
    assert finding.ratio.nominal == float("inf")


def test_arrivals_of_a_few_do_not_excuse_the_hour() -> None:
    checked = gate(7, 10100)
    few = [{"starts_at": f"{DAY}T14:00:00", "ends_at": f"{DAY}T15:00:00", "people": 3000}]
    told = plan(
        venue=checked.venue.features if checked.venue else (), attendance={"expected": 10100, "arrivals": few}
    )
    assert severities(told, "ENT-001") == ["red"]


def test_those_who_come_before_the_doors_open_wait() -> None:
    arrivals = [{"starts_at": f"{DAY}T17:00:00", "ends_at": f"{DAY}T19:00:00", "people": 11500}]
    features = [
        feature("stand", "area", use="seating"),
        feature("bank", "turnstiles", from_="outside", to="stand", lanes=20, queue_area_m2=800),
    ]

    def doors(opening: str) -> Plan:
        return plan(
            event={"doors_open_at": f"{DAY}T{opening}:00"},
            attendance={"expected": 11500, "arrivals": arrivals},
            venue=features,
        )

    assert findings(doors("17:00"), "ENT-004") == []
    (room,) = findings(doors("19:00"), "ENT-004")
    assert room.measured is not None
    assert room.measured.nominal == pytest.approx(5750)
    (wait,) = findings(doors("19:00"), "ENT-002")
    assert wait.severity == "red"


def test_a_bank_before_the_others_takes_everyone() -> None:
    features = [
        feature("forecourt", "area", use="concourse"),
        feature("stand", "area", use="seating"),
        feature(
            "search", "turnstiles", from_="outside", to="forecourt", lanes=10, screening="hand_search_bags"
        ),
        feature("t1", "turnstiles", from_="forecourt", to="stand", lanes=30),
        feature("t2", "turnstiles", from_="forecourt", to="stand", lanes=30),
    ]
    (finding,) = findings(plan(venue=features, attendance={"expected": 30000}), "ENT-001")
    assert finding.measured is not None
    assert finding.measured.nominal == pytest.approx(30000 / 2400)
    assert findings(plan(venue=features, attendance={"expected": 30000}), "ROUTE-003") == []


def test_a_bank_of_an_extract_takes_the_people_of_its_area() -> None:
    features = [
        feature("stand", "area", use="seating"),
        feature("bank", "turnstiles", from_="outside", to="stand", lanes=8),
    ]
    attendance = {"expected": 50000, "by_area": [{"area": "stand", "people": 5000}]}
    assert findings(plan(venue=features, attendance=attendance), "ENT-001") == []


def test_an_assessed_bank_is_believed() -> None:
    checked = gate(40, 12000, capacity_per_h=3000)
    (finding,) = findings(checked, "ENT-001")
    assert finding.measured is not None
    assert finding.measured.nominal == pytest.approx(4)


def open_gates(extent: str = "extract", **attendance: Any) -> Plan:
    features = [
        feature("field", "area", use="square", enclosed=True),
        feature("gap", "opening", from_="outside", to="field", clear_width_m=2),
        feature("out", "opening", from_="field", to="outside", clear_width_m=9, emergency_only=True),
    ]
    return plan(event={"extent": extent}, venue=features, attendance={"expected": 20000, **attendance})


def test_open_gates_pass_only_their_width() -> None:
    (finding,) = findings(open_gates("complete"), "ENT-008")
    assert finding.severity == "red"
    assert finding.subject.id == "gap"
    assert finding.measured is not None
    assert finding.measured.nominal == pytest.approx(20000 / (2 * 82 * 60))
    assert severities(open_gates(), "ENT-008") == ["amber"]
    assert findings(open_gates(expected=9000), "ENT-008") == []


def test_open_gates_with_a_known_profile_are_left_to_the_necks() -> None:
    arrivals = [{"starts_at": f"{DAY}T14:00:00", "ends_at": f"{DAY}T18:00:00", "people": 20000}]
    assert findings(open_gates("complete", arrivals=arrivals), "ENT-008") == []
