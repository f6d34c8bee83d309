# SPDX-License-Identifier: Apache-2.0
"""WARN: every warning before the event is answered, with reasons or with deeds, in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Subject
from hamkor.checks.rules.jurisdiction import is_uzbek
from hamkor.checks.rules.naming import day_shown
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range
from hamkor.common.messages import N_, Message
from hamkor.common.records import Text
from hamkor.norms.queries import get_parameter
from hamkor.plans.rules.readiness import WarningReceived

LOVE_PARADE = "Helbing and Mukerji 2012 on the Love Parade disaster"
APPEALS = "uz-zru-445-answer"
LONGEST_TITLE = 90


def warnings_of(context: Context) -> tuple[WarningReceived, ...]:
    """Returns the warnings received."""
    return context.plan.warnings or ()


def warning_subject(warning: WarningReceived) -> Subject:
    """Returns a warning as a subject, by its first words."""
    return Subject("warning", warning.id, _shortened(warning.text))


def _shortened(text: Text) -> Text:
    def cut(words: str) -> str:
        return words if len(words) <= LONGEST_TITLE else f"{words[:LONGEST_TITLE].rstrip()}…"

    if isinstance(text, str):
        return cut(text)
    return {language: cut(words) for language, words in text.items()}


def is_answered(warning: WarningReceived) -> bool | None:
    """Returns whether a warning was answered; None when the plan does not tell."""
    if warning.state is not None:
        return warning.state != "unanswered"
    has_answer = bool(warning.answer or warning.answered_by or warning.answered_date)
    return True if has_answer else None


@rule(
    "WARN-001",
    title=N_("A warning without an answer"),
    says=N_("Nobody answered the warning “{subject}” from {sender}."),
    do=N_("Answer the warning “{subject}” in writing: what is done, by whom, by when; or why not."),
    why=N_(
        "Before most crowd disasters somebody said so. The organisers of the Love Parade in 2010 and the "
        "authorities were told in writing that the site could not take the crowd; the papers lay in files."
    ),
    severity=N_("Red when it is known to be unanswered; amber when nothing is known of an answer."),
    sources=(LOVE_PARADE, APPEALS),
)
def unanswered_warning(context: Context) -> Iterator[Found]:
    """Yields a finding for every warning that was not answered, or may not have been."""
    for warning in warnings_of(context):
        answered = is_answered(warning)
        if not answered:
            yield Found(
                subject=warning_subject(warning),
                severity="amber" if answered is None else "red",
                facts={"sender": warning.from_ or Message(N_("an unnamed sender"))},
            )


@rule(
    "WARN-002",
    title=N_("A warning rejected without reasons"),
    says=N_("The warning “{subject}” was rejected, and no reasons are written."),
    do=N_("Write the reasons for rejecting “{subject}”, signed by whoever decided, or act on it."),
    why=N_(
        "A warning may be wrong. But whoever sets it aside must be able to say why, before the event and in "
        "writing; that alone makes people look again."
    ),
    severity=N_("Red."),
    sources=(LOVE_PARADE, APPEALS),
)
def rejected_without_reasons(context: Context) -> Iterator[Found]:
    """Yields a finding for every warning rejected without an answer in words."""
    for warning in warnings_of(context):
        if warning.state == "rejected" and not warning.answer:
            yield Found(subject=warning_subject(warning), severity="red")


@rule(
    "WARN-003",
    title=N_("A warning answered after the event"),
    says=N_("The warning “{subject}” was or will be answered on {answered}, after the event on {day}."),
    do=N_("Answer the warning “{subject}” before {day}."),
    why=N_("An answer after the event protects the files, not the people."),
    severity=N_("Red."),
    sources=(LOVE_PARADE,),
)
def answered_too_late(context: Context) -> Iterator[Found]:
    """Yields a finding for every warning from before the event that was answered after its first day."""
    day = _first_day(context)
    for warning in warnings_of(context):
        answered, received = warning.answered_date, warning.received_date
        if day is None or answered is None or (received is not None and received > day):
            continue
        if answered > day:
            facts = {"answered": day_shown(answered), "day": day_shown(day)}
            yield Found(subject=warning_subject(warning), severity="red", facts=facts)


def _first_day(context: Context) -> date | None:
    first = context.event.doors_open_at or context.event.starts_at
    return first.date() if first is not None else None


@rule(
    "WARN-004",
    title=N_("A warning answered with words only"),
    says=N_("The warning “{subject}” was answered; nothing says that anything was done."),
    do=N_("Write what was done about “{subject}”, or why nothing needs to be."),
    why=N_("Letters are answered by offices; dangers are removed by people with a task and a date."),
    severity=N_("Info."),
    sources=(LOVE_PARADE,),
)
def answered_without_deed(context: Context) -> Iterator[Found]:
    """Yields a finding for every warning that was answered but not acted on."""
    for warning in warnings_of(context):
        if warning.state == "answered":
            yield Found(subject=warning_subject(warning), severity="info")


@rule(
    "WARN-005",
    title=N_("A warning answered late"),
    says=N_("The warning “{subject}” was answered after {measured} days; the law gives {limit}."),
    do=N_("Tell whoever warned why “{subject}” took so long, and check that nothing was decided meanwhile."),
    why=N_(
        "While a warning waits, contracts are signed and stages built, and acting on it gets dearer every day."
    ),
    severity=N_("Amber, in Uzbekistan."),
    unit="days",
    sources=(APPEALS,),
)
def slowly_answered(context: Context) -> Iterator[Found]:
    """Yields a finding for every warning answered later than the law on appeals allows."""
    if not is_uzbek(context):
        return
    limit_days = float(get_parameter("appeal_answer_days").value)
    for warning in warnings_of(context):
        if warning.received_date is None or warning.answered_date is None:
            continue
        days = (warning.answered_date - warning.received_date).days
        if days > limit_days:
            yield Found(
                subject=warning_subject(warning),
                severity="amber",
                measured=Range.exactly(days),
                limit=Range.exactly(limit_days),
                ratio=Range.exactly(days / limit_days),
            )
