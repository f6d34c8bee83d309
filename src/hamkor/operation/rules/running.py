# SPDX-License-Identifier: Apache-2.0
"""The operation itself: real or drill, open or closed, in which phase, by which clock."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, cast, get_args

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import Viewer, require
from hamkor.agencies.rules.rights import RIGHTS_OF_ROLE
from hamkor.common.messages import N_
from hamkor.journal.rules import Documents
from hamkor.operation.rules.acting import OperationError
from hamkor.operation.rules.system import At, PersonRef

OPERATION_ID: Final = "operation"
Mode = Literal["real", "drill"]
LivePhase = Literal["preparation", "ingress", "show", "egress", "after"]
LIVE_PHASES: tuple[LivePhase, ...] = get_args(LivePhase)
PHASE_NAMES: dict[LivePhase, str] = {
    "preparation": N_("preparation on site"),
    "ingress": N_("people come in"),
    "show": N_("show"),
    "egress": N_("people leave"),
    "after": N_("after the event"),
}
TITLE_MAX = 200
# Ours: slow enough to stop and talk, fast enough to play an evening in minutes; a clock that stands maps no moment.
RATE_LEAST = 0.1
RATE_MOST = 600.0
FAR_MOST = timedelta(days=20 * 365)
# A clock is set now and then by a controller; more is a fault of the sender.
SEGMENTS_MOST = 500


class ClockSegment(msgspec.Struct, frozen=True, kw_only=True):
    """From a real moment on, the event's clock shows another moment and runs at its own rate.

    Args:
        real_at: Real moment from which it counts.
        event_at: What the event's clock shows then.
        rate: Seconds of the event in one real second.
    """

    real_at: At
    event_at: At
    rate: Annotated[float, Meta(gt=0, le=RATE_MOST)] = 1.0


class ClockSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the event's clock of a drill is to show, from now on.

    Args:
        event_at: Moment of the event.
        rate: Seconds of the event in one real second.
    """

    event_at: At
    rate: float = 1.0


class Operation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The event while it runs; one per journal, opened again on another day.

    Args:
        id: ``operation``.
        mode: Real, or a drill.
        title: Scenario of a drill, or what the day is called, or None.
        state: Open or closed.
        phase: What the crowd does.
        phase_since: Since when.
        clock: How real moments stand to moments of the event; empty when they are the same.
        opened_at: When it was opened.
        opened_by: Who opened it.
        closed_at: When it was closed, or None.
        closed_by: Who closed it, or None.
        close_reason: Why, or None.
    """

    id: str = OPERATION_ID
    mode: Mode
    title: str | None = None
    state: Literal["open", "closed"] = "open"
    phase: LivePhase = "preparation"
    phase_since: At
    clock: tuple[ClockSegment, ...] = ()
    opened_at: At
    opened_by: PersonRef
    closed_at: At | None = None
    closed_by: PersonRef | None = None
    close_reason: str | None = None

    @property
    def is_drill(self) -> bool:
        """True when nothing of it is real."""
        return self.mode == "drill"


def operation_of(documents: Documents) -> Operation | None:
    """Returns the operation, open or closed, or None when none was ever opened."""
    return cast("Operation | None", documents.get("operation", OPERATION_ID))


def is_running(documents: Documents) -> bool:
    """True while an operation is open."""
    found = operation_of(documents)
    return found is not None and found.state == "open"


def watched_since(operation: Operation | None) -> datetime | None:
    """Returns since when the clock has run on without a jump: the opening, or the last time it was set."""
    if operation is None:
        return None
    return max([operation.opened_at, *(segment.real_at for segment in operation.clock)])


def require_running(documents: Documents) -> Operation:
    """Returns the operation that is open.

    Raises:
        OperationError: ``operation-not-open``.
    """
    found = operation_of(documents)
    if found is None or found.state != "open":
        template = N_("The operation is not open. The coordinator opens it; then this can be done.")
        raise OperationError("operation-not-open", template)
    return found


def require_running_it(viewer: Viewer, mode: Mode) -> None:
    """Returns when the person may open, close and turn an operation of this mode.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``drill-only``, for a controller of exercises in a real operation.
    """
    require(viewer, "run_operation")
    giving = {role for role in viewer.roles if "run_operation" in RIGHTS_OF_ROLE[role]}
    if mode != "drill" and giving == {"controller"}:
        template = N_("A controller of exercises runs drills only. The coordinator runs the real operation.")
        raise OperationError("drill-only", template)


def require_setting(setting: ClockSetting, at: datetime) -> None:
    """Returns when a clock can be set so at a real moment.

    Raises:
        OperationError: ``rate-impossible`` or ``clock-far``.
    """
    rate = setting.rate
    if not RATE_LEAST <= rate <= RATE_MOST:
        template = N_("The clock of a drill can run from {least} to {most} times as fast, not {rate} times.")
        raise OperationError("rate-impossible", template, least=RATE_LEAST, most=RATE_MOST, rate=str(rate))
    if setting.event_at.tzinfo is None or abs(setting.event_at - at) > FAR_MOST:
        template = N_("The clock of a drill shows a moment within {years} years of today. Set it again.")
        raise OperationError("clock-far", template, years=FAR_MOST.days // 365)
