# SPDX-License-Identifier: Apache-2.0
"""Reads of what-if runs: those of an event, one of them with its answer, those taken into the record."""

from __future__ import annotations

import zlib
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from hamkor.agencies.rules import Viewer, may, require
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.journal.rules import Documents
from hamkor.plans.rules.plan import Plan
from hamkor.scenarios.facts import SCENARIO, Scenario
from hamkor.scenarios.models import ScenarioFile, ScenarioRun
from hamkor.scenarios.rules.answers import OPEN_STATES, Answer, Headline, RunState, revived, unpack
from hamkor.scenarios.rules.limits import TWO_CORES, Lane, RunLimits
from hamkor.scenarios.rules.options import DIRECTION_NAMES, Options
from hamkor.simulation.rules.layout import Direction


class ScenarioAbsentError(HamkorError):
    """There is no such run at this event."""

    def __init__(self) -> None:
        super().__init__(
            "scenario-absent", N_("This what-if run is not here any more. Look at the list of runs.")
        )


def find_beginnings(plan: Plan) -> dict[Direction, datetime]:
    """Returns when people begin to move in each direction by the plan, local time; those it does not say are missing.

    Args:
        plan: The plan.
    """
    from hamkor.simulation.queries import Parts, ask

    parts = Parts(features=(), event=plan.event, attendance=plan.attendance)
    found: dict[Direction, datetime] = {}
    for direction in DIRECTION_NAMES:
        with suppress(HamkorError):
            starts_at = ask(parts, direction=direction).starts_at
            if starts_at is not None:
                found[direction] = starts_at.astimezone(ZoneInfo(plan.event.time_zone))
    return found


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run as a list shows it.

    Args:
        id: Its id.
        stream: The event.
        number: Number of the entry of the journal whose plan it answers.
        inputs_hash: Hash of everything it is computed from.
        options: What was asked.
        lane: Where it waits.
        state: Where it stands.
        progress: How far it is, 0 to 1.
        by: Who asked.
        agency: For which agency.
        asked_at: When.
        begun_at: When a worker took it up.
        ended_at: When it was done, failed or was cancelled.
        fault: Why there is no answer.
        headline: The few numbers of its answer.
        is_silent: It waits or works, and no worker has been heard of for too long.
        ahead: How many runs of its lane wait before it.
    """

    id: UUID
    stream: UUID
    number: int
    inputs_hash: str
    options: Options
    lane: Lane
    state: RunState
    progress: float
    by: str
    agency: str
    asked_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    fault: Message | None
    headline: Headline
    is_silent: bool
    ahead: int

    @property
    def is_open(self) -> bool:
        """True while it waits or is at work."""
        return self.state in OPEN_STATES


def list_runs(
    viewer: Viewer, *, stream: UUID, now: datetime, limits: RunLimits = TWO_CORES
) -> tuple[Run, ...]:
    """Returns the runs of an event, the newest first.

    Args:
        viewer: Who reads.
        stream: The event.
        now: An aware moment, which decides who is silent.
        limits: What the installation takes on.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_plan")
    rows = list(ScenarioRun.objects.filter(stream=stream).defer("inputs", "outcome")[: limits.most_kept])
    waiting = _waiting() if any(row.state == "queued" for row in rows) else {}
    return tuple(_run(row, now=now, limits=limits, waiting=waiting) for row in rows)


def get_run(
    viewer: Viewer, *, stream: UUID, run_id: UUID, now: datetime, limits: RunLimits = TWO_CORES
) -> tuple[Run, Answer | None]:
    """Returns one run with its answer, None while there is none.

    Args:
        viewer: Who reads.
        stream: The event.
        run_id: Which run.
        now: An aware moment.
        limits: What the installation takes on.

    Raises:
        NotAllowedError: ``not-allowed``.
        ScenarioAbsentError: ``scenario-absent``.
    """
    require(viewer, "see_plan")
    row = ScenarioRun.objects.filter(stream=stream, pk=run_id).first()
    if row is None:
        raise ScenarioAbsentError
    return _run(row, now=now, limits=limits, waiting=_waiting()), _answer(row)


def read_file(viewer: Viewer, *, stream: UUID, run_id: UUID, name: str) -> bytes:
    """Returns a file a run made beside its numbers.

    Args:
        viewer: Who reads.
        stream: The event.
        run_id: Which run.
        name: Name of the file, such as ``replay.html``.

    Raises:
        NotAllowedError: ``not-allowed``.
        ScenarioAbsentError: ``scenario-absent``.
    """
    require(viewer, "export_plan")
    row = ScenarioFile.objects.filter(run_id=run_id, run__stream=stream, name=name).first()
    if row is None:
        raise ScenarioAbsentError
    return bytes(row.content)


def list_files(viewer: Viewer, *, stream: UUID, run_id: UUID) -> tuple[str, ...]:
    """Returns the names of the files a run made; none for who may not take them out."""
    if not may(viewer, "export_plan"):
        return ()
    rows = ScenarioFile.objects.filter(run_id=run_id, run__stream=stream).order_by("name")
    return tuple(rows.values_list("name", flat=True))


def list_adopted(viewer: Viewer, documents: Documents) -> tuple[Scenario, ...]:
    """Returns the results in the record of the event, in the order in which they were taken into it.

    Args:
        viewer: Who reads.
        documents: Documents of the event.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_plan")
    return tuple(documents.all(SCENARIO))


def may_run(viewer: Viewer) -> bool:
    """Returns True for who may ask: whoever may change the plan, or what concerns their agency."""
    return may(viewer, "edit_plan") or may(viewer, "edit_own")


def may_stop(viewer: Viewer, by: str) -> bool:
    """Returns True for who may cancel and remove a run: whoever asked for it, and who may close the plan.

    Args:
        viewer: Who.
        by: Who asked for the run.
    """
    return may_run(viewer) and (by == viewer.person or may(viewer, "finalise"))


def _waiting() -> dict[str, list[tuple[datetime, UUID]]]:
    """Returns what waits, by lane, in order: of all events, because they share one worker."""
    found: dict[str, list[tuple[datetime, UUID]]] = {}
    rows = ScenarioRun.objects.filter(state="queued").order_by("asked_at", "id")
    for lane, asked_at, pk in rows.values_list("lane", "asked_at", "pk"):
        found.setdefault(lane, []).append((asked_at, pk))
    return found


def _run(row: ScenarioRun, *, now: datetime, limits: RunLimits, waiting: dict[str, Any]) -> Run:
    queue = [pk for _, pk in waiting.get(row.lane, [])]
    heard_at = row.beat_at or row.asked_at
    is_first = row.state == "running" or (row.state == "queued" and queue[:1] == [row.pk])
    return Run(
        id=row.pk,
        stream=row.stream,
        number=row.number,
        inputs_hash=row.inputs_hash,
        options=msgspec.convert(row.options, Options),
        lane=msgspec.convert(row.lane, Lane),
        state=msgspec.convert(row.state, RunState),
        progress=row.progress,
        by=row.by,
        agency=row.agency,
        asked_at=row.asked_at,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        fault=revived(msgspec.convert(row.fault, Message)) if row.fault else None,
        headline=msgspec.convert(row.headline or {}, Headline),
        is_silent=is_first and now - heard_at > limits.silence,
        ahead=queue.index(row.pk) if row.pk in queue else 0,
    )


def _answer(row: ScenarioRun) -> Answer | None:
    if row.outcome is None:
        return None
    try:
        return unpack(bytes(row.outcome))
    except (msgspec.MsgspecError, zlib.error):
        # Kept by another version of the program: the question can be asked again.
        return None
