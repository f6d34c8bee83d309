# SPDX-License-Identifier: Apache-2.0
"""How answers are told: names, clocks, numbers with their bands, queues in their order."""

from hamkor.simulation.measures.judging import NEVER_CLEARS, duration_text, worst_queues
from hamkor.simulation.rendering.shown import DIRECTIONS, METHODS, Shown

__all__ = ["DIRECTIONS", "METHODS", "NEVER_CLEARS", "Shown", "duration_text", "worst_queues"]
