# SPDX-License-Identifier: Apache-2.0
"""A finding in one language, ready to be laid out: every way of showing it starts here."""

from __future__ import annotations

import math
from functools import cache

import msgspec

from hamkor.checks.queries import Report
from hamkor.checks.rules.findings import SEVERITIES, Finding, Subject
from hamkor.checks.rules.registry import FAMILIES
from hamkor.common.errors import HamkorError
from hamkor.common.figures import Range
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.crowd.rules.profiles import load_profile
from hamkor.norms.queries import find_norm
from hamkor.norms.rules import cite
from hamkor.printing.shown import clean, range_text, say, words_of
from hamkor.printing.words import part_word, unit_word

SHAPES = {"red": "◆", "amber": "▲", "info": "●"}
SEVERITY_WORDS = {"red": N_("red"), "amber": N_("amber"), "info": N_("info")}
SEVERITY_MEANINGS = {
    "red": N_("Must be mended before the event"),
    "amber": N_("Needs an answer"),
    "info": N_("Good to know"),
}
DISCLAIMER = N_(
    "The checker works from what is written in the plan. It clears nothing: a competent person decides."
)
ALL_CLEAR = N_("No findings. What the plan does not say was not checked.")


class Bar(msgspec.Struct, frozen=True):
    """A bar of what is measured against its limit, in parts of its length from 0 to 1.

    Args:
        low: Where what is measured begins to be uncertain.
        high: Where it ends.
        limit: Where the limit is.
    """

    low: float
    high: float
    limit: float


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One finding in one language.

    Args:
        number: Its number in the report, from 1; the map marks it by the same number.
        finding: The finding.
        word: Severity as a word.
        shape: Severity as a sign.
        family_name: Name of its family.
        subject: What it is about.
        title: Name of the rule.
        message: What is wrong, with the numbers.
        action: What to do.
        measured: Value with unit, empty when nothing is measured.
        limit: Limit with unit, empty when there is none.
        ratio: How many times worse, empty when there is no ratio.
        bar: The bar, None when it cannot be drawn.
        assumptions: What was taken for granted.
        sources: What the limit rests on.
        robustness: Under which flow profiles it holds, empty when none enters.
    """

    number: int
    finding: Finding
    word: str
    shape: str
    family_name: str
    subject: str
    title: str
    message: str
    action: str
    measured: str
    limit: str
    ratio: str
    bar: Bar | None
    assumptions: tuple[str, ...]
    sources: tuple[str, ...]
    robustness: str

    @property
    def heading(self) -> str:
        """Rule id and title."""
        return f"{self.finding.rule} · {self.title}"


def cards_of(report: Report, language: str) -> tuple[Card, ...]:
    """Returns the findings of a report in the language, in its order."""
    return tuple(card_of(number, finding, language) for number, finding in enumerate(report.findings, 1))


def count_families(report: Report) -> dict[str, dict[str, int]]:
    """Returns how many findings of each severity every family that found something has."""
    found = {finding.family for finding in report.findings}
    return {
        family: {
            severity: sum(f.family == family and f.severity == severity for f in report.findings)
            for severity in SEVERITIES
        }
        for family in FAMILIES
        if family in found
    }


def summary_line(report: Report, language: str) -> str:
    """Returns the count of findings by severity in one sentence."""
    if not report.findings:
        return translate(ALL_CLEAR, language)
    return words_of(
        N_("Findings: {red} red, {amber} amber, {info} info."),
        language,
        **{severity: report.count(severity) for severity in SEVERITIES},
    )


def profile_name(profile_id: str) -> str:
    """Returns title and edition of a flow profile, or its id when nobody defined it."""
    try:
        profile = load_profile(profile_id)
    except HamkorError:
        return clean(profile_id)
    return clean(f"{profile.title}, {profile.edition}")


@cache
def source_text(source: str, language: str) -> str:
    """Returns the citation of a norm, or the document as it was named."""
    norm = find_norm(source)
    return clean(source if norm is None else cite(norm, language))


def sources_of(finding: Finding, language: str) -> tuple[str, ...]:
    """Returns what a finding rests on; a rule without a source says so."""
    cited = tuple(dict.fromkeys(source_text(source, language) for source in finding.sources))
    return tuple(source for source in cited if source) or (translate(N_("source not named"), language),)


def subject_text(subject: Subject, language: str) -> str:
    """Returns the name of what a finding is about; a part of the plan by its heading."""
    if subject.kind == "part" and subject.name is None:
        return part_word(subject.id, language)
    return say(subject.shown(), language)


def with_unit(value: Range | None, unit: str, language: str) -> str:
    """Returns a range with its unit, empty for None."""
    if value is None:
        return ""
    name = unit_word(unit, language)
    return f"{range_text(value, language)}\u00a0{name}" if name else range_text(value, language)


def card_of(number: int, finding: Finding, language: str) -> Card:
    """Returns one finding in the language.

    Args:
        number: Its number in the report, from 1.
        finding: The finding.
        language: One of the four languages.
    """
    return Card(
        number=number,
        finding=finding,
        word=translate(SEVERITY_WORDS[finding.severity], language),
        shape=SHAPES[finding.severity],
        family_name=translate(FAMILIES.get(finding.family, finding.family), language),
        subject=subject_text(finding.subject, language),
        title=say(finding.title, language),
        message=say(finding.message, language),
        action=say(finding.action, language),
        measured=with_unit(finding.measured, finding.unit, language),
        limit=with_unit(finding.limit, finding.unit, language),
        ratio="" if finding.ratio is None else range_text(finding.ratio, language),
        bar=_bar(finding.measured, finding.limit),
        assumptions=tuple(say(assumption, language) for assumption in finding.assumptions),
        sources=sources_of(finding, language),
        robustness=_robustness(finding, language),
    )


def _bar(measured: Range | None, limit: Range | None) -> Bar | None:
    if measured is None or limit is None:
        return None
    full = max(measured.high, limit.nominal) * 1.04
    if not (math.isfinite(full) and full > 0):
        return None
    return Bar(measured.low / full, measured.high / full, limit.nominal / full)


def _robustness(finding: Finding, language: str) -> str:
    if finding.robustness == "not_applicable":
        return ""
    if finding.robustness == "every":
        return translate(N_("Holds under every flow profile that was tried."), language)
    return words_of(
        N_("Holds under {fails}; does not hold under {passes}."),
        language,
        fails=[profile_name(item) for item in finding.fails_under],
        passes=[profile_name(item) for item in finding.passes_under],
    )
