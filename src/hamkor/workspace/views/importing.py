# SPDX-License-Identifier: Apache-2.0
"""Bringing files in: looked at, shown as differences, then confirmed by one command, or left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from hamkor.agencies.queries.people import viewer_of
from hamkor.agencies.rules import NotAllowedError, may
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import translate
from hamkor.common.ids import new_id
from hamkor.common.messages import N_
from hamkor.folder.rules import FolderUnusableError
from hamkor.journal.queries import get_documents, list_entries
from hamkor.pages.languages import current_language
from hamkor.pages.refusals import refusal
from hamkor.plans.commands import EditResult, edit_plan, import_plan
from hamkor.plans.rules.changes import list_changes
from hamkor.sheets.rules import SheetUnusableError
from hamkor.workspace.beginning import begin_from_plan, may_create
from hamkor.workspace.changes_shown import by_part
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.imports.archive import read_zipped_folder
from hamkor.workspace.imports.previews import (
    IMPORT_KINDS,
    ImportKind,
    Preview,
    preview_folder,
    preview_workbook,
)
from hamkor.workspace.imports.uploads import get_upload, keep_upload, require_size
from hamkor.workspace.stores import journals, vault
from hamkor.workspace.views.papers import user_of

TITLES: dict[ImportKind, str] = {
    "folder": N_("Event folder"),
    "roster": N_("Roster"),
    "duties": N_("Duty matrix"),
}
DONE = N_("Taken over. Changed fields: {count}.")
View = Callable[..., HttpResponse]


class ImportWrongError(HamkorError):
    """The form was not sent as the page makes it."""


def upload_view(view: View) -> View:
    """Returns a view that refuses a request by its length before a byte of it is looked at."""
    protected = csrf_protect(view)

    @csrf_exempt  # asked inside, after the length: reading the form is what costs
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        if request.method == "POST":
            try:
                require_size(request.headers.get("Content-Length"))
            except HamkorError as refused:
                return refusal(request, refused)
        return protected(request, *args, **values)

    return opened


@upload_view
@require_POST
@event_view()
def preview(page: EventPage, kind: str) -> HttpResponse:
    """Shows what a file would change, or everything that is wrong with it."""
    chosen = _kind(kind)
    _require_importing(page, chosen)
    digest, content = keep_upload(user_of(page.request).pk, page.stream, page.request.FILES.get("file"))
    return _show(page, chosen, digest, content)


@require_POST
@event_view()
def confirm(page: EventPage, kind: str) -> HttpResponse:
    """Takes a file over that was shown before; shown again when the plan was changed meanwhile."""
    chosen, posted = _kind(kind), page.request.POST
    _require_importing(page, chosen)
    command_id, seen = _uuid(posted.get("command_id", "")), posted.get("seen", "")
    digest = posted.get("digest", "")
    if _is_done(page, command_id):
        return redirect("print", stream=page.stream)
    content = get_upload(user_of(page.request).pk, page.stream, digest)
    if _is_changed_since(page, seen):
        return _show(page, chosen, digest, content, is_changed=True)
    try:
        done = _take_over(page, chosen, content, command_id)
    except (FolderUnusableError, SheetUnusableError) as faulty:
        return _faults(page, chosen, faulty)
    page.tell(translate(DONE, current_language()).format(count=len(done.changes)), undo=str(command_id))
    return redirect("print", stream=page.stream)


@upload_view
@login_required
def new_from_folder(request: HttpRequest) -> HttpResponse:
    """A new event from an event folder: the file, what it holds, then the event."""
    user, now = user_of(request), datetime.now(UTC)
    if not may_create(user):
        raise NotAllowedError(viewer_of(user), "edit_plan")
    context: dict[str, Any] = {"new_command_id": request.POST.get("command_id") or new_id(now)}
    status = 200
    if request.method == "POST":
        command_id = _uuid(request.POST.get("command_id", ""))
        try:
            answer = _begin(request, command_id, now)
            if isinstance(answer, HttpResponse):
                return answer
            context |= answer
        except FolderUnusableError as faulty:
            context |= {"faults": folder_faults(faulty), "fault": faulty.message}
            status = 422
        except HamkorError as refused:
            context |= {"fault": refused.message}
            status = 422
    return render(request, "workspace/import_new.html", context, status=status)


def _begin(request: HttpRequest, command_id: UUID, now: datetime) -> HttpResponse | dict[str, Any]:
    """Returns the page of the new event when it was confirmed; what is in the file otherwise."""
    user, digest = user_of(request), request.POST.get("digest", "")
    if digest:
        plan = read_zipped_folder(get_upload(user.pk, command_id, digest))
        return redirect("event", stream=begin_from_plan(user, plan, command_id=command_id, at=now))
    digest, content = keep_upload(user.pk, command_id, request.FILES.get("file"))
    plan = read_zipped_folder(content)
    held = {
        name: len(value)
        for name in plan.__struct_fields__
        if isinstance(value := getattr(plan, name), tuple) and value
    }
    return {"found": plan, "held": held, "digest": digest}


def _show(
    page: EventPage, kind: ImportKind, digest: str, content: bytes, *, is_changed: bool = False
) -> HttpResponse:
    try:
        found = _preview(page, kind, content)
    except (FolderUnusableError, SheetUnusableError) as faulty:
        return _faults(page, kind, faulty)
    return page.render(
        "workspace/import.html",
        current_section="print",
        title=TITLES[kind],
        kind=kind,
        preview=found,
        groups=by_part(found.items),
        digest=digest,
        seen=page.number,
        is_changed=is_changed,
    )


def _preview(page: EventPage, kind: ImportKind, content: bytes) -> Preview:
    return preview_folder(page, content) if kind == "folder" else preview_workbook(page, kind, content)


def _take_over(page: EventPage, kind: ImportKind, content: bytes, command_id: UUID) -> EditResult:
    envelope = page.envelope(command_id)
    found = _preview(page, kind, content)
    if found.plan is None:
        return edit_plan(journals(), envelope, viewer=page.viewer, edits=found.edits, vault=vault())
    return import_plan(journals(), envelope, viewer=page.viewer, plan=found.plan, vault=vault())


def _faults(
    page: EventPage, kind: ImportKind, faulty: FolderUnusableError | SheetUnusableError
) -> HttpResponse:
    faults = folder_faults(faulty) if isinstance(faulty, FolderUnusableError) else sheet_faults(faulty)
    answer = page.render(
        "workspace/import_faults.html",
        current_section="print",
        title=TITLES[kind],
        faults=faults,
    )
    answer.status_code = 422
    return answer


def folder_faults(faulty: FolderUnusableError) -> list[dict[str, object]]:
    """Returns the faults of a folder as a page shows them: file and line, place, what to do."""
    return [
        {
            "where": fault.file if fault.line is None else f"{fault.file}:{fault.line}",
            "place": fault.place,
            "said": "",
            "message": fault.message,
        }
        for fault in faulty.faults
    ]


def sheet_faults(faulty: SheetUnusableError) -> list[dict[str, object]]:
    """Returns the faults of a workbook as a page shows them: sheet and cell, what stands there, what to do."""
    return [
        {"where": fault.place, "place": "", "said": fault.said, "message": fault.message}
        for fault in faulty.faults
    ]


def _is_done(page: EventPage, command_id: UUID) -> bool:
    """True when the command was performed at an earlier sending."""
    return any(entry.command_id == command_id for entry in list_entries(journals(), page.stream))


def _is_changed_since(page: EventPage, seen: str) -> bool:
    """True when the plan is not the one the person was shown."""
    if not (seen.isascii() and seen.isdigit() and len(seen) < 16 and int(seen) <= page.number):
        return True
    if int(seen) == page.number:
        return False
    return bool(list_changes(get_documents(journals(), page.stream, until=int(seen)), page.documents))


def _require_importing(page: EventPage, kind: ImportKind) -> None:
    """Refuses who can take nothing over, before a file of theirs is kept."""
    viewer = page.viewer
    may_some = may(viewer, "edit_plan") or may(viewer, "edit_own")
    if not (may(viewer, "import_plan") or (kind != "folder" and may_some)):
        raise NotAllowedError(viewer, "import_plan")


def _kind(text: str) -> ImportKind:
    if text not in IMPORT_KINDS:
        raise ImportWrongError("not-found", N_("Such a file cannot be read here. Choose one from the page."))
    return text


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        template = N_("The form was not sent whole. Load the page again.")
        raise ImportWrongError("form-malformed", template) from None
