# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.families.haz import catalogue, covered_ids
from hamkor.checks.rules.setting import event_tags
from hamkor.checks.tests.builders import findings, severities
from hamkor.checks.tests.care_plans import family_severities, plan
from hamkor.hazards.queries import list_expected_hazards
from hamkor.plans.rules.plan import Plan

CROWD = {"peak": 20000, "admission": "tickets"}
CRUSH = {"id": "h", "catalogue": "crowd-crush"}


def register(*entries: dict[str, Any], **parts: Any) -> Plan:
    parts.setdefault("attendance", CROWD)
    return plan(hazards=list(entries), **parts)


def everything_expected(checked: Plan, **fields: Any) -> list[dict[str, Any]]:
    hazards = list_expected_hazards(checked.event.kind, event_tags(Context(checked)))
    return [{"id": f"h{number}", "catalogue": item.id, **fields} for number, item in enumerate(hazards)]


def test_register_without_any_crowd_hazard() -> None:
    storm = {"id": "h", "catalogue": "thunderstorm"}
    assert severities(register(storm), "HAZ-001") == ["amber"]
    assert severities(register(storm, extent="complete"), "HAZ-001") == ["red"]
    assert severities(plan(attendance=CROWD, extent="complete"), "HAZ-001") == ["red"]
    assert severities(plan(attendance=CROWD), "HAZ-001") == []
    assert severities(
        plan(attendance={"peak": 300}, extent="complete", event={"setting": "outdoors"}), "HAZ-001"
    ) == ["amber"]


def test_partly_filled_register() -> None:
    assert severities(register(CRUSH), "HAZ-001") == ["info"]
    complete = register(
        CRUSH,
        {"id": "b", "catalogue": "armed-attack"},
        {"id": "c", "catalogue": "stand-or-barrier-failure"},
        extent="complete",
    )
    (finding,) = findings(complete, "HAZ-001")
    assert finding.severity == "amber"
    assert "crush" not in finding.message.in_english()


def test_own_titles_are_understood_or_soften_the_verdict() -> None:
    entries = covered_ids(register({"id": "a", "title": "Crowd crush at gate 3"}).hazards or ())
    assert "crowd-crush" in entries
    own = register({"id": "a", "title": "Something of our own"}, extent="complete")
    assert severities(own, "HAZ-001") == ["amber"]


def test_full_register_is_quiet() -> None:
    empty = plan(attendance=CROWD, extent="complete", event={"setting": "outdoors"})
    entries = everything_expected(
        empty,
        owner="iib",
        person="p",
        controls=[{"title": "x", "state": "in_place"}],
        contingencies=["c"],
    )
    full = plan(attendance=CROWD, extent="complete", event={"setting": "outdoors"}, hazards=entries)
    assert family_severities(full, "HAZ") == {}


def test_known_absence_of_an_owner() -> None:
    assert severities(register({**CRUSH, "owner": "none"}), "HAZ-002") == ["red"]
    assert severities(register({"id": "n", "catalogue": "noise", "owner": "none"}), "HAZ-002") == ["amber"]
    own = {"id": "x", "title": "Own", "likelihood": 4, "impact": 4, "owner": "none"}
    assert severities(register(own), "HAZ-002") == ["red"]
    assert severities(register({**CRUSH, "owner": "iib"}), "HAZ-002") == []


def test_unknown_owner() -> None:
    noise = {"id": "n", "catalogue": "noise"}
    (finding,) = findings(register(CRUSH, noise), "HAZ-003")
    assert "noise" not in finding.message.in_english().lower()
    assert severities(register(noise), "HAZ-003") == []
    assert severities(register(noise, extent="complete"), "HAZ-003") == ["amber"]


def test_person_for_the_gravest() -> None:
    owned = {**CRUSH, "owner": "iib"}
    assert severities(register(owned), "HAZ-004") == ["info"]
    assert severities(register(owned, extent="complete"), "HAZ-004") == ["amber"]
    assert severities(register({**owned, "person": "p"}, extent="complete"), "HAZ-004") == []


@pytest.mark.parametrize(
    ("controls", "expected"),
    [
        (None, []),
        ([], ["red"]),
        ([{"title": "a", "state": "missing"}], ["red"]),
        ([{"title": "a", "state": "missing"}, {"title": "b", "state": "in_place"}], ["amber"]),
        ([{"title": "b", "state": "planned"}], []),
        ([{"title": "b"}], []),
    ],
)
def test_measures(controls: Any, expected: list[str]) -> None:
    entry = {**CRUSH, "controls": controls} if controls is not None else CRUSH
    assert severities(register(entry), "HAZ-005") == expected


def test_measures_of_a_complete_plan_and_algorithms() -> None:
    assert severities(register(CRUSH, extent="complete"), "HAZ-005") == ["amber"]
    assert severities(register({**CRUSH, "contingencies": []}), "HAZ-006") == ["amber"]
    assert severities(register(CRUSH), "HAZ-006") == []


@given(ids=st.lists(st.sampled_from(sorted(catalogue())), unique=True))
def test_a_longer_register_never_lacks_more(ids: list[str]) -> None:
    entries = [{"id": f"h{number}", "catalogue": name} for number, name in enumerate(ids)]
    missing = [
        [found.message.facts["count"] for found in findings(register(*part, extent="complete"), "HAZ-001")]
        for part in (entries, entries[:-1])
    ]
    assert (missing[0] or [0]) <= (missing[1] or [0])
