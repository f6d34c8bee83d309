# SPDX-License-Identifier: Apache-2.0
"""Where pages send what was typed: one message, one command, all or nothing."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hamkor.agencies.queries.people import find_people
from hamkor.common.i18n import translate
from hamkor.common.messages import N_, Message
from hamkor.journal.rules import Documents
from hamkor.pages.languages import current_language
from hamkor.plans.commands import Conflict, edit_plan, undo
from hamkor.plans.rules.fields import read_path
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.forms.edits import Asked, edits_of, find_document, read_message
from hamkor.workspace.forms.labels import field_label
from hamkor.workspace.forms.sent import command_id_of
from hamkor.workspace.stores import journals, vault

SHORT_MAX = 80
TAKEN_BACK = N_("The change is taken back.")
CONFLICT = N_("{who} changed “{field}” to “{theirs}” meanwhile. Yours stands now; theirs is in the history.")
GONE = N_("{who} removed this meanwhile. What you typed is in no plan: add it anew or undo the removal.")


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
        page.envelope(command_id_of(request.POST)),
        viewer=page.viewer,
        command_id=command_id_of(request.POST, "undone"),
    )
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"number": undone.result.number, "conflicts": _conflicts(undone.conflicts)})
    page.tell(translate(TAKEN_BACK, current_language()), undo=request.POST["command_id"])
    for text in _conflicts(undone.conflicts):
        messages.warning(request, text, extra_tags="amber")
    return HttpResponseRedirect(back(request, reverse("history", kwargs={"stream": page.stream})))


def back(request: HttpRequest, otherwise: str) -> str:
    """Returns the page a form asks to return to, when it is one of ours."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and is_ours else otherwise


def _shown(asked: tuple[Asked, ...], documents: Documents) -> dict[str, object]:
    shown: dict[str, object] = {}
    for each in asked:
        document = find_document(documents, each.part, each.id)
        shown |= {path: read_path(document, path) for path in each.fields}
    return shown


def _conflicts(conflicts: tuple[Conflict, ...]) -> list[str]:
    language = current_language()
    people = find_people(conflict.by for conflict in conflicts if conflict.by is not None)
    texts = []
    for conflict in conflicts:
        who = people[conflict.by].name if conflict.by in people else conflict.agency or "?"
        field = translate(field_label("", conflict.path.rsplit("/", 1)[-1]), language)
        facts = {"who": who, "field": field, "theirs": _short(conflict.theirs)}
        texts.append(Message(CONFLICT if conflict.path else GONE, facts).render(language))
    return texts


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHORT_MAX else f"{text[:SHORT_MAX]}…"
