# SPDX-License-Identifier: Apache-2.0
"""Who asks, with which token, and what they may: the scope of the token and the rights of the person, both."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja.security import HttpBearer

from hamkor.agencies.queries.people import get_viewer
from hamkor.agencies.rules import Right, Viewer, require
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.journal.queries import get_head
from hamkor.workspace.api.limits import limits
from hamkor.workspace.event_page import EventPage, EventUnknownError
from hamkor.workspace.exports.access import has_personal, log_access
from hamkor.workspace.models import ApiToken
from hamkor.workspace.stores import journals
from hamkor.workspace.tokens import SCOPE_NAMES, Scope, find_token


class ScopeMissingError(HamkorError):
    """The token is not meant for this."""

    def __init__(self, scope: Scope) -> None:
        template = N_("This token may not be used to {scope}. Make one with the scope `{name}`.")
        super().__init__("scope-missing", template, scope=Message(SCOPE_NAMES[scope]), name=scope)


class Token(HttpBearer):
    """A token in the header ``Authorization: Bearer …``; cookies of a browser open nothing here."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        """Returns the row of the token.

        Raises:
            TokenUnknownError: ``token-unknown``.
        """
        return find_token(token.strip(), at=datetime.now(UTC))


def token_of(request: HttpRequest, scope: Scope, *, cost: float = 1.0) -> ApiToken:
    """Returns the token of a request, after its scope and its bucket were looked at.

    Args:
        request: The request.
        scope: What it is to be used for.
        cost: How many requests this one counts for.

    Raises:
        ScopeMissingError: ``scope-missing``.
        TooOftenError: ``too-many``.
    """
    token: Any = getattr(request, "auth", None)
    if not isinstance(token, ApiToken):
        raise TypeError("an operation was opened without a token")
    limits.spend(str(token.pk), cost)
    if scope not in token.scopes:
        raise ScopeMissingError(scope)
    return token


def open_page(
    request: HttpRequest, stream: UUID, scope: Scope, *, right: Right = "see_plan", cost: float = 1.0
) -> EventPage:
    """Returns an event as the person of the token sees it.

    Args:
        request: The request.
        stream: The event.
        scope: What the token is to be used for.
        right: What the person must be allowed to do.
        cost: How many requests this one counts for.

    Raises:
        ScopeMissingError: ``scope-missing``.
        EventUnknownError: ``event-unknown``; also for an event the token is not good for.
        NotAllowedError: ``not-allowed``.
    """
    token = token_of(request, scope, cost=cost)
    now = datetime.now(UTC)
    viewer = viewer_at(token, stream, now)
    if viewer is None or get_head(journals(), stream).number == 0:
        raise EventUnknownError
    require(viewer, right)
    return EventPage(request, stream, viewer, now)


def viewer_at(token: ApiToken, stream: UUID, now: datetime) -> Viewer | None:
    """Returns how an event sees the person of a token; None when the token is not good for it."""
    if token.stream is not None and token.stream != stream:
        return None
    viewer = get_viewer(token.user, stream=stream, at=now)
    return viewer if viewer.grants else None


def note_names(page: EventPage, what: str) -> None:
    """Writes down that names or phones went to a program."""
    if has_personal(page.plan):
        log_access(page.viewer, page.stream, what, number=page.number)
