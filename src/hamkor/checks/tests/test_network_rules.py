# SPDX-License-Identifier: Apache-2.0
"""EGR-010, ENT-009, ROUTE-005: what the queueing network shows of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hamkor.checks.queries import check_plan
from hamkor.checks.rules.findings import Finding
from hamkor.checks.tests.builders import at, feature, plan
from hamkor.folder.queries import read_folder
from hamkor.plans.rules.plan import Plan

EXAMPLES = Path(__file__).parents[4] / "examples"


def area(name: str, people: int | None = None, **given: Any) -> Any:
    stated = {} if people is None else {"stated_capacity": people}
    return feature(name, "area", use=given.pop("use", "hall"), enclosed=True, **stated, **given)


def door(name: str, from_: str, to: str, width_m: float, **given: Any) -> Any:
    return feature(name, "opening", from_=from_, to=to, clear_width_m=width_m, **given)


def found(checked: Plan, rule_id: str) -> list[Finding]:
    return [each for each in check_plan(checked).findings if each.rule == rule_id]


def arrivals(people: int) -> dict[str, Any]:
    span = {"starts_at": at("18:00"), "ends_at": at("18:30"), "people": people}
    return {"expected": people, "arrivals": [span]}


def lopsided(far_m: float) -> Plan:
    """Two halls with a wide way between them: all doors near one of them, or also some at the other."""
    venue = [
        area("north", 3_000, usable_area_m2=2_000),
        area("south", 3_000, usable_area_m2=2_000),
        door("between", "north", "south", 20),
        door("out-north", "north", "outside", 2),
        door("out-south", "south", "outside", far_m),
    ]
    return plan(venue=venue, attendance={"expected": 6_000, "peak": 6_000})


def test_egr_010_the_nearest_way_is_not_the_way_that_was_counted_on() -> None:
    (finding,) = found(lopsided(12), "EGR-010")
    assert finding.severity == "info"
    assert finding.measured is not None
    assert finding.measured.nominal == pytest.approx(3_000 / (2 * 82), rel=0.1)
    assert "out-north" in finding.message.in_english()


def test_egr_010_leaves_widths_that_do_not_suffice_to_egr_003() -> None:
    assert found(lopsided(2), "EGR-010") == []
    assert found(lopsided(2), "EGR-003") != []


def test_egr_010_is_silent_when_everyone_is_out_in_time() -> None:
    assert found(plan(venue=[area("hall", 500), door("out", "hall", "outside", 3)]), "EGR-010") == []


def test_egr_010_of_the_examples() -> None:
    (finding,) = found(read_folder(EXAMPLES / "navruz-2027"), "EGR-010")
    assert finding.severity == "info"


def test_ent_009_a_queue_behind_the_gates() -> None:
    gates = feature(
        "gates", "turnstiles", from_="outside", to="yard", lanes=20, rate_per_h=600, assigned_people=4_000
    )
    venue = [
        area("yard", use="concourse", usable_area_m2=4_000),
        area("hall", 4_000, usable_area_m2=3_000),
        gates,
        door("stairs", "yard", "hall", 1.2, surface="stairs"),
        door("out", "hall", "outside", 12, use={"ingress": "closed"}),
    ]
    (finding,) = found(plan(venue=venue, attendance=arrivals(4_000)), "ENT-009")
    assert finding.subject.id == "stairs"
    assert finding.severity == "amber"
    wide = [each if each.id != "stairs" else door("stairs", "yard", "hall", 8) for each in venue]
    assert found(plan(venue=wide, attendance=arrivals(4_000)), "ENT-009") == []


def test_ent_009_at_the_love_parade_the_ramp_is_the_queue() -> None:
    subjects = {
        finding.subject.id
        for finding in found(read_folder(EXAMPLES / "cases" / "loveparade-2010"), "ENT-009")
    }
    assert "ramp" in subjects


def test_route_005_a_place_that_takes_in_more_than_it_lets_out() -> None:
    venue = [
        area("hall", 3_000, usable_area_m2=2_000),
        area("lobby", use="concourse", usable_area_m2=60),
        door("inner", "hall", "lobby", 10),
        door("outer", "lobby", "outside", 1.5),
    ]
    (finding,) = found(plan(venue=venue, attendance={"expected": 3_000}), "ROUTE-005")
    assert finding.subject.id == "lobby"
    assert finding.measured is not None
    assert finding.measured.nominal == pytest.approx(4, rel=0.02)
    wide = [*venue[:3], door("outer", "lobby", "outside", 12)]
    assert found(plan(venue=wide, attendance={"expected": 3_000}), "ROUTE-005") == []


def test_a_question_is_asked_once_while_doors_and_people_stay() -> None:
    from hamkor.checks import movements

    movements._answers.clear()
    check_plan(lopsided(12))
    asked = list(movements._answers)
    check_plan(lopsided(12))
    assert list(movements._answers) == asked
    check_plan(lopsided(5))
    assert len(movements._answers) > len(asked)


def test_a_drawing_of_thousands_of_doors_is_not_asked_about_after_every_edit() -> None:
    from hamkor.checks import movements

    movements._answers.clear()
    doors = [door(f"door-{number}", "hall", "outside", 1.2) for number in range(2_000)]
    check_plan(
        plan(venue=[area("hall", 3_000, usable_area_m2=2_000), *doors], attendance={"expected": 3_000})
    )
    assert not movements._answers
