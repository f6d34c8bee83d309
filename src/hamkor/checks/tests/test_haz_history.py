# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest

from hamkor.checks.tests.builders import severities
from hamkor.checks.tests.care_plans import family_severities, plan
from hamkor.plans.rules.plan import Plan


def after(outcome: str, *, extent: str = "extract", **fields: Any) -> Plan:
    return plan(extent=extent, history=[{"id": "p", "title": "Last year", "outcome": outcome, **fields}])


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [("deaths", ["red"]), ("injuries", ["red"]), ("near_miss", ["amber"]), ("safe", [])],
)
def test_repeated_arrangements_and_lessons_not_done(outcome: str, expected: list[str]) -> None:
    assert severities(after(outcome, same_arrangement=True), "HAZ-041") == expected
    assert severities(after(outcome, same_arrangement=False), "HAZ-041") == []
    undone = [{"text": "widen gate", "done": False}, {"text": "count", "done": True}]
    assert severities(after(outcome, lessons=undone), "HAZ-042") == expected
    assert severities(after(outcome, lessons=undone[1:]), "HAZ-042") == []


def test_silence_on_what_changed() -> None:
    assert severities(after("deaths"), "HAZ-043") == ["amber"]
    assert severities(after("injuries"), "HAZ-043") == ["info"]
    assert severities(after("injuries", extent="complete"), "HAZ-043") == ["amber"]
    assert severities(after("near_miss"), "HAZ-043") == []
    assert severities(after("deaths", lessons=[{"text": "x"}]), "HAZ-043") == ["amber"]


def test_learned_lessons_are_quiet() -> None:
    checked = after("deaths", same_arrangement=False, lessons=[{"text": "x", "done": True}])
    assert family_severities(checked, "HAZ") == {}
