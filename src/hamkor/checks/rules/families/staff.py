# SPDX-License-Identifier: Apache-2.0
"""STAFF: enough people for the crowd, of the right task, trained, confirmed, and with a reserve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity, Subject, judge
from hamkor.checks.rules.naming import agency_name, listed
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import SMALL_CROWD, expects_rivals, expects_violence, is_crowd_below
from hamkor.common.figures import Range, known, total
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.sanitation import services
from hamkor.crowd.rules.stewards import persons_per_steward, stewards_needed
from hamkor.plans.rules.roster import Force

STEWARDING = frozenset({"steward", "security", "volunteer"})
ORDER_KEEPING = frozenset({"police", "guard"})
ROLES = {
    "steward": N_("stewards"),
    "security": N_("security staff"),
    "police": N_("police"),
    "guard": N_("National Guard"),
    "medic": N_("medics"),
    "fire": N_("fire crews"),
    "volunteer": N_("volunteers"),
    "sanitary": N_("sanitary staff"),
    "other": N_("other staff"),
}
# Share of the planned people who are confirmed. A convention of this check: one in twenty may always fall ill; one in
# five is more than the usual reserve of 13 % (uz-practice-navruz-reserve) can fill.
CONFIRMED_RED, CONFIRMED_AMBER = 0.80, 0.95
# From this share of the crowd the drawing counts as the whole event: the rest is rounding and people on the way.
DRAWN_SHARE = 0.9
CONVENTION = "Convention of this check, beside uz-practice-navruz-reserve"
PURPLE_GUIDE = "Purple Guide, crowd management"
ITAEWON = "Itaewon special investigation, 2023"
LOVE_PARADE = "Helbing and Mukerji 2012 on the Love Parade disaster"


def forces_of(context: Context) -> tuple[Force, ...]:
    """Returns every force of the plan."""
    return context.plan.staffing or ()


def force_subject(force: Force) -> Subject:
    """Returns a force as a subject: its role and the agency that sends it."""
    return Subject("force", force.id, None)


def force_shown(force: Force) -> Message:
    """Returns a force for a sentence, such as ``stewards (Organiser)``."""
    role = Message(ROLES[force.role])
    if force.agency is None:
        return role
    return Message(N_("{role} ({agency})"), {"role": role, "agency": agency_name(force.agency)})


def present(force: Force) -> Range | None:
    """Returns how many people of a force are confirmed, else planned; None when unknown."""
    return known(force.confirmed) or known(force.planned)


def serves_crowd(force: Force) -> bool:
    """Returns True for stewards, and for police and guards whose task is known to be the crowd."""
    if force.crowd_task is False:
        return False
    return force.role in STEWARDING or (force.role in ORDER_KEEPING and force.crowd_task is True)


def is_high_risk(context: Context) -> bool:
    """Returns True for rival groups, expected violence, heavy drinking, or the young at a standing stage front.

    Source: Purple Guide, crowd management; see ``hamkor.crowd.rules.stewards``.
    """
    attendance = context.plan.attendance
    composition = attendance.composition if attendance is not None else None
    is_young = composition is not None and composition.audience == "young_adults"
    has_front = any(area.use == "stage_front" for area in context.areas.values())
    return (
        expects_rivals(context)
        or expects_violence(context)
        or context.event.alcohol == "heavy"
        or (is_young and has_front)
    )


@rule(
    "STAFF-001",
    title=N_("Too few people for the crowd"),
    says=N_(
        "One steward for {measured} visitors; {limit} are the most (stewards needed: {needed}, there: {present})."
    ),
    do=N_("Bring {needed} people whose task is the crowd, or admit fewer visitors."),
    why=N_(
        "A crowd is steered by people it can see and hear. With too few of them nobody notices the first who "
        "falls, and nobody can hold a gate."
    ),
    severity=N_(
        "Red in a complete plan when there are more visitors per steward than at a stadium disaster; amber "
        "above 250, or above 100 at high risk. Amber at most in an extract, which may not list everybody; info when "
        "the areas it draws hold less than nine tenths of the crowd, and below 1 000 people at once without high risk."
    ),
    unit="people per steward",
    sources=(PURPLE_GUIDE,),
)
def too_few_stewards(context: Context) -> Iterator[Found]:
    """Yields a finding when there are too many visitors for each person whose task is the crowd."""
    crowd = context.crowd
    numbers = [count for force in forces_of(context) if serves_crowd(force) and (count := present(force))]
    if crowd is None or not numbers:
        return
    ratios, stewards = services().stewards, total(numbers)
    limit = ratios.high_risk_persons if is_high_risk(context) else ratios.general_persons
    per_steward = _per_steward(crowd, stewards)
    if judge(per_steward / limit) is None:
        return
    needed = stewards_needed(crowd.nominal, is_high_risk=is_high_risk(context))
    yield Found(
        subject=context.event_subject,
        severity=_steward_severity(context, is_extreme=per_steward.low > ratios.disaster_persons),
        measured=per_steward,
        limit=Range.exactly(limit),
        ratio=per_steward / limit,
        facts={"needed": needed, "present": stewards.nominal},
        assumptions=(Message(N_("Fixed posts come on top and were not counted.")),),
    )


def _steward_severity(context: Context, *, is_extreme: bool) -> Severity:
    is_small = is_crowd_below(context, SMALL_CROWD) and not is_high_risk(context)
    if is_small or _draws_a_part(context):
        return "info"
    return "red" if context.is_complete and is_extreme else "amber"


def _draws_a_part(context: Context) -> bool:
    """Returns True when the areas of an extract hold far fewer people than the crowd: its stewards may be theirs."""
    held = [context.people_in(area_id) for area_id in context.whole_areas] or _stated_by_area(context)
    if context.is_complete or context.crowd is None or not held or None in held:
        return False
    drawn = total(people for people in held if people is not None)
    return drawn.high < DRAWN_SHARE * context.crowd.low


def _stated_by_area(context: Context) -> list[Range | None]:
    attendance = context.plan.attendance
    return [known(row.people) for row in (attendance.by_area if attendance is not None else None) or ()]


def _per_steward(crowd: Range, stewards: Range) -> Range:
    return Range(
        persons_per_steward(crowd.low, stewards.high),
        persons_per_steward(crowd.nominal, stewards.nominal),
        persons_per_steward(crowd.high, stewards.low),
    )


@rule(
    "STAFF-002",
    title=N_("Fewer people than the plan counts on"),
    says=N_("{force}: {measured} of {limit} planned are confirmed ({percent} %)."),
    do=N_("Find {missing} more, or plan again with those who come."),
    why=N_(
        "A plan is checked with the people on paper and carried out by those who come. At the Love Parade in "
        "2010, 774 of 1 302 stewards were there."
    ),
    severity=N_(
        "Red below 80 % of the planned people, amber below 95 %; amber at most when the reserve fills the gap."
    ),
    unit="people",
    sources=(CONVENTION, "uz-practice-navruz-reserve", LOVE_PARADE),
)
def shortfall(context: Context) -> Iterator[Found]:
    """Yields a finding for every force of which too few are confirmed."""
    for force in forces_of(context):
        planned, confirmed = known(force.planned), known(force.confirmed)
        if planned is None or confirmed is None or planned.low <= 0:
            continue
        severity = _shortfall_severity(confirmed, planned, known(force.reserve))
        if severity is not None:
            yield Found(
                subject=force_subject(force),
                severity=severity,
                measured=confirmed,
                limit=planned,
                ratio=planned / confirmed,
                facts={
                    "force": force_shown(force),
                    "percent": round(100 * confirmed.nominal / planned.nominal),
                    "missing": round(planned.nominal - confirmed.nominal),
                },
            )


def _shortfall_severity(confirmed: Range, planned: Range, reserve: Range | None) -> Severity | None:
    share = confirmed / planned
    if share.low >= CONFIRMED_AMBER:
        return None
    is_filled = reserve is not None and confirmed.low + reserve.low >= planned.high
    return "red" if share.high < CONFIRMED_RED and not is_filled else "amber"


@rule(
    "STAFF-003",
    title=N_("Forces that do not watch the crowd"),
    says=N_("The task of {forces} is something else than the crowd."),
    do=N_("Give a part of {forces} the crowd as their written task: density, gates, approaches."),
    why=N_(
        "In Itaewon in 2022 there were 137 police officers, sent mainly against crime. They did what they were "
        "sent for, and nobody watched the alley."
    ),
    severity=N_(
        "When no force that keeps order has the crowd as its task: red in a complete plan for 1 000 people or more, "
        "else amber. Info when others have it."
    ),
    sources=(ITAEWON,),
)
def other_task(context: Context) -> Iterator[Found]:
    """Yields one finding for the forces that keep order and are known to have another task than the crowd."""
    guarding = [item for item in forces_of(context) if item.role in STEWARDING | ORDER_KEEPING]
    elsewhere = [item for item in guarding if item.crowd_task is False]
    if elsewhere:
        yield Found(
            subject=context.part_subject("staffing"),
            severity=_other_task_severity(context, is_all=len(elsewhere) == len(guarding)),
            facts={"forces": _shown(elsewhere)},
        )


def _other_task_severity(context: Context, *, is_all: bool) -> Severity:
    if not is_all:
        return "info"
    return "red" if context.is_complete and not is_crowd_below(context, SMALL_CROWD) else "amber"


def _shown(forces: Iterable[Force]) -> list[object]:
    return listed(force_shown(force) for force in forces)


@rule(
    "STAFF-004",
    title=N_("People who do not know the venue"),
    says=N_("Not trained for this venue: {forces}."),
    do=N_(
        "Walk {forces} through the venue and their posts before the doors open, with the signs and the words to use."
    ),
    why=N_(
        "In an emergency people do what they have done before. Who has never seen the exit cannot send others there."
    ),
    severity=N_("Amber."),
    sources=(PURPLE_GUIDE, "HSG154 Managing crowds safely (HSE)"),
)
def untrained_force(context: Context) -> Iterator[Found]:
    """Yields one finding for the forces known not to be trained for the venue."""
    untrained = [force for force in forces_of(context) if force.trained is False]
    if untrained:
        facts = {"forces": _shown(untrained)}
        yield Found(subject=context.part_subject("staffing"), severity="amber", facts=facts)
