# SPDX-License-Identifier: Apache-2.0
"""Positions of everybody, small enough for a page: whole decimetres, steps of one byte, deflated."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from hamkor.simulation.micro.result import DensityGrid, Frames, Run
    from hamkor.simulation.rules.floors import Floors

UNIT_M = 0.1
LONGEST_STEP = 127
MOST_BYTES = 24_000_000


def pack_people(floors: Floors, run: Run, *, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """Returns where everybody was, as the page reads it; fewer moments where it would grow too large.

    Args:
        floors: The ground.
        run: The micro-simulation with recorded frames.
        most_bytes: Largest size of what is returned.
    """
    frames = run.frames
    if frames is None:
        raise ValueError("the run recorded no frames")
    every = 1
    while True:
        packed = _pack(frames, every)
        size = sum(len(text) for text in packed.values())
        if size <= most_bytes or every >= len(frames):
            break
        every *= 2
    return {
        **packed,
        "step_s": float(frames.every_s) * every,
        "unit": UNIT_M,
        "levels": [sheet.level for sheet in floors.sheets],
        "grids": [_grid(grid) for grid in run.densities],
    }


def _pack(frames: Frames, every: int) -> dict[str, str]:
    frame_of = np.searchsorted(frames.offsets, np.arange(len(frames.ids)), side="right") - 1
    rows = np.flatnonzero(frame_of % every == 0)
    rows = rows[np.lexsort((frame_of[rows], frames.ids[rows]))]
    moment, person, sheet = frame_of[rows] // every, frames.ids[rows], frames.sheet[rows]
    place = np.rint(
        (frames.xy[rows] + np.asarray(frames.origin, dtype=np.float32)) / np.float32(UNIT_M)
    ).astype(np.int32)
    steps = np.diff(place, axis=0)
    goes_on = (
        (np.diff(person) == 0)
        & (np.diff(moment) == 1)
        & (np.diff(sheet.astype(int)) == 0)
        & (np.abs(steps).max(axis=1, initial=0) <= LONGEST_STEP)
    )
    first = np.concatenate([[0], np.flatnonzero(~goes_on) + 1]) if len(rows) else np.zeros(0, int)
    kept = steps[goes_on].astype(np.int8)
    return {
        "first": _packed(moment[first].astype("<u2")),
        "length": _packed(np.diff(np.append(first, len(rows))).astype("<u2")),
        "sheet": _packed(sheet[first].astype("u1")),
        "x0": _packed(place[first, 0].astype("<i2")),
        "y0": _packed(place[first, 1].astype("<i2")),
        "dx": _packed(kept[:, 0]),
        "dy": _packed(kept[:, 1]),
    }


def _packed(values: np.ndarray) -> str:
    return base64.b64encode(zlib.compress(values.tobytes(), 6)).decode("ascii")


def _grid(grid: DensityGrid) -> dict[str, Any]:
    rows, columns = grid.area_m2.shape
    share = np.clip(np.rint(grid.area_m2 / grid.cell_m**2 * 255), 0, 255)
    return {
        "west": float(grid.origin[0]),
        "south": float(grid.origin[1]),
        "cell": float(grid.cell_m),
        "rows": rows,
        "columns": columns,
        "open": _packed(share.astype("u1")),
    }
