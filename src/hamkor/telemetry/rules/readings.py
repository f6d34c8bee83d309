# SPDX-License-Identifier: Apache-2.0
"""What devices send: readings, the limits they keep, and what is made of a batch once its sender is known."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

Measure = Literal[
    "count_in",
    "count_out",
    "density",
    "occupancy",
    "speed",
    "button",
    "position",
    "wind",
    "gust",
    "temperature",
    "lightning_km",
    "rain_mm_h",
    "smoke",
    "battery",
    "heartbeat",
]
MEASURES: tuple[Measure, ...] = get_args(Measure)
COUNTERS: frozenset[str] = frozenset({"count_in", "count_out"})
WEATHER: frozenset[str] = frozenset({"wind", "gust", "temperature", "lightning_km", "rain_mm_h"})
# Lowest and highest value that can be meant; what lies outside is a broken device or an attack.
BOUNDS: dict[str, tuple[float, float]] = {
    "count_in": (0, 1e9),
    "count_out": (0, 1e9),
    "density": (0, 15),
    "occupancy": (0, 1e6),
    "speed": (0, 100),
    "button": (0, 1),
    "wind": (0, 120),
    "gust": (0, 120),
    "temperature": (-60, 80),
    "lightning_km": (0, 1000),
    "rain_mm_h": (0, 1000),
    "smoke": (0, 1),
    "battery": (0, 1),
    "heartbeat": (0, 1),
}


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much one device may send, and how far its clock may be off.

    Args:
        id: Name of the profile.
        body_bytes: Longest body of a request or payload of a message.
        readings: Readings in one batch.
        readings_per_s: Readings one device may send every second, for long.
        readings_burst: Readings one device may send at once after a silence, such as a lost connection.
        late_s: Readings older than this are refused, in seconds: their day may be gone already.
        live_s: Older readings are kept, but say nothing about now, in seconds.
        skew_s: Clocks further off than this are flagged, and the server's time is used, in seconds.
        queue_readings: Readings that may wait for the database in one process; more are asked to come later.
        retry_after_s: When to come again, in seconds.
    """

    id: str
    body_bytes: int
    readings: int
    readings_per_s: float
    readings_burst: float
    late_s: float
    live_s: float
    skew_s: float
    queue_readings: int
    retry_after_s: int


# Ours, by decision 0025: a gateway of a stadium sends for a hundred turnstiles every second.
LIMITS: dict[str, Limits] = {
    "venue": Limits(
        id="venue",
        body_bytes=256 * 1024,
        readings=1_000,
        readings_per_s=2_000,
        readings_burst=10_000,
        late_s=24 * 3_600,
        live_s=30,
        skew_s=5,
        queue_readings=100_000,
        retry_after_s=1,
    ),
}
DEFAULT_LIMITS = LIMITS["venue"]


class ReadingRefusedError(HamkorError):
    """What a device sent cannot be meant; names the first reading that is wrong."""


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One reading as it is sent.

    Args:
        m: What was measured.
        v: A number, or longitude and latitude for a position.
        t: When, by the device's clock, in milliseconds since 1970.
        f: Feature of the drawing it is about; the device's own when not given.
    """

    m: Measure
    v: float | tuple[float, float]
    t: Annotated[int, Meta(ge=0, le=4_102_444_800_000)]
    f: str | None = None


Number = Annotated[int, Meta(ge=0, le=2**53)]


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A batch over HTTP.

    Args:
        readings: The readings.
        seq: Number of the batch, growing; the same number again is not stored twice.
        sent_at: When it was sent, by the device's clock, in milliseconds since 1970.
    """

    readings: list[Reading]
    seq: Number | None = None
    sent_at: Number | None = None


class Sealed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A batch over MQTT, where anybody on the broker could write: sealed with the device's key.

    Args:
        seq: Number of the batch; each must be above all before.
        sent_at: When it was sent, by the device's clock, in milliseconds since 1970.
        readings: The readings, as the bytes that were sealed.
        mac: The seal, 64 hexadecimal digits; see `keys.seal`.
    """

    seq: Number
    sent_at: Number
    readings: msgspec.Raw
    mac: Annotated[str, Meta(min_length=64, max_length=64)]


class Sample(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A reading that was let in, in the server's time.

    Args:
        at_ms: When, in milliseconds since 1970.
        device: Id of the device.
        feature: Feature it is about, or None.
        measure: What was measured.
        value: The number; longitude of a position.
        north: Latitude of a position, else None.
    """

    at_ms: int
    device: str
    feature: str | None
    measure: Measure
    value: float
    north: float | None = None


_BODY = msgspec.json.Decoder(list[Reading] | Sent)
_READINGS = msgspec.json.Decoder(list[Reading])
_SEALED = msgspec.json.Decoder(Sealed)


def read_body(body: bytes, limits: Limits = DEFAULT_LIMITS) -> Sent:
    """Returns the batch in the body of a request.

    Raises:
        ReadingRefusedError: ``body-malformed`` or ``batch-too-large``.
    """
    try:
        found = _BODY.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _malformed(error) from None
    sent = Sent(readings=found) if isinstance(found, list) else found
    return _of_size(sent, limits)


def read_sealed(payload: bytes, limits: Limits = DEFAULT_LIMITS) -> Sealed:
    """Returns a sealed batch as it came; whether the seal is right is not known yet.

    Raises:
        ReadingRefusedError: ``body-malformed`` or ``batch-too-large``.
    """
    if len(payload) > limits.body_bytes:
        raise _too_large(limits)
    try:
        return _SEALED.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _malformed(error) from None


def read_unsealed(sealed: Sealed, limits: Limits = DEFAULT_LIMITS) -> Sent:
    """Returns the batch in a message whose seal was found right.

    Raises:
        ReadingRefusedError: ``body-malformed`` or ``batch-too-large``.
    """
    try:
        readings = _READINGS.decode(sealed.readings)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _malformed(error) from None
    return _of_size(Sent(readings=readings, seq=sealed.seq, sent_at=sealed.sent_at), limits)


def admit(
    sent: Sent,
    *,
    device: str,
    feature: str | None,
    features: frozenset[str],
    measures: frozenset[str],
    received_ms: int,
    shift_ms: int = 0,
    limits: Limits = DEFAULT_LIMITS,
) -> list[Sample]:
    """Returns the readings of a batch in the server's time, all of them or none.

    Args:
        sent: The batch.
        device: Who sent it.
        feature: What its readings are about when they do not say.
        features: What else they may be about.
        measures: What the device may measure.
        received_ms: When the batch came, by the server's clock.
        shift_ms: What is added to the device's clock.
        limits: How late a reading may be.

    Raises:
        ReadingRefusedError: ``measure-not-its``, ``feature-not-its``, ``value-impossible`` or ``reading-too-late``.
    """
    samples: list[Sample] = []
    keep, bounds, oldest = samples.append, BOUNDS, received_ms - int(limits.late_s * 1000)
    for reading in sent.readings:
        measure, value, north, of = reading.m, reading.v, None, reading.f
        if measure not in measures:
            raise _refused(sent, reading, "measure-not-its")
        if of is not None and of not in features:
            raise _refused(sent, reading, "feature-not-its")
        if type(value) is tuple:
            if not _is_point(measure, value):
                raise _refused(sent, reading, "value-impossible")
            value, north = value
        else:
            low, high = bounds.get(measure, _NOTHING)
            if not low <= value <= high:  # type: ignore[operator]  # a number, because it is no pair
                raise _refused(sent, reading, "value-impossible")
        at_ms = min(reading.t + shift_ms, received_ms)
        if at_ms < oldest:
            raise _refused(sent, reading, "reading-too-late")
        keep(Sample(at_ms, device, of or feature, measure, value, north))  # type: ignore[arg-type]  # as above
    return samples


_NOTHING = (1.0, 0.0)


def _is_point(measure: str, value: tuple[float, float]) -> bool:
    return measure == "position" and -180 <= value[0] <= 180 and -90 <= value[1] <= 90


_REFUSALS = {
    "measure-not-its": N_("Reading {index}: this device does not measure {measure}. Register it with it."),
    "feature-not-its": N_("Reading {index}: this device is not registered for the feature “{feature}”."),
    "value-impossible": N_("Reading {index}: {measure} cannot have this value. Look at the device."),
    "reading-too-late": N_("Reading {index} is too old to be kept. Look at the clock of the device."),
}


def _refused(sent: Sent, reading: Reading, code: str) -> ReadingRefusedError:
    index = next(place for place, each in enumerate(sent.readings) if each is reading)
    facts = {"index": index, "measure": reading.m, "feature": (reading.f or "")[:80]}
    return ReadingRefusedError(code, _REFUSALS[code], **facts)


def _of_size(sent: Sent, limits: Limits) -> Sent:
    if len(sent.readings) > limits.readings:
        raise _too_large(limits)
    return sent


def _too_large(limits: Limits) -> ReadingRefusedError:
    template = N_("The batch is too large: at most {readings} readings and {bytes} bytes. Send several.")
    return ReadingRefusedError("batch-too-large", template, readings=limits.readings, bytes=limits.body_bytes)


def _malformed(error: Exception) -> ReadingRefusedError:
    template = N_("The body is no batch of readings: {reason}.")
    return ReadingRefusedError("body-malformed", template, reason=str(error)[:200])
