# SPDX-License-Identifier: Apache-2.0
"""Charts of outcomes: clearance, queues, occupancy, scenarios side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from hamkor.common.messages import N_
from hamkor.simulation.rendering.colours import LINE_COLOURS, LINE_STYLES, density_colours, density_steps
from hamkor.simulation.rendering.figures import (
    GRID,
    INK,
    QUIET,
    dress,
    foot,
    new_figure,
    people_axis,
    time_axis,
)
from hamkor.simulation.rendering.shown import Shown
from hamkor.simulation.rules.outcome import Band, Curve, Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

    from hamkor.simulation.measures.comparing import Comparison

MOST_LINES = 8
MOST_BANDS = 3
MOST_STRIPS = 44
STRIP_COLUMNS = 400
_TOLD = ("0.5", "0.9", "0.99", "1.0")


def clearance_chart(outcomes: Sequence[Outcome], shown: Shown) -> Figure:
    """Returns people arrived over time, with bands and the moments when 50, 90, 99 and 100 % had arrived.

    Args:
        outcomes: One or more; shares are marked for the first.
        shown: Language, names and time zone.
    """
    figure = new_figure(9, 5)
    axes = figure.subplots()
    until_s = max(_busy_until(outcome) for outcome in outcomes)
    for at, outcome in enumerate(outcomes):
        colour, curve = LINE_COLOURS[at % len(LINE_COLOURS)], outcome.arrived
        style = LINE_STYLES[at % len(LINE_STYLES)]
        label = outcome.scenario.name or shown.title(outcome.scenario)
        axes.plot(curve.times_s, curve.values, color=colour, linestyle=style, linewidth=2, label=label)
        if curve.low:
            axes.fill_between(curve.times_s, curve.low, curve.high, color=colour, alpha=0.18, linewidth=0)
    if len(outcomes) == 1:
        _mark_shares(axes, outcomes[0], shown)
    axes.set_ylim(0, max(outcome.people for outcome in outcomes) * 1.06)
    people_axis(axes, shown, shown.say(N_("People")))
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    first = outcomes[0].scenario
    time_axis(axes, shown, first, until_s=until_s * 1.08)
    band = shown.say(N_("Shaded: 5th to 95th percentile of {runs} runs"), runs=first.runs)
    dress(
        axes,
        title=shown.say(N_("People arrived")),
        subtitle=band if outcomes[0].arrived.low else shown.title(first),
    )
    if len(outcomes) > 1:
        axes.legend(frameon=False, fontsize=9, loc="lower right")
    foot(figure, shown, first)
    return figure


def _busy_until(outcome: Outcome) -> float:
    """Returns the second from which on nothing more happens in the chart."""
    curve = outcome.arrived
    values = np.array(curve.low or curve.values)
    times = np.array(curve.times_s)
    if not len(times):
        return 60.0
    if outcome.left >= 1:
        return float(times[-1])
    done = np.flatnonzero(values >= values[-1] - 0.5)
    return float(max(times[done[0]] if len(done) else times[-1], 60.0))


def _mark_shares(axes: Axes, outcome: Outcome, shown: Shown) -> None:
    """Marks the moments on the chart and lists them where the curve leaves room."""
    lines = []
    for share in _TOLD:
        band = outcome.clearance_s.get(share)
        if band is None:
            never = shown.say(N_("never"))
            lines.append(f"{float(share):>5.0%}   {never}")
            continue
        height = float(share) * outcome.people
        axes.plot([band.low, band.high], [height, height], color=INK, linewidth=1, alpha=0.6)
        axes.plot([band.middle], [height], "o", color=LINE_COLOURS[0], markersize=5)
        lines.append(f"{float(share):>5.0%}   {shown.band(band)}")
    axes.text(
        0.98,
        0.06,
        "\n".join((shown.say(N_("Arrived after (min:s)")), *lines)),
        transform=axes.transAxes,
        ha="right",
        va="bottom",
        fontsize=9,
        linespacing=1.5,
        color=INK,
        bbox={"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": GRID},
    )


def queue_chart(outcome: Outcome, shown: Shown) -> Figure:
    """Returns people waiting in front of the busiest links over time.

    Args:
        outcome: The answer.
        shown: Language, names and time zone.
    """
    figure = new_figure(9, 5)
    axes = figure.subplots()
    busiest = sorted(outcome.links.items(), key=lambda item: -item[1].longest_queue.middle)
    busiest = [item for item in busiest if item[1].longest_queue.middle >= 1][:MOST_LINES]
    for at, (link, found) in enumerate(busiest):
        colour = LINE_COLOURS[at % len(LINE_COLOURS)]
        wait = shown.span(found.longest_wait_s.middle)
        label = shown.say(N_("{gate}, longest wait {wait} (min:s)"), gate=shown.name(link), wait=wait)
        axes.plot(
            found.queue.times_s,
            found.queue.values,
            color=colour,
            linestyle=LINE_STYLES[at % len(LINE_STYLES)],
            linewidth=1.8,
            label=label,
        )
        if found.queue.low and at < MOST_BANDS:
            axes.fill_between(
                found.queue.times_s, found.queue.low, found.queue.high, color=colour, alpha=0.1, linewidth=0
            )
    axes.set_ylim(0, None if busiest else MOST_LINES)
    people_axis(axes, shown, shown.say(N_("People waiting")))
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    time_axis(axes, shown, outcome.scenario, until_s=_busy_until(outcome) * 1.02)
    dress(axes, title=shown.say(N_("Queues")), subtitle=shown.title(outcome.scenario))
    if busiest:
        axes.legend(frameon=False, fontsize=8.5, loc="upper right")
    else:
        _say_nothing(axes, shown.say(N_("Nobody waited anywhere.")))
    foot(figure, shown, outcome.scenario)
    return figure


def _say_nothing(axes: Axes, text: str) -> None:
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=QUIET, fontsize=11)


def occupancy_chart(outcome: Outcome, shown: Shown) -> Figure:
    """Returns a strip per place that shows its density over time in the colours of Fruin's levels.

    Args:
        outcome: The answer.
        shown: Language, names and time zone.

    Notes:
        Densities are means over the whole place; a jam in front of a gate is denser and stands in the map.
    """
    used = [
        (place, found.density_per_m2)
        for place, found in outcome.places.items()
        if found.density_per_m2 is not None and max(found.density_per_m2.values, default=0) > 0
    ]
    used.sort(key=lambda item: -max(item[1].values))
    used = used[:MOST_STRIPS]
    figure = new_figure(9, max(2.6, 1.5 + 0.2 * len(used)))
    axes = figure.subplots()
    until_s = _busy_until(outcome)
    if used:
        image = _strips(axes, [curve for _place, curve in used], until_s=until_s)
        _density_bar(figure, axes, image, shown)
    else:
        _say_nothing(axes, shown.say(N_("The area of no place is known.")))
    axes.set_yticks(range(len(used)), [shown.name(place) for place, _curve in used])
    time_axis(axes, shown, outcome.scenario, until_s=until_s)
    dress(axes, title=shown.say(N_("Mean density of each place")), subtitle=shown.title(outcome.scenario))
    axes.tick_params(axis="y", length=0, labelsize=8)
    foot(figure, shown, outcome.scenario)
    return figure


def _strips(axes: Axes, curves: Sequence[Curve], *, until_s: float) -> AxesImage:
    from matplotlib.colors import BoundaryNorm, ListedColormap

    moments = np.linspace(0, until_s, STRIP_COLUMNS)
    steps = density_steps()
    image = axes.imshow(
        np.array([_at(curve, moments) for curve in curves]),
        aspect="auto",
        interpolation="nearest",
        extent=(0, until_s, len(curves) - 0.5, -0.5),
        cmap=ListedColormap(density_colours()),
        norm=BoundaryNorm((0, *steps, 10), len(steps) + 1),
    )
    axes.set_yticks(np.arange(len(curves) + 1) - 0.5, minor=True)
    axes.grid(which="minor", axis="y", color="white", linewidth=1.5)
    axes.tick_params(which="minor", length=0)
    return image


def _density_bar(figure: Figure, axes: Axes, image: AxesImage, shown: Shown) -> None:
    steps = density_steps()
    bar = figure.colorbar(image, ax=axes, ticks=steps, pad=0.02, aspect=30, fraction=0.04)
    bar.ax.set_yticklabels([shown.number(step, 2) for step in steps], fontsize=8)
    bar.set_label(shown.say(N_("People per m², Fruin's levels A to F; darkest above 4")), fontsize=8)
    bar.outline.set_visible(False)


def _at(curve: Curve, moments: np.ndarray) -> np.ndarray:
    return np.asarray(np.interp(moments, curve.times_s, curve.values))


def comparison_chart(comparison: Comparison, shown: Shown) -> Figure:
    """Returns times of scenarios side by side as bars with their bands.

    Args:
        comparison: Outcomes side by side.
        shown: Language and names.
    """
    rows = [
        row
        for row in comparison.rows
        if row.unit == "duration" and any(value is not None and value.high > 0 for value in row.values)
    ]
    scenarios = len(comparison.names)
    figure = new_figure(9, max(3, 1.4 + 0.24 * len(rows) * (scenarios + 0.8)))
    axes = figure.subplots()
    for at, name in enumerate(comparison.names):
        places = [index + (at - (scenarios - 1) / 2) * 0.8 / scenarios for index in range(len(rows))]
        middles = [_minutes(row.values[at]) for row in rows]
        axes.barh(
            places, middles, height=0.72 / scenarios, color=LINE_COLOURS[at % len(LINE_COLOURS)], label=name
        )
        for place, row in zip(places, rows, strict=True):
            _label_bar(axes, place, row.values[at], shown.difference(row.differences[at]), shown)
    axes.set_yticks(range(len(rows)), [row.says.render(shown.language) for row in rows])
    axes.invert_yaxis()
    axes.set_xlabel(shown.say(N_("Minutes; labels in min:s")), fontsize=9, color=INK)
    axes.margins(x=0.22)
    axes.set_xlim(left=0)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    dress(axes, title=shown.say(N_("Scenarios side by side")))
    axes.tick_params(axis="y", length=0)
    figure.legend(frameon=False, fontsize=9, loc="outside lower left", ncols=min(scenarios, 4))
    return figure


def _minutes(band: Band | None) -> float:
    return 0.0 if band is None else band.middle / 60


def _label_bar(axes: Axes, place: float, band: Band | None, difference: str, shown: Shown) -> None:
    if band is None:
        axes.annotate(
            shown.say(N_("never")),
            (0, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
        )
        return
    if band.high > band.low:
        axes.plot([band.low / 60, band.high / 60], [place, place], color=INK, linewidth=1.2)
    text = shown.span(band.middle) + (f"  {difference}" if difference else "")
    axes.annotate(
        text,
        (max(band.high, band.middle) / 60, place),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=INK,
    )
