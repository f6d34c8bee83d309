# SPDX-License-Identifier: Apache-2.0
"""Who can get in or out at all: places without a way, storeys without stairs, parts of a drawing that nothing joins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hamkor.common.messages import N_
from hamkor.simulation.rules.laying_links import Laying
from hamkor.simulation.rules.layout import Link, Place
from hamkor.venues.rules.features import OUTSIDE, Area

LEAST_PEOPLE = 0.5
MOST_NAMED = 5
REMEDY = N_("Draw a way, state its width, or correct how the ways are used in this phase.")


def find_reached(links: Iterable[Link], start: str = OUTSIDE, *, is_inward: bool) -> set[str]:
    """Returns the places people can get to from a place, or from which they can get to it.

    Args:
        links: The links.
        start: The place, the outside if not given.
        is_inward: True: places people get to from the start; False: places from which they get to it.
    """
    steps: dict[str, list[str]] = {}
    for link in links:
        if link.forward if is_inward else link.backward:
            steps.setdefault(link.tail, []).append(link.head)
        if link.backward if is_inward else link.forward:
            steps.setdefault(link.head, []).append(link.tail)
    return _walk(steps, start)


def say_unreachable(
    laying: Laying,
    places: Mapping[str, Place],
    links: Mapping[str, Link],
    *,
    joined: Iterable[tuple[str, str]],
) -> None:
    """Says which places have no way in or out in this direction of movement.

    Args:
        laying: What is laid out.
        places: The places.
        links: What people can use in this direction.
        joined: Ends of every connection of the drawing, used in this direction or not.
    """
    reached = find_reached(links.values(), is_inward=laying.direction == "ingress")
    cut_off = [id_ for id_ in places if id_ not in reached and id_ in laying.features]
    pairs = [*joined, *((link.tail, link.head) for link in links.values())]
    if not any(OUTSIDE in (link.tail, link.head) for link in links.values()):
        _say_no_exit(laying, places)
        return
    for group in _groups_of(pairs, places):
        lost = [id_ for id_ in group if id_ in cut_off]
        if not lost or OUTSIDE in group:
            continue
        if _say_level(laying, places, lost) or _say_apart(laying, places, lost):
            cut_off = [id_ for id_ in cut_off if id_ not in lost]
    for id_ in cut_off:
        _say_place(laying, places[id_], is_named=any(id_ in pair for pair in pairs))


def _say_no_exit(laying: Laying, places: Mapping[str, Place]) -> None:
    laying.faults.add(
        "no-exit",
        "",
        N_("No way is open between the venue and the outside in this direction."),
        remedy=REMEDY,
        is_fatal=any(place.people >= LEAST_PEOPLE for place in places.values()),
    )


def _say_level(laying: Laying, places: Mapping[str, Place], lost: list[str]) -> bool:
    """Says that nothing joins a storey to others; returns False when the places lie on several, or on the ground."""
    levels = {places[id_].level for id_ in lost}
    level = next(iter(levels))
    if len(levels) > 1 or all(place.level == level for place in places.values()):
        return False
    others = [id_ for id_, place in places.items() if place.level == level and id_ not in lost]
    if others:
        return False
    people = sum(places[id_].people for id_ in lost)
    laying.faults.add(
        "level-without-stairs",
        lost[0],
        N_("Nothing joins storey {level} to the rest: {names}."),
        remedy=N_("Draw stairs, a ramp or another passage from an area of this storey to one of another."),
        is_fatal=people >= LEAST_PEOPLE,
        level=level,
        names=[laying.faults.name_of(id_) for id_ in lost[:MOST_NAMED]],
    )
    return True


def _say_apart(laying: Laying, places: Mapping[str, Place], lost: list[str]) -> bool:
    """Says that several areas have ways among each other and none to the outside; returns False for a single one."""
    if len(lost) == 1:
        return False
    laying.faults.add(
        "disconnected-drawing",
        lost[0],
        N_("{count} areas have ways among each other but none to the outside: {names}."),
        remedy=N_("Draw the gate or passage that joins them to the rest."),
        is_fatal=sum(places[id_].people for id_ in lost) >= LEAST_PEOPLE,
        count=len(lost),
        names=[laying.faults.name_of(id_) for id_ in lost[:MOST_NAMED]],
    )
    return True


def _say_place(laying: Laying, place: Place, *, is_named: bool) -> None:
    """Says that a place cannot be reached; nothing is said of one that is empty and shut on purpose."""
    is_fatal = place.people >= LEAST_PEOPLE
    area = laying.features[place.id].properties
    is_shell = bool(laying.parts.parts_of(place.id)) or (isinstance(area, Area) and area.use == "backstage")
    if not is_fatal and (is_named or is_shell):
        return
    is_inward = laying.direction == "ingress"
    laying.faults.add(
        "unreachable-area",
        place.id,
        N_("No open way leads from the outside to “{name}”, where {people} people go.")
        if is_inward
        else N_("No open way leads from “{name}” with its {people} people to the outside."),
        remedy=REMEDY if is_fatal else N_("Nobody is expected there; it was left out."),
        is_fatal=is_fatal,
        people=round(place.people),
    )


def _groups_of(pairs: list[tuple[str, str]], places: Mapping[str, Place]) -> list[list[str]]:
    """Returns the places, and the outside, in groups that have ways among each other."""
    steps: dict[str, list[str]] = {}
    for first, second in pairs:
        steps.setdefault(first, []).append(second)
        steps.setdefault(second, []).append(first)
    groups: list[list[str]] = []
    seen: set[str] = set()
    for id_ in (*places, OUTSIDE):
        if id_ not in seen:
            group = _walk(steps, id_)
            seen |= group
            groups.append([place for place in (*places, OUTSIDE) if place in group])
    return groups


def _walk(steps: Mapping[str, list[str]], start: str) -> set[str]:
    reached, ahead = {start}, [start]
    while ahead:
        for place in steps.get(ahead.pop(), ()):
            if place not in reached:
                reached.add(place)
                ahead.append(place)
    return reached
