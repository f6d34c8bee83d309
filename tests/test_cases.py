# SPDX-License-Identifier: Apache-2.0
"""Real events: what the checker must say about those that killed, and must not say about those that did not."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamkor.checks.queries import Report, check_plan
from hamkor.checks.rules.findings import Finding
from hamkor.folder.queries import read_folder

CASES = Path(__file__).parent.parent / "examples" / "cases"
SERIOUS = {"red", "amber"}


def checked(name: str) -> Report:
    return check_plan(read_folder(CASES / name))


def found(report: Report, rule_id: str, subject_id: str) -> Finding:
    (finding,) = [item for item in report.findings if item.rule == rule_id and item.subject.id == subject_id]
    return finding


@pytest.mark.parametrize(
    ("name", "families"),
    [
        ("loveparade-2010", {"NECK", "DUTY", "COMMS", "OCC", "STAFF", "STOP"}),
        ("itaewon-2022", {"NOORG", "NECK", "STOP", "DUTY"}),
        ("hillsborough-1989-leppings-lane", {"ENT", "CAP", "OCC", "DUTY"}),
    ],
)
def test_the_plan_of_a_disaster_raises_its_families(name: str, families: set[str]) -> None:
    report = checked(name)
    assert families <= {item.family for item in report.findings if item.severity in SERIOUS}
    assert report.count("red") > 0


def test_love_parade_ramp() -> None:
    finding = found(checked("loveparade-2010"), "NECK-001", "ramp")
    assert finding.severity == "red"
    assert finding.ratio is not None
    assert finding.ratio.low == pytest.approx(145000 / 60000, abs=0.005)
    assert finding.ratio.nominal == pytest.approx(145000 / 43788, abs=0.005)
    assert finding.ratio.high == pytest.approx(145000 / 30000, abs=0.005)


def test_itaewon_alley() -> None:
    finding = found(checked("itaewon-2022"), "NECK-002", "alley")
    assert finding.severity == "red"
    assert finding.limit is not None
    assert finding.limit.nominal == pytest.approx(13382, abs=1)


@pytest.mark.parametrize(
    ("rule_id", "subject_id", "ratio"),
    [
        ("ENT-001", "turnstiles-terrace", 2.19),
        ("ENT-001", "hillsborough-1989-leppings-lane", 1.60),
        ("CAP-001", "terrace", 1.86),
        ("CAP-001", "pen-3", 1.77),
    ],
)
def test_leppings_lane(rule_id: str, subject_id: str, ratio: float) -> None:
    finding = found(checked("hillsborough-1989-leppings-lane"), rule_id, subject_id)
    assert finding.severity == "red"
    assert finding.ratio is not None
    assert finding.ratio.nominal == pytest.approx(ratio, abs=0.005)


def test_the_other_sides_are_quiet() -> None:
    report = checked("hillsborough-1989-other-sides")
    serious = {item.family for item in report.findings if item.severity in SERIOUS}
    assert report.count("red") == 0
    assert not serious & {"ENT", "CAP", "EGR", "NECK", "ROUTE", "DUTY", "NOORG", "FORCE"}


def test_national_law_is_not_cited_abroad() -> None:
    for name in ("loveparade-2010", "itaewon-2022", "hillsborough-1989-leppings-lane"):
        report = checked(name)
        assert all(item.sources for item in report.findings)
        serious = [item for item in report.findings if item.severity in SERIOUS]
        assert not [source for item in serious for source in item.sources if source.startswith("uz-")]
