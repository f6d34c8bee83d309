# SPDX-License-Identifier: Apache-2.0
"""What people do with alarms: raise by hand, acknowledge, put on the shelf and back, clear."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer, require_same
from hamkor.alarms.commands.sending import (
    get_alarms,
    require_operator,
    require_reason,
    require_sender,
)
from hamkor.alarms.facts import (
    ALARM_ACKNOWLEDGED,
    ALARM_CLEARED,
    ALARM_RULE,
    ALARM_SHELVED,
    ALARM_UNSHELVED,
    AlarmAcknowledged,
    AlarmCleared,
    AlarmShelved,
    AlarmUnshelved,
)
from hamkor.alarms.rules.alarms import MEASURED, WATCHED, WORDS_MAX, Alarm, AlarmError, Priority
from hamkor.alarms.rules.defaults import MANUAL
from hamkor.alarms.rules.profiles import alarm_profile
from hamkor.alarms.rules.raising import Raising, Seen
from hamkor.alarms.rules.validating import TITLE_MAX
from hamkor.common.messages import N_
from hamkor.discussions.rules import clean_reason, clean_text
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.rules.places import Place, clean_place
from hamkor.operation.rules.system import is_system


def raise_manual(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    title: str | None = None,
    place: Place | None = None,
    priority: Priority | None = None,
    words: str | None = None,
    rule: str = MANUAL,
) -> Result:
    """Raises an alarm by hand; its id is the command's id.

    Args:
        store: Where the journal is kept.
        envelope: Who raises it, when.
        viewer: The same person with their rights: to report incidents.
        title: What has happened; the title of the rule when None.
        place: Where, or None.
        priority: 1 critical to 4 low; that of the rule when None.
        words: More about it, or None.
        rule: A rule of the sort ``manual``, such as an agreed sign of the plan.

    Raises:
        NotAllowedError: ``not-allowed``.
        AlarmError: ``alarm-untitled``, ``alarm-priority-wrong``, ``alarm-rule-absent`` or ``alarm-rule-off``.
        PlaceError: A code of `require_place`.
        TextUnusableError: ``text-too-long``.
    """
    require_sender(envelope, viewer, "report_incident")
    said = clean_text(title, most=TITLE_MAX) if title and title.strip() else None
    told = clean_text(words, most=WORDS_MAX) if words and words.strip() else None
    _require_priority(priority)
    if rule == MANUAL and said is None:
        raise AlarmError("alarm-untitled", N_("Say in a few words what has happened."))
    alarm_id = str(envelope.command_id)

    def decide(documents: Documents) -> list[Fact[Any]]:
        _require_manual(documents, rule)
        agency = None if rule != MANUAL else viewer.agency
        turn = Raising(documents, envelope.at)
        turn.see(
            Seen(
                rule=rule,
                subject_kind="event",
                subject=alarm_id,
                place=clean_place(documents, place),
                words=told,
                values={"id": alarm_id, "title": said, "priority": priority, "agency": agency},
            )
        )
        return turn.facts

    sent = [said, msgspec.to_builtins(place), priority, told, rule]
    return perform(store, envelope, decide, content=["raise_manual", *sent])


def acknowledge(store: Store, envelope: Envelope, *, viewer: Viewer, alarm_ids: Sequence[str]) -> Result:
    """Says that alarms were heard and are taken on; those somebody else was quicker with stay as they are.

    Args:
        store: Where the journal is kept.
        envelope: Who, when.
        viewer: The same person with their rights: to work at the console, or for the agency that acts.
        alarm_ids: Which alarms.

    Raises:
        NotAllowedError: ``not-allowed``.
        AlarmError: ``alarm-absent``, ``alarm-not-yours`` or ``alarms-too-many``.
    """
    require_operator(envelope, viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        at = in_utc(envelope.at)
        return [
            ALARM_ACKNOWLEDGED(AlarmAcknowledged(id=alarm.id, at=at, by=envelope.by))
            for alarm in get_alarms(documents, alarm_ids, viewer=viewer)
            if alarm.state in ("unacknowledged", "returned")
        ]

    return perform(store, envelope, decide, content=["acknowledge", list(alarm_ids)])


def shelve(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    alarm_ids: Sequence[str],
    minutes: float,
    reason: str,
) -> Result:
    """Puts alarms out of sight for a time, for a reason; then those whose condition holds are new again.

    Args:
        store: Where the journal is kept.
        envelope: Who, when.
        viewer: The same person with their rights: to work at the console, or for the agency that acts.
        alarm_ids: Which alarms.
        minutes: For how long; the longest time follows the priority, ten minutes for critical ones.
        reason: Why.

    Raises:
        NotAllowedError: ``not-allowed``.
        AlarmError: ``alarm-absent``, ``alarm-not-yours``, ``alarms-too-many``, ``alarm-over``, ``shelf-time-wrong``,
            ``shelf-too-long`` or ``reason-missing``.
        TextUnusableError: ``text-too-long``.
    """
    require_operator(envelope, viewer)
    why = require_reason(reason)
    if not 0 < minutes <= 1440:
        raise AlarmError("shelf-time-wrong", N_("Say for how many minutes, from 1 on."))

    def decide(documents: Documents) -> list[Fact[Any]]:
        at = in_utc(envelope.at)
        until = at + timedelta(minutes=minutes)
        alarms = get_alarms(documents, alarm_ids, viewer=viewer)
        for alarm in alarms:
            _require_shelvable(alarm, minutes)
        return [
            ALARM_SHELVED(AlarmShelved(id=alarm.id, at=at, by=envelope.by, until=until, reason=why))
            for alarm in alarms
        ]

    return perform(store, envelope, decide, content=["shelve", list(alarm_ids), minutes, why])


def unshelve(store: Store, envelope: Envelope, *, viewer: Viewer, alarm_ids: Sequence[str]) -> Result:
    """Takes alarms from the shelf: new while their condition holds, else over.

    Args:
        store: Where the journal is kept.
        envelope: Who, when.
        viewer: The same person as for `shelve`; or the server, for those whose time is over.
        alarm_ids: Which alarms; those that are not on the shelf stay as they are.

    Raises:
        NotAllowedError: ``not-allowed``.
        AlarmError: ``alarm-absent``, ``alarm-not-yours`` or ``alarms-too-many``.
    """
    by_server = is_system(viewer)
    if by_server:
        require_same(envelope, viewer)
    else:
        require_operator(envelope, viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        at = in_utc(envelope.at)
        alarms = get_alarms(documents, alarm_ids, viewer=None if by_server else viewer)
        return [
            ALARM_UNSHELVED(AlarmUnshelved(id=alarm.id, at=at, by=envelope.by))
            for alarm in alarms
            if alarm.shelved_until is not None and (not by_server or alarm.shelved_until <= at)
        ]

    return perform(store, envelope, decide, content=["unshelve", list(alarm_ids)])


def clear_alarm(
    store: Store, envelope: Envelope, *, viewer: Viewer, alarm_id: str, reason: str | None = None
) -> Result:
    """Says that an alarm is over.

    Args:
        store: Where the journal is kept.
        envelope: Who, when.
        viewer: The same person with their rights: to work at the console, or for the agency that acts.
        alarm_id: Which alarm; one that is over already stays so.
        reason: Why; needed while nothing else says that its condition is gone.

    Raises:
        NotAllowedError: ``not-allowed``.
        AlarmError: ``alarm-absent``, ``alarm-not-yours``, ``reason-missing``; or ``alarm-still-active``, while readings
            of the last two minutes say that the condition holds.
        TextUnusableError: ``text-too-long``.
    """
    require_operator(envelope, viewer)
    why = clean_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        (alarm,) = get_alarms(documents, [alarm_id], viewer=viewer)
        if not alarm.is_open:
            return []
        at = in_utc(envelope.at)
        if alarm.is_active and alarm.sort in MEASURED:
            age_s = (at - alarm.last_at).total_seconds()
            if age_s <= alarm_profile().fresh_s:
                template = N_(
                    "Alarm {number} still holds by the last reading. Acknowledge it, or shelve it with a reason."
                )
                raise AlarmError("alarm-still-active", template, number=alarm.number)
        if alarm.is_active and alarm.sort in MEASURED | WATCHED:
            require_reason(why)
        return [ALARM_CLEARED(AlarmCleared(id=alarm.id, at=at, by=envelope.by, reason=why))]

    return perform(store, envelope, decide, content=["clear_alarm", alarm_id, why])


def _require_manual(documents: Documents, rule: str) -> None:
    if rule == MANUAL:
        return
    found = documents.get(ALARM_RULE, rule)
    if found is None or found.sort != "manual":
        template = N_("There is no rule of alarms by the name “{rule}”. Load the page again.")
        raise AlarmError("alarm-rule-absent", template, rule=rule)
    if not found.enabled:
        template = N_("The rule “{rule}” is switched off. Raise the alarm in your own words.")
        raise AlarmError("alarm-rule-off", template, rule=rule)


def _require_priority(priority: int | None) -> None:
    if priority is not None and priority not in (1, 2, 3, 4):
        template = N_("The priority is 1 (critical), 2 (high), 3 (medium) or 4 (low).")
        raise AlarmError("alarm-priority-wrong", template)


def _require_shelvable(alarm: Alarm, minutes: float) -> None:
    if not alarm.is_open:
        raise AlarmError("alarm-over", N_("Alarm {number} is over already."), number=alarm.number)
    most = alarm_profile().shelf_minutes[alarm.priority]
    if minutes > most:
        template = N_(
            "Alarm {number} may be on the shelf for {most} minutes at most. Choose a shorter time; it can be "
            "shelved again."
        )
        raise AlarmError("shelf-too-long", template, number=alarm.number, most=most)
