# SPDX-License-Identifier: Apache-2.0
"""The first run on a machine has the same bits as all later ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WALK = """
import hashlib
from hamkor.simulation.micro.placing import place_crowd
from hamkor.simulation.micro.profile import load_motion_profile
from hamkor.simulation.micro.running import run_micro
from hamkor.simulation.rules.floors import Start
from hamkor.simulation.validation.grounds import door
from hamkor.simulation.rules.floors import Floors, Sheet
import shapely
room = shapely.box(0, 0, 30, 20)
floors = Floors(
    sheets=(Sheet(level=0.0, walkable=room),),
    doors=(door("a", ((30.0, 9.0), (30.0, 11.0))), door("b", ((10.0, 20.0), (13.0, 20.0)))),
    starts=(Start(place="room", sheet=0, ground=shapely.box(1, 1, 29, 19), people=500),),
)
profile = load_motion_profile()
run = run_micro(floors, place_crowd(floors, profile=profile, seed=1), profile=profile, horizon_s=20.0)
print(run.agent_steps, hashlib.sha256(run.end_xy.tobytes()).hexdigest())
"""


def walk(folder: Path) -> str:
    """Returns the digest of a run by a process that keeps and finds compiled code in a folder."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder)}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", WALK], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_who_compiles_walks_to_the_same_bits_as_who_loads(tmp_path: Path) -> None:
    first = walk(tmp_path)
    assert list(tmp_path.rglob("*advance*.nbc"))
    assert walk(tmp_path) == first
