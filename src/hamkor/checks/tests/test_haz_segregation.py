# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

from hamkor.checks.tests.builders import findings, severities
from hamkor.checks.tests.care_plans import area, exit_from, family_severities, plan
from hamkor.plans.rules.plan import Plan

RIVALS = {"composition": {"audience": "rival_factions"}}
VENUE = {
    "north": area("seating"),
    "south": area("seating"),
    "gate": exit_from("north"),
    "door": {"kind": "opening", "from": "north", "to": "south", "clear_width_m": 3},
}


def match(*, groups: dict[str, list[str]] | None = None, **fields: Any) -> Plan:
    parts = {name: fields.pop(name) for name in ("attendance", "extent", "venue") if name in fields}
    item = {"id": "s", "groups": groups or {"home": ["north"], "away": ["south"]}, **fields}
    return plan(kind="football", **{"venue": VENUE, **parts}, segregation=[item])


def test_barriers() -> None:
    assert severities(match(barrier="none"), "HAZ-051") == ["red"]
    assert severities(match(), "HAZ-051") == []
    assert severities(match(extent="complete"), "HAZ-051") == ["amber"]
    assert severities(match(attendance={"violence_expected": True}), "HAZ-051") == ["amber"]
    assert severities(match(barrier="fence"), "HAZ-051") == []


def test_shared_places() -> None:
    mixed = match(groups={"home": ["north", "gate"], "away": ["north", "south", "gate"]})
    assert severities(mixed, "HAZ-052") == ["red"]
    assert severities(mixed, "HAZ-053") == ["amber"]
    (finding,) = findings(mixed, "HAZ-053")
    assert "gate" in finding.message.in_english()
    assert severities(match(), "HAZ-052") == severities(match(), "HAZ-053") == []
    unknown = match(groups={"home": ["x"], "away": ["x"]}, venue={})
    assert severities(unknown, "HAZ-053") == ["amber"]


def test_sterile_strip() -> None:
    assert severities(match(barrier="fence", sterile_width_m=0), "HAZ-054") == ["amber"]
    assert severities(match(barrier="structure", sterile_width_m=0), "HAZ-054") == []
    assert severities(match(barrier="fence", sterile_width_m=5), "HAZ-054") == []
    assert severities(match(barrier="fence"), "HAZ-054") == []


def test_tickets_and_owner() -> None:
    assert severities(match(tickets_controlled=False), "HAZ-055") == ["amber"]
    assert severities(match(tickets_controlled=True), "HAZ-055") == []
    assert severities(match(owner="none"), "HAZ-056") == ["amber"]
    assert severities(match(owner="none", attendance={"violence_expected": True}), "HAZ-056") == ["red"]
    assert severities(match(owner="iib"), "HAZ-056") == []


def test_rivals_without_a_plan() -> None:
    assert severities(plan(kind="football", attendance=RIVALS), "HAZ-057") == ["amber"]
    assert severities(plan(kind="football", attendance=RIVALS, segregation=[]), "HAZ-057") == ["red"]
    assert severities(plan(kind="football", attendance=RIVALS, extent="complete"), "HAZ-057") == ["red"]
    assert severities(plan(kind="football"), "HAZ-057") == []
    assert severities(match(attendance=RIVALS), "HAZ-057") == []


def test_a_well_run_match_is_quiet() -> None:
    venue = {name: item for name, item in VENUE.items() if name != "door"}
    checked = match(
        barrier="empty_sector",
        sterile_width_m=8,
        tickets_controlled=True,
        owner="iib",
        venue=venue,
        attendance={**RIVALS, "peak": 20000},
    )
    assert family_severities(checked, "HAZ") == {}
