# SPDX-License-Identifier: Apache-2.0
"""Tables of the workspace: caches that may be emptied at any time, and who is where right now."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


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
