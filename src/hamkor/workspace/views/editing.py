# SPDX-License-Identifier: Apache-2.0
"""Where pages send what was typed: one message, one command, all or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hamkor.agencies.queries.people import find_people
from hamkor.common.messages import N_, Message
from hamkor.pages.languages import current_language
from hamkor.plans.commands import edit_plan, undo
from hamkor.plans.rules.fields import read_path
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.forms.edits import Asked, edits_of, find_document, read_message
from hamkor.workspace.stores import journals, vault

CONFLICT = N_("{who} changed “{field}” to “{theirs}” at {time}. Yours stands now; theirs is in the history.")


@require_POST
@event_view("see_plan")
def edit(page: EventPage) -> HttpResponse:
    """Makes the edits a page sends and says what the fields hold now."""
    message = read_message(page.request.body)
    edits = edits_of(message, page.documents)
    done = edit_plan(
        journals(), page.envelope(message.command_id), viewer=page.viewer, edits=edits, vault=vault()
    )
    after = journals().get_documents(str(page.stream))
    return JsonResponse(
        {
            "number": done.result.number,
            "shown": _shown(message.edits, after),
            "conflicts": _conflicts(done.conflicts),
            "command_id": str(message.command_id),
        }
    )


@require_POST
@event_view("see_plan")
def undo_command(page: EventPage) -> HttpResponse:
    """Takes back one command, and returns to where one was."""
    request = page.request
    undone = undo(
        journals(),
        page.envelope(UUID(request.POST["command_id"])),
        viewer=page.viewer,
        command_id=UUID(request.POST["undone"]),
    )
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"number": undone.result.number, "conflicts": _conflicts(undone.conflicts)})
    return HttpResponseRedirect(back(request, page.request.path))


def back(request: HttpRequest, otherwise: str) -> str:
    """Returns the page a form asks to return to, when it is one of ours."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and is_ours else otherwise


def _shown(asked: tuple[Asked, ...], documents) -> dict[str, object]:  # type: ignore[no-untyped-def]
    shown: dict[str, object] = {}
    for each in asked:
        document = find_document(documents, each.part, each.id)
        shown |= {path: read_path(document, path) for path in each.fields}
    return shown


def _conflicts(conflicts) -> list[str]:  # type: ignore[no-untyped-def]
    language = current_language()
    people = find_people(conflict.by for conflict in conflicts)
    texts = []
    for conflict in conflicts:
        who = people[conflict.by].name if conflict.by in people else conflict.by
        time = conflict.at.astimezone(UTC) if isinstance(conflict.at, datetime) else conflict.at
        facts = {"who": who, "field": conflict.path, "theirs": str(conflict.theirs), "time": f"{time:%H:%M}"}
        texts.append(Message(CONFLICT, facts).render(language))
    return texts
