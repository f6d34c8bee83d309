# SPDX-License-Identifier: Apache-2.0
"""The devices that may send now, with their keys, clocks and allowances."""

from __future__ import annotations

from collections.abc import Iterable

from hamkor.journal.rules import Documents
from hamkor.telemetry.facts import DEVICE
from hamkor.telemetry.receiving.refusals import unknown_device
from hamkor.telemetry.rules.clocks import DeviceClock
from hamkor.telemetry.rules.devices import Device
from hamkor.telemetry.rules.keys import Claim, device_key, is_key
from hamkor.telemetry.rules.readings import DEFAULT_LIMITS, Limits


class Sender:
    """A device that may send.

    Args:
        stream: Id of the event.
        device: As it is registered.
        key: The key it must show.
        limits: How much it may send.
    """

    __slots__ = (
        "_left",
        "_limits",
        "_refilled_ms",
        "clock",
        "device",
        "features",
        "key",
        "measures",
        "seq",
        "stream",
    )

    def __init__(self, stream: str, device: Device, *, key: str, limits: Limits) -> None:
        self.stream, self.device, self.key = stream, device, key
        self.features, self.measures = device.may_tell_of, device.may_measure
        self.clock = DeviceClock(limits)
        self.seq = -1
        self._limits = limits
        self._left, self._refilled_ms = limits.readings_burst, 0

    def follow(self, older: Sender) -> None:
        """Takes over what is remembered of the same device under the same key."""
        self.clock, self._left, self._refilled_ms = older.clock, older._left, older._refilled_ms
        if self.device.generation == older.device.generation:
            self.seq = older.seq

    def spend(self, readings: int, at_ms: int) -> bool:
        """Returns True when the device may send so many readings now; a request costs as much as one more."""
        limits = self._limits
        gained = (at_ms - self._refilled_ms) / 1000 * limits.readings_per_s
        self._left = min(limits.readings_burst, self._left + max(0.0, gained))
        self._refilled_ms = at_ms
        if self._left < readings + 1:
            return False
        self._left -= readings + 1
        return True


class Registry:
    """Finds who may send.

    Args:
        secret: Secret of the installation, from which keys are made.
        limits: How much one device may send.
    """

    def __init__(self, secret: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
        self._secret, self._limits = secret, limits
        self._senders: dict[tuple[str, str], Sender] = {}
        self._streams: dict[str, tuple[Device, ...]] = {}

    @property
    def streams(self) -> frozenset[str]:
        """The events that have devices."""
        return frozenset(self._streams)

    def load(self, stream: str, documents: Documents) -> bool:
        """Takes the devices of an event over, and returns True when they have changed."""
        devices = documents.all(DEVICE)
        before = self._streams.get(stream)
        if before is not None and _is_same(before, devices):
            return False
        self._streams[stream] = devices
        live = {device.id: device for device in devices if device.revoked_at is None}
        for of, device_id in [key for key in self._senders if key[0] == stream]:
            if device_id not in live:
                del self._senders[of, device_id]
        for device in live.values():
            self._put(stream, device)
        return True

    def load_sequences(self, rows: Iterable[tuple[str, str, int, int]]) -> None:
        """Takes over the last numbers that were stored: stream, device, generation, number."""
        for stream, device_id, generation, seq in rows:
            sender = self._senders.get((stream, device_id))
            if sender is not None and sender.device.generation == generation:
                sender.seq = max(sender.seq, seq)

    def find(self, claim: Claim) -> Sender | None:
        """Returns the device a message names; its seal must still be looked at."""
        return self._senders.get((claim.stream, claim.device))

    def require(self, claim: Claim) -> Sender:
        """Returns the device whose key is shown.

        Raises:
            NotTakenError: ``device-unknown``.
        """
        sender = self.find(claim)
        # An unknown device takes as long as a wrong key.
        right = is_key(claim.key, sender.key if sender is not None else _NO_KEY)
        if sender is None or not right:
            raise unknown_device()
        return sender

    def devices_of(self, stream: str) -> tuple[Device, ...]:
        """Returns the devices of an event, those shut out too."""
        return self._streams.get(stream, ())

    def _put(self, stream: str, device: Device) -> None:
        older = self._senders.get((stream, device.id))
        if older is not None and older.device == device:
            return
        key = device_key(self._secret, stream, device.id, generation=device.generation)
        made = Sender(stream, device, key=key, limits=self._limits)
        if older is not None:
            made.follow(older)
        self._senders[stream, device.id] = made


_NO_KEY = "=" * 52


def _is_same(one: tuple[Device, ...], other: tuple[Device, ...]) -> bool:
    return len(one) == len(other) and all(a is b or a == b for a, b in zip(one, other, strict=True))
