# SPDX-License-Identifier: Apache-2.0
"""One run after another: its question into a folder, a process beside us, its answer into the table."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Q

from hamkor.common.messages import Message
from hamkor.scenarios.models import ScenarioRun
from hamkor.scenarios.rules.answers import OPEN_STATES, Answer, pack, unpack
from hamkor.scenarios.rules.limits import TWO_CORES, Lane, RunLimits
from hamkor.scenarios.working.beside import Ended, Pace, run_beside
from hamkor.scenarios.working.parcel import ANSWER, BASE, FILES, LABEL, QUESTION, Label
from hamkor.scenarios.working.queue import (
    BROKEN,
    TOO_LONG,
    beat,
    claim,
    give_up,
    keep_answer,
    put_back,
    turn_of_machine,
)


def folder_of_runs() -> Path:
    """Returns where runs at work keep what they need; nothing in it has to be backed up."""
    folder: Path = settings.ENVIRONMENT.data_dir / "scenarios"
    return folder


def work_off(lane: Lane, *, should_stop: Callable[[], bool], limits: RunLimits = TWO_CORES) -> int:
    """Answers what waits in a lane until nothing does, and returns how many runs were taken up.

    Args:
        lane: The lane; one process of a machine works it off.
        should_stop: True when the worker is about to end: the run at work is put back.
        limits: What the installation takes on.
    """
    taken = 0
    while not should_stop():
        with turn_of_machine(folder_of_runs(), lane) as is_ours:
            if not is_ours:
                return taken
            while not should_stop() and (row := claim(lane, now=_now(), limits=limits)) is not None:
                taken += 1
                _work_on(row, should_stop=should_stop, limits=limits)
        # Whoever asked between our last look and the end of our turn found it taken: look once more.
        if not ScenarioRun.objects.filter(lane=lane, state="queued").exists():
            break
    return taken


def clear_folders() -> int:
    """Removes the folders of runs that have ended; returns how many."""
    folders = [each for each in folder_of_runs().glob("*-*-*-*-*") if each.is_dir()]
    open_ids = {
        str(pk) for pk in ScenarioRun.objects.filter(state__in=OPEN_STATES).values_list("pk", flat=True)
    }
    gone = [each for each in folders if each.name not in open_ids]
    for each in gone:
        shutil.rmtree(each, ignore_errors=True)
    return len(gone)


def _work_on(row: ScenarioRun, *, should_stop: Callable[[], bool], limits: RunLimits) -> None:
    lane = msgspec.convert(row.lane, Lane)
    folder = folder_of_runs() / str(row.pk)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / ANSWER).unlink(missing_ok=True)
    content = zlib.decompress(bytes(row.inputs)) if row.inputs else b""
    (folder / QUESTION).write_bytes(content)
    (folder / LABEL).write_bytes(msgspec.json.encode(Label(language=row.language, title=row.title)))
    _bring_base(row, folder)
    pace = Pace(
        beat_s=limits.beat.total_seconds(),
        longest_s=limits.longest[lane].total_seconds(),
        nice=limits.nice[lane],
    )

    def look(progress: float) -> bool:
        return beat(row.pk, progress, now=_now()) and not should_stop()

    _settle(row.pk, run_beside(folder, pace, look=look), folder, limits=limits, pace=pace)


def _bring_base(row: ScenarioRun, folder: Path) -> None:
    """Puts the case the question is compared with beside it, when it was computed before."""
    if not row.base_hash:
        return
    done = ScenarioRun.objects.filter(stream=row.stream, state="done").only("inputs_hash", "outcome")
    known = done.filter(Q(inputs_hash=row.base_hash) | Q(base_hash=row.base_hash)).first()
    if known is None or known.outcome is None:
        return
    answer = unpack(bytes(known.outcome))
    base = answer.outcome if known.inputs_hash == row.base_hash else answer.base
    if base is not None:
        (folder / BASE).write_bytes(pack(Answer(outcome=base)))


def _settle(run_id: UUID, ended: Ended, folder: Path, *, limits: RunLimits, pace: Pace) -> None:
    """Keeps what came of a run; a folder of a run that was put back stays, so that it may go on."""
    if ended == "stopped":
        put_back(run_id)
        if ScenarioRun.objects.filter(pk=run_id, state__in=OPEN_STATES).exists():
            return
    elif ended == "answered":
        files = {
            each.name: each.read_bytes() for each in sorted((folder / FILES).glob("*")) if each.is_file()
        }
        keep_answer(run_id, unpack((folder / ANSWER).read_bytes()), files=files, now=_now(), limits=limits)
    else:
        minutes = round(pace.longest_s / 60)
        fault = Message(TOO_LONG, {"minutes": minutes}) if ended == "too_long" else Message(BROKEN)
        give_up(run_id, fault, now=_now())
    shutil.rmtree(folder, ignore_errors=True)


def _now() -> datetime:
    return datetime.now(UTC)
