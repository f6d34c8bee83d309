# SPDX-License-Identifier: Apache-2.0
"""Colours that also differ in lightness, so that they can be told apart without seeing hues."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hamkor.simulation.measures.fields import level_limits_per_m2

FRUIN_COLOURS = ("#e3edf3", "#a9cfe0", "#f3e08c", "#f0a43c", "#cf4b27", "#6d0f2c")
"""Of Fruin's levels A to F, ever darker from C on."""
BEYOND_COLOUR = "#1a0410"
"""Above 4 people per m², where a simulation clears nothing."""
DOT_COLOURS = ("#6fa9c4", "#3b86ad", "#b79a00", "#d97d12", "#cf4b27", "#8a0f35", "#1a0410")
"""Of people on a light page, by the density around them; no lighter than a dot can be."""
DARK_COLOURS = ("#3d6577", "#3a8fb5", "#a3953c", "#dd8f2e", "#ff6a45", "#ff5c9c", "#ffffff")
"""On a dark page, ever lighter."""
BEYOND_PER_M2 = 4.0
LINE_COLOURS = ("#0b6aa2", "#d1651a", "#2c8a57", "#a13d8f", "#7a6a00", "#4b4b4b", "#b2182b", "#3f6fd1")
LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (3, 1)), (0, (1, 1)))


def density_steps() -> tuple[float, ...]:
    """Returns the densities at which a darker colour begins, people per m²."""
    return (*level_limits_per_m2("walkway"), BEYOND_PER_M2)


def density_colours() -> tuple[str, ...]:
    """Returns the colours between the steps, lightest first; one more than there are steps."""
    return (*FRUIN_COLOURS, BEYOND_COLOUR)


def colour_index(density_per_m2: NDArray[np.floating]) -> NDArray[np.intp]:
    """Returns the index of the colour of each density, any shape.

    Args:
        density_per_m2: People per m².
    """
    return np.searchsorted(np.array(density_steps()), density_per_m2, side="right")


def rgb_of(colours: Sequence[str]) -> NDArray[np.uint8]:
    """Returns colours written as `#rrggbb` as bytes; shape (colours, 3).

    Args:
        colours: As in style sheets.
    """
    return np.array(
        [[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in colours], dtype=np.uint8
    )
