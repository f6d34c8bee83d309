# SPDX-License-Identifier: Apache-2.0
"""Making and saving figures without any state of matplotlib's own."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Literal

from hamkor.simulation.measures.judging import NEVER_CLEARS
from hamkor.simulation.rendering.shown import Shown
from hamkor.simulation.rules.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#20262c"
QUIET = "#6b747c"
GRID = "#dfe4e8"
DOTS_PER_INCH = 110
Form = Literal["png", "svg"]


def new_figure(width_in: float, height_in: float) -> Figure:
    """Returns an empty figure drawn without a screen.

    Args:
        width_in: Width in inches.
        height_in: Height in inches.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_in, height_in), dpi=DOTS_PER_INCH, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def picture_of(figure: Figure, form: Form) -> bytes:
    """Returns a figure as a file, the same bytes for the same figure.

    Args:
        figure: The figure.
        form: `png` or `svg`.
    """
    from matplotlib import rc_context

    written = io.BytesIO()
    metadata: dict[str, Any] = {"Date": None} if form == "svg" else {"Software": None}
    with rc_context({"svg.hashsalt": "hamkor"}):
        figure.savefig(written, format=form, metadata=metadata)
    return written.getvalue()


def dress(axes: Axes, *, title: str, subtitle: str = "") -> None:
    """Gives axes their title and takes away the lines nobody reads.

    Args:
        axes: To change.
        title: Heading.
        subtitle: Smaller line below it.
    """
    axes.set_title(title, loc="left", fontsize=12, color=INK, fontweight="bold", pad=22 if subtitle else 8)
    if subtitle:
        axes.annotate(
            subtitle,
            (0, 1),
            xytext=(0, 8),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=9,
            color=QUIET,
        )
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(QUIET)
    axes.tick_params(colors=INK, labelsize=9)


def people_axis(axes: Axes, shown: Shown, says: str) -> None:
    """Makes the upright axis one of whole people.

    Args:
        axes: The axes.
        shown: Language of its numbers.
        says: What is counted.
    """
    from matplotlib.ticker import MaxNLocator

    axes.set_ylabel(says, color=INK, fontsize=9)
    axes.yaxis.set_major_locator(MaxNLocator(nbins="auto", integer=True))
    axes.yaxis.set_major_formatter(lambda value, _at: shown.number(value))


def time_axis(axes: Axes, shown: Shown, scenario: Scenario, *, until_s: float) -> None:
    """Makes the horizontal axis show the clock of the event.

    Args:
        axes: Whose horizontal axis is in seconds.
        shown: Language and time zone.
        scenario: The question with its clock.
        until_s: Last second shown.
    """
    from matplotlib.ticker import FuncFormatter, MultipleLocator

    step_s = next(
        step
        for step in (60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
        if until_s / step <= 9.5 or step == 14400
    )
    axes.xaxis.set_major_locator(MultipleLocator(step_s))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda second, _at: shown.clock(scenario, second)))
    axes.set_xlim(0, max(until_s, 1.0))
    axes.set_xlabel(shown.time_title(scenario), color=INK, fontsize=9)


def foot(figure: Figure, shown: Shown, scenario: Scenario) -> None:
    """Writes below a figure what it rests on, and that it clears nothing.

    Args:
        figure: To change.
        shown: Language.
        scenario: The question.
    """
    text = f"{scenario.profile_id} · seed {scenario.seed} · {NEVER_CLEARS.render(shown.language)}"
    figure.supxlabel(
        _folded(text, round(figure.get_figwidth() * 15)), fontsize=7, color=QUIET, x=0.01, ha="left"
    )


def _folded(text: str, columns: int) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(text, columns))
