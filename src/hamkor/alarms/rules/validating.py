# SPDX-License-Identifier: Apache-2.0
"""Whether a rule makes sense, and if not, what is missing and how to mend it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec

from hamkor.alarms.rules.alarms import (
    COUNTED_MEASURES,
    WEATHER_MEASURES,
    AlarmError,
    AlarmRule,
    Measure,
    Sort,
)
from hamkor.common.messages import N_

TITLE_MAX = 200
ACTION_MAX = 1000
PLACES_MAX = 1000
HOLD_MAX_S = 3600.0
WINDOW_MAX_S = 86_400.0
LIMIT_MAX = 1e9
# The measure a sort looks at, where it can only be one.
MEASURE_OF_SORT: dict[Sort, Measure] = {
    "balance": "occupancy",
    "zone_limit": "occupancy",
    "heartbeat": "heartbeat",
    "button": "button",
}
_NEEDS_MEASURE: frozenset[Sort] = frozenset({"threshold", "rate", "weather"})
_NEEDS_LIMIT: frozenset[Sort] = frozenset(
    {"threshold", "rate", "weather", "zone_limit", "balance", "cluster"}
)
_NEEDS_WINDOW: frozenset[Sort] = frozenset({"rate", "balance", "heartbeat", "cluster"})
_NUMBERS = ("limit", "clear_at", "from_value", "hold_s", "clear_hold_s", "window_s", "radius_m")


def require_rule(rule: AlarmRule) -> AlarmRule:
    """Returns a rule that makes sense, with the measure its sort looks at.

    Raises:
        AlarmError: ``rule-untitled``, ``rule-without-action``, ``rule-too-long``, ``rule-number-wrong``,
            ``rule-measure-missing``, ``rule-measure-wrong``, ``rule-limit-missing``, ``rule-window-missing``,
            ``rule-hold-long``, ``rule-hysteresis-wrong``, ``rule-share-wrong``, ``rule-cluster-wrong``.
    """
    _require_texts(rule)
    _require_numbers(rule)
    _require_measure(rule)
    if rule.sort in _NEEDS_LIMIT and rule.limit is None:
        raise AlarmError("rule-limit-missing", N_("The rule has no limit. Say from which value it speaks."))
    if rule.sort in _NEEDS_WINDOW and rule.window_s <= 0:
        template = N_("The rule looks back over a time: give a window longer than 0 seconds.")
        raise AlarmError("rule-window-missing", template)
    _require_hysteresis(rule)
    of_sort: dict[Sort, Callable[[AlarmRule], None]] = {
        "zone_limit": _require_share,
        "balance": _require_balance,
        "cluster": _require_cluster,
        "rate": _require_rise,
    }
    if rule.sort in of_sort:
        of_sort[rule.sort](rule)
    measure = MEASURE_OF_SORT.get(rule.sort, rule.measure)
    limit = 1.0 if rule.sort == "button" else rule.limit
    return msgspec.structs.replace(rule, measure=measure, limit=limit)


def _require_texts(rule: AlarmRule) -> None:
    if not _is_said(rule.title):
        raise AlarmError("rule-untitled", N_("The rule has no title. Say in a few words what has happened."))
    if not _is_said(rule.action) and rule.contingency is None:
        template = N_("Nobody knows what to do on this alarm. Write an action or choose a contingency card.")
        raise AlarmError("rule-without-action", template)
    is_long = _longest(rule.title) > TITLE_MAX or _longest(rule.action) > ACTION_MAX
    if is_long or len(rule.places) > PLACES_MAX or len(rule.unit) > 40 or len(rule.source or "") > 2000:
        template = N_("Title, action or list of places is too long: at most {title}, {action} and {places}.")
        raise AlarmError("rule-too-long", template, title=TITLE_MAX, action=ACTION_MAX, places=PLACES_MAX)


def _require_numbers(rule: AlarmRule) -> None:
    for name in _NUMBERS:
        value: Any = getattr(rule, name)
        is_duration = name in ("hold_s", "clear_hold_s", "window_s", "radius_m")
        if value is not None and (
            not math.isfinite(value) or abs(value) > LIMIT_MAX or (is_duration and value < 0)
        ):
            template = N_("The number in “{field}” cannot be meant: {value}. Write one that can be measured.")
            raise AlarmError("rule-number-wrong", template, field=name, value=str(value))
    if max(rule.hold_s, 0.0) > HOLD_MAX_S or max(rule.window_s, rule.clear_hold_s) > WINDOW_MAX_S:
        template = N_(
            "A hold of more than {hold} s or a window of more than {window} s comes too late to help."
        )
        raise AlarmError("rule-hold-long", template, hold=HOLD_MAX_S, window=WINDOW_MAX_S)


def _require_measure(rule: AlarmRule) -> None:
    only = MEASURE_OF_SORT.get(rule.sort)
    if rule.sort in _NEEDS_MEASURE and rule.measure is None:
        template = N_("The rule looks at no measure. Choose what is measured, such as density.")
        raise AlarmError("rule-measure-missing", template)
    is_wrong = only is not None and rule.measure not in (None, only)
    if rule.sort == "weather":
        is_wrong = rule.measure not in WEATHER_MEASURES
    elif rule.sort in ("threshold", "rate"):
        is_wrong = rule.measure in COUNTED_MEASURES or rule.measure == "heartbeat"
    if is_wrong:
        template = N_(
            "A rule of this sort cannot look at “{measure}”. Choose another measure or another sort."
        )
        raise AlarmError("rule-measure-wrong", template, measure=rule.measure or "")


def _require_hysteresis(rule: AlarmRule) -> None:
    if rule.limit is None or rule.clear_at is None:
        return
    is_wrong = rule.clear_at < rule.limit if rule.is_below else rule.clear_at > rule.limit
    if is_wrong:
        template = N_(
            "The alarm would return before it is raised: the value {clear_at} must be on the safe side of {limit}."
        )
        raise AlarmError("rule-hysteresis-wrong", template, clear_at=rule.clear_at, limit=rule.limit)


def _require_share(rule: AlarmRule) -> None:
    if not 0 < (rule.limit or 0.0) <= 2 or rule.is_below:
        template = N_("The limit is a share of the number of the plan: 0.9 for 90 %, at most 2.")
        raise AlarmError("rule-share-wrong", template)


def _require_balance(rule: AlarmRule) -> None:
    if not rule.is_below or not 0 < (rule.limit or 0.0) <= 1440:
        template = N_(
            "The limit of a balance is the number of minutes until the place is full, at most 1440."
        )
        raise AlarmError("rule-share-wrong", template)


def _require_rise(rule: AlarmRule) -> None:
    if rule.is_below or (rule.limit or 0.0) <= 0:
        template = N_("The limit of a rise is by how much the value grows in the window, above 0.")
        raise AlarmError("rule-limit-missing", template)


def _require_cluster(rule: AlarmRule) -> None:
    if (rule.limit or 0.0) < 2 or rule.radius_m is None or rule.radius_m <= 0:
        template = N_(
            "Reports from one place: give how many, at least 2, and how near to each other, in metres."
        )
        raise AlarmError("rule-cluster-wrong", template)


def _is_said(text: str | dict[Any, str] | None) -> bool:
    return any(each.strip() for each in _texts(text))


def _longest(text: str | dict[Any, str] | None) -> int:
    return max((len(each) for each in _texts(text)), default=0)


def _texts(text: str | dict[Any, str] | None) -> tuple[str, ...]:
    if text is None:
        return ()
    return (text,) if isinstance(text, str) else tuple(text.values())
