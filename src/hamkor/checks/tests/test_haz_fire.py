# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

from hamkor.checks.tests.builders import findings, severities
from hamkor.checks.tests.care_plans import area, exit_from, plan
from hamkor.plans.rules.plan import Plan


def effect(sort: str = "pyrotechnics", *, extent: str = "extract", venue: Any = None, **fields: Any) -> Plan:
    setting = fields.pop("setting", None)
    event = {"setting": setting} if setting else {}
    return plan(extent=extent, venue=venue, event=event, effects=[{"id": "fx", "sort": sort, **fields}])


def test_fire_under_an_unrated_lining() -> None:
    assert severities(effect(indoors=True, lining="unrated"), "HAZ-021") == ["red"]
    club = {"club": area("hall", indoors=True, lining="unrated")}
    assert severities(effect("flame", area="club", venue=club), "HAZ-021") == ["red"]
    assert severities(effect("laser", area="club", venue=club), "HAZ-021") == []
    assert severities(effect(setting="indoors", lining="unrated"), "HAZ-021") == ["red"]
    assert severities(effect(setting="indoors", venue=club), "HAZ-021") == ["red"]
    two_halls = {**club, "bar": area("hall", indoors=True, lining="rated")}
    assert severities(effect(setting="indoors", venue=two_halls), "HAZ-021") == ["amber"]


def test_unknown_lining_and_fire_outdoors() -> None:
    assert severities(effect(indoors=True), "HAZ-021") == ["amber"]
    assert severities(effect(indoors=True, extent="complete"), "HAZ-021") == ["red"]
    assert severities(effect(indoors=True, lining="rated"), "HAZ-021") == []
    assert severities(effect(setting="outdoors", lining="unrated"), "HAZ-021") == []
    assert severities(effect(lining="unrated"), "HAZ-021") == []


def test_permits() -> None:
    assert severities(effect(permitted=False), "HAZ-022") == ["red"]
    assert severities(effect("confetti", permitted=False), "HAZ-022") == ["amber"]
    assert severities(effect(), "HAZ-022") == []
    assert severities(effect(extent="complete"), "HAZ-022") == ["amber"]
    assert severities(effect("laser", extent="complete"), "HAZ-022") == []
    assert severities(effect(permitted=True), "HAZ-022") == []


def test_distances() -> None:
    assert severities(effect(distance_to_public_m=10, required_distance_m=25), "HAZ-023") == ["red"]
    unsure = effect(distance_to_public_m={"low": 20, "high": 30}, required_distance_m=25)
    assert severities(unsure, "HAZ-023") == ["amber"]
    assert severities(effect(distance_to_public_m=25, required_distance_m=25), "HAZ-023") == []
    assert severities(effect(distance_to_public_m=1), "HAZ-023") == []
    assert severities(effect(distance_to_public_m=0, required_distance_m=5), "HAZ-023") == ["red"]


def test_extinguishers() -> None:
    assert severities(effect(indoors=True, extinguishers=False), "HAZ-024") == ["red"]
    assert severities(effect(indoors=False, extinguishers=False), "HAZ-024") == ["amber"]
    assert severities(effect(indoors=True, extent="complete"), "HAZ-024") == ["amber"]
    assert severities(effect(indoors=True), "HAZ-024") == []
    assert severities(effect("confetti", extinguishers=False), "HAZ-024") == []


def test_gas_and_balloons() -> None:
    assert severities(effect("gas"), "HAZ-025") == ["amber"]
    assert severities(effect("balloons"), "HAZ-025") == ["info"]
    assert severities(effect("balloons", permitted=False), "HAZ-025") == ["amber"]
    assert severities(effect("gas", permitted=True), "HAZ-025") == []


def test_hall_with_an_unrated_lining() -> None:
    hall = area("hall", indoors=True, lining="unrated")
    assert severities(plan(venue={"hall": hall, "x": exit_from("hall")}), "HAZ-026") == ["amber"]
    locked = {"hall": hall, "x": exit_from("hall", release="locked")}
    (finding,) = findings(plan(venue=locked), "HAZ-026")
    assert finding.severity == "red"
    assert "x" in finding.message.in_english()
    rated = area("hall", indoors=True, lining="rated")
    assert severities(plan(venue={"hall": rated, "x": locked["x"]}), "HAZ-026") == []
