# SPDX-License-Identifier: Apache-2.0
"""Bottlenecks: NECK-001 ... NECK-003, and the choice of routes: ROUTE-001, 002, 004."""

from __future__ import annotations

from typing import Any

import pytest

from hamkor.checks.tests.builders import DAY, feature, findings, plan, severities
from hamkor.plans.rules.plan import Plan

BOTH = {"ingress": "both", "event": "both", "egress": "both"}
FIVE_TO_SIX = {"starts_at": f"{DAY}T17:00:00", "ends_at": f"{DAY}T18:00:00"}


def ramp(attendance: dict[str, Any] | None = None, **properties: Any) -> Plan:
    features = [
        feature("ground", "area", use="square", enclosed=True, stated_capacity=50000),
        feature("ramp", "passage", form="ramp", from_="outside", to="ground", **properties),
    ]
    return plan(venue=features, attendance=attendance)


def test_both_ways_together_against_disputed_capacities() -> None:
    # 145 000 an hour against 30 000, 43 788 and 60 000: 4.83, 3.31 and 2.42 times as many.
    estimates = {"estimates": [{"value": 30000}, {"value": 43788}, {"value": 60000}]}
    flows = [{"forward_per_h": 90000, "backward_per_h": 55000}]
    (finding,) = findings(ramp(capacity_per_h=estimates, flows=flows), "NECK-001")
    assert finding.severity == "red"
    assert finding.ratio is not None
    assert (finding.ratio.low, finding.ratio.nominal, finding.ratio.high) == pytest.approx(
        (2.4167, 3.3114, 4.8333), abs=1e-3
    )


def test_a_width_used_both_ways_passes_less() -> None:
    # 18 m x 82 x 60 = 88 560 an hour one way; 0.85 of it both ways.
    one_way = ramp(clear_width_m=18, flows=[{"forward_per_h": 80000}])
    assert findings(one_way, "NECK-001") == []
    (finding,) = findings(
        ramp(clear_width_m=18, use=BOTH, flows=[{"forward_per_h": 45000, "backward_per_h": 40000}]),
        "NECK-001",
    )
    assert finding.limit is not None
    assert finding.limit.nominal == pytest.approx(88560 * 0.85)


def test_an_alley_nobody_limits_is_red() -> None:
    # 3.2 m x 82 x 60 x 0.85 = 13 382 an hour against a crowd of 100 000.
    features = [
        feature("upper", "area", use="street"),
        feature("lower", "area", use="street"),
        feature("alley", "passage", form="alley", from_="lower", to="upper", clear_width_m=3.2, use=BOTH),
    ]
    attendance = {"expected": 100000, "admission": "open_street"}
    (finding,) = findings(plan(venue=features, attendance=attendance), "NECK-002")
    assert finding.severity == "red"
    assert finding.limit is not None
    assert finding.limit.nominal == pytest.approx(13382, abs=1)


@pytest.mark.parametrize(
    ("width_m", "crowd", "expected"),
    [
        (4.9, 100000, "red"),
        (5.0, 100000, "amber"),
        ({"low": 3.2, "high": 6}, 100000, "amber"),
        (12, 20000, "info"),
        (3.2, 20000, "red"),
        (3.2, 10000, "amber"),
        (3.2, 2000, "info"),
        (None, 2000, "amber"),
    ],
)
def test_two_way_use_without_a_planned_flow(width_m: Any, crowd: int, expected: str) -> None:
    width = {} if width_m is None else {"clear_width_m": width_m}
    features = [
        feature("upper", "area", use="street"),
        feature("lower", "area", use="street"),
        feature("alley", "passage", form="alley", from_="lower", to="upper", use=BOTH, **width),
    ]
    attendance = {"expected": crowd, "admission": "open_street"}
    assert severities(plan(venue=features, attendance=attendance), "NECK-002") == [expected]


def test_easy_two_way_use_is_only_told() -> None:
    flows = [{"forward_per_h": 3000, "backward_per_h": 2000}]
    assert severities(ramp(clear_width_m=10, use=BOTH, flows=flows), "NECK-002") == ["info"]
    flows = [{"forward_per_h": 20000, "backward_per_h": 10000}]
    assert severities(ramp(clear_width_m=10, use=BOTH, flows=flows), "NECK-002") == ["amber"]


def test_a_door_used_both_ways_between_the_acts_is_nothing() -> None:
    use = {"ingress": "forward", "event": "both", "egress": "backward"}
    checked = ramp(attendance={"expected": 500, "admission": "tickets"}, clear_width_m=2, use=use)
    assert findings(checked, "NECK-002") == []


def test_every_section_of_a_route_is_looked_at() -> None:
    route = feature(
        "walk",
        "route",
        purpose="approach",
        flows=[{"forward_per_h": 20000}],
        sections=[
            {"id": "bridge", "clear_width_m": 6},
            {"id": "steps", "clear_width_m": 3, "surface": "stairs"},
            {"id": "park", "clear_width_m": 20},
        ],
    )
    (finding,) = findings(plan(venue=[route]), "NECK-001")
    assert finding.subject.id == "walk/steps"


def test_the_only_approach_carries_everyone() -> None:
    route = feature("walk", "route", purpose="approach", sections=[{"id": "steps", "clear_width_m": 2}])
    arrivals = [{**FIVE_TO_SIX, "people": 12000}]
    checked = plan(venue=[route], attendance={"expected": 12000, "arrivals": arrivals})
    assert severities(checked, "NECK-001") == ["red"]


def test_those_who_come_and_those_who_go_share_the_gates() -> None:
    features = [
        feature("ground", "area", use="square", enclosed=True, stated_capacity=20000),
        feature("g1", "opening", from_="outside", to="ground", clear_width_m=2),
        feature("g2", "opening", from_="outside", to="ground", clear_width_m=2),
    ]
    attendance = {
        "expected": 30000,
        "arrivals": [{**FIVE_TO_SIX, "people": 15000}],
        "departures": [{**FIVE_TO_SIX, "people": 8000}],
    }
    (finding,) = findings(plan(venue=features, attendance=attendance), "NECK-003")
    assert finding.measured is not None
    assert finding.measured.nominal == 23000
    assert finding.limit is not None
    assert finding.limit.nominal == pytest.approx(4 * 82 * 60)
    calm = {**attendance, "departures": [{**FIVE_TO_SIX, "people": 1000}]}
    assert findings(plan(venue=features, attendance=calm), "NECK-003") == []


def test_a_popular_exit_is_judged_by_its_own_share() -> None:
    features = [
        feature("s", "area", use="seating", stated_capacity=6000),
        feature("near", "opening", from_="s", to="outside", clear_width_m=5, departure_share=0.8),
        feature("far", "opening", from_="s", to="outside", clear_width_m=5, departure_share=0.2),
    ]
    (finding,) = findings(plan(venue=features, attendance={"expected": 6000}), "ROUTE-001")
    assert finding.subject.id == "near"
    assert finding.ratio is not None
    assert finding.ratio.nominal == pytest.approx(6000 * 0.8 / (5 * 82) / 8)


def test_the_main_door_of_a_nightclub_carries_two_thirds() -> None:
    def club(kind: str, door_m: float) -> Plan:
        return plan(
            event={"kind": kind, "setting": "indoors"},
            venue=[
                feature("room", "area", use="dance_floor", stated_capacity=450, fire_risk="high"),
                feature("door", "opening", from_="room", to="outside", clear_width_m=door_m),
                feature("side", "opening", from_="room", to="outside", clear_width_m=3, emergency_only=True),
            ],
        )

    assert severities(club("nightclub", 1.0), "ROUTE-002") == ["red"]
    assert severities(club("exhibition", 1.0), "ROUTE-002") == ["amber"]
    assert severities(club("nightclub", 2.5), "ROUTE-002") == []


def test_an_attractor_beside_a_narrow_gate() -> None:
    features = [
        feature("s", "area", use="square", enclosed=True, stated_capacity=20000),
        feature("gate", "opening", from_="s", to="outside", clear_width_m=3),
        feature("station", "attractor", draws_share=0.6, near=["gate"], when=["egress"]),
    ]
    assert severities(plan(venue=features, attendance={"expected": 20000}), "ROUTE-004") == ["amber"]
    assert severities(plan(venue=features, attendance={"expected": 2000}), "ROUTE-004") == []
