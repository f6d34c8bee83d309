# SPDX-License-Identifier: Apache-2.0
"""Checking a plan: every rule looks at it, and the findings come back in order of weight."""

from __future__ import annotations

import msgspec

from hamkor.checks.movements import AskedMovements
from hamkor.checks.rules import families  # noqa: F401 - importing registers every rule
from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import SEVERITIES, Finding
from hamkor.checks.rules.jurisdiction import sources_here
from hamkor.checks.rules.registry import FAMILIES, Rule, list_rules, to_finding
from hamkor.crowd.rules.profiles import DEFAULT_PROFILE, load_profile
from hamkor.plans.rules.plan import Plan


class Report(msgspec.Struct, frozen=True):
    """The findings of one check.

    Args:
        plan: The plan that was checked.
        profile: Id of the flow profile that decided.
        findings: Red first, then amber, then info; inside each by family and rule.
    """

    plan: Plan
    profile: str
    findings: tuple[Finding, ...]

    def count(self, severity: str) -> int:
        """Returns how many findings have the severity."""
        return sum(finding.severity == severity for finding in self.findings)


def check_plan(plan: Plan, *, profile_id: str = DEFAULT_PROFILE) -> Report:
    """Returns what every rule says about a plan.

    Args:
        plan: The plan.
        profile_id: Flow profile that decides severities, such as ``green-guide-2018``.

    Raises:
        HamkorError: ``unknown-profile``.
    """
    context = Context(plan, load_profile(profile_id))
    context.movements = AskedMovements(context)
    findings = [
        _citing_here(context, to_finding(item, found))
        for item in list_rules()
        for found in item.check(context)
    ]
    return Report(plan, profile_id, tuple(sorted(findings, key=_weight)))


def _about(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.subject.kind, finding.subject.id


def _citing_here(context: Context, finding: Finding) -> Finding:
    sources = sources_here(context, finding.sources)
    return msgspec.structs.replace(finding, sources=sources) if sources else finding


def list_added(before: Report, after: Report) -> tuple[Finding, ...]:
    """Returns what a second check finds and the first did not, or did not weigh as heavily; worst first.

    Args:
        before: The first report.
        after: The second, of the same plan changed.
    """
    weights: dict[tuple[str, str, str], int] = {}
    for finding in before.findings:
        weight = SEVERITIES.index(finding.severity)
        weights[_about(finding)] = min(weight, weights.get(_about(finding), weight))
    lightest = len(SEVERITIES)
    return tuple(
        finding
        for finding in after.findings
        if SEVERITIES.index(finding.severity) < weights.get(_about(finding), lightest)
    )


def list_checked_rules() -> tuple[Rule, ...]:
    """Returns every rule a check runs, in the order of families."""
    return list_rules()


def _weight(finding: Finding) -> tuple[int, int, str]:
    return SEVERITIES.index(finding.severity), list(FAMILIES).index(finding.family), finding.rule
