# SPDX-License-Identifier: Apache-2.0
"""A batch on its way: from what a device sent to rows and samples."""

from __future__ import annotations

import asyncio
from typing import Literal

import msgspec

from hamkor.telemetry.receiving.refusals import too_fast
from hamkor.telemetry.receiving.registry import Sender
from hamkor.telemetry.rules.readings import DEFAULT_LIMITS, Limits, Sample, Sent, admit

Way = Literal["http", "mqtt"]


class Batch:
    """Readings of one device that were let in.

    Args:
        stream: Id of the event.
        device: Id of the device.
        samples: The readings.
        received_ms: When they came.
        seq: Number of the batch, or None.
        generation: Of the key it came with.
        skew_ms: How far the device's clock is behind.
        is_skewed: True when that is too far.
    """

    __slots__ = (
        "device",
        "generation",
        "is_skewed",
        "received_ms",
        "samples",
        "seq",
        "skew_ms",
        "stored",
        "stream",
    )

    def __init__(
        self,
        stream: str,
        device: str,
        samples: list[Sample],
        *,
        received_ms: int,
        seq: int | None = None,
        generation: int = 0,
        skew_ms: int = 0,
        is_skewed: bool = False,
    ) -> None:
        self.stream, self.device, self.received_ms, self.samples = stream, device, received_ms, samples
        self.seq, self.generation, self.skew_ms, self.is_skewed = seq, generation, skew_ms, is_skewed
        self.stored: asyncio.Future[None] | None = None


class Relayed(msgspec.Struct, frozen=True, array_like=True):
    """A batch on its way to the process that follows its event."""

    device: str
    received_ms: int
    skew_ms: int
    is_skewed: bool
    samples: list[Sample]


_RELAYED = msgspec.msgpack.Decoder(Relayed)
_ENCODER = msgspec.msgpack.Encoder()


def make_batch(sender: Sender, sent: Sent, received_ms: int, *, limits: Limits = DEFAULT_LIMITS) -> Batch:
    """Returns the batch of a device whose key or seal was found right.

    Args:
        sender: The device.
        sent: What it sent.
        received_ms: When it came, by the server's clock.
        limits: How much and how late.

    Raises:
        NotTakenError: ``device-too-fast``.
        ReadingRefusedError: As `admit`.
    """
    if not sender.spend(len(sent.readings), received_ms):
        raise too_fast(limits.retry_after_s)
    clock = sender.clock
    newest = sent.sent_at
    if newest is None and sent.readings:
        newest = max(reading.t for reading in sent.readings)
    shift_ms = clock.hear(newest, received_ms) if newest is not None else 0
    device = sender.device
    samples = admit(
        sent,
        device=device.id,
        feature=device.feature,
        features=sender.features,
        measures=sender.measures,
        received_ms=received_ms,
        shift_ms=shift_ms,
        limits=limits,
    )
    return Batch(
        sender.stream,
        device.id,
        samples,
        received_ms=received_ms,
        seq=sent.seq,
        generation=device.generation,
        skew_ms=clock.offset_ms,
        is_skewed=clock.is_skewed,
    )


def rows_of(batches: list[Batch]) -> str:
    """Returns the rows of batches as COPY reads them.

    Notes:
        Nothing needs to be escaped: streams, devices and features keep a pattern without tabs and backslashes.
    """
    lines: list[str] = []
    keep = lines.append
    for batch in batches:
        start, middle = f"{batch.stream}\t", f"\t{batch.received_ms}\t{batch.device}\t"
        for sample in batch.samples:
            feature = sample.feature or r"\N"
            north = r"\N" if sample.north is None else sample.north
            keep(f"{start}{sample.at_ms}{middle}{feature}\t{sample.measure}\t{sample.value}\t{north}\n")
    return "".join(lines)


def to_relay(batch: Batch) -> bytes:
    """Returns a batch as another process reads it."""
    told = Relayed(batch.device, batch.received_ms, batch.skew_ms, batch.is_skewed, batch.samples)
    return _ENCODER.encode(told)


def from_relay(stream: str, body: bytes) -> Batch:
    """Returns a batch another process took in."""
    told = _RELAYED.decode(body)
    return Batch(
        stream,
        told.device,
        told.samples,
        received_ms=told.received_ms,
        skew_ms=told.skew_ms,
        is_skewed=told.is_skewed,
    )
