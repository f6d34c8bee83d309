# SPDX-License-Identifier: Apache-2.0
"""What the watch of the server writes down when it looks at the clock. Each looks again before it writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from hamkor.agencies.rules import Viewer, require_same
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, FactType, in_utc
from hamkor.operation.commands.sending import planning
from hamkor.operation.facts import JOBS_CALLED, JOBS_DELAYED, POSTS_SILENCED, Noticed
from hamkor.operation.rules.planned import newly_due, newly_overdue
from hamkor.operation.rules.posts import newly_silent
from hamkor.operation.rules.running import is_running
from hamkor.operation.rules.system import require_system

_Look = Callable[[Documents, datetime], tuple[str, ...]]


def plan_jobs(store: Store, envelope: Envelope, *, viewer: Viewer) -> Result:
    """Brings the recorded work in line with the plan as it is now; nothing while no operation is open.

    Raises:
        SystemOnlyError: ``not-allowed``.
    """
    require_same(envelope, viewer)
    require_system(viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        return list(planning(documents, envelope.at)) if is_running(documents) else []

    return perform(store, envelope, decide, content=["plan_jobs"])


def mark_due(store: Store, envelope: Envelope, *, viewer: Viewer, job_ids: Sequence[str]) -> Result:
    """Marks work as due, those of the ids for which that holds by now.

    Raises:
        SystemOnlyError: ``not-allowed``.
    """
    ids = list(job_ids)
    return _mark(store, envelope, viewer=viewer, ids=ids, look=newly_due, fact=JOBS_CALLED)


def mark_overdue(store: Store, envelope: Envelope, *, viewer: Viewer, job_ids: Sequence[str]) -> Result:
    """Marks work as overdue, those of the ids for which that holds by now.

    Raises:
        SystemOnlyError: ``not-allowed``.
    """
    ids = list(job_ids)
    return _mark(store, envelope, viewer=viewer, ids=ids, look=newly_overdue, fact=JOBS_DELAYED)


def mark_silent(store: Store, envelope: Envelope, *, viewer: Viewer, post_ids: Sequence[str]) -> Result:
    """Marks posts as silent, those of the ids for which that holds by now.

    Raises:
        SystemOnlyError: ``not-allowed``.
    """
    ids = list(post_ids)
    return _mark(store, envelope, viewer=viewer, ids=ids, look=newly_silent, fact=POSTS_SILENCED)


def _mark(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    ids: Sequence[str],
    look: _Look,
    fact: FactType[Noticed],
) -> Result:
    require_same(envelope, viewer)
    require_system(viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        if not is_running(documents):
            return []
        holds = set(look(documents, envelope.at))
        found = tuple(each for each in dict.fromkeys(ids) if each in holds)
        return [fact(Noticed(at=in_utc(envelope.at), ids=found))] if found else []

    return perform(store, envelope, decide, content=[fact.name, *ids])
