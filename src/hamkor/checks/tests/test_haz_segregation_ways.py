# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest

from hamkor.checks.tests.builders import findings, severities
from hamkor.checks.tests.care_plans import area, plan
from hamkor.plans.rules.plan import Plan

STANDS = {"north": area("seating"), "south": area("seating")}


def gate(one: str, other: str, **properties: Any) -> dict[str, Any]:
    return {"kind": "opening", "from": one, "to": other, "clear_width_m": 3, **properties}


def match(venue: dict[str, Any], **fields: Any) -> Plan:
    item = {"id": "s", "groups": {"home": ["north"], "away": ["south"]}, **fields}
    return plan(kind="football", venue={**STANDS, **venue}, segregation=[item])


def over(
    use: str, barrier: str | None = None, *, middle: dict[str, Any] | None = None, **keys: Any
) -> list[str]:
    """Returns what is said of two stands that each have a gate to an area between them."""
    venue = {
        "middle": area(use, **(middle or {})),
        "one": gate("north", "middle", **keys),
        "two": gate("middle", "south", **keys),
    }
    return severities(match(venue, barrier=barrier), "HAZ-058")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ["amber"]),
        ({"release": "locked"}, []),
        ({"use": {"event": "closed"}}, []),
        ({"use": {"event": "closed", "egress": "closed"}}, []),
        ({"use": {"event": "closed", "egress": "forward"}}, ["red"]),
        ({"use": {"event": "both"}}, ["red"]),
        ({"release": "open"}, ["red"]),
        ({"release": "open", "staffed_by": ["p"]}, ["amber"]),
        ({"release": "staff_key"}, ["amber"]),
        ({"emergency_only": True}, []),
    ],
)
def test_gates_straight_between_groups(change: dict[str, Any], expected: list[str]) -> None:
    door = {"door": gate("north", "south", **change)}
    assert severities(match(door), "HAZ-058") == expected
    assert severities(match(door, barrier="stewards"), "HAZ-058") == expected
    fenced = ["amber"] if expected else []
    assert severities(match(door, barrier="fence"), "HAZ-058") == fenced


@pytest.mark.parametrize(
    ("barrier", "keys", "expected"),
    [
        ("stewards", {"release": "open"}, ["red"]),
        (None, {"release": "open"}, ["red"]),
        ("structure", {"release": "open"}, ["amber"]),
        (None, {}, ["amber"]),
        ("stewards", {}, []),
        ("fence", {}, []),
        (None, {"release": "staff_key"}, []),
        (None, {"emergency_only": True}, []),
        (None, {"release": "locked"}, []),
        (None, {"release": "open", "staffed_by": ["p"]}, ["amber"]),
    ],
)
def test_gates_over_the_pitch(barrier: str | None, keys: dict[str, Any], expected: list[str]) -> None:
    """Port Said 2012: from the stand over the pitch to the stand of the others."""
    assert over("pitch", barrier, **keys) == expected


@pytest.mark.parametrize(
    ("use", "barrier", "expected"),
    [
        ("concourse", None, ["amber"]),
        ("concourse", "none", ["amber"]),
        ("concourse", "stewards", []),
        ("square", None, []),
    ],
)
def test_gates_over_other_areas(use: str, barrier: str | None, expected: list[str]) -> None:
    assert over(use, barrier, release="open") == expected


def test_an_open_field_is_no_way_between_groups() -> None:
    assert over("pitch", middle={"enclosed": False}, release="open") == []


def test_the_way_is_told() -> None:
    venue = {
        "pitch": area("pitch"),
        "one": gate("north", "pitch", release="open"),
        "two": gate("pitch", "south", release="open"),
    }
    (found,) = findings(match(venue), "HAZ-058")
    assert found.message.in_english() == (
        "Open between groups that must not meet (home, away): one, two (over pitch)."
    )


def test_a_long_way_is_followed_and_a_barrier_ends_it() -> None:
    venue: dict[str, Any] = {f"c{number}": area("concourse") for number in range(2000)}
    venue |= {f"d{number}": gate(f"c{number}", f"c{number + 1}") for number in range(1999)}
    venue |= {"first": gate("north", "c0"), "last": gate("c1999", "south")}
    (found,) = findings(match(venue), "HAZ-058")
    assert found.severity == "amber"
    assert "first, last (over" in found.message.in_english()
    fence = {"kind": "structure", "structure": "barrier", "near": ["c1000"]}
    assert severities(match({**venue, "fence": fence}), "HAZ-058") == []


def test_two_gates_of_one_group_are_no_way() -> None:
    venue = {"middle": area("concourse"), "one": gate("north", "middle"), "two": gate("middle", "north")}
    assert severities(match(venue), "HAZ-058") == []
