# SPDX-License-Identifier: Apache-2.0
"""EGR-005 and on: each exit can be opened, is clear and wide enough, and none is the only one."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.emptying import areas_with_drawn_way, areas_with_way_out
from hamkor.checks.rules.families.egr import GREEN_GUIDE
from hamkor.checks.rules.findings import Found
from hamkor.checks.rules.flows import LEAST_PEOPLE, exits_of, is_unlocked
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range, known
from hamkor.common.messages import N_
from hamkor.crowd.rules.connections import is_bounded
from hamkor.venues.rules.features import OUTSIDE, Connection, Opening, Passage

# A narrow exit, or a single one, matters once a crowd depends on it: NFPA 101 calls 50 people an assembly.
ASSEMBLY_PEOPLE = 50.0


@rule(
    "EGR-005",
    title=N_("An exit nobody can open"),
    says=N_("{subject} is locked, or needs a key and nobody is posted to turn it; it counts as no exit."),
    do=N_("Unlock {subject} for the whole event, or fit a push bar, or post someone with the key there."),
    why=N_(
        "Locked gates turn a rush into a crush: Bradford 1985, Kanjuruhan 2022, Station and Kiss nightclubs. "
        "An exit counts only if people in a hurry can open it, or someone stands there to do it."
    ),
    severity=N_("Red when people stay in the area it serves; amber when that is not known."),
    sources=(GREEN_GUIDE, "uz-cm-649-2020"),
)
def locked_exit(context: Context) -> Iterator[Found]:
    """Yields a finding for every exit that is locked, or keyed and unstaffed, while people are inside."""
    for connection_id, connection in context.connections.items():
        if is_unlocked(context, connection) or not _is_for_public(context, connection):
            continue
        inside = [end for end in (connection.from_, connection.to) if end != OUTSIDE]
        is_occupied = any(_is_occupied(context, area_id) for area_id in inside)
        yield Found(
            subject=context.subject("opening", connection_id), severity="red" if is_occupied else "amber"
        )


def _is_for_public(context: Context, connection: Connection) -> bool:
    """Returns False for doors of staff: closed to the public in an emergency too, or leading backstage."""
    if connection.use.get("emergency") == "closed" or set(connection.use.values()) == {"closed"}:
        return False
    ends = [context.areas.get(end) for end in (connection.from_, connection.to)]
    return not any(area is not None and area.use == "backstage" for area in ends)


def _is_occupied(context: Context, area_id: str) -> bool:
    people = context.people_in(area_id)
    crowd = context.crowd
    return (people is not None and people.high >= LEAST_PEOPLE) or (people is None and crowd is not None)


@rule(
    "EGR-006",
    title=N_("An exit that stands full of things"),
    says=N_("{subject} is obstructed during the event; in an emergency it counts as no exit."),
    do=N_("Clear {subject} and make one post answer for keeping it clear."),
    why=N_("Goods, parked cars, stalls and fences in an exit take its width exactly when it is needed."),
    severity=N_("Red: an obstructed exit is never acceptable while people are inside."),
    sources=(GREEN_GUIDE, "uz-cm-649-2020"),
)
def obstructed_exit(context: Context) -> Iterator[Found]:
    """Yields a finding for every obstructed opening or passage."""
    for connection_id, connection in context.connections.items():
        if connection.obstructed:
            yield Found(subject=context.subject("opening", connection_id), severity="red")


@rule(
    "EGR-007",
    title=N_("An exit narrower than a route may be"),
    says=N_("{subject} is {measured} m wide; a route for a crowd needs {limit} m."),
    do=N_("Widen {subject}, or do not count on it as a way out."),
    why=N_(
        "Below 1.2 m people cannot walk in two files past a fallen or slow person: flow stops and starts."
    ),
    severity=N_("Amber when a crowd of 50 or more depends on it."),
    unit="m",
    sources=(GREEN_GUIDE,),
)
def narrow_exit(context: Context) -> Iterator[Found]:
    """Yields a finding for every exit of a crowded area that is narrower than the least route width."""
    least_m = context.profile.min_route_width_m
    if least_m is None:
        return
    for connection_id, connection in context.connections.items():
        width_m = known(connection.clear_width_m)
        if not isinstance(connection, (Opening, Passage)) or width_m is None or width_m.high >= least_m:
            continue
        if not _is_for_public(context, connection):
            continue
        crowds = [context.people_in(end) for end in (connection.from_, connection.to) if end != OUTSIDE]
        if any(people is not None and people.nominal >= ASSEMBLY_PEOPLE for people in crowds):
            yield Found(
                subject=context.subject("opening", connection_id),
                severity="amber",
                measured=width_m,
                limit=Range.exactly(least_m),
                ratio=Range.exactly(least_m) / width_m,
            )


@rule(
    "EGR-008",
    title=N_("An area without a way out"),
    says=N_("No exit of {subject} can be used: {people} people would have none."),
    do=N_("Draw and open at least two exits of {subject} that lie apart."),
    why=N_("An area nobody can leave is a trap, whatever its capacity."),
    severity=N_(
        "Red when every way outside that is drawn is closed or locked, or the plan is complete and draws none."
    ),
    sources=(GREEN_GUIDE,),
)
def no_exit(context: Context) -> Iterator[Found]:
    """Yields a finding for every occupied area from which nobody can get outside."""
    reaching = areas_with_way_out(context, "emergency")
    drawn = areas_with_drawn_way(context)
    for area_id in context.areas:
        people = context.people_in(area_id)
        if people is None or people.low < LEAST_PEOPLE or not is_bounded(context.areas[area_id]):
            continue
        if area_id not in reaching and (area_id in drawn or context.is_complete):
            yield Found(
                subject=context.subject("area", area_id),
                severity="red",
                facts={"people": round(people.nominal)},
            )


@rule(
    "EGR-009",
    title=N_("Only one way out"),
    says=N_("{people} people in {subject} have one exit only, {exit}; when it is lost there is none."),
    do=N_("Open a second exit of {subject} that lies apart from {exit}."),
    why=N_(
        "Fire, a fallen person or a fight at the only door closes it. Rooms for more than fifty people need two "
        "ways out that cannot be lost together."
    ),
    severity=N_(
        "Red indoors, and in a complete plan; amber for an extract outdoors, in which exits may be missing."
    ),
    sources=("NFPA 101, number of means of egress", GREEN_GUIDE),
)
def single_exit(context: Context) -> Iterator[Found]:
    """Yields a finding for every area with a crowd and one exit."""
    for area_id, area in context.areas.items():
        people = context.people_in(area_id)
        if people is None or people.low <= ASSEMBLY_PEOPLE or not is_bounded(area):
            continue
        exits = exits_of(context, area_id, "emergency")
        if len(exits) != 1:
            continue
        is_indoors = area.indoors if area.indoors is not None else context.event.setting == "indoors"
        yield Found(
            subject=context.subject("area", area_id),
            severity="red" if is_indoors or context.is_complete else "amber",
            facts={"people": round(people.nominal), "exit": context.subject("opening", exits[0].id).shown()},
        )
