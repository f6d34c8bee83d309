# SPDX-License-Identifier: Apache-2.0
"""The situation over a period: what happened, how fast it was answered, what is short, what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from statistics import median
from typing import Any, Final, cast

from hamkor.alarms.rules.alarms import Alarm
from hamkor.centre.rules.situation import (
    AlarmsPart,
    IncidentsPart,
    JobsPart,
    MessagesPart,
    Period,
    SituationReport,
    Times,
    TypeLine,
)
from hamkor.incidents.rules.incidents import Affected, Incident
from hamkor.journal.rules import Documents
from hamkor.operation.rules.planned import event_of, jobs_of
from hamkor.operation.rules.posts import PostLine, posts_of
from hamkor.operation.rules.running import operation_of
from hamkor.orders.rules import Message, is_settled
from hamkor.telemetry.rules.zones import ZoneState

# The band of a zone from which somebody has to look at it: two people per square metre, or nine tenths full.
NOTABLE_BAND: Final = 2
# Priorities that are told one by one: critical and high.
HIGH: Final = 2


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
        stops=_overlapping(documents, "show_stop", period, fields=("ordered_at", "lifted_at")),
        runs=_overlapping(documents, "contingency_run", period, fields=("started_at", "ended_at")),
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


def _overlapping(documents: Documents, kind: str, period: Period, *, fields: tuple[str, str]) -> Any:
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
