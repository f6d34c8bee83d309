# SPDX-License-Identifier: Apache-2.0
"""Counting, certificates and waivers: OCC-001 ... OCC-006; and who organises: NOORG-001."""

from __future__ import annotations

from typing import Any

import pytest

from hamkor.checks.tests.builders import DAY, feature, findings, plan, severities
from hamkor.plans.rules.plan import Plan


def pen(extent: str = "extract", **area: Any) -> Plan:
    properties = {"use": "standing", "stated_capacity": 1200, "enclosed": True} | area
    return plan(venue=[feature("pen", "area", **properties)], event={"extent": extent})


@pytest.mark.parametrize(
    ("area", "extent", "expected"),
    [
        ({"counting": "none"}, "extract", ["red"]),
        ({"counting": "estimate"}, "extract", ["amber"]),
        ({"counting": "clickers"}, "extract", []),
        ({}, "extract", []),
        ({}, "complete", ["amber"]),
        ({"counting": "none", "reserved_places": True}, "extract", []),
        ({"counting": "none", "use": "street", "enclosed": False}, "extract", []),
    ],
)
def test_areas_that_can_fill_are_counted(area: dict[str, Any], extent: str, expected: list[str]) -> None:
    assert severities(pen(extent, **area), "OCC-001") == expected


def certificate(**fields: Any) -> Plan:
    return plan(event={"starts_at": f"{DAY}T18:00:00"}, legal={"certificate": {"state": "issued", **fields}})


def test_a_certificate_lives_for_a_year() -> None:
    assert severities(certificate(reviewed_date="2026-06-01"), "OCC-002") == []
    (finding,) = findings(certificate(reviewed_date="2017-03-20"), "OCC-002")
    assert finding.severity == "amber"
    assert finding.measured is not None
    assert finding.measured.nominal == pytest.approx(10.0)
    assert severities(certificate(reviewed_date="2027-01-01", changed_since=True), "OCC-002") == ["red"]


def test_an_undated_certificate_is_not_condemned() -> None:
    assert findings(certificate(), "OCC-002") == []


def test_a_waiver_needs_a_name_and_something_in_its_place() -> None:
    def waiver(**fields: Any) -> Plan:
        return plan(legal={"waivers": [{"id": "w", "rule": "Width of exits", **fields}]})

    assert severities(waiver(signed_by="none"), "OCC-003") == ["red"]
    assert severities(waiver(), "OCC-003") == ["amber"]
    assert severities(waiver(signed_by="fire-chief"), "OCC-003") == []
    assert severities(waiver(), "OCC-004") == ["amber"]
    assert severities(waiver(compensation="Two fire engines on site"), "OCC-004") == []


def test_one_number_for_several_pens() -> None:
    pens = [feature(f"pen-{n}", "area", use="standing", stated_capacity=900, enclosed=True) for n in (1, 2)]
    legal = {"certificate": {"state": "issued", "capacity_per_area": False}}
    assert severities(plan(venue=pens, legal=legal), "OCC-005") == ["red"]
    assert severities(plan(venue=pens[:1], legal=legal), "OCC-005") == ["amber"]
    assert severities(plan(venue=pens, legal={"certificate": {"state": "issued"}}), "OCC-005") == []


def test_an_open_event_is_counted_somewhere() -> None:
    def streets(*counting: str | None) -> Plan:
        areas = [
            feature(f"s{n}", "area", use="street", **({"counting": way} if way else {}))
            for n, way in enumerate(counting)
        ]
        return plan(venue=areas, attendance={"admission": "open_street"})

    assert severities(streets("none", "none"), "OCC-006") == ["red"]
    assert severities(streets("none", None), "OCC-006") == ["amber"]
    assert severities(streets("cameras", "none"), "OCC-006") == []
    assert severities(streets(None, None), "OCC-006") == []


def test_somebody_organises() -> None:
    assert severities(plan(event={"organiser": "none"}), "NOORG-001") == ["red"]
    assert severities(plan(), "NOORG-001") == ["amber"]
    assert severities(plan(event={"organiser": {"name": "Club"}}), "NOORG-001") == []
