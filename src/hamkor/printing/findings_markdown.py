# SPDX-License-Identifier: Apache-2.0
"""Findings as Markdown, for a comment, a ticket or an e-mail."""

from __future__ import annotations

import re

from hamkor.checks.queries import Report
from hamkor.checks.rules.findings import SEVERITIES
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.printing.cards import (
    DISCLAIMER,
    SEVERITY_MEANINGS,
    Card,
    cards_of,
    profile_name,
    summary_line,
)
from hamkor.printing.shown import period, say, words_of

_MEANINGFUL = re.compile(r"([\\`*_{}\[\]()#+!|~$@])")
_LINK_START = re.compile(r"(?i)\b(https?|ftp|mailto|www)(?=[:.])")


def escaped(text: str) -> str:
    """Returns the text so that Markdown shows it as it is, without markup, links or HTML."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LINK_START.sub(lambda found: found.group() + "\u200b", _MEANINGFUL.sub(r"\\\1", text))


def findings_markdown(report: Report, language: str) -> str:
    """Returns the report as CommonMark with the findings under one heading per severity.

    Args:
        report: What a check found.
        language: One of the four languages.
    """
    event = report.plan.event
    cards = cards_of(report, language)
    title = words_of(N_("Check of the plan: {event}"), language, event=say(event.name, language))
    lines = [
        f"# {escaped(title)}",
        "",
        f"{period(event.starts_at, event.ends_at, language)}. {escaped(summary_line(report, language))}",
    ]
    for severity in SEVERITIES:
        chosen = [card for card in cards if card.finding.severity == severity]
        if chosen:
            heading = f"{chosen[0].shape} {translate(SEVERITY_MEANINGS[severity], language)}"
            lines += ["", f"## {heading} ({len(chosen)})"]
        for card in chosen:
            lines += _lines(card, language)
    profile = words_of(N_("Flow profile: {profile}."), language, profile=profile_name(report.profile))
    lines += ["", "---", "", f"*{escaped(translate(DISCLAIMER, language))} {escaped(profile)}*", ""]
    return "\n".join(lines)


def _lines(card: Card, language: str) -> list[str]:
    lines = ["", f"### {card.number}. {escaped(card.heading)}", "", f"**{escaped(card.subject)}.** "]
    lines[-1] += escaped(card.message)
    numbers = numbers_line(card, language)
    if numbers:
        lines += ["", f"**{escaped(numbers)}**"]
    lines += ["", f"→ **{escaped(card.action)}**", ""]
    lines += [f"- {escaped(text)}" for text in (*card.assumptions, card.robustness) if text]
    sources = words_of(N_("Source: {sources}"), language, sources="; ".join(card.sources))
    return [*lines, f"- {escaped(sources)}"]


def numbers_line(card: Card, language: str) -> str:
    """Returns measured value, limit and ratio in one line, empty when nothing is measured."""
    parts = [card.measured] if card.measured else []
    if card.limit:
        parts.append(words_of(N_("limit {limit}"), language, limit=card.limit))
    if card.ratio:
        parts.append(words_of(N_("ratio {ratio}"), language, ratio=card.ratio))
    return " · ".join(parts)
