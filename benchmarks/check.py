# SPDX-License-Identifier: Apache-2.0
"""How long a check takes beside merely reading the folder, and how that grows with the venue."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import Measure, best_of
from benchmarks.stadium import DUTY_COUNT, POST_COUNT, TASK_COUNT, write_stadium
from hamkor.checks.queries import check_plan
from hamkor.folder.queries import read_folder

RATIO_LIMIT = 3.0
GROWTH_LIMIT = 1.5
SIZES = (200, 500, 1000, 2000)
ROUND_COUNT = 7


def run() -> list[Measure]:
    """Returns the ratios: reading and checking to reading alone, and time per opening at both ends."""
    with TemporaryDirectory() as name:
        folders = {size: Path(name) / str(size) for size in SIZES}
        for size, folder in folders.items():
            write_stadium(folder, openings=size)
        plans = {size: read_folder(folder) for size, folder in folders.items()}
        works: list[Callable[[], object]] = [partial(read_folder, folders[SIZES[0]])]
        works += [partial(check_plan, plan) for plan in plans.values()]
        load_s, *check_s = best_of(works, ROUND_COUNT)
    finding_count = len(check_plan(plans[SIZES[0]]).findings)
    per_opening_ms = [taken / size * 1000 for size, taken in zip(SIZES, check_s, strict=True)]
    curve = ", ".join(f"{size}: {each:.2f} ms" for size, each in zip(SIZES, per_opening_ms, strict=True))
    conditions = (
        f"stadium of 34 000 seats, {DUTY_COUNT} duties, {TASK_COUNT} tasks, {POST_COUNT} posts; one process, "
        f"in turn, best of {ROUND_COUNT}"
    )
    return [
        (
            "check: a stadium",
            (load_s + check_s[0]) / load_s,
            RATIO_LIMIT,
            "lower",
            f"time to read, validate and check / time to read and validate; {SIZES[0]} openings, "
            f"{finding_count} findings, {conditions}",
        ),
        (
            "check: growth",
            per_opening_ms[-1] / per_opening_ms[0],
            GROWTH_LIMIT,
            "lower",
            f"time of the check per opening with {SIZES[-1]} / with {SIZES[0]} ({curve}); {conditions}",
        ),
    ]
