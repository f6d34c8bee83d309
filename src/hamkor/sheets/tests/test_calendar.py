# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamkor.common.i18n import LANGUAGES
from hamkor.folder.tests.strategies import plans
from hamkor.plans.rules.plan import Plan
from hamkor.sheets.queries import CalendarZoneError, venue_geojson, write_calendar
from hamkor.sheets.tests.books import small_plan
from hamkor.venues.rules.features import Venue

STAMP = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
PLAN = small_plan()


def _entries(content: bytes) -> list[dict[str, str]]:
    """A reader of its own: lines unfolded, blocks matched, texts unescaped."""
    text = content.replace(b"\r\n ", b"").decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    blocks: list[dict[str, str]] = []
    open_blocks: list[str] = []
    for line in text.removesuffix("\r\n").split("\r\n"):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            open_blocks.append(value)
            blocks.append({"BEGIN": value})
        elif name == "END":
            assert open_blocks.pop() == value
        else:
            assert name not in blocks[-1]
            blocks[-1][name] = _plain(value)
    assert open_blocks == []
    return blocks


def _plain(value: str) -> str:
    letters = iter(value)
    return "".join({"n": "\n"}.get(x := next(letters), x) if letter == "\\" else letter for letter in letters)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_calendar_holds_programme_tasks_and_shifts(language: str) -> None:
    head, *entries = _entries(write_calendar(PLAN, language, stamped_at=STAMP))
    assert head["VERSION"] == "2.0"
    assert [(entry["BEGIN"], entry["UID"]) for entry in entries] == [
        ("VEVENT", "event@fair.hamkor"),
        ("VEVENT", "programme-show@fair.hamkor"),
        ("VTODO", "task-t1@fair.hamkor"),
        ("VTODO", "task-t2@fair.hamkor"),
        ("VEVENT", "post-gate-p1-1@fair.hamkor"),
        ("VEVENT", "post-gate-p2-1@fair.hamkor"),
    ]
    assert {entry["DTSTAMP"] for entry in entries} == {"20270102T030405Z"}
    assert entries[0]["DTSTART"] == "20270321T130000Z"
    assert entries[2]["SUMMARY"] == "Fence; a, b"
    assert entries[2]["DUE"] == "20270320T070000Z"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans("tasks", "posts", "people", "duties"), st.sampled_from(LANGUAGES))
def test_any_plan_makes_a_calendar_that_can_be_read(plan: Plan, language: str) -> None:
    plan = msgspec.structs.replace(plan, event=msgspec.structs.replace(plan.event, time_zone="Asia/Tashkent"))
    content = write_calendar(plan, language, stamped_at=STAMP)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    _head, *entries = _entries(content)
    for entry in entries:
        end = entry.get("DTEND", entry.get("DUE"))
        assert end is None or entry.get("DTSTART", "") < end


def test_names_cannot_add_lines_or_entries() -> None:
    task = {"id": "t", "phase": "conduct", "title": "a\r\nEND:VTODO\r\nBEGIN:VALARM\u2028x\x0b" + "ў" * 90}
    content = write_calendar(small_plan(tasks=[task]), "uz", stamped_at=STAMP)
    (entry,) = [entry for entry in _entries(content) if entry["BEGIN"] == "VTODO"]
    assert entry["SUMMARY"].startswith("a\nEND:VTODO\nBEGIN:VALARM x")
    assert entry["SUMMARY"].endswith("ў" * 90)


def test_an_unknown_zone_is_told() -> None:
    event = msgspec.structs.replace(PLAN.event, time_zone="../etc/passwd")
    with pytest.raises(CalendarZoneError, match="calendar-zone"):
        write_calendar(msgspec.structs.replace(PLAN, event=event), "uz", stamped_at=STAMP)


def test_a_drawing_is_plain_geojson() -> None:
    clockwise = [[69.0, 41.0], [69.0, 41.1], [69.1, 41.1], [69.1, 41.0], [69.0, 41.0]]
    features = [
        {
            "type": "Feature",
            "id": "a",
            "geometry": {"type": "Polygon", "coordinates": [clockwise]},
            "properties": {"kind": "area", "name": {"uz": "Maydon", "ru": "Площадь"}, "use": "square",
                           "stated_capacity": {"low": 10, "high": 20}},
        },
        {"type": "Feature", "id": "b", "geometry": None, "properties": {"kind": "assembly_area"}},
    ]  # fmt: skip
    venue = msgspec.convert({"type": "FeatureCollection", "features": features}, Venue)
    drawn = json.loads(venue_geojson(msgspec.structs.replace(PLAN, venue=venue), "ru"))
    first, second = drawn["features"]
    assert first["geometry"]["coordinates"] == [clockwise[::-1]]
    told = {"kind": "area", "name": "Площадь", "use": "square", "stated_capacity": 15.0}
    assert told.items() <= first["properties"].items()
    assert all(isinstance(value, (str, int, float, bool)) for value in first["properties"].values())
    assert second["geometry"] is None
    assert json.loads(venue_geojson(PLAN, "uz")) == {"type": "FeatureCollection", "features": []}
