# SPDX-License-Identifier: Apache-2.0
"""Print, export, import: what can leave the workspace and come into it, on one page."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hamkor.agencies.models import User
from hamkor.agencies.rules import may
from hamkor.approvals.queries import agreement_of
from hamkor.common.i18n import LANGUAGES
from hamkor.pages.languages import current_language
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.exports.certificates import current_version
from hamkor.workspace.exports.kinds import TakenOut, list_exports, take_out
from hamkor.workspace.exports.prints import MEDIA_TYPES, ask_for_print, list_prints, read_print
from hamkor.workspace.tokens import end_feed, find_feed, make_feed, open_feed

FEED_SHOWN_ONCE = "workspace.feed"


@event_view()
def print_page(page: EventPage) -> HttpResponse:
    """What the person may print, take out and bring in."""
    prints = list_prints(page) if may(page.viewer, "export_plan") else []
    user = user_of(page.request)
    return page.render(
        "workspace/print.html",
        current_section="print",
        may_export=may(page.viewer, "export_plan"),
        may_import=may(page.viewer, "import_plan"),
        may_edit=may(page.viewer, "edit_plan") or may(page.viewer, "edit_own"),
        sees_names=may(page.viewer, "see_personal"),
        exports=list_exports(page),
        prints=prints,
        is_waiting=any(row.state == "waiting" for row in prints),
        versions=agreement_of(page.documents).versions,
        current=current_version(page.stream),
        feed=find_feed(user, page.stream),
        feed_address=page.request.session.pop(FEED_SHOWN_ONCE, None),
    )


@require_POST
@event_view("export_plan")
def ask_print(page: EventPage) -> HttpResponse:
    """Sends a plan to be set, and returns to the page that says how far it is."""
    posted = page.request.POST
    version = posted.get("version", "")
    ask_for_print(
        page,
        form=posted.get("form", ""),
        language=language_of(posted.get("language", "")),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
        address=page.request.build_absolute_uri("/").rstrip("/"),
    )
    return redirect(reverse("print", kwargs={"stream": page.stream}) + "#prints")


@require_GET
@event_view("export_plan")
def print_file(page: EventPage, print_id: UUID) -> HttpResponse:
    """The finished paper."""
    row, content = read_print(page, print_id)
    version = f"v{row.version}" if row.version is not None else str(row.number)
    name = f"{page.plan.event.id}-{version}-{row.language}.{row.form}"
    return as_download(TakenOut(name, MEDIA_TYPES[row.form], content))


@require_GET
@event_view()
def export(page: EventPage, what: str) -> HttpResponse:
    """A file for other programs; which right it needs is said where it is declared."""
    return as_download(take_out(page, what, language_of(page.request.GET.get("language", ""))))


@require_POST
@event_view("export_plan")
def new_feed(page: EventPage) -> HttpResponse:
    """Makes an address for calendar programs and shows it once; an earlier one ends."""
    key = make_feed(user_of(page.request), page.stream, language=current_language(), at=page.now)
    address = page.request.build_absolute_uri(reverse("calendar-feed", kwargs={"key": key}))
    page.request.session[FEED_SHOWN_ONCE] = address
    return redirect(reverse("print", kwargs={"stream": page.stream}) + "#feed")


@require_POST
@event_view()
def stop_feed(page: EventPage) -> HttpResponse:
    """Ends the person's address for calendar programs."""
    end_feed(user_of(page.request), page.stream)
    return redirect(reverse("print", kwargs={"stream": page.stream}) + "#feed")


@require_GET
def calendar_feed(request: HttpRequest, key: str) -> HttpResponse:
    """The calendar of one event for whom the address was made: what that person may see at this moment."""
    now = datetime.now(UTC)
    found = open_feed(key, at=now)
    if found is None:
        raise Http404
    row, viewer = found
    page = EventPage(request, row.stream, viewer, now)
    response = as_download(take_out(page, "calendar", row.language))
    response["Content-Disposition"] = "inline; filename=plan.ics"
    return response


def as_download(taken: TakenOut) -> HttpResponse:
    """Returns a file as a download that no browser runs and no cache keeps."""
    response = HttpResponse(taken.content, content_type=taken.media_type)
    response["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def language_of(text: str) -> str:
    """Returns a language that was asked for, that of the page when it is none of ours."""
    return text if text in LANGUAGES else current_language()


def user_of(request: HttpRequest) -> User:
    """Returns the signed-in person."""
    if not isinstance(request.user, User):
        raise TypeError("a page for people who are signed in was opened by somebody else")
    return request.user
