# SPDX-License-Identifier: Apache-2.0
"""Draws what a case measured as a small picture that is the same on every run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hamkor.simulation.validation.cases import Plot, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE_IN = (6.0, 3.4)
DOTS_PER_IN = 80
# Distinguishable for people who do not see red and green apart (Okabe, Ito 2008).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")


def write_plot(plot: Plot, path: Path) -> None:
    """Writes a plot as PNG.

    Args:
        plot: What to draw.
        path: File to write; its folder must exist.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_IN, dpi=DOTS_PER_IN, layout="constrained")
    axes = FigureCanvasAgg(figure).figure.add_subplot()
    for number, series in enumerate(plot.series):
        _draw(axes, series, COLOURS[number % len(COLOURS)])
    axes.set_title(plot.title, fontsize=10)
    axes.set_xlabel(plot.x, fontsize=9)
    axes.set_ylabel(plot.y, fontsize=9)
    axes.tick_params(labelsize=8)
    axes.grid(visible=True, linewidth=0.3)
    if plot.is_map:
        axes.set_aspect("equal")
    if any(series.label for series in plot.series):
        axes.legend(fontsize=7, frameon=False)
    figure.savefig(path, metadata={"Software": None}, pil_kwargs=_palette())


def _draw(axes: Axes, series: Series, colour: str) -> None:
    label = series.label or None
    if series.style == "points":
        axes.plot(series.x, series.y, "o", markersize=3.5, color=colour, label=label)
    elif series.style == "bars":
        axes.bar(series.x, series.y, width=0.35, color=colour, label=label)
    elif series.style == "step":
        axes.step(series.x, series.y, where="post", linewidth=1.3, color=colour, label=label)
    else:
        axes.plot(series.x, series.y, linewidth=1.3, color=colour, label=label)


def _palette() -> dict[str, Any]:
    return {"optimize": True}
