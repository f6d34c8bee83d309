# SPDX-License-Identifier: Apache-2.0
"""Files for other programs, the record with its proof, and the stream of changes."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Query

from hamkor.common.errors import HamkorError
from hamkor.journal.queries import verify_journal
from hamkor.journal.rules import Verified
from hamkor.pages.languages import current_language
from hamkor.workspace.api.access import open_page
from hamkor.workspace.api.answers import answer, finish, tag_of, unchanged
from hamkor.workspace.api.live import Listening
from hamkor.workspace.api.openapi import described
from hamkor.workspace.api.shapes import VerificationShown
from hamkor.workspace.exports.kinds import take_out
from hamkor.workspace.stores import journals
from hamkor.workspace.streaming import EventStream, stream_events
from hamkor.workspace.tokens import Scope

router = Router()
SheetName = Literal["folder", "roster", "duties", "findings", "findings-data"]
LANGUAGE = Query(None, description="Language of the file; that of the request when absent.")
Lang = Literal["uz", "uz-Cyrl", "ru", "en"]


@router.get(
    "/events/{uuid:stream}/venue.geojson",
    **described("Get the drawing", tag="Files", scope="export", media_type="application/geo+json"),
)
def venue(request: HttpRequest, stream: UUID, language: Lang | None = LANGUAGE) -> HttpResponse:
    """Plain GeoJSON with flat properties, for programs that show maps."""
    return _file(request, stream, "venue", language)


@router.get(
    "/events/{uuid:stream}/calendar.ics",
    **described("Get the calendar", tag="Files", scope="export", media_type="text/calendar"),
)
def calendar(request: HttpRequest, stream: UUID, language: Lang | None = LANGUAGE) -> HttpResponse:
    """Programme, tasks and shifts."""
    return _file(request, stream, "calendar", language)


@router.get(
    "/events/{uuid:stream}/exports/{what}",
    **described("Get a file", tag="Files", scope="export", media_type="*/*"),
)
def export(
    request: HttpRequest, stream: UUID, what: SheetName, language: Lang | None = LANGUAGE
) -> HttpResponse:
    """The event folder as zip, the roster or the duty matrix as workbook, the findings as page or JSON."""
    return _file(request, stream, what, language)


@router.get(
    "/events/{uuid:stream}/journal",
    **described("Get the record", tag="Record", scope="audit", media_type="application/jsonl"),
)
def journal(request: HttpRequest, stream: UUID) -> HttpResponse:
    """Every entry as one line; anyone can verify the hashes with SHA-256 and a reader of JSON."""
    return _file(request, stream, "journal", None, scope="audit")


@router.get(
    "/events/{uuid:stream}/journal/verification",
    **described("Verify the record", tag="Record", scope="audit", answer=VerificationShown),
)
def verification(request: HttpRequest, stream: UUID) -> HttpResponse:
    """Whether every entry is as it was written, and the plan is what the entries say."""
    page = open_page(request, stream, "audit", right="audit", cost=10)
    try:
        found = verify_journal(journals(), stream)
    except HamkorError as differing:
        return answer(_faulty(page.number, differing.message.render(current_language())))
    if isinstance(found, Verified):
        return answer(
            VerificationShown(
                is_whole=True, number=found.number, hash=found.hash, withheld=found.withheld, fault=None
            )
        )
    return answer(_faulty(found.number, found.problem.render(current_language())))


@router.get(
    "/events/{uuid:stream}/live",
    **described("Listen to changes", tag="Events", scope="read", media_type="text/event-stream"),
)
def live(
    request: HttpRequest,
    stream: UUID,
    after: int | None = Query(
        None, ge=0, le=2**53 - 1, description="Number of the last entry that is known."
    ),
) -> EventStream:
    """Server-sent events: `subscribed`, then `update` with the number of the newest entry, and a `heartbeat`."""
    page = open_page(request, stream, "read")
    listening = Listening(request.auth, stream)  # type: ignore[attr-defined]  # set where the token is read
    return stream_events(listening.messages(page.number if after is None else after))


def _file(
    request: HttpRequest, stream: UUID, what: str, language: str | None, *, scope: Scope = "export"
) -> HttpResponse:
    right = "audit" if scope == "audit" else "export_plan"
    page = open_page(request, stream, scope, right=right, cost=10)  # type: ignore[arg-type]  # one of two rights
    chosen = language or current_language()
    tag = tag_of(page, what, chosen)
    known = unchanged(request, tag)
    if known is not None:
        return known
    taken = take_out(page, what, chosen)
    response = finish(HttpResponse(taken.content, content_type=taken.media_type), tag)
    response["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    return response


def _faulty(number: int, fault: str) -> VerificationShown:
    return VerificationShown(is_whole=False, number=number, hash=None, withheld=(), fault=fault)
