# SPDX-License-Identifier: Apache-2.0
"""What a report in words is made of: sections of sentences and tables, times as the event's clock shows them."""

from __future__ import annotations

from collections.abc import Sized
from datetime import datetime
from typing import Any, Final

import msgspec

from hamkor.centre.rules.naming import NONE
from hamkor.centre.rules.situation import SituationReport, Times
from hamkor.common.messages import N_, Message
from hamkor.operation.rules.clock import event_time, local_time
from hamkor.operation.rules.planned import event_of

LISTED_MAX: Final = 40
MINUTE_S: Final = 60
HOUR_S: Final = 3600
Cell = Any


class Table(msgspec.Struct, frozen=True):
    """Columns with their titles (English, marked) and shares of the width, and rows of values to be shown."""

    columns: tuple[tuple[str, float], ...]
    rows: tuple[tuple[Cell, ...], ...]


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the report.

    Args:
        id: Its name.
        title: Its heading, English and marked.
        lines: Sentences.
        table: A table below them, or None.
    """

    id: str
    title: str
    lines: tuple[Message, ...] = ()
    table: Table | None = None


def clock_shown(report: SituationReport, at: datetime | None, *, with_day: bool = False) -> str:
    """Returns a moment as the event's clock shows it; in UTC when the event has no known zone."""
    if at is None:
        return NONE
    moment = event_time(report.operation, at)
    local = local_time(event_of(report.documents), moment)
    text = (local or moment).strftime("%Y-%m-%d %H:%M" if with_day else "%H:%M")
    return text if local is not None else f"{text} UTC"


def duration_shown(seconds: float | None) -> str:
    """Returns a time span as ``1:36`` or ``2:05:09``."""
    if seconds is None:
        return NONE
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, HOUR_S)
    minutes, left = divmod(rest, MINUTE_S)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def say(template: str, **facts: Any) -> Message:
    """Returns a sentence with its values."""
    return Message(template, facts)


def times_told(template: str, times: Times) -> list[Message]:
    """Returns the sentence about some times; none when nothing was measured."""
    if not times.count:
        return []
    median, longest = duration_shown(times.median_s), duration_shown(times.longest_s)
    return [say(template, median=median, longest=longest, count=times.count)]


def more_than(items: Sized) -> list[Message]:
    """Returns a sentence when a table does not show everything: nothing is left out silently."""
    left = len(items) - LISTED_MAX
    template = N_("The first {shown} are listed; {left} more are not.")
    return [say(template, shown=LISTED_MAX, left=left)] if left > 0 else []


def table_of(columns: tuple[tuple[str, float], ...], rows: list[tuple[Cell, ...]]) -> Table | None:
    """Returns a table, None without rows."""
    return Table(columns, tuple(rows)) if rows else None
