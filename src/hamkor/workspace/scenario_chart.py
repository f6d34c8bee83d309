# SPDX-License-Identifier: Apache-2.0
"""How many have arrived over time, as lines of an SVG drawing: with their band, and beside other runs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from hamkor.simulation.rules.outcome import Curve, Outcome

WIDTH, HEIGHT = 720.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 14.0, 12.0, 30.0
MOST_POINTS = 240
STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 240)
MOST_TICKS = 9


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One run in the chart.

    Args:
        name: What it is called in the legend.
        path: Its line.
        band: Its band, empty for one run.
        number: Which of the lines, from 0: each has a stroke of its own.
    """

    name: str
    path: str
    band: str
    number: int


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """A mark of an axis: where, and what it says."""

    at: float
    text: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A chart as a template draws it; numbers are those of the drawing's view box."""

    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM

    @property
    def has_band(self) -> bool:
        """True when a line stands for several runs."""
        return any(line.band for line in self.lines)


def chart_of(shown: Sequence[tuple[str, Outcome]]) -> Chart | None:
    """Returns the chart of some runs, None when none of them has a curve.

    Args:
        shown: Names and answers, the one that matters most first.
    """
    drawn = [(name, outcome.arrived) for name, outcome in shown if len(outcome.arrived.times_s) > 1]
    if not drawn:
        return None
    longest_s = max(_interesting_s(outcome) for _, outcome in shown if len(outcome.arrived.times_s) > 1)
    most = max(max((*curve.values, *curve.high, 1.0)) for _, curve in drawn)
    scale = _Scale(longest_s or 1.0, _round_up(most))
    lines = [
        Line(name=name, path=scale.path(curve), band=scale.band(curve), number=number)
        for number, (name, curve) in enumerate(drawn)
    ]
    return Chart(lines=tuple(lines), across=scale.across(), up=scale.up())


class _Scale:
    """From seconds and people to the drawing."""

    def __init__(self, longest_s: float, most: float) -> None:
        self.longest_s, self.most = longest_s, most

    def x(self, seconds: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * min(seconds / self.longest_s, 1.0)

    def y(self, people: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * people / self.most

    def path(self, curve: Curve) -> str:
        return "M" + " L".join(self._points(curve.times_s, curve.values))

    def band(self, curve: Curve) -> str:
        if not curve.low or not curve.high:
            return ""
        there = self._points(curve.times_s, curve.high)
        back = self._points(curve.times_s, curve.low)[::-1]
        return "M" + " L".join([*there, *back]) + " Z"

    def across(self) -> tuple[Tick, ...]:
        minutes = self.longest_s / 60
        step = next((each for each in STEPS_MIN if minutes / each <= MOST_TICKS), STEPS_MIN[-1])
        return tuple(
            Tick(at=round(self.x(minute * 60), 1), text=str(minute))
            for minute in range(0, int(minutes) + 1, step)
        )

    def up(self) -> tuple[Tick, ...]:
        parts = (0.0, 0.25, 0.5, 0.75, 1.0)
        return tuple(
            Tick(at=round(self.y(self.most * part), 1), text=_people(self.most * part)) for part in parts
        )

    def _points(self, times_s: Sequence[float], values: Sequence[float]) -> list[str]:
        pairs = [(at, value) for at, value in zip(times_s, values, strict=False) if at <= self.longest_s]
        step = max(1, math.ceil(len(pairs) / MOST_POINTS))
        kept = [*pairs[:-1:step], pairs[-1]]
        return [f"{self.x(at):.1f} {self.y(value):.1f}" for at, value in kept]


def _interesting_s(outcome: Outcome) -> float:
    """Returns until when something happens: a little after the last one arrived."""
    curve, clear = outcome.arrived, outcome.clearance_s.get("1.0")
    end_s = curve.times_s[-1]
    return min(end_s, 1.05 * clear.high) if clear is not None and clear.high > 0 else end_s


def _round_up(people: float) -> float:
    """Returns the next round number, so that quarters of it are readable."""
    unit = 10.0 ** max(0, math.floor(math.log10(max(people, 1.0))))
    return next(unit * part for part in (1, 1.6, 2, 3, 4, 6, 8, 10) if people <= unit * part * 1.0001)


def _people(count: float) -> str:
    return f"{count:,.0f}".replace(",", " ") if count >= 1 or count == 0 else f"{count:g}"
