# SPDX-License-Identifier: Apache-2.0
"""The register of rules: one decorator makes a function a rule."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from hamkor.checks.rules.findings import Finding, Found
from hamkor.common.figures import Range
from hamkor.common.messages import N_, Message

if TYPE_CHECKING:
    from hamkor.checks.rules.context import Context

WHOLE_UNITS = frozenset({"people", "people/h"})
Check = Callable[["Context"], Iterator[Found]]
_ID = re.compile(r"[A-Z]{2,8}-\d{3}")


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule.

    Args:
        id: Stable id: family, hyphen, three digits. Never used again for anything else.
        title: Its name, a few words.
        says: Sentence of a finding; may use ``{subject} {measured} {limit} {ratio}`` and the rule's own facts.
        do: What to do about it, beginning with a verb.
        why: Why the rule exists: mechanism and event that taught it.
        severity: When it is red, amber or info.
        unit: Unit of what is measured, empty when nothing is.
        sources: Norm ids and documents it rests on.
        check: The function.
    """

    id: str
    title: str
    says: str
    do: str
    why: str
    severity: str
    unit: str
    sources: tuple[str, ...]
    check: Check

    @property
    def family(self) -> str:
        """Letters of the id."""
        return self.id.partition("-")[0]


FAMILIES: dict[str, str] = {
    "CAP": N_("Capacity of areas and of the whole"),
    "ENT": N_("Entry: turnstiles, screening, queues"),
    "EGR": N_("Leaving and evacuation"),
    "NECK": N_("Bottlenecks and two-way use"),
    "ROUTE": N_("Choice of routes and exits"),
    "OCC": N_("Counting people, certificates, waivers"),
    "DUTY": N_("Duties and who holds them"),
    "NOORG": N_("Who organises"),
    "STOP": N_("Authority to stop"),
    "COMMS": N_("Channels and links"),
    "WARN": N_("Warnings and their answers"),
    "STAFF": N_("Numbers of staff"),
    "MED": N_("Medical cover"),
    "SAN": N_("Toilets and water"),
    "MET": N_("Weather"),
    "HAZ": N_("Hazards, fire, structures, segregation"),
    "FORCE": N_("Use of force against a crowd"),
    "LAW": N_("Permit, contract, deadlines"),
    "PLAN": N_("The plan itself"),
}
_rules: dict[str, Rule] = {}


def rule(
    rule_id: str,
    *,
    title: str,
    says: str,
    do: str,
    why: str,
    severity: str,
    sources: tuple[str, ...],
    unit: str = "",
) -> Callable[[Check], Check]:
    """Returns a decorator that registers a function as the rule.

    Args:
        rule_id: Stable id such as ``ENT-001``.
        title: Its name, marked with ``N_`` like all texts here.
        says: Sentence of a finding.
        do: What to do.
        why: Why the rule exists.
        severity: When it is red, amber or info.
        sources: Norm ids and documents.
        unit: Unit of what is measured.

    Raises:
        ValueError: The id is malformed, taken, or of an unknown family.
    """
    if not _ID.fullmatch(rule_id) or rule_id in _rules or rule_id.partition("-")[0] not in FAMILIES:
        raise ValueError(f"rule id {rule_id!r} is malformed, taken or of an unknown family")

    def register(check: Check) -> Check:
        _rules[rule_id] = Rule(
            id=rule_id,
            title=title,
            says=says,
            do=do,
            why=why,
            severity=severity,
            unit=unit,
            sources=sources,
            check=check,
        )
        return check

    return register


def list_rules() -> tuple[Rule, ...]:
    """Returns all rules: families in the order of the register, numbers rising."""
    order = list(FAMILIES)
    return tuple(sorted(_rules.values(), key=lambda item: (order.index(item.family), item.id)))


def find_rule(rule_id: str) -> Rule | None:
    """Returns the rule with the id, whatever the case of its letters, or None."""
    return _rules.get(rule_id.upper())


def to_finding(item: Rule, found: Found) -> Finding:
    """Returns what a rule found as a finding with its sentences."""
    measured, limit = _in_whole(found.measured, item.unit), _in_whole(found.limit, item.unit)
    facts = {
        "subject": found.subject.shown(),
        "measured": range_shown(measured),
        "limit": range_shown(limit),
        "ratio": range_shown(found.ratio),
        **found.facts,
    }
    return Finding(
        rule=item.id,
        family=item.family,
        severity=found.severity,
        subject=found.subject,
        title=Message(item.title),
        message=Message(item.says, facts),
        action=Message(item.do, facts),
        measured=measured,
        limit=limit,
        unit=item.unit,
        ratio=found.ratio,
        assumptions=found.assumptions,
        sources=(*item.sources, *found.sources),
        robustness="some" if found.passes_under else "every" if found.fails_under else "not_applicable",
        fails_under=found.fails_under,
        passes_under=found.passes_under,
    )


def _in_whole(value: Range | None, unit: str) -> Range | None:
    """Returns a number of people without fractions of a person; other units stay as they are."""
    if value is None or unit not in WHOLE_UNITS or math.isinf(value.high):
        return value
    return Range(math.floor(value.low), round(value.nominal), math.ceil(value.high))


def range_shown(value: Range | None) -> Message | float | str:
    """Returns a range as it is read: one number, or ``from to``."""
    if value is None:
        return "?"
    if value.is_exact:
        return value.nominal
    return Message(N_("{low}–{high}"), {"low": value.low, "high": value.high})
