# SPDX-License-Identifier: Apache-2.0
"""A person's tokens for programs, and the list of what programs may ask for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from hamkor.agencies.queries.people import list_streams_of
from hamkor.common.errors import HamkorError
from hamkor.events.facts import EVENT
from hamkor.journal.queries import get_documents
from hamkor.workspace.api.application import api
from hamkor.workspace.api.openapi import list_operations
from hamkor.workspace.stores import journals
from hamkor.workspace.tokens import SCOPE_NAMES, list_tokens, make_token, revoke_token
from hamkor.workspace.views.papers import user_of

TOKEN_SHOWN_ONCE = "workspace.token"  # noqa: S105 - the name of a place in the session
DAYS_OFFERED = (7, 30, 90, 365)
DAYS_USUAL = 30


@login_required
def tokens_page(request: HttpRequest) -> HttpResponse:
    """The tokens one has; makes a new one and shows it once."""
    user, now = user_of(request), datetime.now(UTC)
    fault = None
    if request.method == "POST":
        try:
            row, key = make_token(
                user,
                name=request.POST.get("name", ""),
                scopes=request.POST.getlist("scopes"),
                days=_number(request.POST.get("days", "")),
                stream=_uuid(request.POST.get("stream", "")),
                at=now,
            )
        except HamkorError as refused:
            fault = refused.message
        else:
            request.session[TOKEN_SHOWN_ONCE] = {"key": key, "name": row.name}
            return redirect("tokens")
    events = _events_of(request, now)
    context = {
        "tokens": [(row, events.get(row.stream), row.is_open(now)) for row in list_tokens(user)],
        "scopes": SCOPE_NAMES.items(),
        "scope_names": SCOPE_NAMES,
        "chosen": request.POST.getlist("scopes") or ["read"],
        "events": events.items(),
        "days_offered": DAYS_OFFERED,
        "days_usual": DAYS_USUAL,
        "fault": fault,
        "fresh": request.session.pop(TOKEN_SHOWN_ONCE, None),
    }
    return render(request, "workspace/tokens.html", context, status=422 if fault else 200)


@require_POST
@login_required
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Ends a token now."""
    revoke_token(user_of(request), token_id, at=datetime.now(UTC))
    return redirect("tokens")


@require_GET
def api_docs(request: HttpRequest) -> HttpResponse:
    """Every operation of the interface, from the same description programs read; in English, as programs are."""
    schema: dict[str, Any] = api.get_openapi_schema()
    context = {"info": schema["info"], "groups": list_operations(schema)}
    return render(request, "workspace/api_docs.html", context)


def _events_of(request: HttpRequest, now: datetime) -> dict[UUID | None, Any]:
    """Returns the names of the events at which the person holds a role."""
    names: dict[UUID | None, Any] = {}
    for stream in list_streams_of(user_of(request), at=now):
        found = get_documents(journals(), stream).all(EVENT)
        if found:
            names[stream] = found[0].name
    return names


def _uuid(text: str) -> UUID | None:
    """Returns what was chosen; None for every event. What is none leads to a refusal: no such event."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
