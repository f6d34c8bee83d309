# SPDX-License-Identifier: Apache-2.0
"""How many stewards and crowd managers an event needs."""

from __future__ import annotations

from hamkor.crowd.rules.inputs import require, whole_up
from hamkor.crowd.rules.sanitation import services


def stewards_needed(persons: float, *, is_high_risk: bool = False, fixed_posts: float = 0) -> int:
    """Returns the stewards needed: 1 per 250, or 1 per 100 at high risk, and fixed posts on top.

    Args:
        persons: Present at once, 0 to 10 000 000.
        is_high_risk: True for rival groups, standing crowds at a stage, a young or drinking audience.
        fixed_posts: Posts that must be held whatever the crowd: gates, exits, barriers.

    Raises:
        InputError: A number that cannot be meant.

    Source: Purple Guide (from memory); 1 per 588 was found at one stadium disaster.
    """
    require(persons=persons, fixed_posts=fixed_posts)
    ratios = services().stewards
    per_steward = ratios.high_risk_persons if is_high_risk else ratios.general_persons
    return whole_up(persons / per_steward) + whole_up(fixed_posts)


def persons_per_steward(persons: float, stewards: float) -> float:
    """Returns how many visitors one steward has; infinite without stewards, zero without visitors.

    Args:
        persons: Number of people, 0 to 10 000 000.
        stewards: Stewards on duty, 0 to 1 000 000.

    Raises:
        InputError: A number that cannot be meant.

    Source: ratio, to be set beside 250 and 100.
    """
    require(persons=persons, stewards=stewards)
    if persons == 0:
        return 0.0
    return persons / stewards if stewards > 0 else float("inf")


def crowd_managers_needed(persons: float) -> int:
    """Returns the trained crowd managers needed: 1 per 250.

    Args:
        persons: Number of people, 0 to 10 000 000.

    Raises:
        InputError: A number that cannot be meant.

    Source: NFPA 101 (from memory).
    """
    require(persons=persons)
    return whole_up(persons / services().stewards.crowd_manager_persons)
