# SPDX-License-Identifier: Apache-2.0
"""LAW: permit, contract, licence and their days, under the law of Uzbekistan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity
from hamkor.checks.rules.jurisdiction import at_most, is_mass_event
from hamkor.checks.rules.naming import day_shown
from hamkor.checks.rules.papers import (
    GIVEN_STATES,
    MISSING_STATES,
    PAPER_NAMES,
    PENDING_STATES,
    STATE_NAMES,
    first_day,
    last_day,
    legal_of,
    paper_subject,
    papers_of,
    working_days_between,
)
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range
from hamkor.common.messages import N_, Message
from hamkor.events.rules import CONCERT_KINDS, PERHAPS_CONCERT_KINDS, Paper
from hamkor.norms.queries import get_parameter

THREE_CONDITIONS = "uz-cm-205-2014-annex1-three-conditions"
DEFINITION = "uz-cm-205-2014-annex1-def-event"
REVIEW = "uz-svc-permit-review"
PAID_SECURITY = "uz-cm-89-2024-paid"
LICENCE = "uz-zru-668-a21-licence"
NO_ADVERTISING = "uz-cm-205-2014-annex1-no-advertising"
COMMITMENT = "uz-contract-3-4"
LIMITED_PAPERS = frozenset({"permit", "security_contract", "concert_licence"})


def _absence_severity(context: Context, paper: Paper | None, norm_id: str) -> Severity | None:
    """Returns how grave the state of a paper is; None when it is in hand, not needed, or unknown."""
    applies = is_mass_event(context)
    if paper is None or applies is False:
        return None
    if paper.state in MISSING_STATES:
        return at_most("red", norm_id) if applies else "amber"
    return "amber" if paper.state in PENDING_STATES else None


def _absence(context: Context, kind: str, norm_id: str) -> Iterator[Found]:
    paper: Paper | None = getattr(legal_of(context), kind)
    severity = _absence_severity(context, paper, norm_id)
    if paper is not None and severity is not None:
        yield Found(
            subject=paper_subject(kind),
            severity=severity,
            facts={"event": context.event.name, "state": Message(STATE_NAMES[paper.state])},
        )


@rule(
    "LAW-001",
    title=N_("No permit"),
    says=N_("There is no valid permit to hold {event}: {state}."),
    do=N_("Do not hold the event without a permit; apply to the hokimlik in time."),
    why=N_(
        "The permit is the moment when somebody other than the organiser looks at the plan. An event without "
        "one was seen by nobody."
    ),
    severity=N_(
        "Red when it is known that there is none, or it was refused or withdrawn, and at least 100 people are "
        "expected; amber while it is applied for, or when the number of people is unknown."
    ),
    sources=(THREE_CONDITIONS, DEFINITION),
)
def no_permit(context: Context) -> Iterator[Found]:
    """Yields a finding when the permit is known not to be there."""
    yield from _absence(context, "permit", THREE_CONDITIONS)


@rule(
    "LAW-002",
    title=N_("Papers nothing is known of"),
    says=N_("Nothing is known of: {papers}."),
    do=N_("Write the state of each into `legal.yaml`: {papers}."),
    why=N_("The police must check before the event that permit and contract are there."),
    severity=N_("Amber for a complete plan, info for an extract."),
    sources=(THREE_CONDITIONS, "uz-cm-205-2014-p2-control"),
)
def unknown_papers(context: Context) -> Iterator[Found]:
    """Yields one finding for the papers the Rules demand and the plan does not speak of."""
    if is_mass_event(context) is False:
        return
    needed = ["permit", "security_contract"]
    if context.event.kind in CONCERT_KINDS:
        needed.append("concert_licence")
    unknown = [kind for kind in needed if getattr(legal_of(context), kind) is None]
    if unknown:
        yield Found(
            subject=context.part_subject("legal"),
            severity="amber" if context.is_complete else "info",
            facts={"papers": [Message(PAPER_NAMES[kind]) for kind in unknown]},
        )


@rule(
    "LAW-003",
    title=N_("The application comes too late"),
    says=N_(
        "Working days between the application on {applied} and {day}: {measured}; the decision may take {limit}."
    ),
    do=N_("Ask the hokimlik for an early decision, or move the event."),
    why=N_(
        "A permit that comes on the morning of the event was not preceded by any examination, or comes too late."
    ),
    severity=N_(
        "Red when the application is not made before the day of the event, else amber, while it is not decided."
    ),
    unit="working days",
    sources=(REVIEW,),
)
def late_application(context: Context) -> Iterator[Found]:
    """Yields a finding when an application that is not decided was made too late."""
    permit, day = legal_of(context).permit, first_day(context)
    if is_mass_event(context) is False or permit is None or day is None:
        return
    if permit.state != "applied" or permit.applied_date is None:
        return
    limit = float(get_parameter("permit_review_working_days").value)
    days = working_days_between(permit.applied_date, day)
    if days < limit:
        yield Found(
            subject=paper_subject("permit"),
            severity=at_most("red", REVIEW) if permit.applied_date >= day else "amber",
            measured=Range.exactly(days),
            limit=Range.exactly(limit),
            ratio=Range.exactly(limit) / Range.exactly(days),
            facts={"applied": day_shown(permit.applied_date), "day": day_shown(day)},
            assumptions=(Message(N_("Monday to Friday were counted, public holidays were not taken out.")),),
        )


@rule(
    "LAW-004",
    title=N_("No security contract"),
    says=N_("The security contract for {event} is not signed: {state}."),
    do=N_("Sign the security contract with the National Guard or the police before the event."),
    why=N_(
        "The contract says who keeps order, with how many, until when. Without it nobody is bound to come."
    ),
    severity=N_(
        "Red when it is known that there is none; amber while it is prepared, or the number of people is unknown."
    ),
    sources=(THREE_CONDITIONS, PAID_SECURITY),
)
def no_security_contract(context: Context) -> Iterator[Found]:
    """Yields a finding when the security contract is known not to be signed."""
    yield from _absence(context, "security_contract", THREE_CONDITIONS)


@rule(
    "LAW-005",
    title=N_("No concert licence"),
    says=N_("The organiser of {event} has no concert licence: {state}."),
    do=N_("Obtain the licence, or let a holder of one organise the concert."),
    why=N_("Concert activity needs a licence of the culture ministry."),
    severity=N_("Red for a concert, amber for a festival or dance party; amber while it is applied for."),
    sources=(LICENCE,),
)
def no_concert_licence(context: Context) -> Iterator[Found]:
    """Yields a finding when a concert is known to have no licence."""
    if context.event.kind not in CONCERT_KINDS | PERHAPS_CONCERT_KINDS:
        return
    for found in _absence(context, "concert_licence", LICENCE):
        is_sure = context.event.kind in CONCERT_KINDS
        yield Found(subject=found.subject, severity=found.severity if is_sure else "amber", facts=found.facts)


@rule(
    "LAW-006",
    title=N_("Advertised or sold before the permit"),
    says=N_("{what} began on {began}, {relation}."),
    do=N_("Stop advertising and sales until the permit is there, and tell the hokimlik."),
    why=N_(
        "Tickets that are sold make a decision. When thousands have paid, nobody dares to refuse, to halve the "
        "number or to move the date."
    ),
    severity=N_("Red while there is no permit; amber when it was granted later."),
    sources=(NO_ADVERTISING,),
)
def too_early_advertising(context: Context) -> Iterator[Found]:
    """Yields a finding for advertising and for sales that began before the permit."""
    legal = legal_of(context)
    permit = legal.permit
    if permit is None or is_mass_event(context) is False or permit.state == "not_needed":
        return
    starts = (
        (N_("Advertising"), legal.advertising_started_date),
        (N_("Ticket sales"), legal.sales_started_date),
    )
    for what, began in starts:
        relation = _relation(permit, began)
        if began is not None and relation is not None:
            is_granted = permit.state in GIVEN_STATES
            yield Found(
                subject=context.event_subject,
                severity="amber" if is_granted else at_most("red", NO_ADVERTISING),
                facts={"what": Message(what), "began": day_shown(began), "relation": relation},
            )


def _relation(permit: Paper, began: date | None) -> Message | None:
    if began is None:
        return None
    if permit.state not in GIVEN_STATES:
        return Message(N_("and there is no permit"))
    if permit.issued_date is None or began >= permit.issued_date:
        return None
    return Message(N_("before the permit of {issued}"), {"issued": day_shown(permit.issued_date)})


@rule(
    "LAW-007",
    title=N_("A paper that has run out"),
    says=N_("The {paper} is valid until {valid}; the event is from {first} to {last}."),
    do=N_("Renew the {paper} before {first}."),
    why=N_("A paper that ran out covers nobody, and is noticed when it is needed."),
    severity=N_(
        "Red when permit, contract or licence run out before the event; amber when they run out during it, and "
        "for insurance."
    ),
    sources=(THREE_CONDITIONS,),
)
def expired_paper(context: Context) -> Iterator[Found]:
    """Yields a finding for every paper that is not valid on all days of the event."""
    first, last = first_day(context), last_day(context)
    if is_mass_event(context) is False or first is None or last is None:
        return
    for held in papers_of(context):
        valid = held.paper.valid_until_date
        if valid is None or valid >= last or held.paper.state not in GIVEN_STATES:
            continue
        is_red = valid < first and held.kind in LIMITED_PAPERS
        yield Found(
            subject=paper_subject(held.kind),
            severity=at_most("red", THREE_CONDITIONS) if is_red else "amber",
            facts={
                "paper": Message(PAPER_NAMES[held.kind]),
                "valid": day_shown(valid),
                "first": day_shown(first),
                "last": day_shown(last),
            },
        )


@rule(
    "LAW-008",
    title=N_("A paper given too late"),
    says=N_("The {paper} is of {given}; the event begins on {first}."),
    do=N_("Have the {paper} in hand at least one working day before {first}."),
    why=N_(
        "The event may begin only when permit and contract are there; and the written commitment that follows "
        "the payment takes a working day of its own."
    ),
    severity=N_(
        "Red when it comes after the first day; amber when no working day is left for the commitment."
    ),
    sources=(THREE_CONDITIONS, COMMITMENT),
)
def late_paper(context: Context) -> Iterator[Found]:
    """Yields a finding for a permit or contract of a day after the event began, or too near before it."""
    first = first_day(context)
    if is_mass_event(context) is False or first is None:
        return
    commitment_days = float(get_parameter("written_commitment_working_days").value)
    for held in papers_of(context):
        given = held.paper.issued_date
        if given is None or held.kind not in {"permit", "security_contract"}:
            continue
        is_after = given > first
        is_tight = held.kind == "security_contract" and working_days_between(given, first) < commitment_days
        if is_after or is_tight:
            yield Found(
                subject=paper_subject(held.kind),
                severity=at_most("red", THREE_CONDITIONS) if is_after else "amber",
                facts={
                    "paper": Message(PAPER_NAMES[held.kind]),
                    "given": day_shown(given),
                    "first": day_shown(first),
                },
            )
