# SPDX-License-Identifier: Apache-2.0
"""The constants of measuring: size of cells, width of kernels, what fails a plan."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from hamkor.crowd.rules.tables import Profile

PROFILE = Path(__file__).parent.parent / "profiles" / "measures.yaml"


class Limits(Profile, frozen=True, kw_only=True):
    """Constants of measuring; what each means stands in `profiles/measures.yaml`."""

    cell_m: float
    kernel_m: float
    kernel_reach: float
    frame_s: float
    slow_m_per_s: float
    thresholds_per_m2: tuple[float, float, float, float]
    fail_seconds: float
    stuck_share: float
    hottest: int
    most_people: int
    most_runs: int
    most_micro_runs: int


@cache
def limits() -> Limits:
    """Returns the constants of measuring.

    Raises:
        msgspec.ValidationError: The file does not match the type.

    Source: `profiles/measures.yaml`.
    """
    return msgspec.yaml.decode(PROFILE.read_bytes(), type=Limits)
