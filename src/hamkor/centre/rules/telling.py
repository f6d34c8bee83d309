# SPDX-License-Identifier: Apache-2.0
"""A situation in words: sections of sentences and tables, written out in a language by whoever shows them."""

from __future__ import annotations

from hamkor.centre.rules.naming import NONE, STANDING_NAMES, STOP_STATE_NAMES, agency_shown, title_of
from hamkor.centre.rules.sections import (
    LISTED_MAX,
    MINUTE_S,
    Section,
    clock_shown,
    duration_shown,
    more_than,
    say,
    table_of,
)
from hamkor.centre.rules.situation import SituationReport
from hamkor.centre.rules.telling_events import alarms_told, incidents_told, messages_told
from hamkor.common.messages import N_, Message
from hamkor.operation.rules.running import PHASE_NAMES
from hamkor.operation.rules.stops import ACTION_NAMES

__all__ = ["Section", "heading_of", "is_drill", "told"]


def told(report: SituationReport) -> tuple[Section, ...]:
    """Returns the report in words, the most urgent questions first."""
    sections = (
        _summary(report),
        _decisions(report),
        incidents_told(report),
        alarms_told(report),
        messages_told(report),
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


def _summary(report: SituationReport) -> Section:
    operation = report.operation
    lines = [say(N_("Made of the record up to entry {number}."), number=report.number)]
    if operation is None:
        lines.insert(0, say(N_("No operation was opened.")))
    else:
        phase = say(PHASE_NAMES[operation.phase])
        since = clock_shown(report, operation.phase_since)
        lines.insert(0, say(N_("Phase: {phase}, since {since}."), phase=phase, since=since))
    if is_drill(report):
        lines.insert(0, say(N_("This is a drill. Nothing of it is real.")))
    return Section(id="summary", title=N_("Summary"), lines=tuple(lines))


def _decisions(report: SituationReport) -> Section:
    rows = [
        (
            clock_shown(report, stop.ordered_at),
            say(ACTION_NAMES[stop.action]),
            agency_shown(stop.agency),
            stop.sign,
            say(STOP_STATE_NAMES[stop.state]),
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
            say(N_("contingency started")),
            NONE,
            title_of(report.documents, "contingency", run.contingency),
            say(N_("under way") if run.is_running else N_("ended")),
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
    return Section(id="decisions", title=N_("Decisions"), table=table_of(columns, rows))


def _jobs(report: SituationReport) -> Section:
    part = report.jobs
    line = say(
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
    lines = (line, *more_than(part.overdue))
    return Section(id="jobs", title=N_("Work"), lines=lines, table=table_of(columns, rows))


def _posts(report: SituationReport) -> Section:
    lines: tuple[Message, ...] = (
        say(
            N_("Posts short or silent: {posts}; people missing: {people}."),
            posts=len(report.short_posts),
            people=report.people_missing,
        ),
        *more_than(report.short_posts),
    )
    rows = [
        (
            line.post.title,
            agency_shown(line.post.agency),
            say(STANDING_NAMES["silent" if line.silent_since is not None else line.standing]),
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
    return Section(id="posts", title=N_("Posts"), lines=lines, table=table_of(columns, rows))


def _zones(report: SituationReport) -> Section:
    rows = [
        (
            title_of(report.documents, "feature", zone.id),
            NONE if zone.density is None else round(zone.density, 1),
            NONE if zone.count is None else round(zone.count),
            NONE if zone.fill is None else say(N_("{share} %"), share=round(zone.fill * 100)),
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
    return Section(id="zones", title=N_("Zones at their worst"), table=table_of(columns, rows))


def _handovers(report: SituationReport) -> Section:
    words = {
        "prepared": N_("Hand-over of {agency} at {at}: prepared, not yet confirmed."),
        "confirmed": N_("Hand-over of {agency} at {at}: confirmed."),
        "refused": N_("Hand-over of {agency} at {at}: refused."),
    }
    lines = tuple(
        say(
            words[item.state],
            agency=agency_shown(item.agency),
            at=clock_shown(report, item.confirmed_at or item.prepared_at),
        )
        for item in report.handovers
    )
    return Section(id="handovers", title=N_("Hand-overs"), lines=lines)
