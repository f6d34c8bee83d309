# SPDX-License-Identifier: Apache-2.0
"""What devices send: taken as a whole or refused with a code; keys, seals and clocks."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.telemetry.rules.clocks import DeviceClock
from hamkor.telemetry.rules.devices import MEASURES_OF
from hamkor.telemetry.rules.keys import (
    device_key,
    is_key,
    read_authorization,
    read_topic,
    seal,
    topic_of,
)
from hamkor.telemetry.rules.readings import (
    BOUNDS,
    DEFAULT_LIMITS,
    ReadingRefusedError,
    admit,
    read_body,
    read_sealed,
    read_unsealed,
)
from hamkor.telemetry.tests.builders import NOW_MS, SECRET, STREAM, limits


def taken(*readings: dict[str, Any], shift_ms: int = 0, **sent: Any) -> list[Any]:
    body = json.dumps({"readings": readings, **sent}).encode()
    return admit(
        read_body(body),
        device="box",
        feature="gate",
        features=frozenset({"gate", "door"}),
        measures=MEASURES_OF["gateway"],
        received_ms=NOW_MS,
        shift_ms=shift_ms,
    )


def test_a_batch_is_an_array_or_an_object() -> None:
    reading = {"m": "count_in", "v": 3, "t": NOW_MS, "f": "door"}
    assert (
        read_body(json.dumps([reading]).encode()).readings
        == read_body(json.dumps({"readings": [reading], "seq": 4}).encode()).readings
    )
    (sample,) = taken(reading)
    assert (sample.device, sample.feature, sample.measure, sample.value) == ("box", "door", "count_in", 3.0)


def test_a_reading_is_about_the_device_s_own_feature_and_never_of_the_future() -> None:
    (sample,) = taken({"m": "battery", "v": 0.5, "t": NOW_MS + 4_000})
    assert (sample.feature, sample.at_ms) == ("gate", NOW_MS)


def test_a_position_is_a_pair() -> None:
    (sample,) = taken({"m": "position", "v": [69.25, 41.31], "t": NOW_MS})
    assert (sample.value, sample.north) == (69.25, 41.31)


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        ({"m": "count_in", "v": -1, "t": NOW_MS}, "value-impossible"),
        ({"m": "density", "v": 1e300, "t": NOW_MS}, "value-impossible"),
        ({"m": "position", "v": 3, "t": NOW_MS}, "value-impossible"),
        ({"m": "density", "v": [1, 2], "t": NOW_MS}, "value-impossible"),
        ({"m": "position", "v": [181, 0], "t": NOW_MS}, "value-impossible"),
        ({"m": "count_in", "v": 1, "t": NOW_MS, "f": "vault"}, "feature-not-its"),
        ({"m": "count_in", "v": 1, "t": NOW_MS, "f": "gate\t\\N"}, "feature-not-its"),
        ({"m": "count_in", "v": 1, "t": 0}, "reading-too-late"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_all_of_its_batch(reading: dict[str, Any], code: str) -> None:
    with pytest.raises(ReadingRefusedError) as caught:
        taken({"m": "battery", "v": 0.5, "t": NOW_MS}, reading)
    assert caught.value.code == code
    assert "1" in caught.value.message.in_english() or code == "reading-too-late"


def test_a_device_measures_what_it_is_for() -> None:
    body = read_body(json.dumps([{"m": "smoke", "v": 1, "t": NOW_MS}]).encode())
    with pytest.raises(ReadingRefusedError, match="measure-not-its"):
        admit(
            body,
            device="d",
            feature=None,
            features=frozenset(),
            measures=MEASURES_OF["counter"],
            received_ms=NOW_MS,
        )


@given(st.binary(max_size=300))
def test_garbage_is_refused_and_nothing_else_happens(body: bytes) -> None:
    try:
        assert read_body(body).readings is not None
    except ReadingRefusedError as error:
        assert error.code == "body-malformed"  # noqa: PT017 - a body may also be a batch by chance


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[" * 100_000,
        b'[{"m":"count_in","v":NaN,"t":1}]',
        b'[{"m":"count_in","v":"3","t":1}]',
        b'[{"m":"nothing","v":3,"t":1}]',
        b'[{"m":"count_in","v":3,"t":1,"x":1}]',
        b'[{"m":"count_in","v":3}]',
        b'[{"m":"count_in","v":3,"t":99999999999999999999}]',
        b'{"readings":[],"seq":-1}',
        '[{"m":"\u0441ount_in","v":3,"t":1}]'.encode("utf-16"),
    ],
)
def test_bodies_that_are_no_batch(body: bytes) -> None:
    with pytest.raises(ReadingRefusedError, match="body-malformed"):
        read_body(body)
    with pytest.raises(ReadingRefusedError, match="body-malformed"):
        read_sealed(body)


def test_a_batch_has_an_end() -> None:
    reading = {"m": "battery", "v": 0.5, "t": NOW_MS}
    body = json.dumps([reading] * (DEFAULT_LIMITS.readings + 1)).encode()
    with pytest.raises(ReadingRefusedError, match="batch-too-large"):
        read_body(body)
    with pytest.raises(ReadingRefusedError, match="batch-too-large"):
        read_sealed(b" " * (DEFAULT_LIMITS.body_bytes + 1))


@given(st.sampled_from(sorted(BOUNDS)), st.floats(allow_nan=False, allow_infinity=False))
def test_only_values_within_their_bounds_come_in(measure: str, value: float) -> None:
    low, high = BOUNDS[measure]
    reading = {"m": measure, "v": value, "t": NOW_MS}
    if low <= value <= high:
        assert taken(reading)[0].value == value
    else:
        with pytest.raises(ReadingRefusedError, match="value-impossible"):
            taken(reading)


def test_a_key_is_of_one_device_and_one_generation() -> None:
    keys = {
        device_key(SECRET, stream, device, generation=generation)
        for stream in (STREAM, STREAM[:-1] + "2")
        for device in ("a", "b")
        for generation in (1, 2)
    }
    assert len(keys) == 8
    assert device_key(SECRET, STREAM, "a", generation=1) in keys
    assert device_key(b"other", STREAM, "a", generation=1) not in keys
    assert is_key("A", "A")
    assert not is_key("A", "B")


def test_who_sends_is_read_strictly() -> None:
    key = device_key(SECRET, STREAM, "box", generation=1)
    claim = read_authorization(f"Device {STREAM}/box:{key}")
    assert claim is not None
    assert (claim.stream, claim.device, claim.key) == (STREAM, "box", key)
    for wrong in (
        "",
        "Bearer x",
        f"Device {STREAM}/box",
        f"Device {STREAM}/../box:{key}",
        f"device {key}",
        "ў",
    ):
        assert read_authorization(wrong) is None
    assert read_topic(topic_of(STREAM, "box")) is not None
    for topic in ("hamkor/a/b", "hamkor/a/b/readings/c", "hamkor//b/readings", "hamkor/a/#/readings"):
        assert read_topic(topic) is None


def test_a_seal_covers_every_byte_and_the_sender() -> None:
    key = device_key(SECRET, STREAM, "box", generation=1)
    given_ = {"seq": 3, "sent_at": NOW_MS, "readings": b"[]"}
    mac = seal(key, STREAM, "box", **given_)
    for changed in ({"seq": 4}, {"sent_at": NOW_MS + 1}, {"readings": b"[ ]"}):
        assert seal(key, STREAM, "box", **{**given_, **changed}) != mac
    assert seal(key, STREAM, "other", **given_) != mac
    payload = b'{"seq":3,"sent_at":%d,"readings":[],"mac":"%s"}' % (NOW_MS, mac.encode())
    assert read_unsealed(read_sealed(payload)).readings == []


def test_a_wrong_clock_is_found_and_the_server_s_time_is_used() -> None:
    clock = DeviceClock()
    assert clock.hear(NOW_MS, NOW_MS + 300) == 0
    for step in range(10):
        clock.hear(NOW_MS + step * 1000 + 60_000, NOW_MS + step * 1000)
    assert clock.is_skewed
    assert clock.offset_ms == -60_000
    assert clock.hear(NOW_MS + 60_000, NOW_MS) == -60_000
    (sample,) = taken({"m": "battery", "v": 1, "t": NOW_MS + 59_000}, shift_ms=-60_000)
    assert sample.at_ms == NOW_MS - 1_000


def test_a_late_batch_is_no_wrong_clock() -> None:
    clock = DeviceClock()
    clock.hear(NOW_MS, NOW_MS + 200)
    assert clock.hear(NOW_MS, NOW_MS + 40_000) == 0
    assert not clock.is_skewed


def test_a_clock_that_was_put_right_is_trusted_again() -> None:
    clock = DeviceClock(limits(skew_s=5))
    clock.hear(NOW_MS - 20_000, NOW_MS)
    assert clock.is_skewed
    for step in range(9):
        clock.hear(NOW_MS + step, NOW_MS + step + 100)
    assert not clock.is_skewed


def test_limits_are_written_down() -> None:
    assert msgspec.json.decode(msgspec.json.encode(DEFAULT_LIMITS))["id"] == "venue"
