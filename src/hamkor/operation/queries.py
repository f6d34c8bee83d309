# SPDX-License-Identifier: Apache-2.0
"""Reads of the running event: the operation, its work, posts, deviations, stops and shifts."""

from __future__ import annotations

from datetime import datetime

from hamkor.agencies.rules import Viewer, require
from hamkor.journal.queries import Store, list_documents
from hamkor.journal.rules import Documents
from hamkor.operation.facts import OPERATION
from hamkor.operation.rules.deviations import Deviation, deviations
from hamkor.operation.rules.handovers import IDS_MOST, Handover, HandoverSummary, recorded_handovers
from hamkor.operation.rules.jobs import Job
from hamkor.operation.rules.planned import jobs_of
from hamkor.operation.rules.posts import PostLine, posts_of
from hamkor.operation.rules.running import Operation, operation_of
from hamkor.operation.rules.runs import recorded_runs
from hamkor.operation.rules.stops import ShowStop, StopOption, recorded_stops, stop_options


def list_running(store: Store) -> tuple[str, ...]:
    """Returns the ids of the journals whose operation is open: for the server, which asks for no person."""
    return tuple(
        stream for stream, operation in list_documents(store, OPERATION) if operation.state == "open"
    )


def find_operation(viewer: Viewer, documents: Documents) -> Operation | None:
    """Returns the operation, open or closed, or None when none was ever opened.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    return operation_of(documents)


def list_jobs(viewer: Viewer, documents: Documents, at: datetime) -> tuple[Job, ...]:
    """Returns all work as it stands at a real moment, what is due first ahead.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    return jobs_of(documents, at)


def list_posts(viewer: Viewer, documents: Documents, at: datetime) -> tuple[PostLine, ...]:
    """Returns every post of the plan as it stands at a real moment.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    return posts_of(documents, at)


def list_deviations(viewer: Viewer, documents: Documents, at: datetime) -> tuple[Deviation, ...]:
    """Returns what is not as planned at a real moment, what is critical first.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    return deviations(documents, at)


def list_stops(viewer: Viewer, documents: Documents) -> tuple[ShowStop, ...]:
    """Returns the stops that were ordered, the oldest first, lifted ones too.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    return recorded_stops(documents)


def list_stop_options(viewer: Viewer, documents: Documents) -> tuple[StopOption, ...]:
    """Returns every authority to stop as the viewer may use it, with the reason where they may not.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    return stop_options(documents, viewer)


def list_handovers(viewer: Viewer, documents: Documents) -> tuple[Handover, ...]:
    """Returns the hand-overs of shifts, the oldest first.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    return recorded_handovers(documents)


def summarise_work(viewer: Viewer, documents: Documents, at: datetime) -> HandoverSummary:
    """Returns what a shift leaves behind of this room: open work, posts short of people, contingencies, stops.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    jobs = [job for job in jobs_of(documents, at) if job.state in ("due", "started") or job.overdue_since]
    open_jobs = [job for job in jobs if job.is_open]
    posts = posts_of(documents, at)
    return HandoverSummary(
        counts={
            "jobs_open": len(open_jobs),
            "jobs_overdue": sum(job.overdue_since is not None for job in open_jobs),
            "posts_due": sum(line.is_due for line in posts),
            "posts_short": sum(line.missing > 0 for line in posts),
            "posts_silent": sum(line.silent_since is not None for line in posts),
            "contingencies_running": sum(run.is_running for run in recorded_runs(documents)),
            "stops_standing": sum(stop.state != "lifted" for stop in recorded_stops(documents)),
        },
        jobs=tuple(job.id for job in open_jobs[:IDS_MOST]),
    )
