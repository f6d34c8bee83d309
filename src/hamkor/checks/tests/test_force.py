# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest

from hamkor.checks.tests.builders import findings, severities
from hamkor.checks.tests.care_plans import area, exit_from, family_severities, plan
from hamkor.plans.rules.plan import Plan

GAS = {"id": "gas", "measure": "irritant", "allowed": True}
STAND = area("standing", stated_capacity=4000)


def stand(force: list[dict[str, Any]] | None, *, widths_m: tuple[float, ...] = (9, 9), **parts: Any) -> Plan:
    properties = {**STAND, **parts.pop("stand", {})}
    exits = parts.pop("exit", {})
    venue = {"stand": properties}
    venue |= {f"x{number}": exit_from("stand", width, **exits) for number, width in enumerate(widths_m)}
    return plan(kind="football", venue=venue, force=force, **parts)


def test_gas_where_the_way_out_is_too_slow() -> None:
    (finding,) = findings(stand([GAS], widths_m=(2, 2)), "FORCE-001")
    assert finding.severity == "red"
    assert finding.measured is not None
    assert finding.measured.nominal == pytest.approx(4000 / 164)
    assert finding.limit is not None
    assert finding.limit.nominal == 8
    assert finding.subject.id == "stand"


def test_uncertain_width_is_amber() -> None:
    venue = {"stand": STAND, "x": exit_from("stand", 1, clear_width_m={"low": 3, "high": 9})}
    assert severities(plan(venue=venue, force=[GAS]), "FORCE-001") == ["amber"]


def test_gas_beside_a_locked_exit() -> None:
    checked = stand([GAS], exit={"release": "locked"})
    (finding,) = findings(checked, "FORCE-002")
    assert finding.severity == "red"
    assert "x0" in finding.message.in_english()
    assert severities(checked, "FORCE-001") == []


def test_gas_in_an_enclosed_stand_is_red_whatever_the_exits() -> None:
    checked = stand([GAS], stand={"enclosed": True})
    assert family_severities(checked, "FORCE") == {"FORCE-003": ["red"]}


@pytest.mark.parametrize("use", ["seating", "standing", "hall"])
def test_an_area_is_closed_by_its_use_where_the_plan_does_not_tell(use: str) -> None:
    assert severities(plan(venue={"a": area(use)}, force=[GAS]), "FORCE-003") == ["red"]
    assert severities(plan(venue={"a": area(use, enclosed=False)}, force=[GAS]), "FORCE-003") == []


def test_gas_in_a_street_is_amber() -> None:
    assert family_severities(plan(venue={"a": area("street")}, force=[GAS]), "FORCE") == {
        "FORCE-004": ["amber"]
    }


def test_horses_are_red_only_where_an_area_is_surely_closed() -> None:
    horses = {"id": "h", "measure": "horses", "allowed": True}
    unstated = plan(venue={"a": area("queue")}, force=[horses])
    assert family_severities(unstated, "FORCE") == {"FORCE-004": ["amber"]}
    closed = plan(venue={"a": area("queue", enclosed=True)}, force=[horses])
    assert family_severities(closed, "FORCE") == {"FORCE-003": ["red"]}


def test_batons_in_an_enclosed_stand_with_enough_exits_are_amber() -> None:
    batons = {"id": "b", "measure": "batons", "allowed": True}
    assert family_severities(stand([batons], stand={"enclosed": True}), "FORCE") == {"FORCE-004": ["amber"]}


def test_gas_with_unknown_exits_is_amber() -> None:
    assert family_severities(plan(force=[GAS]), "FORCE") == {"FORCE-004": ["amber"]}


def test_gas_only_in_another_place() -> None:
    venue = {"stand": {**STAND, "enclosed": True}, "square": area("square")}
    checked = plan(venue=venue, force=[{**GAS, "place": ["square"]}])
    assert family_severities(checked, "FORCE") == {"FORCE-004": ["amber"]}


def test_forbidden_force_is_quiet() -> None:
    checked = stand([{**GAS, "allowed": False}], stand={"enclosed": True}, extent="complete")
    assert family_severities(checked, "FORCE") == {}


def test_silence_on_force_matters_for_rivals_in_closed_stands_only() -> None:
    rivals = {"composition": {"audience": "rival_factions"}}
    closed = stand(None, stand={"enclosed": True}, attendance=rivals)
    assert severities(closed, "FORCE-005") == ["amber"]
    unknown = stand([{"id": "g", "measure": "irritant"}], stand={"enclosed": True}, attendance=rivals)
    assert severities(unknown, "FORCE-005") == ["amber"]
    assert severities(stand(None, attendance=rivals), "FORCE-005") == ["amber"]
    assert severities(stand(None, stand={"enclosed": False}, attendance=rivals), "FORCE-005") == []
    assert severities(plan(venue={"p": area("pitch")}, attendance=rivals), "FORCE-005") == []
    assert severities(stand(None, stand={"enclosed": True}), "FORCE-005") == []
    settled = stand([{**GAS, "allowed": False}], stand={"enclosed": True}, attendance=rivals)
    assert severities(settled, "FORCE-005") == []


def test_nobody_named_to_order_force() -> None:
    assert severities(plan(force=[GAS], extent="complete"), "FORCE-006") == ["amber"]
    assert severities(plan(force=[GAS]), "FORCE-006") == []
    named = [{**GAS, "authorised_by": "chief"}]
    assert severities(plan(force=named, extent="complete"), "FORCE-006") == []
