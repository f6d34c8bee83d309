# SPDX-License-Identifier: Apache-2.0
"""Plays an evening, or a recorded one, at any speed, and records it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.telemetry.rules.devices import Wanted
from hamkor.telemetry.simulating.evening import Evening
from hamkor.telemetry.simulating.sending import Sending

EVERY_S = 2.0
LINE_MAX_BYTES = 1024 * 1024


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a recording: what one device sent, so long after the beginning.

    Args:
        after_ms: Milliseconds since the beginning, in real time of the recording.
        device: The device as it was registered.
        readings: What it sent; their moments are milliseconds since the beginning, too.
    """

    after_ms: int
    device: Wanted
    readings: list[dict[str, Any]]


class Played(msgspec.Struct, kw_only=True):
    """What was played so far."""

    batches: int = 0
    readings: int = 0
    refused: int = 0


_LINE = msgspec.json.Decoder(Line)


async def play(
    evening: Evening,
    sending: Sending,
    *,
    speed: float = 1.0,
    every_s: float = EVERY_S,
    record: IO[bytes] | None = None,
    tell: Callable[[Evening, Played], None] | None = None,
) -> Played:
    """Plays an evening to its end, or until cancelled, and returns what was sent.

    Args:
        evening: The evening; it may have been advanced already.
        sending: How devices send.
        speed: Seconds of the event in a second of the clock.
        every_s: How often devices report, in seconds of the clock.
        record: A file that gets a line for every batch.
        tell: Called after every report.
    """
    played, started = Played(), time.monotonic()
    devices = {device.id: device for device in evening.devices}
    async for _ in _ticks(every_s):
        after_ms = int((time.monotonic() - started) * 1000)
        told = evening.readings(time.time_ns() // 1_000_000)
        if record is not None:
            for device, readings in told.items():
                moved = [{**reading, "t": after_ms} for reading in readings]
                line = Line(after_ms=after_ms, device=devices[device], readings=moved)
                record.write(msgspec.json.encode(line) + b"\n")
        await _send(sending, told, played)
        if tell is not None:
            tell(evening, played)
        if evening.is_over:
            return played
        evening.advance(speed * every_s)
    return played


async def play_recorded(path: Path, sending: Sending, *, speed: float = 1.0) -> Played:
    """Plays a recording to its end and returns what was sent.

    Raises:
        HamkorError: ``recording-malformed``, naming the line.
    """
    played, started = Played(), time.monotonic()
    start_ms = time.time_ns() // 1_000_000
    for line in read_recording(path):
        due_s = line.after_ms / 1000 / speed
        await asyncio.sleep(max(0.0, started + due_s - time.monotonic()))
        readings = [{**each, "t": start_ms + int(each["t"] / speed)} for each in line.readings]
        await _send(sending, {line.device.id: readings}, played)
    return played


def read_recording(path: Path) -> Iterator[Line]:
    """Yields the lines of a recording.

    Raises:
        HamkorError: ``recording-malformed``, naming the line.
    """
    with path.open("rb") as file:
        for number, text in enumerate(iter(lambda: file.readline(LINE_MAX_BYTES), b""), start=1):
            try:
                line = _LINE.decode(text)
                wrong = any(not isinstance(each.get("t"), int) for each in line.readings)
            except msgspec.DecodeError:
                wrong = True
            if wrong:
                template = N_("Line {number} of {path} is no line of a recording. Record it again.")
                raise HamkorError("recording-malformed", template, number=number, path=str(path))
            yield line


def devices_recorded(path: Path) -> tuple[Wanted, ...]:
    """Returns the devices of a recording.

    Raises:
        HamkorError: ``recording-malformed``.
    """
    return tuple({line.device.id: line.device for line in read_recording(path)}.values())


async def _send(sending: Sending, told: dict[str, list[dict[str, Any]]], played: Played) -> None:
    """Sends what all devices tell at once."""
    answers = await asyncio.gather(*(sending.send(device, readings) for device, readings in told.items()))
    played.batches += len(told)
    played.readings += sum(map(len, told.values()))
    played.refused += answers.count(False)


async def _ticks(every_s: float) -> AsyncIterator[int]:
    """Yields again and again, on time however long the work between takes."""
    started, number = time.monotonic(), 0
    while True:
        yield number
        number += 1
        await asyncio.sleep(max(0.0, started + number * every_s - time.monotonic()))
