# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hamkor.checks.tests.builders import at, findings, plan, severities

COMPLETE = {"extent": "complete"}
EXTRACT: dict[str, Any] = {}


def holder(**keys: Any) -> dict[str, Any]:
    return {"id": "s1", "holder": "Safety manager", "may": ["stop_show", "stop_entry"], **keys}


def told(rule_id: str, *holders: dict[str, Any], event: dict[str, Any] = EXTRACT, **parts: Any) -> list[str]:
    return severities(plan(event=event, stop=list(holders), **parts), rule_id)


@pytest.mark.parametrize(
    ("event", "parts", "expected"),
    [
        (EXTRACT, {"stop": []}, ["red"]),
        (EXTRACT, {"stop": [holder(may=[])]}, ["red"]),
        (EXTRACT, {}, ["amber"]),
        (COMPLETE, {}, ["red"]),
        (COMPLETE, {"stop": [holder()]}, []),
    ],
)
def test_nobody_may_stop(event: dict[str, Any], parts: dict[str, Any], expected: list[str]) -> None:
    assert severities(plan(event=event, **parts), "STOP-001") == expected


def test_a_duty_to_decide_softens_the_silence() -> None:
    duties = [{"id": "d", "phase": "conduct", "catalogue": "decide-to-stop", "accountable": ["iib"]}]
    assert severities(plan(duties=duties), "STOP-001") == []
    assert severities(plan(event=COMPLETE, duties=duties), "STOP-001") == ["amber"]
    unowned = [{**duties[0], "accountable": []}]
    assert severities(plan(duties=unowned), "STOP-001") == ["amber"]


@pytest.mark.parametrize("power", ["stop_show", "delay_start", "evacuate", "cancel"])
def test_whoever_can_end_the_pull_may_stop_the_show(power: str) -> None:
    assert told("STOP-002", holder(may=[power]), event=COMPLETE) == []


def test_nobody_may_stop_the_show() -> None:
    gate = holder(may=["stop_entry"])
    assert told("STOP-002", gate, event=COMPLETE) == ["red"]
    assert told("STOP-002", gate) == ["amber"]
    assert told("STOP-002", holder(may=[])) == []
    (found,) = findings(plan(stop=[gate]), "STOP-002")
    assert "Safety manager may act" in found.message.in_english()


def test_nobody_may_stop_entry() -> None:
    assert told("STOP-003", holder(may=["stop_show"])) == ["amber"]
    assert told("STOP-003", holder(may=["stop_show"]), holder(id="s2", may=["stop_entry"])) == []


@pytest.mark.parametrize(
    ("event", "signs", "expected"),
    [
        (EXTRACT, [[]], ["red"]),
        (EXTRACT, [[], ["density above 4"]], ["amber"]),
        (EXTRACT, [None], []),
        (COMPLETE, [None], ["amber"]),
        (COMPLETE, [["density above 4"]], []),
    ],
)
def test_no_agreed_signs(event: dict[str, Any], signs: list[Any], expected: list[str]) -> None:
    holders = [holder(id=f"s{number}", signs=each) for number, each in enumerate(signs)]
    assert told("STOP-004", *holders, event=event) == expected


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (2, []),
        (5, []),
        (8, ["amber"]),
        (11, ["amber"]),
        (20, ["red"]),
        ({"low": 4, "high": 9}, ["amber"]),
        ({"low": 8, "high": 20}, ["amber"]),
        ({"low": 12, "high": 20}, ["red"]),
        (None, []),
    ],
)
def test_slow_stop(within: Any, expected: list[str]) -> None:
    assert told("STOP-005", holder(within_min=within)) == expected


def test_a_slow_holder_beside_a_fast_one_is_no_red() -> None:
    slow = holder(within_min=20)
    assert told("STOP-005", slow, holder(id="s2", within_min=2)) == ["amber"]
    assert told("STOP-005", slow, holder(id="s2", within_min=2, may=["open_exits"])) == ["red"]


def test_the_numbers_of_a_slow_stop() -> None:
    (found,) = findings(plan(stop=[holder(within_min=22)]), "STOP-005")
    assert found.ratio is not None
    assert found.ratio.nominal == pytest.approx(2.0)
    assert found.message.in_english() == (
        "When Safety manager decides to stop, it takes effect after 22 min; the limit is 11 min."
    )


def test_who_may_do_nothing_is_no_authority() -> None:
    steps = [f"person {number}" for number in range(9)]
    channels = {"channels": [{"id": "c1", "sort": "radio", "works": False}]}
    asker = holder(may=[], within_min=30, steps=steps, deputy="none", present=False, signs=[], channel="c1")
    for rule_id in ("STOP-002", "STOP-003", "STOP-004", "STOP-005", "STOP-006", "STOP-007", "STOP-008"):
        assert told(rule_id, asker) == []
    assert told("STOP-009", asker, communications=channels) == []
    assert told("STOP-010", asker, event=COMPLETE) == []
    assert told("STOP-001", asker, holder(id="s2", may=[])) == ["red"]
    assert told("STOP-001", asker, holder(id="s2")) == []


def test_one_holder_and_many_are_worded_alike() -> None:
    one, other = holder(may=["stop_show"]), holder(id="s2", holder="Owner", may=["cancel"])
    (found,) = findings(plan(stop=[one]), "STOP-003")
    assert found.message.in_english() == (
        "Safety manager may act, but may not stop people from entering Test event."
    )
    (found,) = findings(plan(stop=[one, other]), "STOP-003")
    assert found.message.in_english().startswith("Safety manager, Owner may act, but may not stop")


@pytest.mark.parametrize(
    ("people", "within", "expected"),
    [(4, None, []), (5, None, ["amber"]), (7, None, ["red"]), (7, 3, ["amber"]), (0, None, [])],
)
def test_long_chain(people: int, within: Any, expected: list[str]) -> None:
    steps = [f"person {number}" for number in range(people)]
    assert told("STOP-006", holder(steps=steps, within_min=within)) == expected


@pytest.mark.parametrize(
    ("holders", "parts", "expected"),
    [
        ([holder(present=False)], {}, ["red"]),
        ([holder(present=False), holder(id="s2")], {}, ["amber"]),
        ([holder(present=False), holder(id="s2", may=["stop_entry"])], {}, ["red"]),
        ([holder(present=True)], {}, []),
        ([holder()], {}, []),
        ([holder(holder="p1")], {"people": [{"id": "p1", "agency": "iib", "available": False}]}, ["red"]),
        (
            [holder(holder="command")],
            {"posts": [{"id": "command", "title": "Command", "role": "command", "confirmed": 0}]},
            ["red"],
        ),
    ],
)
def test_absent_authority(holders: list[Any], parts: dict[str, Any], expected: list[str]) -> None:
    assert told("STOP-007", *holders, **parts) == expected


@pytest.mark.parametrize(
    ("event", "holders", "expected"),
    [
        (EXTRACT, [holder(deputy="none")], ["red"]),
        (EXTRACT, [holder(deputy="none"), holder(id="s2")], ["amber"]),
        (EXTRACT, [holder()], []),
        (COMPLETE, [holder()], ["amber"]),
        (COMPLETE, [holder(), holder(id="s2")], []),
        (COMPLETE, [holder(deputy="p2")], []),
    ],
)
def test_authority_without_deputy(event: dict[str, Any], holders: list[Any], expected: list[str]) -> None:
    assert told("STOP-008", *holders, event=event) == expected


@pytest.mark.parametrize(
    ("event", "channel", "works", "expected"),
    [
        (EXTRACT, "c1", False, ["red"]),
        (EXTRACT, "c1", True, []),
        (EXTRACT, "c1", None, []),
        (EXTRACT, None, None, []),
        (COMPLETE, None, True, ["amber"]),
        (COMPLETE, "unknown", True, []),
    ],
)
def test_authority_without_channel(
    event: dict[str, Any], channel: Any, works: Any, expected: list[str]
) -> None:
    communications = {"channels": [{"id": "c1", "sort": "radio", "works": works}]}
    assert told("STOP-009", holder(channel=channel), event=event, communications=communications) == expected


def test_undrilled_stop() -> None:
    day = {"starts_at": at("18:00")}
    assert told("STOP-010", holder()) == []
    assert told("STOP-010", holder(), event=COMPLETE) == ["info"]
    assert told("STOP-010", holder(drilled_date=date(2027, 3, 1)), event={**COMPLETE, **day}) == []
    assert told("STOP-010", holder(drilled_date=date(2025, 3, 1)), event=day) == ["info"]
