# SPDX-License-Identifier: Apache-2.0
"""Roll calls: units are asked, answer, are missed, and the call is ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer, agencies_operated_by, may
from hamkor.alarms.rules.defaults import in_all_languages
from hamkor.alarms.rules.raising import Raising, Seen
from hamkor.common.messages import N_
from hamkor.discussions.rules import clean_reason
from hamkor.incidents.rules.changing import clean_optional
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.rules.system import require_system
from hamkor.units.commands.sending import get_roll_call, get_unit, require_sender
from hamkor.units.facts import (
    ROLL_CALL_ANSWERED,
    ROLL_CALL_ENDED,
    ROLL_CALL_MARKED_OVERDUE,
    ROLL_CALL_STARTED,
    UNIT,
    RollCallAnswered,
    RollCallEnded,
    RollCallMarkedOverdue,
    RollCallStarted,
)
from hamkor.units.rules import Answer, RollCall, Scope, Unit, UnitError
from hamkor.units.rules.permission import require_crew, require_crewing, require_own_units
from hamkor.units.rules.rollcalls import MINUTES_MOST, MINUTES_USUAL, is_overdue, units_asked
from hamkor.units.rules.units import PEOPLE_MAX, TASK_MAX


def start_roll_call(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    scope: Scope | Mapping[str, Any] | None = None,
    minutes: float = MINUTES_USUAL,
) -> Result:
    """Asks units whether everybody is accounted for; the id of the roll call is the command's id.

    Args:
        store: Where the journal is kept.
        envelope: Who asks, when.
        viewer: The same person with their rights: an operator; others ask units of their own agency only.
        scope: Whom; everybody in service when None.
        minutes: How long they have.

    Raises:
        NotAllowedError: ``not-allowed``.
        UnitError: ``unit-field-malformed``, ``unit-not-yours``, ``roll-call-empty`` or ``roll-call-time``.
    """
    require_sender(envelope, viewer)
    asked = _own_scope(_read_scope(scope), viewer)
    if not 0 < minutes <= MINUTES_MOST:
        template = N_("A roll call lasts from a moment to {most} minutes. Choose another time.")
        raise UnitError("roll-call-time", template, most=MINUTES_MOST)

    def decide(documents: Documents) -> list[Fact[Any]]:
        units = units_asked(documents.all(UNIT), asked)
        require_own_units(viewer, [get_unit(documents, unit) for unit in units])
        at = in_utc(envelope.at)
        body = RollCallStarted(
            id=str(envelope.command_id),
            at=at,
            by=envelope.by,
            scope=asked,
            units=units,
            deadline_at=at + timedelta(minutes=minutes),
        )
        return [ROLL_CALL_STARTED(body)]

    return perform(store, envelope, decide, content=["start_roll_call", msgspec.to_builtins(asked), minutes])


def answer_roll_call(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    roll_call_id: str,
    unit_id: str,
    answer: Answer,
    present: int | None = None,
    words: str | None = None,
) -> Result:
    """Writes down what a unit answers; a later answer replaces an earlier one.

    Args:
        store: Where the journal is kept.
        envelope: Who writes it down, when.
        viewer: The same person with their rights: an operator, or anybody of its agency who answers orders.
        roll_call_id: Which roll call.
        unit_id: Which unit.
        answer: `ok`; `help`, when it needs help; `missing`, when somebody of it is not accounted for. Both raise an
            alarm at once.
        present: How many people it counted.
        words: What it added.

    Raises:
        NotAllowedError: ``not-allowed``.
        UnitError: ``roll-call-absent``, ``roll-call-ended``, ``unit-absent``, ``unit-not-yours``,
            ``unit-not-asked`` or ``unit-field-malformed``.
        TextUnusableError: ``text-too-long``, for the words.
    """
    require_sender(envelope, viewer, require_crewing)
    if answer not in ("ok", "help", "missing") or (present is not None and not 0 <= present <= PEOPLE_MAX):
        template = N_("This cannot be written down: {fault}. Load the page again, then correct it.")
        raise UnitError("unit-field-malformed", template, fault=f"{answer} {present}")
    said = clean_optional(words, TASK_MAX)

    def decide(documents: Documents) -> list[Fact[Any]]:
        roll_call, unit = get_roll_call(documents, roll_call_id), get_unit(documents, unit_id)
        require_crew(viewer, unit)
        _require_running(roll_call)
        if unit.id not in roll_call.units:
            template = N_("{unit} was not asked in this roll call.")
            raise UnitError("unit-not-asked", template, unit=unit.call_sign)
        body = RollCallAnswered(
            id=roll_call.id,
            at=in_utc(envelope.at),
            by=envelope.by,
            unit=unit.id,
            answer=answer,
            present=present,
            words=said,
        )
        return [ROLL_CALL_ANSWERED(body), *_alarmed(documents, unit, body)]

    sent = [roll_call_id, unit_id, answer, present, said]
    return perform(store, envelope, decide, content=["answer_roll_call", *sent])


def end_roll_call(
    store: Store, envelope: Envelope, *, viewer: Viewer, roll_call_id: str, reason: str | None = None
) -> Result:
    """Ends a roll call.

    Raises:
        NotAllowedError: ``not-allowed``.
        UnitError: ``roll-call-absent``, ``unit-not-yours``, ``roll-call-ended``; ``roll-call-incomplete``, when
            somebody has not answered and no reason is given.
        TextUnusableError: ``text-too-long``, for the reason.
    """
    require_sender(envelope, viewer)
    why = clean_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        roll_call = get_roll_call(documents, roll_call_id)
        if roll_call.by != viewer.person:
            require_own_units(viewer, [get_unit(documents, unit) for unit in roll_call.units])
        _require_running(roll_call)
        if roll_call.unanswered and why is None:
            template = N_(
                "These have not answered: {units}. Ask them again, or say why you end the roll call."
            )
            names = [get_unit(documents, unit).call_sign for unit in roll_call.unanswered]
            raise UnitError("roll-call-incomplete", template, units=names)
        body = RollCallEnded(id=roll_call.id, at=in_utc(envelope.at), by=envelope.by, reason=why)
        return [ROLL_CALL_ENDED(body)]

    return perform(store, envelope, decide, content=["end_roll_call", roll_call_id, why])


def mark_unanswered(
    store: Store, envelope: Envelope, *, viewer: Viewer, roll_call_ids: Sequence[str]
) -> Result:
    """Notices that units did not answer a roll call in time, once for each, and raises an alarm for each unit.

    Args:
        store: Where the journal is kept.
        envelope: When; by the part of the server that looks at the clock.
        viewer: That part of the server.
        roll_call_ids: Which roll calls; those that are not late by then are left out.

    Raises:
        SystemOnlyError: ``not-allowed``.
    """
    require_sender(envelope, viewer, require_system)

    def decide(documents: Documents) -> list[Fact[Any]]:
        at = in_utc(envelope.at)
        turn, facts = Raising(documents, at), []
        for roll_call_id in dict.fromkeys(roll_call_ids):
            roll_call = get_roll_call(documents, roll_call_id)
            if not is_overdue(roll_call, at):
                continue
            late = roll_call.unanswered
            facts.append(
                ROLL_CALL_MARKED_OVERDUE(RollCallMarkedOverdue(id=roll_call.id, at=at, unanswered=late))
            )
            for unit_id in late:
                turn.see(_unanswered(get_unit(documents, unit_id), roll_call))
        return [*facts, *turn.facts]

    return perform(store, envelope, decide, content=["mark_unanswered", list(roll_call_ids)])


def _read_scope(scope: Scope | Mapping[str, Any] | None) -> Scope:
    try:
        return msgspec.convert(msgspec.to_builtins(scope or Scope()), Scope)
    except (msgspec.ValidationError, TypeError, RecursionError) as error:
        template = N_("This cannot be written down: {fault}. Load the page again, then correct it.")
        raise UnitError("unit-field-malformed", template, fault=str(error)) from None


def _own_scope(scope: Scope, viewer: Viewer) -> Scope:
    """Returns the scope, for who acts for agencies only narrowed to these unless it names others."""
    if may(viewer, "operate") or scope != Scope(incident=scope.incident):
        return scope
    return msgspec.structs.replace(scope, agencies=tuple(sorted(agencies_operated_by(viewer))))


def _require_running(roll_call: RollCall) -> None:
    if roll_call.ended_at is not None:
        raise UnitError("roll-call-ended", N_("This roll call was ended. Start a new one."))


def _alarmed(documents: Documents, unit: Unit, body: RollCallAnswered) -> list[Fact[Any]]:
    """Returns the alarm of an answer that needs somebody at once, or the end of that a unit had not answered."""
    turn = Raising(documents, body.at)
    turn.miss("silent_order", subject_kind="unit", subject=unit.id)
    if body.answer == "ok":
        return turn.facts
    titles = {
        "help": in_all_languages(N_("A unit needs help: {unit}"), unit=unit.call_sign),
        "missing": in_all_languages(N_("Somebody is not accounted for: {unit}"), unit=unit.call_sign),
    }
    action = in_all_languages(N_("Call the unit, send the nearest one, tell its agency."))
    values = {"title": titles[body.answer], "priority": 1, "action": action, "agency": unit.agency}
    turn.see(
        Seen(
            rule="manual",
            subject_kind="unit",
            subject=unit.id,
            place=unit.last_place,
            words=body.words,
            cause=body.id,
            values=values,
        )
    )
    return turn.facts


def _unanswered(unit: Unit, roll_call: RollCall) -> Seen:
    title = in_all_languages(N_("No answer to the roll call: {unit}"), unit=unit.call_sign)
    action = in_all_languages(N_("Call the unit on every channel, then send somebody to where it was last."))
    return Seen(
        rule="silent_order",
        subject_kind="unit",
        subject=unit.id,
        place=unit.last_place,
        to=(roll_call.by,),
        cause=roll_call.id,
        values={"title": title, "priority": 1, "action": action, "agency": unit.agency},
    )
