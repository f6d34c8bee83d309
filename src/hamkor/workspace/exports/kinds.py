# SPDX-License-Identifier: Apache-2.0
"""The files other programs open: what each is, which right it needs, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from hamkor.agencies.rules import Right, may, require
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.queries import export_journal, list_entries
from hamkor.printing.findings_html import findings_html
from hamkor.printing.findings_json import report_as_json
from hamkor.sheets.queries import venue_geojson, write_calendar, write_duty_matrix, write_roster
from hamkor.workspace.event_page import EventPage
from hamkor.workspace.exports.access import has_personal, log_access
from hamkor.workspace.exports.archive import folder_zip
from hamkor.workspace.stores import journals

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Maker = Callable[[EventPage, str], bytes]


class ExportKind(msgspec.Struct, frozen=True, kw_only=True):
    """A file that can be taken out.

    Args:
        name: Name in its address.
        label: What it is called.
        about: What it is good for.
        suffix: End of the file's name.
        media_type: Its media type.
        make: Makes it of what the person sees, in a language.
        right: Right it needs.
        holds_people: True when names and phones stand in it, for those who may see them.
        has_languages: False when it is the same in every language.
        icon: Sign.
    """

    name: str
    label: str
    about: str
    suffix: str
    media_type: str
    make: Maker
    right: Right = "export_plan"
    holds_people: bool = False
    has_languages: bool = True
    icon: str = "download"


class TakenOut(msgspec.Struct, frozen=True):
    """A file on its way out.

    Args:
        name: Name of the file.
        media_type: Its media type.
        content: Its content.
    """

    name: str
    media_type: str
    content: bytes


class ExportUnknownError(HamkorError):
    """There is no such file."""

    def __init__(self) -> None:
        super().__init__("not-found", N_("There is no such file to download. Choose one from the page."))


def _calendar(page: EventPage, language: str) -> bytes:
    return write_calendar(page.plan, language, stamped_at=last_change_at(page.stream, page.number))


def _findings_json(page: EventPage, language: str) -> bytes:
    return msgspec.json.format(msgspec.json.encode(report_as_json(page.report, language)), indent=2)


EXPORTS: tuple[ExportKind, ...] = (
    ExportKind(
        name="folder",
        label=N_("Event folder"),
        about=N_(
            "The whole plan as files of text, read back without loss. For safekeeping and other programs."
        ),
        suffix="zip",
        media_type="application/zip",
        make=lambda page, _language: folder_zip(page.plan),
        holds_people=True,
        has_languages=False,
        icon="folder",
    ),
    ExportKind(
        name="roster",
        label=N_("Roster"),
        about=N_("People, posts and shifts as a workbook. Change it and read it back here."),
        suffix="xlsx",
        media_type=XLSX,
        make=lambda page, language: write_roster(page.plan, language, number=page.number),
        holds_people=True,
        icon="users",
    ),
    ExportKind(
        name="duties",
        label=N_("Duty matrix"),
        about=N_("Duties and agencies as a workbook. Change it and read it back here."),
        suffix="xlsx",
        media_type=XLSX,
        make=lambda page, language: write_duty_matrix(page.plan, language, number=page.number),
        holds_people=True,
        icon="grid-3x3",
    ),
    ExportKind(
        name="findings",
        label=N_("Findings to read"),
        about=N_("What the check found, as one page that opens anywhere."),
        suffix="html",
        media_type="text/html; charset=utf-8",
        make=lambda page, language: findings_html(page.report, language).encode(),
        icon="triangle-alert",
    ),
    ExportKind(
        name="findings-data",
        label=N_("Findings for programs"),
        about=N_("The same findings as JSON, with numbers, limits and sources."),
        suffix="json",
        media_type="application/json",
        make=_findings_json,
        icon="list-checks",
    ),
    ExportKind(
        name="venue",
        label=N_("Venue drawing"),
        about=N_("The drawing as GeoJSON, for programs that show maps."),
        suffix="geojson",
        media_type="application/geo+json",
        make=lambda page, language: venue_geojson(page.plan, language),
        icon="map",
    ),
    ExportKind(
        name="calendar",
        label=N_("Calendar"),
        about=N_("Programme, tasks and shifts as an iCalendar file, as they are today."),
        suffix="ics",
        media_type="text/calendar; charset=utf-8",
        make=_calendar,
        holds_people=True,
        icon="calendar",
    ),
    ExportKind(
        name="journal",
        label=N_("Record"),
        about=N_("Everything that was ever done to the plan, line by line, with the hashes that prove it."),
        suffix="jsonl",
        media_type="application/jsonl",
        make=lambda page, _language: export_journal(journals(), page.stream),
        right="audit",
        has_languages=False,
        icon="history",
    ),
)
_BY_NAME = {kind.name: kind for kind in EXPORTS}


def list_exports(page: EventPage) -> tuple[ExportKind, ...]:
    """Returns the files a person may take out."""
    return tuple(kind for kind in EXPORTS if may(page.viewer, kind.right))


def take_out(page: EventPage, name: str, language: str) -> TakenOut:
    """Returns a file, after asking for the right and writing down that restricted data left.

    Args:
        page: The event as the person sees it.
        name: Which file.
        language: One of the four languages.

    Raises:
        ExportUnknownError: ``not-found``.
        NotAllowedError: ``not-allowed``.
        FolderUnusableError: The plan contradicts itself, so that its folder could not be read back.
        CalendarZoneError: The event names a time zone nobody knows.
    """
    kind = _BY_NAME.get(name)
    if kind is None:
        raise ExportUnknownError
    require(page.viewer, kind.right)
    content = kind.make(page, language)
    if kind.right == "audit" or (kind.holds_people and has_personal(page.plan)):
        log_access(page.viewer, page.stream, kind.name, number=page.number)
    return TakenOut(file_name(page, kind, language), kind.media_type, content)


def file_name(page: EventPage, kind: ExportKind, language: str) -> str:
    """Returns what the file is called: event, sort, number of the record, language."""
    ends = [kind.name, str(page.number), *([language] if kind.has_languages else [])]
    return f"{page.plan.event.id}-{'-'.join(ends)}.{kind.suffix}"


def last_change_at(stream: UUID, number: int) -> datetime:
    """Returns the moment of an entry; the same plan gives the same calendar, byte by byte."""
    entries = list_entries(journals(), stream, after=number - 1, until=number)
    return entries[0].at if entries else datetime.now(UTC)
