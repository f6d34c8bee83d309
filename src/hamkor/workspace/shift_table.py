# SPDX-License-Identifier: Apache-2.0
"""Who is where when: the shifts of all posts and duties by person, with clashes, and cover of posts by the hour."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from hamkor.plans.rules.plan import Plan
from hamkor.printing.sections.names import Names
from hamkor.printing.shown import agency_name, say

CHART_PX = 620
LABEL_PX = 230
ROW_PX = 30
HEAD_PX = 30
TICKS_MAX = 14


class ShiftBar(msgspec.Struct, frozen=True, kw_only=True):
    """One turn of one person.

    Args:
        x_px: Where it begins.
        width_px: How long it is.
        what: Post or duty.
        url_part: Part the post or duty stands in.
        item: Its id.
        times: Begin and end.
        is_clash: The person is somewhere else at the same time, or cannot come.
    """

    x_px: float
    width_px: float
    what: str
    url_part: str
    item: str
    times: str
    is_clash: bool


class ShiftRow(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one person, or one post, has.

    Args:
        title: Who or where.
        under: Agency, or number of people needed.
        y_px: Top of the row.
        bars: The turns.
        clashes: Number of turns that clash.
        gap: Hours a post is not covered although it must be manned; 0 for people.
    """

    title: str
    under: str
    y_px: int
    bars: tuple[ShiftBar, ...]
    clashes: int
    gap: float = 0.0


class ShiftTable(msgspec.Struct, frozen=True, kw_only=True):
    """The picture of all turns.

    Args:
        rows: One for each person with a turn.
        ticks: Position and hour of the lines of the time axis.
        width_px: Width.
        height_px: Height.
        clashes: Number of turns that clash.
        idle: People of the plan who have no turn, by name.
    """

    rows: tuple[ShiftRow, ...]
    ticks: tuple[tuple[float, str], ...]
    width_px: int
    height_px: int
    clashes: int
    idle: tuple[str, ...]


class _Turn(msgspec.Struct, frozen=True):
    person: str
    starts_at: datetime
    ends_at: datetime
    part: str
    item: str
    what: str


def shift_table(plan: Plan, names: Names) -> ShiftTable:
    """Returns the turns of all people, those with clashes first."""
    turns = _turns(plan, names)
    if not turns:
        return ShiftTable(
            rows=(), ticks=(), width_px=0, height_px=0, clashes=0, idle=_idle(plan, names, set())
        )
    begin, end = min(turn.starts_at for turn in turns), max(turn.ends_at for turn in turns)
    people = {person.id: person for person in plan.people or ()}
    clashing = _clashes(turns, plan)
    ordered = sorted(
        {turn.person for turn in turns},
        key=lambda key: (not any(turn in clashing for turn in turns if turn.person == key), key),
    )

    def x(at: datetime) -> float:
        return (
            round(LABEL_PX + CHART_PX * ((at - begin) / (end - begin)), 1) if end > begin else float(LABEL_PX)
        )

    rows = []
    for number, key in enumerate(ordered):
        own = sorted((turn for turn in turns if turn.person == key), key=lambda turn: turn.starts_at)
        bars = tuple(
            ShiftBar(
                x_px=x(turn.starts_at),
                width_px=max(4.0, x(turn.ends_at) - x(turn.starts_at)),
                what=turn.what,
                url_part=turn.part,
                item=turn.item,
                times=f"{turn.starts_at:%H:%M}–{turn.ends_at:%H:%M}",
                is_clash=turn in clashing,
            )
            for turn in own
        )
        person = people.get(key)
        rows.append(
            ShiftRow(
                title=names.person(person) if person is not None else key,
                under=agency_name(person.agency, names.language) if person is not None else "",
                y_px=HEAD_PX + number * ROW_PX,
                bars=bars,
                clashes=sum(bar.is_clash for bar in bars),
            )
        )
    return ShiftTable(
        rows=tuple(rows),
        ticks=tuple((x(at), f"{at:%H:%M}") for at in _hours(begin, end)),
        width_px=LABEL_PX + CHART_PX + 20,
        height_px=HEAD_PX + ROW_PX * len(rows) + 6,
        clashes=len(clashing),
        idle=_idle(plan, names, set(ordered)),
    )


def _turns(plan: Plan, names: Names) -> list[_Turn]:
    turns = [
        _Turn(shift.person, shift.starts_at, shift.ends_at, "posts", post.id, say(post.title, names.language))
        for post in plan.posts or ()
        for shift in post.shifts
    ]
    turns += [
        _Turn(shift.person, shift.starts_at, shift.ends_at, "duties", duty.id, names.duty(duty))
        for duty in plan.duties or ()
        for shift in duty.shifts
    ]
    return [turn for turn in turns if turn.ends_at > turn.starts_at]


def _clashes(turns: list[_Turn], plan: Plan) -> set[_Turn]:
    """Returns turns at posts of people who are at another post at the same time, or cannot serve then."""
    away = {person.id: person.unavailable for person in plan.people or ()}
    clashing = set()
    for turn in turns:
        others = (other for other in turns if other.person == turn.person and other is not turn)
        if any(_overlap(turn, other) and turn.part == other.part == "posts" for other in others):
            clashing.add(turn)
        if any(
            period.starts_at < turn.ends_at and turn.starts_at < period.ends_at
            for period in away.get(turn.person, ())
        ):
            clashing.add(turn)
    return clashing


def _overlap(one: _Turn, other: _Turn) -> bool:
    return one.item != other.item and one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _hours(begin: datetime, end: datetime) -> list[datetime]:
    hours = max(1, round((end - begin) / timedelta(hours=1)))
    step = timedelta(hours=max(1, -(-hours // TICKS_MAX)))
    at = begin.replace(minute=0, second=0, microsecond=0)
    found = []
    while at <= end:
        if at >= begin:
            found.append(at)
        at += step
    return found


def _idle(plan: Plan, names: Names, busy: set[str]) -> tuple[str, ...]:
    held = {duty.person for duty in plan.duties or ()} | {duty.deputy for duty in plan.duties or ()}
    return tuple(names.person(person) for person in plan.people or () if person.id not in busy | held)
