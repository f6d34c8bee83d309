# SPDX-License-Identifier: Apache-2.0
"""The venue as a simulation walks it: places that hold people, links that let them through, faults of the drawing."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from hamkor.common.messages import Message
from hamkor.crowd.rules.profiles import Surface
from hamkor.venues.rules.features import OUTSIDE

Direction = Literal["ingress", "egress", "evacuate"]
"""Coming in, leaving as planned, leaving at once."""
LinkKind = Literal["opening", "passage", "turnstiles", "open_side"]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """An area people stay in or pass.

    Args:
        id: Id of the area in the drawing.
        level: Storey, 0 the ground.
        area_m2: Area people can use, m²; None when neither stated nor drawn.
        holds: Most people it may hold; None when unknown. A full place lets nobody else in.
        people: People in it at its fullest by the plan: where they go to, or start from; 0 for a place of passing.
        outline: Shapely polygon in metres of the layout's plane, None when it is not drawn.
    """

    id: str
    level: float = 0.0
    area_m2: float | None = None
    holds: float | None = None
    people: float = 0.0
    outline: Any = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An opening, passage or bank of turnstiles as people use it in one direction of movement.

    Args:
        id: Id of the connection in the drawing; `<area>/open` for the open side of an area.
        kind: What it is.
        tail: Place it begins at, or `outside`.
        head: Place it ends at, or `outside`.
        forward: People may go from tail to head in this direction of movement.
        backward: People may go from head to tail; both true: two-way, the rate is shared.
        width_m: Clear width in metres, None when unknown or of no meaning (turnstiles).
        surface: What people walk on where it is narrowest.
        length_m: Way along it in metres; 0 for an opening.
        lanes: Lanes in service of a bank of turnstiles, else 0.
        rate_per_s: People per second in all, one way, by profile or as stated; None: nothing limits it (open side).
        rate_is_stated: The rate was measured or assessed, not computed from the width.
        arrival_share: Share of all arrivals the plan sends this way, None when it does not say.
        departure_share: Share of all departures the plan sends this way, None when it does not say.
        line: Shapely LineString in metres: across the gap of an opening, along the axis of a passage; None: not drawn.
        level: Storey of an opening; the tail's end of a passage.
        queue_area_m2: Area in front where people can wait, m²; None when nobody stated it.
    """

    id: str
    kind: LinkKind
    tail: str
    head: str
    forward: bool
    backward: bool = False
    width_m: float | None = None
    surface: Surface = "level"
    length_m: float = 0.0
    lanes: int = 0
    rate_per_s: float | None = None
    rate_is_stated: bool = False
    arrival_share: float | None = None
    departure_share: float | None = None
    line: Any = None
    level: float = 0.0
    queue_area_m2: float | None = None


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something about the drawing a simulation must know.

    Args:
        code: Stable identifier in kebab case, such as `unreachable-area`.
        is_fatal: True when nothing can be computed until it is mended; False when something was assumed instead.
        feature: Id of the feature it is about, empty for the whole drawing.
        at: Longitude and latitude in degrees of the place, None when nothing is drawn.
        says: What is wrong.
        remedy: How to mend it; for what is not fatal, what was assumed.
    """

    code: str
    is_fatal: bool
    feature: str
    says: Message
    remedy: Message
    at: tuple[float, float] | None = None


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Places and links of a venue in one direction of movement.

    Args:
        direction: Which use of the connections it shows.
        profile_id: Flow profile its rates come from.
        places: By id; `outside` is not among them.
        links: By id; only those somebody can use in this direction.
        faults: What is wrong with the drawing, fatal ones first.
        plane: Metric plane of the outlines (`venues.rules.geometry.MetricPlane`), None when nothing is drawn.
    """

    direction: Direction
    profile_id: str
    places: dict[str, Place]
    links: dict[str, Link]
    faults: tuple[Fault, ...] = ()
    plane: Any = None

    @property
    def people(self) -> float:
        """All people of all places."""
        return sum(place.people for place in self.places.values())

    @property
    def exits(self) -> dict[str, Link]:
        """Links that touch the outside."""
        return {link.id: link for link in self.links.values() if OUTSIDE in (link.tail, link.head)}
