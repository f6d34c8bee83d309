# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.checks.tests.builders import findings, severities
from hamkor.checks.tests.care_plans import area, family_severities, plan
from hamkor.plans.rules.plan import Plan

SHELTER = {"kind": "shelter", "capacity": 1000, "against": ["lightning"]}


def under_the_sky(weather: dict[str, Any] | None, **parts: Any) -> Plan:
    parts.setdefault("attendance", {"peak": 20000})
    return plan(event={"setting": "outdoors"}, weather=weather, **parts)


def test_storm_and_known_absence_of_a_shelter_plan_is_red() -> None:
    checked = under_the_sky({"storm_warning": True, "shelter_plan": "none"})
    assert severities(checked, "MET-001") == ["red"]


def test_storm_and_unknown_shelter_is_amber_in_an_extract_and_red_in_a_complete_plan() -> None:
    weather = {"forecast_lightning": True}
    assert severities(under_the_sky(weather), "MET-001") == ["amber"]
    assert severities(under_the_sky(weather, extent="complete"), "MET-001") == ["red"]


@pytest.mark.parametrize("shelter", ["shelters", "send_home", "vehicles", "indoors"])
def test_storm_with_a_shelter_plan_is_quiet(shelter: str) -> None:
    assert severities(under_the_sky({"storm_warning": True, "shelter_plan": shelter}), "MET-001") == []


def test_unknown_setting_never_makes_red() -> None:
    checked = plan(weather={"storm_warning": True, "shelter_plan": "none"}, kind="football")
    assert severities(checked, "MET-001") == ["amber"]


def test_indoors_says_nothing() -> None:
    weather = {
        "storm_warning": True,
        "shelter_plan": "none",
        "watched_by": "none",
        "forecast_gust_m_s": 40,
        "wind_limit_m_s": 10,
        "forecast_temperature_c": 45,
        "forecast_humidity_percent": 40,
    }
    venue = {"s": {"kind": "structure", "structure": "stage_roof", "temporary": True, "wind_limit_m_s": 9}}
    checked = plan(event={"setting": "indoors"}, extent="complete", weather=weather, venue=venue)
    assert family_severities(checked, "MET") == {}


def test_setting_is_read_from_the_areas() -> None:
    weather = {"storm_warning": True, "shelter_plan": "none"}
    assert severities(plan(weather=weather, venue={"a": area("square")}), "MET-001") == ["red"]
    assert severities(plan(weather=weather, venue={"a": area("hall", indoors=True)}), "MET-001") == []


def test_small_shelters_are_red_only_when_a_storm_is_forecast() -> None:
    venue = {"s": SHELTER}
    calm, storm = {"shelter_plan": "shelters"}, {"shelter_plan": "shelters", "storm_warning": True}
    assert severities(under_the_sky(calm, venue=venue), "MET-002") == ["amber"]
    (finding,) = findings(under_the_sky(storm, venue=venue), "MET-002")
    assert finding.severity == "red"
    assert finding.ratio is not None
    assert finding.ratio.nominal == pytest.approx(20)


def test_shelters_of_unknown_or_sufficient_size_are_quiet() -> None:
    weather = {"shelter_plan": "shelters", "storm_warning": True}
    assert severities(under_the_sky(weather, venue={"s": {"kind": "shelter"}}), "MET-002") == []
    assert severities(under_the_sky(weather, venue={"s": {**SHELTER, "capacity": 20000}}), "MET-002") == []


def test_time_to_shelter_against_the_warning() -> None:
    slow = {"shelter_time_min": 30, "warning_time_min": 15}
    unsure = {"shelter_time_min": {"low": 10, "high": 20}, "warning_time_min": 15}
    assert severities(under_the_sky(slow), "MET-003") == ["red"]
    assert severities(under_the_sky(unsure), "MET-003") == ["amber"]
    assert severities(under_the_sky({"shelter_time_min": 15, "warning_time_min": 15}), "MET-003") == []
    walk = {"s": {**SHELTER, "walking_time_min": 25}}
    assert severities(under_the_sky({"warning_time_min": 15}, venue=walk), "MET-003") == ["red"]


def test_nobody_watching_weighs_with_the_crowd() -> None:
    nobody = {"watched_by": "none"}
    assert severities(under_the_sky(nobody), "MET-004") == ["red"]
    assert severities(under_the_sky(nobody, attendance={"peak": 800}), "MET-004") == ["amber"]
    assert severities(under_the_sky({"wind_limit_m_s": 15}), "MET-004") == []
    assert severities(under_the_sky({"storm_warning": True}), "MET-004") == ["amber"]
    assert severities(under_the_sky({"watched_by": "org", "storm_warning": True}), "MET-004") == []


def test_missing_limits_speak_in_complete_plans_or_storms() -> None:
    assert severities(under_the_sky(None, extent="complete"), "MET-005") == ["amber"]
    assert severities(under_the_sky({}, extent="complete"), "MET-005") == ["amber"]
    assert severities(under_the_sky({}), "MET-005") == []
    assert severities(under_the_sky({"storm_warning": True}), "MET-005") == ["amber"]
    assert severities(under_the_sky({"heat_limit_c": 38}, extent="complete"), "MET-005") == []


def test_gust_against_the_limit_of_the_event() -> None:
    assert severities(under_the_sky({"forecast_gust_m_s": 18, "wind_limit_m_s": 15}), "MET-011") == ["red"]
    unsure = {"forecast_gust_m_s": {"low": 12, "high": 18}, "wind_limit_m_s": 15}
    assert severities(under_the_sky(unsure), "MET-011") == ["amber"]
    assert severities(under_the_sky({"forecast_gust_m_s": 12, "wind_limit_m_s": 15}), "MET-011") == []


def test_gust_against_the_limit_of_a_structure() -> None:
    venue = {"roof": {"kind": "structure", "structure": "stage_roof", "wind_limit_m_s": 18}}
    (finding,) = findings(under_the_sky({"forecast_gust_m_s": 26}, venue=venue), "MET-012")
    assert (finding.severity, finding.subject.id) == ("red", "roof")
    assert severities(under_the_sky({"forecast_gust_m_s": 17}, venue=venue), "MET-012") == []


def test_temporary_structure_without_wind_limit() -> None:
    venue = {
        "t": {"kind": "structure", "structure": "tent", "temporary": True},
        "roof": {"kind": "structure", "structure": "stage_roof", "temporary": True, "wind_limit_m_s": 20},
        "wall": {"kind": "structure", "structure": "barrier", "temporary": True},
        "tribune": {"kind": "structure", "structure": "temporary_stand", "temporary": False},
    }
    (finding,) = findings(under_the_sky({"forecast_gust_m_s": 12}, venue=venue), "MET-013")
    assert finding.severity == "amber"
    assert "roof" not in finding.message.in_english()
    complete = under_the_sky({"forecast_gust_m_s": 12}, venue=venue, extent="complete")
    assert severities(complete, "MET-013") == ["red"]
    calm = under_the_sky({"forecast_gust_m_s": 5}, venue=venue, extent="complete")
    assert severities(calm, "MET-013") == ["amber"]


def test_the_tea_tent_of_a_village_green_is_info_until_wind_is_forecast() -> None:
    tent = {"t": {"kind": "structure", "structure": "tent", "temporary": True}}
    green: dict[str, Any] = {"venue": tent, "attendance": {"peak": 300}}
    assert severities(under_the_sky(None, **green), "MET-013") == ["info"]
    assert severities(under_the_sky({"forecast_gust_m_s": 5}, **green), "MET-013") == ["info"]
    assert severities(under_the_sky({"storm_warning": True}, **green), "MET-013") == ["amber"]
    assert severities(under_the_sky({"forecast_gust_m_s": 14}, **green), "MET-013") == ["amber"]
    assert severities(under_the_sky(None, venue=tent), "MET-013") == ["amber"]


def test_limit_without_action() -> None:
    roof = {"kind": "structure", "structure": "stage_roof", "wind_limit_m_s": 20}
    assert severities(under_the_sky({}, venue={"r": roof}, extent="complete"), "MET-014") == ["amber"]
    assert severities(under_the_sky({}, venue={"r": roof}), "MET-014") == []
    done = {**roof, "wind_action": "clear the stage"}
    assert severities(under_the_sky({}, venue={"r": done}, extent="complete"), "MET-014") == []


def test_strong_gust_without_any_limit() -> None:
    assert severities(under_the_sky({"forecast_gust_m_s": 20}), "MET-015") == ["amber"]
    assert severities(under_the_sky({"forecast_gust_m_s": 20}, extent="complete"), "MET-015") == ["red"]
    assert severities(under_the_sky({"forecast_gust_m_s": 15}), "MET-015") == []


def test_heat_index() -> None:
    hot = {"forecast_temperature_c": 40, "forecast_humidity_percent": 40}
    assert severities(under_the_sky(hot), "MET-021") == ["red"]
    warm = {"forecast_temperature_c": 38, "forecast_humidity_percent": 32}
    assert severities(under_the_sky(warm), "MET-021") == ["amber"]
    assert severities(under_the_sky({**warm, "heat_limit_c": 40}), "MET-021") == []
    assert severities(under_the_sky({"forecast_temperature_c": 38}), "MET-021") == []
    assert severities(under_the_sky({"forecast_temperature_c": 51}), "MET-021") == ["red"]


def test_heat_against_the_plans_own_limit() -> None:
    assert severities(under_the_sky({"forecast_temperature_c": 41, "heat_limit_c": 38}), "MET-022") == ["red"]
    assert severities(under_the_sky({"forecast_temperature_c": 30, "heat_limit_c": 38}), "MET-022") == []
    assert severities(under_the_sky({"forecast_temperature_c": -5, "heat_limit_c": 38}), "MET-022") == []


def test_a_well_run_event_in_the_open_is_quiet() -> None:
    weather = {
        "watched_by": "fvv",
        "wind_limit_m_s": 15,
        "lightning_limit_km": 13,
        "heat_limit_c": 39,
        "shelter_plan": "shelters",
        "shelter_time_min": 12,
        "warning_time_min": 30,
        "storm_warning": False,
        "forecast_gust_m_s": 8,
        "forecast_temperature_c": 29,
        "forecast_humidity_percent": 30,
        "forecast_lightning": False,
    }
    venue = {
        "hall": {**SHELTER, "capacity": 22000},
        "roof": {
            "kind": "structure",
            "structure": "stage_roof",
            "temporary": True,
            "wind_limit_m_s": 20,
            "wind_action": "clear",
        },
    }
    checked = under_the_sky(weather, venue=venue, extent="complete")
    assert family_severities(checked, "MET") == {}


@given(gust=st.floats(0, 60), limit=st.floats(1, 40))
def test_red_exactly_above_the_limit(gust: float, limit: float) -> None:
    checked = under_the_sky({"forecast_gust_m_s": gust, "wind_limit_m_s": limit})
    assert severities(checked, "MET-011") == (["red"] if gust / limit > 1 else [])
