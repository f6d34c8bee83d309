# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hamkor.checks.tests.builders import feature, findings, plan, severities

COMPLETE = {"extent": "complete"}
EXTRACT: dict[str, Any] = {}
CHANNELS = [
    {"id": "radio", "sort": "radio", "network": "TETRA"},
    {"id": "phone", "sort": "phone", "network": "Mobile A"},
    {"id": "messenger", "sort": "messenger", "network": "mobile a "},
    {"id": "dead", "sort": "radio", "title": "Net 4", "works": False},
    {"id": "runner", "sort": "runner"},
    {"id": "speakers", "sort": "public_address"},
]


def link(**keys: Any) -> dict[str, Any]:
    return {"id": "l1", "title": "Ramp to police", "between": ["org", "iib"], **keys}


def linked(event: dict[str, Any] | None = None, posts: Any = None, **keys: Any) -> Any:
    communications = {"channels": CHANNELS, "links": [link(**keys)]}
    return plan(event=event or {}, communications=communications, posts=posts)


@pytest.mark.parametrize(
    ("event", "keys", "expected"),
    [
        (EXTRACT, {"critical": True, "primary": "radio", "alternate": "none"}, ["red"]),
        (EXTRACT, {"critical": True, "primary": "radio"}, ["amber"]),
        (COMPLETE, {"critical": True, "primary": "radio"}, ["red"]),
        (EXTRACT, {"critical": True, "primary": "radio", "alternate": "phone"}, []),
        (EXTRACT, {"critical": True, "primary": "radio", "alternate": "none", "emergency": "runner"}, []),
        (EXTRACT, {"primary": "radio", "alternate": "none"}, []),
        (COMPLETE, {"primary": "radio"}, []),
    ],
)
def test_single_channel(event: dict[str, Any], keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(linked(event, **keys), "COMMS-001") == expected


def test_a_link_to_a_critical_post_is_critical() -> None:
    posts = [{"id": "ramp", "title": "Ramp", "role": "liaison", "critical": True}]
    checked = linked(posts=posts, between=["ramp", "iib"], primary="radio", alternate="none")
    assert severities(checked, "COMMS-001") == ["red"]


def test_a_link_without_a_title_is_named_by_its_ends() -> None:
    posts = [{"id": "ramp", "title": "Ramp", "role": "liaison"}]
    keys = {"title": None, "critical": True, "primary": "radio", "between": ["ramp", "iib"]}
    (found,) = findings(linked(posts=posts, **keys), "COMMS-001")
    assert found.message.in_english().startswith("“Ramp – Police” has one channel")
    assert "IIO" in found.message.render("uz")


def test_nothing_is_said_of_links_nobody_described() -> None:
    assert severities(plan(), "COMMS-001") == []
    assert severities(plan(communications={}), "COMMS-001") == []


@pytest.mark.parametrize(
    ("event", "keys", "expected"),
    [
        (EXTRACT, {"critical": True, "primary": "none", "alternate": "none"}, ["red"]),
        (EXTRACT, {"critical": True, "primary": "none", "alternate": "radio"}, ["amber"]),
        (EXTRACT, {"primary": "none"}, ["amber"]),
        (EXTRACT, {"critical": True}, []),
        (COMPLETE, {"critical": True}, ["amber"]),
        (COMPLETE, {"primary": "radio"}, []),
    ],
)
def test_missing_channel(event: dict[str, Any], keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(linked(event, **keys), "COMMS-002") == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"critical": True, "primary": "phone", "alternate": "messenger"}, ["red"]),
        ({"primary": "phone", "alternate": "messenger"}, ["amber"]),
        ({"critical": True, "primary": "phone", "alternate": "messenger", "contingency": "runner"}, []),
        ({"critical": True, "primary": "radio", "alternate": "phone"}, []),
        ({"critical": True, "primary": "runner", "alternate": "runner"}, ["red"]),
        ({"critical": True, "primary": "runner", "alternate": "speakers"}, []),
        ({"critical": True, "primary": "radio", "alternate": "none"}, []),
        ({"critical": True}, []),
    ],
)
def test_shared_network(keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(linked(**keys), "COMMS-003") == expected


def test_the_shared_network_is_named() -> None:
    (found,) = findings(linked(primary="phone", alternate="messenger"), "COMMS-003")
    assert found.message.in_english() == (
        "All channels of “Ramp to police” depend on the same network: Mobile A."
    )


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"sort": "phone"}, {"sort": "messenger"}, ["amber"]),
        ({"sort": "phone", "network": "Mobile"}, {"sort": "data"}, ["amber"]),
        ({"sort": "phone", "network": "mobile"}, {"sort": "data", "network": "Mobile "}, ["red"]),
        ({"sort": "phone"}, {"sort": "messenger", "network": "Wi-Fi"}, []),
        ({"sort": "phone"}, {"sort": "landline"}, []),
    ],
)
def test_phones_and_messengers_hang_on_the_mobile_network(
    first: dict[str, str], second: dict[str, str], expected: list[str]
) -> None:
    channels = [{"id": "a", **first}, {"id": "b", **second}]
    links = [link(critical=True, primary="a", alternate="b")]
    checked = plan(communications={"channels": channels, "links": links})
    assert severities(checked, "COMMS-003") == expected
    told = "".join(found.message.in_english() for found in findings(checked, "COMMS-003"))
    assert ("assumed" in told) is (expected == ["amber"])


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], ["amber"]),
        ([{"id": "b", "sort": "radio"}], ["info"]),
        ([{"id": "b", "sort": "radio", "works": False}], ["amber", "amber"]),
        ([{"id": "b", "sort": "phone"}], ["amber"]),
    ],
)
def test_a_dead_channel_no_link_uses(others: list[dict[str, Any]], expected: list[str]) -> None:
    channels = [{"id": "a", "sort": "radio", "works": False}, *others]
    assert severities(plan(communications={"channels": channels}), "COMMS-009") == expected
    used = {"channels": channels, "links": [link(primary="a", alternate="b")]}
    assert severities(plan(communications=used), "COMMS-009") == []
    stop = [{"id": "s", "holder": "x", "may": ["stop_show"], "channel": "a"}]
    told = severities(plan(communications={"channels": channels}, stop=stop), "COMMS-009")
    assert len(told) == len(expected) - 1


def test_a_dead_phone_no_link_uses_is_info() -> None:
    channels = [{"id": "a", "sort": "phone", "works": False}]
    assert severities(plan(communications={"channels": channels}), "COMMS-009") == ["info"]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"critical": True, "primary": "dead", "alternate": "phone"}, ["red"]),
        ({"critical": True, "primary": "phone", "alternate": "dead"}, ["amber"]),
        ({"primary": "dead"}, ["amber"]),
        ({"critical": True, "primary": "phone", "alternate": "radio"}, []),
        ({"critical": True, "primary": "nowhere"}, []),
    ],
)
def test_dead_channel(keys: dict[str, Any], expected: list[str]) -> None:
    assert severities(linked(**keys), "COMMS-004") == expected


@pytest.mark.parametrize(
    ("event", "communications", "expected"),
    [
        (EXTRACT, None, []),
        (COMPLETE, None, ["red"]),
        (EXTRACT, {}, []),
        (COMPLETE, {}, ["red"]),
        (EXTRACT, {"links": []}, ["red"]),
        (EXTRACT, {"channels": []}, ["red"]),
        (COMPLETE, {"channels": CHANNELS, "links": [link()]}, []),
    ],
)
def test_no_communications(event: dict[str, Any], communications: Any, expected: list[str]) -> None:
    assert severities(plan(event=event, communications=communications), "COMMS-005") == expected


@pytest.mark.parametrize(("joint", "expected"), [(False, ["amber"]), (True, []), (None, [])])
def test_no_joint_command(joint: Any, expected: list[str]) -> None:
    assert severities(plan(communications={"joint_command_post": joint}), "COMMS-006") == expected


@pytest.mark.parametrize(
    ("event", "between", "expected"),
    [
        (COMPLETE, ["org", "tty"], ["amber"]),
        (COMPLETE, ["org", "north"], []),
        (COMPLETE, ["org", "iib"], []),
        (COMPLETE, ["org", "p1"], []),
        (EXTRACT, ["org", "tty"], []),
    ],
)
def test_unreached_post(event: dict[str, Any], between: list[str], expected: list[str]) -> None:
    hours = {"starts_at": "2027-03-20T18:00:00", "ends_at": "2027-03-20T20:00:00"}
    north = {
        "id": "north",
        "title": "North",
        "role": "gate",
        "agency": "iib",
        "critical": True,
        "shifts": [{"person": "p1", **hours}],
    }
    other = {"id": "south", "title": "South", "role": "gate"}
    assert severities(linked(event, [north, other], between=between), "COMMS-007") == expected


def test_untested_channels() -> None:
    untested = linked(COMPLETE, critical=True, primary="radio", alternate="phone")
    assert severities(untested, "COMMS-008") == ["info"]
    assert severities(linked(critical=True, primary="radio"), "COMMS-008") == []
    tested = {"id": "radio", "sort": "radio", "tested_date": date(2027, 3, 18)}
    communications = {"channels": [tested], "links": [link(critical=True, primary="radio")]}
    assert severities(plan(event=COMPLETE, communications=communications), "COMMS-008") == []


# --- The public


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ({"public_address": "none", "enclosed": True}, ["red"]),
        ({"public_address": "none", "stated_capacity": 6000}, ["red"]),
        ({"public_address": "none", "stated_capacity": 600}, ["amber"]),
        ({"public_address": "none"}, ["amber"]),
        ({"public_address": "partly", "enclosed": True}, ["amber"]),
        ({"public_address": "partly"}, []),
        ({"public_address": "covered", "enclosed": True}, []),
        ({"enclosed": True}, []),
        ({"public_address": "none", "use": "backstage"}, []),
        ({"public_address": "none", "use": "seating"}, ["red"]),
        ({"public_address": "none", "use": "seating", "enclosed": False}, ["amber"]),
        ({"public_address": "partly", "use": "standing"}, ["amber"]),
        ({"public_address": "partly", "use": "standing", "enclosed": False}, []),
    ],
)
def test_area_not_addressed(area: dict[str, Any], expected: list[str]) -> None:
    checked = plan(venue=[feature("ramp", "area", **{"use": "street", **area})])
    assert severities(checked, "COMMS-010") == expected


def test_a_small_room_that_is_only_assumed_to_be_closed_is_amber() -> None:
    hall = [feature("hall", "area", use="hall", public_address="none")]
    assert severities(plan(venue=hall, attendance={"expected": 300}), "COMMS-010") == ["amber"]
    assert severities(plan(venue=hall, attendance={"expected": 3000}), "COMMS-010") == ["red"]


def test_loudhailers_soften_an_area_without_loudspeakers() -> None:
    venue = [feature("ramp", "area", use="street", public_address="none", enclosed=True)]
    communications = {
        "channels": [{"id": "horns", "sort": "loudhailer"}, {"id": "radio", "sort": "radio"}],
        "links": [link(between=["iib", "public"], primary="horns")],
    }
    assert severities(plan(venue=venue, communications=communications), "COMMS-010") == ["amber"]
    communications["links"] = [link(between=["iib", "public"], primary="radio")]
    assert severities(plan(venue=venue, communications=communications), "COMMS-010") == ["red"]


def test_public_not_addressed() -> None:
    small = {"event": COMPLETE, "attendance": {"expected": 800}}
    large = {"event": COMPLETE, "attendance": {"expected": 8000}}
    assert severities(plan(**small), "COMMS-011") == ["amber"]
    assert severities(plan(**large), "COMMS-011") == ["red"]
    assert severities(plan(attendance={"expected": 8000}), "COMMS-011") == []
    told = {"links": [link(between=["iib", "public"])]}
    assert severities(plan(**large, communications=told), "COMMS-011") == []
    heard = [feature("square", "area", use="square", public_address="covered")]
    assert severities(plan(**large, venue=heard), "COMMS-011") == []
    speaker = [feature("s", "device", device="loudspeaker")]
    assert severities(plan(**large, venue=speaker), "COMMS-011") == []


def test_messages_without_language() -> None:
    between = {"between": ["iib", "public"], "primary": "speakers"}
    assert severities(linked(COMPLETE, **between), "COMMS-012") == ["info"]
    assert severities(linked(**between), "COMMS-012") == []
    ready = {
        "channels": [{"id": "speakers", "sort": "public_address", "languages": ["uz", "ru"]}],
        "links": [link(**between)],
    }
    assert severities(plan(event=COMPLETE, communications=ready), "COMMS-012") == []
