# SPDX-License-Identifier: Apache-2.0
"""Runs on their way from a question to an answer: drafts, not facts, which may be removed at any time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from django.db import models

from hamkor.common.ids import new_id
from hamkor.scenarios.rules.answers import STATES
from hamkor.scenarios.rules.limits import LANES


def fresh_id() -> UUID:
    """Returns a new id in the order of time."""
    return new_id(datetime.now(UTC))


class ScenarioRun(models.Model):
    """One question about a plan, worked off by the worker; the id is made by who asks, so that asking twice is once."""

    id = models.UUIDField(primary_key=True, default=fresh_id, editable=False)
    stream = models.UUIDField()
    number = models.BigIntegerField()
    inputs_hash = models.CharField(max_length=64)
    base_hash = models.CharField(max_length=64, blank=True)
    options = models.JSONField(default=dict)
    lane = models.CharField(max_length=8)
    state = models.CharField(max_length=12, default="queued")
    progress = models.FloatField(default=0.0)
    attempts = models.IntegerField(default=0)
    by = models.CharField(max_length=80)
    agency = models.CharField(max_length=8, blank=True)
    language = models.CharField(max_length=8, default="uz")
    title = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    fault = models.JSONField(null=True)
    headline = models.JSONField(null=True)
    inputs = models.BinaryField(null=True)
    outcome = models.BinaryField(null=True)

    class Meta:
        """The newest first; the queue is read by state, answers kept before by their hash."""

        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=list(STATES)), name="scenario_run_state"),
            models.CheckConstraint(condition=models.Q(lane__in=list(LANES)), name="scenario_run_lane"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "lane", "asked_at"], name="scenario_run_queue"),
            models.Index(fields=["stream", "asked_at"], name="scenario_run_of_event"),
            models.Index(fields=["inputs_hash", "state"], name="scenario_run_hash"),
            models.Index(fields=["base_hash", "state"], name="scenario_run_base"),
        ]

    def __str__(self) -> str:
        """Returns what it is, for logs."""
        return f"scenario {self.id} of {self.stream}: {self.state}"


class ScenarioFile(models.Model):
    """A file a run made beside its numbers, such as a replay; goes with its run."""

    run = models.ForeignKey(ScenarioRun, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=60)
    content = models.BinaryField()

    class Meta:
        """A run has a file of a name once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "name"], name="scenario_file_once")]

    def __str__(self) -> str:
        """Returns what it is, for logs."""
        return f"{self.name} of {self.run_id}"
