# SPDX-License-Identifier: Apache-2.0
"""A crowd as a fluid on the drawing: it comes, passes gates as fast as they let it, stays, and goes.

Good enough to make devices tell a believable evening; no forecast, and no proof of anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from hamkor.common.figures import Figure, known
from hamkor.telemetry.rules.layout import Layout
from hamkor.venues.rules.features import OUTSIDE, Connection, Feature, Turnstiles

# People per second and metre of width, and per second and lane, where the drawing says nothing: unhurried people.
PER_M_S = 1.0
PER_LANE_S = 0.15
WIDTH_M = 2.0
# Share of the people in an area who reach its next way in a second.
REACH_PER_S = 1 / 90
# Where people stand who wait before a way, m² for a metre of width; nobody can stand closer than the densest.
QUEUE_M2_PER_M = 12.0
DENSEST_PER_M2 = 6.5
# Those who found no place in a way have gone on or away after so long.
FORGOTTEN_S = 120.0


class Link:
    """A way in one direction, in one phase.

    Args:
        way: Its id.
        start: Area it leaves.
        end: Area it reaches.
        is_forward: As counters count.
        weight: How many choose it, beside others.
    """

    __slots__ = ("end", "is_forward", "start", "way", "weight")

    def __init__(self, way: str, start: str, end: str, *, is_forward: bool, weight: float) -> None:
        self.way, self.start, self.end, self.is_forward, self.weight = way, start, end, is_forward, weight


class Crowd:
    """People by area and by where they want to be.

    Args:
        features: The drawing.
        layout: The same, as readings see it.
        homes: Share of the crowd each area takes.
    """

    def __init__(self, features: Iterable[Feature], layout: Layout, homes: Mapping[str, float]) -> None:
        drawn = {each.id: each.properties for each in features if isinstance(each.properties, Connection)}
        self.homes = dict(homes)
        self.passed: dict[str, list[float]] = {way: [0.0, 0.0] for way in drawn}
        self._held: dict[tuple[str, str], float] = {}
        self.slowed: dict[str, float] = {}
        self.favoured: dict[str, float] = {}
        self._widths_m = {way: _nominal(each.clear_width_m) or WIDTH_M for way, each in drawn.items()}
        self._most_per_s = {way: _most_per_s(each) for way, each in drawn.items()}
        self._people: dict[str, dict[str, float]] = {area: {} for area in (*layout.zones, OUTSIDE)}
        self._into = _links(drawn, layout, "ingress")
        self._out = _links(drawn, layout, "egress")
        self._steps_to = {home: _steps(self._into, home) for home in self.homes}
        self._steps_out = _steps(self._out, OUTSIDE)

    def come(self, people: float) -> None:
        """Lets people come to the venue; each goes to a home."""
        waiting = self._people[OUTSIDE]
        for home, share in self.homes.items():
            waiting[home] = waiting.get(home, 0.0) + people * share

    def leave(self, people: float) -> None:
        """Lets so many of those at home set out."""
        at_home = sum(self._people[home].get(home, 0.0) for home in self.homes)
        share = min(1.0, people / at_home) if at_home > 0 else 0.0
        for home in self.homes:
            found = self._people[home]
            gone = found.get(home, 0.0) * share
            found[home] = found.get(home, 0.0) - gone
            found[OUTSIDE] = found.get(OUTSIDE, 0.0) + gone

    def step(self, seconds: float) -> None:
        """Lets time pass."""
        room = {way: most * seconds * self.slowed.get(way, 1.0) for way, most in self._most_per_s.items()}
        for key in self._held:
            self._held[key] *= max(0.0, 1 - seconds / FORGOTTEN_S)
        moves: list[tuple[Link, str, float]] = []
        for area, groups in self._people.items():
            for wish, people in groups.items():
                if people > 1e-6 and wish != area:
                    moves += self._moves(area, wish, people=people, seconds=seconds, room=room)
        for link, wish, moved in moves:
            self._people[link.start][wish] -= moved
            into = self._people[link.end]
            into[wish] = into.get(wish, 0.0) + moved
            self.passed[link.way][0 if link.is_forward else 1] += moved
        self._people[OUTSIDE].pop(OUTSIDE, None)

    def people_in(self, area: str) -> float:
        """Returns how many people are in an area."""
        return sum(self._people[area].values())

    def density_before(self, way: str, area: str) -> float:
        """Returns people per m² of those who wait in an area before a way."""
        held = self._held.get((way, area), 0.0)
        return min(DENSEST_PER_M2, held / (self._widths_m[way] * QUEUE_M2_PER_M))

    def _moves(
        self, area: str, wish: str, *, people: float, seconds: float, room: dict[str, float]
    ) -> list[tuple[Link, str, float]]:
        """Returns who goes on from an area, taking their places in the ways; those who find none wait there."""
        links, steps = (self._out, self._steps_out) if wish == OUTSIDE else (self._into, self._steps_to[wish])
        near = [link for link in links.get(area, ()) if steps.get(link.end, 1e9) < steps.get(area, 1e9)]
        weights = [link.weight * self.favoured.get(link.way, 1.0) for link in near]
        whole = sum(weights)
        going = people * min(1.0, seconds * REACH_PER_S) if area != OUTSIDE else people
        found = []
        for link, weight in zip(near, weights, strict=True):
            wanted = going * weight / whole
            moved = min(wanted, room[link.way])
            room[link.way] -= moved
            if wanted > moved:
                key = (link.way, area)
                self._held[key] = self._held.get(key, 0.0) + wanted - moved
            if moved > 0:
                found.append((link, wish, moved))
        return found


def _links(drawn: Mapping[str, Connection], layout: Layout, phase: str) -> dict[str, list[Link]]:
    """Returns the ways that may be walked in a phase, by the area they leave."""
    found: dict[str, list[Link]] = {}
    for way_id, each in drawn.items():
        use = cast("Mapping[str, str]", each.use).get(phase, "both")
        if use == "closed" or getattr(each, "emergency_only", False):
            continue
        share = each.arrival_share if phase == "ingress" else each.departure_share
        weight = _most_per_s(each) if share is None else max(share, 1e-6)
        counted = layout.ways[way_id]
        directions = [(each.from_, each.to)] if use in {"forward", "both"} else []
        directions += [(each.to, each.from_)] if use in {"backward", "both"} else []
        for start, end in directions:
            is_forward = end == counted.to
            found.setdefault(start, []).append(Link(way_id, start, end, is_forward=is_forward, weight=weight))
    return found


def _steps(links: Mapping[str, Sequence[Link]], end: str) -> dict[str, int]:
    """Returns how many ways lie between each area and an end."""
    back: dict[str, list[str]] = {}
    for start, going in links.items():
        for link in going:
            back.setdefault(link.end, []).append(start)
    steps, edge = {end: 0}, [end]
    while edge:
        following: list[str] = []
        for area in edge:
            for before in back.get(area, ()):
                # Nobody walks through the world outside to get from one area to another.
                if before not in steps and (area != OUTSIDE or end == OUTSIDE):
                    steps[before] = steps[area] + 1
                    following.append(before)
        edge = following
    return steps


def _most_per_s(way: Connection) -> float:
    per_h = _nominal(way.capacity_per_h)
    if per_h is not None:
        return per_h / 3600
    if isinstance(way, Turnstiles):
        rate = _nominal(way.rate_per_h)
        lanes = way.lanes if way.lanes_staffed is None else way.lanes_staffed
        return lanes * (PER_LANE_S if rate is None else rate / 3600)
    return (_nominal(way.clear_width_m) or WIDTH_M) * PER_M_S


def _nominal(figure: Figure | None) -> float | None:
    found = None if figure is None else known(figure)
    return None if found is None else found.nominal
