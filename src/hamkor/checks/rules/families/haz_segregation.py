# SPDX-License-Identifier: Apache-2.0
"""HAZ, rival groups: they are kept apart by something that holds, from the street to the seat."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity
from hamkor.checks.rules.naming import listed
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import expects_rivals, expects_violence
from hamkor.common.figures import known
from hamkor.common.messages import N_, Message
from hamkor.plans.rules.readiness import Segregation

GREEN_GUIDE = "Green Guide, 6th ed. (SGSA, 2018)"
HEYSEL = "Popplewell final report, 1986"
PORT_SAID = "Report of the Egyptian parliament on Port Said, 2012"
SEPARATES_ALONE = frozenset({"structure", "empty_sector"})


def shared_places(segregation: Segregation) -> list[str]:
    """Returns the places that more than one group uses."""
    seen: set[str] = set()
    shared: dict[str, None] = {}
    for places in segregation.groups.values():
        for place in dict.fromkeys(places):
            if place in seen:
                shared[place] = None
            seen.add(place)
    return list(shared)


@rule(
    "HAZ-051",
    title=N_("Nothing keeps rival groups apart"),
    says=N_("{state}: {groups}."),
    do=N_("Put a structure or an empty sector between the groups, from the street to the seats."),
    why=N_(
        "A charge of one group crushes the other against the next wall. At the Heysel in 1985 a wire fence "
        "between the groups gave way; 39 people died."
    ),
    severity=N_(
        "Red when nothing is between them; amber when a complete plan, or one that expects violence, is silent."
    ),
    sources=(GREEN_GUIDE, HEYSEL),
)
def no_barrier(context: Context) -> Iterator[Found]:
    """Yields each pair of groups that nothing, or nothing known, keeps apart."""
    for item in context.plan.segregation or ():
        if item.barrier == "none":
            severity: Severity = "red"
            state = N_("Nothing keeps these groups apart")
        elif item.barrier is None and (context.is_complete or expects_violence(context)):
            severity, state = "amber", N_("It is not said what keeps these groups apart")
        else:
            continue
        yield Found(
            subject=context.subject("segregation", item.id),
            severity=severity,
            facts={"state": Message(state), "groups": list(item.groups)},
        )


@rule(
    "HAZ-052",
    title=N_("Rival groups share an area"),
    says=N_("The groups that must not meet ({groups}) are placed in the same area: {places}."),
    do=N_("Give each group its own areas, and sell tickets accordingly."),
    why=N_(
        "At the Heysel in 1985 tickets of the neutral block were sold to one side, beside the other; 39 people died."
    ),
    severity=N_("Red."),
    sources=(GREEN_GUIDE, HEYSEL),
)
def shared_area(context: Context) -> Iterator[Found]:
    """Yields each segregation in which two groups use one area."""
    for item in context.plan.segregation or ():
        shared = [place for place in shared_places(item) if place in context.areas]
        if shared:
            yield _shared_found(context, item, shared, "red")


def _shared_found(context: Context, item: Segregation, shared: list[str], severity: Severity) -> Found:
    return Found(
        subject=context.subject("segregation", item.id),
        severity=severity,
        facts={
            "groups": list(item.groups),
            "places": listed(context.subject("place", place).shown() for place in shared),
        },
    )


@rule(
    "HAZ-053",
    title=N_("Rival groups share an entrance or a way"),
    says=N_("The groups that must not meet ({groups}) use the same entrances or ways: {places}."),
    do=N_("Give each group its own way and entrance, or bring them at different hours."),
    why=N_("Groups kept apart inside meet in the queue, where there are fewest police and most bottles."),
    severity=N_("Amber."),
    sources=(GREEN_GUIDE,),
)
def shared_entrance(context: Context) -> Iterator[Found]:
    """Yields each segregation in which two groups use one opening, route or other place."""
    for item in context.plan.segregation or ():
        shared = [place for place in shared_places(item) if place not in context.areas]
        if shared:
            yield _shared_found(context, item, shared, "amber")


@rule(
    "HAZ-054",
    title=N_("No empty strip between rival groups"),
    says=N_("Between the groups ({groups}) there is no empty strip."),
    do=N_("Leave an empty strip wide enough that nothing can be handed or thrown across, and staff it."),
    why=N_("A fence within arm's reach of both sides is climbed, shaken and thrown over."),
    severity=N_("Amber, unless a structure or an empty sector lies between them."),
    sources=(GREEN_GUIDE,),
)
def no_sterile_strip(context: Context) -> Iterator[Found]:
    """Yields each segregation known to have no empty strip and no structure between the groups."""
    for item in context.plan.segregation or ():
        width_m = known(item.sterile_width_m)
        if width_m is not None and width_m.high == 0 and item.barrier not in SEPARATES_ALONE | {"none"}:
            yield Found(
                subject=context.subject("segregation", item.id),
                severity="amber",
                facts={"groups": list(item.groups)},
            )


@rule(
    "HAZ-055",
    title=N_("Tickets of one group reach the other"),
    says=N_("Nothing keeps tickets of one group ({groups}) from the other."),
    do=N_(
        "Sell each group's tickets through its own club against a name, and turn back those who hold the wrong ones."
    ),
    why=N_("A barrier divides places, not people: who sits where is decided when the tickets are sold."),
    severity=N_("Amber."),
    sources=(GREEN_GUIDE, HEYSEL),
)
def tickets_not_controlled(context: Context) -> Iterator[Found]:
    """Yields each segregation whose tickets are known not to be controlled."""
    for item in context.plan.segregation or ():
        if item.tickets_controlled is False:
            yield Found(
                subject=context.subject("segregation", item.id),
                severity="amber",
                facts={"groups": list(item.groups)},
            )


@rule(
    "HAZ-056",
    title=N_("Nobody answers for keeping groups apart"),
    says=N_("No agency answers for keeping these groups apart: {groups}."),
    do=N_("Name the one agency that answers for it."),
    why=N_("Club and police each believe the other holds the line, until it breaks."),
    severity=N_("Red when violence is expected; else amber."),
    sources=(GREEN_GUIDE,),
)
def segregation_without_owner(context: Context) -> Iterator[Found]:
    """Yields each segregation for which it is known that nobody answers."""
    for item in context.plan.segregation or ():
        if item.owner == "none":
            yield Found(
                subject=context.subject("segregation", item.id),
                severity="red" if expects_violence(context) else "amber",
                facts={"groups": list(item.groups)},
            )


@rule(
    "HAZ-057",
    title=N_("Rival groups are expected and nothing is planned"),
    says=N_("Rival groups are expected at {subject}, and {state}."),
    do=N_("Plan which group uses which entrance, area and way home, and what lies between them."),
    why=N_(
        "In Port Said in 2012 one side's supporters reached the other's stand after the match while the exits "
        "were shut; more than 70 people died."
    ),
    severity=N_("Red when it is known that nothing is planned; amber when the plan is not known."),
    sources=(GREEN_GUIDE, PORT_SAID),
)
def rivals_without_plan(context: Context) -> Iterator[Found]:
    """Yields a finding when rivals are expected and the plan keeps nobody apart."""
    if context.plan.segregation or not expects_rivals(context):
        return
    is_known = context.plan.segregation == () or context.is_complete
    state = (
        N_("the plan keeps nobody apart") if is_known else N_("nothing is known of how they are kept apart")
    )
    yield Found(
        subject=context.event_subject,
        severity="red" if is_known else "amber",
        facts={"state": Message(state)},
    )
