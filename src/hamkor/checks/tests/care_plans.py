# SPDX-License-Identifier: Apache-2.0
"""Small plans for the rules on care and hazards: a drawing is a table of properties by id."""

from __future__ import annotations

from typing import Any

from hamkor.checks.rules.registry import list_rules
from hamkor.checks.tests import builders
from hamkor.checks.tests.builders import feature, severities
from hamkor.plans.rules.plan import Plan


def plan(
    *, kind: str = "concert_pop", extent: str = "extract", venue: dict[str, Any] | None = None, **parts: Any
) -> Plan:
    """Returns a plan; `event` holds further fields of the event, `venue` maps ids to properties."""
    event = {"kind": kind, "extent": extent, **parts.pop("event", {})}
    if venue is not None:
        parts["venue"] = [feature(name, **properties) for name, properties in venue.items()]
    return builders.plan(event=event, **parts)


def family_severities(checked: Plan, family: str) -> dict[str, list[str]]:
    """Returns, for every rule of a family that speaks, the severities of its findings."""
    spoken = {item.id: severities(checked, item.id) for item in list_rules() if item.family == family}
    return {rule_id: levels for rule_id, levels in spoken.items() if levels}


def area(use: str = "standing", **properties: Any) -> dict[str, Any]:
    """Returns an area of the drawing."""
    return {"kind": "area", "use": use, **properties}


def exit_from(area_id: str, width_m: float = 4, **properties: Any) -> dict[str, Any]:
    """Returns an opening from an area to the outside."""
    return {"kind": "opening", "from": area_id, "to": "outside", "clear_width_m": width_m, **properties}
