# SPDX-License-Identifier: Apache-2.0
"""Whose law applies to an event, and how far a norm may go in a finding."""

from __future__ import annotations

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Severity
from hamkor.events.rules import OUTSIDE_THE_RULES, is_held_in_uzbekistan, is_under_the_rules
from hamkor.norms.queries import find_norm, get_norm
from hamkor.norms.rules import may_block

__all__ = ["OUTSIDE_THE_RULES", "at_most", "is_mass_event", "is_uzbek", "sources_here"]


def is_uzbek(context: Context) -> bool:
    """Returns True when the event is in Uzbekistan: by its country, or by its time zone if none is stated."""
    return is_held_in_uzbekistan(context.event)


def is_mass_event(context: Context) -> bool | None:
    """Returns whether the Rules of holding mass events apply; None when the number of people is unknown.

    Source: uz-cm-205-2014-annex1-def-event, uz-cm-205-2014-annex1-p2.
    """
    return is_under_the_rules(context.event, context.visitors)


def at_most(severity: Severity, norm_id: str) -> Severity:
    """Returns the severity, or amber instead of red when the norm may not turn a plan down."""
    return severity if severity != "red" or may_block(get_norm(norm_id)) else "amber"


def sources_here(context: Context, sources: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the sources that may be cited for the event: national law only at home, documents everywhere.

    Args:
        context: The plan.
        sources: Norm ids and documents of a rule.
    """
    if is_uzbek(context):
        return sources
    return tuple(source for source in sources if not _is_national(source))


def _is_national(source: str) -> bool:
    norm = find_norm(source)
    return norm is not None and norm.jurisdiction == "uz"
