# SPDX-License-Identifier: Apache-2.0
"""What is remembered of single streams of readings: a level, a counter, what has passed a way."""

from __future__ import annotations

from collections import deque

BUCKET_MS = 10_000
# Five minutes of buckets, and the one that is being filled.
BUCKETS = 31
FLOW_MS = 60_000
HOURLY_MS = 300_000
# A counter that runs faster than this was changed, not passed; people per second, and what a first report may bring.
JUMP_PER_S = 60.0
JUMP_FREE = 2_000.0


class Level:
    """The newest value of one device about one feature.

    Args:
        device: Id of the device.
        feature: Id of the feature, or None.
    """

    __slots__ = ("at_ms", "device", "feature", "north", "value")

    def __init__(self, device: str, feature: str | None) -> None:
        self.device, self.feature = device, feature
        self.at_ms = -1
        self.value = 0.0
        self.north: float | None = None

    def take(self, at_ms: int, value: float, north: float | None = None) -> None:
        """Takes a value over, unless a newer one is known."""
        if at_ms >= self.at_ms:
            self.at_ms, self.value, self.north = at_ms, value, north


class Passed:
    """What has passed a way, both directions apart, in total and lately."""

    __slots__ = ("_buckets", "at_ms", "backward", "forward", "jumps")

    def __init__(self) -> None:
        self.forward = self.backward = 0.0
        self.at_ms = -1
        self.jumps = 0
        self._buckets: deque[list[float]] = deque(maxlen=BUCKETS)

    def add(self, at_ms: int, forward: float, backward: float, *, is_now: bool = True) -> None:
        """Counts people who passed up to a moment; those of long ago are no flow of now."""
        self.forward += forward
        self.backward += backward
        self.at_ms = max(at_ms, self.at_ms)
        if not is_now:
            return
        number = at_ms // BUCKET_MS
        if not self._buckets or self._buckets[-1][0] < number:
            self._buckets.append([number, forward, backward])
        else:
            # What comes late belongs to the newest bucket it can: a minute's flow is not sharper than that.
            bucket = self._buckets[-1]
            bucket[1] += forward
            bucket[2] += backward

    def flow_per_min(self, at_ms: int, over_ms: int = FLOW_MS) -> tuple[float, float]:
        """Returns people per minute forward and backward, over the time before a moment."""
        oldest = (at_ms - over_ms) // BUCKET_MS
        forward = backward = 0.0
        for number, onward, back in reversed(self._buckets):
            if number <= oldest:
                break
            forward += onward
            backward += back
        return forward * 60_000 / over_ms, backward * 60_000 / over_ms


class Counter:
    """One running count of a device.

    Args:
        passed: The way it counts for.
        is_forward: True for `count_in`.

    Notes:
        The count begins at zero: a device that starts with 120 has let 120 people in. A value below the last one is
        a counter that began again. One that runs faster than people can is taken as the new base and counts nothing.
    """

    __slots__ = ("_is_forward", "_passed", "at_ms", "last", "north", "total", "value")

    def __init__(self, passed: Passed, *, is_forward: bool) -> None:
        self._passed, self._is_forward = passed, is_forward
        self.at_ms = -1
        self.last: float = 0.0
        self.total: float = 0.0
        self.value: float = 0.0
        self.north = None

    def take(self, at_ms: int, value: float, north: float | None = None) -> None:
        """Counts who passed since the last value, unless a newer one is known."""
        if at_ms < self.at_ms:
            return
        gone = value - self.last if value >= self.last else value
        since_s = (at_ms - self.at_ms) / 1000
        if self.at_ms >= 0 and gone > JUMP_PER_S * since_s + JUMP_FREE:
            self._passed.jumps += 1
            gone = 0.0
        is_first = self.at_ms < 0
        self.at_ms, self.last, self.value = at_ms, value, value
        self.total += gone
        forward, backward = (gone, 0.0) if self._is_forward else (0.0, gone)
        # Whoever passed before the first report did so at moments nobody knows.
        self._passed.add(at_ms, forward, backward, is_now=not is_first)

    def restore(self, at_ms: int, last: float, total: float) -> None:
        """Takes over where an earlier process has left off."""
        self.at_ms, self.last, self.total, self.value = at_ms, last, total, last
        if self._is_forward:
            self._passed.forward += total
        else:
            self._passed.backward += total
        self._passed.at_ms = max(at_ms, self._passed.at_ms)
