# SPDX-License-Identifier: Apache-2.0
"""Small plans for tests: write what matters, the rest is left unknown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from hamkor.checks.queries import check_plan  # noqa: F401 - importing it registers every rule
from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Finding
from hamkor.checks.rules.registry import find_rule, to_finding
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.venues.rules.features import Feature, Venue

KEPT = (datetime, date)
DAY = "2027-03-20"  # a Saturday
EVENT = {"format": "hamkor-event-1", "id": "test-event", "name": "Test event", "kind": "concert_pop"}


def at(time: str, day: str = DAY) -> datetime:
    """Returns a moment of the day of the event, such as ``at("18:30")``."""
    return datetime.fromisoformat(f"{day} {time}")


def plan(**parts: Any) -> Plan:
    """Returns a plan from structs or from what a file would hold; `event` is completed, `venue` is a list."""
    bodies = {part.name: tuple[part.body, ...] if part.is_list else part.body for part in PARTS}
    values = {"event": {**EVENT, **parts.pop("event", {})}, **parts}
    venue = values.pop("venue", None)
    if isinstance(venue, (list, tuple)):
        venue = Venue(type="FeatureCollection", features=tuple(venue))
    converted = {
        name: msgspec.convert(msgspec.to_builtins(value, builtin_types=KEPT), bodies[name])
        for name, value in values.items()
        if value is not None
    }
    return Plan(**converted, venue=venue)


def feature(feature_id: str, kind: str, *, geometry: Any = None, **properties: Any) -> Feature:
    """Returns one feature of a drawing; write `from_` for `from`."""
    if "from_" in properties:
        properties["from"] = properties.pop("from_")
    raw = {"id": feature_id, "geometry": geometry, "properties": {"kind": kind, **properties}}
    return msgspec.convert(raw, Feature)


def findings(checked: Plan, rule_id: str, profile: Any = None) -> list[Finding]:
    """Returns what one rule says, having rendered every sentence of it."""
    item = find_rule(rule_id)
    assert item is not None, rule_id
    context = Context(checked, profile)
    found = [to_finding(item, each) for each in item.check(context)]
    for each in found:
        assert "{" not in each.message.in_english() + each.action.in_english()
    return found


def severities(checked: Plan, rule_id: str) -> list[str]:
    """Returns only the severities of what one rule says."""
    return [each.severity for each in findings(checked, rule_id)]
