# SPDX-License-Identifier: Apache-2.0
"""The operation: opened, moved from phase to phase, closed; in a drill its clock is set."""

from __future__ import annotations

from typing import Any, get_args

import msgspec

from hamkor.agencies.rules import Viewer, require, require_same
from hamkor.common.messages import N_
from hamkor.discussions.rules import clean_reason, clean_text
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.commands.sending import planning, stamp
from hamkor.operation.facts import (
    CLOCK_SET,
    OPERATION_CLOSED,
    OPERATION_OPENED,
    PHASE_ENTERED,
    ClockSet,
    OperationOpened,
    PhaseEntered,
)
from hamkor.operation.rules.acting import OperationError
from hamkor.operation.rules.running import (
    LIVE_PHASES,
    OPERATION_ID,
    SEGMENTS_MOST,
    TITLE_MAX,
    ClockSegment,
    ClockSetting,
    LivePhase,
    Mode,
    operation_of,
    require_running,
    require_running_it,
    require_setting,
)
from hamkor.operation.rules.system import At


def open_operation(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    mode: Mode,
    title: str | None = None,
    clock: ClockSetting | None = None,
) -> Result:
    """Opens the operation, and makes the tasks and duties of the day into work.

    Args:
        store: Where the journal is kept.
        envelope: Who opens it, when.
        viewer: The same person with their rights.
        mode: Real, or a drill.
        title: Scenario of a drill, or what the day is called.
        clock: What the event's clock of a drill shows from now on; None when it shows what all clocks show.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``drill-only``, ``mode-unknown``, ``clock-real``, ``rate-impossible``, ``clock-far``,
            ``operation-open`` or ``drill-after-real``.
        TextUnusableError: ``text-too-long``.

    Notes:
        Check-ins of an earlier day go. After a drill all its work, stops and hand-overs go; the journal keeps them.
        Whether a drill was held never keeps the real operation from being opened.
    """
    require_same(envelope, viewer)
    require_running_it(viewer, mode)
    if mode not in get_args(Mode):
        raise OperationError("mode-unknown", N_("An operation is real or a drill. Choose one of the two."))
    cleaned = clean_text(title, most=TITLE_MAX) if title and title.strip() else None
    segments = () if clock is None else (_segment(envelope, clock, mode),)

    def decide(documents: Documents) -> list[Fact[Any]]:
        _require_openable(documents, mode)
        body = OperationOpened(
            at=in_utc(envelope.at), by=envelope.by, mode=mode, title=cleaned, clock=segments
        )
        opened = OPERATION_OPENED(body)
        after = documents.after([OPERATION_OPENED.evolve(documents, opened)])
        return [opened, *planning(after, envelope.at)]

    sent = [mode, cleaned, msgspec.to_builtins(clock)]
    return perform(store, envelope, decide, content=["open_operation", *sent])


def enter_phase(store: Store, envelope: Envelope, *, viewer: Viewer, phase: LivePhase) -> Result:
    """Says what the crowd does from now on; a phase may be gone back to.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``operation-not-open``, ``drill-only`` or ``phase-unknown``.
    """
    require_same(envelope, viewer)
    require(viewer, "run_operation")
    if phase not in LIVE_PHASES:
        template = N_("There is no phase “{phase}”. Choose one of those shown.")
        raise OperationError("phase-unknown", template, phase=str(phase))

    def decide(documents: Documents) -> list[Fact[Any]]:
        operation = require_running(documents)
        require_running_it(viewer, operation.mode)
        if operation.phase == phase:
            return []
        return [PHASE_ENTERED(PhaseEntered(at=in_utc(envelope.at), by=envelope.by, phase=phase))]

    return perform(store, envelope, decide, content=["enter_phase", phase])


def set_clock(store: Store, envelope: Envelope, *, viewer: Viewer, event_at: At, rate: float = 1.0) -> Result:
    """Sets the event's clock of a drill, from now on; planned work moves with it.

    Args:
        store: Where the journal is kept.
        envelope: Who sets it, when.
        viewer: The same person with their rights.
        event_at: Moment of the event it shows now, aware.
        rate: Seconds of the event in one real second.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``operation-not-open``, ``clock-real``, ``rate-impossible``, ``clock-far`` or
            ``clock-set-too-often``.
    """
    require_same(envelope, viewer)
    require(viewer, "run_operation")
    clock = ClockSetting(event_at=event_at, rate=rate)
    segment = _segment(envelope, clock, "drill")

    def decide(documents: Documents) -> list[Fact[Any]]:
        operation = require_running(documents)
        if not operation.is_drill:
            raise _clock_real()
        if len(operation.clock) >= SEGMENTS_MOST:
            template = N_("The clock was set {most} times in this drill. Close it and open another.")
            raise OperationError("clock-set-too-often", template, most=SEGMENTS_MOST)
        timed = CLOCK_SET(ClockSet(at=in_utc(envelope.at), by=envelope.by, segment=segment))
        after = documents.after([CLOCK_SET.evolve(documents, timed)])
        return [timed, *planning(after, envelope.at)]

    return perform(store, envelope, decide, content=["set_clock", msgspec.to_builtins(clock)])


def close_operation(store: Store, envelope: Envelope, *, viewer: Viewer, reason: str | None = None) -> Result:
    """Closes the operation; it can be opened again, for another day.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``operation-not-open`` or ``drill-only``.
        TextUnusableError: ``text-too-long``.
    """
    require_same(envelope, viewer)
    require(viewer, "run_operation")
    cleaned = clean_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        require_running_it(viewer, require_running(documents).mode)
        return [OPERATION_CLOSED(stamp(envelope, OPERATION_ID, cleaned))]

    return perform(store, envelope, decide, content=["close_operation", cleaned])


def _require_openable(documents: Documents, mode: Mode) -> None:
    before = operation_of(documents)
    if before is None:
        return
    if before.state == "open":
        raise OperationError("operation-open", N_("The operation is open already. Load the page again."))
    if mode == "drill" and not before.is_drill:
        template = N_("This event has had its real operation. Hold the drill in an event of its own.")
        raise OperationError("drill-after-real", template)


def _segment(envelope: Envelope, clock: ClockSetting, mode: Mode) -> ClockSegment:
    if mode != "drill":
        raise _clock_real()
    require_setting(clock, envelope.at)
    return ClockSegment(real_at=in_utc(envelope.at), event_at=in_utc(clock.event_at), rate=float(clock.rate))


def _clock_real() -> OperationError:
    template = N_("The clock of a real operation is the real clock. Only the clock of a drill can be set.")
    return OperationError("clock-real", template)
