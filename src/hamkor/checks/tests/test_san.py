# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest

from hamkor.checks.tests.builders import findings, severities
from hamkor.checks.tests.care_plans import family_severities, plan
from hamkor.plans.rules.plan import Plan

# Purple Guide for 10 000 people, half of them women: toilets for women, for men, urinals, by stay and alcohol.
ORACLES = [
    (4, None, False, 50, 44),
    (6, None, False, 59, 52),
    (6, "heavy", False, 67, 63),
    (6, None, True, 67, 54),
]
HOT = {"forecast_temperature_c": 40, "forecast_humidity_percent": 40}


def with_toilets(sanitation: dict[str, Any] | None, *, people: Any = 10000, **parts: Any) -> Plan:
    attendance = {"peak": people, "hours": 4, **parts.pop("attendance", {})}
    return plan(attendance=attendance, sanitation=sanitation, **parts)


@pytest.mark.parametrize(("hours", "alcohol", "camping", "women", "men"), ORACLES)
def test_published_numbers(hours: float, alcohol: str | None, camping: bool, women: int, men: int) -> None:
    event = {"alcohol": alcohol} if alcohol else {}
    checked = with_toilets(
        {"toilets_women": 0, "toilets_men": 0, "urinals": 0, "camping": camping},
        attendance={"hours": hours},
        event=event,
    )
    for rule_id, needed in (("SAN-001", women), ("SAN-002", men)):
        (finding,) = findings(checked, rule_id)
        assert finding.severity == "amber"
        assert finding.limit is not None
        assert finding.limit.nominal == needed


def test_share_of_women_counts() -> None:
    women_only = {"composition": {"women_share": 1}}
    enough = with_toilets({"toilets_women": 100, "toilets_men": 0, "urinals": 0}, attendance=women_only)
    assert family_severities(enough, "SAN") == {}
    assert severities(with_toilets({"toilets_women": 99}, attendance=women_only), "SAN-001") == ["amber"]


def test_unisex_toilets() -> None:
    assert severities(with_toilets({"toilets_women": 10, "toilets_unisex": 40}), "SAN-001") == []
    assert severities(with_toilets({"toilets_unisex": 93}), "SAN-003") == ["amber"]
    assert severities(with_toilets({"toilets_unisex": 94}), "SAN-003") == []


def test_unknown_toilets_say_nothing_in_an_extract_and_are_none_in_a_complete_plan() -> None:
    assert family_severities(with_toilets(None), "SAN") == {}
    assert family_severities(with_toilets({}), "SAN") == {}
    assert family_severities(with_toilets({"toilets_men": 2}), "SAN") == {}
    complete = with_toilets(None, extent="complete")
    assert family_severities(complete, "SAN") == {"SAN-003": ["amber"], "SAN-005": ["amber"]}
    small = with_toilets(None, extent="complete", people=300)
    assert family_severities(small, "SAN") == {}


def test_uncertain_crowd_counts_at_its_lowest() -> None:
    assert (
        severities(with_toilets({"toilets_women": 50}, people={"low": 10000, "high": 50000}), "SAN-001") == []
    )


def test_basins() -> None:
    assert severities(with_toilets({"toilets_women": 100, "wash_basins": 9}), "SAN-004") == ["amber"]
    assert severities(with_toilets({"toilets_women": 100, "wash_basins": 10}), "SAN-004") == []


def test_water() -> None:
    assert severities(with_toilets({"water_points": 3}), "SAN-005") == ["amber"]
    assert severities(with_toilets({"water_points": 4}), "SAN-005") == []
    outdoors = {"setting": "outdoors"}
    assert severities(with_toilets({"water_points": 0}, weather=HOT, event=outdoors), "SAN-005") == ["red"]
    assert severities(with_toilets({"water_points": 1}, weather=HOT, event=outdoors), "SAN-005") == ["amber"]
    indoors = {"setting": "indoors"}
    assert severities(with_toilets({"water_points": 0}, weather=HOT, event=indoors), "SAN-005") == ["amber"]


def test_accessible_toilets() -> None:
    assert severities(with_toilets({"toilets_accessible": 0}), "SAN-006") == ["amber"]
    assert severities(with_toilets({"toilets_accessible": 1}), "SAN-006") == []
    assert severities(with_toilets({}), "SAN-006") == []
    users = {"composition": {"wheelchair_users": 4}}
    assert severities(with_toilets({"toilets_accessible": 0}, people=200, attendance=users), "SAN-006") == [
        "amber"
    ]


def test_a_well_run_event_is_quiet() -> None:
    sanitation = {
        "toilets_women": 60,
        "toilets_men": 14,
        "urinals": 40,
        "toilets_accessible": 6,
        "wash_basins": 14,
        "water_points": 5,
    }
    assert family_severities(with_toilets(sanitation, extent="complete", weather=HOT), "SAN") == {}
