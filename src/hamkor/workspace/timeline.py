# SPDX-License-Identifier: Apache-2.0
"""The order of work as a timeline: bars, what waits for what, the longest chain, and clashes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from hamkor.common.messages import show
from hamkor.plans.rules.roster import Task
from hamkor.printing.shown import agency_name
from hamkor.printing.words import word

ROW_PX = 34
HEAD_PX = 44
BAR_PX = 18
LABEL_PX = 300
CHART_PX = 860
MIN_BAR_PX = 6
TICKS_MAX = 12
STEPS_H = (0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 24 * 7, 24 * 14, 24 * 28, 24 * 56, 24 * 112)


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One task on the timeline; all lengths in pixels.

    Args:
        id: Its id.
        title: What it is.
        under: Agency and times.
        row: Number of its row from 0.
        y_px: Top of its row.
        x_px: Where it begins, None when no time is known.
        width_px: How long it is.
        is_late: It begins before something it waits for ends.
        is_critical: It is on the longest chain.
        phase: Its phase.
        starts_at: Begin as typed into a field.
        ends_at: End as typed into a field.
    """

    id: str
    title: str
    under: str
    row: int
    y_px: int
    x_px: float | None
    width_px: float
    is_late: bool
    is_critical: bool
    phase: str
    starts_at: str
    ends_at: str


class Arrow(msgspec.Struct, frozen=True):
    """From the end of a task to the begin of one that waits for it.

    Args:
        path: Drawing commands of an SVG path.
        is_late: The second begins before the first ends.
    """

    path: str
    is_late: bool


class Tick(msgspec.Struct, frozen=True):
    """A line of the time axis.

    Args:
        x_px: Where.
        day: Day, when it begins here; else empty.
        clock: Time of day, empty when days are wide apart.
    """

    x_px: float
    day: str
    clock: str


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """The whole picture.

    Args:
        bars: Every task.
        arrows: What waits for what.
        ticks: The time axis.
        height_px: Height.
        width_px: Width.
        label_px: Width of the column of titles.
        now_px: Where the present is, None when outside.
        unscheduled: Number of tasks without a time.
        late: Number of tasks that begin too early.
    """

    bars: tuple[Bar, ...]
    arrows: tuple[Arrow, ...]
    ticks: tuple[Tick, ...]
    height_px: int
    width_px: int
    label_px: int
    now_px: float | None
    unscheduled: int
    late: int


def timeline_of(tasks: Sequence[Task], *, language: str, now: datetime) -> Timeline:
    """Returns the tasks on a time axis.

    Args:
        tasks: The tasks, in the order of their rows.
        language: Language of titles.
        now: The present in local time of the event, naive as all times of a plan.
    """
    scale = _Scale(tasks)
    late = late_tasks(tasks)
    critical = longest_chain(tasks)
    bars = tuple(
        _bar(task, row, scale, language=language, marks=(late, critical)) for row, task in enumerate(tasks)
    )
    by_id = {bar.id: bar for bar in bars}
    arrows = tuple(
        _arrow(by_id[before], by_id[task.id], is_late=task.id in late)
        for task in tasks
        for before in task.after
        if before in by_id and by_id[before].x_px is not None and by_id[task.id].x_px is not None
    )
    return Timeline(
        bars=bars,
        arrows=arrows,
        ticks=scale.ticks(),
        height_px=HEAD_PX + ROW_PX * len(tasks) + 8,
        width_px=LABEL_PX + CHART_PX + 20,
        label_px=LABEL_PX,
        now_px=scale.x(now) if scale.holds(now) else None,
        unscheduled=sum(bar.x_px is None for bar in bars),
        late=len(late),
    )


def period_of(task: Task) -> tuple[datetime, datetime] | None:
    """Returns begin and end of a task; one of them may follow from the time it takes. None when unknown."""
    length = timedelta(minutes=task.duration_min or 0)
    if task.starts_at is not None:
        return task.starts_at, max(task.starts_at, task.ends_at or task.starts_at + length)
    return None if task.ends_at is None else (task.ends_at - length, task.ends_at)


def late_tasks(tasks: Iterable[Task]) -> frozenset[str]:
    """Returns the ids of tasks that begin before something they wait for ends."""
    periods = {task.id: period for task in tasks if (period := period_of(task)) is not None}
    return frozenset(
        task.id
        for task in tasks
        for before in task.after
        if task.id in periods and before in periods and periods[before][1] > periods[task.id][0]
    )


def longest_chain(tasks: Sequence[Task]) -> frozenset[str]:
    """Returns the ids of the chain of tasks that takes longest, each waiting for the one before; safe with circles."""
    by_id = {task.id: task for task in tasks}
    best: dict[str, tuple[float, tuple[str, ...]]] = {}
    for start in by_id:
        stack = [start]
        open_: set[str] = set()
        while stack:
            key = stack[-1]
            waiting = [before for before in by_id[key].after if before in by_id and before not in best]
            waiting = [before for before in waiting if before not in open_]
            if key in best or not waiting:
                stack.pop()
                open_.discard(key)
                if key not in best:
                    best[key] = _longest_to(by_id[key], best)
            else:
                open_.add(key)
                stack.extend(waiting[:1])
    longest = max(best.values(), default=(0.0, ()))
    return frozenset(longest[1]) if len(longest[1]) > 1 else frozenset()


def _longest_to(task: Task, best: dict[str, tuple[float, tuple[str, ...]]]) -> tuple[float, tuple[str, ...]]:
    period = period_of(task)
    own = (period[1] - period[0]).total_seconds() if period is not None else 0.0
    before = max((best[key] for key in task.after if key in best), default=(0.0, ()))
    return before[0] + own, (*before[1], task.id)


class _Scale:
    """From moments to pixels."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        periods = [period for task in tasks if (period := period_of(task)) is not None]
        self.begin = min((period[0] for period in periods), default=None)
        self.end = max((period[1] for period in periods), default=None)
        if self.begin is not None and self.end is not None and self.end - self.begin < timedelta(hours=1):
            self.end = self.begin + timedelta(hours=1)

    def x(self, at: datetime) -> float:
        if self.begin is None or self.end is None:
            return float(LABEL_PX)
        return round(LABEL_PX + CHART_PX * ((at - self.begin) / (self.end - self.begin)), 1)

    def holds(self, at: datetime) -> bool:
        return self.begin is not None and self.end is not None and self.begin <= at <= self.end

    def ticks(self) -> tuple[Tick, ...]:
        if self.begin is None or self.end is None:
            return ()
        hours = (self.end - self.begin) / timedelta(hours=1)
        step_h = next((step for step in STEPS_H if hours / step <= TICKS_MAX), hours / TICKS_MAX)
        at = self.begin.replace(minute=0, second=0, microsecond=0)
        if step_h >= 24:
            at = at.replace(hour=0)
        ticks, last_day = [], ""
        while at <= self.end:
            if at >= self.begin:
                day = f"{at:%d.%m}"
                ticks.append(
                    Tick(self.x(at), day if day != last_day else "", f"{at:%H:%M}" if step_h < 24 else "")
                )
                last_day = day
            at += timedelta(hours=step_h)
        return tuple(ticks)


def _bar(
    task: Task, row: int, scale: _Scale, *, language: str, marks: tuple[frozenset[str], frozenset[str]]
) -> Bar:
    late, critical = marks
    period = period_of(task)
    x_px = scale.x(period[0]) if period is not None else None
    width_px = max(MIN_BAR_PX, scale.x(period[1]) - scale.x(period[0])) if period is not None else 0
    times = _times(*period) if period is not None else ""
    agency = agency_name(task.agency, language) if task.agency is not None else ""
    return Bar(
        id=task.id,
        title=show(task.title, language),
        under=" · ".join(filter(None, (agency, times))),
        row=row,
        y_px=HEAD_PX + row * ROW_PX,
        x_px=x_px,
        width_px=width_px,
        is_late=task.id in late,
        is_critical=task.id in critical,
        phase=word(task.phase, language),
        starts_at=f"{task.starts_at:%Y-%m-%dT%H:%M}" if task.starts_at is not None else "",
        ends_at=f"{task.ends_at:%Y-%m-%dT%H:%M}" if task.ends_at is not None else "",
    )


def _times(starts_at: datetime, ends_at: datetime) -> str:
    is_one_day = starts_at.date() == ends_at.date()
    return f"{starts_at:%d.%m %H:%M}–{ends_at:%H:%M}" if is_one_day else f"{starts_at:%d.%m}–{ends_at:%d.%m}"


def _arrow(before: Bar, after: Bar, *, is_late: bool) -> Arrow:
    middle = BAR_PX / 2 + 8
    x1 = (before.x_px or 0) + before.width_px
    y1, y2 = before.y_px + middle, after.y_px + middle
    x2 = after.x_px or 0
    turn = max(x1 + 6, min(x2 - 8, x1 + 6))
    if x2 - 8 >= turn:
        return Arrow(f"M{x1} {y1}H{turn}V{y2}H{x2 - 1}", is_late)
    between = y1 + (ROW_PX / 2 if y2 > y1 else -ROW_PX / 2)
    return Arrow(f"M{x1} {y1}H{turn}V{between}H{x2 - 8}V{y2}H{x2 - 1}", is_late)
