# SPDX-License-Identifier: Apache-2.0
"""Keys for programs: tokens of the API and addresses of calendars. Shown once, kept as digests, revocable."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, get_args
from uuid import UUID

from django.db import transaction

from hamkor.agencies.models import User
from hamkor.agencies.queries.people import get_viewer, list_streams_of
from hamkor.agencies.rules import Viewer, may
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.workspace.models import ApiToken, CalendarFeed

Scope = Literal["read", "edit", "export", "audit"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
SCOPE_NAMES: dict[Scope, str] = {
    "read": N_("read plans, findings, comments and questions"),
    "edit": N_("change plans, comment and ask, begin events"),
    "export": N_("take files out: drawing, calendar, workbooks, folder"),
    "audit": N_("read and verify the whole record"),
}
PREFIX = "hamkor_"
KEY_BYTES = 32
DAYS_MAX = 366
TOKENS_MAX = 20
NAME_MAX = 100
# Knowing whether a token is in use does not need a write for every request.
USE_NOTED_EVERY = timedelta(minutes=1)


class TokenWrongError(HamkorError):
    """The token cannot be made."""


class TokenUnknownError(HamkorError):
    """The token opens nothing; why not is not told, because who holds it may be a stranger."""

    def __init__(self) -> None:
        template = N_(
            "The token is missing, not known, expired or revoked. Make a new one on the page of tokens."
        )
        super().__init__("token-unknown", template)


def make_token(
    user: User, *, name: str, scopes: Collection[str], days: int, stream: UUID | None, at: datetime
) -> tuple[ApiToken, str]:
    """Makes a token; returns its row and the token, which nothing keeps.

    Args:
        user: The person it acts for.
        name: What it is for.
        scopes: What it may be used for; never more than the person may.
        days: How long it lasts.
        stream: The only event it is good for, None for all of the person's.
        at: Now, aware.

    Raises:
        TokenWrongError: ``token-name``, ``token-scopes``, ``token-days``, ``token-event`` or ``too-many-tokens``.
    """
    title = " ".join(name.split())
    _require_made_well(title, scopes, days)
    if stream is not None and stream not in list_streams_of(user, at=at):
        raise TokenWrongError("token-event", N_("You hold no role at this event. Choose one of yours."))
    key = PREFIX + secrets.token_urlsafe(KEY_BYTES)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two at once are counted one after the other
        held = ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=at).count()
        if held >= TOKENS_MAX:
            template = N_("You have {most} tokens. Revoke one you do not need.")
            raise TokenWrongError("too-many-tokens", template, most=TOKENS_MAX)
        row = ApiToken.objects.create(
            digest=digest_of(key),
            user=user,
            name=title,
            scopes=[scope for scope in SCOPES if scope in scopes],
            stream=stream,
            made_at=at,
            expires_at=at + timedelta(days=days),
        )
    return row, key


def find_token(key: str, *, at: datetime) -> ApiToken:
    """Returns the token a program shows, and notes that it was used.

    Raises:
        TokenUnknownError: ``token-unknown``.
    """
    row = ApiToken.objects.select_related("user__body").filter(digest=digest_of(key)).first()
    if row is None or not row.is_open(at) or not row.user.is_active:
        raise TokenUnknownError
    if row.last_used_at is None or at - row.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=at)
    return row


def list_tokens(user: User) -> list[ApiToken]:
    """Returns the tokens of a person that were not revoked, the newest first; expired ones too."""
    return list(ApiToken.objects.filter(user=user, revoked_at=None))


def revoke_token(user: User, token_id: UUID, *, at: datetime) -> None:
    """Ends a token of the person now; nothing happens when it is ended or somebody else's."""
    ApiToken.objects.filter(pk=token_id, user=user, revoked_at=None).update(revoked_at=at)


def make_feed(user: User, stream: UUID, *, language: str, at: datetime) -> str:
    """Returns the key of a new address of the calendar; an earlier one ends."""
    key = secrets.token_urlsafe(KEY_BYTES)
    values = {"digest": digest_of(key), "language": language, "made_at": at, "last_used_at": None}
    CalendarFeed.objects.update_or_create(user=user, stream=stream, defaults=values)
    return key


def end_feed(user: User, stream: UUID) -> None:
    """Ends the address of the calendar."""
    CalendarFeed.objects.filter(user=user, stream=stream).delete()


def find_feed(user: User, stream: UUID) -> CalendarFeed | None:
    """Returns what is known of a person's address of the calendar; None when there is none."""
    return CalendarFeed.objects.filter(user=user, stream=stream).first()


def open_feed(key: str, *, at: datetime) -> tuple[CalendarFeed, Viewer] | None:
    """Returns the feed behind an address and how the event sees its owner now; None when it opens nothing."""
    row = CalendarFeed.objects.select_related("user__body").filter(digest=digest_of(key)).first()
    if row is None or not row.user.is_active:
        return None
    viewer = get_viewer(row.user, stream=row.stream, at=at)
    if not (may(viewer, "see_plan") and may(viewer, "export_plan")):
        return None
    if row.last_used_at is None or at - row.last_used_at > USE_NOTED_EVERY:
        CalendarFeed.objects.filter(pk=row.pk).update(last_used_at=at)
    return row, viewer


def digest_of(key: str) -> str:
    """Returns what is kept of a key; it is random, so that a plain digest is enough."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _require_made_well(title: str, scopes: Collection[str], days: int) -> None:
    if not title or len(title) > NAME_MAX:
        template = N_("Say in 1 to {most} letters what the token is for.")
        raise TokenWrongError("token-name", template, most=NAME_MAX)
    if not scopes or not set(scopes) <= set(SCOPES):
        raise TokenWrongError("token-scopes", N_("Choose at least one thing the token may be used for."))
    if not 1 <= days <= DAYS_MAX:
        template = N_("A token lasts from 1 to {most} days.")
        raise TokenWrongError("token-days", template, most=DAYS_MAX)
