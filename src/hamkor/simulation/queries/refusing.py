# SPDX-License-Identifier: Apache-2.0
"""Drawings nothing can be simulated on, told with every fault, its place and how to mend it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.simulation.rules.layout import Fault

Progress = Callable[[float], None]
"""Is told the share of the work done, 0 to 1; may raise to cancel."""
DRAWING_FILE = "venue.geojson"


class DrawingFault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault of the drawing as the command line tells faults of a folder.

    Args:
        code: Stable identifier.
        message: What is wrong and how to mend it.
        place: Feature and coordinates.
        file: File it is in.
        line: None: a drawing has no lines people count.
    """

    code: str
    message: Message
    place: str
    file: str = DRAWING_FILE
    line: int | None = None


class DrawingUnusableError(HamkorError):
    """Nothing can be simulated until the drawing is mended.

    Args:
        faults: What is wrong with it, each with its place and remedy.
    """

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(
            "drawing-unusable",
            N_("Nothing can be simulated on this drawing until these faults ({count}) are mended:"),
            count=len(faults),
        )
        self.faults = tuple(told_fault(fault) for fault in faults)


def told_fault(fault: Fault) -> DrawingFault:
    """Returns a fault of the drawing as it is told: what, where, how to mend it.

    Args:
        fault: The fault.
    """
    at = f" ({fault.at[0]:.5f}, {fault.at[1]:.5f})" if fault.at is not None else ""
    message = Message(N_("{says} {remedy}"), {"says": fault.says, "remedy": fault.remedy})
    return DrawingFault(code=fault.code, message=message, place=f"{fault.feature}{at}")
