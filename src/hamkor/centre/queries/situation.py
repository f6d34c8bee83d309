# SPDX-License-Identifier: Apache-2.0
"""Reports of the situation and of a shift, for one reader: what they may not see is not counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from hamkor.agencies.rules import Viewer, require
from hamkor.centre.queries.past import picture_at, seen_by
from hamkor.centre.rules.counting import make_report
from hamkor.centre.rules.sections import Section
from hamkor.centre.rules.situation import Period, SituationReport
from hamkor.centre.rules.telling import heading_of, told
from hamkor.common.i18n import translate
from hamkor.common.messages import show
from hamkor.journal.queries import Store, list_entries
from hamkor.journal.rules import Documents, Entry, Stream, in_utc
from hamkor.operation.queries import summarise_work
from hamkor.operation.rules.handovers import HandoverSummary
from hamkor.telemetry.facts import ZONE_STATE, ZONE_STATE_CHANGED
from hamkor.telemetry.rules.zones import ZoneState

CHUNK: Final = 2_000
LISTED_MAX: Final = 2_000


def situation_report(
    documents: Documents, viewer: Viewer, period: Period, *, zones: Iterable[ZoneState] | None = None
) -> SituationReport:
    """Returns the report of a period as a person may read it.

    Args:
        documents: Documents as they stood at its end (`picture_at`).
        viewer: Who reads.
        period: The period.
        zones: States of zones that held in it (`list_zone_states`); those at its end when None.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    return make_report(seen_by(viewer, documents), period, zones=zones)


def report_period(viewer: Viewer, store: Store, stream: Stream, *, period: Period) -> SituationReport:
    """Returns the report of any period of an event, past ones too: everything as it stood at its end.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: `moment-naive`, or a code of `fold`.
    """
    require(viewer, "see_centre")
    documents = picture_at(store, stream, until=period.until_at)
    zones = list_zone_states(store, stream, period)
    return situation_report(documents, viewer, period, zones=zones)


def list_zone_states(store: Store, stream: Stream, period: Period) -> tuple[ZoneState, ...]:
    """Returns the states of zones that held in a period: those at its beginning, and every change within it.

    Raises:
        HamkorError: `moment-naive`, or a code of `fold`.
    """
    before = picture_at(store, stream, until=period.from_at)
    held = list(before.all(ZONE_STATE))
    until_at = in_utc(period.until_at)
    for entry in _entries(store, stream, after=before.number):
        if entry.at >= until_at:
            break
        if entry.type == ZONE_STATE_CHANGED.name and entry.body is not None:
            held.append(ZONE_STATE_CHANGED.decode(entry.body))
    return tuple(held)


def report_text(report: SituationReport, language: str) -> str:
    """Returns a report as plain text, to be read out, sent or kept.

    Args:
        report: The report.
        language: One of the four languages.
    """
    parts = [heading_of(report).render(language)]
    parts += ["\n".join(_lines(section, language)) for section in told(report)]
    return "\n\n".join(parts) + "\n"


def handover_summary(documents: Documents, viewer: Viewer, at: datetime) -> HandoverSummary:
    """Returns what a shift leaves behind: what is open now, as the giver may see it.

    Args:
        documents: Documents of the event.
        viewer: Who gives the shift over.
        at: A real moment.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    seen = seen_by(viewer, documents)
    work = summarise_work(viewer, seen, at)
    report = make_report(seen, Period(at, at))
    incidents = tuple(item.id for item in report.incidents.notable if item.is_open)
    alarms = tuple(item.id for item in report.alarms.standing)
    messages = tuple(item.id for item in report.messages.waiting)
    counts = {
        **work.counts,
        "incidents_open": report.incidents.open,
        "alarms_standing": len(alarms),
        "alarms_unacknowledged": report.alarms.waiting,
        "alarms_shelved": report.alarms.shelved,
        "messages_waiting": len(messages),
        "messages_silent": report.messages.silent,
    }
    return HandoverSummary(
        counts=counts,
        incidents=incidents[:LISTED_MAX],
        alarms=alarms[:LISTED_MAX],
        messages=messages[:LISTED_MAX],
        jobs=work.jobs,
        notes=work.notes,
    )


def _lines(section: Section, language: str) -> Iterator[str]:
    title = translate(section.title, language)
    yield title
    yield "=" * len(title)
    yield from (line.render(language) for line in section.lines)
    if section.table is not None:
        yield " | ".join(translate(name, language) for name, _ in section.table.columns)
        yield from (" | ".join(_cell(value, language) for value in row) for row in section.table.rows)


def _cell(value: object, language: str) -> str:
    """Returns a value in one line: a text with several lines would look like several rows."""
    return " ".join(show(value, language).split())


def _entries(store: Store, stream: Stream, *, after: int) -> Iterator[Entry]:
    while True:
        found = list_entries(store, stream, after=after, limit=CHUNK)
        yield from found
        if len(found) < CHUNK:
            return
        after = found[-1].number
