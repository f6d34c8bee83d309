# SPDX-License-Identifier: Apache-2.0
"""A rule of alarms as a form: what was typed becomes a rule, which the room of alarms then judges."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.http import QueryDict

from hamkor.alarms.rules.alarms import AlarmRule, Sort
from hamkor.alarms.rules.validating import MEASURE_OF_SORT
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

# Fields of a rule that are numbers, in the order of the form: label, unit.
NUMBERS: dict[str, tuple[str, str]] = {
    "limit": (N_("Limit"), ""),
    "clear_at": (N_("Gone below, or above"), ""),
    "from_value": (N_("Quiet below"), ""),
    "hold_s": (N_("Must last"), N_("s")),
    "clear_hold_s": (N_("Must be gone for"), N_("s")),
    "window_s": (N_("Looks back"), N_("s")),
    "radius_m": (N_("Within"), N_("m")),
}
# Numbers that cannot be unknown.
_ZERO_WHEN_EMPTY = frozenset({"hold_s", "clear_hold_s", "window_s"})
# Units the profiles speak of, for the translators; what people write themselves stands as they wrote it.
UNITS = (N_("reports"), N_("share"), N_("min"), N_("s"), N_("km"))
_TEXTS = ("measure", "contingency", "agency", "unit")


# Sorts a person may write a rule of; the others the server watches by itself, one rule of each.
NEW_SORTS: tuple[Sort, ...] = (
    "threshold",
    "rate",
    "zone_limit",
    "balance",
    "weather",
    "heartbeat",
    "button",
    "cluster",
)


class RuleFormError(HamkorError):
    """Something typed into a rule is not what the field takes."""


def new_rule(sort: str, key: str) -> AlarmRule | None:
    """Returns a rule of a sort to begin with, None when nobody may write one of that sort or under that id.

    Args:
        sort: Which sort.
        key: Its id: a UUID, so that it cannot take the place of a rule of the plan.
    """
    if sort not in NEW_SORTS:
        return None
    try:
        own = str(UUID(key))
    except ValueError:
        return None
    return AlarmRule(
        id=own,
        title="",
        sort=sort,
        measure=MEASURE_OF_SORT.get(sort),
        is_below=sort == "balance",
        priority=3,
    )


def rule_of(posted: QueryDict, before: AlarmRule) -> AlarmRule:
    """Returns a rule with what was typed instead of what it said before.

    Args:
        posted: What was sent.
        before: The rule as it stands; a text in several languages stays when it was not touched.

    Raises:
        RuleFormError: ``number-unreadable`` or ``rule-malformed``.
    """
    given: dict[str, Any] = {name: number_of(posted, name) for name in NUMBERS if name in posted}
    given |= {name: posted.get(name, "").strip() or None for name in _TEXTS if name in posted}
    given["unit"] = given.get("unit") or ""
    given["enabled"] = "enabled" in posted
    given["is_below"] = "is_below" in posted
    given["places"] = posted.getlist("places")
    given["origin"] = "person"
    if posted.get("priority"):
        given["priority"] = _priority(posted.get("priority", ""))
    for name in ("title", "action"):
        typed = posted.get(name, "").strip()
        if typed and typed != posted.get(f"{name}_before"):
            given[name] = typed
    values = {**msgspec.to_builtins(before), **given}
    try:
        return msgspec.convert(values, AlarmRule)
    except msgspec.ValidationError as error:
        template = N_("The rule cannot be kept so: {reason}.")
        raise RuleFormError("rule-malformed", template, reason=str(error)) from error


def _priority(text: str) -> int | str:
    return int(text) if text in {"1", "2", "3", "4"} else text


def number_of(posted: QueryDict, name: str) -> float | None:
    """Returns a number as people type it, None for an empty field.

    Raises:
        RuleFormError: ``number-unreadable``.
    """
    text = posted.get(name, "").strip().replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if not text:
        return 0.0 if name in _ZERO_WHEN_EMPTY else None
    try:
        return float(text)
    except ValueError:
        template = N_("“{text}” is not a number.")
        raise RuleFormError("number-unreadable", template, text=text[:40]) from None
