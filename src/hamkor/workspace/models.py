# SPDX-License-Identifier: Apache-2.0
"""Tables of the workspace: caches that may be emptied at any time, and who is where right now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models

from hamkor.common.ids import new_id

PRINT_FORMS = ("pdf", "docx")
PRINT_STATES = ("waiting", "done", "failed")


def fresh_id() -> UUID:
    """Returns a new id in the order of time."""
    return new_id(datetime.now(UTC))


class Readiness(models.Model):
    """How many findings an event has, at one entry of its journal; a cache for lists of events."""

    stream = models.UUIDField(primary_key=True)
    number = models.BigIntegerField()
    red = models.IntegerField()
    amber = models.IntegerField()

    def __str__(self) -> str:
        """Returns the counts, for logs."""
        return f"{self.stream} at {self.number}: {self.red} red, {self.amber} amber"


class Presence(models.Model):
    """A person who has a page of an event open; forgotten after half a minute."""

    stream = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    place = models.CharField(max_length=120)
    seen_at = models.DateTimeField()

    class Meta:
        """A person is at one place of an event."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "user"], name="presence_once")]

    def __str__(self) -> str:
        """Returns who is where, for logs."""
        return f"{self.user_id} at {self.place}"


class ApiToken(models.Model):
    """Lets a program act for a person, within scopes, until it expires or is revoked; kept as a digest only."""

    id = models.UUIDField(primary_key=True, default=fresh_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    scopes = models.JSONField(default=list)
    stream = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        """Returns what it is, for logs; never the token."""
        return f"token {self.id}"

    def is_open(self, at: datetime) -> bool:
        """True while it works."""
        return self.revoked_at is None and at < self.expires_at


class CalendarFeed(models.Model):
    """An address at which a calendar program reads one event for one person; kept as a digest only."""

    id = models.UUIDField(primary_key=True, default=fresh_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    stream = models.UUIDField()
    language = models.CharField(max_length=8)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        """A person has one address for an event; a new one takes its place."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "user"], name="calendar_feed_once")
        ]

    def __str__(self) -> str:
        """Returns what it is, for logs; never the address."""
        return f"calendar feed {self.id}"


class Print(models.Model):
    """A plan on its way to paper: asked for on a page, made by the worker, kept until it is older than a day."""

    id = models.UUIDField(primary_key=True, default=fresh_id, editable=False)
    key = models.CharField(max_length=64, unique=True)
    stream = models.UUIDField(db_index=True)
    number = models.BigIntegerField()
    version = models.IntegerField(null=True)
    form = models.CharField(max_length=8)
    language = models.CharField(max_length=8)
    is_named = models.BooleanField()
    address = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, default="waiting")
    fault = models.CharField(max_length=400, blank=True)

    class Meta:
        """Forms and states that exist."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(form__in=list(PRINT_FORMS)), name="print_form"),
            models.CheckConstraint(condition=models.Q(state__in=list(PRINT_STATES)), name="print_state"),
        ]

    def __str__(self) -> str:
        """Returns what it is, for logs."""
        return f"{self.form} of {self.stream} at {self.number}"
