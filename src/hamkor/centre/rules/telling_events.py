# SPDX-License-Identifier: Apache-2.0
"""Incidents, alarms and messages of a report in words."""

from __future__ import annotations

import msgspec

from hamkor.alarms.rules.alarms import Alarm
from hamkor.centre.rules.naming import (
    ALARM_STATE_NAMES,
    MESSAGE_STATE_NAMES,
    PRIORITY_NAMES,
    SORT_NAMES,
    agency_shown,
    place_shown,
    type_shown,
)
from hamkor.centre.rules.sections import (
    LISTED_MAX,
    Cell,
    Section,
    clock_shown,
    more_than,
    say,
    table_of,
    times_told,
)
from hamkor.centre.rules.situation import SituationReport
from hamkor.common.messages import N_
from hamkor.incidents.rules import Incident, shown_number
from hamkor.incidents.rules.progress import STATE_NAMES


def incidents_told(report: SituationReport) -> Section:
    """Returns the section of incidents: how many, how fast, of which type, the notable ones by name."""
    part = report.incidents
    lines = [
        say(N_("Incidents reported: {reported}; open now: {open}."), reported=part.reported, open=part.open),
        *times_told(
            N_("Until units were sent: half within {median}, all within {longest} ({count})."), part.sent
        ),
        *times_told(
            N_("Until somebody was there: half within {median}, all within {longest} ({count})."),
            part.arrival,
        ),
    ]
    if part.by_state:
        states = [
            say(N_("{name}: {count}"), name=say(STATE_NAMES[state]), count=count)
            for state, count in part.by_state.items()
        ]
        lines.append(say(N_("By state: {states}."), states=states))
    if part.types:
        types = [
            say(N_("{name}: {count}"), name=type_shown(line.type), count=line.count) for line in part.types
        ]
        lines.append(say(N_("By type: {types}."), types=types))
    affected = part.affected
    if any((affected.injured, affected.dead, affected.missing, affected.evacuated)):
        lines.append(
            say(
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
    lines += more_than(part.notable)
    return Section(id="incidents", title=N_("Incidents"), lines=tuple(lines), table=table_of(columns, rows))


def _incident(report: SituationReport, incident: Incident) -> tuple[Cell, ...]:
    return (
        shown_number(incident.number),
        clock_shown(report, incident.reported_at),
        say(PRIORITY_NAMES[incident.priority]),
        incident.title or type_shown(incident.type),
        place_shown(report.documents, incident.place),
        say(STATE_NAMES[incident.state]),
        agency_shown(incident.agency),
    )


def alarms_told(report: SituationReport) -> Section:
    """Returns the section of alarms: how many, how soon acknowledged, those that stand."""
    part = report.alarms
    lines = [
        say(
            N_("Alarms raised: {raised}; not acknowledged now: {waiting}; shelved now: {shelved}."),
            raised=part.raised,
            waiting=part.waiting,
            shelved=part.shelved,
        ),
        *times_told(
            N_("Until acknowledged: half within {median}, all within {longest} ({count})."), part.acknowledged
        ),
    ]
    if part.by_priority:
        priorities = [
            say(N_("{name}: {count}"), name=say(PRIORITY_NAMES[priority]), count=count)
            for priority, count in part.by_priority.items()
        ]
        lines.append(say(N_("By priority: {priorities}."), priorities=priorities))
    rows = [_alarm(report, alarm) for alarm in part.standing[:LISTED_MAX]]
    columns = (
        (N_("Time"), 0.8),
        (N_("Priority"), 1.0),
        (N_("Alarm"), 3.2),
        (N_("Place"), 2.0),
        (N_("State"), 1.5),
    )
    lines += more_than(part.standing)
    return Section(id="alarms", title=N_("Alarms"), lines=tuple(lines), table=table_of(columns, rows))


def _alarm(report: SituationReport, alarm: Alarm) -> tuple[Cell, ...]:
    return (
        clock_shown(report, alarm.raised_at),
        say(PRIORITY_NAMES[alarm.priority]),
        alarm.title,
        place_shown(report.documents, alarm.place),
        say(ALARM_STATE_NAMES[alarm.state]),
    )


def messages_told(report: SituationReport) -> Section:
    """Returns the section of messages: how many, how soon answered, those that wait."""
    part = report.messages
    lines = [
        say(
            N_("Messages: {sent}; refused: {refused}; answered late: {late}; silent now: {silent}."),
            sent=part.sent,
            refused=part.refused,
            late=part.late,
            silent=part.silent,
        ),
        *times_told(
            N_("Until answered: half within {median}, all within {longest} ({count})."), part.answered
        ),
    ]
    if part.by_sort:
        sorts = [
            say(N_("{name}: {count}"), name=say(SORT_NAMES[sort]), count=count)
            for sort, count in part.by_sort.items()
        ]
        lines.append(say(N_("By sort: {sorts}."), sorts=sorts))
    rows = [
        (
            message.number,
            clock_shown(report, message.sent_at),
            say(SORT_NAMES[message.sort]),
            message.text,
            say(MESSAGE_STATE_NAMES[message.state]),
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
    lines += more_than(part.waiting)
    return Section(id="messages", title=N_("Messages"), lines=tuple(lines), table=table_of(columns, rows))
