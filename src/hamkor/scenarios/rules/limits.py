# SPDX-License-Identifier: Apache-2.0
"""How much a server may be asked to simulate, as a named profile: the numbers are ours, not of a norm."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import timedelta
from typing import Final, Literal

import msgspec

Lane = Literal["quick", "heavy"]
"""`quick`: answers within seconds; `heavy`: may take minutes, one at a time on a machine."""
LANES: Final[tuple[Lane, ...]] = ("quick", "heavy")


class RunLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What one installation takes on.

    Args:
        name: Name of the profile.
        most_people: Most people in one question.
        most_runs: Most members of an ensemble.
        most_micro_runs: The same, when every person is simulated.
        quick_runs: An ensemble of the network above this many is `heavy`.
        most_changes: Most connections shut or narrowed in one question.
        most_after_min: Latest moment of a change, minutes from the beginning.
        most_open_of_one: Runs one person may have waiting or at work at an event.
        most_kept: Runs kept for one event; the oldest are removed first.
        beat: How often a run at work says so, and how far it is.
        silence: After this long without a word a run is taken for lost.
        most_attempts: How often a run is begun before it is given up.
        longest: Longest time a quick and a heavy run may take.
        nice: By how much a quick and a heavy run give way to whoever waits in front of a page.
        most_answer_bytes: Largest answer that is kept, compressed.
        most_file_bytes: Largest file that is kept beside it, such as a replay.
    """

    name: str
    most_people: int
    most_runs: int
    most_micro_runs: int
    quick_runs: int
    most_changes: int
    most_after_min: int
    most_open_of_one: int
    most_kept: int
    beat: timedelta
    silence: timedelta
    most_attempts: int
    longest: dict[Lane, timedelta]
    nice: dict[Lane, int]
    most_answer_bytes: int
    most_file_bytes: int


TWO_CORES: Final = RunLimits(
    name="two-cores",
    most_people=200_000,
    most_runs=500,
    most_micro_runs=5,
    quick_runs=100,
    most_changes=40,
    most_after_min=24 * 60,
    most_open_of_one=6,
    most_kept=60,
    beat=timedelta(seconds=1),
    silence=timedelta(seconds=20),
    most_attempts=2,
    longest={"quick": timedelta(minutes=2), "heavy": timedelta(minutes=45)},
    nice={"quick": 0, "heavy": 10},
    most_answer_bytes=16 << 20,
    most_file_bytes=24 << 20,
)
"""A server of two cores that also serves pages: what a worker beside them can do without being felt."""
