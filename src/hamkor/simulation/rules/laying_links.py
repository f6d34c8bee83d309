# SPDX-License-Identifier: Apache-2.0
"""Openings, passages and turnstiles as links: where they lead in a direction of movement, and how many they pass."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.figures import Range, known
from hamkor.common.messages import N_
from hamkor.crowd.rules.connections import (
    can_pass,
    is_bounded,
    lanes_of,
    one_way_per_min,
    surface_of,
    width_flow_per_min,
)
from hamkor.crowd.rules.profiles import FlowProfile
from hamkor.events.rules import CrowdPhase
from hamkor.simulation.rules.laying_faults import Faults
from hamkor.simulation.rules.laying_limits import laying_limits
from hamkor.simulation.rules.laying_parts import Parts
from hamkor.simulation.rules.laying_shapes import Drawing
from hamkor.simulation.rules.layout import Direction, Link, LinkKind
from hamkor.venues.rules.features import OUTSIDE, Area, Connection, Feature, Opening, Passage, Turnstiles
from hamkor.venues.rules.geometry import MAX_EXTENT_KM

SECONDS_PER_MINUTE = 60.0
METRES_PER_KM = 1000.0
PHASES: dict[Direction, CrowdPhase] = {"ingress": "ingress", "egress": "egress", "evacuate": "emergency"}
OPEN_SUFFIX = "/open"
ABSURD_SAYS = N_("A number of “{name}” cannot be meant. {reason}")
ABSURD_REMEDY = N_("Correct the number.")
STEP_M = 0.05
"""How far along a border its direction at a point is measured."""


class Laying(msgspec.Struct, frozen=True, kw_only=True):
    """What every step of laying out knows.

    Args:
        features: The features by id.
        direction: Which movement.
        profile: Flow profile.
        drawing: Shapes in metres.
        parts: Which areas are places.
        faults: Where faults are said.
        unattended: Connections with a key nobody is posted to turn.
    """

    features: dict[str, Feature]
    direction: Direction
    profile: FlowProfile
    drawing: Drawing
    parts: Parts
    faults: Faults
    unattended: frozenset[str] = frozenset()

    @property
    def phase(self) -> CrowdPhase:
        """The phase of the crowd whose use of the connections counts."""
        return PHASES[self.direction]

    def place_of(self, end: str) -> str | None:
        """Returns the place an end of a connection lies in; None for an unknown one."""
        return OUTSIDE if end == OUTSIDE else self.parts.stands_for.get(end)


def list_connections(laying: Laying) -> dict[str, tuple[Connection, str, str]]:
    """Returns each connection between two different places, with them; says which lead nowhere."""
    found: dict[str, tuple[Connection, str, str]] = {}
    for id_, feature in laying.features.items():
        connection = feature.properties
        if not isinstance(connection, Connection):
            continue
        tail, head = laying.place_of(connection.from_), laying.place_of(connection.to)
        if tail is None or head is None:
            laying.faults.add(
                "unknown-end",
                id_,
                N_("“{name}” leads to “{area}”, which is no area of the drawing."),
                remedy=N_("It was left out. Draw the area, or correct where it leads."),
                area=connection.from_ if tail is None else connection.to,
            )
        elif connection.from_ == connection.to:
            laying.faults.add(
                "leads-to-itself",
                id_,
                N_("“{name}” leads from “{area}” to itself."),
                remedy=N_("It was left out. Say which two areas it joins, or `outside`."),
                area=connection.from_,
            )
        elif tail != head:
            found[id_] = (connection, tail, head)
    return found


def make_links(laying: Laying, connections: Mapping[str, tuple[Connection, str, str]]) -> dict[str, Link]:
    """Returns the links people can use in this direction of movement, by id."""
    links: dict[str, Link] = {}
    for id_, (connection, tail, head) in connections.items():
        link = _make_link(laying, id_, connection, (tail, head))
        if link is not None:
            links[id_] = link
    return links


def open_sides(laying: Laying, places: Mapping[str, Any]) -> dict[str, Link]:
    """Returns a link without limit for each place people may leave, or come to, from all sides."""
    links: dict[str, Link] = {}
    for id_ in places:
        area = laying.features[id_].properties
        if not isinstance(area, Area) or is_bounded(area):
            continue
        link_id = f"{id_}{OPEN_SUFFIX}"
        parent = laying.parts.parents.get(id_)
        links[link_id] = Link(
            id=link_id,
            kind="open_side",
            tail=id_,
            head=parent or OUTSIDE,
            forward=parent is not None or laying.direction != "ingress",
            backward=parent is not None or laying.direction == "ingress",
            level=area.level,
        )
    return links


def _make_link(laying: Laying, id_: str, connection: Connection, ends: tuple[str, str]) -> Link | None:
    """Returns the link of a connection; None when it is shut in this direction or nobody knows what it passes."""
    forward, backward = _ways(laying, id_, connection, ends)
    if not (forward or backward):
        return None
    width_m = _width_of(laying, id_, connection)
    rate_per_s = _rate_of(laying, id_, connection, width_m)
    if rate_per_s is None:
        return None
    is_bank = isinstance(connection, Turnstiles)
    return Link(
        id=id_,
        kind=_kind_of(connection),
        tail=ends[0],
        head=ends[1],
        forward=forward,
        backward=backward,
        width_m=None if is_bank else width_m,
        surface=surface_of(connection),
        length_m=_length_of(laying, id_, connection),
        lanes=lanes_of(connection) if isinstance(connection, Turnstiles) else 0,
        rate_per_s=rate_per_s,
        rate_is_stated=known(connection.capacity_per_h) is not None
        or (isinstance(connection, Turnstiles) and connection.rate_measured),
        arrival_share=connection.arrival_share,
        departure_share=connection.departure_share,
        line=_line_of(laying, id_, connection, width_m),
        level=_level_of(laying, connection, ends[0]),
        queue_area_m2=_queue_area_of(connection),
    )


def _kind_of(connection: Connection) -> LinkKind:
    if isinstance(connection, Turnstiles):
        return "turnstiles"
    return "opening" if isinstance(connection, Opening) else "passage"


def _ways(laying: Laying, id_: str, connection: Connection, ends: tuple[str, str]) -> tuple[bool, bool]:
    """Returns whether people may go forward and backward.

    Notes:
        Where the plan states no use it is one way, in the direction that is needed: to the outside when leaving.
    """
    is_attended = id_ not in laying.unattended and connection.staffed_by != ()
    forward, backward = (
        can_pass(connection, laying.phase, forward=way, is_attended=is_attended) for way in (True, False)
    )
    if laying.phase in connection.use or OUTSIDE not in ends:
        return forward, backward
    is_outward = (ends[1] == OUTSIDE) == (laying.direction != "ingress")
    return forward and is_outward, backward and not is_outward


def _width_of(laying: Laying, id_: str, connection: Connection) -> float | None:
    """Returns the clear width: as stated, else as the gap is drawn."""
    stated = known(connection.clear_width_m)
    if stated is not None:
        return stated.nominal
    shape = laying.drawing.shapes.get(id_)
    if not isinstance(connection, Opening) or shape is None or shape.geom_type != "LineString":
        return None
    if known(connection.capacity_per_h) is None:
        laying.faults.add(
            "width-as-drawn",
            id_,
            N_("Nobody states the clear width of “{name}”."),
            remedy=N_("It was taken as drawn: {width_m} m. Measure it where it is narrowest and state it."),
            width_m=round(shape.length, 2),
        )
    return float(shape.length)


def _rate_of(laying: Laying, id_: str, connection: Connection, width_m: float | None) -> float | None:
    """Returns people per second one way; None, with the reason said, when nobody passes or nobody can tell."""
    if width_m is not None and not 0 <= width_m <= laying_limits().widest_m:
        laying.faults.add(
            "absurd-width",
            id_,
            N_("“{name}” is {width_m} m wide; between 0 and {most_m} m can be meant."),
            remedy=N_("Measure the clear width again and give it in metres."),
            is_fatal=True,
            width_m=width_m,
            most_m=laying_limits().widest_m,
        )
        return None
    try:
        per_min = one_way_per_min(connection, laying.profile)
        if per_min is None and width_m is not None:
            per_min = width_flow_per_min(Range.exactly(width_m), surface_of(connection), laying.profile)
    except HamkorError as error:
        laying.faults.add(
            error.code, id_, ABSURD_SAYS, remedy=ABSURD_REMEDY, is_fatal=True, reason=error.message
        )
        return None
    rate = None if per_min is None else per_min.nominal
    if rate is None:
        laying.faults.add(
            "unknown-width",
            id_,
            N_("Nobody knows how wide “{name}” is."),
            remedy=N_(
                "It was left out: whoever cannot be sure of a way must not count on it. State its clear width."
            ),
        )
        return None
    if rate > 0 and math.isfinite(rate):
        return rate / SECONDS_PER_MINUTE
    laying.faults.add(
        "passes-nobody",
        id_,
        N_("“{name}” lets nobody through: its width, its lanes or its stated rate is zero."),
        remedy=N_("It was left out. Correct its numbers, or say that it is closed."),
    )
    return None


def _length_of(laying: Laying, id_: str, connection: Connection) -> float:
    if not isinstance(connection, Passage):
        return 0.0
    stated = known(connection.length_m)
    if stated is None:
        shape = laying.drawing.shapes.get(id_)
        return float(shape.length) if shape is not None and shape.geom_type == "LineString" else 0.0
    if 0 <= stated.nominal <= MAX_EXTENT_KM * METRES_PER_KM:
        return stated.nominal
    laying.faults.add(
        "absurd-length",
        id_,
        N_("“{name}” is {length_m} m long."),
        remedy=N_("Measure its length again and give it in metres."),
        is_fatal=True,
        length_m=stated.nominal,
    )
    return 0.0


def _queue_area_of(connection: Connection) -> float | None:
    stated = known(connection.queue_area_m2) if isinstance(connection, Turnstiles) else None
    return stated.nominal if stated is not None and 0 < stated.nominal < math.inf else None


def _level_of(laying: Laying, connection: Connection, tail: str) -> float:
    area = laying.features[tail].properties if tail in laying.features else None
    return area.level if isinstance(connection, Passage) and isinstance(area, Area) else connection.level


def _line_of(laying: Laying, id_: str, connection: Connection, width_m: float | None) -> Any:
    """Returns the line of a connection in metres: as drawn; for a point, across the border it lies at."""
    shape = laying.drawing.shapes.get(id_)
    if shape is None or (shape.geom_type == "LineString" and shape.length > STEP_M):
        return shape
    outlines = [
        laying.drawing.shapes[end]
        for end in (connection.from_, connection.to)
        if end in laying.drawing.shapes and laying.drawing.shapes[end].area > 0
    ]
    middle = shape.centroid
    if isinstance(connection, Passage) and len(outlines) > 1:
        return _axis_between(outlines, middle)
    if isinstance(connection, Turnstiles):
        width_m = max(1, lanes_of(connection)) * laying_limits().lane_m
    return line_along_border(outlines, middle, width_m or laying_limits().person_width_m)


def line_along_border(outlines: list[Any], middle: Any, width_m: float) -> Any:
    """Returns a line of the width with its middle at a point, along the nearest border; None without a border."""
    import shapely

    if not outlines:
        return None
    border = min((outline.boundary for outline in outlines), key=lambda line: float(line.distance(middle)))
    line = min(shapely.get_parts(border), key=lambda part: float(part.distance(middle)))
    at = line.project(middle)
    half_m = min(max(width_m / 2, STEP_M), line.length / 4)
    first, last = line.interpolate((at - half_m) % line.length), line.interpolate((at + half_m) % line.length)
    span = math.dist((first.x, first.y), (last.x, last.y))
    if span < STEP_M / 100:
        return None
    east, north = (last.x - first.x) / span * width_m / 2, (last.y - first.y) / span * width_m / 2
    return shapely.LineString([(middle.x - east, middle.y - north), (middle.x + east, middle.y + north)])


def _axis_between(outlines: list[Any], middle: Any) -> Any:
    """Returns the line from the first outline to the second through a point."""
    import shapely
    import shapely.ops

    ends = [shapely.ops.nearest_points(outline, middle)[0] for outline in outlines[:2]]
    points = [(ends[0].x, ends[0].y), (middle.x, middle.y), (ends[1].x, ends[1].y)]
    line = shapely.LineString(points)
    return line if line.length > 0 else None
