# SPDX-License-Identifier: Apache-2.0
"""LAW: the commission's conclusions, alcohol, and the papers of events the Rules do not cover."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity, Subject
from hamkor.checks.rules.jurisdiction import OUTSIDE_THE_RULES, at_most, is_mass_event, is_uzbek
from hamkor.checks.rules.naming import day_shown
from hamkor.checks.rules.papers import (
    GIVEN_STATES,
    MISSING_STATES,
    PAPER_NAMES,
    STATE_NAMES,
    HeldPaper,
    last_day,
    legal_of,
    paper_subject,
    papers_of,
)
from hamkor.checks.rules.registry import rule
from hamkor.common.messages import N_, Message
from hamkor.events.rules import HEADINGS, NEEDED_HEADINGS, Conclusion, latest_conclusions_of
from hamkor.norms.queries import get_parameter

ALCOHOL = "uz-cm-205-2014-annex1-alcohol-radius"
REFUSAL = "uz-svc-permit-refusal-commission"


# The states in which a paper is known to be missing; abroad it is not known whether a licence is needed at all.
NEEDED_ELSEWHERE = {"permit": MISSING_STATES, "concert_licence": frozenset({"refused", "withdrawn"})}


def latest_conclusions(context: Context) -> dict[str, Conclusion]:
    """Returns the last conclusion under each heading: by day, and in the order written where days are missing."""
    return latest_conclusions_of(legal_of(context))


@rule(
    "LAW-020",
    title=N_("The commission has not agreed"),
    says=N_("The conclusion on {heading} is {result}."),
    do=N_("Mend what the conclusion on {heading} names, and have it examined again before the event."),
    why=N_(
        "The conclusion is the last look of those who know fire, disease and structures. Inquiries have found "
        "negative ones in the files of events that were held all the same."
    ),
    severity=N_("Red when it is negative, amber while it is awaited; abroad amber when it is negative."),
    sources=(REFUSAL,),
)
def negative_conclusion(context: Context) -> Iterator[Found]:
    """Yields a finding for every heading whose last conclusion is not positive."""
    applies = is_mass_event(context)
    for heading, item in latest_conclusions(context).items():
        severity = _conclusion_severity(item, applies=applies)
        if severity is not None:
            result = N_("negative") if item.result == "negative" else N_("not there yet")
            yield Found(
                subject=Subject("conclusion", heading),
                severity=severity,
                facts={"heading": Message(HEADINGS[heading]), "result": Message(result)},
            )


def _conclusion_severity(item: Conclusion, *, applies: bool | None) -> Severity | None:
    if item.result == "positive":
        return None
    if item.result == "negative":
        return "amber" if applies is False else at_most("red", REFUSAL)
    return None if applies is False else "amber"


@rule(
    "LAW-021",
    title=N_("Conclusions are missing"),
    says=N_("There is no conclusion on: {headings}."),
    do=N_("Have the commission conclude on: {headings}."),
    why=N_("What the commission did not look at was looked at by nobody outside."),
    severity=N_("Amber for a complete plan without a permit yet, else info."),
    sources=(REFUSAL,),
)
def missing_conclusions(context: Context) -> Iterator[Found]:
    """Yields one finding for the headings without a conclusion."""
    legal = legal_of(context)
    is_silent = legal.conclusions is None and not context.is_complete
    if is_mass_event(context) is False or is_silent:
        return
    held = latest_conclusions(context)
    missing = [Message(HEADINGS[heading]) for heading in NEEDED_HEADINGS if heading not in held]
    if missing:
        is_granted = legal.permit is not None and legal.permit.state in {*GIVEN_STATES, "not_needed"}
        yield Found(
            subject=context.part_subject("legal"),
            severity="amber" if context.is_complete and not is_granted else "info",
            facts={"headings": missing},
        )


@rule(
    "LAW-009",
    title=N_("Alcohol at the event"),
    says=N_(
        "Alcohol is sold or expected at {subject}; at a mass event and within {radius_m} m of it none may be sold."
    ),
    do=N_("Have the sale of alcohol stopped around the venue, and say who checks it."),
    why=N_("Drinking crowds hear less, fall more often and fight sooner; first aid doubles its work."),
    severity=N_("Amber: expected is not yet sold."),
    sources=(ALCOHOL, "uz-cm-205-2014-annex1-alcohol-time"),
)
def alcohol(context: Context) -> Iterator[Found]:
    """Yields a finding when alcohol is sold or expected at a mass event in Uzbekistan."""
    if is_mass_event(context) is not False and context.event.alcohol in {"some", "heavy"}:
        radius_m = get_parameter("alcohol_free_radius_m").value
        yield Found(subject=context.event_subject, severity="amber", facts={"radius_m": radius_m})


@rule(
    "LAW-030",
    title=N_("No valid permit or licence under another law"),
    says=N_("There is no valid {paper} for {event}: {state}."),
    do=N_("Ask the authority of the place whether the event may be held."),
    why=N_(
        "The law of the place decides what is needed. A permit that was refused, withdrawn or ran out is a warning "
        "everywhere: in Santa Maria in 2013 the fire permit of the Kiss nightclub had run out; 242 people died."
    ),
    severity=N_("Amber, for events abroad and those the Rules do not cover."),
    sources=("Law of the place",),
)
def no_permit_elsewhere(context: Context) -> Iterator[Found]:
    """Yields each permit or licence of an event outside the Rules that is known not to be valid."""
    if is_uzbek(context) and context.event.kind not in OUTSIDE_THE_RULES:
        return
    for held in papers_of(context):
        state = _invalidity(context, held) if held.kind in NEEDED_ELSEWHERE else None
        if state is not None:
            facts = {"paper": Message(PAPER_NAMES[held.kind]), "event": context.event.name, "state": state}
            yield Found(subject=paper_subject(held.kind), severity="amber", facts=facts)


def _invalidity(context: Context, held: HeldPaper) -> Message | None:
    """Returns why a paper is not valid on all days of the event; None when it may be, or may not be needed."""
    paper, last = held.paper, last_day(context)
    if paper.state in NEEDED_ELSEWHERE[held.kind]:
        return Message(STATE_NAMES[paper.state])
    is_given = paper.state in GIVEN_STATES
    if not is_given or paper.valid_until_date is None or last is None or paper.valid_until_date >= last:
        return None
    return Message(N_("it is valid only until {day}"), {"day": day_shown(paper.valid_until_date)})
