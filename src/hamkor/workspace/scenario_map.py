# SPDX-License-Identifier: Apache-2.0
"""The venue as a small map of a what-if question: gates to shut by a click, places shaded by their worst density."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from hamkor.scenarios.rules.questions import links_of
from hamkor.simulation.rules.outcome import Outcome
from hamkor.venues.rules.screen import drawing_for_screen
from hamkor.workspace.event_page import EventPage

EDGE = 0.03
"""Empty ground around the drawing, share of its longer side."""
SIGN = 0.011
"""Radius of the sign of a gate, share of the longer side."""
SHADES = (1.0, 2.0, 3.0, 4.0, 5.0)
"""People per m² from which a place gets the next shade."""
SHADE_WORDS = ("< 1", "1–2", "2–3", "3–4", "4–5", "≥ 5")


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """An area of the map.

    Args:
        id: Its id.
        label: What it is called.
        path: Its outline, metres east and south.
        at: A point inside it.
        size: Length of its shorter side, metres, to see whether words have room.
    """

    id: str
    label: str
    path: str
    at: tuple[float, float]
    size: float


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """A connection of the map: a sign in the middle of it."""

    id: str
    label: str
    path: str
    at: tuple[float, float]
    is_gate: bool


class Sketch(msgspec.Struct, frozen=True, kw_only=True):
    """The venue as it is drawn on this page, the same for every run.

    Args:
        grounds: Areas, larger ones first.
        gates: Connections.
        box: View box: left, top, width, height in metres.
        sign: Radius of a sign in metres.
    """

    grounds: tuple[Ground, ...]
    gates: tuple[Gate, ...]
    box: tuple[float, float, float, float]
    sign: float

    @property
    def reach(self) -> float:
        """Radius within which a press is meant for a gate."""
        return 2.2 * self.sign

    @property
    def small(self) -> float:
        """Radius of a gate where it is only shown."""
        return 0.6 * self.sign


class Shade(msgspec.Struct, frozen=True, kw_only=True):
    """An area with what happened in it; a shade from 0 to 5, None when its density is not known."""

    ground: Ground
    shade: int | None
    density: float | None


def sketch_of(page: EventPage, language: str) -> Sketch | None:
    """Returns the map of the event, None when nothing is drawn; made once for an entry of the journal."""
    made: Sketch | None = page.keep("scenario-sketch", lambda: _sketch(page, language))
    return made


def shades_of(sketch: Sketch, outcome: Outcome | None) -> tuple[Shade, ...]:
    """Returns the areas of a map with their worst density.

    Args:
        sketch: The map.
        outcome: The answer; None shows a map without shades.
    """
    places = outcome.places if outcome is not None else {}
    found = []
    for ground in sketch.grounds:
        place = places.get(ground.id)
        band = place.worst_density_per_m2 if place is not None else None
        density = band.middle if band is not None else None
        found.append(
            Shade(ground=ground, density=density, shade=None if density is None else _shade(density))
        )
    return tuple(found)


def queues_of(sketch: Sketch, outcome: Outcome | None) -> Mapping[str, float]:
    """Returns radii of rings around gates in front of which people wait, by the gate: area as the queue."""
    if outcome is None:
        return {}
    longest = {link: found.longest_queue.middle for link, found in outcome.links.items()}
    most = max(longest.values(), default=0.0)
    if most <= 0:
        return {}
    return {
        link: sketch.sign * (1 + 3 * (queue / most) ** 0.5) for link, queue in longest.items() if queue >= 1
    }


def _shade(density: float) -> int:
    return sum(density >= limit for limit in SHADES)


def _sketch(page: EventPage, language: str) -> Sketch | None:
    venue = page.plan.venue
    if venue is None:
        return None
    drawing = drawing_for_screen(venue, language=language)
    links = links_of(page.plan)
    joined = {end for item in drawing["features"] if item["id"] in links for end in item["between"]}
    # What nobody can walk to, such as a launching site far off, would only make the rest small.
    areas = [item for item in drawing["features"] if item["id"] in joined and item["paths"]]
    gates = [item for item in drawing["features"] if item["id"] in links and item["paths"]]
    points = [point for item in (*areas, *gates) for point in _points(item)]
    if not areas or not points:
        return None
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    side = max(right - left, bottom - top, 1.0)
    edge = EDGE * side
    grounds = sorted((_ground(item) for item in areas), key=lambda ground: -ground.size)
    return Sketch(
        grounds=tuple(grounds),
        gates=tuple(_gate(item) for item in gates),
        box=(left - edge, top - edge, right - left + 2 * edge, bottom - top + 2 * edge),
        sign=SIGN * side,
    )


def _points(item: dict[str, Any]) -> list[list[float]]:
    return [point for rings in item["paths"] for ring in rings for point in ring]


def _ground(item: dict[str, Any]) -> Ground:
    points = _points(item)
    width = max(x for x, _ in points) - min(x for x, _ in points)
    height = max(y for _, y in points) - min(y for _, y in points)
    return Ground(
        id=item["id"],
        label=item["label"],
        path=_path(item, is_closed=True),
        at=_middle(item["paths"][0][0]),
        size=min(width, height),
    )


def _gate(item: dict[str, Any]) -> Gate:
    return Gate(
        id=item["id"],
        label=item["label"],
        path=_path(item, is_closed=item["shape"] == "outline"),
        at=_middle(item["paths"][0][0]),
        is_gate=item["kind"] in {"opening", "turnstiles"},
    )


def _path(item: dict[str, Any], *, is_closed: bool) -> str:
    end = " Z" if is_closed else ""
    rings = [ring for rings in item["paths"] for ring in rings]
    return " ".join("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + end for ring in rings)


def _middle(points: list[list[float]]) -> tuple[float, float]:
    count = len(points)
    return round(sum(x for x, _ in points) / count, 1), round(sum(y for _, y in points) / count, 1)
