# SPDX-License-Identifier: Apache-2.0
"""A situation in words: sections of sentences and tables, written out in a language by whoever shows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

import msgspec

from hamkor.alarms.rules.alarms import Alarm
from hamkor.centre.rules.naming import (
    ALARM_STATE_NAMES,
    MESSAGE_STATE_NAMES,
    NONE,
    PRIORITY_NAMES,
    SORT_NAMES,
    STANDING_NAMES,
    STOP_STATE_NAMES,
    agency_shown,
    place_shown,
    title_of,
    type_shown,
)
from hamkor.centre.rules.situation import LISTED_MAX, SituationReport, Times
from hamkor.common.messages import N_, Message
from hamkor.incidents.rules import Incident, shown_number
from hamkor.incidents.rules.progress import STATE_NAMES
from hamkor.operation.rules.clock import event_time, local_time
from hamkor.operation.rules.planned import event_of
from hamkor.operation.rules.running import PHASE_NAMES
from hamkor.operation.rules.stops import ACTION_NAMES

MINUTE_S, HOUR_S = 60, 3600
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


def told(report: SituationReport) -> tuple[Section, ...]:
    """Returns the report in words, the most urgent questions first."""
    sections = (
        _summary(report),
        _decisions(report),
        _incidents(report),
        _alarms(report),
        _messages(report),
        _jobs(report),
        _posts(report),
        _zones(report),
        _handovers(report),
    )
    return tuple(section for section in sections if section.lines or section.table is not None)


def heading_of(report: SituationReport) -> Message:
    """Returns the title of the report: of what, and from when until when by the event's clock."""
    return Message(
        N_("Situation report: {event}, {from_at} to {until_at}"),
        {
            "event": report.event,
            "from_at": clock_shown(report, report.period.from_at, with_day=True),
            "until_at": clock_shown(report, report.period.until_at, with_day=True),
        },
    )


def is_drill(report: SituationReport) -> bool:
    """True when nothing of it is real: every page must say so."""
    return report.operation is not None and report.operation.is_drill


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


def _say(template: str, **facts: Any) -> Message:
    return Message(template, facts)


def _summary(report: SituationReport) -> Section:
    operation = report.operation
    lines = [_say(N_("Made of the record up to entry {number}."), number=report.number)]
    if operation is None:
        lines.insert(0, _say(N_("No operation was opened.")))
    else:
        phase = _say(PHASE_NAMES[operation.phase])
        since = clock_shown(report, operation.phase_since)
        lines.insert(0, _say(N_("Phase: {phase}, since {since}."), phase=phase, since=since))
    if is_drill(report):
        lines.insert(0, _say(N_("This is a drill. Nothing of it is real.")))
    return Section(id="summary", title=N_("Summary"), lines=tuple(lines))


def _decisions(report: SituationReport) -> Section:
    rows = [
        (
            clock_shown(report, stop.ordered_at),
            _say(ACTION_NAMES[stop.action]),
            agency_shown(stop.agency),
            stop.sign,
            _say(STOP_STATE_NAMES[stop.state]),
            duration_shown(
                None if stop.in_force_at is None else (stop.in_force_at - stop.ordered_at).total_seconds()
            ),
            duration_shown(None if stop.limit_min is None else stop.limit_min * MINUTE_S),
        )
        for stop in report.stops
    ]
    rows += [
        (
            clock_shown(report, run.started_at),
            _say(N_("contingency started")),
            NONE,
            title_of(report.documents, "contingency", run.contingency),
            _say(N_("under way") if run.is_running else N_("ended")),
            NONE,
            NONE,
        )
        for run in report.runs
    ]
    columns = (
        (N_("Time"), 0.8),
        (N_("Decision"), 1.6),
        (N_("Agency"), 1.0),
        (N_("Sign or card"), 3.0),
        (N_("State"), 1.2),
        (N_("In force after"), 1.1),
        (N_("Limit"), 0.8),
    )
    return Section(id="decisions", title=N_("Decisions"), table=_table(columns, rows))


def _incidents(report: SituationReport) -> Section:
    part = report.incidents
    lines = [
        _say(N_("Incidents reported: {reported}; open now: {open}."), reported=part.reported, open=part.open),
        *_times(
            N_("Until units were sent: half within {median}, all within {longest} ({count})."), part.sent
        ),
        *_times(
            N_("Until somebody was there: half within {median}, all within {longest} ({count})."),
            part.arrival,
        ),
    ]
    if part.by_state:
        states = [
            _say(N_("{name}: {count}"), name=_say(_state_name(state)), count=count)
            for state, count in part.by_state.items()
        ]
        lines.append(_say(N_("By state: {states}."), states=states))
    if part.types:
        types = [
            _say(N_("{name}: {count}"), name=type_shown(line.type), count=line.count) for line in part.types
        ]
        lines.append(_say(N_("By type: {types}."), types=types))
    affected = part.affected
    if any((affected.injured, affected.dead, affected.missing, affected.evacuated)):
        lines.append(
            _say(
                N_("People: {injured} injured, {dead} dead, {missing} missing, {evacuated} brought away."),
                **msgspec.structs.asdict(affected),
            )
        )
    rows = [_incident(report, incident) for incident in part.notable[:LISTED_MAX]]
    columns = (
        (N_("No."), 0.9),
        (N_("Time"), 0.8),
        (N_("Priority"), 1.0),
        (N_("Incident"), 3.0),
        (N_("Place"), 2.0),
        (N_("State"), 1.3),
        (N_("Agency"), 1.0),
    )
    lines += _more(part.notable)
    return Section(id="incidents", title=N_("Incidents"), lines=tuple(lines), table=_table(columns, rows))


def _incident(report: SituationReport, incident: Incident) -> tuple[Cell, ...]:
    return (
        shown_number(incident.number),
        clock_shown(report, incident.reported_at),
        _say(PRIORITY_NAMES[incident.priority]),
        incident.title or type_shown(incident.type),
        place_shown(report.documents, incident.place),
        _say(_state_name(incident.state)),
        agency_shown(incident.agency),
    )


def _alarms(report: SituationReport) -> Section:
    part = report.alarms
    lines = [
        _say(
            N_("Alarms raised: {raised}; not acknowledged now: {waiting}; shelved now: {shelved}."),
            raised=part.raised,
            waiting=part.waiting,
            shelved=part.shelved,
        ),
        *_times(
            N_("Until acknowledged: half within {median}, all within {longest} ({count})."), part.acknowledged
        ),
    ]
    if part.by_priority:
        priorities = [
            _say(N_("{name}: {count}"), name=_say(PRIORITY_NAMES[priority]), count=count)
            for priority, count in part.by_priority.items()
        ]
        lines.append(_say(N_("By priority: {priorities}."), priorities=priorities))
    rows = [_alarm(report, alarm) for alarm in part.standing[:LISTED_MAX]]
    columns = (
        (N_("Time"), 0.8),
        (N_("Priority"), 1.0),
        (N_("Alarm"), 3.2),
        (N_("Place"), 2.0),
        (N_("State"), 1.5),
    )
    lines += _more(part.standing)
    return Section(id="alarms", title=N_("Alarms"), lines=tuple(lines), table=_table(columns, rows))


def _alarm(report: SituationReport, alarm: Alarm) -> tuple[Cell, ...]:
    return (
        clock_shown(report, alarm.raised_at),
        _say(PRIORITY_NAMES[alarm.priority]),
        alarm.title,
        place_shown(report.documents, alarm.place),
        _say(ALARM_STATE_NAMES[alarm.state]),
    )


def _messages(report: SituationReport) -> Section:
    part = report.messages
    lines = [
        _say(
            N_("Messages: {sent}; refused: {refused}; answered late: {late}; silent now: {silent}."),
            sent=part.sent,
            refused=part.refused,
            late=part.late,
            silent=part.silent,
        ),
        *_times(N_("Until answered: half within {median}, all within {longest} ({count})."), part.answered),
    ]
    if part.by_sort:
        sorts = [
            _say(N_("{name}: {count}"), name=_say(SORT_NAMES[sort]), count=count)
            for sort, count in part.by_sort.items()
        ]
        lines.append(_say(N_("By sort: {sorts}."), sorts=sorts))
    rows = [
        (
            message.number,
            clock_shown(report, message.sent_at),
            _say(SORT_NAMES[message.sort]),
            message.text,
            _say(MESSAGE_STATE_NAMES[message.state]),
        )
        for message in part.waiting[:LISTED_MAX]
    ]
    columns = (
        (N_("No."), 0.7),
        (N_("Time"), 0.8),
        (N_("Sort"), 1.1),
        (N_("Awaits an answer"), 4.5),
        (N_("State"), 1.3),
    )
    lines += _more(part.waiting)
    return Section(id="messages", title=N_("Messages"), lines=tuple(lines), table=_table(columns, rows))


def _jobs(report: SituationReport) -> Section:
    part = report.jobs
    line = _say(
        N_("Work done: {done}, late: {late}; skipped: {skipped}; due or begun: {open}; overdue: {overdue}."),
        done=part.done,
        late=part.late,
        skipped=part.skipped,
        open=part.open,
        overdue=len(part.overdue),
    )
    rows = [
        (clock_shown(report, job.due_at), job.title, agency_shown(job.agency))
        for job in part.overdue[:LISTED_MAX]
    ]
    columns = ((N_("Due"), 0.8), (N_("Overdue work"), 5.0), (N_("Agency"), 1.2))
    lines = (line, *_more(part.overdue))
    return Section(id="jobs", title=N_("Work"), lines=lines, table=_table(columns, rows))


def _posts(report: SituationReport) -> Section:
    lines: tuple[Message, ...] = (
        _say(
            N_("Posts short or silent: {posts}; people missing: {people}."),
            posts=len(report.short_posts),
            people=report.people_missing,
        ),
        *_more(report.short_posts),
    )
    rows = [
        (
            line.post.title,
            agency_shown(line.post.agency),
            _say(STANDING_NAMES["silent" if line.silent_since is not None else line.standing]),
            line.present,
            NONE if line.needed is None else line.needed,
        )
        for line in report.short_posts[:LISTED_MAX]
    ]
    columns = (
        (N_("Post"), 3.5),
        (N_("Agency"), 1.2),
        (N_("State"), 1.4),
        (N_("Present"), 0.9),
        (N_("Needed"), 0.9),
    )
    return Section(id="posts", title=N_("Posts"), lines=lines, table=_table(columns, rows))


def _zones(report: SituationReport) -> Section:
    rows = [
        (
            title_of(report.documents, "feature", zone.id),
            NONE if zone.density is None else round(zone.density, 1),
            NONE if zone.count is None else round(zone.count),
            NONE if zone.fill is None else _say(N_("{share} %"), share=round(zone.fill * 100)),
            clock_shown(report, zone.since),
        )
        for zone in report.zones[:LISTED_MAX]
    ]
    columns = (
        (N_("Zone"), 3.5),
        (N_("People/m²"), 1.1),
        (N_("People"), 1.1),
        (N_("Full"), 0.9),
        (N_("Since"), 0.9),
    )
    return Section(id="zones", title=N_("Zones at their worst"), table=_table(columns, rows))


def _handovers(report: SituationReport) -> Section:
    words = {
        "prepared": N_("Hand-over of {agency} at {at}: prepared, not yet confirmed."),
        "confirmed": N_("Hand-over of {agency} at {at}: confirmed."),
        "refused": N_("Hand-over of {agency} at {at}: refused."),
    }
    lines = tuple(
        _say(
            words[item.state],
            agency=agency_shown(item.agency),
            at=clock_shown(report, item.confirmed_at or item.prepared_at),
        )
        for item in report.handovers
    )
    return Section(id="handovers", title=N_("Hand-overs"), lines=lines)


def _times(template: str, times: Times) -> list[Message]:
    if not times.count:
        return []
    median, longest = duration_shown(times.median_s), duration_shown(times.longest_s)
    return [_say(template, median=median, longest=longest, count=times.count)]


def _more(items: Iterable[object]) -> list[Message]:
    """Returns a sentence when a table does not show everything: nothing is left out silently."""
    left = len(tuple(items)) - LISTED_MAX
    return [_say(N_("The first {shown} are listed; {left} more are not."), shown=LISTED_MAX, left=left)] * (
        left > 0
    )


def _table(columns: tuple[tuple[str, float], ...], rows: list[tuple[Cell, ...]]) -> Table | None:
    return Table(columns, tuple(rows)) if rows else None


def _state_name(state: str) -> str:
    return cast("dict[str, str]", STATE_NAMES)[state]
