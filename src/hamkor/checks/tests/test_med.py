# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.medical_need import list_needs, munich_surcharges, needs_command
from hamkor.checks.tests.builders import findings, severities
from hamkor.checks.tests.care_plans import area, family_severities, plan
from hamkor.events.rules import EventKind
from hamkor.plans.rules.plan import Plan

KINDS = get_args(get_args(EventKind)[0])
MATCH = {
    "permitted": 34000,
    "peak": 30000,
    "violence_expected": True,
    "protected_persons": 5,
}
ENOUGH = {
    "first_aiders": 80,
    "paramedics": 10,
    "doctors": 6,
    "ambulances": 7,
    "patient_vans": 8,
    "aid_stations": 8,
    "defibrillators": 8,
    "response_min": 3,
    "commander": "chief",
    "hospitals_informed": True,
    "mass_casualty_plan": True,
    "access_route": "way",
}
WAY = {"way": {"kind": "route", "purpose": "emergency_access", "usable": True}}


def match(medical: dict[str, Any] | None, **parts: Any) -> Plan:
    parts.setdefault("attendance", MATCH)
    return plan(kind="football", medical=medical, **parts)


def needs(checked: Plan, name: str) -> dict[str, float]:
    rows = {item.table.template[:6]: item for item in list_needs(Context(checked))}
    return {resource: value.nominal for resource, value in rows[name].needs.items()}


def test_football_match_by_maurer_and_munich() -> None:
    # Maurer: 34 000 permitted, 30 000 expected, F 0.4, violence, 5 protected persons: 47.6 points, 30/4/3/2.
    checked = match({})
    maurer = {"helpers": 30, "patient_vans": 4, "ambulances": 3, "doctors": 2, "stations": 0}
    assert needs(checked, "Maurer") == maurer
    # Munich: 7 x 1.2 + 2 surcharges, rounded: 10 points.
    assert needs(checked, "Munich") == {"helpers": 26, "doctors": 2, "stations": 5, "defibrillators": 5}


def test_rock_concert_by_hsg195() -> None:
    # 5 + 2 + 3 + 2 - 1 + 24 + 1 + 2 + 1 = 39 points: 3 ambulances, 20 first-aiders, 2 doctors.
    attendance = {"peak": 34000}
    checked = plan(
        kind="concert_rock",
        attendance=attendance,
        medical={},
        venue={"front": area("standing")},
        event={"starts_at": "2027-07-01T20:00:00"},
    )
    assert needs(checked, "HSG195") == {"helpers": 20, "ambulances": 3, "doctors": 2}


def test_red_below_every_table_amber_below_some() -> None:
    assert severities(match({"first_aiders": 20}), "MED-001") == ["red"]
    assert severities(match({"first_aiders": 28}), "MED-001") == ["amber"]
    assert severities(match({"first_aiders": 30}), "MED-001") == []
    assert severities(match({"first_aiders": 20, "paramedics": 8, "nurses": 4}), "MED-001") == []
    (finding,) = findings(match({"first_aiders": 20}), "MED-001")
    assert finding.limit is not None
    assert (finding.limit.low, finding.limit.high) == (26, 30)
    assert "Munich" in finding.message.in_english()


def test_other_resources() -> None:
    assert severities(match({"ambulances": 2}), "MED-002") == ["red"]
    assert severities(match({"ambulances": 3}), "MED-002") == []
    assert severities(match({"doctors": 0}), "MED-003") == ["red"]
    assert severities(match({"aid_stations": 3}), "MED-004") == ["amber"]
    assert severities(match({"patient_vans": 1}), "MED-005") == ["amber"]
    assert severities(match({"defibrillators": 1}), "MED-006") == ["amber"]


def test_one_table_alone_never_makes_red() -> None:
    race = plan(kind="running_race", attendance={"peak": 20000}, medical={"first_aiders": 1})
    assert severities(race, "MED-001") == ["amber"]


def test_unknown_numbers_say_nothing_in_an_extract_and_are_zero_in_a_complete_plan() -> None:
    assert family_severities(match({}), "MED") == {}
    complete = family_severities(match({}, extent="complete"), "MED")
    assert complete["MED-001"] == complete["MED-002"] == complete["MED-003"] == ["red"]


def test_uncertain_crowd() -> None:
    attendance = {"peak": {"low": 3000, "high": 60000}}
    assert severities(match({"first_aiders": 10}, attendance=attendance), "MED-001") == ["amber"]
    assert severities(match({"first_aiders": 10}, attendance={}), "MED-001") == []


def test_missing_part_weighs_with_the_crowd() -> None:
    assert severities(match(None), "MED-007") == ["amber"]
    assert severities(match(None, attendance={"peak": 400}), "MED-007") == ["info"]
    assert severities(match(None, attendance=None), "MED-007") == ["info"]
    assert severities(match(None, extent="complete"), "MED-007") == ["red"]
    assert severities(match(None, extent="complete", attendance={"peak": 400}), "MED-007") == ["amber"]
    assert severities(match({}), "MED-007") == []


def test_commander() -> None:
    assert severities(match({"commander": "none"}), "MED-011") == ["red"]
    assert severities(match({"commander": "none"}, attendance={"peak": 600}), "MED-011") == ["amber"]
    assert severities(match({}, extent="complete"), "MED-011") == ["amber"]
    assert severities(match({}), "MED-011") == []
    assert not needs_command(Context(match({}, attendance=None)))


@pytest.mark.parametrize(
    ("response_min", "expected"),
    [(3, []), (4, []), (6, ["amber"]), ({"low": 6, "high": 12}, ["amber"]), (9, ["red"])],
)
def test_response(response_min: Any, expected: list[str]) -> None:
    assert severities(match({"response_min": response_min}), "MED-012") == expected


def test_way_for_ambulances() -> None:
    assert severities(match({"access_route": "none"}), "MED-013") == ["red"]
    assert severities(match({}, extent="complete"), "MED-013") == ["amber"]
    assert severities(match({}), "MED-013") == []
    for change, expected in (
        ({}, []),
        ({"usable": False}, ["red"]),
        ({"obstructed": True}, ["red"]),
        ({"purpose": "approach"}, ["amber"]),
    ):
        venue = {"way": {**WAY["way"], **change}}
        assert severities(match({"access_route": "way"}, venue=venue), "MED-013") == expected
    assert severities(match({"access_route": "elsewhere"}, venue=WAY), "MED-013") == []


def test_plans_for_many_injured_and_hospitals() -> None:
    assert severities(match({"mass_casualty_plan": False}), "MED-014") == ["amber"]
    assert severities(match({"mass_casualty_plan": False}, attendance={"peak": 9000}), "MED-014") == []
    assert severities(match({}), "MED-014") == []
    assert severities(match({}, extent="complete"), "MED-014") == ["amber"]
    assert severities(match({"hospitals_informed": False}), "MED-015") == ["amber"]
    assert severities(match({}, extent="complete"), "MED-015") == ["amber"]


def test_surcharges_of_munich() -> None:
    checked = match(
        {},
        history=[{"id": "h", "title": "x", "outcome": "injuries"}],
        weather={"storm_warning": True},
        effects=[{"id": "f", "sort": "flame"}],
        event={"alcohol": "heavy"},
    )
    assert munich_surcharges(Context(checked)) == 6


def test_a_well_run_event_is_quiet() -> None:
    people = [{"id": "chief", "agency": "tty"}]
    checked = plan(
        kind="concert_pop",
        extent="complete",
        attendance={"permitted": 34000, "peak": 34000},
        medical=ENOUGH,
        venue=WAY,
        people=people,
        event={"setting": "outdoors"},
    )
    assert family_severities(checked, "MED") == {}


@given(
    kind=st.sampled_from(list(KINDS)),
    people=st.floats(1, 1e8),
    helpers=st.integers(0, 500),
)
def test_every_kind_and_size_is_judged_and_more_helpers_never_hurt(
    kind: str, people: float, helpers: int
) -> None:
    weight = {"red": 2, "amber": 1}
    levels = []
    for number in (helpers, helpers + 20):
        checked = plan(kind=kind, attendance={"peak": people}, medical={"first_aiders": number})
        levels.append(sum(weight[level] for level in severities(checked, "MED-001")))
    assert levels[1] <= levels[0]


# --- Small events


def test_no_red_below_a_thousand_people() -> None:
    none = {"first_aiders": 0, "paramedics": 0, "nurses": 0, "access_route": "none"}
    large = plan(event={"extent": "complete"}, attendance={"peak": 20_000}, medical=none)
    small = plan(event={"extent": "complete"}, attendance={"peak": 900}, medical=none)
    assert severities(large, "MED-001") == ["red"]
    assert severities(large, "MED-013") == ["red"]
    assert "red" not in severities(small, "MED-001")
    assert severities(small, "MED-013") == ["amber"]
    assert severities(large, "MED-015") == ["amber"]
    assert severities(small, "MED-015") == ["info"]


@pytest.mark.parametrize(("people", "expected"), [(1000, ["red"]), (300, ["amber"]), (150, ["info"])])
def test_a_complete_plan_without_a_medical_part(people: int, expected: list[str]) -> None:
    assert severities(plan(event={"extent": "complete"}, attendance={"peak": people}), "MED-007") == expected
