# SPDX-License-Identifier: Apache-2.0
"""Work by the clock is known to the worker and does what it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from hamkor.config import tasks


def test_the_worker_knows_its_work_and_when_it_is_due() -> None:
    due = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    assert {"hamkor.config.tasks.clear_sessions", "hamkor.config.tasks.clear_jobs"} <= due


def test_only_sessions_that_ended_are_removed(db: None) -> None:
    now = datetime.now(UTC)
    for key, age in (("old", timedelta(days=-1)), ("new", timedelta(days=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=now + age)
    tasks.clear_sessions(0)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
