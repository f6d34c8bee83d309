# SPDX-License-Identifier: Apache-2.0
"""A layout as ground people walk on: storeys in metres with walls, doors, stairs, and where everybody stands."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from hamkor.common.messages import N_
from hamkor.simulation.rules.flooring_checks import say_blocked_doors, say_crowding, say_cut_off
from hamkor.simulation.rules.flooring_doors import lay_door, lay_open_side
from hamkor.simulation.rules.flooring_ground import Building, lay_rooms, walkable_of, walled_rooms
from hamkor.simulation.rules.flooring_strips import lay_passage
from hamkor.simulation.rules.floors import Floors, Sheet, Start
from hamkor.simulation.rules.laying import draw_features
from hamkor.simulation.rules.laying_faults import Faults
from hamkor.simulation.rules.laying_limits import laying_limits
from hamkor.simulation.rules.laying_shapes import obstacles_of, polygons_of
from hamkor.simulation.rules.layout import Layout
from hamkor.venues.rules.features import Feature

LEAST_PEOPLE = 0.5


def build_floors(
    layout: Layout, features: Iterable[Feature], *, people: Mapping[str, float] | None = None
) -> Floors:
    """Returns the ground of a venue for a micro-simulation, in metres of the layout's plane.

    Args:
        layout: Places and links of one direction of movement.
        features: The features it was laid out from.
        people: People in each place at the start, such as counts; those of the layout if not given.

    Returns:
        One sheet per storey, and one for each passage above or below other ground of its storey. A passage of that
        kind has several strips with its id. Faults of the layout are not repeated.

    Source: walls, reaches and tolerances `profiles/laying.yaml`.
    """
    by_id, drawing = draw_features(features)
    faults = Faults(by_id)
    counts = {id_: place.people for id_, place in layout.places.items()} if people is None else dict(people)
    if drawing.plane is None or all(place.outline is None for place in layout.places.values()):
        faults.add(
            "nothing-drawn",
            "",
            N_("No area of the venue has an outline."),
            remedy=N_("Single persons need ground to walk on: draw the areas, or use the network of areas."),
            is_fatal=True,
        )
        return Floors(sheets=(), doors=(), faults=faults.listed(), plane=layout.plane)
    building = _build(layout, by_id, drawing.shapes, faults)
    walled = [walled_rooms(storey) for storey in building.storeys]
    sheets = tuple(
        Sheet(level=storey.level, walkable=walkable_of(storey, rooms))
        for storey, rooms in zip(building.storeys, walled, strict=True)
    )
    starts = _make_starts(building, walled, sheets, counts)
    floors = Floors(
        sheets=sheets,
        doors=tuple(building.doors),
        strips=tuple(building.strips),
        starts=starts,
        plane=layout.plane,
    )
    floors = say_cut_off(floors, faults)
    say_crowding(floors, faults)
    say_blocked_doors(floors, faults)
    return Floors(
        sheets=floors.sheets,
        doors=floors.doors,
        strips=floors.strips,
        starts=floors.starts,
        faults=faults.listed(),
        plane=floors.plane,
    )


def _build(layout: Layout, by_id: dict[str, Feature], shapes: dict[str, Any], faults: Faults) -> Building:
    """Returns the rooms of all storeys with the pieces of all ways."""
    import shapely

    standing: dict[float, list[Any]] = {}
    for id_, ground in obstacles_of(by_id, shapes).items():
        level = float(getattr(by_id[id_].properties, "level", 0.0))
        standing.setdefault(level, []).append(ground)
    obstacles = {level: shapely.union_all(grounds) for level, grounds in standing.items()}
    storeys, sheet_of = lay_rooms(layout, obstacles)
    building = Building(
        layout=layout,
        features=by_id,
        faults=faults,
        storeys=storeys,
        obstacles=obstacles,
        sheet_of=sheet_of,
    )
    lay = {"passage": lay_passage, "open_side": lay_open_side}
    for link in layout.links.values():
        if all(building.is_outside(end) for end in (link.tail, link.head)):
            continue
        lay.get(link.kind, lay_door)(building, link)
    return building


def _make_starts(
    building: Building, walled: list[dict[str, Any]], sheets: tuple[Sheet, ...], counts: Mapping[str, float]
) -> tuple[Start, ...]:
    """Returns the ground people stand on at the start; whole numbers that add up to all of them."""
    starts = []
    for place, number in whole_numbers(counts).items():
        sheet = building.sheet_of.get(place)
        if number <= 0:
            continue
        if sheet is None:
            building.faults.add(
                "people-not-drawn",
                place,
                N_("{people} people are in “{name}”, which has no outline."),
                remedy=N_(
                    "Single persons need ground to stand on: draw the area, or use the network of areas."
                ),
                is_fatal=True,
                people=number,
            )
            continue
        body_m = laying_limits().person_width_m / 2
        free = walled[sheet][place].intersection(sheets[sheet].walkable)
        inner = polygons_of(free.buffer(-body_m, join_style="mitre"))
        starts.append(
            Start(place=place, sheet=sheet, ground=free if inner.is_empty else inner, people=number)
        )
    return tuple(starts)


def whole_numbers(counts: Mapping[str, float]) -> dict[str, int]:
    """Returns whole numbers whose sum is that of the counts, rounded; each differs by less than one.

    Args:
        counts: People by place; what is not a number or negative counts as nobody.

    Source: method of the largest remainder (Hare and Niemeyer).
    """
    sound = {id_: count for id_, count in counts.items() if math.isfinite(count) and count > 0}
    result = {id_: math.floor(count) for id_, count in sound.items()}
    missing = round(math.fsum(sound.values())) - sum(result.values())
    order = sorted(sound, key=lambda id_: (result[id_] - sound[id_], id_))
    for id_ in order[: max(0, missing)]:
        result[id_] += 1
    return result
