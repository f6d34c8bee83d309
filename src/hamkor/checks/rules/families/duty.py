# SPDX-License-Identifier: Apache-2.0
"""DUTY: every duty has exactly one body that answers, a named person and a deputy."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity
from hamkor.checks.rules.naming import agency_names, catalogued, duty_subject, is_vital, listed
from hamkor.checks.rules.registry import rule
from hamkor.common.messages import N_
from hamkor.plans.rules.roster import Duty

# A word for many bodies is no body: what all answer for, nobody answers for.
NOT_A_BODY = frozenset({"all", "pub"})
TAYLOR = "Taylor interim report on Hillsborough, 1989, ch. 9"
ISO_22320 = "ISO 22320:2018, roles and responsibilities"
COORDINATION = "uz-cm-205-2014-p2-coord"
MANCHESTER = "Manchester Arena Inquiry, volume 2, 2022"


@rule(
    "DUTY-001",
    title=N_("No duties are written down"),
    says=N_("The plan of {subject} holds no duties: nothing says who answers for what."),
    do=N_(
        "Write down every duty of the event with the one agency that answers for it (`hamkor duties` lists them)."
    ),
    why=N_(
        "Safety is lost between organisations, not inside them. Where duties are not written, each side "
        "believes that the other has them: at Hillsborough in 1989 club and police each thought the other "
        "filled the pens."
    ),
    severity=N_("Red when the plan is complete or its list of duties is empty."),
    sources=(TAYLOR, ISO_22320, COORDINATION),
)
def no_duties(context: Context) -> Iterator[Found]:
    """Yields a finding when the list of duties is empty, or missing in a complete plan."""
    duties = context.plan.duties
    if duties == () or (duties is None and context.is_complete):
        yield Found(subject=context.event_subject, severity="red")


@rule(
    "DUTY-002",
    title=N_("A duty nobody answers for"),
    says=N_("Nobody answers for “{subject}”."),
    do=N_("Name the one agency that answers for “{subject}”, and have it sign."),
    why=N_(
        "What is nobody's duty is done by nobody. At Hillsborough in 1989 no one was charged with watching how "
        "full the pens were; 97 people died in two of them while others stood half empty."
    ),
    severity=N_(
        "Red when it is known that nobody answers, or a complete plan names nobody; amber for duties after the "
        "event on which no life depends, and when a vital duty of an extract names nobody."
    ),
    sources=(TAYLOR, ISO_22320, COORDINATION),
)
def unowned_duty(context: Context) -> Iterator[Found]:
    """Yields a finding for every duty without an accountable agency."""
    for duty in context.plan.duties or ():
        severity = _unowned_severity(context, duty)
        if severity is not None:
            entry = catalogued(duty)
            norms = entry.norms if entry is not None else duty.norms
            yield Found(subject=duty_subject(duty), severity=severity, sources=norms)


def _unowned_severity(context: Context, duty: Duty) -> Severity | None:
    if duty.accountable:
        return None
    if duty.accountable is None and not context.is_complete:
        return "amber" if is_vital(duty) else None
    return "amber" if duty.phase == "analysis" and not is_vital(duty) else "red"


@rule(
    "DUTY-003",
    title=N_("A duty two bodies answer for"),
    says=N_("{count} agencies answer for “{subject}”: {agencies}."),
    do=N_("Leave one of {agencies} accountable for “{subject}” and list the others as supporting."),
    why=N_(
        "Two owners wait for each other or give contrary orders. Overlapping command between the organiser's "
        "crowd manager and the police preceded the Love Parade disaster of 2010, in which 21 people died."
    ),
    severity=N_("Red when lives depend on the duty, else amber."),
    sources=(ISO_22320, "Helbing and Mukerji 2012 on the Love Parade disaster", COORDINATION),
)
def doubly_owned_duty(context: Context) -> Iterator[Found]:
    """Yields a finding for every duty with more than one accountable agency."""
    for duty in context.plan.duties or ():
        owners = tuple(dict.fromkeys(duty.accountable or ()))
        if len(owners) > 1:
            yield Found(
                subject=duty_subject(duty),
                severity="red" if is_vital(duty) else "amber",
                facts={"agencies": agency_names(owners), "count": len(owners)},
            )


@rule(
    "DUTY-004",
    title=N_("A duty everyone answers for"),
    says=N_("“{subject}” is laid on {agencies}, which is no body that can be held to it."),
    do=N_("Name the one agency that answers for “{subject}”."),
    why=N_("What all answer for, nobody answers for: everyone sees that others could act, and waits."),
    severity=N_("Red when lives depend on the duty, else amber."),
    sources=(ISO_22320, COORDINATION),
)
def duty_of_everyone(context: Context) -> Iterator[Found]:
    """Yields a finding for every duty whose only owner is everybody or the public."""
    for duty in context.plan.duties or ():
        owners = set(duty.accountable or ())
        if owners and owners <= NOT_A_BODY and len(owners) == 1:
            yield Found(
                subject=duty_subject(duty),
                severity="red" if is_vital(duty) else "amber",
                facts={"agencies": agency_names(owners)},
            )


@rule(
    "DUTY-005",
    title=N_("A duty without a person"),
    says=N_("No person is named for “{subject}”."),
    do=N_("Name the person who holds “{subject}” and write down how to reach them."),
    why=N_(
        "An agency cannot be called on the radio, a person can. Inquiries find again and again that an office "
        "was named and nobody knew who sat in it that night."
    ),
    severity=N_(
        "Red when it is known that nobody holds a duty on which lives depend; amber for other duties, and when "
        "a complete plan does not say who holds a vital one."
    ),
    sources=(ISO_22320, MANCHESTER),
)
def duty_without_person(context: Context) -> Iterator[Found]:
    """Yields a finding for every duty that nobody is named for."""
    for duty in context.plan.duties or ():
        if duty.shifts:
            continue
        if duty.person == "none":
            yield Found(subject=duty_subject(duty), severity="red" if is_vital(duty) else "amber")
        elif duty.person is None and context.is_complete and is_vital(duty):
            yield Found(subject=duty_subject(duty), severity="amber")


@rule(
    "DUTY-006",
    title=N_("A duty without a deputy"),
    says=N_("Nobody takes over “{subject}” when its holder is absent."),
    do=N_("Name a deputy for “{subject}” who is at the event and knows it."),
    why=N_(
        "People fall ill, lose their radio or are called away, and the duty goes with them. At the Love Parade "
        "in 2010 the one liaison officer could not be reached, and nobody stood in for him."
    ),
    severity=N_(
        "Red when it is known that nobody takes over a duty the plan calls critical; amber for other duties, "
        "and when several people take turns."
    ),
    sources=(ISO_22320, "Helbing and Mukerji 2012 on the Love Parade disaster"),
)
def duty_without_deputy(context: Context) -> Iterator[Found]:
    """Yields a finding for every duty known to have no deputy, and one for all that do not tell."""
    silent = []
    for duty in context.plan.duties or ():
        takes_turns = len({shift.person for shift in duty.shifts}) > 1  # one can be called for another
        if duty.deputy == "none":
            is_red = duty.critical and not takes_turns
            yield Found(subject=duty_subject(duty), severity="red" if is_red else "amber")
        elif duty.deputy is None and context.is_complete and is_vital(duty) and not takes_turns:
            silent.append(duty)
    if silent:
        names = listed(duty_subject(duty).shown() for duty in silent)
        yield Found(subject=context.part_subject("duties"), severity="amber", facts={"subject": names})


@rule(
    "DUTY-007",
    title=N_("The deputy is the same person"),
    says=N_("“{subject}” has the same person as holder and as deputy."),
    do=N_("Name another person as deputy for “{subject}”."),
    why=N_("A deputy is there for the moment when the holder is not; the same person cannot be."),
    severity=N_("Red when the plan calls the duty critical, else amber."),
    sources=(ISO_22320,),
)
def deputy_is_holder(context: Context) -> Iterator[Found]:
    """Yields a finding for every duty whose deputy is its holder."""
    for duty in context.plan.duties or ():
        if duty.person is not None and duty.person == duty.deputy != "none":
            yield Found(subject=duty_subject(duty), severity="red" if duty.critical else "amber")
