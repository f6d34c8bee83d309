# SPDX-License-Identifier: Apache-2.0
"""Trying a rule against readings of the past before it goes live."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from hamkor.alarms.rules.alarms import MEASURED, AlarmError, AlarmRule, Key, SubjectKind
from hamkor.alarms.rules.evaluating.context import Context
from hamkor.alarms.rules.evaluating.evaluator import Evaluator
from hamkor.alarms.rules.evaluating.signals import Clear, Raise, Sample, Signal
from hamkor.alarms.rules.profiles import DEFAULT_PROFILE, alarm_profile
from hamkor.alarms.rules.validating import require_rule
from hamkor.common.messages import N_

TRIED = MEASURED | {"button"}
EPISODES_MAX = 500
_TICK_S = 1.0


class Episode(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One alarm a rule would have raised.

    Args:
        subject_kind: Kind of thing it would have been about.
        subject: Its id.
        raised_at: When it would have been raised.
        cleared_at: When its condition went; None while it still held at the end.
        value: What was measured when it would have been raised.
    """

    subject_kind: SubjectKind
    subject: str
    raised_at: datetime
    cleared_at: datetime | None = None
    value: float | None = None


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule would have done.

    Args:
        episodes: The alarms it would have raised, the first ones when there are too many to list.
        raised: How many in all.
        from_at: First reading, None without any.
        until_at: Last reading.
        samples: Readings looked at.
        per_h: Alarms per hour.
        handled_per_h: Alarms per hour an operator can handle, of all rules together.
        most_in_10_min: Most alarms within ten minutes.
        is_too_often: True when this rule alone would be more than an operator can handle.
    """

    episodes: tuple[Episode, ...] = ()
    raised: int = 0
    from_at: datetime | None = None
    until_at: datetime | None = None
    samples: int = 0
    per_h: float = 0.0
    handled_per_h: float
    most_in_10_min: int = 0
    is_too_often: bool = False


def try_rule(
    rule: AlarmRule,
    samples: Iterable[Sample],
    *,
    context: Context | None = None,
    profile: str = DEFAULT_PROFILE,
) -> Trial:
    """Returns what a rule would have raised over readings of the past, and whether that is too often.

    Args:
        rule: The rule; it is judged as if it were switched on.
        samples: Readings, in any order; those of other measures do no harm.
        context: The venue; needed for rules about capacities, ways and zones.
        profile: Name of the profile with the rate an operator can handle.

    Raises:
        AlarmError: ``rule-not-tried``, for a sort that looks at documents and not at readings; or a code of
            `require_rule`.

    Notes:
        Less than an hour of readings is counted as an hour: a rule is not too often because one alarm fell into the
        only minute there is.
    """
    judged = require_rule(rule)
    if rule.sort not in TRIED:
        template = N_(
            "This rule looks at reports, posts or orders, not at readings: it cannot be tried on them."
        )
        raise AlarmError("rule-not-tried", template, sort=rule.sort)
    numbers = alarm_profile(profile)
    ordered = sorted(samples, key=lambda sample: sample[4])
    if not ordered:
        return Trial(handled_per_h=numbers.handled_per_h)
    first, last = ordered[0][4], ordered[-1][4]
    tried = msgspec.structs.replace(judged, enabled=True)
    evaluator = Evaluator([tried], context or Context(), since=first, profile=profile)
    signals = _signals(evaluator, ordered)
    moments = [signal.at for signal in signals if isinstance(signal, Raise)]
    per_h = len(moments) / max(1.0, (last - first) / 3600)
    most = _most_within(moments, numbers.flood_window_s)
    return Trial(
        episodes=_episodes(signals)[:EPISODES_MAX],
        raised=len(moments),
        from_at=_moment(first),
        until_at=_moment(last),
        samples=len(ordered),
        per_h=per_h,
        handled_per_h=numbers.handled_per_h,
        most_in_10_min=most,
        is_too_often=per_h > numbers.handled_per_h or most > numbers.flood_alarms,
    )


def _signals(evaluator: Evaluator, ordered: list[Sample]) -> list[Signal]:
    out: list[Signal] = []
    ticked = ordered[0][4]
    for sample in ordered:
        # A hold may end between two readings that are far apart; a night without any needs no tick a second.
        if sample[4] - ticked >= _TICK_S:
            ticked = sample[4]
            out.extend(evaluator.tick(ticked))
        out.extend(evaluator.feed((sample,)))
    out.extend(evaluator.tick(ordered[-1][4]))
    return out


def _episodes(signals: Iterable[Signal]) -> tuple[Episode, ...]:
    found: list[Episode] = []
    places: dict[Key, int] = {}
    for signal in signals:
        key = (signal.rule, signal.subject_kind, signal.subject)
        if isinstance(signal, Raise):
            places[key] = len(found)
            found.append(
                Episode(
                    subject_kind=signal.subject_kind,
                    subject=signal.subject,
                    raised_at=_moment(signal.at),
                    value=signal.value,
                )
            )
        elif isinstance(signal, Clear) and key in places:
            number = places.pop(key)
            found[number] = msgspec.structs.replace(found[number], cleared_at=_moment(signal.at))
    return tuple(found)


def _most_within(moments: list[float], window_s: float) -> int:
    most = start = 0
    for end, moment in enumerate(moments):
        while moments[start] <= moment - window_s:
            start += 1
        most = max(most, end - start + 1)
    return most


def _moment(at: float) -> datetime:
    if not math.isfinite(at):
        raise ValueError("a moment must be finite")
    return datetime.fromtimestamp(at, UTC)
