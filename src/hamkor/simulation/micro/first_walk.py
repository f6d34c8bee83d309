# SPDX-License-Identifier: Apache-2.0
"""The first walk on a machine: two people cross a room, so that everything is compiled. See `compiling`."""

from __future__ import annotations

import numpy as np
import shapely

from hamkor.simulation.micro.crowd import crowd_at
from hamkor.simulation.micro.profile import load_motion_profile
from hamkor.simulation.micro.running import run_micro
from hamkor.simulation.rules.floors import Door, Floors, Sheet


def main() -> None:
    """Compiles everything, and keeps it on the disk."""
    room = shapely.box(0.0, 0.0, 4.0, 4.0)
    way_out = Door(id="exit", sheet=0, line=((4.0, 1.0), (4.0, 3.0)), leads_out=True)
    profile = load_motion_profile()
    crowd = crowd_at([(1.0, 2.0), (2.0, 2.0)], profile=profile)
    crowd.appears_s = np.array([0.0, 1.0], np.float32)
    floors = Floors(sheets=(Sheet(level=0.0, walkable=room),), doors=(way_out,))
    run_micro(floors, crowd, profile=profile, horizon_s=3.0, may_be_stuck=True)


if __name__ == "__main__":
    main()
