# SPDX-License-Identifier: Apache-2.0
"""Leaving: EGR-001 ... EGR-008."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.checks.tests.builders import feature, findings, plan, severities
from hamkor.plans.rules.plan import Plan


def stand(
    people: int, *widths_m: float, exits: dict[str, Any] | None = None, extent: str = "extract", **area: Any
) -> Plan:
    """Returns a plan with one stand and as many exits as there are widths."""
    features = [feature("stand", "area", **({"use": "seating", "stated_capacity": people} | area))]
    features += [
        feature(
            f"exit-{number}", "opening", from_="stand", to="outside", clear_width_m=width, **(exits or {})
        )
        for number, width in enumerate(widths_m, start=1)
    ]
    return plan(venue=features, event={"extent": extent})


def test_exits_that_empty_the_stand_in_eight_minutes_are_enough() -> None:
    # 14 m of level exits pass 14 x 82 x 8 = 9 184 people (Green Guide, 6th ed., ch. 10).
    assert findings(stand(9184, 7.0, 7.0), "EGR-001") == []


def test_one_person_more_is_too_many() -> None:
    (finding,) = findings(stand(9185, 7.0, 7.0), "EGR-001")
    assert finding.severity == "red"
    assert finding.subject.id == "stand"
    assert finding.measured is not None
    assert finding.measured.nominal == pytest.approx(9185 / (14 * 82), rel=1e-9)
    assert finding.limit is not None
    assert finding.limit.nominal == 8


def test_stairs_pass_fewer_people() -> None:
    # 6 m of stairs pass 6 x 66 x 8 = 3 168.
    assert severities(stand(3168, 3.0, 3.0, exits={"surface": "stairs"}), "EGR-001") == []
    assert severities(stand(3169, 3.0, 3.0, exits={"surface": "stairs"}), "EGR-001") == ["red"]


def test_an_uncertain_width_that_may_be_enough_is_amber() -> None:
    exits = {"clear_width_m": {"low": 3, "high": 6}}
    checked = plan(
        venue=[
            feature("stand", "area", use="seating", stated_capacity=3000),
            feature("gate", "opening", from_="stand", to="outside", **exits),
        ]
    )
    (finding,) = findings(checked, "EGR-001")
    assert finding.severity == "amber"
    assert finding.ratio is not None
    assert finding.ratio.low < 1 < finding.ratio.high


def test_the_largest_exit_is_lost_in_an_emergency() -> None:
    # 4 m and 2 m: normal 6 x 82 x 8 = 3 936; without the largest 2 x 82 x 8 = 1 312.
    assert severities(stand(1312, 4.0, 2.0), "EGR-002") == []
    (finding,) = findings(stand(1313, 4.0, 2.0), "EGR-002")
    assert finding.severity == "red"


def test_high_fire_risk_leaves_two_and_a_half_minutes() -> None:
    # The remaining 2 m pass 2 x 82 x 2.5 = 410.
    assert severities(stand(411, 4.0, 2.0, fire_risk="high"), "EGR-002") == ["red"]
    assert severities(stand(410, 4.0, 2.0, fire_risk="high"), "EGR-002") == []


@pytest.mark.parametrize(
    "exits", [{"release": "locked"}, {"release": "staff_key", "staffed_by": []}], ids=["locked", "key"]
)
def test_a_locked_exit_counts_as_none(exits: dict[str, Any]) -> None:
    checked = stand(500, 4.0, exits=exits)
    assert severities(checked, "EGR-005") == ["red"]
    assert severities(checked, "EGR-008") == ["red"]
    (finding,) = findings(checked, "EGR-001")
    assert finding.ratio is not None
    assert finding.ratio.nominal == float("inf")


def test_a_key_with_somebody_posted_counts() -> None:
    assert (
        severities(stand(500, 4.0, exits={"release": "staff_key", "staffed_by": ["gate-post"]}), "EGR-005")
        == []
    )


def test_a_key_at_an_empty_post_does_not_count() -> None:
    checked = plan(
        venue=[
            feature("stand", "area", use="seating", stated_capacity=500),
            feature("g", "opening", from_="stand", to="outside", release="staff_key", staffed_by=["p"]),
        ],
        posts=[{"id": "p", "title": "Gate", "role": "gate", "confirmed": 0}],
    )
    assert severities(checked, "EGR-005") == ["red"]


def test_unknown_widths_condemn_nobody() -> None:
    checked = plan(
        venue=[
            feature("stand", "area", use="seating", stated_capacity=90000),
            feature("gate", "opening", from_="stand", to="outside"),
        ]
    )
    for rule_id in ("EGR-001", "EGR-002", "EGR-003", "EGR-004", "EGR-008"):
        assert findings(checked, rule_id) == []


def test_people_walk_out_of_an_open_street_on_all_sides() -> None:
    assert severities(stand(90000, 2.0, use="street"), "EGR-001") == []
    assert severities(stand(90000, 2.0, use="street", enclosed=True), "EGR-001") == ["red"]


def test_many_doors_that_lead_to_one_tunnel_are_one_tunnel() -> None:
    checked = plan(
        venue=[
            feature("north", "area", use="seating", stated_capacity=3000),
            feature("south", "area", use="seating", stated_capacity=3000),
            feature("hall", "area", use="concourse"),
            feature("door-n", "opening", from_="north", to="hall", clear_width_m=6),
            feature("door-s", "opening", from_="south", to="hall", clear_width_m=6),
            feature("tunnel", "passage", form="tunnel", from_="hall", to="outside", clear_width_m=4),
        ]
    )
    assert findings(checked, "EGR-001") == []
    (finding,) = findings(checked, "EGR-003")
    assert finding.subject.id == "tunnel"
    assert finding.measured is not None
    assert finding.measured.nominal == pytest.approx(6000 / (4 * 82), rel=1e-6)


def test_the_exits_of_one_area_are_told_once() -> None:
    checked = stand(5000, 2.0)
    assert severities(checked, "EGR-001") == ["red"]
    assert findings(checked, "EGR-003") == []


def test_emergency_exits_help_only_in_an_emergency() -> None:
    features = [
        feature("hall", "area", use="hall", stated_capacity=2000),
        feature("door", "opening", from_="hall", to="outside", clear_width_m=2),
        feature("side", "opening", from_="hall", to="outside", clear_width_m=6, emergency_only=True),
    ]
    checked = plan(venue=features)
    assert severities(checked, "EGR-001") == ["red"]
    assert severities(checked, "EGR-004") == []


def test_an_obstructed_exit_is_red() -> None:
    assert severities(stand(10, 3.0, exits={"obstructed": True}), "EGR-006") == ["red"]
    assert severities(stand(10, 3.0), "EGR-006") == []


def test_a_narrow_exit_matters_once_a_crowd_depends_on_it() -> None:
    assert severities(stand(60, 0.9), "EGR-007") == ["amber"]
    assert severities(stand(20, 0.9), "EGR-007") == []
    assert severities(stand(60, 1.2), "EGR-007") == []


def way_out(extent: str = "extract", **gate: Any) -> Plan:
    features = [
        feature("stand", "area", use="seating", stated_capacity=300),
        feature("yard", "area", use="concourse"),
        feature("door", "opening", from_="stand", to="yard", clear_width_m=3),
        feature("gate", "opening", **({"from_": "yard", "to": "outside", "clear_width_m": 3} | gate)),
    ]
    return plan(venue=features, event={"extent": extent})


def test_a_way_that_ends_at_a_locked_gate_is_no_way() -> None:
    assert severities(way_out(), "EGR-008") == []
    assert severities(way_out(release="locked"), "EGR-008") == ["red"]
    shut = dict.fromkeys(("ingress", "event", "egress", "emergency"), "closed")
    assert severities(way_out(use=shut), "EGR-008") == ["red"]


def test_a_way_that_is_not_drawn_is_unknown_unless_the_plan_is_complete() -> None:
    lost = {"from_": "yard", "to": "stand"}
    assert severities(way_out(**lost), "EGR-008") == []
    assert findings(way_out(**lost), "EGR-003") == []
    assert severities(way_out("complete", **lost), "EGR-008") == ["red"]
    alone = [feature("pen", "area", use="standing", stated_capacity=300)]
    assert severities(plan(venue=alone, event={"extent": "complete"}), "EGR-008") == ["red"]
    assert severities(plan(venue=alone), "EGR-008") == []


def test_turnstiles_alone_tell_nothing_of_the_ways_out() -> None:
    features = [
        feature("pen", "area", use="standing", stated_capacity=300),
        feature("in", "turnstiles", from_="outside", to="pen", lanes=4),
    ]
    assert severities(plan(venue=features), "EGR-008") == []


@pytest.mark.parametrize(
    ("people", "extent", "area", "expected"),
    [
        (1000, "extract", {"indoors": True}, ["red"]),
        (1000, "complete", {}, ["red"]),
        (1000, "extract", {}, ["amber"]),
        (50, "complete", {}, []),
    ],
)
def test_one_exit_is_not_enough_for_a_crowd(
    people: int, extent: str, area: dict[str, Any], expected: list[str]
) -> None:
    assert severities(stand(people, 8.0, extent=extent, **area), "EGR-009") == expected
    assert severities(stand(people, 8.0, 8.0, extent=extent, **area), "EGR-009") == []


def test_doors_of_staff_are_not_exits() -> None:
    features = [
        feature("hall", "area", use="hall", stated_capacity=300),
        feature("stage", "area", use="backstage"),
        feature("staff", "opening", from_="hall", to="stage", release="locked", clear_width_m=0.9),
    ]
    assert severities(plan(venue=features), "EGR-005") == []
    assert severities(plan(venue=features), "EGR-007") == []


def test_fire_risk_is_high_where_it_plainly_is() -> None:
    # 3 m left of 6 m: 2.5 min x 3 x 82 = 615 people.
    flame = [{"id": "show", "sort": "pyrotechnics", "area": "stand", "indoors": True}]
    widths = (3.0, 3.0)
    plain = stand(700, *widths)
    assert findings(plain, "EGR-002") == []
    assert severities(stand(700, *widths, lining="unrated"), "EGR-002") == ["red"]
    assert severities(stand(700, *widths, lining="unrated", fire_risk="low"), "EGR-002") == []
    with_flame = plan(venue=plain.venue.features if plain.venue else (), effects=flame)
    assert severities(with_flame, "EGR-002") == ["red"]


def test_a_nightclub_of_high_risk_has_a_minute_and_a_half() -> None:
    # NIST NCSTAR 2, recommendation 5: 1.5 min x 3 m x 82 = 369 people.
    features = stand(400, 3.0, 3.0, fire_risk="high").venue
    assert features is not None
    club = plan(venue=features.features, event={"kind": "nightclub"})
    assert severities(club, "EGR-002") == ["red"]
    assert severities(stand(400, 3.0, 3.0, fire_risk="high"), "EGR-002") == []


def test_robustness_names_the_profiles_that_agree() -> None:
    (finding,) = findings(stand(9185, 7.0, 7.0), "EGR-001")
    assert "green-guide-2018" in finding.fails_under
    assert finding.robustness == "every"


@given(
    people=st.integers(100, 60_000),
    width_m=st.floats(1.2, 60, allow_nan=False),
    wider_m=st.floats(0, 20, allow_nan=False),
    more=st.integers(0, 20_000),
)
def test_a_wider_gate_never_worsens_and_more_people_never_improve(
    people: int, width_m: float, wider_m: float, more: int
) -> None:
    for rule_id in ("EGR-001", "EGR-002", "EGR-003", "EGR-004"):
        before = _ratio(stand(people, width_m, width_m), rule_id)
        assert _ratio(stand(people, width_m + wider_m, width_m), rule_id) <= before + 1e-9
        assert _ratio(stand(people + more, width_m, width_m), rule_id) >= before - 1e-9


def _ratio(checked: Plan, rule_id: str) -> float:
    found = findings(checked, rule_id)
    return max((item.ratio.nominal for item in found if item.ratio is not None), default=0.0)


def test_emergency_stairs_help_only_in_an_emergency() -> None:
    features = [
        feature("hall", "area", use="hall", stated_capacity=1000),
        feature("door", "opening", from_="hall", to="outside", clear_width_m=1.3),
        feature(
            "stairs",
            "passage",
            form="stairs",
            from_="hall",
            to="outside",
            clear_width_m=6,
            emergency_only=True,
        ),
    ]
    checked = plan(venue=features)
    assert severities(checked, "EGR-001") == ["red"]
    assert severities(checked, "EGR-004") == []
