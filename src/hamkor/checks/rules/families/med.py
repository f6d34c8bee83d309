# SPDX-License-Identifier: Apache-2.0
"""MED: enough medical cover for the crowd, judged by every table in use; red only below all of them."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity, judge
from hamkor.checks.rules.medical_need import Resource, limit_of, list_needs, shown_needs
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import TINY_CROWD, is_crowd_below
from hamkor.common.figures import Range, known, total
from hamkor.common.messages import N_, Message
from hamkor.plans.rules.services import Medical

MAURER = "Maurer algorithm, common table and variant of 2010"
MUNICH = "Munich guide on medical cover of events, 2015"
HSG195 = "HSG195 The Event Safety Guide, 1999 (withdrawn, still used)"
TTY_OPINION = "uz-inf-commission-tty"
EMERGENCY_CARE = "uz-cm-205-2014-annex1-venue-equipment"
LEAST_TABLES_FOR_RED = 2  # one table alone may be wrong for an event; two that agree are not
LEAST_CROWD = 1000.0  # below it, and above it MVStättVO s. 1 begins, first aid of the venue may be enough
SEVERITY = N_(
    "Red when below every table, read at its favourable end, at least two apply and 1 000 people or more are there; "
    "amber below some."
)


def stated(context: Context, medical: Medical, *names: str) -> Range | None:
    """Returns the sum of the named figures; None when the first is unknown in an extract.

    Notes:
        In a complete plan what is not written does not exist, so it counts as zero.
    """
    figures = [known(getattr(medical, name)) for name in names]
    if figures[0] is None and not context.is_complete:
        return None
    return total(figure for figure in figures if figure is not None)


def _cover(context: Context, resource: Resource, *names: str, worst: Severity = "red") -> Iterator[Found]:
    medical = context.plan.medical
    provided = None if medical is None else stated(context, medical, *names)
    tables = [item for item in list_needs(context) if resource in item.needs]
    needed = limit_of(tables, resource)
    if provided is None or needed is None:
        return
    ratio = needed / provided
    severity = judge(ratio)
    if severity is None:
        return
    is_small = is_crowd_below(context, LEAST_CROWD)
    if worst == "amber" or is_small or len(tables) < LEAST_TABLES_FOR_RED:
        severity = "amber"
    yield Found(
        subject=context.part_subject("medical"),
        severity=severity,
        measured=provided,
        limit=needed,
        ratio=ratio,
        facts={
            "tables": shown_needs(tables, resource),
            "people": context.crowd.nominal if context.crowd is not None else "?",
        },
        assumptions=_assumptions(context),
    )


def _assumptions(context: Context) -> tuple[Message, ...]:
    attendance = context.plan.attendance
    assumed = [
        Message(N_("Every table is read at its favourable end: lowest factor, no unstated circumstance."))
    ]
    if attendance is None or attendance.permitted is None:
        assumed.append(Message(N_("No permitted number is stated; the expected one was taken for it.")))
    return tuple(assumed)


@rule(
    "MED-001",
    title=N_("Too few first-aiders"),
    says=N_("First-aiders, paramedics and nurses for {people} people: {measured}; asked for: {tables}."),
    do=N_(
        "Bring the number of medical helpers to {limit}, or write down who judged fewer to be enough, and why."
    ),
    why=N_(
        "In a crush the first minutes decide: people without breath die within about five. Helpers who are not there "
        "cannot come through the crowd that caused it."
    ),
    severity=SEVERITY,
    unit="people",
    sources=(TTY_OPINION, MAURER, MUNICH, HSG195),
)
def too_few_helpers(context: Context) -> Iterator[Found]:
    """Yields a finding when helpers stay below the tables."""
    yield from _cover(context, "helpers", "first_aiders", "paramedics", "nurses")


@rule(
    "MED-002",
    title=N_("Too few ambulances"),
    says=N_("Ambulances for {people} people: {measured}; asked for: {tables}."),
    do=N_(
        "Bring the number of ambulances at the event to {limit}, or agree in writing where the others wait."
    ),
    why=N_(
        "An ambulance that must come from the city comes through the roads the crowd fills; each transport takes one "
        "away for an hour."
    ),
    severity=SEVERITY,
    unit="ambulances",
    sources=(TTY_OPINION, MAURER, HSG195),
)
def too_few_ambulances(context: Context) -> Iterator[Found]:
    """Yields a finding when ambulances stay below the tables."""
    yield from _cover(context, "ambulances", "ambulances")


@rule(
    "MED-003",
    title=N_("Too few doctors"),
    says=N_("Doctors for {people} people: {measured}; asked for: {tables}."),
    do=N_("Bring the number of doctors at the event to {limit}."),
    why=N_("A doctor on the spot decides who is treated first and who need not go to hospital at all."),
    severity=SEVERITY,
    unit="people",
    sources=(TTY_OPINION, MAURER, MUNICH, HSG195),
)
def too_few_doctors(context: Context) -> Iterator[Found]:
    """Yields a finding when doctors stay below the tables."""
    yield from _cover(context, "doctors", "doctors")


@rule(
    "MED-004",
    title=N_("Too few aid stations"),
    says=N_("Aid stations for {people} people: {measured}; asked for: {tables}."),
    do=N_("Set up aid stations ({limit}), one in each large part of the crowd."),
    why=N_(
        "A dense crowd cuts a site into parts that cannot be crossed; each part needs its own place of help."
    ),
    severity=SEVERITY,
    unit="stations",
    sources=(MAURER, MUNICH),
)
def too_few_stations(context: Context) -> Iterator[Found]:
    """Yields a finding when aid stations stay below the tables."""
    yield from _cover(context, "stations", "aid_stations")


@rule(
    "MED-005",
    title=N_("Too few vehicles for patients who can sit"),
    says=N_("Patient vans for {people} people: {measured}; asked for: {tables}."),
    do=N_("Plan patient vans ({limit}), so that ambulances stay free for the gravest."),
    why=N_(
        "Without them the slightly ill take the ambulances. The tables are known to ask for rather many vans."
    ),
    severity=N_("Amber below some table."),
    unit="vehicles",
    sources=(MAURER,),
)
def too_few_vans(context: Context) -> Iterator[Found]:
    """Yields a finding when a stated number of patient vans stays below the tables."""
    medical = context.plan.medical
    if medical is not None and medical.patient_vans is not None:
        yield from _cover(context, "patient_vans", "patient_vans", worst="amber")


@rule(
    "MED-006",
    title=N_("Too few defibrillators"),
    says=N_("Defibrillators for {people} people: {measured}; asked for: {tables}."),
    do=N_("Place defibrillators ({limit}), each in sight and with somebody who can use it."),
    why=N_("Every minute without a shock takes about a tenth of the chance to survive a cardiac arrest."),
    severity=N_("Amber below the table."),
    unit="devices",
    sources=(MUNICH, "European Resuscitation Council guidelines, 2021"),
)
def too_few_defibrillators(context: Context) -> Iterator[Found]:
    """Yields a finding when defibrillators stay below one per station of the Munich table."""
    yield from _cover(context, "defibrillators", "defibrillators", worst="amber")


@rule(
    "MED-007",
    title=N_("Nobody knows of any medical cover"),
    says=N_("Nothing is stated on medical cover for {subject}{people}."),
    do=N_("Write down first-aiders, ambulances, doctors, aid stations and who commands them."),
    why=N_(
        "Who falls ill in a crowd of thousands is a matter of hours, not of chance; about one in a thousand visitors "
        "needs help at any event."
    ),
    severity=N_(
        "Red in a complete plan for 1 000 people or more, amber for fewer, info below 200; in an extract amber for "
        "1 000 or more, else info."
    ),
    sources=(TTY_OPINION, EMERGENCY_CARE, "Arbon and others, 2001"),
)
def no_medical_part(context: Context) -> Iterator[Found]:
    """Yields a finding when the plan has no medical part."""
    if context.plan.medical is not None:
        return
    crowd = context.crowd
    is_large = crowd is not None and crowd.nominal >= LEAST_CROWD
    severity: Severity = "amber" if is_large else "info"
    if context.is_complete:
        severity = "red" if is_large else "info" if is_crowd_below(context, TINY_CROWD) else "amber"
    people = "" if crowd is None else Message(N_(" and its {people} people"), {"people": crowd.nominal})
    yield Found(subject=context.event_subject, severity=severity, facts={"people": people})
