# SPDX-License-Identifier: Apache-2.0
"""What rules that ask the queueing network have in common."""

from __future__ import annotations

from hamkor.checks.rules.context import Context, profile_assumption
from hamkor.common.messages import Message
from hamkor.simulation.rules.outcome import Outcome

# What is compared with a time for leaving is the time spent in queues: the guides count it without the walk.
BRISK_M_PER_S = 50.0
NETWORK = "Hamkor queueing network, decision record 0027"
ALL = "0.99"
"""Share of the people whose time is compared: the last few of a fluid model are rounding."""


def network_assumptions(context: Context, outcome: Outcome) -> tuple[Message, ...]:
    """Returns what a finding of the network rests on."""
    return (profile_assumption(context.profile), *outcome.assumptions)
