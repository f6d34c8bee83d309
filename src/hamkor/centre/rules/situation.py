# SPDX-License-Identifier: Apache-2.0
"""The situation over a period: what happened, how fast it was answered, what is short, what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import Any, cast

import msgspec

from hamkor.alarms.rules.alarms import Alarm
from hamkor.common.records import Text
from hamkor.incidents.rules.incidents import Affected, Incident
from hamkor.journal.rules import Documents
from hamkor.operation.rules.handovers import Handover
from hamkor.operation.rules.jobs import Job
from hamkor.operation.rules.planned import event_of, jobs_of
from hamkor.operation.rules.posts import PostLine, posts_of
from hamkor.operation.rules.running import Operation, operation_of
from hamkor.operation.rules.runs import ContingencyRun
from hamkor.operation.rules.stops import ShowStop
from hamkor.orders.rules import Message, Sort, is_settled
from hamkor.telemetry.rules.zones import ZoneState

LISTED_MAX = 40
# Bands of a zone from which somebody has to look at it: three people per square metre, or nearly full.
NOTABLE_BAND = 2
HIGH = 2


class Period(msgspec.Struct, frozen=True):
    """From a moment until before another one, both real and aware."""

    from_at: datetime
    until_at: datetime

    def holds(self, at: datetime | None) -> bool:
        """True when a moment is in the period."""
        return at is not None and self.from_at <= at < self.until_at


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """How long something took, in seconds.

    Args:
        count: How many were measured.
        median_s: The middle one, None when there are none.
        longest_s: The longest, None when there are none.
    """

    count: int = 0
    median_s: float | None = None
    longest_s: float | None = None


class TypeLine(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents of one type: how many, how many still open, from the report until somebody was there."""

    type: str | None
    count: int
    open: int
    arrival: Times


class IncidentsPart(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents reported in the period, or still open.

    Args:
        reported: How many were reported in it.
        by_state: Those, by where they stand at its end.
        types: Those, by type; what was reported most stands first.
        open: How many are open at its end, whenever they were reported.
        sent: From report until units were sent.
        arrival: From report until somebody was there.
        affected: People they concern, together.
        notable: Critical and high ones, and what is open, the most urgent first.
    """

    reported: int
    by_state: dict[str, int]
    types: tuple[TypeLine, ...]
    open: int
    sent: Times
    arrival: Times
    affected: Affected
    notable: tuple[Incident, ...]


class AlarmsPart(msgspec.Struct, frozen=True, kw_only=True):
    """Alarms raised in the period.

    Args:
        raised: How many.
        by_priority: How many of each priority.
        acknowledged: From raised until acknowledged.
        waiting: How many nobody has acknowledged yet.
        shelved: How many are out of sight.
        standing: Alarms not cleared, the most urgent first.
    """

    raised: int
    by_priority: dict[int, int]
    acknowledged: Times
    waiting: int
    shelved: int
    standing: tuple[Alarm, ...]


class MessagesPart(msgspec.Struct, frozen=True, kw_only=True):
    """Messages sent in the period.

    Args:
        sent: How many.
        by_sort: How many of each sort.
        answered: From sending until each answer.
        refused: How many addressees refused.
        late: How many addressees answered after their time.
        silent: How many addressees are silent at its end.
        waiting: Messages that await something at its end.
    """

    sent: int
    by_sort: dict[Sort, int]
    answered: Times
    refused: int
    late: int
    silent: int
    waiting: tuple[Message, ...]


class JobsPart(msgspec.Struct, frozen=True, kw_only=True):
    """Work of the period.

    Args:
        done: How many were done in it.
        late: How many of them after their time.
        skipped: How many were skipped in it.
        overdue: Open work whose time is over at its end.
        open: How many are due or begun at its end.
    """

    done: int
    late: int
    skipped: int
    overdue: tuple[Job, ...]
    open: int


class SituationReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a person may know of a period of an event.

    Args:
        event: Name of the event.
        operation: The operation, None when none was opened.
        documents: The documents it was made of, as the person may see them; for names and places.
        period: The period.
        number: Number of the last entry it takes into account.
        incidents: Incidents.
        alarms: Alarms.
        messages: Messages.
        jobs: Work.
        short_posts: Posts that are due and lack people, or are silent.
        people_missing: How many people these lack together.
        zones: Zones at their worst in the period, the worst first.
        stops: Stops ordered or in force in it.
        runs: Contingencies started or under way in it.
        handovers: Hand-overs prepared or confirmed in it.
    """

    event: Text
    operation: Operation | None
    documents: Documents
    period: Period
    number: int
    incidents: IncidentsPart
    alarms: AlarmsPart
    messages: MessagesPart
    jobs: JobsPart
    short_posts: tuple[PostLine, ...]
    people_missing: int
    zones: tuple[ZoneState, ...]
    stops: tuple[ShowStop, ...]
    runs: tuple[ContingencyRun, ...]
    handovers: tuple[Handover, ...]


def make_report(
    documents: Documents, period: Period, *, zones: Iterable[ZoneState] | None = None
) -> SituationReport:
    """Returns the report of a period.

    Args:
        documents: Documents as they stood at its end, already without what the reader may not see.
        period: The period.
        zones: States of zones that held in it; those at its end when None.
    """
    event = event_of(documents)
    lines = tuple(line for line in posts_of(documents, period.until_at) if is_short(line))
    held = _all(documents, "zone_state") if zones is None else tuple(zones)
    return SituationReport(
        event="" if event is None else event.name,
        operation=operation_of(documents),
        documents=documents,
        period=period,
        number=documents.number,
        incidents=_incidents(documents, period),
        alarms=_alarms(documents, period),
        messages=_messages(documents, period),
        jobs=_jobs(documents, period),
        short_posts=lines,
        people_missing=sum(line.missing for line in lines),
        zones=worst_of(held),
        stops=_overlapping(documents, "show_stop", period, ("ordered_at", "lifted_at")),
        runs=_overlapping(documents, "contingency_run", period, ("started_at", "ended_at")),
        handovers=tuple(
            item
            for item in _all(documents, "handover")
            if period.holds(item.prepared_at) or period.holds(item.confirmed_at)
        ),
    )


def is_short(line: PostLine) -> bool:
    """True for a post that is due and lacks people, or has gone silent."""
    return line.silent_since is not None or (line.is_due and line.standing in ("short", "unmanned", "left"))


def worst_of(zones: Iterable[ZoneState]) -> tuple[ZoneState, ...]:
    """Returns each zone as it was at its worst, the worst zone first; those nobody had to look at are left out."""
    found: dict[str, ZoneState] = {}
    for zone in zones:
        known = found.get(zone.id)
        if known is None or _badness(zone) > _badness(known):
            found[zone.id] = zone
    notable = (zone for zone in found.values() if zone.band >= NOTABLE_BAND)
    return tuple(sorted(notable, key=_badness, reverse=True))


def times_of(seconds: Iterable[float]) -> Times:
    """Returns the middle and the longest of some times."""
    listed = sorted(seconds)
    if not listed:
        return Times()
    return Times(count=len(listed), median_s=median(listed), longest_s=listed[-1])


def _badness(zone: ZoneState) -> tuple[int, float, float]:
    return zone.band, zone.density or 0.0, zone.fill or 0.0


def _incidents(documents: Documents, period: Period) -> IncidentsPart:
    everything: tuple[Incident, ...] = _all(documents, "incident")
    real = [incident for incident in everything if incident.state not in ("merged", "struck")]
    reported = [incident for incident in everything if period.holds(incident.reported_at)]
    counted = [incident for incident in real if period.holds(incident.reported_at)]
    open_ones = [incident for incident in real if incident.is_open and incident.reported_at < period.until_at]
    notable = [incident for incident in counted if incident.priority <= HIGH and not incident.is_open]
    fields = Affected.__struct_fields__
    return IncidentsPart(
        reported=len(reported),
        by_state=dict(Counter(incident.state for incident in reported)),
        types=_types(counted),
        open=len(open_ones),
        sent=_reached(counted, "dispatched"),
        arrival=_reached(counted, "on_scene"),
        affected=Affected(
            **{name: sum(getattr(incident.affected, name) for incident in counted) for name in fields}
        ),
        notable=tuple(sorted((*open_ones, *notable), key=lambda item: (item.priority, item.number))),
    )


def _types(incidents: Iterable[Incident]) -> tuple[TypeLine, ...]:
    groups: dict[str | None, list[Incident]] = {}
    for incident in incidents:
        groups.setdefault(incident.type, []).append(incident)
    lines = (
        TypeLine(
            type=code,
            count=len(found),
            open=sum(incident.is_open for incident in found),
            arrival=_reached(found, "on_scene"),
        )
        for code, found in groups.items()
    )
    return tuple(sorted(lines, key=lambda line: (-line.count, line.type or "")))


def _reached(incidents: Iterable[Incident], state: str) -> Times:
    """Returns how long it took from the report to a state; what has not reached it is not measured."""
    moments = ((incident.reported_at, _moments(incident).get(state)) for incident in incidents)
    return times_of((there - at).total_seconds() for at, there in moments if there is not None)


def _moments(incident: Incident) -> Mapping[str, datetime]:
    return cast("Mapping[str, datetime]", incident.moments)


def _alarms(documents: Documents, period: Period) -> AlarmsPart:
    everything: tuple[Alarm, ...] = _all(documents, "alarm")
    raised = [alarm for alarm in everything if period.holds(alarm.raised_at)]
    standing = [alarm for alarm in everything if alarm.is_open and alarm.raised_at < period.until_at]
    return AlarmsPart(
        raised=len(raised),
        by_priority=dict(sorted(Counter(alarm.priority for alarm in raised).items())),
        acknowledged=times_of(
            (alarm.acknowledged_at - alarm.raised_at).total_seconds()
            for alarm in raised
            if alarm.acknowledged_at is not None
        ),
        waiting=sum(alarm.state in ("unacknowledged", "returned") for alarm in standing),
        shelved=sum(alarm.state == "shelved" for alarm in standing),
        standing=tuple(sorted(standing, key=lambda alarm: (alarm.priority, alarm.number))),
    )


def _messages(documents: Documents, period: Period) -> MessagesPart:
    everything: tuple[Message, ...] = _all(documents, "message")
    sent = [message for message in everything if period.holds(message.sent_at)]
    live = [(message, receipt) for message in sent if message.struck is None for receipt in message.receipts]
    answers = [
        ((receipt.answered_at - receipt.awaited_from).total_seconds(), message.limits)
        for message, receipt in live
        if receipt.answered_at is not None
    ]
    waiting = [
        message
        for message in everything
        if message.sent_at < period.until_at
        and any(not is_settled(message, receipt) for receipt in message.receipts)
    ]
    return MessagesPart(
        sent=len(sent),
        by_sort=dict(Counter(message.sort for message in sent)),
        answered=times_of(seconds for seconds, _ in answers),
        refused=sum(receipt.answer == "refused" for _, receipt in live),
        late=sum(
            limits is not None and limits.answer_s is not None and seconds > limits.answer_s
            for seconds, limits in answers
        ),
        silent=sum(
            receipt.silent_since is not None for message in everything for receipt in message.receipts
        ),
        waiting=tuple(waiting),
    )


def _jobs(documents: Documents, period: Period) -> JobsPart:
    jobs = jobs_of(documents, period.until_at)
    settled = [job for job in jobs if period.holds(job.done_at)]
    done = [job for job in settled if job.state == "done"]
    return JobsPart(
        done=len(done),
        late=sum(
            job.due_at is not None and job.done_at is not None and job.done_at > job.due_at for job in done
        ),
        skipped=sum(job.state == "skipped" for job in settled),
        overdue=tuple(job for job in jobs if job.overdue_since is not None and job.is_open),
        open=sum(job.state in ("due", "started") for job in jobs),
    )


def _overlapping(documents: Documents, kind: str, period: Period, fields: tuple[str, str]) -> Any:
    """Returns what was begun before the end of a period and not ended before its beginning."""
    begun, ended = fields
    return tuple(
        item
        for item in _all(documents, kind)
        if getattr(item, begun) < period.until_at
        and (getattr(item, ended) is None or getattr(item, ended) >= period.from_at)
    )


def _all(documents: Documents, kind: str) -> Any:
    return documents.all(kind)


def last_hours(at: datetime, hours: float) -> Period:
    """Returns the period of the last hours before a moment."""
    return Period(at - timedelta(hours=hours), at)
