# SPDX-License-Identifier: Apache-2.0
"""People in zones: counted in and out at ways, or told by devices that see the whole zone."""

from __future__ import annotations

from collections.abc import Sequence

from hamkor.alarms.rules.evaluating.signals import Signal
from hamkor.alarms.rules.evaluating.tracks import Balance, Group, Rise


class Zone:
    """The number of people in a zone, and what looks at it.

    Args:
        count: People in it when the evaluator starts.
        capacity: The number of the plan; infinite when it has none.
    """

    __slots__ = ("balances", "capacity", "count", "fills", "totals")

    def __init__(self, count: float, capacity: float) -> None:
        self.count, self.capacity = count, capacity
        self.fills: Sequence[Group] = ()
        self.totals: Sequence[Group | Rise] = ()
        self.balances: Sequence[Balance] = ()

    def change(self, count: float, at: float, out: list[Signal]) -> None:
        """Takes in a new number of people; below zero it is zero, and the counters have drifted."""
        self.count = count = max(0.0, count)
        for fill in self.fills:
            fill.judge(fill.sign * count / self.capacity, at, out)
        for total in self.totals:
            total.feed("", count, at, out=out)
        for balance in self.balances:
            balance.feed(count, at, out)


class Counter:
    """A counter at a way: what it counts comes into some zones and leaves others.

    Args:
        gains: Zones with one person more for each it counts.
        loses: Zones with one person less.
    """

    __slots__ = ("_at", "_gains", "_loses", "_value")

    def __init__(self, gains: Sequence[Zone], loses: Sequence[Zone]) -> None:
        self._gains, self._loses = gains, loses
        self._value: float | None = None
        self._at = 0.0

    def feed(self, _device: str, value: float, at: float, *, out: list[Signal]) -> None:
        """Takes in what the counter shows: all it ever counted."""
        former = self._value
        if former is None:
            passed = 0.0
        elif at < self._at:
            return
        else:
            # A counter that begins anew was switched off and on: what it shows was counted since.
            passed = value - former if value >= former else max(0.0, value)
        self._value, self._at = value, at
        for zone in self._gains:
            zone.change(zone.count + passed, at, out)
        for zone in self._loses:
            zone.change(zone.count - passed, at, out)

    def move(self, gains: Sequence[Zone], loses: Sequence[Zone]) -> Counter:
        """Returns this counter for the zones of another venue; what it showed last is kept."""
        self._gains, self._loses = gains, loses
        return self


class Overview:
    """A device that says how many people are in a zone.

    Args:
        zones: The zones it tells of.
    """

    __slots__ = ("_zones",)

    def __init__(self, zones: Sequence[Zone]) -> None:
        self._zones = zones

    def feed(self, _device: str, value: float, at: float, *, out: list[Signal]) -> None:
        """Takes in the number of people."""
        for zone in self._zones:
            zone.change(value, at, out)
