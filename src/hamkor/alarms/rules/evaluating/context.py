# SPDX-License-Identifier: Apache-2.0
"""What an evaluator must know of the venue: numbers of zones, which way leads where, what a device watches."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import msgspec

from hamkor.alarms.rules.alarms import SubjectKind
from hamkor.common.figures import known
from hamkor.plans.rules.plan import Plan
from hamkor.venues.rules.features import OUTSIDE, Area, Device, Opening, Passage, Structure, Turnstiles

EVENT = "event"


class Way(msgspec.Struct, frozen=True):
    """Where people go who are counted in, and whom they leave.

    Args:
        gains: Zones with one person more, the largest last.
        loses: Zones with one person less.
    """

    gains: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The venue as an evaluator sees it.

    Args:
        capacities: Number of people by zone; ``event`` for the event as a whole.
        ways: Openings, passages and turnstiles.
        kinds: Kind of subject by feature; readings about features that are not here are about their device.
        covers: Zones a device of the drawing watches.
        devices: Registered devices, with the feature each stands at or watches, or None.
        counts: People by zone when the evaluator starts.
    """

    capacities: dict[str, float] = {}
    ways: dict[str, Way] = {}
    kinds: dict[str, SubjectKind] = {}
    covers: dict[str, tuple[str, ...]] = {}
    devices: dict[str, str | None] = {}
    counts: dict[str, float] = {}


def context_of_plan(
    plan: Plan, *, devices: dict[str, str | None] | None = None, counts: dict[str, float] | None = None
) -> Context:
    """Returns the venue of a plan as an evaluator sees it.

    Args:
        plan: The plan.
        devices: Registered devices with their features; the devices of the drawing do not report by themselves.
        counts: People by zone now, when it is known.
    """
    features = plan.venue.features if plan.venue is not None else ()
    areas = {each.id: each.properties for each in features if isinstance(each.properties, Area)}
    found: dict[str, SubjectKind] = {EVENT: "event"}
    ways: dict[str, Way] = {}
    covers: dict[str, tuple[str, ...]] = {}
    for feature in features:
        match feature.properties:
            case Area():
                found[feature.id] = "zone"
            case Opening() | Passage() | Turnstiles() as way:
                found[feature.id] = "opening"
                ways[feature.id] = way_between(areas, way.from_, way.to)
            case Device() as device:
                found[feature.id] = "device"
                covers[feature.id] = tuple(area for area in device.covers if area in areas)
            case Structure():
                found[feature.id] = "weather"
    return Context(
        capacities=capacities_of(plan),
        ways=ways,
        kinds=found,
        covers=covers,
        devices=devices or {},
        counts=counts or {},
    )


def capacities_of(plan: Plan) -> dict[str, float]:
    """Returns the number of people of each zone that has one, and of the event.

    Notes:
        The lowest of what the plan states, what was assessed, the usable seats, and area times certified density;
        of an uncertain figure its lower end. The event: what the permit allows, else the peak of the plan.
    """
    found: dict[str, float] = {}
    for feature in plan.venue.features if plan.venue is not None else ():
        if isinstance(feature.properties, Area):
            numbers = _numbers_of(feature.properties)
            if numbers:
                found[feature.id] = min(numbers)
    if plan.attendance is not None:
        whole = known(plan.attendance.permitted) or known(plan.attendance.peak)
        if whole is not None and whole.low > 0:
            found[EVENT] = whole.low
    return found


def way_between(areas: dict[str, Area], from_: str, to: str) -> Way:
    """Returns who gains and who loses by a person counted in: inwards, where one side is outside.

    Args:
        areas: Areas by id.
        from_: Area on one side.
        to: Area on the other; a way that leads ``outside`` is counted in the other direction.
    """
    if to == OUTSIDE:
        from_, to = to, from_
    gaining, losing = _chain(areas, to), _chain(areas, from_)
    return Way(
        tuple(zone for zone in gaining if zone not in losing),
        tuple(zone for zone in losing if zone not in gaining),
    )


def _chain(areas: dict[str, Area], area_id: str) -> tuple[str, ...]:
    """Returns the area with all it is a part of, the event last; nothing for the world around."""
    chain: list[str] = []
    current: str | None = area_id
    while current is not None and current in areas and current not in chain:
        chain.append(current)
        current = areas[current].part_of
    return (*chain, EVENT) if chain else ()


def _numbers_of(area: Area) -> list[float]:
    figures = [known(area.stated_capacity), known(area.assessed_capacity)]
    numbers = [figure.low for figure in figures if figure is not None]
    seats = known(area.seats)
    if seats is not None:
        unusable = known(area.seats_unusable)
        numbers.append(seats.low - (unusable.high if unusable is not None else 0.0))
    size, density = known(area.usable_area_m2), known(area.standing_density_per_m2)
    if size is not None and density is not None:
        numbers.append(size.low * density.low)
    return [number for number in numbers if number > 0]
