# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest

from hamkor.checks.tests.builders import at, feature, findings, plan, severities

COMPLETE = {"extent": "complete"}


def duty(**keys: Any) -> dict[str, Any]:
    return {"id": "d1", "title": "Fill the pens", "phase": "conduct", **keys}


def with_duty(event: dict[str, Any] | None = None, **keys: Any) -> Any:
    return plan(event=event or {}, duties=[duty(**keys)])


@pytest.mark.parametrize(
    ("checked", "expected"),
    [
        (plan(duties=[]), ["red"]),
        (plan(event=COMPLETE), ["red"]),
        (plan(), []),
        (with_duty(COMPLETE), []),
    ],
)
def test_no_duties(checked: Any, expected: list[str]) -> None:
    assert severities(checked, "DUTY-001") == expected


@pytest.mark.parametrize(
    ("event", "keys", "expected"),
    [
        ({}, {"accountable": []}, ["red"]),
        ({}, {"accountable": [], "phase": "analysis"}, ["amber"]),
        ({}, {"accountable": [], "phase": "analysis", "critical": True}, ["red"]),
        ({}, {}, []),
        ({}, {"critical": True}, ["amber"]),
        ({}, {"catalogue": "count-people-inside"}, ["amber"]),
        (COMPLETE, {}, ["red"]),
        (COMPLETE, {"accountable": ["iib"]}, []),
    ],
)
def test_unowned_duty(event: dict[str, Any], keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(with_duty(event, **keys), "DUTY-002") == expected


def test_unowned_duty_is_named_by_the_catalogue_when_it_has_no_title() -> None:
    (found,) = findings(
        plan(duties=[{"id": "x", "catalogue": "decide-to-stop", "phase": "conduct", "accountable": []}]),
        "DUTY-002",
    )
    assert found.message.in_english() == "Nobody answers for “Decide to stop the event”."
    assert found.subject.kind == "duty"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"accountable": ["org", "iib"], "critical": True}, ["red"]),
        ({"accountable": ["org", "iib"], "catalogue": "decide-to-stop"}, ["red"]),
        ({"accountable": ["org", "iib"]}, ["amber"]),
        ({"accountable": ["org", "org"]}, []),
        ({"accountable": ["org"], "supporting": ["iib"]}, []),
        ({}, []),
    ],
)
def test_doubly_owned_duty(keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(with_duty(**keys), "DUTY-003") == expected


def test_two_owners_are_named() -> None:
    (found,) = findings(with_duty(accountable=["org", "iib"]), "DUTY-003")
    assert found.message.in_english() == "2 agencies answer for “Fill the pens”: Organiser, Police."


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"accountable": ["all"]}, ["amber"]),
        ({"accountable": ["all"], "critical": True}, ["red"]),
        ({"accountable": ["iib"]}, []),
        ({}, []),
    ],
)
def test_duty_of_everyone(keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(with_duty(**keys), "DUTY-004") == expected


@pytest.mark.parametrize(
    ("event", "keys", "expected"),
    [
        ({}, {"person": "none"}, ["amber"]),
        ({}, {"person": "none", "critical": True}, ["red"]),
        ({}, {"critical": True}, []),
        (COMPLETE, {"critical": True}, ["amber"]),
        (COMPLETE, {}, []),
        (COMPLETE, {"person": "p1", "critical": True}, []),
    ],
)
def test_duty_without_person(event: dict[str, Any], keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(with_duty(event, **keys), "DUTY-005") == expected


@pytest.mark.parametrize(
    ("event", "keys", "expected"),
    [
        ({}, {"deputy": "none"}, ["amber"]),
        ({}, {"deputy": "none", "critical": True}, ["red"]),
        ({}, {"critical": True}, []),
        (COMPLETE, {"critical": True}, ["amber"]),
        (COMPLETE, {"deputy": "p2", "critical": True}, []),
    ],
)
def test_duty_without_deputy(event: dict[str, Any], keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(with_duty(event, **keys), "DUTY-006") == expected


def test_people_who_take_turns_can_be_called_for_each_other() -> None:
    shifts = [shift("p1", "12:00", "15:00"), shift("p2", "15:00", "18:00")]
    assert severities(with_duty(deputy="none", critical=True, shifts=shifts), "DUTY-006") == ["amber"]
    assert severities(with_duty(COMPLETE, critical=True, shifts=shifts), "DUTY-006") == []


def test_deputy_is_the_holder() -> None:
    assert severities(with_duty(person="p1", deputy="p1"), "DUTY-007") == ["amber"]
    assert severities(with_duty(person="p1", deputy="p1", critical=True), "DUTY-007") == ["red"]
    assert severities(with_duty(person="none", deputy="none"), "DUTY-007") == []
    assert severities(with_duty(person="p1", deputy="p2"), "DUTY-007") == []


# --- People and time


def shift(person: str, starts: str, ends: str) -> dict[str, Any]:
    return {"person": person, "starts_at": at(starts), "ends_at": at(ends)}


def person(person_id: str, **keys: Any) -> dict[str, Any]:
    return {"id": person_id, "agency": "iib", "name": "Secret Name", **keys}


AWAY = [{"starts_at": at("17:00"), "ends_at": at("19:00")}]
SHOW = {"starts_at": at("18:00"), "ends_at": at("22:00")}


@pytest.mark.parametrize(
    ("event", "who", "keys", "expected"),
    [
        ({}, {"available": False}, {"person": "p1"}, ["red"]),
        ({}, {"available": False}, {"deputy": "p1"}, ["amber"]),
        ({}, {"unavailable": AWAY}, {"person": "p1", **SHOW}, ["red"]),
        ({}, {"unavailable": AWAY}, {"shifts": [shift("p1", "18:30", "20:00")]}, ["red"]),
        ({}, {"unavailable": AWAY}, {"shifts": [shift("p1", "19:00", "20:00")]}, []),
        (SHOW, {"unavailable": AWAY}, {"person": "p1"}, ["red"]),
        (SHOW, {"unavailable": AWAY}, {"person": "p1", "phase": "preparation"}, []),
        ({}, {"unavailable": AWAY}, {"person": "p1"}, []),
        ({}, {"available": True}, {"person": "p1", **SHOW}, []),
        ({}, {}, {"person": "p1", **SHOW}, []),
        ({}, {}, {"person": "somebody-else", **SHOW}, []),
    ],
)
def test_absent_holder(
    event: dict[str, Any], who: dict[str, Any], keys: dict[str, Any], expected: list[str]
) -> None:
    checked = plan(event=event, people=[person("p1", **who)], duties=[duty(**keys)])
    assert severities(checked, "DUTY-010") == expected


def test_a_person_is_shown_by_office_never_by_name() -> None:
    people = [person("p1", position="Shift commander", available=False)]
    (found,) = findings(plan(people=people, duties=[duty(person="p1")]), "DUTY-010")
    assert found.message.in_english() == "Shift commander is to hold “Fill the pens” but cannot serve then."


def post(post_id: str, **keys: Any) -> dict[str, Any]:
    return {"id": post_id, "title": post_id.title(), "role": "gate", **keys}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            {
                "posts": [
                    post("north", critical=True, shifts=[shift("p1", "16:00", "20:00")]),
                    post("south", shifts=[shift("p1", "19:00", "22:00")]),
                ]
            },
            ["red"],
        ),
        (
            {
                "posts": [
                    post("north", shifts=[shift("p1", "16:00", "20:00")]),
                    post("south", shifts=[shift("p1", "19:00", "22:00")]),
                ]
            },
            ["amber"],
        ),
        (
            {
                "posts": [
                    post("north", shifts=[shift("p1", "16:00", "19:00")]),
                    post("south", shifts=[shift("p1", "19:00", "22:00"), shift("p2", "16:00", "19:00")]),
                ]
            },
            [],
        ),
        (
            {
                "posts": [
                    post("north", place=["gate"], shifts=[shift("p1", "16:00", "20:00")]),
                    post("south", place=["gate", "stand"], shifts=[shift("p1", "16:00", "20:00")]),
                ]
            },
            [],
        ),
        ({"duties": [duty(person="p1", **SHOW), duty(person="p1", **SHOW, id="d2")]}, ["info"]),
        (
            {
                "duties": [
                    duty(person="p1", **SHOW, place=["a"]),
                    duty(person="p1", **SHOW, place=["b"], id="d2", critical=True),
                ]
            },
            ["red"],
        ),
        ({"duties": [duty(person="p1"), duty(person="p1", id="d2")]}, []),
        (
            {
                "duties": [duty(person="p1", **SHOW, place=["a"], critical=True)],
                "posts": [post("north", place=["b"], shifts=[shift("p1", "18:00", "20:00")])],
            },
            ["amber"],
        ),
    ],
)
def test_double_booking(parts: dict[str, Any], expected: list[str]) -> None:
    assert severities(plan(**parts), "DUTY-011") == expected


def test_double_booking_names_both_places_and_the_hour() -> None:
    posts = [
        post("north", critical=True, shifts=[shift("p1", "16:00", "20:00")]),
        post("south", shifts=[shift("p1", "19:00", "22:00")]),
    ]
    (found,) = findings(plan(posts=posts), "DUTY-011")
    assert found.message.in_english() == (
        "p1 is to be at North, South at the same time, from 20.03.2027 19:00."
    )


@pytest.mark.parametrize(
    ("event", "keys", "expected"),
    [
        ({}, {**SHOW, "critical": True, "shifts": [shift("p1", "18:00", "21:00")]}, ["red"]),
        ({}, {**SHOW, "shifts": [shift("p1", "18:30", "22:00")]}, ["amber"]),
        ({}, {**SHOW, "shifts": [shift("p1", "18:00", "22:00")]}, []),
        ({}, {**SHOW, "shifts": [shift("p1", "17:00", "20:00"), shift("p2", "20:00", "23:00")]}, []),
        ({}, {**SHOW}, []),
        ({}, {"shifts": [shift("p1", "18:00", "19:00"), shift("p2", "19:30", "22:00")]}, ["amber"]),
        ({}, {"shifts": [shift("p1", "18:00", "19:30"), shift("p2", "19:00", "22:00")]}, []),
        (SHOW, {"critical": True, "shifts": [shift("p1", "18:00", "21:00")]}, ["amber"]),
        (SHOW, {"shifts": [shift("p1", "18:00", "21:00")]}, []),
    ],
)
def test_uncovered_hours(event: dict[str, Any], keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(plan(event=event, duties=[duty(**keys)]), "DUTY-012") == expected


def test_uncovered_hours_of_a_post_are_told() -> None:
    checked = plan(posts=[post("north", critical=True, **SHOW, shifts=[shift("p1", "19:00", "21:00")])])
    (found,) = findings(checked, "DUTY-012")
    assert (
        "20.03.2027 18:00–20.03.2027 19:00, 20.03.2027 21:00–20.03.2027 22:00" in found.message.in_english()
    )


ITEM = {"id": "act", "title": "Main act", "starts_at": at("20:00"), "ends_at": at("21:00"), "critical": True}
TURNS = [shift("p1", "18:00", "20:30"), shift("p2", "20:30", "22:00")]


@pytest.mark.parametrize(
    ("programme", "keys", "expected"),
    [
        ([ITEM], {"shifts": TURNS, "critical": True}, ["red"]),
        ([ITEM], {"shifts": TURNS}, ["amber"]),
        ([{**ITEM, "critical": False}], {"shifts": TURNS, "critical": True}, []),
        ([ITEM], {"shifts": [shift("p1", "18:00", "20:00"), shift("p2", "20:00", "22:00")]}, []),
        ([ITEM], {"shifts": [shift("p1", "18:00", "20:45"), shift("p2", "20:30", "22:00")]}, []),
        ([ITEM], {"shifts": [shift("p1", "18:00", "20:30"), shift("p1", "20:30", "22:00")]}, []),
        ([], {"shifts": TURNS}, []),
    ],
)
def test_handover_in_a_critical_item(programme: list[Any], keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(plan(event={"programme": programme}, duties=[duty(**keys)]), "DUTY-013") == expected


def test_a_critical_item_without_an_end_lasts_until_the_next() -> None:
    open_item = {key: value for key, value in ITEM.items() if key != "ends_at"}
    following = {"id": "next", "title": "Fireworks", "starts_at": at("20:15")}
    checked = plan(event={"programme": [open_item, following]}, duties=[duty(shifts=TURNS)])
    assert severities(checked, "DUTY-013") == []


def test_handover_in_the_peak_of_arrivals() -> None:
    def arrival(starts: str, ends: str, people: int) -> dict[str, Any]:
        return {"starts_at": at(starts), "ends_at": at(ends), "people": people}

    profile = [arrival("18:00", "20:00", 1000), arrival("20:00", "21:00", 3000)]
    checked = plan(attendance={"arrivals": profile}, duties=[duty(shifts=TURNS, critical=True)])
    (found,) = findings(checked, "DUTY-013")
    assert found.severity == "amber"
    assert "during the peak of arrivals" in found.message.in_english()
    flat = plan(attendance={"arrivals": profile[1:]}, duties=[duty(shifts=TURNS)])
    assert severities(flat, "DUTY-013") == []


# --- Against the catalogue


def test_missing_essential_duties_of_a_complete_plan() -> None:
    checked = with_duty(COMPLETE, catalogue="count-people-inside", accountable=["org"])
    missing = {found.subject.id: found.severity for found in findings(checked, "DUTY-020")}
    assert missing["open-and-staff-exits"] == "red"
    assert "count-people-inside" not in missing
    assert "draw-joint-plan" not in missing
    assert severities(checked, "DUTY-021") == ["amber"]
    assert severities(checked, "DUTY-022") == []
    assert severities(checked, "DUTY-023") == ["info"]


@pytest.mark.parametrize(("people", "expected"), [(300, ["amber"]), (150, ["info"]), (5000, ["amber"])])
def test_a_small_event_gets_one_finding_for_all_missing_duties(people: int, expected: list[str]) -> None:
    held = [duty(catalogue="count-people-inside", accountable=["org"])]
    checked = plan(event=COMPLETE, attendance={"expected": 8000, "peak": people}, duties=held)
    assert bool(severities(checked, "DUTY-020")) is (people >= 1000)
    assert severities(checked, "DUTY-021") == expected


def test_free_words_of_a_tiny_event_are_info() -> None:
    assert severities(plan(event=COMPLETE, attendance={"peak": 150}, duties=[duty()]), "DUTY-022") == ["info"]


def test_few_agencies_come_to_a_small_event() -> None:
    small = plan(event=COMPLETE, attendance={"peak": 300}, duties=[duty(accountable=["org"])])
    assert severities(small, "DUTY-025") == []


def test_missing_duties_of_an_extract_are_unknown() -> None:
    checked = with_duty(catalogue="count-people-inside")
    assert not any(severities(checked, rule) for rule in ("DUTY-020", "DUTY-021", "DUTY-022", "DUTY-023"))


def test_a_duty_shown_elsewhere_only_lacks_its_owner() -> None:
    stop = [{"id": "s", "holder": "p1", "may": ["stop_show"]}]
    checked = plan(event=COMPLETE, duties=[duty(catalogue="count-people-inside")], stop=stop)
    assert "decide-to-stop" not in [found.subject.id for found in findings(checked, "DUTY-020")]
    (found,) = findings(checked, "DUTY-021")
    assert found.severity == "amber"


def test_a_duty_is_recognised_by_its_title() -> None:
    other = duty(id="d2", title={"en": "DECIDE TO STOP THE EVENT"})
    checked = plan(event=COMPLETE, duties=[duty(catalogue="count-people-inside"), other])
    assert "decide-to-stop" not in [found.subject.id for found in findings(checked, "DUTY-020")]


def test_duties_without_any_link_to_the_catalogue() -> None:
    checked = with_duty(COMPLETE)
    assert severities(checked, "DUTY-022") == ["amber"]
    assert severities(checked, "DUTY-020") == []


def test_a_tag_decides_which_duties_are_needed() -> None:
    calm = with_duty(COMPLETE, catalogue="count-people-inside")
    rivals = plan(
        event=COMPLETE,
        attendance={"composition": {"audience": "rival_factions"}},
        duties=[duty(catalogue="count-people-inside")],
    )
    assert "separate-rival-groups" not in [found.subject.id for found in findings(calm, "DUTY-020")]
    assert "separate-rival-groups" in [found.subject.id for found in findings(rivals, "DUTY-020")]


@pytest.mark.parametrize(("owner", "expected"), [("ses", ["info"]), ("org", []), ("obj", []), ("iib", [])])
def test_unusual_owner(owner: str, expected: list[str]) -> None:
    checked = with_duty(catalogue="count-people-inside", accountable=[owner])
    assert severities(checked, "DUTY-024") == expected


def test_idle_agency() -> None:
    agencies = [
        {"agency": "fvv", "phases": ["preparation", "conduct"]},
        {"agency": "iib", "phases": ["conduct"]},
    ]
    duties = [
        duty(accountable=["iib"]),
        duty(id="d2", phase="preparation", accountable=["org"], supporting=["fvv"]),
    ]
    (found,) = findings(plan(event={**COMPLETE, "agencies": agencies}, duties=duties), "DUTY-025")
    assert found.message.in_english() == "Emergency service has no duty during the event."
    assert found.severity == "amber"
    assert severities(plan(event={"agencies": agencies}, duties=duties), "DUTY-025") == []


def test_core_agencies_are_expected_in_uzbekistan_only() -> None:
    abroad = {**COMPLETE, "place": {"name": "Arena", "country": "DE"}}
    assert severities(with_duty(abroad, accountable=["iib"]), "DUTY-025") == []
    assert "fvv" in [found.subject.id for found in findings(with_duty(COMPLETE), "DUTY-025")]


def test_a_large_plan_in_order_is_quiet() -> None:
    duties = [
        duty(id=f"d{number}", accountable=["iib"], person=f"p{number}", deputy=f"q{number}", **SHOW)
        for number in range(500)
    ]
    posts = [post(f"n{number}", shifts=[shift(f"r{number}", "18:00", "22:00")]) for number in range(300)]
    checked = plan(duties=duties, posts=posts, venue=[feature("a", "area", use="square")])
    for rule_id in ("DUTY-002", "DUTY-005", "DUTY-010", "DUTY-011", "DUTY-012", "DUTY-013"):
        assert severities(checked, rule_id) == []
