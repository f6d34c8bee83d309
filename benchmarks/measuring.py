# SPDX-License-Identifier: Apache-2.0
"""What a benchmark says, and how times are taken on a machine that does other things too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Literal

Measure = tuple[str, float, float, Literal["higher", "lower"], str]
"""Name, ratio, limit, which way is better, conditions."""


def is_met(measure: Measure) -> bool:
    """Returns True when the ratio keeps its limit."""
    _name, ratio, limit, better, _conditions = measure
    return ratio >= limit if better == "higher" else ratio <= limit


def times_in_turn(works: Sequence[Callable[[], object]], rounds: int) -> list[list[float]]:
    """Returns the times of each work in seconds; the works take turns, so that all share any noise."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for taken, work in zip(times, works, strict=True):
            started = perf_counter()
            work()
            taken.append(perf_counter() - started)
    return times


def best_of(works: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Returns the shortest time of each work in seconds."""
    return [min(times) for times in times_in_turn(works, rounds)]
