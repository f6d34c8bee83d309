# SPDX-License-Identifier: Apache-2.0
"""Warnings and answers, inspections, earlier events, the findings of the check."""

from __future__ import annotations

from typing import Any

from hamkor.checks.queries import Report
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.plans.rules.plan import Plan
from hamkor.printing.cards import ALL_CLEAR, DISCLAIMER, Card, cards_of, profile_name, summary_line
from hamkor.printing.sections.blocks import Block, Section, cell, note, part_section, section, table
from hamkor.printing.sections.names import Names
from hamkor.printing.sections.signed import acceptance_text
from hamkor.printing.shown import day, figure, listed, say, words_of, yes_no
from hamkor.printing.signatures import Certificate
from hamkor.printing.words import word


def warnings_section(plan: Plan, names: Names) -> Section:
    """Returns every warning with what became of it."""
    language = names.language
    if not plan.warnings:
        return part_section(plan, "warnings", language, None)
    columns = [
        (N_("Received"), 1.2),
        (N_("From whom"), 1.6),
        (N_("Warning"), 3.4),
        (N_("State"), 1.3),
        (N_("Answer"), 3.0),
    ]
    rows = [
        (
            day(item.received_date, language),
            say(item.from_, language),
            say(item.text, language),
            cell(word(item.state, language), tone="red" if item.state == "unanswered" else ""),
            cell(say(item.answer, language), small=_answered(item, names)),
        )
        for item in plan.warnings
    ]
    return part_section(plan, "warnings", language, [table(columns, rows, language)])


def _answered(item: Any, names: Names) -> str:
    parts = [names.who(item.answered_by)] if item.answered_by else []
    return ", ".join([*parts, day(item.answered_date, names.language)] if item.answered_date else parts)


def inspections_section(plan: Plan, names: Names) -> Section:
    """Returns what was examined, with what result."""
    language = names.language
    if not plan.inspections:
        return part_section(plan, "inspections", language, None)
    columns = [
        (N_("Examined"), 2.4),
        (N_("Day"), 1.2),
        (N_("Result"), 1.5),
        (N_("Faults"), 3.0),
        (N_("Mended"), 1.2),
    ]
    rows = [
        (
            cell(say(item.subject, language), bold=True, small=word(item.field, language)),
            day(item.on_date, language),
            cell(word(item.result, language), tone="red" if item.result in {"failed", "not_done"} else ""),
            listed([say(fault, language) for fault in item.faults], language),
            day(item.mended_date, language) if item.faults else "–",
        )
        for item in plan.inspections
    ]
    return part_section(plan, "inspections", language, [table(columns, rows, language)])


def history_section(plan: Plan, names: Names) -> Section:
    """Returns earlier events and whether their lessons were put into practice."""
    language = names.language
    if not plan.history:
        return part_section(plan, "history", language, None)
    columns = [
        (N_("Event"), 2.2),
        (N_("Day"), 1.2),
        (N_("People"), 1.0, "right"),
        (N_("Outcome"), 1.5),
        (N_("What happened"), 2.5),
        (N_("Lessons, and whether they were applied"), 2.4),
    ]
    rows = [
        (
            cell(say(item.title, language), bold=True),
            day(item.on_date, language),
            figure(item.attendance, language),
            word(item.outcome, language),
            say(item.what, language),
            listed([f"{say(x.text, language)} ({yes_no(x.done, language)})" for x in item.lessons], language),
        )
        for item in plan.history
    ]
    return part_section(plan, "history", language, [table(columns, rows, language)])


def findings_section(report: Report, names: Names, certificate: Certificate | None = None) -> Section:
    """Returns every finding with its numbers, its sources and what to do; who accepted it, when somebody did."""
    language = names.language
    title = translate(N_("Findings of the plan check"), language)
    profile = words_of(N_("Flow profile: {profile}."), language, profile=profile_name(report.profile))
    closing = note(f"{translate(DISCLAIMER, language)} {profile}")
    if not report.findings:
        return section("findings", title, [note(translate(ALL_CLEAR, language)), closing])
    cards = [_finding(card, names, certificate) for card in cards_of(report, language)]
    blocks = [note(summary_line(report, language), "strong"), *cards, closing]
    return section("findings", title, blocks, starts_page=True)


def _finding(card: Card, names: Names, certificate: Certificate | None) -> Block:
    language, found = names.language, card.finding
    accepted = certificate.find_acceptance(found.rule, found.subject) if certificate else None
    numbers = [
        words_of(template, language, **{name: value})
        for template, name, value in (
            (N_("limit {limit}"), "limit", card.limit),
            (N_("ratio {ratio}"), "ratio", card.ratio),
        )
        if value
    ]
    bar = card.bar
    return {
        "type": "finding",
        "number": card.number,
        "severity": card.finding.severity,
        "word": card.word,
        "subject": card.subject,
        "heading": card.heading,
        "measured": card.measured,
        "numbers": " · ".join(numbers),
        "bar": [bar.low, bar.high, bar.limit] if bar else None,
        "message": card.message,
        "notes": [text for text in (*card.assumptions, card.robustness) if text],
        "source": words_of(N_("Source: {sources}"), language, sources="; ".join(card.sources)),
        "action": card.action,
        "accepted": acceptance_text(accepted, names) if accepted else "",
    }
