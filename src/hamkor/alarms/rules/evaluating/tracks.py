# SPDX-License-Identifier: Apache-2.0
"""What an evaluator remembers: for each rule and subject whether the condition holds, and windows of bounded size."""

from __future__ import annotations

import math
from collections import deque

from hamkor.alarms.rules.alarms import AlarmRule, Key, SubjectKind
from hamkor.alarms.rules.evaluating.signals import Clear, Raise, Repeat, Signal
from hamkor.alarms.rules.profiles import AlarmProfile

BUCKETS = 20
SOURCES_MAX = 64
# A flow over a shorter time than this share of its window says nothing yet.
LEAST_SHARE = 0.2
NEVER_FULL_MIN = 10_000.0


class Track:
    """One rule for one subject: hysteresis, holds, repeats.

    Args:
        rule: The rule.
        subject_kind: Kind of the subject.
        subject: Its id.
        feature: Where it is on the drawing, or None.
        repeat_s: Least time between two signals that a condition still holds.

    Notes:
        Values are turned so that larger is worse (`sign`). Memory does not grow with the number of readings.
    """

    __slots__ = (
        "_about",
        "_at",
        "_away",
        "_clear_hold",
        "_count",
        "_hold",
        "_is_pulse",
        "_off",
        "_repeat_s",
        "_said",
        "_since",
        "_value",
        "is_open",
        "key",
        "on",
        "rule",
        "sign",
    )

    def __init__(
        self,
        rule: AlarmRule,
        *,
        subject_kind: SubjectKind,
        subject: str,
        feature: str | None,
        repeat_s: float,
    ) -> None:
        self.rule = rule
        self.key: Key = (rule.id, subject_kind, subject)
        self.is_open = False
        self.sign = -1.0 if rule.is_below else 1.0
        limit = rule.limit or 0.0
        self.on = self.sign * limit
        self._off = self.sign * (limit if rule.clear_at is None else rule.clear_at)
        # Nobody but a person says that a button has been seen to.
        self._clear_hold = math.inf if rule.sort == "button" else rule.clear_hold_s
        self._hold, self._repeat_s = rule.hold_s, repeat_s
        # A stroke of lightning is over at once: that no other follows is what must last.
        self._is_pulse = rule.measure == "lightning_km"
        self._about = (rule.id, subject_kind, subject, feature)
        self._since: float | None = None
        self._away: float | None = None
        self._at = self._said = -math.inf
        self._count = 0
        self._value = 0.0

    @property
    def is_quiet(self) -> bool:
        """True while neither the condition holds nor an alarm is open."""
        return not self.is_open and self._since is None

    def learn(self, *, is_open: bool, at: float) -> None:
        """Takes over whether an alarm is open.

        Args:
            is_open: Whether there is one whose condition holds.
            at: Now; lightning nobody saw since is waited for from here on.
        """
        self.is_open = is_open
        if is_open:
            self._since = None
            if self._is_pulse and self._away is None:
                self._away = at
        else:
            self._away = None

    def judge(self, x: float, at: float) -> Signal | None:
        """Takes in a turned value and returns what follows.

        Args:
            x: The value, larger is worse.
            at: Its moment; earlier ones than before are taken as of the last.
        """
        at = self._at = max(at, self._at)
        self._value = x * self.sign
        if x >= self.on:
            self._away = at if self._is_pulse else None
            if self.is_open:
                return self._again(at)
            if self._since is None:
                self._since = at
            return self._opened(at) if at - self._since >= self._hold else None
        self._since = None
        if not self.is_open:
            return None
        if self._is_pulse or x < self._off or self._off == self.on:
            if self._away is None:
                self._away = at
            return self._closed(at) if at - self._away >= self._clear_hold else None
        self._away = None
        return None

    def tick(self, at: float) -> Signal | None:
        """Takes in that time has passed: a hold may be over."""
        if self._since is not None and not self.is_open and at - self._since >= self._hold:
            return self._opened(max(at, self._at))
        if self._away is not None and self.is_open and at - self._away >= self._clear_hold:
            return self._closed(max(at, self._at))
        return None

    def _opened(self, at: float) -> Signal:
        self.is_open, self._since, self._said, self._count = True, None, at, 0
        self._away = at if self._is_pulse else None
        return self._made(Raise, at)

    def _closed(self, at: float) -> Signal:
        self.is_open, self._away, self._count = False, None, 0
        return self._made(Clear, at)

    def _again(self, at: float) -> Signal | None:
        self._count += 1
        if at - self._said < self._repeat_s:
            return None
        count, self._said, self._count = self._count, at, 0
        rule, kind, subject, feature = self._about
        return Repeat(
            rule=rule,
            subject_kind=kind,
            subject=subject,
            feature=feature,
            value=self._value,
            at=at,
            count=count,
        )

    def _made(self, signal: type[Raise | Clear], at: float) -> Signal:
        rule, kind, subject, feature = self._about
        return signal(
            rule=rule, subject_kind=kind, subject=subject, feature=feature, value=self._value, at=at
        )


class Worst:
    """The worst of what several devices say about one subject; what is old does not count.

    Args:
        fresh_s: How long a reading counts beside others.
    """

    __slots__ = ("_fresh_s", "_values")

    def __init__(self, fresh_s: float) -> None:
        self._fresh_s = fresh_s
        self._values: dict[str, tuple[float, float]] = {}

    def take(self, device: str, x: float, at: float) -> float | None:
        """Returns the worst value now, None for a reading older than one of the same device."""
        values = self._values
        former = values.get(device)
        if former is not None and at < former[1]:
            return None
        if former is None and len(values) >= SOURCES_MAX:
            del values[min(values, key=lambda known: values[known][1])]
        values[device] = (x, at)
        if len(values) == 1:
            return x
        oldest = max(moment for _, moment in values.values()) - self._fresh_s
        return max(value for value, moment in values.values() if moment >= oldest)


class Group:
    """Tracks that look at the same value, the dangerous side up; most readings end at one comparison."""

    __slots__ = ("_quiet_below", "_worst", "sign", "tracks")

    def __init__(self, tracks: list[Track], numbers: AlarmProfile) -> None:
        self.tracks = tracks
        self.sign = tracks[0].sign
        self._worst = Worst(numbers.fresh_s)
        self.settle()

    def settle(self) -> None:
        """Finds out again below which value nothing happens."""
        is_quiet = all(track.is_quiet for track in self.tracks)
        self._quiet_below = min(track.on for track in self.tracks) if is_quiet else -math.inf

    def feed(self, device: str, value: float, at: float, *, out: list[Signal]) -> None:
        """Takes in a reading of a device and appends what follows."""
        x = self._worst.take(device, value * self.sign, at)
        if x is not None:
            self.judge(x, at, out)

    def judge(self, x: float, at: float, out: list[Signal]) -> None:
        """Takes in the only value there is, turned so that larger is worse, and appends what follows."""
        if x < self._quiet_below:
            return
        for track in self.tracks:
            signal = track.judge(x, at)
            if signal is not None:
                out.append(signal)
        self.settle()

    def tick(self, at: float, out: list[Signal]) -> None:
        """Takes in that time has passed."""
        if self._quiet_below == -math.inf:
            out.extend(signal for track in self.tracks if (signal := track.tick(at)) is not None)
            self.settle()


class Window:
    """Values of a stretch of time in twenty pieces: each keeps its first moment, first value and lowest value."""

    __slots__ = ("_pieces", "_step_s")

    def __init__(self, window_s: float) -> None:
        self._step_s = window_s / BUCKETS
        self._pieces: deque[tuple[int, float, float, float]] = deque()

    def take(self, value: float, at: float) -> None:
        """Takes in a value; one from before the last piece counts into the last."""
        piece = int(at // self._step_s)
        pieces = self._pieces
        if pieces and piece <= pieces[-1][0]:
            number, began, first, low = pieces[-1]
            if value < low:
                pieces[-1] = (number, began, first, value)
        else:
            pieces.append((piece, at, value, value))
        oldest = pieces[-1][0] - BUCKETS
        while pieces[0][0] < oldest:
            pieces.popleft()

    @property
    def low(self) -> float:
        """The lowest value in it."""
        return min(piece[3] for piece in self._pieces)

    def slope_per_s(self, value: float, at: float) -> float | None:
        """Returns the mean change per second since its first value; None while it is too short."""
        _, began, first, _ = self._pieces[0]
        span_s = at - began
        return (value - first) / span_s if span_s >= self._step_s * BUCKETS * LEAST_SHARE else None


class Rise:
    """A rule about the rise of a measure: each device is compared with itself, the largest rise counts."""

    __slots__ = ("_from", "_last", "_windows", "_worst", "track")

    def __init__(self, track: Track, numbers: AlarmProfile) -> None:
        self.track = track
        self._from = -math.inf if track.rule.from_value is None else track.rule.from_value
        self._windows: dict[str, Window] = {}
        self._last: dict[str, float] = {}
        self._worst = Worst(numbers.fresh_s)

    def feed(self, device: str, value: float, at: float, *, out: list[Signal]) -> None:
        """Takes in a reading of a device and appends what follows."""
        if at < self._last.get(device, -math.inf):
            return
        window = self._windows.get(device)
        if window is None:
            if len(self._windows) >= SOURCES_MAX:
                self._windows.clear()
                self._last.clear()
            window = self._windows[device] = Window(self.track.rule.window_s)
        self._last[device] = at
        window.take(value, at)
        track = self.track
        if value < self._from and track.is_quiet:
            return
        rise = value - window.low if value >= self._from else 0.0
        x = self._worst.take(device, rise * track.sign, at)
        if x is None or (x < track.on and track.is_quiet):
            return
        signal = track.judge(x, at)
        if signal is not None:
            out.append(signal)

    def tick(self, at: float, out: list[Signal]) -> None:
        """Takes in that time has passed."""
        signal = self.track.tick(at)
        if signal is not None:
            out.append(signal)


class Balance:
    """A rule about inflow less outflow against what is left of a zone: how soon is it full."""

    __slots__ = ("_from", "_judged", "_window", "capacity", "track")

    def __init__(self, track: Track, capacity: float) -> None:
        self.track = track
        self.capacity = capacity
        self._from = capacity * (track.rule.from_value or 0.0)
        self._window = Window(track.rule.window_s)
        self._judged = -math.inf

    def feed(self, count: float, at: float, out: list[Signal]) -> None:
        """Takes in the number of people in the zone and appends what follows; once a second is enough."""
        if at < self._judged + 1.0:
            return
        self._judged = at
        self._window.take(count, at)
        track = self.track
        if count < self._from and track.is_quiet:
            return
        signal = track.judge(track.sign * self._minutes(count, at), at)
        if signal is not None:
            out.append(signal)

    def _minutes(self, count: float, at: float) -> float:
        if count < self._from:
            return NEVER_FULL_MIN
        if count >= self.capacity:
            return 0.0
        slope = self._window.slope_per_s(count, at)
        if slope is None or slope <= 0:
            return NEVER_FULL_MIN
        return min(NEVER_FULL_MIN, (self.capacity - count) / slope / 60)

    def tick(self, at: float, out: list[Signal]) -> None:
        """Takes in that time has passed."""
        signal = self.track.tick(at)
        if signal is not None:
            out.append(signal)
