# SPDX-License-Identifier: Apache-2.0
"""HAZ, history: what happened here before, and whether anybody learned from it."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity
from hamkor.checks.rules.naming import listed
from hamkor.checks.rules.registry import rule
from hamkor.common.messages import N_, Message
from hamkor.plans.rules.readiness import PastEvent

TAYLOR = "Taylor interim report on Hillsborough, 1989"
HARM = frozenset({"injuries", "deaths"})
OUTCOMES = {
    "near_miss": N_("nearly ended badly"),
    "injuries": N_("ended with injuries"),
    "deaths": N_("ended with deaths"),
}


@rule(
    "HAZ-041",
    title=N_("An arrangement that failed before is repeated"),
    says=N_("{title} {outcome}, and this event repeats its arrangement unchanged."),
    do=N_("Change what failed, and write down what is different this time."),
    why=N_(
        "The stand that killed at Hillsborough in 1989 had crushed people in 1981 and was filled the same way "
        "at the match of 1988. A near miss is the last cheap lesson."
    ),
    severity=N_("Red after deaths or injuries, amber after a near miss."),
    sources=(TAYLOR,),
)
def arrangement_repeated(context: Context) -> Iterator[Found]:
    """Yields each earlier event with harm or a near miss whose arrangement is known to be repeated."""
    for past in context.plan.history or ():
        if past.outcome in OUTCOMES and past.same_arrangement:
            yield _past_found(context, past, "red" if past.outcome in HARM else "amber")


def _past_found(context: Context, past: PastEvent, severity: Severity) -> Found:
    return Found(
        subject=context.subject("past_event", past.id, past.title),
        severity=severity,
        facts={
            "title": past.title,
            "outcome": Message(OUTCOMES[past.outcome or ""]),
            "lessons": listed(lesson.text for lesson in past.lessons if lesson.done is False),
        },
    )


@rule(
    "HAZ-042",
    title=N_("A lesson was learned and not acted on"),
    says=N_("{title} {outcome}; not done since then: {lessons}."),
    do=N_("Do it before the event, or write down who decided not to, and why."),
    why=N_("A lesson that is written and not done protects nobody, and shows that the danger was known."),
    severity=N_("Red after deaths or injuries, amber after a near miss."),
    sources=(TAYLOR, "ISO 22320:2018"),
)
def lesson_not_done(context: Context) -> Iterator[Found]:
    """Yields each earlier event with harm or a near miss of which a lesson is known not to have been done."""
    for past in context.plan.history or ():
        if past.outcome in OUTCOMES and any(lesson.done is False for lesson in past.lessons):
            yield _past_found(context, past, "red" if past.outcome in HARM else "amber")


@rule(
    "HAZ-043",
    title=N_("It is not known what changed since harm was done"),
    says=N_("{title} {outcome}, and the plan does not say what is different this time."),
    do=N_("Write down what was changed since, and show that it is in place."),
    why=N_("Where people were hurt once they are hurt again, until something is changed on purpose."),
    severity=N_("Amber after deaths, and after injuries in a complete plan; else info."),
    sources=(TAYLOR,),
)
def change_unknown(context: Context) -> Iterator[Found]:
    """Yields each earlier event with harm of which neither the arrangement nor a lesson is spoken of."""
    for past in context.plan.history or ():
        if past.outcome not in HARM or past.same_arrangement is not None:
            continue
        if all(lesson.done is None for lesson in past.lessons):
            is_amber = past.outcome == "deaths" or context.is_complete
            yield _past_found(context, past, "amber" if is_amber else "info")
