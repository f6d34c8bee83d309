# SPDX-License-Identifier: Apache-2.0
"""What rules may ask of the queueing network: how people come in, leave, or leave at once."""

from __future__ import annotations

from typing import Protocol

from hamkor.simulation.rules.layout import Direction
from hamkor.simulation.rules.outcome import Outcome
from hamkor.simulation.rules.scenario import Routing


class Movements(Protocol):
    """Answers about the plan that is being checked."""

    def find(
        self, direction: Direction, routing: Routing, *, speed_m_per_s: float | None = None
    ) -> Outcome | None:
        """Returns the answer of the network, None when the drawing or the numbers do not carry one."""
