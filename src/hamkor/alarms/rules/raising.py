# SPDX-License-Identifier: Apache-2.0
"""Raising alarms and seeing them return: one open alarm for each rule and subject, and none without an action.

Rooms above call `raised` and `returned` inside their own commands, so that a report and its alarm stand in one turn:

    facts += raised(documents, "words", subject_kind="incident", subject=incident_id, at=at, place=place, words=found)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec

from hamkor.alarms.rules.alarms import (
    OPERATORS,
    SORTS,
    WORDS_MAX,
    Alarm,
    AlarmError,
    AlarmRule,
    Hearer,
    Key,
    SubjectKind,
)
from hamkor.alarms.rules.defaults import MANUAL, default_rule, default_rules
from hamkor.alarms.rules.flooding import Flood
from hamkor.alarms.rules.happenings import (
    ALARM,
    ALARM_RAISED,
    ALARM_RECURRED,
    ALARM_REPEATED,
    ALARM_RETURNED,
    ALARM_RULE,
    AlarmRaised,
    AlarmRecurred,
    AlarmRepeated,
    AlarmReturned,
    as_raised,
    as_recurred,
    as_repeated,
    as_returned,
)
from hamkor.alarms.rules.profiles import alarm_profile
from hamkor.common.messages import N_
from hamkor.journal.rules import Documents, Fact
from hamkor.operation.rules.places import Place

_NAMESPACE = UUID("0197a3c0-5b1e-7c44-8f0a-6a1d3b9c2e70")


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A condition that holds, for one rule and one subject.

    Args:
        rule: Id of a rule; or a sort, for the first enabled rule of that sort that is about the place.
        subject_kind: Kind of thing it is about.
        subject: Id of that thing.
        place: Where, or None.
        value: What was measured, or None.
        words: What was said or found, or None.
        count: How often it was seen since this was last said.
        to: Who must hear it besides the operators and the agency that acts: ``person:…``, ``post:…``, ``agency:…``.
        cause: Id of what led to it, or None.
        values: Fields of the alarm that differ from its rule: title, priority, contingency, action, agency.
    """

    rule: str
    subject_kind: SubjectKind
    subject: str
    place: Place | None = None
    value: float | None = None
    words: str | None = None
    count: int = 1
    to: tuple[str, ...] = ()
    cause: str | None = None
    values: dict[str, Any] = {}


class Raising:
    """Turns conditions that hold or are gone into facts, in one turn of a journal.

    Args:
        documents: The documents the turn begins with.
        at: Moment of the command, aware.

    Notes:
        What it returned before counts, so a condition that is told twice in one command raises one alarm.
    """

    def __init__(self, documents: Documents, at: datetime) -> None:
        self.at = at
        self.facts: list[Fact[Any]] = []
        self._documents = documents
        alarms = documents.all(ALARM)
        self._open: dict[Key, Alarm] = {alarm.key: alarm for alarm in alarms if alarm.is_open}
        self._number = max((alarm.number for alarm in alarms), default=0)
        self._flood = Flood(alarms, at)

    def see(self, seen: Seen) -> None:
        """Takes in a condition that holds: a new alarm, one that comes back, or one more of the same."""
        rule = find_rule(self._documents, seen.rule, seen.place)
        if rule is None:
            return
        known = self._open.get((rule.id, seen.subject_kind, seen.subject))
        if known is None:
            self._raise(rule, seen)
        elif not known.is_active or not set(seen.to) <= set(known.to):
            to = tuple(hearer for hearer in dict.fromkeys(seen.to) if hearer not in known.to)
            body = AlarmRecurred(id=known.id, at=self.at, value=seen.value, to=to)
            self._changed(ALARM_RECURRED(body), as_recurred(known, body))
        elif self.at - known.last_at >= timedelta(seconds=alarm_profile().repeat_s):
            again = AlarmRepeated(id=known.id, at=self.at, count=max(1, seen.count), value=seen.value)
            self._changed(ALARM_REPEATED(again), as_repeated(known, again))

    def miss(self, rule: str, *, subject_kind: SubjectKind, subject: str, value: float | None = None) -> None:
        """Takes in that a condition is gone; one no alarm is open for is none.

        Args:
            rule: Id of a rule, or a sort for all rules of that sort.
            subject_kind: Kind of thing it was about.
            subject: Id of that thing.
            value: What was measured, or None.
        """
        for known in list(self._open.values()):
            is_meant = rule in (known.rule, known.sort)
            if is_meant and known.key[1:] == (subject_kind, subject) and known.is_active:
                body = AlarmReturned(id=known.id, at=self.at, value=value)
                self._changed(ALARM_RETURNED(body), as_returned(known, body))

    def end_rule(self, rule_id: str) -> None:
        """Takes in that a rule is used no more: the conditions of its alarms are told as gone."""
        for known in list(self._open.values()):
            if known.rule == rule_id and known.is_active:
                body = AlarmReturned(id=known.id, at=self.at, reason="rule_ended")
                self._changed(ALARM_RETURNED(body), as_returned(known, body))

    def _raise(self, rule: AlarmRule, seen: Seen) -> None:
        self._number += 1
        values: dict[str, Any] = {
            "title": rule.title,
            "priority": rule.priority,
            "contingency": rule.contingency,
            "action": rule.action,
            "agency": rule.agency,
            **{name: value for name, value in seen.values.items() if value is not None},
        }
        to = hearers(values["agency"], seen.to)
        body = AlarmRaised(
            id=values.pop("id", None) or self._id_of(rule, seen),
            number=self._number,
            rule=rule.id,
            sort=rule.sort,
            subject_kind=seen.subject_kind,
            subject=seen.subject,
            place=seen.place,
            value=seen.value,
            limit=rule.limit,
            unit=rule.unit,
            words=None if seen.words is None else seen.words[:WORDS_MAX],
            at=self.at,
            to=to,
            flooded=rule.sort != "manual" and self._flood.take(values["priority"], to),
            cause=seen.cause,
            **values,
        )
        self._changed(ALARM_RAISED(body), as_raised(body))

    def _id_of(self, rule: AlarmRule, seen: Seen) -> str:
        name = [rule.id, seen.subject_kind, seen.subject, self.at.isoformat(), str(self._number)]
        return str(uuid5(_NAMESPACE, "\n".join(name)))

    def _changed(self, fact: Fact[Any], alarm: Alarm) -> None:
        self.facts.append(fact)
        if alarm.is_open:
            self._open[alarm.key] = alarm
        else:
            self._open.pop(alarm.key, None)


def raised(
    documents: Documents,
    rule: str,
    *,
    subject_kind: SubjectKind,
    subject: str,
    at: datetime,
    place: Place | None = None,
    words: str | None = None,
    to: Iterable[str] = (),
    **values: Any,
) -> list[Fact[Any]]:
    """Returns the facts of a condition that holds, for a command that has just found it out.

    Args:
        documents: The documents the command decides on.
        rule: Id of a rule, such as ``silent-order``; or a sort, such as ``silent_order``, for the first enabled rule
            of that sort about the place. Without recorded rules the defaults hold.
        subject_kind: Kind of thing it is about.
        subject: Id of that thing.
        at: Moment of the command.
        place: Where, or None.
        words: What was said or found, or None.
        to: Who must hear it besides the operators and the agency that acts: ``person:…``, ``post:…``, ``unit:…``,
            ``agency:…``. Somebody new makes an open alarm new again: this is how silence goes up the line.
        values: ``value``, what was measured; ``cause``, the id of what led to it; and what differs from the rule:
            ``title``, ``priority``, ``contingency``, ``action``, ``agency``.

    Returns:
        A new alarm; an open one come back or repeated; nothing when it was told less than a minute ago, or when the
        coordinator has switched the rule off.

    Raises:
        AlarmError: ``alarm-rule-absent``, for a word that is neither rule nor sort.
    """
    turn = Raising(documents, at)
    value, cause = values.pop("value", None), values.pop("cause", None)
    seen = Seen(
        rule=rule,
        subject_kind=subject_kind,
        subject=subject,
        place=place,
        value=value,
        words=words,
        to=tuple(to),
        cause=cause,
        values=values,
    )
    turn.see(seen)
    return turn.facts


def returned(
    documents: Documents, rule: str, *, subject_kind: SubjectKind, subject: str, at: datetime
) -> list[Fact[Any]]:
    """Returns the facts of a condition that is gone, such as an order that was answered at last.

    Args:
        documents: The documents the command decides on.
        rule: Id of a rule, or a sort for all rules of that sort.
        subject_kind: Kind of thing it was about.
        subject: Id of that thing.
        at: Moment of the command.

    Returns:
        Nothing when no alarm of it is open.
    """
    turn = Raising(documents, at)
    turn.miss(rule, subject_kind=subject_kind, subject=subject)
    return turn.facts


def find_rule(documents: Documents, rule: str, place: Place | None = None) -> AlarmRule | None:
    """Returns the rule by its id, or the first of a sort about a place; None when it is switched off.

    Args:
        documents: The documents.
        rule: Id of a rule, or a sort.
        place: Where; rules about other places are passed over.

    Raises:
        AlarmError: ``alarm-rule-absent``, for a word that is neither rule nor sort.
    """
    found = documents.get(ALARM_RULE, rule)
    if found is None and rule in SORTS:
        recorded = [each for each in documents.all(ALARM_RULE) if each.sort == rule]
        # A rule for some places beats one for all: somebody thought about that place.
        fitting = [each for each in recorded if each.enabled and _is_about(each, place)]
        fitting.sort(key=lambda each: not each.places)
        if recorded:
            return fitting[0] if fitting else None
        found = default_rule(rule)
    if found is None:
        found = next((each for each in default_rules() if each.id == rule), None)
    if found is None:
        template = N_("There is no rule of alarms by the name “{rule}”. Load the page again.")
        raise AlarmError("alarm-rule-absent", template, rule=rule)
    return found if found.enabled or found.id == MANUAL else None


def hearers(agency: str | None, more: Iterable[str] = ()) -> tuple[str, ...]:
    """Returns who must hear an alarm: the operators, the agency that acts, and others.

    Raises:
        ValueError: Somebody is named in a way no document can keep: a fault of the program.
    """
    acting = () if agency is None else (f"agency:{agency}",)
    named = tuple(dict.fromkeys((OPERATORS, *acting, *more)))
    msgspec.convert(named, tuple[Hearer, ...])
    return named


def _is_about(rule: AlarmRule, place: Place | None) -> bool:
    return not rule.places or (place is not None and place.feature in rule.places)
