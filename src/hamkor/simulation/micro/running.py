# SPDX-License-Identifier: Apache-2.0
"""Runs a micro-simulation from the first step to the last, with progress, changes, frames and checkpoints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hamkor.simulation.micro.crowd import Crowd, Redirect
from hamkor.simulation.micro.profile import MotionProfile
from hamkor.simulation.micro.result import Run
from hamkor.simulation.rules.floors import Floors
from hamkor.simulation.rules.scenario import Change

__all__ = ["Progress", "Redirect", "run_micro"]

Progress = Callable[[float, float, int], None]
"""Is told the share done (0 to 1), the simulated seconds, and the people inside; may raise to cancel."""


def run_micro(  # noqa: PLR0913 - keyword-only, each a thing callers choose
    floors: Floors,
    crowd: Crowd,
    *,
    profile: MotionProfile,
    dt_s: float = 0.05,
    horizon_s: float = 4 * 3600.0,
    changes: Sequence[Change] = (),
    redirects: Sequence[Redirect] = (),
    seed: int = 1,
    threads: int = 2,
    record_every_s: float | None = None,
    checkpoint: Path | None = None,
    checkpoint_every_s: float = 60.0,
    on_progress: Progress | None = None,
    may_be_stuck: bool = False,
) -> Run:
    """Returns how everybody walked until all had left, nobody could move, or the horizon was reached.

    The same input gives the same run to the last bit, on one thread or several, in one piece or resumed.

    Args:
        floors: The ground.
        crowd: Who walks.
        profile: Motion profile.
        dt_s: Time step in seconds; profiles are calibrated at 0.05.
        horizon_s: Longest time simulated, seconds.
        changes: Doors and strips that shut, open or narrow, by id.
        redirects: People who are sent elsewhere at a moment.
        seed: Seed of service times and of the noise in directions.
        threads: Processor cores to use, 1 or more.
        record_every_s: Seconds between recorded frames; None records none.
        checkpoint: File to keep the state in; a run that finds its own goes on from it, and removes it when it is done.
        checkpoint_every_s: Simulated seconds between two checkpoints.
        on_progress: Called about once per simulated second; may raise to cancel.
        may_be_stuck: True returns a run with too many stuck people instead of refusing it.

    Raises:
        GroundError: A fatal fault of the floors, an exit or destination nobody can reach, an unknown door.
        CrowdError: Somebody stands outside the ground.
        CheckpointError: The checkpoint belongs to another run.
        StuckAgentsError: More than the profile's share of all people stood still although their way was free.
    """
    from hamkor.simulation.micro.simulating import Simulation

    given: dict[str, Any] = {
        "profile": profile,
        "dt_s": dt_s,
        "horizon_s": horizon_s,
        "changes": changes,
        "redirects": redirects,
    }
    return Simulation(floors, crowd, seed=seed, **given).run(
        threads=threads,
        record_every_s=record_every_s,
        checkpoint=checkpoint,
        checkpoint_every_s=checkpoint_every_s,
        on_progress=on_progress,
        may_be_stuck=may_be_stuck,
    )
