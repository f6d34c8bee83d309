# SPDX-License-Identifier: Apache-2.0
"""MED, command and ways: somebody commands, help arrives in minutes, ambulances get through, hospitals know."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.families.med import EMERGENCY_CARE, LEAST_CROWD, MUNICH, TTY_OPINION
from hamkor.checks.rules.findings import Found, Severity
from hamkor.checks.rules.medical_need import needs_command
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import is_crowd_at_least, is_crowd_below
from hamkor.common.figures import Range, known
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.prediction import medical_data

MASS_CASUALTY_CROWD = 10_000.0  # chosen by us: from the size at which a security concept is usual
CROWD_ROUTES = frozenset({"approach", "dispersal", "approach_and_dispersal"})
LOVE_PARADE = "Helbing and Mukerji 2012 on the Love Parade disaster"


@rule(
    "MED-011",
    title=N_("Nobody commands the medical cover"),
    says=N_("{state}."),
    do=N_("Name one medical commander with a deputy, in the joint command post."),
    why=N_(
        "Without a commander ambulances take the nearest patient to the nearest hospital until it is full, and nobody "
        "counts who is still missing."
    ),
    severity=N_(
        "Red when nobody commands and Munich asks for a command post; amber otherwise, or when unknown."
    ),
    sources=(TTY_OPINION, MUNICH),
)
def no_medical_commander(context: Context) -> Iterator[Found]:
    """Yields a finding when nobody commands the medical cover, or a complete plan names nobody."""
    medical = context.plan.medical
    if medical is None or medical.commander not in (None, "none"):
        return
    if medical.commander is None and not context.is_complete:
        return
    is_grave = medical.commander == "none" and needs_command(context)
    state = N_("Nobody commands the medical cover")
    if medical.commander is None:
        state = N_("No commander of the medical cover is named")
    yield Found(
        subject=context.part_subject("medical"),
        severity="red" if is_grave else "amber",
        facts={"state": Message(state)},
    )


@rule(
    "MED-012",
    title=N_("Help comes too late"),
    says=N_("Help needs {measured} min to reach any place; {limit} min are allowed."),
    do=N_(
        "Place helpers so that one reaches every place within {limit} min, and try it with people in the way."
    ),
    why=N_(
        "The brain is harmed after some four minutes without oxygen. A way that takes minutes through an "
        "empty site takes far longer through a crowd."
    ),
    severity=N_(
        "Amber above 4 min (Munich); red above 7 min, the mean at which ambulances reach the gravest calls."
    ),
    unit="min",
    sources=(MUNICH, "NHS England ambulance response standards, category 1"),
)
def slow_response(context: Context) -> Iterator[Found]:
    """Yields a finding when the response time on site exceeds that of Munich."""
    response = known(context.plan.medical.response_min) if context.plan.medical is not None else None
    times = medical_data().response
    if response is None or response.high <= times.on_site_max_min:
        return
    limit = Range.exactly(times.on_site_max_min)
    yield Found(
        subject=context.part_subject("medical"),
        severity="red" if response.low > times.england_c1[0] else "amber",
        measured=response,
        limit=limit,
        ratio=response / limit,
    )


@rule(
    "MED-013",
    title=N_("No way for ambulances"),
    says=N_("{state}."),
    do=N_(
        "Keep one way for ambulances free of people and goods for the whole event, with somebody who guards it."
    ),
    why=N_(
        "In Itaewon in 2022 rescue reached the alley late because the roads around it were full of people. A way that "
        "is not kept is lost exactly when it is needed."
    ),
    severity=N_(
        "Red when there is none or it cannot be used; amber when it is not known or people walk on it, and when there "
        "is none for fewer than 1 000 people at once; info for these when the plan is silent."
    ),
    sources=(TTY_OPINION, EMERGENCY_CARE, "Itaewon special investigation, 2023", LOVE_PARADE),
)
def no_ambulance_route(context: Context) -> Iterator[Found]:
    """Yields a finding when ambulances have no way, or one that is blocked or shared with the crowd."""
    medical = context.plan.medical
    if medical is None:
        return
    verdict = _route_verdict(context, medical.access_route)
    if verdict is not None:
        severity, state, name = verdict
        if medical.access_route in (None, "none") and is_crowd_below(context, LEAST_CROWD):
            severity = "info" if medical.access_route is None else "amber"
        yield Found(
            subject=context.part_subject("medical"),
            severity=severity,
            facts={"state": Message(state, {"route": name})},
        )


def _route_verdict(context: Context, route_id: str | None) -> tuple[Severity, str, object] | None:
    if route_id == "none":
        return "red", N_("No way is kept free for ambulances"), ""
    if route_id is None:
        return ("amber", N_("The plan names no way for ambulances"), "") if context.is_complete else None
    route, name = context.routes.get(route_id), context.subject("route", route_id).shown()
    if route is None:
        return None
    if route.usable is False or route.obstructed:
        return "red", N_("The way for ambulances, {route}, cannot be used"), name
    if route.purpose in CROWD_ROUTES:
        return "amber", N_("The way for ambulances, {route}, is also the way of the crowd"), name
    return None


@rule(
    "MED-014",
    title=N_("No plan for many injured"),
    says=N_("{state}, for {people} people."),
    do=N_(
        "Agree with the ambulance service what happens from the tenth injured on: places, hospitals, who sorts them."
    ),
    why=N_(
        "Cover for single patients breaks down when dozens lie side by side; sorting, transport and lists must be "
        "agreed before."
    ),
    severity=N_("Amber for more than 10 000 people."),
    sources=(TTY_OPINION,),
)
def no_mass_casualty_plan(context: Context) -> Iterator[Found]:
    """Yields a finding when a large crowd has no plan for many injured."""
    medical = context.plan.medical
    if (
        medical is None
        or medical.mass_casualty_plan
        or not is_crowd_at_least(context, MASS_CASUALTY_CROWD + 1)
    ):
        return
    if medical.mass_casualty_plan is None and not context.is_complete:
        return
    state = N_("There is no plan for many injured")
    if medical.mass_casualty_plan is None:
        state = N_("The plan names no plan for many injured")
    people = context.crowd.nominal if context.crowd is not None else 0
    yield Found(
        subject=context.part_subject("medical"),
        severity="amber",
        facts={"state": Message(state), "people": people},
    )


@rule(
    "MED-015",
    title=N_("Hospitals do not know of the event"),
    says=N_("{state}."),
    do=N_(
        "Tell the hospitals the date, the size and the risks of the event, and ask how many patients each takes."
    ),
    why=N_(
        "A hospital that learns of a disaster from the first ambulance has no free theatre and no extra shift."
    ),
    severity=N_("Amber; info below 1 000 people at once."),
    sources=(TTY_OPINION,),
)
def hospitals_not_informed(context: Context) -> Iterator[Found]:
    """Yields a finding when hospitals were not told, or a complete plan does not say that they were."""
    medical = context.plan.medical
    if medical is None or medical.hospitals_informed:
        return
    if medical.hospitals_informed is False:
        state = N_("Hospitals have not been told of the event")
    elif context.is_complete:
        state = N_("It is not said whether hospitals have been told of the event")
    else:
        return
    is_small = is_crowd_below(context, LEAST_CROWD)
    yield Found(
        subject=context.part_subject("medical"),
        severity="info" if is_small else "amber",
        facts={"state": Message(state)},
    )
