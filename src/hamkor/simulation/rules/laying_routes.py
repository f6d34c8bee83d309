# SPDX-License-Identifier: Apache-2.0
"""Ways beyond the gates: the narrow parts of a route as links in series, where the route names the gates it serves."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from hamkor.common.figures import known
from hamkor.common.messages import N_
from hamkor.crowd.rules.connections import width_flow_per_min
from hamkor.simulation.rules.laying_limits import laying_limits
from hamkor.simulation.rules.laying_links import SECONDS_PER_MINUTE, Laying
from hamkor.simulation.rules.layout import Direction, Link, Place
from hamkor.venues.rules.features import OUTSIDE, Route, Section

SECONDS_PER_HOUR = 3600.0
WALKED: dict[Direction, frozenset[str]] = {
    "ingress": frozenset({"approach", "approach_and_dispersal"}),
    "egress": frozenset({"dispersal", "approach_and_dispersal"}),
    "evacuate": frozenset({"evacuation"}),
}
TURNED = frozenset({("approach_and_dispersal", "egress")})
"""Routes that are listed the other way round than people walk them, unless their use says so."""


def chain_routes(laying: Laying, links: dict[str, Link]) -> tuple[dict[str, Place], dict[str, Link]]:
    """Returns the places before narrow parts of ways beyond the gates, and all links with those parts among them.

    Notes:
        A route limits the gates it names: they then lead to a place of the route, and from there its sections with a
        width lead one after the other to the outside. Gates named side by side share what follows. A route that
        names none is not joined to any: nobody says which gates its people use.
    """
    places: dict[str, Place] = {}
    result = dict(links)
    for id_, feature in laying.features.items():
        route = feature.properties
        if (
            not isinstance(route, Route)
            or route.purpose not in WALKED[laying.direction]
            or not route.sections
        ):
            continue
        gates, beyond = _split(laying, route, result, links)
        chain = _chain(laying, id_, beyond)
        if not gates or not chain:
            continue
        if route.usable is False or (laying.direction == "evacuate" and route.obstructed):
            laying.faults.add(
                "route-blocked",
                id_,
                N_("“{name}” is known to be blocked."),
                remedy=N_(
                    "People were taken to go another way from its gates. Clear it, or shut these gates."
                ),
            )
            continue
        start = _start_of(id_, gates, result)
        places.setdefault(start, Place(id=start, level=route.level))
        for gate in gates:
            result[gate] = _turned_to(result[gate], start)
        _join(laying, id_, chain, start, (places, result))
    return places, result


def _split(
    laying: Laying, route: Route, current: Mapping[str, Link], original: Mapping[str, Link]
) -> tuple[list[str], list[Section]]:
    """Returns the gates a route names and the sections people walk beyond them, seen from the gates outwards."""
    parts = list(route.sections or ())
    use = route.use.get(laying.phase)
    if use == "closed":
        return [], []
    is_turned = use == "backward" or (use is None and (route.purpose, laying.direction) in TURNED)
    if is_turned:
        parts.reverse()
    if laying.direction == "ingress":
        parts.reverse()
    gates = [
        part
        for part in parts
        if isinstance(part, str)
        and part in original
        and OUTSIDE in (original[part].tail, original[part].head)
    ]
    gates = [gate for gate in gates if gate in current]
    if not gates:
        return [], []
    last = max(parts.index(gate) for gate in gates)
    return gates, [part for part in parts[last + 1 :] if isinstance(part, Section)]


def _chain(laying: Laying, route_id: str, sections: list[Section]) -> list[Link]:
    """Returns a link for each section that limits a flow; its ends are set when it is joined."""
    chain = []
    for section in sections:
        rate = _rate_of(laying, section)
        if rate is None:
            continue
        width = known(section.clear_width_m)
        length = known(section.length_m)
        chain.append(
            Link(
                id=f"{route_id}/{section.id}",
                kind="passage",
                tail="",
                head="",
                forward=True,
                width_m=None if width is None else width.nominal,
                surface=section.surface,
                length_m=0.0 if length is None else length.nominal,
                rate_per_s=rate,
                rate_is_stated=section.capacity_per_h is not None,
            )
        )
    return chain


def _rate_of(laying: Laying, section: Section) -> float | None:
    stated = known(section.capacity_per_h)
    if stated is not None:
        return stated.nominal / SECONDS_PER_HOUR if stated.nominal > 0 else None
    width = known(section.clear_width_m)
    if width is None or not 0 < width.nominal <= laying_limits().widest_m:
        return None
    rate = width_flow_per_min(width, section.surface, laying.profile).nominal / SECONDS_PER_MINUTE
    return rate or None


def _start_of(route_id: str, gates: list[str], links: Mapping[str, Link]) -> str:
    """Returns the place the gates of a route lead to: one there is already, else one of the route."""
    for gate in gates:
        for end in (links[gate].tail, links[gate].head):
            if OUTSIDE not in (links[gate].tail, links[gate].head) and "/" in end:
                return end
    return f"{route_id}/way"


def _turned_to(gate: Link, place: str) -> Link:
    """Returns a gate that leads to a place instead of the outside."""
    return msgspec.structs.replace(
        gate,
        tail=place if gate.tail == OUTSIDE else gate.tail,
        head=place if gate.head == OUTSIDE else gate.head,
    )


def _join(
    laying: Laying,
    route_id: str,
    chain: list[Link],
    start: str,
    found: tuple[dict[str, Place], dict[str, Link]],
) -> None:
    """Adds the sections of a route, from the gates outwards, to the places and links."""
    places, links = found
    before = start
    for number, section in enumerate(chain, 1):
        is_last = number == len(chain)
        after = OUTSIDE if is_last else f"{route_id}/way-{number + 1}"
        if not is_last:
            places[after] = Place(id=after, level=places[start].level)
        is_inward = laying.direction == "ingress"
        links[section.id] = msgspec.structs.replace(
            section, tail=after if is_inward else before, head=before if is_inward else after
        )
        before = after
