# SPDX-License-Identifier: Apache-2.0
"""The situation in words: of any period, as a page, as text and on paper."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse

from hamkor.centre.queries import report_period, report_text
from hamkor.centre.rules.situation import Period
from hamkor.centre.rules.telling import Section, heading_of, told
from hamkor.common.i18n import translate
from hamkor.common.messages import N_, show
from hamkor.console.opening import EventPage, event_view, journals
from hamkor.console.views.past import AskedWronglyError, read_moment
from hamkor.journal.queries import list_entries
from hamkor.pages.languages import current_language
from hamkor.printing.situation import situation_pdf

USUAL = timedelta(hours=1)
# Lengths offered on the page.
OFFERED = (15, 60, 240, 24 * 60)


@event_view("see_centre")
def report_page(page: EventPage) -> HttpResponse:
    """What happened in a period, and what is open at its end; of the last hour when nothing is asked for."""
    period = _period(page)
    report = report_period(page.viewer, journals(), page.stream, period=period)
    language = current_language()
    form = page.request.GET.get("form")
    name = f"situation-{period.until_at:%Y%m%d-%H%M}"
    if form == "text":
        return _file(report_text(report, language).encode(), "text/plain; charset=utf-8", f"{name}.txt")
    if form == "pdf":
        printed = situation_pdf(report, language, _hash_at(page, report.number))
        return _file(printed, "application/pdf", f"{name}.pdf")
    return page.render(
        "console/report.html",
        heading=heading_of(report).render(language),
        sections=[_shown(section, language) for section in told(report)],
        period=period,
        # Addresses hold whole seconds: rounded up, so that what happened in the last one is on the paper too.
        asked=f"from={period.from_at:%Y-%m-%dT%H:%M:%SZ}"
        f"&to={period.until_at + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}",
        offered=[
            (minutes, f"{page.now - timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}") for minutes in OFFERED
        ],
    )


def _period(page: EventPage) -> Period:
    """Returns the period that is asked for.

    Raises:
        AskedWronglyError: ``moment-unreadable`` or ``period-empty``.
    """
    until = min(read_moment(page.request.GET, "to") or page.now, page.now)
    begun = read_moment(page.request.GET, "from") or until - USUAL
    if begun >= until:
        template = N_("The period ends before it begins. Give an earlier beginning.")
        raise AskedWronglyError("period-empty", template)
    return Period(begun.astimezone(page.now.tzinfo), until.astimezone(page.now.tzinfo))


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _hash_at(page: EventPage, number: int) -> str | None:
    """Returns the hash of the last entry the report takes into account."""
    entries = list_entries(journals(), page.stream, after=number - 1, limit=1) if number else ()
    return entries[0].hash if entries else None


def _shown(section: Section, language: str) -> dict[str, object]:
    table = section.table
    return {
        "id": section.id,
        "title": translate(section.title, language),
        "lines": [line.render(language) for line in section.lines],
        "columns": [] if table is None else [translate(name, language) for name, _ in table.columns],
        "rows": [] if table is None else [[show(cell, language) for cell in row] for row in table.rows],
    }
