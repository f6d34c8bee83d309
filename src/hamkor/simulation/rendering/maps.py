# SPDX-License-Identifier: Apache-2.0
"""Densities on the drawing, one storey beside the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hamkor.common.messages import N_
from hamkor.simulation.rendering.colours import LINE_COLOURS, colour_index, density_colours, density_steps
from hamkor.simulation.rendering.figures import INK, QUIET, foot, new_figure
from hamkor.simulation.rendering.shown import Shown
from hamkor.simulation.rules.layout import Layout, Link, Place
from hamkor.simulation.rules.outcome import Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

UNKNOWN_COLOUR = "#f6f7f8"
EDGE = "#8b959d"
MOST_NAMES = 6
APART_SHARE = (0.2, 0.07)
"""Names stand at least this share of the width or of the height of the map apart."""
WIDEST_LINK_PT = 7.0
WIDEST_WAY_PT = 2.0
"""Lines along a way hide the people on it; those across a door do not."""


def density_map(
    outcome: Outcome, layout: Layout, shown: Shown, *, floors: Any = None, run: Any = None
) -> Figure | None:
    """Returns the highest density everywhere on the drawing; None when nothing is drawn.

    Args:
        outcome: The answer.
        layout: Places and links.
        shown: Language and names.
        floors: Ground of a micro-simulation, whose square metres are shown instead of whole places.
        run: The micro-simulation.
    """
    drawn = used_places(outcome, layout)
    if not drawn:
        return None
    levels = sorted({place.level for place in drawn})
    west, south, east, north = bounds_of(drawn)
    width = min(5.0 if len(levels) > 1 else 7.0, 15.0 / len(levels))
    height = min(max(width * (north - south) / max(east - west, 1.0), 3.0), 9.0)
    figure = new_figure(width * len(levels) + 1.6, height + 1.3)
    panels = np.atleast_1d(figure.subplots(1, len(levels), sharex=True, sharey=True))
    for axes, level in zip(panels, levels, strict=True):
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        here = [
            place for place in layout.places.values() if place.level == level and place.outline is not None
        ]
        if run is None:
            _paint_places(axes, here, outcome)
        else:
            _paint_cells(axes, here, floors, run, level=level)
        _draw_links(axes, [link for link in layout.links.values() if link.level == level], outcome)
        _name_worst(axes, here, outcome, shown)
        axes.set_aspect("equal")
        axes.set_axis_off()
        storey = shown.say(N_("Level {level}"), level=level) if len(levels) > 1 else ""
        axes.set_title(storey, fontsize=10, color=INK)
    _legend(figure, shown)
    title = shown.say(N_("Highest density"))
    figure.suptitle(
        f"{title}. {shown.title(outcome.scenario)}",
        fontsize=12,
        fontweight="bold",
        color=INK,
        x=0.01,
        ha="left",
    )
    foot(figure, shown, outcome.scenario)
    return figure


def used_places(outcome: Outcome, layout: Layout) -> list[Place]:
    """Returns the drawn places somebody was in; all that are drawn when nobody was anywhere.

    Args:
        outcome: The answer.
        layout: Places and links.
    """
    drawn = [place for place in layout.places.values() if place.outline is not None]
    used = [
        place
        for place in drawn
        if place.id in outcome.places and outcome.places[place.id].most_people.middle >= 1
    ]
    return used or drawn


def bounds_of(places: Iterable[Place], *, margin_m: float = 3.0) -> tuple[float, float, float, float]:
    """Returns west, south, east and north end of places with a margin, metres.

    Args:
        places: Drawn places, at least one.
        margin_m: Added on every side.
    """
    boxes = np.array([place.outline.bounds for place in places])
    low, high = boxes[:, :2].min(axis=0) - margin_m, boxes[:, 2:].max(axis=0) + margin_m
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _paint_places(axes: Axes, places: Iterable[Place], outcome: Outcome) -> None:
    colours = density_colours()
    for place in sorted(places, key=lambda one: -one.outline.area):
        found = outcome.places.get(place.id)
        worst = found.worst_density_per_m2 if found is not None else None
        colour = UNKNOWN_COLOUR if worst is None else colours[int(colour_index(np.array([worst.middle]))[0])]
        _fill(axes, place.outline, colour)


def _paint_cells(axes: Axes, places: Iterable[Place], floors: Any, run: Any, *, level: float) -> None:
    from matplotlib.colors import BoundaryNorm, ListedColormap

    steps = density_steps()
    limits = (*axes.get_xlim(), *axes.get_ylim())
    for place in places:
        _fill(axes, place.outline, UNKNOWN_COLOUR)
    for sheet, grid in zip(floors.sheets, run.densities, strict=True):
        if sheet.level != level:
            continue
        rows, columns = grid.peak.shape
        west, south = grid.origin
        seen = np.ma.masked_where((grid.area_m2 <= 0) | (grid.peak <= 0.02), grid.peak)
        axes.imshow(
            seen,
            origin="lower",
            interpolation="nearest",
            extent=(west, west + columns * grid.cell_m, south, south + rows * grid.cell_m),
            cmap=ListedColormap(density_colours()),
            norm=BoundaryNorm((0, *steps, 20), len(steps) + 1),
            zorder=2,
        )
        axes.set_xlim(*limits[:2])
        axes.set_ylim(*limits[2:])
    for place in places:
        for ring in rings_of(place.outline):
            axes.plot(ring[:, 0], ring[:, 1], color=EDGE, linewidth=0.6, zorder=3)


def _fill(axes: Axes, outline: Any, colour: str) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    rings = rings_of(outline)
    path = Path.make_compound_path(*[Path(ring, closed=True) for ring in rings])
    axes.add_patch(PathPatch(path, facecolor=colour, edgecolor=EDGE, linewidth=0.6, zorder=1))


def rings_of(outline: Any) -> list[np.ndarray]:
    """Returns the closed rings of a polygon or multipolygon, holes turned the other way round.

    Args:
        outline: Shapely shape in metres.
    """
    import shapely

    parts = [part for part in shapely.get_parts(outline) if part.geom_type == "Polygon"]
    oriented = [shapely.geometry.polygon.orient(part) for part in parts]
    return [np.asarray(ring.coords)[:, :2] for part in oriented for ring in (part.exterior, *part.interiors)]


def _draw_links(axes: Axes, links: Iterable[Link], outcome: Outcome) -> None:
    """Draws links as lines whose width says how many of all people went through."""
    most = max((found.share for found in outcome.links.values()), default=0.0) or 1.0
    for link in links:
        if link.line is None:
            continue
        x, y = np.asarray(link.line.coords)[:, :2].T
        found = outcome.links.get(link.id)
        widest = WIDEST_WAY_PT if link.kind == "passage" else WIDEST_LINK_PT
        width = 1.0 + (widest - 1.0) * (found.share / most if found is not None else 0.0)
        is_shut = found is None or found.passed.middle < 1
        axes.plot(
            x,
            y,
            color=QUIET if is_shut else LINE_COLOURS[0],
            linewidth=1.2 if is_shut else width,
            linestyle=":" if is_shut else "-",
            solid_capstyle="butt",
            zorder=4,
        )


def _name_worst(axes: Axes, places: Iterable[Place], outcome: Outcome, shown: Shown) -> None:
    known: Mapping[str, float] = {
        place: found.worst_density_per_m2.middle
        for place, found in outcome.places.items()
        if found.worst_density_per_m2 is not None and found.worst_density_per_m2.middle >= 1
    }
    worst = sorted((place for place in places if place.id in known), key=lambda place: -known[place.id])
    west, east, south, north = (*axes.get_xlim(), *axes.get_ylim())
    taken: list[tuple[float, float]] = []
    for place in worst:
        at = place.outline.representative_point()
        spot = (at.x / (east - west) / APART_SHARE[0], at.y / (north - south) / APART_SHARE[1])
        if len(taken) == MOST_NAMES:
            return
        if any(max(abs(spot[0] - x), abs(spot[1] - y)) < 1 for x, y in taken):
            continue
        taken.append(spot)
        axes.annotate(
            f"{shown.name(place.id)}\n{shown.number(known[place.id], 1)}",
            (at.x, at.y),
            ha="center",
            va="center",
            fontsize=7.5,
            color=INK,
            zorder=6,
            bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
        )


def _legend(figure: Figure, shown: Shown) -> None:
    from matplotlib.patches import Patch

    steps = density_steps()
    letters = ("A", "B", "C", "D", "E", "F", "F")
    lows = (0.0, *steps)
    handles = []
    for at, (colour, letter) in enumerate(zip(density_colours(), letters, strict=True)):
        low = shown.number(lows[at], 2)
        text = f"{low}–{shown.number(steps[at], 2)}" if at < len(steps) else f"> {low}"
        handles.append(Patch(facecolor=colour, edgecolor=EDGE, linewidth=0.5, label=f"{letter}  {text}"))
    figure.legend(
        handles=handles,
        title=shown.say(N_("People per m²,\nFruin's levels")),
        loc="outside right center",
        frameon=False,
        fontsize=8,
        title_fontsize=8,
    )
