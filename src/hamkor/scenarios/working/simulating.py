# SPDX-License-Identifier: Apache-2.0
"""The one place where the crowd engine is asked: the question, then the case it is compared with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import Message
from hamkor.scenarios.rules.answers import Answer, unpack
from hamkor.scenarios.rules.options import Options, base_of, scenario_of
from hamkor.scenarios.rules.questions import Question
from hamkor.scenarios.working.parcel import BASE, CHECKPOINT, FILES, LABEL, Label
from hamkor.simulation.queries import Answer as Simulated
from hamkor.simulation.queries import DrawingUnusableError, Parts, ask, replay_of, run_scenario
from hamkor.simulation.rules.layout import Fault
from hamkor.simulation.rules.outcome import Outcome

Progress = Callable[[float], None]
REPLAY = "replay.html"


def answer_question(question: Question, *, folder: Path, on_progress: Progress) -> Answer:
    """Returns the answer to a question with the case it is compared with; a refusal is an answer, too.

    Args:
        question: The question.
        folder: Of this run: holds the other case when it was answered before, and what a run goes on from.
        on_progress: Is told the share of the work done, 0 to 1.
    """
    compared = base_of(question.options)
    known = _known_base(folder)
    needs_base = compared != question.options and known is None
    whole = 2.0 if needs_base else 1.0
    try:
        found = _run(question, question.options, folder / CHECKPOINT, lambda at: on_progress(at / whole))
    except DrawingUnusableError as error:
        return Answer(faults=_told(error), refusal=error.message)
    except HamkorError as error:
        return Answer(refusal=error.message)
    base = known
    if needs_base:
        base = _base(question, compared, folder, lambda at: on_progress((1.0 + at) / whole))
    _keep_replay(found, question, folder)
    on_progress(1.0)
    return Answer(
        outcome=found.outcome,
        base=base if compared != question.options else None,
        faults=found.layout.faults,
    )


def parts_of(question: Question) -> Parts:
    """Returns what the engine takes of a plan."""
    return Parts(
        features=question.features,
        event=question.event,
        attendance=question.attendance,
        unattended=frozenset(question.unattended),
    )


def _run(question: Question, options: Options, checkpoint: Path, on_progress: Progress) -> Simulated:
    parts, asked = parts_of(question), scenario_of(options)
    scenario = ask(
        parts,
        direction=asked.direction,
        method=asked.method,
        routing=asked.routing,
        changes=asked.changes,
        runs=asked.runs,
        seed=asked.seed,
        profile_id=asked.profile_id,
    )
    return run_scenario(
        parts,
        scenario,
        people=options.people,
        on_progress=on_progress,
        record=options.method == "micro",
        checkpoint=checkpoint if options.method == "micro" else None,
    )


def _base(question: Question, options: Options, folder: Path, on_progress: Progress) -> Outcome | None:
    """Returns the other case; None when it cannot be computed, which is no reason to withhold the answer."""
    try:
        return _run(question, options, folder / f"{CHECKPOINT}-{BASE}", on_progress).outcome
    except HamkorError:
        return None


def _keep_replay(found: Simulated, question: Question, folder: Path) -> None:
    """Leaves the interactive page of an answer beside it, for whoever wants to see it move."""
    path = folder / LABEL
    if not path.is_file():
        return
    label = msgspec.json.decode(path.read_bytes(), type=Label)
    page = replay_of(found, title=label.title, language=label.language, zone=question.event.time_zone)
    (folder / FILES / REPLAY).write_bytes(page)


def _known_base(folder: Path) -> Outcome | None:
    path = folder / BASE
    return unpack(path.read_bytes()).outcome if path.is_file() else None


def _told(error: DrawingUnusableError) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            code=fault.code,
            is_fatal=True,
            feature=fault.place.partition(" ")[0],
            says=fault.message.facts.get("says", fault.message),
            remedy=fault.message.facts.get("remedy", Message("–")),
        )
        for fault in error.faults
    )
