# SPDX-License-Identifier: Apache-2.0
"""Ways of real people from laboratory experiments, as shipped beside this module."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

import numpy as np

from hamkor.simulation.measures.tracks import Tracks, tracks_of

DATA_DIR = Path(__file__).parent / "data"
CORRIDORS = ("uo-050-180-180", "uo-100-180-180", "uo-180-180-180", "uo-180-180-120", "uo-180-180-070")
BOTTLENECKS = ("030_c_56_h0", "040_c_56_h-")
SINGLE_FILES = ("n34_cam2", "n56_cam1")
# Long enough to take the sway of a step out, short enough to keep a stop.
SPEED_WINDOW_S = 0.5


@cache
def read_corridor(name: str) -> Tracks:
    """Returns a one-way run through the corridor of 1.8 m, from y = 8 to y = -6, in metres.

    Args:
        name: One of `CORRIDORS`.

    Source: project HERMES; Zhang, Klingsch, Schadschneider, Seyfried, J. Stat. Mech. (2011) P06004.
    """
    return _read(f"{name}.txt.gz", frames_per_s=16.0, per_m=100.0)


@cache
def read_bottleneck(name: str) -> Tracks:
    """Returns 75 people in front of an entrance of 0.5 m; they cross y = 0 downwards.

    Args:
        name: One of `BOTTLENECKS`.

    Source: Pedestrian Dynamics Data Archive, doi:10.34735/ped.2018.1.
    """
    return _read(f"{name}.txt.gz", frames_per_s=25.0)


@cache
def read_corner() -> Tracks:
    """Returns people who come from x = 4 between y = -3 and 0 and leave between x = -3 and 0 towards y = 4.

    Source: project HERMES, as shipped with PedPy.
    """
    return _read("corner_traj.txt.gz", frames_per_s=16.0)


@cache
def read_single_file(name: str) -> Tracks:
    """Returns people in a row behind each other on a straight section along x, 2.5 times a second.

    Args:
        name: One of `SINGLE_FILES`.

    Source: Pedestrian Dynamics Data Archive, as shipped with PedPy.
    """
    return _read(f"{name}.csv.gz", frames_per_s=25.0, delimiter=",", skip=1)


def _read(
    file: str, *, frames_per_s: float, per_m: float = 1.0, delimiter: str | None = None, skip: int = 0
) -> Tracks:
    with gzip.open(DATA_DIR / file, "rt", encoding="utf-8") as lines:
        rows = np.loadtxt(lines, delimiter=delimiter, skiprows=skip, usecols=(0, 1, 2, 3))
    return tracks_of(
        rows[:, 0].astype(np.int64),
        rows[:, 1] / frames_per_s,
        rows[:, 2:4] / per_m,
        window_s=SPEED_WINDOW_S,
    )
