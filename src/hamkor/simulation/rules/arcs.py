# SPDX-License-Identifier: Apache-2.0
"""A layout as arrays: arcs are uses of links in one direction, turns lead from one arc to the next across a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hamkor.simulation.rules.crossings import spots_within, ways_within_m
from hamkor.simulation.rules.layout import Layout, Link, Place
from hamkor.simulation.rules.network_profile import NetworkProfile, network_profile
from hamkor.venues.rules.features import OUTSIDE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NO_LIMIT_PER_S = 1e6
"""Rate of a link nothing limits."""


@dataclass(frozen=True, kw_only=True)
class Arcs:
    """Places and links of a layout as arrays.

    Args:
        places: Ids of the places in their order; the last index, one beyond, is the outside.
        links: Ids of the links in their order.
        link: Per arc, index of its link.
        is_forward: Per arc, whether it leads from the link's tail to its head.
        tail: Per arc, index of the place it leaves.
        head: Per arc, index of the place it enters.
        partner: Per arc, the arc of the same link the other way, -1 when there is none.
        rate_per_s: Per arc, people per second when used one way.
        along_s: Per arc, walking time along the link.
        turn_from: Per turn, the arc people come from; sorted.
        turn_to: Per turn, the arc they go on by.
        turn_s: Per turn, walking time across the place between.
        start_place: Per start, the place where people stand; sorted.
        start_to: Per start, the arc they leave it by.
        start_s: Per start, walking time from the place to that arc.
        leaves: Per place, the arcs that leave it; the last entry is the outside.
        crossings_s: Per place, walking time between the beginnings of the arcs that leave it.
        spots_s: Per place, walking time from points all over it to the arcs that leave it, (points, arcs); None where
            it is not drawn, or has one way out.
        speed_m_per_s: Walking speed on the level.
    """

    places: tuple[str, ...]
    links: tuple[str, ...]
    link: Ints
    is_forward: NDArray[np.bool_]
    tail: Ints
    head: Ints
    partner: Ints
    rate_per_s: Floats
    along_s: Floats
    turn_from: Ints
    turn_to: Ints
    turn_s: Floats
    start_place: Ints
    start_to: Ints
    start_s: Floats
    leaves: tuple[Ints, ...]
    crossings_s: tuple[Floats, ...]
    spots_s: tuple[Floats | None, ...]
    speed_m_per_s: float

    @property
    def outside(self) -> int:
        """Index of the outside among the places."""
        return len(self.places)

    @property
    def count(self) -> int:
        """Number of arcs."""
        return len(self.tail)


def arcs_of(layout: Layout, speed_m_per_s: float) -> Arcs:
    """Returns the layout as arrays.

    Args:
        layout: Places and links.
        speed_m_per_s: Walking speed on the level, metres per second.

    Source: walking time is distance over the speed of the ground; ways inside a place go round its corners.
    """
    places, links = tuple(sorted(layout.places)), tuple(sorted(layout.links))
    uses = _uses(layout, links)
    tail, head, rate, along = _ends(layout, links, uses, speed_m_per_s=speed_m_per_s)
    link = np.array([index for index, _ in uses], dtype=np.int64)
    forward = np.array([is_forward for _, is_forward in uses], dtype=np.bool_)
    partner = np.full(len(uses), -1, dtype=np.int64)
    both = np.flatnonzero(link[1:] == link[:-1])
    partner[both], partner[both + 1] = both + 1, both
    leaves = tuple(np.flatnonzero(tail == place) for place in range(len(places) + 1))
    enters = tuple(np.flatnonzero(head == place) for place in range(len(places) + 1))
    spots = _Spots(layout, links, link=link, forward=forward)
    turns: list[tuple[Ints, Ints, Floats]] = []
    starts: list[tuple[Ints, Ints, Floats]] = []
    crossings: list[Floats] = []
    spread: list[Floats | None] = []
    for index, name in enumerate(places):
        place = layout.places[name]
        out, into = leaves[index], enters[index]
        turn_s = spots.between_m(place, into, out) / speed_m_per_s
        turns.append(_pairs(into, out, time_s=turn_s, link=link))
        start_s = spots.from_within_m(place, out) / speed_m_per_s
        starts.append((np.full(len(out), index, dtype=np.int64), out, start_s))
        from_spots = spots.from_spots_m(place, out)
        spread.append(None if from_spots is None else from_spots / speed_m_per_s)
        crossings.append(spots.between_m(place, out, out, is_leaving=True) / speed_m_per_s)
    turn_from, turn_to, turn_s = _joined(turns)
    order = np.lexsort((turn_to, turn_from))
    start_place, start_to, start_s = _joined(starts)
    return Arcs(
        places=places,
        links=links,
        link=link,
        is_forward=forward,
        tail=tail,
        head=head,
        partner=partner,
        rate_per_s=rate,
        along_s=along,
        turn_from=turn_from[order],
        turn_to=turn_to[order],
        turn_s=turn_s[order],
        start_place=start_place,
        start_to=start_to,
        start_s=start_s,
        leaves=leaves,
        crossings_s=tuple(crossings),
        spots_s=tuple(spread),
        speed_m_per_s=speed_m_per_s,
    )


def _uses(layout: Layout, links: tuple[str, ...]) -> list[tuple[int, bool]]:
    """Index of the link and whether it is used forwards, for every way somebody may go."""
    return [
        (index, is_forward)
        for index, name in enumerate(links)
        for is_forward in (True, False)
        if (layout.links[name].forward if is_forward else layout.links[name].backward)
    ]


def _joined(parts: list[tuple[Ints, Ints, Floats]]) -> tuple[Ints, Ints, Floats]:
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    first, second, third = zip(*parts, strict=True)
    return np.concatenate(first), np.concatenate(second), np.concatenate(third)


def _pairs(into: Ints, out: Ints, *, time_s: Floats, link: Ints) -> tuple[Ints, Ints, Floats]:
    """Every way in with every way out, but not back through the same link."""
    sources, targets = np.repeat(into, len(out)), np.tile(out, len(into))
    kept = link[sources] != link[targets]
    return sources[kept], targets[kept], time_s.ravel()[kept]


def _ends(
    layout: Layout, links: tuple[str, ...], uses: list[tuple[int, bool]], *, speed_m_per_s: float
) -> tuple[Ints, Ints, Floats, Floats]:
    profile = network_profile()
    number = {name: index for index, name in enumerate((*sorted(layout.places), OUTSIDE))}
    tails, heads, rates, times = [], [], [], []
    for index, is_forward in uses:
        link = layout.links[links[index]]
        tail, head = (link.tail, link.head) if is_forward else (link.head, link.tail)
        tails.append(number[tail])
        heads.append(number[head])
        rates.append(NO_LIMIT_PER_S if link.rate_per_s is None else link.rate_per_s)
        times.append(
            link.length_m
            / (speed_m_per_s * _speed_share(layout, link, is_forward=is_forward, profile=profile))
        )
    return (
        np.array(tails, dtype=np.int64),
        np.array(heads, dtype=np.int64),
        np.array(rates, dtype=np.float64),
        np.array(times, dtype=np.float64),
    )


def _speed_share(layout: Layout, link: Link, *, is_forward: bool, profile: NetworkProfile) -> float:
    if link.surface != "stairs":
        return profile.speed_share[link.surface]
    levels = [layout.places[end].level if end in layout.places else 0.0 for end in (link.tail, link.head)]
    rise = (levels[1] - levels[0]) * (1 if is_forward else -1)
    return profile.speed_share["stairs_down" if rise < 0 else "stairs_up"]


class _Spots:
    """Where arcs begin and end, in metres; NaN when not drawn."""

    def __init__(
        self, layout: Layout, links: tuple[str, ...], *, link: Ints, forward: NDArray[np.bool_]
    ) -> None:
        ends = _ends_of([layout.links[name] for name in links])
        side = np.where(forward, 0, 1)
        self.begin = ends[link, side] if len(link) else np.zeros((0, 2))
        self.end = ends[link, 1 - side] if len(link) else np.zeros((0, 2))

    def between_m(self, place: Place, into: Ints, out: Ints, *, is_leaving: bool = False) -> Floats:
        """Distances (ways in, ways out); with `is_leaving` from the beginning of one way out to that of another."""
        begin = self.begin[into] if is_leaving else self.end[into]
        way = np.linalg.norm(begin[:, None, :] - self.begin[out][None, :, :], axis=2)
        if place.outline is not None and way.size:
            points = np.concatenate([begin, self.begin[out]])
            drawn = np.flatnonzero(~np.isnan(points[:, 0]))
            bent = ways_within_m(place.outline, points[drawn])
            if bent is not None:
                whole = np.full((len(points), len(points)), np.nan)
                whole[np.ix_(drawn, drawn)] = bent
                way = whole[: len(begin), len(begin) :]
        way = np.where(np.isnan(way), _across_m(place), way)
        if is_leaving:
            np.fill_diagonal(way, 0.0)
        return way

    def from_spots_m(self, place: Place, out: Ints) -> Floats | None:
        """Distances (points, ways out) from points all over a place; None when it has one way out or is not drawn."""
        if place.outline is None or len(out) < 2 or place.people <= 0 or np.isnan(self.begin[out]).any():
            return None
        points = spots_within(place.outline, network_profile().spots)
        if not len(points):
            return None
        way: Floats = np.linalg.norm(points[:, None, :] - self.begin[out][None, :, :], axis=2)
        return way

    def from_within_m(self, place: Place, out: Ints) -> Floats:
        """Distances from where people of a place stand, on average, to its ways out."""
        default_m = _across_m(place) * network_profile().origin_share
        if place.outline is None:
            return np.full(len(out), default_m)
        middle = place.outline.centroid
        way = np.linalg.norm(self.begin[out] - np.array([middle.x, middle.y]), axis=1)
        return np.where(np.isnan(way), default_m, way)


def _ends_of(links: list[Link]) -> Floats:
    """(links, 2, 2): point at the tail and point at the head: the middle of a gap, the two ends of an axis."""
    ends = np.full((len(links), 2, 2), np.nan)
    drawn = np.array([index for index, link in enumerate(links) if link.line is not None], dtype=np.int64)
    if not len(drawn):
        return ends
    import shapely

    lines: Any = np.array([links[index].line for index in drawn], dtype=object)
    is_axis = np.array([links[index].kind == "passage" for index in drawn])
    middle = shapely.get_coordinates(shapely.line_interpolate_point(lines, 0.5, normalized=True))
    for side, number in enumerate((0, -1)):
        end = shapely.get_coordinates(shapely.get_point(lines, number))
        ends[drawn, side] = np.where(is_axis[:, None], end, middle)
    return ends


def _across_m(place: Place) -> float:
    if place.area_m2 is not None and place.area_m2 > 0:
        return float(np.sqrt(place.area_m2))
    if place.outline is not None:
        return float(np.sqrt(place.outline.area))
    return network_profile().unknown_crossing_m
