# SPDX-License-Identifier: Apache-2.0
"""Minute by minute: what charts and the replay show of each value."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from hamkor.telemetry.rules.tracking import Value

MINUTE_MS = 60_000


class Minute(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One measure of one thing in one minute.

    Args:
        kind: As of a value.
        id: Its id.
        measure: Key of the value's body.
        minute_ms: Beginning of the minute.
        first: Its first value.
        last: Its last value.
        low: Its lowest value.
        high: Its highest value.
        total: Sum of the values, for the mean.
        samples: How many values.
    """

    kind: str
    id: str
    measure: str
    minute_ms: int
    first: float
    last: float
    low: float
    high: float
    total: float
    samples: int


class Minutes:
    """Gathers values until they are written; what was written is added to by the next ones."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str, str, int], list[float]] = {}

    def take(self, values: Iterable[Value], at_ms: int) -> None:
        """Takes the values of a moment."""
        minute_ms = at_ms - at_ms % MINUTE_MS
        for value in values:
            for measure, number in value.body.items():
                if isinstance(number, (int, float)) and not isinstance(number, bool):
                    self._add((value.kind, value.id, measure, minute_ms), float(number))

    def pop(self) -> list[Minute]:
        """Returns what came since the last time, and forgets it."""
        found, self._open = self._open, {}
        return [
            Minute(
                *key,
                first=five[0],
                last=five[1],
                low=five[2],
                high=five[3],
                total=five[4],
                samples=int(five[5]),
            )
            for key, five in found.items()
        ]

    def _add(self, key: tuple[str, str, str, int], number: float) -> None:
        cell = self._open.get(key)
        if cell is None:
            self._open[key] = [number, number, number, number, number, 1]
            return
        cell[1] = number
        cell[2] = min(cell[2], number)
        cell[3] = max(cell[3], number)
        cell[4] += number
        cell[5] += 1
