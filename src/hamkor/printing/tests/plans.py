# SPDX-License-Identifier: Apache-2.0
"""Plans and reports to print: a rich one, one without coordinates, a bare one, a hostile one."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from hamkor.checks.queries import Report
from hamkor.checks.rules.findings import Finding, Subject
from hamkor.common.figures import Range
from hamkor.common.messages import Message
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.printing.tests.rich import RICH_PARTS
from hamkor.printing.tests.stadium import stadium_features
from hamkor.venues.rules.features import Venue

HOSTILE = "<script>alert('x')</script> & \"]]> #set text(red) $x$ \x1b[31m \u202e {0} *b* `c` |d| --> é"


def venue_of(features: list[dict[str, Any]]) -> Venue:
    """A venue of raw features."""
    return msgspec.convert({"type": "FeatureCollection", "features": features}, Venue)


def without_coordinates(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same features, undrawn."""
    return [{**item, "geometry": None} for item in features]


def plan_of(venue: Venue | None = None, **parts: Any) -> Plan:
    """A plan of raw parts."""
    values: dict[str, Any] = {}
    for part in PARTS:
        if part.name in parts:
            wanted = tuple[part.body, ...] if part.is_list else part.body
            values[part.name] = msgspec.convert(parts[part.name], wanted)
    return Plan(**values, venue=venue)


def bare_plan(**event: Any) -> Plan:
    """A plan of which almost nothing is known."""
    return plan_of(event={"format": "hamkor-event-1", "id": "bare", "name": "Bare", "kind": "fair", **event})


def hostile_plan() -> Plan:
    """A plan whose every name tries to break out."""
    rich = msgspec.to_builtins(rich_plan())

    def poisoned(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: poisoned(v, k) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [poisoned(item, key) for item in value]
        names = {
            "name",
            "title",
            "uz",
            "ru",
            "en",
            "text",
            "answer",
            "note",
            "message",
            "trigger",
            "action",
            "position",
            "wind_action",
            "holder",
        }
        return HOSTILE if key in names and isinstance(value, str) else value

    return msgspec.convert(poisoned(rich), Plan)


def rich_plan() -> Plan:
    """A plan with every part."""
    return plan_of(venue_of(stadium_features()), **RICH_PARTS)


def finding(rule: str, severity: str, subject: Subject, **values: Any) -> Finding:
    """A finding with texts that say something."""
    given: dict[str, Any] = {
        "title": Message("Too few lanes at the busiest hour"),
        "message": Message("In the busiest hour {people} people come to {subject}.", {
            "people": 20400, "subject": subject.shown()}),
        "action": Message("Add {lanes} lanes or open at 15:30.", {"lanes": 3}),
        "measured": None, "limit": None, "unit": "", "ratio": None, "assumptions": (),
        "sources": ("Green Guide, 6th edition, 2018",), "robustness": "not_applicable",
        "fails_under": (), "passes_under": (),
    }  # fmt: skip
    return Finding(
        rule=rule, family=rule.partition("-")[0], severity=severity, subject=subject, **{**given, **values}
    )


def rich_report(plan: Plan | None = None) -> Report:
    """A report with every kind of number."""
    exactly = Range.exactly
    gate = Subject(
        "turnstiles", "t1", {"uz": "Gʻarbiy tekshiruv", "ru": "Западный досмотр", "en": "West screening"}
    )
    pit = Subject("area", "pit", {"uz": "Sahna oldi", "ru": "Перед сценой", "en": "Stage front"})
    duty = Subject("duty", "transport", {"uz": "Jamoat transporti rejasi", "en": "Plan of public transport"})
    findings = (
        finding("ENT-003", "red", gate, measured=exactly(20400), limit=exactly(19200), ratio=exactly(1.0625),
                unit="people/h", assumptions=(Message("Magnetometer, {n} people per hour and lane.", {"n": 400}),),
                robustness="some", fails_under=("green-guide-2018",), passes_under=("nfpa-101-2018",)),
        finding("DUTY-001", "red", duty, title=Message("Nobody answers for a duty"),
                message=Message("No agency answers for it."), action=Message("Name one agency."),
                sources=("uz-cm-205-2014-p2-coord",)),
        finding("CAP-002", "amber", pit, measured=Range(2600, 3000, 3400), limit=exactly(2700),
                ratio=Range(0.963, 1.111, 1.26), unit="people", title=Message("The area may be too full"),
                robustness="every", fails_under=("green-guide-2018", "nfpa-101-2018")),
        finding("EGR-001", "amber", Subject("area", "west", "West"), measured=exactly(math.inf), limit=exactly(8),
                ratio=exactly(math.inf), unit="min", title=Message("Nobody can get out")),
        finding("PLAN-001", "info", Subject("part", "sanitation"), title=Message("A part is not known"),
                message=Message("Wash basins are not given."), action=Message("Write how many there are.")),
    )  # fmt: skip
    return Report(plan or rich_plan(), "green-guide-2018", findings)
