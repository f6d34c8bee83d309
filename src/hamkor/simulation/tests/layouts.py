# SPDX-License-Identifier: Apache-2.0
"""Layouts built by hand: single doors, and round stadiums of any size."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from hamkor.simulation.rules.layout import Direction, Layout, Link, Place

FLOW_PER_M_S = 1.3


def layout_of(places: Iterable[Place], links: Iterable[Link], direction: Direction = "egress") -> Layout:
    """Returns a layout of places and links."""
    return Layout(
        direction=direction,
        profile_id="green-guide-2018",
        places={place.id: place for place in places},
        links={link.id: link for link in links},
    )


def door(name: str, tail: str, head: str, rate_per_s: float | None, **more: Any) -> Link:
    """Returns an opening used from tail to head."""
    return Link(id=name, kind="opening", tail=tail, head=head, forward=True, rate_per_s=rate_per_s, **more)


def room(people: float, rate_per_s: float, *, area_m2: float = 400.0) -> Layout:
    """Returns one room with one door."""
    return layout_of(
        [Place(id="hall", area_m2=area_m2, people=people)], [door("door", "hall", "outside", rate_per_s)]
    )


def stadium(
    people: float,
    gates: int = 16,
    *,
    sectors: int | None = None,
    gate_m: float = 2.5,
    radius_m: float = 110.0,
    direction: Direction = "egress",
    is_drawn: bool = True,
) -> Layout:
    """Returns a round stadium: sectors around a pitch, a concourse in as many parts, gates to the outside.

    Args:
        people: In all sectors together.
        gates: Evenly around.
        sectors: Twice as many as gates unless given; each has two stairways to the concourse.
        gate_m: Width of a gate.
        radius_m: Radius of the outer wall.
        direction: Ingress turns all links but those along the concourse around.
        is_drawn: With lines in metres.
    """
    count = sectors or 2 * gates
    is_in = direction == "ingress"
    places, links = [], []
    inner, outer = radius_m - 30, radius_m - 12
    step = 2 * math.pi / count
    for index in range(count):
        angle = (index + 0.5) * step
        places.append(
            Place(id=f"sector-{index:02}", area_m2=_ring_m2(count, 45, inner), people=people / count)
        )
        places.append(Place(id=f"ring-{index:02}", area_m2=_ring_m2(count, inner, outer)))
        links += _stairways(index, angle, step=step, inner=inner, is_in=is_in, is_drawn=is_drawn)
        border = (index + 1) * step
        links.append(
            _link(
                f"along-{index:02}",
                (f"ring-{index:02}", f"ring-{(index + 1) % count:02}"),
                10.0,
                ((inner + outer) / 2, border),
                is_drawn,
                backward=True,
            )
        )
    for gate in range(gates):
        index = int(gate * count / gates)
        ends = (f"ring-{index:02}", "outside")
        links.append(
            _link(
                f"gate-{gate + 1}",
                ends[::-1] if is_in else ends,
                gate_m,
                (radius_m - 6, (index + 0.5) * step),
                is_drawn,
            )
        )
    return layout_of(places, links, direction)


def _stairways(
    index: int, angle: float, *, step: float, inner: float, is_in: bool, is_drawn: bool
) -> list[Link]:
    """Returns the two stairways of a sector."""
    ends = (f"sector-{index:02}", f"ring-{index:02}")
    return [
        _link(
            f"stairs-{index:02}{name}",
            ends[::-1] if is_in else ends,
            4.0,
            (inner, angle + side * step / 4),
            is_drawn,
            surface="stairs",
        )
        for name, side in (("a", -1), ("b", 1))
    ]


def _ring_m2(count: int, inner: float, outer: float) -> float:
    return math.pi * (outer**2 - inner**2) / count


def _link(
    name: str, ends: tuple[str, str], width_m: float, at: tuple[float, float], is_drawn: bool, **more: Any
) -> Link:
    radius, angle = at
    line = None
    if is_drawn:
        from shapely import LineString

        x, y = radius * math.cos(angle), radius * math.sin(angle)
        dx, dy = -math.sin(angle) * width_m / 2, math.cos(angle) * width_m / 2
        line = LineString([(x - dx, y - dy), (x + dx, y + dy)])
    rate = width_m * FLOW_PER_M_S * (0.8 if more.get("surface") == "stairs" else 1.0)
    return door(name, *ends, rate, width_m=width_m, line=line, **more)
