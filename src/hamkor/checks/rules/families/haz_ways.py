# SPDX-License-Identifier: Apache-2.0
"""HAZ, knock-outs: a way out that cannot be used, a failed inspection. No good mark elsewhere averages them away."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity
from hamkor.checks.rules.naming import listed
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import SMALL_CROWD, is_crowd_at_least
from hamkor.common.messages import N_, Message
from hamkor.plans.rules.readiness import Inspection
from hamkor.venues.rules.features import Route

MUNICH_FIRE = "Munich guide 2015, fire-safety coefficient: escape routes of 4 exclude the event"
FIRE_RULES = "uz-cm-649-2020"
EQUIPMENT = "uz-cm-205-2014-annex1-venue-equipment"
ITAEWON = "Itaewon special investigation, 2023"
SCOPE = "MVStättVO s. 1: above 1 000 visitors in the open"
VITAL_PURPOSES = frozenset({"evacuation", "emergency_access"})
PURPOSES = {
    "evacuation": N_("a way out of danger"),
    "emergency_access": N_("a way for rescuers"),
    "dispersal": N_("a way people leave by"),
    "approach": N_("a way people come by"),
    "approach_and_dispersal": N_("a way people come and leave by"),
    "circulation": N_("a way inside the venue"),
}
VITAL_FIELDS = frozenset({"fire", "structure", "exits"})
FIELDS = {
    "fire": N_("fire safety"),
    "structure": N_("structures"),
    "electrical": N_("electricity"),
    "sanitary": N_("sanitary conditions"),
    "exits": N_("exits"),
    "barriers": N_("barriers"),
    "communications": N_("communications"),
    "medical": N_("medical cover"),
    "other": N_("other matters"),
}


@rule(
    "HAZ-011",
    title=N_("A way that must stay free cannot be used"),
    says=N_("{subject}, {purpose}, cannot be used."),
    do=N_("Clear or mend {subject} before the doors open, or do not open them."),
    why=N_(
        "A way out that is lost is the one fault nothing else makes good: not more staff, not a better plan. "
        "So it counts alone, whatever the rest of the plan is worth."
    ),
    severity=N_("Red for ways of evacuation and of rescue; amber for the other ways."),
    sources=(MUNICH_FIRE, FIRE_RULES, EQUIPMENT),
)
def unusable_route(context: Context) -> Iterator[Found]:
    """Yields each route that is known not to be usable on the day."""
    for route_id, route in context.routes.items():
        if route.usable is False:
            yield _route_found(context, route_id, route)


def _route_found(context: Context, route_id: str, route: Route) -> Found:
    return Found(
        subject=context.subject("route", route_id),
        severity="red" if route.purpose in VITAL_PURPOSES else "amber",
        facts={"purpose": Message(PURPOSES[route.purpose])},
    )


@rule(
    "HAZ-012",
    title=N_("A way that must stay free is obstructed"),
    says=N_("Goods, vehicles, fences or stalls stand in {subject}, {purpose}, during the event."),
    do=N_("Clear {subject} and name who keeps it clear."),
    why=N_(
        "A crowd presses on what stands in its way and falls over it. Fences and parked cars narrowed the ramp "
        "of the Love Parade in 2010."
    ),
    severity=N_("Red for ways of evacuation and of rescue; amber for the other ways."),
    sources=(MUNICH_FIRE, FIRE_RULES, "Helbing and Mukerji 2012 on the Love Parade disaster"),
)
def obstructed_route(context: Context) -> Iterator[Found]:
    """Yields each route in which something stands; doors and passages are told by the rules on egress."""
    for route_id, route in context.routes.items():
        if route.obstructed and route.usable is not False:
            yield _route_found(context, route_id, route)


@rule(
    "HAZ-016",
    title=N_("Nobody keeps a way clear"),
    says=N_("Nobody keeps {subject} clear, {purpose}."),
    do=N_("Name the post that keeps {subject} clear from the opening of the doors to the end."),
    why=N_(
        "A way of which nobody is in charge fills with people, stalls and cars. In Itaewon in 2022 rescue reached "
        "the alley late because the roads around it were full of people."
    ),
    severity=N_(
        "Amber for ways of evacuation and of rescue, from 1 000 people at once, when it is known that nobody does; "
        "info when the way is stated to be usable on the day."
    ),
    sources=(FIRE_RULES, ITAEWON, SCOPE),
)
def unkept_route(context: Context) -> Iterator[Found]:
    """Yields each vital route that can be used and that is known to be kept clear by nobody."""
    if not is_crowd_at_least(context, SMALL_CROWD):
        return
    for route_id, route in context.routes.items():
        is_free = route.usable is not False and not route.obstructed
        if is_free and route.kept_clear_by == () and route.purpose in VITAL_PURPOSES:
            yield Found(
                subject=context.subject("route", route_id),
                severity="info" if route.usable else "amber",
                facts={"purpose": Message(PURPOSES[route.purpose])},
            )


@rule(
    "HAZ-013",
    title=N_("An inspection failed and the faults are not mended"),
    says=N_("{what} failed the inspection ({field}){faults}; nothing shows that this was mended in time."),
    do=N_("Mend the faults and have them examined again before the doors open, or do not open them."),
    why=N_(
        "Somebody competent looked and said no. At most disasters of buildings and stands the fault had been "
        "written down before."
    ),
    severity=N_("Red."),
    sources=(FIRE_RULES, EQUIPMENT),
)
def failed_inspection(context: Context) -> Iterator[Found]:
    """Yields each failed inspection whose faults were not proved mended before the event."""
    for inspection in context.plan.inspections or ():
        if inspection.result == "failed" and not is_mended(context, inspection):
            yield _inspection_found(context, inspection, "red")


def is_mended(context: Context, inspection: Inspection) -> bool:
    """Returns True when the faults were proved mended before the event begins."""
    if inspection.mended_date is None:
        return False
    starts_at = context.event.starts_at
    return starts_at is None or inspection.mended_date <= starts_at.date()


def _inspection_found(context: Context, inspection: Inspection, severity: Severity) -> Found:
    faults = Message(N_(": {faults}"), {"faults": listed(inspection.faults)}) if inspection.faults else ""
    return Found(
        subject=context.subject("inspection", inspection.id, inspection.subject),
        severity=severity,
        facts={"what": inspection.subject, "field": Message(FIELDS[inspection.field]), "faults": faults},
    )


@rule(
    "HAZ-014",
    title=N_("An inspection was passed only with conditions"),
    says=N_(
        "{what} passed the inspection ({field}) only with conditions{faults}; nothing shows that they were met."
    ),
    do=N_("Show with a date that each condition is met."),
    why=N_("A condition nobody checks is a fault with a stamp on it."),
    severity=N_("Amber."),
    sources=(FIRE_RULES, EQUIPMENT),
)
def conditional_inspection(context: Context) -> Iterator[Found]:
    """Yields each inspection passed with conditions that were not proved met before the event."""
    for inspection in context.plan.inspections or ():
        if inspection.result == "conditional" and not is_mended(context, inspection):
            yield _inspection_found(context, inspection, "amber")


@rule(
    "HAZ-015",
    title=N_("An inspection was not made"),
    says=N_("{what} was not inspected ({field})."),
    do=N_("Have it inspected before the doors open."),
    why=N_("Faults of exits, structures and wiring are found by looking, or by the crowd."),
    severity=N_("Red for fire, structures and exits in a complete plan; else amber."),
    sources=(FIRE_RULES, EQUIPMENT),
)
def inspection_not_done(context: Context) -> Iterator[Found]:
    """Yields each inspection that is known not to have been made."""
    for inspection in context.plan.inspections or ():
        if inspection.result == "not_done":
            is_red = context.is_complete and inspection.field in VITAL_FIELDS
            yield _inspection_found(context, inspection, "red" if is_red else "amber")
