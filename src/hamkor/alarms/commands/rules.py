# SPDX-License-Identifier: Apache-2.0
"""Rules of alarms: taken from the plan, written by the coordinator, removed."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer
from hamkor.alarms.commands.sending import require_sender
from hamkor.alarms.facts import ALARM, ALARM_RULE
from hamkor.alarms.rules.alarms import AlarmError, AlarmRule
from hamkor.alarms.rules.planning import rules_of_plan
from hamkor.alarms.rules.profiles import DEFAULT_PROFILE, alarm_profile
from hamkor.alarms.rules.raising import Raising
from hamkor.alarms.rules.validating import require_rule
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, Removed
from hamkor.plans.queries import plan_of

RULES_MAX = 2000


def install_rules(
    store: Store, envelope: Envelope, *, viewer: Viewer, profile: str = DEFAULT_PROFILE
) -> Result:
    """Takes the rules from the plan as it stands; what a person wrote stays as it is.

    Args:
        store: Where the journal is kept.
        envelope: Who takes them, when.
        viewer: The same person with their rights: to change the rules of alarms.
        profile: Name of the profile for what the plan does not say.

    Raises:
        NotAllowedError: ``not-allowed``.
        UnknownAlarmProfileError: ``alarm-profile-unknown``.
        AlarmError: ``event-missing``.
    """
    require_sender(envelope, viewer, "edit_alarms")
    alarm_profile(profile)

    def decide(documents: Documents) -> list[Fact[Any]]:
        plan = plan_of(documents, {})
        if plan is None:
            raise AlarmError("event-missing", N_("This journal holds no event yet. Create it first."))
        recorded = {rule.id: rule for rule in documents.all(ALARM_RULE)}
        wanted = {rule.id: rule for rule in rules_of_plan(plan, profile)}
        turn = Raising(documents, envelope.at)
        facts: list[Fact[Any]] = []
        for rule in wanted.values():
            former = recorded.get(rule.id)
            if former is None or (former.origin != "person" and former != rule):
                facts += _recorded(turn, documents, former=former, rule=rule)
        for rule in recorded.values():
            if rule.origin != "person" and rule.id not in wanted:
                facts.append(ALARM_RULE.removed(Removed(id=rule.id)))
                turn.end_rule(rule.id)
        return [*facts, *turn.facts]

    return perform(store, envelope, decide, content=["install_rules", profile])


def set_rule(store: Store, envelope: Envelope, *, viewer: Viewer, rule: AlarmRule) -> Result:
    """Writes a rule, or writes it anew; from then on it is a person's and the plan does not replace it.

    Args:
        store: Where the journal is kept.
        envelope: Who writes it, when.
        viewer: The same person with their rights: to change the rules of alarms.
        rule: The rule; alarms it would not raise any more return.

    Raises:
        NotAllowedError: ``not-allowed``.
        AlarmError: A code of `require_rule`, ``rule-place-absent``, ``rule-contingency-absent`` or ``rules-too-many``.
    """
    require_sender(envelope, viewer, "edit_alarms")
    kept = require_rule(msgspec.structs.replace(rule, origin="person"))

    def decide(documents: Documents) -> list[Fact[Any]]:
        _require_named(documents, kept)
        former = documents.get(ALARM_RULE, kept.id)
        if former == kept:
            return []
        if former is None and len(documents.all(ALARM_RULE)) >= RULES_MAX:
            template = N_("There are {most} rules already. Remove one that is not needed.")
            raise AlarmError("rules-too-many", template, most=RULES_MAX)
        turn = Raising(documents, envelope.at)
        return [*_recorded(turn, documents, former=former, rule=kept), *turn.facts]

    return perform(store, envelope, decide, content=["set_rule", msgspec.to_builtins(kept)])


def remove_rule(store: Store, envelope: Envelope, *, viewer: Viewer, rule_id: str) -> Result:
    """Removes a rule; one of the defaults holds again as it was, so switch such a rule off instead.

    Args:
        store: Where the journal is kept.
        envelope: Who removes it, when.
        viewer: The same person with their rights: to change the rules of alarms.
        rule_id: Which rule; its alarms return.

    Raises:
        NotAllowedError: ``not-allowed``.
        AlarmError: ``alarm-rule-absent``.
    """
    require_sender(envelope, viewer, "edit_alarms")

    def decide(documents: Documents) -> list[Fact[Any]]:
        if documents.get(ALARM_RULE, rule_id) is None:
            template = N_("There is no rule of alarms by the name “{rule}”. Load the page again.")
            raise AlarmError("alarm-rule-absent", template, rule=rule_id)
        turn = Raising(documents, envelope.at)
        turn.end_rule(rule_id)
        return [ALARM_RULE.removed(Removed(id=rule_id)), *turn.facts]

    return perform(store, envelope, decide, content=["remove_rule", rule_id])


def _recorded(
    turn: Raising, documents: Documents, *, former: AlarmRule | None, rule: AlarmRule
) -> list[Fact[Any]]:
    """Returns the fact of a rule; conditions it does not look at any more are told to the turn as gone."""
    is_other = former is not None and (former.sort, former.measure) != (rule.sort, rule.measure)
    if is_other or not rule.enabled:
        turn.end_rule(rule.id)
    elif rule.places:
        places = set(rule.places)
        for alarm in documents.all(ALARM):
            where = {alarm.subject, alarm.place.feature if alarm.place else None}
            if alarm.is_open and alarm.rule == rule.id and not places & where:
                turn.miss(rule.id, subject_kind=alarm.subject_kind, subject=alarm.subject)
    return [ALARM_RULE.recorded(rule)]


def _require_named(documents: Documents, rule: AlarmRule) -> None:
    for place in rule.places:
        if place != "event" and documents.get("feature", place) is None:
            template = N_("“{place}” is not on the drawing of the venue. Choose a place that is.")
            raise AlarmError("rule-place-absent", template, place=place)
    if rule.contingency is not None and documents.get("contingency", rule.contingency) is None:
        template = N_("The plan has no contingency “{contingency}”. Choose one that it has.")
        raise AlarmError("rule-contingency-absent", template, contingency=rule.contingency)
