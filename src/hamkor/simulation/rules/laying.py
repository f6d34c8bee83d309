# SPDX-License-Identifier: Apache-2.0
"""A drawing laid out as places that hold people and links that let them through, with every fault of it named."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from hamkor.common.figures import known
from hamkor.common.messages import N_
from hamkor.crowd.rules.profiles import DEFAULT_PROFILE, load_profile
from hamkor.events.rules import Attendance
from hamkor.simulation.rules.laying_faults import Faults
from hamkor.simulation.rules.laying_limits import laying_limits
from hamkor.simulation.rules.laying_links import Laying, list_connections, make_links, open_sides
from hamkor.simulation.rules.laying_parts import resolve_parts
from hamkor.simulation.rules.laying_people import holds_of, place_people, says_room, sound
from hamkor.simulation.rules.laying_reach import say_unreachable
from hamkor.simulation.rules.laying_routes import chain_routes
from hamkor.simulation.rules.laying_shapes import (
    Drawing,
    cut_overlaps,
    draw_shapes,
    obstacles_of,
    polygons_of,
)
from hamkor.simulation.rules.layout import Direction, Layout, Place
from hamkor.venues.rules.features import Area, Connection, Feature


def lay_out(
    features: Iterable[Feature],
    *,
    direction: Direction,
    attendance: Attendance | None = None,
    profile_id: str = DEFAULT_PROFILE,
    unattended: frozenset[str] = frozenset(),
) -> Layout:
    """Returns the places and links of a venue in one direction of movement.

    Args:
        features: Features of the drawing; those without geometry count by their numbers.
        direction: `ingress`, `egress` or `evacuate`.
        attendance: The crowd and where it is; None: as the areas say.
        profile_id: Flow profile of the rates.
        unattended: Connections with a key nobody is posted to turn: shut for those who leave.

    Returns:
        The layout; its faults name what is wrong with the drawing and what was assumed.

    Raises:
        UnknownProfileError: An unknown profile.

    Source: rates by the profile, see `hamkor.crowd.rules.connections`; tolerances `profiles/laying.yaml`.
    """
    by_id = {feature.id: feature for feature in features}
    faults = Faults(by_id)
    laying = Laying(
        features=by_id,
        direction=direction,
        profile=load_profile(profile_id),
        drawing=draw_shapes(by_id, faults),
        parts=resolve_parts(by_id),
        faults=faults,
        unattended=unattended,
    )
    places = _make_places(laying, attendance)
    connections = list_connections(laying)
    links = make_links(laying, connections) | open_sides(laying, places)
    ways, links = chain_routes(laying, links)
    places |= ways
    say_unreachable(laying, places, links, joined=[(tail, head) for _, tail, head in connections.values()])
    _say_wrong_levels(laying, connections)
    return Layout(
        direction=direction,
        profile_id=profile_id,
        places=places,
        links=links,
        faults=faults.listed(),
        plane=laying.drawing.plane,
    )


def _outlines_of(laying: Laying) -> dict[str, Any]:
    """Returns the outline of each place in metres, no two of a storey overlapping: wholes without their parts."""
    outlines: dict[str, Any] = {}
    levels: dict[str, float] = {}
    for id_, place in laying.parts.stands_for.items():
        area = laying.features[place].properties
        shape = laying.drawing.shapes.get(id_)
        if not isinstance(area, Area) or shape is None or shape.area <= 0:
            continue
        levels[place] = area.level
        outlines[place] = polygons_of(outlines[place].union(shape)) if place in outlines else shape
    return cut_overlaps(outlines, levels, laying.parts.parents, faults=laying.faults)


def _make_places(laying: Laying, attendance: Attendance | None) -> dict[str, Place]:
    """Returns the places with their size, what they hold, and their people."""
    areas = {id_: f.properties for id_, f in laying.features.items() if isinstance(f.properties, Area)}
    outlines = _outlines_of(laying)
    sizes = _sizes_of(laying, areas, outlines)
    holds = _holds_of_places(laying, areas, sizes)
    people = place_people(areas, laying.parts, attendance=attendance, holds=holds, faults=laying.faults)
    places = {}
    for id_, size in sizes.items():
        places[id_] = Place(
            id=id_,
            level=areas[id_].level,
            area_m2=size,
            holds=_allowed(laying, areas[id_], (id_, size, holds[id_]), people[id_]),
            people=people[id_],
            outline=outlines.get(id_),
        )
    return places


def _holds_of_places(
    laying: Laying, areas: Mapping[str, Area], sizes: Mapping[str, float | None]
) -> dict[str, float | None]:
    """Returns what each place holds: a whole that says nothing of itself as much as the parts merged into it."""
    holds: dict[str, float | None] = {}
    for id_, size in sizes.items():
        told = [areas[part] for part in laying.parts.merged_into(id_) if says_room(areas[part])]
        if told and not says_room(areas[id_]):
            holds[id_] = math.fsum(sound(holds_of(part, None, laying.profile.id)) or 0.0 for part in told)
        else:
            holds[id_] = sound(holds_of(areas[id_], size, laying.profile.id))
    for id_ in sizes:
        inside = math.fsum(holds[part] or 0.0 for part in laying.parts.parts_of(id_))
        whole = holds[id_]
        if whole is not None and inside > 0 and says_room(areas[id_]):
            holds[id_] = max(0.0, whole - inside)
    return holds


def _sizes_of(
    laying: Laying, areas: Mapping[str, Area], outlines: Mapping[str, Any]
) -> dict[str, float | None]:
    """Returns the area people can use in each place: as stated, else of the outline without what stands in it."""
    obstacles = obstacles_of(laying.features, laying.drawing.shapes)
    sizes: dict[str, float | None] = {}
    for id_ in dict.fromkeys(laying.parts.stands_for.values()):
        size = _stated_size(areas, (id_, *laying.parts.merged_into(id_)))
        if size is None:
            size = _drawn_size(laying, outlines.get(id_), areas[id_].level, obstacles)
        if size is None or not (math.isfinite(size) and size > 0):
            size = None
            _say_no_size(laying, id_, areas[id_])
        sizes[id_] = size
    return sizes


def _stated_size(areas: Mapping[str, Area], ids: tuple[str, ...]) -> float | None:
    """Returns the usable area a whole states, else the sum its parts state."""
    whole = known(areas[ids[0]].usable_area_m2)
    if whole is not None:
        return whole.nominal
    parts = [sound(part.nominal) for id_ in ids[1:] if (part := known(areas[id_].usable_area_m2)) is not None]
    return math.fsum(part for part in parts if part is not None) if parts else None


def _drawn_size(
    laying: Laying, outline: Any | None, level: float, obstacles: Mapping[str, Any]
) -> float | None:
    if outline is None:
        return None
    for structure, ground in obstacles.items():
        if getattr(laying.features[structure].properties, "level", 0) == level and ground.intersects(outline):
            outline = outline.difference(ground)
    return float(outline.area)


def _say_no_size(laying: Laying, id_: str, area: Area) -> None:
    is_bare = not says_room(area)
    laying.faults.add(
        "area-without-size",
        id_,
        N_("Nobody knows how large “{name}” is: it is not drawn and no usable area is stated."),
        remedy=N_(
            "It was taken to hold any number; no density can be told. Draw it, or state its usable area."
        )
        if is_bare
        else N_(
            "What it holds was taken as stated; no density can be told. Draw it, or state its usable area."
        ),
    )


def _allowed(
    laying: Laying, area: Area, size: tuple[str, float | None, float | None], people: float
) -> float | None:
    """Returns what a place holds, never less than the plan lets in; says when that is too many."""
    id_, area_m2, holds = size
    if holds is None or people <= holds + 1:
        return holds
    most = None if area_m2 is None else area_m2 * laying_limits().most_people_per_m2
    is_fatal = most is not None and people > most
    laying.faults.add(
        "too-many-people",
        id_,
        N_("{people} people are planned for “{name}”, which holds {holds}.")
        if not is_fatal
        else N_("{people} people cannot stand in “{name}”, which has {area_m2} m² and holds {holds}."),
        remedy=N_("They were let in all the same, to show what comes of it. Send fewer there, or make room.")
        if not is_fatal
        else N_("Correct the number of people or the size of the area."),
        is_fatal=is_fatal,
        people=round(people),
        holds=math.floor(holds),
        area_m2=None if area_m2 is None else round(area_m2),
    )
    return people


def _say_wrong_levels(laying: Laying, connections: Mapping[str, tuple[Connection, str, str]]) -> None:
    """Says which openings join two storeys without stairs."""
    for id_, (connection, tail, head) in connections.items():
        ends = [laying.features[end].properties for end in (tail, head) if end in laying.features]
        levels = {end.level for end in ends if isinstance(end, Area)}
        if connection.__struct_config__.tag == "passage" or len(levels) < 2:
            continue
        laying.faults.add(
            "opening-between-levels",
            id_,
            N_("“{name}” is drawn as a door, yet joins storeys {levels}."),
            remedy=N_("People were let through as on the level. Draw stairs or a ramp if there are any."),
            levels=sorted(levels),
        )


def draw_features(features: Iterable[Feature]) -> tuple[dict[str, Feature], Drawing]:
    """Returns the features by id and their shapes in metres, for those who build on a layout.

    Args:
        features: The features of the layout.
    """
    by_id = {feature.id: feature for feature in features}
    return by_id, draw_shapes(by_id, Faults(by_id))
