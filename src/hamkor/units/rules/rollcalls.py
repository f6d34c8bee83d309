# SPDX-License-Identifier: Apache-2.0
"""Roll calls: is everybody who was sent accounted for?"""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.messages import N_
from hamkor.operation.rules.system import At, PersonRef
from hamkor.units.rules.units import PEOPLE_MAX, Unit, UnitError

Answer = Literal["ok", "help", "missing"]
# How long a roll call waits unless somebody says otherwise. Ours (decision 0007): a radio net of twenty units.
MINUTES_USUAL = 5.0
MINUTES_MOST = 24 * 60.0


class Scope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Whom a roll call asks; nothing given is everybody in service.

    Args:
        agencies: Only units of these parties.
        incident: Only units sent to this incident.
        units: Only these units.
    """

    agencies: tuple[AgencyCode, ...] = ()
    incident: str | None = None
    units: tuple[str, ...] = ()


class RollCall(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A roll call with its answers.

    Args:
        id: Id of the command that started it.
        asked_at: When.
        by: Who asks.
        scope: Whom it asks.
        units: Ids of the units asked.
        deadline_at: Until when they are to answer.
        answers: What each unit said last; `missing`: somebody of it is not accounted for.
        present: How many people each unit counted, where it said so.
        words: What it added.
        answered_at: When it answered.
        overdue_at: When the server noticed that somebody had not answered in time, or None.
        ended_at: When it was ended, or None.
        ended_by: By whom.
        end_reason: Why it was ended although answers were missing, or None.
    """

    id: str
    asked_at: At
    by: PersonRef
    scope: Scope = Scope()
    units: tuple[str, ...]
    deadline_at: At
    answers: dict[str, Answer] = {}
    present: dict[str, Annotated[int, Meta(ge=0, le=PEOPLE_MAX)]] = {}
    words: dict[str, str] = {}
    answered_at: dict[str, At] = {}
    overdue_at: At | None = None
    ended_at: At | None = None
    ended_by: PersonRef | None = None
    end_reason: str | None = None

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Ids of the units that have not answered."""
        return tuple(unit for unit in self.units if unit not in self.answers)


class Accounted(msgspec.Struct, frozen=True, kw_only=True):
    """How many people a roll call found.

    Args:
        expected: People of all units asked.
        present: People counted; of a unit that said `ok` without a number, all.
        unaccounted: Expected and not counted, units without an answer included.
        unanswered: Ids of the units without an answer.
        in_need: Ids of the units that said `help` or `missing`.
    """

    expected: int
    present: int
    unaccounted: int
    unanswered: tuple[str, ...]
    in_need: tuple[str, ...]


def units_asked(units: Iterable[Unit], scope: Scope) -> tuple[str, ...]:
    """Returns the ids of the units a roll call asks: those in its scope that are in service.

    Args:
        units: All units.
        scope: Whom it asks.

    Raises:
        UnitError: ``roll-call-empty``, when there is nobody to ask.
    """
    found = tuple(
        unit.id
        for unit in units
        if unit.retired_at is None
        and unit.state != "off_duty"
        and (not scope.agencies or unit.agency in scope.agencies)
        and (scope.incident is None or unit.incident == scope.incident)
        and (not scope.units or unit.id in scope.units)
    )
    if not found:
        raise UnitError("roll-call-empty", N_("There is no unit in service to ask. Choose others."))
    return found


def accounted_of(roll_call: RollCall, units: Iterable[Unit]) -> Accounted:
    """Returns how many people a roll call found.

    Args:
        roll_call: The roll call.
        units: All units, for their sizes.
    """
    sizes = {unit.id: unit.size for unit in units}
    expected = sum(sizes.get(unit, 0) for unit in roll_call.units)
    present = sum(_counted(roll_call, unit, sizes.get(unit, 0)) for unit in roll_call.units)
    short = sum(
        max(0, sizes.get(unit, 0) - _counted(roll_call, unit, sizes.get(unit, 0))) for unit in roll_call.units
    )
    return Accounted(
        expected=expected,
        present=present,
        unaccounted=short,
        unanswered=roll_call.unanswered,
        in_need=tuple(unit for unit in roll_call.units if roll_call.answers.get(unit) in ("help", "missing")),
    )


def is_overdue(roll_call: RollCall, at: datetime) -> bool:
    """True when somebody should have answered by now and nobody has noticed yet."""
    is_waiting = roll_call.ended_at is None and roll_call.overdue_at is None
    return is_waiting and at > roll_call.deadline_at and bool(roll_call.unanswered)


def _counted(roll_call: RollCall, unit: str, size: int) -> int:
    if unit in roll_call.present:
        return roll_call.present[unit]
    return size if roll_call.answers.get(unit) == "ok" else 0
