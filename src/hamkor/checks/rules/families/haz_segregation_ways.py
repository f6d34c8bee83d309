# SPDX-License-Identifier: Apache-2.0
"""HAZ, rival groups: no open gate joins their areas, neither straight nor over the pitch."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.families.haz_segregation import GREEN_GUIDE, PORT_SAID
from hamkor.checks.rules.findings import Found, Severity
from hamkor.checks.rules.naming import listed
from hamkor.checks.rules.registry import rule
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.connections import is_bounded, is_direction_open
from hamkor.events.rules import CrowdPhase
from hamkor.plans.rules.readiness import Segregation
from hamkor.venues.rules.features import Connection, Structure

HOLDS = frozenset({"structure", "fence", "empty_sector"})
INSIDE_PHASES: tuple[CrowdPhase, ...] = ("event", "egress")
SHUT_UNTIL_OPENED = frozenset({"staff_key", "automatic"})
Test = Callable[[Connection], bool]


def may_be_open(connection: Connection) -> bool:
    """Returns True when people may pass while the groups are inside or leave, in whichever direction.

    Notes:
        What the plan says of one of the two phases holds for the other when it does not speak of that.
    """
    if connection.release == "locked":
        return False
    return any(
        is_direction_open(connection, phase, forward=forward)
        for phase in _stated_phases(connection) or INSIDE_PHASES
        for forward in (True, False)
    )


def _stated_phases(connection: Connection) -> tuple[CrowdPhase, ...]:
    return tuple(phase for phase in INSIDE_PHASES if phase in connection.use)


def stands_open(connection: Connection) -> bool:
    """Returns True when the plan says that a connection is open then, and nobody is posted to keep it."""
    is_said = connection.release == "open" or bool(_stated_phases(connection))
    return may_be_open(connection) and is_said and not connection.staffed_by


def is_left_open(connection: Connection) -> bool:
    """Returns True when a connection may be open and nothing says that it is shut until somebody opens it."""
    return may_be_open(connection) and (
        bool(_stated_phases(connection)) or connection.release not in SHUT_UNTIL_OPENED
    )


@rule(
    "HAZ-058",
    title=N_("An open way between rival groups"),
    says=N_("Open between groups that must not meet ({groups}): {places}{way}."),
    do=N_("Close and staff them while the groups are inside, with people who can open them in an emergency."),
    why=N_(
        "A gate between two groups is where the line breaks first, and it breaks towards those who cannot leave. In "
        "Port Said in 2012 one side crossed the pitch to the stand of the other; more than 70 people died."
    ),
    severity=N_(
        "Red when the plan says that a gate between the groups, or gates over an enclosed pitch, stand open, nobody is "
        "posted there and no structure, fence or empty sector lies between the groups; else amber. Over another area "
        "than the pitch amber, and only when nothing is said to keep the groups apart."
    ),
    sources=(GREEN_GUIDE, PORT_SAID),
)
def open_way_between(context: Context) -> Iterator[Found]:
    """Yields the open ways between the areas of two groups: straight ones, else those over areas of neither."""
    for item in context.plan.segregation or ():
        side = _side_of_area(context, item)
        if len(set(side.values())) > 1:
            yield from _straight(context, item, side) or _over_others(context, item, side)


def _side_of_area(context: Context, item: Segregation) -> dict[str, str]:
    return {
        place: group for group, places in item.groups.items() for place in places if place in context.areas
    }


def _straight(context: Context, item: Segregation, side: dict[str, str]) -> list[Found]:
    crossing = [
        name
        for name, connection in _connections_at(context, side).items()
        if {connection.from_, connection.to} <= side.keys()
        and side[connection.from_] != side[connection.to]
        and may_be_open(connection)
    ]
    if not crossing:
        return []
    is_red = item.barrier not in HOLDS and any(stands_open(context.connections[name]) for name in crossing)
    return [_found(context, item, places=crossing, over=[], severity="red" if is_red else "amber")]


def _over_others(context: Context, item: Segregation, side: dict[str, str]) -> list[Found]:
    """Returns the way over an enclosed pitch whose gates stand open, else any way that may be open."""
    pitches = [name for name in _neutral(context, side) if context.areas[name].use == "pitch"]
    gates, over = _joining(context, side, pitches, is_open=stands_open)
    if gates:
        severity: Severity = "amber" if item.barrier in HOLDS else "red"
        return [_found(context, item, places=gates, over=over, severity=severity)]
    if item.barrier not in (None, "none"):
        return []
    fenced = {
        name
        for _, line in context.features_of(Structure)
        if line.structure == "barrier"
        for name in line.near
    }
    others = [name for name in _neutral(context, side) if name not in fenced]
    gates, over = _joining(context, side, others, is_open=is_left_open)
    return [_found(context, item, places=gates, over=over, severity="amber")] if gates else []


def _neutral(context: Context, side: dict[str, str]) -> list[str]:
    """Returns the closed areas of no group; in the open the groups meet anyway, gates or not."""
    return [name for name, area in context.areas.items() if name not in side and is_bounded(area)]


def _joining(
    context: Context, side: dict[str, str], neutral: Collection[str], *, is_open: Test
) -> tuple[list[str], list[str]]:
    """Returns the gates by which groups reach each other over neutral areas, and those areas; each seen once."""
    gates: list[str] = []
    over: list[str] = []
    unseen, inside = dict.fromkeys(neutral), set(neutral)
    while unseen:
        region, region_gates = _region(context, next(iter(unseen)), inside, is_open=is_open)
        for name in region:
            unseen.pop(name)
        touching = {name: _group_at(context, side, name) for name in region_gates}
        if len({group for group in touching.values() if group is not None}) > 1:
            gates += [name for name, group in touching.items() if group is not None]
            over += region
    return gates, over


def _region(context: Context, start: str, neutral: set[str], *, is_open: Test) -> tuple[list[str], list[str]]:
    """Returns the neutral areas that open ways join to the first one, and the open ways at their edge."""
    region, edge = {start: None}, dict[str, None]()
    for area_id in (queue := [start]):
        for name, connection in context.connections_at.get(area_id, ()):
            other = connection.to if connection.from_ == area_id else connection.from_
            if not is_open(connection):
                continue
            if other not in neutral:
                edge[name] = None
            elif other not in region:
                region[other] = None
                queue.append(other)
    return list(region), list(edge)


def _group_at(context: Context, side: dict[str, str], name: str) -> str | None:
    connection = context.connections[name]
    return side.get(connection.from_) or side.get(connection.to)


def _connections_at(context: Context, areas: Collection[str]) -> dict[str, Connection]:
    return {name: item for area_id in areas for name, item in context.connections_at.get(area_id, ())}


def _found(
    context: Context, item: Segregation, *, places: list[str], over: list[str], severity: Severity
) -> Found:
    way = Message(N_(" (over {areas})"), {"areas": _shown(context, over)}) if over else ""
    return Found(
        subject=context.subject("segregation", item.id),
        severity=severity,
        facts={"groups": list(item.groups), "places": _shown(context, places), "way": way},
    )


def _shown(context: Context, names: list[str]) -> list[object]:
    return listed(context.subject("place", name).shown() for name in names)
