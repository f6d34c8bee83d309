# SPDX-License-Identifier: Apache-2.0
"""What a report of the situation over a period holds."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hamkor.alarms.rules.alarms import Alarm
from hamkor.common.records import Text
from hamkor.incidents.rules.incidents import Affected, Incident, IncidentState
from hamkor.journal.rules import Documents
from hamkor.operation.rules.handovers import Handover
from hamkor.operation.rules.jobs import Job
from hamkor.operation.rules.posts import PostLine
from hamkor.operation.rules.running import Operation
from hamkor.operation.rules.runs import ContingencyRun
from hamkor.operation.rules.stops import ShowStop
from hamkor.orders.rules import Message, Sort
from hamkor.telemetry.rules.zones import ZoneState


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
    by_state: dict[IncidentState, int]
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
