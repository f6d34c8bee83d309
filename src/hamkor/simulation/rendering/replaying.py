# SPDX-License-Identifier: Apache-2.0
"""A replay in one page: opened from a disk, without a network, by any browser of today."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from hamkor.common.messages import N_
from hamkor.simulation.measures.judging import NEVER_CLEARS
from hamkor.simulation.rendering.colours import (
    DARK_COLOURS,
    DOT_COLOURS,
    density_colours,
    density_steps,
)
from hamkor.simulation.rendering.maps import bounds_of, rings_of, used_places
from hamkor.simulation.rendering.people import pack_people
from hamkor.simulation.rendering.shown import Shown
from hamkor.simulation.rules.layout import Layout, Link, Place
from hamkor.simulation.rules.outcome import Curve, Outcome

PAGE = Path(__file__).parent / "replay"
SCRIPTS = ("data.js", "view.js", "play.js")
MOST_POINTS = 400
SHORTEST_STEP_S = 2.0
TEXTS = {
    "play": N_("Play"),
    "pause": N_("Pause"),
    "to_go": N_("not arrived yet"),
    "arrived": N_("People arrived"),
    "speed": N_("Speed"),
    "level": N_("Level"),
    "all": N_("all"),
    "show": N_("Shown"),
    "show_people": N_("people"),
    "show_density": N_("density"),
    "show_both": N_("both"),
    "queues": N_("Longest queues now"),
    "places": N_("Densest places now"),
    "gate": N_("Door or way"),
    "waiting": N_("Waiting"),
    "per_min": N_("Per minute"),
    "place": N_("Place"),
    "people": N_("People"),
    "per_m2": N_("People per m²"),
    "mean_per_m2": N_("Mean people per m²"),
    "here": N_("People per m² here"),
    "no_queue": N_("Nobody waits."),
    "empty": N_("Nobody is there."),
    "dark": N_("Dark"),
    "light": N_("Light"),
    "zoom_in": N_("Zoom in"),
    "zoom_out": N_("Zoom out"),
    "fit": N_("Show everything"),
    "time": N_("Time"),
    "not_drawn": N_("Nothing is drawn; the tables below still move."),
    "keys": N_(
        "Keys: space plays, arrows move 10 s (with Shift a minute), + and − zoom, 0 shows everything."
    ),
}


def replay_page(
    outcome: Outcome, layout: Layout, shown: Shown, *, title: str = "", floors: Any = None, run: Any = None
) -> str:
    """Returns the whole page with everything in it.

    Args:
        outcome: The answer.
        layout: Places and links.
        shown: Language, names and time zone.
        title: Name of the event.
        floors: Ground of a micro-simulation, to show every person.
        run: The micro-simulation with recorded frames.
    """
    content = _content(outcome, layout, shown)
    content["title"] = title or shown.title(outcome.scenario)
    content["subtitle"] = _subtitle(outcome, shown)
    if run is not None and run.frames is not None:
        content["people"] = pack_people(floors, run)
    # `<` would end the script the numbers stand in; JSON may write it as a number.
    packed = msgspec.json.encode(content).decode().replace("<", "\\u003c")
    return Template((PAGE / "page.html").read_text(encoding="utf-8")).substitute(
        LANGUAGE=html.escape(shown.language),
        TITLE=html.escape(content["title"]),
        STYLE=(PAGE / "replay.css").read_text(encoding="utf-8"),
        DATA=packed,
        SCRIPT="\n".join((PAGE / name).read_text(encoding="utf-8") for name in SCRIPTS),
    )


def _subtitle(outcome: Outcome, shown: Shown) -> str:
    scenario = outcome.scenario
    people = shown.say(N_("{people} people"), people=round(outcome.people))
    seed = shown.say(N_("random seed {seed}"), seed=scenario.seed)
    parts = (shown.title(scenario), people, scenario.profile_id, seed, outcome.engine)
    return " · ".join(part for part in parts if part)


def _content(outcome: Outcome, layout: Layout, shown: Shown) -> dict[str, Any]:
    until_s = _until_s(outcome)
    moments = np.arange(0.0, until_s + 1e-9, max(until_s / MOST_POINTS, SHORTEST_STEP_S))
    places = [_place(place, outcome, shown, moments) for place in layout.places.values()]
    links = [_link(link, outcome, shown, moments) for link in layout.links.values()]
    return {
        "language": shown.language,
        "texts": {name: shown.say(text) for name, text in TEXTS.items()},
        "caution": NEVER_CLEARS.render(shown.language),
        "begins_s": _begins_s(outcome, shown),
        "until_s": float(moments[-1]) if len(moments) > 1 else until_s,
        "step_s": float(moments[1]) if len(moments) > 1 else until_s,
        "all_people": round(outcome.people),
        "arrived": {
            "values": _sampled(outcome.arrived, outcome.arrived.values, moments),
            "low": _sampled(outcome.arrived, outcome.arrived.low, moments),
            "high": _sampled(outcome.arrived, outcome.arrived.high, moments),
        },
        "steps": density_steps(),
        "colours": {"cells": density_colours(), "dots": DOT_COLOURS, "dark": DARK_COLOURS},
        "places": places,
        "links": links,
        "bounds": _bounds(outcome, layout),
        "most_flow": max((max(link["flow"]) for link in links), default=1) or 1,
        "most_queue": max((max(link["queue"]) for link in links), default=1) or 1,
        "people": None,
    }


def _until_s(outcome: Outcome) -> float:
    times = np.array(outcome.arrived.times_s or (0.0,))
    values = np.array(outcome.arrived.low or outcome.arrived.values or (0.0,))
    reached = np.flatnonzero(values >= values[-1] - 0.5)
    end = times[-1] if outcome.left >= 1 else times[reached[0]]
    return float(max(end, 60.0))


def _begins_s(outcome: Outcome, shown: Shown) -> int | None:
    if outcome.scenario.starts_at is None:
        return None
    local = outcome.scenario.starts_at.astimezone(ZoneInfo(shown.zone))
    return int(timedelta(hours=local.hour, minutes=local.minute, seconds=local.second).total_seconds())


def _sampled(curve: Curve | None, values: Iterable[float], moments: np.ndarray) -> list[float]:
    """Returns a curve at moments, to a tenth; zeros without one, nothing without values."""
    listed = tuple(values)
    if curve is None or not listed:
        return []
    sampled = np.interp(moments, curve.times_s, listed)
    return [round(float(value), 1) for value in sampled]


def _place(place: Place, outcome: Outcome, shown: Shown, moments: np.ndarray) -> dict[str, Any]:
    found = outcome.places.get(place.id)
    outline = place.outline
    people = _sampled(found.people, found.people.values, moments) if found is not None else []
    return {
        "name": shown.name(place.id),
        "level": place.level,
        "area": None if place.area_m2 is None else round(place.area_m2, 1),
        "size": None if outline is None else round(outline.area, 1),
        "rings": [] if outline is None else [_flat(ring) for ring in rings_of(outline.simplify(0.1))],
        "people": people or [0.0] * len(moments),
    }


def _link(link: Link, outcome: Outcome, shown: Shown, moments: np.ndarray) -> dict[str, Any]:
    found = outcome.links.get(link.id)
    line = np.zeros((0, 2)) if link.line is None else np.asarray(link.line.coords)[:, :2]
    middle = (0.0, 0.0)
    if link.line is not None:
        point = link.line.interpolate(0.5, normalized=True)
        middle = (round(point.x, 1), round(point.y, 1))
    nothing = [0.0] * len(moments)
    return {
        "name": shown.name(link.id),
        "level": link.level,
        "is_way": link.kind == "passage",
        "line": _flat(line),
        "middle": middle,
        "flow": (_sampled(found.flow_per_min, found.flow_per_min.values, moments) if found else [])
        or nothing,
        "queue": (_sampled(found.queue, found.queue.values, moments) if found else []) or nothing,
    }


def _flat(points: np.ndarray) -> list[int]:
    """Returns points in decimetres, one number after the other."""
    return [int(number) for number in np.rint(points * 10).ravel()]


def _bounds(outcome: Outcome, layout: Layout) -> tuple[float, float, float, float]:
    used = used_places(outcome, layout)
    return bounds_of(used) if used else (0.0, 0.0, 1.0, 1.0)
