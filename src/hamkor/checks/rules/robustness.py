# SPDX-License-Identifier: Apache-2.0
"""Does a finding hold under every admissible profile, or only under some?"""

from __future__ import annotations

from collections.abc import Callable

from hamkor.checks.rules.context import Context
from hamkor.common.figures import Range
from hamkor.crowd.rules.profiles import FlowProfile


def across_profiles(
    context: Context, ratio_at: Callable[[FlowProfile], Range | None]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns the ids of the profiles under which a limit is broken, and of those under which it is kept.

    Args:
        context: The plan with the profile that decides.
        ratio_at: Measured over limit under a profile; None when that profile says nothing.
    """
    fails: list[str] = []
    passes: list[str] = []
    for profile in (context.profile, *context.other_profiles):
        ratio = ratio_at(profile)
        if ratio is not None:
            (fails if ratio.nominal > 1 else passes).append(profile.id)
    return tuple(fails), tuple(passes)
