# SPDX-License-Identifier: Apache-2.0
"""How many people each place holds, and how many are in it at its fullest by the plan."""

from __future__ import annotations

import math
from collections.abc import Mapping

from hamkor.common.figures import known, range_of
from hamkor.common.messages import N_
from hamkor.crowd.rules.density import density_table
from hamkor.crowd.rules.profiles import DEFAULT_PROFILE, load_profile
from hamkor.events.rules import Attendance
from hamkor.simulation.rules.laying_faults import Faults
from hamkor.simulation.rules.laying_limits import laying_limits
from hamkor.simulation.rules.laying_parts import Parts
from hamkor.venues.rules.features import Area

PASSING_USES = frozenset({"street", "concourse", "queue", "backstage", "other"})
"""Areas people pass; in all others they stay."""
LEAST_PEOPLE = 1.0


def crowd_of(attendance: Attendance | None) -> float | None:
    """Returns the most people at once: the stated peak, else the expected number, else the tickets."""
    if attendance is None:
        return None
    for figure in (attendance.peak, attendance.expected, attendance.tickets):
        if figure is not None:
            return range_of(figure).nominal
    return None


def seats_of(area: Area) -> float | None:
    """Returns the seats people may sit on: all, less broken ones and those without a view; None when not a stand."""
    seats = known(area.seats)
    if seats is None:
        return None
    lost = range_of(area.seats_unusable).nominal + range_of(area.seats_restricted_view).nominal
    return max(0.0, seats.nominal - lost)


def sound(number: float | None) -> float | None:
    """Returns a number that can be meant; None for a negative or endless one, and for what is not a number."""
    return number if number is not None and 0 <= number < math.inf else None


def says_room(area: Area) -> bool:
    """Returns True when an area states how many it holds: assessed, stated, or its seats."""
    return not (area.assessed_capacity is None and area.stated_capacity is None and area.seats is None)


def holds_of(area: Area, area_m2: float | None, profile_id: str) -> float | None:
    """Returns the most people a place may hold; None when nothing tells.

    Notes:
        As assessed, else as stated, else its seats, else its area at the highest density: of a crowd that stands by
        the profile where people stay, of a crowd that moves where they pass.
    """
    for figure in (area.assessed_capacity, area.stated_capacity):
        if figure is not None:
            return range_of(figure).nominal
    seats = seats_of(area)
    if seats is not None:
        return seats
    if area_m2 is None:
        return None
    if area.use in PASSING_USES:
        return area_m2 * density_table().max_clearable_density_per_m2
    stated = known(area.standing_density_per_m2)
    if stated is not None and stated.nominal > 0:
        return area_m2 * stated.nominal
    usual = load_profile(profile_id).standing_density_max_per_m2
    return area_m2 * (usual or load_profile(DEFAULT_PROFILE).standing_density_max_per_m2 or 0.0)


def place_people(
    areas: Mapping[str, Area],
    parts: Parts,
    *,
    attendance: Attendance | None,
    holds: Mapping[str, float | None],
    faults: Faults,
) -> dict[str, float]:
    """Returns the people in each place at its fullest; their sum never exceeds the crowd.

    Args:
        areas: Every area by id.
        parts: Which of them are places.
        attendance: The crowd; None when unknown.
        holds: Most people each place may hold, None where unknown.
        faults: Where is said what is missing or cannot be meant.
    """
    crowd = crowd_of(attendance)
    stated = _stated_people(areas, attendance, crowd, faults)
    stated = {id_: _believable(id_, number, faults) for id_, number in stated.items()}
    people = _by_place(stated, parts, holds)
    total = math.fsum(people.values())
    is_crowd_sound = crowd is None or 0 <= crowd <= laying_limits().most_people
    if not is_crowd_sound or total > laying_limits().most_people:
        _say_absurd_total(total if crowd is None or is_crowd_sound else crowd, faults)
        return people
    if crowd is None:
        return people
    if total > crowd:
        return {id_: number * crowd / total for id_, number in people.items()}
    if crowd - total < max(LEAST_PEOPLE, laying_limits().short_share * crowd):
        return people
    return _spread_rest(people, areas, holds, crowd, faults)


def _stated_people(
    areas: Mapping[str, Area], attendance: Attendance | None, crowd: float | None, faults: Faults
) -> dict[str, float]:
    """Returns the people of each area as far as the plan tells."""
    rows = (attendance.by_area if attendance is not None else None) or ()
    stated = {}
    for row in rows:
        if row.area in areas:
            stated[row.area] = range_of(row.people).nominal
        else:
            faults.add(
                "people-in-unknown-area",
                row.area,
                N_("{people} people are expected in “{name}”, which is no area of the drawing."),
                remedy=N_("Draw the area, or correct its id in the attendance by area."),
                is_fatal=True,
                people=range_of(row.people).nominal,
            )
    for id_, area in areas.items():
        if id_ in stated:
            continue
        room = known(area.stated_capacity)
        number = room.nominal if room is not None else seats_of(area)
        if number is None and len(areas) == 1:
            number = crowd
        if number is not None:
            stated[id_] = number if crowd is None else min(number, crowd)
    return stated


def _by_place(
    stated: Mapping[str, float], parts: Parts, holds: Mapping[str, float | None]
) -> dict[str, float]:
    """Returns the people of each place: a whole has those of its merged parts, less those of parts with doors."""
    people = {}
    for place, whole in parts.stands_for.items():
        if place == whole:
            merged = math.fsum(stated.get(id_, 0.0) for id_ in parts.merged_into(place))
            people[place] = max(stated.get(place, 0.0), merged)
    for place in people:
        below = parts.parts_of(place)
        if below:
            _share_out(people, place, below, (stated, parts, holds))
    return people


def _share_out(
    people: dict[str, float],
    place: str,
    below: list[str],
    known_of: tuple[Mapping[str, float], Parts, Mapping[str, float | None]],
) -> None:
    """Moves people of a whole into its parts: those of parts nobody counted, and all when no door leads to the rest."""
    stated, parts, holds = known_of
    rest = max(0.0, people[place] - math.fsum(people[child] for child in below))
    untold = {child: holds.get(child) or 0.0 for child in below if child not in stated}
    taken = min(rest, math.fsum(untold.values()))
    _add_shares(people, untold, taken)
    rest -= taken
    if rest > 0 and place not in parts.named:
        room = {child: holds.get(child) or people[child] for child in below}
        _add_shares(people, room if math.fsum(room.values()) > 0 else dict.fromkeys(below, 1.0), rest)
        rest = 0.0
    people[place] = rest


def _add_shares(people: dict[str, float], weights: Mapping[str, float], number: float) -> None:
    whole = math.fsum(weights.values())
    for id_, weight in weights.items():
        people[id_] += number * weight / whole if whole > 0 else 0.0


def _believable(id_: str, number: float, faults: Faults) -> float:
    if math.isfinite(number) and number >= 0:
        return number
    faults.add(
        "absurd-people",
        id_,
        N_("{people} people are said to be in “{name}”."),
        remedy=N_("Give a whole number that is not negative."),
        is_fatal=True,
        people=number,
    )
    return 0.0


def _say_absurd_total(total: float, faults: Faults) -> None:
    faults.add(
        "absurd-crowd",
        "",
        N_("The plan speaks of {people} people at once; from 0 to {most} can be meant."),
        remedy=N_("Check the numbers of the attendance and the capacities of the areas."),
        is_fatal=True,
        people=total,
        most=laying_limits().most_people,
    )


def _spread_rest(
    people: dict[str, float],
    areas: Mapping[str, Area],
    holds: Mapping[str, float | None],
    crowd: float,
    faults: Faults,
) -> dict[str, float]:
    """Returns people with a crowd nobody has placed; if some are placed, the others are left out and counted."""
    total = math.fsum(people.values())
    rest = round(crowd - total)
    if total >= LEAST_PEOPLE:
        faults.add(
            "people-outside-areas",
            "",
            N_("{rest} of {crowd} people are expected in no area of the drawing."),
            remedy=N_("They were left out. Say in the attendance by area where they are."),
            rest=rest,
            crowd=crowd,
        )
        return people
    room = {
        id_: holds.get(id_) or 0.0
        for id_ in people
        if areas[id_].use not in PASSING_USES and areas[id_].stated_capacity is None
    }
    whole = math.fsum(room.values())
    if whole <= 0:
        faults.add(
            "people-outside-areas",
            "",
            N_("Nothing tells where the {crowd} people are."),
            remedy=N_("Say in the attendance by area how many are expected in each."),
            is_fatal=True,
            crowd=crowd,
        )
        return people
    faults.add(
        "people-spread",
        "",
        N_("The plan does not say in which areas its {crowd} people are."),
        remedy=N_(
            "They were spread over the areas people stay in, by the room there. Say it in the attendance by area."
        ),
        crowd=crowd,
    )
    return {id_: crowd * room.get(id_, 0.0) / whole for id_ in people}
