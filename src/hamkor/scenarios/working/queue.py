# SPDX-License-Identifier: Apache-2.0
"""The queue is the table of runs: claimed one by one, said to be alive every second, taken up again when lost."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Q

from hamkor.common.messages import N_, Message
from hamkor.scenarios.models import ScenarioFile, ScenarioRun
from hamkor.scenarios.rules.answers import Answer, headline_of, pack
from hamkor.scenarios.rules.limits import LANES, TWO_CORES, Lane, RunLimits

LOST = N_("The worker ended {times} times during this run. Ask for less at once, or tell the administrator.")
TOO_LONG = N_("The run took longer than {minutes} minutes and was ended. Ask for fewer people or fewer runs.")
BROKEN = N_(
    "The crowd engine ended without an answer. Ask again; if it happens again, tell the administrator."
)
TOO_LARGE = N_("The answer is larger than what is kept here. Ask for fewer runs.")


@contextmanager
def turn_of_machine(folder: Path, lane: Lane) -> Iterator[bool]:
    """Gives True to one process of this machine at a time; others get False at once and need not wait.

    Args:
        folder: A folder of this machine.
        lane: Each has a turn of its own.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / f"{lane}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)  # which ends the turn; so does the end of the process


def claim(lane: Lane, *, now: datetime, limits: RunLimits = TWO_CORES) -> ScenarioRun | None:
    """Returns the next run of a lane, marked as running; None when nothing waits.

    Args:
        lane: The lane.
        now: An aware moment.
        limits: What the installation takes on.

    Notes:
        A run whose worker has fallen silent is taken up again; begun too often, it is given up.
    """
    while True:
        with transaction.atomic():
            lost = Q(state="running") & (Q(beat_at__lt=now - limits.silence) | Q(beat_at=None))
            rows = ScenarioRun.objects.select_for_update(skip_locked=True).filter(lane=lane)
            row = rows.filter(Q(state="queued") | lost).order_by("asked_at", "id").first()
            if row is None:
                return None
            if row.attempts < limits.most_attempts:
                row.state, row.begun_at, row.beat_at, row.progress = "running", now, now, 0.0
                row.attempts += 1
                row.save(update_fields=["state", "begun_at", "beat_at", "progress", "attempts"])
                return row
            _close(row.pk, "failed", now=now, fault=Message(LOST, {"times": row.attempts}))


def beat(run_id: UUID, progress: float, *, now: datetime) -> bool:
    """Says that a run is alive and how far it is; returns False when nobody wants it any more."""
    rows = ScenarioRun.objects.filter(pk=run_id, state="running")
    return rows.update(progress=progress, beat_at=now) == 1


def put_back(run_id: UUID) -> None:
    """Puts a run back into the queue, as if it had not been begun: the worker ends, the run is not at fault."""
    row = ScenarioRun.objects.filter(pk=run_id, state="running").only("id", "attempts").first()
    if row is not None:
        ScenarioRun.objects.filter(pk=run_id, state="running").update(
            state="queued", progress=0.0, attempts=max(0, row.attempts - 1)
        )


def keep_answer(
    run_id: UUID,
    answer: Answer,
    *,
    files: dict[str, bytes],
    now: datetime,
    limits: RunLimits = TWO_CORES,
) -> None:
    """Keeps an answer with its files; nothing happens when the run was cancelled or removed meanwhile.

    Args:
        run_id: Which run.
        answer: What came back.
        files: By name; too large ones are left out.
        now: An aware moment.
        limits: What the installation takes on.
    """
    if answer.refusal is not None:
        _close(run_id, "failed", now=now, fault=answer.refusal, outcome=pack(answer))
        return
    packed = pack(answer)
    if len(packed) > limits.most_answer_bytes:
        give_up(run_id, Message(TOO_LARGE), now=now)
        return
    with transaction.atomic():
        if not _close(run_id, "done", now=now, outcome=packed, headline=headline_of(answer)):
            return
        ScenarioFile.objects.bulk_create(
            ScenarioFile(run_id=run_id, name=name[:60], content=content)
            for name, content in sorted(files.items())
            if len(content) <= limits.most_file_bytes
        )


def give_up(run_id: UUID, fault: Message, *, now: datetime) -> None:
    """Marks a run as failed and says why."""
    _close(run_id, "failed", now=now, fault=fault)


def list_waiting(*, now: datetime, limits: RunLimits = TWO_CORES) -> tuple[Lane, ...]:
    """Returns the lanes in which something waits or was lost."""
    lost = Q(state="running") & (Q(beat_at__lt=now - limits.silence) | Q(beat_at=None))
    found = set(
        ScenarioRun.objects.filter(Q(state="queued") | lost)
        .order_by()
        .values_list("lane", flat=True)
        .distinct()
    )
    return tuple(lane for lane in LANES if lane in found)


def _close(
    run_id: UUID,
    state: str,
    *,
    now: datetime,
    fault: Message | None = None,
    outcome: bytes | None = None,
    headline: msgspec.Struct | None = None,
) -> bool:
    """Ends a run that is running; returns False when it was ended otherwise."""
    changed = ScenarioRun.objects.filter(pk=run_id, state="running").update(
        state=state,
        ended_at=now,
        progress=1.0,
        fault=None if fault is None else msgspec.to_builtins(fault),
        outcome=outcome,
        headline=None if headline is None else msgspec.to_builtins(headline),
        inputs=None,
    )
    return changed == 1
