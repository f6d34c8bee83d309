# SPDX-License-Identifier: Apache-2.0
"""Capacity: CAP-001 ... CAP-006."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.checks.tests.builders import feature, findings, plan, severities

SQUARE_100_M = {
    "type": "Polygon",
    "coordinates": [
        [[69.28, 41.3], [69.281194, 41.3], [69.281194, 41.3009], [69.28, 41.3009], [69.28, 41.3]]
    ],
}


def test_standing_area_times_density_times_the_lower_factor() -> None:
    # 1 200 m2, 4.7, P 0.8, S 0.9 -> 4 512 (Green Guide); the product of both would give 4 061: wrong.
    area = {
        "use": "standing",
        "usable_area_m2": 1200,
        "standing_density_per_m2": 4.7,
        "physical_condition": 0.8,
        "safety_management": 0.9,
    }
    assert severities(plan(venue=[feature("t", "area", stated_capacity=4512, **area)]), "CAP-001") == []
    (finding,) = findings(plan(venue=[feature("t", "area", stated_capacity=4513, **area)]), "CAP-001")
    assert finding.severity == "red"
    assert finding.limit is not None
    assert finding.limit.nominal == pytest.approx(4512)


def test_an_assessment_counts_before_the_size() -> None:
    # Hillsborough, pen 3: 1 200 let in, 678 assessed as safe: 1.77 times as many.
    pen = feature(
        "pen", "area", use="standing", usable_area_m2=900, stated_capacity=1200, assessed_capacity=678
    )
    (finding,) = findings(plan(venue=[pen]), "CAP-001")
    assert finding.ratio is not None
    assert finding.ratio.nominal == pytest.approx(1.77, abs=0.005)


def test_the_size_is_taken_from_the_outline() -> None:
    # About 100 m by 100 m: 10 000 m2 x 4.7 = 47 000.
    area = feature("field", "area", geometry=SQUARE_100_M, use="standing", stated_capacity=60000)
    (finding,) = findings(plan(venue=[area]), "CAP-001")
    assert finding.limit is not None
    assert finding.limit.nominal == pytest.approx(47000, rel=0.01)


def test_unusable_seats_are_not_sold() -> None:
    stand = feature(
        "s",
        "area",
        use="seating",
        seats=1000,
        seats_unusable=50,
        seats_restricted_view=50,
        stated_capacity=901,
    )
    assert severities(plan(venue=[stand]), "CAP-001") == ["red"]


def test_the_lowest_of_four_binds() -> None:
    # 14 turnstiles, 10 800 seats at 0.9, 12 m level, T 8, T_e 6 with nothing lost would be 5 904; here the
    # largest exit of two is lost, so the emergency capacity is 6 x 82 x 6 = 2 952.
    features = [
        feature(
            "s",
            "area",
            use="seating",
            seats=10800,
            physical_condition=1,
            safety_management=0.9,
            egress_time_limit_min=8,
            emergency_time_limit_min=6,
        ),
        feature("t", "turnstiles", from_="outside", to="s", lanes=14),
        feature("e1", "opening", from_="s", to="outside", clear_width_m=6),
        feature("e2", "opening", from_="s", to="outside", clear_width_m=6),
    ]
    (finding,) = findings(plan(venue=features, attendance={"expected": 9000}), "CAP-002")
    assert finding.limit is not None
    assert finding.limit.nominal == pytest.approx(2952)
    assert "emergency" in finding.message.in_english()


def test_more_tickets_than_the_permit_allows() -> None:
    checked = plan(attendance={"expected": 4000, "tickets": 5200, "permitted": 5000})
    assert severities(checked, "CAP-003") == ["red"]
    assert severities(plan(attendance={"expected": 5000, "permitted": 5000}), "CAP-003") == []


def test_more_than_the_certificate_allows() -> None:
    checked = plan(
        attendance={"expected": 5200}, legal={"certificate": {"state": "issued", "capacity": 5000}}
    )
    assert severities(checked, "CAP-003") == ["red"]


@pytest.mark.parametrize(
    ("use", "density", "expected"),
    [
        ("standing", 4.7, []),
        ("standing", 4.8, ["red"]),
        ("concourse", 4.1, ["red"]),
        ("concourse", 4.0, []),
    ],
)
def test_a_moving_crowd_has_a_lower_limit(use: str, density: float, expected: list[str]) -> None:
    area = feature("a", "area", use=use, standing_density_per_m2=density)
    assert severities(plan(venue=[area]), "CAP-004") == expected


def test_an_open_event_needs_a_number_to_stop_at() -> None:
    assert severities(plan(attendance={"admission": "free"}), "CAP-005") == ["amber"]
    assert severities(plan(attendance={"admission": "free", "permitted": 9000}), "CAP-005") == []
    assert severities(plan(attendance={"admission": "tickets"}), "CAP-005") == []
    assert severities(plan(attendance={"admission": "free", "expected": 300}), "CAP-005") == []


def test_people_without_a_place() -> None:
    features = [feature("s", "area", use="seating", seats=1000)]
    complete = {"extent": "complete"}
    assert severities(plan(venue=features, attendance={"expected": 1200}, event=complete), "CAP-006") == [
        "red"
    ]
    assert severities(plan(venue=features, attendance={"expected": 1000}, event=complete), "CAP-006") == []
    assert severities(plan(venue=features, attendance={"expected": 1200}), "CAP-006") == ["amber"]
    assert severities(plan(venue=features, attendance={"expected": 900, "tickets": 1200}), "CAP-006") == [
        "amber"
    ]
    assert severities(plan(venue=features, attendance={"expected": 9000}), "CAP-006") == []


def test_a_pen_is_not_added_to_its_terrace() -> None:
    features = [
        feature("terrace", "area", use="standing", stated_capacity=2000, assessed_capacity=2000),
        feature("pen", "area", use="standing", part_of="terrace", stated_capacity=900, assessed_capacity=900),
    ]
    assert findings(plan(venue=features, attendance={"expected": 2000}), "CAP-002") == []
    assert severities(plan(venue=features, attendance={"expected": 2001}), "CAP-002") == ["red"]


@given(people=st.integers(1, 10_000), more=st.integers(0, 10_000), larger=st.floats(0, 5000))
def test_more_people_never_improve_and_more_room_never_worsens(people: int, more: int, larger: float) -> None:
    def ratio(number: int, size_m2: float) -> float:
        area = feature("a", "area", use="standing", usable_area_m2=size_m2, stated_capacity=number)
        found = findings(plan(venue=[area]), "CAP-001")
        return max((item.ratio.nominal for item in found if item.ratio is not None), default=0.0)

    before = ratio(people, 500)
    assert ratio(people + more, 500) >= before - 1e-9
    assert ratio(people, 500 + larger) <= before + 1e-9


def test_assumptions_of_several_areas_are_told_once() -> None:
    stands = [feature(f"s{n}", "area", use="seating", seats=100) for n in (1, 2)]
    checked = plan(venue=stands, attendance={"expected": 300}, event={"extent": "complete"})
    (finding,) = findings(checked, "CAP-002")
    texts = [note.in_english() for note in finding.assumptions]
    assert len(texts) == len(set(texts))


def test_a_part_of_the_venue_is_not_taken_for_the_whole() -> None:
    stand = feature("s", "area", use="seating", seats=4000)
    assert findings(plan(venue=[stand], attendance={"expected": 11000}), "CAP-002") == []
    complete = plan(venue=[stand], attendance={"expected": 11000}, event={"extent": "complete"})
    assert severities(complete, "CAP-002") == ["red"]


def test_no_area_holds_more_people_than_come() -> None:
    stands = [
        feature("n", "area", use="seating", seats=20000),
        feature("s", "area", use="seating", seats=20000),
        feature("gate", "opening", from_="n", to="outside", clear_width_m=13),
        feature("gate-2", "opening", from_="n", to="outside", clear_width_m=13),
    ]
    assert findings(plan(venue=stands, attendance={"expected": 8000}), "EGR-001") == []
