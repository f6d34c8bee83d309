# SPDX-License-Identifier: Apache-2.0
"""Reads of alarms: what is open, which rules hold, how many a person must bear, what the watch has to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

import msgspec

from hamkor.agencies.rules import Viewer, require
from hamkor.alarms.facts import ALARM, ALARM_RULE
from hamkor.alarms.rules.alarms import CRITICAL, Alarm, AlarmRule
from hamkor.alarms.rules.defaults import default_rules
from hamkor.alarms.rules.evaluating import Context, Evaluator, Sample, Trial, context_of_plan, try_rule
from hamkor.alarms.rules.profiles import DEFAULT_PROFILE, alarm_profile
from hamkor.journal.rules import Documents
from hamkor.plans.queries import plan_of

CHATTERING_MAX = 10
_ORDER = {"unacknowledged": 0, "returned": 1, "acknowledged": 2, "shelved": 3, "cleared": 4}


class PriorityShare(msgspec.Struct, frozen=True):
    """How many alarms, or rules, have a priority."""

    priority: int
    number: int
    share: float


class AlarmReport(msgspec.Struct, frozen=True, kw_only=True):
    """How alarms were distributed over a period, and whether a person could handle them.

    Args:
        raised: Alarms raised in the period.
        priorities: By priority, 1 to 4.
        rules: Rules that are switched on, by priority.
        per_h: Alarms per hour and handled_per_h what an operator can handle for long.
        handled_per_h: See `per_h`.
        most_in_10_min: Most alarms within ten minutes.
        floods: Periods of ten minutes with more than an operator can handle at all.
        flooded: Alarms that were shown in a group.
        acknowledged: Alarms somebody acknowledged.
        acknowledged_s: Median time until then, None without any.
        open_now: Alarms that are still open.
        shelved_now: Those of them on the shelf.
        chattering: Rules with the most alarms, with their number.
        is_critical_common: True when more than a sensible share is critical.
        is_too_many: True when there were more per hour than an operator can handle for long.
    """

    raised: int
    priorities: tuple[PriorityShare, ...]
    rules: tuple[PriorityShare, ...]
    per_h: float
    handled_per_h: float
    most_in_10_min: int
    floods: int
    flooded: int
    acknowledged: int
    acknowledged_s: float | None
    open_now: int
    shelved_now: int
    chattering: tuple[tuple[str, int], ...]
    is_critical_common: bool
    is_too_many: bool


def list_alarms(viewer: Viewer, documents: Documents, *, with_cleared: bool = False) -> tuple[Alarm, ...]:
    """Returns alarms as an operator needs them: new ones first, then by priority, then the oldest.

    Args:
        viewer: Who reads.
        documents: Documents of the event.
        with_cleared: True to have those that are over, too.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    found = [alarm for alarm in documents.all(ALARM) if with_cleared or alarm.is_open]
    found.sort(key=lambda alarm: (_ORDER[alarm.state], alarm.priority, alarm.raised_at))
    return tuple(found)


def list_rules(viewer: Viewer, documents: Documents) -> tuple[AlarmRule, ...]:
    """Returns the rules that hold, switched off ones too, the most urgent first.

    Args:
        viewer: Who reads.
        documents: Documents of the event.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    return tuple(sorted(rules_in_force(documents), key=lambda rule: (rule.priority, rule.sort, rule.id)))


def rules_in_force(documents: Documents) -> tuple[AlarmRule, ...]:
    """Returns the recorded rules and those defaults that are not among them; also the ones switched off.

    Args:
        documents: Documents of the event.
    """
    recorded = {rule.id: rule for rule in documents.all(ALARM_RULE)}
    return (*recorded.values(), *(rule for rule in default_rules() if rule.id not in recorded))


def get_context(
    documents: Documents,
    *,
    devices: Mapping[str, str | None] | None = None,
    counts: Mapping[str, float] | None = None,
) -> Context:
    """Returns the venue as an evaluator sees it; an empty one without a plan.

    Args:
        documents: Documents of the event.
        devices: Registered devices with their features.
        counts: People by zone now, ``event`` for all.
    """
    plan = plan_of(documents, {})
    if plan is None:
        return Context(devices=dict(devices or {}), counts=dict(counts or {}))
    return context_of_plan(plan, devices=dict(devices or {}), counts=dict(counts or {}))


def make_evaluator(
    documents: Documents,
    *,
    since: datetime,
    devices: Mapping[str, str | None] | None = None,
    counts: Mapping[str, float] | None = None,
) -> Evaluator:
    """Returns an evaluator with the rules, the venue and the open alarms of an event.

    Args:
        documents: Documents of the event.
        since: Now, aware.
        devices: Registered devices with their features; these must be heard.
        counts: People by zone now, ``event`` for all.

    Notes:
        After a restart nothing is raised twice: open alarms are taken over. Call `Evaluator.learn` with
        ``documents.all(ALARM)`` when alarms changed, and `Evaluator.replace` when rules, plan or devices did.
    """
    return Evaluator(
        rules_in_force(documents),
        get_context(documents, devices=devices, counts=counts),
        since=since.timestamp(),
        alarms=documents.all(ALARM),
    )


def try_on_past(
    viewer: Viewer,
    documents: Documents,
    rule: AlarmRule,
    *,
    samples: Iterable[Sample],
    devices: Mapping[str, str | None] | None = None,
) -> Trial:
    """Returns what a rule would have raised over readings of the past.

    Args:
        viewer: Who tries: with the right to change the rules of alarms.
        documents: Documents of the event, for the venue.
        rule: The rule as it would be written.
        samples: Readings, such as those of the past hour.
        devices: Registered devices with their features.

    Raises:
        NotAllowedError: ``not-allowed``.
        AlarmError: A code of `try_rule`.
    """
    require(viewer, "edit_alarms")
    return try_rule(rule, samples, context=get_context(documents, devices=devices))


def list_ended_shelves(documents: Documents, at: datetime) -> tuple[str, ...]:
    """Returns the ids of alarms whose time on the shelf is over: the watch takes them from it.

    Args:
        documents: Documents of the event.
        at: Now, aware.
    """
    return tuple(
        alarm.id
        for alarm in documents.all(ALARM)
        if alarm.state == "shelved" and alarm.shelved_until is not None and alarm.shelved_until <= at
    )


def report_alarms(viewer: Viewer, documents: Documents, *, since: datetime, until: datetime) -> AlarmReport:
    """Returns how alarms were distributed over a period, and whether a person could handle them.

    Args:
        viewer: Who reads.
        documents: Documents of the event.
        since: Beginning, aware.
        until: End, not in the period; less than an hour counts as an hour.

    Raises:
        NotAllowedError: ``not-allowed``.

    Source: EEMUA 191: about one alarm in ten minutes for long, a flood above ten in ten minutes, about 5 % critical.
    """
    require(viewer, "see_centre")
    numbers = alarm_profile(DEFAULT_PROFILE)
    alarms = [alarm for alarm in documents.all(ALARM) if since <= alarm.raised_at < until]
    waits = [
        (alarm.acknowledged_at - alarm.raised_at).total_seconds()
        for alarm in alarms
        if alarm.acknowledged_at is not None
    ]
    hours = max(1.0, (until - since).total_seconds() / 3600)
    window = timedelta(seconds=numbers.flood_window_s)
    most, floods = _peaks(sorted(alarm.raised_at for alarm in alarms), window, numbers.flood_alarms)
    enabled = [rule.priority for rule in rules_in_force(documents) if rule.enabled]
    critical = sum(alarm.priority == CRITICAL for alarm in alarms)
    return AlarmReport(
        raised=len(alarms),
        priorities=_shares([alarm.priority for alarm in alarms]),
        rules=_shares(enabled),
        per_h=len(alarms) / hours,
        handled_per_h=numbers.handled_per_h,
        most_in_10_min=most,
        floods=floods,
        flooded=sum(alarm.flooded for alarm in alarms),
        acknowledged=len(waits),
        acknowledged_s=median(waits) if waits else None,
        open_now=sum(alarm.is_open for alarm in alarms),
        shelved_now=sum(alarm.state == "shelved" for alarm in alarms),
        chattering=tuple(Counter(alarm.rule for alarm in alarms).most_common(CHATTERING_MAX)),
        is_critical_common=critical > max(1.0, numbers.critical_share_max * len(alarms)),
        is_too_many=len(alarms) / hours > numbers.handled_per_h,
    )


def _shares(priorities: Sequence[int]) -> tuple[PriorityShare, ...]:
    counts, total = Counter(priorities), max(1, len(priorities))
    return tuple(PriorityShare(each, counts[each], counts[each] / total) for each in (1, 2, 3, 4))


def _peaks(moments: Sequence[datetime], window: timedelta, handled: int) -> tuple[int, int]:
    """Returns the most moments within a window, and how many windows one after the other hold too many."""
    most = start = floods = 0
    flood_ends: datetime | None = None
    for end, moment in enumerate(moments):
        while moments[start] <= moment - window:
            start += 1
        within = end - start + 1
        most = max(most, within)
        if within > handled and (flood_ends is None or moment >= flood_ends):
            floods += 1
            flood_ends = moment + window
    return most, floods
