# SPDX-License-Identifier: Apache-2.0
"""The clock of a device beside the server's: how far it is off, and what its times are worth."""

from __future__ import annotations

from collections import deque

from hamkor.telemetry.rules.readings import DEFAULT_LIMITS, Limits

# The least delay of so many batches tells a wrong clock from a slow network.
REMEMBERED = 8
# A flagged clock must come back this much closer before it is trusted again.
FORGIVEN_SHARE = 0.6


class DeviceClock:
    """Measures one device's clock from what it sends.

    Args:
        limits: How far it may be off.

    Notes:
        The offset is the least of "received minus sent" over the last batches (the minimum filter of NTP, RFC 5905):
        a delay only ever makes it larger. Without the moment of sending, the newest reading stands for it.
    """

    __slots__ = ("_limit_ms", "_offsets_ms", "is_skewed")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._offsets_ms: deque[int] = deque(maxlen=REMEMBERED)
        self._limit_ms = limits.skew_s * 1000
        self.is_skewed = False

    def hear(self, sent_ms: int, received_ms: int) -> int:
        """Takes note of a batch, and returns what is to be added to its times, in milliseconds.

        Args:
            sent_ms: When it was sent, by the device.
            received_ms: When it came, by the server.
        """
        self._offsets_ms.append(received_ms - sent_ms)
        offset_ms = self.offset_ms
        limit_ms = self._limit_ms * (FORGIVEN_SHARE if self.is_skewed else 1)
        self.is_skewed = abs(offset_ms) > limit_ms
        return received_ms - sent_ms if self.is_skewed else 0

    @property
    def offset_ms(self) -> int:
        """How far the clock is behind the server's, in milliseconds; below zero when it is ahead."""
        return min(self._offsets_ms, default=0)
