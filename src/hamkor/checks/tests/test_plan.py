# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.checks.rules.families.plan_tasks import find_cycles
from hamkor.checks.tests.builders import at, feature, findings, plan, severities
from hamkor.plans.rules.plan import PARTS

COMPLETE = {"extent": "complete"}
EXTRACT: dict[str, Any] = {}
SHOW = {"starts_at": at("18:00"), "ends_at": at("22:00")}


def duty(**keys: Any) -> dict[str, Any]:
    return {"id": "d1", "title": "Fill the pens", "phase": "conduct", **keys}


def task(task_id: str, *after: str, **keys: Any) -> dict[str, Any]:
    return {"id": task_id, "title": f"Task {task_id}", "phase": "preparation", "after": list(after), **keys}


# --- References

PERSON = [{"id": "p1", "agency": "iib"}]
HAZARD = [{"id": "h1", "title": "Storm"}]
SQUARE = [feature("square", "area", use="square")]
BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"duties": [duty(person="ghost")], "people": PERSON}, "person"),
    ({"duties": [duty(deputy="ghost")], "people": PERSON}, "person"),
    ({"duties": [duty(shifts=[{"person": "ghost", **SHOW}])], "people": PERSON}, "person"),
    ({"event": {"organiser": {"name": "O", "person": "ghost"}}, "people": PERSON}, "person"),
    ({"medical": {"commander": "ghost"}, "people": PERSON}, "person"),
    ({"duties": [duty(place=["ghost"])], "venue": SQUARE}, "feature"),
    ({"warnings": [{"id": "w", "text": "x", "about": ["ghost"]}], "venue": SQUARE}, "feature"),
    ({"segregation": [{"id": "s", "groups": {"home": ["ghost"]}}], "venue": SQUARE}, "feature"),
    ({"attendance": {"by_area": [{"area": "ghost", "people": 5}]}, "venue": SQUARE}, "feature"),
    ({"tasks": [task("a", "ghost")]}, "task"),
    ({"tasks": [task("a", duty="ghost")], "duties": [duty()]}, "duty"),
    ({"contingencies": [{"id": "c", "title": "C", "hazards": ["ghost"]}], "hazards": HAZARD}, "hazard"),
    ({"hazards": [{"id": "h1", "contingencies": ["ghost"]}], "contingencies": []}, "contingency"),
    ({"hazards": [{"id": "h1", "catalogue": "ghost"}]}, "catalogue_hazard"),
    ({"duties": [duty(catalogue="ghost")]}, "catalogue_duty"),
    ({"duties": [duty(norms=["ghost"])]}, "norm"),
    (
        {
            "communications": {
                "channels": [],
                "links": [{"id": "l", "between": ["a", "b"], "primary": "ghost"}],
            }
        },
        "channel",
    ),
    (
        {
            "stop": [{"id": "s", "holder": "x", "may": [], "channel": "ghost"}],
            "communications": {"channels": []},
        },
        "channel",
    ),
    ({"venue": [feature("x", "post_place", post="ghost")], "posts": []}, "post"),
    (
        {
            "venue": [*SQUARE, feature("g", "opening", from_="outside", to="square", staffed_by=["ghost"])],
            "posts": [],
        },
        "post",
    ),
    ({"venue": [feature("r", "route", purpose="evacuation", sections=["ghost"])]}, "feature"),
    ({"venue": [feature("d", "device", device="camera", covers=["ghost"])]}, "feature"),
]


@pytest.mark.parametrize(("parts", "target"), BROKEN)
def test_broken_reference(parts: dict[str, Any], target: str) -> None:
    from hamkor.checks.rules.families.plan import TARGETS

    (found,) = findings(plan(**parts), "PLAN-001")
    assert found.severity == "amber"
    assert found.message.facts["id"] == "ghost"
    assert found.message.facts["target"].template == TARGETS[target]


def test_references_that_exist_are_quiet() -> None:
    checked = plan(
        people=PERSON,
        duties=[duty(person="p1", deputy="none", place=["square"], catalogue="decide-to-stop")],
        tasks=[task("a"), task("b", "a", duty="d1")],
        venue=SQUARE,
    )
    assert severities(checked, "PLAN-001") == []
    assert severities(checked, "PLAN-002") == []


def test_references_into_a_missing_part() -> None:
    parts: dict[str, Any] = {"duties": [duty(person="p1", deputy="p2", place=["square"])]}
    assert severities(plan(**parts), "PLAN-001") == []
    told = {found.subject.id: found for found in findings(plan(**parts), "PLAN-002")}
    assert {part: found.severity for part, found in told.items()} == {"people": "info", "venue": "info"}
    assert told["people"].message.in_english().startswith("References that lead into people")
    assert severities(plan(event=COMPLETE, **parts), "PLAN-002") == ["amber", "amber"]


def test_missing_parts() -> None:
    (found,) = findings(plan(stop=[]), "PLAN-003")
    assert found.severity == "info"
    assert "stop" not in found.message.facts["parts"]
    assert "venue" in found.message.facts["parts"]
    assert severities(plan(event=COMPLETE), "PLAN-003") == ["amber"]
    empty: dict[str, Any] = {part.name: [] if part.is_list else {} for part in PARTS if part.name != "event"}
    assert severities(plan(**empty, venue=SQUARE), "PLAN-003") == []


def test_missing_numbers() -> None:
    venue = [
        feature("pen", "area", use="standing"),
        feature("stand", "area", use="seating", seats=500),
        feature("square", "area", use="square"),
        feature("gate", "opening", from_="outside", to="pen"),
        feature("door", "opening", from_="pen", to="stand", clear_width_m=3),
    ]
    (found,) = findings(plan(event={"starts_at": at("18:00")}, attendance={}, venue=venue), "PLAN-004")
    assert found.severity == "info"
    assert found.message.in_english() == (
        "Not checked for want of numbers: how many people are expected, when people arrive, when people leave, "
        "the size of pen, the clear width of gate."
    )
    assert severities(plan(event={"starts_at": at("18:00")}), "PLAN-004") == []


@pytest.mark.parametrize("use", ["pitch", "concourse", "backstage"])
def test_no_size_is_asked_of_areas_where_nobody_stays(use: str) -> None:
    venue = [feature("place", "area", use=use)]
    assert severities(plan(event={"starts_at": at("18:00")}, venue=venue), "PLAN-004") == []
    held = [feature("place", "area", use=use, stated_capacity=2000)]
    (found,) = findings(plan(event={"starts_at": at("18:00")}, venue=held), "PLAN-004")
    assert "the size of place" in found.message.in_english()


# --- Times


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"starts_at": at("22:00"), "ends_at": at("18:00")}, ["red"]),
        ({"doors_open_at": at("19:00"), "starts_at": at("18:00")}, ["red"]),
        ({"ends_at": at("22:00"), "clear_by": at("21:00")}, ["red"]),
        ({"doors_open_at": at("19:00"), "ends_at": at("18:00")}, ["red"]),
        ({"doors_open_at": at("16:00"), **SHOW, "clear_by": at("23:00")}, []),
        ({"doors_open_at": at("18:00"), **SHOW}, []),
        ({}, []),
    ],
)
def test_contradicting_event_times(event: dict[str, Any], expected: list[str]) -> None:
    assert severities(plan(event=event), "PLAN-010") == expected


TEXT_TIMES = {"starts_at": "2027-03-20T20:00:00", "ends_at": "2027-03-20T19:00:00"}
REVERSED = {"starts_at": at("20:00"), "ends_at": at("19:00")}


@pytest.mark.parametrize(
    "parts",
    [
        {"duties": [duty(**REVERSED)]},
        {"duties": [duty(shifts=[{"person": "p", **REVERSED}])]},
        {"posts": [{"id": "a", "title": "A", "role": "gate", **REVERSED}]},
        {"tasks": [task("a", **REVERSED)]},
        {"event": {"programme": [{"id": "a", "title": "A", **REVERSED}]}},
        {"attendance": {"arrivals": [{**REVERSED, "people": 5}]}},
        {"people": [{"id": "p", "agency": "iib", "unavailable": [REVERSED]}]},
        {"venue": [feature("g", "opening", from_="outside", to="a", flows=[{**TEXT_TIMES}])]},
    ],
)
def test_reversed_period(parts: dict[str, Any]) -> None:
    assert severities(plan(**parts), "PLAN-011") == ["amber"]


def test_distant_period() -> None:
    wrong_year = {"starts_at": at("18:00", "2026-03-20"), "ends_at": at("22:00", "2026-03-20")}
    checked = plan(event=SHOW, duties=[duty(**wrong_year)])
    assert severities(checked, "PLAN-012") == ["amber"]
    assert severities(plan(duties=[duty(**wrong_year)]), "PLAN-012") == []
    before = duty(phase="preparation", **wrong_year)
    assert severities(plan(event=SHOW, duties=[before, duty(**SHOW, id="d2")]), "PLAN-012") == []
    arrivals = {"arrivals": [{**wrong_year, "people": 10}]}
    assert severities(plan(event=SHOW, attendance=arrivals), "PLAN-012") == ["amber"]


# --- Numbers


def shared(*shares: float) -> dict[str, Any]:
    hours = range(10, 10 + len(shares))
    return {
        "arrivals": [
            {"starts_at": at(f"{hour}:00"), "ends_at": at(f"{hour + 1}:00"), "share": share}
            for hour, share in zip(hours, shares, strict=True)
        ]
    }


@pytest.mark.parametrize(
    ("shares", "expected"),
    [((0.5, 0.5), []), ((0.5, 0.51), []), ((0.5, 0.6), ["amber"]), ((0.9, 0.8), ["red"]), ((0.3,), [])],
)
def test_excessive_shares(shares: tuple[float, ...], expected: list[str]) -> None:
    assert severities(plan(attendance=shared(*shares)), "PLAN-020") == expected


def test_shares_further_in_are_shares_of_the_same_people() -> None:
    def gate(gate_id: str, from_: str, to: str, share: float) -> Any:
        return feature(gate_id, "opening", from_=from_, to=to, arrival_share=share)

    areas = [feature("a", "area", use="queue"), feature("b", "area", use="square")]
    inner = gate("g3", "a", "b", 1)
    outer = [gate("g1", "outside", "a", 0.5), gate("g2", "outside", "a", 0.5)]
    assert severities(plan(venue=[*areas, *outer, inner]), "PLAN-020") == []
    third = gate("g4", "outside", "b", 0.5)
    assert severities(plan(venue=[*areas, *outer, inner, third]), "PLAN-020") == ["amber"]


@pytest.mark.parametrize(
    ("people", "expected"), [(1000, []), (1150, []), (1300, ["amber"]), (2000, ["red"]), (300, [])]
)
def test_excessive_profile(people: int, expected: list[str]) -> None:
    row = {"starts_at": at("16:00"), "ends_at": at("18:00"), "people": people}
    assert severities(plan(attendance={"expected": 1000, "arrivals": [row]}), "PLAN-021") == expected
    assert severities(plan(attendance={"arrivals": [row]}), "PLAN-021") == []


def test_overlapping_intervals() -> None:
    first = {"starts_at": at("16:00"), "ends_at": at("18:00"), "people": 5}
    second = {"starts_at": at("17:00"), "ends_at": at("19:00"), "people": 5}
    third = {"starts_at": at("18:00"), "ends_at": at("19:00"), "people": 5}
    (found,) = findings(plan(attendance={"departures": [first, second]}), "PLAN-022")
    assert found.message.in_english() == "Intervals of departures overlap at: 20.03.2027 17:00."
    assert severities(plan(attendance={"departures": [first, third]}), "PLAN-022") == []


def test_areas_above_the_crowd() -> None:
    rows = [{"area": "a", "people": 900}, {"area": "b", "people": 900}]
    assert severities(plan(attendance={"expected": 1000, "by_area": rows}), "PLAN-023") == ["info"]
    assert severities(plan(attendance={"expected": 1800, "by_area": rows}), "PLAN-023") == []


# --- Tasks


def test_circular_tasks_are_named() -> None:
    checked = plan(tasks=[task("a", "c"), task("b", "a"), task("c", "b"), task("d", "a")])
    (found,) = findings(checked, "PLAN-030")
    assert found.severity == "red"
    assert found.message.in_english() == (
        "None of these tasks can begin, because each waits for the next: Task a, Task c, Task b, Task a."
    )


def test_tasks_in_order_are_quiet() -> None:
    checked = plan(tasks=[task("a"), task("b", "a"), task("c", "a", "b"), task("d", "ghost")])
    assert severities(checked, "PLAN-030") == []


def test_a_task_that_waits_for_itself() -> None:
    assert severities(plan(tasks=[task("a", "a")]), "PLAN-030") == ["red"]


def test_two_knots_are_two_findings() -> None:
    checked = plan(tasks=[task("a", "b"), task("b", "a"), task("c", "d"), task("d", "c", "a")])
    assert severities(checked, "PLAN-030") == ["red", "red"]


def test_a_long_chain_needs_no_recursion() -> None:
    chain = {str(number): (str(number + 1),) for number in range(20_000)}
    assert find_cycles(chain) == []
    assert [len(cycle) for cycle in find_cycles({**chain, "20000": ("0",)})] == [20_001]


@given(
    st.dictionaries(st.integers(0, 8).map(str), st.lists(st.integers(0, 8).map(str), max_size=4).map(tuple))
)
def test_a_cycle_is_found_exactly_when_no_order_exists(after: dict[str, tuple[str, ...]]) -> None:
    waiting = {key: {item for item in items if item in after} for key, items in after.items()}
    while ready := [key for key, items in waiting.items() if not items]:
        for key in ready:
            del waiting[key]
        for items in waiting.values():
            items.difference_update(ready)
    cycles = find_cycles(after)
    assert bool(cycles) == bool(waiting)
    for cycle in cycles:
        assert all(
            following in after[item] for item, following in zip(cycle, [*cycle[1:], cycle[0]], strict=True)
        )


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ({"ends_at": at("12:00")}, {"starts_at": at("11:00")}, ["amber"]),
        ({"ends_at": at("12:00")}, {"starts_at": at("12:00")}, []),
        ({"starts_at": at("11:00"), "duration_min": 90}, {"starts_at": at("12:00")}, ["amber"]),
        ({"ends_at": at("12:00")}, {"ends_at": at("12:30"), "duration_min": 60}, ["amber"]),
        ({}, {"starts_at": at("11:00")}, []),
        ({"ends_at": at("12:00")}, {}, []),
    ],
)
def test_task_too_early(earlier: dict[str, Any], later: dict[str, Any], expected: list[str]) -> None:
    checked = plan(tasks=[task("a", **earlier), task("b", "a", **later)])
    assert severities(checked, "PLAN-031") == expected


def test_late_preparation() -> None:
    event = {"doors_open_at": at("16:00"), **SHOW}
    fence = task("fence", ends_at=at("17:00"))
    assert severities(plan(event=event, tasks=[fence]), "PLAN-032") == ["amber"]
    assert severities(plan(event=event, tasks=[{**fence, "phase": "conduct"}]), "PLAN-032") == []
    assert severities(plan(event=event, tasks=[task("fence", ends_at=at("15:00"))]), "PLAN-032") == []
    assert severities(plan(tasks=[fence]), "PLAN-032") == []


def test_task_without_owner() -> None:
    owned = [task("a", agency="org"), task("b", person="p1"), task("c", duty="d1")]
    duties = [duty(accountable=["iib"])]
    assert severities(plan(event=COMPLETE, tasks=owned, duties=duties), "PLAN-033") == []
    assert severities(plan(event=COMPLETE, tasks=owned), "PLAN-033") == ["amber"]
    assert severities(plan(tasks=[task("a")]), "PLAN-033") == []


# --- Algorithms


@pytest.mark.parametrize(
    ("event", "decides", "expected"),
    [
        (EXTRACT, "none", ["red"]),
        (EXTRACT, None, []),
        (COMPLETE, None, ["amber"]),
        (COMPLETE, "commander", []),
    ],
)
def test_undecided_contingency(event: dict[str, Any], decides: Any, expected: list[str]) -> None:
    algorithm = {"id": "c", "title": "Storm", "decides": decides}
    assert severities(plan(event=event, contingencies=[algorithm]), "PLAN-040") == expected


def test_incomplete_contingency() -> None:
    whole = {"id": "c", "title": "Storm", "trigger": "gust 15 m/s", "steps": [{"action": "Clear"}]}
    assert severities(plan(event=COMPLETE, contingencies=[whole]), "PLAN-041") == []
    assert severities(plan(contingencies=[{"id": "c", "title": "Storm"}]), "PLAN-041") == []
    assert severities(plan(contingencies=[{**whole, "steps": []}]), "PLAN-041") == ["amber"]
    (found,) = findings(plan(event=COMPLETE, contingencies=[{"id": "c", "title": "Storm"}]), "PLAN-041")
    assert found.message.in_english() == "“Storm” lacks: the sign on which it starts, the steps."


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"likelihood": 3, "impact": 4}, ["amber"]),
        ({"likelihood": 1, "impact": 5}, ["amber"]),
        ({"likelihood": 2, "impact": 2}, []),
        ({"likelihood": 5}, []),
        ({"likelihood": 4, "impact": 4, "contingencies": ["c"]}, []),
        ({"likelihood": 4, "impact": 4, "id": "answered"}, []),
    ],
)
def test_hazard_without_contingency(entry: dict[str, Any], expected: list[str]) -> None:
    algorithms = [{"id": "c", "title": "C", "hazards": ["answered"]}]
    hazards = [{"id": "h1", "title": "Storm", **entry}]
    checked = plan(event=COMPLETE, hazards=hazards, contingencies=algorithms)
    assert severities(checked, "PLAN-042") == expected
    assert severities(plan(hazards=hazards), "PLAN-042") == []
