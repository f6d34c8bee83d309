# SPDX-License-Identifier: Apache-2.0
"""Organisations, people with an account, and the roles they hold at events: ordinary tables with a history.

The database itself writes the history, by triggers, and lets nobody change it. Names, addresses and phones are left
out of it, so that a person can be erased.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from hamkor.agencies.rules import ROLES
from hamkor.common.i18n import LANGUAGES
from hamkor.common.ids import new_id

LEVELS = ("republic", "region", "district", "organisation")
INVITATION_KINDS = ("account", "password")


def fresh_id() -> UUID:
    """Returns a new id in the order of time."""
    return new_id(datetime.now(UTC))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class Body(models.Model):
    """An organisation: a ministry, its regional and district bodies, an organiser, a venue's administration."""

    id = models.UUIDField(primary_key=True, default=fresh_id, editable=False)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    agency = models.CharField(max_length=8)
    level = models.CharField(max_length=16)
    region = models.CharField(max_length=40, blank=True)
    names = models.JSONField(default=dict)

    class Meta:
        """Order and bounds."""

        ordering: ClassVar = ["agency", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(level__in=list(LEVELS)), name="body_level"),
        ]

    def __str__(self) -> str:
        """Returns the name, for logs."""
        return str(self.names.get("uz") or self.id)


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the e-mail address is the name of an account."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Returns a new account; without a password nobody can sign in by password."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Returns the account of an e-mail address, in whatever case it was typed."""
        return self.get(email__iexact=username)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=["id", "body", "rank", "position", "is_active", "is_administrator"],
    model_name="UserEvent",
    append_only=True,
)
class User(AbstractBaseUser):
    """A person with an account. What a journal holds of them is their reference, never a name."""

    id = models.UUIDField(primary_key=True, default=fresh_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    rank = models.CharField(max_length=100, blank=True)
    position = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, default="uz", choices=[(code, code) for code in LANGUAGES])
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        """Order."""

        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        """Returns the name."""
        return self.name or self.email

    @property
    def reference(self) -> str:
        """What stands for this person in a journal."""
        return f"person:{self.pk}"

    @property
    def is_staff(self) -> bool:
        """Asked by libraries; the same as being an administrator."""
        return self.is_administrator

    def get_full_name(self) -> str:
        """Returns the name."""
        return self.name

    def get_short_name(self) -> str:
        """Returns the name."""
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class EventRole(models.Model):
    """A role of a person at one event, from a moment until a moment."""

    id = models.UUIDField(primary_key=True, default=fresh_id, editable=False)
    stream = models.UUIDField(db_index=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=16, choices=[(role, role) for role in ROLES])
    agency = models.CharField(max_length=8)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Bounds the database keeps."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "user", "role", "agency"], name="event_role_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(starts_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="event_role_period",
            ),
        ]

    def __str__(self) -> str:
        """Returns what it is, for logs."""
        return f"{self.role} of {self.user_id} at {self.stream}"


class Invitation(models.Model):
    """A link that lets one person in, once: to a new account, or to a new password of their own account.

    The link itself is kept nowhere; what is kept is its digest, so that who reads the table cannot use it.
    """

    id = models.UUIDField(primary_key=True, default=fresh_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=8, default="account")
    email = models.EmailField(db_index=True)
    name = models.CharField(max_length=200, blank=True)
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="invitations")
    rank = models.CharField(max_length=100, blank=True)
    position = models.CharField(max_length=200, blank=True)
    makes_administrator = models.BooleanField(default=False)
    stream = models.UUIDField(null=True, db_index=True)
    role = models.CharField(max_length=16, blank=True)
    role_starts_at = models.DateTimeField(null=True)
    role_ends_at = models.DateTimeField(null=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="invitations")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """Order and bounds."""

        ordering: ClassVar = ["-made_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=list(INVITATION_KINDS)), name="invitation_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(user__isnull=False),
                name="invitation_accepted",
            ),
        ]

    def __str__(self) -> str:
        """Returns what it is, for logs; neither the address nor the link."""
        return f"invitation {self.id}"

    def is_open(self, at: datetime) -> bool:
        """True while the link works."""
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at
