# SPDX-License-Identifier: Apache-2.0
"""An evening that is played: people come, a gate jams, a button is pressed, all go; recorded and played again."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hamkor.common.errors import HamkorError
from hamkor.events.rules import Attendance, Interval
from hamkor.telemetry.rules.devices import MEASURES_OF
from hamkor.telemetry.rules.readings import read_body
from hamkor.telemetry.simulating.evening import Evening, Scenario, profile_of
from hamkor.telemetry.simulating.playing import (
    devices_recorded,
    play,
    play_recorded,
    read_recording,
)
from hamkor.telemetry.tests.builders import FEATURES


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, 21, hour, minute)  # noqa: DTZ001 - local time of the event


CROWD = Attendance(
    expected=1000,
    arrivals=(Interval(starts_at=at(17), ends_at=at(18), share=1.0),),
    departures=(Interval(starts_at=at(21), ends_at=at(21, 30), people=1000),),
)


def evening(**scenario: Any) -> Evening:
    return Evening(FEATURES, CROWD, scenario=Scenario(**scenario), units=["unit-7"])


def counted(played: Evening) -> dict[str, dict[str, Any]]:
    return {
        device: {each["m"]: each["v"] for each in readings} for device, readings in played.readings(0).items()
    }


def test_everybody_comes_in_and_goes_again() -> None:
    played = evening(jam_way=None, press_min=None)
    played.advance(4 * 3600)
    come = counted(played)
    assert come["count-gate"]["count_in"] + come["count-exit"]["count_in"] == pytest.approx(1000, abs=3)
    assert played.people_in("field") == pytest.approx(1000 * 2000 / 2600, rel=0.02)
    played.advance(3 * 3600)
    assert played.is_over
    gone = counted(played)
    left = gone["count-gate"]["count_out"] + gone["count-exit"]["count_out"]
    assert left == pytest.approx(1000, abs=5)


def test_a_jam_is_seen_and_a_button_pressed_once() -> None:
    played = evening(jam_way="door", jam_from_min=20, jam_min=20, press_min=25, jam_share=0.02)
    played.advance(19 * 60)
    assert counted(played)["sense-yard"]["density"] < 1
    played.advance(19 * 60)
    jammed = counted(played)
    assert jammed["sense-yard"]["density"] > 2
    assert jammed["button-1"]["button"] == 1
    assert "button" not in counted(played)["button-1"]


def test_a_storm_comes_and_devices_fall_silent() -> None:
    played = evening(storm_min=10, gust_m_s=20, silent=("count-gate",), jam_from_min=5)
    played.advance(60)
    assert counted(played)["weather"]["gust"] < 8
    assert "count-gate" in counted(played)
    played.advance(40 * 60)
    assert counted(played)["weather"]["gust"] > 17
    assert "count-gate" not in counted(played)


def test_the_same_seed_is_the_same_evening_and_all_of_it_may_be_sent() -> None:
    one, other = evening(), evening()
    for played in (one, other):
        played.advance(45 * 60)
    assert one.readings(5) == other.readings(5)
    sorts = {device.id: device.sort for device in one.devices}
    for device, readings in one.readings(1_800_000_000_000).items():
        sent = read_body(msgspec.json.encode(readings))
        assert {each.m for each in sent.readings} <= MEASURES_OF[sorts[device]]


def test_a_plan_that_says_nothing_has_a_usual_evening() -> None:
    arrivals, departures = profile_of(None)
    assert arrivals[0][2] == departures[0][2] == 5_000
    assert Evening((), None).readings(0)["weather"]


class Listening:
    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []

    async def send(self, device: str, readings: list[dict[str, Any]]) -> bool:
        self.heard.append((device, readings))
        return device != "weather"


def test_what_is_recorded_is_played_again(tmp_path: Path) -> None:
    played, first, second = evening(), Listening(), Listening()
    played.ends_at = at(17, 10)
    record = io.BytesIO()
    done = asyncio.run(play(played, first, speed=30_000, every_s=0.01, record=record))
    assert done.batches == len(first.heard) > 10
    assert done.refused == sum(device == "weather" for device, _ in first.heard)
    path = tmp_path / "evening.jsonl"
    path.write_bytes(record.getvalue())
    asyncio.run(play_recorded(path, second, speed=100))
    values: list[Any] = [
        [(device, [each["v"] for each in found]) for device, found in way.heard] for way in (first, second)
    ]
    assert json.loads(json.dumps(values[0])) == json.loads(json.dumps(values[1]))
    assert {device.id for device in devices_recorded(path)} == {device for device, _ in first.heard}


@pytest.mark.parametrize(
    "text", ["{}\n", "\n", '{"after_ms":1,"device":{"id":"a","sort":"counter"},"readings":[{}]}\n']
)
def test_what_is_no_recording_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "evening.jsonl"
    path.write_text(text, encoding="ascii")
    with pytest.raises(HamkorError, match="recording-malformed"):
        list(read_recording(path))
